"""Two states of the rules are compared: which parts differ, and which examples and stored answers they decide otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.domain.deciding import decide
from bot.domain.determination import Determination, Judged
from bot.domain.rulebook import Example, Ruleset
from bot.errors import BadInput
from bot.ports import Rows

ADDED, REMOVED, EDITED, CLOSED = "added", "removed", "edited", "closed"


@dataclass(frozen=True, slots=True)
class State:
    """The rules at one time: rulesets by id, and the examples beside each."""

    rulesets: Mapping[str, Ruleset]
    examples: Mapping[str, Sequence[Example]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part that differs: "rule …", "clause …", "fact …", or "ruleset" as a whole."""

    ruleset: str
    part: str
    how: str
    """added, removed or edited; of a rule that was given nothing but its last day: closed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules of one state say; `refused` is why they cannot decide it at all."""

    verdict: str = ""
    missing: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    refused: str = ""

    def __str__(self) -> str:
        lacks = f", missing {', '.join(self.missing)}" if self.missing else ""
        return self.refused or f"{self.verdict}{lacks} (rests on {', '.join(self.clauses) or 'nothing'})"


@dataclass(frozen=True, slots=True)
class CaseChange:
    """An example, or one product of a stored answer, that is decided otherwise."""

    ruleset: str
    id: str
    name: str
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class RulesDiff:
    """Everything that differs; `examples_seen` and `answers_seen` count what was looked at."""

    parts: tuple[PartChange, ...]
    examples: tuple[CaseChange, ...]
    answers: tuple[CaseChange, ...]
    examples_seen: int
    answers_seen: int


def compare_rules(before: State, after: State, rows: Rows | None = None) -> RulesDiff:
    """Compare two states; with `rows` also over every stored determination, each on its own day, by all that is recorded."""
    cases = list(_examples(before, after))
    stored = [Determination.from_row(row) for row in rows.every("determinations")] if rows else []
    answers = (_answer(one, product, before, after) for one in stored for product in one.products)
    return RulesDiff(
        parts=tuple(_parts(before.rulesets, after.rulesets)),
        examples=tuple(_changed(cases)), answers=tuple(_changed(answers)),
        examples_seen=len(cases), answers_seen=len(stored))


def _changed(cases: Iterable[CaseChange]) -> Iterator[CaseChange]:
    return (case for case in cases if case.before != case.after)


def _parts(before: Mapping[str, Ruleset], after: Mapping[str, Ruleset]) -> Iterator[PartChange]:
    for name in dict.fromkeys([*before, *after]):
        if name not in before or name not in after:
            yield PartChange(name, "ruleset", ADDED if name in after else REMOVED)
            continue
        was, now = before[name].part_digests(), after[name].part_digests()
        how = {part: _how(part, was, now) for part in {**was, **now} if was.get(part) != now.get(part)}
        found = [PartChange(name, part, said) for part, said in {**how, **_closed(before[name], after[name])}.items()]
        yield from found
        if not found and before[name].digest != after[name].digest:
            yield PartChange(name, "ruleset", EDITED)


def _closed(before: Ruleset, after: Ruleset) -> dict[str, str]:
    were = {rule.id: rule for rule in before.rules}
    return {f"rule {rule.id}": CLOSED for rule in after.rules
            if rule.id in were and rule != were[rule.id] and rule == replace(were[rule.id], until=rule.until, closed=rule.closed)}


def _how(part: str, was: Mapping[str, str], now: Mapping[str, str]) -> str:
    if part not in was:
        return ADDED
    return EDITED if part in now else REMOVED


def _examples(before: State, after: State) -> Iterator[CaseChange]:
    """Every example of either state; where both have it, its facts as they are written now."""
    for name in dict.fromkeys([*before.rulesets, *after.rulesets]):
        cases = {case.id: case for case in (*before.examples.get(name, ()), *after.examples.get(name, ()))}
        for case in cases.values():
            outcomes = [_outcome(state.rulesets.get(name), case.facts, case.as_of) for state in (before, after)]
            yield CaseChange(name, case.id, "", *outcomes)


def _answer(stored: Determination, product: Judged, before: State, after: State) -> CaseChange:
    outcomes = []
    for state in (before, after):
        ruleset = state.rulesets.get(stored.ruleset.id)
        facts = ruleset.only_registered(product.facts) if ruleset else {}
        outcomes.append(_outcome(ruleset, facts, stored.asked.as_of))
    return CaseChange(stored.ruleset.id, stored.id, product.name, *outcomes)


def _outcome(ruleset: Ruleset | None, facts: Mapping[str, str], as_of: date) -> Outcome:
    if ruleset is None:
        return Outcome(refused="there is no such ruleset")
    try:
        decision = decide(ruleset, facts, as_of)
    except BadInput as error:
        return Outcome(refused=f"cannot be decided: {error}")
    return Outcome(str(decision.verdict), decision.missing, decision.clauses)

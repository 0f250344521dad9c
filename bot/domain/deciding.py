"""From facts to a verdict: what a ruleset says on a day, why, what is missing, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from itertools import combinations, product
from math import prod
from typing import Any, NamedTuple

from bot.domain.checklist import OpenQuestion
from bot.domain.facts import Truth, Verdict
from bot.domain.rulebook import Rule, Ruleset
from bot.domain.ruling import OPPOSITE, UNKNOWN, Evaluator, Explained, compiled, joined
from bot.domain.terms import did_you_mean
from bot.errors import BadInput

_VERDICTS = {Truth.YES: Verdict.IN_SCOPE, Truth.NO: Verdict.OUT_OF_SCOPE, Truth.UNKNOWN: Verdict.NEEDS_REVIEW}
_WORST_FIRST = (Verdict.IN_SCOPE, Verdict.NEEDS_REVIEW, Verdict.OUT_OF_SCOPE)
_KEPT = 4096
"""Decisions kept per ruleset and day: facts have few values, so the same few dozen come again and again."""
Facts = tuple[tuple[str, str], ...]
Wanted = tuple[tuple[str, tuple[str, ...]], ...]
"""Facts with the values that fit."""
_TRIED = 20_000
"""At most so many completions are tried when looking for what would change a verdict."""


class Decision(NamedTuple):
    """What a ruleset says of one product; the same facts on the same day always give the same. Cheap, as bulk makes many."""

    verdict: Verdict
    facts: tuple[tuple[str, str], ...]
    """Every fact of the ruleset with its value or "unknown", in ask-back order."""
    missing: tuple[str, ...]
    """The facts that keep it from being decided, in ask-back order."""
    clauses: tuple[str, ...]
    """Ids of the clauses the verdict rests on."""
    rules: tuple[str, ...]
    """Ids of the rules in force; empty when none was on that day."""
    open_questions: tuple[str, ...]
    """Ids of the questions nobody answers that touch it, whatever the destination."""
    tree: Explained
    as_of: date

    @property
    def nothing_in_force(self) -> bool:
        """True when no rule was in force on that day; the verdict is then needs_review."""
        return not self.rules

    def to_row(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "verdict": str(self.verdict),
            "facts": dict(self.facts),
            "missing": list(self.missing),
            "clauses": list(self.clauses),
            "rules": list(self.rules),
            "open_questions": list(self.open_questions),
            "tree": self.tree.to_row(),
            "as_of": self.as_of.isoformat(),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Decision:
        """The decision a row was made from."""
        lists = {key: tuple(row[key]) for key in ("missing", "clauses", "rules", "open_questions")}
        return cls(
            verdict=Verdict(row["verdict"]),
            facts=tuple(row["facts"].items()),
            tree=Explained.from_row(row["tree"]),
            as_of=date.fromisoformat(row["as_of"]),
            **lists,
        )


_decision = partial(tuple.__new__, Decision)


@dataclass(frozen=True, slots=True)
class Change:
    """If every fact named takes one of its values, the verdict becomes this one."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    verdict: Verdict


def decide(ruleset: Ruleset, facts: Mapping[str, str], as_of: date, known_at: date | None = None) -> Decision:
    """Decide on the rules in force on `as_of`, by what had been recorded on `known_at` (default: all that is recorded).

    An absent fact is unknown. Raises BadInput for a fact or value the ruleset does not register.
    """
    return judge(ruleset, as_of, known_at)(facts)


@lru_cache(maxsize=2048)
def judge(ruleset: Ruleset, as_of: date, known_at: date | None = None) -> Judge:
    """The ruleset of one day made ready for many decisions."""
    return Judge(ruleset, as_of, known_at)


class Judge:
    """A ruleset compiled for one day; call it with facts."""

    def __init__(self, ruleset: Ruleset, as_of: date, known_at: date | None) -> None:
        self._ruleset, self._as_of = ruleset, as_of
        self._rules = ruleset.in_force(as_of, known_at)
        self._root = joined("ruleset", [_compiled_rule(rule) for rule in self._rules], name=ruleset.id)
        self._names = frozenset(fact.name for fact in ruleset.facts)
        self._rule_ids = tuple(rule.id for rule in self._rules)
        self._stated = [(fact.name, {value: (fact.name, value) for value in (*fact.allowed, UNKNOWN)}) for fact in ruleset.facts]
        self._open = {verdict: _touching(ruleset, verdict) for verdict in Verdict}
        self._cited = lru_cache(_KEPT)(partial(_each_once, frozenset(one.id for one in ruleset.clauses if one.in_force(as_of))))
        self._missing = lru_cache(_KEPT)(partial(_in_order, tuple(fact.name for fact in ruleset.facts)))
        self._kept: dict[Facts, Decision] = {}

    def __call__(self, facts: Mapping[str, str]) -> Decision:
        """Decide; raises BadInput for a fact or value the ruleset does not register."""
        key = tuple(facts.items())  # names and values: what is kept was checked, so no check is needed again
        return self._kept.get(key) or self._keep(key, self.fresh(facts))

    def fresh(self, facts: Mapping[str, str]) -> Decision:
        """Decide without looking at what was decided before."""
        stated = tuple([values.get(facts.get(name, UNKNOWN)) for name, values in self._stated])
        if None in stated or not facts.keys() <= self._names:
            check_facts(self._ruleset, facts)
        tree = self._root(facts) if self._rules else Explained("ruleset", Truth.UNKNOWN, name=self._ruleset.id)
        verdict = _VERDICTS[tree.truth]
        return _decision((
            verdict,
            stated,
            self._missing(tree.unknown),
            self._clauses(tree),
            self._rule_ids,
            tuple([q for q, wanted in self._open[verdict] if not wanted or _fits(wanted, facts)]),
            tree,
            self._as_of,
        ))

    def _keep(self, key: Facts, decision: Decision) -> Decision:
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        return self._kept.setdefault(key, decision)

    def _clauses(self, tree: Explained) -> tuple[str, ...]:
        used: list[str] = []
        for rule in tree.parts:
            if rule.truth is tree.truth:
                _note_used(rule, used)
        return self._cited(tuple(used))


def check_facts(ruleset: Ruleset, facts: Mapping[str, str]) -> None:
    """Raise BadInput for a fact or a value the ruleset does not register; "unknown" is always allowed."""
    allowed = {fact.name: fact.allowed for fact in ruleset.facts}
    for name, value in facts.items():
        if name not in allowed:
            write = did_you_mean(name, allowed)
            raise BadInput(f'{ruleset.id} has no fact "{name}"; {write}').named(
                "no_fact", ruleset=ruleset.id, name=name, instead=write)
        if value != UNKNOWN and value not in allowed[name]:
            write = did_you_mean(value, allowed[name])
            raise BadInput(f'"{value}" is not a value of {name}; {write}').named(
                "no_value", value=value, fact=name, instead=write)


def what_would_change(
    ruleset: Ruleset, facts: Mapping[str, str], as_of: date, known_at: date | None = None
) -> tuple[Change, ...]:
    """The smallest sets of facts that, with other values, decide it otherwise; fewest facts first, in ask-back order."""
    ask = judge(ruleset, as_of, known_at)
    now = ask(facts).verdict
    found: list[Change] = []
    for size in range(1, len(ruleset.facts) + 1):
        for names in combinations([fact.name for fact in ruleset.facts], size):
            found += _flips(ruleset, ask, facts, names, {change.verdict for change in found if _within(change, names)} | {now})
    return tuple(found)


def questions_for(ruleset: Ruleset, decision: Decision, destinations: Iterable[str] = ()) -> tuple[OpenQuestion, ...]:
    """The open questions that touch a decision, those about its destinations included."""
    facts, going_to = dict(decision.facts), tuple(destinations)
    return tuple(q for q in ruleset.open_questions if q.touches(decision.verdict, facts, going_to))


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The one that counts for hold and release: in scope, then needs review, then out; nothing said is needs review."""
    seen = set(verdicts)
    return next((verdict for verdict in _WORST_FIRST if verdict in seen), Verdict.NEEDS_REVIEW)


def _each_once(citable: frozenset[str], used: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(clause for clause in dict.fromkeys(used) if clause in citable)


def _in_order(names: tuple[str, ...], unknown: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in unknown)


def _fits(wanted: Wanted, facts: Mapping[str, str]) -> bool:
    for fact, values in wanted:  # noqa: SIM110 - a generator for each question takes twice as long
        if facts.get(fact, UNKNOWN) not in values:
            return False
    return True


def _touching(ruleset: Ruleset, verdict: Verdict) -> list[tuple[str, Wanted]]:
    """The open questions a verdict can touch whatever the destination, with the facts each wants; bulk asks them often."""
    possible = [q for q in ruleset.open_questions if not q.destinations and (not q.verdicts or verdict in q.verdicts)]
    return [(question.id, tuple(question.facts.items())) for question in possible]


def _compiled_rule(rule: Rule) -> Evaluator:
    return joined("rule", [compiled(rule.when)], rule.clauses, rule.id)


def _note_used(node: Explained, used: list[str]) -> None:
    """What a node cites, then what the parts cite that decided it, in the order written."""
    used += node.clauses
    wanted = OPPOSITE[node.truth] if node.kind == "not" else node.truth
    for part in node.parts:
        if part.truth is wanted:
            if part.parts:
                _note_used(part, used)
            else:
                used += part.clauses


def _within(change: Change, names: tuple[str, ...]) -> bool:
    return {name for name, _ in change.facts} <= set(names)


def _flips(
    ruleset: Ruleset, ask: Judge, facts: Mapping[str, str], names: tuple[str, ...], known: set[Verdict]
) -> list[Change]:
    """The changes of exactly these facts that lead to a decided verdict no smaller set leads to."""
    choices = [[v for v in ruleset.fact(name).allowed if v != facts.get(name, UNKNOWN)] for name in names]
    if prod(map(len, choices)) > _TRIED:
        return []
    reached: dict[Verdict, list[tuple[str, ...]]] = {}
    for values in product(*choices):
        reached.setdefault(ask({**facts, **dict(zip(names, values, strict=True))}).verdict, []).append(values)
    wanted = [v for v in (Verdict.IN_SCOPE, Verdict.OUT_OF_SCOPE) if v in reached and v not in known]
    return [change for verdict in wanted for change in _grouped(names, reached[verdict], verdict)]


def _grouped(names: tuple[str, ...], rows: list[tuple[str, ...]], verdict: Verdict) -> list[Change]:
    """One change where every mix of the values leads there, else one for each mix."""
    columns = [tuple(dict.fromkeys(column)) for column in zip(*rows, strict=True)]
    if prod(map(len, columns)) == len(rows):
        return [Change(tuple(zip(names, columns, strict=True)), verdict)]
    return [Change(tuple((name, (value,)) for name, value in zip(names, row, strict=True)), verdict) for row in rows]

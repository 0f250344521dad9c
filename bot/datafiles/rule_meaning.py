"""What a well-shaped ruleset file may still get wrong: names nobody registered, dates that cannot be, a fact used twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Protocol

from bot.datafiles import rule_shapes as shape
from bot.datafiles.strict_yaml import KEY, Document, Step
from bot.domain.rulebook import Fact
from bot.domain.ruling import UNKNOWN
from bot.domain.terms import did_you_mean
from bot.errors import Finding

Node = shape.IsShape | shape.InShape | shape.NotShape | shape.AllShape | shape.AnyShape
Where = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a rule may name: the facts, what its file asks, the clauses beside it."""

    file: shape.RulesetFile
    allowed: Mapping[str, tuple[str, ...]]
    """Registered fact to its values."""
    clauses: shape.ClausesFile


class Span(Protocol):
    """Something in force from one day to another."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def since(self) -> date:
        """First day."""

    @property
    def until(self) -> date | None:
        """Last day, None while open."""


def of_facts(document: Document, file: shape.FactsFile) -> Iterator[Finding]:
    """Mistakes in the fact registry."""
    yield from twice(document, ("facts",), [fact.name for fact in file.facts], "name")
    for index, fact in enumerate(file.facts):
        values = [entry.value for entry in fact.values]
        yield from twice(document, ("facts", index, "values"), values, "value")
        if UNKNOWN in values:
            where = ("facts", index, "values", values.index(UNKNOWN))
            found = document.finding(where, '"unknown" is always possible', "take it off the list of values")
            yield found.named("unknown_always")


def of_rules(
    document: Document, file: shape.RulesetFile, registry: dict[str, Fact], clauses: shape.ClausesFile, folder: str
) -> Iterator[Finding]:
    """Mistakes in ruleset.yaml."""
    if file.id != folder:
        found = document.finding(("id",), f'the id is "{file.id}" but the folder is "{folder}"', "give both the same name")
        yield found.named("id_not_folder", id=file.id, folder=folder)
    yield from _asked(document, file, registry)
    yield from twice(document, ("rules",), [rule.id for rule in file.rules])
    yield from twice(document, ("caveats",), [caveat.id for caveat in file.caveats])
    yield from spans(document, "rules", file.rules)
    known = Known(file, {name: fact.allowed for name, fact in registry.items()}, clauses)
    for index, rule in enumerate(file.rules):
        yield from _of_rule(document, ("rules", index), rule, known)


def of_clauses(document: Document, file: shape.ClausesFile) -> Iterator[Finding]:
    """Mistakes in clauses.yaml."""
    yield from twice(document, ("clauses",), [clause.id for clause in file.clauses])
    yield from spans(document, "clauses", file.clauses)
    for index, clause in enumerate(file.clauses):
        yield from _of_verification(document, ("clauses", index, "verification"), clause.verification)


def of_questions(
    document: Document, file: shape.OpenQuestionsFile, registry: dict[str, Fact]
) -> Iterator[Finding]:
    """Mistakes in open-questions.yaml."""
    yield from twice(document, ("open_questions",), [question.id for question in file.open_questions])
    allowed = {name: (*fact.allowed, UNKNOWN) for name, fact in registry.items()}
    for index, question in enumerate(file.open_questions):
        for name, values in question.facts.items():
            yield from of_values(document, ("open_questions", index, "facts", name), name, values, allowed)


def twice(document: Document, where: Where, names: Sequence[str], key: str = "id") -> Iterator[Finding]:
    """A finding at each second use of a name in a list."""
    for index, name in enumerate(names):
        if name in names[:index]:
            found = document.finding((*where, index, key), f'"{name}" is used twice', "give each its own name")
            yield found.named("used_twice", name=name)


def spans(document: Document, key: str, things: Sequence[Span]) -> Iterator[Finding]:
    """A finding for everything that ends before it begins."""
    for index, thing in enumerate(things):
        if thing.until is not None and thing.until < thing.since:
            what = f'"{thing.id}" ends on {thing.until}, before it begins on {thing.since}'
            yield document.finding((key, index, "until"), what, "write the last day it counts").named(
                "ends_first", name=thing.id, until=str(thing.until), since=str(thing.since))


def leaves(node: Node, where: Where) -> Iterator[tuple[Where, shape.IsShape | shape.InShape]]:
    """The parts of a condition that look at a fact, with their places."""
    if isinstance(node, shape.IsShape | shape.InShape):
        yield where, node
    for inner, place in _below(node, where):
        yield from leaves(inner, place)


def _below(node: Node, where: Where) -> Iterator[tuple[Node, Where]]:
    if isinstance(node, shape.NotShape):
        yield node.not_, (*where, "not")
    elif isinstance(node, shape.AllShape):
        yield from ((part, (*where, "all", index)) for index, part in enumerate(node.all_))
    elif isinstance(node, shape.AnyShape):
        yield from ((part, (*where, "any", index)) for index, part in enumerate(node.any_))


def _asked(document: Document, file: shape.RulesetFile, registry: dict[str, Fact]) -> Iterator[Finding]:
    yield from (
        _unknown_fact(document, ("ask", index), name, registry)
        for index, name in enumerate(file.ask)
        if name not in registry
    )
    for index, name in enumerate(file.ask):
        if name in file.ask[:index]:
            found = document.finding(("ask", index), f'"{name}" is asked twice', "ask each fact once")
            yield found.named("asked_twice", name=name)


def _of_rule(document: Document, where: Where, rule: shape.RuleShape, known: Known) -> Iterator[Finding]:
    found = list(leaves(rule.when, (*where, "when")))
    yield from chain.from_iterable(_of_leaf(document, place, leaf, known) for place, leaf in found)
    for name, count in Counter(leaf.fact for _, leaf in found).items():
        if count > 1:
            what = f'rule "{rule.id}" looks at "{name}" {count} times'
            yield document.finding((*where, "when"), what, "use each fact once, or split the rule in two").named(
                "looks_again", rule=rule.id, fact=name, count=count)
    yield from _cited(document, where, rule, known.clauses)
    yield from _followed(document, where, rule, known.file)


def _of_leaf(
    document: Document, where: Where, leaf: shape.IsShape | shape.InShape, known: Known
) -> Iterator[Finding]:
    lists = {"is": [leaf.is_]} if isinstance(leaf, shape.IsShape) else {"in": leaf.in_, "not_in": leaf.not_in}
    if leaf.fact not in known.allowed:
        yield _unknown_fact(document, (*where, "fact"), leaf.fact, known.allowed)
        return
    if leaf.fact not in known.file.ask:
        found = document.finding((*where, "fact"), f'"{leaf.fact}" is never asked', "add it to ask:")
        yield found.named("never_asked", fact=leaf.fact)
    for key, values in lists.items():
        yield from of_values(document, (*where, key), leaf.fact, values, known.allowed)
    for value in set(lists.get("in", [])) & set(lists.get("not_in", [])):
        found = document.finding((*where, "not_in"), f'"{value}" is both in and not_in', "keep it in one list")
        yield found.named("in_both", value=value)


def of_values(
    document: Document, where: Where, name: str, values: Sequence[str], allowed: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """A finding for a fact or a value of it that is not registered."""
    if name not in allowed:
        yield _unknown_fact(document, (*where, KEY), name, allowed)
        return
    for index, value in enumerate(values):
        if value not in allowed[name]:
            what = f'"{value}" is not a value of {name}'
            found = document.finding((*where, index), what, did_you_mean(value, allowed[name]))
            yield found.named("no_value", value=value, fact=name)


def _unknown_fact(document: Document, where: Where, name: str, known: Iterable[str]) -> Finding:
    return document.finding(where, f'unknown fact "{name}"', did_you_mean(name, known)).named("unknown_fact", name=name)


def _cited(document: Document, where: Where, rule: shape.RuleShape, file: shape.ClausesFile) -> Iterator[Finding]:
    known = {clause.id: clause for clause in file.clauses}
    for place, name in _citations(rule, where):
        if name not in known:
            found = document.finding(place, f'unknown clause "{name}"', did_you_mean(name, known))
            yield found.named("unknown_clause", name=name)
        elif known[name].since > rule.since:
            what = f'clause "{name}" begins on {known[name].since}, after the rule that cites it ({rule.since})'
            yield document.finding(place, what, "let the rule begin later or cite another clause").named(
                "clause_later", clause=name, begins=str(known[name].since), since=str(rule.since))
    if not any(True for _ in _citations(rule, where)):
        found = document.finding(where, f'rule "{rule.id}" cites no clause', "add clauses: with at least one id")
        yield found.named("cites_none", rule=rule.id)


def _citations(rule: shape.RuleShape, where: Where) -> Iterator[tuple[Where, str]]:
    yield from (((*where, "clauses", index), name) for index, name in enumerate(rule.clauses))
    pending: list[tuple[Node, Where]] = [(rule.when, (*where, "when"))]
    while pending:
        node, place = pending.pop(0)
        yield from (((*place, "clauses", index), name) for index, name in enumerate(node.clauses))
        pending += _below(node, place)


def _followed(
    document: Document, where: Where, rule: shape.RuleShape, file: shape.RulesetFile
) -> Iterator[Finding]:
    rules = {other.id: other for other in file.rules}
    if rule.closed is not None and rule.until is None:
        found = document.finding((*where, "closed"), f'rule "{rule.id}" is closed but has no until', "add until:")
        yield found.named("closed_open", rule=rule.id)
    if rule.until is not None and rule.closed is None:
        what = f'rule "{rule.id}" has an end but nobody wrote down when it was set'
        found = document.finding((*where, "until"), what, "add closed: with the day you write this")
        yield found.named("end_undated", rule=rule.id)
    if not rule.follows:
        return
    before = rules.get(rule.follows)
    if before is None:
        what = f'rule "{rule.id}" follows "{rule.follows}", which is not here'
        found = document.finding((*where, "follows"), what, did_you_mean(rule.follows, rules))
        yield found.named("follows_none", rule=rule.id, before=rule.follows)
    elif before.until is None or before.until >= rule.since:
        what = f'rule "{rule.id}" follows "{before.id}", which is still in force on {rule.since}'
        found = document.finding((*where, "follows"), what, f'close "{before.id}" with until: the day before')
        yield found.named("follows_open", rule=rule.id, before=before.id, since=str(rule.since))


def _of_verification(document: Document, where: Where, check: shape.VerificationShape) -> Iterator[Finding]:
    if check.status == "verified" and (not check.by or check.when is None):
        what = "a verification without a name and a day is none"
        yield document.finding(where, what, "add by: and when:, or set status: unverified").named("unsigned")
    if check.until is not None and check.when is not None and check.until < check.when:
        found = document.finding((*where, "until"), "the verification ends before it was made", "write a later day")
        yield found.named("verified_late")

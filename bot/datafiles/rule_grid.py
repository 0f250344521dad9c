"""Looks at a ruleset over the full grid of fact values: overlaps, gaps, rules and facts that decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise, product
from math import prod

from bot.datafiles.rulesets import RulesetFiles
from bot.domain.facts import Truth
from bot.domain.rulebook import Fact, Rule, Ruleset
from bot.domain.ruling import UNKNOWN, All, Any, Condition, In, Is, Not, compiled, facts_of, joined
from bot.errors import WARNING, Finding

LARGEST_GRID = 50_000
Cell = dict[str, str]


def grid_findings(files: RulesetFiles) -> Iterator[Finding]:
    """Everything the grid shows. A grid beyond 50,000 cells is said to be too large rather than looked at by half."""
    yield from _unmentioned(files)
    yield from _days_without_rule(files)
    if prod(len(fact.allowed) + 1 for fact in files.ruleset.facts) > LARGEST_GRID:
        what = "there are too many fact values to check them all"
        yield files.rules.finding(("ask",), what, "split the ruleset", WARNING).named("grid_too_large")
        return
    yield from _dead_rules(files)
    yield from _idle_facts(files)
    for day in _turning_days(files.ruleset):
        yield from _overlaps(files, day)
        yield from _inexact(files, day)


def cells(facts: tuple[Fact, ...], partial: bool = False) -> Iterator[Cell]:
    """Every combination of values; with `partial`, each fact may also be unknown."""
    columns = [(*fact.allowed, UNKNOWN) if partial else fact.allowed for fact in facts]
    return (dict(zip([fact.name for fact in facts], values, strict=True)) for values in product(*columns))


def _unmentioned(files: RulesetFiles) -> Iterator[Finding]:
    """A value in neither list keeps every question about it open."""
    for index, rule in enumerate(files.ruleset.rules):
        for leaf in _lists(rule.when):
            known = {*leaf.values, *leaf.others}
            absent = [value for value in files.ruleset.fact(leaf.fact).allowed if value not in known]
            if absent:
                what = f'rule "{rule.id}" says nothing of {leaf.fact}: {", ".join(absent)}'
                yield files.rules.finding(("rules", index, "when"), what, "add it to in: or to not_in:").named(
                    "values_unsaid", rule=rule.id, fact=leaf.fact, values=tuple(absent))


def _lists(condition: Condition) -> Iterator[In]:
    if isinstance(condition, In):
        yield condition
    elif isinstance(condition, Not):
        yield from _lists(condition.part)
    elif isinstance(condition, All | Any):
        for part in condition.parts:
            yield from _lists(part)
    else:
        assert isinstance(condition, Is)


def _turning_days(ruleset: Ruleset) -> list[date]:
    """The days on which the set of rules in force changes."""
    ends = [rule.until + timedelta(days=1) for rule in ruleset.rules if rule.until]
    return sorted({*(rule.since for rule in ruleset.rules), *ends})


def _days_without_rule(files: RulesetFiles) -> Iterator[Finding]:
    days = _turning_days(files.ruleset)
    for day, following in pairwise(days):
        if not files.ruleset.in_force(day):
            before = [i for i, rule in enumerate(files.ruleset.rules) if rule.until == day - timedelta(days=1)]
            last = following - timedelta(days=1)
            what = f"no rule is in force from {day} to {last}"
            found = files.rules.finding(("rules", before[0], "until"), what, "let the next rule begin the day after")
            yield found.named("days_without_rule", since=str(day), until=str(last))
    if not files.ruleset.in_force(days[-1]):
        yield _nothing_after(files, days[-1])


def _nothing_after(files: RulesetFiles, day: date) -> Finding:
    """A regime may end, but more often its next rule was forgotten: every answer about that day would stay open."""
    index = next(i for i, rule in enumerate(files.ruleset.rules) if rule.until == day - timedelta(days=1))
    what, write = f"no rule is in force from {day} on", "let the next rule begin that day, unless the regime ends"
    return files.rules.finding(("rules", index, "until"), what, write, WARNING).named("nothing_after", since=str(day))


def _dead_rules(files: RulesetFiles) -> Iterator[Finding]:
    for index, rule in enumerate(files.ruleset.rules):
        evaluate = compiled(rule.when)
        truths = {evaluate(cell).truth for cell in cells(files.ruleset.facts)}
        where, write = ("rules", index, "when"), "mend its condition"
        if Truth.YES not in truths:
            yield files.rules.finding(where, f'rule "{rule.id}" can never be a yes', write).named("never_yes", rule=rule.id)
        if Truth.NO not in truths:
            yield files.rules.finding(where, f'rule "{rule.id}" can never be a no', write).named("never_no", rule=rule.id)


def _idle_facts(files: RulesetFiles) -> Iterator[Finding]:
    used = {name for rule in files.ruleset.rules for name in facts_of(rule.when)}
    for index, fact in enumerate(files.ruleset.facts):
        if fact.name not in used:
            found = files.rules.finding(("ask", index), f'"{fact.name}" is asked but no rule looks at it', "take it off ask:")
            yield found.named("fact_idle", fact=fact.name)


def _overlaps(files: RulesetFiles, day: date) -> Iterator[Finding]:
    for first, second in combinations(files.ruleset.in_force(day), 2):
        both = _shared_cell(files.ruleset, first, second)
        if both:
            shown = ", ".join(f"{name}={value}" for name, value in both.items())
            what = f'rules "{first.id}" and "{second.id}" are both a yes on {day} for {shown}'
            where = ("rules", files.ruleset.rules.index(second), "when")
            yield files.rules.finding(where, what, "close one of them or narrow it").named(
                "rules_overlap", first=first.id, second=second.id, day=str(day), facts=shown)


def _shared_cell(ruleset: Ruleset, first: Rule, second: Rule) -> Cell | None:
    one, other = compiled(first.when), compiled(second.when)
    yes = Truth.YES
    return next((c for c in cells(ruleset.facts) if one(c).truth is yes and other(c).truth is yes), None)


def _inexact(files: RulesetFiles, day: date) -> Iterator[Finding]:
    """A fact would be asked for although no value of it could matter."""
    rules = files.ruleset.in_force(day)
    truth = _truth_of(rules)
    for cell in cells(files.ruleset.facts, partial=True):
        if truth(cell) is Truth.UNKNOWN and len({truth(full) for full in completions(cell, files.ruleset.facts)}) == 1:
            shown = ", ".join(f"{name}={value}" for name, value in cell.items())
            what = f"on {day} the answer for {shown} stays open although it is decided whatever is missing"
            where = ("rules", files.ruleset.rules.index(rules[-1]), "when")
            yield files.rules.finding(where, what, "look at the fact once, in one rule", WARNING).named(
                "stays_open", day=str(day), facts=shown)
            return


def _truth_of(rules: tuple[Rule, ...]) -> Callable[[Cell], Truth]:
    evaluate = joined("ruleset", [compiled(rule.when) for rule in rules])
    return lambda cell: evaluate(cell).truth


def completions(cell: Cell, facts: tuple[Fact, ...]) -> Iterator[Cell]:
    """Every way to fill in what is unknown."""
    columns = [fact.allowed if cell[fact.name] == UNKNOWN else (cell[fact.name],) for fact in facts]
    return (dict(zip(cell, values, strict=True)) for values in product(*columns))

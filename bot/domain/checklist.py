"""What one filing needs done: tasks with owners and offsets, all of them planning values, and the questions nobody answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.facts import Category
from bot.domain.wording import SILENT, Wording

SUBMISSION, COMPLETION, RELEASE = "N11", "N12", "N13"
"""The report submitted to the authority, the filing procedure completed, and the release of the shipment."""
ROLES = ("SALES", "PM", "PROD", "RD", "SEC", "LEGAL", "REG", "OPS", "DELIV", "SHIP", "HEAD")


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something no source says; shown where it touches an answer, never answered by the desk."""

    id: str
    text: Wording
    verdicts: tuple[str, ...] = ()
    """The verdicts it touches; empty for all."""
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fact name to the values ("unknown" included) it touches; all named facts must fit."""
    destinations: tuple[str, ...] = ()
    """ISO alpha-2; when given, it touches only goods going there."""

    def touches(self, verdict: str, facts: Mapping[str, str], destinations: Iterable[str] = ()) -> bool:
        """Whether an answer with this verdict, these facts and destinations rests on the question."""
        if self.verdicts and verdict not in self.verdicts:
            return False
        if self.destinations and not set(self.destinations) & set(destinations):
            return False
        return all(facts.get(name, "unknown") in values for name, values in self.facts.items())


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One task of a filing. `days_before` counts calendar days before `relative_to`, negative after it; always ASSUMED."""

    id: str
    text: Wording
    owners: tuple[str, ...]
    """Owner roles, the first one is accountable."""
    after: tuple[str, ...] = ()
    """Ids that must be done before; ids that do not apply to the family are ignored."""
    days_before: int | None = None
    """Latest finish; None for tasks that start by an event or run for ever."""
    relative_to: str = "etd"
    """"etd" or "submission" (the day N11 is due)."""
    basis: str = "unknown"
    """named_by_article, by_analogy or unknown."""
    evidence: Wording = SILENT
    families: tuple[str, ...] = ()
    """Category values it applies to; empty for all."""
    destinations: tuple[str, ...] = ()
    """ISO alpha-2 it applies to; empty for all."""
    evidence_required: bool = False
    """True where no release is given before its evidence is in place."""
    modelled_on: Wording = SILENT
    """The regime a by-analogy task is borrowed from."""
    also_days_before: tuple[int, ...] = ()
    """Further dates of the same task (a second meeting), relative to the same anchor."""
    recurring_days: int = 0
    """Repeat every so many days after the first date; 0 for once."""
    event: str = ""
    """What starts a task without a date: "change" (product, firmware, destination), "list" (list or wording)."""
    within_working_days: int = 0
    """For tasks started by an event: finish within so many working days."""
    sign_off: str = ""
    """The role whose sign-off closes it; "SECOND" for any second person, "" for none."""
    hold: bool = False
    """True where the task is a hold, set when the filing opens and released by sign-off."""
    open_questions: tuple[str, ...] = ()
    """Open questions that touch the task."""
    assumed: bool = True
    """The date is a planning value made up for this project."""

    def applies_to(self, category: str, destinations: Collection[str] = ()) -> bool:
        """Whether the task belongs to a filing for these goods; an undecided family or destination gets every task."""
        family = not self.families or category == Category.UNKNOWN or category in self.families
        return family and (not self.destinations or not destinations or bool(set(self.destinations) & set(destinations)))


@dataclass(frozen=True, slots=True)
class Band:
    """One ASSUMED pace of the authority. Working days (PRC) for review and questions; calendar days for the plan."""

    name: str
    """optimistic, default or pessimistic."""
    review_working_days: int
    question_working_days: int
    submission_days_before: int
    """Latest submission (N11), in calendar days before the ETD."""


@dataclass(frozen=True, slots=True, eq=False)
class Checklist:
    """The tasks of a regime; `minimum` are the ids the article itself names. Compared by identity: plans are kept by it."""

    ruleset: str
    version: str
    items: tuple[ChecklistItem, ...]
    bands: Mapping[str, Band]
    minimum: tuple[str, ...] = ()
    note: Wording = SILENT
    """What must be said wherever its dates are shown."""

    def item(self, item_id: str) -> ChecklistItem:
        """The task with this id; KeyError when there is none."""
        return {item.id: item for item in self.items}[item_id]

    def waits(self) -> Mapping[str, tuple[str, ...]]:
        """What each task waits for, by ids."""
        return {item.id: item.after for item in self.items}

    def for_goods(self, category: str, destinations: Collection[str] = ()) -> tuple[ChecklistItem, ...]:
        """The tasks that apply to this family going there, in the order written."""
        return tuple(item for item in self.items if item.applies_to(category, destinations))

    def before_release(self) -> tuple[ChecklistItem, ...]:
        """All that has to be done before a shipment may be released: what N13 waits for, and N12, to the very first task."""
        known = {item.id: item for item in self.items}
        waits, found = [*(known[RELEASE].after if RELEASE in known else ()), COMPLETION], set[str]()
        while waits:
            name = waits.pop()
            if name in known and name not in found:
                found.add(name)
                waits += known[name].after
        return tuple(item for item in self.items if item.id in found)

"""Due dates planned backwards from the ship date; every duration is ASSUMED, so a plan always shows its band."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from graphlib import TopologicalSorter

from bot.domain.checklist import COMPLETION, SUBMISSION, Band, Checklist, ChecklistItem
from bot.domain.reminding import WorkingDays, earlier_working_day, working_days_from

BANDS = ("optimistic", "default", "pessimistic")
SLACK_DAYS = 1
SEARCH_DAYS = 400


@dataclass(frozen=True, slots=True)
class Kind:
    """What is filed, as far as it decides about tasks: the product family and where it goes (ISO alpha-2)."""

    category: str
    destinations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A checklist item with its latest finish, a working day; None for tasks that wait for an event."""

    item: ChecklistItem
    due: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of one filing for one ETD, planned at one assumed pace of the authority."""

    etd: date
    band: str
    submissions: tuple[date, ...]
    """Latest submission by BANDS; the tasks hang on the one of `band`."""
    tasks: tuple[PlannedTask, ...]
    days_short: int
    """Calendar days the ETD would have to move for what is open to fit; 0 when it fits."""
    earliest: tuple[date, ...]
    """Earliest ETD that fits from today, by BANDS."""

    @property
    def submission(self) -> date:
        """The latest submission at the plan's own pace."""
        return self.submissions[BANDS.index(self.band)]

    @property
    def path(self) -> tuple[str, ...]:
        """The critical path: ids from the first task to the last one before the ETD."""
        after = {task.item.id: task.item.after for task in self.tasks}
        return critical_path(after, {task.item.id: task.due for task in self.tasks if task.due}, self.etd)


def plan_filing(checklist: Checklist, kind: Kind, etd: date, today: date, calendar: WorkingDays, *,
                band: str = "default", done: Collection[str] = (), submitted: date | None = None) -> Plan:
    """Plan every task that applies to the goods; dates are calendar dates in the filing's zone.

    What is `done` (item ids) takes no more time: only what is open decides whether the ETD fits, and, from the
    day it was `submitted` until it is completed, the authority's review by the band.
    """
    items = checklist.for_goods(kind.category, kind.destinations)
    submissions = tuple(submission_for(checklist, name, etd, calendar) for name in BANDS)
    dues = due_dates(items, etd, submissions[BANDS.index(band)], today, calendar)
    review = submitted if SUBMISSION in done and COMPLETION not in done else None
    earliest = earliest_etds(checklist, kind, today, calendar, frozenset(done), review)
    return Plan(etd, band, submissions, tuple(PlannedTask(item, dues[item.id]) for item in items),
                max(0, (earliest[BANDS.index(band)] - etd).days), earliest)


def due_dates(items: Sequence[ChecklistItem], etd: date, submission: date, today: date,
              calendar: WorkingDays) -> dict[str, date | None]:
    """The latest finish of each task by id; none is due after a task that waits for it."""
    dues = {item.id: due_of(item, etd, submission, today, calendar) for item in items}
    limits: dict[str, date] = {}
    for item in reversed(in_order(items)):
        due = dues[item.id]
        latest = min(due, limits.get(item.id, due)) if due else limits.get(item.id)
        dues[item.id] = latest if due else None
        for name in item.after if latest else ():
            limits[name] = min(latest or date.max, limits.get(name, date.max))
    return dues


def in_order(items: Sequence[ChecklistItem]) -> list[ChecklistItem]:
    """What others wait for first; names of tasks that do not apply are ignored."""
    known = {item.id: item for item in items}
    graph = {item.id: [name for name in item.after if name in known] for item in items}
    return [known[name] for name in TopologicalSorter(graph).static_order()]


def critical_path(after: Mapping[str, Sequence[str]], dues: Mapping[str, date], etd: date) -> tuple[str, ...]:
    """From the task due last before the ETD back along what each waits for longest: a delay there delays the shipment."""
    depth: dict[str, int] = {}
    graph = {name: [one for one in waits if one in dues] for name, waits in after.items() if name in dues}
    for name in TopologicalSorter(graph).static_order():
        depth[name] = 1 + max((depth[one] for one in graph[name]), default=0)
    at = max((name for name in graph if dues[name] <= etd), key=lambda name: (dues[name], depth[name]), default="")
    path: list[str] = []
    while at:
        path.append(at)
        at = max(graph[at], key=lambda name: (dues[name], depth[name]), default="")
    return tuple(reversed(path))


@lru_cache(maxsize=64)
def earliest_etds(checklist: Checklist, kind: Kind, today: date, calendar: WorkingDays,
                  done: frozenset[str] = frozenset(), submitted: date | None = None) -> tuple[date, ...]:
    """The earliest ETD for which what is open can still be done from today on, by BANDS (ASSUMED).

    `submitted` is the day since which the authority has it, None while it has not.

    Every answer asks, so the few of a day are kept.
    """
    items = [item for item in checklist.for_goods(kind.category, kind.destinations) if item.id not in done]
    return tuple(earliest_etd(checklist, items, band, today, calendar, submitted) for band in BANDS)


def submission_for(checklist: Checklist, band_name: str, etd: date, calendar: WorkingDays) -> date:
    """The latest submission for an ETD at this pace: the profile's days, or earlier where public holidays come on top."""
    band = checklist.bands[band_name]
    completed = etd - timedelta(days=checklist.item(COMPLETION).days_before or 0)
    by_work = working_days_from(completed, -(band.review_working_days + band.question_working_days), calendar)
    by_profile = etd - timedelta(days=band.submission_days_before)
    return earlier_working_day(min(by_work - timedelta(days=SLACK_DAYS), by_profile), calendar)


def due_of(item: ChecklistItem, etd: date, submission: date, today: date, calendar: WorkingDays) -> date | None:
    """The latest finish of one item, moved to the working day before where it falls on a free day."""
    if item.days_before is None:
        return earlier_working_day(today + timedelta(days=item.recurring_days), calendar) if item.recurring_days else None
    anchor = submission if item.relative_to == "submission" else etd
    return earlier_working_day(anchor - timedelta(days=item.days_before), calendar)


def due_by_event(item: ChecklistItem, day: date, calendar: WorkingDays) -> date:
    """When a task is due that an event of this day starts."""
    return working_days_from(day, item.within_working_days, calendar)


def next_time(item: ChecklistItem, due: date, etd: date, today: date, calendar: WorkingDays) -> date | None:
    """When a task that was due comes again: its next round, or the next of its further dates before the ETD; None for never."""
    if item.recurring_days:
        return next_round(item, due, today, calendar)
    further = (earlier_working_day(etd - timedelta(days=days), calendar) for days in item.also_days_before)
    return min((day for day in further if day > due and day >= today), default=None)


def next_round(item: ChecklistItem, due: date, today: date, calendar: WorkingDays) -> date:
    """When a recurring task is due again after today, in the step of its rounds."""
    rounds = max(0, (today - due).days) // item.recurring_days + 1
    return earlier_working_day(due + timedelta(days=rounds * item.recurring_days), calendar)


def earliest_etd(checklist: Checklist, items: Iterable[ChecklistItem], band_name: str, today: date,
                 calendar: WorkingDays, submitted: date | None = None) -> date:
    """The first ETD from today on for which nothing would have been due before today, nor submitted later than planned."""
    dated = _tightest(items)
    band = checklist.bands[band_name]
    day = max(today + timedelta(days=_shortest_lead(band, dated)),
              (submitted or date.min) + timedelta(days=band.submission_days_before))
    for _ in range(SEARCH_DAYS):
        submission = submission_for(checklist, band_name, day, calendar)
        dues = [due_of(item, day, submission, today, calendar) for item in dated]
        if min((due for due in dues if due), default=today) >= today and submission >= (submitted or submission):
            return day
        day += timedelta(days=1)
    return day


def _tightest(items: Iterable[ChecklistItem]) -> list[ChecklistItem]:
    """Of the items tied to the same date the one due first: while it fits, the others do."""
    first: dict[str, ChecklistItem] = {}
    for item in items:
        known, days = first.get(item.relative_to), item.days_before
        if days is not None and days >= 0 and (known is None or days > (known.days_before or 0)):  # what follows the ETD fits
            first[item.relative_to] = item
    return list(first.values())


def _shortest_lead(band: Band, dated: list[ChecklistItem]) -> int:
    """Days from the first due date to the ETD when no holiday comes on top; the search starts there."""
    leads = [(item.days_before or 0) + (band.submission_days_before if item.relative_to == "submission" else 0)
             for item in dated]
    return max(0, *leads, 0)

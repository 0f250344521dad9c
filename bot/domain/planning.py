"""Due dates planned backwards from the ship date; every duration is ASSUMED, so a plan always shows its band."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bot.domain.checklist import Band, Checklist, ChecklistItem
from bot.domain.reminding import WorkingDays, earlier_working_day, working_days_from

COMPLETION = "N12"
"""The task whose due date the authority's step must reach: the filing procedure completed."""
BANDS = ("optimistic", "default", "pessimistic")
SLACK_DAYS = 1
SEARCH_DAYS = 400


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A checklist item with its latest finish, a working day; None for tasks that wait for an event."""

    item: ChecklistItem
    due: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks of one filing for one ETD, planned at the default pace of the authority (ASSUMED)."""

    etd: date
    submission: date
    tasks: tuple[PlannedTask, ...]
    days_short: int
    """Calendar days the ETD would have to move for the plan to fit; 0 when it fits."""
    earliest: tuple[date, ...]
    """Earliest ETD that fits from today, by BANDS."""

    @property
    def first_due(self) -> date:
        """The earliest due date."""
        return min(task.due for task in self.tasks if task.due)


def plan_filing(checklist: Checklist, category: str, etd: date, today: date, calendar: WorkingDays) -> Plan:
    """Plan every task that applies to the family; dates are calendar dates in the filing's zone."""
    items = checklist.for_family(category)
    submission = submission_for(checklist, "default", etd, calendar)
    tasks = tuple(PlannedTask(item, due_of(item, etd, submission, today, calendar)) for item in items)
    earliest = earliest_etds(checklist, category, today, calendar)
    return Plan(etd, submission, tasks, max(0, (earliest[1] - etd).days), earliest)


@lru_cache(maxsize=64)
def earliest_etds(checklist: Checklist, category: str, today: date, calendar: WorkingDays) -> tuple[date, ...]:
    """The earliest ETD of a filing begun today, by BANDS (ASSUMED); every answer asks, so the few of a day are kept."""
    items = checklist.for_family(category)
    return tuple(earliest_etd(checklist, items, band, today, calendar) for band in BANDS)


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


def earliest_etd(checklist: Checklist, items: Iterable[ChecklistItem], band_name: str, today: date,
                 calendar: WorkingDays) -> date:
    """The first ETD from today on for which nothing would have been due before today."""
    dated = _tightest(items)
    day = today + timedelta(days=_shortest_lead(checklist.bands[band_name], dated))
    for _ in range(SEARCH_DAYS):
        submission = submission_for(checklist, band_name, day, calendar)
        dues = [due_of(item, day, submission, today, calendar) for item in dated]
        if min(due for due in dues if due) >= today:
            return day
        day += timedelta(days=1)
    return day


def _tightest(items: Iterable[ChecklistItem]) -> list[ChecklistItem]:
    """Of the items tied to the same date the one due first: while it fits, the others do."""
    first: dict[str, ChecklistItem] = {}
    for item in items:
        known = first.get(item.relative_to)
        if item.days_before is not None and (known is None or item.days_before > (known.days_before or 0)):
            first[item.relative_to] = item
    return list(first.values())


def _shortest_lead(band: Band, dated: list[ChecklistItem]) -> int:
    """Days from the first due date to the ETD when no holiday comes on top; the search starts there."""
    leads = [(item.days_before or 0) + (band.submission_days_before if item.relative_to == "submission" else 0)
             for item in dated]
    return max(0, *leads)

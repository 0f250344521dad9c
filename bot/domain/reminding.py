"""When a reminder is due: offsets from a date, moved to a working day and a decent hour of the reader's own zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class WorkingDays(Protocol):
    """Which days are worked."""

    def is_working_day(self, day: date) -> bool:
        """True for working days, make-up days included."""


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """One line of a plan: `offset` days from the anchor (negative: before), to "owner" or a role; `kind` is unique in its plan."""

    kind: str
    offset: int
    unit: str = "days"
    """"days" (calendar) or "working_days"."""
    to: str = "owner"


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """The steps for shipments and for filing tasks, and the hour at which people are written to (their local time)."""

    shipment: tuple[ReminderStep, ...]
    task: tuple[ReminderStep, ...]
    at: time = time(9, 0)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder row; `due_at` (UTC) is None unless it waits to be sent. `anchor` is the date it is tied to."""

    id: str
    subject: str
    kind: str
    task: str
    anchor: date
    offset: int
    owner: str
    zone: str
    state: str
    """pending, sent, done, skipped, replanned or handed."""
    due_at: datetime | None = None
    planned_for: datetime | None = None
    sent_at: datetime | None = None
    message: str = ""
    why: str = ""
    snoozed: int = 0


def earlier_working_day(day: date, calendar: WorkingDays) -> date:
    """The day itself or the nearest working day before it (the safe direction); at most 30 days back."""
    for back in range(31):
        if calendar.is_working_day(day - timedelta(days=back)):
            return day - timedelta(days=back)
    return day


def working_days_from(day: date, count: int, calendar: WorkingDays) -> date:
    """The day `count` working days after (or before, when negative); the day itself for 0."""
    step, left = timedelta(days=1 if count > 0 else -1), abs(count)
    while left:
        day += step
        left -= calendar.is_working_day(day)
    return day


def moment(day: date, at: time, zone: str) -> datetime:
    """That day and local time in a zone, as UTC."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def due_moment(step: ReminderStep, anchor: date, at: time, zone: str, calendar: WorkingDays) -> datetime:
    """When a step falls due: offset from the anchor, moved earlier off holidays, at the hour of the reader's zone (UTC)."""
    if step.unit == "working_days":
        day = working_days_from(anchor, step.offset, calendar)
    else:
        day = anchor + timedelta(days=step.offset)
    return moment(earlier_working_day(day, calendar), at, zone)


def next_morning(now: datetime, at: time, zone: str, calendar: WorkingDays) -> datetime:
    """The next working day's hour after now, in UTC; the same day when its hour is still ahead."""
    day = now.astimezone(ZoneInfo(zone)).date()
    for ahead in range(32):
        moment_there = moment(day + timedelta(days=ahead), at, zone)
        if moment_there > now and calendar.is_working_day(day + timedelta(days=ahead)):
            return moment_there
    return moment(day + timedelta(days=1), at, zone)


def at_decent_hour(instant: datetime, at: time, zone: str, calendar: WorkingDays, until: time = time(18, 0)) -> datetime:
    """The instant itself within working hours of the zone, else the next working morning (UTC)."""
    local = instant.astimezone(ZoneInfo(zone))
    if calendar.is_working_day(local.date()) and at <= local.time() < until:
        return instant
    return next_morning(instant, at, zone, calendar)


def owners_of(reminders: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    """Reminders by the person they go to, each list in the order given."""
    by_owner: dict[str, list[Reminder]] = {}
    for reminder in reminders:
        by_owner.setdefault(reminder.owner, []).append(reminder)
    return by_owner

"""When a reminder is due: offsets from a date, moved to a working day and a decent hour of the reader's own zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class WorkingDays(Protocol):
    """Which days are worked."""

    def is_working_day(self, day: date) -> bool:
        """True for working days, make-up days included."""

    def __hash__(self) -> int:
        """What was planned by it is kept under it."""


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """One line of a plan: `offset` days from the anchor (negative: before), to "owner" or a role; `kind` is unique in it."""

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
class Reader:
    """Who a reminder goes to: chat id, IANA zone, the hour to write at and the working days there."""

    id: str
    zone: str
    at: time
    calendar: WorkingDays


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
    """pending, sent, done, skipped or replanned."""
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


def later_working_day(day: date, calendar: WorkingDays) -> date:
    """The day itself or the nearest working day after it; at most 30 days on."""
    for ahead in range(31):
        if calendar.is_working_day(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
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
    """When a step falls due: offset from the anchor, at the hour of the reader's zone (UTC).

    Off a free day it moves in the safe direction: a warning comes earlier, a reproach (offset after the anchor) later.
    """
    if step.unit == "working_days":
        day = working_days_from(anchor, step.offset, calendar)
    else:
        day = anchor + timedelta(days=step.offset)
    return moment((later_working_day if step.offset > 0 else earlier_working_day)(day, calendar), at, zone)


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


def wanted(subject: str, task: str, anchor: date, step: ReminderStep, reader: Reader, now: datetime) -> Reminder:
    """The reminder a step asks for; one whose moment lies behind us is kept as skipped, so that nobody wonders."""
    due = due_moment(step, anchor, reader.at, reader.zone, reader.calendar)
    behind = due <= now
    return Reminder(
        id=":".join([subject, task or "-", step.kind, anchor.isoformat()]), subject=subject, kind=step.kind, task=task,
        anchor=anchor, offset=step.offset, owner=reader.id, zone=reader.zone, planned_for=due,
        state="skipped" if behind else "pending", due_at=None if behind else due, why="behind" if behind else "")


def one_a_day(wishes: Iterable[Reminder]) -> list[Reminder]:
    """Of reminders about the same thing, to the same person at the same moment, only the one nearest to its date is sent."""
    kept: dict[tuple[str, str, str, datetime | None], Reminder] = {}
    doubled = []
    for wish in sorted(wishes, key=lambda wish: abs(wish.offset)):
        place = (wish.subject, wish.task, wish.owner, wish.planned_for)
        if wish.state == "pending" and place in kept:
            doubled.append(replace(wish, state="skipped", due_at=None, why="same day"))
        else:
            kept.setdefault(place, wish)
            doubled += [] if kept[place] is wish else [wish]
    return [*kept.values(), *doubled]


def newest_each(due: Iterable[Reminder]) -> tuple[list[Reminder], list[Reminder]]:
    """Of what falls due together, the newest about each thing, and the others, which it has overtaken."""
    newest: dict[tuple[str, str], Reminder] = {}
    overtaken = []
    for reminder in sorted(due, key=lambda one: (one.planned_for or _EVER, one.offset)):
        place = (reminder.subject, reminder.task)
        overtaken += [newest[place]] if place in newest else []
        newest[place] = reminder
    return list(newest.values()), overtaken


_EVER = datetime.min.replace(tzinfo=UTC)


def replanned(existing: Iterable[Reminder], wished: Iterable[Reminder], why: str) -> list[Reminder]:
    """The rows to write so that what waits is what is wished: what was sent stays, what no longer fits is closed with `why`.

    A reminder handed to somebody else or snoozed waits under the date it is tied to, so it stays as long as that date does.
    """
    known = {reminder.id: reminder for reminder in existing}
    wishes = {reminder.id: reminder for reminder in wished}
    places = {_place(wish) for wish in wishes.values()}
    closed = [replace(old, state="replanned", due_at=None, why=why) for old in known.values()
              if old.state == "pending" and _place(old) not in places]
    fresh = [wish for wish in wishes.values() if wish.id not in known or _may_come_again(known[wish.id])]
    return closed + fresh


def _place(reminder: Reminder) -> tuple[str, str, str, date]:
    return reminder.subject, reminder.task, reminder.kind, reminder.anchor


def _may_come_again(old: Reminder) -> bool:
    """Planned once and closed without ever being sent."""
    return old.state in ("replanned", "skipped") and old.sent_at is None


def closed_for(existing: Iterable[Reminder], why: str) -> list[Reminder]:
    """The waiting ones, closed without being sent."""
    return [replace(old, state="skipped", due_at=None, why=why) for old in existing if old.state == "pending"]

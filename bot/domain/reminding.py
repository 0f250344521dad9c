"""When a reminder is due: offsets from a date, moved to a working day and a decent hour of the reader's own zone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
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
    """One line of a plan: `offset` days from the anchor (negative: before); `kind` is unique in it."""

    kind: str
    offset: int
    unit: str = "days"
    """"days" (calendar) or "working_days"."""
    to: str = "owner"
    """"owner", a role, "#channel", or the chat id of whoever asked for it."""
    only_if: str = ""
    """"incomplete": sent only while the filing procedure is not complete; "" for always."""


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """The steps by what they hang on, and the hours people are written to in (their local time)."""

    shipment: tuple[ReminderStep, ...]
    """By the ETD of a shipment."""
    task: tuple[ReminderStep, ...]
    """By the due date of a filing's task."""
    filing: tuple[ReminderStep, ...] = ()
    """By the ETD of a filing."""
    submission: tuple[ReminderStep, ...] = ()
    """By the day a filing is to be submitted."""
    list_effective: tuple[ReminderStep, ...] = ()
    """By the day a market list takes effect."""
    verification: tuple[ReminderStep, ...] = ()
    """By the day a rule is to be compared with the official sources again."""
    verify_every: int = 45
    """Calendar days from one comparison to the next."""
    watch: tuple[ReminderStep, ...] = ()
    """Every week: look for news of the list, the wording, its interpretation."""
    watch_on: int = 0
    """The weekday of the watch, 0 for Monday."""
    at: time = time(9, 0)
    until: time = time(18, 0)
    lang: str = ""
    """"en", "zh" or "" for the reader's own."""
    late_after: timedelta = timedelta(minutes=5)
    """What goes out so much after its time says that it is late."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a reminder goes to: chat id, IANA zone, the hours to write in and the working days there."""

    id: str
    zone: str
    at: time
    calendar: WorkingDays
    until: time = time(18, 0)


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
    day: date | None = None
    """The date it was meant for, before it moved off a free day or to the date it is then where the reader is."""
    to: str = "owner"
    only_if: str = ""
    words: str = ""
    """What somebody asked to be reminded of, in their own words."""
    sent_to: str = ""
    """Who got it: the owner, or whoever stood in."""
    answered_by: str = ""
    answered_at: datetime | None = None
    anchor_zone: str = ""
    """The IANA zone that `anchor` and `day` are dates of; "" for the reader's own."""
    passed_by: str = ""
    """Chat id of whoever handed it over, or asked that it be said."""
    passed_to: str = ""
    """Chat id of who has it now, where its message went to somebody else before."""
    due_on: str = field(init=False, default="")
    """The UTC day it was planned for ("2026-12-11"), by which the ledger is looked up."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "due_on", self.planned_for.date().isoformat() if self.planned_for else "")

    @property
    def about(self) -> tuple[str, str, str]:
        """What it is one of a series about: subject, task, and what it hangs on ("etd", "due", "weekly", …)."""
        return self.subject, self.task, re.split(r"[+-]\d", self.kind, maxsplit=1)[0]

    def late(self, after: timedelta) -> bool:
        """Whether it went out more than so much after its time."""
        return bool(self.sent_at and self.planned_for and self.sent_at - self.planned_for > after)


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


def working_days_since(day: date, until: date, calendar: WorkingDays) -> int:
    """How many working days have passed after a day, `until` included; 0 where it lies ahead."""
    return sum(calendar.is_working_day(day + timedelta(days=ahead)) for ahead in range(1, (until - day).days + 1))


def moment(day: date, at: time, zone: str) -> datetime:
    """That day and local time in a zone, as UTC."""
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def due_day(step: ReminderStep, anchor: date, calendar: WorkingDays) -> date:
    """The date a step means, free or not: its offset from the anchor in calendar or working days."""
    if step.unit == "working_days":
        return working_days_from(anchor, step.offset, calendar)
    return anchor + timedelta(days=step.offset)


def due_moment(step: ReminderStep, anchor: date, at: time, zone: str, calendar: WorkingDays, anchor_zone: str = "") -> datetime:
    """When a step falls due: offset from the anchor, at the hour of the reader's zone (UTC).

    Off a free day it moves in the safe direction: a warning comes earlier, a reproach (offset after the anchor) later.
    A warning comes before its date is over in `anchor_zone`, where the anchor is a date ("" for the reader's own).
    """
    return _on_a_worked_day(due_day(step, anchor, calendar), step.offset, at, zone, calendar, anchor_zone)


def _on_a_worked_day(day: date, offset: int, at: time, zone: str, calendar: WorkingDays, anchor_zone: str) -> datetime:
    if offset > 0:
        return moment(later_working_day(day, calendar), at, zone)
    return moment(earlier_working_day(date_there(day, at, zone, anchor_zone), calendar), at, zone)


def date_there(day: date, at: time, zone: str, anchor_zone: str) -> date:
    """The reader's last date on which, at this hour of theirs, `day` is not over yet in `anchor_zone` (at most two before)."""
    known = (day - timedelta(days=back) for back in range(3))
    return next((one for one in known if date_in(moment(one, at, zone), anchor_zone or zone) <= day), day)


def date_in(instant: datetime, zone: str) -> date:
    """The calendar date of an instant in a zone."""
    return instant.astimezone(ZoneInfo(zone)).date()


def over_first(day: date, zones: Iterable[str]) -> str:
    """Of these zones (at least one) the one in which this date is over first."""
    return min(zones, key=lambda zone: moment(day + timedelta(days=1), time(0), zone))


def for_reader(reminder: Reminder, reader: Reader, now: datetime) -> Reminder:
    """A waiting reminder for somebody whose zone, hours or calendar have changed, or for somebody else: the same date there.

    Where that lies behind already it is due now, not lost.
    """
    day = reminder.day or date_in(reminder.planned_for or now, reminder.zone)
    due = _on_a_worked_day(day, reminder.offset, reader.at, reader.zone, reader.calendar, reminder.anchor_zone)
    return replace(reminder, owner=reader.id, zone=reader.zone, planned_for=due, due_at=max(due, now), day=day)


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


def wanted(subject: str, task: str, anchor: date, step: ReminderStep, reader: Reader, now: datetime, words: str = "",
           anchor_zone: str = "") -> Reminder:
    """The reminder a step asks for; one whose moment lies behind us is kept as skipped, so that nobody wonders.

    The anchor is a date in `anchor_zone`, "" for the reader's own.
    """
    due = due_moment(step, anchor, reader.at, reader.zone, reader.calendar, anchor_zone)
    behind = due <= now
    return Reminder(
        id=":".join([subject, task or "-", step.kind, anchor.isoformat()]), subject=subject, kind=step.kind, task=task,
        anchor=anchor, offset=step.offset, owner=reader.id, zone=reader.zone, planned_for=due,
        state="skipped" if behind else "pending", due_at=None if behind else due, why="behind" if behind else "",
        day=due_day(step, anchor, reader.calendar), to=step.to, only_if=step.only_if, words=words, anchor_zone=anchor_zone)


def one_a_day(wishes: Iterable[Reminder]) -> list[Reminder]:
    """Of reminders about the same thing, to the same person at the same moment, only the one nearest to its date is sent."""
    kept: dict[tuple[object, ...], Reminder] = {}
    doubled = []
    for wish in sorted(wishes, key=lambda wish: abs(wish.offset)):
        place = (wish.about, wish.owner, wish.planned_for)
        if wish.state == "pending" and place in kept:
            doubled.append(replace(wish, state="skipped", due_at=None, why="same day"))
        else:
            kept.setdefault(place, wish)
            doubled += [] if kept[place] is wish else [wish]
    return [*kept.values(), *doubled]


PASSED = "past when planned"
"""Why nobody is reminded of a date that lay behind us already when it was planned."""


def none_of_the_past(wishes: Iterable[Reminder], existing: Iterable[Reminder], today: date) -> list[Reminder]:
    """Of a date that was planned into the past, which nobody could keep, nobody is reminded; one that was missed reminds on."""
    existing = list(existing)
    kept = {_date_of(old) for old in existing} - {_date_of(old) for old in existing if old.why == PASSED}
    return [wish if wish.anchor >= today or _date_of(wish) in kept else replace(wish, state="skipped", due_at=None, why=PASSED)
            for wish in wishes]


def after_all(passed: Iterable[Reminder], reader: Reader, by: str, now: datetime) -> list[Reminder]:
    """Of each such date the last reminder, on this reader's next morning, because somebody (`by`) asks for it."""
    last = {wish.about: wish for wish in sorted(passed, key=lambda wish: wish.offset)}
    morning = next_morning(now, reader.at, reader.zone, reader.calendar)
    return [replace(_on(wish, morning), owner=reader.id, zone=reader.zone, passed_by=by) for wish in last.values()]


def _date_of(reminder: Reminder) -> tuple[object, ...]:
    return reminder.about, reminder.anchor


def none_forgotten(wishes: Iterable[Reminder], existing: Iterable[Reminder],
                   morning: Callable[[str], datetime]) -> list[Reminder]:
    """Where all a person would have heard about a thing lies behind already, they hear of it on their next morning, once.

    `morning` gives it by the person's id. Nothing is said after the date itself, unless reproaches are part of the plan.
    """
    heard = {(old.about, old.anchor, old.owner) for old in existing if old.state in ("sent", "done")}
    last: dict[tuple[object, ...], Reminder] = {}
    wishes = list(wishes)
    told = [wish for wish in wishes if wish.why != PASSED]
    for wish in sorted(told, key=lambda wish: (wish.state == "pending", wish.offset)):
        last[_series(wish)] = wish
    again = {wish.id: _on(wish, morning(wish.owner)) for wish in last.values()
             if wish.state != "pending" and (wish.about, wish.anchor, wish.owner) not in heard}
    return [again[wish.id] if wish.id in again and _in_time(again[wish.id]) else wish for wish in wishes]


def _series(reminder: Reminder) -> tuple[object, ...]:
    return reminder.about, reminder.to, reminder.anchor


def _on(wish: Reminder, due: datetime) -> Reminder:
    return replace(wish, state="pending", due_at=due, planned_for=due, why="", day=date_in(due, wish.anchor_zone or wish.zone))


def _in_time(wish: Reminder) -> bool:
    return wish.offset > 0 or wish.day is None or wish.day <= wish.anchor


def newest_each(due: Iterable[Reminder]) -> tuple[list[Reminder], list[Reminder]]:
    """Of what falls due together, the newest about each thing, and the others, which it has overtaken."""
    newest: dict[tuple[str, str, str], Reminder] = {}
    overtaken = []
    for reminder in sorted(due, key=lambda one: (one.planned_for or _EVER, one.offset)):
        before = newest.get(reminder.about)
        overtaken += [before] if before else []
        newest[reminder.about] = replace(reminder, passed_by=reminder.passed_by or (before.passed_by if before else ""))
    return list(newest.values()), overtaken


def cannot_wait(reminder: Reminder, next_digest: datetime) -> bool:
    """Whether the reader's next digest would come after the date: such a warning is sent alone."""
    return reminder.offset <= 0 and date_in(next_digest, reminder.anchor_zone or reminder.zone) > reminder.anchor


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
    fresh = [wish for wish in wishes.values()
             if wish.id not in known or _may_come_again(known[wish.id]) or _planned_otherwise(known[wish.id], wish)]
    return closed + [wish for wish in fresh if wish != known.get(wish.id)]


def _place(reminder: Reminder) -> tuple[str, str, str, date]:
    return reminder.subject, reminder.task, reminder.kind, reminder.anchor


def _planned_otherwise(old: Reminder, wish: Reminder) -> bool:
    """It waits for whoever had the role before, or by the clock of a zone that the date is not in any more."""
    passed_on = old.to == wish.to != "owner" and old.owner != wish.owner
    moved = old.owner == wish.owner and old.anchor_zone != wish.anchor_zone
    return old.state == "pending" and (passed_on or moved) and not old.snoozed


def _may_come_again(old: Reminder) -> bool:
    """Planned once and closed without ever being sent."""
    return old.state in ("replanned", "skipped") and old.sent_at is None


def closed_for(existing: Iterable[Reminder], why: str) -> list[Reminder]:
    """The waiting ones, closed without being sent."""
    return [replace(old, state="skipped", due_at=None, why=why) for old in existing if old.state == "pending"]

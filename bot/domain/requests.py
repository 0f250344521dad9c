"""What somebody asked to be reminded of: once on a day, every week, or so many days from the ETD of a shipment or filing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.reminding import Reader, Reminder, ReminderStep, later_working_day, moment, wanted

WEEKS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to be reminded; `to` is a chat id, a role or "#channel". Either on a `day`, or every `weekday` (0 is Monday), or,
    where both are None, by the ETD."""

    id: str
    subject: str
    to: str
    by: str
    words: str
    weekday: int | None = None
    offset: int = 0
    unit: str = "days"
    state: str = "open"
    """open or stopped."""
    day: date | None = None

    def same_as(self, other: Request) -> bool:
        """Whether both would remind the same person of the same thing at the same times, in whatever words."""
        names = ("subject", "to", "weekday", "offset", "unit", "day")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    @property
    def step(self) -> ReminderStep:
        """As a line of a plan."""
        return ReminderStep(f"ask.{self.id}", self.offset, self.unit, self.to)


def once(subject: str, step: ReminderStep, day: date, reader: Reader, now: datetime, words: str = "") -> Reminder:
    """The reminder for a day; where that is free, it comes on the working day before, or, if that has passed, on the one after.

    Planned again it is the same row, whichever day it comes on, so it cannot come twice.
    """
    wish = wanted(subject, "", day, step, reader, now, words)
    later = later_working_day(day, reader.calendar)
    due = moment(later, reader.at, reader.zone)
    if wish.state == "pending" or due <= now:
        return wish
    return replace(wish, state="pending", due_at=due, planned_for=due, why="", day=later)


def next_weekly(subject: str, step: ReminderStep, weekday: int, reader: Reader, now: datetime, words: str = "") -> Reminder:
    """The next weekly reminder that lies ahead; where its day is free, it comes on the working day before."""
    today = now.date() - timedelta(days=1)  # whatever the zone, its today is not before this
    first = today + timedelta(days=(weekday - today.weekday()) % 7)
    found = [wanted(subject, "", day, step, reader, now, words) for day in _weeks(first)]
    return next((one for one in found if one.state == "pending"), found[-1])


def _weeks(first: date) -> list[date]:
    return [first + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD)]

"""What somebody asked to be reminded of: every week, or so many days from the ETD of a shipment or filing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.reminding import Reader, Reminder, ReminderStep, wanted

WEEKS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to be reminded; `to` is a chat id, a role or "#channel". `weekday` 0 is Monday, None for once by the ETD."""

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

    @property
    def step(self) -> ReminderStep:
        """As a line of a plan."""
        return ReminderStep(f"ask.{self.id}", self.offset, self.unit, self.to)


def next_weekly(subject: str, step: ReminderStep, weekday: int, reader: Reader, now: datetime, words: str = "") -> Reminder:
    """The next weekly reminder that lies ahead; where its day is free, it comes on the working day before."""
    today = now.date() - timedelta(days=1)  # whatever the zone, its today is not before this
    first = today + timedelta(days=(weekday - today.weekday()) % 7)
    found = [wanted(subject, "", day, step, reader, now, words) for day in _weeks(first)]
    return next((one for one in found if one.state == "pending"), found[-1])


def _weeks(first: date) -> list[date]:
    return [first + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD)]

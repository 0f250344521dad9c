"""One entry of somebody's calendar: a whole day or an instant, known by a name that stays when it moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """`day` is a calendar date, never converted; `at` the instant (UTC) where a time is known, None for a whole day.

    `uid` names the thing, not the entry: the next version of a calendar moves it. `version` only grows; `changed` is UTC.
    """

    uid: str
    title: str
    day: date
    at: datetime | None = None
    note: str = ""
    cancelled: bool = False
    version: int = 0
    changed: datetime | None = None

"""A day no calendar has, or nobody plans for: why there is none, and which one may be meant."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from bot.domain.facts import Doubt, Reading
from bot.domain.terms import Month
from bot.errors import BadDate

KINDS = ("no_day", "no_month", "too_far")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class NoDay:
    """`kind` is one of KINDS; `instead` the last day of a month too short, a day of the year whose month there is not, or the
    next day of a date whose year nobody plans for."""

    said: str
    kind: str
    instead: date

    @property
    def error(self) -> BadDate:
        """What is wrong and what to write instead."""
        if self.kind == "too_far":
            return BadDate(f"{self.said} lies too far ahead; check the year and write for example {self.instead}.").named(
                "too_far", said=self.said, instead=self.instead)
        why = "a year has 12 months"
        if self.kind == "no_day":
            why = f"{self.instead:%B %Y} has {self.instead.day} days"
        month = Month(self.instead.year, self.instead.month)
        return BadDate(f"{self.said} is no date: {why}; write for example {self.instead}.").named(
            self.kind, said=self.said, month=month, days=self.instead.day, instead=self.instead)

    @property
    def doubt(self) -> Doubt:
        """As something about the ship date that is to be asked back."""
        return Doubt("ship_date", self.said, (self.instead.isoformat(),), self.kind)


def no_day(said: str, year: int, month: int, day: int) -> NoDay:
    """Of numbers that make no date."""
    if 1 <= month <= 12:
        return NoDay(said, "no_day", date(year, month, monthrange(year, month)[1]))
    swapped = 1 <= day <= 12 and 1 <= month <= monthrange(year, day)[1]
    return NoDay(said, "no_month", date(year, day, month) if swapped else date(year, 12, 31))


def doubted(doubt: Doubt) -> NoDay | None:
    """The impossible day a reading doubts, or None where its doubt is another."""
    return NoDay(doubt.words, doubt.reason, date.fromisoformat(doubt.candidates[0])) if doubt.reason in KINDS else None


def undated(reading: Reading) -> BadDate | None:
    """What is wrong with the ship date a text names: no calendar has it, or it can be read as two. None where nothing is."""
    doubt = next((doubt for doubt in reading.doubts if doubt.about == "ship_date"), None)
    if doubt is None:
        return None
    impossible, ways = doubted(doubt), " / ".join(doubt.candidates)
    return impossible.error if impossible else BadDate(
        f"{doubt.words} can be read as {ways}; write it as 2026-12-31.").named("two_days", said=doubt.words, days=ways)


def day_in(reading: Reading) -> date | None:
    """The ship date of a text; None where it names none. BadDate for one that no calendar has, or that can be read as two."""
    wrong = undated(reading)
    if wrong:
        raise wrong
    return reading.ship_date


def calendar_day(said: str) -> date | None:
    """A date in digits, year first ("2026-12-31"); None where the text is none. BadDate for one that no calendar has."""
    found = _ISO.fullmatch(said.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        raise no_day(said.strip(), max(year, 1), month, day).error from None

"""A day no calendar has: why there is none, and which one may be meant."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from bot.domain.facts import Doubt, Reading
from bot.domain.terms import Month
from bot.errors import BadDate

KINDS = ("no_day", "no_month")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")

_FAR = re.compile(r"(?<![\w-])2[1-9]\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}(?![\w-])|年\d{1,2}月\d{1,2}日)")
_BEFORE = re.compile(r"[0-9]+$")
_YEAR = re.compile(r",?\s*(2\d{3})(?![\w:.-])")


@dataclass(frozen=True, slots=True)
class NoDay:
    """`kind` is one of KINDS; `instead` the last day of a month too short, or a day of the year whose month there is not."""

    said: str
    kind: str
    instead: date

    @property
    def error(self) -> BadDate:
        """What is wrong and what to write instead."""
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
        said = too_far(reading)
        return BadDate(f"{said} lies too far ahead; check the year.").named("too_far", said=said) if said else None
    impossible, ways = doubted(doubt), " / ".join(doubt.candidates)
    return impossible.error if impossible else BadDate(
        f"{doubt.words} can be read as {ways}; write it as 2026-12-31.").named("two_days", said=doubt.words, days=ways)


def too_far(reading: Reading) -> str:
    """A date in a year nobody plans for: one that was not read, or whose year was left behind ("30 April 2127"); "" for none."""
    found = reading.evidence.get("ship_date", ())
    if reading.ship_date is None or not found:
        unread = _FAR.search(reading.text) if reading.ship_date is None else None
        return unread[0] if unread else ""
    words, start = found[0].words.rstrip(), found[0].start
    if not reading.text.startswith(words, start):  # read in other words than those that are told
        return ""
    before, year = _BEFORE.search(reading.text, 0, start), _YEAR.match(reading.text, start + len(words))
    behind = f" {year[1]}" if year and int(year[1]) != reading.ship_date.year else ""
    return f"{before[0] if before else ''}{words}{behind}" if before or behind else ""


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

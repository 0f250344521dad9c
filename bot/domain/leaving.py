"""When goods leave by a sentence: the date that was read in it, with the time and zone that stand behind it."""

from __future__ import annotations

from bot.domain.departure import Departure, departing, time_behind
from bot.domain.facts import Reading
from bot.domain.no_day import day_in


def time_said(reading: Reading) -> str:
    """The time, the zone or both behind the ship date, as written, whether that can be used or not; "" for none."""
    found = reading.evidence.get("ship_date", ())
    doubted = next((doubt.words for doubt in reading.doubts if doubt.about == "ship_date"), "")
    words, start = (found[0].words, found[0].start) if found else (doubted, reading.text.find(doubted))
    return time_behind(reading.text, start + len(words.rstrip())) if words else ""


def leaving_in(reading: Reading, zone: str) -> Departure | None:
    """The day, and the instant where a time is said; None where no ship date was read.

    `zone` is the one meant where none is named. BadDate for a day or hour that is none or not clear, BadInput for a zone.
    """
    day = day_in(reading)
    return departing(day, time_said(reading), zone) if day else None

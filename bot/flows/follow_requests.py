"""A release was asked for and is not decided: whoever is there by now sees the request; that nobody is there is said aloud."""

from __future__ import annotations

from datetime import datetime

from bot.desk.authority import ask_authority, authority_of, is_asked
from bot.desk.records import filing_of
from bot.domain.filing import Filing
from bot.domain.rows import from_row
from bot.ports import Desk


def follow_requests(desk: Desk, now: datetime) -> int:
    """Look after every release that is asked for, as people go away and come back; returns how many others had to hear of one."""
    asked = [from_row(Filing, row) for row in desk.store.every("filings") if row["hold"] == "asked"]
    return sum(_look_after(desk, filing, now) for filing in asked)


def _look_after(desk: Desk, filing: Filing, now: datetime) -> bool:
    if is_asked(desk.store, filing, authority_of(desk, desk.store, filing, now)):
        return False
    with desk.store.transaction() as tx:
        known = filing_of(tx, filing.id)
        if known.hold == "asked":  # it may have been decided since
            ask_authority(tx, desk, known, now)
    return True

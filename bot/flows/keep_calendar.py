"""A calendar's secret address is given, renewed and taken back; whoever knows it reads the calendar as it is now."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.desk.feeds import channel_events, filing_events, person_events
from bot.desk.handing_over import hand_over
from bot.desk.records import colleague, filing_of, note_audit
from bot.domain.calendar_event import CalendarEvent
from bot.domain.people import Colleague
from bot.ports import CalendarWriter, Chat, Desk, Rows, Transaction


def give_address(desk: Desk, owner: str, secret: str, by: Colleague, now: datetime) -> None:
    """From now on `secret` opens the calendar of `owner` (a person's or channel's id); what opened it before does no more.

    Only its hash is kept, so neither the data folder nor a backup opens anything.
    """
    with desk.store.transaction() as tx:
        _close(tx, owner)
        tx.put("feeds", {"id": _hash(secret), "owner": owner, "by": by.id, "at": now.isoformat()})
        note_audit(tx, f"calendar:{owner}", "calendar address given", by.id, now)


def take_back(desk: Desk, owner: str, by: Colleague, now: datetime) -> bool:
    """The calendar of `owner` has no address any more; False where it had none."""
    with desk.store.transaction() as tx:
        if not _close(tx, owner):
            return False
        note_audit(tx, f"calendar:{owner}", "calendar address taken back", by.id, now)
    return True


def has_address(rows: Rows, owner: str) -> bool:
    """Whether somebody may read this calendar."""
    return bool(rows.where("feeds", "owner", owner))


def read_calendar(desk: Desk, secret: str, now: datetime) -> tuple[str, list[CalendarEvent]] | None:
    """Name and events of the calendar this secret opens; one without events says so by its name. None for any other secret."""
    row = desk.store.get("feeds", _hash(secret))
    if row is None:
        return None
    person = desk.store.get("people", row["owner"])
    lang = colleague(desk.store, row["owner"]).lang if person else desk.lang
    events = (person_events if person else channel_events)(desk, desk.store, row["owner"], lang, now)
    return desk.words.say(lang, "calendar.name" if events else "calendar.name.empty"), events


def share_plan(desk: Desk, chat: Chat, writer: CalendarWriter, filing_id: str, place: tuple[str, str], by: Colleague) -> None:
    """Hand the plan of a filing over as a calendar file; `place` is channel and thread. NotFound; ServiceError."""
    filing = filing_of(desk.store, filing_id)
    content = writer.written(filing_events(desk, desk.store, filing, by.lang), filing.id)
    hand_over(desk, chat, by, place, f"{filing.id}.ics", content, desk.words.say(by.lang, "calendar.file", id=filing.id))


def _close(tx: Transaction, owner: str) -> bool:
    there = tx.where("feeds", "owner", owner)
    for row in there:
        tx.remove("feeds", row["id"])
    return bool(there)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

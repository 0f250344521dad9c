"""Every evening it is proved to an admin channel that all reminders of the day went out, or said which did not and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.digest import show_proof
from bot.desk.ledger import proof_of
from bot.ports import Desk, Rows

LONGEST = timedelta(days=14)
"""A proof reaches back so far at most."""


def prove_day(desk: Desk, now: datetime) -> bool:
    """Post the proof that is due; once an evening, and after a stop one for all the time since the last."""
    last, due = _last(desk.store), next_proof(desk)
    if not desk.admin_channel or (due and due > now):
        return False
    with desk.store.transaction() as tx:
        if last:  # the first evening has something to prove only since it is wanted
            show_proof(tx, desk, proof_of(tx, max(last, now - LONGEST), now), now)
        tx.put("notes", {"id": "proof", "at": now.isoformat()})
    return last is not None


def next_proof(desk: Desk) -> datetime | None:
    """When the next proof is due (UTC): the end of the working hours in the desk's zone; None where nobody wants one yet."""
    last, zone = _last(desk.store), ZoneInfo(desk.zone)
    if last is None or not desk.admin_channel:
        return None
    local = last.astimezone(zone)
    evening = datetime.combine(local.date(), desk.reminders.until, zone)
    return (evening if evening > local else evening + timedelta(days=1)).astimezone(UTC)  # days of the wall clock


def _last(rows: Rows) -> datetime | None:
    note = rows.get("notes", "proof")
    return datetime.fromisoformat(note["at"]) if note else None

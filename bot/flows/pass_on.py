"""What could not be delivered is passed on to the deputy or the project manager, who are told for whom and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk.outbox import shown_at
from bot.desk.readers import note_unreachable, receiver_of
from bot.desk.records import keep, note_audit
from bot.domain.proof import UNDELIVERED
from bot.domain.reminding import Reminder
from bot.domain.rows import from_row
from bot.ports import Desk, Row, Transaction


def pass_on_undelivered(desk: Desk, now: datetime) -> int:
    """Take up every digest the chat refused for good, once; returns how many reminders somebody else gets."""
    failed = [row for row in desk.store.where("outbox", "state", "failed") if _is_new(row)]
    return sum(_pass_on(desk, row["id"], now) for row in failed)


def _is_new(row: Row) -> bool:
    return str(row.get("name", "")).startswith("remind:") and not row.get("taken_up")


def _pass_on(desk: Desk, wish: str, now: datetime) -> int:
    with desk.store.transaction() as tx:
        row = tx.get("outbox", wish)
        if row is None or row["state"] != "failed" or shown_at(tx, row["name"]):
            return 0
        note_unreachable(tx, row["channel"], row["error"], now)
        lost = [from_row(Reminder, one) for one in tx.where("reminders", "message", row["name"]) if one["state"] == "sent"]
        others = [reminder for reminder in lost if _somebody_else(tx, desk, reminder, row["channel"], now)]
        for reminder in others:
            keep(tx, "reminders", replace(reminder, state="pending", due_at=now, message="", sent_at=None,
                                          why=f"{UNDELIVERED}{row['error']}"))
            note_audit(tx, reminder.subject, "reminder undelivered", row["channel"], now, reminder=reminder.id, why=row["error"])
        tx.put("outbox", row | {"taken_up": True, "state": "passed on" if others and len(others) == len(lost) else "failed"})
    return len(others)


def _somebody_else(tx: Transaction, desk: Desk, reminder: Reminder, channel: str, now: datetime) -> bool:
    return receiver_of(tx, desk, reminder.owner, now).id not in (channel, reminder.owner)

"""Somebody replies "done" below a reminder or reacts to it: what is meant is asked back, with a button for each thing."""

from __future__ import annotations

from datetime import datetime

from bot.desk.digest import ask_which, dues_of
from bot.domain.people import Colleague
from bot.domain.reading.requests import item_in, says_done
from bot.ports import Desk, Row, Rows

REACTIONS = frozenset({"white_check_mark", "heavy_check_mark", "ballot_box_with_check", "done", "+1"})


def offer_done(desk: Desk, text: str, place: tuple[str, str, str], by: Colleague, now: datetime) -> bool:
    """Ask back; False where this is no such reply. `place` is the reply's key, its channel and the ts of its thread."""
    return says_done(text) and _offer(desk, item_in(text), place, by, now)


def offer_done_by_reaction(desk: Desk, reaction: str, place: tuple[str, str, str], by: Colleague, now: datetime) -> bool:
    """The same for a tick put on the message; skin tones do not matter."""
    return reaction.partition("::")[0] in REACTIONS and _offer(desk, "", place, by, now)


def _offer(desk: Desk, item: str, place: tuple[str, str, str], by: Colleague, now: datetime) -> bool:
    key, channel, ts = place
    with desk.store.transaction() as tx:
        message = _reminder_at(tx, channel, ts)
        if message is None:
            return False
        dues = [due for due in dues_of(tx, desk, message["id"], by.id) if due.reminder.state == "sent"]
        meant = [due for due in dues if due.task and due.task.item == item] or dues
        ids = [due.reminder.id for due in meant]
        ask_which(tx, desk, f"confirm:{key}", message["id"], (message["channel"], ts), by.id, ids, now)
    return True


def _reminder_at(rows: Rows, channel: str, ts: str) -> Row | None:
    """The reminder posted at this place; a direct message is kept by the person's id, so the channel tells only of channels."""
    found = [row for row in rows.where("messages", "ts", ts) if str(row["id"]).startswith("remind:")]
    return next((row for row in found if channel.startswith("D") or row["channel"] in (channel, "")), None) if found else None

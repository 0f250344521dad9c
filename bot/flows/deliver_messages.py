"""Each message is posted or edited until it reads as wanted, once, whatever crashes or times out."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial

from bot.desk.delivering import after, attempt, change, guarded, seconds_since
from bot.desk.digest import take_back
from bot.desk.outbox import place_of, shown_at, want_ticket
from bot.desk.pacing import ask_for_patience, held_until, take_turn, took_turn
from bot.errors import Gone, TryLater
from bot.ports import Chat, Desk, Row, Rows, Transaction
from bot.replies import Reply

MESSAGES = 10
"""Messages in one go, which ends with the first post: each has a `now` of its own, so that turns and marks are not older than
the call."""


def deliver_messages(desk: Desk, chat: Chat, now: datetime) -> int:
    """Post the first message that is due and has its turn, and edit those before it; returns how many rows were worked on."""
    rows = desk.store.up_to("outbox", "chat_due", now.isoformat(), MESSAGES)
    queues: Counter[str] = Counter()
    for count, row in enumerate(rows, 1):
        until = held_until(desk, row, now)
        if until:
            _queue(desk, row, until, queues)
        elif _try_message(desk, chat, row, now):
            return count
    return len(rows)


def _queue(desk: Desk, row: Row, until: datetime, queues: Counter[str]) -> None:
    """One behind the other, or all of a channel would come up again each second, before those of others."""
    change(desk, row, chat_due=after(until, queues[row["channel"]] * desk.delivery.pace))
    queues[row["channel"]] += 1


def _try_message(desk: Desk, chat: Chat, row: Row, now: datetime) -> bool:
    """True where it was posted, or may have been."""
    error = guarded(desk, row, "chat_due", now, partial(_deliver_message, desk, chat, row, now))
    if isinstance(error, TryLater):
        ask_for_patience(desk, row["channel"], str((desk.store.get("outbox", row["id"]) or row)["chat_due"]), now)
    return took_turn(desk.store, row["channel"], now)


def _deliver_message(desk: Desk, chat: Chat, row: Row, now: datetime) -> None:
    thread = _thread(desk.store, row)
    ts = shown_at(desk.store, row["name"])
    if ts is None and row["trying"]:
        ts = chat.find(row["channel"], thread or "", row["name"], datetime.fromisoformat(row["trying"]))
        if ts:
            _posted(desk, row, ts, now, version=0)  # what stands there may be an older wording: edit it below
    too_early = thread is None or (row["trying"] and seconds_since(row, now) < desk.delivery.look_every)
    if ts is None and too_early:  # the thread is not there yet, or a post that died with its process may still arrive
        return change(desk, row, chat_due=after(now, desk.delivery.look_every))
    if ts or not _taken_back(desk, row, now):
        _speak(desk, chat, row, thread or "", ts, now)
    return None


def _taken_back(desk: Desk, row: Row, now: datetime) -> bool:
    """A digest that could not be posted in time is not posted as it was worded then."""
    if not row["name"].startswith("remind:"):
        return False
    with desk.store.transaction() as tx:
        return take_back(tx, desk, row, now)


def _speak(desk: Desk, chat: Chat, row: Row, thread: str, ts: str | None, now: datetime) -> None:
    reply = Reply.from_row(row["reply"])
    if ts:
        _edit(desk, chat, row, ts, reply)
    else:
        take_turn(desk, row["channel"], now)
        ts = attempt(desk, row, now, partial(chat.post, row["channel"], thread, reply, row["name"]))
    _posted(desk, row, ts, now, version=row["version"])


def _edit(desk: Desk, chat: Chat, row: Row, ts: str, reply: Reply) -> None:
    """Safe to repeat, so it needs no mark. What somebody deleted is not posted anew, and nothing is owed any more."""
    try:
        chat.update(row["channel"], ts, reply, row["name"])
    except Gone as error:
        change(desk, row, gone=str(error))


def _thread(rows: Rows, row: Row) -> str | None:
    """The thread it belongs in, "" for none; None while the message it belongs under is still to be posted."""
    if row["thread"] or not row.get("under"):
        return str(row["thread"])
    above = rows.get("outbox", f"show:{row['under']}")
    return shown_at(rows, row["under"]) or (None if above and above["state"] == "waiting" else "")


def _posted(desk: Desk, row: Row, ts: str, now: datetime, version: int) -> None:
    with desk.store.transaction() as tx:
        known = tx.get("messages", row["name"])
        tx.put("messages", (known or {"at": now.isoformat()}) | {
            "id": row["name"], "channel": row["channel"], "thread": row["thread"], "ts": ts, "subject": row["subject"]})
        latest = tx.get("outbox", row["id"]) or row
        settled = {"state": "sent", "chat_due": None} if latest["version"] == version else {}
        tx.put("outbox", latest | {"trying": None, "tries": 0, "error": "", "mistake": ""} | settled)
        if known is None:
            _now_known(tx, row, ts, now)


def _now_known(tx: Transaction, row: Row, ts: str, now: datetime) -> None:
    """What waited for the address of the message: the link in its ticket, and the thread that begins with an answer."""
    filing = tx.get("filings", row["subject"])
    if filing and row["name"] == f"filing:{filing['id']}" and not filing["linked"]:
        want_ticket(tx, filing["id"], now)
    for answer in tx.where("determinations", "place", place_of(row["channel"], "")):
        if answer["message"] == row["name"]:
            tx.put("determinations", answer | {"place": place_of(row["channel"], ts)})

"""The ledger of reminders: of each one when it was due, whether and where it went out, or why not; and the proof over a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.proof import UNDELIVERED, Entry, Proof
from bot.domain.reminding import Reminder
from bot.domain.rows import from_row
from bot.ports import Rows


def entry_of(rows: Rows, reminder: Reminder) -> Entry:
    """What became of one reminder."""
    if reminder.state in ("skipped", "replanned"):
        return Entry(reminder, "not needed", why=reminder.why)
    if not reminder.message:
        return Entry(reminder, "waiting", why=reminder.why)
    message, wish = rows.get("messages", reminder.message), rows.get("outbox", f"show:{reminder.message}") or {}
    if message is None:
        return Entry(reminder, "failed" if wish.get("state") == "failed" else "on its way", why=str(wish.get("error", "")))
    passed_on = reminder.why.removeprefix(UNDELIVERED) if reminder.why.startswith(UNDELIVERED) else ""
    why = passed_on or ("deleted by hand" if wish.get("gone") else reminder.why)
    return Entry(reminder, "passed on" if passed_on else "delivered", message["ts"], why)


def proof_of(rows: Rows, since: datetime, until: datetime) -> Proof:
    """The proof over a time of at most some days; what is overdue from before belongs to it, too."""
    within = _within(rows, since, until)
    known = {one.id for one in within}
    overdue = [from_row(Reminder, row) for row in rows.up_to("reminders", "due_at", until.isoformat(), 10_000)]
    entries = [*within, *(one for one in overdue if one.id not in known)]
    return Proof(since, until, tuple(entry_of(rows, one) for one in entries))


def planned_ahead(rows: Rows, since: datetime, until: datetime) -> Counter[str]:
    """How many reminders wait for a time that lies ahead, by the person or channel they are planned for, most first."""
    return Counter(dict(Counter(one.owner for one in _within(rows, since, until) if one.state == "pending").most_common()))


def _within(rows: Rows, since: datetime, until: datetime) -> list[Reminder]:
    found = [reminder for day in _days(since, until) for reminder in _due_on(rows, day)]
    return [one for one in found if one.planned_for and since < one.planned_for <= until]


def _due_on(rows: Rows, day: str) -> Iterator[Reminder]:
    return (from_row(Reminder, row) for row in rows.where("reminders", "due_on", day))


def _days(since: datetime, until: datetime) -> Iterator[str]:
    for ahead in range((until.date() - since.date()).days + 1):
        yield (since.date() + timedelta(days=ahead)).isoformat()

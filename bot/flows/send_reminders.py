"""What is due is sent: one message per person bundles what falls due together, and says so when it comes late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.agenda import show_reminders
from bot.domain.filing import OPEN_STATES
from bot.domain.reminding import Reminder, at_decent_hour, newest_each
from bot.ports import Desk, Rows, Transaction
from bot.records import colleague, keep, reminder_of

BATCH = 500
BUNDLE = 12
"""Reminders in one message: more would not fit Slack's 50 blocks."""
LATE = timedelta(hours=2)


def send_due(desk: Desk, now: datetime) -> int:
    """Hand every due reminder to the outbox, once; returns how many rows were worked on."""
    rows = desk.store.up_to("reminders", "due_at", now.isoformat(), BATCH)
    by_owner: dict[str, list[str]] = {}
    for row in rows:
        by_owner.setdefault(row["owner"], []).append(row["id"])
    for owner, ids in by_owner.items():
        _send_to(desk, owner, ids, now)
    return len(rows)


def _send_to(desk: Desk, owner: str, ids: list[str], now: datetime) -> None:
    """All that is due for one person: bundled, only the newest about each thing, at a decent hour."""
    with desk.store.transaction() as tx:
        going = [reminder for reminder in (reminder_of(tx, one) for one in ids) if _still_wanted(tx, reminder)]
        good_time = _good_time(desk, tx, owner, going[0].zone, now) if going else now
        if good_time > now:
            _put_off(tx, going, good_time)
        else:
            _send_bundled(desk, tx, owner, going, now)


def _still_wanted(tx: Transaction, reminder: Reminder) -> bool:
    """Closes what became pointless since it was planned; the ledger keeps why. What is closed or sent no longer falls due."""
    if reminder.state != "pending":
        keep(tx, "reminders", replace(reminder, due_at=None))
        return False
    why = pointless(tx, reminder)
    if why:
        keep(tx, "reminders", replace(reminder, state="skipped", due_at=None, why=why))
    return not why


def pointless(rows: Rows, reminder: Reminder) -> str:
    """Why nobody needs this reminder any more, or ""."""
    task = rows.get("tasks", reminder.task) if reminder.task else None
    if task and task["done"]:
        return "done"
    filing = rows.get("filings", reminder.subject)
    if filing and filing["state"] not in OPEN_STATES:
        return f"filing {filing['state']}"
    shipment = rows.get("shipments", reminder.subject)
    return str(shipment["state"]) if shipment and shipment["state"] != "planned" else ""


def _good_time(desk: Desk, rows: Rows, owner: str, planned_zone: str, now: datetime) -> datetime:
    """In the zone the person is in now; of somebody we have not met only the zone it was planned in is known."""
    zone = colleague(rows, owner).zone if rows.get("people", owner) else planned_zone
    return at_decent_hour(now, desk.reminders.at, zone, desk.calendars.of_zone(zone))


def _put_off(tx: Transaction, reminders: list[Reminder], until: datetime) -> None:
    """After a stop, something may fall due at night or on a holiday: it waits for the reader's next working morning."""
    for reminder in reminders:
        keep(tx, "reminders", replace(reminder, due_at=until))


def _send(desk: Desk, tx: Transaction, owner: str, reminders: list[Reminder], now: datetime) -> None:
    name = f"remind:{tx.number('reminder message')}"
    sent = [replace(reminder, state="sent", due_at=None, sent_at=now, message=name,
                    why="late" if _is_late(reminder, now) else "") for reminder in reminders]
    for reminder in sent:
        keep(tx, "reminders", reminder)
    show_reminders(tx, desk, owner, name, now)


def _send_bundled(desk: Desk, tx: Transaction, owner: str, going: list[Reminder], now: datetime) -> None:
    newest, overtaken = newest_each(going)
    for reminder in overtaken:
        keep(tx, "reminders", replace(reminder, state="skipped", due_at=None, why="overtaken"))
    for start in range(0, len(newest), BUNDLE):
        _send(desk, tx, owner, newest[start:start + BUNDLE], now)


def _is_late(reminder: Reminder, now: datetime) -> bool:
    return reminder.planned_for is not None and now - reminder.planned_for > LATE

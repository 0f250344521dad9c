"""What is due is sent: one digest per person and morning, saying so when it comes late; alone only what cannot wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import plan_subject
from bot.desk.digest import show_reminders
from bot.desk.outbox import TAKEN_BACK
from bot.desk.readers import Receiver, reader_of, receiver_of
from bot.desk.records import keep, reminder_of
from bot.desk.recurring import LIST, RULE, WATCH, plan_standing
from bot.domain.checklist import COMPLETION
from bot.domain.filing import OPEN_STATES
from bot.domain.proof import UNDELIVERED
from bot.domain.reminding import Reader, Reminder, at_decent_hour, cannot_wait, newest_each, next_morning
from bot.domain.shipment import shipment_from
from bot.ports import Desk, Row, Rows, Transaction

BATCH = 20_000


def send_due(desk: Desk, now: datetime) -> int:
    """Hand every due reminder to the outbox, once; returns how many rows were worked on."""
    rows = desk.store.up_to("reminders", "due_at", now.isoformat(), BATCH)
    for receiver, ids in _by_receiver(desk, rows, now).items():
        _send_to(desk, receiver, ids, now)
    return len(rows)


def _by_receiver(desk: Desk, rows: list[Row], now: datetime) -> dict[str, list[str]]:
    """Ids of reminders by who gets them; what waits for somebody's return is put off here."""
    owners: dict[str, Receiver] = {}
    found: dict[str, list[str]] = {}
    waiting: dict[datetime, list[str]] = {}
    for row in rows:
        receiver = owners.setdefault(row["owner"], receiver_of(desk.store, desk, row["owner"], now))
        if receiver.not_before:
            waiting.setdefault(receiver.not_before, []).append(row["id"])
        else:
            found.setdefault(receiver.id, []).append(row["id"])
    for back, ids in waiting.items():
        with desk.store.transaction() as tx:
            _plan_for(tx, [reminder_of(tx, one) for one in ids], back, "away")
    return found


def _send_to(desk: Desk, to: str, ids: list[str], now: datetime) -> None:
    """All that is due for one person: bundled, only the newest about each thing, at a decent hour."""
    with desk.store.transaction() as tx:
        due = [reminder_of(tx, one) for one in ids]
        going = [reminder for reminder in due if _still_wanted(tx, reminder)]
        reader = reader_of(tx, desk, to, going[0].zone if going else "")
        good_time = at_decent_hour(now, reader.at, reader.zone, reader.calendar, reader.until)
        if good_time > now:
            _put_off(tx, going, good_time)
        else:
            _send_bundled(desk, tx, reader, going, now)
            _plan_next(desk, tx, due, now)


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
    if shipment and shipment["state"] != "planned":
        return str(shipment["state"])
    if not (filing or shipment or reminder.subject.startswith((WATCH, RULE, LIST))):
        return "gone"
    return _complete(rows, shipment, reminder) if reminder.only_if else ""


def _complete(rows: Rows, shipment: Row | None, reminder: Reminder) -> str:
    """Why the filing procedure is nothing to warn of; a covered shipment is spoken for by its filing."""
    if shipment:
        leaving = shipment_from(shipment)
        return "" if leaving.unfiled else "covered" if leaving.filings else "not in scope"
    done = {row["item"] for row in rows.where("tasks", "filing", reminder.subject) if row["done"]}
    return "complete" if COMPLETION in done else ""


def _put_off(tx: Transaction, reminders: list[Reminder], until: datetime) -> None:
    """After a stop, something may fall due at night or on a holiday: it waits for the next working morning, and is late then."""
    for reminder in reminders:
        keep(tx, "reminders", replace(reminder, due_at=until))


def _plan_for(tx: Transaction, reminders: list[Reminder], then: datetime, why: str) -> None:
    """It comes then by intent, not by failure, so it will not be late; the ledger keeps why."""
    for reminder in reminders:
        keep(tx, "reminders", replace(reminder, due_at=then, planned_for=then, why=why))


def _send_bundled(desk: Desk, tx: Transaction, reader: Reader, going: list[Reminder], now: datetime) -> None:
    """The digest of the day, unless it has gone out: then what can wait waits, and the rest is said below it."""
    newest, overtaken = newest_each(going)
    for reminder in overtaken:
        keep(tx, "reminders", replace(reminder, state="skipped", due_at=None, why="overtaken"))
    name = digest_name(reader, now)
    posted = (tx.get("outbox", f"show:{name}") or {"state": "waiting"})["state"] not in ("waiting", TAKEN_BACK)
    later = next_morning(now, reader.at, reader.zone, reader.calendar)
    waiting = [reminder for reminder in newest if posted and not _presses(reminder, later)]
    _plan_for(tx, waiting, later, "next digest")
    pressing = [reminder for reminder in newest if reminder not in waiting]
    if pressing and posted:
        _send(desk, tx, reader, pressing, f"{name}:{tx.number('reminder message')}", now, under=name)
    elif pressing:
        _send(desk, tx, reader, pressing, name, now)


def _presses(reminder: Reminder, next_digest: datetime) -> bool:
    """Its date would pass meanwhile, or it failed to reach somebody already."""
    return cannot_wait(reminder, next_digest) or reminder.why.startswith(UNDELIVERED)


def digest_name(reader: Reader, now: datetime) -> str:
    """The one digest of this reader's day."""
    return f"remind:{reader.id}:{now.astimezone(ZoneInfo(reader.zone)).date().isoformat()}"


def _send(desk: Desk, tx: Transaction, reader: Reader, reminders: list[Reminder], name: str, now: datetime,
          under: str = "") -> None:
    for reminder in reminders:
        sent = replace(reminder, state="sent", due_at=None, sent_at=now, message=name, sent_to=reader.id, passed_to="")
        late = "late" if sent.late(desk.reminders.late_after) else ""
        keep(tx, "reminders", replace(sent, why=reminder.why if reminder.why.startswith(UNDELIVERED) else late))
    show_reminders(tx, desk, reader.id, name, now, under)


def _plan_next(desk: Desk, tx: Transaction, due: list[Reminder], now: datetime) -> None:
    """What comes every week is planned for the next one."""
    for subject in sorted({reminder.subject for reminder in due if reminder.words}):
        plan_subject(tx, desk, subject, now)
    if any(reminder.subject == WATCH for reminder in due):
        plan_standing(tx, desk, now)

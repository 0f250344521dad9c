"""A reminder is answered: done, snoozed or handed to somebody else; its message is edited to say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda import close_reminders, show_reminders
from bot.domain.people import Colleague, first_with
from bot.domain.reminding import Reminder, next_morning
from bot.errors import BadInput, NotAllowed
from bot.outbox import show_filing, want_ticket
from bot.ports import Desk, Transaction
from bot.records import colleague, colleagues, filing_of, keep, note_audit, reminder_of, tasks_of


def reminder_done(desk: Desk, reminder_id: str, by: Colleague, now: datetime) -> str:
    """The task (or this reminder of a shipment) is done; returns a sentence for whoever pressed. Pressed twice is once."""
    return _answer(desk, reminder_id, by, now, lambda tx, reminder: _done(desk, tx, reminder, by, now))


def reminder_snoozed(desk: Desk, reminder_id: str, by: Colleague, now: datetime) -> str:
    """Come again on the reader's next working morning; warned when that is past the date it is tied to."""
    return _answer(desk, reminder_id, by, now, lambda tx, reminder: _snoozed(desk, tx, reminder, by, now))


def reminder_not_mine(desk: Desk, reminder_id: str, by: Colleague, now: datetime) -> str:
    """Goes to the owner of the filing or the project manager, with all that is still to come about this task."""
    return _answer(desk, reminder_id, by, now, lambda tx, reminder: _handed(desk, tx, reminder, by, now))


def _answer(desk: Desk, reminder_id: str, by: Colleague, now: datetime,
            act: Callable[[Transaction, Reminder], str]) -> str:
    with desk.store.transaction() as tx:
        reminder = reminder_of(tx, reminder_id)
        if by.id != reminder.owner and by.role not in ("PM", "ADMIN"):
            raise NotAllowed(desk.words.say(by.lang, "error.not_your_reminder"))
        if reminder.state != "sent":
            return desk.words.say(by.lang, "reminder.already")
        said = act(tx, reminder)
        note_audit(tx, reminder.subject, "reminder answered", by.id, now, reminder=reminder.id, said=said)
        if reminder.message:
            show_reminders(tx, desk, reminder.owner, reminder.message, now)
        return said


def _done(desk: Desk, tx: Transaction, reminder: Reminder, by: Colleague, now: datetime) -> str:
    keep(tx, "reminders", replace(reminder, state="done", why="done"))
    task = next((task for task in tasks_of(tx, reminder.subject) if task.id == reminder.task), None)
    if task is None:
        return desk.words.say(by.lang, "reminder.said.seen")
    keep(tx, "tasks", replace(task, done=True, done_by=by.id))
    close_reminders(tx, reminder.subject, "done", task.id)
    want_ticket(tx, reminder.subject, now)
    show_filing(tx, desk.words, filing_of(tx, reminder.subject), now)
    return desk.words.say(by.lang, "reminder.said.done", item=task.item, title=task.title)


def _snoozed(desk: Desk, tx: Transaction, reminder: Reminder, by: Colleague, now: datetime) -> str:
    until = next_morning(now, desk.reminders.at, reminder.zone, desk.calendars.of_zone(reminder.zone))
    keep(tx, "reminders", replace(reminder, state="pending", due_at=until, planned_for=until, snoozed=reminder.snoozed + 1))
    past = until.astimezone(ZoneInfo(reminder.zone)).date() > reminder.anchor
    key = "reminder.said.snoozed_past" if past else "reminder.said.snoozed"
    return desk.words.say(by.lang, key, until=desk.words.moment(by.lang, until, reminder.zone),
                          due=desk.words.day(by.lang, reminder.anchor))


def _handed(desk: Desk, tx: Transaction, reminder: Reminder, by: Colleague, now: datetime) -> str:
    taker = _taker(tx, reminder)
    if taker is None or taker.id == reminder.owner:
        raise BadInput(desk.words.say(by.lang, "error.nobody_else"))
    keep(tx, "reminders", replace(reminder, state="done", why="handed"))
    fresh = replace(reminder, id=f"{reminder.id}:{taker.id}", owner=taker.id, zone=taker.zone, state="pending", due_at=now,
                    planned_for=now, message="", sent_at=None)
    keep(tx, "reminders", fresh)
    _hand_over_rest(tx, reminder, taker, now)
    return desk.words.say(by.lang, "reminder.said.handed", name=taker.name)


def _taker(tx: Transaction, reminder: Reminder) -> Colleague | None:
    filing = tx.get("filings", reminder.subject)
    if filing and filing["owner"] != reminder.owner:
        return colleague(tx, str(filing["owner"]))
    others = [person for person in colleagues(tx) if person.id != reminder.owner]
    return first_with(["PM", "HEAD"], others)


def _hand_over_rest(tx: Transaction, reminder: Reminder, taker: Colleague, now: datetime) -> None:
    task = next((task for task in tasks_of(tx, reminder.subject) if task.id == reminder.task), None)
    if task:
        keep(tx, "tasks", replace(task, owner=taker.id, assign=True))
        want_ticket(tx, task.filing, now)
    shipment = tx.get("shipments", reminder.subject)
    if shipment and shipment["owner"] == reminder.owner:
        tx.put("shipments", shipment | {"owner": taker.id})
    for row in tx.where("reminders", "subject", reminder.subject):
        if row["state"] == "pending" and row["task"] == reminder.task and row["owner"] == reminder.owner:
            tx.put("reminders", row | {"owner": taker.id, "zone": taker.zone})

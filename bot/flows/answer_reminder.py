"""A reminder is answered: done, snoozed, handed to somebody else or questioned; its message is edited to say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import close_reminders, plan_subject
from bot.desk.digest import due_of, show_again
from bot.desk.outbox import show_filing, want_ticket
from bot.desk.plans import told_in
from bot.desk.readers import reader_of
from bot.desk.records import colleague, colleagues, filing_of, keep, note_audit, reminder_of
from bot.desk.recurring import RULE, plan_standing, verified
from bot.domain.filing import FilingTask, as_done
from bot.domain.people import Colleague, first_with
from bot.domain.reminding import Reminder, at_decent_hour, date_in, for_reader, moment, next_morning
from bot.domain.rows import from_row
from bot.errors import BadDate, BadInput, NotAllowed
from bot.ports import Desk, Rows, Transaction
from bot.replies.reminders import why_reply

FARTHEST = 92
"""Days one may snooze for."""


def reminder_done(desk: Desk, reminder_id: str, by: Colleague, now: datetime, evidence: str = "") -> str:
    """The task (or this reminder of anything else) is done; returns a sentence for whoever pressed. Pressed twice is once."""
    return _answer(desk, reminder_id, by, now, lambda tx, reminder: _done(desk, tx, reminder, by, now, evidence.strip()))


def reminder_snoozed(desk: Desk, reminder_id: str, by: Colleague, now: datetime, until: date | None = None) -> str:
    """Come again on a day (the reader's next working morning unless said); warned when that is past the date it is tied to.

    BadDate for a day that is not ahead or so far that nobody would call it a reminder.
    """
    return _answer(desk, reminder_id, by, now, lambda tx, reminder: _snoozed(desk, tx, reminder, by, now, until))


def reminder_not_mine(desk: Desk, reminder_id: str, by: Colleague, now: datetime, to: str = "") -> str:
    """Goes to somebody (the owner of the filing or the project manager unless said), with all that is still to come about it."""
    return _answer(desk, reminder_id, by, now, lambda tx, reminder: _handed(desk, tx, reminder, by, now, to))


def why_reminded(desk: Desk, reminder_id: str, by: Colleague) -> str:
    """Why this reminder came to this person: its plan, its date, who else."""
    reminder = reminder_of(desk.store, reminder_id)
    return why_reply(desk.words, by.lang, due_of(desk.store, desk, reminder, by.id))


def stop_asking(desk: Desk, reminder_id: str, by: Colleague, now: datetime) -> str:
    """What somebody asked to be reminded of is not wanted any more."""
    with desk.store.transaction() as tx:
        reminder = reminder_of(tx, reminder_id)
        for row in tx.where("requests", "subject", reminder.subject):
            if reminder.kind == f"ask.{row['id']}":
                tx.put("requests", row | {"state": "stopped"})
        plan_subject(tx, desk, reminder.subject, now)
        note_audit(tx, reminder.subject, "request stopped", by.id, now, reminder=reminder.id)
        return desk.words.say(by.lang, "reminder.said.stopped")


def suggested_taker(rows: Rows, reminder: Reminder) -> Colleague | None:
    """Whom a reminder would be handed to, if nobody is named."""
    filing = rows.get("filings", reminder.subject)
    if filing and filing["owner"] != reminder.owner:
        return colleague(rows, str(filing["owner"]))
    return first_with(["PM", "HEAD"], [person for person in colleagues(rows) if person.id != reminder.owner])


def _answer(desk: Desk, reminder_id: str, by: Colleague, now: datetime,
            act: Callable[[Transaction, Reminder], str]) -> str:
    with desk.store.transaction() as tx:
        reminder = reminder_of(tx, reminder_id)
        channel = reminder.owner.startswith("#")
        if not channel and by.id not in (reminder.owner, reminder.sent_to) and by.role not in ("PM", "ADMIN"):
            raise NotAllowed(desk.words.say(by.lang, "error.not_your_reminder"))
        if reminder.state != "sent":
            return desk.words.say(by.lang, "reminder.already")
        said = act(tx, replace(reminder, answered_by=by.id, answered_at=now))
        note_audit(tx, reminder.subject, "reminder answered", by.id, now, reminder=reminder.id, said=said)
        show_again(tx, desk, [reminder.message], now)
        return said


def _done(desk: Desk, tx: Transaction, reminder: Reminder, by: Colleague, now: datetime, evidence: str) -> str:
    keep(tx, "reminders", replace(reminder, state="done", why="done"))
    if reminder.subject.startswith(RULE):
        verified(tx, reminder.subject, now.astimezone(ZoneInfo(desk.zone)).date())
        plan_standing(tx, desk, now)
    row = tx.get("tasks", reminder.task) if reminder.task else None
    if row is None:
        return desk.words.say(by.lang, "reminder.said.seen")
    task = from_row(FilingTask, row)
    filing = filing_of(tx, reminder.subject)
    keep(tx, "tasks", as_done(task, by.id, now.astimezone(ZoneInfo(filing.zone)).date(), evidence))
    close_reminders(tx, desk, reminder.subject, "done", now, task.id)
    want_ticket(tx, reminder.subject, now)
    show_filing(tx, desk.words, filing, now)
    return desk.words.say(by.lang, "reminder.said.done", item=task.item, title=told_in(desk, [task], by.lang)[0].title)


def _snoozed(desk: Desk, tx: Transaction, reminder: Reminder, by: Colleague, now: datetime, day: date | None) -> str:
    reader = reader_of(tx, desk, reminder.owner, reminder.zone)
    until = next_morning(now, reader.at, reader.zone, reader.calendar)
    if day:
        _check_snooze(desk, by, day, now.astimezone(ZoneInfo(reader.zone)).date())
        until = max(until, moment(day, reader.at, reader.zone))
    there = date_in(until, reminder.anchor_zone or reader.zone)
    keep(tx, "reminders", replace(reminder, state="pending", due_at=until, planned_for=until, snoozed=reminder.snoozed + 1,
                                  day=there, zone=reader.zone))
    key = "reminder.said.snoozed_past" if there > reminder.anchor else "reminder.said.snoozed"
    return desk.words.say(by.lang, key, until=desk.words.moment(by.lang, until, reader.zone),
                          due=desk.words.day(by.lang, reminder.anchor))




def _check_snooze(desk: Desk, by: Colleague, day: date, today: date) -> None:
    if not 0 < (day - today).days <= FARTHEST:
        key = "error.snooze" if day > today else "error.snooze_past"
        raise BadDate(desk.words.say(by.lang, key, day=desk.words.day(by.lang, day), n=FARTHEST))


def _handed(desk: Desk, tx: Transaction, reminder: Reminder, by: Colleague, now: datetime, to: str) -> str:
    taker = colleague(tx, to) if to else suggested_taker(tx, reminder)
    if taker is None or taker.id == reminder.owner:
        raise BadInput(desk.words.say(by.lang, "error.nobody_else"))
    keep(tx, "reminders", replace(reminder, state="done", why="handed", passed_to=taker.id))
    reader = reader_of(tx, desk, taker.id, reminder.zone)
    soon = at_decent_hour(now, reader.at, reader.zone, reader.calendar, reader.until)
    fresh = replace(reminder, id=f"{reminder.id}:{taker.id}", owner=taker.id, zone=reader.zone, state="pending", due_at=soon,
                    planned_for=soon, message="", sent_at=None, sent_to="", answered_by="", answered_at=None,
                    passed_by=by.id)
    keep(tx, "reminders", fresh)
    _hand_over_rest(tx, desk, reminder, taker, now)
    return desk.words.say(by.lang, "reminder.said.handed", name=taker.name)


def _hand_over_rest(tx: Transaction, desk: Desk, reminder: Reminder, taker: Colleague, now: datetime) -> None:
    """The task or shipment is theirs now, so what is still to come about it is planned for them."""
    task, shipment = tx.get("tasks", reminder.task) if reminder.task else None, tx.get("shipments", reminder.subject)
    if task:
        tx.put("tasks", task | {"owner": taker.id, "assign": True})
        want_ticket(tx, task["filing"], now)
    if shipment and shipment["owner"] == reminder.owner:
        tx.put("shipments", shipment | {"owner": taker.id})
    rest = [from_row(Reminder, row) for row in tx.where("reminders", "subject", reminder.subject)
            if row["state"] == "pending" and row["task"] == reminder.task and row["owner"] == reminder.owner]
    for one in rest:
        theirs = for_reader(one, reader_of(tx, desk, taker.id, reminder.zone), now)
        keep(tx, "reminders", replace(theirs, passed_to=taker.id) if one.message else theirs)
    show_again(tx, desk, {one.message for one in rest}, now)

"""The reminder rows of filings and shipments: planned, re-planned when a date moves, closed when nothing is left to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague, first_with
from bot.domain.reminding import Reader, Reminder, ReminderStep, closed_for, one_a_day, replanned, wanted
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment
from bot.outbox import show
from bot.ports import Desk, Rows, Transaction
from bot.records import colleague, colleagues, keep, reminders_about
from bot.replies.reminders import Due, reminder_reply


def plan_filing_reminders(tx: Transaction, desk: Desk, filing: Filing, tasks: Iterable[FilingTask], now: datetime) -> None:
    """Every open task of the filing gets its reminders; what waited for other dates is closed."""
    wishes = [wish for task in tasks if not task.done for wish in _for_task(tx, desk, filing, task, now)]
    _write(tx, filing.id, wishes, "moved")


def plan_shipment_reminders(tx: Transaction, desk: Desk, shipment: Shipment, now: datetime) -> None:
    """The reminders tied to the ETD of a shipment; none for one that has sailed or was cancelled."""
    steps = desk.reminders.shipment if shipment.state == "planned" else ()
    wishes = [wanted(shipment.id, "", shipment.etd, step, _reader(tx, desk, step, shipment.owner, shipment.zone), now)
              for step in steps]
    _write(tx, shipment.id, wishes, "moved" if shipment.state == "planned" else shipment.state)


def close_reminders(tx: Transaction, subject: str, why: str, task: str = "") -> None:
    """Nothing more is sent about the subject (or one task of it); `why` stays in the ledger."""
    about = [reminder for reminder in reminders_about(tx, subject) if not task or reminder.task == task]
    for reminder in closed_for(about, why):
        keep(tx, "reminders", reminder)


def _for_task(tx: Transaction, desk: Desk, filing: Filing, task: FilingTask, now: datetime) -> list[Reminder]:
    if task.due is None:
        return []
    return [wanted(filing.id, task.id, task.due, step, _reader(tx, desk, step, task.owner, filing.zone), now)
            for step in desk.reminders.task]


def _write(tx: Transaction, subject: str, wishes: list[Reminder], why: str) -> None:
    for reminder in replanned(reminders_about(tx, subject), one_a_day(wishes), why):
        keep(tx, "reminders", reminder)


def _reader(rows: Rows, desk: Desk, step: ReminderStep, owner: str, zone: str) -> Reader:
    person = colleague(rows, owner) if step.to == "owner" else first_with([step.to], colleagues(rows))
    person = person or colleague(rows, owner)
    there = person.zone if rows.get("people", person.id) else zone
    return Reader(person.id, there, desk.reminders.at, desk.calendars.of_zone(there))


def owner_for(rows: Rows, roles: Iterable[str], otherwise: str) -> Colleague:
    """Who answers for a task: the first person with one of its roles, else the owner of the filing."""
    return first_with(roles, colleagues(rows)) or colleague(rows, otherwise)


def show_reminders(tx: Transaction, desk: Desk, owner: str, name: str, now: datetime) -> None:
    """Want the message `name` to show its reminders as they stand now, finished ones struck."""
    rows = tx.where("reminders", "message", name)
    reader = colleague(tx, owner)
    reply = reminder_reply(desk.words, reader, [_due(tx, desk, from_row(Reminder, row), reader.lang) for row in rows], now)
    show(tx, name, owner, "", reply, now, str(rows[0]["subject"]) if rows else "")


def _due(rows: Rows, desk: Desk, reminder: Reminder, lang: str) -> Due:
    """A reminder with what it is about, the task's title in the reader's language."""
    task, filing, shipment = (
        rows.get(table, key) if key else None
        for table, key in (("tasks", reminder.task), ("filings", reminder.subject), ("shipments", reminder.subject)))
    about = filing or (rows.get("filings", shipment["filing"]) if shipment and shipment["filing"] else None)
    title = desk.checklist.item(task["item"]).text.said(lang) if task else ""
    return Due(reminder=reminder, task=replace(from_row(FilingTask, task), title=title) if task else None,
               filing=from_row(Filing, about) if about else None,
               shipment=from_row(Shipment, shipment) if shipment else None)

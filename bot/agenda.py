"""The dates of filings and shipments and the reminders tied to them: planned, re-planned when a date moves, closed when done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.people import Colleague, first_with
from bot.domain.planning import plan_filing
from bot.domain.reminding import Reader, Reminder, ReminderStep, closed_for, one_a_day, replanned, wanted
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment, shipment_from
from bot.errors import BadDate
from bot.outbox import show, show_filing, want_ticket
from bot.ports import Desk, Rows, Transaction
from bot.records import colleague, colleagues, keep, note_audit, reminders_about, tasks_of
from bot.replies.reminders import Due, reminder_reply

HORIZON_YEARS = 3
"""Further ahead nobody ships: it is a slip of the pen."""


def plan_filing_reminders(tx: Transaction, desk: Desk, filing: Filing, tasks: Iterable[FilingTask], now: datetime) -> None:
    """Every open task of an open filing gets its reminders; what waited for other dates is closed."""
    asked = [task for task in tasks if not task.done] if filing.state in OPEN_STATES else []
    wishes = [wish for task in asked for wish in _for_task(tx, desk, filing, task, now)]
    _write(tx, filing.id, wishes, "moved")


def plan_shipment_reminders(tx: Transaction, desk: Desk, shipment: Shipment, now: datetime) -> None:
    """The reminders tied to the ETD of a shipment; none for one that has left, was cancelled, or has nothing to file."""
    why = shipment.state if shipment.state != "planned" else "out of scope" if shipment.verdict == "out_of_scope" else ""
    steps = () if why else desk.reminders.shipment
    wishes = [wanted(shipment.id, "", shipment.etd, step, _reader(tx, desk, step, shipment.owner, shipment.zone), now)
              for step in steps]
    _write(tx, shipment.id, wishes, why or "moved")


def check_etd(desk: Desk, etd: date, lang: str, now: datetime, zone: str = "", at: datetime | None = None) -> None:
    """BadDate for an ETD that lies behind us (as a date in `zone`, the desk's by default) or further than anybody plans."""
    today = now.astimezone(ZoneInfo(zone or desk.zone)).date()
    if etd < today or (at and at < now):
        raise BadDate(desk.words.say(lang, "error.etd_past", etd=etd.isoformat(), today=today.isoformat()))
    if etd.year > today.year + HORIZON_YEARS:
        raise BadDate(desk.words.say(lang, "error.etd_far", etd=etd.isoformat()))


def replan_filing(tx: Transaction, desk: Desk, filing: Filing, etd: date, by: str, now: datetime) -> tuple[Filing, int]:
    """Plan what is open for another ETD; returns the filing as it stands now and how many tasks moved."""
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    plan = plan_filing(desk.checklist, filing.category, etd, today, desk.calendar)
    known = replace(filing, etd=etd, days_short=plan.days_short, earliest=plan.earliest)
    dues = {planned.item.id: planned.due for planned in plan.tasks}
    before = tasks_of(tx, filing.id)
    after = [task if task.done else replace(task, due=dues.get(task.item, task.due)) for task in before]
    for value in after:
        keep(tx, "tasks", value)
    keep(tx, "filings", known)
    plan_filing_reminders(tx, desk, known, after, now)
    want_ticket(tx, filing.id, now)
    show_filing(tx, desk.words, known, now)
    note_audit(tx, filing.id, "etd moved", by, now, before=filing.etd, after=etd)
    return known, sum(old.due != new.due for old, new in zip(before, after, strict=True))


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


def hand_reminders(tx: Transaction, desk: Desk, task: FilingTask, before: str) -> None:
    """What is still to come for the owner of the task goes to its owner of now; what goes to a role stays with it."""
    taker, kinds = colleague(tx, task.owner), {step.kind for step in desk.reminders.task if step.to == "owner"}
    for row in tx.where("reminders", "task", task.id):
        if row["state"] == "pending" and row["kind"] in kinds and row["owner"] == before != taker.id:
            tx.put("reminders", row | {"owner": taker.id, "zone": taker.zone})


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
    covering = shipment_from(shipment).filing if shipment else ""
    about = filing or (rows.get("filings", covering) if covering else None)
    title = desk.checklist.item(task["item"]).text.said(lang) if task else ""
    return Due(reminder=reminder, task=replace(from_row(FilingTask, task), title=title) if task else None,
               filing=from_row(Filing, about) if about else None,
               shipment=shipment_from(shipment) if shipment else None)

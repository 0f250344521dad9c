"""The dates of filings and shipments and the reminders tied to them: planned, re-planned when a date moves, closed when done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.desk.digest import show_again
from bot.desk.readers import addressee, reader_of
from bot.desk.records import keep, reminders_about, tasks_of
from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.reminding import (
    Reader,
    Reminder,
    ReminderStep,
    closed_for,
    date_in,
    for_reader,
    next_morning,
    none_forgotten,
    none_of_the_past,
    one_a_day,
    over_first,
    replanned,
    wanted,
)
from bot.domain.requests import Request, next_weekly, once
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment, shipment_from
from bot.errors import BadDate
from bot.ports import Desk, Rows, Transaction

SUBMISSION = "N11"
"""The task that submits the filing."""
HORIZON_YEARS = 3
"""Further ahead nobody ships: it is a slip of the pen."""


def plan_filing_reminders(tx: Transaction, desk: Desk, filing: Filing, tasks: Iterable[FilingTask], now: datetime) -> None:
    """Every open task of an open filing gets its reminders, and the filing itself; what waited for other dates is closed."""
    asked = [task for task in tasks if not task.done] if filing.state in OPEN_STATES else []
    wishes = [wish for task in asked for wish in _for_task(tx, desk, filing, task, now)]
    today = date_in(now, filing.zone)
    if any(wish.anchor < today for wish in wishes):
        wishes = none_of_the_past(wishes, reminders_about(tx, filing.id), today)
    if filing.state in OPEN_STATES:
        wishes += _wished(tx, desk, filing, desk.reminders.filing, filing.etd, now)
        wishes += _asked(tx, desk, filing, now)
    write_plan(tx, desk, filing.id, wishes, "moved", now)


def plan_shipment_reminders(tx: Transaction, desk: Desk, shipment: Shipment, now: datetime) -> None:
    """The reminders tied to the ETD of a shipment; none for one that has left, was cancelled, or has nothing to file.

    What somebody asked for is another thing: it ends when the shipment does.
    """
    why = shipment.state if shipment.state != "planned" else "out of scope" if shipment.verdict == "out_of_scope" else ""
    wishes = [] if why else list(_wished(tx, desk, shipment, desk.reminders.shipment, shipment.etd, now))
    wishes += _asked(tx, desk, shipment, now) if shipment.state == "planned" else []
    write_plan(tx, desk, shipment.id, wishes, why or "moved", now)


def plan_subject(tx: Transaction, desk: Desk, subject: str, now: datetime) -> None:
    """Plan a filing or shipment as it is now, as after somebody asked for a reminder about it."""
    filing, shipment = tx.get("filings", subject), tx.get("shipments", subject)
    if filing:
        plan_filing_reminders(tx, desk, from_row(Filing, filing), tasks_of(tx, subject), now)
    if shipment:
        plan_shipment_reminders(tx, desk, shipment_from(shipment), now)


def plan_for_reader(tx: Transaction, desk: Desk, who: str, now: datetime) -> int:
    """Somebody's zone, hour or calendar is another now: what waits for them follows; returns how many reminders moved."""
    waiting = [from_row(Reminder, row) for row in tx.where("reminders", "owner", who) if row["state"] == "pending"]
    moved = 0
    for reminder in waiting:
        there = for_reader(reminder, reader_of(tx, desk, who, reminder.zone), now)
        if (there.planned_for, there.zone) != (reminder.planned_for, reminder.zone):
            keep(tx, "reminders", there)
            moved += 1
    return moved


def etd_zone(rows: Rows, thing: Filing | Shipment) -> str:
    """The zone an ETD is a date of; for a filing and its shipments that leave on that date the one in which it ends first."""
    leaving = rows.where("shipments", "goods.filing", thing.id) if isinstance(thing, Filing) else []
    same = (row["zone"] for row in leaving if row["state"] == "planned" and row["etd"] == thing.etd.isoformat())
    return over_first(thing.etd, dict.fromkeys([thing.zone, *same]))


def check_etd(desk: Desk, etd: date, lang: str, now: datetime, zone: str = "", at: datetime | None = None) -> None:
    """BadDate, at its field, for an ETD behind us (as a date in `zone`, the desk's by default) or further than anybody plans."""
    today = now.astimezone(ZoneInfo(zone or desk.zone)).date()
    if etd < today or (at and at < now):
        told = desk.words.say(lang, "error.etd_past", etd=desk.words.day(lang, etd), today=desk.words.day(lang, today))
        raise BadDate(told).at("etd" if etd < today else "time")
    if etd.year > today.year + HORIZON_YEARS:
        raise BadDate(desk.words.say(lang, "error.etd_far", etd=desk.words.day(lang, etd))).at("etd")


def asked_for(rows: Rows, who: str) -> list[Reminder]:
    """What somebody asked to be reminded of, or is to hear because somebody asked, as far as it is still to come; next first."""
    theirs = {f"ask.{row['id']}": row["subject"] for row in rows.every("requests") if row["by"] == who}
    found = [row for subject in sorted(set(theirs.values())) for row in rows.where("reminders", "subject", subject)]
    found = [row for row in found if row["kind"] in theirs] + rows.where("reminders", "owner", who)
    waiting = {row["id"]: from_row(Reminder, row) for row in found if row["words"] and row["state"] == "pending"}
    return sorted(waiting.values(), key=lambda one: (one.due_on, one.id))


def close_reminders(tx: Transaction, desk: Desk, subject: str, why: str, now: datetime, task: str = "") -> None:
    """Nothing more is sent about the subject (or one task of it), and what was sent reads so; `why` stays in the ledger."""
    about = [reminder for reminder in reminders_about(tx, subject) if not task or reminder.task == task]
    for reminder in closed_for(about, why):
        keep(tx, "reminders", reminder)
    unanswered = [reminder for reminder in about if reminder.state == "sent"]
    for reminder in unanswered:
        keep(tx, "reminders", replace(reminder, state="done", why="done" if task else why))
    show_again(tx, desk, {reminder.message for reminder in unanswered}, now)


def hand_reminders(tx: Transaction, desk: Desk, task: FilingTask, before: str, now: datetime) -> None:
    """What is still to come for the owner of the task goes to its owner of now; what goes to a role stays with it."""
    for row in tx.where("reminders", "task", task.id):
        reminder = from_row(Reminder, row)
        if reminder.state == "pending" and reminder.to == "owner" and reminder.owner == before != task.owner:
            keep(tx, "reminders", for_reader(reminder, reader_of(tx, desk, task.owner, reminder.zone), now))


def write_plan(tx: Transaction, desk: Desk, subject: str, wishes: Iterable[Reminder], why: str, now: datetime) -> None:
    """As `keep_plan`, for a subject that may be another now: what was sent about it reads so."""
    existing = reminders_about(tx, subject)
    if keep_plan(tx, desk, existing, wishes, why, now):
        show_again(tx, desk, {reminder.message for reminder in existing if reminder.state == "sent"}, now)


def keep_plan(tx: Transaction, desk: Desk, existing: list[Reminder], wishes: Iterable[Reminder], why: str, now: datetime) -> bool:
    """Let what waits of the existing be what is wished; `why` is noted where something no longer fits. Whether anything did."""
    complete = one_a_day(none_forgotten(wishes, existing, partial(_morning, tx, desk, now)))
    changes = replanned(existing, complete, why)
    for reminder in changes:
        keep(tx, "reminders", reminder)
    return bool(changes)


def _morning(rows: Rows, desk: Desk, now: datetime, who: str) -> datetime:
    reader = reader_of(rows, desk, who)
    return next_morning(now, reader.at, reader.zone, reader.calendar)


def _for_task(rows: Rows, desk: Desk, filing: Filing, task: FilingTask, now: datetime) -> list[Reminder]:
    if task.due is None:
        return []
    steps = [(step, task.id) for step in desk.reminders.task]
    steps += [(step, "") for step in desk.reminders.submission if task.item == SUBMISSION]
    readers = _readers(rows, desk, (step for step, _ in steps), task.owner, filing.zone, now)
    return [wanted(filing.id, about, task.due, step, readers[step.to], now, anchor_zone=filing.zone) for step, about in steps]


def _wished(rows: Rows, desk: Desk, thing: Filing | Shipment, steps: Sequence[ReminderStep], anchor: date,
            now: datetime) -> Iterator[Reminder]:
    zone, readers = etd_zone(rows, thing), _readers(rows, desk, steps, thing.owner, thing.zone, now)
    for step in steps:
        yield wanted(thing.id, "", anchor, step, readers[step.to], now, anchor_zone=zone)


def _asked(rows: Rows, desk: Desk, thing: Filing | Shipment, now: datetime) -> Iterator[Reminder]:
    """What people asked to be reminded of about it."""
    for request in (from_row(Request, row) for row in rows.where("requests", "subject", thing.id) if row["state"] == "open"):
        reader = _reader(rows, desk, request.step.to, thing.owner, thing.zone, now)
        if request.day:
            yield once(thing.id, request.step, request.day, reader, now, request.words)
        elif request.weekday is None:
            yield wanted(thing.id, "", thing.etd, request.step, reader, now, request.words, etd_zone(rows, thing))
        else:
            yield next_weekly(thing.id, request.step, request.weekday, reader, now, request.words)


def _readers(rows: Rows, desk: Desk, steps: Iterable[ReminderStep], owner: str, zone: str, now: datetime) -> dict[str, Reader]:
    """The reader of each step by whom it is for; most are for the same few, so each is looked up once."""
    return {to: _reader(rows, desk, to, owner, zone, now) for to in {step.to for step in steps}}


def _reader(rows: Rows, desk: Desk, to: str, owner: str, zone: str, now: datetime) -> Reader:
    return reader_of(rows, desk, addressee(rows, desk, to, owner, now), zone)

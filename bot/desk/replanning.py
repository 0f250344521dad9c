"""A filing's plan becomes another: what a confirmed change writes, and what an event begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import plan_filing_reminders
from bot.desk.gatehouse import expire_signs
from bot.desk.late_plans import tell_late_plan
from bot.desk.left_behind import keep_offer
from bot.desk.outbox import show_filing, want_ticket
from bot.desk.plans import propose, started
from bot.desk.records import keep, note_audit, tasks_of
from bot.desk.telling_moves import tell_changed, tell_thread
from bot.domain.change import Change
from bot.domain.filing import Filing
from bot.domain.people import Colleague
from bot.errors import BadInput
from bot.ports import Desk, Transaction


def replan_filing(tx: Transaction, desk: Desk, filing: Filing, etd: date, by: str, now: datetime) -> Change:
    """Plan what is open for another ETD; returns before and after."""
    change = propose(desk, tx, filing, replace(filing, etd=etd), now)
    take_change(tx, desk, change, by, now, "etd moved")
    return change


def take_change(tx: Transaction, desk: Desk, change: Change, by: str, now: datetime, act: str, **why: object) -> None:
    """The proposed plan becomes the filing's: rows, reminders, ticket, message and audit trail."""
    for task in change.tasks:
        keep(tx, "tasks", task)
    keep(tx, "filings", change.after)
    plan_filing_reminders(tx, desk, change.after, change.tasks, now)
    want_ticket(tx, change.after.id, now)
    show_filing(tx, desk.words, change.after, now)
    told = tell_late_plan(tx, desk, change.after, change.tasks, now, (by, change))
    tell_changed(tx, desk, change, by, now, told)
    tell_thread(tx, desk, change, by, now)
    keep_offer(tx, desk, change.after.id, now)
    note_audit(tx, change.after.id, act, by, now, **change.differences(), **why)
    expire_signs(tx, desk, change.after, by, now)


def begin_by_event(tx: Transaction, desk: Desk, filing: Filing, event: str, now: datetime) -> None:
    """Something happened ("list", "change"): the tasks that wait for it get their date, nothing else moves."""
    today = now.astimezone(ZoneInfo(filing.zone)).date()
    tasks = [started(desk, task, event, today) for task in tasks_of(tx, filing.id)]
    for task in tasks:
        keep(tx, "tasks", task)
    plan_filing_reminders(tx, desk, filing, tasks, now)
    want_ticket(tx, filing.id, now)
    show_filing(tx, desk.words, filing, now)


def check_seen(desk: Desk, change: Change, seen: str, by: Colleague) -> None:
    """BadInput where what a person looked at, by its digest, is not what stands there any more; "" was not looked at."""
    if seen and seen != change.seen:
        raise BadInput(desk.words.say(by.lang, "error.changed_meanwhile", id=change.before.id))

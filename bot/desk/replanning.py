"""A filing's plan becomes another: what a confirmed change writes, what an event begins, and a plan that is late is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import plan_filing_reminders
from bot.desk.gatehouse import expire_signs
from bot.desk.outbox import show, show_filing, want_ticket
from bot.desk.plans import propose, started, told_in
from bot.desk.readers import reader_of, receiver_of
from bot.desk.records import colleague, colleagues, keep, note_audit, tasks_of
from bot.domain.change import Change
from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.people import Colleague, first_with
from bot.domain.reminding import at_decent_hour, working_days_since
from bot.domain.standing import held_up
from bot.errors import BadInput
from bot.ports import Desk, Transaction
from bot.replies.plans import late_plan_reply


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
    tell_late_plan(tx, desk, change.after, change.tasks, now)
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


def tell_late_plan(tx: Transaction, desk: Desk, filing: Filing, tasks: Sequence[FilingTask], now: datetime) -> None:
    """A plan that cannot be kept is told to the project manager, once for each ETD and pace, and never at night."""
    today = now.astimezone(ZoneInfo(filing.zone)).date()
    behind = [task for task in tasks if task.due and task.due < today and not task.done]
    if filing.state in OPEN_STATES and behind:
        manager = first_with(["PM"], colleagues(tx)) or colleague(tx, filing.owner)
        reader = colleague(tx, receiver_of(tx, desk, manager.id, now).id)
        late = [(task, working_days_since(task.due or today, today, desk.calendar))
                for task in told_in(desk, behind, reader.lang)]
        reply = late_plan_reply(desk.words, reader.lang, replace(filing, lang=reader.lang), late,
                                held_up([task.item for task in behind], tasks, desk.checklist.waits()))
        hours = reader_of(tx, desk, reader.id)
        soon = at_decent_hour(now, hours.at, hours.zone, hours.calendar, hours.until)
        show(tx, f"late:{filing.id}:{filing.etd}:{filing.band}", reader.id, "", reply, soon, filing.id)

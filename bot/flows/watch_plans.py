"""What time and files do to plans and sign-offs: rounds begin again, what is late is told, what lost its ground ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import plan_filing_reminders
from bot.desk.gatehouse import expire_signs, expiring
from bot.desk.late_plans import tell_late_plan
from bot.desk.outbox import show_filing, want_ticket
from bot.desk.plans import plan_of, submitted_on, with_plan
from bot.desk.records import filing_of, keep, note_audit, tasks_of
from bot.domain.checklist import COMPLETION
from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.planning import BANDS, next_time
from bot.ports import Desk, Transaction


def watch_plans(desk: Desk, now: datetime) -> int:
    """Look after every open filing, and every one with sign-offs; returns how many had something to be done."""
    open_ids = [row["id"] for row in desk.store.every("filings") if row["state"] in OPEN_STATES]
    signed = {row["filing"] for row in desk.store.where("sign_offs", "state", "standing")}
    return sum(_look_after(desk, filing, now) for filing in dict.fromkeys([*open_ids, *sorted(signed)]))


def _look_after(desk: Desk, filing_id: str, now: datetime) -> bool:
    filing = filing_of(desk.store, filing_id)
    today = now.astimezone(ZoneInfo(filing.zone)).date()
    rounds, known = _rounds(desk, filing, today), _as_it_stands(desk, filing, today)
    if not (rounds or known != filing or expiring(desk, desk.store, filing)):
        return False
    with desk.store.transaction() as tx:
        expire_signs(tx, desk, filing_of(tx, filing_id), "catalogue", now)
        if filing.state in OPEN_STATES:
            _keep_plan(desk, tx, filing_id, today, now)
    return True


def _keep_plan(desk: Desk, tx: Transaction, filing_id: str, today: date, now: datetime) -> None:
    filing = filing_of(tx, filing_id)
    again = _rounds(desk, filing, today, tx)
    for task in again:
        keep(tx, "tasks", task)
        note_audit(tx, task.id, "next round", "calendar", now, after=task.due)
    known = _as_it_stands(desk, filing, today, tx)
    keep(tx, "filings", known)
    tasks = tasks_of(tx, filing_id)
    if again:
        plan_filing_reminders(tx, desk, known, tasks, now)
        want_ticket(tx, filing_id, now)
    if known.days_short > filing.days_short:
        tell_late_plan(tx, desk, known, tasks, now)
    show_filing(tx, desk.words, known, now)


def _rounds(desk: Desk, filing: Filing, today: date, tx: Transaction | None = None) -> list[FilingTask]:
    """Tasks that come again, were done and whose day is over: open for their next time, until the filing is complete."""
    tasks = tasks_of(tx or desk.store, filing.id)
    ended = {COMPLETION, *_waited_for(desk)} if any(task.item == COMPLETION and task.done for task in tasks) else set()
    over = [task for task in tasks if task.done and task.due and task.due < today and task.item not in ended]
    again = [(task, _next_time(desk, filing, task, today)) for task in over if task.done_by != "change"]
    return [replace(task, done=False, done_by="", due=due) for task, due in again if due and filing.state in OPEN_STATES]


def _waited_for(desk: Desk) -> tuple[str, ...]:
    return next((item.after for item in desk.checklist.items if item.id == COMPLETION), ())


def _next_time(desk: Desk, filing: Filing, task: FilingTask, today: date) -> date | None:
    item = next((one for one in desk.checklist.items if one.id == task.item), None)
    return next_time(item, task.due, filing.etd, today, desk.calendar) if item and task.due else None


def _as_it_stands(desk: Desk, filing: Filing, today: date, tx: Transaction | None = None) -> Filing:
    """The filing with what its plan lacks today: more where an open task is late, less once it is done; else the same."""
    tasks = tasks_of(tx or desk.store, filing.id)
    late = any(task.due and task.due < today and not task.done for task in tasks)
    if filing.state not in OPEN_STATES or not (late or filing.days_short or _submitted_late(filing, tasks)):
        return filing
    plan = plan_of(desk, filing, today, tasks)
    return with_plan(filing, plan, desk.calendar, today) if plan.days_short != filing.days_short else filing


def _submitted_late(filing: Filing, tasks: Iterable[FilingTask]) -> bool:
    day = submitted_on(tasks)
    return bool(day and filing.submissions and day > filing.submissions[BANDS.index(filing.band)])

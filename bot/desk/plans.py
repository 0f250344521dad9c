"""How a stored filing is planned: its tasks at first, and what a change would move, to be seen before it is taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.records import owner_for, tasks_of
from bot.domain.change import Change
from bot.domain.checklist import SUBMISSION
from bot.domain.filing import Filing, FilingTask, label_of
from bot.domain.planning import Kind, Plan, PlannedTask, due_by_event, plan_filing
from bot.domain.standing import Standing
from bot.ports import Calendar, Desk, Rows


def propose(desk: Desk, rows: Rows, filing: Filing, wanted: Filing, now: datetime, *, event: str = "") -> Change:
    """What it would mean to make `filing` the `wanted` one: what is open is planned anew, what is done stays.

    An `event` ("change") starts the tasks that wait for it.
    """
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    was = tasks_of(rows, filing.id)
    plan = plan_of(desk, wanted, today, was)
    planned = {task.item.id: task for task in plan.tasks}
    kept = [_replanned(task, planned.get(task.item), today) for task in was]
    kept = [started(desk, task, event, today) for task in kept]
    new = [planned[name] for name in planned if name not in {task.item for task in was}]
    after = with_plan(wanted, plan, desk.calendar, today)
    return Change(filing, after, tuple(was), (*kept, *fresh_tasks(desk, rows, after, new)), today)


def plan_of(desk: Desk, filing: Filing, today: date, tasks: Collection[FilingTask] = ()) -> Plan:
    """The plan of a filing as it is stored; done tasks take no more time, the review counts from the submission."""
    done = [task.item for task in tasks if task.done]
    kind = Kind(filing.category, filing.destinations)
    return plan_filing(desk.checklist, kind, filing.etd, today, desk.calendar, band=filing.band, done=done,
                       submitted=submitted_on(tasks))


def submitted_on(tasks: Iterable[FilingTask]) -> date | None:
    """The day the report went to the authority, as far as somebody said so; None before."""
    return next((task.done_on for task in tasks if task.item == SUBMISSION and task.done), None)


def with_plan(filing: Filing, plan: Plan, calendar: Calendar, today: date) -> Filing:
    """The filing with what its plan says of it."""
    years = range(today.year, max(plan.etd, *plan.earliest).year + 1)
    estimated = tuple(year for year in years if calendar.is_estimated(date(year, 1, 1)))
    return replace(filing, days_short=plan.days_short, earliest=plan.earliest, submissions=plan.submissions,
                   critical=plan.path, estimated=estimated)


def fresh_tasks(desk: Desk, rows: Rows, filing: Filing, planned: Iterable[PlannedTask]) -> list[FilingTask]:
    """Tasks as they are first stored, each with somebody who answers for it."""
    return [FilingTask(
        id=f"{filing.id}.{one.item.id}", filing=filing.id, item=one.item.id, title=one.item.text.said(filing.lang),
        due=one.due, role=", ".join(one.item.owners), owner=owner_for(rows, one.item.owners, filing.owner).id,
        basis=one.item.basis, label=label_of(desk.label, f"{filing.id}-{one.item.id}")) for one in planned]


def started(desk: Desk, task: FilingTask, event: str, today: date) -> FilingTask:
    """Begun, or begun again, by what has happened."""
    item = next((item for item in desk.checklist.items if item.id == task.item and item.event == event), None)
    if not event or item is None or task.done_by == "change":
        return task
    return replace(task, due=due_by_event(item, today, desk.calendar), done=False, done_by="", evidence="")


def told_in(desk: Desk, tasks: Iterable[FilingTask], lang: str) -> tuple[FilingTask, ...]:
    """The tasks with their titles in a reader's language; one the checklist no longer knows keeps its own."""
    titles = {item.id: item.text.said(lang) for item in desk.checklist.items}
    return tuple(replace(task, title=titles.get(task.item, task.title)) for task in tasks)


def standing_told_in(desk: Desk, one: Standing, lang: str) -> Standing:
    """A filing as it stands, with its tasks' titles in a reader's language."""
    return replace(one, filing=replace(one.filing, lang=lang), tasks=told_in(desk, one.tasks, lang))


def change_told_in(desk: Desk, change: Change, lang: str) -> Change:
    """A change as it is shown to a reader of this language."""
    return replace(change, before=replace(change.before, lang=lang), after=replace(change.after, lang=lang),
                   was=told_in(desk, change.was, lang), tasks=told_in(desk, change.tasks, lang))


def _replanned(task: FilingTask, planned: PlannedTask | None, today: date) -> FilingTask:
    if task.done:
        return task
    if planned is None:
        return replace(task, done=True, done_by="change")  # it no longer applies: closed, and kept in the records
    runs = planned.item.recurring_days and task.due and not (planned.item.days_before and planned.due and planned.due >= today)
    return task if runs or not planned.due else replace(task, due=planned.due)

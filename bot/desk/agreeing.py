"""One task's ticket is brought to what the task says: due date, done or not, assignee, evidence; each step may be repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.desk.comments import want_comment
from bot.desk.records import colleague, filing_of, keep, task_of
from bot.domain.filing import FilingTask
from bot.domain.in_step import due_differs
from bot.domain.people import Colleague
from bot.errors import Refused
from bot.ports import Desk, Tracker

REOPENED = ("new", "indeterminate")
"""Where a task that is not done after all may go; workflows lead back to one or the other."""


def push_task(desk: Desk, tracker: Tracker, task: FilingTask, now: datetime) -> None:
    """Write what differs, field by field, each kept before the next; fields that agree are left to whoever changes them there."""
    if due_differs(task) and task.due:
        _write(desk, task, "ticket_due", task.due, partial(tracker.set_due, task.ticket, task.due))
    if task.done != task.ticket_done:
        _write(desk, task, "ticket_done", task.done, partial(_move, tracker, task))
    if task.assign:
        _assign(desk, tracker, task, colleague(desk.store, task.owner), now)
    if task.evidence != task.ticket_evidence:
        _show_evidence(desk, tracker, task, now)


def _write(desk: Desk, task: FilingTask, field: str, value: object, call: Callable[[], None]) -> None:
    """From before the call until its answer the other side is unknown (None), which agrees with nothing.

    Else a change taken back after an answer was lost would look like nothing to do, and come back with the next look.
    """
    _keep(desk, task, field, None)
    call()
    _keep(desk, task, field, value)


def _keep(desk: Desk, task: FilingTask, field: str, value: object) -> None:
    with desk.store.transaction() as tx:
        keep(tx, "tasks", replace(task_of(tx, task.id), **{field: value}))  # type: ignore[arg-type]  # a field of the task


def _move(tracker: Tracker, task: FilingTask) -> None:
    if task.done:
        tracker.move(task.ticket, "done")
    elif tracker.get(task.ticket).status_kind == "done":  # somebody may have taken it up again: that is not pushed back
        _reopen(tracker, task.ticket)


def _reopen(tracker: Tracker, key: str) -> None:
    try:
        tracker.move(key, REOPENED[0])
    except Refused:
        tracker.move(key, REOPENED[1])


def _assign(desk: Desk, tracker: Tracker, task: FilingTask, owner: Colleague, now: datetime) -> None:
    """Whom the tracker cannot assign keeps the task here, and a comment there says who was meant."""
    known = _assigned(tracker, task.ticket, owner.email)
    seen = owner.email.lower() if known else tracker.get(task.ticket).assignee
    with desk.store.transaction() as tx:
        current, filing = task_of(tx, task.id), filing_of(tx, task.filing)
        keep(tx, "tasks", replace(current, assign=current.owner != task.owner, ticket_assignee=seen))
        if not known:
            meant = desk.words.say(desk.lang, "ticket.meant", name=owner.name, item=task.item)
            want_comment(tx, f"meant:{task.id}:{owner.id}", filing.id, task.id, meant, now)


def _assigned(tracker: Tracker, key: str, email: str) -> bool:
    try:
        return tracker.assign(key, email)
    except Refused:  # known, but not to be assigned in this project
        return False


def _show_evidence(desk: Desk, tracker: Tracker, task: FilingTask, now: datetime) -> None:
    """An address becomes a link, which is replaced by the next one; any other words, or none any more, become a comment."""
    key = "ticket.evidence_of" if task.evidence else "ticket.evidence_gone"
    said = desk.words.say(desk.lang, key, item=task.item, evidence=task.evidence)
    is_link = task.evidence.startswith(("https://", "http://"))
    if is_link:
        tracker.link(task.ticket, task.evidence, said, f"{task.label}-evidence")
    with desk.store.transaction() as tx:
        if not is_link:
            sign = hashlib.sha256(f"{task.ticket_evidence}>{task.evidence}".encode()).hexdigest()[:12]
            want_comment(tx, f"evidence:{task.id}:{sign}", task.filing, task.id, said, now)
        keep(tx, "tasks", replace(task_of(tx, task.id), ticket_evidence=task.evidence))

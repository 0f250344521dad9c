"""Somebody changes a task here: done with its evidence or open again, given to somebody else, a comment for its ticket."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import close_reminders, hand_reminders, plan_filing_reminders
from bot.desk.comments import want_comment
from bot.desk.gatehouse import expire_signs
from bot.desk.outbox import show_filing, want_ticket
from bot.desk.records import filing_of, keep, note_audit, task_of, tasks_of
from bot.domain.filing import Filing, FilingTask, as_done, may_change
from bot.domain.people import Colleague
from bot.errors import NotAllowed
from bot.ports import Desk, Transaction
from bot.replies.names import role_words


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What is to be another; None leaves it as it is, whatever it became meanwhile. `comment` goes to the ticket, "" for none.

    `key` is unique to the wish (the form's id), so that a form sent twice comments once.
    """

    key: str
    done: bool | None = None
    owner: str | None = None
    evidence: str | None = None
    comment: str = ""


def change_task(desk: Desk, task_id: str, change: TaskChange, by: Colleague, now: datetime) -> FilingTask:
    """Change it here and want it so in the tracker; NotAllowed for what belongs to others. A comment anybody may make."""
    with desk.store.transaction() as tx:
        task = task_of(tx, task_id)
        filing = filing_of(tx, task.filing)
        new = _changed(task, change, by, now.astimezone(ZoneInfo(filing.zone)).date())
        if new != task:
            _check(desk, filing, task, by)
            _keep(tx, desk, filing, task, new, by, now)
        if change.comment:
            said = desk.words.say(desk.lang, "ticket.said_in_slack", name=by.name, text=change.comment)
            want_comment(tx, change.key, filing.id, task.id, said, now)
    return new


def _changed(task: FilingTask, change: TaskChange, by: Colleague, today: date) -> FilingTask:
    if change.done is not None and change.done != task.done:
        # to be written even if somebody takes it back before it was: what they said last may differ from the tracker
        task = as_done(task, by.id, today) if change.done else replace(task, done=False, done_by="")
        task = replace(task, ticket_done=None)
    if change.owner and change.owner != task.owner:
        task = replace(task, owner=change.owner, assign=True)
    return task if change.evidence is None else replace(task, evidence=change.evidence)


def _check(desk: Desk, filing: Filing, task: FilingTask, by: Colleague) -> None:
    if not may_change(task, filing, by.id, by.role):
        role = role_words(desk.words, by.lang, task.role)
        raise NotAllowed(desk.words.say(by.lang, "error.not_your_task", item=task.item, role=role))


def _keep(tx: Transaction, desk: Desk, filing: Filing, old: FilingTask, new: FilingTask, by: Colleague, now: datetime) -> None:
    keep(tx, "tasks", new)
    hand_reminders(tx, desk, new, old.owner, now)
    if new.done and not old.done:
        close_reminders(tx, desk, filing.id, "done", now, new.id)
    elif new.done != old.done or new.owner != old.owner:
        plan_filing_reminders(tx, desk, filing, tasks_of(tx, filing.id), now)
    note_audit(tx, new.id, "task changed", by.id, now, done_before=old.done, done=new.done, owner_before=old.owner,
               owner=new.owner, evidence_before=old.evidence, evidence=new.evidence)
    want_ticket(tx, filing.id, now)
    show_filing(tx, desk.words, filing, now)
    expire_signs(tx, desk, filing, by.id, now)  # a release rests on what was done before it

"""The rule by which a filing and its tickets stay in step while people change both sides.

It goes field by field. For each the desk remembers what the tracker was last seen with, or last had from us.

- Where both agreed, a change made in the tracker is taken over: whoever was last there wins.
- A field we are about to write ourselves is left alone until it is written: then ours wins, in the tracker too.
- A due date that was taken away there is put back; people the chat does not know leave our owner as it was.

So after the next delivery and the next look both sides say the same, and no change goes back and forth.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.domain.filing import Filing, FilingTask, as_done
from bot.domain.ticket import Ticket


def task_as_there(task: FilingTask, ticket: Ticket, person: str, today: date) -> FilingTask:
    """The task with what people changed in its sub-task, seen today (in the filing's zone).

    `person` is the assignee's chat id, "" when the chat knows nobody.
    """
    return _with_assignee(_with_due(_with_done(replace(task, ticket=ticket.key), ticket, today), ticket), ticket, person)


def filing_as_there(filing: Filing, ticket: Ticket, person: str) -> Filing:
    """The filing with status, key and assignee of its ticket; the ETD stays, as moving it re-plans (`etd_there`)."""
    reopened = "open" if filing.state == "done" else filing.state
    known = replace(filing, status=ticket.status, status_kind=ticket.status_kind, ticket=ticket.key, ticket_url=ticket.url,
                    state="done" if ticket.status_kind == "done" else reopened)
    if ticket.assignee == filing.ticket_assignee:
        return known
    return replace(known, ticket_assignee=ticket.assignee, owner=person or filing.owner)


def due_changed_there(filing: Filing, ticket: Ticket) -> bool:
    """Whether people gave the ticket another due date, or none, while none of ours was on its way."""
    return filing.etd == filing.ticket_due != ticket.due


def only_looked_at(before: Filing | FilingTask, after: Filing | FilingTask) -> bool:
    """Nothing changed but that somebody has now seen whom the ticket is with."""
    first = before.ticket_assignee is None
    return before == (replace(after, ticket_assignee=None) if first else after)


def without_ticket(task: FilingTask) -> FilingTask:
    """The task whose sub-task was deleted: what it has is written again into the one that is made anew."""
    return replace(task, ticket="", ticket_due=None, ticket_done=False, ticket_assignee=None, ticket_evidence="", comment_mark="")


def differs(task: FilingTask) -> bool:
    """Whether something of the task is still to be written; a due date that is not planned is not taken away there either."""
    return bool(task.ticket) and (
        due_differs(task) or task.done != task.ticket_done or task.assign or task.evidence != task.ticket_evidence)


def due_differs(task: FilingTask) -> bool:
    """Whether the tracker has another due date than planned."""
    return task.due is not None and task.due != task.ticket_due


def _with_done(task: FilingTask, ticket: Ticket, today: date) -> FilingTask:
    done = ticket.status_kind == "done"
    if task.done != task.ticket_done or done == task.done:
        return task
    task = replace(task, ticket_done=done)
    return as_done(task, "tracker", today) if done else replace(task, done=False, done_by="")


def _with_due(task: FilingTask, ticket: Ticket) -> FilingTask:
    if task.due != task.ticket_due or task.due == ticket.due:
        return task
    return replace(task, due=ticket.due or task.due, ticket_due=ticket.due)


def _with_assignee(task: FilingTask, ticket: Ticket, person: str) -> FilingTask:
    if task.assign or ticket.assignee == task.ticket_assignee:
        return task
    return replace(task, ticket_assignee=ticket.assignee, owner=person or task.owner)

"""What people did in the tracker comes back: status, due dates and finished sub-tasks, by polling with overlap."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.agenda import close_reminders, plan_filing_reminders
from bot.domain.filing import Filing, FilingTask, installation_label, label_of
from bot.errors import Gone
from bot.outbox import show_filing
from bot.ports import Desk, Ticket, Tracker, Transaction
from bot.records import filing_of, filings, keep, note_audit, tasks_of

OVERLAP = timedelta(minutes=3)
"""Polls overlap, as the tracker's search counts in minutes and lags behind."""


def follow_tickets(desk: Desk, tracker: Tracker, now: datetime) -> int:
    """Take over every change since the last poll; returns how many tickets had one."""
    opened = [filing.opened_at for filing in filings(desk.store) if filing.ticket]
    if not opened:
        return 0
    asked = desk.store.get("notes", "poll")  # never asked yet: everything since the first ticket counts
    since = (datetime.fromisoformat(asked["at"]) if asked else min(opened)) - OVERLAP
    changed = tracker.changed(installation_label(label_of(desk.label, "")), since)
    followed = sum(_follow(desk, tracker, ticket, now) for ticket in changed)
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": "poll", "at": now.isoformat()})
    return followed


def _follow(desk: Desk, tracker: Tracker, seen: Ticket, now: datetime) -> bool:
    task_row = next(iter(desk.store.where("tasks", "ticket", seen.key)), None)
    filing_row = next(iter(desk.store.where("filings", "ticket", seen.key)), None)
    if not task_row and not filing_row:
        return False
    try:
        ticket = tracker.get(seen.key)  # the search may be behind: act on what the ticket itself says
    except Gone:
        return False
    with desk.store.transaction() as tx:
        if task_row:
            return _task_changed(desk, tx, task_row["filing"], task_row["id"], ticket, now)
        return _filing_changed(desk, tx, filing_of(tx, str((filing_row or {})["id"])), ticket, now)


def _filing_changed(desk: Desk, tx: Transaction, filing: Filing, ticket: Ticket, now: datetime) -> bool:
    known = replace(filing, status=ticket.status, status_kind=ticket.status_kind, ticket_url=ticket.url,
                    state="done" if ticket.status_kind == "done" else "open")
    if known == filing or filing.state == "opening":
        return False
    keep(tx, "filings", known)
    if known.state == "done":
        close_reminders(tx, filing.id, "filing done")
    elif filing.state == "done":
        plan_filing_reminders(tx, desk, known, tasks_of(tx, filing.id), now)
    note_audit(tx, filing.id, "ticket moved", "tracker", now, before=filing.status, after=ticket.status)
    show_filing(tx, desk.words, known, now)
    return True


def _task_changed(desk: Desk, tx: Transaction, filing_id: str, task_id: str, ticket: Ticket, now: datetime) -> bool:
    filing, tasks = filing_of(tx, filing_id), tasks_of(tx, filing_id)
    task = next(known for known in tasks if known.id == task_id)
    new = _as_in_tracker(task, ticket)
    if new == task:
        return False
    keep(tx, "tasks", new)
    if new.done:
        close_reminders(tx, filing.id, "done", task.id)
    else:
        plan_filing_reminders(tx, desk, filing, tasks_of(tx, filing_id), now)
    note_audit(tx, task.id, "ticket changed", "tracker", now, done=new.done, due=new.due)
    show_filing(tx, desk.words, filing, now)
    return True


def _as_in_tracker(task: FilingTask, ticket: Ticket) -> FilingTask:
    """The task with what people changed there; what we are about to change there ourselves stays ours."""
    done = ticket.status_kind == "done"
    if task.done == task.ticket_done:
        task = replace(task, done=done, ticket_done=done, done_by="tracker" if done and not task.done else task.done_by)
    if task.due == task.ticket_due and ticket.due:
        task = replace(task, due=ticket.due, ticket_due=ticket.due)
    return task

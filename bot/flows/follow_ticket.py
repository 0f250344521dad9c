"""What people did in the tracker comes back: status, due dates and finished sub-tasks, by polling with overlap.

A poll cannot show what was deleted, nor what the search forgot; so each poll also visits one filing, all of them in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.agenda import close_reminders, plan_filing_reminders
from bot.domain.filing import OPEN_STATES, Filing, FilingTask, installation_label, label_of
from bot.domain.rows import from_row
from bot.errors import Gone
from bot.outbox import show_filing
from bot.ports import Desk, Row, Ticket, Tracker, Transaction
from bot.records import filing_of, keep, note_audit, tasks_of

OVERLAP = timedelta(minutes=3)
"""Polls overlap, as the tracker's search counts in minutes and lags behind."""


def follow_tickets(desk: Desk, tracker: Tracker, now: datetime) -> int:
    """Take over every change since the last poll and visit one filing; returns how many tickets had a change."""
    known = [row for row in desk.store.every("filings") if row["ticket"]]
    if not known:
        return 0
    changed = tracker.changed(installation_label(label_of(desk.label, "")), _since(desk, known, now))
    followed = sum(_follow(desk, tracker, ticket, now) for ticket in changed)
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": "poll", "at": now.isoformat()})
    return followed + _visit_next(desk, tracker, [row["id"] for row in known if row["state"] in OPEN_STATES], now)


def _since(desk: Desk, known: Sequence[Row], now: datetime) -> datetime:
    """The last poll, or the first filing where there was none; never later than now, should the clock have gone back."""
    last = (desk.store.get("notes", "poll") or {}).get("at") or known[0]["opened_at"]
    return min(datetime.fromisoformat(last), now) - OVERLAP


def _follow(desk: Desk, tracker: Tracker, seen: Ticket, now: datetime) -> bool:
    """The search may be behind: act on what the ticket itself says."""
    for table in ("tasks", "filings"):
        for row in desk.store.where(table, "ticket", seen.key):
            return _look_at(desk, tracker, table, row, now)
    return False  # a ticket that only carries our label, such as a double, is not followed


def _look_at(desk: Desk, tracker: Tracker, table: str, row: Row, now: datetime) -> bool:
    try:
        ticket = tracker.get(row["ticket"])
    except Gone as error:
        return _gone(desk, str(row.get("filing", row["id"])), str(error), now)
    return _take_over(desk, table, row, ticket, now)


def _take_over(desk: Desk, table: str, row: Row, ticket: Ticket, now: datetime) -> bool:
    with desk.store.transaction() as tx:
        if tx.get(table, row["id"]) != row:
            return False  # changed here while we were looking there: the next poll overlaps and looks again
        if table == "tasks":
            return _task_changed(desk, tx, from_row(FilingTask, row), ticket, now)
        return _filing_changed(desk, tx, from_row(Filing, row), ticket, now)


# ── what a poll cannot show ────────────────────────────────────────────────────────────────────────


def _visit_next(desk: Desk, tracker: Tracker, open_ids: Sequence[str], now: datetime) -> int:
    """Look at one open filing with all its sub-tasks; the next poll takes the one after it."""
    if not open_ids:
        return 0
    last = (desk.store.get("notes", "visit") or {}).get("filing", "")
    chosen = open_ids[(open_ids.index(last) + 1) % len(open_ids)] if last in open_ids else open_ids[0]
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": "visit", "filing": chosen})
    return _visit(desk, tracker, chosen, now)


def _visit(desk: Desk, tracker: Tracker, filing_id: str, now: datetime) -> int:
    rows = {row["ticket"]: row for row in desk.store.where("tasks", "filing", filing_id) if row["ticket"]}
    filing = desk.store.get("filings", filing_id) or {}
    try:
        found = {ticket.key: ticket for ticket in tracker.children(filing["ticket"])}
    except Gone as error:
        return _gone(desk, filing_id, str(error), now)
    changed = sum(_take_over(desk, "tasks", rows[key], found[key], now) for key in rows if key in found)
    changed += sum(_look_at(desk, tracker, "tasks", rows[key], now) for key in rows if key not in found)
    return changed + _look_at(desk, tracker, "filings", desk.store.get("filings", filing_id) or filing, now)


def _gone(desk: Desk, filing_id: str, said: str, now: datetime) -> bool:
    """A deleted ticket or sub-task is said in the filing's message; a person decides whether it is made anew."""
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        if filing.state not in ("opening", "open"):
            return False  # parked: it is said already
        known = replace(filing, state="parked", trouble=said)
        keep(tx, "filings", known)
        note_audit(tx, filing_id, "ticket gone", "tracker", now, said=said)
        show_filing(tx, desk.words, known, now)
    return True


# ── one change ─────────────────────────────────────────────────────────────────────────────────────


def _filing_changed(desk: Desk, tx: Transaction, filing: Filing, ticket: Ticket, now: datetime) -> bool:
    known = replace(filing, status=ticket.status, status_kind=ticket.status_kind, ticket=ticket.key, ticket_url=ticket.url,
                    state="done" if ticket.status_kind == "done" else "open" if filing.state == "done" else filing.state)
    if known == filing:
        return False
    keep(tx, "filings", known)
    if known.state == "done":
        close_reminders(tx, filing.id, "filing done")
    elif filing.state == "done":
        plan_filing_reminders(tx, desk, known, tasks_of(tx, filing.id), now)
    note_audit(tx, filing.id, "ticket moved", "tracker", now, before=filing.status, after=ticket.status)
    show_filing(tx, desk.words, known, now)
    return True


def _task_changed(desk: Desk, tx: Transaction, task: FilingTask, ticket: Ticket, now: datetime) -> bool:
    new = _as_in_tracker(task, ticket)
    if new == task:
        return False
    keep(tx, "tasks", new)
    filing = filing_of(tx, task.filing)
    if new.done:
        close_reminders(tx, filing.id, "done", task.id)
    elif (new.due, new.done) != (task.due, task.done):
        plan_filing_reminders(tx, desk, filing, tasks_of(tx, filing.id), now)
    note_audit(tx, task.id, "ticket changed", "tracker", now, done=new.done, due=new.due, ticket=new.ticket)
    show_filing(tx, desk.words, filing, now)
    return True


def _as_in_tracker(task: FilingTask, ticket: Ticket) -> FilingTask:
    """The task with what people changed there; what we are about to change there ourselves stays ours."""
    done, task = ticket.status_kind == "done", replace(task, ticket=ticket.key)
    if task.done == task.ticket_done != done:
        task = replace(task, done=done, ticket_done=done, done_by="tracker" if done else "")
    if task.due == task.ticket_due and ticket.due:
        task = replace(task, due=ticket.due, ticket_due=ticket.due)
    return task

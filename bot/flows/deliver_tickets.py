"""Each filing and its tasks are brought in step with the tracker: created once, whatever crashes or times out, then kept so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from bot.desk.agreeing import push_task
from bot.desk.comments import comment_sent, on_ticket, unsent_comment
from bot.desk.delivering import after, attempt, change, guarded, seconds_since
from bot.desk.outbox import quiet_until, show_filing, tell_owner, thread_link
from bot.desk.records import colleague, filing_of, keep, note_audit, task_of, tasks_of
from bot.domain.filing import Filing, FilingTask
from bot.domain.in_step import differs, without_ticket
from bot.errors import Gone, Refused, ServiceError, TryLater
from bot.ports import Desk, Row, Rows, Ticket, TicketDraft, Tracker, Transaction
from bot.replies.filings import task_draft, ticket_draft
from bot.replies.names import listed

BATCH = 50
MOST_WAITING = 100_000
CALL_SECONDS = 15.0
"""How long a call may take until the tracker has done it; only then its search begins to lag behind."""


def deliver_tickets(desk: Desk, tracker: Tracker, now: datetime) -> int:
    """Take the next step of one filing that is not in step with the tracker; returns 1, or 0 when nothing is due.

    One step a call, so that `now` is never much older than the request it is written beside.
    """
    rows, quiet = desk.store.up_to("outbox", "tracker_due", now.isoformat(), 1), quiet_until(desk.store)
    if rows and quiet > now.isoformat():  # wished for since the tracker asked for patience
        _all_wait(desk, quiet)
        return 0
    for row in rows:
        error = guarded(desk, row, "tracker_due", now, partial(_deliver_ticket, desk, tracker, row, now))
        if isinstance(error, TryLater) and error.after_seconds and not error.alone:
            _all_wait(desk, after(now, error.after_seconds))
    return len(rows)


def _all_wait(desk: Desk, until: str) -> None:
    """The tracker asks everybody for patience: the others in the queue need not find out by themselves."""
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": "tracker", "quiet_until": until})
        for row in tx.up_to("outbox", "tracker_due", until, MOST_WAITING):
            tx.put("outbox", row | {"tracker_due": until})


def _deliver_ticket(desk: Desk, tracker: Tracker, row: Row, now: datetime) -> None:
    """Take the next step; every step is durable before the next begins."""
    filing = filing_of(desk.store, row["filing"])
    step = _look_what_is_gone if row.get("recheck") else _next_step(desk.store, filing)
    (step or _agree)(desk, tracker, row, filing, now)


Step = Callable[[Desk, Tracker, Row, Filing, datetime], None]
"""Does one thing, or says when to look again."""


def _next_step(rows: Rows, filing: Filing) -> Step | None:
    tasks = tasks_of(rows, filing.id)
    if not filing.ticket:
        return _create_ticket
    if any(not task.ticket for task in tasks):
        return _create_subtasks
    if filing.ticket_due != filing.etd:
        return _update_ticket
    if not filing.linked and thread_link(rows, filing):
        return _link_thread
    if any(differs(task) for task in tasks):
        return _update_subtasks
    return _write_comment if unsent_comment(rows, filing.id) else None


def _look_what_is_gone(desk: Desk, tracker: Tracker, row: Row, filing: Filing, _now: datetime) -> None:
    """A person wants what was deleted in the tracker made anew: forget the keys that lead nowhere."""
    gone = bool(filing.ticket) and _is_gone(tracker, filing.ticket)
    there = {ticket.key for ticket in tracker.children(filing.ticket)} if filing.ticket and not gone else set()
    lost = [task.id for task in tasks_of(desk.store, filing.id)
            if task.ticket and (gone or (task.ticket not in there and _is_gone(tracker, task.ticket)))]
    with desk.store.transaction() as tx:
        current = filing_of(tx, filing.id)
        keep(tx, "filings", replace(current, ticket="", ticket_url="", linked=False, state="opening") if gone else current)
        for task in tasks_of(tx, filing.id):
            if task.id in lost:
                keep(tx, "tasks", without_ticket(task))
        tx.put("outbox", (tx.get("outbox", row["id"]) or row) | {"recheck": False})


def _is_gone(tracker: Tracker, key: str) -> bool:
    try:
        tracker.get(key)
    except Gone:
        return True
    return False


def _create_ticket(desk: Desk, tracker: Tracker, row: Row, filing: Filing, now: datetime) -> None:
    if row["trying"]:
        found = tracker.find(filing.label)
        if found:
            return _have_ticket(desk, filing, _read(tracker, found[0], due=None), now)
        if _may_still_appear(desk, row, now):
            return _look_again(desk, row, now)
    draft = _draft(desk, filing)
    key = attempt(desk, row, now, partial(tracker.create, draft), **_doubt(row))
    return _have_ticket(desk, filing, _read(tracker, key, due=draft.due), now)


def _may_still_appear(desk: Desk, row: Row, now: datetime) -> bool:
    """The search may not show yet what the last attempt left: look again before creating another."""
    return seconds_since(row, now) < desk.delivery.lag + CALL_SECONDS


def _look_again(desk: Desk, row: Row, now: datetime) -> None:
    change(desk, row, tracker_due=after(now, min(desk.delivery.look_every, desk.delivery.lag)))


def _doubt(row: Row) -> dict[str, object]:
    """Creating after an attempt whose outcome nobody saw: once all is done, one more look for doubles."""
    return {"doubtful": True} if row["trying"] else {}


def _draft(desk: Desk, filing: Filing) -> TicketDraft:
    owner = colleague(desk.store, filing.owner)
    return ticket_draft(desk.words, on_ticket(desk, filing), desk.rulesets[desk.ruleset], owner)


def _task_draft(desk: Desk, filing: Filing, task: FilingTask) -> TicketDraft:
    owner = colleague(desk.store, task.owner)
    item, ruleset = desk.checklist.item(task.item), desk.rulesets[desk.ruleset]
    return task_draft(desk.words, on_ticket(desk, filing), task, item, owner, ruleset)


def _have_ticket(desk: Desk, filing: Filing, ticket: Ticket, now: datetime) -> None:
    with desk.store.transaction() as tx:
        current = filing_of(tx, filing.id)
        known = replace(current, ticket=ticket.key, ticket_url=ticket.url, ticket_due=ticket.due, ticket_title=ticket.summary,
                        status=ticket.status, status_kind=ticket.status_kind, trouble="",
                        state="open" if current.state in ("opening", "parked") else current.state)
        keep(tx, "filings", known)
        note_audit(tx, filing.id, "ticket created", "tracker", now, before=current.ticket, after=ticket.key)
        _settle(tx, filing)
        show_filing(tx, desk.words, known, now)


def _read(tracker: Tracker, key: str, due: date | None) -> Ticket:
    """The ticket as it is there; where it cannot be read now, with the due date we know it to have, None for any."""
    try:
        return tracker.get(key)
    except ServiceError:  # the ticket is there; its address and status follow with the next poll
        return Ticket(key=key, url="", summary="", status="", status_kind="new", due=due)


def _settle(tx: Transaction, filing: Filing) -> None:
    row = tx.get("outbox", f"ticket:{filing.id}") or {"id": f"ticket:{filing.id}"}
    tx.put("outbox", row | {"trying": None, "tries": 0, "error": "", "mistake": ""})


def _create_subtasks(desk: Desk, tracker: Tracker, row: Row, filing: Filing, now: datetime) -> None:
    missing = [task for task in tasks_of(desk.store, filing.id) if not task.ticket]
    if row["trying"]:
        there = {label: ticket for ticket in tracker.children(filing.ticket) for label in ticket.labels}
        adopted = {task.label: there[task.label] for task in missing if task.label in there}
        if adopted or _may_still_appear(desk, row, now):
            settled = len(adopted) == len(missing)
            _have_subtasks(desk, filing, adopted, now, settled=settled)
            return None if settled else _look_again(desk, row, now)
    return _create_missing(desk, tracker, row, filing, missing[:BATCH], now)


def _create_missing(desk: Desk, tracker: Tracker, row: Row, filing: Filing, missing: list[FilingTask], now: datetime) -> None:
    drafts = [_task_draft(desk, filing, task) for task in missing]
    created = attempt(desk, row, now, partial(tracker.create_all, drafts), **_doubt(row))
    made = {draft.label: Ticket(key=key, url="", summary="", status="", status_kind="new", due=draft.due)
            for draft, key in zip(drafts, created, strict=False) if isinstance(key, str)}
    _have_subtasks(desk, filing, made, now, settled=True)
    refused = [answer for answer in created if isinstance(answer, Refused)]
    if refused:
        raise refused[0]


def _have_subtasks(desk: Desk, filing: Filing, made: dict[str, Ticket], now: datetime, *, settled: bool) -> None:
    """The tasks with their tickets as they are there: what was moved or done meanwhile still differs, and follows."""
    with desk.store.transaction() as tx:
        for task in tasks_of(tx, filing.id):
            if task.label in made and not task.ticket:
                ticket = made[task.label]
                keep(tx, "tasks", replace(task, ticket=ticket.key, ticket_due=ticket.due,
                                          ticket_done=ticket.status_kind == "done"))
        if settled:
            _settle(tx, filing)
        show_filing(tx, desk.words, filing_of(tx, filing.id), now)


def _update_ticket(desk: Desk, tracker: Tracker, _row: Row, filing: Filing, _now: datetime) -> None:
    """The ETD stands in the title and is the due date; a title that people have changed stays theirs.

    While it leaves, the date there is unknown: an ETD moved back after a lost answer is written again.
    """
    _keep_due(desk, filing, None)
    title, there = _draft(desk, filing).summary, tracker.get(filing.ticket).summary
    if there != title and (there == filing.ticket_title or not filing.ticket_title):
        tracker.retitle(filing.ticket, title)
        with desk.store.transaction() as tx:
            keep(tx, "filings", replace(filing_of(tx, filing.id), ticket_title=title))
    tracker.set_due(filing.ticket, filing.etd)
    _keep_due(desk, filing, filing.etd)


def _keep_due(desk: Desk, filing: Filing, due: date | None) -> None:
    with desk.store.transaction() as tx:
        keep(tx, "filings", replace(filing_of(tx, filing.id), ticket_due=due))


def _link_thread(desk: Desk, tracker: Tracker, _row: Row, filing: Filing, _now: datetime) -> None:
    title = desk.words.say(desk.lang, "ticket.backlink", id=filing.id)
    tracker.link(filing.ticket, thread_link(desk.store, filing), title, filing.label)  # an upsert by its id: safe to repeat
    with desk.store.transaction() as tx:
        keep(tx, "filings", replace(filing_of(tx, filing.id), linked=True))


def _update_subtasks(desk: Desk, tracker: Tracker, _row: Row, filing: Filing, now: datetime) -> None:
    for task in [task for task in tasks_of(desk.store, filing.id) if differs(task)]:
        push_task(desk, tracker, task, now)


def _write_comment(desk: Desk, tracker: Tracker, row: Row, filing: Filing, now: datetime) -> None:
    """One comment somebody made in the chat; one that died with its process may still arrive, and is waited for."""
    if row["trying"] and seconds_since(row, now) < CALL_SECONDS:
        return _look_again(desk, row, now)
    wish = unsent_comment(desk.store, filing.id) or {}
    key = task_of(desk.store, wish["task"]).ticket if wish["task"] else filing.ticket
    attempt(desk, row, now, partial(tracker.comment, key, wish["text"], wish["id"]))
    with desk.store.transaction() as tx:
        comment_sent(tx, wish)
        _settle(tx, filing)
    return None


def _agree(desk: Desk, tracker: Tracker, row: Row, filing: Filing, now: datetime) -> None:
    """Nothing left to do; after a doubtful creation one more look for doubles, once the search has caught up."""
    doubles = _doubles(desk, tracker, filing) if row.get("doubtful") == "look" else None
    with desk.store.transaction() as tx:
        latest, current = tx.get("outbox", row["id"]) or row, filing_of(tx, filing.id)
        if _next_step(tx, current) or latest.get("recheck"):
            return  # somebody wished for more while we were looking: the row is still due
        tx.put("outbox", latest | _settled(desk, latest, doubles, now))
        known = replace(current, trouble=latest.get("doubles", "") if doubles is None else doubles, refused={},
                        state="open" if current.state == "parked" else current.state)
        keep(tx, "filings", known)
        show_filing(tx, desk.words, known, now)
        tell_owner(tx, desk.words, known, now)


def _settled(desk: Desk, row: Row, doubles: str | None, now: datetime) -> Row:
    settled: Row = {"state": "sent", "trying": None, "error": "", "tries": 0, "mistake": "", "tracker_due": None}
    if row.get("doubtful") is True:
        return settled | {"doubtful": "look", "tracker_due": after(now, desk.delivery.lag + CALL_SECONDS)}
    if doubles is None:
        return settled
    return settled | {"doubles": doubles, "doubtful": "look" if doubles else False}  # looked for again at the next change


def _doubles(desk: Desk, tracker: Tracker, filing: Filing) -> str:
    """Which tickets carry the same label, for people to close all but one of them; "" when all are single."""
    labelled = {filing.label: tracker.find(filing.label)}
    for ticket in tracker.children(filing.ticket):
        for label in ticket.labels:
            labelled.setdefault(label, []).append(ticket.key)
    used = {filing.label: filing.ticket} | {task.label: task.ticket for task in tasks_of(desk.store, filing.id)}
    lang = filing.lang
    return "\n".join(desk.words.say(lang, "filing.doubles", keys=listed(desk.words, lang, labelled[label]), keep=key)
                     for label, key in used.items() if len(labelled.get(label, [])) > 1)

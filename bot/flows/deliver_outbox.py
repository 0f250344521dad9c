"""What leaves the program: each message and each ticket is brought to its wanted state, once, whatever crashes or times out.

A row says what is wanted, not what to do: "show:NAME" holds the latest words of a message, "ticket:F-12" that a filing and the
tracker shall agree. The row is marked `trying` before a call and unmarked after it. A row found `trying` (the program died, or
the answer was lost) is looked up by its key first, and what is found is adopted; only then is anything created again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.domain.filing import Filing, FilingTask
from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.outbox import show_filing, shown_at, thread_link
from bot.ports import Chat, Desk, Row, Ticket, TicketDraft, Tracker
from bot.records import colleague, filing_of, keep, tasks_of
from bot.replies import Reply
from bot.replies.filings import task_draft, ticket_draft

T = TypeVar("T")

PATIENCE = (1, 5, 15, 60, 300, 900)
"""Seconds between tries while a service cannot be reached; the last one repeats."""
BATCH = 50
STEPS = 60


def deliver_messages(desk: Desk, chat: Chat, now: datetime) -> int:
    """Post or edit every message that is due; returns how many rows were worked on."""
    rows = desk.store.up_to("outbox", "chat_due", now.isoformat(), BATCH)
    for row in rows:
        _guarded(desk, row, "chat_due", now, partial(_deliver_message, desk, chat, row, now))
    return len(rows)


def deliver_tickets(desk: Desk, tracker: Tracker, now: datetime) -> int:
    """Bring every filing that is due in step with the tracker; returns how many rows were worked on."""
    rows = desk.store.up_to("outbox", "tracker_due", now.isoformat(), BATCH)
    for row in rows:
        _guarded(desk, row, "tracker_due", now, partial(_deliver_ticket, desk, tracker, row, now))
    return len(rows)


# ── one row ────────────────────────────────────────────────────────────────────────────────────────


def _guarded(desk: Desk, row: Row, due: str, now: datetime, work: Callable[[], None]) -> None:
    try:
        work()
    except TryLater as error:
        _later(desk, row, due, now, error)
    except OutcomeUnknown as error:
        _change(desk, row, **{due: _after(now, desk.delivery.look_every), "error": str(error)})
    except ServiceError as error:
        _park(desk, row, due, now, error)


def _later(desk: Desk, row: Row, due: str, now: datetime, error: TryLater) -> None:
    tries = row["tries"] + 1
    wait = max(PATIENCE[min(tries, len(PATIENCE)) - 1], error.after_seconds or 0)
    _change(desk, row, tries=tries, error=str(error), **{due: _after(now, wait)})
    if "filing" in row:
        _trouble(desk, row["filing"], now, str(error), state="")


def _park(desk: Desk, row: Row, due: str, now: datetime, error: ServiceError) -> None:
    _change(desk, row, state="failed", error=str(error), **{due: None})
    if "filing" in row:
        reasons = [f"{name}: {reason}" for name, reason in getattr(error, "fields", {}).items()]
        _trouble(desk, row["filing"], now, " · ".join([str(error), *reasons]), state="parked")


def _change(desk: Desk, row: Row, **changes: object) -> None:
    """Change the row as it is now: a wish may have been renewed while a call was under way."""
    with desk.store.transaction() as tx:
        tx.put("outbox", (tx.get("outbox", row["id"]) or row) | changes)


def _attempt(desk: Desk, row: Row, now: datetime, call: Callable[[], T], **marks: object) -> T:
    """Make a call that creates something: marked before it leaves, unmarked where the service says that nothing happened.

    An error met while *looking* for what an earlier attempt left never comes through here, so that mark stays.
    """
    _change(desk, row, trying=now.isoformat(), **marks)
    try:
        return call()
    except (TryLater, Refused, Gone):
        _change(desk, row, trying=None)
        raise


def _after(now: datetime, seconds: float) -> str:
    return (now + timedelta(seconds=seconds)).isoformat()


# ── messages ───────────────────────────────────────────────────────────────────────────────────────


def _deliver_message(desk: Desk, chat: Chat, row: Row, now: datetime) -> None:
    name, channel, thread = row["name"], row["channel"], row["thread"]
    reply = Reply.from_row(row["reply"])
    ts = shown_at(desk.store, name)
    if ts is None and row["trying"]:
        ts = chat.find(channel, thread, name, datetime.fromisoformat(row["trying"]))
        if ts:
            _posted(desk, row, ts, now, version=0)  # what stands there may be an older wording: edit it below
    if ts:
        chat.update(channel, ts, reply, name)  # safe to repeat, so it needs no mark
    else:
        ts = _attempt(desk, row, now, partial(chat.post, channel, thread, reply, name))
    _posted(desk, row, ts, now, version=row["version"])


def _posted(desk: Desk, row: Row, ts: str, now: datetime, version: int) -> None:
    with desk.store.transaction() as tx:
        known = tx.get("messages", row["name"]) or {"at": now.isoformat()}
        tx.put("messages", known | {"id": row["name"], "channel": row["channel"], "thread": row["thread"], "ts": ts,
                                    "subject": row["subject"]})
        latest = tx.get("outbox", row["id"]) or row
        settled = {"state": "sent", "chat_due": None} if latest["version"] == version else {}
        tx.put("outbox", latest | {"trying": None, "tries": 0, "error": ""} | settled)


# ── tickets ────────────────────────────────────────────────────────────────────────────────────────


def _deliver_ticket(desk: Desk, tracker: Tracker, row: Row, now: datetime) -> None:
    """Take the next step until filing and tracker agree; every step is durable before the next begins."""
    for _ in range(STEPS):
        row = desk.store.get("outbox", row["id"]) or row
        filing = filing_of(desk.store, row["filing"])
        step = _next_step(desk, filing, tasks_of(desk.store, filing.id))
        if step is None:
            return _agreed(desk, tracker, row, filing, now)
        if not step(desk, tracker, row, filing, now):
            return None
    raise TryLater("The ticket has more to change; it goes on in a moment.")


Step = Callable[[Desk, Tracker, Row, Filing, datetime], bool]
"""Does one thing; False when it must wait and has said when to look again."""


def _next_step(desk: Desk, filing: Filing, tasks: list[FilingTask]) -> Step | None:
    if not filing.ticket:
        return _create_ticket
    if any(not task.ticket for task in tasks):
        return _create_subtasks
    if not filing.linked and thread_link(desk.store, filing):
        return _link_thread
    return _update_subtasks if any(_differs(task) for task in tasks) else None


def _create_ticket(desk: Desk, tracker: Tracker, row: Row, filing: Filing, now: datetime) -> bool:
    if row["trying"]:
        found = tracker.find(filing.label)
        if found:
            return _have_ticket(desk, tracker, filing, found[0], now)
        if now < datetime.fromisoformat(row["trying"]) + timedelta(seconds=desk.delivery.lag):
            _change(desk, row, tracker_due=_after(now, min(desk.delivery.look_every, desk.delivery.lag)))
            return False  # the search may not show it yet: look again before creating another
    key = _attempt(desk, row, now, partial(tracker.create, _draft(desk, filing)), doubtful=bool(row["trying"]))
    return _have_ticket(desk, tracker, filing, key, now)


def _draft(desk: Desk, filing: Filing) -> TicketDraft:
    owner = colleague(desk.store, filing.owner)
    return ticket_draft(desk.words, filing, desk.rulesets[desk.ruleset], owner)


def _task_draft(desk: Desk, filing: Filing, task: FilingTask) -> TicketDraft:
    return task_draft(desk.words, filing, task, desk.checklist.item(task.item), colleague(desk.store, task.owner))


def _have_ticket(desk: Desk, tracker: Tracker, filing: Filing, key: str, now: datetime) -> bool:
    ticket = _read(tracker, key)
    with desk.store.transaction() as tx:
        current = filing_of(tx, filing.id)
        known = replace(current, ticket=key, ticket_url=ticket.url, status=ticket.status, status_kind=ticket.status_kind,
                        state="open" if current.state in ("opening", "parked") else current.state, trouble="")
        keep(tx, "filings", known)
        tx.put("outbox", (tx.get("outbox", f"ticket:{filing.id}") or {}) | {"trying": None, "tries": 0, "error": ""})
        show_filing(tx, desk.words, known, now)
    return True


def _read(tracker: Tracker, key: str) -> Ticket:
    try:
        return tracker.get(key)
    except ServiceError:  # the ticket is there; its address and status follow with the next poll
        return Ticket(key=key, url="", summary="", status="", status_kind="new")


def _create_subtasks(desk: Desk, tracker: Tracker, row: Row, filing: Filing, now: datetime) -> bool:
    missing = [task for task in tasks_of(desk.store, filing.id) if not task.ticket]
    if row["trying"]:
        there = {label: ticket.key for ticket in tracker.children(filing.ticket) for label in ticket.labels}
        adopted = {task.label: there[task.label] for task in missing if task.label in there}
        waited = now >= datetime.fromisoformat(row["trying"]) + timedelta(seconds=desk.delivery.lag)
        if adopted or not waited:
            _have_subtasks(desk, filing, adopted, now, settled=len(adopted) == len(missing))
            return len(adopted) == len(missing) or _look_again(desk, row, now)
    drafts = [_task_draft(desk, filing, task) for task in missing[:BATCH]]
    created = _attempt(desk, row, now, partial(tracker.create_all, drafts))
    keys = {task.label: key for task, key in zip(missing, created, strict=False) if isinstance(key, str)}
    _have_subtasks(desk, filing, keys, now, settled=True)
    refused = [answer for answer in created if isinstance(answer, Refused)]
    if refused:
        raise refused[0]
    return True


def _look_again(desk: Desk, row: Row, now: datetime) -> bool:
    _change(desk, row, tracker_due=_after(now, min(desk.delivery.look_every, desk.delivery.lag)))
    return False


def _have_subtasks(desk: Desk, filing: Filing, keys: dict[str, str], now: datetime, *, settled: bool) -> None:
    with desk.store.transaction() as tx:
        for task in tasks_of(tx, filing.id):
            if task.label in keys and not task.ticket:
                keep(tx, "tasks", replace(task, ticket=keys[task.label], ticket_due=task.due))
        row = tx.get("outbox", f"ticket:{filing.id}") or {}
        tx.put("outbox", row | ({"trying": None, "tries": 0, "error": ""} if settled else {}))
        show_filing(tx, desk.words, filing_of(tx, filing.id), now)


def _link_thread(desk: Desk, tracker: Tracker, _row: Row, filing: Filing, _now: datetime) -> bool:
    title = desk.words.say(filing.lang, "ticket.backlink", id=filing.id)
    tracker.link(filing.ticket, thread_link(desk.store, filing), title, filing.label)  # an upsert by its id: safe to repeat
    with desk.store.transaction() as tx:
        keep(tx, "filings", replace(filing_of(tx, filing.id), linked=True))
    return True


def _update_subtasks(desk: Desk, tracker: Tracker, _row: Row, filing: Filing, _now: datetime) -> bool:
    for task in [task for task in tasks_of(desk.store, filing.id) if _differs(task)]:
        _update_subtask(tracker, task)
        with desk.store.transaction() as tx:
            current = next(known for known in tasks_of(tx, filing.id) if known.id == task.id)
            keep(tx, "tasks", replace(current, ticket_due=task.due, ticket_done=task.done))
    return True


def _update_subtask(tracker: Tracker, task: FilingTask) -> None:
    if task.due and task.due != task.ticket_due:
        tracker.set_due(task.ticket, task.due)
    if task.done != task.ticket_done:
        tracker.move(task.ticket, "done" if task.done else "new")


def _differs(task: FilingTask) -> bool:
    return bool(task.ticket) and (task.due != task.ticket_due or task.done != task.ticket_done)


def _agreed(desk: Desk, tracker: Tracker, row: Row, filing: Filing, now: datetime) -> None:
    """Nothing left to do; after a doubtful creation one more look for doubles, once the search has caught up."""
    settled = {"state": "sent", "trying": None, "error": "", "tries": 0, "tracker_due": None}
    if row.get("doubtful") is True:
        settled |= {"doubtful": "look", "tracker_due": _after(now, desk.delivery.lag)}
    elif row.get("doubtful") == "look":
        settled |= {"doubtful": False}
        filing = _without_doubles(desk, tracker, filing)
    with desk.store.transaction() as tx:
        latest = tx.get("outbox", row["id"]) or row
        tx.put("outbox", latest | settled)
        keep(tx, "filings", replace(filing_of(tx, filing.id), trouble=filing.trouble))
        show_filing(tx, desk.words, filing_of(tx, filing.id), now)


def _without_doubles(desk: Desk, tracker: Tracker, filing: Filing) -> Filing:
    keys = tracker.find(filing.label)
    if len(keys) < 2:
        return filing
    return replace(filing, trouble=desk.words.say(filing.lang, "filing.doubles", keys=", ".join(keys), keep=filing.ticket))


# ── the filing's message ───────────────────────────────────────────────────────────────────────────


def _trouble(desk: Desk, filing_id: str, now: datetime, said: str, state: str) -> None:
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        known = replace(filing, trouble=said, state=state or filing.state)
        if known != filing:
            keep(tx, "filings", known)
            show_filing(tx, desk.words, known, now)

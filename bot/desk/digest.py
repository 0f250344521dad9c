"""The messages reminders are in: one digest per person and day, singles below it; edited in place as things change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.outbox import TAKEN_BACK, show
from bot.desk.readers import language_of, reader_of
from bot.desk.records import colleague, keep, reminder_of, tasks_of
from bot.domain.checklist import ChecklistItem
from bot.domain.filing import Filing, FilingTask
from bot.domain.proof import UNDELIVERED, Proof
from bot.domain.reminding import Reminder, working_days_since
from bot.domain.requests import Request
from bot.domain.rows import from_row
from bot.domain.shipment import shipment_from
from bot.domain.standing import held_up
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies import Reply
from bot.replies.proof import proof_reply
from bot.replies.reminders import Addressed, Due, confirm_reply, reminder_reply, rest_reply


def show_reminders(tx: Transaction, desk: Desk, to: str, name: str, now: datetime, under: str = "") -> None:
    """Want the message `name` to show its reminders as they stand now, finished ones struck; a single one stands `under` the
    digest of its day."""
    dues = dues_of(tx, desk, name, to)
    reply = reminder_reply(desk.words, _addressed(tx, desk, to), name, dues, now)
    subjects = {due.reminder.subject for due in dues}
    show(tx, name, to, "", reply, now, min(subjects) if len(subjects) == 1 else "", under=under)


def show_proof(tx: Transaction, desk: Desk, proof: Proof, now: datetime) -> None:
    """Want the proof in the admin channel."""
    reply = proof_reply(desk.words, desk.lang, desk.zone, proof, lambda who: _name(tx, who))
    show(tx, f"proof:{now.isoformat()}", desk.admin_channel, "", reply, now)


def show_again(tx: Transaction, desk: Desk, names: Iterable[str], now: datetime) -> None:
    """Messages that have gone out read as things stand now, and so do the questions that were asked about them."""
    for name in sorted(filter(None, names)):
        for question in tx.where("questions", "message", name):
            _show_question(tx, desk, question, now)
        row = tx.get("outbox", f"show:{name}")
        if row:
            show_reminders(tx, desk, row["channel"], name, now, str(row.get("under", "")))


def ask_which(tx: Transaction, desk: Desk, name: str, message: str, place: tuple[str, str], to: str, ids: list[str],
              now: datetime) -> None:
    """Ask somebody, once, which of these reminders of a message are done; `place` is channel and thread of the question.

    While an earlier question about the message waits for its answer there is no other: it asks of these, too.
    """
    asked = tx.where("questions", "message", message)
    if any(one["id"] == name for one in asked) or (asked and not ids):
        return  # asked before, or answered before and said so there
    new: Row = {"id": name, "message": message, "channel": place[0], "thread": place[1], "to": to, "reminders": []}
    question = next((one for one in asked if _unanswered(tx, one)), new)
    more = [one for one in ids if one not in question["reminders"]]
    if more or question is new:
        question["reminders"] = [*question["reminders"], *more]
        tx.put("questions", question)
        _show_question(tx, desk, question, now)


def _unanswered(rows: Rows, question: Row) -> bool:
    return any(reminder_of(rows, one).state == "sent" for one in question["reminders"])


def _show_question(tx: Transaction, desk: Desk, question: Row, now: datetime) -> None:
    dues = [due_of(tx, desk, reminder_of(tx, one), question["to"]) for one in question["reminders"]]
    reply = confirm_reply(desk.words, _addressed(tx, desk, question["to"]), dues, now)
    show(tx, question["id"], question["channel"], question["thread"], reply, now)


def take_back(tx: Transaction, desk: Desk, row: Row, now: datetime) -> bool:
    """A digest nobody got in time is taken out of the outbox, and what it says waits to be sent anew: bundled, at a decent hour
    and said to be late, as after a stop of the bot. False, and nothing changes, while it is in time."""
    about = [from_row(Reminder, one) for one in tx.where("reminders", "message", row["name"])]
    if not any(one.sent_at and now - one.sent_at > desk.reminders.late_after for one in about):
        return False
    for reminder in about:
        keep(tx, "reminders", _never_sent(reminder, row["error"], now))
    tx.put("outbox", (tx.get("outbox", row["id"]) or row) | {"state": TAKEN_BACK, "chat_due": None})
    return True


def _never_sent(reminder: Reminder, error: str, now: datetime) -> Reminder:
    """What was done or handed over meanwhile need not be said any more."""
    unsent = replace(reminder, message="", sent_at=None, sent_to="")
    if reminder.state == "done":
        return replace(unsent, state="skipped")
    if reminder.state != "sent":
        return unsent
    return replace(unsent, state="pending", due_at=now, why=reminder.why if reminder.why.startswith(UNDELIVERED) else error)


def rest_of(rows: Rows, desk: Desk, name: str, to: str, start: int, now: datetime) -> Reply:
    """What a digest had no room for, from the entry `start` on, with its buttons."""
    return rest_reply(desk.words, _addressed(rows, desk, to), name, dues_of(rows, desk, name, to), start, now)


def dues_of(rows: Rows, desk: Desk, name: str, to: str) -> list[Due]:
    """The reminders of a message with what they are about, the most pressing first."""
    lang = language_of(rows, desk, to)
    found = [_due(rows, desk, from_row(Reminder, row), lang) for row in rows.where("reminders", "message", name)]
    return sorted(found, key=lambda due: (due.reminder.anchor, due.reminder.subject, due.reminder.task))


def due_of(rows: Rows, desk: Desk, reminder: Reminder, to: str) -> Due:
    """One reminder with what it is about, in the words of a reader."""
    return _due(rows, desk, reminder, language_of(rows, desk, to))


def _addressed(rows: Rows, desk: Desk, to: str) -> Addressed:
    reader = reader_of(rows, desk, to)
    return Addressed(to, language_of(rows, desk, to), reader.zone)


def _due(rows: Rows, desk: Desk, reminder: Reminder, lang: str) -> Due:
    task, filing, shipment = (
        rows.get(table, key) if key else None
        for table, key in (("tasks", reminder.task), ("filings", reminder.subject), ("shipments", reminder.subject)))
    leaving = shipment_from(shipment) if shipment else None
    about = filing or (rows.get("filings", leaving.filing) if leaving and leaving.filing else None)
    item = desk.checklist.item(task["item"]) if task else None
    asked = rows.get("requests", reminder.kind.removeprefix("ask.")) if reminder.words else None
    behind, waiting = _late(rows, desk, reminder, from_row(FilingTask, task)) if task else (0, ())
    return Due(
        reminder=reminder, behind=behind, waiting=waiting, every=item.recurring_days if item else 0,
        again=_done_before(item, from_row(FilingTask, task)) if task and item else None,
        task=replace(from_row(FilingTask, task), title=item.text.said(lang)) if task and item else None,
        filing=from_row(Filing, about) if about else None, shipment=leaving,
        title=_title(desk, reminder, lang), whose=_whose(rows, reminder),
        request=from_row(Request, asked) if asked else None, asker=_name(rows, asked["by"]) if asked else "",
        passed_by=_name(rows, reminder.passed_by) if reminder.passed_by else "",
        passed_to=_name(rows, reminder.passed_to) if reminder.passed_to else "",
        lost=reminder.why.removeprefix(UNDELIVERED) if reminder.why.startswith(UNDELIVERED) else "",
        estimated=desk.calendars.of_zone(reminder.zone).is_estimated(reminder.anchor),
        late=reminder.late(desk.reminders.late_after))


def _done_before(item: ChecklistItem, task: FilingTask) -> date | None:
    """When a task was done last that is due once more, as it comes again and again; None for any other."""
    returns = item.recurring_days or item.also_days_before
    return task.done_on if returns and not task.done and task.due and task.done_on and task.done_on < task.due else None


def _late(rows: Rows, desk: Desk, reminder: Reminder, task: FilingTask) -> tuple[int, tuple[str, ...]]:
    """By how many working days a task was late on the day of its reminder, and what waits for it; of what is in time nothing."""
    if task.done or not task.due or not reminder.planned_for or reminder.offset <= 0:
        return 0, ()
    day = reminder.planned_for.astimezone(ZoneInfo(reminder.zone)).date()
    waiting = held_up([task.item], tasks_of(rows, task.filing), desk.checklist.waits())
    return working_days_since(task.due, day, desk.calendar), waiting


def _title(desk: Desk, reminder: Reminder, lang: str) -> str:
    """The name of a ruleset or list; "" for anything else."""
    kind, _, name = reminder.subject.partition(":")
    if kind == "rule":
        return desk.rulesets[name].title.said(lang) if name in desk.rulesets else name
    return name.partition("@")[2] if kind == "list" else ""


def _whose(rows: Rows, reminder: Reminder) -> str:
    """Who it was meant for, where somebody else got it."""
    return _name(rows, reminder.owner) if reminder.sent_to not in ("", reminder.owner) else ""


def _name(rows: Rows, who: str) -> str:
    return who if who.startswith("#") else colleague(rows, who).name

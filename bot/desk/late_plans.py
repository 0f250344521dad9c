"""A plan that cannot be kept is told to the project manager, who may have the owners reminded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.desk.outbox import TAKEN_BACK, show, shown_at
from bot.desk.plans import told_in
from bot.desk.readers import reader_of, receiver_of
from bot.desk.records import colleague, colleagues, reminders_about
from bot.desk.telling_moves import actor_name
from bot.domain.change import Change
from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.people import first_with
from bot.domain.reminding import PASSED, Reminder, at_decent_hour, working_days_since
from bot.domain.standing import held_up
from bot.ports import Desk, Rows, Transaction
from bot.replies import Reply
from bot.replies.plans import Late, changed_line, late_plan_reply, overtaken_plan_reply


def tell_late_plan(tx: Transaction, desk: Desk, filing: Filing, tasks: Sequence[FilingTask], now: datetime,
                   cause: tuple[str, Change] | None = None) -> str:
    """Told once for each ETD and pace, and never at night; what was told of another ETD or pace says how it stands now.

    `cause` is who changed what, where somebody did. Returns who hears of it, "" for nobody.
    """
    name = f"late:{filing.id}:{filing.etd}:{filing.band}"
    _take_back(tx, desk, filing, name, now)
    today = now.astimezone(ZoneInfo(filing.zone)).date()
    behind = sorted((task for task in tasks if task.due and task.due < today and not task.done), key=lambda one: str(one.due))
    if filing.state not in OPEN_STATES or not behind:
        return ""
    to = _told_to(tx, desk, filing, name, now)
    hours, lang = reader_of(tx, desk, to), colleague(tx, to).lang
    soon = at_decent_hour(now, hours.at, hours.zone, hours.calendar, hours.until)
    reply = _reply(tx, desk, filing, tasks, behind, lang, _cause(tx, desk, to, cause, lang), now)
    show(tx, name, to, "", reply, soon, filing.id)
    return to


def _cause(rows: Rows, desk: Desk, to: str, cause: tuple[str, Change] | None, lang: str) -> str:
    """What somebody else than the reader changed."""
    name = actor_name(rows, desk, cause[0], lang) if cause else ""
    if cause is None or cause[0] == to or not name:
        return ""
    return desk.words.say(lang, "plan.late.cause", name=name, what=changed_line(desk.words, lang, cause[1]))


def unreminded(rows: Rows, tasks: Sequence[FilingTask]) -> list[Reminder]:
    """What owners of open tasks would have heard, had their dates not lain behind us when they were planned; all still unsaid."""
    return [one for same in _planned_into_the_past(rows, tasks) if all(one.why == PASSED for one in same)
            for one in same if one.to == "owner"]


def _planned_into_the_past(rows: Rows, tasks: Sequence[FilingTask]) -> list[list[Reminder]]:
    """The reminders of each open task whose date nobody could keep."""
    dated = {(task.id, task.due) for task in tasks if not task.done}
    found = [one for subject in {task.filing for task in tasks} for one in reminders_about(rows, subject)
             if (one.task, one.anchor) in dated]
    each = groupby(sorted(found, key=lambda one: one.task), key=lambda one: one.task)
    return [told for told in (list(same) for _, same in each) if any(one.why == PASSED for one in told)]


def _told_to(rows: Rows, desk: Desk, filing: Filing, name: str, now: datetime) -> str:
    """Who was told already, else the project manager or whoever stands in."""
    told = rows.get("outbox", f"show:{name}")
    if told and told["state"] != TAKEN_BACK:
        return str(told["channel"])
    manager = first_with(["PM"], colleagues(rows)) or colleague(rows, filing.owner)
    return receiver_of(rows, desk, manager.id, now).id


def _reply(rows: Rows, desk: Desk, filing: Filing, tasks: Sequence[FilingTask], behind: Sequence[FilingTask], lang: str,
           cause: str, now: datetime) -> Reply:
    today = now.astimezone(ZoneInfo(filing.zone)).date()
    days = tuple((task, working_days_since(task.due or today, today, desk.calendar)) for task in told_in(desk, behind, lang))
    waiting = held_up([task.item for task in behind], tasks, desk.checklist.waits())
    pushed = [one for same in _planned_into_the_past(rows, tasks) for one in same if one.passed_by and one.why != PASSED]
    late = Late(days, waiting, len({one.task for one in unreminded(rows, tasks)}), len({one.owner for one in pushed}),
                colleague(rows, pushed[0].passed_by).name if pushed else "", cause)
    return late_plan_reply(desk.words, lang, replace(filing, lang=lang), late)


def _take_back(tx: Transaction, desk: Desk, filing: Filing, name: str, now: datetime) -> None:
    """What was told of another ETD or pace; what nobody has seen yet is not said at all."""
    for row in tx.where("outbox", "subject", filing.id):
        older = str(row.get("name", ""))
        if not older.startswith("late:") or older == name or row["state"] == TAKEN_BACK:
            continue
        if row["state"] == "waiting" and not row["trying"] and not shown_at(tx, older):
            tx.put("outbox", row | {"state": TAKEN_BACK, "chat_due": None})
        else:
            lang = colleague(tx, row["channel"]).lang
            reply = overtaken_plan_reply(desk.words, lang, replace(filing, lang=lang))
            show(tx, older, row["channel"], row["thread"], reply, now, filing.id)

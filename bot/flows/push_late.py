"""The owners of tasks whose dates nobody could keep are reminded after all, as whoever decides about the plan wants it; once."""

from __future__ import annotations

from datetime import datetime

from bot.desk.late_plans import tell_late_plan, unreminded
from bot.desk.readers import reader_of
from bot.desk.records import filing_of, keep, note_audit, tasks_of
from bot.domain.people import Colleague
from bot.domain.reminding import Reminder, after_all
from bot.ports import Desk, Transaction


def push_late(desk: Desk, filing_id: str, by: Colleague, now: datetime) -> str:
    """Each owner hears of their late tasks with the next digest; a sentence for whoever pressed. Pressed twice is once."""
    with desk.store.transaction() as tx:
        filing, tasks = filing_of(tx, filing_id), tasks_of(tx, filing_id)
        owners = {task.id: task.owner for task in tasks}
        passed = unreminded(tx, tasks)
        told = [_push(tx, desk, owner, [one for one in passed if owners[one.task] == owner], by, now)
                for owner in sorted({owners[one.task] for one in passed})]
        if not told:
            return desk.words.say(by.lang, "plan.late.pushed_before", id=filing.id)
        note_audit(tx, filing.id, "late tasks pushed", by.id, now, owners=", ".join(told))
        tell_late_plan(tx, desk, filing, tasks, now)
        return desk.words.say(by.lang, "plan.late.said_pushed", id=filing.id, n=len(told))


def _push(tx: Transaction, desk: Desk, owner: str, passed: list[Reminder], by: Colleague, now: datetime) -> str:
    for reminder in after_all(passed, reader_of(tx, desk, owner), by.id, now):
        keep(tx, "reminders", reminder)
    return owner

"""Reminders nobody's shipment or filing brings about: the weekly watch, a rule's re-verification, a list about to take effect."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.agenda import keep_plan
from bot.desk.readers import addressee, reader_of
from bot.desk.records import reminders_about
from bot.domain.reminding import Reader, Reminder, ReminderStep, wanted
from bot.domain.requests import next_weekly
from bot.domain.rulebook import Ruleset
from bot.ports import Desk, Rows, Transaction

WATCH = "watch"
"""The subject of the weekly watch."""
RULE, LIST = "rule:", "list:"
"""How the subjects of rulesets and market lists begin."""


def plan_standing(tx: Transaction, desk: Desk, now: datetime) -> None:
    """Plan what stands on the calendar by itself; planning it again changes nothing."""
    plan, today = desk.reminders, now.astimezone(ZoneInfo(desk.zone)).date()
    _plan(tx, desk, WATCH, _watch(tx, desk, now), now)
    for ruleset in desk.rulesets.values():
        due = verification_due(ruleset, _checked(tx, ruleset.id), plan.verify_every)
        wishes = _wished(tx, desk, f"{RULE}{ruleset.id}", plan.verification, due, now) if due else []
        _plan(tx, desk, f"{RULE}{ruleset.id}", wishes, now)
    for row in tx.every("lists"):
        effective = date.fromisoformat(row["effective"])
        if effective > today:
            subject = f"{LIST}{row['id']}"
            _plan(tx, desk, subject, _wished(tx, desk, subject, plan.list_effective, effective, now), now)


def _plan(tx: Transaction, desk: Desk, subject: str, wishes: Iterable[Reminder], now: datetime) -> None:
    """Another date of theirs changes nothing in what was sent, so no message is edited: unanswered ones grow by one a week."""
    keep_plan(tx, desk, reminders_about(tx, subject), wishes, "moved", now)


def verification_due(ruleset: Ruleset, checked: date | None, every: int) -> date | None:
    """When a ruleset is to be compared with the official sources again: so many days after it last was, or sooner where a
    verification ends; None for rules without any date."""
    dates = [clause.verification.when for clause in ruleset.clauses] + [rule.recorded for rule in ruleset.rules] + [checked]
    known = [day for day in dates if day]
    ends = [clause.verification.until for clause in ruleset.clauses if clause.verification.until]
    again = [max(known) + timedelta(days=every)] if known else []
    return min([*again, *(end for end in ends if not checked or end > checked)], default=None)


def verified(tx: Transaction, subject: str, today: date) -> None:
    """Somebody says that the rules were compared with the official sources today."""
    tx.put("notes", {"id": f"verified:{subject.removeprefix(RULE)}", "on": today.isoformat()})


def _checked(rows: Rows, ruleset: str) -> date | None:
    note = rows.get("notes", f"verified:{ruleset}")
    return date.fromisoformat(note["on"]) if note else None


def _watch(rows: Rows, desk: Desk, now: datetime) -> list[Reminder]:
    readers = [(step, _reader(rows, desk, step, now)) for step in desk.reminders.watch]
    return [next_weekly(WATCH, step, desk.reminders.watch_on, reader, now) for step, reader in readers if reader]


def _wished(rows: Rows, desk: Desk, subject: str, steps: Iterable[ReminderStep], anchor: date, now: datetime) -> list[Reminder]:
    readers = [(step, _reader(rows, desk, step, now)) for step in steps]
    return [wanted(subject, "", anchor, step, reader, now) for step, reader in readers if reader]


def _reader(rows: Rows, desk: Desk, step: ReminderStep, now: datetime) -> Reader | None:
    """Whoever has the role, or speaks for the desk; None while nobody is known."""
    who = addressee(rows, desk, step.to, "", now)
    return reader_of(rows, desk, who) if who else None

"""config/reminders.yaml says otherwise than at the last start: what waits is planned by its lines of now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.desk.agenda import plan_for_reader, plan_subject
from bot.domain.filing import OPEN_STATES
from bot.ports import Desk, Rows

BATCH = 100
"""Filings or shipments planned in one transaction: others who write wait for no more than these."""
NOTE = "planned by"
"""The note of the plan by which what waits was planned last."""


def follow_plan(desk: Desk, now: datetime) -> int:
    """Plan all that is open again where the plan is another than last time; returns of how many filings and shipments.

    Cheap while nothing has changed. A pass that was interrupted begins again: what is planned twice is planned the same.
    """
    plan, note = repr(desk.reminders), desk.store.get("notes", NOTE) or {}
    if note.get("plan") == plan:
        return 0
    subjects = list(_open(desk.store))
    for start in range(0, len(subjects), BATCH):
        with desk.store.transaction() as tx:
            for subject in subjects[start:start + BATCH]:
                plan_subject(tx, desk, subject, now)
    _keep_hours(desk, now)
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": NOTE, "plan": plan})
    return len(subjects)


def _open(rows: Rows) -> Iterator[str]:
    yield from (row["id"] for row in rows.every("filings") if row["state"] in OPEN_STATES)
    yield from (row["id"] for row in rows.every("shipments") if row["state"] == "planned")


def _keep_hours(desk: Desk, now: datetime) -> None:
    """What waits and stays comes at the plan's hour, or at its reader's own."""
    for who in sorted({row["owner"] for row in desk.store.every("reminders") if row["state"] == "pending"}):
        with desk.store.transaction() as tx:
            plan_for_reader(tx, desk, who, now)

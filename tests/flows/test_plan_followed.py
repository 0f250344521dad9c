"""config/reminders.yaml was changed between two starts: what is open already is reminded of by the new lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from bot.domain.reminding import ReminderPlan, ReminderStep
from bot.domain.shipment import ShipmentLine
from bot.flows.follow_plan import NOTE, follow_plan
from bot.flows.keep_habits import HabitsWish, keep_habits
from bot.flows.watch_shipment import add_shipments
from bot.ports import Row
from tests.fakes.desk import ANA, BO, MIA, Day, shipped_reminders

ETD = date(2026, 12, 17)
SOONER = ReminderStep("etd-21", -21)


def planned(**changes: object) -> ReminderPlan:
    return replace(shipped_reminders(), **changes)  # type: ignore[arg-type]


def leaving(day: Day, *owners: str) -> None:
    lines = [ShipmentLine(f"SO-{n}", "FaceGate 300", "FR", ETD, "", owner, "yes") for n, owner in enumerate(owners)]
    add_shipments(day.desk, lines, BO, day.now)


def started_with(day: Day, plan: ReminderPlan) -> int:
    """The program is started again with another plan."""
    day.desk = replace(day.desk, reminders=plan)
    return follow_plan(day.desk, day.now)


def waiting(day: Day, subject: str = "S-1") -> dict[str, Row]:
    rows = day.store.where("reminders", "subject", subject)
    return {row["kind"]: row for row in rows if row["state"] == "pending"}


def days(day: Day, person: str) -> list[str]:
    return [one.at.date().isoformat() for one in day.chat.named("remind:") if one.channel == person]


def test_a_line_that_is_new_is_followed_for_shipments_and_filings_that_were_there_before() -> None:
    day = Day(tasks=("N1", "N11"), reminders=planned())
    leaving(day, ANA.id)
    filing = day.open()
    follow_plan(day.desk, day.now)
    assert "etd-21" not in waiting(day)
    plan = day.desk.reminders
    started_with(day, replace(plan, shipment=(SOONER, *plan.shipment), task=(*plan.task, ReminderStep("due-10", -10))))
    assert "etd-21" in waiting(day)
    assert "due-10" in waiting(day, filing.id)
    day.until(ETD)
    assert "2026-11-26" in days(day, ANA.id)


def test_a_line_that_is_gone_reminds_nobody_any_more_and_what_was_told_stays_told() -> None:
    day = Day(reminders=planned())
    leaving(day, ANA.id)
    day.until(date(2026, 12, 3))
    told = days(day, ANA.id)
    assert told
    started_with(day, planned(shipment=(ReminderStep("etd-14", -14),)))
    assert list(waiting(day)) == []
    day.until(ETD)
    assert days(day, ANA.id) == told


def test_what_waits_comes_at_the_new_hour_but_not_for_whoever_chose_their_own() -> None:
    day = Day(reminders=planned())
    keep_habits(day.desk, HabitsWish(at=time(11, 30)), BO, day.now)
    leaving(day, ANA.id, BO.id)
    follow_plan(day.desk, day.now)
    before = waiting(day, "S-2")
    started_with(day, planned(at=time(8, 0)))
    assert {row["due_at"][11:16] for row in waiting(day).values() if row["owner"] == ANA.id} == {"07:00"}
    assert waiting(day, "S-2") == before


def test_the_same_plan_again_changes_nothing_and_looks_at_nothing() -> None:
    day = Day(reminders=planned())
    leaving(day, MIA.id, BO.id, MIA.id)
    day.open()
    assert follow_plan(day.desk, day.now) == 4
    before = list(day.store.every("reminders"))
    assert started_with(day, planned()) == 0
    with day.store.transaction() as tx:
        tx.put("notes", {"id": NOTE, "plan": "another"})
    assert follow_plan(day.desk, day.now) == 4
    assert list(day.store.every("reminders")) == before

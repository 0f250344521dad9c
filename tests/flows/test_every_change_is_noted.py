"""The audit trail misses nothing: every transaction that changes what people care about notes it, whoever made the change."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.records import keep
from bot.domain.audit import broken_at
from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.flows.answer_question import state_fact
from bot.flows.answer_reminder import reminder_done, reminder_not_mine
from bot.flows.change_shipment import set_state
from bot.flows.follow_ticket import follow_tickets
from bot.flows.move_etd import move_etd
from bot.flows.watch_shipment import add_shipments
from tests.fakes.audited_store import AuditedStore, Unnoted
from tests.fakes.desk import ANA, BO, MIA, Day

ETD = date(2027, 8, 16)
LINE = ShipmentLine(number="SO-4711", product="FaceGate 300", destination="DE", etd=ETD, autonomous="yes", customer="Hafen AG")


@pytest.fixture
def day() -> Day:
    return Day(store=AuditedStore(), tasks=("N1", "N2", "N3"))


def noted(day: Day, subject: str) -> list[str]:
    return [line["act"] for line in day.store.where("audit", "subject", subject)]


def with_reminders(day: Day) -> None:
    """A filing whose first reminders have been sent."""
    day.open(etd=ETD)
    day.until(ETD)


def test_every_stored_answer_has_a_line_with_its_verdict_rules_and_list(day: Day) -> None:
    day.ask("FaceGate 300 to Hamburg, leaving 16 Aug 2027?")
    state_fact(day.desk, "D-1", "autonomous", "yes", ANA, day.now)
    assert (noted(day, "D-1"), noted(day, "D-2")) == (["answered"], ["answered", "fact stated"])
    (line, _) = day.store.where("audit", "subject", "D-2")
    assert (line["by"], line["details"]["verdict"], line["details"]["list"]) == (ANA.id, "in_scope", "2026-06-01")
    assert line["details"]["digest"] == day.desk.rulesets[day.desk.ruleset].digest


def test_a_filing_its_ticket_and_the_shipment_it_covers_are_noted(day: Day) -> None:
    add_shipments(day.desk, [LINE], MIA, day.now)
    day.open(etd=ETD)
    day.work()
    assert noted(day, "F-1")[0] == "opened"
    assert "ticket created" in noted(day, "F-1")
    (assigned,) = [line for line in day.store.where("audit", "subject", "S-1") if line["act"] == "filing assigned"]
    assert (assigned["by"], assigned["details"]) == (ANA.id, {"before": "", "after": "F-1"})


def test_moves_and_cancellations_are_noted_with_who_made_them(day: Day) -> None:
    add_shipments(day.desk, [LINE], MIA, day.now)
    day.open(etd=ETD)
    move_etd(day.desk, "F-1", date(2027, 9, 1), BO, day.now)
    set_state(day.desk, "S-1", "cancelled", MIA, day.now)
    moved = [line for line in day.store.where("audit", "subject", "F-1") if line["act"] == "etd moved"]
    assert [line["by"] for line in moved] == [BO.id]
    assert "cancelled" in noted(day, "S-1")


def test_what_people_do_in_the_tracker_is_noted(day: Day) -> None:
    day.open(etd=ETD)
    day.work()
    day.tracker.edit(day.task("N1").ticket, status="Done", status_kind="done")
    day.tracker.edit(day.task("N2").ticket, due=date(2027, 2, 1))
    day.tracker.edit(day.filing().ticket, status="Waiting", status_kind="indeterminate")
    day.pass_time(minutes=5)
    before = len(list(day.store.every("audit")))
    follow_tickets(day.desk, day.tracker, day.now)
    assert day.task("N1").done
    assert len(list(day.store.every("audit"))) >= before + 3


@pytest.mark.parametrize("answer", [reminder_done, reminder_not_mine])
def test_an_answered_reminder_that_changes_a_task_is_noted(day: Day, answer) -> None:
    with_reminders(day)
    sent = next(one for one in day.reminders("F-1") if one.state == "sent" and one.task)
    before = len(list(day.store.every("audit")))
    answer(day.desk, sent.id, Colleague(sent.owner, "Whoever", role="PM"), day.now)
    assert len(list(day.store.every("audit"))) > before


def test_the_trail_of_a_whole_day_is_unbroken(day: Day) -> None:
    add_shipments(day.desk, [LINE], MIA, day.now)
    with_reminders(day)
    lines = list(day.store.every("audit"))
    assert broken_at(lines, lines[-1]["chain"]) is None


def test_a_change_that_is_not_noted_is_seen_by_this_very_test(day: Day, monkeypatch) -> None:
    monkeypatch.setattr("bot.flows.move_etd.note_audit", lambda *_args, **_details: None)
    monkeypatch.setattr("bot.flows.watch_shipment.note_audit", lambda *_args, **_details: None)
    with pytest.raises(Unnoted, match="S-1"):
        add_shipments(day.desk, [LINE], MIA, day.now)


def test_what_a_test_arranges_by_hand_needs_no_line(day: Day) -> None:
    day.open(etd=ETD)
    with day.store.transaction() as tx:
        keep(tx, "tasks", day.task("N1"))

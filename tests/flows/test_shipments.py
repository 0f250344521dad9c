"""Shipments: stored once by number, changed by the next import, moved with their filing, never half imported."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk.records import shipment_of, shipments
from bot.domain.shipment import Shipment, ShipmentLine
from bot.errors import BadDate, BadInput, NotFound
from bot.flows.change_shipment import set_state
from bot.flows.move_etd import move_etd
from bot.flows.watch_shipment import Watched, add_shipments, typed_shipment
from tests.fakes.desk import ANA, BO, ETD, MIA, Day

LINE = ShipmentLine("SO-4711", "FaceGate 300", "DE", ETD, "Hafen AG")


def add(day: Day, *lines: ShipmentLine, by: object = ANA) -> list[Watched]:
    return add_shipments(day.desk, lines or [LINE], by, day.now)  # type: ignore[arg-type]


def line(**changes: object) -> ShipmentLine:
    return ShipmentLine(**{"number": "SO-4711", "product": "FaceGate 300", "destination": "DE", "etd": ETD,  # type: ignore[arg-type]
                           "customer": "Hafen AG"} | changes)


def waiting(day: Day, subject: str = "S-1") -> set[date]:
    return {one.anchor for one in day.reminders(subject) if one.state == "pending"}


def test_a_shipment_is_stored_with_its_verdict_and_reminders() -> None:
    day = Day()
    watched, = add(day)
    assert (watched.outcome, watched.shipment.verdict) == ("added", "in_scope")
    assert [(one.offset, one.to) for one in day.reminders("S-1") if one.state == "pending"] == [
        (-1, "owner"), (-3, "owner"), (-7, "owner"), (-7, "HEAD"), (-14, "owner")]


def test_the_same_number_again_changes_nothing() -> None:
    day = Day()
    add(day)
    before = list(day.store.every("reminders"))
    assert [watched.outcome for watched in add(day)] == ["unchanged"]
    assert len(shipments(day.store)) == 1
    assert list(day.store.every("reminders")) == before
    assert len(day.store.where("audit", "subject", "S-1")) == 1


@pytest.mark.parametrize("typed", ["so-4711", " SO-4711 ", "SO -4711", "So-4711"])
def test_a_number_is_the_same_however_it_was_typed(typed: str) -> None:
    day = Day()
    add(day)
    assert add(day, line(number=typed))[0].outcome == "unchanged"
    assert shipment_of(day.store, typed).id == "S-1"


def test_an_import_with_other_data_updates_by_number() -> None:
    day = Day()
    add(day)
    watched, = add(day, line(etd=ETD + timedelta(days=7), customer="", destination="VN"))
    assert watched.outcome == "updated"
    stored = shipment_of(day.store, "SO-4711")
    assert (stored.id, stored.destination, stored.customer) == ("S-1", "VN", "Hafen AG")
    assert waiting(day) == {ETD + timedelta(days=7)}


def test_a_table_imported_twice_makes_each_shipment_once() -> None:
    day = Day()
    lines = [line(number=f"SO-{number}", product="GateKeeper 2D") for number in range(60)]
    add(day, *lines)
    assert {watched.outcome for watched in add(day, *lines)} == {"unchanged"}
    assert len(shipments(day.store)) == 60


def test_a_bad_line_among_good_ones_leaves_nothing_half_imported() -> None:
    day = Day()
    with pytest.raises(BadInput):
        add(day, line(number="SO-1"), line(number="SO-2", product=""), line(number="SO-3"))
    assert not shipments(day.store)
    assert not list(day.store.every("reminders"))


def test_what_is_wrong_with_a_line_names_its_number_and_what_it_lacks() -> None:
    with pytest.raises(BadDate, match=r"SO-2: .*1 Jan 2026"):
        add(Day(), line(number="SO-1"), line(number="SO-2", etd=date(2026, 1, 1)))
    with pytest.raises(BadInput, match=f"{Day().phrase('form.destination')}, {Day().phrase('form.etd')}"):
        add(Day(), line(destination="", etd=None))


@pytest.mark.parametrize("etd", [date(2030, 1, 1), date(9999, 12, 31)])
def test_an_etd_beyond_three_years_is_taken_for_a_slip(etd: date) -> None:
    day = Day()
    with pytest.raises(BadDate, match=day.phrase("error.etd_far")):
        add(day, line(etd=etd))


def test_a_table_that_still_holds_what_has_left_can_be_imported_again() -> None:
    day = Day()
    add(day)
    day.now = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    outcomes = [one.outcome for one in add(day, LINE, line(number="SO-2", etd=date(2027, 3, 1)))]
    assert outcomes == ["unchanged", "added"]


@pytest.mark.parametrize(("product", "destination", "autonomous", "verdict"), [
    ("FaceGate 300", "DE", "", "in_scope"), ("FaceGate 300", "CN", "", "out_of_scope"),
    ("PalmKey V2", "VN", "", "out_of_scope"), ("PalmKey V2", "VN", "yes", "in_scope"),
    ("Frobnicator 9", "DE", "", "needs_review"), ("GateKeeper 2D", "DE", "", "out_of_scope"),
])
def test_the_rules_judge_each_shipment(product: str, destination: str, autonomous: str, verdict: str) -> None:
    watched, = add(Day(), line(product=product, destination=destination, autonomous=autonomous))
    assert watched.shipment.verdict == verdict


def test_a_shipment_of_goods_an_open_filing_covers_in_time_is_covered() -> None:
    day = Day()
    day.open()
    assert add(day)[0].shipment.filing == "F-1"
    assert add(day, line(number="SO-2", etd=ETD - timedelta(days=1)))[0].shipment.filing == ""
    assert add(day, line(number="SO-3", destination="FR"))[0].shipment.filing == ""
    assert add(day, line(number="SO-4", customer="Porto SA"))[0].shipment.filing == ""


def test_a_filing_for_no_customer_covers_every_customer() -> None:
    day = Day()
    day.open(customer="")
    assert add(day)[0].shipment.filing == "F-1"


def test_other_goods_under_the_same_number_are_no_longer_covered() -> None:
    day = Day()
    day.open()
    add(day)
    assert add(day, line(destination="FR"))[0].shipment.filing == ""
    assert add(day, line())[0].shipment.filing == "F-1"


def test_a_typed_line_is_read_into_its_parts() -> None:
    day = Day()
    read = typed_shipment(day.desk, "SO-4711 FaceGate 300 to Hamburg ETD 18 Dec 2026", day.now, "SO-4711").line
    assert (read.number, read.product, read.destination, read.etd) == ("SO-4711", "FaceGate 300", "DE", ETD)


@pytest.mark.parametrize("text", ["", "SO-1", "🎉" * 500, "x" * 10_000, "SO-1 \x00 99/99/9999"])
def test_a_typed_line_that_says_little_is_only_incomplete(text: str) -> None:
    typed = typed_shipment(Day().desk, text, Day().now, "SO-1")
    assert typed.line.missing()
    assert not typed.complete


@pytest.mark.parametrize("etd", ["2026-02-30", "Feb 30", "31 April", "2026-13-05", "12/08/2027"])
def test_a_typed_date_that_is_none_or_not_clear_is_named_and_the_rest_of_the_line_is_understood(etd: str) -> None:
    typed = typed_shipment(Day().desk, f"SO-9 FaceGate 300 × 40 to Hamburg ETD {etd} 18:00 Europe/Berlin", Day().now, "SO-9")
    assert (typed.line.product, typed.line.quantity, typed.line.destination) == ("FaceGate 300", "40", "DE")
    assert (typed.line.etd, typed.time) == (None, "18:00 Europe/Berlin")
    assert [doubt.words for doubt in typed.doubts if doubt.about == "ship_date"] == [etd]


# ── moving and cancelling ──────────────────────────────────────────────────────────────────────────


def test_a_moved_shipment_takes_its_filing_along() -> None:
    day = Day()
    day.open()
    add(day)
    moved = move_etd(day.desk, "SO-4711", ETD + timedelta(days=14), ANA, day.now)
    assert (moved.subject, moved.before, moved.after) == ("SO-4711", ETD, ETD + timedelta(days=14))
    assert moved.tasks_moved > 20
    assert day.filing().etd == ETD + timedelta(days=14)
    assert waiting(day) == {ETD + timedelta(days=14)}


def test_what_a_moved_shipment_replanned_is_known_before_and_after_and_goes_back_only_while_it_stands() -> None:
    day = Day()
    day.open()
    add(day)
    before = {task.item: task.due for task in day.tasks()}
    moved = move_etd(day.desk, "SO-4711", ETD + timedelta(days=14), ANA, day.now)
    change, = moved.changes
    assert (change.before.etd, change.after.etd) == (ETD, ETD + timedelta(days=14))
    assert moved.was
    with pytest.raises(BadInput, match=day.phrase("error.changed_meanwhile")):
        move_etd(day.desk, "SO-4711", ETD, ANA, day.now, seen=ETD.isoformat())
    move_etd(day.desk, moved.was.id, moved.was.etd, ANA, day.now, moved.was.zone, moved.was.at, seen=moved.after.isoformat())
    assert {task.item: task.due for task in day.tasks()} == before
    assert day.filing().etd == ETD


def test_an_import_with_another_etd_takes_the_filing_along_too() -> None:
    day = Day()
    day.open()
    add(day)
    add(day, line(etd=ETD + timedelta(days=14)))
    assert day.filing().etd == ETD + timedelta(days=14)


def test_a_filing_follows_its_first_shipment() -> None:
    day = Day()
    day.open()
    add(day, line(number="SO-1"), line(number="SO-2", etd=ETD + timedelta(days=7)))
    move_etd(day.desk, "SO-1", ETD + timedelta(days=30), ANA, day.now)
    assert day.filing().etd == ETD + timedelta(days=7)
    move_etd(day.desk, "SO-2", ETD - timedelta(days=7), ANA, day.now)
    assert day.filing().etd == ETD - timedelta(days=7)


def test_a_later_shipment_that_moves_later_leaves_the_filing_where_it_is() -> None:
    day = Day()
    day.open()
    add(day, line(number="SO-2", etd=ETD + timedelta(days=7)))
    move_etd(day.desk, "SO-2", ETD + timedelta(days=30), ANA, day.now)
    assert day.filing().etd == ETD


def test_a_moved_filing_takes_the_shipments_of_its_day_along() -> None:
    day = Day()
    day.open()
    add(day, line(number="SO-1"), line(number="SO-2", etd=ETD + timedelta(days=7)))
    move_etd(day.desk, "f-1", ETD + timedelta(days=3), ANA, day.now)
    assert shipment_of(day.store, "SO-1").etd == ETD + timedelta(days=3)
    assert shipment_of(day.store, "SO-2").etd == ETD + timedelta(days=7)


def test_a_filing_that_is_done_no_longer_moves_with_its_shipment() -> None:
    day = Day()
    day.open()
    add(day)
    with day.store.transaction() as tx:
        tx.put("filings", (tx.get("filings", "F-1") or {}) | {"state": "done"})
    assert move_etd(day.desk, "SO-4711", ETD + timedelta(days=7), ANA, day.now).tasks_moved == 0
    assert day.filing().etd == ETD


@pytest.mark.parametrize("etd", [date(2026, 6, 14), date(9999, 12, 31)])
def test_a_move_to_an_impossible_day_is_refused_and_nothing_moves(etd: date) -> None:
    day = Day()
    day.open()
    add(day)
    for subject in ("F-1", "SO-4711"):
        with pytest.raises(BadDate):
            move_etd(day.desk, subject, etd, ANA, day.now)
    assert waiting(day) == {ETD}


def test_a_subject_nobody_knows_is_said_to_be_unknown() -> None:
    with pytest.raises(NotFound, match="SO-404"):
        move_etd(Day().desk, "SO-404", ETD, ANA, Day().now)


def test_a_cancelled_shipment_reminds_nobody_and_stays_in_the_records() -> None:
    day = Day()
    shipment = add(day)[0].shipment
    assert set_state(day.desk, shipment.id, "cancelled", BO, day.now).state == "cancelled"
    set_state(day.desk, shipment.id, "cancelled", BO, day.now)
    assert not waiting(day)
    assert [line["act"] for line in day.store.where("audit", "subject", "S-1")] == ["shipment added", "cancelled"]
    day.until(ETD)
    assert not day.chat.named("remind:")


def test_cancelling_does_not_undo_what_changed_meanwhile() -> None:
    day = Day()
    stale = add(day)[0].shipment
    move_etd(day.desk, "SO-4711", ETD + timedelta(days=7), ANA, day.now)
    set_state(day.desk, stale.id, "cancelled", BO, day.now)
    assert shipment_of(day.store, "SO-4711").etd == ETD + timedelta(days=7)


def test_a_cancelled_shipment_may_be_given_another_date_and_stays_cancelled() -> None:
    day = Day()
    day.open()
    set_state(day.desk, add(day)[0].shipment.id, "cancelled", BO, day.now)
    moved = move_etd(day.desk, "SO-4711", ETD + timedelta(days=7), ANA, day.now)
    assert moved.tasks_moved == 0
    assert isinstance(shipment_of(day.store, "SO-4711"), Shipment)
    assert not waiting(day)
    assert day.filing().etd == ETD


def test_the_owner_named_in_the_line_is_the_one_reminded() -> None:
    day = Day()
    add(day, line(owner=MIA.id))
    own = [one for one in day.reminders("S-1") if one.to == "owner"]
    assert {(one.owner, one.zone) for one in own} == {(MIA.id, MIA.zone)}

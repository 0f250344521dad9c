"""Opening a filing: written before anything leaves, once however often it is wished for, planned and said honestly."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk.records import shipment_of, shipments
from bot.domain.shipment import ShipmentLine
from bot.errors import BadDate, BadInput
from bot.flows.open_filing import open_filing
from bot.flows.watch_shipment import add_shipments
from tests.fakes.desk import ANA, BO, DEV, ETD, MIA, Day, make_desk, wished
from tests.fakes.fake_chat import words_of


def test_filing_tasks_reminders_and_wishes_are_there_before_anything_leaves() -> None:
    day = Day()
    filing, new = open_filing(day.desk, wished(), ANA, day.now)
    assert new
    assert day.filing() == filing
    assert day.tasks()
    assert day.reminders("F-1")
    assert {row["state"] for row in day.store.every("outbox")} == {"waiting"}
    assert not day.tracker.calls
    assert not day.chat.calls


def test_the_same_form_sent_twice_opens_one_filing() -> None:
    day = Day()
    first, _ = open_filing(day.desk, wished(), ANA, day.now)
    again, new = open_filing(day.desk, wished(), BO, day.now)
    assert (again.id, new) == (first.id, False)
    assert len(list(day.store.every("filings"))) == 1


def test_the_same_origin_never_opens_a_second_filing_even_with_other_words() -> None:
    day = Day()
    open_filing(day.desk, wished(origin="D-1"), ANA, day.now)
    again, new = open_filing(day.desk, wished(origin="D-1", product="IrisLock Pro"), ANA, day.now)
    assert (again.id, new) == ("F-1", False)


def test_the_origin_counts_before_what_looks_alike() -> None:
    day = Day()
    open_filing(day.desk, wished(origin="form:1"), ANA, day.now)
    open_filing(day.desk, wished(origin="form:2", product="IrisLock Pro"), ANA, day.now)
    assert open_filing(day.desk, wished(origin="form:2"), ANA, day.now)[0].id == "F-2"


@pytest.mark.parametrize("alike", [
    {}, {"product": " facegate  300 "}, {"customer": "HAFEN AG"}, {"destinations": ("FR", "DE")}, {"owner": "U2"},
], ids=["same", "spaces", "case", "order", "owner"])
def test_a_second_wish_for_the_same_goods_finds_the_open_filing(alike: dict[str, object]) -> None:
    day = Day()
    open_filing(day.desk, wished(destinations=("DE", "FR")), ANA, day.now)
    again, new = open_filing(day.desk, wished(**{"origin": "form:V2", "destinations": ("DE", "FR")} | alike), BO, day.now)
    assert (again.id, new) == ("F-1", False)


@pytest.mark.parametrize("other", [
    {"product": "IrisLock Pro"}, {"customer": "Porto SA"}, {"destinations": ("FR",)}, {"etd": ETD + timedelta(days=1)},
], ids=["product", "customer", "destination", "etd"])
def test_a_wish_that_differs_opens_its_own_filing(other: dict[str, object]) -> None:
    day = Day()
    day.open()
    assert day.open(**{"origin": "form:V2"} | other).id == "F-2"


def test_a_filing_that_is_done_does_not_stand_in_the_way_of_the_next() -> None:
    day = Day()
    day.open()
    with day.store.transaction() as tx:
        tx.put("filings", (tx.get("filings", "F-1") or {}) | {"state": "done"})
    assert day.open(origin="form:V2").id == "F-2"


def test_an_etd_in_the_past_is_refused_in_the_language_of_whoever_asks() -> None:
    day = Day()
    with pytest.raises(BadDate, match="14 Jun 2026"):
        day.open(etd=date(2026, 6, 14))
    with pytest.raises(BadDate) as chinese:
        day.open(BO, etd=date(2026, 6, 14))
    assert day.phrase("error.etd_past", "zh") in str(chinese.value)
    assert "2026年6月14日" in str(chinese.value)
    assert not list(day.store.every("filings"))


def test_today_is_the_desks_own_day() -> None:
    day = Day(datetime(2026, 6, 15, 20, 0, tzinfo=UTC))  # already the 16th in Shanghai
    with pytest.raises(BadDate):
        day.open(etd=date(2026, 6, 15))
    day.desk = replace(day.desk, zone="Europe/Berlin")
    assert day.open(etd=date(2026, 6, 15)).etd == date(2026, 6, 15)


@pytest.mark.parametrize("etd", [date(2030, 1, 1), date(9999, 12, 31)])
def test_an_etd_beyond_three_years_is_taken_for_a_slip(etd: date) -> None:
    day = Day()
    with pytest.raises(BadDate, match=day.phrase("error.etd_far")):
        day.open(etd=etd)


def test_a_filing_without_a_product_is_refused() -> None:
    day = Day()
    with pytest.raises(BadInput, match=day.phrase("error.no_product")):
        day.open(product="  ")


def test_each_family_gets_the_tasks_that_apply_to_it() -> None:
    day = Day()
    families = {"FaceGate 300": "face_3d_terminal", "IrisLock Pro": "iris_lock", "AirSense P4": "intelligent_respirator"}
    for number, (product, category) in enumerate(families.items(), start=1):
        day.open(origin=f"form:{number}", product=product, category=category)
        asked = {item.id for item in day.desk.checklist.for_goods(category, ("DE",))}
        assert {task.item for task in day.tasks(f"F-{number}")} == asked
    assert {task.item for task in day.tasks("F-1")} != {task.item for task in day.tasks("F-3")}


def test_a_family_nobody_knows_gets_every_task() -> None:
    day = Day()
    day.open(category="unknown", destinations=())
    assert len(day.tasks()) == len(day.desk.checklist.items)


def test_tasks_belong_to_the_people_with_the_roles_and_else_to_the_owner() -> None:
    day = Day()
    day.open(owner=MIA.id)
    by_item = {task.item: task.owner for task in day.tasks()}
    assert by_item["N1"] == BO.id  # PM
    assert by_item["A1"] == DEV.id  # REG
    assert by_item["N4"] == MIA.id  # RD: nobody has the role


def test_somebody_who_has_left_is_given_no_task() -> None:
    day = Day()
    with day.store.transaction() as tx:
        tx.put("people", (tx.get("people", BO.id) or {}) | {"active": False})
    day.open(owner=ANA.id)
    assert day.task("N1").owner == ANA.id


def test_a_plan_that_does_not_fit_says_by_how_many_days() -> None:
    day = Day()
    filing = day.open(etd=date(2026, 8, 14))
    day.work()
    assert filing.days_short > 0
    assert filing.earliest[1] - filing.etd == timedelta(days=filing.days_short)
    said = day.desk.words.say("en", "plan.short", n=filing.days_short, etd="14 Aug 2026")
    assert said in words_of(day.chat.named("filing:F-1")[0].reply)


def test_a_plan_that_fits_says_so_and_shows_no_shortage() -> None:
    day = Day()
    filing = day.open(etd=date(2027, 2, 26))
    day.work()
    assert filing.days_short == 0
    assert day.phrase("plan.fits") in words_of(day.chat.named("filing:F-1")[0].reply)


def test_labels_are_the_same_for_the_same_filing_and_unlike_those_of_another_installation() -> None:
    day = Day()
    day.open()
    assert day.filing().label == "fd-1a2b3c-f-1"
    assert day.task("N1").label == "fd-1a2b3c-f-1-n1"
    other = make_desk(label="ffffff")
    filing, _ = open_filing(other, wished(), ANA, day.now)
    assert filing.label == "fd-ffffff-f-1"


def test_no_two_labels_are_ever_alike() -> None:
    day = Day(tasks=("N1", "N11", "A1"))
    for number in range(25):
        day.open(origin=f"form:{number}", customer=f"customer {number}")
    labels = [row["label"] for table in ("filings", "tasks") for row in day.store.every(table)]
    assert Counter(labels).most_common(1)[0][1] == 1


def test_a_filing_covers_the_shipment_it_was_opened_from_and_others_that_leave_no_earlier() -> None:
    day = Day()
    lines = [ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG"),
             ShipmentLine("SO-2", "FaceGate 300", "DE", ETD + timedelta(days=9), "Hafen AG"),
             ShipmentLine("SO-3", "FaceGate 300", "DE", ETD - timedelta(days=30), "Hafen AG"),
             ShipmentLine("SO-4", "FaceGate 300", "FR", ETD, "Hafen AG"),
             ShipmentLine("SO-5", "FaceGate 300", "DE", ETD, "Porto SA")]
    add_shipments(day.desk, lines, ANA, day.now)
    day.open(shipment="S-1")
    covered = {one.number: one.filing for one in shipments(day.store)}
    assert covered == {"SO-1": "F-1", "SO-2": "F-1", "SO-3": "", "SO-4": "", "SO-5": ""}


def test_the_shipment_a_filing_was_opened_from_is_covered_even_where_the_form_was_changed() -> None:
    day = Day()
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG")], ANA, day.now)
    day.open(shipment="S-1", customer="", product="FaceGate 300 Pro")
    assert shipment_of(day.store, "SO-1").filing == "F-1"


def test_every_opening_is_in_the_audit_trail_once() -> None:
    day = Day()
    for _ in range(3):
        day.open()
    assert [line["act"] for line in day.store.where("audit", "subject", "F-1")] == ["opened"]

"""Shipments of several goods: each judged and covered by itself, split and followed, pointed out to their owner at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk.cataloguing import name_of
from bot.desk.gatehouse import facts_of
from bot.desk.records import shipment_of, shipments
from bot.domain.people import Colleague
from bot.domain.rows import to_row
from bot.domain.shipment import (
    Goods,
    Shipment,
    ShipmentLine,
    goods_in,
    incoterm_of,
    order_of,
    pieces,
    quantity_of,
    state_of,
)
from bot.domain.splitting import Part, parts_in
from bot.errors import BadDate, BadInput
from bot.flows.change_shipment import set_state, split_shipment
from bot.flows.move_etd import move_etd
from bot.flows.share_filing import open_for, share_filing
from bot.flows.watch_shipment import Watched, add_shipments, typed_shipment
from bot.ports import TABLES
from bot.replies.shipments import shipment_reply
from bot.replies.trouble import trouble_said
from tests.fakes.desk import ANA, BO, ETD, MIA, Day
from tests.fakes.fake_chat import actions_of, words_of

TWO = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG", quantity="40", further=(Goods("IrisLock Pro", "10"),))


def add(day: Day, *lines: ShipmentLine) -> list[Watched]:
    return add_shipments(day.desk, lines or [TWO], ANA, day.now)


def waiting(day: Day, subject: str = "S-1") -> set[date]:
    return {one.anchor for one in day.reminders(subject) if one.state == "pending"}


def unfiled_messages(day: Day) -> list[str]:
    return [words_of(one.reply) for one in day.chat.named("unfiled:")]


def test_every_product_line_is_judged_and_the_gravest_counts_for_all() -> None:
    day = Day()
    watched, = add(day, replace(TWO, further=(Goods("GateKeeper 2D"), Goods("Frobnicator 9"))))
    assert [goods.verdict for goods in watched.shipment.goods] == ["in_scope", "out_of_scope", "needs_review"]
    assert watched.shipment.verdict == "in_scope"


def test_a_filing_covers_the_line_of_its_product_and_the_shipment_is_held_for_the_other() -> None:
    day = Day()
    day.open()
    shipment = add(day)[0].shipment
    assert [goods.filing for goods in shipment.goods] == ["F-1", ""]
    assert ([goods.product for goods in shipment.unfiled], shipment.filing) == (["IrisLock Pro"], "")
    day.open(origin="form:V2", product="IrisLock Pro", category="iris_lock", shipment="S-1")
    assert shipment_of(day.store, "SO-1").filings == ("F-1", "F-2")
    assert not shipment_of(day.store, "SO-1").unfiled


def test_the_reply_says_whose_word_on_autonomy_it_used() -> None:
    day = Day()
    watched, = add(day, replace(TWO, autonomous="yes"))
    said = words_of(shipment_reply(day.desk.words, "en", watched.shipment, watched.outcome))
    assert day.desk.words.say("en", "shipment.basis.said", goods="FaceGate 300") in said
    assert day.desk.words.say("en", "shipment.basis.catalogue", goods="IrisLock Pro") in said


def test_what_was_said_of_a_line_before_still_counts_when_the_next_table_says_nothing() -> None:
    day = Day()
    add(day, ShipmentLine("SO-1", "PalmKey V2", "VN", ETD, autonomous="yes"))
    again, = add(day, ShipmentLine("SO-1", "PalmKey V2", "VN", ETD))
    assert (again.outcome, again.shipment.verdict) == ("unchanged", "in_scope")


def test_a_table_that_lists_fewer_lines_takes_the_others_away() -> None:
    day = Day()
    add(day)
    watched, = add(day, replace(TWO, further=()))
    assert (watched.outcome, watched.shipment.product) == ("updated", "FaceGate 300")


def test_terms_and_consignee_are_kept_and_stay_when_not_said_again() -> None:
    day = Day()
    add(day, replace(TWO, customer="", consignee="Port Agent", incoterm="FOB Shanghai", zone="Europe/Berlin"))
    shipment = add(day, replace(TWO, customer=""))[0].shipment
    assert (shipment.customer, shipment.consignee, shipment.incoterm, shipment.zone) == (
        "Port Agent", "Port Agent", "FOB Shanghai", "Europe/Berlin")


def test_a_typed_line_may_name_several_products_with_their_pieces() -> None:
    day = Day()
    text = "SO-4711 FaceGate 300 × 40 and IrisLock Pro × 10 to Hamburg ETD 2026-12-18"
    line = typed_shipment(day.desk, text, day.now, "SO-4711").line
    assert [(goods.product, goods.quantity) for goods in line.goods] == [("FaceGate 300", "40"), ("IrisLock Pro", "10")]


def test_a_typed_line_may_name_a_time_a_zone_and_an_incoterm() -> None:
    day = Day()
    text = "SO-4711 FaceGate 300 FOB to Hamburg ETD {} 18:30 Europe/Berlin"
    line = typed_shipment(day.desk, text.format("2026-12-18"), day.now, "SO-4711").line
    assert (line.etd, line.zone, line.incoterm) == (ETD, "Europe/Berlin", "FOB")
    assert line.at == datetime(2026, 12, 18, 17, 30, tzinfo=UTC)
    assert typed_shipment(day.desk, text.format("18 Dec"), day.now, "SO-4711").line == line


def test_a_typed_zone_that_does_not_exist_is_told_and_the_line_is_not_complete() -> None:
    day = Day()
    typed = typed_shipment(day.desk, "SO-4711 FaceGate 300 to Hamburg ETD 2026-12-18 18:30 Europe/Berln", day.now, "SO-4711")
    assert not typed.complete
    assert "did you mean Europe/Berlin" in str(typed.trouble)
    assert (typed.line.etd, typed.time) == (ETD, "18:30 Europe/Berln")


def test_an_etd_is_past_by_the_clock_of_its_own_zone() -> None:
    day = Day()
    day.now = datetime(2026, 6, 15, 22, 0, tzinfo=UTC)  # the 16th in Shanghai, still the 15th in New York
    with pytest.raises(BadDate):
        add(day, replace(TWO, etd=date(2026, 6, 15)))
    assert add(day, replace(TWO, etd=date(2026, 6, 15), zone="America/New_York"))[0].shipment.etd == date(2026, 6, 15)
    with pytest.raises(BadDate):
        add(day, replace(TWO, number="SO-2", etd=date(2026, 6, 16), at=day.now - timedelta(minutes=1)))


def test_a_row_of_version_0_1_is_still_a_shipment() -> None:
    day = Day()
    add(day, replace(TWO, further=()))
    row = {key: value for key, value in (day.store.get("shipments", "S-1") or {}).items() if key != "goods"}
    with day.store.transaction() as tx:
        tx.put("shipments", row | {"product": "FaceGate 300", "verdict": "in_scope", "filing": "F-9"})
    old = shipment_of(day.store, "SO-1")
    assert old.goods == (Goods("FaceGate 300", verdict="in_scope", filing="F-9"),)


# ── pointed out ────────────────────────────────────────────────────────────────────────────────────


def test_a_shipment_in_scope_without_a_filing_is_pointed_out_to_its_owner_at_once_with_the_button() -> None:
    day = Day()
    add(day, replace(TWO, owner=MIA.id))
    day.work()
    message, = day.chat.named("unfiled:")
    assert message.channel == MIA.id
    assert "file_shipment" in actions_of(message.reply)
    assert "SO-1" in words_of(message.reply)


def test_one_message_bundles_a_table_and_is_not_repeated_by_the_next() -> None:
    day = Day()
    lines = [replace(TWO, number=f"SO-{n}", owner=MIA.id) for n in range(20)]
    add(day, *lines)
    add(day, *lines)
    day.work()
    said, = unfiled_messages(day)
    assert day.phrase("unfiled.more") in said
    assert actions_of(day.chat.named("unfiled:")[0].reply).count("file_shipment") == 12


def test_the_message_is_edited_when_the_filing_is_there_and_when_it_has_sailed() -> None:
    day = Day()
    add(day, replace(TWO, further=(), owner=MIA.id), replace(TWO, number="SO-2", destination="FR", further=(), owner=MIA.id))
    day.work()
    day.open(shipment="S-1")
    set_state(day.desk, "SO-2", "sailed", BO, day.now)
    day.work()
    message, = day.chat.named("unfiled:")
    assert "F-1" in words_of(message.reply)
    assert day.phrase("unfiled.none") in words_of(message.reply)
    assert not actions_of(message.reply)


def test_whoever_looks_at_the_answer_gets_no_second_message() -> None:
    day = Day()
    add_shipments(day.desk, [replace(TWO, owner=ANA.id)], ANA, day.now, seen_by=ANA.id)
    day.work()
    assert not day.chat.named("unfiled:")


def test_a_new_owner_is_told_as_well() -> None:
    day = Day()
    add(day, replace(TWO, owner=MIA.id))
    add(day, replace(TWO, owner=BO.id))
    day.work()
    assert [one.channel for one in day.chat.named("unfiled:")] == [MIA.id, BO.id]


def test_what_is_out_of_scope_reminds_nobody_until_that_changes() -> None:
    day = Day()
    add(day, ShipmentLine("SO-1", "GateKeeper 2D", "DE", ETD))
    assert not waiting(day)
    add(day, ShipmentLine("SO-1", "FaceGate 300", "DE", ETD))
    assert waiting(day) == {ETD}


# ── sailed, cancelled, split ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", ["sailed", "cancelled"])
def test_nobody_is_reminded_of_what_has_left_and_a_slip_can_be_undone(state: str) -> None:
    day = Day()
    add(day)
    set_state(day.desk, "SO-1", state, BO, day.now)
    assert not waiting(day)
    day.until(ETD - timedelta(days=10))
    assert not day.chat.named("remind:")
    set_state(day.desk, "SO-1", "planned", BO, day.now)
    assert waiting(day) == {ETD}


@pytest.mark.parametrize(("by", "told"), [(MIA, {ANA.id, BO.id}), (ANA, {BO.id}), (BO, {ANA.id})])
def test_what_left_without_a_filing_is_told_to_owner_and_manager_with_who_said_so(by: Colleague, told: set[str]) -> None:
    day = Day()
    add_shipments(day.desk, [TWO], ANA, day.now, seen_by=ANA.id)
    set_state(day.desk, "SO-1", "sailed", by, day.now)
    set_state(day.desk, "SO-1", "sailed", by, day.now)
    day.work()
    heard = day.chat.named("left:")
    assert {one.channel for one in heard} == told
    for one in heard:
        assert all(part in words_of(one.reply) for part in (by.name, "SO-1", "FaceGate 300"))
        assert actions_of(one.reply) == ["shipment_planned"]


def test_a_line_of_a_table_may_say_that_it_has_sailed_even_long_ago() -> None:
    day = Day()
    shipment = add(day, replace(TWO, etd=date(2026, 1, 5), state="sailed"))[0].shipment
    assert (shipment.state, waiting(day)) == ("sailed", set())
    day.work()
    assert not day.chat.named("unfiled:")


def test_a_filing_follows_the_shipments_that_are_left() -> None:
    day = Day()
    day.open()
    add(day, replace(TWO, further=()), replace(TWO, number="SO-2", further=(), etd=ETD + timedelta(days=7)))
    set_state(day.desk, "SO-1", "cancelled", BO, day.now)
    assert day.filing().etd == ETD + timedelta(days=7)


def test_a_split_moves_a_line_to_a_number_of_its_own_with_its_own_date_and_reminders() -> None:
    day = Day()
    day.open()
    day.open(origin="form:V2", product="IrisLock Pro", category="iris_lock")
    add(day)
    stays, apart = split_shipment(day.desk, "SO-1", [Part("IrisLock Pro")], "", ETD + timedelta(days=14), BO, day.now)
    assert (stays.product, apart.number, apart.product) == ("FaceGate 300", "SO-1-2", "IrisLock Pro")
    assert (day.filing("F-1").etd, day.filing("F-2").etd) == (ETD, ETD + timedelta(days=14))
    assert (waiting(day, stays.id), waiting(day, apart.id)) == ({ETD}, {ETD + timedelta(days=14)})


def test_a_part_that_leaves_earlier_takes_the_shared_filing_along() -> None:
    day = Day()
    day.open()
    add(day, replace(TWO, further=()))
    stays, apart = split_shipment(day.desk, "SO-1", [Part("FaceGate 300", 15)], "so-1b", ETD - timedelta(days=7), BO, day.now)
    assert (stays.goods[0].quantity, apart.goods[0].quantity, apart.number) == ("25", "15", "SO-1B")
    assert stays.filings == apart.filings == ("F-1",)
    assert day.filing().etd == ETD - timedelta(days=7)


def test_a_part_that_comes_by_table_under_the_orders_number_with_a_suffix_shares_its_filing_too() -> None:
    day = Day()
    day.open()
    add(day, replace(TWO, further=()))
    part = add(day, replace(TWO, number="SO-1-2", quantity="10", further=(), etd=ETD - timedelta(days=7)))[0].shipment
    assert part.filing == "F-1"
    assert day.filing().etd == ETD - timedelta(days=7)


@pytest.mark.parametrize("parts", [[], [Part("FaceGate 300"), Part("IrisLock Pro")], [Part("Frobnicator 9")]])
def test_a_split_that_leaves_nothing_on_one_side_is_refused(parts: list[Part]) -> None:
    day = Day()
    add(day)
    with pytest.raises(BadInput, match="SO-1"):
        split_shipment(day.desk, "SO-1", parts, "", None, BO, day.now)
    assert len(shipments(day.store)) == 1


@pytest.mark.parametrize(("part", "told"), [
    (Part("FaceGate 300", 100), ("split_more", "SO-1 has 40 of FaceGate 300; 100 cannot")),
    (Part("Frobnicator 9", 2), ("split_other", "no Frobnicator 9 in SO-1")),
    (Part("RX 100", 1), ("split_unknown", "How many RX 100"))])
def test_a_split_of_more_than_there_is_is_refused_with_what_there_is(part: Part, told: tuple[str, str]) -> None:
    day = Day()
    add(day, replace(TWO, further=(Goods("RX 100"),)))
    with pytest.raises(BadInput) as refused:
        split_shipment(day.desk, "SO-1", [part], "", None, BO, day.now)
    assert (refused.value.code, told[1] in trouble_said(day.desk.words, "en", refused.value)) == (told[0], True)
    assert [goods.quantity for goods in shipment_of(day.store, "SO-1").goods] == ["40", ""]
    assert len(shipments(day.store)) == 1


def test_all_pieces_of_one_line_may_leave_but_not_all_there_is() -> None:
    day = Day()
    add(day)
    stays, apart = split_shipment(day.desk, "SO-1", [Part("FaceGate 300", 40)], "", None, BO, day.now)
    assert (stays.product, apart.goods[0].quantity) == ("IrisLock Pro", "40")
    with pytest.raises(BadInput) as refused:
        split_shipment(day.desk, "SO-1", [Part("IrisLock Pro", 10)], "", None, BO, day.now)
    assert refused.value.code == "split_all"


def test_what_has_left_is_not_split() -> None:
    day = Day()
    add(day)
    set_state(day.desk, "SO-1", "sailed", BO, day.now)
    with pytest.raises(BadInput, match=day.phrase("error.split_over", "zh")):
        split_shipment(day.desk, "SO-1", [Part("IrisLock Pro")], "", None, BO, day.now)


@pytest.mark.parametrize(("text", "parts"), [
    ("FaceGate 300 × 10 2026-12-31", [Part("FaceGate 300", 10)]),
    ("facegate 300×10", [Part("FaceGate 300", 10)]),
    ("IrisLock Pro", [Part("IrisLock Pro")]),
    ("FaceGate 300 x 1,000, IrisLock Pro", [Part("FaceGate 300", 1000), Part("IrisLock Pro")]),
    ("FaceGate 3000 × 5 31 Dec", [Part("FaceGate 3000")]),
    ("FaceGate 300 * 4, AirShield × 5", [Part("FaceGate 300", 4), Part("AirShield")]),
    ("IrisLock Pro, AirShield", [Part("IrisLock Pro"), Part("AirShield")]),
    ("Nothing 2026-12-31", [])])
def test_the_parts_of_a_split_are_read_with_their_pieces_and_by_names_nobody_knows(text: str, parts: list[Part]) -> None:
    assert {*parts_in(text, ["FaceGate 300", "IrisLock Pro"])} == {*parts}


@pytest.mark.parametrize("said", ["0", "-5", "2.5", "abc", "", "1e3", "10IrisLock"])
def test_what_is_no_number_of_pieces_splits_nothing(said: str) -> None:
    with pytest.raises(BadInput, match="whole number"):
        pieces(said)
    if said:
        with pytest.raises(BadInput, match="whole number"):
            parts_in(f"FaceGate 300 × {said}", ["FaceGate 300"])


def test_pieces_may_have_their_unit_behind_them() -> None:
    assert [pieces(said) for said in ("40", "40 pcs", "40台", "40.0", "1,200 units")] == [40, 40, 40, 40, 1200]
    assert quantity_of(" ") == ""


def test_a_split_onto_a_number_in_use_is_refused() -> None:
    day = Day()
    add(day, TWO, replace(TWO, number="SO-2"))
    with pytest.raises(BadInput, match="SO-2"):
        split_shipment(day.desk, "SO-1", [Part("IrisLock Pro")], "SO-2", None, BO, day.now)
    assert shipment_of(day.store, "SO-1").product == "FaceGate 300, IrisLock Pro"


def test_a_moved_shipment_keeps_its_date_in_the_zone_it_names() -> None:
    day = Day()
    add(day)
    at = datetime(2026, 12, 20, 23, 30, tzinfo=UTC)
    move_etd(day.desk, "SO-1", date(2026, 12, 21), ANA, day.now, "Europe/Berlin", at)
    moved = shipment_of(day.store, "SO-1")
    assert (moved.etd, moved.zone, moved.at) == (date(2026, 12, 21), "Europe/Berlin", at)


def test_a_filing_that_leads_two_shipments_moves_both_and_is_not_pulled_back() -> None:
    day = Day()
    day.open()
    add(day, replace(TWO, further=()), replace(TWO, number="SO-2", further=()))
    move_etd(day.desk, "F-1", ETD + timedelta(days=5), ANA, day.now)
    assert {one.etd for one in shipments(day.store)} == {ETD + timedelta(days=5)}
    assert day.filing().etd == ETD + timedelta(days=5)


# ── small words ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("said", "kept"), [("fob", "FOB"), ("cif Hamburg", "CIF Hamburg"), ("", "")])
def test_an_incoterm_is_kept_in_capitals(said: str, kept: str) -> None:
    assert incoterm_of(said) == kept


def test_what_is_no_incoterm_and_no_state_is_refused_with_the_words_to_write() -> None:
    with pytest.raises(BadInput, match="FCA"):
        incoterm_of("FBO")
    with pytest.raises(BadInput, match="sailed"):
        state_of("swimming")
    assert [state_of(said) for said in ("", "Sailed", "已开船", "Canceled")] == ["", "sailed", "sailed", "cancelled"]


@pytest.mark.parametrize(("number", "order"), [("SO-4711-2", "SO-4711"), ("SO-4711/B", "SO-4711"), ("SO-4711B", "SO-4711"),
                                               ("SO-4711", ""), ("PO12345", "")])
def test_a_part_names_its_order_before_the_suffix(number: str, order: str) -> None:
    assert order_of(number) == order


def test_product_lines_are_read_one_a_line() -> None:
    assert goods_in("IrisLock Pro × 10\n\n FaceGate  300 x 4\nRX 100") == (
        Goods("IrisLock Pro", "10"), Goods("FaceGate 300", "4"), Goods("RX 100"))


def test_a_product_line_whose_pieces_are_no_number_is_refused() -> None:
    assert goods_in("IrisLock Pro × 10 pcs")[0].quantity == "10"
    with pytest.raises(BadInput, match="'-5'"):
        goods_in("RX 100\nIrisLock Pro × -5")


def test_a_shipment_that_leaves_sooner_may_share_the_open_filing_whose_plan_follows() -> None:
    day = Day()
    day.open()
    soon = ETD - timedelta(days=7)
    add(day, replace(TWO, further=(), etd=soon))
    assert shipment_of(day.store, "SO-1").unfiled
    assert [one.id for one in open_for(day.store, "FaceGate 300", ["DE"], "Hafen AG")] == ["F-1"]
    shared = share_filing(day.desk, "F-1", "S-1", BO, day.now)
    assert (shared.filings, day.filing().etd, len(list(day.store.every("filings")))) == (("F-1",), soon, 1)
    assert [row["act"] for row in day.store.every("audit") if row["subject"] == "S-1"][-1] == "filing assigned"


@pytest.mark.parametrize("other", [{"product": "IrisLock Pro"}, {"destination": "FR"}, {"customer": "Porto SA"}])
def test_a_filing_for_other_goods_places_or_customers_is_not_shared(other: dict[str, str]) -> None:
    day = Day()
    day.open()
    add(day, replace(TWO, further=(), etd=ETD - timedelta(days=7), **other))  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="F-1"):
        share_filing(day.desk, "F-1", "S-1", ANA, day.now)
    assert not shipment_of(day.store, "SO-1").filings


@pytest.mark.parametrize(("text", "left"), [
    ("FaceGat 400 to Hamburg ETD 2026-12-18", "FaceGat 400"), ("FaceGate 300 × 40 to Hamburg ETD soonish", "soonish"),
    ("FaceGate 300 to Narnia ETD 5 March", "Narnia"), ("AirShield FOB to Hamburg 5 March 18:00 Europe/Berlin", "AirShield"),
    ("FaceGate 300 × 40 to Hamburg ETD 18 Dec 2026", "")])
def test_the_words_of_a_typed_line_that_nobody_understands_are_known(text: str, left: str) -> None:
    day = Day()
    assert typed_shipment(day.desk, f"SO-4711 {text}", day.now, "SO-4711").unread == left


@pytest.mark.parametrize(("text", "goods"), [
    ("40 FaceGate 300 to Hamburg", [("FaceGate 300", "40")]), ("2x FaceGate 300, 5 pcs of IrisLock Pro to Hamburg",
                                                               [("FaceGate 300", "2"), ("IrisLock Pro", "5")]),
    ("40台FaceGate 300和IrisLock Pro 发汉堡", [("FaceGate 300", "40"), ("IrisLock Pro", "")]),
    ("FaceGate 300 40台 发汉堡", [("FaceGate 300", "40")]), ("FaceGate 300 IrisLock Pro to Hamburg",
                                                        [("FaceGate 300", ""), ("IrisLock Pro", "")]),
    ("to Hamburg 18:30 FaceGate 300", [("FaceGate 300", "")]), ("Gate 12 FaceGate 300 to Hamburg", [("FaceGate 300", "")])])
def test_pieces_are_read_before_and_behind_a_product_and_the_number_in_a_name_is_none(
        text: str, goods: list[tuple[str, str]]) -> None:
    day = Day()
    line = typed_shipment(day.desk, f"SO-4711 {text} ETD 2026-12-18", day.now, "SO-4711").line
    assert [(one.product, one.quantity) for one in line.goods] == goods


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Berlin"])
def test_the_zone_of_a_time_is_no_place_that_goods_go_to(zone: str) -> None:
    day = Day()
    typed = typed_shipment(day.desk, f"SO-4711 FaceGate 300 ETD 2026-12-18 18:00 {zone}", day.now, "SO-4711")
    assert (typed.line.destination, typed.line.zone, typed.unread) == ("", zone, "")
    assert not [doubt for doubt in typed.doubts if doubt.about == "destination"]


@pytest.mark.parametrize("etd", ["2127-04-30", "30 April 2127", "2127年4月30日"])
def test_a_year_nobody_plans_for_is_told_and_never_taken_for_the_one_of_this_century(etd: str) -> None:
    day = Day()
    typed = typed_shipment(day.desk, f"SO-4711 FaceGate 300 to Hamburg ETD {etd}", day.now, "SO-4711")
    assert (typed.complete, typed.line.etd) == (False, None)
    assert [(doubt.words, doubt.reason) for doubt in typed.doubts] == [(etd, "too_far")]


@pytest.mark.parametrize(("said", "field"), [
    ("FaceGate 300 × -40", "quantity"), ("FaceGate 300 × 2.5", "quantity"), ("FaceGate 300 × 4 and IrisLock Pro × 0", "further")])
def test_typed_pieces_that_are_no_number_are_told_at_their_field_and_the_line_is_not_complete(said: str, field: str) -> None:
    day = Day()
    typed = typed_shipment(day.desk, f"SO-4711 {said} to Hamburg ETD 2026-12-18", day.now, "SO-4711")
    assert (typed.complete, typed.trouble and typed.trouble.field) == (False, field)


def test_shipments_are_found_by_each_of_their_filings_and_products() -> None:
    day = Day()
    day.open()
    day.open(origin="form:V2", product="IrisLock Pro", category="iris_lock")
    add(day)
    assert {"goods.filing", "goods.product"} <= set(TABLES["shipments"].equal)
    for field, value in (("goods.filing", "F-1"), ("goods.filing", "F-2"), ("goods.product", "IrisLock Pro")):
        assert [row["id"] for row in day.store.where("shipments", field, value)] == ["S-1"]
    assert isinstance(shipment_of(day.store, "S-1"), Shipment)


# ── other spellings of a product ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["FG300", "fg-300", "面盾300", "FACEGATE 300", "Face-Gate 300"])
def test_another_spelling_of_a_catalogue_product_is_that_product_with_its_family_and_autonomy(said: str) -> None:
    day = Day()
    day.open()
    one, = add(day, replace(TWO, product=said, further=()))
    goods, = one.shipment.goods
    assert (goods.product, goods.verdict, goods.basis, goods.filing) == ("FaceGate 300", "in_scope", "catalogue", "F-1")
    assert add(day, replace(TWO, product=said, further=()))[0].outcome == "unchanged"
    assert add(day, replace(TWO, further=()))[0].outcome == "unchanged"


def test_a_product_line_kept_under_an_alias_by_an_earlier_version_keeps_its_filing() -> None:
    day = Day()
    day.open()
    kept = add(day, replace(TWO, further=()))[0].shipment
    with day.store.transaction() as tx:
        old = replace(kept, goods=(replace(kept.goods[0], product="FG300", autonomous="yes"),))
        tx.put("shipments", to_row(old))
    goods, = add(day, replace(TWO, product="FG300", further=()))[0].shipment.goods
    assert (goods.product, goods.autonomous, goods.filing) == ("FaceGate 300", "yes", "F-1")


@pytest.mark.parametrize("said", ["FaceGate 3000", "FG30", "Frobnicator 9", "", "300"])
def test_what_only_resembles_a_catalogue_product_stays_as_it_was_written(said: str) -> None:
    assert name_of(Day().desk, said) == said


def test_a_filing_under_an_alias_goes_by_the_catalogues_word_too() -> None:
    day = Day()
    day.open(product="FG300", category="face_3d_terminal")
    assert facts_of(day.desk, day.store, day.filing())["autonomous"] == "yes"

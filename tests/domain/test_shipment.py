"""Numbers as people type them, what a line lacks, and which filing covers which goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.filing import Filing
from bot.domain.shipment import Goods, Shipment, ShipmentLine, covers, number_in, plain_number

AT = datetime(2026, 6, 15, tzinfo=UTC)
ETD = date(2026, 12, 18)
FILING = Filing("F-1", "l", "FaceGate 300", "iris_lock", ("DE", "FR"), ETD, "Asia/Shanghai", "Hafen AG", "U1", "U1", AT, "o")
SHIPMENT = Shipment("S-1", "SO-1", (Goods("FaceGate 300"),), "DE", ETD, "Asia/Shanghai", "U1", "U1", AT, "Hafen AG")


@pytest.mark.parametrize(("text", "number"), [
    ("add SO-4711 FaceGate", "SO-4711"), ("PO12345 to Hamburg", "PO12345"), ("SHIP-2026-07", "SHIP-2026-07"), ("nothing", ""),
    ("", ""), ("🚢", "")])
def test_the_first_number_in_a_text_is_found(text: str, number: str) -> None:
    assert number_in(text) == number


def test_a_number_is_kept_the_same_however_it_was_typed() -> None:
    assert {plain_number(typed) for typed in ("SO-1", "so-1", " SO -1 ", "\tSo-1\n")} == {"SO-1"}


def test_a_line_says_what_it_lacks() -> None:
    assert ShipmentLine().missing() == ("number", "product", "destination", "etd")
    assert ShipmentLine("SO-1", "p", "DE", ETD).missing() == ()


@pytest.mark.parametrize(("change", "covered"), [
    ({}, True), ({"destination": "FR"}, True), ({"etd": ETD + timedelta(days=1)}, True),
    ({"etd": ETD - timedelta(days=1)}, False),
    ({"destination": "VN"}, False),
    ({"customer": "Porto SA"}, False), ({"customer": ""}, False)])
def test_a_filing_covers_the_same_goods_that_leave_no_earlier(change: dict[str, object], covered: bool) -> None:
    assert covers(FILING, replace(SHIPMENT, **change), "FaceGate 300") is covered  # type: ignore[arg-type]


def test_a_filing_for_no_customer_covers_all_of_them() -> None:
    assert covers(replace(FILING, customer=""), replace(SHIPMENT, customer="Porto SA"), "FaceGate 300")


def test_a_filing_covers_its_own_product_only() -> None:
    assert not covers(FILING, SHIPMENT, "IrisLock")

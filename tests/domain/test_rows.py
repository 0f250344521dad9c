"""Values become rows of JSON and come back the same; instants stay in order as text."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import Category, Doubt, Evidence, Intent, ProductReading, Reading, Truth
from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.domain.reminding import Reminder
from bot.domain.rows import from_row, to_row
from bot.domain.shipment import Goods, Shipment, ShipmentLine

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
EVIDENCE = (Evidence("刷脸", 1, 3, "face"),)
VALUES = [
    Filing("F-1", "fd-a-f-1", "FaceGate 300", "iris_lock", ("DE", "FR"), date(2026, 12, 18), "Asia/Shanghai", "Hafen AG", "U1",
           "U2", AT, "D-1", ticket_due=date(2026, 12, 18), earliest=(date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3))),
    FilingTask("F-1.N1", "F-1", "N1", "Prüfung 审查", None, "PM", "U1", "fd-a-f-1-n1"),
    Shipment("S-1", "SO-1", (Goods("FaceGate 300"),), "DE", date(2026, 12, 18), "Asia/Shanghai", "U1", "U1", AT),
    ShipmentLine("SO-1", etd=date(2026, 2, 28)), ShipmentLine(),
    Reminder("r", "S-1", "etd-7", "", date(2026, 12, 18), -7, "U1", "Asia/Kolkata", state="sent",
             planned_for=AT, due_at=None, sent_at=AT, message="m"),
    Colleague("U1", "Ana"),
    Reading("x", "zh", Intent.SCOPE, (ProductReading(Category.IRIS_LOCK, Truth.YES, evidence={"category": EVIDENCE}),), ("DE",),
            ship_date=date(2026, 12, 18), doubts=(Doubt("destination", "Korea", ("KR", "KP"), "ambiguous"),),
            evidence={"intent": EVIDENCE}, inherited=("category",)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_it_was_also_over_json(value: object) -> None:
    row = json.loads(json.dumps(to_row(value)))
    assert from_row(type(value), row) == value
    assert to_row(from_row(type(value), row)) == row


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_an_older_program_reads_a_newer_row(value: object) -> None:
    assert from_row(type(value), to_row(value) | {"added_next_year": {"x": 1}}) == value


@settings(deadline=None)
@given(one=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
       other=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_instants_sort_as_text_as_they_do_in_time(one: datetime, other: datetime) -> None:
    rows = [to_row(Shipment("S", "N", (Goods("p"),), "DE", date(2026, 1, 1), "UTC", "U", "U", at))["added_at"]
            for at in (one, other)]
    assert (rows[0] < rows[1]) == (one < other)


def test_an_instant_of_another_zone_is_kept_as_utc() -> None:
    there = datetime(2026, 12, 1, 16, 0, tzinfo=timezone(timedelta(hours=8)))
    assert to_row(Shipment("S", "N", (Goods("p"),), "DE", date(2026, 1, 1), "UTC", "U", "U", there))["added_at"] == AT.isoformat()

"""From a reading to a determination: what was read is what is judged, and what a person states fills only gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.domain.facts import READ_FACTS, Category, Doubt, Intent, ProductReading, Reading, Truth, Verdict
from bot.domain.scope import asked_for, described, judge_reading, with_fact
from tests.fakes.desk import RULESET, make_desk

RULES = make_desk().rulesets[RULESET]
DAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)


def reading(*products: ProductReading) -> Reading:
    return Reading("text", "en", Intent.SCOPE, products, ("DE",))


def verdict(read: Reading) -> Verdict:
    return judge_reading(read, asked_for(read, "D-1", "U1", NOW, DAY, ()), RULES).verdict


IRIS = ProductReading(Category.IRIS_LOCK, Truth.YES, Truth.YES)


def test_what_was_read_is_what_is_judged() -> None:
    assert described(IRIS, RULES).facts == {"category": "iris_lock", "autonomous": "yes", "export": "yes"}
    assert set(READ_FACTS) == set(described(ProductReading(), RULES).facts)


def test_a_message_without_a_product_is_judged_as_one_nobody_knows() -> None:
    assert verdict(reading()) is Verdict.NEEDS_REVIEW


def test_the_worst_of_several_products_counts() -> None:
    assert verdict(reading(ProductReading(Category.IRIS_LOCK, Truth.NO, Truth.YES), IRIS)) is Verdict.IN_SCOPE


@pytest.mark.parametrize("fact", READ_FACTS)
def test_a_stated_fact_fills_a_gap_and_never_overwrites_what_was_said(fact: str) -> None:
    value = "gas_mask" if fact == "category" else "no"
    told = with_fact(reading(ProductReading(), IRIS), fact, value, "said")
    assert getattr(told.products[0], fact) == value
    assert told.products[0].evidence[fact][0].words == "said"
    assert told.products[1] == IRIS


def test_a_stated_fact_settles_the_doubt_about_it_and_no_other() -> None:
    doubts = (Doubt("autonomous", "maybe", reason="hedged"), Doubt("destination", "Korea", ("KR", "KP"), "ambiguous"))
    read = Reading("t", "en", Intent.SCOPE, (ProductReading(),), doubts=doubts)
    assert with_fact(read, "autonomous", "no", "said").doubts == doubts[1:]


def test_without_a_product_a_stated_fact_makes_one() -> None:
    assert with_fact(reading(), "category", "iris_lock", "Iris lock").products[0].category is Category.IRIS_LOCK


def test_of_no_list_there_is_no_version() -> None:
    assert asked_for(reading(IRIS), "D-1", "U1", NOW, DAY, ()).list_version == ""

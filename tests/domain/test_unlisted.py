"""A name beside a product that was read is told where nothing was read from it; what is no name of a product is not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.facts import Intent, Reading
from bot.domain.reading import read
from bot.domain.unlisted import unlisted_names
from tests.fakes.desk import make_desk

TODAY = date(2026, 11, 29)
LEXICON = make_desk().lexicon


@pytest.mark.parametrize(("text", "names"), [
    ("FaceGate 300 and AirShield to Dubai", ("AirShield",)),
    ("40 AirShield and 20 FaceGate 300 to Dubai", ("AirShield",)),
    ("FaceGate 300 和 AirShield 发往迪拜", ("AirShield",)),
    ("FaceGate 300, DoorGuard 5 and the AirShield to Dubai", ("DoorGuard 5", "AirShield")),
    ("AirShield, DoorGuard 5 and FaceGate 300 to Dubai", ("AirShield", "DoorGuard 5")),
    ("FaceGate 300 with auto-unlock and AirShield to Dubai", ("AirShield",)),
    ("an iris lock and AirShield to France", ("AirShield",)),
])
def test_a_name_nobody_knows_is_told_in_its_order(text: str, names: tuple[str, ...]) -> None:
    assert unlisted_names(read(text, TODAY, LEXICON)) == names


@pytest.mark.parametrize("text", [
    "FaceGate 300, PalmKey V2 and IrisLock Pro to Germany", "FaceGate 300 and FaceGate 900 to Dubai", "FaceGate 300, ETD 5 March",
    "FaceGate 300 to Germany and France", "40 FaceGate 300 and SO-4711", "FaceGate 300 for AirShield Ltd", "AirShield to Dubai",
])
def test_what_was_read_is_doubted_already_or_stands_elsewhere_is_no_such_name(text: str) -> None:
    assert unlisted_names(read(text, TODAY, LEXICON)) == ()


def test_what_was_taken_over_from_an_earlier_text_is_not_looked_for_in_this_one() -> None:
    earlier = read("FaceGate 300 to Dubai", TODAY, LEXICON)
    now = Reading(text="to Paris and x AirShield", lang="en", intent=Intent.SCOPE, products=earlier.products)
    assert unlisted_names(now) == ()

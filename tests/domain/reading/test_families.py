"""What looks like a listed product and is none, and what is one though nothing calls it so."""

from __future__ import annotations

from datetime import date

import pytest
import reading_score as measure

from bot.domain.facts import Category
from bot.domain.reading import read

WORDS = measure.lexicon()
FACE, IRIS, VEIN = Category.FACE_3D_TERMINAL, Category.IRIS_LOCK, Category.VEIN_LOCK
HOOD, MASK, OTHER = Category.INTELLIGENT_RESPIRATOR, Category.GAS_MASK, Category.OTHER_NOT_LISTED


def families(text: str) -> list[Category]:
    return [product.category for product in read(text, date(2026, 11, 23), WORDS).products]


@pytest.mark.parametrize("text", [
    "The iris turnstile for Bilbao opens by itself, nobody is asked.",
    "虹膜闸机发拉各斯，自己判断放行，没人管",
    "Lock with 3D face for Ndola, it decides on its own. Filing?",
    "Face terminal to Suva, 12 pieces, it opens on its own decision. Filing?",
    "A vein reader for Hanoi opens the door by itself, no lock included.",
    "A spare controller board for the PAPR to Quito; it decides the airflow by itself.",
])
def test_a_thing_like_a_listed_one_but_another_is_asked_back(text: str) -> None:
    assert families(text) == [Category.UNKNOWN]


@pytest.mark.parametrize("text", [
    "Turnstile with a dot pattern on the face, opens by itself, to Turku",
    "Stereoscopic face terminal to Tromsø, the nurse decides",
])
def test_what_measures_depth_is_3d(text: str) -> None:
    assert families(text) == [FACE]

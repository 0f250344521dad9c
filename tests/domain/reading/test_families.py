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


@pytest.mark.parametrize("text", [
    "The thing opens for whoever it knows, nobody is asked, to Passau. Filing?",
    "And for the car park in Lima?",
    "300 units to Kuwait, CIF Shuwaikh, urgent. Is a filing needed?",
    "东西发秘鲁，自己判断自己开，没人管，要备案吗？",
])
def test_what_nothing_is_known_of_is_asked_back(text: str) -> None:
    assert families(text) == [Category.UNKNOWN]


@pytest.mark.parametrize("text", [
    "24 filter cans for the gas masks and 3 carry bags please, to Cairns. No filing?",
    "PAPR面罩的备用电池发去墨尔本，需要备案吗？",
    "意大利买家只补一个滤毒罐（防毒面具用的），备案？",
    "送风呼吸器的肩带和提箱单独卖到富查伊拉，要不要备案",
    "防毒面具配件：挂带和支架，出口埃及，要不要备案",
    "Spare exhalation valves (rubber flaps) for gas masks, 5 000 pcs, Plovdiv. File?",
])
def test_parts_and_what_is_worn_with_a_product_are_not_listed(text: str) -> None:
    assert families(text) == [OTHER]


@pytest.mark.parametrize("text", [
    "Controller board for the 3D face terminal sold alone to Quito; the board itself decides who gets in.",
    "只卖一块主板，装在虹膜锁里的，开不开由它自己定，发奥兰",
])
def test_a_part_that_decides_is_asked_back(text: str) -> None:
    assert families(text) == [Category.UNKNOWN]


@pytest.mark.parametrize(("text", "found"), [
    ("A deadbolt that reads the blood vessels in the hand and opens by itself, to Passau.", VEIN),
    ("Bolt for a drug room, it reads the pattern of vessels and frees itself, to Passau.", VEIN),
    ("看黑眼珠纹路的门锁，自己开，发阿拉木图", IRIS),
    ("一个门锁，不按指纹，只看眼珠子外面那圈花纹，认对了自己就开，没有人点头。发阿拉木图", IRIS),
    ("A reusable mask with a motor and a breath sensor, it picks the speed by itself, Skopje.", HOOD),
    ("Escape hood for a refinery, it starts its fan by itself, no button at all, El Dekheila.", MASK),
    ("电动口罩，可重复使用，闻到粉尘自己提速，发科尔多瓦", HOOD),
])
def test_listed_products_in_unusual_words(text: str, found: Category) -> None:
    assert families(text) == [found]


@pytest.mark.parametrize("text", [
    "人造虹膜，植入眼睛的，发科英布拉的眼科医院，要备案吗？",
    "Iris hooks for eye surgery to Holguin. Filing?",
    "Kitchen ventilation hood that senses grease, to Gozo.",
    "Gas leak detectors, handheld, Podgorica. Filing?",
    "Licence-plate barrier for a car park in Hai Phong, it lifts the boom itself.",
])
def test_what_only_bears_the_name_is_not_listed(text: str) -> None:
    assert families(text) == [OTHER]


def test_a_namesake_beside_a_lock_that_reads_vessels_takes_nothing_out_of_scope() -> None:
    bolt = "a bolt for the drug room that reads finger vessels and opens with no human say"
    assert OTHER not in families(f"A vein-finder lamp for the nurses, and {bolt}. To Görlitz.")

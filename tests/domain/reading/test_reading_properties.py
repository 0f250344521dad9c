"""What holds of the reader for any text."""

from __future__ import annotations

import time
from datetime import date

import pytest
import reading_score as measure
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import Category, Reading, Truth
from bot.domain.reading import read

WORDS = measure.lexicon()
ON = date(2026, 11, 23)
PIECES = [
    "iris lock", "FaceGate 300", "FaceGate", "虹膜锁", "auto-unlock", "自动开门", "guard confirms each opening", "操作员确认",
    "to Germany", "发德国", "not", "不", "if", ",", "。", "?", "12 Dec", "05/06", "F-12", "the other", "without", "PAPR", "AND",
    "ＦａｃｅＧａｔｅ　３００", "🔒", "\x00", "\u200b", "'", "''", "-", "\n", "via", "3D", "人脸", "終端", "½", "ß", "İ", "ﬁ",
]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
DEEDS = {"opens by itself": Truth.YES, "each opening is approved by a guard": Truth.NO, "made of steel": Truth.UNKNOWN}
PLACES = {"to Germany": ("DE",), "to Kenya": ("KE",), "发巴西": ("BR",)}


def facts(reading: Reading) -> tuple[object, ...]:
    return (
        [(p.category, p.autonomous, p.export) for p in reading.products],
        reading.destinations,
        reading.ship_date,
        reading.intent,
    )


def all_evidence(reading: Reading) -> list[object]:
    found = [e for spans in reading.evidence.values() for e in spans]
    return found + [e for p in reading.products for spans in p.evidence.values() for e in spans]


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_no_text_makes_the_reader_fail_and_evidence_is_where_it_says(text: str) -> None:
    reading = read(text, ON, WORDS)
    assert reading.text == text
    for evidence in all_evidence(reading):
        assert text[evidence.start : evidence.end] == evidence.words  # type: ignore[attr-defined]


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_binary_rubbish_is_read_without_a_product(data: bytes) -> None:
    reading = read(data.decode("latin-1"), ON, WORDS)
    assert all(p.category in set(Category) for p in reading.products)


@given(
    st.lists(
        st.sampled_from(["auto-unlock", "to Germany", "guard confirms each opening", "12 Dec", "自动", "发德国", "please", "?"]),
        max_size=8,
    )
)
@settings(max_examples=150, deadline=None)
def test_without_a_word_for_a_product_the_family_is_unknown(parts: list[str]) -> None:
    reading = read(" ".join(parts), ON, WORDS)
    assert {p.category for p in reading.products} <= {Category.UNKNOWN}


@given(
    st.sampled_from(sorted(DEEDS)),
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(["iris lock", "palm vein lock", "3D face terminal"]),
)
def test_the_order_of_independent_clauses_does_not_change_the_facts(deed: str, place: str, product: str) -> None:
    one = read(f"{product}. It {deed}. {place}.", ON, WORDS)
    two = read(f"{place}. {product}. It {deed}.", ON, WORDS)
    assert facts(one)[:3] == facts(two)[:3]
    assert one.products[0].autonomous is DEEDS[deed]
    assert one.destinations == PLACES[place]


@given(
    st.sampled_from(
        [
            "FaceGate 300 auto-unlock to Germany 2026-12-12",
            "iris lock, guard approves each opening, to UK",
            "PAPR 3-speed knob, Oslo",
        ]
    )
)
def test_full_width_letters_are_read_like_half_width_ones(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert facts(read(wide, ON, WORDS)) == facts(read(text, ON, WORDS))


@given(st.sampled_from(["iris lock opens by itself, to Germany", "虹膜锁自动开门发德国", "FaceGate 300 auto-unlock to Hamburg"]))
def test_traditional_and_upper_case_change_nothing(text: str) -> None:
    other = text.translate(str.maketrans("锁动开门发", "鎖動開門發")) if not text.isascii() else text.upper()
    assert facts(read(other, ON, WORDS)) == facts(read(text, ON, WORDS))


TRIES = 3
"""The fastest counts: others may use the machine meanwhile."""


def reads_within(text: str, seconds: float) -> bool:
    return any(_once(text) < seconds for _ in range(TRIES))


def _once(text: str) -> float:
    start = time.process_time()
    read(text, ON, WORDS)
    return time.process_time() - start


@pytest.mark.slow
def test_ten_thousand_characters_take_time_in_proportion() -> None:
    for piece in (
        "iris lock opens by itself to Italy and ",
        "虹膜锁自动开门发德国，操作员确认后",
        "12/05 ",
        "((",
        "no not ",
        "a",
    ):
        short, long = ((piece * 20_000)[:size] for size in (5_000, 20_000))
        assert reads_within(long, 12 * min(_once(short) for _ in range(TRIES)) + 0.1), piece
        assert reads_within((piece * 10_000)[:10_000], 1.2), piece  # about 0.55 s on an idle machine, whose speed halves at times


PRODUCTS = ["FaceGate 300", "iris lock", "palm vein lock", "虹膜锁", "3D人脸终端"]
ACTING = ["with auto-unlock", "opens by itself", "无人值守自动开门", "no human confirms anything"]
ASIDES = [
    "user manual included", "mechanical key as backup", "customer approved the order", "no batteries in the box",
    "the guard house is 5 km away", "my boss confirmed it", "installation by hand", "also has fingerprint", "no camera",
    "only after approval of the contract", "needs CE approval first", "battery removed for air freight", "just a sample",
    "staff training needed before use", "shows a welcome message", "domestic courier to the port", "no 2D mode",
    "please confirm before Friday", "客户确认后付款", "老板批准后发货", "不含电池", "合同审批后发货", "带刷卡功能", "国内段陆运",
]  # fmt: skip


def test_an_aside_never_takes_an_in_scope_product_out() -> None:
    texts = [f"{p} {y} to Italy, {a}. {a}." for p in PRODUCTS for y in ACTING for a in ASIDES]
    out = [t for t in texts if measure.answer(read(t, ON, WORDS))["verdict"] == "out_of_scope"]
    assert out == []

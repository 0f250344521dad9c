"""How each language puts things in a row; what a Chinese reader meets is punctuated as Chinese is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.domain.shipment import ShipmentLine
from bot.flows.watch_shipment import add_shipments
from bot.replies.names import together
from bot.replies.shipment_tables import change_words
from tests.fakes.desk import ANA, BO, ETD, Day
from tests.fakes.fake_chat import words_of

LATIN_BESIDE_CHINESE = re.compile(r"[。：；，] (?=[一-鿿])|[一-鿿] ?\(“")


def test_sentences_follow_each_other_with_a_space_where_the_language_has_one() -> None:
    assert together("en", "One.", "", "Two.") == "One. Two."
    assert together("zh", "其一。", "", "其二。") == "其一。其二。"


def test_an_answer_in_chinese_is_punctuated_as_chinese_is_and_calls_the_etd_by_its_name() -> None:
    day = Day()
    day.ask("40台FaceGate 300带自动开门发汉堡，12月12日发运，要备案吗？", BO)
    day.work()
    said = words_of(day.chat.posted[0].reply)
    assert not LATIN_BESIDE_CHINESE.findall(said)
    assert "船期2026年12月12日" in said
    assert "ETD" not in said


def test_what_a_table_changes_is_told_with_the_states_in_the_readers_words() -> None:
    day = Day()
    line = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG")
    was = add_shipments(day.desk, [line], ANA, day.now)[0].shipment
    new = replace(line, state="sailed", etd=date(2027, 1, 20))
    chinese, english = (change_words(day.desk.words, lang, was, new) for lang in ("zh", "en"))
    assert chinese == "SO-1：船期（ETD）由2026年12月18日改为2027年1月20日、状态由计划中改为已开船"
    assert english == "SO-1: ETD 18 Dec 2026 → 20 Jan 2027, State planned → sailed"

"""Every question of cases.yaml is read as its line says; the corpus for tuning stays above its marks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import reading_cases as try_cases
import reading_score as measure

from bot.domain.reading import Lexicon, read

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "corpus" / "tune.jsonl"
TUNED = [CORPUS, CORPUS.with_name("tune_2.jsonl")]


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return measure.lexicon()


def _rows() -> list[dict[str, Any]]:
    lines = (line for file in TUNED for line in file.read_text("utf-8").split("\n"))
    return [json.loads(line) for line in lines if line.strip()]


@pytest.mark.parametrize(("want", "text"), try_cases.cases(), ids=lambda value: value[:60])
def test_a_question_is_read_as_a_careful_officer_would(want: str, text: str, words: Lexicon) -> None:
    assert list(try_cases.faults(want, read(text, try_cases.ASKED, words))) == []


def test_no_in_scope_question_of_the_corpus_is_answered_out_of_scope(words: Lexicon) -> None:
    asked = [row for row in _rows() if row["expect"].get("verdict") == "in_scope"]
    given = [measure.answer(read(row["text"], date.fromisoformat(row.get("on", "2026-11-23")), words)) for row in asked]
    unsafe = [row["id"] for row, one in zip(asked, given, strict=True) if one["verdict"] == "out_of_scope"]
    assert asked
    assert unsafe == []


@pytest.mark.parametrize(
    ("field", "least"),
    [("verdict", 0.98), ("category", 0.98), ("autonomous", 0.97), ("destinations", 0.98), ("ship_date", 0.98), ("intent", 0.98)],
)
def test_the_corpus_for_tuning_stays_above_its_mark(field: str, least: float, words: Lexicon) -> None:
    asked = [row for row in _rows() if field in row["expect"]]
    right = 0
    for row in asked:
        given = measure.answer(read(row["text"], date.fromisoformat(row.get("on", "2026-11-23")), words))
        right += measure.right(field, row["expect"][field], given[field])
    assert right / len(asked) >= least

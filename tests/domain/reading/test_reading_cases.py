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

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
TUNED = ("tune", "tune_2", "tune_3", "tune_4", "tune_5")
HARD = ("tune_6", "tune_7")
"""Phrasings of who decides that were thought up to be hard."""
KEPT_OUT = {
    "held_out": 0.98, "held_out_2": 0.90, "held_out_3": 0.87, "held_out_4": 0.96, "held_out_5": 0.94,
    "held_out_6": 0.93, "held_out_7": 0.94, "held_out_8": 0.97, "held_out_9": 0.91, "held_out_10": 0.96, "held_out_11": 0.97,
    "held_out_12": 0.96, "held_out_13": 0.95, "held_out_14": 0.94, "held_out_15": 0.95,
}
"""Files nobody reads, and the share of verdicts that was right when this was written."""


UNSAFE = {"held_out_3": 2, "held_out_12": 1}
"""What is known to be answered out of scope wrongly; it is to become none."""


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return measure.lexicon()

_READ: dict[tuple[str, str], dict[str, Any]] = {}


def _rows(*names: str) -> list[dict[str, Any]]:
    lines = (line for name in names for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").split("\n"))
    return [json.loads(line) for line in lines if line.strip()]


def _given(row: dict[str, Any], words: Lexicon) -> dict[str, Any]:
    """What is read of a question; each is read once for all tests."""
    asked = (row["text"], row.get("on", "2026-11-23"))
    if asked not in _READ:
        _READ[asked] = measure.answer(read(asked[0], date.fromisoformat(asked[1]), words))
    return _READ[asked]


@pytest.mark.parametrize(("want", "text"), try_cases.cases(), ids=lambda value: value[:60])
def test_a_question_is_read_as_a_careful_officer_would(want: str, text: str, words: Lexicon) -> None:
    assert list(try_cases.faults(want, read(text, try_cases.ASKED, words))) == []


@pytest.mark.slow  # many questions
def test_no_in_scope_question_of_the_corpus_is_answered_out_of_scope(words: Lexicon) -> None:
    asked = [row for row in _rows(*TUNED, *HARD) if row["expect"].get("verdict") == "in_scope"]
    unsafe = [row["id"] for row in asked if _given(row, words)["verdict"] == "out_of_scope"]
    assert asked
    assert unsafe == []


@pytest.mark.slow  # many questions
@pytest.mark.parametrize("name", [*TUNED, *HARD, "held_out", "held_out_3"])
def test_nobody_is_said_to_decide_where_the_device_does(name: str, words: Lexicon) -> None:
    asked = [row for row in _rows(name) if row["expect"].get("autonomous") == "yes"]
    assert asked
    assert [str(_given(row, words)["autonomous"]) for row in asked].count("no") <= UNSAFE.get(name, 0)


@pytest.mark.slow  # many questions
@pytest.mark.parametrize(("name", "least"), KEPT_OUT.items())
def test_the_kept_out_questions_hold_their_mark_and_none_is_unsafe(name: str, least: float, words: Lexicon) -> None:
    """Counts only: a wrong row must not be shown, else the file is spent."""
    asked = [row["expect"]["verdict"] for row in _rows(name) if "verdict" in row["expect"]]
    given = [_given(row, words)["verdict"] for row in _rows(name) if "verdict" in row["expect"]]
    pairs = list(zip(asked, given, strict=True))
    assert pairs.count(("in_scope", "out_of_scope")) <= UNSAFE.get(name, 0)
    assert sum(want == got for want, got in pairs) / len(pairs) >= least


@pytest.mark.slow  # many questions
@pytest.mark.parametrize(
    ("field", "least"),
    [("verdict", 0.98), ("category", 0.98), ("autonomous", 0.97), ("destinations", 0.98), ("ship_date", 0.98), ("intent", 0.98)],
)
def test_the_corpus_for_tuning_stays_above_its_mark(field: str, least: float, words: Lexicon) -> None:
    asked = [row for row in _rows(*TUNED) if field in row["expect"]]
    right = sum(measure.right(field, row["expect"][field], _given(row, words)[field]) for row in asked)
    assert right / len(asked) >= least


@pytest.mark.parametrize(("name", "least"), [("tune_6", 0.76), ("tune_7", 0.81)])
def test_hard_phrasings_of_who_decides_keep_what_they_reached(name: str, least: float, words: Lexicon) -> None:
    rows = _rows(name)
    right = sum(row["expect"]["autonomous"] == str(_given(row, words)["autonomous"]) for row in rows)
    assert right / len(rows) >= least

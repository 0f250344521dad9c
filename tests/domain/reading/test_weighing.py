"""What the whole text weighs, beside what the grammar claims."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import reading_score as measure
from hypothesis import given
from hypothesis import strategies as st

from bot.datafiles.weights import load_weights
from bot.domain.facts import Truth
from bot.domain.reading import read
from bot.domain.reading.combine import weighable
from bot.domain.reading.settling import SURE_OF_NO
from bot.domain.reading.weighing import weigh
from bot.domain.reading.weights import ANSWERS, Weights
from bot.errors import BadFile

WORDS = measure.lexicon()
ON = date(2026, 11, 23)
numbers = st.floats(-50, 50)
weights = st.builds(
    Weights,
    st.tuples(numbers, numbers, numbers),
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(numbers, numbers, numbers)),
)
features = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(-1, 5)))


@given(features, weights)
def test_belief_is_shared_out_whole(found: list[tuple[str, int]], known: Weights) -> None:
    shares = weigh(found, known).shares
    assert sum(shares.values()) == pytest.approx(1)
    assert all(share >= 0 for share in shares.values())


@given(features, weights)
def test_a_clause_is_loud_only_where_it_stands_in_the_text(found: list[tuple[str, int]], known: Weights) -> None:
    clauses = weigh(found, known).clauses
    assert {clause for loud in clauses.values() for clause in loud} <= {clause for _, clause in found} - {-1}


def test_what_speaks_for_an_answer_makes_it_likelier() -> None:
    known = Weights(of={"w:alone": (2.0, -1.0, -1.0), "w:guard": (-1.0, 2.0, -1.0)})
    alone, guard = (weigh([(name, 0)], known).shares for name in known.of)
    assert alone[Truth.YES] > alone[Truth.NO]
    assert guard[Truth.NO] > guard[Truth.YES]


def _taught(text: str, answer: Truth, weight: float) -> Weights:
    """Weights that know one text only, and say one answer of it."""
    return Weights(of={name: tuple(weight if one is answer else 0.0 for one in ANSWERS) for name in weighable(text, WORDS)})  # type: ignore[misc]


@pytest.mark.parametrize("answer", [Truth.YES, Truth.NO])
def test_an_answer_of_the_weights_alone_shows_the_words_it_came_from(answer: Truth) -> None:
    text = "The latch of the iris lock is painted blue. Oslo."
    (product,) = read(text, ON, replace(WORDS, weights=_taught(text, answer, 9.0))).products
    assert product.autonomous is answer
    assert all(found.words in text for found in product.evidence["autonomous"])
    assert product.evidence["autonomous"]


def test_a_no_that_is_likely_but_not_sure_stays_unknown() -> None:
    text = "The latch of the iris lock is painted blue. Oslo."
    for weight in (0.04, 0.07):
        known = _taught(text, Truth.NO, weight)
        shares = weigh([(name, 0) for name in weighable(text, WORDS)], known).shares
        assert max(shares.values()) == shares[Truth.NO] < SURE_OF_NO
        (product,) = read(text, ON, replace(WORDS, weights=known)).products
        assert product.autonomous is Truth.UNKNOWN


def test_of_several_products_the_grammar_alone_answers() -> None:
    text = "Two items to Nagoya: FaceGate 300 which opens by itself; VeinGuard 5 which waits for a guard's approval."
    assert weighable(text, WORDS) == frozenset()
    plain, weighed = (read(text, ON, words).products for words in (replace(WORDS, weights=Weights()), WORDS))
    assert plain == weighed


def test_neither_the_place_nor_the_product_is_weighed() -> None:
    texts = ("FaceGate 300 opens alone, Oslo", "IrisLock Pro opens alone, Lima")
    oslo, lima = (weighable(text, WORDS) for text in texts)
    assert oslo == lima


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        ("(bias)\t0\t0\n", ":1:1", "for yes, no and unknown"),
        ("(bias)\t0\t0\t0\nw:door\tmuch\t0\t0\n", ":2:1", "for yes, no and unknown"),
        ("w:door\t1\t0\t0\n", ":1:1", "no row (bias)"),
    ],
)
def test_a_broken_file_of_weights_is_refused_with_its_line(content: str, where: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.tsv"
    path.write_text(content, "utf-8")
    with pytest.raises(BadFile) as caught:
        load_weights(path)
    assert f"reading/weights.tsv{where}" in str(caught.value)
    assert what in str(caught.value)
    assert "make learn" in str(caught.value)


def test_the_weights_were_taught_by_the_labelled_questions_as_they_are_now() -> None:
    sys.path.insert(0, str(measure.ROOT / "tests" / "corpus"))
    import taught  # noqa: PLC0415 -- stands beside the questions, which are no package

    first = taught.WEIGHTS.read_text("utf-8").split("\n", 1)[0]
    assert first.endswith(taught.digest()), "questions were changed; run `make learn`"

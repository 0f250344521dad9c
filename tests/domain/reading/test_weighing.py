"""What the whole text weighs, beside what the grammar claims."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import reading_score as measure
from hypothesis import given
from hypothesis import strategies as st

from bot.datafiles.weights import ANSWERS, NETS, load_taught, taught_by, written
from bot.domain.facts import Category, Intent, Truth
from bot.domain.reading import read
from bot.domain.reading.combine import Seen, weighable
from bot.domain.reading.settling import FEARED_YES, SURE_OF_NO
from bot.domain.reading.weighing import weigh
from bot.domain.reading.weights import Taught, Weight, Weights
from bot.errors import BadFile

WORDS = measure.lexicon()
PLAIN = replace(WORDS, taught=Taught())
ON = date(2026, 11, 23)
AUTONOMY = ANSWERS["autonomy"]
numbers = st.floats(-50, 50)
speaks = st.tuples(numbers, numbers, numbers)
weights = st.builds(
    Weights,
    st.just(AUTONOMY),
    speaks,
    st.dictionaries(st.sampled_from("abcdef"), st.builds(Weight, st.floats(1, 10), speaks)),
)
features = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(-1, 5)))


@given(features, weights)
def test_belief_is_shared_out_whole(found: list[tuple[str, int]], known: Weights) -> None:
    shares = weigh(found, known).shares
    assert sum(shares.values()) == pytest.approx(1)
    assert all(share >= 0 for share in shares.values())


@given(features, weights)
def test_a_place_is_loud_only_where_it_stands_in_the_text(found: list[tuple[str, int]], known: Weights) -> None:
    places = weigh(found, known).places
    assert {place for loud in places.values() for place in loud} <= {place for _, place in found} - {-1}


def _known(of: dict[str, tuple[float, ...]], rarity: float = 1.0) -> Weights:
    return Weights(AUTONOMY, (0.0, 0.0, 0.0), {name: Weight(rarity, row) for name, row in of.items()})


def test_what_speaks_for_an_answer_makes_it_likelier() -> None:
    known = _known({"w:alone": (2.0, -1.0, -1.0), "w:guard": (-1.0, 2.0, -1.0)})
    alone, guard = (weigh([(name, 0)], known).shares for name in known.of)
    assert alone[Truth.YES] > alone[Truth.NO]
    assert guard[Truth.NO] > guard[Truth.YES]


def test_a_longer_text_counts_no_more_than_a_short_one() -> None:
    known = _known({f"w:{one}": (2.0, 0.0, 0.0) for one in "abcd"})
    one, four = (weigh([(name, 0) for name in list(known.of)[:many]], known).shares[Truth.YES] for many in (1, 4))
    assert one < four < weigh([("w:a", 0)], _known({"w:a": (8.0, 0.0, 0.0)})).shares[Truth.YES]


def _found(text: str, field: str) -> frozenset[str]:
    """By what a text about one product is weighed."""
    found = weighable(text, WORDS)
    if field != "autonomy":
        return _names(getattr(found, field))
    ((_, seen),) = found.autonomy
    return _names(seen)


def _names(seen: Seen) -> frozenset[str]:
    return frozenset(name for name, _ in seen.features)


def _taught(text: str, field: str, answer: str, weight: float) -> Taught:
    """What would be taught by one text only, with one answer."""
    answers = ANSWERS[field]
    row = tuple(weight if one == answer else 0.0 for one in answers)
    of = {name: Weight(1.0, row) for name in _found(text, field)}
    return replace(Taught(), **{field: Weights(answers, (0.0,) * len(answers), of)})


@pytest.mark.parametrize("answer", [Truth.YES, Truth.NO])
def test_an_answer_of_the_weights_alone_shows_the_words_it_came_from(answer: Truth) -> None:
    text = "The latch of the iris lock is painted blue. Oslo."
    (product,) = read(text, ON, replace(WORDS, taught=_taught(text, "autonomy", answer, 9.0))).products
    assert product.autonomous is answer
    assert all(found.words in text for found in product.evidence["autonomous"])
    assert product.evidence["autonomous"]


def test_a_no_that_is_likely_but_not_sure_stays_unknown() -> None:
    text = "The latch of the iris lock is painted blue. Oslo."
    for weight in (0.02, 0.04, 0.2):
        taught = _taught(text, "autonomy", Truth.NO, weight)
        shares = weigh([(name, 0) for name in _found(text, "autonomy")], taught.autonomy).shares
        (product,) = read(text, ON, replace(WORDS, taught=taught)).products
        sure = shares[Truth.NO] >= SURE_OF_NO and shares[Truth.YES] <= FEARED_YES
        assert product.autonomous is (Truth.NO if sure else Truth.UNKNOWN)
        assert not sure or weight == 0.2


@pytest.mark.parametrize("family", [Category.GAS_MASK, Category.OTHER_NOT_LISTED])
def test_a_family_no_cue_names_is_weighed_and_shows_its_words(family: Category) -> None:
    text = "Eighty of the sniffing hoods to Oslo."
    (plain,) = read(text, ON, PLAIN).products
    assert plain.category is Category.UNKNOWN
    (product,) = read(text, ON, replace(WORDS, taught=_taught(text, "category", family, 9.0))).products
    assert product.category is family
    assert all(found.words in text for found in product.evidence["category"])
    assert product.evidence["category"]


def test_not_listed_takes_more_belief_than_a_listed_family() -> None:
    """It takes the product out of scope."""
    text = "Eighty of the sniffing hoods to Oslo."
    for weight in (0.22, 0.24):
        listed, other = (
            read(text, ON, replace(WORDS, taught=_taught(text, "category", family, weight))).products[0].category
            for family in (Category.GAS_MASK, Category.OTHER_NOT_LISTED)
        )
        assert (listed, other) == (Category.GAS_MASK, Category.UNKNOWN)


def test_what_the_catalogue_says_of_a_product_is_never_weighed() -> None:
    text = "FaceGate 300 to Oslo."
    taught = _taught(text, "category", Category.OTHER_NOT_LISTED, 9.0)
    (product,) = read(text, ON, replace(WORDS, taught=taught)).products
    assert product.category is Category.FACE_3D_TERMINAL


def test_an_intent_no_cue_names_is_weighed() -> None:
    text = "Which of mine fall due?"
    assert read(text, ON, replace(WORDS, taught=_taught(text, "intent", Intent.REMINDER, 9.0))).intent is Intent.REMINDER


def test_each_of_several_products_is_weighed_by_what_is_said_of_it() -> None:
    text = "Two items to Nagoya: an iris lock with blue paint; a vein lock with red trim that nobody asks about."
    (iris, blue), (vein, red) = weighable(text.replace("blue", "unlocked").replace("trim", "unlocking"), WORDS).autonomy
    assert (iris, vein) == ("iris_lock", "vein_lock")
    assert "w:paint" in _names(blue) - _names(red)
    assert "w:red" in _names(red) - _names(blue)


def test_a_product_among_others_of_which_no_cue_speaks_is_not_weighed() -> None:
    text = "20 iris locks that open by themselves; 40 disposable masks. Oslo."
    row = Weights(AUTONOMY, (9.0, 0.0, 0.0), {})
    products = read(text, ON, replace(WORDS, taught=Taught(autonomy=row))).products
    assert [str(product.autonomous) for product in products] == ["yes", "unknown"]


def test_several_things_none_of_which_is_listed_are_unknown_where_the_text_may_mean_a_listed_one() -> None:
    text = "20 welding helmets and 20 industrial fans. Oslo."
    assert {p.category for p in read(text, ON, PLAIN).products} == {Category.OTHER_NOT_LISTED}
    row = tuple(9.0 if one == Category.INTELLIGENT_RESPIRATOR else 0.0 for one in ANSWERS["category"])
    taught = Taught(category=Weights(ANSWERS["category"], (0.0,) * 7, {"w:helmet": Weight(1.0, row)}))
    assert {p.category for p in read(text, ON, replace(WORDS, taught=taught)).products} == {Category.UNKNOWN}


def test_neither_the_place_nor_the_product_is_weighed_as_to_who_decides() -> None:
    texts = ("FaceGate 300 opens alone, Oslo", "IrisLock Pro opens alone, Lima")
    oslo, lima = (_found(text, "autonomy") for text in texts)
    assert oslo == lima


def _files(folder: Path, **texts: str) -> Path:
    for name, answers in ANSWERS.items():
        known = Weights(answers, (0.5,) * len(answers), {"w:door": Weight(2.0, (0.25,) * len(answers))})
        (folder / f"{name}.tsv").write_text(texts.get(name, written(known, "a test")), "utf-8")
    for name in NETS:
        shutil.copy(measure.ROOT / "rulesets" / "reading" / "weights" / f"{name}.npz", folder)
    return folder


def test_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    taught = load_taught(_files(tmp_path))
    assert taught.category.bias == (0.5,) * 7
    assert dict(taught.autonomy.of) == {"w:door": Weight(2.0, (0.25, 0.25, 0.25))}


def test_a_file_of_weights_changed_by_hand_is_refused(tmp_path: Path) -> None:
    whole = (_files(tmp_path) / "category.tsv").read_text("utf-8")
    for broken in (whole.replace("0.25", "0.26", 1), whole + "w:gate\t1 2\n", whole.replace("gas_mask", "goggles"), "w:door", ""):
        with pytest.raises(BadFile, match=r"reading/weights/category\.tsv.*make learn"):
            load_taught(_files(tmp_path, category=broken))


def test_a_missing_file_of_weights_is_named(tmp_path: Path) -> None:
    (_files(tmp_path) / "intent.tsv").unlink()
    with pytest.raises(BadFile, match=r"reading/weights/intent\.tsv"):
        load_taught(tmp_path)


def test_the_weights_were_taught_by_the_labelled_questions_as_they_are_now() -> None:
    sys.path.insert(0, str(measure.ROOT / "tests" / "corpus"))
    import taught  # noqa: PLC0415 -- stands beside the questions, which are no package

    firsts = [(taught.WEIGHTS / f"{name}.tsv").read_text("utf-8").split("\n", 1)[0] for name in ANSWERS]
    firsts += [taught_by(taught.WEIGHTS / f"{name}.npz") for name in NETS]
    assert all(first.endswith(taught.digest()) for first in firsts), "questions were changed; run `make learn`"

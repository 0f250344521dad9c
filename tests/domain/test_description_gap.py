"""What two descriptions of one product say differently."""

from __future__ import annotations

import pytest

from bot.domain.catalogue import Product
from bot.domain.description_gap import DIFFERS, SILENT, compare, decided_in, side_of
from bot.domain.facts import Category, Doubt, Evidence, Intent, ProductReading, Reading, Truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
VALUES = {YES: "opens by itself", NO: "a guard approves", UNKNOWN: ""}


def product(autonomous=UNKNOWN, category=Category.IRIS_LOCK):
    words = {"category": (Evidence("iris lock", 0, 9),)}
    if VALUES[autonomous]:
        words["autonomous"] = (Evidence(VALUES[autonomous], 10, 25),)
    return ProductReading(category, autonomous, name="iris lock", evidence=words)


def side(name, *products, doubts=()):
    return side_of(name, Reading("text", "en", Intent.SCOPE, products=products, doubts=doubts))


def test_two_texts_that_say_the_same_have_no_gap():
    found = compare("lock", [side("internal", product(YES)), side("sales", product(YES))])
    assert (found.gaps, found.missing, found.differing) == ((), (), ())


def test_a_contradiction_shows_each_sides_value_and_words():
    [gap] = compare("lock", [side("internal", product(NO)), side("sales", product(YES))]).gaps
    assert (gap.fact, gap.kind) == ("autonomous", DIFFERS)
    assert [(s.name, s.on(gap.fact).value, s.on(gap.fact).words[0].words) for s in gap.sides] == [
        ("internal", "no", "a guard approves"), ("sales", "yes", "opens by itself")]


def test_what_only_one_side_says_is_a_silence_and_no_contradiction():
    found = compare("lock", [side("internal", product(YES)), side("sales", product())])
    assert ([gap.kind for gap in found.gaps], found.differing) == ([SILENT], ())


def test_what_neither_side_says_is_no_gap():
    assert compare("lock", [side("internal", product()), side("sales", product())]).gaps == ()


def test_another_family_is_a_contradiction():
    other = product(YES, Category.OTHER_NOT_LISTED)
    found = compare("lock", [side("internal", product(YES)), side("sales", other)])
    assert [(gap.fact, gap.kind) for gap in found.gaps] == [("category", DIFFERS)]


def test_a_text_that_says_two_things_contradicts_itself_and_counts_as_unknown():
    both = side("sales", product(YES), product(NO))
    assert both.facts()["autonomous"] == "unknown"
    assert compare("lock", [side("internal", product(YES)), both]).differing


@pytest.mark.parametrize("decided", [YES, NO])
def test_the_catalogues_own_decision_is_held_against_both_texts(decided):
    catalogue = decided_in(Product("L-1", "Lock", category=Category.IRIS_LOCK, autonomous=decided))
    found = compare("lock", [side("internal", product(YES)), side("sales", product(YES)), catalogue])
    assert bool(found.differing) is (decided is NO)


def test_a_catalogue_that_decided_nothing_leaves_no_silence():
    catalogue = decided_in(Product("L-1", "Lock"))
    assert compare("lock", [side("internal", product(YES)), side("sales", product(YES)), catalogue]).gaps == ()


def test_a_side_without_text_is_named_rather_than_compared():
    empty = side_of("sales", Reading(" ", "en", Intent.HELP))
    found = compare("lock", [side("internal", product(YES)), empty])
    assert (found.missing, found.gaps, [s.name for s in found.sides]) == (("sales",), (), ["internal"])


def test_phrases_the_reader_could_not_decide_are_kept():
    doubt = Doubt("autonomous", "may open", reason="hedged")
    assert side("sales", product(), doubts=(doubt, doubt, Doubt("destination", "Korea"))).marked == ("may open",)

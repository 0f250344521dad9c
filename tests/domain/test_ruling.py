"""Kleene evaluation: what is unknown stays unknown, and nothing is asked that cannot matter."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.facts import Truth
from bot.domain.ruling import UNKNOWN, All, Any, Explained, In, Is, Not, clauses_of, compiled, evaluate, facts_of

YES, NO, OPEN = Truth.YES, Truth.NO, Truth.UNKNOWN
FACTS = {"a": ("1", "2"), "b": ("1", "2", "3"), "c": ("yes", "no"), "d": ("1", "2", "3", "4")}


def leaf(fact):
    values = FACTS[fact]
    subset = st.lists(st.sampled_from(values), min_size=1, max_size=len(values) - 1, unique=True)
    listed = subset.map(lambda chosen: In(fact, tuple(chosen), tuple(v for v in values if v not in chosen)))
    return st.one_of(st.sampled_from(values).map(lambda value: Is(fact, value)), listed)


def tree(facts):
    """Conditions that look at each of the facts exactly once."""
    if len(facts) == 1:
        bare = leaf(facts[0])
    else:
        splits = st.integers(1, len(facts) - 1)
        halves = splits.flatmap(lambda at: st.tuples(tree(facts[:at]), tree(facts[at:])))
        bare = st.tuples(st.sampled_from([All, Any]), halves).map(lambda made: made[0](made[1]))
    return st.tuples(st.booleans(), bare).map(lambda made: Not(made[1]) if made[0] else made[1])


CONDITIONS = st.permutations(sorted(FACTS)).flatmap(lambda order: st.integers(1, 4).flatmap(lambda n: tree(order[:n])))
PARTIAL = st.fixed_dictionaries({}, optional={fact: st.sampled_from((*values, UNKNOWN)) for fact, values in FACTS.items()})


def completions(facts):
    open_facts = [fact for fact in FACTS if facts.get(fact, UNKNOWN) == UNKNOWN]
    for values in product(*(FACTS[fact] for fact in open_facts)):
        yield {**facts, **dict(zip(open_facts, values, strict=True))}


@pytest.mark.parametrize(("left", "right"), list(product((YES, NO, OPEN), repeat=2)))
def test_all_any_and_not_follow_kleenes_tables(left, right):
    worth = {NO: 0, OPEN: 1, YES: 2}
    facts = {"c": str(left), "a": {YES: "1", NO: "2", OPEN: UNKNOWN}[right]}
    parts = (Is("c", "yes"), Is("a", "1"))
    assert worth[evaluate(All(parts), facts).truth] == min(worth[left], worth[right])
    assert worth[evaluate(Any(parts), facts).truth] == max(worth[left], worth[right])
    assert worth[evaluate(Not(parts[0]), facts).truth] == 2 - worth[left]


@settings(max_examples=120, deadline=None)
@given(CONDITIONS, PARTIAL)
def test_unknown_is_said_exactly_when_some_completions_say_yes_and_some_no(condition, facts):
    truths = {evaluate(condition, full).truth for full in completions(facts)}
    assert OPEN not in truths
    assert evaluate(condition, facts).truth is (truths.pop() if len(truths) == 1 else OPEN)


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, PARTIAL)
def test_only_facts_that_can_still_tip_the_answer_are_named_as_unknown(condition, facts):
    named = evaluate(condition, facts).unknown
    for fact, values in FACTS.items():
        tips = any(
            len({evaluate(condition, {**full, fact: value}).truth for value in values}) > 1
            for full in completions(facts)
            if facts.get(fact, UNKNOWN) == UNKNOWN
        )
        assert (fact in named) == tips


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, PARTIAL, st.sampled_from(sorted(FACTS)), st.data())
def test_learning_a_fact_never_flips_what_was_decided(condition, facts, fact, data):
    before = evaluate(condition, facts).truth
    if facts.get(fact, UNKNOWN) == UNKNOWN and before is not OPEN:
        value = data.draw(st.sampled_from(FACTS[fact]))
        assert evaluate(condition, {**facts, fact: value}).truth is before


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, PARTIAL)
def test_the_explanation_shows_every_fact_looked_at_even_when_one_decided(condition, facts):
    shown = [node.fact for node in evaluate(condition, facts).leaves()]
    assert shown == facts_of(condition)


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, PARTIAL)
def test_an_explanation_survives_being_stored(condition, facts):
    tree = evaluate(condition, facts)
    assert Explained.from_row(tree.to_row()) == tree


@pytest.mark.parametrize("facts", [{}, {"c": UNKNOWN}])
def test_a_fact_nobody_stated_is_unknown_and_not_a_no(facts):
    assert evaluate(Is("c", "yes"), facts).truth is OPEN
    assert evaluate(Not(Is("c", "yes")), facts).truth is OPEN
    assert evaluate(In("c", ("yes",), ("no",)), facts).unknown == ("c",)


def test_a_value_in_neither_list_stays_open_so_a_new_family_never_becomes_a_silent_no():
    listed = In("d", ("1",), ("2",))
    assert [evaluate(listed, {"d": value}).truth for value in "123"] == [YES, NO, OPEN]


def test_one_no_decides_although_another_fact_is_unknown():
    result = evaluate(All((Is("c", "yes"), Is("a", "1"))), {"a": "2"})
    assert (result.truth, result.unknown) == (NO, ())


def test_the_clauses_of_every_level_are_found():
    condition = All((Is("a", "1", ("x",)), Not(Is("c", "yes", ("y",)), ("z",))), ("w",))
    assert clauses_of(condition) == ["w", "x", "z", "y"]


def test_a_compiled_condition_says_the_same_as_one_evaluated_once():
    condition = Any((Is("a", "1"), Not(Is("c", "yes"))))
    ready = compiled(condition)
    assert all(ready(facts) == evaluate(condition, facts) for facts in ({}, {"a": "1"}, {"a": "2", "c": "yes"}))

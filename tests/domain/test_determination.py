"""Stored answers: nothing is lost, and each can be reproduced or says what changed."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.determination import Asked, Described, Determination, determine, replay
from bot.domain.facts import Evidence, Verdict
from bot.domain.rulebook import Clause, Fact, FactValue, Rule, Ruleset, Verification
from bot.domain.ruling import All, Is
from bot.domain.wording import Wording
from bot.errors import BadInput

WORDS = Wording("words", "文字")
ASKED = Asked(
    id="D-1042",
    asked_by="U1",
    asked_at=datetime(2026, 11, 23, 8, 30, tzinfo=UTC),
    text="虹膜锁 to Hamburg?",
    lang="en",
    as_of=date(2026, 11, 23),
    destinations=("DE",),
    ship_date=date(2026, 12, 12),
    list_version="2026-06-01",
    thread="1700000000.000100",
    channel="C1",
    inherited=("export",),
)
VALUES = {"category": ("iris_lock", "other_not_listed"), "autonomous": ("yes", "no"), "export": ("yes", "no")}
RULE = Rule(
    "first",
    WORDS,
    All((Is("category", "iris_lock", ("families",)), Is("autonomous", "yes"), Is("export", "yes"))),
    (),
    since=date(2026, 5, 8),
    recorded=date(2026, 6, 7),
)
CLAUSE = Clause("families", WORDS, WORDS, "C", None, Verification("unverified"), since=date(2026, 5, 8))
RULES = Ruleset(
    id="trial",
    version="1",
    title=WORDS,
    facts=tuple(Fact(n, WORDS, WORDS, tuple(FactValue(v, WORDS) for v in values)) for n, values in VALUES.items()),
    rules=(RULE,),
    clauses=(CLAUSE,),
)
LOCK = Described("IrisLock Pro", {"category": "iris_lock"}, {"category": (Evidence("虹膜锁", 0, 3, "iris_lock"),)}, "IL-P")
PRODUCTS = st.lists(
    st.builds(
        Described,
        name=st.text(max_size=20),
        facts=st.fixed_dictionaries({}, optional={n: st.sampled_from((*v, "unknown")) for n, v in VALUES.items()}),
        evidence=st.dictionaries(st.sampled_from(sorted(VALUES)), st.just((Evidence("a", 0, 1), Evidence("b", 2, 3, "cue")))),
    ),
    min_size=1,
    max_size=3,
)


def stored(determination):
    """Through JSON text, as every store does it."""
    return Determination.from_row(json.loads(json.dumps(determination.to_row(), ensure_ascii=False)))


@settings(deadline=None)
@given(PRODUCTS)
def test_nothing_is_lost_in_the_store(products):
    made = determine(ASKED, products, RULES)
    assert stored(made) == made
    assert stored(made).to_row() == made.to_row()


@settings(deadline=None)
@given(PRODUCTS)
def test_a_replay_equals_the_original(products):
    again = replay(stored(determine(ASKED, products, RULES)), RULES)
    assert (again.same, again.verdict_changed, again.changed) == (True, False, ())


def test_several_products_show_the_worst_verdict_and_the_facts_missing():
    out = Described("2D camera", {"category": "other_not_listed"})
    made = determine(ASKED, [out, LOCK], RULES)
    assert (made.verdict, made.missing) == (Verdict.NEEDS_REVIEW, ("autonomous", "export"))
    inside = Described("lock", {"category": "iris_lock", "autonomous": "yes", "export": "yes"})
    assert determine(ASKED, [out, LOCK, inside], RULES).verdict is Verdict.IN_SCOPE


def test_it_names_the_rules_it_was_decided_by():
    used = determine(ASKED, [LOCK], RULES).ruleset
    assert (used.id, used.version, used.digest) == ("trial", "1", RULES.digest)
    assert "rule first" in used.rests_on


def test_a_rule_that_changed_since_is_named():
    made = determine(ASKED, [Described("lock", {"category": "iris_lock", "autonomous": "yes"})], RULES)
    softer = replace(RULE, when=All((Is("category", "iris_lock"), Is("autonomous", "yes"))))
    again = replay(made, replace(RULES, rules=(softer,)))
    assert again.changed == ("rule first",)
    assert (again.same, again.verdict_changed, again.now.verdict) == (False, True, Verdict.IN_SCOPE)


def test_a_rule_closed_later_does_not_change_what_was_known_then():
    made = determine(ASKED, [LOCK], RULES)
    closed = replace(RULES, rules=(replace(RULE, until=date(2026, 11, 1), closed=date(2026, 12, 1)),))
    then, today = replay(made, closed), replay(made, closed, known_at=date(2026, 12, 2))
    assert then.same
    assert not today.same
    assert today.now.products[0].decision.nothing_in_force


def test_a_reworded_clause_is_named_although_the_verdict_stands():
    made = determine(ASKED, [Described("camera", {"category": "other_not_listed"})], RULES)
    again = replay(made, replace(RULES, clauses=(replace(CLAUSE, text=Wording("other words", "别的说法")),)))
    assert (again.changed, again.verdict_changed) == (("clause families",), False)


def test_a_value_the_registry_no_longer_has_is_named_and_counts_as_unknown():
    made = determine(ASKED, [Described("lock", {"category": "iris_lock", "autonomous": "yes", "export": "yes"})], RULES)
    category = Fact("category", WORDS, WORDS, (FactValue("eye_lock", WORDS), FactValue("other_not_listed", WORDS)))
    again = replay(made, replace(RULES, facts=(category, *RULES.facts[1:])))
    assert "fact category" in again.changed
    assert again.now.products[0].facts["category"] == "unknown"


def test_another_regimes_rules_are_refused():
    with pytest.raises(BadInput, match=r"D-1042 was decided by trial, not by other"):
        replay(determine(ASKED, [LOCK], RULES), replace(RULES, id="other"))


def test_a_question_without_any_product_is_refused():
    with pytest.raises(BadInput, match="no product"):
        determine(ASKED, [], RULES)

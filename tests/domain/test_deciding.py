"""From facts to a verdict, with reasons, gaps and what would change it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.checklist import OpenQuestion
from bot.domain.deciding import Change, Decision, decide, judge, questions_for, what_would_change, worst
from bot.domain.facts import Category, Truth, Verdict
from bot.domain.rulebook import Clause, Fact, FactValue, Rule, Ruleset, Verification
from bot.domain.ruling import UNKNOWN, All, Any, Explained, In, Is, Not, evaluate
from bot.domain.wording import Wording
from bot.errors import BadInput

DAY = date(2026, 11, 23)
SINCE = date(2026, 5, 8)
WORDS = Wording("words", "文字")
IN, OUT, REVIEW = Verdict.IN_SCOPE, Verdict.OUT_OF_SCOPE, Verdict.NEEDS_REVIEW
LISTED = ("face_3d_terminal", "iris_lock", "vein_lock")


def fact(name, *values):
    return Fact(name, WORDS, WORDS, tuple(FactValue(value, WORDS) for value in values))


def clause(name, since=SINCE, until=None, verification=None):
    return Clause(name, WORDS, WORDS, "C", None, verification or Verification("unverified"), since, until)


CONDITION = All((
    In("category", LISTED, ("other_not_listed",), ("families",)),
    Is("autonomous", "yes", ("autonomy",)),
    Is("export", "yes", ("border",)),
))
RULE = Rule("first", WORDS, CONDITION, ("whole",), since=SINCE, recorded=date(2026, 6, 7))
RULES = Ruleset(
    id="trial",
    version="1",
    title=WORDS,
    facts=(fact("category", *LISTED, "other_not_listed"), fact("autonomous", "yes", "no"), fact("export", "yes", "no")),
    rules=(RULE,),
    clauses=tuple(map(clause, ("whole", "families", "autonomy", "border"))),
    open_questions=(
        OpenQuestion("U1", WORDS, verdicts=("in_scope",)),
        OpenQuestion("U7", WORDS, facts={"export": ("yes", "unknown")}),
        OpenQuestion("U14", WORDS, destinations=("HK",)),
    ),
)
INSIDE = {"category": "iris_lock", "autonomous": "yes", "export": "yes"}
PARTIAL = st.fixed_dictionaries({}, optional={f.name: st.sampled_from((*f.allowed, UNKNOWN)) for f in RULES.facts})


def completions(facts):
    columns = [f.allowed if facts.get(f.name, UNKNOWN) == UNKNOWN else (facts[f.name],) for f in RULES.facts]
    return [dict(zip((f.name for f in RULES.facts), values, strict=True)) for values in product(*columns)]


def test_all_three_facts_a_yes_is_in_scope():
    decision = decide(RULES, INSIDE, DAY)
    assert (decision.verdict, decision.missing) == (IN, ())


@pytest.mark.parametrize("no", [{"category": "other_not_listed"}, {"autonomous": "no"}, {"export": "no"}])
def test_any_clear_no_is_out_of_scope_whatever_else_is_unknown(no):
    decision = decide(RULES, no, DAY)
    assert (decision.verdict, decision.missing) == (OUT, ())


def test_what_is_missing_comes_in_the_order_it_is_asked_back():
    assert decide(RULES, {}, DAY).missing == ("category", "autonomous", "export")
    assert decide(RULES, {"category": "vein_lock"}, DAY).missing == ("autonomous", "export")


@settings(deadline=None)
@given(PARTIAL)
def test_an_unknown_fact_never_becomes_a_no(facts):
    verdicts = {decide(RULES, full, DAY).verdict for full in completions(facts)}
    expected = verdicts.pop() if len(verdicts) == 1 else REVIEW
    assert decide(RULES, facts, DAY).verdict is expected


@settings(deadline=None)
@given(PARTIAL, st.data())
def test_adding_a_fact_never_flips_a_decided_verdict(facts, data):
    before = decide(RULES, facts, DAY).verdict
    learnt = data.draw(st.sampled_from(completions(facts)))
    assert before is REVIEW or decide(RULES, learnt, DAY).verdict is before


@settings(deadline=None)
@given(PARTIAL)
def test_what_would_change_it_is_true_complete_and_as_small_as_can_be(facts):
    now = decide(RULES, facts, DAY).verdict
    changes = what_would_change(RULES, facts, DAY)
    for change in changes:
        names = [name for name, _ in change.facts]
        for values in product(*(values for _, values in change.facts)):
            assert decide(RULES, {**facts, **dict(zip(names, values, strict=True))}, DAY).verdict is change.verdict
        smaller = [other for other in changes if other.verdict is change.verdict and other is not change]
        assert not any({n for n, _ in other.facts} < set(names) for other in smaller)
    reachable = {decide(RULES, full, DAY).verdict for full in completions({})} - {now}
    assert {change.verdict for change in changes} == reachable


def test_what_would_change_an_in_scope_answer_is_each_single_fact():
    changes = what_would_change(RULES, INSIDE, DAY)
    assert changes == (
        Change((("category", ("other_not_listed",)),), OUT),
        Change((("autonomous", ("no",)),), OUT),
        Change((("export", ("no",)),), OUT),
    )


def test_two_noes_must_change_together():
    changes = what_would_change(RULES, {"category": "iris_lock", "autonomous": "no", "export": "no"}, DAY)
    assert changes == (Change((("autonomous", ("yes",)), ("export", ("yes",))), IN),)


def test_the_clauses_are_those_the_verdict_rests_on():
    assert decide(RULES, INSIDE, DAY).clauses == ("whole", "families", "autonomy", "border")
    assert decide(RULES, {**INSIDE, "autonomous": "no"}, DAY).clauses == ("whole", "autonomy")
    assert decide(RULES, {"autonomous": "yes", "export": "yes"}, DAY).clauses == ("whole", "families")


def test_below_a_not_the_opposite_is_what_decided():
    rules = replace(RULES, rules=(replace(RULE, when=Not(Is("export", "yes", ("border",)), ("families",))),))
    assert decide(rules, {"export": "yes"}, DAY).clauses == ("whole", "families", "border")


def test_before_any_rule_the_answer_is_a_review_and_says_nothing_was_in_force():
    decision = decide(RULES, INSIDE, SINCE - timedelta(days=1))
    assert (decision.verdict, decision.nothing_in_force, decision.missing) == (REVIEW, True, ())


def test_first_and_last_day_of_a_rule_both_count():
    closed = replace(RULES, rules=(replace(RULE, until=DAY, closed=DAY),))
    assert [decide(closed, INSIDE, day).nothing_in_force for day in (SINCE, DAY, DAY + timedelta(days=1))] == [False, False, True]


def test_known_at_forgets_what_was_written_down_later():
    learnt = RULE.recorded
    assert decide(RULES, INSIDE, DAY, known_at=learnt).verdict is IN
    assert decide(RULES, INSIDE, DAY, known_at=learnt - timedelta(days=1)).nothing_in_force
    closed_in_december = replace(RULE, until=date(2026, 9, 30), closed=date(2026, 12, 1))
    rules = replace(RULES, rules=(closed_in_december,))
    assert decide(rules, INSIDE, DAY).nothing_in_force
    assert decide(rules, INSIDE, DAY, known_at=DAY).verdict is IN


def test_a_closed_rule_and_its_follower_share_the_calendar():
    old = replace(RULE, until=date(2026, 8, 31), closed=date(2026, 8, 1))
    new = replace(RULE, id="second", since=date(2026, 9, 1), follows="first", when=Is("export", "yes", ("border",)))
    rules = replace(RULES, rules=(old, new))
    assert decide(rules, {"export": "yes"}, date(2026, 8, 31)).verdict is REVIEW
    assert decide(rules, {"export": "yes"}, date(2026, 9, 1)).verdict is IN


def test_a_misspelt_fact_is_refused_with_the_right_spelling():
    with pytest.raises(BadInput, match='no fact "autonmous"; did you mean "autonomous"'):
        decide(RULES, {**INSIDE, "autonmous": "no"}, DAY)


def test_a_misspelt_fact_is_refused_even_when_the_rest_was_decided_before():
    ask = judge(RULES, DAY)
    ask(INSIDE)
    with pytest.raises(BadInput, match="autonmous"):
        ask({**INSIDE, "autonmous": "no"})


def test_a_value_nobody_registered_is_refused():
    with pytest.raises(BadInput, match='"iris_lok" is not a value of category; did you mean "iris_lock"'):
        decide(RULES, {"category": "iris_lok"}, DAY)


def test_the_words_of_the_reading_are_taken_as_they_are():
    facts = {"category": Category.IRIS_LOCK, "autonomous": Truth.YES, "export": Truth.UNKNOWN}
    decision = decide(RULES, facts, DAY)
    assert decision.facts == (("category", "iris_lock"), ("autonomous", "yes"), ("export", "unknown"))


@settings(deadline=None)
@given(PARTIAL)
def test_a_decision_survives_being_stored(facts):
    decision = decide(RULES, facts, DAY)
    assert Decision.from_row(decision.to_row()) == decision


CITED = st.lists(st.sampled_from(("whole", "families", "autonomy", "ended")), max_size=2).map(tuple)
LEAVES = st.one_of(
    st.builds(Is, st.just("export"), st.sampled_from(("yes", "no")), CITED),
    st.builds(Is, st.just("autonomous"), st.just("yes"), CITED),
    st.builds(In, st.just("category"), st.just(LISTED[:2]), st.just(("other_not_listed",)), CITED))
CONDITIONS = st.recursive(LEAVES, lambda below: st.one_of(
    st.builds(Not, below, CITED),
    st.builds(All, st.lists(below, min_size=1, max_size=3).map(tuple), CITED),
    st.builds(Any, st.lists(below, min_size=1, max_size=3).map(tuple), CITED)), max_leaves=5)


def by_definition(ruleset, facts):
    """The decision as the definitions say it, with nothing kept, shared or made ready."""
    rules = [evaluate(rule.when, facts) for rule in ruleset.rules]
    tops = tuple(Explained("rule", when.truth, when.unknown, rule.clauses, rule.id, parts=(when,))
                 for rule, when in zip(ruleset.rules, rules, strict=True))
    truths = [top.truth for top in tops]
    truth = next(one for one in (Truth.YES, Truth.UNKNOWN, Truth.NO) if one in truths)
    unknown = [name for top in tops for name in top.unknown] if truth is Truth.UNKNOWN else []
    verdict = {Truth.YES: IN, Truth.NO: OUT, Truth.UNKNOWN: REVIEW}[truth]
    return Decision(
        verdict=verdict,
        facts=tuple((f.name, str(facts.get(f.name, UNKNOWN))) for f in ruleset.facts),
        missing=tuple(f.name for f in ruleset.facts if f.name in unknown),
        clauses=tuple(c for c in dict.fromkeys(c for top in tops if top.truth is truth for c in rests_on(top)) if c != "ended"),
        rules=tuple(rule.id for rule in ruleset.rules),
        open_questions=tuple(q.id for q in ruleset.open_questions if q.touches(verdict, facts)),
        tree=Explained("ruleset", truth, tuple(dict.fromkeys(unknown)), name=ruleset.id, parts=tops),
        as_of=DAY)


def rests_on(node):
    opposite = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
    wanted = opposite[node.truth] if node.kind == "not" else node.truth
    return [*node.clauses, *(clause for part in node.parts if part.truth is wanted for clause in rests_on(part))]


@settings(deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=3), PARTIAL)
def test_a_fresh_decision_is_the_kept_one_and_what_the_definition_says(conditions, facts):
    rules = tuple(replace(RULE, id=f"rule-{n}", when=when) for n, when in enumerate(conditions))
    ended = clause("ended", until=DAY - timedelta(days=1))
    ruleset = replace(RULES, rules=rules, clauses=(*RULES.clauses, ended))
    ask = judge(ruleset, DAY)
    assert ask.fresh(facts) == ask(facts) == ask(facts) == by_definition(ruleset, facts)
    assert ask.fresh(facts).to_row() == by_definition(ruleset, facts).to_row()


def test_open_questions_come_with_the_answers_they_touch():
    assert decide(RULES, INSIDE, DAY).open_questions == ("U1", "U7")
    assert decide(RULES, {**INSIDE, "export": "no"}, DAY).open_questions == ()
    touching = questions_for(RULES, decide(RULES, INSIDE, DAY), ["DE", "HK"])
    assert [question.id for question in touching] == ["U1", "U7", "U14"]


def test_the_worst_of_several_products_counts():
    assert [worst(v) for v in ([OUT, REVIEW], [OUT, REVIEW, IN], [OUT, OUT], [])] == [REVIEW, IN, OUT, REVIEW]


def test_a_clause_that_has_ended_is_no_longer_cited():
    ended = tuple(replace(c, until=date(2026, 10, 1)) if c.id == "border" else c for c in RULES.clauses)
    rules = replace(RULES, clauses=ended)
    assert "border" in decide(rules, INSIDE, date(2026, 10, 1)).clauses
    assert "border" not in decide(rules, INSIDE, date(2026, 10, 2)).clauses


def test_a_verification_counts_from_its_day_to_its_last_day():
    check = Verification("verified", "A. Officer", date(2026, 7, 1), date(2026, 12, 31))
    rules = replace(RULES, clauses=(clause("whole", verification=check), *RULES.clauses[1:]))
    names = [list(rules.unverified(["whole"], day)) for day in (date(2026, 6, 30), DAY, date(2027, 1, 1))]
    assert names == [["whole"], [], ["whole"]]


def test_a_corroborated_clause_is_not_verified():
    check = Verification("corroborated", "A. Officer", date(2026, 7, 1))
    assert not clause("whole", verification=check).verified_on(DAY)


def test_rulesets_are_equal_when_their_content_is():
    assert replace(RULES) == RULES
    assert replace(RULES, version="2") != RULES
    assert replace(RULES, rules=(replace(RULE, when=Is("export", "yes")),)).digest != RULES.digest

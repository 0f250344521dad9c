"""An answer, why it is so, what would change it, what nobody knows: in both languages, nothing claimed beyond the sources."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import read_files
from bot.domain.deciding import decide, what_would_change
from bot.domain.facts import Verdict
from bot.domain.reading import read
from bot.domain.rulebook import Verification
from bot.domain.ruling import All
from bot.domain.scope import judge_reading
from bot.flows.ask import ask
from bot.replies.answers import answer_reply
from bot.replies.explained import change_reply, customer_reply, unknown_reply, why_reply
from bot.replies.understood import understood_reply
from bot.settings import load_settings

ROOT = Path(__file__).parents[2]
FILES = read_files(load_settings(FILINGDESK_RULESETS=ROOT / "rulesets", FILINGDESK_CONFIG=ROOT / "config"))
DESK = FILES.desk(None, "test")
LISTS = [entry for entries in FILES.lists.values() for entry in entries]
RULES = DESK.rulesets["cn-cac-agents"]
DAY, NOW = date(2026, 11, 23), datetime(2026, 11, 23, 8, tzinfo=UTC)
TEXTS = {
    Verdict.IN_SCOPE: ("Iris lock that opens by itself, to Germany", "虹膜锁自动开锁，发往德国"),
    Verdict.NEEDS_REVIEW: ("AI-powered iris lock to Germany", "智能虹膜锁，发往德国"),
    Verdict.OUT_OF_SCOPE: ("Iris lock, a guard approves each opening, to Germany", "虹膜锁，每次开锁须由保安确认，发往德国"),
}
BOTH = [(verdict, lang, texts[lang == "zh"]) for verdict, texts in TEXTS.items() for lang in ("en", "zh")]
IDS = [f"{verdict}-{lang}" for verdict, lang, _ in BOTH]
TELLERS = (answer_reply, why_reply, change_reply, unknown_reply, customer_reply)


def answered(text, lang="", on=DAY):
    return ask(DESK, LISTS, text, on, NOW, lang)


def spoken(reply):
    return "\n".join([reply.headline, *reply.lines, *reply.bullets, reply.note])


@pytest.mark.parametrize(("verdict", "lang", "text"), BOTH, ids=IDS)
def test_the_verdict_stands_first_in_the_askers_language(verdict, lang, text):
    answer = answered(text)
    assert (answer.determination.verdict, answer.determination.asked.lang) == (verdict, lang)
    assert answer_reply(DESK.words, answer).headline == DESK.words.say(lang, f"verdict.{verdict}")


@pytest.mark.parametrize("teller", TELLERS)
@pytest.mark.parametrize(("verdict", "lang", "text"), BOTH, ids=IDS)
def test_nothing_reported_is_told_as_official_and_nothing_is_approved(teller, verdict, lang, text):
    said = spoken(teller(DESK.words, answered(text)))
    reported = {"en": ("trade press", "not officially verified"), "zh": ("媒体报道", "据报")}[lang]
    assert any(words in said for words in reported)
    assert not re.search(r"(?<!never write that a product is )approved by|CAC[- ]approved", said)
    assert "已获网信办批准" not in said.replace("不得宣称产品“已获网信办批准”", "")
    assert "you may ship" not in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_out_of_scope_says_that_it_is_no_clearance(lang):
    note = answer_reply(DESK.words, answered(TEXTS[Verdict.OUT_OF_SCOPE][0], lang)).note
    assert {"en": "no clearance to ship", "zh": "不等于可以放行"}[lang] in note


def test_the_reason_names_each_fact_and_the_words_it_was_read_from():
    said = spoken(answer_reply(DESK.words, answered(TEXTS[Verdict.IN_SCOPE][0])))
    assert all(words in said for words in ("“Iris lock”", "“by itself”", "“Germany”"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_undecided_answer_asks_exactly_one_question_and_offers_its_values(lang):
    answer = answered("Iris lock, what about it?", lang)
    reply = answer_reply(DESK.words, answer)
    assert answer.determination.missing == ("autonomous", "export")
    questions = [fact.question.said(lang) for fact in RULES.facts]
    assert [question for question in questions if question in spoken(reply)] == [RULES.fact("autonomous").question.said(lang)]
    told = [json.loads(choice.value) for choice in reply.choices if choice.action == "scope_fact"]
    assert [(one["f"], one["v"]) for one in told] == [("autonomous", "yes"), ("autonomous", "no")]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_filing_is_offered_only_in_scope_and_why_change_unknown_and_customer_always(verdict):
    actions = [choice.action for choice in answer_reply(DESK.words, answered(TEXTS[verdict][0])).choices]
    assert ("open_filing" in actions) is (verdict is Verdict.IN_SCOPE)
    assert actions[-4:] == ["scope_why", "scope_change", "scope_unknown", "scope_customer"]


@pytest.mark.parametrize(("verdict", "lang", "text"), BOTH, ids=IDS)
def test_why_goes_from_clause_to_fact_to_words(verdict, lang, text):
    answer = answered(text)
    said = spoken(why_reply(DESK.words, answer))
    for fact in RULES.facts:
        assert fact.title.said(lang) in said
    for clause_id in answer.determination.clauses:
        clause = RULES.clause(clause_id)
        assert clause.text.said(lang) in said
        assert clause.source.said(lang) in said
    for product in answer.determination.products:
        for item in (item for items in product.evidence.values() for item in items[:1]):
            assert item.words.strip() in said
    assert answer.determination.clauses


def test_why_leads_from_each_clause_to_the_fact_it_turns_on_and_the_words():
    lines = why_reply(DESK.words, answered(TEXTS[Verdict.OUT_OF_SCOPE][0])).lines
    turned = next(line for line in lines if RULES.fact("autonomous").title.en in line)
    assert turned.endswith("“approves” · CAC-R2-products, CAC-O6-decisions, DESK-2-autonomy")
    assert "DESK-3-export" not in "\n".join(lines)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_why_gives_the_grade_and_how_far_each_source_is_verified(lang):
    answer = answered(TEXTS[Verdict.IN_SCOPE][0], lang)
    for line in why_reply(DESK.words, answer).lines:
        for clause in (RULES.clause(name) for name in answer.determination.clauses if f"*{name}*" in line):
            assert DESK.words.say(lang, f"verification.{clause.verification.status}") in line
            assert DESK.words.say(lang, f"why.grade.{clause.grade.lower()}") in line
            assert "ASSUMED" not in line
            assert ", –" not in line
            assert "，–" not in line


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("when", "until", "standing"),
    [(date(2026, 11, 1), None, "verified"), (date(2026, 11, 23), date(2026, 11, 23), "verified"),
     (date(2026, 6, 1), date(2026, 11, 22), "expired"), (date(2026, 11, 24), None, "later")],
)  # fmt: skip
def test_a_verification_is_told_with_who_when_and_until_when_and_counts_only_on_its_days(lang, when, until, standing):
    clauses = tuple(replace(clause, verification=Verification("verified", "Li Na", when, until)) for clause in RULES.clauses)
    answer = replace(answered(TEXTS[Verdict.IN_SCOPE][0], lang), ruleset=replace(RULES, clauses=clauses))
    why = why_reply(DESK.words, answer)
    lines = [line for line in why.lines if line.startswith("• *")]
    assert len(lines) == len(answer.determination.clauses)
    for line in lines:
        assert DESK.words.say(lang, f"verification.{standing}") in line
        assert "Li Na" in line
        assert DESK.words.day(lang, when) in line
        assert until is None or DESK.words.day(lang, until) in line
    verified = DESK.words.say(lang, "answer.rests_verified", id=answer.determination.id, n=7, version=RULES.version)
    assert (verified in why.note) is (standing == "verified")


def test_a_clause_that_is_no_longer_there_is_named_as_gone_and_counts_as_unverified():
    answer = answered(TEXTS[Verdict.IN_SCOPE][0])
    shorter = replace(RULES, clauses=tuple(clause for clause in RULES.clauses if clause.id != "DESK-3-export"))
    why = why_reply(DESK.words, replace(answer, ruleset=shorter))
    assert f"• *DESK-3-export* {DESK.words.say('en', 'why.gone')}" in why.lines
    assert "7 of them not officially verified" in why.note


@pytest.mark.parametrize("teller", TELLERS)
def test_an_old_answer_can_be_told_when_a_fact_is_no_longer_registered(teller):
    answer = answered(TEXTS[Verdict.NEEDS_REVIEW][0])
    fewer = replace(RULES, facts=tuple(fact for fact in RULES.facts if fact.name != "autonomous"), rules=())
    assert spoken(teller(DESK.words, replace(answer, ruleset=fewer)))


def test_what_would_change_it_goes_by_what_was_known_when_it_was_asked():
    answer = answered(TEXTS[Verdict.OUT_OF_SCOPE][0])
    learnt_later = replace(RULES, rules=(replace(RULES.rules[0], recorded=date(2026, 12, 1)),))
    assert change_reply(DESK.words, answer).bullets != change_reply(DESK.words, replace(answer, ruleset=learnt_later)).bullets


def test_what_was_taken_over_from_the_thread_is_not_called_unsaid():
    before = read("Iris lock that opens by itself, to Germany", DAY, DESK.lexicon)
    after = read("and to Italy?", DAY, DESK.lexicon, before)
    asked = answered(TEXTS[Verdict.IN_SCOPE][0]).determination.asked
    answer = replace(answered(TEXTS[Verdict.IN_SCOPE][0]), reading=after, determination=judge_reading(after, asked, RULES))
    lines = why_reply(DESK.words, answer).lines
    taken_over = DESK.words.say("en", "why.taken_over")
    assert [taken_over in line for line in lines[1:4]] == [True, True, False]
    assert "“Italy”" in lines[3]


def test_why_says_what_was_not_said():
    assert DESK.words.say("en", "why.not_said") in spoken(why_reply(DESK.words, answered(TEXTS[Verdict.NEEDS_REVIEW][0])))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_nobody_knows_is_named_with_the_open_questions_that_touch_the_answer(lang):
    answer = answered(TEXTS[Verdict.IN_SCOPE][0], lang)
    said = spoken(unknown_reply(DESK.words, answer))
    touching = answer.determination.products[0].decision.open_questions
    questions = {question.id: question.text.said(lang) for question in RULES.open_questions}
    assert len(touching) == 13
    assert [name for name, text in questions.items() if text in said] == list(touching)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_questions_about_any_of_several_products_and_its_destination_are_named_once(lang):
    answer = answered("fingerprint lock and an iris lock that opens by itself, to Hong Kong", lang)
    said = spoken(unknown_reply(DESK.words, answer))
    for question in RULES.open_questions:
        assert said.count(question.text.said(lang)) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_the_question_left_open_is_part_of_what_is_not_known(lang):
    lines = unknown_reply(DESK.words, answered(TEXTS[Verdict.NEEDS_REVIEW][0], lang)).lines
    missing, not_said = RULES.fact("autonomous").title.said(lang), DESK.words.say(lang, "why.not_said")
    assert lines[:2] == (DESK.words.say(lang, "unknown.missing"), f"• {missing} ← {not_said}")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_would_change_it_names_each_smallest_set_of_facts_and_the_verdict_it_leads_to(lang):
    answer = answered(TEXTS[Verdict.IN_SCOPE][0], lang)
    bullets = change_reply(DESK.words, answer).bullets
    assert len(bullets) == 3
    for name in ("category", "autonomous", "export"):
        assert any(RULES.fact(name).title.said(lang) in bullet for bullet in bullets)
    assert all(DESK.words.say(lang, "verdict.out_of_scope") in bullet for bullet in bullets)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_change_told_really_leads_where_it_says(verdict):
    product = answered(TEXTS[verdict][0]).determination.products[0]
    changes = what_would_change(RULES, product.facts, DAY)
    assert len(change_reply(DESK.words, answered(TEXTS[verdict][0])).bullets) == len(changes)
    for change in changes:
        changed = {**product.facts, **{fact: values[0] for fact, values in change.facts}}
        assert decide(RULES, changed, DAY).verdict is change.verdict is not verdict


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_changing_the_words_is_not_offered_as_a_way_out(lang):
    assert DESK.words.say(lang, "change.honest") in change_reply(DESK.words, answered(TEXTS[Verdict.IN_SCOPE][0], lang)).lines


def test_several_products_each_have_their_verdict_and_the_worst_stands_on_top():
    answer = answered("Iris lock that opens by itself and a fingerprint lock, both to Germany")
    reply = answer_reply(DESK.words, answer)
    verdicts = {product.decision.verdict for product in answer.determination.products}
    assert verdicts == {Verdict.IN_SCOPE, Verdict.OUT_OF_SCOPE}
    assert reply.headline == DESK.words.say("en", "verdict.in_scope")
    assert sum(DESK.words.say("en", f"verdict.{verdict}") in line for line in reply.lines for verdict in verdicts) == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_several_products_the_question_names_those_it_is_about(lang):
    reply = answer_reply(DESK.words, answered("IrisLock Pro and FingerLock S1, both to Germany", lang))
    question = RULES.fact("autonomous").question.said(lang)
    assert DESK.words.say(lang, "answer.question_about", names="IrisLock Pro", question=question) in reply.lines


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_name_the_catalogue_does_not_know_is_told_as_not_answered(lang):
    lines = answer_reply(DESK.words, answered("FaceGate 300 and AirShield to Dubai", lang)).lines
    assert DESK.words.say(lang, "answer.unlisted", names=DESK.words.say(lang, "quoted", words="AirShield")) in lines


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_market_list_never_says_yes_or_no_while_its_members_are_unknown(lang):
    said = spoken(answer_reply(DESK.words, answered(TEXTS[Verdict.IN_SCOPE][0], lang)))
    assert DESK.words.say(lang, "market.unknown", market=DESK.words.market(lang, "DE"), count=27) in said


def test_a_region_is_asked_back_and_never_expanded():
    reply = answer_reply(DESK.words, answered("Iris lock that opens by itself, to the EU"))
    said = spoken(reply)
    assert "“EU” is a region" in said
    assert DESK.words.market("en", "DE") not in said


def test_assumed_dates_are_marked_as_assumed():
    said = spoken(answer_reply(DESK.words, answered("Iris lock that opens by itself, to Germany, leaving 12 Dec 2026")))
    assert "assumed" in said.lower()
    assert "12 Dec 2026" in said


@pytest.mark.parametrize(("verdict", "lang", "text"), BOTH, ids=IDS)
def test_the_text_for_a_customer_names_no_colleague_no_clause_and_no_internal_id(verdict, lang, text):
    lines = "\n".join(customer_reply(DESK.words, answered(text)).lines)
    assert not re.search(r"D-\d|CAC-|DESK-|command line", lines)


@pytest.mark.parametrize("text", ["{words} iris lock {0}", "iris lock *bold* _x_ `y` <!channel> to Germany", "虹膜锁 %s %(n)d"])
@pytest.mark.parametrize("teller", TELLERS)
def test_signs_in_the_question_break_no_sentence(teller, text):
    assert teller(DESK.words, answered(text)).headline


NEW_YEAR = date(2027, 1, 1)
GAS_MASK = "Gas mask that switches filters by itself, to Brazil"


def desk_with(*rules):
    return replace(DESK, rulesets={**DESK.rulesets, RULES.id: replace(RULES, rules=rules)})


def without_gas_masks_from_new_year():
    """The rule in force closed at the end of the year, and one that follows it and lists no gas masks."""
    [old] = RULES.rules
    category, *others = old.when.parts
    listed = tuple(value for value in category.values if value != "gas_mask")
    narrower = replace(category, values=listed, others=(*category.others, "gas_mask"))
    new = replace(old, id="from-new-year", since=NEW_YEAR, recorded=DAY, follows=old.id, when=All((narrower, *others)))
    return desk_with(replace(old, until=NEW_YEAR - timedelta(days=1), closed=DAY), new)


@pytest.mark.parametrize(
    ("when", "verdict", "sooner"),
    [("", "in_scope", ""), (", leaving 31 Dec 2026", "in_scope", ""), (", leaving 1 Jan 2027", "out_of_scope", "in_scope"),
     (", leaving 1 Nov 2026", "in_scope", "")])
def test_the_rules_of_the_day_of_leaving_decide_and_where_those_of_today_say_otherwise_that_is_told(when, verdict, sooner):
    answer = ask(without_gas_masks_from_new_year(), LISTS, GAS_MASK + when, DAY, NOW)
    assert answer.determination.verdict == verdict
    for teller in (answer_reply, why_reply, understood_reply):
        said = spoken(teller(DESK.words, answer))
        assert ("the day of leaving. Leaving on 23 Nov 2026 it would be: In scope" in said) is (sooner == "in_scope"), said


def test_a_verification_that_ends_before_the_day_of_leaving_still_holds_on_the_day_of_the_answer():
    checked = Verification("verified", by="Li Na", when=DAY, until=DAY)
    clauses = tuple(replace(clause, verification=checked) for clause in RULES.clauses)
    desk = replace(DESK, rulesets={RULES.id: replace(RULES, clauses=clauses)})
    answer = ask(desk, LISTS, f"{TEXTS[Verdict.IN_SCOPE][0]}, leaving 12 Dec 2026", DAY, NOW)
    assert "all of them verified" in answer_reply(DESK.words, answer).note
    assert "has run out" not in spoken(why_reply(DESK.words, answer))


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "No rule recorded here is in force on 7 May 2026"), ("zh", "2026年5月7日没有已登记的生效规则")])
def test_where_no_rule_is_in_force_every_explanation_says_so_and_nothing_is_said_to_rest_on_clauses(lang, said):
    answer = answered(TEXTS[Verdict.IN_SCOPE][0], lang, on=date(2026, 5, 7))
    assert answer.determination.verdict == Verdict.NEEDS_REVIEW
    for teller in (answer_reply, why_reply, understood_reply):
        assert said in spoken(teller(DESK.words, answer))
    assert DESK.words.say(lang, "why.clauses") not in spoken(why_reply(DESK.words, answer))
    assert not re.search(r"\b0 |0项", answer_reply(DESK.words, answer).note)


def test_what_is_left_open_is_told_with_the_words_that_leave_it_open_and_else_as_not_said():
    answer = answered("The lock opens by itself. The guard approves each opening. Iris lock to Peru.")
    assert "decides by itself ← “opens”" in spoken(unknown_reply(DESK.words, answer))
    assert "decides by itself ← _not said_" in spoken(unknown_reply(DESK.words, answered("Iris lock to Germany")))


@pytest.mark.parametrize("text", ["hello", "help", "你好", "🤷"])
def test_trying_what_asks_of_no_goods_judges_nothing(text):
    reply = understood_reply(DESK.words, answered(text))
    assert (reply.lines, reply.note) == ((), "")

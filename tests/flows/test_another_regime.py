"""A desk of another regime: its own facts are asked one by one, decided and explained, and nothing of the first one is said."""

from __future__ import annotations

import json

import pytest

from bot.domain.determination import Determination, replay
from bot.domain.facts import READ_FACTS
from bot.flows.answer_question import Question, answer_question, state_fact, tell
from bot.flows.ask import ask
from bot.replies.answers import answer_reply
from bot.replies.explained import EXPLAINED
from tests.fakes.desk import ANA, make_desk, settle_in
from tests.fakes.fake_chat import START

OTHER = "cn-face-application"
PRESSED = ("yes", "operator", "mainland", "from_100000")
TEXTS = {"en": "FaceGate 300 for our campus, to Germany?", "zh": "我们园区用FaceGate 300，发往德国？"}
OF_THE_FIRST = ("before export", "出口前", "reported rule", "据报规则", "trade press", "媒体", "ETD", "船期")


def asked(lang):
    desk = make_desk(ruleset=OTHER)
    settle_in(desk)
    answer_question(desk, Question("C1:1", TEXTS[lang], "C1", "1"), ANA, START)
    return desk


def shown(desk):
    return desk.store.get("outbox", "show:answer:C1:1")["reply"]


def fact_buttons(reply):
    return [json.loads(choice["value"]) for choice in reply["choices"] if choice["action"] == "scope_fact"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_its_facts_are_asked_by_buttons_until_it_is_decided(lang) -> None:
    desk = asked(lang)
    facts = [fact.name for fact in desk.rulesets[OTHER].facts]
    assert not set(facts) & set(READ_FACTS)
    for fact, value in zip(facts, PRESSED, strict=True):
        offered = fact_buttons(shown(desk))
        assert {button["f"] for button in offered} == {fact}
        assert desk.rulesets[OTHER].fact(fact).question.said(lang) in "\n".join(shown(desk)["lines"])
        state_fact(desk, offered[0]["d"], fact, value, ANA, START)
    assert not fact_buttons(shown(desk))
    assert shown(desk)["headline"] == desk.words.say(lang, "verdict.info.in_scope", regime=desk.rulesets[OTHER].title.said(lang))


def test_its_answers_are_stored_and_replay_to_the_same_bytes() -> None:
    desk = asked("en")
    state_fact(desk, "D-1", "role", "supplier_only", ANA, START)
    stored = [Determination.from_row(row) for row in desk.store.every("determinations")]
    assert [(one.ruleset.id, str(one.verdict)) for one in stored] == [(OTHER, "needs_review"), (OTHER, "out_of_scope")]
    assert all(replay(one, desk.rulesets[OTHER]).same for one in stored)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_of_the_first_regime_is_said(lang) -> None:
    desk = make_desk(ruleset=OTHER)
    facts = dict(zip((fact.name for fact in desk.rulesets[OTHER].facts), PRESSED, strict=True))
    answer = ask(desk, [], TEXTS[lang], START.date(), START, lang, facts)
    replies = [answer_reply(desk.words, answer), *(EXPLAINED[name](desk.words, answer) for name in ("why", "change", "unknown"))]
    said = "\n".join("\n".join([one.headline, *one.lines, *one.bullets, one.note]) for one in replies)
    assert desk.rulesets[OTHER].title.said(lang) in said
    assert not [words for words in OF_THE_FIRST if words in said]
    actions = {choice.action for choice in replies[0].choices}
    assert actions == {"scope_why", "scope_change", "scope_unknown"}


def test_a_follow_up_takes_over_what_was_stated_by_a_button() -> None:
    desk = asked("en")
    state_fact(desk, "D-1", "role", "operator", ANA, START)
    answer_question(desk, Question("C1:2", "and to Italy?", "C1", "1"), ANA, START)
    last = [Determination.from_row(row) for row in desk.store.every("determinations")][-1]
    assert last.products[0].facts["role"] == "operator"


def test_an_answer_of_the_first_regime_is_told_by_its_own_rules_after_the_desk_has_changed() -> None:
    first = make_desk()
    settle_in(first)
    answer_question(first, Question("C1:1", "Iris lock that opens by itself, to Germany", "C1", "1"), ANA, START)
    tell(make_desk(first.store, ruleset=OTHER), "D-1", "why", START)
    told = first.store.get("outbox", "show:why:D-1")["reply"]
    assert "CAC-R2-products" in "\n".join(told["lines"])

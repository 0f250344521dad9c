"""Asking, over HTTP: by mention, in a direct message, by /scope, in English and Chinese, and answering the one question."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bot.replies.usage import USAGE
from tests.end_to_end.town import BOT, Town, buttons, say, words

IN_SCOPE, OUT_OF_SCOPE, NEEDS_REVIEW = (say(f"verdict.{verdict}") for verdict in ("in_scope", "out_of_scope", "needs_review"))
CLEAR = [
    ("can we ship 40 FaceGate 300 with auto-unlock to hamburg, leaving 12 Dec?", "in_scope", "en"),
    ("Iris lock that opens by itself, to Finland, ETD 8 January. Filing needed?", "in_scope", "en"),
    ("Vein lock to Malaysia, it decides itself and nobody confirms. Filing?", "in_scope", "en"),
    ("Gas mask that switches filters on its own, customer in Israel. In scope?", "in_scope", "en"),
    ("3D face terminal to Italy; the guard must approve every single opening. In scope?", "out_of_scope", "en"),
    ("智能呼吸器会自行调节送风，出口到巴西，需要备案吗？", "in_scope", "zh"),
    ("掌静脉锁，每次开锁都要人工确认，出口到德国，需要备案吗？", "out_of_scope", "zh"),
]


@pytest.mark.parametrize(("question", "verdict", "lang"), CLEAR)
def test_a_clear_question_of_each_family_is_answered_right_in_its_thread(town: Town, question: str, verdict: str,
                                                                             lang: str) -> None:
    assert say(f"verdict.{verdict}", lang) in words(town.ask("tom", "#sales", question))


def test_the_answer_names_reason_source_caveat_and_id(town: Town) -> None:
    said = words(town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Hamburg, leaving 12 Dec, filing?"))
    for part in ("“FaceGate 300”", "“auto-unlock”", "Germany", "12 Dec 2026", "security assessment report", "days short",
                 "not officially verified", "D-", "rules 2026"):
        assert part in said


@pytest.mark.parametrize(("who", "lang", "blank"), [("tom", "en", "  "), ("mei", "zh", " \u200b ")])
def test_a_mention_that_asks_nothing_is_told_what_to_write(town: Town, who: str, lang: str, blank: str) -> None:
    start = town.say(who, "#sales", f"<@U0FILINGDESK>{blank}")
    [answer] = town.answers("#sales", start)
    assert say("error.empty", lang) in words(answer)
    assert say("help.scope", lang).partition("“")[0].strip("* ") in words(answer)


@pytest.mark.parametrize("command", ["filing", "shipment", "lists"])
@pytest.mark.parametrize(("who", "lang"), [("tom", "en"), ("mei", "zh")])
def test_help_and_words_nobody_knows_are_answered_by_the_usage(town: Town, command: str, who: str, lang: str) -> None:
    for said, headline in (("help", "usage.title"), ("xyzzy", "usage.unknown")):
        told = town.told(who, "#sales", f"/{command}", said)
        assert say(headline, lang, command=command, said=said).replace("`", "") in told.replace("`", "")
        assert all(say(f"usage.{command}.{name}", lang).split("`")[1] in told for name in USAGE[command])


def test_the_one_question_is_answered_by_a_button_in_the_same_message(town: Town) -> None:
    answer = town.ask("tom", "#sales", "do we need a filing for a 3D face terminal going to Brazil?")
    assert words(answer).count(say("answer.question", question="")) == 1
    town.press("tom", answer, "scope_fact", "by itself")
    now = next(message for message in town.messages("#sales") if message["ts"] == answer["ts"])
    assert IN_SCOPE in words(now)
    assert say("answer.question", question="") not in words(now)
    assert len(town.answers("#sales", answer["thread_ts"])) == 1


def test_the_chinese_question_is_asked_and_answered_in_chinese(town: Town) -> None:
    answer = town.ask("mei", "#sales", "3D人脸门禁出口到巴西需要备案吗？")
    assert say("answer.question", "zh", question="") in words(answer)
    town.press("mei", answer, "scope_fact", "每次由人确认")
    now = words(town.answers("#sales", answer["thread_ts"])[0])
    assert say("verdict.out_of_scope", "zh") in now
    assert say("answer.question", "zh", question="") not in now


def test_two_people_press_at_once_and_the_first_counts(town: Town) -> None:
    answer = town.ask("tom", "#sales", "is a 3D face terminal for Chile in scope?")
    choices = [one for one in buttons(answer) if one["action_id"].startswith("scope_fact")]

    def press(who: str, choice: dict[str, str]) -> int:
        body = {"user": who, "channel": "#sales", "ts": answer["ts"], "action_id": choice["action_id"], "value": choice["value"]}
        return requests.post(f"{town.url}/sandbox/slack/click", json=body, timeout=20).status_code

    with ThreadPoolExecutor(6) as hands:
        answered = list(hands.map(press, ["tom", "ana", "mei"] * 2, choices * 3))
    assert 200 in answered
    now = town.answers("#sales", answer["thread_ts"])
    assert len(now) == 1
    assert (IN_SCOPE in words(now[0])) != (OUT_OF_SCOPE in words(now[0]))


def test_a_direct_message_is_answered_without_a_mention(town: Town) -> None:
    start = town.say("tom", town.dm_of("tom"), "IrisLock Pro opens by itself, to Norway, do we need a filing?")
    answer = town.answers(town.dm_of("tom"), start)
    assert [IN_SCOPE in words(one) for one in answer] == [True]


def test_scope_command_answers_in_the_channel_and_shows_a_stored_answer_again(town: Town) -> None:
    said = town.told("tom", "#sales", "/scope", "VeinGuard 5 to Malaysia, opens by itself")
    assert IN_SCOPE in said
    number = said.split("D-")[1].split(" ")[0]
    assert "VeinGuard 5 → Malaysia" in town.told("tom", "#sales", "/scope", f"D-{number}")
    assert "There is no determination D-99999" in town.told("tom", "#sales", "/scope", "D-99999")
    assert say("help.title") in town.told("tom", "#sales", "/scope", "help")


def test_a_question_in_the_thread_takes_over_what_was_said_before(town: Town) -> None:
    first = town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Hamburg in December, filing needed?")
    town.say("tom", "#sales", "and to Italy?", thread_ts=first["thread_ts"])
    answers = town.answers("#sales", first["thread_ts"])
    assert len(answers) == 2
    assert "Italy" in words(answers[1])
    assert IN_SCOPE in words(answers[1])


def test_people_talking_among_themselves_are_left_alone(town: Town) -> None:
    start = town.say("tom", "#sales", "Lunch at one? The face terminals can wait.")
    assert town.answers("#sales", start) == []
    answered = town.ask("ana", "#sales", "FaceGate 300 with auto-unlock to Spain, filing?")
    town.say("ana", "#sales", "thanks, that helps", thread_ts=answered["thread_ts"])
    assert len(town.answers("#sales", answered["thread_ts"])) == 1


def test_why_what_would_change_it_what_is_not_known_and_the_customer_text_come_once_each_in_the_thread(town: Town) -> None:
    answer = town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Poland, do we need to file?")
    for action in ("scope_why", "scope_why", "scope_change", "scope_unknown", "scope_customer"):
        town.press("tom", answer, action)
    said = [words(one) for one in town.answers("#sales", answer["thread_ts"])]
    assert len(said) == 5
    assert say("why.clauses") in said[1]
    assert say("change.title", id="") in said[2]
    assert say("unknown.title", id="") in said[3]
    assert say("customer.title") in said[4]


@pytest.mark.parametrize("said", ["", "   ", "🎉🎉🎉", "\x00\x01\x02\x7f", "?" * 300, "ship it " * 1250, "\ud83d", "<@U0NOBODY>"])
def test_what_cannot_be_read_gets_one_calm_sentence(town: Town, said: str) -> None:
    start = town.say("tom", "#sales", f"{BOT} {said}")
    answers = town.answers("#sales", start)
    assert len(answers) == 1
    assert say("error.own", code="").partition(";")[0] not in words(answers[0])
    assert IN_SCOPE not in words(answers[0])
    assert OUT_OF_SCOPE not in words(answers[0])


def test_unknown_products_and_places_are_never_guessed(town: Town) -> None:
    answer = town.ask("tom", "#sales", "can we ship the Zorblax 9000 to Wakanda?")
    assert NEEDS_REVIEW in words(answer)
    assert not [one for one in buttons(answer) if one["action_id"].startswith("open_filing")]


def test_a_date_in_the_past_is_told(town: Town) -> None:
    answer = town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Germany, ETD 2026-01-05, filing?")
    assert IN_SCOPE in words(answer)
    assert say("plan.past", etd="5 Jan 2026") in words(answer)

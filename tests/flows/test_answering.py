"""A question: answered once, reproducibly, in its language; one question back; nobody's chatter is answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.domain.determination import Determination, replay
from bot.domain.facts import Verdict
from bot.domain.reading.requests import asked_in
from bot.errors import NotFound, TryLater
from bot.flows.answer_question import Question, answer_question, show_determination, state_fact, tell
from bot.replies import Reply
from tests.fakes.desk import ANA, BO, RULESET, Day
from tests.fakes.fake_chat import START, actions_of, words_of

CLEAR = "Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 18 Dec 2026?"
OPEN = "Can we ship an iris lock to Brazil?"


def determinations(day: Day) -> list[Determination]:
    return [Determination.from_row(row) for row in day.store.every("determinations")]


def test_a_message_delivered_three_times_is_answered_once() -> None:
    day = Day()
    for _ in range(3):
        day.ask(CLEAR)
        day.work()
    assert len(determinations(day)) == 1
    assert len(day.chat.posted) == 1


def test_a_message_heard_both_as_mention_and_as_channel_message_is_answered_once() -> None:
    day = Day()
    day.ask(CLEAR, called=False)
    day.ask(CLEAR, called=True)
    day.ask(CLEAR, called=False)
    day.work()
    assert len(day.chat.posted) == 1


def test_the_same_words_in_another_message_are_answered_again() -> None:
    day = Day()
    day.ask(CLEAR, ts="1.1")
    day.ask(CLEAR, ts="1.2")
    day.work()
    assert len(day.chat.posted) == 2


def test_a_stored_determination_is_decided_the_same_way_again() -> None:
    day = Day()
    for number, text in enumerate([CLEAR, OPEN, "两台掌钥V2发往越南，需要备案吗？"]):
        day.ask(text, ts=f"1.{number}")
    for stored in determinations(day):
        again = replay(stored, day.desk.rulesets[RULESET])
        assert again.same
        assert not again.changed


def test_a_determination_can_be_shown_again_by_its_id_whatever_the_case() -> None:
    day = Day()
    day.ask(CLEAR)
    day.work()
    assert show_determination(day.desk, "d-1", day.now) == day.chat.posted[0].reply


def test_an_id_nobody_knows_is_said_to_be_unknown() -> None:
    with pytest.raises(NotFound, match="D-99"):
        show_determination(Day().desk, "D-99", Day().now)


def test_what_is_missing_is_asked_as_one_question_with_buttons() -> None:
    day = Day()
    day.ask(OPEN)
    day.work()
    reply = day.chat.posted[0].reply
    assert determinations(day)[0].verdict is Verdict.NEEDS_REVIEW
    assert words_of(reply).count(day.phrase("answer.question")) == 1
    assert actions_of(reply)[:2] == ["scope_fact", "scope_fact"]
    assert "open_filing" not in actions_of(reply)


def test_a_stated_fact_makes_a_new_determination_and_edits_the_same_message() -> None:
    day = Day()
    day.ask(OPEN)
    day.work()
    assert state_fact(day.desk, "D-1", "autonomous", "yes", BO, day.now) == "D-2"
    day.work()
    assert [one.verdict for one in determinations(day)] == [Verdict.NEEDS_REVIEW, Verdict.IN_SCOPE]
    assert len(day.chat.posted) == 1
    assert day.phrase("verdict.in_scope") in day.chat.posted[0].reply.headline
    assert "open_filing" in actions_of(day.chat.posted[0].reply)


def test_a_fact_stated_before_the_message_is_there_still_makes_one_message() -> None:
    day = Day()
    day.ask(OPEN)
    state_fact(day.desk, "D-1", "autonomous", "yes", BO, day.now)
    day.work()
    assert [one.reply.headline for one in day.chat.posted] == [day.phrase("verdict.in_scope")]


def test_when_two_people_press_different_buttons_the_first_one_counts() -> None:
    day = Day()
    day.ask(OPEN)
    assert state_fact(day.desk, "D-1", "autonomous", "no", ANA, day.now) == "D-2"
    assert state_fact(day.desk, "D-1", "autonomous", "yes", BO, day.now) == "D-2"
    day.work()
    assert len(determinations(day)) == 2
    assert day.phrase("verdict.out_of_scope") in day.chat.posted[0].reply.headline


def test_who_stated_a_fact_stays_in_the_audit_trail() -> None:
    day = Day()
    day.ask(OPEN)
    state_fact(day.desk, "D-1", "autonomous", "no", BO, day.now)
    line = day.store.where("audit", "subject", "D-2")[-1]
    assert (line["by"], line["details"]["fact"], line["details"]["value"]) == (BO.id, "autonomous", "no")


def test_a_question_in_the_thread_takes_over_what_was_said_before() -> None:
    day = Day()
    day.ask(CLEAR)
    day.ask("and to Vietnam?", ts="1.2", thread="1.000001", called=False)
    day.work()
    first, second = determinations(day)
    assert second.asked.destinations == ("VN",)
    assert second.products[0].facts["category"] == "face_3d_terminal"
    assert day.phrase("answer.inherited") in words_of(day.chat.posted[1].reply)
    assert first.asked.destinations == ("DE",)


def test_a_fact_told_by_a_button_is_taken_over_in_the_thread() -> None:
    day = Day()
    day.ask(OPEN)
    state_fact(day.desk, "D-1", "autonomous", "yes", BO, day.now)
    day.ask("and to Vietnam?", ts="1.2", thread="1.000001", called=False)
    assert determinations(day)[-1].verdict is Verdict.IN_SCOPE


def test_a_question_under_an_answer_to_a_command_takes_over_what_was_said() -> None:
    day = Day()
    answer_question(day.desk, Question("command:T1", CLEAR, "C1", ""), ANA, day.now)
    day.work()
    day.ask("and to Vietnam?", ts="1.2", thread=day.chat.posted[0].ts, called=False)
    assert len(determinations(day)) == 2
    assert determinations(day)[-1].products[0].facts["category"] == "face_3d_terminal"


def test_another_channels_thread_of_the_same_ts_takes_nothing_over() -> None:
    day = Day()
    day.ask(CLEAR)
    day.ask("and to Vietnam?", ts="1.2", thread="1.000001", channel="C2", called=False)
    assert len(determinations(day)) == 1


@pytest.mark.parametrize("chatter", ["thanks, great!", "lunch at 12?", "I will tell the customer.", "好的，谢谢", "👍"])
def test_people_talking_among_themselves_in_a_thread_are_not_answered(chatter: str) -> None:
    day = Day()
    day.ask(CLEAR)
    day.ask(chatter, ts="1.2", thread="1.000001", called=False)
    day.work()
    assert len(day.chat.posted) == 1


def asked_on(text: str, *, filing: bool, called: bool = False) -> list[Reply]:
    """What is said to a message in the thread of an answer, of which a filing was opened or not."""
    day = Day(tasks=("N1",))
    day.ask(CLEAR)
    if filing:
        day.open(channel="C1", thread="1.000001")
    day.work()
    day.ask(text, ts="1.2", thread="1.000001", called=called)
    day.work()
    return [one.reply for one in day.chat.named("answer:C1:1.2")]


@pytest.mark.parametrize("text", [
    "where is F-1?", "where is it?", "may it ship?", "can we ship it?", "is it released",
    "F-1 到哪了？", "能发了吗？", "到哪一步了？"])
def test_in_a_filings_thread_it_is_the_filing(text: str) -> None:
    said, = asked_on(text, filing=True)
    assert said.headline.startswith(Day().desk.words.say("en" if text.isascii() else "zh", "gate.red", title="F-1"))


@pytest.mark.parametrize("filing", [True, False])
@pytest.mark.parametrize(("text", "about"), [
    ("and when can it leave at the earliest?", "Earliest realistic ETD about 25 Oct 2026"),
    ("最早什么时候能发？", "约为2026年10月25日")])
def test_when_it_can_leave_is_told_in_the_thread_and_in_the_askers_language(text: str, about: str, *, filing: bool) -> None:
    said, = asked_on(text, filing=filing)
    assert about in words_of(said)


@pytest.mark.parametrize("text", ["where is it?", "may it ship?", "能发了吗？"])
def test_in_an_answers_thread_it_is_what_was_answered_and_that_is_not_decided_anew(text: str) -> None:
    said, = asked_on(text, filing=False)
    assert said.headline == Day().desk.words.say("en" if text.isascii() else "zh", "verdict.in_scope")
    assert "D-1" in said.note
    assert actions_of(said) == []


@pytest.mark.parametrize("filing", [True, False])
@pytest.mark.parametrize("chatter", [
    "lunch?", "who takes it?", "is it raining?", "can you ship it tomorrow?", "你们能发吗？", "I will ship it.",
    "where are you?", "if you have time, call me", "call me on 3 March?"])
def test_questions_among_people_are_not_answered_in_a_filings_thread_either(chatter: str, *, filing: bool) -> None:
    assert asked_on(chatter, filing=filing) == []


def test_a_question_about_it_in_a_thread_that_is_not_ours_is_left_to_people_and_called_is_said_not_to_be_understood() -> None:
    day = Day()
    day.ask("where is it?", ts="1.2", thread="1.000001", called=False)
    day.work()
    assert not day.chat.posted
    day.ask("who takes it?", ts="1.3", thread="1.000001")
    day.work()
    assert day.chat.posted[0].reply.headline == day.desk.words.say("en", "lost.title")


def test_another_product_or_place_in_a_filings_thread_is_a_question_of_its_own() -> None:
    for text in ("can it go to Italy?", "and when can IrisLock Pro ship?"):
        said, = asked_on(text, filing=True)
        assert not said.headline.startswith(Day().desk.words.say("en", "gate.red", title=""))


def test_chinese_is_answered_in_chinese() -> None:
    day = Day()
    day.ask("面盾300自动开门，12月18日发德国，需要备案吗？")
    day.work()
    reply = day.chat.posted[0].reply
    assert determinations(day)[0].verdict is Verdict.IN_SCOPE
    assert reply.headline == day.phrase("verdict.in_scope", "zh")
    assert day.phrase("caveat.reported") not in words_of(reply)


BAD = ["", " \n\t", "x" * 10_000, "备案" * 5_000, "🎉🚢" * 200, "\x00\x01\xff\ud800 \x7f", "{n} %s {0} {", "?" * 4000,
       "F-1 " * 500, "1/1/1 32.13.9999 99999999999-12-31", "<@U1> <https://x|y> *_~`"]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("called", [True, False])
def test_bad_input_gets_one_answer_or_none_and_never_an_error(text: str, called: bool) -> None:
    day = Day()
    day.ask(text, called=called)
    day.work()
    assert len(day.chat.posted) == (1 if called else 0)
    for one in day.chat.posted:
        assert one.reply.headline.strip()


def test_an_unknown_product_and_place_are_never_guessed() -> None:
    day = Day()
    day.ask("Can we ship the Frobnicator 9 to Atlantis?")
    day.work()
    assert determinations(day)[0].verdict is Verdict.NEEDS_REVIEW
    assert determinations(day)[0].products[0].facts["category"] == "unknown"


@pytest.mark.parametrize("what", ["why", "change", "unknown", "customer"])
def test_more_about_an_answer_is_told_once_in_its_thread(what: str) -> None:
    day = Day()
    day.ask(CLEAR)
    day.work()
    tell(day.desk, "D-1", what, day.now)
    day.work()
    tell(day.desk, "D-1", what, day.now)
    day.work()
    told = day.chat.named(f"{what}:D-1")
    assert [one.thread for one in told] == ["1.000001"]
    assert told[0].edits == 0


def test_more_about_an_answer_that_is_not_posted_yet_waits_for_its_thread() -> None:
    day = Day()
    answer_question(day.desk, Question("command:T1", CLEAR, "C1", ""), ANA, day.now)
    day.chat.fail_next(TryLater(after_seconds=30), on="post")
    tell(day.desk, "D-1", "why", day.now)
    day.work()
    day.pass_time(minutes=5)
    answer, why = day.chat.named("answer:command:T1")[0], day.chat.named("why:D-1")[0]
    assert (why.channel, why.thread) == ("C1", answer.ts)


def test_answered_messages_are_forgotten_after_a_while_but_not_while_they_may_come_again() -> None:
    day = Day()
    for number in range(30):
        day.ask("hello", ts=f"1.{number}")
    day.now += timedelta(days=3)
    day.ask("hello", ts="2.1")
    assert len(list(day.store.every("seen"))) == 31
    day.now += timedelta(days=30)
    for number in range(5):
        day.ask("hello", ts=f"3.{number}")
    assert len(list(day.store.every("seen"))) == 5


def test_a_message_says_where_its_filing_stands_when_asked() -> None:
    day = Day()
    day.open()
    day.work()
    day.ask("where is F-1?", ts="1.7")
    day.work()
    said = words_of(day.chat.named("answer:C1:1.7")[0].reply)
    assert "F-1 · FaceGate 300" in said
    assert day.desk.words.say("en", "gate.state", bar="░" * 10, done=0, whole=27, ticket="").strip() in said
    assert day.filing().ticket in said


def answered(text: str) -> Reply:
    """What is said to it in an office with one filing, F-1."""
    day = Day(tasks=("N1",))
    day.open()
    day.ask(text)
    day.work()
    answer, = day.chat.named("answer:C1:1.000001")
    assert not determinations(day) or day.desk.words.say("en", "lost.title") not in answer.reply.headline
    return answer.reply


@pytest.mark.parametrize(("text", "door"), [
    ("give me a calendar link", "calendar"), ("我下周休假", "pause"), ("hi, I am on leave next week", "pause"), ("asdf qwer", ""),
    ("do you have a price for FaceGate 300?", "price"), ("FaceGate 300 多少钱？", "price"), ("F-1 is done", "done"),
    ("can you postpone F-1 a little?", "move"), ("cancel F-1", "shipment"), ("the report of F-1 arrived", ""),
    ("delete the filing F-1", "shipment")])
def test_what_is_not_understood_gets_no_other_answer_but_the_door_to_it(text: str, door: str) -> None:
    said, lang = answered(text), "en" if text.isascii() else "zh"
    words = Day().desk.words
    assert said.headline == words.say(lang, "lost.title")
    assert said.lines[:-1] == ((words.say(lang, f"lost.{door}"),) if door else ())
    assert actions_of(said) == []


@pytest.mark.parametrize(("text", "key"), [
    ("hi", "hello.title"), ("thanks a lot", "hello.title"), ("你好", "hello.title"), ("where is F-1?", "gate.red"),
    ("F-1", "gate.red"), ("may we ship F-1", "gate.red"), ("F-1 到哪一步了", "gate.red"),
    ("FaceGate 300?", "verdict.needs_review"),
    ("FaceGate 300 with auto-unlock to Germany at a price of 300 USD", "verdict.in_scope"), ("what can you do?", "help.title")])
def test_what_is_understood_is_answered_as_before(text: str, key: str) -> None:
    lang = "en" if text.isascii() else "zh"
    assert answered(text).headline.startswith(Day().desk.words.say(lang, key, title="").strip(" ·"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_example_shown_where_nothing_was_understood_is(lang: str) -> None:
    desk = Day().desk
    texts = [desk.words.say(lang, key) for key in ("lost.next", "lost.done", "lost.move")]
    for example in [one for text in texts for one in re.findall("“([^”]*[0-9][^”]*)”", text)]:
        known = asked_in(example, START.date(), START.date()) is not None
        assert known or answered(example).headline != desk.words.say(lang, "lost.title"), example


@pytest.mark.parametrize(("text", "said", "lang", "instead"), [
    ("Can we ship FaceGate 300 with auto-unlock to Hamburg, leaving 30 April 2127?", "30 April 2127", "en", "30 Apr 2027"),
    ("FaceGate 300 自动开门，发德国，2127年4月30日发货，要备案吗？", "2127年4月30日", "zh", "2027年4月30日")])
def test_an_etd_nobody_plans_for_is_asked_back_and_no_plan_is_made_for_another_year(
        text: str, said: str, lang: str, instead: str) -> None:
    day = Day()
    day.ask(text)
    day.work()
    answer = words_of(day.chat.named("answer:")[-1].reply)
    assert day.desk.words.say(lang, "trouble.too_far", said=said, instead=instead) in answer
    assert "ETD 30 Apr" not in answer
    assert "船期2027" not in answer

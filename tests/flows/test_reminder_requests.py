"""Requests in people's own words are said back, kept only once confirmed, and kept once; "done" in a thread is asked back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk.agenda import asked_for as asked_for_by
from bot.domain.people import Colleague
from bot.domain.reading.requests import Asked, asked_in
from bot.domain.rows import from_row, to_row
from bot.domain.shipment import ShipmentLine
from bot.flows.answer_reminder import reminder_done, stop_asking
from bot.flows.change_shipment import set_state
from bot.flows.change_task import TaskChange, change_task
from bot.flows.offer_done import offer_done, offer_done_by_reaction
from bot.flows.take_request import keep_request, offer_request
from bot.flows.watch_shipment import add_shipments
from tests.fakes.desk import ANA, BO, MIA, Day
from tests.fakes.fake_chat import Posted, actions_of, words_of

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def day() -> Day:
    day = Day(tasks=("N1", "N2", "N11"))
    day.open(by=BO, owner=BO.id)
    line = ShipmentLine("SO-4711", "FaceGate 300", "FR", date(2026, 7, 17), "", BO.id, "yes")
    add_shipments(day.desk, [line], ANA, day.now)
    day.work()
    return day


def say(day: Day, text: str, by: Colleague = BO, ts: str = "9.1", thread: str = "") -> Posted | None:
    taken = offer_request(day.desk, text, (f"D1:{ts}", "D1", thread or ts), by, day.now)
    day.work()
    return day.chat.named(f"answer:D1:{ts}")[0] if taken else None


def confirm(day: Day, answer: Posted, times: int = 1) -> None:
    value = json.loads(answer.reply.choices[0].value)
    for _ in range(times):
        keep_request(day.desk, from_row(Asked, value["asked"]), value["text"], value["key"], BO, day.now)
        day.work()


def asked_for(day: Day) -> list[str]:
    """The local days on which what was asked for was told."""
    told = [one for one in day.chat.named("remind:") if any("remind me" in part.text or "ping" in part.text or "提醒" in part.text
                                                            for part in one.reply.parts)]
    return [one.at.astimezone(SHANGHAI).strftime("%a %Y-%m-%d %H:%M") for one in told]


def test_nothing_is_kept_before_it_is_confirmed_and_then_it_is_kept_once(day: Day) -> None:
    answer = say(day, "remind me about F-1 every Monday")
    assert answer
    assert "F-1" in words_of(answer.reply)
    assert list(day.store.every("requests")) == []
    confirm(day, answer, times=2)
    assert [row["subject"] for row in day.store.every("requests")] == ["F-1"]
    assert "request_yes" not in actions_of(day.chat.named("answer:D1:9.1")[0].reply)


def test_the_same_wish_in_whatever_words_is_one_until_it_is_stopped(day: Day) -> None:
    first, second = say(day, "remind me about F-1 every Monday"), say(day, "每周一提醒我 F-1", ts="9.2")
    assert first
    assert second
    confirm(day, first)
    confirm(day, second)
    assert day.phrase("request.kept_before", "zh") in words_of(day.chat.named("answer:D1:9.2")[0].reply)
    third = say(day, "remind me every Monday about F-1", ts="9.3")
    assert third
    assert day.phrase("request.kept_before") in words_of(third.reply)
    assert "request_yes" not in actions_of(third.reply)
    assert len(list(day.store.every("requests"))) == 1
    other = say(day, "remind me every Tuesday about F-1", ts="9.4")
    assert other
    assert "request_yes" in actions_of(other.reply)
    stop_asking(day.desk, asked_for_by(day.store, BO.id)[0].id, BO, day.now)
    again = say(day, "remind me every Monday about F-1", ts="9.5")
    assert again
    assert "request_yes" in actions_of(again.reply)


def test_what_was_asked_for_in_english_is_told_in_the_language_of_its_reader(day: Day) -> None:
    confirm(day, say(day, "remind me every Monday about F-1") or pytest.fail("not understood"))
    day.until(date(2026, 6, 23))
    told = [words_of(one.reply) for one in day.chat.named("remind:") if "remind me" in words_of(one.reply)]
    weekday = day.desk.words.say("zh", "weekday.d0")
    assert day.desk.words.say("zh", "reminder.asked.weekly", weekday=weekday, about="F-1 FaceGate 300 → 德国") in told[0]


def test_every_week_means_each_week_until_the_filing_is_done_or_somebody_stops_it(day: Day) -> None:
    confirm(day, say(day, "每周一提醒我 F-1") or pytest.fail("not understood"))
    day.until(date(2026, 7, 8))
    assert asked_for(day) == ["Mon 2026-06-22 09:00", "Mon 2026-06-29 09:00", "Mon 2026-07-06 09:00"]
    last = max((one for one in day.reminders("F-1") if one.words and one.sent_at), key=lambda one: one.sent_at or day.now)
    stop_asking(day.desk, last.id, BO, day.now)
    day.until(date(2026, 8, 8))
    assert len(asked_for(day)) == 3


def test_so_many_days_before_the_etd_follows_the_etd_and_goes_to_the_role(day: Day) -> None:
    confirm(day, say(day, "ping logistics 4 days before ETD of SO-4711") or pytest.fail("not understood"))
    day.until(date(2026, 7, 16))
    told = [one for one in day.chat.named("remind:") if one.channel == MIA.id]
    assert [one.at.astimezone(ZoneInfo(MIA.zone)).strftime("%m-%d %H:%M") for one in told] == ["07-13 09:00"]


@pytest.mark.parametrize(("text", "comes"), [
    ("remind me tomorrow about F-1", "Tue 2026-06-16 09:00"), ("remind me on 8 July about F-1", "Wed 2026-07-08 09:00"),
    ("下周一提醒我 F-1", "Mon 2026-06-22 09:00"), ("3天后提醒我看 SO-4711", "Thu 2026-06-18 09:00"),
    ("5天后提醒我看 SO-4711", "Thu 2026-06-18 09:00")])
def test_once_on_a_day_comes_once_with_the_digest_of_a_working_day_and_is_said_so_before(day: Day, text: str, comes: str) -> None:
    answer = say(day, text)
    assert answer
    at = datetime.strptime(comes, "%a %Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    assert day.desk.words.moment("zh" if "提醒" in text else "en", at, "Asia/Shanghai") in words_of(answer.reply)
    confirm(day, answer, times=2)
    day.until(date(2026, 7, 16))
    assert asked_for(day) == [comes]


def test_a_free_day_whose_working_day_before_has_passed_waits_for_the_one_after_and_comes_once() -> None:
    day = Day(datetime(2026, 6, 27, 12, tzinfo=SHANGHAI), tasks=("N1",))  # a Saturday
    day.open(by=BO, owner=BO.id)
    answer = say(day, "remind me tomorrow about F-1")
    assert answer
    assert "28 Jun 2026" in words_of(answer.reply)
    assert day.phrase("request.once_moved") in words_of(answer.reply)
    confirm(day, answer)
    day.until(date(2026, 7, 16))
    assert asked_for(day) == ["Mon 2026-06-29 09:00"]


@pytest.mark.parametrize(("text", "key", "write"), [
    ("remind me on 2026-06-01 about F-1", "error.remind_past", "remind me on 2026-06-16 about F-1"),
    ("2026年6月1日提醒我F-1", "error.remind_past", "2026-06-16提醒我F-1"),
    ("remind me today about SO-4711", "error.remind_past", "remind me on 2026-06-16 about SO-4711"),
    ("remind me on 2032-03-05 about F-1", "error.remind_far", "remind me on 2026-06-16 about F-1"),
    ("remind me on 5 March 2127 about F-1", "request.cannot", "for example 5 Mar 2027"),
    ("2127年3月5日提醒我F-1", "request.cannot", "2027年3月5日"),
    ("remind me on Feb 30 about F-1", "request.cannot", "February 2027 has 28 days")])
def test_a_day_that_cannot_be_is_refused_with_what_to_write(day: Day, text: str, key: str, write: str) -> None:
    answer = say(day, text)
    assert answer
    assert day.phrase(key, "zh" if "提醒" in text else "en")[:12] in words_of(answer.reply)
    assert write in words_of(answer.reply)
    assert "request_yes" not in actions_of(answer.reply)


def test_a_colleague_called_by_name_is_reminded_and_said_back_by_name(day: Day) -> None:
    answer = say(day, "remind Mia three days before SO-4711")
    assert answer
    assert "*Mia*" in words_of(answer.reply)
    confirm(day, answer)
    day.until(date(2026, 7, 16))
    told = [one for one in day.chat.named("remind:") if one.channel == MIA.id]
    assert [one.at.astimezone(ZoneInfo(MIA.zone)).strftime("%m-%d %H:%M") for one in told] == ["07-14 09:00"]


@pytest.mark.parametrize(("words", "told", "lang"), [
    ("remind @U4 3 days before SO-4711", "remind Mia 3 days before SO-4711", "en"),
    ("please ping @U4 every Monday about F-1", "please ping Mia every Monday about F-1", "en"),
    ("remind @U4 on 2026-07-03 about F-1", "remind Mia on 2026-07-03 about F-1", "en"),
    ("SO-4711前三天提醒@U4", "SO-4711前三天提醒Mia", "zh"), ("2026-07-03 提醒@U4 看 F-1", "2026-07-03 提醒Mia 看 F-1", "zh")])
def test_a_colleague_mentioned_as_the_chat_does_is_one_called_by_name(day: Day, words: str, told: str, lang: str) -> None:
    answer = say(day, words)
    assert answer
    assert day.phrase("request.understood", lang) in words_of(answer.reply)
    assert "Mia" in words_of(answer.reply)
    assert json.loads(answer.reply.choices[0].value)["text"] == told
    confirm(day, answer)
    assert {row["to"] for row in day.store.every("requests")} == {MIA.id}


def test_a_mention_of_somebody_nobody_knows_or_who_has_left_reminds_nobody(day: Day) -> None:
    with day.store.transaction() as tx:
        tx.put("people", to_row(replace(MIA, active=False)))
    for number, whom in enumerate(("@U4", "@UAB12")):
        answer = say(day, f"remind {whom} tomorrow about F-1", ts=f"9.{number}")
        assert answer
        assert day.phrase("error.called_nobody")[:13] in answer.reply.headline
        assert not actions_of(answer.reply)


def test_a_name_nobody_has_or_two_have_reminds_nobody(day: Day) -> None:
    answer = say(day, "remind Zoe tomorrow about F-1")
    assert answer
    assert day.phrase("error.called_nobody")[:13] in answer.reply.headline
    with day.store.transaction() as tx:
        tx.put("people", to_row(replace(MIA, id="U9", name="Mia Wong")))
    either = say(day, "remind Mia tomorrow about F-1", ts="9.2")
    assert either
    assert "Mia, Mia Wong" in either.reply.headline
    assert "request_yes" not in actions_of(answer.reply) + actions_of(either.reply)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("key", ["request.examples", "help.reminder", "reminder_hint.how"])
def test_every_example_shown_is_understood(day: Day, lang: str, key: str) -> None:
    examples = re.findall("“([^”]*F-12[^”]*|[^”]*SO-4711[^”]*)”", day.desk.words.say(lang, key))
    etd = date(2027, 3, 5)
    assert [one for one in examples if asked_in(one, day.now.date(), etd) is None] == []
    assert examples or key == "reminder_hint.how"


@pytest.mark.parametrize("text", ["remind the team about it some day", "stop reminding me", "别再提醒我了"])
def test_what_is_not_understood_about_reminders_is_answered_with_examples_that_work(day: Day, text: str) -> None:
    assert say(day, text) is None
    day.ask(text)
    day.work()
    answer, = day.chat.named("answer:C1:1.000001")
    lang = "zh" if "提醒" in text else "en"
    assert answer.reply.headline == day.desk.words.say(lang, "reminder_hint.title")
    assert day.desk.words.say(lang, "request.examples") in answer.reply.lines


def test_without_a_day_it_is_asked_which_one(day: Day) -> None:
    answer = say(day, "remind me about F-1")
    assert answer
    assert day.phrase("request.when") in words_of(answer.reply)
    assert say(day, "提醒我一下", ts="9.2") is None


@pytest.mark.parametrize(("text", "key", "lang"), [
    ("remind me about F-1 every other Monday", "rhythm", "en"), ("remind me about F-1 every day", "rhythm", "en"),
    ("每周一和周四提醒我F-1", "rhythm", "zh"), ("remind me and Bo about F-1 tomorrow", "several", "en"),
    ("明天提醒我和法务看F-1", "several", "zh")])
def test_what_would_be_kept_by_half_is_said_and_not_kept(day: Day, text: str, key: str, lang: str) -> None:
    answer = say(day, text)
    assert answer
    assert day.phrase(f"request.{key}", lang) in words_of(answer.reply)
    assert not answer.reply.choices


def test_a_day_that_has_passed_before_it_was_confirmed_is_not_kept(day: Day) -> None:
    answer = say(day, "remind me tomorrow about F-1")
    assert answer
    day.pass_time(days=3)
    confirm(day, answer)
    assert list(day.store.every("requests")) == []
    assert day.phrase("error.remind_past", "zh")[:6] in words_of(day.chat.named("answer:D1:9.1")[0].reply)


def test_of_what_is_finished_nothing_is_kept(day: Day) -> None:
    set_state(day.desk, "S-1", "cancelled", BO, day.now)
    answer = say(day, "remind me tomorrow about SO-4711")
    assert answer
    assert day.phrase("error.request_closed") in words_of(answer.reply)


def test_what_was_asked_for_is_listed_until_it_came_and_can_be_stopped_before(day: Day) -> None:
    confirm(day, say(day, "remind me on 8 July about F-1") or pytest.fail("not understood"))
    confirm(day, say(day, "ping logistics 4 days before ETD of SO-4711", ts="9.2") or pytest.fail("not understood"))
    assert [one.words for one in asked_for_by(day.store, BO.id)] == [
        "remind me on 8 July about F-1", "ping logistics 4 days before ETD of SO-4711"]
    assert [one.subject for one in asked_for_by(day.store, MIA.id)] == ["S-1"]
    stop_asking(day.desk, asked_for_by(day.store, BO.id)[0].id, BO, day.now)
    assert [one.subject for one in asked_for_by(day.store, BO.id)] == ["S-1"]
    day.until(date(2026, 7, 16))
    assert asked_for_by(day.store, BO.id) == []
    assert not any("remind me on 8 July" in words_of(one.reply) for one in day.chat.named("remind:"))


def test_in_the_thread_of_a_filing_its_number_need_not_be_said(day: Day) -> None:
    assert offer_request(day.desk, "remind me every Friday", ("C1:9.9", "C1", "1.000001"), BO, day.now)
    day.work()
    assert "F-1" in words_of(day.chat.named("answer:C1:9.9")[0].reply)


def test_uncalled_only_what_is_said_in_the_thread_of_a_filing_is_taken_up(day: Day) -> None:
    said = ("remind me in 3 days to call the customer", "N1 is done", "push it by a week")
    for number, text in enumerate(said):
        place = (f"C1:9.{number}", "C1", "1.000001")
        assert offer_request(day.desk, text, place, BO, day.now, called=False)
        assert not offer_request(day.desk, text, (f"C1:8.{number}", "C1", "2.000001"), BO, day.now, called=False)
    day.work()
    told = [day.chat.named(f"answer:C1:9.{number}")[0].reply for number in range(len(said))]
    assert all("F-1" in words_of(one) and actions_of(one) for one in told)


def test_without_a_number_it_is_asked_which_one(day: Day) -> None:
    answer = say(day, "船期改到7月25日")
    assert answer
    assert day.phrase("request.which", "zh") in words_of(answer.reply)


def test_another_etd_is_said_back_with_before_and_after(day: Day) -> None:
    answer = say(day, "SO-4711 船期改到7月25日")
    assert answer
    assert "2026年7月17日" in words_of(answer.reply)
    assert "2026年7月25日" in words_of(answer.reply)
    assert from_row(Asked, json.loads(answer.reply.choices[0].value)["asked"]).day == date(2026, 7, 25)


@pytest.mark.parametrize(("text", "key"), [
    ("remind me 40 days before ETD of SO-4711", "error.offset_behind"), ("remind me about F-99 every Monday", "request.cannot"),
    ("move the ETD of SO-4711 to 1 March 2031", "error.etd_far")])
def test_what_cannot_be_is_said_and_nothing_is_offered(day: Day, text: str, key: str) -> None:
    answer = say(day, text)
    assert answer
    assert day.phrase(key, "en")[:20] in words_of(answer.reply)
    assert "request_yes" not in actions_of(answer.reply)


@pytest.mark.parametrize(("text", "wrong", "why"), [
    ("SO-4711 船期改到2月30日", "2月30日", "2027年2月只有28天"),
    ("move SO-4711 to Feb 30", "Feb 30", "February 2027 has 28 days"),
    ("SO-4711 ETD 31 April", "31 April", "April 2027 has 30 days"), ("SO-4711 ETD 2026-13-05", "2026-13-05", "12 months"),
    ("SO-4711 ETD 12/08/2027", "12/08/2027", "2027-08-12 / 2027-12-08"),
    ("move SO-4711 to 2026-01-05", "5 Jan 2026", "lies before today"),
    ("SO-4711 ETD 2026-12-12 18:00 Asia/Shanghi", "Asia/Shanghi", "did you mean Asia/Shanghai"),
    ("move SO-4711 to 12 Dec 18:00 Mars/Base", "Mars/Base", "write a name such as"),
    ("SO-4711 ETD 12 Dec 25:00", "25:00", "no time of day")])
def test_a_date_that_cannot_be_is_said_with_its_reason_and_another_one_can_be_chosen_at_once(
        day: Day, text: str, wrong: str, why: str) -> None:
    answer = say(day, text)
    assert answer
    assert wrong in answer.reply.headline
    assert why in answer.reply.headline
    assert [(choice.action, choice.value) for choice in answer.reply.choices] == [("ask_etd", "S-1")]


def test_a_date_that_is_none_is_named_even_where_nobody_said_whose_it_is(day: Day) -> None:
    answer = say(day, "船期改到2月30日")
    assert answer
    assert "2027年2月只有28天" in answer.reply.headline


@pytest.mark.parametrize(("text", "after"), [
    ("postpone SO-4711 by two weeks", date(2026, 7, 31)), ("SO-4711 船期提前三天", date(2026, 7, 14)),
    ("F-1推迟十天", date(2026, 12, 28))])
def test_an_etd_moved_by_so_many_days_is_said_back_with_the_day_it_comes_to(day: Day, text: str, after: date) -> None:
    answer = say(day, text)
    assert answer
    assert day.desk.words.day("zh" if "期" in text or "迟" in text else "en", after) in words_of(answer.reply)
    assert from_row(Asked, json.loads(answer.reply.choices[0].value)["asked"]).day == after


def test_a_time_of_a_moved_etd_stays_by_the_clock_of_its_zone(day: Day) -> None:
    line = ShipmentLine("SO-5", "FaceGate 300", "FR", date(2026, 10, 20), "", BO.id, "yes", zone="Europe/Berlin",
                        at=datetime(2026, 10, 20, 16, tzinfo=UTC))
    add_shipments(day.desk, [line], ANA, day.now)
    answer = say(day, "postpone SO-5 by a week")  # the clocks change in between
    assert answer
    assert "27 Oct 2026, 18:00 (Europe/Berlin)" in words_of(answer.reply)


@pytest.mark.parametrize("text", ["N1 of F-1 is done", "F-1 的 N1 完成了"])
def test_a_task_said_to_be_done_is_asked_back_with_its_form_and_nothing_is_recorded(day: Day, text: str) -> None:
    answer = say(day, text)
    assert answer
    assert [(one.action, one.value) for one in answer.reply.choices] == [("change_task", day.task("N1").id)]
    assert not day.task("N1").done


def test_a_task_that_is_done_or_unknown_is_said_so_and_offers_nothing(day: Day) -> None:
    change_task(day.desk, day.task("N1").id, TaskChange("k", done=True), BO, day.now)
    done, unknown = say(day, "N1 of F-1 is done"), say(day, "N99 of F-1 is done", ts="9.2")
    assert done
    assert unknown
    assert done.reply.headline == day.desk.words.say("en", "request.done_already", item="N1", id="F-1")
    assert unknown.reply.headline == day.desk.words.say("en", "request.no_task", item="N99", id="F-1")
    assert actions_of(done.reply) + actions_of(unknown.reply) == []


def test_a_time_and_zone_in_another_etd_are_said_back_and_kept(day: Day) -> None:
    answer = say(day, "SO-4711 ETD 25 July 18:00 Europe/Berlin")
    assert answer
    assert "25 Jul 2026, 18:00 (Europe/Berlin)" in words_of(answer.reply)
    asked = from_row(Asked, json.loads(answer.reply.choices[0].value)["asked"])
    assert (asked.day, asked.zone, asked.at) == (date(2026, 7, 25), "Europe/Berlin", datetime(2026, 7, 25, 16, tzinfo=UTC))


@pytest.mark.parametrize(("text", "left"), [
    ("ping logistics 40 days before ETD of SO-4711", "32 days before"), ("SO-4711船期前40天提醒物流", "最多可提前32天")])
def test_an_offset_behind_us_says_how_many_days_there_is_still_time_for(day: Day, text: str, left: str) -> None:
    answer = say(day, text)
    assert answer
    assert left in answer.reply.headline
    fits = say(day, text.replace("40", "32"), ts="9.2")
    assert fits
    assert "request_yes" in actions_of(fits.reply)


def test_an_offset_from_an_etd_that_is_over_has_no_day_left(day: Day) -> None:
    day.now = datetime(2026, 7, 20, 3, tzinfo=UTC)
    answer = say(day, "ping logistics 3 days before ETD of SO-4711")
    assert answer
    assert day.phrase("error.offset_none") in answer.reply.headline


def test_what_is_due_is_listed_for_whoever_asks(day: Day) -> None:
    day.until(day.task("N1").due or date.max, hour=5)
    answer = say(day, "what is due this week?")
    assert answer
    assert "*N1*" in words_of(answer.reply)
    nothing = say(day, "这周有什么要到期的", MIA, "9.2")
    assert nothing
    assert day.phrase("request.due.none", "zh") in words_of(nothing.reply)


def test_a_message_delivered_again_is_answered_once(day: Day) -> None:
    for _ in range(3):
        say(day, "what is due this week?")
    assert len(day.chat.named("answer:D1:9.1")) == 1


def test_a_scope_question_is_left_to_the_reader(day: Day) -> None:
    assert say(day, "Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 12 Dec?") is None


# ── done, in the thread ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def reminded(day: Day) -> Day:
    due = day.task("N1").due
    assert due
    day.until(due, hour=5)
    return day


@pytest.fixture
def reminded_of_two(day: Day) -> Day:
    due = day.task("N1").due
    assert due
    line = ShipmentLine("SO-2", "FaceGate 300", "FR", due + timedelta(days=7), "", BO.id, "yes")
    add_shipments(day.desk, [line], BO, day.now, seen_by=BO.id)
    day.until(due, hour=5)
    return day


def digest(day: Day) -> Posted:
    return [one for one in day.chat.named("remind:") if one.channel == BO.id][-1]


@pytest.mark.parametrize("text", ["done", "搞定了", "N1 done"])
def test_done_below_a_reminder_is_asked_back_and_counts_once_confirmed(reminded: Day, text: str) -> None:
    assert offer_done(reminded.desk, text, ("D1:9.5", "D1", digest(reminded).ts), BO, reminded.now)
    reminded.work()
    asked, = reminded.chat.named("confirm:")
    assert asked.thread == digest(reminded).ts
    assert not reminded.task("N1").done
    choice = next(part.choices[0] for part in asked.reply.parts if "N1" in part.text)
    assert choice.action == "reminder_done"
    reminder_done(reminded.desk, choice.value, BO, reminded.now)
    assert reminded.task("N1").done
    reminded.work()
    answered, = reminded.chat.named("confirm:")
    assert choice.value not in [button.value for part in answered.reply.parts for button in part.choices]
    assert reminded.phrase("reminder.state.done", "zh") in words_of(answered.reply)


def test_a_question_answered_by_the_digests_own_button_asks_no_more(reminded: Day) -> None:
    offer_done(reminded.desk, "N1 搞定了", ("D1:9.5", "D1", digest(reminded).ts), BO, reminded.now)
    reminded.work()
    asked, = reminded.chat.named("confirm:")
    assert actions_of(asked.reply) == ["reminder_done"]
    reminder_done(reminded.desk, asked.reply.parts[0].choices[0].value, BO, reminded.now)
    reminded.work()
    assert actions_of(reminded.chat.named("confirm:")[0].reply) == []


def done_again(reminded: Day, text: str, reply: str) -> list[list[str]]:
    """The buttons of each question that stands below the digest after another reply."""
    offer_done(reminded.desk, text, (reply, "D1", digest(reminded).ts), BO, reminded.now)
    reminded.work()
    return [actions_of(one.reply) for one in reminded.chat.named("confirm:")]


@pytest.mark.parametrize("text", ["done", "搞定了", "N1 done"])
def test_while_a_question_waits_another_done_or_a_tick_asks_no_other(reminded: Day, text: str) -> None:
    first = done_again(reminded, "搞定了", "D1:9.5")
    assert done_again(reminded, text, "D1:9.6") == first
    place = ("D1:9.5:U2", "D1", digest(reminded).ts)
    assert offer_done_by_reaction(reminded.desk, "white_check_mark", place, BO, reminded.now)
    reminded.work()
    asked, = reminded.chat.named("confirm:")
    assert asked.edits == 0


def test_a_done_of_more_than_was_asked_of_widens_the_question_that_waits(reminded_of_two: Day) -> None:
    assert done_again(reminded_of_two, "N1 done", "D1:9.5") == [["reminder_done"]]
    assert done_again(reminded_of_two, "done", "D1:9.6") == [["reminder_done"] * 2]


def test_once_all_is_answered_another_done_says_so_once_at_most(reminded: Day) -> None:
    for one in [one for one in reminded.reminders("F-1") if one.state == "sent"]:
        reminder_done(reminded.desk, one.id, BO, reminded.now)
    assert len(done_again(reminded, "done", "D1:9.5")) == 1
    assert reminded.phrase("reminder.already", "zh") in words_of(reminded.chat.named("confirm:")[0].reply)
    assert len(done_again(reminded, "搞定了", "D1:9.6")) == 1


def test_what_is_left_is_asked_of_again_after_a_question_was_answered(reminded_of_two: Day) -> None:
    done_again(reminded_of_two, "N1 done", "D1:9.5")
    first, = reminded_of_two.chat.named("confirm:")
    reminder_done(reminded_of_two.desk, first.reply.parts[0].choices[0].value, BO, reminded_of_two.now)
    reminded_of_two.work()
    assert [bool(buttons) for buttons in done_again(reminded_of_two, "done", "D1:9.6")] == [False, True]


def test_a_named_item_is_the_only_one_asked_about(reminded: Day) -> None:
    offer_done(reminded.desk, "N1 搞定了", ("D1:9.5", "D1", digest(reminded).ts), BO, reminded.now)
    reminded.work()
    assert ["N1" in part.text for part in reminded.chat.named("confirm:")[0].reply.parts] == [True]


@pytest.mark.parametrize(("reaction", "taken"), [
    ("white_check_mark", True), ("heavy_check_mark::skin-tone-3", True), ("eyes", False)])
def test_a_tick_on_the_message_counts_like_a_reply(reminded: Day, reaction: str, taken: bool) -> None:
    place = ("D1:9.5:U2", "D1", digest(reminded).ts)
    assert offer_done_by_reaction(reminded.desk, reaction, place, BO, reminded.now) is taken
    reminded.work()
    assert len(reminded.chat.named("confirm:")) == int(taken)


def test_done_said_elsewhere_is_no_answer_to_a_reminder(reminded: Day) -> None:
    assert not offer_done(reminded.desk, "done", ("C1:9.5", "C1", "1.000001"), BO, reminded.now)
    assert not offer_done(reminded.desk, "not done", ("D1:9.5", "D1", digest(reminded).ts), BO, reminded.now)


def test_the_same_day_asked_about_in_two_zones_is_each_ones_own(day: Day) -> None:
    day.now = datetime(2026, 7, 5, 2, tzinfo=SHANGHAI)  # still Saturday in New York
    assert day.now.astimezone(ZoneInfo(MIA.zone)).date() == date(2026, 7, 4)
    answer = say(day, "what is due today?", MIA)
    assert answer
    assert "4 Jul 2026" in words_of(answer.reply)


def test_what_is_due_is_named_with_its_day_in_the_readers_language_whatever_the_filings_is() -> None:
    day = Day(tasks=("N1",))
    day.open(by=ANA)
    task = day.task("N1")
    assert task.due
    day.until(task.due, hour=2)
    answer = say(day, "本周有什么到期？")
    assert answer
    assert task.title not in words_of(answer.reply)
    assert day.desk.checklist.item("N1").text.said("zh") in words_of(answer.reply)
    assert f"截止{day.desk.words.day('zh', task.due)}" in words_of(answer.reply)


def test_what_nobody_knows_is_said_in_the_askers_language(day: Day) -> None:
    answer = say(day, "每周一提醒我 F-99")
    assert answer
    assert day.desk.words.say("zh", "trouble.no_filing", id="F-99") in words_of(answer.reply)

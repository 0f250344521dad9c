"""Requests about reminders in people's own words: understood in both languages, and nothing else taken for one."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.reading.counts import COUNT, count_of
from bot.domain.reading.requests import Asked, asked_in, besides, item_in, says_done

TODAY = date(2026, 11, 25)  # a Wednesday
MARCH = date(2027, 3, 5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("remind me about F-12 every Monday", Asked("weekly", "F-12", weekday=0)),
        ("please nudge us each friday about SO-4711", Asked("weekly", "SO-4711", weekday=4)),
        ("Remind legal of F-3 every week", Asked("weekly", "F-3", "LEGAL", 0)),
        ("每周一提醒我F-12", Asked("weekly", "F-12", weekday=0)),
        ("每个星期五提醒一下法务 F-3", Asked("weekly", "F-3", "LEGAL", 4)),
        ("每周日提醒我 SO-4711", Asked("weekly", "SO-4711", weekday=6)),
        ("remind me weekly about F-1", Asked("weekly", "F-1", weekday=0)),
        ("remind me about F-1 on Thursdays", Asked("weekly", "F-1", weekday=3)),
        ("ping logistics each Fri about SO-4711", Asked("weekly", "SO-4711", "SHIP", 4)),
        ("remind me about F-1 every other Monday", Asked("rhythm", "F-1")),
        ("remind me about F-1 every Monday and Thursday", Asked("rhythm", "F-1")),
        ("remind me of F-1 every day", Asked("rhythm", "F-1")),
        ("ping legal every 2 weeks about F-1", Asked("rhythm", "F-1")),
        ("remind me monthly about F-1", Asked("rhythm", "F-1")),
        ("每两周提醒我跟进F-1", Asked("rhythm", "F-1")),
        ("每天提醒我 F-1", Asked("rhythm", "F-1")),
        ("每周一和周四提醒我F-1", Asked("rhythm", "F-1")),
        ("每周一三五提醒法务看F-1", Asked("rhythm", "F-1")),
        ("隔周提醒我 F-1", Asked("rhythm", "F-1")),
        ("remind Ken and Li 3 days before SO-4711", Asked("several", "SO-4711")),
        ("ping me and logistics tomorrow about F-1", Asked("several", "F-1")),
        ("明天提醒我和法务看F-1", Asked("several", "F-1")),
        ("remind me tomorrow about F-1", Asked("once", "F-1")),
        ("remind me of the weekly meeting tomorrow about F-1", Asked("once", "F-1")),
        ("please remind me on 5 March about F-12", Asked("once", "F-12")),
        ("tomorrow, ping logistics about SO-4711", Asked("once", "SO-4711", "SHIP")),
        ("remind me about the ETD of SO-4711 on 5 March", Asked("once", "SO-4711")),
        ("下周一提醒我 F-1", Asked("once", "F-1")),
        ("3天后提醒我看 F-12", Asked("once", "F-12")),
        ("明天提醒一下物流SO-4711", Asked("once", "SO-4711", "SHIP")),
        ("ping logistics 3 days before ETD", Asked("offset", to="SHIP", offset=-3)),
        ("remind the forwarder two weeks before the ETD of S-3", Asked("offset", "S-3", "SHIP", offset=-14)),
        ("tell me 5 working days before departure of SO-4711", Asked("offset", "SO-4711", offset=-5, unit="working_days")),
        ("notify sales one day after ETD of F-1", Asked("offset", "F-1", "SALES", offset=1)),
        ("SO-4711船期前3天提醒物流", Asked("offset", "SO-4711", "SHIP", offset=-3)),
        ("ETD前两周通知货代 S-3", Asked("offset", "S-3", "SHIP", offset=-14)),
        ("开船前5个工作日提醒我", Asked("offset", offset=-5, unit="working_days")),
        ("船期请提前三天提醒物流", Asked("offset", to="SHIP", offset=-3)),
        ("remind me 5 days before F-1 leaves", Asked("offset", "F-1", offset=-5)),
        ("5 days before F-1 leaves", Asked("offset", "F-1", offset=-5)),
        ("three weeks before SO-5006, please remind us", Asked("offset", "SO-5006", offset=-21)),
        ("remind me the day before it sails", Asked("offset", offset=-1)),
        ("remind me twenty-one working days before SO-5006", Asked("offset", "SO-5006", offset=-21, unit="working_days")),
        ("remind Ken 3 days before SO-5006", Asked("offset", "SO-5006", "Ken", offset=-3)),
        ("remind @UAB12CD3 3 days before it leaves", Asked("offset", "", "@UAB12CD3", offset=-3)),
        ("ping @U061F7AUR every Monday about F-1", Asked("weekly", "F-1", "@U061F7AUR", 0)),
        ("3 days before SO-5006 remind @WAB1", Asked("offset", "SO-5006", "@WAB1", offset=-3)),
        ("提醒@U1 提前五天看 F-1", Asked("offset", "F-1", "@U1", offset=-5)),
        ("remind Ken Ito every Monday about F-1", Asked("weekly", "F-1", "Ken Ito", 0)),
        ("提前五天提醒我 F-1", Asked("offset", "F-1", offset=-5)),
        ("SO-5006 出发前三天提醒我", Asked("offset", "SO-5006", offset=-3)),
        ("SO-5006前两周提醒Ken", Asked("offset", "SO-5006", "Ken", offset=-14)),
        ("F-1 离港十五天前提醒我", Asked("offset", "F-1", offset=-15)),
        ("提醒我提前二十个工作日看 F-1", Asked("offset", "F-1", offset=-20, unit="working_days")),
        ("提醒我 SO-4711 离港前60天", Asked("offset", "SO-4711", offset=-60)),
        ("提醒物流在SO-4711开船前一周订舱", Asked("offset", "SO-4711", "SHIP", offset=-7)),
        ("F-1 3天后提醒我", Asked("once", "F-1")),
        ("remind me 3 days before the report of F-1", Asked("once", "F-1")),
        ("remind me 3 days before F-1's report", Asked("once", "F-1")),
        ("don't forget to remind me tomorrow about F-1", Asked("once", "F-1")),
        ("别忘了明天提醒我 F-1", Asked("once", "F-1")),
        ("what is due this week?", Asked("due", day=date(2026, 11, 29))),
        ("What's due today", Asked("due", day=TODAY)),
        ("anything due tomorrow?", Asked("due", day=date(2026, 11, 26))),
        ("what do I have to do next week?", Asked("due", day=date(2026, 12, 6))),
        ("what is due this month?", Asked("due", day=date(2026, 11, 30))),
        ("what is due for me by the end of next month?", Asked("due", day=date(2026, 12, 31))),
        ("whats due today?", Asked("due", day=TODAY)),
        ("what is overdue?", Asked("due", day=date(2026, 11, 24))),
        ("逾期的有哪些", Asked("due", day=date(2026, 11, 24))),
        ("有哪些任务逾期了？", Asked("due", day=date(2026, 11, 24))),
        ("下个月有什么到期", Asked("due", day=date(2026, 12, 31))),
        ("这周有什么要到期的", Asked("due", day=date(2026, 11, 29))),
        ("今天有哪些待办？", Asked("due", day=TODAY)),
        ("下周有什么到期", Asked("due", day=date(2026, 12, 6))),
    ],
)
def test_a_request_is_understood(text: str, expected: Asked) -> None:
    assert asked_in(text, TODAY, None) == expected


@pytest.mark.parametrize(
    "text",
    [
        "船期改到3月5日",
        "SO-4711 船期推迟到3月5日",
        "move ETD of SO-4711 to 5 March",
        "ETD of F-1 is now 2027-03-05",
        "move SO-1 to 5 March",
        "SO-1 ETD 5 March",
        "SO-1's new ETD: 5 March",
        "SO-1改到3月5日",
        "SO-1 船期 3月5日",
        "SO-4711 is delayed to 5 March",
        "F-1 has been postponed until 5 March",
    ],
)
def test_another_etd_is_understood_with_the_date_that_was_read(text: str) -> None:
    asked = asked_in(text, TODAY, MARCH)
    assert asked
    assert (asked.kind, asked.day) == ("etd", MARCH)
    assert asked_in(text, TODAY, None) is None
    assert asked_in(text, TODAY, None, misdated=True) == replace(asked, day=None)


@pytest.mark.parametrize("text", ["SO-4711 ETD 12 Dec, may it ship?",
    "SO-4711 FaceGate 300 to Hamburg ETD 12 Dec", "SO-4711船期3月5日可以吗"])
def test_a_number_and_its_etd_with_more_behind_or_between_is_no_new_etd(text: str) -> None:
    assert asked_in(text, TODAY, MARCH) is None


@pytest.mark.parametrize(
    "text",
    [
        "Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 12 Dec?",
        "the respirator reminds the wearer every week",
        "hello",
        "面罩每周提醒用户更换滤芯，能出口吗",
        "FaceGate 300 带自动开门发德国",
        "what is the list version?",
        "",
        "due diligence done?",
        "what happens 5 days before F-1 leaves",
        "what is due in March?",
        "is an overdue filing a problem for FaceGate 300?",
        "滤芯过期后能出口吗",
        "tell me the monthly volume that needs filing",
        "the terminal reminds the wearer every day",
        "滤芯到期提前三天提醒用户",
        "is a filing due for a gas mask that alerts the wearer 3 days before the filter expires?",
    ],
)
def test_what_is_no_request_is_not_taken_for_one(text: str) -> None:
    assert asked_in(text, TODAY, MARCH if "12 Dec" in text else None) is None


@pytest.mark.parametrize(
    "text",
    [
        "done",
        "Done!",
        "it's done",
        "N3 done",
        "all done.",
        "done with N3",
        "finished",
        "搞定了",
        "搞定",
        "已完成",
        "N3 搞定了",
        "办好了。",
        "做完了",
        "ok, done",
        "I'm done",
    ],
)
def test_a_reply_that_says_done_is_known(text: str) -> None:
    assert says_done(text)


@pytest.mark.parametrize(
    "text",
    [
        "not done",
        "没搞定",
        "还没完成",
        "is it done?",
        "done by Friday",
        "",
        "好的",
        "done when the report is in",
        "almost finished",
        "完成不了",
        "who has done this",
    ],
)
def test_a_reply_that_says_more_or_less_than_done_is_not(text: str) -> None:
    assert not says_done(text)


@pytest.mark.parametrize("words", [
    "remind me ", "etd to ", "what is due ", "done ", "每周提醒我", "船期前3天", "5 days before F-1 ", "提前五天提醒"])
def test_a_very_long_text_is_no_request_and_costs_nothing(words: str) -> None:
    begun = time.thread_time()
    assert asked_in(words * 2000, TODAY, MARCH) is None
    assert not says_done(words * 2000)
    assert time.thread_time() - begun < 0.05


def test_the_item_a_reply_names_is_found() -> None:
    assert (item_in("n3 done"), item_in("A12 搞定了"), item_in("done")) == ("N3", "A12", "")


@pytest.mark.parametrize(("text", "left"), [
    ("remind me tomorrow about F-1", "tomorrow about"), ("3天后提醒我看 F-12", "3天后 看"),
    ("明天提醒一下物流SO-4711", "明天")])
def test_what_is_left_of_a_request_names_its_day(text: str, left: str) -> None:
    assert " ".join(besides(text).split()) == left


@pytest.mark.parametrize("text", [
    "don't remind me about F-1 tomorrow", "别再提醒我F-1", "Why did you remind me of F-12 on 5 March?", "明天提醒用户更换滤芯",
    "the mask reminds the wearer tomorrow"])
def test_speaking_of_a_reminder_asks_for_none(text: str) -> None:
    assert asked_in(text, TODAY, None) is None


@pytest.mark.parametrize(("text", "subject", "days"), [
    ("postpone F-1 by two weeks", "F-1", 14), ("delay the ETD of SO-4711 by 10 days", "SO-4711", 10),
    ("bring F-1 forward by a week", "F-1", -7), ("push it by three days", "", 3), ("F-1推迟两周", "F-1", 14),
    ("推迟 F-1 十天", "F-1", 10), ("SO-4711 船期提前三天", "SO-4711", -3)])
def test_an_etd_may_be_moved_by_so_many_days(text: str, subject: str, days: int) -> None:
    assert asked_in(text, TODAY, None) == Asked("etd", subject, offset=days)


@pytest.mark.parametrize(("text", "subject", "item"), [
    ("N1 of F-1 is done", "F-1", "N1"), ("mark N3 of F-12 as done", "F-12", "N3"), ("F-1: A2 has been completed", "F-1", "A2"),
    ("N1 is finished", "", "N1"), ("F-1 的 N1 完成了", "F-1", "N1"), ("F-12的任务N3已经做完了", "F-12", "N3")])
def test_a_task_said_to_be_done_is_understood(text: str, subject: str, item: str) -> None:
    assert asked_in(text, TODAY, None) == Asked("done", subject, item=item)


@pytest.mark.parametrize("text", [
    "N1 of F-1 is not done", "is N1 of F-1 done?", "F-1 is done", "N1 of F-1 done by Friday", "F-1 的 N1 没完成", "postpone F-1",
    "postpone F-1 until it is ready", "move F-1 to two weeks before the fair", "the door stays locked for two weeks"])
def test_what_says_neither_how_far_nor_that_it_is_done_is_neither(text: str) -> None:
    assert asked_in(text, TODAY, None) is None


@pytest.mark.parametrize(("said", "count"), [
    ("7", 7), ("Nineteen", 19), ("thirty", 30), ("forty-two", 42), ("a", 1), ("两", 2), ("十", 10), ("十五", 15), ("三十", 30),
    ("二十一", 21)])
def test_a_count_is_read_in_digits_words_and_chinese_numerals(said: str, count: int) -> None:
    assert re.fullmatch(COUNT, said, re.IGNORECASE)
    assert count_of(said) == count


def test_a_reminder_as_an_afterthought_leaves_the_moved_etd_what_it_is() -> None:
    asked = asked_in("ETD of SO-4711 is now 5 March, ping logistics", TODAY, MARCH)
    assert asked
    assert asked.kind == "etd"

"""A new market list: guarded, its impact shown first, published once, everyone told once and in the right thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.desk.records import keep, market_lists
from bot.domain.market_list import Market, MarketList
from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.errors import BadInput, NotAllowed
from bot.flows.answer_question import Question, answer_question, state_fact
from bot.flows.propose_list import ask_second, keep_proposal, settle_proposal
from bot.flows.publish_list import impact_of, publish_list
from bot.flows.watch_shipment import add_shipments
from bot.replies import Reply
from tests.fakes.desk import ANA, BO, DEV, ETD, MIA, RULESET, Day
from tests.fakes.fake_chat import words_of

CODES = frozenset({"DE", "FR", "VN", "BR", "AE"})
ASKED = "Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 18 Dec 2026?"


def market_list(version: str = "2026-07-01", *codes: str, **changes: object) -> MarketList:
    members = tuple(Market(code) for code in codes or ("DE", "VN"))
    plain = MarketList(RULESET, version, date.fromisoformat(version), "Notice 7", "Dev", date.fromisoformat(version),
                       url="https://example.com/n7", members=members)
    return replace(plain, **changes)  # type: ignore[arg-type]


def publish(day: Day, new: MarketList, by: Colleague = DEV, confirmed: bool = True) -> None:
    publish_list(day.desk, new, CODES, by, day.now, confirmed=confirmed)
    day.work()


@pytest.fixture
def day() -> Day:
    """Ana asked about Germany and Brazil; there is a filing and a shipment for Germany."""
    day = Day(tasks=("N1", "N11"))
    day.ask(ASKED, ts="1.1")
    day.ask("Can we ship FaceGate 300 with auto-unlock to Brazil?", ts="1.2", channel="C2")
    day.open()
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG", MIA.id),
                             ShipmentLine("SO-2", "FaceGate 300", "BR", ETD, "Rio SA", MIA.id)], ANA, day.now)
    day.work()
    return day


def test_a_dry_run_shows_the_impact_and_writes_and_tells_nothing(day: Day) -> None:
    before = len(day.chat.calls), list(day.store.every("outbox")), list(day.store.every("lists"))
    impact = impact_of(day.desk, market_list(), CODES, confirmed=True)
    day.work()
    assert [market.code for market in impact.diff.named] == ["DE", "VN"]
    assert [filing.id for filing in impact.filings] == ["F-1"]
    assert [one.number for one in impact.shipments] == ["SO-1", "SO-2"], "of Brazil nothing was known; now it is not named"
    assert len(impact.answers) == 2
    assert before == (len(day.chat.calls), list(day.store.every("outbox")), list(day.store.every("lists")))


def test_only_what_the_list_says_otherwise_of_is_touched(day: Day) -> None:
    publish(day, market_list("2026-07-01", "DE", "VN", "FR"))
    impact = impact_of(day.desk, market_list("2026-08-01", "DE", "VN", "BR"), CODES)
    assert [row["destinations"] for row in impact.answers] == [["BR"]]
    assert [one.number for one in impact.shipments] == ["SO-2"]
    assert not impact.filings


def test_a_market_whose_requirement_is_reworded_is_touched(day: Day) -> None:
    publish(day, market_list())
    reworded = market_list("2026-08-01", members=(Market("DE", requirement="report in German"), Market("VN")))
    assert [filing.id for filing in impact_of(day.desk, reworded, CODES).filings] == ["F-1"]


def test_publishing_recalls_each_answer_in_its_thread(day: Day) -> None:
    publish(day, market_list())
    recalled = {(one.channel, one.thread): words_of(one.reply) for one in day.chat.named("recall:")}
    assert set(recalled) == {("C1", "1.1"), ("C2", "1.2")}
    assert day.phrase("market.listed") in recalled["C1", "1.1"]
    assert day.phrase("market.not_listed") in recalled["C2", "1.2"]
    assert day.phrase("recall.verdict") in recalled["C1", "1.1"]


def test_answers_of_one_thread_are_recalled_by_one_message(day: Day) -> None:
    day.ask("and to Vietnam?", ts="1.3", thread="1.1")
    publish(day, market_list())
    recalled = [one for one in day.chat.named("recall:") if one.thread == "1.1"]
    assert len(recalled) == 1
    said = words_of(recalled[0].reply)
    assert all(part in said for part in ("D-1, D-3", "Germany", "Vietnam"))


def test_an_answer_to_a_command_is_recalled_under_its_message() -> None:
    day = Day()
    answer_question(day.desk, Question("command:T1", ASKED, "C1", ""), ANA, day.now)
    day.work()
    publish(day, market_list())
    assert [one.thread for one in day.chat.named("recall:")] == [day.chat.named("answer:command:T1")[0].ts]


def test_of_an_answer_that_was_completed_only_the_last_is_recalled() -> None:
    day = Day()
    day.ask("Can we ship an iris lock to Vietnam?")
    state_fact(day.desk, "D-1", "autonomous", "yes", BO, day.now)
    day.work()
    publish(day, market_list())
    assert [one.key for one in day.chat.named("recall:")] == ["recall:D-2:2026-07-01"]


def test_each_owner_gets_one_message_for_all_that_is_touched(day: Day) -> None:
    day.open(origin="form:V2", product="IrisLock Pro", category="iris_lock", owner=MIA.id)
    day.work()
    publish(day, market_list())
    personal = {one.channel: words_of(one.reply) for one in day.chat.named("list:") if one.channel != "C-watch"}
    assert set(personal) == {ANA.id, MIA.id}
    assert all(part in personal[MIA.id] for part in ("SO-1", "SO-2", "F-2"))
    assert "F-1" in personal[ANA.id]


def test_the_watching_channel_hears_once_and_nowhere_is_fine_too(day: Day) -> None:
    publish(day, market_list())
    news = [one for one in day.chat.posted if one.channel == "C-watch"]
    assert len(news) == 1
    assert day.phrase("diff.named") in words_of(news[0].reply)
    day.desk = replace(day.desk, watch_channel="")
    publish(day, market_list("2026-08-01", "DE"))
    assert len([one for one in day.chat.posted if one.channel == "C-watch"]) == 1


def test_publishing_the_same_version_twice_is_refused_and_tells_nobody_again(day: Day) -> None:
    publish(day, market_list())
    posted = len(day.chat.posted)
    with pytest.raises(BadInput):
        publish(day, market_list())
    with pytest.raises(BadInput):
        publish(day, market_list("2026-07-01", "FR"))
    day.work()
    assert len(day.chat.posted) == posted
    assert len(market_lists(day.store, RULESET)) == 2


def test_an_old_version_is_refused_under_its_old_name_even_after_a_newer_one(day: Day) -> None:
    publish(day, market_list())
    publish(day, market_list("2026-08-01", "DE", "FR"))
    with pytest.raises(BadInput):
        publish(day, market_list("2026-07-01", effective=date(2026, 9, 1)))


@pytest.mark.parametrize("by", [ANA, MIA])
def test_other_roles_may_not_publish(day: Day, by: Colleague) -> None:
    with pytest.raises(NotAllowed):
        publish(day, market_list(), by)
    assert len(market_lists(day.store, RULESET)) == 1


def test_whoever_compared_a_list_may_not_publish_it_and_another_may(day: Day) -> None:
    with pytest.raises(NotAllowed) as caught:
        publish_list(day.desk, market_list(), CODES, DEV, day.now, compared_by=DEV.id, confirmed=True)
    assert day.phrase("error.publish_second") in str(caught.value)
    publish_list(day.desk, market_list(), CODES, BO, day.now, compared_by=DEV.id, confirmed=True)
    assert len(market_lists(day.store, RULESET)) == 2


def test_all_others_who_may_publish_are_asked_once_and_read_what_became_of_it(day: Day) -> None:
    lee = replace(MIA, id="U9", name="Lee", role="LEGAL")
    with day.store.transaction() as tx:
        keep(tx, "people", lee)
    keep_proposal(day.desk, "V1", market_list(), (), DEV, Reply("compared"), day.now)
    for _ in range(2):
        ask_second(day.desk, "V1", DEV, lambda one: Reply(f"for {one.name}"), lambda all_: Reply(f"asked {len(all_)}"), day.now)
        day.work()
    assert {(one.channel, one.reply.headline) for one in day.chat.posted if "V1" in one.key} == {
        (DEV.id, "asked 2"), (BO.id, "for Bo"), ("U9", "for Lee")}
    settle_proposal(day.desk, "V1", lambda person: Reply(f"done, {person.name}"), day.now)
    day.work()
    assert [words_of(one.reply).strip() for one in day.chat.named("publish:V1:")] == ["done, Bo", "done, Lee"]


def test_where_nobody_else_may_publish_that_is_said(day: Day) -> None:
    with day.store.transaction() as tx:
        keep(tx, "people", replace(BO, role="OPS"))
    keep_proposal(day.desk, "V1", market_list(), (), DEV, Reply("compared"), day.now)
    with pytest.raises(BadInput, match="config/people"):
        ask_second(day.desk, "V1", DEV, lambda _: Reply(""), lambda _: Reply(""), day.now)


@pytest.mark.parametrize(("new", "said"), [
    (market_list(members=()), "no market at all"),
    (market_list("2026-07-01", "DE", "XX"), "XX"),
    (market_list("2026-07-01", "DE", "DE"), "twice"),
    (market_list("2026-07-01", "DE", "VN"), "27"),
    (market_list(effective=date(2026, 1, 1)), "before the version it replaces"),
], ids=["empty", "unknown", "twice", "halved", "earlier"])
def test_a_doubtful_list_is_not_published_and_the_doubt_is_said(day: Day, new: MarketList, said: str) -> None:
    assert impact_of(day.desk, new, CODES).doubts
    with pytest.raises(BadInput, match=said):
        publish(day, new, confirmed=False)
    assert len(market_lists(day.store, RULESET)) == 1


def test_a_doubt_is_told_in_the_language_of_who_publishes(day: Day) -> None:
    with pytest.raises(BadInput) as caught:
        publish(day, market_list("2026-07-01", "DE", "XX"), replace(DEV, lang="zh"), confirmed=False)
    assert day.phrase("list.doubt.unknown_code", "zh").split("{")[0] in str(caught.value)
    assert "ISO 3166国家或地区代码" in str(caught.value)


def test_only_what_a_person_may_confirm_is_waved_through(day: Day) -> None:
    publish(day, market_list("2026-07-01", "DE"), confirmed=True)
    with pytest.raises(BadInput):
        publish(day, market_list("2026-08-01", "XX"), confirmed=True)


def test_answers_use_the_list_in_force_and_not_one_of_the_future(day: Day) -> None:
    publish(day, market_list("2026-12-01", "DE"))
    day.ask("Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 30 Nov 2026?", ts="3.1")
    day.ask("is Germany on the list?", ts="3.2")
    day.work()
    assert day.phrase("market.listed") not in words_of(day.chat.named("answer:C1:3.1")[0].reply)
    assert day.phrase("market.listed") not in words_of(day.chat.named("answer:C1:3.2")[0].reply)
    day.now += timedelta(days=180)
    day.ask("is Germany on the list?", ts="3.3")
    day.work()
    assert day.phrase("market.listed") in words_of(day.chat.named("answer:C1:3.3")[0].reply)


@pytest.mark.parametrize(("text", "lang"), [
    ("is Brazil on the list?", "en"), ("巴西在清单上吗？", "zh"),
    ("Can we ship FaceGate 300 with auto-unlock to Brazil?", "en"), ("FaceGate 300 带自动开锁，发往巴西可以吗？", "zh"),
    ("Can we ship FaceGate 300 with auto-unlock to Brazil, leaving 18 Dec 2026?", "en"),
])
def test_until_it_takes_effect_a_list_to_come_is_named_with_its_day(day: Day, text: str, lang: str) -> None:
    publish(day, market_list("2026-12-09", "BR", effective=date(2027, 1, 1)))
    said = told(day, text)
    assert day.phrase("market.unknown", lang) in said
    assert day.desk.words.say(lang, "market.from_listed", version="2026-12-09",
                              effective=day.desk.words.day(lang, date(2027, 1, 1))) in said


@pytest.mark.parametrize(("text", "lang"), [
    ("Can we ship FaceGate 300 with auto-unlock to Brazil, leaving 20 May 2027?", "en"),
    ("FaceGate 300 带自动开锁，2027年5月20日发往巴西可以吗？", "zh"),
    ("is Brazil on the list on 20 May 2027?", "en"),
])
def test_what_leaves_later_is_answered_by_the_list_of_the_day_it_leaves(day: Day, text: str, lang: str) -> None:
    publish(day, market_list("2026-12-09", "BR", effective=date(2027, 1, 1)))
    said = told(day, text)
    assert day.phrase("market.listed", lang) in said
    assert day.phrase("market.unknown", lang) not in said
    assert day.phrase("market.from_listed", lang).split("{")[0] not in said


def test_the_list_of_the_day_of_leaving_is_kept_with_the_answer(day: Day) -> None:
    publish(day, market_list("2026-12-09", "BR", effective=date(2027, 1, 1)))
    told(day, "Can we ship FaceGate 300 with auto-unlock to Brazil, leaving 20 May 2027?")
    assert [row["list_version"] for row in day.store.every("determinations")] == ["2026-06-01", "2026-06-01", "2026-12-09"]


def test_what_is_told_of_a_list_to_come_is_only_what_it_changes_and_by_name(day: Day) -> None:
    publish(day, market_list())
    publish(day, market_list("2026-10-01", "DE"))
    publish(day, market_list("2026-11-01", members=None, count_reported=31))
    said = [told(day, f"is {name} on the list on 2 July 2026?", name) for name in ("Germany", "Vietnam")]
    germany, vietnam = (one.split("\n")[1] for one in said)
    assert germany == "Germany: on market list 2026-07-01, effective 1 Jul 2026."
    assert vietnam == "Vietnam: on market list 2026-07-01, effective 1 Jul 2026. From 1 Oct 2026 not on list 2026-10-01."


def test_an_etd_that_has_passed_is_answered_by_the_list_of_today(day: Day) -> None:
    day.now += timedelta(days=90)
    publish(day, market_list("2026-09-01", "BR", effective=date(2026, 9, 1)))
    said = told(day, "Can we ship FaceGate 300 with auto-unlock to Brazil, leaving 20 Aug 2026?")
    assert "2026-09-01" in said


def told(day: Day, text: str, ts: str = "9.1") -> str:
    day.ask(text, ts=ts)
    day.work()
    return words_of(day.chat.named(f"answer:C1:{ts}")[0].reply)


def test_a_list_without_names_touches_only_what_was_named_before(day: Day) -> None:
    impact = impact_of(day.desk, market_list(members=None, count_reported=31), CODES)
    assert not impact.filings
    assert not impact.answers


def test_who_published_what_is_in_the_audit_trail(day: Day) -> None:
    publish(day, market_list())
    line, = day.store.where("audit", "subject", f"{RULESET}@2026-07-01")
    assert (line["by"], line["details"]["before"], line["details"]["touched"]) == (DEV.id, "2026-06-01", "5")

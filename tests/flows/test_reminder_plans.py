"""What reminders hang on beside shipments' ETDs and tasks' due dates: filings, rules, lists, weeks; and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk.agenda import plan_subject
from bot.desk.records import keep
from bot.desk.recurring import plan_standing, verification_due
from bot.domain.market_list import MarketList
from bot.domain.people import Colleague
from bot.domain.reminding import ReminderPlan, ReminderStep
from bot.domain.rulebook import Ruleset, Verification
from bot.domain.shipment import ShipmentLine
from bot.flows.answer_reminder import reminder_done, why_reminded
from bot.flows.change_task import TaskChange, change_task
from bot.flows.keep_habits import HabitsWish, keep_habits
from bot.flows.move_etd import move_etd
from bot.flows.push_late import push_late
from bot.flows.watch_plans import watch_plans
from bot.flows.watch_shipment import add_shipments
from tests.fakes.desk import ANA, BO, DEV, MIA, PEOPLE, Day, settle_in, shipped_reminders
from tests.fakes.fake_chat import Posted, actions_of, words_of

EVA = Colleague("U8", "Eva", "eva@example.com", "Asia/Shanghai", "en", "HEAD")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def new_day(plan: ReminderPlan | None = None, **changes: object) -> Day:
    day = Day(tasks=("N1", "N2", "N11"), reminders=plan or shipped_reminders(), **changes)
    settle_in(day.desk, [EVA])
    return day


def to(day: Day, person: Colleague) -> list[Posted]:
    return [one for one in day.chat.named("remind:") if one.channel == person.id]


def days_of(posted: list[Posted], zone: str = "Asia/Shanghai") -> list[str]:
    return [one.at.astimezone(ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M") for one in posted]


def standing(day: Day) -> None:
    with day.store.transaction() as tx:
        plan_standing(tx, day.desk, day.now)


# ── an ETD is a date in a zone ─────────────────────────────────────────────────────────────────────

LEO = Colleague("U9", "Leo", "leo@example.com", "America/Los_Angeles", "en", "SHIP")


def leaving(zone: str, number: str = "SO-1", owner: Colleague = LEO, product: str = "FaceGate 300") -> ShipmentLine:
    return ShipmentLine(number, product, "FR", date(2026, 12, 17), "", owner.id, "yes", zone=zone)


def far_day() -> Day:
    day = new_day()
    settle_in(day.desk, [LEO])
    return day


def test_who_reads_far_west_of_an_etd_is_warned_while_its_date_has_not_passed_where_the_goods_leave() -> None:
    day = far_day()
    add_shipments(day.desk, [leaving("Asia/Shanghai")], ANA, day.now)
    day.until(date(2026, 12, 18))
    assert days_of(to(day, LEO), LEO.zone)[-1] == "Tue 2026-12-15 09:00"  # in Shanghai it is the 16th, the day before
    assert day.desk.words.say("en", "when.in", n=1) in words_of(to(day, LEO)[-1].reply)
    said = why_reminded(day.desk, next(one for one in day.reminders("S-1") if one.offset == -1).id, LEO)
    zone = day.desk.words.say("en", "reminder.why.zone", day=day.desk.words.day("en", date(2026, 12, 16)), zone="Asia/Shanghai")
    assert zone in said
    assert day.phrase("reminder.why.moved") not in said


def test_an_etd_that_turns_out_to_be_in_another_zone_is_warned_of_by_that_one() -> None:
    day = far_day()
    add_shipments(day.desk, [leaving("America/Los_Angeles")], ANA, day.now)
    add_shipments(day.desk, [leaving("Asia/Shanghai")], ANA, day.now)
    day.until(date(2026, 12, 18))
    assert days_of(to(day, LEO), LEO.zone)[-1] == "Tue 2026-12-15 09:00"


@pytest.mark.parametrize("later", [False, True])
def test_a_filing_is_warned_of_by_the_zone_of_its_shipment_where_the_date_ends_first(later: bool) -> None:
    day = far_day()
    settle_in(day.desk, [replace(EVA, zone="Europe/Berlin")])
    keep_habits(day.desk, HabitsWish(at=time(12, 0)), EVA, day.now)  # seven in the evening in Shanghai, past midnight there
    line = leaving("Pacific/Kiritimati", owner=BO)
    for what in ("open", "add") if later else ("add", "open"):
        if what == "add":
            add_shipments(day.desk, [line], ANA, day.now)
        else:
            day.open(by=BO, owner=BO.id, etd=line.etd, destinations=("FR",), customer="")
    head = next(one for one in day.reminders("F-1") if one.to == "HEAD")
    assert head.planned_for == datetime(2026, 12, 9, 11, 0, tzinfo=UTC)


# ── the release authority ──────────────────────────────────────────────────────────────────────────


def test_seven_days_before_the_etd_the_release_authority_hears_of_a_filing_that_is_not_complete() -> None:
    day = new_day()
    day.open(by=BO, owner=BO.id, etd=date(2026, 12, 18))
    day.until(date(2026, 12, 12))
    message, = to(day, EVA)
    assert days_of([message]) == ["Fri 2026-12-11 09:00"]
    assert day.phrase("reminder.filing", "en").split("}")[-1] in words_of(message.reply)


def test_of_a_complete_filing_the_release_authority_hears_nothing() -> None:
    day = new_day()
    day.open(by=BO, owner=BO.id, etd=date(2026, 12, 18))
    change_task(day.desk, day.task("N12").id, TaskChange("t", done=True), BO, day.now)
    day.until(date(2026, 12, 18))
    assert not to(day, EVA)
    assert {one.why for one in day.reminders("F-1") if one.to == "HEAD"} == {"complete"}


def test_of_a_shipment_the_release_authority_hears_while_no_filing_covers_it() -> None:
    day = new_day()
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "FR", date(2026, 7, 17), "", BO.id, "yes")], ANA, day.now)
    day.until(date(2026, 7, 17))
    assert days_of(to(day, EVA)) == ["Fri 2026-07-10 09:00"]


def test_it_follows_a_moved_etd() -> None:
    day = new_day()
    day.open(by=BO, owner=BO.id, etd=date(2026, 12, 18))
    move_etd(day.desk, "F-1", date(2027, 1, 22), BO, day.now)
    day.until(date(2027, 1, 22))
    assert days_of(to(day, EVA)) == ["Fri 2027-01-15 09:00"]


def test_after_one_missed_the_project_manager_hears_and_everybody_once_a_morning() -> None:
    day = new_day()
    day.open(by=ANA, owner=ANA.id)
    change_task(day.desk, day.task("N1").id, TaskChange("t", owner=DEV.id), BO, day.now)
    due = day.task("N1").due
    assert due
    day.until(due + timedelta(days=12))
    about = [one for one in day.reminders("F-1") if one.task == "F-1.N1" and one.sent_at]
    assert due.strftime("%a") == "Fri"  # so +1 falls on the Monday of +3, and comes with it
    assert sorted(one.offset for one in about if one.owner == DEV.id) == [-7, -2, 0, 1, 7]
    assert sorted(one.offset for one in about if one.owner == BO.id) == [3, 7]
    for person in (ANA, BO, DEV, MIA):
        mornings = [one.at.astimezone(ZoneInfo(person.zone)).date() for one in to(day, person)]
        assert len(mornings) == len(set(mornings))


def test_of_a_date_that_lay_behind_when_it_was_planned_nobody_is_reminded_until_the_manager_wants_it() -> None:
    day = new_day()
    day.open(by=BO, owner=ANA.id, etd=date(2026, 7, 17))  # most tasks should have been done long ago
    day.until(date(2026, 6, 17))
    move_etd(day.desk, "F-1", date(2026, 7, 16), BO, day.now)
    day.until(date(2026, 6, 19))
    told = [words_of(one.reply) for person in PEOPLE for one in to(day, person)]
    assert not [said for said in told if day.phrase("when.ago") in said or day.phrase("when.ago", "zh") in said]
    assert not [said for said in told if "*N1*" in said]


def test_pushed_each_owner_hears_of_it_once_with_their_next_digest_and_from_whom() -> None:
    day = new_day()
    day.open(by=ANA, owner=ANA.id, etd=date(2026, 7, 17))
    day.work()
    message = day.chat.named("late:F-1:")[0].reply
    assert "push_late" in actions_of(message)
    push_late(day.desk, "F-1", BO, day.now)
    assert push_late(day.desk, "F-1", BO, day.now) == day.desk.words.say("zh", "plan.late.pushed_before", id="F-1")
    day.until(date(2026, 6, 17))
    move_etd(day.desk, "F-1", date(2026, 7, 17), BO, day.now)
    day.until(date(2026, 6, 26))
    about = [words_of(one.reply) for one in to(day, ANA) if "*N2*" in words_of(one.reply)]
    assert len(about) == 1
    assert day.desk.words.say("en", "reminder.passed_by", name="Bo") in about[0]
    message = day.chat.named("late:F-1:")[0].reply
    assert "push_late" not in actions_of(message)
    assert "Bo" in words_of(message)


def test_a_date_that_was_missed_reminds_on_though_the_plan_is_made_again() -> None:
    day = new_day()
    day.open(by=ANA, owner=ANA.id)
    due = day.task("N2").due
    assert due
    day.until(due + timedelta(days=1))
    move_etd(day.desk, "F-1", day.filing().etd, BO, day.now)
    day.until(due + timedelta(days=12))
    offsets = [one.offset for one in day.reminders("F-1") if one.task == "F-1.N2" and one.sent_at and one.to == "owner"]
    assert {7} <= set(offsets)


# ── rules, lists, weeks ────────────────────────────────────────────────────────────────────────────


def test_the_watch_comes_every_monday_to_whoever_keeps_the_rules() -> None:
    day = new_day()
    standing(day)
    day.until(date(2026, 7, 7))
    watches = [one for one in to(day, DEV) if day.phrase("reminder.weekly", "en")[:15] in words_of(one.reply)]
    assert days_of(watches, DEV.zone) == [f"Mon 2026-{day} 09:00" for day in ("06-15", "06-22", "06-29", "07-06")]


def test_what_was_watched_and_not_answered_is_not_edited_when_the_next_is_planned() -> None:
    day = new_day()
    standing(day)
    day.until(date(2026, 7, 7))
    standing(day)
    day.work()
    assert len(to(day, DEV)) > 3
    assert [one.edits for one in to(day, DEV)] == [0] * len(to(day, DEV))


def test_planning_the_calendar_again_and_again_adds_nothing() -> None:
    day = new_day()
    standing(day)
    before = list(day.store.every("reminders"))
    for _ in range(3):
        standing(day)
    assert list(day.store.every("reminders")) == before


def test_a_rule_is_looked_at_again_45_days_after_it_last_was() -> None:
    day = new_day()
    rules = day.desk.rulesets[day.desk.ruleset]
    standing(day)
    due = verification_due(rules, None, 45)
    assert due
    day.until(max(due, date(2026, 6, 16)) + timedelta(days=1))
    reminder, = [one for one in day.reminders(f"rule:{rules.id}") if one.state == "sent" and one.owner == DEV.id]
    reminder_done(day.desk, reminder.id, DEV, day.now)
    checked = day.now.astimezone(SHANGHAI).date()
    assert {one.anchor for one in day.reminders(f"rule:{rules.id}") if one.state == "pending"} == {checked + timedelta(days=45)}


def verified(rules: Ruleset, when: date, until: date | None) -> Ruleset:
    clauses = [replace(clause, verification=Verification("verified", "li", when, until)) for clause in rules.clauses]
    return replace(rules, clauses=tuple(clauses))


def test_a_verification_that_ends_sooner_is_due_when_it_ends() -> None:
    rules = new_day().desk.rulesets["cn-cac-agents"]
    recent = date(2026, 11, 1)
    assert verification_due(verified(rules, recent, None), None, 45) == recent + timedelta(days=45)
    assert verification_due(verified(rules, recent, date(2026, 11, 20)), None, 45) == date(2026, 11, 20)
    assert verification_due(verified(rules, recent, date(2026, 11, 20)), date(2026, 11, 20), 45) == date(2027, 1, 4)


def test_before_a_list_takes_effect_whoever_keeps_it_hears() -> None:
    day = new_day()
    entry = MarketList("cn-cac-agents", "2026.2", date(2026, 8, 3), "gazette", "Li Na", date(2026, 6, 10), count_reported=29)
    with day.store.transaction() as tx:
        tx.put("lists", entry.to_row())
    standing(day)
    day.until(date(2026, 8, 3))
    about = [one for one in to(day, DEV) if "2026.2" in words_of(one.reply)]
    assert days_of(about, DEV.zone) == ["Mon 2026-07-27 09:00"]


MONDAY = date(2026, 7, 6)


def a_crowded_monday() -> Day:
    """The weekly watch, two rules to be verified again, two lists about to take effect and two filings' own watch, on it."""
    day = Day(tasks=("N14",), reminders=shipped_reminders())
    day.desk = replace(day.desk, rulesets={
        name: verified(rules, date(2026, 6, 10), MONDAY) for name, rules in day.desk.rulesets.items()})
    lists = [MarketList("cn-cac-agents", version, MONDAY + timedelta(days=7), "gazette", "Li Na", date(2026, 6, 10),
                        count_reported=29) for version in ("2026.2", "2026.3")]
    with day.store.transaction() as tx:
        for entry in lists:
            tx.put("lists", entry.to_row())
    for number, market in ((1, "DE"), (2, "FR")):
        day.open(by=BO, origin=f"form:{number}", owner=BO.id, destinations=(market,))
        with day.store.transaction() as tx:
            keep(tx, "tasks", replace(day.task("N14", f"F-{number}"), owner=DEV.id, due=MONDAY))
            plan_subject(tx, day.desk, f"F-{number}", day.now)
    standing(day)
    return day


def test_all_that_is_to_be_watched_on_one_morning_is_one_digest_and_no_single_message() -> None:
    day = a_crowded_monday()
    day.until(MONDAY)
    digest, = [one for one in to(day, DEV) if one.at.astimezone(ZoneInfo(DEV.zone)).date() == MONDAY]
    assert days_of([digest], DEV.zone) == ["Mon 2026-07-06 09:00"]
    said = words_of(digest.reply)
    rules = [rules.title.said("en") for rules in day.desk.rulesets.values()]
    assert len(rules) == 2
    for one in (day.phrase("reminder.weekly"), "2026.2", "2026.3", *rules, "F-1", "F-2"):
        assert one in said
    assert said.count("*N14*") == 2


@pytest.mark.parametrize(("reader", "lang"), [(DEV, "en"), (BO, "zh")])
def test_a_watch_that_was_done_and_is_due_again_says_how_often_it_comes_and_when_it_was_done_last(
        reader: Colleague, lang: str) -> None:
    day = Day(tasks=("N14",), reminders=shipped_reminders())
    day.open(by=BO, owner=BO.id)
    with day.store.transaction() as tx:
        keep(tx, "tasks", replace(day.task("N14"), owner=reader.id, due=MONDAY))
        plan_subject(tx, day.desk, "F-1", day.now)
    day.until(MONDAY, hour=6)
    again = day.desk.words.say(lang, "reminder.again.week", day=day.desk.words.day(lang, MONDAY), n=7)
    assert again not in words_of(to(day, reader)[-1].reply)
    change_task(day.desk, "F-1.N14", TaskChange("k", done=True), BO, day.now)
    day.until(MONDAY + timedelta(days=1))
    watch_plans(day.desk, day.now)
    day.until(MONDAY + timedelta(days=7))
    assert again in words_of(to(day, reader)[-1].reply)


def test_nobody_hears_of_what_is_to_be_watched_twice_on_one_morning_all_summer_long() -> None:
    day = a_crowded_monday()
    day.until(date(2026, 9, 1))
    for person in (BO, DEV):
        mornings = days_of(to(day, person), person.zone)
        assert len(mornings) == len(set(mornings)) > 1
        assert {morning[-5:] for morning in mornings} == {"09:00"}


def test_who_stands_in_for_whoever_keeps_the_rules_gets_one_digest_for_all_of_it() -> None:
    day = a_crowded_monday()
    keep_habits(day.desk, HabitsWish(time(9), "", date(2026, 7, 3), date(2026, 7, 8), BO.id), DEV, day.now)
    day.until(MONDAY)
    digest, = [one for one in to(day, BO) if one.at.astimezone(SHANGHAI).date() == MONDAY]
    assert words_of(digest.reply).count("*N14*") == 2
    assert "2026.2" in words_of(digest.reply)


def test_a_verification_that_was_missed_comes_again_to_whoever_keeps_the_rules_until_it_is_done() -> None:
    day = a_crowded_monday()
    day.until(date(2026, 7, 14))
    told = [one for one in day.reminders("rule:cn-cac-agents") if one.sent_at]
    assert sorted((one.owner, one.offset) for one in told) == [(BO.id, 7), (DEV.id, 0), (DEV.id, 7)]
    done = next(one for one in told if one.owner == DEV.id and one.offset == 7)
    reminder_done(day.desk, done.id, DEV, day.now)
    day.until(date(2026, 8, 20))
    assert len([one for one in day.reminders("rule:cn-cac-agents") if one.sent_at]) == 3


def test_a_verification_that_was_due_before_the_bot_ran_is_told_to_whoever_keeps_the_rules() -> None:
    day = new_day()
    day.now = datetime(2026, 11, 23, 5, tzinfo=UTC)
    standing(day)
    day.pass_time(days=2)
    assert "compare with the official sources" in "".join(words_of(one.reply) for one in to(day, DEV))


def test_while_nobody_has_the_role_somebody_who_speaks_for_the_desk_hears_and_later_whoever_gets_it() -> None:
    day = new_day()
    with day.store.transaction() as tx:
        tx.remove("people", DEV.id)
    standing(day)
    assert {one.owner for one in day.reminders("watch") if one.state == "pending"} == {BO.id}
    settle_in(day.desk, [DEV])
    standing(day)
    assert {one.owner for one in day.reminders("watch") if one.state == "pending"} == {DEV.id}


def test_steps_for_a_submission_and_for_a_channel_are_followed() -> None:
    plan = replace(shipped_reminders(), submission=(ReminderStep("submission-5wd", -5, "working_days", "owner"),),
                   shipment=(ReminderStep("etd-2-shipping", -2, "days", "#shipping"),))
    day = new_day(plan)
    day.open(by=BO, owner=BO.id)
    due = day.task("N11").due
    assert [one.anchor for one in day.reminders("F-1") if one.kind == "submission-5wd"] == [due]
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "FR", date(2026, 7, 17), "", BO.id, "yes")], ANA, day.now)
    day.until(date(2026, 7, 17))
    assert days_of([one for one in day.chat.named("remind:") if one.channel == "#shipping"]) == ["Wed 2026-07-15 09:00"]


def test_a_year_whose_holidays_are_not_official_is_said_to_be_estimated() -> None:
    far = Day(datetime(2029, 6, 15, 2, tzinfo=UTC))
    add_shipments(far.desk, [ShipmentLine("SO-1", "FaceGate 300", "FR", date(2029, 7, 17), "", BO.id, "yes")], ANA, far.now)
    far.until(date(2029, 7, 4))
    assert far.phrase("reminder.estimated", "zh") in words_of(to(far, BO)[0].reply)
    near = new_day()
    add_shipments(near.desk, [ShipmentLine("SO-1", "FaceGate 300", "FR", date(2026, 7, 17), "", BO.id, "yes")], ANA, near.now)
    near.until(date(2026, 7, 4))
    assert near.phrase("reminder.estimated", "zh") not in words_of(to(near, BO)[0].reply)


def test_why_says_the_plan_the_role_and_the_free_day() -> None:
    day = new_day()
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "FR", date(2026, 7, 19), "", BO.id, "yes")], ANA, day.now)
    day.until(date(2026, 7, 20))
    head = next(one for one in day.reminders("S-1") if one.to == "HEAD")
    said = why_reminded(day.desk, head.id, EVA)
    assert day.desk.words.say("en", "role.head") in said
    assert "HEAD" not in said
    assert "19 Jul 2026" in said
    assert "12 Jul 2026" in said  # a Sunday
    assert day.desk.words.say("en", "reminder.why.stop") in said


def test_the_language_of_the_plan_comes_before_the_chats_and_behind_somebodys_own() -> None:
    day = new_day(replace(shipped_reminders(), lang="en"))
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "FR", date(2026, 7, 17), "", BO.id, "yes")], ANA, day.now)
    day.until(date(2026, 7, 4))
    assert day.phrase("reminder.shipment", "en") in words_of(to(day, BO)[0].reply)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_anchor_of_the_plan_has_its_sentence_and_its_reason(lang: str) -> None:
    words = new_day().desk.words
    for series in ("filing", "submission", "effective", "verify", "weekly"):
        assert words.say(lang, f"reminder.{series}", about="F-1", title="T", day="d", when="w")
    for series in ("etd", "due", "filing", "submission", "effective", "verify", "weekly", "asked"):
        assert words.say(lang, f"reminder.why.{series}", day="d", title="T")

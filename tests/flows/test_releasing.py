"""From hold to release and back: who may, on what evidence, and what ends it; told once, recorded in full."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.gatehouse import gate_of, gate_shown, signs_of
from bot.desk.readers import note_unreachable
from bot.domain.gate import GREEN, RED, Gate
from bot.domain.market_list import Market, MarketList
from bot.domain.people import Colleague
from bot.errors import BadInput, FilingDeskError, NotAllowed
from bot.flows.change_facts import Facts, change_facts, look_at_facts
from bot.flows.change_task import TaskChange, change_task
from bot.flows.follow_requests import follow_requests
from bot.flows.follow_ticket import follow_tickets
from bot.flows.keep_habits import HabitsWish, keep_habits
from bot.flows.publish_list import impact_of, publish_list
from bot.flows.release_filing import ask_release, refuse_release, release_filing
from bot.flows.sign_off import sign_off, to_sign
from bot.flows.watch_plans import watch_plans
from tests.fakes.desk import ANA, BO, DEV, MIA, RULESET, Day, settle_in
from tests.fakes.fake_chat import actions_of, words_of

HUI = Colleague("U8", "Hui", "hui@example.com", "Asia/Shanghai", "zh", "HEAD")
KAI = Colleague("U9", "Kai", "kai@example.com", "Asia/Shanghai", "en", "HEAD")
SAM = Colleague("U7", "Sam", "sam@example.com", "Asia/Shanghai", "en", "SEC")
SIGNERS = {"N1": BO, "N9": SAM, "A6": DEV}
ETD = date(2027, 3, 5)


def ready_day(*heads: Colleague, tasks: Iterable[str] = (), **wish: Any) -> Day:
    """A filing opened by sales, its ticket there and read a moment ago."""
    day = Day(tasks=tasks)
    settle_in(day.desk, (SAM, *(heads or (HUI,))))
    day.open(etd=ETD, **wish)
    day.work()
    follow_tickets(day.desk, day.tracker, day.now)
    return day


def work_through(day: Day, but: str = "") -> None:
    """Every task is done with its evidence, by its owner; signed tasks are signed."""
    with day.store.transaction() as tx:
        for item in day.desk.checklist.before_release():
            if item.id != but and item.id not in SIGNERS and tx.get("tasks", f"F-1.{item.id}"):
                row = tx.get("tasks", f"F-1.{item.id}") or {}
                tx.put("tasks", row | {"done": True, "done_by": ANA.id, "evidence": f"https://example.com/{item.id}"})
    for name, person in SIGNERS.items():
        if name != but:
            sign_off(day.desk, "F-1", name, person, day.now, evidence=f"https://example.com/{name}")


def gate(day: Day) -> Gate:
    return gate_of(day.desk, day.store, day.filing(), day.now)


def reasons(day: Day) -> set[str]:
    return {reason.kind for reason in gate(day).reasons}


def released_day() -> Day:
    day = ready_day()
    work_through(day)
    ask_release(day.desk, "F-1", MIA, day.now)
    release_filing(day.desk, "F-1", "Filing number seen", HUI, day.now)
    day.work()
    assert gate(day).colour == GREEN
    return day


def acts(day: Day) -> list[str]:
    return [line["act"] for line in day.store.where("audit", "subject", "F-1")]


def facts(**changes: Any) -> Facts:
    return replace(Facts("FaceGate 300", "face_3d_terminal", ("DE",), "", "firmware 5.0"), **changes)


# ── hold and release ───────────────────────────────────────────────────────────────────────────────


def test_a_filing_is_on_hold_from_its_opening() -> None:
    day = ready_day()
    assert gate(day).colour == RED
    assert {"held", "open", "unsigned"} <= reasons(day)
    assert day.phrase("gate.mark.held") in words_of(day.chat.named("filing:F-1")[0].reply)


def test_all_done_and_signed_is_still_on_hold_until_somebody_releases_it() -> None:
    day = ready_day()
    work_through(day)
    assert (gate(day).colour, reasons(day), gate(day).releasable) == (RED, {"held"}, True)


def test_asking_tells_the_release_authority_once() -> None:
    day = ready_day()
    ask_release(day.desk, "F-1", MIA, day.now)
    assert day.phrase("release.asked.already") in ask_release(day.desk, "F-1", ANA, day.now)
    day.work()
    asked = day.chat.named("release:F-1:")
    assert [one.channel for one in asked] == [HUI.id]
    assert {"release", "refuse"} <= set(actions_of(asked[0].reply))
    assert day.filing().asked_by == MIA.id
    assert acts(day).count("release asked") == 1


def test_a_release_names_who_when_why_and_the_evidence_everywhere() -> None:
    day = released_day()
    told = day.chat.named("released:F-1:")
    assert [(one.channel, one.thread) for one in told] == [("C1", "1.000001")]
    for part in ("Hui", "Filing number seen", "https://example.com/N12"):
        assert part in words_of(told[0].reply)
    assert set(told[0].reply.calls) == {ANA.id, MIA.id}
    request, = day.chat.named("release:F-1:")
    assert not actions_of(request.reply)
    assert {day.task(item).done for item in ("N13", "A10")} == {True}
    line = next(line for line in day.store.where("audit", "subject", "F-1") if line["act"] == "released")
    assert (line["by"], line["details"]["before"], line["details"]["after"]) == (HUI.id, "asked", "released")
    assert line["details"]["asked_by"] == MIA.id
    assert "Hui" in words_of(gate_shown(day.desk, day.store, "F-1", MIA, day.now))
    assert day.tracker.get(day.task("N13").ticket).status_kind == "done"


def test_the_ticket_tells_the_same_story_as_the_thread() -> None:
    day = released_day()
    change_facts(day.desk, "F-1", facts(destinations=("FR",)), BO, day.now)
    day.work()
    ticket = day.filing().ticket
    said = [comment.text for comment in day.tracker.comments(ticket)]
    assert [part for part in ("Filing number seen", day.phrase("part.destination")) if not any(part in one for one in said)] == []
    assert len(said) == len(set(said)) == 5  # three sign-offs, the release, and that they have expired
    assert "France" in day.tracker.get(ticket).summary


def test_released_twice_is_once() -> None:
    day = released_day()
    assert release_filing(day.desk, "F-1", "again", HUI, day.now) is None
    assert len([sign for sign in signs_of(day.store, "F-1") if sign.item == "N13"]) == 1
    assert day.phrase("release.already") in ask_release(day.desk, "F-1", MIA, day.now)


@pytest.mark.parametrize("but", ["N9", "N12", "A8", "A6", "N3"])
def test_no_release_while_something_is_missing_and_it_is_named(but: str) -> None:
    day = ready_day()
    work_through(day, but=but)
    with pytest.raises(BadInput, match=but):
        release_filing(day.desk, "F-1", "it will be fine", HUI, day.now)
    assert day.filing().hold == "held"


def test_no_release_without_the_evidence_the_checklist_asks_for() -> None:
    day = ready_day()
    work_through(day)
    with day.store.transaction() as tx:
        tx.put("tasks", (tx.get("tasks", "F-1.N12") or {}) | {"evidence": ""})
    with pytest.raises(BadInput, match="N12"):
        release_filing(day.desk, "F-1", "it will be fine", HUI, day.now)


def test_whoever_opened_or_asked_does_not_release_even_as_head() -> None:
    opened, asked = ready_day(HUI, KAI), ready_day(HUI, KAI)
    with opened.store.transaction() as tx:
        tx.put("filings", (tx.get("filings", "F-1") or {}) | {"opened_by": HUI.id})
    work_through(opened)
    work_through(asked)
    ask_release(asked.desk, "F-1", HUI, asked.now)
    for day in (opened, asked):
        with pytest.raises(NotAllowed) as caught:
            release_filing(day.desk, "F-1", "I say so", HUI, day.now)
        assert "HEAD" not in str(caught.value)
        assert release_filing(day.desk, "F-1", "seen", KAI, day.now)


def test_where_only_the_asker_could_release_asking_says_so() -> None:
    day = ready_day()
    with pytest.raises(BadInput, match=day.phrase("error.release_nobody", "zh")) as caught:
        ask_release(day.desk, "F-1", HUI, day.now)
    assert day.phrase("role.head", "zh") in str(caught.value)
    assert day.filing().hold == "held"


# ── while the release authority is away ────────────────────────────────────────────────────────────


def away(day: Day, who: Colleague, days: int = 5, deputy: Colleague | None = None, begins: int = 0) -> date:
    """They pause in the App Home from so many days ahead on, as they did before anybody asked; the last day away."""
    today = day.now.date()
    last = today + timedelta(days=begins + days)
    wish = HabitsWish(away_from=today + timedelta(days=begins), away_until=last, deputy=deputy.id if deputy else "")
    keep_habits(day.desk, wish, who, day.now)
    return last


def asked(day: Day) -> set[str]:
    return {one.channel for one in day.chat.named("release:F-1:")}


def test_while_the_head_is_away_the_deputy_is_asked_if_that_person_may_release() -> None:
    day = ready_day(HUI, KAI)
    work_through(day)
    away(day, HUI, deputy=KAI)
    assert ask_release(day.desk, "F-1", MIA, day.now) == day.desk.words.say("en", "release.asked.told", names="Kai")
    day.work()
    assert asked(day) == {KAI.id}
    assert not day.chat.named("nobody:")
    assert release_filing(day.desk, "F-1", "Filing number seen", KAI, day.now)


@pytest.mark.parametrize("deputy", [None, BO, MIA])
def test_where_nobody_who_may_release_is_there_it_is_said_aloud_who_may_and_until_when_not(deputy: Colleague | None) -> None:
    day = ready_day()
    work_through(day)
    last = away(day, HUI, deputy=deputy)
    who = day.desk.words.say("en", "gate.who.away", name="Hui", day=day.desk.words.day("en", last))
    assert ask_release(day.desk, "F-1", MIA, day.now) == day.desk.words.say("en", "release.asked.nobody", id="F-1", who=who)
    day.work()
    aloud, = day.chat.named("nobody:F-1:")
    assert (aloud.channel, aloud.thread) == ("C1", "1.000001")
    assert who in words_of(aloud.reply)
    standing_in = day.desk.words.say("en", "release.nobody.deputy", names=deputy.name if deputy else "")
    assert (standing_in in words_of(aloud.reply)) == bool(deputy)
    assert set(aloud.reply.calls) == {ANA.id, MIA.id} | ({deputy.id} if deputy else set())
    assert asked(day) == {HUI.id}, "it waits for the one who may; the deputy is not asked for what is not theirs to give"
    if deputy:
        with pytest.raises(NotAllowed):
            release_filing(day.desk, "F-1", "I stand in", deputy, day.now)


def test_a_deputy_who_asked_for_the_release_does_not_give_it() -> None:
    day = ready_day(HUI, KAI)
    away(day, HUI, deputy=KAI)
    ask_release(day.desk, "F-1", KAI, day.now)
    day.work()
    assert asked(day) == {HUI.id}
    assert "Kai" in words_of(day.chat.named("nobody:F-1:")[0].reply)


def test_of_two_heads_the_one_who_is_there_is_asked_and_the_other_once_back() -> None:
    day = ready_day(HUI, KAI)
    away(day, HUI, days=2)
    ask_release(day.desk, "F-1", MIA, day.now)
    assert follow_requests(day.desk, day.now) == 0
    day.work()
    assert asked(day) == {KAI.id}
    day.now += timedelta(days=4)
    assert follow_requests(day.desk, day.now) == 1
    assert follow_requests(day.desk, day.now) == 0
    day.work()
    assert asked(day) == {HUI.id, KAI.id}


def test_a_head_who_goes_away_after_being_asked_leaves_the_request_to_the_deputy_or_it_is_said_aloud_once() -> None:
    day = ready_day()
    ask_release(day.desk, "F-1", MIA, day.now)
    away(day, HUI, begins=2, deputy=BO)
    assert follow_requests(day.desk, day.now) == 0
    day.now += timedelta(days=3)
    for _ in range(3):
        follow_requests(day.desk, day.now)
        day.restart()
        day.work()
    assert len(day.chat.named("nobody:F-1:")) == 1
    last = away(day, HUI, days=20)
    follow_requests(day.desk, day.now)
    day.work()
    assert day.desk.words.day("en", last) in words_of(day.chat.named("nobody:F-1:")[-1].reply)
    settle_in(day.desk, [KAI])  # somebody else has the role now
    follow_requests(day.desk, day.now)
    day.work()
    assert asked(day) == {HUI.id, KAI.id}


def test_a_request_that_was_decided_is_followed_no_longer() -> None:
    day = ready_day()
    ask_release(day.desk, "F-1", MIA, day.now)
    refuse_release(day.desk, "F-1", "No filing number yet", HUI, day.now)
    away(day, HUI)
    assert follow_requests(day.desk, day.now) == 0


def test_who_can_release_is_shown_with_how_long_they_are_away() -> None:
    day = ready_day(HUI, KAI)
    last = away(day, HUI)
    said = words_of(gate_shown(day.desk, day.store, "F-1", ANA, day.now))
    assert day.desk.words.say("en", "gate.who.away", name="Hui", day=day.desk.words.day("en", last)) in said
    assert "Kai" in said
    with day.store.transaction() as tx:
        note_unreachable(tx, KAI.id, "left the workspace", day.now)
    said = words_of(gate_shown(day.desk, day.store, "F-1", ANA, day.now))
    assert day.desk.words.say("en", "gate.who.unreachable", name="Kai") in said


@pytest.mark.parametrize("by", [ANA, BO, SAM, MIA])
def test_no_other_role_releases_or_refuses(by: Colleague) -> None:
    day = ready_day()
    work_through(day)
    ask_release(day.desk, "F-1", DEV, day.now)
    for act in (release_filing, refuse_release):
        with pytest.raises(NotAllowed):
            act(day.desk, "F-1", "because", by, day.now)


def test_a_release_or_refusal_without_a_reason_is_none() -> None:
    day = ready_day()
    work_through(day)
    ask_release(day.desk, "F-1", MIA, day.now)
    for act in (release_filing, refuse_release):
        with pytest.raises(BadInput, match=day.phrase("error.no_reason", "zh")):
            act(day.desk, "F-1", "  ", HUI, day.now)


def test_a_refusal_is_told_with_its_reason_and_may_be_asked_for_again() -> None:
    day = ready_day()
    ask_release(day.desk, "F-1", MIA, day.now)
    refuse_release(day.desk, "F-1", "No filing number yet", HUI, day.now)
    with pytest.raises(BadInput):
        refuse_release(day.desk, "F-1", "No filing number yet", HUI, day.now)
    ask_release(day.desk, "F-1", MIA, day.now)
    day.work()
    told, = day.chat.named("refused:F-1:")
    assert "No filing number yet" in words_of(told.reply)
    assert MIA.id in told.reply.calls
    first, second = day.chat.named("release:F-1:")
    assert not actions_of(first.reply)
    assert actions_of(second.reply)


def test_a_chinese_reader_reads_titles_and_tasks_in_chinese_whatever_language_the_filing_was_opened_in() -> None:
    day = ready_day()
    said = words_of(gate_shown(day.desk, day.store, "F-1", HUI, day.now))
    assert "德国" in said
    assert day.desk.checklist.item("A1").text.zh in said
    assert day.desk.checklist.item("A1").text.en not in said


# ── sign-offs ──────────────────────────────────────────────────────────────────────────────────────


def test_a_sign_off_is_a_row_with_who_when_and_what_it_rests_on_and_closes_its_task() -> None:
    day = ready_day()
    sign_off(day.desk, "F-1", "N1", BO, day.now)
    day.work()
    sign, = signs_of(day.store, "F-1")
    assert (sign.item, sign.by, sign.by_role, sign.at, sign.list_version) == ("N1", BO.id, "PM", day.now, "2026-06-01")
    assert set(sign.rests_on) == {"facts", "product", "destination", "list"}
    assert "autonomous: yes" in sign.rests_on["facts"]
    assert day.task("N1").done
    assert "N1" not in {item.id for item in to_sign(day.desk, day.store, day.filing())}
    assert "Bo" in words_of(day.chat.named("sign:")[0].reply)


def test_signed_twice_is_once() -> None:
    day = ready_day()
    first = sign_off(day.desk, "F-1", "N1", BO, day.now)
    assert sign_off(day.desk, "F-1", "N1", HUI, day.now + timedelta(minutes=1), reason="too") == first
    assert acts(day).count("signed off") == 1


@pytest.mark.parametrize(("item", "by", "sentence"), [
    ("N1", SAM, "error.sign_role"), ("N9", BO, "error.sign_role"),
    ("N1", replace(BO, id=ANA.id, lang="en"), "error.sign_requester"), ("A6", replace(DEV, id=ANA.id), "error.sign_requester"),
])
def test_the_wrong_person_signs_nothing(item: str, by: Colleague, sentence: str) -> None:
    day = ready_day()
    with pytest.raises(NotAllowed, match=day.phrase(sentence, by.lang)):
        sign_off(day.desk, "F-1", item, by, day.now, evidence="x")
    assert not signs_of(day.store, "F-1")


def test_completeness_is_checked_by_a_second_person() -> None:
    day = ready_day(owner=BO.id)
    with pytest.raises(NotAllowed):
        sign_off(day.desk, "F-1", "A6", BO, day.now)
    with day.store.transaction() as tx:
        tx.put("tasks", (tx.get("tasks", "F-1.N10") or {}) | {"done": True, "done_by": DEV.id})
    with pytest.raises(NotAllowed):
        sign_off(day.desk, "F-1", "A6", DEV, day.now)
    assert sign_off(day.desk, "F-1", "A6", SAM, day.now)


def test_the_report_is_not_signed_without_the_report() -> None:
    day = ready_day()
    with pytest.raises(BadInput, match=day.phrase("error.sign_evidence").split(":")[0]):
        sign_off(day.desk, "F-1", "N9", SAM, day.now)
    sign_off(day.desk, "F-1", "N9", SAM, day.now, evidence="https://example.com/report-2")
    assert day.task("N9").evidence == "https://example.com/report-2"


def test_an_override_needs_a_reason_and_stands_under_its_own_name() -> None:
    day = ready_day()
    with pytest.raises(NotAllowed):
        sign_off(day.desk, "F-1", "N1", HUI, day.now)
    sign = sign_off(day.desk, "F-1", "N1", HUI, day.now, reason="Bo is away")
    assert (sign.override, sign.role, sign.by_role, sign.reason) == (True, "PM", "HEAD", "Bo is away")
    line = day.store.where("audit", "subject", "F-1")[-1]
    assert (line["act"], line["by"], line["details"]["reason"]) == ("override", HUI.id, "Bo is away")


@pytest.mark.parametrize("item", ["N13", "N3", "X1", ""])
def test_what_needs_no_sign_off_takes_none(item: str) -> None:
    day = ready_day()
    with pytest.raises(BadInput):
        sign_off(day.desk, "F-1", item, HUI, day.now, reason="because")


# ── what ends them ─────────────────────────────────────────────────────────────────────────────────

NEW = MarketList(RULESET, "2026-08-01", date(2026, 8, 1), "Notice", "Dev", date(2026, 8, 1), members=(Market("DE"),))


def test_a_new_list_ends_what_rested_on_the_old_one_and_the_dry_run_counts_it() -> None:
    day = released_day()
    impact = impact_of(day.desk, NEW, {"DE"}, confirmed=True)
    assert {sign.item for sign in impact.sign_offs} == {"N1", "N9", "A6", "N13"}
    assert gate(day).colour == GREEN
    publish_list(day.desk, NEW, {"DE"}, DEV, day.now, confirmed=True)
    assert gate(day).colour == RED
    assert {"held", "expired"} <= reasons(day)
    day.work()
    told, = day.chat.named("expired:F-1:")
    assert (told.channel, told.thread) == ("C1", "1.000001")
    assert {BO.id, SAM.id, DEV.id, HUI.id, MIA.id, ANA.id} == set(told.reply.calls)
    assert day.phrase("part.list") in words_of(told.reply)
    assert acts(day).count("sign-off expired") == 4
    assert day.filing().hold == "held"
    assert not day.task("N13").done
    assert not day.task("N1").done
    assert day.task("N3").done
    assert watch_plans(day.desk, day.now) == 0
    day.work()
    assert len(day.chat.named("expired:F-1:")) == 1


def test_a_new_list_that_says_the_same_of_the_destination_ends_nothing() -> None:
    day = released_day()
    publish_list(day.desk, NEW, {"DE"}, DEV, day.now, confirmed=True)
    sign_off(day.desk, "F-1", "N1", BO, day.now)
    more = replace(NEW, version="2026-09-01", effective=date(2026, 9, 1), members=(Market("DE"), Market("FR")))
    assert not impact_of(day.desk, more, {"DE", "FR"}).sign_offs
    publish_list(day.desk, more, {"DE", "FR"}, DEV, day.now)
    assert [sign.state for sign in signs_of(day.store, "F-1")].count("standing") == 1


def test_a_new_list_starts_the_task_that_waits_for_it() -> None:
    day = ready_day()
    before = day.task("N14").due
    day.now += timedelta(days=1)
    publish_list(day.desk, NEW, {"DE"}, DEV, day.now, confirmed=True)
    assert day.task("N14").due != before
    assert not day.task("N14").done


def test_another_description_in_the_catalogue_ends_them_at_once_and_is_told_once() -> None:
    day = released_day()
    catalogue = tuple(replace(one, sales="Now with a guard") if one.name == "FaceGate 300" else one for one in day.desk.catalogue)
    day.desk = replace(day.desk, catalogue=catalogue)
    assert gate(day).colour == RED  # even before anybody has looked after it
    assert watch_plans(day.desk, day.now) == 1
    assert watch_plans(day.desk, day.now) == 0
    day.work()
    told, = day.chat.named("expired:F-1:")
    assert day.phrase("part.product") in words_of(told.reply)
    assert day.phrase("part.list") not in words_of(told.reply)


@pytest.mark.parametrize("change", [TaskChange("form:V1", done=False), TaskChange("form:V1", evidence="https://example.com/other")],
                         ids=["opened again", "other evidence"])
def test_a_release_ends_when_a_task_before_it_is_opened_again_or_has_other_evidence(change: TaskChange) -> None:
    day = released_day()
    change_task(day.desk, "F-1.N12", change, ANA, day.now)
    change_task(day.desk, "F-1.N12", TaskChange("form:V2", done=True), ANA, day.now)
    day.work()
    assert (gate(day).colour, day.filing().hold) == (RED, "held")
    told, = day.chat.named("expired:F-1:")
    assert day.phrase("part.work") in words_of(told.reply)
    assert [sign.item for sign in signs_of(day.store, "F-1") if sign.state == "expired"] == ["N13"]
    assert day.phrase("gate.mark.held") in words_of(day.chat.named("filing:F-1")[0].reply)


def test_a_task_before_the_release_opened_again_in_the_tracker_ends_it_and_one_after_it_does_not() -> None:
    day = released_day()
    change_task(day.desk, "F-1.A12", TaskChange("form:V1", done=True, evidence="x"), ANA, day.now)
    assert gate(day).colour == GREEN
    day.pass_time(minutes=10)
    day.tracker.move(day.task("N3").ticket, "new")
    follow_tickets(day.desk, day.tracker, day.now)
    assert (gate(day).colour, day.filing().hold) == (RED, "held")
    assert acts(day).count("sign-off expired") == 1


@pytest.mark.parametrize(("changes", "part"), [
    ({}, "facts"), ({"destinations": ("FR",)}, "destination"), ({"autonomous": "no"}, "facts"),
    ({"product": "IrisLock Pro", "category": "iris_lock"}, "product"),
], ids=["firmware", "destination", "autonomy", "product"])
def test_a_changed_fact_ends_them_starts_change_control_and_keeps_what_is_done(changes: dict[str, Any], part: str) -> None:
    day = released_day()
    done = {task.item for task in day.tasks() if task.done}
    change = look_at_facts(day.desk, "F-1", facts(**changes), BO, day.now)
    assert gate(day).colour == GREEN
    change_facts(day.desk, "F-1", facts(**changes), BO, day.now, seen=change.seen)
    assert gate(day).colour == RED
    assert {"held", "expired", "change_open"} <= reasons(day)
    assert day.task("A11").due == date(2026, 6, 17)  # two working days after Monday
    assert {task.item for task in day.tasks() if task.done} >= done - {"N1", "N9", "A6", "N13", "A10"}
    day.work()
    assert day.phrase(f"part.{part}") in words_of(day.chat.named("expired:F-1:")[0].reply)
    line = next(line for line in day.store.where("audit", "subject", "F-1") if line["act"] == "facts changed")
    assert (line["by"], line["details"]["what"]) == (BO.id, "firmware 5.0")


def test_another_destination_brings_its_tasks_and_another_family_closes_what_no_longer_applies() -> None:
    day = ready_day()
    other = facts(product="AirSense P4", category="intelligent_respirator", destinations=("HK",))
    change_facts(day.desk, "F-1", other, BO, day.now)
    day.work()
    assert day.task("A5H").ticket
    assert day.task("A3R").ticket
    assert (day.task("A3").done, day.task("A3").done_by) == (True, "change")
    change_facts(day.desk, "F-1", facts(), BO, day.now)
    assert len({task.id for task in day.tasks()}) == len(day.tasks())


def test_a_change_without_a_word_on_what_changed_is_refused() -> None:
    day = ready_day()
    with pytest.raises(BadInput):
        change_facts(day.desk, "F-1", facts(what=" "), BO, day.now)
    assert day.filing().changes == 0


# ── no green on old knowledge ──────────────────────────────────────────────────────────────────────


def test_when_the_ticket_could_not_be_read_lately_it_says_so() -> None:
    day = released_day()
    day.now += timedelta(hours=1)
    assert (gate(day).colour, reasons(day)) == ("amber", {"stale"})
    follow_tickets(day.desk, day.tracker, day.now)
    assert gate(day).colour == GREEN


def test_when_the_list_was_not_looked_at_in_time_it_says_so_until_it_is() -> None:
    day = released_day()
    day.now += timedelta(days=9)
    follow_tickets(day.desk, day.tracker, day.now)
    assert (gate(day).colour, reasons(day)) == ("amber", {"not_watched"})
    with day.store.transaction() as tx:
        tx.put("tasks", (tx.get("tasks", "F-1.N14") or {}) | {"done": True, "done_by": DEV.id})
    assert gate(day).colour == GREEN
    watch_plans(day.desk, day.now)
    again = day.task("N14")
    assert not again.done
    assert again.due
    assert again.due > date(2026, 6, 24)


# ── whatever people do ─────────────────────────────────────────────────────────────────────────────

WHO = st.sampled_from([ANA, BO, DEV, MIA, SAM, HUI, KAI])
ACT = st.sampled_from(["ask", "release", "refuse", "sign N1", "sign N9", "sign A6", "work", "change", "list", "N12 undone"])


@settings(deadline=None, max_examples=30)
@given(steps=st.lists(st.tuples(ACT, WHO), max_size=15), begun=st.booleans())
def test_no_order_of_acts_leads_to_green_without_a_release_by_head_who_did_not_want_it(
        steps: list[tuple[str, Colleague]], begun: bool) -> None:
    day = ready_day(HUI, KAI, tasks=("N1", "N9", "A6", "A10", "A11", "N13"))  # few tasks: many orders are tried
    if begun:
        work_through(day)
    for number, (act, by) in enumerate(steps):
        try:
            do(day, act, by, number)
        except FilingDeskError:
            continue
        now = gate(day)
        assert (now.colour == RED) == (day.filing().hold != "released" or not now.releasable)
        if now.colour != RED:
            sign = now.release
            assert sign
            assert sign.by_role == "HEAD"
            assert sign.by not in (ANA.id, day.filing().asked_by)
            assert any(line["act"] == "released" and line["by"] == sign.by for line in day.store.where("audit", "subject", "F-1"))


def do(day: Day, act: str, by: Colleague, number: int) -> None:
    if act == "ask":
        ask_release(day.desk, "F-1", by, day.now)
    elif act == "release":
        release_filing(day.desk, "F-1", "seen", by, day.now)
    elif act == "refuse":
        refuse_release(day.desk, "F-1", "not yet", by, day.now)
    elif act.startswith("sign"):
        sign_off(day.desk, "F-1", act.split()[1], by, day.now, reason="r", evidence="e")
    elif act == "work":
        work_through(day)
    elif act == "change":
        change_facts(day.desk, "F-1", facts(), by, day.now)
    elif act == "list":
        entry = replace(NEW, version=f"v{number}", effective=date(2026, 8, 1) + timedelta(days=number),
                        members=(Market("DE", requirement=str(number)),))
        publish_list(day.desk, entry, {"DE"}, by, day.now, confirmed=True)
    else:
        with day.store.transaction() as tx:
            tx.put("tasks", (tx.get("tasks", "F-1.N12") or {}) | {"done": False, "done_by": ""})

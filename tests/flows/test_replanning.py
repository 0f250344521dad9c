"""A plan changes: before and after are seen first, what is done stays, and a plan that is late is told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.shipment import ShipmentLine
from bot.errors import BadDate, BadInput, NotAllowed
from bot.flows.change_task import TaskChange, change_task
from bot.flows.move_etd import look_at_move, move_etd, moves_along
from bot.flows.watch_plans import watch_plans
from bot.flows.watch_shipment import add_shipments
from bot.replies.plans import change_form, change_lines
from tests.fakes.desk import ANA, BO, DEV, ETD, Day
from tests.fakes.fake_chat import words_of

LATER = date(2027, 3, 5)


def finish(day: Day, *items: str) -> None:
    """Somebody has done these tasks."""
    with day.store.transaction() as tx:
        for item in items:
            tx.put("tasks", (tx.get("tasks", f"F-1.{item}") or {}) | {"done": True, "done_by": ANA.id})


def test_looking_at_a_move_shows_before_and_after_and_stores_nothing() -> None:
    day = Day()
    day.open()
    finish(day, "A1", "N1")
    before = {table: list(day.store.every(table)) for table in ("filings", "tasks", "reminders", "outbox", "audit")}
    change = look_at_move(day.desk, "F-1", LATER, "", BO, day.now)
    said = "\n".join(change_lines(day.desk.words, "en", change))
    assert day.desk.words.say("en", "change.etd", before="18 Dec 2026", after="5 Mar 2027") in said
    assert day.desk.words.say("en", "change.moved", n=len(change.moved)) in said
    assert day.desk.words.say("en", "change.kept", n=2) in said
    assert {"A1", "N1"}.isdisjoint(new.item for _, new in change.moved)
    assert {table: list(day.store.every(table)) for table in before} == before


def test_what_was_seen_is_what_happens() -> None:
    day = Day()
    day.open()
    finish(day, "A1")
    change = look_at_move(day.desk, "F-1", LATER, "", BO, day.now)
    moved = move_etd(day.desk, "F-1", LATER, BO, day.now, seen=change.seen)
    assert day.filing() == change.after
    assert day.tasks() == list(change.tasks)
    assert moved.tasks_moved == len(change.moved)


def test_what_somebody_changed_meanwhile_is_not_overwritten() -> None:
    day = Day()
    day.open()
    change = look_at_move(day.desk, "F-1", LATER, "", BO, day.now)
    finish(day, "A1")
    with pytest.raises(BadInput, match=day.phrase("error.changed_meanwhile", "zh")):
        move_etd(day.desk, "F-1", LATER, BO, day.now, seen=change.seen)
    assert day.filing().etd == ETD


def test_an_etd_behind_us_is_not_even_looked_at() -> None:
    day = Day()
    day.open()
    with pytest.raises(BadDate):
        look_at_move(day.desk, "F-1", date(2026, 6, 1), "", BO, day.now)


def test_what_no_longer_fits_is_named() -> None:
    day = Day()
    day.open(etd=LATER)
    change = look_at_move(day.desk, "F-1", date(2026, 8, 1), "", BO, day.now)
    assert {"A1", "N1", "N11"} <= {task.item for task in change.behind}
    assert "N11" in "\n".join(change_lines(day.desk.words, "zh", change))
    assert change.after.days_short > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_form_that_confirms_carries_what_was_seen_and_fits_on_a_phone(lang: str) -> None:
    day = Day()
    day.open()
    change = look_at_move(day.desk, "F-1", LATER, "pessimistic", BO, day.now)
    form = change_form(day.desk.words, lang, "confirm_etd", change, {"subject": "F-1"}, ["N1"])
    assert change.seen in form.carry
    assert all(field.kind == "note" for field in form.fields)
    assert len(form.fields[0].label.splitlines()) < 25


def test_the_project_manager_chooses_the_pace_and_it_is_recorded() -> None:
    day = Day()
    day.open(etd=LATER)
    before = {task.item: task.due for task in day.tasks()}
    move_etd(day.desk, "F-1", LATER, BO, day.now, band="pessimistic")
    after = {task.item: task.due for task in day.tasks()}
    assert day.filing().band == "pessimistic"
    assert after["N11"] < before["N11"]  # type: ignore[operator]
    assert after["N12"] == before["N12"]
    line = day.store.where("audit", "subject", "F-1")[-1]
    assert (line["act"], line["by"], line["details"]["after"]) == ("pace chosen", BO.id, "band: pessimistic")


def test_a_filing_stays_at_its_pace_when_its_etd_moves() -> None:
    day = Day()
    day.open(etd=LATER)
    move_etd(day.desk, "F-1", LATER, BO, day.now, band="pessimistic")
    move_etd(day.desk, "F-1", LATER + timedelta(days=30), ANA, day.now)
    assert day.filing().band == "pessimistic"


def test_sales_may_move_an_etd_but_choose_no_pace() -> None:
    day = Day()
    day.open()
    with pytest.raises(NotAllowed, match=day.phrase("error.band_role")):
        look_at_move(day.desk, "F-1", ETD, "optimistic", ANA, day.now)
    with pytest.raises(NotAllowed):
        move_etd(day.desk, "F-1", ETD, ANA, day.now, band="optimistic")
    assert day.filing().band == "default"


@settings(deadline=None, max_examples=25)
@given(done=st.sets(st.sampled_from(["A1", "N1", "N5", "N9", "N11", "A7", "N12", "A12"])), days=st.integers(0, 500))
def test_whatever_the_etd_becomes_what_is_done_stays_as_it_was(done: set[str], days: int) -> None:
    day = Day()
    day.open()
    finish(day, *done)
    before = {task.item: task for task in day.tasks()}
    move_etd(day.desk, "F-1", date(2026, 6, 20) + timedelta(days=days), BO, day.now)
    after = {task.item: task for task in day.tasks()}
    assert {item: after[item] for item in done} == {item: before[item] for item in done}
    assert after.keys() == before.keys()
    assert after["N14"].due == before["N14"].due  # it runs beside the plan


# ── a plan that is late ────────────────────────────────────────────────────────────────────────────


def test_a_plan_that_is_late_from_the_start_is_told_to_the_project_manager_once() -> None:
    day = Day()
    day.open(etd=date(2026, 8, 1))
    day.work()
    told = day.chat.named("late:F-1:")
    assert [one.channel for one in told] == [BO.id]
    for item in ("A1", "N1"):
        assert f"*{item}*" in words_of(told[0].reply)
    move_etd(day.desk, "F-1", date(2026, 8, 1), BO, day.now)
    day.work()
    assert len(day.chat.named("late:F-1:")) == 1


def test_without_a_project_manager_its_owner_is_told() -> None:
    day = Day()
    with day.store.transaction() as tx:
        tx.remove("people", BO.id)
    day.open(etd=date(2026, 8, 1))
    day.pass_time(hours=5)  # it is four in the morning there
    told, = day.chat.named("late:F-1:")
    assert told.channel == ANA.id
    assert told.at.astimezone(ZoneInfo(ANA.zone)).hour == 9


def test_a_plan_in_time_tells_nobody() -> None:
    day = Day()
    day.open(etd=LATER)
    day.work()
    assert not day.chat.named("late:")


def test_a_chinese_project_manager_reads_it_in_chinese() -> None:
    day = Day()
    day.open(etd=date(2026, 8, 1))
    day.work()
    assert day.phrase("plan.late.unreminded", "zh") in words_of(day.chat.named("late:F-1:")[0].reply)


def test_what_was_told_of_another_etd_says_how_it_stands_now_and_offers_no_plan() -> None:
    day = Day()
    day.open(etd=date(2026, 8, 1))
    day.work()
    move_etd(day.desk, "F-1", LATER, BO, day.now)
    day.work()
    older = day.chat.named("late:F-1:")[0].reply
    assert {choice.action for choice in older.choices} == {"show_plan"}
    assert day.desk.words.day("zh", LATER) in words_of(older)
    assert day.phrase("plan.fits", "zh") in words_of(older)
    move_etd(day.desk, "F-1", date(2026, 8, 1), BO, day.now)
    day.work()
    assert "replan" in {choice.action for choice in day.chat.named("late:F-1:")[0].reply.choices}
    assert len(day.chat.named("late:F-1:")) == 1


def test_of_several_late_plans_in_one_night_the_manager_reads_the_last_in_the_morning() -> None:
    day = Day(datetime(2026, 6, 15, 20, tzinfo=UTC))
    day.open(etd=LATER)
    for etd in (date(2026, 8, 1), date(2026, 8, 2), date(2026, 8, 3)):
        move_etd(day.desk, "F-1", etd, BO, day.now)
    day.pass_time(hours=12)
    assert [one.key for one in day.chat.named("late:F-1:")] == ["late:F-1:2026-08-03:default"]


# ── who did it ─────────────────────────────────────────────────────────────────────────────────────


def test_whoever_owns_a_filing_and_the_manager_hear_who_moved_it_once_a_day_and_the_mover_does_not() -> None:
    day = Day()
    day.open(etd=LATER, owner=DEV.id)
    for etd in (date(2027, 3, 8), date(2027, 3, 9)):
        move_etd(day.desk, "F-1", etd, ANA, day.now)
    day.pass_time(hours=4)  # in Kolkata it is too early yet
    told = {one.channel: words_of(one.reply) for one in day.chat.named("changed:")}
    assert sorted(told) == [BO.id, DEV.id]
    assert len(day.chat.named("changed:")) == 2
    assert day.desk.words.say("en", "changed_by", name="Ana") in told[DEV.id]
    for before, after in (("5 Mar 2027", "8 Mar 2027"), ("8 Mar 2027", "9 Mar 2027")):
        assert day.desk.words.say("en", "change.etd", before=before, after=after) in told[DEV.id]
    assert day.desk.words.day("zh", date(2027, 3, 9)) in told[BO.id]


def test_of_ones_own_filing_and_of_a_plan_made_again_as_it_was_nobody_is_told() -> None:
    day = Day()
    day.open(by=BO, owner=BO.id, etd=LATER)
    move_etd(day.desk, "F-1", date(2027, 3, 8), BO, day.now)
    move_etd(day.desk, "F-1", date(2027, 3, 8), ANA, day.now)
    day.work()
    assert not day.chat.named("changed:")


def test_the_manager_reads_who_made_a_plan_late_in_that_message_and_nowhere_else() -> None:
    day = Day()
    day.open(etd=LATER)
    move_etd(day.desk, "F-1", date(2026, 8, 1), ANA, day.now)
    day.work()
    assert "Ana" in words_of(day.chat.named("late:F-1:")[0].reply)
    assert not day.chat.named("changed:")


def test_the_owner_of_a_shipment_that_moves_with_its_filing_hears_who_moved_it() -> None:
    day = Day()
    day.open(by=BO, owner=BO.id)
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG", DEV.id)], BO, day.now)
    move_etd(day.desk, "F-1", LATER, BO, day.now)
    day.pass_time(hours=4)
    told = day.chat.named("changed:")
    assert [one.channel for one in told] == [DEV.id]
    assert "*SO-1*" in words_of(told[0].reply)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_filings_thread_keeps_each_move_with_who_from_and_to_in_its_language(lang: str) -> None:
    day = Day()
    day.open(by=BO if lang == "zh" else ANA, channel="C1", thread="1.000001", etd=LATER)
    assert day.filing().lang == lang
    move_etd(day.desk, "F-1", date(2027, 3, 8), BO, day.now)
    move_etd(day.desk, "F-1", date(2027, 3, 8), ANA, day.now)  # made again as it was
    move_etd(day.desk, "F-1", date(2027, 3, 9), ANA, day.now)
    day.work()
    days = [day.desk.words.day(lang, LATER + timedelta(days=more)) for more in (0, 3, 4)]
    told = day.chat.named("news:F-1:")
    assert [one.reply.headline for one in told] == [
        day.desk.words.say(lang, "news.moved_by", name=name, id="F-1", before=before, after=after)
        for name, before, after in (("Bo", *days[:2]), ("Ana", *days[1:]))]
    assert {(one.channel, one.thread) for one in told} == {("C1", "1.000001")}


def test_who_is_moved_at_night_hears_of_it_in_the_morning() -> None:
    day = Day(datetime(2026, 6, 15, 20, tzinfo=UTC))
    day.open(by=BO, owner=DEV.id, etd=LATER)
    move_etd(day.desk, "F-1", date(2027, 3, 8), BO, day.now)
    day.work()
    assert not day.chat.named("changed:")
    day.pass_time(hours=12)
    assert [one.channel for one in day.chat.named("changed:")] == [DEV.id]


# ── years ──────────────────────────────────────────────────────────────────────────────────────────


def test_years_whose_holidays_are_not_official_yet_are_named_in_the_plan() -> None:
    day = Day()
    day.open(etd=date(2027, 9, 1))
    assert day.filing().estimated == tuple(y for y in (2026, 2027) if day.desk.calendar.is_estimated(date(y, 1, 1)))


def test_a_task_that_becomes_late_is_told_once_and_the_plan_says_by_how_much() -> None:
    day = Day()
    day.open(etd=LATER)
    first = day.task("A1").due
    assert first
    day.now = datetime(first.year, first.month, first.day, 4, tzinfo=UTC)
    watch_plans(day.desk, day.now)
    assert not day.chat.named("late:F-1:")
    for late in (1, 2):
        day.now += timedelta(days=1)
        watch_plans(day.desk, day.now)
        day.work()
        assert day.filing().days_short >= late
        assert len(day.chat.named("late:F-1:")) == 1
    message = day.chat.named("late:F-1:")[0].reply
    assert {"replan", "ask_etd", "show_plan"} == {choice.action for choice in message.choices}
    assert day.desk.words.day("zh", day.filing().earliest[1]) in message.choices[0].label
    finish(day, "A1")
    change = look_at_move(day.desk, "F-1", day.filing().earliest[1], "", BO, day.now)
    assert change.after.days_short == 0
    assert {task.item for task in change.behind} <= {"N14"}  # overdue by itself, whatever the ETD
    watch_plans(day.desk, day.now)
    assert day.filing().days_short == 0


def late_by(days: int, *tasks: str) -> Day:
    """A plan whose first task, N1, is late so many calendar days after a Friday."""
    day = Day(tasks=tasks)
    day.open(by=BO, owner=BO.id)
    due = day.task("N1").due
    assert due
    assert due.strftime("%a") == "Fri"
    day.until(due + timedelta(days=days), hour=4)
    watch_plans(day.desk, day.now)
    day.work()
    return day


def test_while_the_etd_stays_the_manager_reads_what_waits_for_the_late_task_and_how_many_working_days_it_lacks() -> None:
    day = late_by(4, "N1", "N2", "N10", "N11")  # on the Tuesday, two working days late
    said = words_of(day.chat.named("late:F-1:")[0].reply)
    task, etd = day.desk.checklist.item("N1").text.said("zh"), day.desk.words.day("zh", day.filing().etd)
    assert day.desk.words.say("zh", "plan.late.task", n=2, item="N1", title=task, role="REG", due="X").split("X")[1][:9] in said
    assert day.desk.words.say("zh", "plan.late.waiting", n=2, etd=etd, items="N2、N10、N11、N12") in said


def test_the_digest_of_a_late_task_names_what_waits_for_it_and_what_is_done_waits_no_more() -> None:
    day = late_by(3, "N1", "N2", "A2", "N10", "N11")
    digest = [one for one in day.chat.named("remind:") if one.channel == BO.id][-1]
    assert day.desk.words.say("zh", "reminder.waiting", n=1, items="N2、A2、N10、N11、N12") in words_of(digest.reply)
    finish(day, "N2")
    day.until(day.now.date() + timedelta(days=4), hour=4)  # seven days on
    digest = [one for one in day.chat.named("remind:") if one.channel == BO.id][-1]
    assert day.desk.words.say("zh", "reminder.waiting", n=5, items="A2、N10、N11、N12") in words_of(digest.reply)


def test_a_plan_that_becomes_late_at_night_is_told_in_the_morning_of_a_working_day() -> None:
    day = Day()
    day.open(etd=LATER)
    first = day.task("A1").due
    assert first
    day.now = datetime(first.year, first.month, first.day, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    watch_plans(day.desk, day.now)
    day.work()
    assert not day.chat.named("late:F-1:")
    day.pass_time(days=4)
    told, = day.chat.named("late:F-1:")
    assert told.at.astimezone(ZoneInfo(BO.zone)).strftime("%H:%M") == "09:00"


def test_a_late_submission_is_counted_from_its_own_day_until_the_authority_has_completed() -> None:
    day = Day()
    day.open(etd=LATER)
    before = {item.id for item in day.desk.checklist.items if item.relative_to == "submission"} - {"N11"}
    finish(day, *(task.item for task in day.tasks() if task.item in before))
    planned = day.filing().submissions[1]
    day.now = datetime(planned.year, planned.month, planned.day, 4, tzinfo=UTC) + timedelta(days=10)
    change_task(day.desk, "F-1.N11", TaskChange("form:V1", done=True, evidence="receipt 7"), BO, day.now)
    assert day.task("N11").done_on == planned + timedelta(days=10)
    watch_plans(day.desk, day.now)
    short, earliest = day.filing().days_short, day.filing().earliest
    assert short >= 10
    day.now += timedelta(days=5)
    watch_plans(day.desk, day.now)
    assert (day.filing().days_short, day.filing().earliest) == (short, earliest), "the authority has had it for five days more"
    finish(day, "N12", "A7")
    watch_plans(day.desk, day.now)
    assert day.filing().days_short == 0


def test_a_meeting_that_was_held_comes_again_and_a_completed_filing_asks_no_more_questions() -> None:
    day = Day()
    day.open(etd=LATER)
    finish(day, "A13", "A7", "N14")
    meeting, questions = day.task("A13").due, day.task("A7").due
    assert meeting
    assert questions
    day.now = datetime(meeting.year, meeting.month, meeting.day, 4, tzinfo=UTC) + timedelta(days=1)
    watch_plans(day.desk, day.now)
    assert (day.task("A13").done, day.task("A7").done, day.task("N14").done) == (False, False, False)
    assert meeting < day.task("A13").due < LATER  # type: ignore[operator]
    finish(day, "A7", "N12")
    day.now += timedelta(days=8)
    watch_plans(day.desk, day.now)
    assert day.task("A7").done


def test_shipments_that_leave_with_the_filing_are_seen_to_move_along() -> None:
    day = Day()
    day.open()
    for number, etd in (("SO-1", ETD), ("SO-2", ETD + timedelta(days=30))):
        add_shipments(day.desk, [ShipmentLine(number, "FaceGate 300", "DE", etd, "Hafen AG")], ANA, day.now)
    change = look_at_move(day.desk, "F-1", LATER, "", BO, day.now)
    along = [one.number for one in moves_along(day.store, change.before, change.after)]
    assert along == ["SO-1"]
    assert day.desk.words.say("en", "change.along", items="SO-1") in change_lines(day.desk.words, "en", change, (), along)

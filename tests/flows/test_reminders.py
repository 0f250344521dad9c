"""Reminders: once each, at working hours where the reader is, answered with a button, moved with their date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.slack_blocks import fits, message_blocks
from bot.desk.digest import rest_of
from bot.desk.records import shipment_of
from bot.domain.people import Colleague
from bot.domain.reminding import Reminder
from bot.domain.rows import to_row
from bot.domain.shipment import ShipmentLine
from bot.errors import BadInput, Gone, NotAllowed, NotFound, TryLater
from bot.flows.answer_reminder import reminder_done, reminder_not_mine, reminder_snoozed
from bot.flows.change_shipment import set_state
from bot.flows.follow_ticket import follow_tickets
from bot.flows.move_etd import move_etd
from bot.flows.send_reminders import send_due
from bot.flows.watch_shipment import add_shipments
from tests.fakes.desk import ANA, BO, ETD, MIA, Day, settle_in
from tests.fakes.fake_chat import Posted, actions_of, words_of

LEAVES = date(2026, 7, 17)  # a Friday, in a month without holidays
FEW = ("N1", "N2", "N11")


def shipped(day: Day, owner: Colleague = BO, *numbers: str, etd: date = LEAVES) -> None:
    add_shipments(day.desk, [ShipmentLine(number, "Frobnicator 9", "DE", etd, "", owner.id) for number in numbers or ("SO-1",)],
                  ANA, day.now)


def told(day: Day) -> list[Posted]:
    return day.chat.named("remind:")


def sent(day: Day, subject: str = "S-1") -> list[Reminder]:
    return [one for one in day.reminders(subject) if one.state == "sent"]


def own(day: Day, subject: str = "S-1") -> list[Reminder]:
    """Those for the owner; the release authority has one of its own."""
    return [one for one in day.reminders(subject) if one.to == "owner"]


def at(day: Day, when: str) -> None:
    """The clock goes on to an instant in Shanghai, everything being worked off on the way."""
    end = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    day.pass_time(seconds=(end - day.now).total_seconds())


def down_until(day: Day, when: str) -> None:
    """Nothing runs until then."""
    day.now = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    day.restart()


def test_all_reminders_of_a_shipment_go_out_once_each_at_nine() -> None:
    day = Day()
    shipped(day)
    day.until(LEAVES)
    assert [one.at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%a %d %H:%M") for one in told(day)] == [
        "Fri 03 09:00", "Fri 10 09:00", "Tue 14 09:00", "Thu 16 09:00"]
    assert {one.channel for one in told(day)} == {BO.id}
    assert {one.state for one in own(day)} == {"sent"}


@pytest.mark.parametrize("owner", [ANA, BO, MIA])
def test_each_reader_is_written_to_at_nine_of_their_own_clock(owner: Colleague) -> None:
    day = Day()
    shipped(day, owner)
    day.until(LEAVES)
    assert {one.at.astimezone(ZoneInfo(owner.zone)).strftime("%H:%M") for one in told(day)} == {"09:00"}


def test_what_falls_due_together_is_one_message_with_buttons_for_each() -> None:
    day = Day()
    shipped(day, BO, "SO-1", "SO-2", "SO-3")
    at(day, "2026-07-03 12:00")
    assert len(told(day)) == 1
    assert actions_of(told(day)[0].reply).count("reminder_done") == 3


def test_however_much_is_due_it_is_one_message_that_slack_takes_and_the_rest_is_a_press_away() -> None:
    day = Day()
    shipped(day, BO, *(f"SO-{number}" for number in range(90)))
    at(day, "2026-07-03 12:00")
    digest, = told(day)
    assert fits(message_blocks(digest.reply))
    assert actions_of(digest.reply).count("reminder_done") == 8
    assert digest.reply.choices[0].label == day.desk.words.say("zh", "choice.rest", n=82)
    seen, start = [part.text for part in digest.reply.parts if part.choices], digest.reply.choices[0].value
    while start:
        name, _, number = start.partition("|")
        rest = rest_of(day.store, day.desk, name, BO.id, int(number), day.now)
        assert fits(message_blocks(rest))
        seen += [part.text for part in rest.parts]
        start = rest.choices[0].value if rest.choices else ""
    assert len(set(seen)) == 90


def test_what_falls_due_after_the_digest_waits_for_the_next_unless_its_date_would_pass() -> None:
    day = Day()
    shipped(day)
    at(day, "2026-07-10 10:00")
    by_hand = replace(own(day)[0], state="pending", due_at=day.now, planned_for=day.now, sent_at=None)
    pressing = replace(by_hand, id="S-1:-:etd-0:2026-07-10", kind="etd-0", offset=0, anchor=date(2026, 7, 10), subject="S-2")
    shipped(day, BO, "SO-2", etd=date(2026, 12, 1))
    with day.store.transaction() as tx:
        tx.put("reminders", to_row(by_hand))
        tx.put("reminders", to_row(pressing))
    before = len(told(day))
    at(day, "2026-07-10 17:00")
    alone, = told(day)[before:]
    assert alone.thread == told(day)[before - 1].ts
    assert "SO-2" in words_of(alone.reply)
    at(day, "2026-07-13 12:00")
    assert [one.at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%a %H:%M") for one in told(day)[before + 1:]] == ["Mon 09:00"]


def test_a_reminder_is_in_the_readers_language() -> None:
    day = Day()
    shipped(day, BO)
    at(day, "2026-07-03 12:00")
    assert day.phrase("reminder.shipment", "zh") in words_of(told(day)[0].reply)


# ── answering ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def due() -> Day:
    """A filing whose first task is due; the ticket is there, and the owner of the task was reminded."""
    day = Day(tasks=FEW)
    day.open()
    day.until(day.task("N1").due)
    assert sent(day, "F-1")
    return day


def the_reminder(day: Day) -> Reminder:
    return max((one for one in sent(day, "F-1") if one.task == "F-1.N1"), key=lambda one: one.sent_at)


def test_done_closes_the_task_here_and_in_the_tracker_and_ends_its_reminders(due: Day) -> None:
    reminder_done(due.desk, the_reminder(due).id, BO, due.now)
    due.work()
    task = due.task("N1")
    assert (task.done, task.done_by) == (True, BO.id)
    assert due.tracker.get(task.ticket).status_kind == "done"
    assert not [one for one in due.reminders("F-1") if one.task == task.id and one.state == "pending"]
    before = len(told(due))
    due.pass_time(days=30)
    assert not [one for one in told(due)[before:] if "*N1*" in words_of(one.reply)]


def test_done_is_confirmed_with_the_tasks_name_in_the_language_of_whoever_did_it(due: Day) -> None:
    said = reminder_done(due.desk, the_reminder(due).id, BO, due.now)
    assert due.desk.checklist.item("N1").text.said("zh") in said
    assert due.task("N1").title not in said


def test_done_strikes_the_line_and_takes_its_buttons_away(due: Day) -> None:
    reminder = the_reminder(due)
    reminder_done(due.desk, reminder.id, BO, due.now)
    due.work()
    message, = due.chat.named(reminder.message)
    assert message.reply.parts[0].text.startswith("~")
    assert "reminder_done" not in actions_of(message.reply)


def test_done_pressed_twice_is_done_once(due: Day) -> None:
    reminder = the_reminder(due)
    reminder_done(due.desk, reminder.id, BO, due.now)
    assert reminder_done(due.desk, reminder.id, BO, due.now) == due.phrase("reminder.already", "zh")
    assert len([line for line in due.store.where("audit", "subject", "F-1") if line["act"] == "reminder answered"]) == 1


def test_only_the_reader_or_a_project_manager_may_answer(due: Day) -> None:
    with pytest.raises(NotAllowed):
        reminder_done(due.desk, the_reminder(due).id, MIA, due.now)
    with due.store.transaction() as tx:
        tx.put("reminders", to_row(replace(the_reminder(due), owner=ANA.id)))
    assert reminder_done(due.desk, the_reminder(due).id, BO, due.now)


def test_an_unknown_reminder_is_said_to_be_unknown(due: Day) -> None:
    with pytest.raises(NotFound):
        reminder_done(due.desk, "F-9:N1:due+0:2026-01-01", BO, due.now)


def test_snoozed_comes_again_on_the_next_working_morning() -> None:
    day = Day()
    shipped(day)
    at(day, "2026-07-10 12:00")  # a Friday
    reminder = max(sent(day), key=lambda one: one.sent_at)
    reminder_snoozed(day.desk, reminder.id, BO, day.now)
    at(day, "2026-07-13 08:59")
    assert len(told(day)) == 2
    at(day, "2026-07-13 09:01")
    assert len(told(day)) == 3
    assert next(one for one in sent(day) if one.id == reminder.id).snoozed == 1


def test_snoozed_past_its_date_is_warned_of_by_the_readers_calendar() -> None:
    day = Day()
    shipped(day)
    at(day, "2026-07-16 12:00")
    reminder = max(sent(day), key=lambda one: one.sent_at)
    assert day.phrase("reminder.said.snoozed", "zh") in reminder_snoozed(day.desk, reminder.id, BO, day.now)
    at(day, "2026-07-17 12:00")
    again = next(one for one in sent(day) if one.id == reminder.id)
    said = reminder_snoozed(day.desk, again.id, BO, day.now)
    assert said == day.desk.words.say("zh", "reminder.said.snoozed_past", until=day.desk.words.moment(
        "zh", datetime(2026, 7, 20, 1, tzinfo=UTC), "Asia/Shanghai"), due=day.desk.words.day("zh", LEAVES))


def test_not_mine_goes_to_the_filings_owner_with_all_that_is_still_to_come(due: Day) -> None:
    reminder = the_reminder(due)
    assert ANA.name in reminder_not_mine(due.desk, reminder.id, BO, due.now)
    assert due.task("N1").owner == ANA.id
    assert {one.owner for one in due.reminders("F-1") if one.task == "F-1.N1" and one.state == "pending"} >= {ANA.id}
    before = len(told(due))
    due.pass_time(days=3)
    assert any(one.channel == ANA.id for one in told(due)[before:])


def message_of(day: Day, name: str) -> str:
    day.work()
    message, = day.chat.named(name)
    return words_of(message.reply)


def test_what_is_put_off_is_not_called_settled() -> None:
    day = Day()
    shipped(day)
    at(day, "2026-07-10 12:00")
    reminder = max(sent(day), key=lambda one: one.sent_at)
    reminder_snoozed(day.desk, reminder.id, BO, day.now)
    said = message_of(day, reminder.message)
    assert day.phrase("reminder.title.answered", "zh") in said
    assert day.phrase("reminder.title.all_done", "zh") not in said


def test_a_moved_etd_is_told_with_the_days_that_are_left_and_that_no_filing_covers_it_yet() -> None:
    day = Day()
    shipped(day)
    at(day, "2026-07-10 12:00")
    reminder = max(sent(day), key=lambda one: one.sent_at)
    move_etd(day.desk, "SO-1", LEAVES + timedelta(days=5), BO, day.now)
    said = message_of(day, reminder.message)
    left = (LEAVES + timedelta(days=5) - date(2026, 7, 10)).days
    words = day.desk.words
    assert words.say("zh", "reminder.state.moved_to", etd=words.day("zh", LEAVES + timedelta(days=5)),
                     when=words.say("zh", "when.in", n=left)) in said
    assert words.day("zh", LEAVES) in said
    assert day.phrase("reminder.title.all_done", "zh") not in said


def test_what_is_handed_over_says_to_whom_and_to_them_from_whom(due: Day) -> None:
    reminder = the_reminder(due)
    reminder_not_mine(due.desk, reminder.id, BO, due.now)
    assert due.desk.words.say("zh", "reminder.state.handed_to", name=ANA.name) in message_of(due, reminder.message)
    due.pass_time(days=3)
    told_ana = [words_of(one.reply) for one in told(due) if one.channel == ANA.id]
    assert any(due.desk.words.say("en", "reminder.passed_by", name=BO.name) in said for said in told_ana)


def test_a_snoozed_one_of_what_is_handed_over_no_longer_says_that_it_comes_again() -> None:
    day = Day(tasks=FEW)
    day.open(owner=ANA.id)
    day.until(day.task("N1").due - timedelta(days=6))
    first = the_reminder(day)
    reminder_snoozed(day.desk, first.id, BO, day.now, day.task("N1").due - timedelta(days=1))
    day.until(day.task("N1").due - timedelta(days=1), hour=0)
    second = next(one for one in day.reminders("F-1") if one.task == "F-1.N1" and one.state == "sent")
    reminder_not_mine(day.desk, second.id, BO, day.now)
    assert day.desk.words.say("zh", "reminder.state.handed_to", name=ANA.name) in message_of(day, first.message)


def test_what_was_handed_over_in_the_evening_survives_another_tasks_change_at_night() -> None:
    day = Day(tasks=FEW)
    day.open()
    day.until(day.task("N1").due - timedelta(days=2), hour=17)  # Ana's working day in Berlin is over
    reminder_not_mine(day.desk, the_reminder(day).id, BO, day.now)
    before = len(told(day))
    day.work()
    day.tracker.edit(day.task("N11").ticket, due=day.task("N11").due - timedelta(days=2))
    assert follow_tickets(day.desk, day.tracker, day.now) == 1
    day.pass_time(hours=20)
    assert [(one.channel, "*N1*" in words_of(one.reply)) for one in told(day)[before:]] == [(ANA.id, True)]


def test_not_mine_about_a_shipment_changes_its_owner_for_good() -> None:
    day = Day()
    shipped(day, MIA)
    at(day, "2026-07-04 12:00")
    reminder_not_mine(day.desk, sent(day)[0].id, MIA, day.now)
    assert shipment_of(day.store, "SO-1").owner == BO.id
    move_etd(day.desk, "SO-1", LEAVES + timedelta(days=7), BO, day.now)
    assert {one.owner for one in day.reminders("S-1") if one.state == "pending"} == {BO.id}


def test_not_mine_with_nobody_else_there_is_said() -> None:
    day = Day()
    shipped(day, BO)
    at(day, "2026-07-04 12:00")
    with pytest.raises(BadInput):
        reminder_not_mine(day.desk, sent(day)[0].id, BO, day.now)


# ── moving, cancelling ─────────────────────────────────────────────────────────────────────────────


def test_moved_back_and_forth_each_reminder_still_comes_once() -> None:
    day = Day()
    shipped(day)
    at(day, "2026-07-10 12:00")
    for etd in (date(2026, 7, 31), LEAVES, date(2026, 8, 7), LEAVES):
        move_etd(day.desk, "SO-1", etd, BO, day.now)
    day.until(LEAVES)
    assert len(told(day)) == 4
    assert [one.state for one in own(day) if one.anchor == LEAVES] == ["sent"] * 4


def test_a_date_moved_closer_says_which_reminders_lie_behind() -> None:
    day = Day()
    shipped(day, etd=date(2026, 8, 28))
    move_etd(day.desk, "SO-1", date(2026, 6, 19), BO, day.now)
    near = {one.offset: (one.state, one.why) for one in own(day) if one.anchor == date(2026, 6, 19)}
    assert near[-14] == near[-7] == ("skipped", "behind")
    assert near[-3] == ("pending", "") or near[-3][1] in ("same day", "behind")
    assert near[-1] == ("pending", "")


def test_a_cancelled_shipment_is_silent_even_if_its_rows_still_wait() -> None:
    day = Day()
    shipped(day)
    set_state(day.desk, "SO-1", "cancelled", BO, day.now)
    with day.store.transaction() as tx:  # a row an older program left waiting
        tx.put("reminders", to_row(replace(day.reminders("S-1")[0], state="pending", due_at=day.now)))
    day.until(LEAVES)
    assert not told(day)
    assert day.reminders("S-1")[0].why == "cancelled"


# ── stops, nights, outages ─────────────────────────────────────────────────────────────────────────


def test_after_a_stop_what_was_missed_is_told_once_bundled_and_said_to_be_late() -> None:
    day = Day()
    shipped(day, BO, "SO-1", "SO-2")
    down_until(day, "2026-07-14 11:30")
    day.work()
    assert len(told(day)) == 1
    assert day.phrase("reminder.late", "zh") in words_of(told(day)[0].reply)
    assert len(told(day)[0].reply.parts) == 2
    assert {(one.offset, one.state, one.why) for one in own(day)} == {
        (-14, "skipped", "overtaken"), (-7, "skipped", "overtaken"), (-3, "sent", "late"), (-1, "pending", "")}


@pytest.mark.parametrize(("up_at", "told_at"), [
    ("2026-07-14 03:00", "2026-07-14 09:00"), ("2026-07-14 22:00", "2026-07-15 09:00"), ("2026-07-11 12:00", "2026-07-13 09:00"),
    ("2026-07-14 17:59", "2026-07-14 17:59"), ("2026-07-14 18:00", "2026-07-15 09:00")])
def test_after_a_stop_nobody_is_written_to_at_night_or_on_a_free_day(up_at: str, told_at: str) -> None:
    day = Day()
    shipped(day)
    down_until(day, up_at)
    day.pass_time(days=4)
    assert told(day)[0].at.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m-%d %H:%M") == told_at


def test_somebody_we_have_not_met_is_spared_at_night_in_the_zone_of_the_desk() -> None:
    day = Day(zone="America/New_York")
    with day.store.transaction() as tx:
        for row in list(tx.every("people")):
            tx.remove("people", row["id"])
    shipped(day)
    day.until(LEAVES)
    assert {one.at.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M") for one in told(day)} == {"09:00"}


def test_somebody_who_has_moved_is_not_woken_by_a_reminder_planned_for_the_old_zone() -> None:
    day = Day()
    shipped(day, BO)
    settle_in(day.desk, [replace(BO, zone="America/New_York")])
    day.until(LEAVES)
    hours = {one.at.astimezone(ZoneInfo("America/New_York")).hour for one in told(day)}
    assert hours <= set(range(9, 18))


@pytest.mark.parametrize("minutes", [1, 60, 600])
def test_while_the_chat_is_down_nothing_is_lost_and_nothing_is_told_twice(minutes: int) -> None:
    day = Day()
    shipped(day)
    day.chat.close_channel(BO.id, TryLater("Slack cannot be reached."))
    at(day, "2026-07-03 09:00")
    day.pass_time(minutes=minutes)
    assert not told(day)
    day.chat.closed.clear()
    day.pass_time(days=3)  # where the chat comes back in the evening, it waits for the next working morning
    assert len(told(day)) == 1


def test_a_reminder_that_cannot_be_delivered_is_visibly_failed() -> None:
    day = Day()
    shipped(day)
    day.chat.close_channel(BO.id, Gone("The person has left."))
    at(day, "2026-07-03 12:00")
    failed, = day.store.where("outbox", "state", "failed")
    assert (failed["subject"], failed["error"]) == ("S-1", "The person has left.")
    assert day.next_due() == datetime(2026, 7, 10, 1, tzinfo=UTC)


def test_a_clock_that_jumps_back_sends_nothing_twice() -> None:
    day = Day()
    shipped(day)
    at(day, "2026-07-10 12:00")
    day.now -= timedelta(days=9)
    day.until(LEAVES)
    assert len(told(day)) == 4


def test_a_row_that_is_no_longer_pending_does_not_keep_the_clock_awake() -> None:
    day = Day()
    shipped(day)
    with day.store.transaction() as tx:
        tx.put("reminders", to_row(replace(day.reminders("S-1")[0], state="sent", due_at=day.now)))
    send_due(day.desk, day.now)
    assert day.next_due() is not None
    assert day.next_due() > day.now  # type: ignore[operator]


def test_the_project_manager_hears_of_a_missed_task_and_the_owner_is_warned_before() -> None:
    day = Day(tasks=FEW)
    day.open()
    day.until(day.task("N1").due + timedelta(days=14))
    about = [one for one in day.reminders("F-1") if one.task == "F-1.N1" and one.state == "sent"]
    assert {one.offset for one in about} >= {-7, -2, 0, 1, 7}
    assert {one.owner for one in about if one.offset >= 3} == {BO.id}
    assert day.task("N1").due < ETD

"""What cannot be delivered goes to somebody else, said aloud; what went out is proved; what was deleted is not owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk.ledger import entry_of
from bot.desk.outbox import show
from bot.desk.records import habits_of, keep
from bot.domain.people import Colleague, Habits
from bot.domain.reminding import ReminderStep
from bot.domain.rows import to_row
from bot.domain.shipment import ShipmentLine
from bot.errors import BadDate, BadInput, Gone, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.flows.answer_reminder import reminder_done
from bot.flows.keep_habits import HabitsWish, keep_habits
from bot.flows.know_person import know_person, stale_people
from bot.flows.prove_day import next_proof, prove_day
from bot.flows.watch_shipment import add_shipments
from bot.replies import Reply
from tests.fakes.desk import ANA, BO, MIA, Day, settle_in
from tests.fakes.fake_chat import Posted, words_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
CAI = Colleague("U7", "Cai", "cai@example.com", "Asia/Shanghai", "zh", "OPS")
LEAVES = date(2026, 7, 17)


def shipped(day: Day, owner: Colleague = CAI, number: str = "SO-1", etd: date = LEAVES) -> None:
    add_shipments(day.desk, [ShipmentLine(number, "FaceGate 300", "DE", etd, "", owner.id, "yes")], ANA, day.now)


def told(day: Day, to: Colleague) -> list[Posted]:
    return [one for one in day.chat.named("remind:") if one.channel == to.id]


def at(day: Day, when: str) -> None:
    day.pass_time(seconds=(datetime.fromisoformat(when).replace(tzinfo=SHANGHAI) - day.now).total_seconds())


@pytest.fixture
def day() -> Day:
    day = Day()
    settle_in(day.desk, [ANA, BO, MIA, CAI])
    day.chat.people[CAI.id] = CAI
    return day


@pytest.mark.parametrize(("error", "zh"), [
    (Gone("The person's account is deactivated."), "此人的账号已停用。"),
    (Refused("Slack refused: no_idea."), "Slack refused: no_idea.")])
def test_what_one_person_cannot_get_the_project_manager_gets_at_once_and_is_told_why(
        day: Day, error: Gone | Refused, zh: str) -> None:
    shipped(day)
    day.chat.close_channel(CAI.id, error)
    at(day, "2026-07-03 10:00")
    message, = told(day, BO)
    assert CAI.name in words_of(message.reply)
    assert zh in words_of(message.reply)
    assert message.at.astimezone(SHANGHAI).strftime("%H:%M") == "09:00"
    entry = next(entry_of(day.store, one) for one in day.reminders("S-1") if one.sent_at)
    assert (entry.outcome, entry.why) == ("passed on", str(error))


def test_a_deputy_comes_before_the_project_manager(day: Day) -> None:
    with day.store.transaction() as tx:
        keep(tx, "habits", Habits(CAI.id, deputy=ANA.id))
    shipped(day)
    day.chat.close_channel(CAI.id, Gone("The person's account is deactivated."))
    at(day, "2026-07-03 20:00")
    assert (len(told(day, ANA)), len(told(day, BO))) == (1, 0)


def test_somebody_known_to_have_left_is_not_even_tried(day: Day) -> None:
    shipped(day)
    settle_in(day.desk, [replace(CAI, active=False)])
    at(day, "2026-07-03 10:00")
    assert CAI.name in words_of(told(day, BO)[0].reply)
    assert not day.store.where("outbox", "state", "failed")


def test_with_nobody_else_there_it_stays_visibly_failed(day: Day) -> None:
    shipped(day, BO)
    day.chat.close_channel(BO.id, Gone("The person has left."))
    at(day, "2026-07-03 10:00")
    failed = [row for row in day.store.where("outbox", "state", "failed") if row["name"].startswith("remind:")]
    assert [row["error"] for row in failed] == ["The person has left."]
    assert {entry_of(day.store, one).outcome for one in day.reminders("S-1") if one.sent_at} == {"failed"}


def test_what_an_archived_channel_does_not_take_the_project_manager_gets(day: Day) -> None:
    step = ReminderStep("etd-14-shipping", -14, "days", "#shipping")
    day.desk = replace(day.desk, reminders=replace(day.desk.reminders, shipment=(step,)))
    shipped(day)
    day.chat.close_channel("#shipping", Gone("The channel is archived."))
    at(day, "2026-07-03 10:00")
    message, = told(day, BO)
    assert "#shipping" in words_of(message.reply)
    assert "频道已归档。" in words_of(message.reply)


def test_after_a_day_the_one_who_could_not_be_reached_is_tried_again(day: Day) -> None:
    shipped(day)
    day.chat.close_channel(CAI.id, Gone("messages_tab_disabled"))
    at(day, "2026-07-03 10:00")
    day.chat.closed.clear()
    at(day, "2026-07-10 10:00")
    assert len(told(day, CAI)) == 1


def test_a_message_deleted_by_hand_is_not_posted_anew_and_does_not_count_as_failed(day: Day) -> None:
    shipped(day)
    at(day, "2026-07-03 10:00")
    message, = told(day, CAI)
    day.chat.delete(message.key)
    sent = next(one for one in day.reminders("S-1") if one.sent_at)
    reminder_done(day.desk, sent.id, CAI, day.now)
    day.work()
    assert not told(day, CAI)
    assert not day.store.where("outbox", "state", "failed")
    assert entry_of(day.store, sent).why == "deleted by hand"


# ── own habits ─────────────────────────────────────────────────────────────────────────────────────


def test_somebodys_own_hour_and_language_are_followed(day: Day) -> None:
    shipped(day)
    keep_habits(day.desk, HabitsWish(at=time(7, 30), lang="en"), CAI, day.now)
    at(day, "2026-07-03 10:00")
    message, = told(day, CAI)
    assert message.at.astimezone(SHANGHAI).strftime("%H:%M") == "07:30"
    assert day.phrase("reminder.shipment", "en") in words_of(message.reply)


def test_while_somebody_is_away_the_deputy_gets_what_falls_due_and_nobody_later_again(day: Day) -> None:
    shipped(day)
    keep_habits(day.desk, HabitsWish(away_from=date(2026, 7, 2), away_until=date(2026, 7, 12), deputy=ANA.id), CAI, day.now)
    at(day, "2026-07-17 20:00")
    assert [one.at.date() for one in told(day, ANA)] == [date(2026, 7, 3), date(2026, 7, 10)]
    assert [one.at.date() for one in told(day, CAI)] == [date(2026, 7, 14), date(2026, 7, 16)]
    assert CAI.name in words_of(told(day, ANA)[0].reply)


def test_a_deputy_may_answer_and_the_ledger_says_who_did_and_when(day: Day) -> None:
    shipped(day)
    keep_habits(day.desk, HabitsWish(away_until=date(2026, 7, 12), deputy=ANA.id), CAI, day.now)
    at(day, "2026-07-03 20:00")
    sent = next(one for one in day.reminders("S-1") if one.sent_at)
    assert (sent.owner, sent.sent_to) == (CAI.id, ANA.id)
    reminder_done(day.desk, sent.id, ANA, day.now)
    answered = next(one for one in day.reminders("S-1") if one.id == sent.id)
    assert (answered.answered_by, answered.answered_at) == (ANA.id, day.now)


def test_without_a_deputy_it_waits_and_comes_once_on_the_first_working_morning_back(day: Day) -> None:
    shipped(day)
    shipped(day, CAI, "SO-2")
    keep_habits(day.desk, HabitsWish(away_until=date(2026, 7, 11)), CAI, day.now)  # a Saturday
    at(day, "2026-07-13 20:00")
    message, = told(day, CAI)
    assert message.at.astimezone(SHANGHAI).strftime("%a %d %H:%M") == "Mon 13 09:00"
    assert len(message.reply.parts) == 2


def test_deputies_who_are_away_themselves_are_passed_over_and_a_circle_ends(day: Day) -> None:
    shipped(day)
    away = {"away_from": date(2026, 7, 1), "away_until": date(2026, 7, 12)}
    with day.store.transaction() as tx:
        for who, deputy in ((CAI, MIA), (MIA, ANA), (ANA, CAI)):
            keep(tx, "habits", Habits(who.id, deputy=deputy.id, **(away if who is not ANA else {})))
    at(day, "2026-07-04 12:00")
    assert len(told(day, ANA)) == 1


@pytest.mark.parametrize(("wish", "error"), [
    (HabitsWish(away_until=date(2026, 6, 14)), BadDate), (HabitsWish(away_from=date(2026, 7, 1)), BadDate),
    (HabitsWish(away_from=date(2026, 7, 9), away_until=date(2026, 7, 1)), BadDate), (HabitsWish(deputy=CAI.id), BadInput),
    (HabitsWish(at=time(19, 0)), BadInput), (HabitsWish(deputy=ANA.id), BadDate)])
def test_habits_that_cannot_be_are_refused_and_nothing_is_kept(day: Day, wish: HabitsWish, error: type[Exception]) -> None:
    with pytest.raises(error):
        keep_habits(day.desk, wish, CAI, day.now)
    assert habits_of(day.store, CAI.id) == Habits(CAI.id)


def test_a_deputy_without_a_last_day_is_refused_at_the_day_that_is_missing(day: Day) -> None:
    with pytest.raises(BadDate) as caught:
        keep_habits(day.desk, HabitsWish(deputy=ANA.id), CAI, day.now)
    assert (caught.value.field, str(caught.value)) == ("away_until", day.desk.words.say(CAI.lang, "error.deputy_open"))


def test_a_deputy_is_told_once_for_whom_and_when_in_their_language(day: Day) -> None:
    for hour in (time(9), time(8)):
        keep_habits(day.desk, HabitsWish(hour, "", date(2026, 7, 2), date(2026, 7, 12), MIA.id), CAI, day.now)
        day.work()
    message, = day.chat.named("stand_in:")
    assert (message.channel, message.edits) == (MIA.id, 0)
    assert message.reply.headline == day.desk.words.say("en", "stand_in.title", name=CAI.name, days="2 Jul 2026 – 12 Jul 2026")


def test_a_deputy_who_is_not_to_stand_in_after_all_reads_so_and_the_next_one_is_told(day: Day) -> None:
    for deputy in (MIA, ANA):
        wish = HabitsWish(away_from=date(2026, 7, 2), away_until=date(2026, 7, 12), deputy=deputy.id)
        keep_habits(day.desk, wish, CAI, day.now)
        day.work()
    first, second = day.chat.named("stand_in:")
    assert (first.channel, second.channel) == (MIA.id, ANA.id)
    assert day.phrase("stand_in.off") in first.reply.headline
    assert day.phrase("stand_in.title") in second.reply.headline


def test_of_a_pause_that_is_over_nobody_hears_again(day: Day) -> None:
    keep_habits(day.desk, HabitsWish(away_until=date(2026, 6, 16), deputy=ANA.id), CAI, day.now)
    day.work()
    day.now += timedelta(days=9)
    keep_habits(day.desk, HabitsWish(), CAI, day.now)
    day.work()
    message, = day.chat.named("stand_in:")
    assert message.edits == 0


def test_somebody_who_moves_is_reminded_on_the_same_date_of_their_new_clock(day: Day) -> None:
    shipped(day)
    day.chat.people[CAI.id] = replace(CAI, zone="America/New_York")
    assert CAI.id not in stale_people(day.desk, day.now + timedelta(days=6))
    day.now += timedelta(days=7)
    assert CAI.id in stale_people(day.desk, day.now)
    know_person(day.desk, day.chat, (), CAI.id, day.now)
    day.until(LEAVES)
    assert [one.at.astimezone(ZoneInfo("America/New_York")).strftime("%d %H:%M") for one in told(day, CAI)] == [
        "02 09:00", "10 09:00", "14 09:00", "16 09:00"]  # the third is free there: Independence Day is kept on it


# ── the proof ──────────────────────────────────────────────────────────────────────────────────────


def proofs(day: Day) -> list[Posted]:
    return day.chat.named("proof:")


def evening(day: Day, when: str) -> str:
    at(day, when)
    prove_day(day.desk, day.now)
    day.work()
    return words_of(proofs(day)[-1].reply) if proofs(day) else ""


@pytest.fixture
def proved(day: Day) -> Day:
    day.desk = replace(day.desk, admin_channel="#desk")
    shipped(day)
    shipped(day, ANA, "SO-2")
    assert not evening(day, "2026-07-03 08:00")
    return day


def test_the_evening_proves_that_all_went_out(proved: Day) -> None:
    assert next_proof(proved.desk) == datetime(2026, 7, 3, 10, tzinfo=UTC)
    said = evening(proved, "2026-07-03 18:00")
    assert proved.desk.words.say("en", "proof.all", n=2, since=proved.desk.words.moment(
        "en", datetime(2026, 7, 3, tzinfo=UTC), "Asia/Shanghai")) in said
    assert next_proof(proved.desk) == datetime(2026, 7, 4, 10, tzinfo=UTC)
    prove_day(proved.desk, proved.now)
    assert len(proofs(proved)) == 1


def test_the_proof_names_what_did_not_reach_its_reader_and_why(proved: Day) -> None:
    proved.chat.close_channel(CAI.id, Gone("The person's account is deactivated."))
    proved.chat.close_channel(ANA.id, TryLater("Slack cannot be reached."))
    said = evening(proved, "2026-07-03 18:00")
    assert proved.desk.words.say("en", "proof.some", n=2, out=1, left=1, since=proved.desk.words.moment(
        "en", datetime(2026, 7, 3, tzinfo=UTC), "Asia/Shanghai")) in said
    assert "The person's account is deactivated." in said
    assert "Slack cannot be reached." in said
    assert f"passed on to {BO.name}" in said


def test_after_two_days_of_outage_one_proof_covers_them_and_shows_what_still_waits(proved: Day) -> None:
    proved.now += timedelta(days=2, hours=10)
    prove_day(proved.desk, proved.now)
    row, = [row for row in proved.store.every("outbox") if str(row["id"]).startswith("show:proof:")]
    assert "still waiting" in " ".join(row["reply"]["bullets"])
    assert len(row["reply"]["bullets"]) == 2


def test_without_an_admin_channel_nothing_is_proved(day: Day) -> None:
    assert not prove_day(day.desk, day.now)
    assert next_proof(day.desk) is None


def test_a_reminder_row_of_an_older_program_is_still_read(day: Day) -> None:
    shipped(day)
    old = {name: value for name, value in to_row(day.reminders("S-1")[0]).items()
           if name not in ("day", "to", "only_if", "words", "sent_to", "answered_by", "answered_at", "due_on")}
    with day.store.transaction() as tx:
        tx.put("reminders", old)
    at(day, "2026-07-17 20:00")
    assert {one.state for one in day.reminders("S-1") if one.to == "owner"} == {"sent"}


# ── a chat that is away or asks for patience ───────────────────────────────────────────────────────


def test_while_a_channel_asks_for_patience_for_minutes_it_is_asked_once_a_period_however_much_waits_for_it(day: Day) -> None:
    with day.store.transaction() as tx:
        for number in range(30):
            show(tx, f"note:{number}", "C9", "", Reply(f"note {number}"), day.now)
        show(tx, "note:other", "C8", "", Reply("for somebody else"), day.now)
    day.chat.close_channel("C9", TryLater("Slack asks to wait.", 60))
    day.pass_time(minutes=5)
    tried = [key for call, key in day.chat.calls if call == "post" and key != "note:other"]
    assert len(tried) <= 6
    assert len(day.chat.named("note:other")) == 1
    day.chat.closed.clear()
    day.pass_time(minutes=10)
    assert len(day.chat.named("note:")) == 31


def test_two_days_of_outage_are_caught_up_by_one_message_that_says_it_is_late(day: Day) -> None:
    for number in range(3):
        shipped(day, CAI, f"SO-{number}", LEAVES + timedelta(days=number))
    day.now = datetime(2026, 7, 3, 1, tzinfo=UTC) + timedelta(days=3, hours=2)  # from Friday nine to Monday eleven
    day.restart()
    day.pass_time(hours=10)
    message, = told(day, CAI)
    assert day.phrase("reminder.late", "zh") in words_of(message.reply)
    assert len(message.reply.parts) == 3


# ── Slack is away ──────────────────────────────────────────────────────────────────────────────────


DOWN = TryLater("Slack cannot be reached.")


def away(day: Day, since: str, until: str, error: ServiceError = DOWN) -> None:
    """The chat takes nothing for Cai in this time, by the clock in Shanghai."""
    at(day, since)
    day.chat.close_channel(CAI.id, error)
    at(day, until)
    day.chat.closed.clear()


def is_late(day: Day, message: Posted) -> bool:
    return day.phrase("reminder.late", "zh") in words_of(message.reply)


@pytest.mark.parametrize("error", [
    TryLater("Slack cannot be reached."), TryLater("Slack asks to wait.", 240), OutcomeUnknown("Slack's answer was lost.")],
    ids=["down", "wait", "lost"])
def test_a_digest_that_is_late_only_because_slack_was_away_says_so(day: Day, error: ServiceError) -> None:
    shipped(day)
    away(day, "2026-07-03 08:30", "2026-07-03 09:30", error)
    at(day, "2026-07-03 18:00")
    message, = told(day, CAI)
    assert is_late(day, message)
    entry = next(entry_of(day.store, one) for one in day.reminders("S-1") if one.sent_at)
    assert (entry.outcome, entry.why) == ("delivered", "late")
    assert entry.reminder.sent_at
    assert timedelta() <= message.at - entry.reminder.sent_at <= day.desk.reminders.late_after
    reminder_done(day.desk, entry.reminder.id, CAI, day.now)
    day.work()
    assert is_late(day, message)  # edited, it still says how it came


def test_what_comes_a_moment_after_its_hour_is_not_called_late(day: Day) -> None:
    shipped(day)
    away(day, "2026-07-03 08:30", "2026-07-03 09:01")
    at(day, "2026-07-03 18:00")
    assert not is_late(day, told(day, CAI)[0])


def test_how_late_is_late_stands_in_the_plan(day: Day) -> None:
    day.desk = replace(day.desk, reminders=replace(day.desk.reminders, late_after=timedelta(hours=3)))
    shipped(day)
    away(day, "2026-07-03 08:30", "2026-07-03 10:30")
    at(day, "2026-07-03 18:00")
    assert not is_late(day, told(day, CAI)[0])


def test_after_an_outage_into_the_night_one_message_comes_in_the_next_working_morning(day: Day) -> None:
    for number in range(3):
        shipped(day, CAI, f"SO-{number}", LEAVES + timedelta(days=3 * number))  # due on Friday, on Monday and on Thursday
    away(day, "2026-07-03 08:30", "2026-07-03 22:00")
    waiting, = (entry_of(day.store, one) for one in day.reminders("S-1") if one.offset == -14)
    assert (waiting.outcome, waiting.why) == ("waiting", "Slack cannot be reached.")
    at(day, "2026-07-06 18:00")
    message, = told(day, CAI)
    assert message.at.astimezone(SHANGHAI).strftime("%A %H:%M") == "Monday 09:00"
    assert len(message.reply.parts) == 2
    assert is_late(day, message)


def test_two_days_without_slack_are_caught_up_by_one_message(day: Day) -> None:
    for number in range(3):
        shipped(day, CAI, f"SO-{number}", LEAVES + timedelta(days=number))
    away(day, "2026-07-02 08:30", "2026-07-06 11:00")
    at(day, "2026-07-06 18:00")
    message, = told(day, CAI)
    assert is_late(day, message)
    assert len(message.reply.parts) == 3


def test_what_was_settled_while_slack_was_away_is_not_told_any_more(day: Day) -> None:
    shipped(day)
    away(day, "2026-07-03 08:30", "2026-07-03 09:20")
    one = next(one for one in day.reminders("S-1") if one.state == "sent")
    reminder_done(day.desk, one.id, CAI, day.now)
    at(day, "2026-07-03 18:00")
    assert not told(day, CAI)
    entry = entry_of(day.store, next(one for one in day.reminders("S-1") if one.offset == -14))
    assert (entry.outcome, entry.why) == ("not needed", "done")
    assert day.store.first("outbox", "chat_due") is None

"""Delivery: one ticket, one sub-task per item, one message, whatever the services answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.desk.outbox import show, want_ticket
from bot.domain.rows import to_row
from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.flows.deliver_messages import deliver_messages
from bot.flows.deliver_tickets import deliver_tickets
from bot.flows.move_etd import move_etd
from bot.flows.retry_ticket import retry_ticket
from bot.replies import Reply
from tests.fakes.desk import BO, ETD, Day
from tests.fakes.fake_chat import actions_of, words_of

FEW = ("N1", "N2", "N11")


def quiet_day() -> Day:
    return Day(tasks=FEW)


def assert_one_of_each(day: Day) -> None:
    """Exactly one ticket, one sub-task per item, one message; the desk knows them by their keys."""
    filing = day.filing()
    labels = Counter(kept.draft.label for kept in day.tracker.tickets.values())
    assert labels == Counter([filing.label, *(task.label for task in day.tasks())])
    keys = {kept.draft.label: key for key, kept in day.tracker.tickets.items()}
    assert filing.ticket == keys[filing.label]
    assert all(task.ticket == keys[task.label] for task in day.tasks())
    assert filing.state == "open"
    assert filing.trouble == ""
    assert len(day.chat.named("filing:F-1")) == 1


def test_a_filing_becomes_one_ticket_with_a_subtask_for_each_item() -> None:
    day = Day()
    day.open()
    day.work()
    assert_one_of_each(day)
    assert len(day.tasks()) > 20


def test_a_ticket_names_its_determination_due_date_and_labels() -> None:
    day = quiet_day()
    day.ask("Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 18 Dec 2026?")
    day.open(determination="D-1")
    day.work()
    draft = day.tracker.tickets[day.filing().ticket].draft
    assert "D-1" in draft.description
    assert draft.due == ETD
    assert {"filingdesk", "fd-1a2b3c"} <= set(draft.labels)


def test_what_is_agreed_is_not_sent_again() -> None:
    day = quiet_day()
    day.open()
    day.work()
    calls, edits = len(day.tracker.calls), len(day.chat.calls)
    with day.store.transaction() as tx:
        want_ticket(tx, "F-1", day.now)
    day.pass_time(hours=1)
    assert len(day.tracker.calls) == calls
    assert len(day.chat.calls) == edits


METHODS = ("create", "create_all", "get", "children", "link", "find", "set_due", "move")
FAULTS = [TryLater("Jira asks to wait.", 7), TryLater("not reached"), OutcomeUnknown("lost")]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("error", FAULTS, ids=["wait", "down", "lost"])
@pytest.mark.parametrize("after_work", [False, True], ids=["before", "after"])
def test_one_lost_answer_of_any_call_leaves_one_ticket(method: str, error: ServiceError, after_work: bool) -> None:
    if after_work and isinstance(error, TryLater):
        after_work = False  # TryLater means that nothing happened
    day = quiet_day()
    day.tracker.fail_next(error, after_work, method)
    day.open()
    day.pass_time(hours=1)
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.pass_time(hours=1)
    assert_one_of_each(day)
    assert day.tracker.get(day.filing().ticket).due == ETD + timedelta(days=7)


@pytest.mark.parametrize("method", ["post", "update", "find"])
@pytest.mark.parametrize("error", FAULTS, ids=["wait", "down", "lost"])
@pytest.mark.parametrize("after_work", [False, True], ids=["before", "after"])
def test_one_lost_answer_of_the_chat_leaves_one_message(method: str, error: ServiceError, after_work: bool) -> None:
    if after_work and isinstance(error, TryLater):
        after_work = False
    day = quiet_day()
    day.chat.fail_next(error, after_work, method)
    day.open()
    day.pass_time(hours=1)
    assert_one_of_each(day)
    assert day.filing().ticket in words_of(day.chat.named("filing:F-1")[0].reply)


@pytest.mark.parametrize("seconds", [1, 7, 90, 3600])
def test_a_service_that_asks_to_wait_is_left_alone_for_so_long(seconds: float) -> None:
    day = quiet_day()
    day.tracker.fail_next(TryLater("Jira asks to wait.", seconds), on="create")
    day.open()
    day.work()
    day.now += timedelta(seconds=seconds - 0.5)
    day.work()
    assert day.tracker.called("create") == 1
    day.now += timedelta(seconds=1)
    day.work()
    assert day.tracker.called("create") == 2


def test_one_channel_that_asks_for_patience_is_asked_once_and_the_others_go_on() -> None:
    day = Day()
    for number in range(5):
        day.ask("hello", ts=f"1.{number}", channel="C1")
    day.ask("hello", ts="2.0", channel="C2")
    day.chat.fail_next(TryLater("Slack asks to wait.", 30), on="post")
    while deliver_messages(day.desk, day.chat, day.now):
        pass
    assert day.chat.called("post") == 2
    assert [one.channel for one in day.chat.posted] == ["C2"]
    day.pass_time(minutes=2)
    assert len(day.chat.posted) == 6


# ── settled by looking ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("missed", [0, 1, 3, 8])
def test_a_ticket_the_search_shows_late_is_waited_for_and_adopted(missed: int) -> None:
    day = quiet_day()
    day.tracker.lag_search(missed)
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    day.open()
    day.pass_time(hours=1)
    assert day.tracker.called("create") == 1
    assert_one_of_each(day)


@pytest.mark.parametrize("stumble", [TryLater("down"), Refused("bad query"), Gone("no project"), OutcomeUnknown("lost")],
                         ids=["down", "refused", "gone", "lost"])
def test_an_error_met_while_looking_never_leads_to_a_second_ticket(stumble: ServiceError) -> None:
    day = quiet_day()
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    day.tracker.fail_next(stumble, False, "find")
    day.open()
    day.pass_time(hours=1)
    if day.filing().state == "parked":
        retry_ticket(day.desk, "F-1", BO, day.now)
        day.pass_time(hours=1)
    assert day.tracker.called("create") == 1
    assert_one_of_each(day)


def test_looking_may_stumble_many_times_before_the_ticket_is_adopted() -> None:
    day = quiet_day()
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    for _ in range(7):
        day.tracker.fail_next(TryLater("down"), False, "find")
    day.open()
    day.pass_time(hours=5)
    assert day.tracker.called("create") == 1
    assert_one_of_each(day)


def test_an_attempt_that_left_nothing_is_made_again_once_the_search_must_have_caught_up() -> None:
    day = quiet_day()
    day.tracker.fail_next(OutcomeUnknown("lost"), False, "create")
    day.open()
    day.pass_time(seconds=100)
    assert day.tracker.called("create") == 1
    day.pass_time(minutes=10)
    assert day.tracker.called("create") == 2
    assert_one_of_each(day)


def test_a_double_that_the_search_shows_too_late_is_said() -> None:
    day = quiet_day()
    day.tracker.lag_search(11)
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    day.open()
    day.pass_time(seconds=60)
    day.tracker.lag_search(0)
    day.pass_time(hours=2)
    assert day.tracker.called("create") == 2
    said = words_of(day.chat.named("filing:F-1")[0].reply)
    assert day.phrase("filing.doubles") in said
    assert "EXP-1, EXP-2" in said


def test_a_double_is_no_longer_said_once_somebody_has_closed_it() -> None:
    day = quiet_day()
    day.tracker.lag_search(11)
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    day.open()
    day.pass_time(seconds=60)
    day.tracker.lag_search(0)
    day.pass_time(hours=2)
    other = {"EXP-1", "EXP-2"} - {day.filing().ticket}
    day.tracker.delete(other.pop())
    move_etd(day.desk, "F-1", ETD + timedelta(days=1), BO, day.now)
    day.pass_time(hours=1)
    assert day.phrase("filing.doubles") not in words_of(day.chat.named("filing:F-1")[0].reply)
    assert_one_of_each(day)


def test_doubt_about_an_earlier_attempt_survives_a_later_attempt_that_was_turned_away() -> None:
    day = quiet_day()
    day.tracker.lag_search(11)
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    day.open()
    day.pass_time(seconds=104)
    day.tracker.lag_search(0)
    day.tracker.fail_next(TryLater("down", 1), False, "create")
    day.pass_time(hours=2)
    assert day.phrase("filing.doubles") in words_of(day.chat.named("filing:F-1")[0].reply)


def test_half_a_checklist_is_completed_and_not_doubled() -> None:
    day = Day()
    day.open()
    labels = [task.label for task in day.tasks()]
    for label in labels[3:]:
        day.tracker.refuse_label(label)
    day.work()
    assert day.filing().state == "parked"
    for label in labels[3:]:
        day.tracker.accept_label(label)
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert_one_of_each(day)


def test_subtasks_of_a_lost_answer_are_adopted_from_the_parent() -> None:
    day = Day()
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create_all")
    day.open()
    day.pass_time(hours=1)
    assert day.tracker.called("create_all") == 1
    assert_one_of_each(day)


def test_a_date_moved_while_the_answer_was_lost_still_reaches_ticket_and_subtasks() -> None:
    day = quiet_day()
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    day.open()
    day.work()
    move_etd(day.desk, "F-1", ETD + timedelta(days=14), BO, day.now)
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create_all")
    day.pass_time(seconds=30)
    move_etd(day.desk, "F-1", ETD + timedelta(days=28), BO, day.now)
    day.pass_time(hours=1)
    assert day.tracker.get(day.filing().ticket).due == ETD + timedelta(days=28)
    assert [day.tracker.get(task.ticket).due for task in day.tasks()] == [task.due for task in day.tasks()]


# ── wishes that come while a call is under way ─────────────────────────────────────────────────────


def test_words_wished_for_while_a_post_is_under_way_are_not_lost() -> None:
    day = Day()
    post = day.chat.post

    def slow_post(channel: str, thread: str, reply: Reply, key: str) -> str:
        with day.store.transaction() as tx:
            show(tx, "note", "C1", "", Reply("newer"), day.now)
        return post(channel, thread, reply, key)

    with day.store.transaction() as tx:
        show(tx, "note", "C1", "", Reply("older"), day.now)
    day.chat.post = slow_post  # type: ignore[method-assign]
    day.work()
    assert [one.reply.headline for one in day.chat.posted] == ["newer"]


def test_newer_words_are_tried_even_where_the_older_ones_were_refused() -> None:
    day = Day()
    post = day.chat.post
    renewed = []

    def refusing_post(channel: str, thread: str, reply: Reply, key: str) -> str:
        if not renewed:
            renewed.append(True)
            with day.store.transaction() as tx:
                show(tx, "note", "C1", "", Reply("newer"), day.now)
            raise Refused("too long")
        return post(channel, thread, reply, key)

    with day.store.transaction() as tx:
        show(tx, "note", "C1", "", Reply("older"), day.now)
    day.chat.post = refusing_post  # type: ignore[method-assign]
    day.work()
    assert [one.reply.headline for one in day.chat.posted] == ["newer"]


def test_a_task_done_while_the_last_look_is_under_way_still_reaches_the_tracker() -> None:
    day = quiet_day()
    day.tracker.lag_search(0)
    day.tracker.fail_next(OutcomeUnknown("lost"), False, "create")
    day.open()
    find = day.tracker.find

    def slow_find(label: str) -> list[str]:
        if day.filing().ticket:  # the last look for doubles
            with day.store.transaction() as tx:
                tx.put("tasks", to_row(replace(day.task("N1"), done=True)))
                want_ticket(tx, "F-1", day.now)
        return find(label)

    day.tracker.find = slow_find  # type: ignore[method-assign]
    day.pass_time(hours=1)
    assert day.tracker.get(day.task("N1").ticket).status_kind == "done"


def test_a_batch_that_takes_long_does_not_make_a_fresh_attempt_look_old() -> None:
    """Each call must stand beside a `now` of its own: a mark older than the call would shorten the wait for the search."""
    day = quiet_day()
    for number in range(3):
        day.open(origin=f"form:{number}", customer=f"customer {number}")
    before = len(day.tracker.calls)
    deliver_tickets(day.desk, day.tracker, day.now)
    assert len(day.tracker.calls) - before <= 2


# ── parked, gone, broken ───────────────────────────────────────────────────────────────────────────


def test_a_refused_ticket_is_parked_with_its_reason_and_made_on_retry() -> None:
    day = quiet_day()
    filing = day.open()
    day.tracker.refuse_label(filing.label)
    day.work()
    message = day.chat.named("filing:F-1")[0].reply
    assert day.filing().state == "parked"
    assert "customfield_10050: is required" in words_of(message)
    assert "retry_ticket" in actions_of(message)
    assert day.next_due() is None or day.next_due() > day.now + timedelta(days=1)

    day.tracker.accept_label(filing.label)
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert_one_of_each(day)
    assert "retry_ticket" not in actions_of(day.chat.named("filing:F-1")[0].reply)


def test_a_retry_that_is_refused_again_is_parked_again() -> None:
    day = quiet_day()
    day.tracker.refuse_label(day.open().label)
    for _ in range(3):
        day.work()
        retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert day.filing().state == "parked"
    assert not day.tracker.tickets


def test_a_retry_of_what_is_in_order_changes_nothing() -> None:
    day = quiet_day()
    day.open()
    day.work()
    before, calls = day.filing(), len(day.tracker.calls)
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert day.filing() == before
    assert {name for name, _ in day.tracker.calls[calls:]} <= {"get", "children"}


def test_trouble_that_has_passed_is_taken_back() -> None:
    day = quiet_day()
    day.open()
    day.work()
    day.tracker.fail_next(TryLater("Jira cannot be reached."), False, "set_due")
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert "Jira cannot be reached" in words_of(day.chat.named("filing:F-1")[0].reply)
    day.pass_time(minutes=5)
    assert "Jira cannot be reached" not in words_of(day.chat.named("filing:F-1")[0].reply)
    assert_one_of_each(day)


def test_a_refused_change_is_parked_and_mended_by_the_next_change() -> None:
    day = quiet_day()
    day.open()
    day.work()
    day.tracker.fail_next(Refused("The due date cannot be set."), False, "set_due")
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert day.filing().state == "parked"
    move_etd(day.desk, "F-1", ETD + timedelta(days=14), BO, day.now)
    day.work()
    assert_one_of_each(day)


def test_a_deleted_ticket_is_said_and_not_tried_for_ever() -> None:
    day = quiet_day()
    day.open()
    day.work()
    day.tracker.delete(day.filing().ticket)
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.pass_time(days=1)
    calls = len(day.tracker.calls)
    day.pass_time(days=3)
    assert len(day.tracker.calls) == calls
    assert day.filing().state == "parked"
    assert "no longer exists" in words_of(day.chat.named("filing:F-1")[0].reply)


def test_a_deleted_ticket_is_made_anew_only_when_a_person_says_so() -> None:
    day = quiet_day()
    day.open()
    day.work()
    day.tracker.delete(day.filing().ticket)
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert not day.tracker.tickets
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert_one_of_each(day)


def test_a_deleted_subtask_is_made_anew_on_retry_and_the_others_stay() -> None:
    day = quiet_day()
    day.open()
    day.work()
    kept, lost = day.task("N2").ticket, day.task("N1").ticket
    day.tracker.delete(lost)
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert day.filing().state == "parked"
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert_one_of_each(day)
    assert day.task("N2").ticket == kept


def test_a_row_that_leads_nowhere_does_not_hold_up_the_others() -> None:
    day = quiet_day()
    with day.store.transaction() as tx:
        want_ticket(tx, "F-404", day.now - timedelta(days=1))
        tx.put("outbox", {"id": "show:broken", "name": "broken", "channel": "C1", "thread": "", "subject": "", "reply": {},
                          "version": 1, "tries": 0, "trying": None, "state": "waiting",
                          "chat_due": (day.now - timedelta(days=1)).isoformat()})
    day.open()
    day.work()
    assert_one_of_each(day)
    assert day.store.get("outbox", "ticket:F-404")["state"] == "failed"  # type: ignore[index]
    assert day.store.get("outbox", "show:broken")["error"]  # type: ignore[index]


@pytest.mark.parametrize("error", [Refused("missing_scope"), Gone("The channel is archived.")], ids=["refused", "gone"])
def test_a_message_that_cannot_be_delivered_is_failed_and_visible(error: ServiceError) -> None:
    day = Day()
    day.chat.close_channel("C9", error)
    day.ask("hello", channel="C9")
    day.pass_time(days=2)
    failed = day.store.where("outbox", "state", "failed")
    assert [(row["channel"], row["error"], row["chat_due"]) for row in failed] == [("C9", str(error), None)]
    assert day.chat.called("post") == 1


def test_a_message_that_failed_is_tried_again_when_something_new_is_to_be_said() -> None:
    day = quiet_day()
    day.chat.close_channel("C1", Gone("The channel is archived."))
    day.open()
    day.work()
    assert day.store.get("outbox", "show:filing:F-1")["state"] == "failed"  # type: ignore[index]
    day.chat.closed.clear()
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert_one_of_each(day)


# ── the address of the thread ──────────────────────────────────────────────────────────────────────


def test_the_ticket_links_to_the_thread_even_when_the_message_comes_last() -> None:
    day = quiet_day()
    day.chat.fail_next(TryLater("down"), on="post")
    day.open()
    day.work()
    day.pass_time(minutes=5)
    filing = day.filing()
    url, title = day.tracker.tickets[filing.ticket].links[filing.label]
    assert url == "https://example.slack.com/archives/C1/p1000001"
    assert "F-1" in title


def test_a_moved_etd_moves_the_due_dates_of_ticket_and_subtasks_and_keeps_what_is_done() -> None:
    day = quiet_day()
    day.open()
    day.work()
    with day.store.transaction() as tx:
        tx.put("tasks", to_row(replace(day.task("N1"), done=True)))
        want_ticket(tx, "F-1", day.now)
    day.work()
    before = {task.item: task.due for task in day.tasks()}
    moved = move_etd(day.desk, "F-1", date(2027, 2, 26), BO, day.now)
    day.work()
    assert moved.tasks_moved == len(before) - 1
    assert day.task("N1").due == before["N1"]
    assert day.tracker.get(day.filing().ticket).due == date(2027, 2, 26)
    assert day.tracker.get(day.task("N11").ticket).due == day.task("N11").due > before["N11"]

"""What people do in the tracker comes back: once, without undoing what is on its way there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.desk.outbox import want_ticket
from bot.domain.rows import to_row
from bot.errors import Gone, TryLater
from bot.flows.answer_reminder import reminder_done
from bot.flows.follow_ticket import follow_tickets
from bot.flows.move_etd import move_etd
from bot.flows.retry_ticket import retry_ticket
from bot.ports import Ticket
from tests.fakes.desk import BO, ETD, Day
from tests.fakes.fake_chat import actions_of, words_of

FEW = ("N1", "N2", "N11")


@pytest.fixture
def day() -> Day:
    day = Day(tasks=FEW)
    day.open()
    day.pass_time(minutes=10)
    follow_tickets(day.desk, day.tracker, day.now)
    day.pass_time(minutes=10)
    return day


def poll(day: Day) -> int:
    changed = follow_tickets(day.desk, day.tracker, day.now)
    day.work()
    return changed


def test_a_quiet_board_changes_nothing(day: Day) -> None:
    before = list(day.store.every("filings")), list(day.store.every("tasks")), list(day.store.every("audit"))
    edits = day.chat.called("update")
    assert poll(day) == 0
    assert before == (list(day.store.every("filings")), list(day.store.every("tasks")), list(day.store.every("audit")))
    assert day.chat.called("update") == edits


def test_without_a_ticket_nobody_is_asked() -> None:
    day = Day(tasks=FEW)
    assert follow_tickets(day.desk, day.tracker, day.now) == 0
    day.open()
    assert follow_tickets(day.desk, day.tracker, day.now) == 0
    assert not day.tracker.calls


def test_a_new_status_is_shown_in_the_filings_message_once(day: Day) -> None:
    day.tracker.edit(day.filing().ticket, status="Waiting for the authority", status_kind="indeterminate")
    assert poll(day) == 1
    assert day.filing().status == "Waiting for the authority"
    assert "Waiting for the authority" in words_of(day.chat.named("filing:F-1")[0].reply)
    day.now += timedelta(minutes=1)
    assert poll(day) == 0
    moves = [line for line in day.store.where("audit", "subject", "F-1") if line["act"] == "ticket moved"]
    assert len(moves) == 1


def test_a_subtask_done_there_is_done_here_and_its_reminders_end(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status="Erledigt", status_kind="done")
    assert poll(day) == 1
    task = day.task("N1")
    assert (task.done, task.done_by) == (True, "tracker")
    assert {one.state for one in day.reminders("F-1") if one.task == task.id} == {"skipped"}
    assert any(one.state == "pending" for one in day.reminders("F-1"))
    assert "1 of" in words_of(day.chat.named("filing:F-1")[0].reply)
    assert day.tracker.called("move") == 0


def test_a_subtask_opened_again_is_open_again_with_its_reminders(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    poll(day)
    day.tracker.edit(day.task("N1").ticket, status_kind="new")
    poll(day)
    task = day.task("N1")
    assert (task.done, task.done_by) == (False, "")
    assert any(one.state == "pending" for one in day.reminders("F-1") if one.task == task.id)


def test_a_due_date_moved_there_moves_the_reminders_here(day: Day) -> None:
    day.tracker.edit(day.task("N2").ticket, due=date(2026, 12, 1))
    assert poll(day) == 1
    assert day.task("N2").due == date(2026, 12, 1)
    assert {one.anchor for one in day.reminders("F-1") if one.task == "F-1.N2" and one.state == "pending"} == {date(2026, 12, 1)}
    assert day.tracker.called("set_due") == 0


def test_what_is_about_to_be_changed_from_here_is_not_undone_by_a_poll(day: Day) -> None:
    with day.store.transaction() as tx:
        tx.put("tasks", to_row(replace(day.task("N1"), done=True, done_by=BO.id)))
        want_ticket(tx, "F-1", day.now)
    day.tracker.edit(day.task("N1").ticket, summary="edited by hand")
    follow_tickets(day.desk, day.tracker, day.now)
    assert day.task("N1").done
    day.work()
    assert day.tracker.get(day.task("N1").ticket).status_kind == "done"
    assert poll(day) == 0
    assert day.task("N1").done_by == BO.id


def test_a_date_moved_here_and_there_at_once_ends_the_same_on_both_sides(day: Day) -> None:
    move_etd(day.desk, "F-1", ETD + timedelta(days=28), BO, day.now)
    day.tracker.edit(day.task("N11").ticket, due=date(2026, 9, 9))
    poll(day)
    poll(day)
    assert day.tracker.get(day.task("N11").ticket).due == day.task("N11").due


def test_our_own_change_made_between_the_look_and_the_write_is_not_taken_back(day: Day) -> None:
    """The delivery runs beside the poll: what the poll read is older than what the delivery has done since."""
    day.tracker.edit(day.task("N1").ticket, due=date(2026, 8, 3))
    get_all, key = day.tracker.get_all, day.task("N1").ticket

    def slow_get_all(keys: list[str]) -> list[Ticket]:
        seen = get_all(keys)
        if key in keys and not day.task("N1").done:
            with day.store.transaction() as tx:
                tx.put("tasks", to_row(replace(day.task("N1"), done=True, done_by=BO.id, ticket_done=True)))
            day.tracker.move(key, "done")
        return seen

    day.tracker.get_all = slow_get_all  # type: ignore[method-assign]
    follow_tickets(day.desk, day.tracker, day.now)
    assert day.task("N1").done
    poll(day)
    changes = [line["details"]["done"] for line in day.store.where("audit", "subject", "F-1.N1")]
    assert "False" not in changes, "never taken back, not even for a moment"
    assert (day.task("N1").done, day.task("N1").due) == (True, date(2026, 8, 3))


def test_a_filing_done_there_is_done_here_and_nobody_is_reminded_any_more(day: Day) -> None:
    day.tracker.edit(day.filing().ticket, status="Done", status_kind="done")
    poll(day)
    assert day.filing().state == "done"
    assert not any(one.state == "pending" for one in day.reminders("F-1"))
    assert day.next_due() is None


def test_a_filing_opened_again_there_reminds_again(day: Day) -> None:
    day.tracker.edit(day.filing().ticket, status="Done", status_kind="done")
    poll(day)
    day.tracker.edit(day.filing().ticket, status="To Do", status_kind="new")
    poll(day)
    assert day.filing().state == "open"
    assert any(one.state == "pending" for one in day.reminders("F-1"))


def test_a_moved_etd_of_a_done_filing_wakes_no_reminders(day: Day) -> None:
    day.tracker.edit(day.filing().ticket, status="Done", status_kind="done")
    poll(day)
    move_etd(day.desk, "F-1", ETD + timedelta(days=28), BO, day.now)
    assert not any(one.state == "pending" for one in day.reminders("F-1"))


def test_a_parked_filing_stays_parked_when_somebody_edits_its_ticket(day: Day) -> None:
    day.tracker.fail_next(Gone("no"), on="set_due")
    move_etd(day.desk, "F-1", ETD + timedelta(days=28), BO, day.now)
    day.work()
    day.tracker.edit(day.filing().ticket, status="In Review", status_kind="indeterminate")
    poll(day)
    assert day.filing().state == "parked"
    assert "retry_ticket" in actions_of(day.chat.named("filing:F-1")[0].reply)


def test_a_deleted_ticket_is_noticed_said_once_and_made_anew_on_retry(day: Day) -> None:
    day.tracker.delete(day.filing().ticket)
    assert poll(day) == 1
    assert day.filing().state == "parked"
    assert "no longer exists" in words_of(day.chat.named("filing:F-1")[0].reply)
    edits = day.chat.called("update")
    for _ in range(3):
        assert poll(day) == 0
    assert day.chat.called("update") == edits
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert day.filing().state == "open"
    assert len(day.tracker.tickets) == 1 + len(day.tasks())


def test_a_deleted_subtask_is_noticed_though_no_search_shows_it(day: Day) -> None:
    lost = day.task("N1").ticket
    day.tracker.delete(lost)
    assert poll(day) == 1
    assert lost in words_of(day.chat.named("filing:F-1")[0].reply)
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert day.task("N1").ticket not in ("", lost)


def test_the_ticket_of_every_filing_is_visited_in_turn() -> None:
    day = Day(tasks=FEW)
    for number in range(3):
        day.open(origin=f"form:{number}", customer=f"customer {number}")
    day.work()
    for number in (1, 2, 3):
        day.tracker.delete(day.filing(f"F-{number}").ticket)
    for _ in range(3):
        poll(day)
    assert {day.filing(f"F-{number}").state for number in (1, 2, 3)} == {"parked"}


def test_a_ticket_moved_to_another_project_is_followed_under_its_new_key(day: Day) -> None:
    old = day.filing().ticket
    kept = day.tracker.tickets.pop(old)
    kept.ticket = replace(kept.ticket, key="OPS-7", url="https://jira.example.com/browse/OPS-7")
    day.tracker.tickets["OPS-7"] = kept
    get, children = day.tracker.get, day.tracker.children
    day.tracker.get = lambda key: get("OPS-7" if key == old else key)  # type: ignore[method-assign]
    day.tracker.children = lambda key: children("OPS-7" if key == old else key)  # type: ignore[method-assign]
    for task in day.tasks():
        day.tracker.edit(task.ticket, parent="OPS-7")
    poll(day)
    assert day.filing().ticket == "OPS-7"
    assert "OPS-7" in words_of(day.chat.named("filing:F-1")[0].reply)


def test_a_double_that_carries_our_label_is_not_followed(day: Day) -> None:
    draft = day.tracker.tickets[day.filing().ticket].draft
    double = day.tracker.create(draft)
    day.tracker.edit(double, status="Done", status_kind="done")
    assert poll(day) == 0
    assert day.filing().state == "open"


def test_overlapping_polls_take_a_change_over_once(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    assert [poll(day) for _ in range(4)] == [1, 0, 0, 0]


def test_a_change_that_came_before_the_last_poll_but_was_indexed_after_it_is_still_seen(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    day.now += timedelta(minutes=2)
    with day.store.transaction() as tx:
        tx.put("notes", {"id": "poll", "at": day.now.isoformat()})
    assert poll(day) == 1


def test_a_poll_that_failed_is_made_up_for_by_the_next(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    day.tracker.fail_next(TryLater("down"), on="changed")
    with pytest.raises(TryLater):
        follow_tickets(day.desk, day.tracker, day.now)
    day.now += timedelta(hours=2)
    assert poll(day) == 1


def test_what_happened_before_the_very_first_poll_is_seen() -> None:
    day = Day(tasks=FEW)
    day.open()
    day.work()
    day.tracker.edit(day.filing().ticket, status="Started", status_kind="indeterminate")
    day.now += timedelta(days=2)  # the process was down until now
    since: list[datetime] = []
    changed = day.tracker.changed
    day.tracker.changed = lambda label, at: since.append(at) or changed(label, at)  # type: ignore[method-assign,func-returns-value]
    poll(day)
    assert since[0] < day.filing().opened_at
    assert day.filing().status == "Started"


def test_a_clock_that_went_back_misses_no_change(day: Day) -> None:
    day.now -= timedelta(hours=6)
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    assert poll(day) == 1


def test_done_pressed_in_the_chat_is_done_in_the_tracker_and_comes_back_as_nothing_new(day: Day) -> None:
    day.until(min(task.due for task in day.tasks() if task.due))
    reminder = next(one for one in day.reminders("F-1") if one.state == "sent")
    reminder_done(day.desk, reminder.id, BO, day.now)
    day.work()
    task = next(task for task in day.tasks() if task.id == reminder.task)
    assert day.tracker.get(task.ticket).status_kind == "done"
    assert poll(day) == 0

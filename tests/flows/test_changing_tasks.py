"""A task changed in its form, and words put on a ticket from a thread: only what was meant, by those who may, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import BadInput, NotAllowed, NotFound
from bot.flows.change_task import TaskChange, change_task
from bot.flows.comment_on_ticket import Remark, comment_on_ticket
from bot.flows.follow_ticket import follow_tickets
from bot.replies.tasks import task_form, task_menu
from tests.fakes.desk import ANA, BO, DEV, MIA, Day
from tests.fakes.fake_chat import words_of

FEW = ("N1", "N2", "N11")
REMARK = Remark("C1:9.9", "C1", "1.000001", "two more doors", "Mia", "https://example.slack.com/archives/C1/p9")


@pytest.fixture
def day() -> Day:
    day = Day(tasks=FEW)
    day.open(owner=BO.id)
    day.pass_time(minutes=10)
    follow_tickets(day.desk, day.tracker, day.now)
    return day


def changed(day: Day, by=BO, item="N1", key="form:V1", **change) -> None:
    change_task(day.desk, f"F-1.{item}", TaskChange(key, **change), by, day.now)
    day.work()


def comments(day: Day, key: str) -> list[str]:
    return [comment.text for comment in day.tracker.tickets[key].comments]


def test_done_is_done_there_and_its_reminders_end_and_open_again_brings_them_back(day: Day) -> None:
    changed(day, done=True, evidence="https://files.example.com/1")
    task = day.task("N1")
    assert (task.done, task.done_by, task.evidence) == (True, BO.id, "https://files.example.com/1")
    assert day.tracker.get(task.ticket).status_kind == "done"
    assert not any(one.state == "pending" for one in day.reminders("F-1") if one.task == task.id)
    assert "1 of" in words_of(day.chat.named("filing:F-1")[0].reply)
    changed(day, done=False)
    assert day.tracker.get(task.ticket).status_kind == "new"
    assert any(one.state == "pending" for one in day.reminders("F-1") if one.task == task.id)
    assert len(day.chat.posted) == 1, "one message per filing, edited in place"


def test_a_task_given_to_somebody_is_theirs_there_and_they_are_reminded(day: Day) -> None:
    changed(day, owner=DEV.id)
    task = day.task("N1")
    assert day.tracker.get(task.ticket).assignee_email == DEV.email
    to_owner = {step.kind for step in day.desk.reminders.task if step.to == "owner"}
    waiting = [one for one in day.reminders("F-1") if (one.task, one.state) == (task.id, "pending") and one.kind in to_owner]
    assert {one.owner for one in waiting} == {DEV.id}
    assert follow_tickets(day.desk, day.tracker, day.now) == 0


def test_what_the_form_left_as_it_was_stays_as_it_became_meanwhile(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    follow_tickets(day.desk, day.tracker, day.now)
    changed(day, comment="thanks")
    assert day.task("N1").done
    assert day.tracker.get(day.task("N1").ticket).status_kind == "done"


def test_a_form_sent_twice_comments_once(day: Day) -> None:
    changed(day, comment="Signed today")
    changed(day, comment="Signed today")
    assert comments(day, day.task("N1").ticket) == ["Bo in Slack: Signed today"]


def test_who_has_no_part_in_a_task_may_not_change_it_but_may_comment(day: Day) -> None:
    with pytest.raises(NotAllowed):
        changed(day, MIA, done=True)
    assert not day.task("N1").done
    changed(day, MIA, comment="Why?")
    assert comments(day, day.task("N1").ticket) == ["Mia in Slack: Why?"]


def test_before_and_after_of_a_change_stand_in_the_audit_trail(day: Day) -> None:
    changed(day, done=True, owner=DEV.id)
    line = next(line for line in day.store.where("audit", "subject", "F-1.N1") if line["act"] == "task changed")
    assert line["by"] == BO.id
    assert (line["details"]["done_before"], line["details"]["done"]) == ("False", "True")
    assert line["details"]["owner"] == DEV.id


def test_what_is_opened_again_there_after_our_done_was_written_is_open_here_too(day: Day) -> None:
    changed(day, done=True)
    day.tracker.edit(day.task("N1").ticket, status="To Do", status_kind="new")
    changed(day, item="N2", done=True)
    follow_tickets(day.desk, day.tracker, day.now + timedelta(minutes=1))
    assert not day.task("N1").done, "opened again there after it was written: the last one there wins"
    assert day.task("N2").done


def test_done_and_open_again_before_it_was_written_is_still_the_last_word(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    for done in (True, False):
        change_task(day.desk, "F-1.N1", TaskChange(f"form:{done}", done=done), BO, day.now)
    follow_tickets(day.desk, day.tracker, day.now)
    day.work()
    assert (day.task("N1").done, day.tracker.get(day.task("N1").ticket).status_kind) == (False, "new")


def test_words_in_the_thread_go_to_the_filings_ticket_or_a_tasks_once(day: Day) -> None:
    for _ in range(2):
        comment_on_ticket(day.desk, REMARK, MIA, day.now)
    comment_on_ticket(day.desk, Remark("C1:9.8", "C1", "1.000001", "for N2", "Mia", item="n2"), MIA, day.now)
    day.work()
    assert comments(day, day.filing().ticket) == [f"Mia in Slack: two more doors\n{REMARK.link}"]
    assert comments(day, day.task("N2").ticket) == ["Mia in Slack: for N2"]
    follow_tickets(day.desk, day.tracker, day.now)
    day.work()
    assert len(day.chat.posted) == 1, "what came from here is not shown here again"


def test_words_that_name_no_filing_or_no_task_are_refused_and_nothing_is_kept(day: Day) -> None:
    for wrong, error in (
            (Remark("k", "C1", "7.7", "x", "Mia"), NotFound), (Remark("k", "C1", "1.000001", " ", "Mia"), BadInput),
            (Remark("k", "C1", "1.000001", "x", "Mia", item="Z9"), BadInput),
            (Remark("k", "C1", "1.000001", "x", "Mia", filing="F-9"), NotFound)):
        with pytest.raises(error):
            comment_on_ticket(day.desk, wrong, MIA, day.now)
    assert not list(day.store.every("comments"))


def test_in_a_thread_of_two_filings_one_must_be_named(day: Day) -> None:
    day.open(origin="form:V2", customer="Another", owner=ANA.id)
    day.work()
    with pytest.raises(BadInput, match="F-1, F-2"):
        comment_on_ticket(day.desk, REMARK, MIA, day.now)
    assert comment_on_ticket(day.desk, Remark("C1:9.7", "C1", "1.000001", "x", "Mia", filing="F-2"), MIA, day.now)[0].id == "F-2"


def test_the_list_of_a_plan_reaches_every_task_open_ones_first() -> None:
    day = Day()
    day.open(owner=BO.id)
    day.work()
    changed(day, done=True)
    options = task_menu(day.desk.words, "zh", day.tasks()).options
    assert {option.value for option in options} == {task.id for task in day.tasks()}
    assert options[-1].value == "F-1.N1"
    form = task_form(day.desk.words, "zh", day.task("N1"), BO, "EXP-2")
    assert [field.value for field in form.fields] == ["", "done", "", day.task("N1").owner, ""]

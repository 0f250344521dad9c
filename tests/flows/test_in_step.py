"""Assignees, dates, comments, moves and evidence go both ways, and each arrives once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.desk.comments import want_comment
from bot.desk.outbox import want_ticket
from bot.domain.people import Colleague
from bot.domain.rows import to_row
from bot.domain.shipment import ShipmentLine
from bot.errors import OutcomeUnknown, Refused, TryLater
from bot.flows.answer_reminder import reminder_not_mine
from bot.flows.follow_ticket import follow_tickets
from bot.flows.move_etd import move_etd
from bot.flows.retry_ticket import retry_ticket
from bot.flows.watch_shipment import add_shipments
from bot.replies.tasks import task_form
from tests.fakes.desk import ANA, BO, DEV, ETD, Day
from tests.fakes.fake_chat import actions_of, words_of

FEW = ("N1", "N2", "N11")
EVA = Colleague("U9", "Eva", "eva@example.com", "Europe/Berlin")


@pytest.fixture
def day() -> Day:
    day = Day(tasks=FEW)
    day.open()
    day.pass_time(minutes=10)
    poll(day)
    day.pass_time(minutes=10)
    return day


def poll(day: Day, **how: object) -> int:
    changed = follow_tickets(day.desk, day.tracker, day.now, **how)  # type: ignore[arg-type]
    day.work()
    return changed


def change(day: Day, item: str, **changes: object) -> None:
    """As the form of a task does."""
    with day.store.transaction() as tx:
        tx.put("tasks", to_row(replace(day.task(item), **changes)))  # type: ignore[arg-type]
        want_ticket(tx, "F-1", day.now)


def in_thread(day: Day, start: str) -> list[str]:
    """The bot's messages in the filing's thread whose key begins so."""
    there = [one for one in day.chat.posted if one.key.startswith(start)]
    assert {(one.channel, one.thread) for one in there} <= {("C1", "1.000001")}
    return [words_of(one.reply) for one in there]


# ── assignees ──────────────────────────────────────────────────────────────────────────────────────


def test_who_is_assigned_in_the_tracker_owns_the_task_and_gets_its_reminders(day: Day) -> None:
    before = day.task("N1").owner
    day.tracker.edit(day.task("N1").ticket, assignee_email="Dev@Example.com".lower(), assignee_name="Dev")
    assert before != DEV.id
    assert poll(day) == 1
    assert day.task("N1").owner == DEV.id
    to = {step.kind: step.to for step in day.desk.reminders.task}
    about = [one for one in day.reminders("F-1") if one.task == "F-1.N1" and one.state == "pending"]
    waiting = [(to[one.kind], one.owner, one.zone) for one in about]
    assert {(owner, zone) for step, owner, zone in waiting if step == "owner"} == {(DEV.id, DEV.zone)}
    assert {owner for step, owner, _ in waiting if step == "PM"} == {BO.id}, "what goes to a role goes on going there"
    assert poll(day) == 0
    assert day.tracker.called("assign") == 0


def test_an_assignee_nobody_knows_leaves_the_owner_and_is_not_replaced_there(day: Day) -> None:
    owner = day.task("N1").owner
    day.tracker.edit(day.task("N1").ticket, assignee_email="", assignee_name="A. Contractor")
    poll(day)
    assert (day.task("N1").owner, day.task("N1").ticket_assignee) == (owner, "A. Contractor")
    assert day.tracker.get(day.task("N1").ticket).assignee_name == "A. Contractor"
    day.tracker.edit(day.task("N1").ticket, assignee_name="")
    poll(day)
    assert day.task("N1").owner == owner


def test_an_assignee_not_met_yet_is_asked_for_in_the_chat(day: Day) -> None:
    def meet(email: str) -> None:
        assert email == EVA.email
        with day.store.transaction() as tx:
            tx.put("people", to_row(EVA))

    day.tracker.edit(day.task("N1").ticket, assignee_email=EVA.email, assignee_name=EVA.name)
    poll(day, meet=meet)
    assert day.task("N1").owner == EVA.id


def test_while_the_chat_cannot_be_asked_the_new_assignee_waits(day: Day) -> None:
    def cannot(_email: str) -> None:
        raise TryLater("Slack is down")

    def meet(_email: str) -> None:
        with day.store.transaction() as tx:
            tx.put("people", to_row(EVA))

    day.tracker.edit(day.task("N1").ticket, assignee_email=EVA.email)
    poll(day, meet=cannot)
    assert day.task("N1").owner != EVA.id
    poll(day, meet=meet)
    assert day.task("N1").owner == EVA.id


def test_an_owner_chosen_here_is_assigned_there_once_and_wins_over_a_poll(day: Day) -> None:
    change(day, "N1", owner=DEV.id, assign=True)
    day.tracker.edit(day.task("N1").ticket, assignee_email=ANA.email)
    follow_tickets(day.desk, day.tracker, day.now)
    assert day.task("N1").owner == DEV.id
    day.work()
    assert day.tracker.get(day.task("N1").ticket).assignee_email == DEV.email
    assert [poll(day), poll(day)] == [0, 0]
    assert day.tracker.called("assign") == 1


@pytest.mark.parametrize("known", [False, True])
def test_whom_the_tracker_cannot_assign_keeps_the_task_and_the_ticket_says_who_was_meant(day: Day, known: bool) -> None:
    with day.store.transaction() as tx:
        tx.put("people", to_row(EVA))
    if known:
        day.tracker.fail_next(Refused("Eva cannot be assigned issues."), on="assign")
    else:
        day.tracker.people = {BO.email: BO.name}
    before = day.tracker.get(day.task("N1").ticket).assignee
    change(day, "N1", owner=EVA.id, assign=True)
    day.work()
    poll(day)
    ticket = day.tracker.tickets[day.task("N1").ticket]
    assert (day.task("N1").owner, ticket.ticket.assignee) == (EVA.id, before)
    assert [comment.text for comment in ticket.comments if "Eva" in comment.text]
    assert day.filing().state == "open"
    assert not in_thread(day, "comment:"), "what we write ourselves is not news"


def test_a_reminder_handed_to_somebody_else_hands_over_the_ticket_too(day: Day) -> None:
    day.until(min(task.due for task in day.tasks() if task.due))
    reminder = next(one for one in day.reminders("F-1") if one.state == "sent")
    reminder_not_mine(day.desk, reminder.id, BO, day.now)
    day.work()
    task = next(task for task in day.tasks() if task.id == reminder.task)
    assert task.owner != reminder.owner
    assert day.tracker.get(task.ticket).assignee_email == day.chat.people[task.owner].email
    assert poll(day) == 0


# ── dates, status ──────────────────────────────────────────────────────────────────────────────────


def test_a_due_date_taken_away_there_is_put_back(day: Day) -> None:
    due = day.task("N2").due
    day.tracker.edit(day.task("N2").ticket, due=None)
    poll(day)
    assert (day.task("N2").due, day.tracker.get(day.task("N2").ticket).due) == (due, due)
    assert poll(day) == 0


def test_the_tickets_due_date_is_the_etd_and_the_plan_follows_it(day: Day) -> None:
    before = {task.id: task.due for task in day.tasks()}
    day.tracker.edit(day.filing().ticket, due=ETD + timedelta(days=28))
    poll(day)
    assert day.filing().etd == ETD + timedelta(days=28)
    assert all(task.due > before[task.id] for task in day.tasks() if task.due)
    assert all(day.tracker.get(task.ticket).due == task.due for task in day.tasks())
    said, = in_thread(day, "news:")
    assert day.desk.words.say("en", "change.etd", before="18 Dec 2026", after="15 Jan 2027") in said
    assert day.phrase("change.moved") in said
    news, = day.chat.named("news:")
    assert actions_of(news.reply) == ["ask_etd"]  # whoever did not mean it moves it again, and sees before and after first
    assert poll(day) == 0


def test_an_etd_moved_in_the_tracker_is_told_to_owner_and_manager_and_who_ships_what_stays_in_one_message_each(day: Day) -> None:
    line = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG", DEV.id)
    add_shipments(day.desk, [line, replace(line, number="SO-2", etd=ETD + timedelta(days=40))], BO, day.now)
    for days in (14, 28):
        day.tracker.edit(day.filing().ticket, due=ETD + timedelta(days=days))
        poll(day)
    day.pass_time(hours=24)
    told = {one.channel: words_of(one.reply) for one in day.chat.named("changed:")}
    assert set(told) == {ANA.id, BO.id, DEV.id}
    assert len(day.chat.named("changed:")) == 3
    assert day.desk.words.say("en", "by.tracker") in told[ANA.id]
    assert day.desk.words.say("zh", "by.tracker") in told[BO.id]
    assert day.desk.words.say("en", "change.etd", before="1 Jan 2027", after="15 Jan 2027") in told[ANA.id]
    lines = [line for line in told[DEV.id].splitlines() if "SO-1" in line]
    assert ["1 Jan 2027" in lines[0], "15 Jan 2027" in lines[1]] == [True, True]
    assert "SO-2" not in told[DEV.id]


def test_a_plan_made_late_in_the_tracker_says_so_to_the_manager(day: Day) -> None:
    day.tracker.edit(day.filing().ticket, due=day.now.date() + timedelta(days=20))
    poll(day)
    day.pass_time(hours=24)
    late, = [words_of(one.reply) for one in day.chat.named("late:F-1:") if one.channel == BO.id]
    assert day.desk.words.say("zh", "by.tracker") in late
    assert BO.id not in {one.channel for one in day.chat.named("changed:")}


@pytest.mark.parametrize("due", [None, date(2020, 1, 1), date(2050, 1, 1)])
def test_a_date_that_cannot_be_the_etd_is_put_back_and_said(day: Day, due: date | None) -> None:
    day.tracker.edit(day.filing().ticket, due=due)
    poll(day)
    assert (day.filing().etd, day.tracker.get(day.filing().ticket).due) == (ETD, ETD)
    assert len(in_thread(day, "news:")) == 1
    assert [poll(day), poll(day)] == [0, 0]
    assert len(in_thread(day, "news:")) == 1


def test_a_done_taken_back_after_its_answer_was_lost_stays_taken_back(day: Day) -> None:
    day.tracker.fail_next(OutcomeUnknown("no answer"), after_work=True, on="move")
    change(day, "N1", done=True, done_by=BO.id)
    day.work()
    change(day, "N1", done=False, done_by="")
    follow_tickets(day.desk, day.tracker, day.now)
    day.pass_time(minutes=1)
    poll(day)
    assert (day.task("N1").done, day.tracker.get(day.task("N1").ticket).status_kind) == (False, "new")


def test_an_etd_moved_back_after_its_answer_was_lost_stays_moved_back(day: Day) -> None:
    day.tracker.fail_next(OutcomeUnknown("no answer"), after_work=True, on="set_due")
    move_etd(day.desk, "F-1", ETD + timedelta(days=28), BO, day.now)
    day.work()
    move_etd(day.desk, "F-1", ETD, BO, day.now)
    follow_tickets(day.desk, day.tracker, day.now)
    day.pass_time(minutes=1)
    poll(day)
    assert (day.filing().etd, day.tracker.get(day.filing().ticket).due) == (ETD, ETD)


def test_a_task_taken_up_again_there_is_not_pushed_back_by_opening_it_here(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    poll(day)
    change(day, "N1", done=False, done_by="")
    day.tracker.edit(day.task("N1").ticket, status="In Progress", status_kind="indeterminate")
    day.work()
    assert day.tracker.get(day.task("N1").ticket).status_kind == "indeterminate"
    assert not day.task("N1").done
    assert poll(day) == 0


def test_a_workflow_that_leads_back_to_in_progress_only_is_used(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    poll(day)
    day.tracker.fail_next(Refused("no step"), on="move")
    change(day, "N1", done=False, done_by="")
    day.work()
    assert day.tracker.get(day.task("N1").ticket).status_kind == "indeterminate"


def test_a_workflow_without_a_step_to_done_is_said_and_the_done_is_not_lost(day: Day) -> None:
    day.tracker.fail_next(Refused("EXP-2: Jira's workflow has no step from To Do to done."), on="move")
    change(day, "N1", done=True, done_by=BO.id)
    day.work()
    assert "no step" in words_of(day.chat.named("filing:F-1")[0].reply)
    poll(day)
    assert day.task("N1").done
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert day.tracker.get(day.task("N1").ticket).status_kind == "done"
    assert day.filing().state == "open"


# ── comments ───────────────────────────────────────────────────────────────────────────────────────


def test_a_comment_on_the_ticket_or_a_sub_task_appears_in_the_thread_once(day: Day) -> None:
    day.tracker.say(day.filing().ticket, "Which carrier?", "Mei Lin")
    day.tracker.say(day.task("N1").ticket, "Report attached.", "Tom Reed")
    assert poll(day) == 2
    first, second = in_thread(day, "comment:")
    assert "Mei Lin" in first
    assert "Which carrier?" in first
    assert "N1" in second
    assert "Report attached." in second
    assert [poll(day), poll(day)] == [0, 0]
    assert len(in_thread(day, "comment:")) == 2
    assert day.chat.named("filing:F-1")[0].edits < 5


def test_a_comment_wanted_here_is_written_there_once_though_the_answer_was_lost(day: Day) -> None:
    day.tracker.fail_next(OutcomeUnknown("no answer"), after_work=True, on="comment")
    with day.store.transaction() as tx:
        want_comment(tx, "C1:5.5", "F-1", "F-1.N1", "Tom: sent to the lab", day.now)
        want_comment(tx, "C1:5.5", "F-1", "F-1.N1", "Tom: sent to the lab", day.now)
    day.work()
    day.pass_time(minutes=5)
    texts = [comment.text for comment in day.tracker.tickets[day.task("N1").ticket].comments]
    assert texts == ["Tom: sent to the lab"]
    assert day.store.get("outbox", "ticket:F-1")["state"] == "sent"  # type: ignore[index]
    poll(day)
    assert not in_thread(day, "comment:")


def test_a_comment_wanted_before_the_ticket_exists_waits_for_it() -> None:
    day = Day(tasks=FEW)
    day.open()
    with day.store.transaction() as tx:
        want_comment(tx, "C1:5.5", "F-1", "", "Tom: urgent", day.now)
    day.work()
    assert [comment.text for comment in day.tracker.tickets[day.filing().ticket].comments] == ["Tom: urgent"]


def test_comments_that_may_not_be_read_hold_up_nothing_else(day: Day) -> None:
    day.tracker.say(day.filing().ticket, "secret")
    day.tracker.edit(day.task("N1").ticket, status_kind="done")
    day.tracker.fail_next(Refused("403"), on="comments")
    poll(day)
    assert day.task("N1").done


# ── evidence ───────────────────────────────────────────────────────────────────────────────────────


def test_evidence_by_address_becomes_a_link_of_the_sub_task_and_the_next_one_replaces_it(day: Day) -> None:
    for address in ("https://files.example.com/1.pdf", "https://files.example.com/2.pdf"):
        change(day, "N1", evidence=address)
        day.work()
    assert [url for url, _ in day.tracker.tickets[day.task("N1").ticket].links.values()] == ["https://files.example.com/2.pdf"]


def test_evidence_in_words_becomes_one_comment(day: Day) -> None:
    day.tracker.fail_next(OutcomeUnknown("no answer"), after_work=True, on="comment")
    change(day, "N1", evidence="Report 4711 in the safe")
    day.work()
    day.pass_time(minutes=5)
    comment, = day.tracker.tickets[day.task("N1").ticket].comments
    assert "Report 4711 in the safe" in comment.text
    change(day, "N1", evidence="")
    day.work()
    assert len(day.tracker.tickets[day.task("N1").ticket].comments) == 2


# ── moves ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_moved_ticket_and_a_moved_sub_task_are_followed_and_said_once(day: Day) -> None:
    old, part = day.filing().ticket, day.task("N1").ticket
    day.tracker.rekey(old, "OPS-7")
    day.tracker.rekey(part, "OPS-8")
    poll(day)
    assert (day.filing().ticket, day.task("N1").ticket) == ("OPS-7", "OPS-8")
    assert sorted((said.split()[0], said.split()[-1]) for said in in_thread(day, "news:")) == [(old, "OPS-7."), (part, "OPS-8.")]
    day.tracker.edit("OPS-8", status_kind="done")
    poll(day)
    assert day.task("N1").done
    assert len(in_thread(day, "news:")) == 2


def test_a_status_renamed_for_everybody_is_seen_though_no_ticket_counts_as_updated(day: Day) -> None:
    day.pass_time(minutes=10)
    poll(day)
    for kept in day.tracker.tickets.values():
        kept.ticket = replace(kept.ticket, status="Backlog")
    poll(day)
    assert day.filing().status == "Backlog"
    assert "Backlog" in words_of(day.chat.named("filing:F-1")[0].reply)


def test_a_status_that_counts_as_done_from_now_on_finishes_its_tasks(day: Day) -> None:
    kept = day.tracker.tickets[day.task("N2").ticket]
    day.pass_time(minutes=10)
    poll(day)
    kept.ticket = replace(kept.ticket, status_kind="done")
    poll(day)
    assert day.task("N2").done
    assert "1 of" in words_of(day.chat.named("filing:F-1")[0].reply)


def test_the_form_of_a_task_says_who_has_it_and_whom_the_tracker_shows(day: Day) -> None:
    day.tracker.edit(day.task("N1").ticket, assignee_email="", assignee_name="A. Contractor")
    poll(day)
    about = task_form(day.desk.words, "en", day.task("N1"), BO, "EXP-2").fields[0].label
    assert "Bo, in Jira A. Contractor" in about
    plain = task_form(day.desk.words, "en", day.task("N2"), day.chat.people[day.task("N2").owner], "EXP-3").fields[0].label
    assert "in Jira" not in plain


def test_many_changed_tickets_are_read_with_few_requests() -> None:
    day = Day()
    day.open()
    day.work()
    poll(day)
    for task in day.tasks():
        day.tracker.edit(task.ticket, status_kind="done")
    before = len(day.tracker.calls)
    assert follow_tickets(day.desk, day.tracker, day.now) == len(day.tasks()) >= 27
    assert [name for name, _ in day.tracker.calls[before:]] == ["changed", "get_all", "get_all"]

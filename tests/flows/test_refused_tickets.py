"""A ticket Jira refuses: parked with its fields, told to its owner once, mended from Slack; what is gone is made anew."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.desk.outbox import stuck
from bot.domain.ticket import TicketField
from bot.errors import Gone, NotAllowed, OutcomeUnknown, Refused, TryLater
from bot.flows.ask_ticket_fields import ask_ticket_fields
from bot.flows.move_etd import move_etd
from bot.flows.retry_ticket import give_values, retry_all, retry_ticket
from bot.flows.take_up_again import take_up_again
from bot.replies.trouble import ticket_form
from bot.serving import stuck_rows
from tests.fakes.desk import ANA, BO, DEV, ETD, MIA, Day
from tests.fakes.fake_chat import Posted, actions_of, words_of

OFFICE = TicketField("customfield_1", "Office", "choice", required=True, options=("Shenzhen", "Guangzhou"))


def refusing_day() -> Day:
    """A filing of Ana's, parked because Jira wants an office."""
    day = Day(tasks=("N1", "N11"))
    day.tracker.needed = {"customfield_1": "Office is required."}
    day.tracker.form = [OFFICE, TicketField("customfield_2", "Remark")]
    day.open(by=BO)
    day.work()
    return day


def told(day: Day) -> list[Posted]:
    """What the owner was sent about refused tickets."""
    return day.chat.named("parked:F-1:")


def assert_one_of_each(day: Day, filing_id: str = "F-1") -> None:
    filing = day.filing(filing_id)
    labels = Counter(kept.draft.label for kept in day.tracker.tickets.values() if kept.draft.label.startswith(filing.label))
    assert labels == Counter([filing.label, *(task.label for task in day.tasks(filing_id))])
    assert (filing.state, filing.trouble, dict(filing.refused)) == ("open", "", {})


def test_the_owner_is_told_once_in_a_message_of_their_own_with_the_fields_and_what_can_be_done() -> None:
    day = refusing_day()
    message, = told(day)
    assert message.channel == ANA.id
    assert "Office is required." in words_of(message.reply)
    assert {"retry_ticket", "edit_ticket"} <= set(actions_of(message.reply))
    assert {"retry_ticket", "edit_ticket"} <= set(actions_of(day.chat.named("filing:F-1")[0].reply))
    for _ in range(3):
        retry_ticket(day.desk, "F-1", BO, day.now)
        day.pass_time(hours=1)
    assert len(told(day)) == 1
    assert "Office is required." in words_of(told(day)[0].reply)


def test_the_owners_message_says_that_it_is_tried_and_that_it_is_in_order_and_a_later_refusal_is_a_new_message() -> None:
    day = refusing_day()
    day.tracker.fail_next(TryLater("Jira cannot be reached."), on="create")
    retry_ticket(day.desk, "F-1", ANA, day.now)
    day.work()
    assert day.phrase("parked.trying") in words_of(told(day)[0].reply)
    day.tracker.needed = {}
    day.pass_time(hours=1)
    assert day.phrase("parked.mended") in words_of(told(day)[0].reply)
    assert actions_of(told(day)[0].reply) == []
    day.tracker.fail_next(Refused("The due date cannot be set."), on="set_due")
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert len(told(day)) == 2
    assert day.filing().ticket in words_of(told(day)[1].reply)
    assert "edit_ticket" not in actions_of(told(day)[1].reply)


def test_a_value_somebody_gives_goes_into_this_ticket_and_its_sub_tasks_and_stays_with_the_filing() -> None:
    day = refusing_day()
    give_values(day.desk, "F-1", {"customfield_1": "Shenzhen", "customfield_2": ""}, BO, day.now)
    day.work()
    assert_one_of_each(day)
    assert {kept.draft.extra["customfield_1"] for kept in day.tracker.tickets.values()} == {"Shenzhen"}
    day.tracker.delete(day.filing().ticket)
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    assert_one_of_each(day)
    assert day.filing().extra == {"customfield_1": "Shenzhen"}
    acts = [row["act"] for row in day.store.where("audit", "subject", "F-1")]
    assert "ticket fields given" in acts


def test_the_form_asks_for_what_was_refused_and_for_what_is_required_by_now() -> None:
    day = refusing_day()
    day.tracker.form.append(TicketField("customfield_3", "Cost centre", "number", required=True))
    fields, asked = ask_ticket_fields(day.tracker, day.filing())
    assert asked
    assert [each.id for each in fields] == ["customfield_1", "customfield_3"]
    form = ticket_form(day.desk.words, "en", day.filing(), fields, away=False)
    office = next(each for each in form.fields if each.id == "customfield_1")
    assert (office.kind, office.label) == ("choice", "Office")
    assert [option.value for option in office.options] == ["Shenzhen", "Guangzhou"]
    assert "Office is required." in office.hint
    assert not office.optional


def test_the_form_opens_in_words_where_jira_cannot_be_asked() -> None:
    day = refusing_day()
    day.tracker.fail_next(TryLater("Jira cannot be reached."), on="asks")
    fields, asked = ask_ticket_fields(day.tracker, day.filing())
    assert not asked
    assert [(each.id, each.kind) for each in fields] == [("customfield_1", "text")]


def test_a_reason_without_a_field_leaves_every_field_of_the_form_to_choose_from() -> None:
    day = Day(tasks=("N1",))
    day.tracker.form = [TicketField("customfield_2", "Remark")]
    day.tracker.refuse_label(day.open().label, Refused("Jira refused: say why."))
    day.work()
    assert [each.id for each in ask_ticket_fields(day.tracker, day.filing())[0]] == ["customfield_2"]


def test_a_field_the_desk_fills_in_itself_is_not_asked_for() -> None:
    day = Day(tasks=("N1",))
    day.tracker.refuse_label(day.open().label, Refused("Jira refused.", {"duedate": "is not on the screen"}))
    day.work()
    assert ask_ticket_fields(day.tracker, day.filing())[0] == []
    assert "is not on the screen" in words_of(told(day)[0].reply)


@pytest.mark.parametrize("by", [ANA, BO], ids=["owner", "project manager"])
def test_owner_and_project_management_may_mend_and_nobody_else(by) -> None:
    day = refusing_day()
    with pytest.raises(NotAllowed):
        retry_ticket(day.desk, "F-1", DEV, day.now)
    with pytest.raises(NotAllowed):
        give_values(day.desk, "F-1", {"customfield_1": "Shenzhen"}, MIA, day.now)
    assert day.filing().extra == {}
    give_values(day.desk, "F-1", {"customfield_1": "Shenzhen"}, by, day.now)
    day.work()
    assert_one_of_each(day)


def test_after_an_outage_everything_parked_is_tried_again_at_one_word() -> None:
    day = Day(tasks=("N1",))
    day.tracker.needed = {"customfield_1": "Office is required."}
    for number in range(4):
        day.open(by=BO, origin=f"form:{number}", customer=f"customer {number}")
    day.work()
    day.tracker.needed = {}
    assert retry_all(day.desk, DEV, day.now) == 0
    assert retry_all(day.desk, BO, day.now) == 4
    day.pass_time(hours=1)
    for number in range(4):
        assert_one_of_each(day, f"F-{number + 1}")


def test_what_an_outage_lost_is_made_anew_everywhere_and_what_is_there_stays() -> None:
    day = Day(tasks=("N1", "N2"))
    for number in range(3):
        day.open(by=BO, origin=f"form:{number}", customer=f"customer {number}")
    day.work()
    kept = day.filing("F-3").ticket
    day.tracker.delete(day.filing("F-1").ticket)
    day.tracker.delete(day.task("N1", "F-2").ticket)
    assert retry_all(day.desk, BO, day.now, everything=True) == 3
    day.pass_time(hours=1)
    for number in range(3):
        assert_one_of_each(day, f"F-{number + 1}")
    assert day.filing("F-3").ticket == kept


def test_a_restart_tries_what_was_refused_once_more_but_not_what_people_deleted() -> None:
    day = Day(tasks=("N1",))
    day.tracker.needed = {"customfield_1": "Office is required."}
    day.open(by=BO)
    day.work()
    day.tracker.needed = {}
    assert take_up_again(day.desk, day.now) == 1
    day.work()
    assert_one_of_each(day)
    day.tracker.delete(day.filing().ticket)
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert take_up_again(day.desk, day.now) == 0
    assert day.filing().state == "parked"


# ── waiting, and knowing until when ────────────────────────────────────────────────────────────────


def test_while_jira_asks_for_patience_nobody_asks_it_and_people_read_until_when() -> None:
    day = Day(tasks=("N1",))
    for number in range(5):
        day.open(by=BO, origin=f"form:{number}", customer=f"customer {number}")
    day.tracker.fail_next(TryLater("Jira asked to wait.", 1847), on="create")
    day.work()
    assert day.tracker.called("create") == 1
    day.pass_time(seconds=1000)
    day.open(by=BO, origin="form:late", customer="somebody who comes later")
    day.work()
    day.pass_time(seconds=840)
    assert day.tracker.called("create") == 1
    asked = [words_of(one.reply) for one in day.chat.named("filing:")]
    assert any(day.phrase("filing.next_try", "zh") in words for words in asked)
    day.pass_time(hours=1)
    for number in range(6):
        assert_one_of_each(day, f"F-{number + 1}")


def test_where_only_one_ticket_has_to_wait_the_others_go_on() -> None:
    day = Day(tasks=("N1",))
    for number in range(3):
        day.open(by=BO, origin=f"form:{number}", customer=f"customer {number}")
    day.tracker.fail_next(TryLater("Jira asked to wait.", 600, alone=True), on="create")
    day.work()
    assert day.tracker.called("create") == 3


def test_an_outcome_nobody_saw_is_said_while_it_is_looked_for() -> None:
    day = Day(tasks=("N1",))
    day.tracker.lag_search(3)
    day.tracker.fail_next(OutcomeUnknown("Jira answered with error 500."), True, "create")
    day.open()
    day.work()
    assert "error 500" in words_of(day.chat.named("filing:F-1")[0].reply)
    day.pass_time(hours=1)
    assert "error 500" not in words_of(day.chat.named("filing:F-1")[0].reply)
    assert_one_of_each(day)


def test_a_mistake_of_our_own_goes_on_and_is_seen_with_its_place() -> None:
    day = Day(tasks=("N1",))
    day.open()
    day.tracker.create = lambda draft: {}["missing"]  # type: ignore[method-assign,index]
    day.pass_time(minutes=1)
    row, = stuck(day.store)
    assert row["mistake"].startswith("KeyError at test_refused_tickets.py:")
    assert [(each["what"], each["mistake"]) for each in stuck_rows(day.store)] == [("ticket:F-1", row["mistake"])]
    assert row["tracker_due"]
    del day.tracker.create  # type: ignore[attr-defined]
    day.pass_time(hours=1)
    assert stuck(day.store) == []
    assert_one_of_each(day)


# ── the title ──────────────────────────────────────────────────────────────────────────────────────


def test_the_title_follows_a_moved_etd_and_a_title_people_gave_stays_theirs() -> None:
    day = Day(tasks=("N1",))
    day.open()
    day.work()
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert day.tracker.get(day.filing().ticket).summary.endswith("ETD 25 Dec 2026")
    day.tracker.edit(day.filing().ticket, summary="Hafen AG, urgent")
    move_etd(day.desk, "F-1", ETD + timedelta(days=14), BO, day.now)
    day.work()
    assert day.tracker.get(day.filing().ticket).summary == "Hafen AG, urgent"
    assert day.tracker.get(day.filing().ticket).due == ETD + timedelta(days=14)


def test_a_ticket_adopted_unseen_still_gets_the_etd_of_today_in_title_and_due_date() -> None:
    day = Day(tasks=("N1",))
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
    day.open()
    day.work()
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.tracker.fail_next(TryLater("down"), on="get")
    day.pass_time(hours=1)
    ticket = day.tracker.get(day.filing().ticket)
    assert ticket.due == ETD + timedelta(days=7)
    assert ticket.summary.endswith("ETD 25 Dec 2026")


def test_a_sub_task_adopted_as_done_is_done_here_and_one_moved_there_gets_our_date() -> None:
    day = Day(tasks=("N1", "N2"))
    day.tracker.fail_next(OutcomeUnknown("lost"), True, "create_all")
    day.open()
    day.work()
    first = next(key for key, kept in day.tracker.tickets.items() if kept.draft.label == day.task("N1").label)
    day.tracker.edit(first, status="Done", status_kind="done", due=ETD)
    day.pass_time(minutes=5)
    task = day.task("N1")
    assert (task.ticket, task.ticket_done) == (first, day.tracker.get(first).status_kind == "done")
    assert day.tracker.get(first).due == task.due
    assert_one_of_each(day)


def test_a_parked_filing_whose_ticket_people_deleted_is_told_to_its_owner() -> None:
    day = Day(tasks=("N1",))
    day.open()
    day.work()
    day.tracker.fail_next(Gone("EXP-1 no longer exists in Jira."), on="set_due")
    move_etd(day.desk, "F-1", ETD + timedelta(days=7), BO, day.now)
    day.work()
    assert "no longer exists" in words_of(told(day)[0].reply)


@pytest.mark.parametrize(("code", "offered"), [("sign_in", False), ("forbidden", False), ("captcha", False), ("refused", True)])
def test_values_are_asked_for_only_where_they_could_help(code: str, offered: bool) -> None:
    day = Day(tasks=("N1",))
    refusal = Refused("Jira refused.").named(code, doing="create", why="–", status="400")
    day.tracker.refuse_label(day.open(by=BO, owner=BO.id).label, refusal)
    day.work()
    message, = told(day)
    assert ("edit_ticket" in actions_of(message.reply)) is offered
    assert "retry_ticket" in actions_of(message.reply)
    assert (day.phrase("parked.next.again", "zh") in words_of(message.reply)) is not offered


def test_what_jira_said_is_read_in_the_language_of_the_filing() -> None:
    day = Day(tasks=("N1",))
    refusal = Refused("Jira does not accept the bot's sign-in (401).").named("sign_in")
    day.tracker.refuse_label(day.open(by=BO).label, refusal)
    day.work()
    assert day.phrase("trouble.sign_in", "zh") in words_of(day.chat.named("filing:F-1")[0].reply)
    day.tracker.accept_label(day.filing().label)
    day.tracker.fail_next(OutcomeUnknown("Jira did not answer.").named("no_answer"), True, "create")
    retry_ticket(day.desk, "F-1", BO, day.now)
    day.work()
    said = words_of(day.chat.named("filing:F-1")[0].reply)
    assert day.phrase("trouble.no_answer", "zh") in said
    assert day.phrase("filing.looking", "zh") in said

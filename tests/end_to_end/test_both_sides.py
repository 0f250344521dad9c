"""Slack and the board in step, over HTTP: a task done here is done there, and the other way; comments go both ways once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.end_to_end.test_filings import FITTING, number_of, open_by_button, ticket_of
from tests.end_to_end.town import SENTENCES, Town, button, buttons, say, words

LINK = "https://files.example.com/scope-review.pdf"


def task_form(town: Town, user: str, message: dict[str, Any], number: str, item: str) -> dict[str, Any]:
    """The form of one task, reached through the plan's list."""
    town.press(user, message, "show_plan")
    plan = town.messages("#sales", user)[-1]
    chosen = {"user": user, "channel": plan["channel"], "ts": plan["ts"], "action_id": "change_task", "value": f"{number}.{item}"}
    return dict(town.post("slack/click", **chosen)["view"])


def subtask(town: Town, ticket: str, item: str) -> dict[str, Any]:
    return next(one for one in town.subtasks(ticket) if one["summary"].startswith(f"{item} "))


def test_both_sides_stay_in_step_and_the_thread_keeps_one_message_of_the_filing(town: Town) -> None:
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Iceland, ETD {FITTING}, filing?")
    number, ticket, thread = number_of(message), ticket_of(town, message)["key"], answer["thread_ts"]

    form = task_form(town, "ana", message, number, "N1")
    assert town.fill("ana", form, state="done", evidence=LINK, owner="tom", comment="Signed today.")["ok"]
    there = subtask(town, ticket, "N1")
    assert there["status_kind"] == "done"
    assert there["assignee_email"] == "tom@example.com"
    assert [link["url"] for link in there["remote_links"]] == [LINK]
    assert [one["text"] for one in there["comments"]] == [say("ticket.said_in_slack", name="Ana Duarte", text="Signed today.")]

    town.transition(subtask(town, ticket, "N2")["key"], "done")
    town.post("jira/edit", key=subtask(town, ticket, "N3")["key"], assignee="tom@example.com")
    town.post("jira/comment", key=subtask(town, ticket, "N3")["key"], text="The lab asks for drawings.", author="mei@example.com")
    town.say("tom", "#sales", "jira N3: drawings come on Friday, see https://files.example.com/d", thread_ts=thread)
    town.advance("PT2M")

    now = [one for one in town.answers("#sales", thread) if not one.get("ephemeral_to")]
    assert "2 of 27 done" in words(now[1])
    comments = [words(one) for one in now[2:]]
    assert len(comments) == 1, "only what people wrote on the board"
    assert "The lab asks for drawings." in comments[0]
    assert "N3" in comments[0]
    said = [one["text"] for one in subtask(town, ticket, "N3")["comments"]]
    assert len(said) == 2
    assert "Tom" in said[1]
    assert "drawings come on Friday, see https://files.example.com/d\n" in said[1]
    assert say("comment.goes", where=f"{number} N3 ({subtask(town, ticket, 'N3')['key']})") in town.whispers("tom", "#sales")
    assert task_form(town, "tom", message, number, "N3")["state"]["values"]["owner"]["owner"]["selected_user"] == \
        town.user("tom")["id"]


def test_shipments_that_a_due_date_moved_on_the_board_left_behind_follow_by_one_press(new_town: Town) -> None:
    town = new_town
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Iceland, ETD {FITTING}, filing?")
    for number in ("SO-901", "SO-902"):
        town.command("tom", "#shipping", "/shipment", f"add {number} FaceGate 300 to Iceland ETD {FITTING}")
    there = date.fromisoformat(FITTING) + timedelta(days=21)
    moved, etd = there.isoformat(), SENTENCES.day("en", there)
    town.post("jira/edit", key=ticket_of(town, message)["key"], due=moved)
    town.advance("PT2M")
    news = town.answers("#sales", message["thread_ts"])[-1]
    assert button(news, "move_along")["text"]["text"] == say("choice.move_along", n=2, etd=etd)
    town.advance("P1D")
    told = next(one for one in town.dm("tom") if "move_along" in str(buttons(one)))
    town.press("tom", told, "move_along")
    assert all(etd in town.told("tom", "#shipping", "/shipment", number) for number in ("SO-901", "SO-902"))
    assert [one["due"] for one in town.tickets("Iceland")] == [moved]
    after = [one for one in town.answers("#sales", message["thread_ts"]) if one["ts"] == news["ts"]]
    after += [one for one in town.dm("tom") if one["ts"] == told["ts"]]
    assert [("SO-901" in words(one), "move_along" in str(buttons(one))) for one in after] == [(True, False)] * 2
    said = say("left.moved", name=town.user("tom")["real_name"], items="*SO-901*, *SO-902*", id="F-1", etd=etd)
    assert said in words(after[0])
    assert said in town.whispers("tom", town.dm_of("tom"))[0]


def test_a_task_said_in_words_to_be_done_is_asked_back_with_its_form(town: Town) -> None:
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Croatia, ETD {FITTING}, filing?")
    number = number_of(message)
    asked = town.ask("ana", "#sales", f"N2 of {number} is done")
    assert say("request.done", item="N2", id=number) in words(asked)
    form = dict(town.press("ana", asked, "change_task")["view"])
    assert town.fill("ana", form, state="done", evidence=LINK)["ok"]
    assert subtask(town, ticket_of(town, message)["key"], "N2")["status_kind"] == "done"


def test_a_message_of_the_thread_is_added_to_the_ticket_by_its_shortcut_once(town: Town) -> None:
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Estonia, ETD {FITTING}, filing?")
    ticket = ticket_of(town, message)["key"]
    ts = town.say("mei", "#sales", "The customer wants two more doors.", thread_ts=answer["thread_ts"])
    for user in ("tom", "ana"):
        town.post("slack/shortcut", user=user, callback_id="add_to_ticket", channel="#sales", ts=ts)
    comment, = next(one for one in town.issues() if one["key"] == ticket)["comments"]
    assert "The customer wants two more doors." in comment["text"]
    assert f"/archives/{answer['channel']}/p{ts.replace('.', '')}" in comment["text"]
    elsewhere = town.say("mei", "#sales", "Lunch?")
    town.post("slack/shortcut", user="mei", callback_id="add_to_ticket", channel="#sales", ts=elsewhere)
    assert say("error.no_filing_here", "zh") in town.whispers("mei", "#sales")


def test_who_may_not_change_a_task_is_told_beside_the_field_and_may_still_comment(town: Town) -> None:
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Latvia, ETD {FITTING}, filing?")
    number, ticket = number_of(message), ticket_of(town, message)["key"]
    form = task_form(town, "tom", message, number, "N4")
    refused = town.fill("tom", form, state="done")
    assert list(refused["errors"]) == ["state"]
    assert town.fill("tom", form, state="open", comment="Is this needed?")["ok"]
    there = subtask(town, ticket, "N4")
    assert there["status_kind"] != "done"
    assert len(there["comments"]) == 1

"""Jira refuses a ticket, over HTTP: parked, told to its owner, mended with Edit or Try again from Slack."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.town import Town, button, say, words

ETD = "2027-08-16"
NEEDED = "customfield_10050"


def refused(town: Town, to: str) -> dict[str, Any]:
    """A filing that Jira takes no ticket for: its message in the channel."""
    town.post("jira/require", project="EXP", field=NEEDED)
    answer = town.ask("tom", "#sales", f"FaceGate 300 with auto-unlock to {to}, ETD {ETD}, filing?")
    form = town.press("tom", answer, "open_filing")["view"]
    assert town.fill("tom", form, owner="ana")["ok"]
    message = town.answers("#sales", answer["thread_ts"])[-1]
    assert "Destination is required" in words(message)
    return message


def test_a_refused_ticket_is_told_to_its_owner_and_mended_with_the_value_it_lacks(new_town: Town) -> None:
    message = refused(new_town, "Hamburg")
    told = new_town.dm("ana")[-1]
    assert NEEDED in words(told)
    view = new_town.press("ana", told, "edit_ticket")["view"]
    assert view["title"]["text"] == say("form.ticket.title")
    assert [block["block_id"] for block in view["blocks"] if block["type"] == "input"] == [NEEDED]
    assert new_town.fill("ana", view, **{NEEDED: "Hamburg"})["ok"]
    ticket, = new_town.tickets("Germany")
    assert len(new_town.subtasks(ticket["key"])) == 27
    assert ticket["key"] in words(new_town.answers("#sales", message["thread_ts"])[-1])
    assert say("parked.mended", title="").strip(": ") in words(new_town.dm("ana")[-1])
    assert len([one for one in new_town.dm("ana") if NEEDED in words(one)]) == 0


def test_one_word_tries_everything_that_was_refused_again(new_town: Town) -> None:
    refused(new_town, "Lima")
    refused(new_town, "Oslo")
    new_town.post("jira/require", project="EXP", field=NEEDED, required=False)
    assert say("retry.some", n=2) in new_town.told("ana", "#compliance", "/filing", "retry")
    assert len(new_town.tickets()) == 2
    assert say("retry.none") in new_town.told("ana", "#compliance", "/filing", "retry")


def test_somebody_else_can_neither_retry_nor_edit(new_town: Town) -> None:
    message = refused(new_town, "Bern")
    assert button(message, "retry_ticket")
    assert new_town.press("ken", message, "edit_ticket")["view"] is None
    new_town.press("ken", message, "retry_ticket")
    assert say("error.retry_role", "zh") in new_town.whispers("ken", "#sales")[-1]
    assert new_town.tickets() == []


def test_the_answer_to_another_question_does_not_wait_for_jira(new_town: Town) -> None:
    new_town.trouble("jira", "status_503", count=1000, match="/rest/")
    answer = new_town.ask("tom", "#sales", f"FaceGate 300 with auto-unlock to Rome, ETD {ETD}, filing?")
    form = new_town.press("tom", answer, "open_filing")["view"]
    assert new_town.fill("tom", form)["ok"]
    again = new_town.ask("tom", "#sales", "IrisLock Pro to Peru, it opens by itself")
    assert say("verdict.in_scope") in words(again)
    assert new_town.tickets() == []

"""Every request to Jira passes Atlassian's document, every message, modal and home Slack's: the whole story once, looked at."""

from __future__ import annotations

import pytest

from tests.end_to_end.test_lists import compare
from tests.end_to_end.town import Town, words
from tests.end_to_end.wires import NOT_HERE, Wires, complaints


def test_the_whole_story_sends_nothing_the_documents_forbid(new_town: Town, wires: Wires | None) -> None:
    if wires is None:
        pytest.skip(NOT_HERE)
    requests_before, calls_before = len(wires.jira), len(wires.slack)
    answer = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Hamburg, leaving 12 Dec, filing?")
    for action in ("scope_why", "scope_change", "scope_unknown", "scope_customer"):
        new_town.press("tom", answer, action)
    new_town.fill("tom", new_town.press("tom", answer, "open_filing")["view"], customer="N" * 200)
    message = new_town.answers("#sales", answer["thread_ts"])[-1]
    new_town.press("tom", message, "show_plan")
    new_town.fill("tom", new_town.press("tom", message, "ask_etd")["view"], etd="2027-05-05")
    new_town.command("tom", "#sales", "/shipment", "add SO-701 IrisLock Pro to Oslo ETD 2027-01-20")
    new_town.command("tom", "#sales", "/shipment", "list")
    new_town.command("tom", "#sales", "/filing", "list")
    new_town.go_to("2027-01-20T00:00:00+00:00")
    new_town.press("ken", new_town.dm("ken")[-1], "reminder_done")
    new_town.home("ana")
    compare(new_town)
    new_town.press("li", new_town.dm("li")[-1], "ask_publish")
    new_town.press("ana", new_town.dm("ana")[-1], "publish_list")
    assert "12 Dec" in words(answer)
    sent = [line.split("?")[0] for line in wires.jira[requests_before:]]
    assert {"POST api/3/issue", "POST api/3/issue/bulk"} <= set(sent)
    assert any(line.startswith("GET api/3/search/jql") for line in sent)
    methods = {method for method, _ in wires.slack[calls_before:]}
    assert {"chat.postMessage", "chat.update", "views.open", "views.publish", "response_url"} <= methods


def test_a_question_of_many_products_and_places_still_fits(new_town: Town, wires: Wires | None) -> None:
    names = ["FaceGate 300", "IrisLock Pro", "PalmKey V2", "VeinGuard 5", "AirSense P4", "BreathFlow 7", "GasShield X"]
    said = " and ".join(f"{name} which acts by itself" for name in names) + " to " + ", ".join(
        ["Germany", "France", "Italy", "Spain", "Poland", "Norway", "Brazil", "Kenya", "India", "Japan", "Chile", "Peru"] * 8)
    answer = new_town.ask("tom", "#sales", said + "?" + " please" * 300)
    for action in ("scope_why", "scope_change", "scope_unknown", "scope_customer"):
        new_town.press("tom", answer, action)
    new_town.fill("tom", new_town.press("tom", answer, "open_filing")["view"], etd="2027-08-16")
    assert len(new_town.tickets()) == 1


def test_the_check_itself_sees_what_is_too_long() -> None:
    too_long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    assert list(complaints("chat.postMessage", {"text": "x", "blocks": [too_long]}))
    assert list(complaints("chat.postMessage", {"text": "x", "blocks": [{"type": "divider"}] * 51}))
    assert list(complaints("chat.postMessage", {"blocks": []}))
    button = {"type": "button", "action_id": "same", "text": {"type": "plain_text", "text": "x"}}
    many = {"type": "actions", "elements": [button] * 2}
    assert list(complaints("chat.postMessage", {"text": "x", "blocks": [many]}))
    assert not list(complaints("chat.postMessage", {"text": "x", "blocks": [{"type": "divider"}]}))

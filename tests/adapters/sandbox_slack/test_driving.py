"""A person's day in the local Slack, with a bot on the real Bolt: once over HTTP, once over Socket Mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App

from tests.adapters.sandbox_slack.bots import Office, http_office, socket_office


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str = "v") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain("Open a filing"), "value": value}


FORM = {
    "type": "modal",
    "callback_id": "new_filing",
    "title": plain("New filing"),
    "submit": plain("Open"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "product",
            "label": plain("Product"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {"type": "input", "block_id": "etd", "label": plain("ETD"), "element": {"type": "datepicker", "action_id": "day"}},
        {
            "type": "input",
            "block_id": "owner",
            "optional": True,
            "label": plain("Owner"),
            "element": {"type": "users_select", "action_id": "who"},
        },
    ],
}


def register(app: App) -> None:
    @app.event("app_mention")
    def on_mention(event: dict[str, Any], say: Any) -> None:
        blocks = [{"type": "actions", "block_id": "next", "elements": [button("open_filing", "D-1")]}]
        say(text="in scope", blocks=blocks, thread_ts=event["ts"])

    @app.event("message")
    def on_message(event: dict[str, Any], say: Any) -> None:
        if event["channel_type"] == "im" and "bot_id" not in event and "subtype" not in event:
            say(f"you said: {event['text']}")

    @app.command("/scope")
    def on_scope(ack: Any, command: dict[str, Any], respond: Any) -> None:
        ack("looking it up")
        respond(f"answer to {command['text']}")

    @app.command("/filing")
    def on_filing(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("open_filing")
    def on_click(ack: Any, body: dict[str, Any], client: Any, action: dict[str, Any]) -> None:
        ack()
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=f"filing for {action['value']}")

    @app.view("new_filing")
    def on_form(ack: Any, view: dict[str, Any], client: Any, body: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if values["product"]["text"]["value"] == "nothing":
            ack(response_action="errors", errors={"product": "Name a product."})
            return
        ack()
        text = f"{values['product']['text']['value']} by {values['etd']['day']['selected_date']}"
        client.chat_postMessage(channel=body["user"]["id"], text=text)

    @app.view_closed("new_filing")
    def on_close(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text="closed")

    @app.event("app_home_opened")
    def on_home(event: dict[str, Any], client: Any) -> None:
        client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "header", "text": plain("Your filings")}]}
        )

    @app.shortcut("ask_about_this")
    def on_shortcut(ack: Any, shortcut: dict[str, Any], client: Any) -> None:
        ack()
        client.chat_postMessage(channel=shortcut["channel"]["id"], thread_ts=shortcut["message_ts"], text="looked at it")


@pytest.fixture(scope="module", params=[http_office, socket_office], ids=["http", "socket"])
def here(request: pytest.FixtureRequest) -> Iterator[Office]:
    with request.param(register) as running_office:
        yield running_office


def test_a_mention_is_answered_in_its_thread_before_the_call_returns(here: Office) -> None:
    asked = here.drive("slack/message", user="mei", channel="#sales", text="@filingdesk do iris locks need a filing?")
    answers = [m for m in here.look("slack/messages", channel="sales")["messages"] if m.get("thread_ts") == asked["ts"]]
    assert [(m["text"], m["username"]) for m in answers] == [("in scope", "filingdesk")]


def test_a_direct_message_reaches_the_bot_and_no_other_person(here: Office) -> None:
    here.drive("slack/message", user="tom", channel="@filingdesk", text="hello & <goodbye>")
    assert here.texts("tom")[-2:] == ["hello &amp; &lt;goodbye&gt;", "you said: hello &amp; &lt;goodbye&gt;"]
    assert here.drive("slack/message", user="ken", channel="tom", text="psst")["status"] == 400


def test_a_button_changes_the_message_it_stands_in(here: Office) -> None:
    asked = here.drive("slack/message", user="mei", channel="sales", text="@filingdesk and vein locks?")
    (answer,) = [m for m in here.look("slack/messages", channel="sales")["messages"] if m.get("thread_ts") == asked["ts"]]
    assert here.drive("slack/click", user="mei", channel="sales", ts=answer["ts"], action_id="open_filing")["ok"]
    changed = next(m for m in here.look("slack/messages", channel="sales")["messages"] if m["ts"] == answer["ts"])
    assert changed["text"] == "filing for D-1"
    assert "blocks" not in changed
    assert changed["edited"]["user"] == here.user_id("filingdesk")


def test_a_command_answers_at_once_and_later_and_only_to_the_one_who_asked(here: Office) -> None:
    answer = here.drive("slack/command", user="sam", channel="general", command="/scope", text="gas mask")
    assert answer["response"]["text"] == "looking it up"
    assert sorted(m["text"] for m in answer["messages"]) == ["answer to gas mask", "looking it up"]
    assert {m["ephemeral_to"] for m in answer["messages"]} == {here.user_id("sam")}
    others = here.look("slack/messages", channel="general", user="mei")["messages"]
    assert "answer to gas mask" not in [m["text"] for m in others]


def test_a_form_opens_complains_and_is_sent(here: Office) -> None:
    view = here.drive("slack/command", user="ana", channel="compliance", command="/filing", text="new")["view"]
    empty = here.drive("slack/submit", user="ana", view_id=view["id"], values={"product": "nothing"})
    assert empty["errors"] == {"etd": "Please complete this required field."}
    refused = here.drive("slack/submit", user="ana", view_id=view["id"], values={"etd": "2027-03-01"})
    assert refused["errors"] == {"product": "Name a product."}
    sent = here.drive(
        "slack/submit", user="ana", view_id=view["id"], values={"product": {"text": "Iris lock"}, "day": "2027-03-02"}
    )
    assert (sent["ok"], sent["view"]) == (True, None)
    assert here.texts("ana")[-1] == "Iris lock by 2027-03-02"
    assert here.look("slack/view", user="ana")["view"] is None


def test_closing_a_form_tells_the_bot(here: Office) -> None:
    here.drive("slack/command", user="raj", channel="compliance", command="filing")
    assert here.drive("slack/close", user="raj")["view"] is None
    assert here.texts("raj")[-1] == "closed"


def test_the_app_home_appears_when_it_is_opened(here: Office) -> None:
    assert here.look("slack/home", user="li")["view"] is None
    shown = here.drive("slack/open_home", user="li")["view"]
    assert shown["blocks"][0]["text"]["text"] == "Your filings"
    assert here.look("slack/home", user="Li Na")["view"]["id"] == shown["id"]


def test_a_shortcut_carries_the_message_it_was_used_on(here: Office) -> None:
    said = here.drive("slack/message", user="ken", channel="shipping", text="booked the vessel")
    here.drive("slack/shortcut", user="ken", channel="shipping", ts=said["ts"], callback_id="ask_about_this")
    assert here.texts("shipping")[-1] == "looked at it"
    thread = here.client.conversations_replies(channel=here.channel_id("shipping"), ts=said["ts"])["messages"]
    assert [m["text"] for m in thread] == ["booked the vessel", "looked at it"]


def test_an_unhandled_command_shows_the_person_an_error(here: Office) -> None:
    answer = here.drive("slack/command", user="mei", channel="sales", command="/nobody")
    assert (answer["status"], answer["code"]) == (504, "no_answer")


@pytest.mark.parametrize(
    ("what", "body", "status", "words"),
    [
        ("slack/message", {"user": "nobody", "channel": "sales", "text": "x"}, 404, "known are filingdesk, mei, tom"),
        ("slack/message", {"user": "mei", "channel": "#nowhere", "text": "x"}, 404, "#general, #sales, #compliance, #shipping"),
        ("slack/message", {"user": "mei", "channel": "sales"}, 400, "text"),
        ("slack/message", {"user": "mei", "channel": "sales", "text": "x" * 40_001}, 400, "40000"),
        ("slack/message", {"user": "filingdesk", "channel": "sales", "text": "x"}, 400, "name a person"),
        ("slack/message", {"user": "mei", "channel": "sales", "text": "x", "thread_ts": "1.0"}, 404, "1.0"),
        ("slack/click", {"user": "mei", "channel": "sales", "ts": "1.0", "action_id": "x"}, 404, "the newest are"),
        ("slack/submit", {"user": "hui", "view_id": "V1", "values": {}}, 404, "no form open"),
        ("slack/command", {"user": "mei", "channel": "sales"}, 400, "/scope"),
    ],
)
def test_mistakes_in_driving_get_a_sentence(here: Office, what: str, body: dict[str, Any], status: int, words: str) -> None:
    answer = here.drive(what, **body)
    assert (answer["ok"], answer["status"]) == (False, status)
    assert words in answer["error"]

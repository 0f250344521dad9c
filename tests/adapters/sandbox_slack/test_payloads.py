"""What the bot is sent: every payload as Slack documents it, caught by a real Bolt app."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_bolt import App
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.adapters.sandbox_slack.bots import Office, http_office, office
from tests.servers import free_port, running

OPTION = {"text": {"type": "plain_text", "text": "Italy"}, "value": "IT"}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def asked(name: str, element: dict[str, Any]) -> dict[str, Any]:
    named = {"type": "input", "block_id": name, "label": plain(name), "optional": True}
    return named | {"element": {"action_id": f"{name}_a"} | element}


MENU = {"type": "static_select", "action_id": "dest", "options": [OPTION]}
CHOICES = [
    {"type": "section", "block_id": "where", "text": plain("To?"), "accessory": MENU},
    {"type": "actions", "block_id": "more", "elements": [
        {"type": "overflow", "action_id": "later", "options": [OPTION]},
        {"type": "button", "action_id": "answer", "text": plain("Yes"), "value": "yes"},
        {"type": "button", "action_id": "answer_no", "text": plain("No"), "value": "no"},
        {"type": "external_select", "action_id": "product"},
    ]},
]  # fmt: skip
FORM = {
    "type": "modal",
    "callback_id": "f",
    "title": plain("Form"),
    "submit": plain("Send"),
    "private_metadata": "kept",
    "blocks": [
        asked("day", {"type": "datepicker", "initial_date": "2027-01-01"}),
        asked("boxes", {"type": "checkboxes", "options": [OPTION, {"text": plain("Spain"), "value": "ES"}]}),
        asked("who", {"type": "multi_users_select"}),
        asked("sheet", {"type": "file_input"}),
        asked("amount", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
        asked("mail", {"type": "email_text_input"}),
    ],
}


class Recorder:
    """A Bolt app that writes down every body it is sent."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self.next_ack: dict[str, Any] = {}

    def register(self, app: App) -> None:
        @app.middleware
        def note(body: dict[str, Any], next: Any) -> None:
            with self._lock:
                self.bodies.append(body)
            next()

        @app.event({"type": "message"})
        @app.event("app_mention")
        @app.event("app_home_opened")
        def heard() -> None:
            pass

        @app.view("f")
        @app.action({"type": "block_actions"})
        def acted(ack: Any) -> None:
            ack(**self.next_ack)

        @app.options("product")
        def offered(ack: Any) -> None:
            ack(options=[OPTION])

    def events(self, wanted: Callable[[dict[str, Any]], Any]) -> list[dict[str, Any]]:
        with self._lock:
            return [body["event"] for body in self.bodies if "event" in body and wanted(body["event"])]

    def of(self, kind: str) -> dict[str, Any]:
        with self._lock:
            return next(body for body in reversed(self.bodies) if kind in (body.get("type"), body.get("event", {}).get("type")))


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def here(recorder: Recorder) -> Iterator[Office]:
    def any_action(app: App) -> None:
        app.action({"action_id": "dest"})(lambda ack: ack())
        for name in ("later", "answer", "answer_no", "home_button"):
            app.action(name)(lambda ack: ack())

    with http_office(lambda app: (recorder.register(app), any_action(app))) as running_office:
        yield running_office


def post_choices(here: Office) -> str:
    return str(here.client.chat_postMessage(channel=here.channel_id("sales"), text="choose", blocks=CHOICES)["ts"])


def test_a_mention_comes_as_app_mention_and_as_message(here: Office, recorder: Recorder) -> None:
    said = here.drive("slack/message", user="mei", channel="sales", text="@filingdesk hello")
    mention = recorder.of("app_mention")
    message = {"event": recorder.events(lambda event: event.get("client_msg_id") and event["type"] == "message")[-1]}
    assert mention["event"]["ts"] == message["event"]["ts"] == said["ts"]
    assert (message["event"]["channel_type"], "channel_type" in mention["event"]) == ("channel", False)
    assert mention["event"]["text"] == f"<@{here.user_id('filingdesk')}> hello"
    assert {"team_id", "api_app_id", "event_id", "event_time", "authorizations", "event_context"} <= set(mention)
    assert mention["authorizations"][0]["user_id"] == here.user_id("filingdesk")


def test_the_bots_own_messages_come_back_marked_as_its_own() -> None:
    heard: list[dict[str, Any]] = []

    async def listen(request: Request) -> Response:  # below Bolt, which drops a bot's own messages
        heard.append((await request.json())["event"])
        return PlainTextResponse("")

    port = free_port()
    door = Starlette(routes=[Route("/slack/events", listen, methods=["POST"])])
    with running(door, port), office(f"http://127.0.0.1:{port}/slack/events") as here:
        ts = here.client.chat_postMessage(channel=here.channel_id("shipping"), text="mine")["ts"]
        here.client.chat_update(channel=here.channel_id("shipping"), ts=ts, text="still mine")
        here.wait(lambda: len(heard) == 2)
    new, changed = sorted(heard, key=lambda event: event["ts"])
    assert (new["bot_id"], new["ts"], new["channel_type"]) == ("B0FILINGDESK", ts, "channel")
    assert (changed["subtype"], changed["message"]["ts"]) == ("message_changed", ts)
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("still mine", "mine")


def test_an_edit_and_a_deletion_by_a_person_are_told(here: Office, recorder: Recorder) -> None:
    said = here.drive("slack/message", user="tom", channel="dm", text="iris lok to Italy")
    assert here.drive("slack/edit", user="tom", channel="dm", ts=said["ts"], text="iris lock to Italy")["ok"]
    assert recorder.of("message")["event"]["message"]["text"] == "iris lock to Italy"
    here.drive("slack/delete", user="tom", channel="dm", ts=said["ts"])
    assert recorder.of("message")["event"]["subtype"] == "message_deleted"
    assert said["ts"] not in [m["ts"] for m in here.look("slack/messages", channel="tom")["messages"]]


def test_nobody_changes_what_another_wrote(here: Office) -> None:
    said = here.drive("slack/message", user="tom", channel="general", text="mine")
    assert "did not write" in here.drive("slack/edit", user="mei", channel="general", ts=said["ts"], text="yours")["error"]


def test_a_choice_in_a_message_carries_its_state_and_place(here: Office, recorder: Recorder) -> None:
    ts = post_choices(here)
    here.drive("slack/click", user="mei", channel="sales", ts=ts, action_id="dest", value="IT")
    here.drive("slack/click", user="mei", channel="sales", ts=ts, action_id="answer")
    body = recorder.of("block_actions")
    (action,) = body["actions"]
    assert (action["type"], action["block_id"], action["value"], action["text"]["text"]) == ("button", "more", "yes", "Yes")
    assert body["state"]["values"]["where"]["dest"]["selected_option"]["value"] == "IT"
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": here.channel_id("sales"),
        "is_ephemeral": False,
    }
    assert (body["channel"]["name"], body["message"]["ts"], body["user"]["username"]) == ("sales", ts, "mei")
    assert {"trigger_id", "response_url", "team", "api_app_id", "token"} <= set(body)


def test_an_overflow_and_a_menu_send_the_option_chosen(here: Office, recorder: Recorder) -> None:
    ts = post_choices(here)
    here.drive("slack/click", user="mei", channel="sales", ts=ts, action_id="later", value="Italy")
    assert recorder.of("block_actions")["actions"][0]["selected_option"]["value"] == "IT"
    wrong = here.drive("slack/click", user="mei", channel="sales", ts=ts, action_id="later", value="Mars")
    assert (wrong["status"], "it offers IT" in wrong["error"]) == (400, True)
    unknown = here.drive("slack/click", user="mei", channel="sales", ts=ts, action_id="nothing")
    assert "dest (static_select)" in unknown["error"]


def test_an_external_menu_asks_the_bot(here: Office) -> None:
    ts = post_choices(here)
    offered = here.drive("slack/options", user="mei", channel="sales", ts=ts, action_id="product", value="ir")
    assert [option["value"] for option in offered["options"]] == ["IT"]


def test_a_button_in_the_home_carries_the_view(here: Office, recorder: Recorder) -> None:
    button = {"type": "button", "action_id": "home_button", "text": plain("Go")}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    here.client.views_publish(user_id=here.user_id("ana"), view=home)
    assert here.drive("slack/click", user="ana", view_id="home", action_id="home_button")["ok"]
    body = recorder.of("block_actions")
    assert (body["container"]["type"], body["view"]["type"], "channel" in body) == ("view", "home", False)
    here.drive("slack/open_home", user="ana")
    assert recorder.of("app_home_opened")["event"]["view"]["id"] == body["view"]["id"]


def open_form(here: Office) -> str:
    trigger = here.app.state.slack.triggers.issue(here.user_id("raj"))
    return str(here.client.views_open(trigger_id=trigger, view=FORM)["view"]["id"])


def test_a_submitted_form_carries_every_kind_of_entry(here: Office, recorder: Recorder) -> None:
    recorder.next_ack = {}
    sheet = [{"name": "a.csv", "mimetype": "text/csv", "content_base64": "YSxi"}]
    values = {"boxes": ["IT", "ES"], "who": ["U1", "U2"], "sheet": sheet, "amount": "3", "mail_a": "a@example.com"}
    assert here.drive("slack/submit", user="raj", view_id=open_form(here), values=values)["ok"]
    view = recorder.of("view_submission")["view"]
    state = view["state"]["values"]
    assert state["day"]["day_a"] == {"type": "datepicker", "selected_date": "2027-01-01"}
    assert [option["value"] for option in state["boxes"]["boxes_a"]["selected_options"]] == ["IT", "ES"]
    assert state["who"]["who_a"]["selected_users"] == ["U1", "U2"]
    assert state["sheet"]["sheet_a"]["files"][0]["name"] == "a.csv"
    assert (state["amount"]["amount_a"]["value"], state["mail"]["mail_a"]["value"]) == ("3", "a@example.com")
    assert (view["private_metadata"], view["callback_id"]) == ("kept", "f")


def test_a_form_can_be_replaced_stacked_and_cleared(here: Office, recorder: Recorder) -> None:
    view_id = open_form(here)
    recorder.next_ack = {"response_action": "push", "view": FORM | {"title": plain("Second")}}
    second = here.drive("slack/submit", user="raj", view_id=view_id, values={})["view"]
    assert (second["title"]["text"], second["previous_view_id"]) == ("Second", view_id)
    recorder.next_ack = {"response_action": "update", "view": FORM | {"title": plain("Third")}}
    third = here.drive("slack/submit", user="raj", view_id=second["id"], values={})["view"]
    assert (third["title"]["text"], third["id"]) == ("Third", second["id"])
    recorder.next_ack = {"response_action": "clear"}
    assert here.drive("slack/submit", user="raj", view_id=second["id"], values={})["view"] is None


def test_what_slack_would_refuse_in_the_answer_to_a_form_is_said(here: Office, recorder: Recorder) -> None:
    recorder.next_ack = {"response_action": "errors", "errors": {"nowhere": "wrong"}}
    refused = here.drive("slack/submit", user="raj", view_id=open_form(here), values={})
    assert (refused["status"], refused["code"]) == (502, "invalid_errors")
    recorder.next_ack = {"response_action": "update", "view": {"type": "modal"}}
    assert here.drive("slack/submit", user="raj", view_id=open_form(here), values={})["status"] == 502
    recorder.next_ack = {}


@pytest.mark.parametrize(
    ("values", "block"), [({"amount": "0"}, "amount"), ({"amount": "x"}, "amount"), ({"mail": "nobody"}, "mail")]
)
def test_entries_slacks_client_would_not_send_are_refused_before_the_bot(
    here: Office, values: dict[str, str], block: str
) -> None:
    answer = here.drive("slack/submit", user="raj", view_id=open_form(here), values=values)
    assert (answer["ok"], list(answer["errors"])) == (False, [block])


def test_unknown_fields_and_controls_name_the_known_ones(here: Office) -> None:
    answer = here.drive("slack/submit", user="raj", view_id=open_form(here), values={"colour": "red"})
    assert "day/day_a" in answer["error"]
    assert "/sandbox/slack/message" in here.drive("slack/shout", user="raj")["error"]


def test_a_file_shared_with_the_bot_can_be_fetched(here: Office, recorder: Recorder) -> None:
    files = [{"name": "shipments.csv", "content": "number,etd\nS-1,2027-02-01\n"}]
    here.drive("slack/message", user="ken", channel="dm", text="", files=files)
    event = recorder.of("message")["event"]
    assert (event["subtype"], event["files"][0]["mimetype"]) == ("file_share", "text/csv")

"""The local Slack misbehaving on demand, and what survives: faults, retries, redelivery, lost sockets, kills."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
import requests
from slack_bolt import App
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.shelf import Shelf
from tests.adapters.sandbox_slack.bots import Office, http_office, listening, office, socket_office
from tests.servers import free_port, running

BROKEN = (URLError, ConnectionError, http.client.HTTPException)


class Heard:
    """A bot that only writes down what it hears."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str, str | None]] = []

    def register(self, app: App) -> None:
        @app.event("message")
        def on_message(event: dict[str, Any], body: dict[str, Any], request: Any) -> None:
            retry = request.headers.get("x-slack-retry-num", [None])[0]
            self.events.append((body["event_id"], event.get("text", ""), retry))

        @app.event("app_mention")
        def on_mention() -> None:
            pass


@pytest.fixture
def desk(desk: Office) -> Iterator[Office]:
    desk.faults.clear()
    yield desk
    desk.faults.clear()


def order(here: Office, kind: str, **more: Any) -> None:
    assert here.drive("faults", service="slack", kind=kind, **more)["ok"]


def post(here: Office, text: str) -> Any:
    return here.client.chat_postMessage(channel=here.channel_id("sales"), text=text)


def test_a_dropped_response_breaks_the_connection_after_the_work_was_done(desk: Office) -> None:
    order(desk, "drop_response", count=1)
    with pytest.raises(BROKEN):
        post(desk, "done but unheard")
    assert desk.texts("sales")[-1] == "done but unheard"
    assert post(desk, "heard")["ok"]


def test_a_dropped_response_announces_more_than_it_sends(desk: Office) -> None:
    order(desk, "drop_response", match="chat.postMessage")
    asked = {"token": desk.client.token, "channel": desk.channel_id("sales"), "text": "half"}
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.post(f"{desk.base_url}/slack/api/chat.postMessage", data=asked, timeout=5)


def test_a_disconnect_breaks_the_connection_before_the_work(desk: Office) -> None:
    order(desk, "disconnect")
    with pytest.raises(BROKEN):
        post(desk, "never arrived")
    assert "never arrived" not in desk.texts("sales")


def test_a_429_says_how_long_to_wait_and_does_nothing(desk: Office) -> None:
    order(desk, "status_429", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        post(desk, "too fast")
    assert (caught.value.response.status_code, caught.value.response.headers["retry-after"]) == (429, "7")
    assert caught.value.response["error"] == "ratelimited"
    assert "too fast" not in desk.texts("sales")


def test_a_503_does_nothing(desk: Office) -> None:
    order(desk, "status_503")
    with pytest.raises(SlackApiError) as caught:
        post(desk, "down")
    assert caught.value.response.status_code == 503
    assert "down" not in desk.texts("sales")


def test_a_delayed_answer_comes_late(desk: Office) -> None:
    order(desk, "delay", seconds=0.2)
    start = time.monotonic()
    post(desk, "slow")
    assert time.monotonic() - start >= 0.2


def test_faults_meet_writes_only_unless_they_name_something_else(desk: Office) -> None:
    order(desk, "status_503", count=2)
    assert desk.client.conversations_history(channel=desk.channel_id("sales"))["ok"]
    assert desk.client.auth_test()["ok"]
    assert [fault["count"] for fault in desk.look("state")["faults"]["slack"]] == [2]
    requests.delete(f"{desk.base_url}/sandbox/faults", timeout=5)
    order(desk, "status_503", match="conversations.history")
    assert post(desk, "not meant")["ok"]
    with pytest.raises(SlackApiError):
        desk.client.conversations_history(channel=desk.channel_id("sales"))
    assert desk.look("state")["faults"]["slack"] == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"service": "mail", "kind": "delay"}, "slack, jira"),
        ({"service": "slack", "kind": "explode"}, "drop_response, status_429"),
        ({"service": "slack", "kind": "delay", "count": 0}, "1 to 1000"),
        ({"service": "slack", "kind": "delay", "seconds": "long"}, "0 to 60"),
    ],
)
def test_an_impossible_fault_is_explained(desk: Office, body: dict[str, Any], words: str) -> None:
    answer = desk.drive("faults", **body)
    assert answer["status"] == 400
    assert words in answer["error"]


@pytest.mark.parametrize("kind_of_office", [http_office, socket_office], ids=["http", "socket"])
def test_a_redelivered_event_comes_twice_with_the_same_id(kind_of_office: Callable[..., Any]) -> None:
    heard = Heard()
    with kind_of_office(heard.register) as here:
        order(here, "redeliver", match="EVENT message")
        here.drive("slack/message", user="mei", channel="dm", text="once said")
        first, second = heard.events
        assert first[:2] == second[:2]
        assert second[2] == "1"


def test_events_are_repeated_three_times_with_the_retry_named() -> None:
    tries: list[tuple[str | None, str | None]] = []

    async def failing(request: Request) -> Response:
        tries.append((request.headers.get("x-slack-retry-num"), request.headers.get("x-slack-retry-reason")))
        return PlainTextResponse("no", 500)

    port = free_port()
    with office(f"http://127.0.0.1:{port}/slack/events") as here:
        with running(Starlette(routes=[Route("/slack/events", failing, methods=["POST"])]), port):
            answer = here.drive("slack/message", user="mei", channel="dm", text="hello?")
        assert tries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
        assert (answer["ok"], answer["acknowledged"]) == (True, False)


def test_a_bot_that_comes_up_between_two_tries_gets_the_event() -> None:
    heard, port = Heard(), free_port()
    with office(f"http://127.0.0.1:{port}/slack/events", retry_delays=(0.1, 0.8, 0.8)) as here, ThreadPoolExecutor(1) as person:
        answer = person.submit(here.drive, "slack/message", user="mei", channel="dm", text="anybody?")
        here.wait(lambda: list(here.shelf.every("undelivered")))
        with listening(here, heard.register, port):
            assert answer.result()["acknowledged"] is True
        assert [text for _, text, _ in heard.events] == ["anybody?"]


def test_a_message_without_a_bot_is_kept_and_says_so() -> None:
    with office(retry_delays=(0.0,), socket_wait=0.1) as here:
        answer = here.drive("slack/message", user="mei", channel="dm", text="anybody?")
        assert answer["note"].startswith("The bot did not acknowledge")
        assert here.texts("mei") == ["anybody?"]


@pytest.mark.slow
def test_a_socket_cut_under_an_event_is_reopened_and_the_event_comes_again() -> None:
    heard = Heard()
    with socket_office(heard.register, socket_wait=8.0) as here:
        order(here, "disconnect", match="SOCKET")
        answer = here.drive("slack/message", user="mei", channel="dm", text="through the cut")
        assert answer["acknowledged"] is True
        assert [text for _, text, _ in heard.events] == ["through the cut"]


def test_things_and_stamps_outlive_the_server(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    with office(path=path) as here:
        before = here.client.chat_postMessage(channel=here.channel_id("sales"), text="kept")
        here.client.views_publish(user_id=here.user_id("mei"), view={"type": "home", "blocks": [{"type": "divider"}]})
    with office(path=path) as here:
        assert here.texts("sales") == ["kept"]
        assert here.look("slack/home", user="mei")["view"]["blocks"][0]["type"] == "divider"
        after = here.client.chat_postMessage(channel=here.channel_id("sales"), text="later")
        assert after["ts"] > before["ts"]
        assert here.look("state")["slack"]["users"][0]["name"] == "filingdesk"


def test_an_event_nobody_acknowledged_before_a_kill_is_delivered_after_it(tmp_path: Path) -> None:
    path, heard = tmp_path / "sandbox.jsonl", Heard()
    with office(path=path) as here:
        event = here.app.state.slack.payloads.event({"type": "message", "text": "unheard", "channel_type": "im", "user": "U1"})
    shelf = Shelf(path)
    shelf.put("undelivered", event["event_id"], event)  # as a kill leaves it
    shelf.close()
    with socket_office(heard.register, path=path, socket_wait=5.0) as here:
        here.wait(lambda: heard.events)
        assert [(event_id, text) for event_id, text, _ in heard.events] == [(event["event_id"], "unheard")]
        here.wait(lambda: not list(here.shelf.every("undelivered")))
        assert list(here.shelf.every("undelivered")) == []


def test_a_number_given_and_a_thing_let_go_outlast_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    killed = Shelf(path)
    killed.put("undelivered", "E1", {"event_id": "E1"})
    killed.let_go("undelivered", "E1")
    assert killed.number("events") == 1
    again = Shelf(path)  # the first is not closed, as after a kill
    assert list(again.every("undelivered")) == []
    assert again.number("events") == 2
    again.close()
    killed.close()


def test_a_torn_last_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "sandbox.jsonl"
    shelf = Shelf(path)
    shelf.put("messages", "1", {"text": "whole"})
    shelf.close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'["messages", "2", {"te')
    again = Shelf(path)
    assert [thing["text"] for thing in again.every("messages")] == ["whole"]
    again.close()
    assert path.read_bytes() == whole

"""The sandbox's own controls: clock, state, waiting for changes, health, and what a half-broken request gets."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.adapters.sandbox_slack.bots import START, Office


@pytest.fixture
def desk(desk: Office) -> Office:
    desk.bench.at, desk.bench.due = START, None
    return desk


@pytest.mark.parametrize(
    ("body", "then"),
    [
        ({"advance": "P1D"}, START + timedelta(days=1)),
        ({"advance": "P1W"}, START + timedelta(weeks=1)),
        ({"advance": "PT2H30M"}, START + timedelta(hours=2, minutes=30)),
        ({"to": "2026-12-24"}, datetime(2026, 12, 24, tzinfo=UTC)),
        ({"to": "2026-12-24T09:00:00+08:00"}, datetime(2026, 12, 24, 1, tzinfo=UTC)),
        ({"to": "2026-12-24T09:00:00Z"}, datetime(2026, 12, 24, 9, tzinfo=UTC)),
    ],
)
def test_the_clock_moves_as_asked_and_answers_afterwards(desk: Office, body: dict[str, str], then: datetime) -> None:
    answer = desk.drive("clock", **body)
    assert (answer["ok"], answer["now"], desk.bench.travelled[-1]) == (True, then.isoformat(), then)


def test_the_clock_jumps_to_what_is_due_next(desk: Office) -> None:
    assert desk.drive("clock", to="next")["moved"] is False
    desk.bench.due = START + timedelta(days=3)
    assert desk.drive("clock", to="next")["now"] == desk.bench.due.isoformat()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"to": "2020-01-01"}, "forward only"),
        ({"advance": "P1M"}, "P1D, P2W"),
        ({"advance": "-P1D"}, "no duration"),
        ({"advance": "P"}, "no duration"),
        ({"to": "tomorrow"}, "no time"),
        ({"to": "2026-02-30"}, "no time"),
        ({"to": "2099-01-01"}, "five years"),
        ({"advance": "P99999999999D"}, "no duration"),
        ({}, "advance"),
        ({"to": "next", "advance": "P1D"}, "advance"),
    ],
)
def test_a_clock_that_cannot_be_set_says_why(desk: Office, body: dict[str, str], words: str) -> None:
    answer = desk.drive("clock", **body)
    assert (answer["status"], desk.bench.at) == (400, START)
    assert words in answer["error"]


def test_the_state_shows_all_of_it(desk: Office) -> None:
    said = desk.drive("slack/message", user="mei", channel="sales", text="hello")
    state = desk.look("state")
    assert state["now"] == START.isoformat()
    assert {user["name"]: user["role"] for user in state["slack"]["users"]}["hui"] == "HEAD"
    assert [m["ts"] for m in state["slack"]["messages"][said["channel"]]] == [said["ts"]]
    assert state["slack"]["views"][desk.user_id("mei")] is None
    assert (state["jira"], state["faults"]) == ({"issues": []}, {"slack": [], "jira": []})


def test_a_change_ends_the_wait_and_an_old_version_does_not_wait(desk: Office) -> None:
    version = desk.look("state")["version"]
    assert desk.look("changes", since=version - 1)["version"] == version
    threading.Timer(0.2, desk.client.chat_postMessage, kwargs={"channel": desk.channel_id("general"), "text": "new"}).start()
    start = time.monotonic()
    assert desk.look("changes", since=version)["version"] > version
    assert 0.1 < time.monotonic() - start < 5


def test_health_and_page_are_served(desk: Office) -> None:
    assert requests.get(f"{desk.base_url}/healthz", timeout=5).json() == {"ok": True}
    page = requests.get(desk.base_url, timeout=5)
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe"])
def test_a_body_that_is_no_object_gets_a_sentence(desk: Office, body: bytes) -> None:
    answer = requests.post(f"{desk.base_url}/sandbox/slack/message", data=body, timeout=5)
    assert (answer.status_code, answer.json()["ok"]) == (400, False)
    assert "JSON" in answer.json()["error"]


@pytest.mark.parametrize("text", ["", "😀🚢", "\ud800 half", "\x00\x01", "x" * 10_000, "<script>", "中文，带标点。"])
def test_any_text_can_be_said_and_read_back(desk: Office, text: str) -> None:
    assert desk.drive("slack/message", user="mei", channel="general", text=text)["ok"]
    assert len(desk.texts("general")[-1]) >= len(text)


def test_names_are_resolved_kindly(desk: Office) -> None:
    wanted = desk.channel_id("sales")
    for name in ("#sales", "sales", "Sales", wanted, wanted.lower()):
        assert desk.look("slack/messages", channel=name)["channel"] == wanted
    direct = desk.look("slack/messages", channel="mei")["channel"]
    for name in ("@mei", "Mei Zhou", "mei@example.com", direct):
        assert desk.look("slack/messages", channel=name)["channel"] == direct
    assert desk.look("slack/messages", channel="@filingdesk", user="mei")["channel"] == direct


def test_typed_names_become_mentions_and_links(desk: Office) -> None:
    text = "@filingdesk ask @mei in #sales, see https://example.com/a?b=1. Not me@example.com"
    desk.drive("slack/message", user="tom", channel="general", text=text)
    bot, mei, sales = desk.user_id("filingdesk"), desk.user_id("mei"), desk.channel_id("sales")
    expected = f"<@{bot}> ask <@{mei}> in <#{sales}|sales>, see <https://example.com/a?b=1>. Not me@example.com"
    message = desk.look("slack/messages", channel="general")["messages"][-1]
    assert message["text"] == expected
    kinds = [element["type"] for element in message["blocks"][0]["elements"][0]["elements"]]
    assert kinds == ["user", "text", "user", "text", "channel", "text", "link", "text"]


def test_a_chinese_mention_needs_no_space(desk: Office) -> None:
    desk.drive("slack/message", user="mei", channel="general", text="@filingdesk虹膜锁要备案吗？")
    assert desk.texts("general")[-1] == f"<@{desk.user_id('filingdesk')}>虹膜锁要备案吗？"

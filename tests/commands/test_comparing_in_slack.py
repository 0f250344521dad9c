"""Comparing descriptions from Slack: the shortcut on a message and `/scope compare`, through the real Bolt."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.adapters.slack_blocks import message_blocks, message_text
from bot.app import read_files
from bot.domain.people import Colleague
from bot.settings import load_settings
from handlers import descriptions
from handlers.office import Office
from tests.fakes.memory_store import MemoryStore
from tests.servers import running

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


class FakeChat:
    """Knows one person."""

    lang = "en"

    def person(self, user):
        return Colleague(id=user, name="Ana", lang=self.lang)


class Slack:
    """Sends what Slack sends and keeps what is answered to the response URL."""

    def __init__(self, office, url):
        self._url = url
        self.said = []
        self.elsewhere = []
        us = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_id="B1", bot_user_id="U0")
        self.bolt = App(authorize=lambda **_: us, process_before_response=True)
        descriptions.register(self.bolt, office)

        @self.bolt.command("/scope")
        def other(ack, command):
            ack()
            self.elsewhere.append(command["text"])

    def command(self, text):
        body = {"command": "/scope", "text": text, "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
        body["response_url"] = self._url
        return self.bolt.dispatch(BoltRequest(body=body, mode="socket_mode"))

    def shortcut(self, text):
        body = {"type": "message_action", "callback_id": "compare_descriptions", "user": {"id": "U1"}, "team": {"id": "T1"},
                "channel": {"id": "C1"}, "message": {"ts": "1.2", "text": text}, "response_url": self._url}
        return self.bolt.dispatch(BoltRequest(body=body, mode="socket_mode"))


@pytest.fixture(scope="module")
def desk():
    return read_files(load_settings()).desk(MemoryStore(), "test")


@pytest.fixture
def slack(desk):
    chat = FakeChat()
    office = Office(desk=desk, clock=SimpleNamespace(now=lambda: NOW), chat=chat, waker=None, members=(), blocks=message_blocks,
                    text=message_text)
    answers = []

    async def answered(request: Request):
        answers.append(json.loads(await request.body()))
        return PlainTextResponse("ok")

    with running(Starlette(routes=[Route("/respond", answered, methods=["POST"])])) as url:
        slack = Slack(office, f"{url}/respond")
        slack.said = answers
        yield slack


def test_scope_compare_shows_both_descriptions_of_a_product(slack):
    assert slack.command("compare PalmKey V2").status == 200
    [answer] = slack.said
    assert "PalmKey V2: the descriptions contradict each other" in answer["text"]
    assert "unattended" in answer["text"]
    assert slack.elsewhere == []


@pytest.mark.parametrize("text", ["compare", "compare Nonsense 9", "对照 没有的产品"])
def test_a_product_nobody_knows_is_told_with_how_to_ask(slack, text):
    slack.command(text)
    assert "names no product of the catalogue" in slack.said[0]["text"]
    assert "/scope compare FaceGate 300" in slack.said[0]["text"]


@pytest.mark.parametrize("text", ["FaceGate 300 to Rome?", "compared with last year, iris lock to Rome", ""])
def test_every_other_scope_question_goes_to_its_own_door(slack, text):
    assert slack.command(text).status == 200
    assert (slack.elsewhere, slack.said) == ([text], [])


def test_the_shortcut_holds_a_message_against_the_internal_description_and_tells_only_the_person(slack):
    slack.shortcut("Tell the customer that PalmKey V2 opens the door by itself, no guard needed!")
    [answer] = slack.said
    assert answer["response_type"] == "ephemeral"
    assert not answer["replace_original"]
    assert "this message" in answer["text"]
    assert "by itself" in answer["text"]


def test_a_message_that_contradicts_what_the_catalogue_has_decided_is_a_contradiction(slack):
    slack.shortcut("PalmKey V2 opens the door by itself, no guard needed")
    said = slack.said[0]["text"]
    assert "PalmKey V2: the descriptions contradict each other" in said
    assert "decided in the catalogue: *a person decides" in said


def test_the_shortcut_on_a_message_with_two_products_compares_both(slack):
    slack.shortcut("FaceGate 300 opens by itself. GateKeeper 2D opens by itself.")
    assert "2 products compared" in slack.said[0]["text"]


@pytest.mark.parametrize("text", ["Lunch at noon?", ""])
def test_the_shortcut_on_a_message_without_a_product_says_so(slack, text):
    slack.shortcut(text)
    assert "names no product of the catalogue" in slack.said[0]["text"]

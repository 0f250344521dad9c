"""Jira's webhook: who has the secret is heard, once, and everybody else is not; it is never more than a hint."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
import requests
from starlette.applications import Starlette

from bot.flows.follow_ticket import follow_hints
from bot.flows.hear_webhook import hear_webhook
from bot.sandbox.jira_webhook import call_out, listen
from bot.sandbox.shelf import Shelf
from handlers.jira_door import keys_in, webhook_routes
from tests.end_to_end.town import until
from tests.fakes.desk import Day
from tests.servers import free_port, running

SECRET = "a-secret-of-this-test"
TOLD = {"webhookEvent": "jira:issue_updated", "issue": {"key": "EXP-2"}}


@pytest.fixture
def heard() -> list[tuple[str, list[str]]]:
    return []


@pytest.fixture
def door(heard) -> Iterator[str]:
    routes = webhook_routes(SECRET, lambda identifier, keys: heard.append((identifier, keys)))
    with running(Starlette(routes=routes), free_port()) as base:
        yield f"{base}/jira/webhook"


def call(door: str, body: bytes, secret: str = SECRET, **headers: str) -> requests.Response:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return requests.post(door, data=body, headers={"X-Hub-Signature": f"sha256={signature}"} | headers, timeout=5)


def test_a_signed_call_is_heard_with_its_identifier(door, heard) -> None:
    answer = call(door, json.dumps(TOLD).encode(), **{"X-Atlassian-Webhook-Identifier": "w-1"})
    assert answer.status_code == 200
    assert heard == [("w-1", ["EXP-2"])]


@pytest.mark.parametrize("signature", ["", "sha256=", "sha1=abc", "sha256=" + "0" * 64, "ä"])
def test_without_the_right_signature_nobody_is_heard(door, heard, signature) -> None:
    answer = requests.post(door, data=json.dumps(TOLD).encode(), headers={"X-Hub-Signature": signature.encode()}, timeout=5)
    assert answer.status_code == 401
    assert "secret" in answer.json()["error"]
    assert SECRET not in answer.text
    assert call(door, json.dumps(TOLD).encode(), "another secret").status_code == 401
    assert heard == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b"null"])
def test_what_is_no_webhook_is_refused(door, heard, body) -> None:
    assert call(door, body).status_code == 400
    assert heard == []


def test_a_flood_is_cut_off(door, heard) -> None:
    assert call(door, b"x" * 5_000_001).status_code == 413
    assert heard == []


def test_without_a_secret_there_is_no_door() -> None:
    assert webhook_routes("", lambda _identifier, _keys: None) == []


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"webhookEvent": "comment_created", "comment": {}, "issue": {"key": "EXP-7"}}, ["EXP-7"]),
        ({"issue": {"key": "OPS-1"}, "changelog": {"items": [{"field": "Key", "fromString": "EXP-1"}]}}, ["OPS-1", "EXP-1"]),
        ({"webhookEvent": "project_created"}, []),
        ({"issue": {"key": 7}, "changelog": {"items": [3, {"field": "Key"}]}}, []),
        ({"issue": "EXP-1", "changelog": []}, []),
    ],
)
def test_the_tickets_it_is_about_are_read_from_any_event(told, keys) -> None:
    assert keys_in(json.dumps(told).encode()) == keys


def test_the_same_call_is_taken_once_and_other_peoples_tickets_are_none_of_ours() -> None:
    day = Day(tasks=("N1",))
    day.open()
    day.work()
    ours = day.task("N1").ticket
    assert hear_webhook(day.desk, "w-1", [ours, "OPS-4711"], day.now) == [ours]
    assert hear_webhook(day.desk, "w-1", [ours], day.now) == []
    assert hear_webhook(day.desk, "w-2", [ours], day.now) == [ours]


def test_a_hint_is_looked_at_and_what_the_ticket_says_counts_not_the_call() -> None:
    day = Day(tasks=("N1", "N11"))
    day.open()
    day.work()
    first, second = day.task("N1").ticket, day.task("N11").ticket
    day.tracker.edit(first, status_kind="done")
    day.tracker.edit(second, status_kind="done")
    assert follow_hints(day.desk, day.tracker, [first, first, "EXP-999"], day.now) == 1
    assert (day.task("N1").done, day.task("N11").done) == (True, False)
    assert day.tracker.called("changed") == 0
    assert follow_hints(day.desk, day.tracker, [first], day.now) == 0


def test_the_sandbox_calls_as_jira_does_and_again_under_the_same_identifier(door, heard) -> None:
    shelf = Shelf()
    assert listen(shelf, {"url": door, "secret": SECRET}) == {"listening": True}
    call_out(shelf, "move", {"id": "10001", "key": "OPS-1"}, [{"field": "Key", "fromString": "EXP-1", "toString": "OPS-1"}])
    identifier, keys = until(lambda: heard, 10)[0]
    assert (len(identifier), keys) == (32, ["OPS-1", "EXP-1"])
    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        listen(shelf, {"url": "https://example.com/jira/webhook"})

"""Faults on demand, wrong tokens, limits, and what outlives a kill."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from jira import JIRAError

from bot.sandbox.faults import Fault
from bot.sandbox.jira_board import board
from bot.sandbox.jira_door import Cut
from bot.sandbox.shelf import Shelf
from tests.adapters.sandbox_jira.conftest import BOT, Running, Serve

TASK: dict[str, Any] = {"project": {"key": "EXP"}, "issuetype": {"id": "10001"}, "summary": "Filing"}


def create(site: Running) -> Any:
    return site.client().create_issue(dict(TASK), prefetch=False)


@pytest.mark.parametrize(("kind", "made"), [("drop_response", 1), ("disconnect", 0)])
def test_a_broken_connection_comes_after_or_before_the_work(site: Running, kind: str, made: int) -> None:
    client = site.client()
    site.faults.order("jira", Fault(kind))
    with pytest.raises(requests.ConnectionError):
        client.create_issue(dict(TASK), prefetch=False)
    assert len(site.board()) == made
    create(site)
    assert len(site.board()) == made + 1


@pytest.mark.parametrize("wait", ["120", "1.5", "Tue, 01 Dec 2026 08:30:00 GMT"])
def test_too_many_requests_says_how_long_to_wait_and_does_nothing(site: Running, wait: str) -> None:
    site.faults.order("jira", Fault("status_429", retry_after=wait))
    answer = site.call("POST", "/rest/api/3/issue", {"fields": TASK})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, wait)
    assert site.board() == []


def test_a_503_is_not_even_json(site: Running) -> None:
    site.faults.order("jira", Fault("status_503", count=2))
    for _ in range(2):
        with pytest.raises(JIRAError) as refused:
            create(site)
        assert refused.value.status_code == 503
    assert create(site).key == "EXP-1"


def test_a_delay_makes_the_answer_late_not_the_work(site: Running) -> None:
    site.faults.order("jira", Fault("delay", seconds=0.6))
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{site.url}/rest/api/3/issue", json={"fields": TASK}, auth=(BOT, "a-token"), timeout=0.2)
    assert len(site.board()) == 1
    time.sleep(0.5)


def test_a_fault_for_anything_spares_what_only_reads(site: Running) -> None:
    site.faults.order("jira", Fault("status_503"))
    assert site.call("GET", "/rest/api/3/myself").status_code == 200
    assert site.call("POST", "/rest/api/3/search/jql", {"jql": "project = EXP"}).status_code == 200
    assert site.call("POST", "/rest/api/3/issue", {"fields": TASK}).status_code == 503


def test_a_fault_can_be_meant_for_one_request(site: Running) -> None:
    key = site.create()
    site.faults.order("jira", Fault("status_503", match="GET /rest/api/3/search/jql"))
    site.faults.order("jira", Fault("status_429", match="POST /rest/api/3/issue/EXP-1/comment"))
    assert site.call("PUT", f"/rest/api/3/issue/{key}", {"fields": {}}).status_code == 204
    assert site.call("POST", f"/rest/api/3/issue/{key}/comment", {}).status_code == 429
    assert site.call("GET", "/rest/api/3/search/jql?jql=project=EXP").status_code == 503


def test_a_wrong_token_is_401_everywhere_but_at_server_info(site: Running) -> None:
    client = site.client(token="wrong")
    with pytest.raises(JIRAError) as refused:
        client.myself()
    assert refused.value.status_code == 401
    bare = requests.get(f"{site.url}/rest/api/3/issue/EXP-1", timeout=5)
    assert bare.status_code == 401
    assert bare.json()["errorMessages"]


def test_addresses_and_versions_that_do_not_exist_are_404(site: Running) -> None:
    assert site.call("GET", "/rest/api/3/nothing").status_code == 404
    assert site.call("GET", "/rest/api/4/myself").status_code == 404
    assert site.call("GET", "/rest/agile/1.0/board").status_code == 404


def test_writes_on_one_issue_are_limited_as_jira_limits_them(serve: Serve) -> None:
    site = serve(write_limit=True)
    one, other = site.create(), site.create()
    codes = [site.client("2").add_comment(one, "x").id and 201 for _ in range(20)]
    refused = site.call("POST", f"/rest/api/2/issue/{one}/comment", {"body": "x"})
    assert codes == [201] * 20
    assert (refused.status_code, refused.headers["RateLimit-Reason"]) == (429, "jira-per-issue-on-write")
    assert int(refused.headers["Retry-After"]) >= 1
    assert site.call("POST", f"/rest/api/2/issue/{other}/comment", {"body": "x"}).status_code == 201
    site.clock.forward(seconds=float(refused.headers["Retry-After"]))
    assert site.call("POST", f"/rest/api/2/issue/{one}/comment", {"body": "x"}).status_code == 201


def test_everything_is_on_the_shelf_and_outlives_a_kill(serve: Serve, tmp_path: Path) -> None:
    first = serve(Shelf(tmp_path / "shelf"))
    first.create(labels=["fd-1"])
    first.create(parent="EXP-1")
    first.client("2").add_comment("EXP-1", "kept")
    first.drive("transition", key="EXP-2", to="done")
    first.drive("require", project="EXP", field="duedate")
    before = first.board()
    second = serve(Shelf(tmp_path / "shelf"))  # the first is not closed, as after a kill
    after = [{**card, "url": card["url"].replace(second.url, first.url)} for card in second.board()]
    assert after == before
    assert second.call("POST", "/rest/api/3/issue", {"fields": TASK}).status_code == 400
    assert second.create(duedate="2026-12-24") == "EXP-3"
    first.shelf.close()
    second.shelf.close()


def test_a_board_nobody_opened_yet_is_empty() -> None:
    assert board(Shelf()) == []


def test_behind_a_server_that_hides_its_connection_the_answer_breaks_off() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing to read")

    asyncio.run(Cut()({}, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start"]

"""Slack and Jira misbehave on demand, over HTTP: one answer, one message, one ticket, one sub-task each, whatever happens."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.end_to_end.town import Town, say, words

QUESTION = "FaceGate 300 with auto-unlock to Hamburg, ETD 2027-08-16, filing?"
LINE = ["drop_response", "status_429", "status_503", "delay", "disconnect"]
PLACES = ["", "POST /rest/api/3/issue", "/issue/bulk", "GET /rest"]
"""What of Jira the fault is meant for; "" for the first thing that writes."""
IN_SCOPE = say("verdict.in_scope")
Thing = dict[str, Any]


def asked(town: Town, text: str = QUESTION) -> str:
    """Ask in #sales; the ts of the question, whenever the answer comes."""
    return town.say("tom", "#sales", f"<@U0FILINGDESK> {text}")


def one_answer(town: Town, start: str) -> Thing:
    """The one answer, once the retries have had their time."""
    town.advance("PT3M")
    answers = [one for one in town.answers("#sales", start) if not one.get("ephemeral_to")]
    assert [IN_SCOPE in words(one) for one in answers] == [True]
    return answers[0]


def assert_one_of_each(town: Town, start: str) -> None:
    """One filing message, one ticket, each sub-task once."""
    town.advance("PT10M")
    assert len(town.tickets()) == 1
    items = Counter(one["summary"].split(" ")[0] for one in town.subtasks(town.tickets()[0]["key"]))
    assert len(items) == 27
    assert set(items.values()) == {1}
    said = [words(one) for one in town.answers("#sales", start) if not one.get("ephemeral_to")]
    assert len(said) == 2, said
    assert f"|{town.tickets()[0]['key']}>" in said[1]


@pytest.mark.parametrize("kind", LINE)
@pytest.mark.parametrize("count", [1, 3])
def test_an_answer_comes_once_whatever_slack_does_to_it(new_town: Town, kind: str, count: int) -> None:
    new_town.trouble("slack", kind, count=count, retry_after="2", seconds=0.3)
    one_answer(new_town, asked(new_town))


@pytest.mark.parametrize("kind", LINE)
def test_a_filing_is_opened_once_whatever_slack_does_meanwhile(new_town: Town, kind: str) -> None:
    start = asked(new_town)
    form = new_town.press("tom", one_answer(new_town, start), "open_filing")["view"]
    new_town.trouble("slack", kind, count=2, retry_after="2", seconds=0.3)
    new_town.fill("tom", form)
    assert_one_of_each(new_town, start)


@pytest.mark.parametrize("kind", LINE)
@pytest.mark.parametrize("match", PLACES)
def test_a_filing_is_opened_once_whatever_jira_does(new_town: Town, kind: str, match: str) -> None:
    start = asked(new_town)
    form = new_town.press("tom", one_answer(new_town, start), "open_filing")["view"]
    new_town.trouble("jira", kind, count=2, retry_after="3", seconds=0.2, match=match)
    new_town.fill("tom", form)
    assert_one_of_each(new_town, start)


def test_a_redelivered_event_is_answered_once(new_town: Town) -> None:
    new_town.trouble("slack", "redeliver", count=3)
    start = asked(new_town)
    one_answer(new_town, start)
    new_town.trouble("slack", "redeliver", count=2)
    empty = new_town.say("tom", "#sales", "<@U0FILINGDESK>")
    assert len(new_town.answers("#sales", empty)) == 1
    new_town.trouble("slack", "redeliver", count=2)
    table = "number,product,destination,etd\nSO-900,FaceGate 300,Rome,2027-08-16\n"
    new_town.say("tom", new_town.dm_of("tom"), "", files=[{"name": "a.csv", "content": table}])
    assert len(new_town.dm("tom")) == 1


def test_retry_after_is_honoured(new_town: Town) -> None:
    new_town.trouble("slack", "status_429", retry_after="600", match="chat.postMessage")
    start = asked(new_town)
    new_town.advance("PT9M")
    assert new_town.answers("#sales", start) == []
    new_town.advance("PT2M")
    assert len(new_town.answers("#sales", start)) == 1


def test_while_jira_is_away_the_message_says_so_and_everything_is_caught_up(new_town: Town) -> None:
    start = asked(new_town)
    form = new_town.press("tom", one_answer(new_town, start), "open_filing")["view"]
    new_town.trouble("jira", "status_503", count=1000, match="/rest/")
    new_town.fill("tom", form)
    waiting = words(new_town.answers("#sales", start)[-1])
    assert say("filing.creating").split(":")[-1].strip() in waiting
    assert "Jira" in waiting
    new_town.advance("PT1H")
    assert new_town.tickets() == []
    new_town.http.delete(f"{new_town.url}/sandbox/faults", timeout=10)
    assert_one_of_each(new_town, start)


def test_reminders_wait_while_slack_is_away_and_come_once_saying_that_they_are_late(new_town: Town) -> None:
    new_town.go_to("2026-12-02T12:00:00+00:00")
    before = len(new_town.dm("ken"))
    new_town.trouble("slack", "status_503", count=1000, match="/slack/api/")
    new_town.go_to("2026-12-03T03:00:00+00:00")
    assert len(new_town.dm("ken")) == before
    new_town.http.delete(f"{new_town.url}/sandbox/faults", timeout=10)
    new_town.advance("PT1H")
    caught_up, = (words(one) for one in new_town.dm("ken")[before:])
    assert "SO-4711" in caught_up
    assert say("reminder.late", "zh") in caught_up


def test_a_form_that_cannot_open_is_told_instead_of_nothing(new_town: Town) -> None:
    answer = one_answer(new_town, asked(new_town))
    new_town.trouble("slack", "status_503", match="views.open")
    assert new_town.press("tom", answer, "open_filing")["view"] is None
    assert any("try again" in line.lower() for line in new_town.whispers("tom", "#sales"))
    assert new_town.press("tom", answer, "open_filing")["view"]


@pytest.mark.parametrize("body", [{"service": "fax", "kind": "delay"}, {"service": "jira", "kind": "explode"},
                                  {"service": "slack", "kind": "delay", "count": 0}, {}])
def test_trouble_that_does_not_exist_is_refused_in_a_sentence(town: Town, body: dict[str, Any]) -> None:
    assert "write" in town.post("faults", status=400, **body)["error"]

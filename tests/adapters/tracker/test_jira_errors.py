"""Every way Jira or the network can fail, told as one of four errors with a sentence."""

from __future__ import annotations

import logging
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from requests.exceptions import SSLError

from bot.adapters.jira_errors import Call, translated
from bot.adapters.jira_tracker import JiraAccess, JiraTracker
from bot.datafiles.messages import load_messages
from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.ports import TicketDraft
from tests.adapters.tracker.scripted_server import CLOUD, Answer, scripted_server

PAGE = "<html><body>Log in to continue</body></html>"
DRAFT = TicketDraft(label="fd-F-12", summary="F-12", description="Open a filing.")
TOKEN = "a-token-nobody-may-see"
WORDS = load_messages(Path(__file__).parents[3] / "config" / "messages")


@pytest.fixture
def jira():
    with scripted_server() as script:
        yield script


@pytest.fixture
def tracker(jira):
    tracker = tracker_at(jira.address)
    yield tracker
    tracker.close()


def tracker_at(url, **settings):
    access = {"project": "EXP", "email": "bot@example.com", "token": TOKEN, "issue_type": "Task", "timeout": (0.3, 0.3)}
    return JiraTracker(JiraAccess(url=url, **(access | settings)))


def failure(of, *args):
    with pytest.raises(ServiceError) as caught:
        of(*args)
    said = f"{caught.value} {caught.value.__cause__} {getattr(caught.value, 'fields', '')}"
    assert TOKEN not in said
    assert "<html" not in said
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    for lang in ("en", "zh") if caught.value.code else ():
        assert WORDS.say(lang, f"trouble.{caught.value.code}", **caught.value.said)
    return caught.value


# --- no answer ------------------------------------------------------------------------------------------------


def test_a_jira_nobody_listens_at_means_try_later_even_for_a_create():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        tracker = tracker_at(f"http://127.0.0.1:{closed.getsockname()[1]}")
        error = failure(tracker.create, DRAFT)
    assert isinstance(error, TryLater)
    assert "could not be reached" in str(error)


def test_a_name_that_cannot_be_resolved_means_try_later():
    assert isinstance(failure(tracker_at("http://jira.invalid").create, DRAFT), TryLater)


@pytest.mark.parametrize("url", ["", "exporter.example.com", "ftp://exporter.example.com"])
def test_an_address_that_is_none_is_refused_with_an_example(url):
    error = failure(tracker_at(url).find, "fd-F-12")
    assert isinstance(error, Refused)
    assert "https://your-site.atlassian.net" in str(error)


def test_a_certificate_file_that_is_not_there_is_refused():
    error = failure(tracker_at("https://127.0.0.1:9", ca_file="/nowhere/ca.pem").find, "x")
    assert isinstance(error, Refused)
    assert "certificate file" in str(error)


@pytest.mark.parametrize("sign_in", [{"email": "机器人@example.com", "token": "标记"}, {"token": "", "pat": "copied\nbadly"}])
def test_a_token_with_characters_no_token_has_is_refused(jira, sign_in):
    error = failure(tracker_at(jira.address, **sign_in).find, "x")
    assert isinstance(error, Refused)
    assert "copy it again" in str(error)


def test_a_certificate_nobody_trusts_is_tried_later_with_what_to_set():
    untrusted = SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate")
    error = translated(untrusted, Call("create the ticket", writes=True))
    assert isinstance(error, TryLater)
    assert "certificate authority" in str(error)


def test_a_proxy_that_cannot_be_reached_means_try_later(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert isinstance(failure(tracker_at("https://jira.invalid").create, DRAFT), TryLater)


@pytest.mark.parametrize("lost", [Answer(hang_up=True), Answer(wait=0.6)], ids=["hung up", "too late"])
def test_a_create_whose_answer_is_lost_has_an_unknown_outcome_and_is_sent_once(jira, tracker, lost):
    jira.say(lost)
    assert isinstance(failure(tracker.create, DRAFT), OutcomeUnknown)
    assert [method for method, _, _ in jira.seen] == ["POST"]


@pytest.mark.parametrize("lost", [Answer(hang_up=True), Answer(wait=0.6)], ids=["hung up", "too late"])
def test_a_read_whose_answer_is_lost_is_tried_later(jira, tracker, lost):
    jira.say(lost)
    assert isinstance(failure(tracker.get, "EXP-1"), TryLater)


# --- an answer that asks to wait --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("value", "seconds"), [("120", 120), ("1.5", 1.5), ("1847", 1847), ("0", 0)])
def test_the_wait_jira_asks_for_is_passed_on_however_long(jira, tracker, status, value, seconds):
    jira.say(Answer(status, headers={"Retry-After": value}))
    error = failure(tracker.create, DRAFT)
    assert isinstance(error, TryLater)
    assert error.after_seconds == seconds
    assert len(jira.seen) == 1


def test_a_wait_given_as_a_date_is_counted_from_now(jira, tracker):
    until = datetime.now(UTC) + timedelta(seconds=300)
    jira.say(Answer(429, headers={"Retry-After": format_datetime(until, usegmt=True)}))
    assert failure(tracker.get, "EXP-1").after_seconds == pytest.approx(300, abs=3)


@pytest.mark.parametrize("value", ["", "soon", "nan", "inf", "-5"])
def test_a_wait_nobody_can_read_is_no_wait(jira, tracker, value):
    jira.say(Answer(429, headers={"Retry-After": value}))
    error = failure(tracker.create, DRAFT)
    assert isinstance(error, TryLater)
    assert error.after_seconds is None


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_server_error_leaves_a_write_unknown_and_a_read_to_repeat(jira, tracker, status):
    jira.say(Answer(status, PAGE))
    assert isinstance(failure(tracker.create, DRAFT), OutcomeUnknown)
    assert isinstance(failure(tracker.find, "fd-F-12"), TryLater)


# --- an answer that says no -------------------------------------------------------------------------------------


def test_a_required_field_is_named_with_its_reason(jira, tracker):
    jira.say(Answer(400, {"errorMessages": ["No."], "errors": {"customfield_10050": "Destination is required."}}))
    error = failure(tracker.create, DRAFT)
    assert isinstance(error, Refused)
    assert error.fields == {"customfield_10050": "Destination is required."}
    assert str(error) == "Jira refused to create the ticket (400): No.; customfield_10050: Destination is required."


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "sign-in"),
        (403, "permission in the project"),
        (404, "project key"),
        (413, "too large"),
        (302, "leads to another page"),
        (308, "has moved"),
        (418, "refused to create the ticket (418)"),
    ],
)
def test_a_no_is_a_sentence_with_what_to_do_even_where_a_web_page_says_it(jira, tracker, status, words):
    jira.say(Answer(status, PAGE, {"Location": "https://login.example.com"}))
    error = failure(tracker.create, DRAFT)
    assert isinstance(error, Refused)
    assert words in str(error)
    assert len(jira.seen) == 1


def test_a_captcha_is_named(jira, tracker):
    jira.say(Answer(403, {}, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://x"}))
    assert "CAPTCHA" in str(failure(tracker.get, "EXP-1"))


@pytest.mark.parametrize("status", [404, 410])
def test_a_ticket_that_is_not_there_is_gone(jira, tracker, status):
    jira.say(Answer(status, {"errorMessages": ["Issue does not exist"], "errors": {}}))
    error = failure(tracker.get, "EXP-1")
    assert isinstance(error, Gone)
    assert "EXP-1" in str(error)


def test_a_ticket_hidden_because_the_sign_in_failed_is_not_gone(jira, tracker):
    jira.say(Answer(404, {}, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}))
    error = failure(tracker.get, "EXP-1")
    assert isinstance(error, Refused)
    assert "sign-in" in str(error)


def test_an_edit_conflict_is_tried_later(jira, tracker):
    jira.say(Answer(409, {"errorMessages": ["Conflict"]}))
    assert isinstance(failure(tracker.comment, "EXP-1", "text", "m"), TryLater)


def test_a_web_page_with_200_is_refused_on_a_read_and_unknown_on_a_write(jira, tracker):
    jira.say(Answer(200, PAGE))
    assert "web page" in str(failure(tracker.find, "fd-F-12"))
    assert isinstance(failure(tracker.find, "fd-F-12"), Refused)
    assert isinstance(failure(tracker.create, DRAFT), OutcomeUnknown)


@pytest.mark.parametrize("body", [[], {"id": "1"}, "", "nonsense"])
def test_a_create_whose_answer_names_no_ticket_is_unknown(jira, tracker, body):
    jira.say(Answer(201, body))
    assert isinstance(failure(tracker.create, DRAFT), OutcomeUnknown)


@pytest.mark.parametrize("body", [{"errorMessages": None, "errors": None}, 7, [], "null"])
def test_a_no_without_readable_reasons_is_still_one_of_our_errors(jira, tracker, body):
    jira.say(Answer(400, body))
    assert isinstance(failure(tracker.create, DRAFT), (Refused, OutcomeUnknown))


def test_a_failed_first_contact_is_not_remembered(jira, tracker):
    jira.say(Answer(200, {"issues": []}))
    jira.greeting = Answer(503)
    assert isinstance(failure(tracker.create, DRAFT), TryLater)
    jira.greeting = Answer(body=CLOUD)
    assert tracker.find("fd-F-12") == []


# --- many at once -----------------------------------------------------------------------------------------------


def element(number, status=400, **errors):
    return {"status": status, "failedElementNumber": number, "elementErrors": {"errorMessages": ["No."], "errors": errors}}


def drafts(count):
    return [TicketDraft(label=f"fd-F-12-{n}", summary=f"{n}", description="", parent="EXP-1") for n in range(count)]


@pytest.fixture
def named(jira):
    tracker = tracker_at(jira.address, subtask_type="Sub-task")
    yield tracker
    tracker.close()


def test_of_many_each_gets_its_own_result_in_order(jira, named):
    jira.say(Answer(201, {"issues": [{"key": "EXP-2"}, {"key": "EXP-3"}], "errors": [element(1, duedate="is bad")]}))
    first, second, third = named.create_all(drafts(3))
    assert (first, third) == ("EXP-2", "EXP-3")
    assert isinstance(second, Refused)
    assert second.fields == {"duedate": "is bad"}
    assert "No.; duedate: is bad" in str(second)


def test_when_all_of_many_are_refused_each_says_why(jira, named):
    jira.say(Answer(400, {"issues": [], "errors": [element(0, a="x"), element(1, b="y")]}))
    assert [result.fields for result in named.create_all(drafts(2))] == [{"a": "x"}, {"b": "y"}]


@pytest.mark.parametrize(
    "answer",
    [
        {"issues": [{"key": "EXP-2"}], "errors": []},
        {"issues": [{"key": "EXP-2"}], "errors": [element(1, status=429)]},
        {"issues": [{"key": "EXP-2"}], "errors": [element(1, status=500)]},
    ],
)
def test_many_half_settled_are_an_unknown_outcome(jira, named, answer):
    jira.say(Answer(201, answer))
    assert isinstance(failure(named.create_all, drafts(2)), OutcomeUnknown)


def test_many_refused_as_a_whole_are_refused_as_a_whole(jira, named):
    jira.say(Answer(400, {"errorMessages": ["Invalid request payload."], "errors": {}}))
    assert "Invalid request payload" in str(failure(named.create_all, drafts(2)))


# --- what never leaves ------------------------------------------------------------------------------------------


def test_neither_errors_nor_logs_nor_the_settings_show_a_token(jira, tracker, caplog):
    caplog.set_level(logging.DEBUG, logger="jira")
    jira.say(Answer(200, f"<html>{TOKEN}</html>"), Answer(401, {"message": TOKEN}))
    failure(tracker.get, "EXP-1")
    failure(tracker.get, "EXP-1")
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(JiraAccess(url="", project="EXP", token=TOKEN, pat=TOKEN))


def test_making_a_tracker_sends_nothing(jira):
    JiraTracker(JiraAccess(url=jira.address, project="EXP"))
    assert jira.seen == []

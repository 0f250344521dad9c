"""SlackChat against a local Slack over HTTP: names and people, faults of line and service, and never a second request."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from bot.adapters.slack_chat import SlackChat, slack_client
from bot.errors import BadSettings, Gone, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.replies import Choice, Reply
from tests.adapters.slack.rooms import START, TOKEN, LocalSlack
from tests.servers import free_port

HELLO = Reply("Hello")


def posts(slack: LocalSlack) -> int:
    return slack.asked.count("chat.postMessage")


@contextmanager
def answering(status: int, body: str, kind: str = "text/html", headers: dict[str, str] | None = None) -> Iterator[SlackChat]:
    """A chat whose Slack gives one answer to everything."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield SlackChat(slack_client(TOKEN, f"http://127.0.0.1:{server.server_port}/api/", 3))
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def refusing(code: str, status: int = 200, **more: Any) -> Any:
    return answering(status, json.dumps({"ok": False, "error": code} | more), "application/json")


def error_of(chat: SlackChat) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        chat.post("C0ROOM", "", HELLO, "k")
    assert TOKEN not in f"{caught.value!r} {vars(caught.value)}"
    return caught.value


# ── names, people, looking ──


def test_a_channel_may_be_written_to_edited_and_searched_by_its_name(slack: LocalSlack) -> None:
    channel = slack.channel(name="by-its-name")
    ts = slack.chat().post("#by-its-name", "", HELLO, "news:1")
    after_a_restart = slack.chat()
    after_a_restart.update("#by-its-name", ts, Reply("Edited"), "news:1")
    assert after_a_restart.find("#by-its-name", "", "news:1", slack.bench.now()) == ts
    assert [message["text"] for message in slack.messages(channel)] == ["Edited"]
    assert slack.asked.count("users.conversations") == 1


def test_a_new_message_to_a_name_takes_one_request(slack: LocalSlack) -> None:
    slack.channel(name="one-request")
    slack.chat().post("#one-request", "", HELLO, "k")
    assert slack.asked == ["chat.postMessage"]


def test_a_name_the_bot_is_in_no_channel_of_is_told_with_what_to_do(slack: LocalSlack) -> None:
    with pytest.raises(Gone, match=r"#nowhere; invite it there or mend the name in config/bot.yaml"):
        slack.chat().find("#nowhere", "", "k", slack.bench.now())


def test_a_name_is_found_beyond_the_first_page_of_channels(slack: LocalSlack) -> None:
    for number in range(210):
        slack.channel(name=f"many-{number}")
    slack.channel(name="the-last")
    assert slack.chat().room("#the-last")
    assert slack.asked.count("users.conversations") == 2


def test_a_direct_message_is_opened_once(slack: LocalSlack) -> None:
    chat, mei = slack.chat(), slack.user("mei")
    for number in range(3):
        chat.post(mei, "", HELLO, f"dm:{number}")
    assert slack.asked == ["conversations.open", *["chat.postMessage"] * 3]


def test_a_lost_answer_while_opening_a_direct_message_is_no_doubt_about_the_message(slack: LocalSlack) -> None:
    slack.order("drop_response", "conversations.open")
    with pytest.raises(TryLater):
        slack.chat().post(slack.user("mei"), "", HELLO, "k")
    assert posts(slack) == 0


def test_a_message_is_found_behind_hundreds_of_others(slack: LocalSlack) -> None:
    channel, chat = slack.channel(), slack.chat()
    ts = chat.post(channel, "", HELLO, "wanted")
    messages, workspace = slack.app.state.slack.messages, slack.app.state.slack.workspace
    for number in range(450):
        messages.add(workspace.channel(channel), {"user": workspace.bot["id"], "text": str(number)})
    assert chat.find(channel, "", "wanted", slack.bench.now()) == ts
    assert slack.asked.count("conversations.history") == 3


def test_a_reply_is_found_behind_hundreds_of_others_in_its_thread(slack: LocalSlack) -> None:
    channel, chat = slack.channel(), slack.chat()
    thread = chat.post(channel, "", HELLO, "thread")
    messages, workspace = slack.app.state.slack.messages, slack.app.state.slack.workspace
    for number in range(250):
        messages.add(workspace.channel(channel), {"user": workspace.bot["id"], "text": str(number), "thread_ts": thread})
    ts = chat.post(channel, thread, HELLO, "wanted")
    assert chat.find(channel, thread, "wanted", slack.bench.now()) == ts


def test_more_than_can_be_looked_through_is_unknown_rather_than_not_there() -> None:
    page = {"ok": True, "messages": [], "response_metadata": {"next_cursor": "again"}}
    with answering(200, json.dumps(page), "application/json") as chat, pytest.raises(OutcomeUnknown, match="Too much"):
        chat.find("C0ROOM", "", "k", START)


def test_looking_in_a_thread_that_was_deleted_says_it_is_gone(slack: LocalSlack) -> None:
    with pytest.raises(Gone, match="thread no longer exists"):
        slack.chat().find(slack.channel(), "1700000000.000001", "k", slack.bench.now())


def test_a_message_of_another_app_with_the_same_payload_is_not_ours(slack: LocalSlack) -> None:
    channel = slack.channel()
    metadata = {"event_type": "other_app", "event_payload": {"key": "k"}}
    slack.chat()._client.chat_postMessage(channel=channel, text="x", metadata=metadata)
    assert slack.chat().find(channel, "", "k", slack.bench.now()) is None


@pytest.mark.parametrize(
    ("facts", "zone", "lang"),
    [
        ({"tz": "Europe/Berlin", "locale": "de-DE"}, "Europe/Berlin", "en"),
        ({"tz": "Asia/Shanghai", "locale": "zh-TW"}, "Asia/Shanghai", "zh"),
    ],
)
def test_zone_and_language_come_from_the_persons_own_settings(slack: LocalSlack, facts: Any, zone: str, lang: str) -> None:
    person = slack.chat().person(slack.person(**facts))
    assert (person.zone, person.lang) == (zone, lang)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", None, "../etc/passwd"])
def test_a_zone_this_machine_does_not_know_becomes_the_desks(zone: str | None) -> None:
    user = {"id": "U0X", "tz": zone, "profile": {"real_name": "X"}}
    with answering(200, json.dumps({"ok": True, "user": user}), "application/json") as chat:
        assert chat.person("U0X").zone == "Asia/Shanghai"


def test_somebody_who_left_is_not_active(slack: LocalSlack) -> None:
    assert not slack.chat().person(slack.person(deleted=True)).active


def test_a_person_is_found_by_e_mail_and_nobody_is_none(slack: LocalSlack) -> None:
    chat = slack.chat()
    assert chat.user_by_email("mei@example.com") == slack.user("mei")
    assert chat.user_by_email("nobody@example.com") is None


def test_the_site_and_the_scopes_are_told(slack: LocalSlack) -> None:
    assert slack.chat().site() == f"{slack.base_url}/"
    assert "chat:write" in slack.chat().scopes()


# ── faults: what happened is told, and nothing is sent twice ──


def test_a_dropped_answer_is_unknown_and_was_one_request(slack: LocalSlack) -> None:
    slack.order("drop_response", "chat.postMessage")
    with pytest.raises(OutcomeUnknown):
        slack.chat().post(slack.channel(), "", HELLO, "k")
    assert posts(slack) == 1


def test_a_connection_broken_before_the_work_is_unknown_and_nothing_is_found(slack: LocalSlack) -> None:
    channel, chat = slack.channel(), slack.chat()
    slack.order("disconnect", "chat.postMessage")
    with pytest.raises(OutcomeUnknown):
        chat.post(channel, "", HELLO, "k")
    assert posts(slack) == 1
    assert chat.find(channel, "", "k", slack.bench.now()) is None


def test_an_answer_later_than_the_timeout_is_unknown_and_found_afterwards(slack: LocalSlack) -> None:
    channel, chat = slack.channel(), slack.chat(timeout=1)
    slack.order("delay", "chat.postMessage", seconds=1.5)
    with pytest.raises(OutcomeUnknown):
        chat.post(channel, "", HELLO, "k")
    assert posts(slack) == 1
    assert chat.find(channel, "", "k", slack.bench.now())


@pytest.mark.parametrize(("kind", "seconds"), [("status_429", 30.0), ("status_503", None)])
def test_a_service_that_did_nothing_is_tried_later(slack: LocalSlack, kind: str, seconds: float | None) -> None:
    channel = slack.channel()
    slack.order(kind, "chat.postMessage", retry_after="30")
    with pytest.raises(TryLater) as caught:
        slack.chat().post(channel, "", HELLO, "k")
    assert caught.value.after_seconds == seconds
    assert posts(slack) == 1
    assert slack.messages(channel) == []


@pytest.mark.parametrize("kind", ["drop_response", "disconnect"])
def test_a_lost_answer_to_a_question_is_asked_again_later(slack: LocalSlack, kind: str) -> None:
    for method in ("users.info", "conversations.history"):
        slack.order(kind, method)
    with pytest.raises(TryLater):
        slack.chat().person(slack.user("mei"))
    with pytest.raises(TryLater):
        slack.chat().find(slack.channel(), "", "k", slack.bench.now())


@pytest.mark.parametrize("seconds", ["", "soon", "-5"])
def test_a_strange_retry_after_is_no_trouble(seconds: str) -> None:
    with answering(429, '{"ok":false,"error":"ratelimited"}', "application/json", {"Retry-After": seconds}) as chat:
        error = error_of(chat)
    assert isinstance(error, TryLater)
    assert error.after_seconds in (None, 0.0)


def test_a_wrong_token_is_refused_with_what_to_do(slack: LocalSlack) -> None:
    with pytest.raises(Refused, match=r"does not accept the bot token; put a current SLACK_BOT_TOKEN in place") as caught:
        slack.chat("xoxb-wrong").post("C0ROOM0001", "", HELLO, "k")
    assert "xoxb-wrong" not in f"{caught.value!r} {vars(caught.value)}"


def test_an_app_token_in_place_of_the_bot_token_is_told(slack: LocalSlack) -> None:
    with pytest.raises(Refused, match="SLACK_BOT_TOKEN begins with xoxb-"):
        slack.chat("xapp-sandbox").site()


def test_an_archived_channel_and_an_unknown_one_are_gone(slack: LocalSlack) -> None:
    with pytest.raises(Gone, match="archived"):
        slack.chat().post(slack.channel(is_archived=True), "", HELLO, "k")
    with pytest.raises(Gone, match="does not exist or the bot cannot see it"):
        slack.chat().post("C0NOWHERE", "", HELLO, "k")


def test_a_channel_without_the_bot_is_refused_with_what_to_do(slack: LocalSlack) -> None:
    with pytest.raises(Refused, match="invite it there"):
        slack.chat().post(slack.channel(members=["mei"]), "", HELLO, "k")


def test_nobody_listening_means_that_nothing_happened() -> None:
    chat = SlackChat(slack_client(TOKEN, f"http://127.0.0.1:{free_port()}/api/", 2))
    error = error_of(chat)
    assert isinstance(error, TryLater)
    assert str(error) == "Slack cannot be reached; is the network up?"


def test_a_name_that_cannot_be_resolved_means_that_nothing_happened() -> None:
    chat = SlackChat(slack_client(TOKEN, "http://slack.invalid/api/", 2))
    assert isinstance(error_of(chat), TryLater)


def test_a_line_cut_in_the_middle_of_the_request_is_unknown() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        connection, _ = listener.accept()
        connection.recv(10)
        connection.close()

    thread = threading.Thread(target=hang_up, daemon=True)
    thread.start()
    chat = SlackChat(slack_client(TOKEN, f"http://127.0.0.1:{listener.getsockname()[1]}/api/", 3))
    assert isinstance(error_of(chat), OutcomeUnknown)
    thread.join(timeout=5)
    listener.close()


@pytest.mark.parametrize(
    ("status", "kind"), [(200, OutcomeUnknown), (403, Refused), (404, Refused), (500, OutcomeUnknown), (502, OutcomeUnknown),
                         (503, TryLater)])
def test_a_web_page_in_place_of_an_answer_is_told_without_showing_it(status: int, kind: type[ServiceError]) -> None:
    with answering(status, "<html><body>Login to the guest network</body></html>") as chat:
        error = error_of(chat)
    assert type(error) is kind
    assert "<" not in str(error)
    assert "guest" not in f"{error} {vars(error)}"


def test_bytes_that_are_no_text_are_a_lost_answer() -> None:
    with answering(200, "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), "application/json; charset=ascii") as chat:
        assert isinstance(error_of(chat), OutcomeUnknown)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("fatal_error", OutcomeUnknown),
        ("internal_error", OutcomeUnknown),
        ("service_unavailable", TryLater),
        ("request_timeout", TryLater),
        ("team_added_to_org", TryLater),
        ("token_revoked", Refused),
        ("account_inactive", Refused),
        ("missing_scope", Refused),
        ("user_disabled", Gone),
        ("something_new", Refused),
    ],
)
def test_what_slack_says_decides_what_happens_next(code: str, kind: type[ServiceError]) -> None:
    with refusing(code) as chat:
        error = error_of(chat)
    assert type(error) is kind
    assert str(error).endswith((".", "?"))


def test_a_refused_message_keeps_slacks_first_reason() -> None:
    reason = "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    with refusing("invalid_blocks", response_metadata={"messages": [reason]}) as chat:
        error = error_of(chat)
    assert isinstance(error, Refused)
    assert error.fields == {"slack": f"invalid_blocks: {reason}"}


def test_a_message_that_cannot_be_drawn_is_refused_before_anything_is_sent(slack: LocalSlack) -> None:
    too_much = Reply("x", choices=(Choice("publish_list", "Publish", "v" * 2001),))
    with pytest.raises(Refused, match="cannot be drawn"):
        slack.chat().post(slack.channel(), "", too_much, "k")
    assert posts(slack) == 0


@pytest.mark.parametrize("token", ["xoxb-se cret", "xoxb-sécret", "xoxb-sec\nret"])
def test_a_token_that_cannot_be_sent_is_told_without_showing_it(token: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(BadSettings) as caught:
        slack_client(token, "http://127.0.0.1:1/api/")
    assert token[5:] not in f"{caught.value} {caplog.text}"


def test_a_token_pasted_with_a_line_end_works(slack: LocalSlack) -> None:
    assert slack.chat(f" {TOKEN}\n").site()


# ── files ──


def test_what_is_said_with_a_file_calls_nobody(slack: LocalSlack) -> None:
    channel = slack.channel()
    slack.chat().share(channel, "", "F-1.zip", b"1", "<!channel> F-1")
    assert [message["text"] for message in slack.messages(channel)] == ["&lt;!channel&gt; F-1"]


def test_a_workspace_that_takes_no_files_is_told_in_a_sentence() -> None:
    with refusing("file_uploads_disabled") as chat, pytest.raises(Refused, match="lets nobody upload files"):
        chat.share("C0ROOM", "", "F-1.zip", b"1", "F-1")


def test_a_file_that_slacks_shelf_does_not_take_is_in_doubt(slack: LocalSlack) -> None:
    with pytest.raises(OutcomeUnknown), answering(404, "no such upload", "text/plain") as nowhere:
        upload = {"ok": True, "upload_url": nowhere._client.base_url, "file_id": "F1"}
        with answering(200, json.dumps(upload), "application/json") as chat:
            chat.share("C0ROOM", "", "F-1.zip", b"1", "F-1")

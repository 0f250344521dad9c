"""The less travelled corners of the local Web API: markdown, attachments, broadcasts, answers that replace, odd files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from slack_sdk.errors import SlackApiError

from tests.adapters.sandbox_slack.bots import APP_TOKEN, BOT_TOKEN, Office, socket_office


def ask(desk: Office, method: str, **arguments: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    return dict(requests.post(f"{desk.base_url}/slack/api/{method}", json=arguments, headers=headers, timeout=5).json())


def answer_address(desk: Office, ts: str) -> str:
    slack = desk.app.state.slack
    channel = slack.workspace.channel("general")
    return str(slack.response_url(desk.base_url, slack.workspace.user("mei"), channel, slack.messages.find(channel["id"], ts)))


def test_markdown_stands_alone(desk: Office) -> None:
    posted = ask(desk, "chat.postMessage", channel=desk.channel_id("general"), markdown_text="**scope**")
    assert posted["message"]["blocks"][0]["type"] == "markdown"
    both = ask(desk, "chat.postMessage", channel=desk.channel_id("general"), markdown_text="a", text="b")
    assert both["error"] == "markdown_text_conflict"
    assert (
        ask(desk, "chat.postMessage", channel=desk.channel_id("general"), markdown_text="x" * 12_001)["error"] == "msg_too_long"
    )


def test_attachments_are_kept_and_their_blocks_checked(desk: Office) -> None:
    channel = desk.channel_id("general")
    posted = ask(desk, "chat.postMessage", channel=channel, attachments=[{"color": "#f00", "blocks": [{"type": "divider"}]}])
    assert posted["message"]["attachments"][0]["color"] == "#f00"
    assert (
        ask(desk, "chat.postMessage", channel=channel, attachments=[{"blocks": [{"type": "section"}]}])["error"]
        == "invalid_blocks"
    )
    assert ask(desk, "chat.postMessage", channel=channel, attachments="{}")["error"] == "invalid_attachments"


def test_a_broadcast_reply_is_seen_in_the_channel_too(desk: Office) -> None:
    channel = desk.channel_id("general")
    parent = ask(desk, "chat.postMessage", channel="#general", text="parent")["ts"]
    ask(desk, "chat.postMessage", channel=channel, text="quiet reply", thread_ts=parent)
    ask(desk, "chat.postMessage", channel=channel, text="loud reply", thread_ts=parent, reply_broadcast=True)
    shown = [message["text"] for message in ask(desk, "conversations.history", channel=channel)["messages"]]
    assert ("loud reply" in shown, "quiet reply" in shown) == (True, False)


def test_an_empty_metadata_removes_it(desk: Office) -> None:
    channel, metadata = desk.channel_id("general"), {"event_type": "t", "event_payload": {}}
    posted = ask(desk, "chat.postMessage", channel=channel, text="x", metadata=metadata)
    assert "metadata" not in ask(desk, "chat.update", channel=channel, ts=posted["ts"], metadata={})["message"]
    assert ask(desk, "chat.update", channel=channel, ts=posted["ts"])["error"] == "no_text"
    assert ask(desk, "chat.update", channel=channel, ts=posted["ts"], text="")["error"] == "no_text"


def test_an_answer_may_replace_or_delete_the_message_it_belongs_to(desk: Office) -> None:
    ts = ask(desk, "chat.postMessage", channel=desk.channel_id("general"), text="asking")["ts"]
    requests.post(answer_address(desk, ts), json={"replace_original": True, "text": "answered"}, timeout=5)
    assert desk.texts("general")[-1] == "answered"
    requests.post(answer_address(desk, ts), json={"response_type": "in_channel", "text": "for all"}, timeout=5)
    requests.post(answer_address(desk, ts), json={"delete_original": True}, timeout=5)
    assert desk.texts("general")[-1] == "for all"
    assert requests.post(answer_address(desk, ts), json={"text": ""}, timeout=5).json()["error"] == "no_text"
    assert requests.post(f"{desk.base_url}/slack/response/unknown", json={"text": "x"}, timeout=5).status_code == 404


def test_a_form_upload_works_and_wrong_uploads_are_refused(desk: Office) -> None:
    announced = ask(desk, "files.getUploadURLExternal", filename="a.txt", length="3")
    assert requests.post(announced["upload_url"], data=b"toolong", timeout=5).status_code == 400
    assert requests.post(announced["upload_url"], files={"file": b"abc"}, timeout=5).text == "OK - 3"
    assert requests.post(announced["upload_url"], data=b"abc", timeout=5).status_code == 404
    done = ask(desk, "files.completeUploadExternal", files=[{"id": announced["file_id"], "title": "A"}])
    assert done["files"][0]["title"] == "A"
    assert ask(desk, "files.info", file=announced["file_id"])["file"]["size"] == 3
    assert ask(desk, "files.info", file="F404")["error"] == "file_not_found"
    assert ask(desk, "files.completeUploadExternal", files=[{"id": "F404"}])["error"] == "file_not_found"
    assert ask(desk, "files.completeUploadExternal", files=[])["error"] == "invalid_arguments"
    assert ask(desk, "files.getUploadURLExternal", filename="a.txt", length="-1")["error"] == "invalid_arguments"


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("api.test", {"error": "my_error"}, "my_error"),
        ("bots.info", {"bot": "B404"}, "bot_not_found"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("conversations.join", {"channel": "D0MEI000000"}, "method_not_supported_for_channel_type"),
        ("conversations.open", {"users": "U0MEI000000,U0TOM000000"}, "method_not_supported_for_channel_type"),
        ("conversations.open", {"users": "U0FILINGDESK"}, "cannot_dm_bot"),
        ("conversations.history", {"channel": "C0SALES0000", "limit": "many"}, "invalid_limit"),
        ("conversations.history", {"channel": "C404"}, "channel_not_found"),
        ("views.open", {"trigger_id": "1", "view": "no json"}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1", "view": "[]"}, "invalid_arguments"),
        ("views.update", {"view": {"type": "modal"}}, "invalid_arguments"),
        ("views.publish", {"user_id": "U404", "view": {"type": "home", "blocks": []}}, "user_not_found"),
        ("chat.getPermalink", {"channel": "C404", "message_ts": "1.0"}, "channel_not_found"),
        ("chat.delete", {"channel": "C404", "ts": "1.0"}, "channel_not_found"),
        ("reactions.remove", {"channel": "C404", "timestamp": "1.0", "name": "x"}, "channel_not_found"),
    ],
)
def test_wrong_arguments_are_refused_by_name(desk: Office, method: str, arguments: dict[str, Any], error: str) -> None:
    assert ask(desk, method, **arguments)["error"] == error


def test_a_stamp_that_is_none_is_refused(desk: Office) -> None:
    desk.client.chat_postMessage(channel=desk.channel_id("sales"), text="x")
    assert (
        ask(desk, "conversations.history", channel=desk.channel_id("sales"), oldest="yesterday")["error"] == "invalid_ts_oldest"
    )


def test_a_private_channel_is_invisible_to_a_bot_outside_it(desk: Office) -> None:
    inside = {"id": "C0PRIVATE00", "name": "board", "is_private": True, "members": [desk.user_id("hui")]}
    desk.shelf.put("channels", "C0PRIVATE00", desk.app.state.slack.workspace.channel("general") | inside)
    assert ask(desk, "conversations.info", channel="C0PRIVATE00")["error"] == "channel_not_found"
    assert ask(desk, "chat.postMessage", channel="C0PRIVATE00", text="x")["error"] == "channel_not_found"
    listed = ask(desk, "conversations.list", types="private_channel")["channels"]
    assert listed == []
    assert "cannot join" in desk.drive("slack/message", user="mei", channel="board", text="x")["error"]


def test_the_rest_of_the_directory_answers(desk: Office) -> None:
    assert ask(desk, "api.test", foo="bar")["args"] == {"foo": "bar"}
    assert ask(desk, "team.info")["team"]["domain"] == "lumen-gate"
    assert len(ask(desk, "users.conversations", types="im")["channels"]) == 13
    assert ask(desk, "conversations.open", channel="D0MEI000000", return_im=True)["channel"]["user"] == "U0MEI000000"
    assert ask(desk, "conversations.join", channel=desk.channel_id("sales"))["warning"] == "already_in_channel"
    ask(desk, "assistant.threads.setStatus", channel="D0MEI000000", status="is reading")
    assert desk.look("state")["slack"]["notes"]["D0MEI000000"]["status"] == "is reading"


def test_a_view_too_large_or_with_a_taken_name_is_refused(desk: Office) -> None:
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}
    home: Callable[..., Any] = desk.client.views_publish
    with pytest.raises(SlackApiError) as large:
        home(user_id=desk.user_id("mei"), view={"type": "home", "blocks": [section] * 100})
    assert large.value.response["error"] == "view_too_large"
    home(user_id=desk.user_id("mei"), view={"type": "home", "blocks": [], "external_id": "same"})
    with pytest.raises(SlackApiError) as taken:
        home(user_id=desk.user_id("tom"), view={"type": "home", "blocks": [], "external_id": "same"})
    assert taken.value.response["error"] == "duplicate_external_id"


@pytest.mark.slow
def test_socket_mode_hands_over_when_slack_asks_for_a_refresh() -> None:
    def register(app: Any) -> None:
        app.event("message")(lambda say, event: say("back") if "bot_id" not in event else None)

    with socket_office(register, socket_wait=5.0) as here:
        assert here.drive("slack/refresh")["ok"]
        answer = here.drive("slack/message", user="mei", channel="dm", text="still there?")
        assert (answer["acknowledged"], here.texts("mei")[-1]) == (True, "back")


def test_a_socket_needs_a_fresh_ticket_from_the_app_token(desk: Office) -> None:
    opened = requests.post(
        f"{desk.base_url}/slack/api/apps.connections.open", headers={"Authorization": f"Bearer {APP_TOKEN}"}, timeout=5
    ).json()
    assert opened["url"].startswith(desk.base_url.replace("http", "ws") + "/slack/socket?ticket=")

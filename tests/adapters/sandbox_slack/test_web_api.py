"""The local Web API, asked by the real slack_sdk: what it does, and that it refuses what Slack refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.adapters.sandbox_slack.bots import APP_TOKEN, BOT_TOKEN, Office

MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Filing"}, "blocks": [{"type": "divider"}]}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}
TICKET = {"event_type": "filing", "event_payload": {"key": "F-1"}}


def refused(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])


def test_the_bot_learns_who_it_is(desk: Office) -> None:
    me = desk.client.auth_test()
    assert (me["user"], me["bot_id"], me["team"]) == ("filingdesk", "B0FILINGDESK", "Lumen Gate Security")
    assert "chat:write" in me.headers["x-oauth-scopes"]
    assert desk.client.bots_info(bot=me["bot_id"])["bot"]["user_id"] == me["user_id"]


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        (APP_TOKEN, "chat.postMessage", "not_allowed_token_type"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
        (BOT_TOKEN, "admin.users.list", "unknown_method"),
    ],
)
def test_a_wrong_token_or_method_is_named(desk: Office, token: str, method: str, error: str) -> None:
    answer = requests.post(f"{desk.base_url}/slack/api/{method}", headers={"Authorization": f"Bearer {token}"}, timeout=5)
    assert answer.json() == {"ok": False, "error": error}


def test_arguments_are_read_from_forms_json_and_the_token_argument(desk: Office) -> None:
    address = f"{desk.base_url}/slack/api/users.info"
    asked = {"token": BOT_TOKEN, "user": desk.user_id("mei"), "include_locale": "true"}
    as_form = requests.post(address, data=asked, timeout=5).json()
    as_json = requests.post(address, json=asked, timeout=5).json()
    as_query = requests.get(address, params=asked, timeout=5).json()
    assert as_form == as_json == as_query
    assert as_form["user"]["locale"] == "zh-CN"
    assert (
        requests.post(address, data=b"{", headers={"Content-Type": "application/json"}, timeout=5).json()["error"]
        == "invalid_json"
    )


def test_people_have_zones_languages_and_addresses(desk: Office) -> None:
    tom = desk.client.users_info(user=desk.user_id("tom"), include_locale=True)["user"]
    assert (tom["tz"], tom["tz_offset"], tom["locale"], tom["profile"]["email"]) == (
        "Europe/Berlin",
        3600,
        "en-US",
        "tom@example.com",
    )
    assert "locale" not in desk.client.users_info(user=tom["id"])["user"]
    assert desk.client.users_lookupByEmail(email="li@example.com")["user"]["real_name"] == "Li Na"
    assert refused(desk.client.users_info, user="U404") == "user_not_found"
    assert refused(desk.client.users_lookupByEmail, email="no@example.com") == "users_not_found"
    assert len(desk.client.users_list()["members"]) == 14


def test_lists_come_in_pages(desk: Office) -> None:
    pages = [page["members"] for page in desk.client.users_list(limit=5)]
    assert [len(page) for page in pages] == [5, 5, 4]
    assert len({user["id"] for page in pages for user in page}) == 14
    assert refused(desk.client.users_list, cursor="nonsense") == "invalid_cursor"


def test_a_message_is_posted_found_changed_and_deleted(desk: Office) -> None:
    channel = desk.channel_id("compliance")
    posted = desk.client.chat_postMessage(channel=channel, text="one", metadata=TICKET)
    reply = desk.client.chat_postMessage(channel=channel, text="two", thread_ts=posted["ts"])
    nested = desk.client.chat_postMessage(channel=channel, text="three", thread_ts=reply["ts"])
    assert nested["message"]["thread_ts"] == posted["ts"]
    parent, *replies = desk.client.conversations_replies(channel=channel, ts=posted["ts"], include_all_metadata=True)["messages"]
    assert (parent["metadata"], parent["reply_count"], [m["text"] for m in replies]) == (TICKET, 2, ["two", "three"])
    changed = desk.client.chat_update(channel=channel, ts=posted["ts"], text="uno")
    assert (changed["message"]["metadata"], changed["message"]["text"], "edited" in changed["message"]) == (TICKET, "uno", True)
    desk.client.chat_delete(channel=channel, ts=reply["ts"])
    assert refused(desk.client.chat_update, channel=channel, ts=reply["ts"], text="x") == "message_not_found"
    assert [m["text"] for m in desk.client.conversations_replies(channel=channel, ts=posted["ts"])["messages"]] == [
        "uno",
        "three",
    ]


def test_history_shows_the_newest_first_and_metadata_only_when_asked(desk: Office) -> None:
    channel = desk.channel_id("general")
    stamps = [desk.client.chat_postMessage(channel=channel, text=str(n), metadata=TICKET)["ts"] for n in range(5)]
    assert stamps == sorted(set(stamps))
    newest = desk.client.conversations_history(channel=channel, limit=2)
    assert ([m["text"] for m in newest["messages"]], newest["has_more"]) == (["4", "3"], True)
    assert "metadata" not in newest["messages"][0]
    later = desk.client.conversations_history(channel=channel, oldest=stamps[2], include_all_metadata=True)["messages"]
    assert [(m["text"], m["metadata"]) for m in later] == [("4", TICKET), ("3", TICKET)]
    within = desk.client.conversations_history(channel=channel, oldest=stamps[2], latest=stamps[3], inclusive=True)["messages"]
    assert [m["text"] for m in within] == ["3", "2"]
    everything = [m["text"] for page in desk.client.conversations_history(channel=channel, limit=2) for m in page["messages"]]
    assert everything == ["4", "3", "2", "1", "0"]


def test_text_without_blocks_removes_the_blocks_and_blocks_alone_stay(desk: Office) -> None:
    channel, blocks = desk.channel_id("general"), [{"type": "section", "text": {"type": "mrkdwn", "text": "in *scope*"}}]
    posted = desk.client.api_call("chat.postMessage", json={"channel": channel, "blocks": blocks})
    assert posted["message"]["text"] == "in *scope*"
    assert posted["message"]["blocks"][0]["block_id"]
    only_metadata = desk.client.api_call("chat.update", json={"channel": channel, "ts": posted["ts"], "metadata": TICKET})
    assert only_metadata["message"]["blocks"] == posted["message"]["blocks"]
    assert "blocks" not in desk.client.chat_update(channel=channel, ts=posted["ts"], text="plain")["message"]


def test_a_users_id_stands_for_their_direct_message(desk: Office) -> None:
    sofia = desk.user_id("sofia")
    opened = desk.client.conversations_open(users=sofia)["channel"]["id"]
    assert desk.client.chat_postMessage(channel=sofia, text="for you")["channel"] == opened
    assert desk.texts("sofia") == ["for you"]
    assert refused(desk.client.conversations_open, users="U404") == "user_not_found"


def test_an_ephemeral_message_is_shown_to_one_and_kept_out_of_history(desk: Office) -> None:
    channel = desk.channel_id("shipping")
    desk.client.chat_postEphemeral(channel=channel, user=desk.user_id("ken"), text="only you")
    assert [m["text"] for m in desk.look("slack/messages", channel=channel, user="ken")["messages"]] == ["only you"]
    assert desk.look("slack/messages", channel=channel, user="mei")["messages"] == []
    assert desk.client.conversations_history(channel=channel)["messages"] == []
    assert refused(desk.client.chat_postEphemeral, channel=channel, user="U404", text="x") == "user_not_in_channel"


def test_stamps_follow_the_sandboxes_clock(desk: Office) -> None:
    desk.bench.at += timedelta(days=40)
    posted = desk.client.chat_postMessage(channel=desk.channel_id("general"), text="later")
    assert float(posted["ts"]) == pytest.approx(desk.bench.at.timestamp(), abs=0.01)


def test_permalinks_lead_to_the_page(desk: Office) -> None:
    channel = desk.channel_id("general")
    ts = desk.client.chat_postMessage(channel=channel, text="here")["ts"]
    link = desk.client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    led = requests.get(link, allow_redirects=False, timeout=5)
    assert led.headers["location"] == f"/?channel={channel}&ts={ts}"


def test_reactions_are_counted_once(desk: Office) -> None:
    channel = desk.channel_id("general")
    ts = desk.client.chat_postMessage(channel=channel, text="done")["ts"]
    desk.client.reactions_add(channel=channel, timestamp=ts, name="white_check_mark")
    assert desk.client.reactions_get(channel=channel, timestamp=ts)["message"]["reactions"][0]["count"] == 1
    assert refused(desk.client.reactions_add, channel=channel, timestamp=ts, name="white_check_mark") == "already_reacted"
    desk.client.reactions_remove(channel=channel, timestamp=ts, name="white_check_mark")
    assert (
        "reactions" not in desk.client.reactions_get(channel=channel, timestamp=ts)["message"]
        or not (desk.client.reactions_get(channel=channel, timestamp=ts)["message"]["reactions"])
    )


def test_channels_are_listed_with_who_is_in_them(desk: Office) -> None:
    listed = desk.client.conversations_list(types="public_channel,im", limit=200)["channels"]
    assert {c["name"] for c in listed if not c["is_im"]} == {"general", "sales", "compliance", "shipping"}
    assert sum(c["is_im"] for c in listed) == 13
    assert desk.user_id("mei") in desk.client.conversations_members(channel=desk.channel_id("sales"))["members"]
    assert desk.client.conversations_info(channel=desk.channel_id("sales"))["channel"]["is_member"] is True


@pytest.mark.parametrize(
    ("error", "arguments"),
    [
        ("channel_not_found", {"channel": "C404", "text": "x"}),
        ("channel_not_found", {"channel": "#nowhere", "text": "x"}),
        ("no_text", {"text": ""}),
        ("no_text", {}),
        ("msg_too_long", {"text": "x" * 40_001}),
        ("invalid_blocks", {"text": "x", "blocks": [{"type": "section"}]}),
        ("invalid_blocks", {"text": "x", "blocks": [{"type": "divider"}] * 51}),
        ("invalid_blocks_format", {"text": "x", "blocks": "[{"}),
        ("invalid_metadata_format", {"text": "x", "metadata": {"event_type": "t"}}),
        ("metadata_too_large", {"text": "x", "metadata": {"event_type": "t", "event_payload": {"a": "x" * 17_000}}}),
        ("cannot_reply_to_message", {"text": "x", "thread_ts": "1.000000"}),
        ("too_many_attachments", {"text": "x", "attachments": [{"text": "a"}] * 101}),
    ],
)
def test_a_message_slack_would_refuse_is_refused_by_the_same_name(desk: Office, error: str, arguments: dict[str, Any]) -> None:
    before = len(desk.texts("general"))
    asked = {"channel": desk.channel_id("general")} | arguments
    assert refused(desk.client.api_call, api_method="chat.postMessage", json=asked) == error
    assert len(desk.texts("general")) == before


def test_invalid_blocks_are_explained(desk: Office) -> None:
    with pytest.raises(SlackApiError) as caught:
        desk.client.chat_postMessage(
            channel=desk.channel_id("general"),
            text="x",
            blocks=[{"type": "header", "text": {"type": "mrkdwn", "text": "x" * 151}}],
        )
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be one of plain_text [json-pointer:/blocks/0/text/type]",
        "[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_the_bot_writes_only_where_it_is_and_changes_only_what_it_wrote(desk: Office) -> None:
    workspace, shelf = desk.app.state.slack.workspace, desk.shelf
    shelf.put("channels", "C0ARCHIVED", workspace.channel("general") | {"id": "C0ARCHIVED", "name": "old", "is_archived": True})
    members = [desk.user_id("mei")]
    shelf.put("channels", "C0OTHERS00", workspace.channel("general") | {"id": "C0OTHERS00", "name": "others", "members": members})
    assert refused(desk.client.chat_postMessage, channel="C0ARCHIVED", text="x") == "is_archived"
    assert refused(desk.client.chat_postMessage, channel="C0OTHERS00", text="x") == "not_in_channel"
    assert refused(desk.client.conversations_history, channel="C0OTHERS00") == "not_in_channel"
    desk.client.conversations_join(channel="C0OTHERS00")
    desk.client.chat_postMessage(channel="C0OTHERS00", text="now I may")
    said = desk.drive("slack/message", user="mei", channel="others", text="mine")
    assert refused(desk.client.chat_update, channel="C0OTHERS00", ts=said["ts"], text="x") == "cant_update_message"
    assert refused(desk.client.chat_delete, channel="C0OTHERS00", ts=said["ts"]) == "cant_delete_message"


def test_a_trigger_opens_one_form_and_only_for_three_seconds(desk: Office) -> None:
    triggers = desk.app.state.slack.triggers
    trigger = triggers.issue(desk.user_id("dan"))
    opened = desk.client.views_open(trigger_id=trigger, view=MODAL)["view"]
    assert desk.look("slack/view", user="dan")["view"]["id"] == opened["id"]
    assert refused(desk.client.views_open, trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
    assert refused(desk.client.views_open, trigger_id="1.2.3", view=MODAL) == "invalid_trigger_id"
    triggers.seconds = 0.0
    assert refused(desk.client.views_open, trigger_id=triggers.issue(desk.user_id("dan")), view=MODAL) == "expired_trigger_id"
    triggers.seconds = 3.0


def test_forms_lie_on_one_another_three_deep(desk: Office) -> None:
    issue = desk.app.state.slack.triggers.issue
    root = desk.client.views_open(trigger_id=issue(desk.user_id("olga")), view=MODAL)["view"]
    second = desk.client.views_push(trigger_id=issue(desk.user_id("olga")), view=MODAL)["view"]
    third = desk.client.views_push(trigger_id=issue(desk.user_id("olga")), view=MODAL)["view"]
    assert (second["previous_view_id"], third["previous_view_id"], third["root_view_id"]) == (
        root["id"],
        second["id"],
        root["id"],
    )
    assert refused(desk.client.views_push, trigger_id=issue(desk.user_id("olga")), view=MODAL) == "push_limit_reached"
    assert desk.drive("slack/close", user="olga")["view"]["id"] == second["id"]
    assert desk.drive("slack/close", user="olga", clear=True)["view"] is None


def test_a_stale_view_is_not_overwritten(desk: Office) -> None:
    user = desk.user_id("hui")
    first = desk.client.views_publish(user_id=user, view=HOME | {"external_id": "home-of-hui"})["view"]
    second = desk.client.views_publish(user_id=user, view=HOME, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert refused(desk.client.views_publish, user_id=user, view=HOME, hash=first["hash"]) == "hash_conflict"
    assert refused(desk.client.views_update, view_id="V404", view=MODAL) == "not_found"


@pytest.mark.parametrize(
    "view",
    [
        MODAL | {"title": {"type": "plain_text", "text": "x" * 25}},
        MODAL | {"private_metadata": "x" * 3001},
        MODAL | {"blocks": [{"type": "divider"}] * 101},
        {"type": "modal", "blocks": []},
        HOME,
    ],
)
def test_a_form_slack_would_refuse_is_refused(desk: Office, view: dict[str, Any]) -> None:
    trigger = desk.app.state.slack.triggers.issue(desk.user_id("dan"))
    assert refused(desk.client.views_open, trigger_id=trigger, view=view) == "invalid_arguments"


def test_a_file_is_uploaded_shared_and_read_back(desk: Office) -> None:
    channel = desk.channel_id("shipping")
    done = desk.client.files_upload_v2(
        channel=channel, filename="late.csv", content="a,b\n1,2\n", initial_comment="the late ones"
    )
    message = desk.look("slack/messages", channel=channel)["messages"][-1]
    assert (message["text"], message["files"][0]["name"], message["files"][0]["id"]) == (
        "the late ones",
        "late.csv",
        done["file"]["id"],
    )
    address = message["files"][0]["url_private"]
    assert requests.get(address, headers={"Authorization": f"Bearer {BOT_TOKEN}"}, timeout=5).text == "a,b\n1,2\n"
    assert requests.get(address, timeout=5).status_code == 403


def test_a_response_url_is_good_for_five_answers(desk: Office) -> None:
    slack = desk.app.state.slack
    user, channel = slack.workspace.user("wei"), slack.workspace.channel("general")
    address = slack.response_url(desk.base_url, user, channel, None)
    answers = [requests.post(address, json={"text": f"answer {n}"}, timeout=5) for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert answers[5].json()["error"] == "used_url"
    late = slack.response_url(desk.base_url, user, channel, None)
    desk.bench.at += timedelta(minutes=31)
    assert requests.post(late, json={"text": "late"}, timeout=5).json()["error"] == "used_url"


def test_the_error_names_are_slacks_own(desk: Office, slack_methods: dict[str, Any]) -> None:
    client: WebClient = desk.client
    seen = {
        "users.info": refused(client.users_info, user="U404"),
        "views.publish": refused(client.views_publish, user_id=desk.user_id("mei"), view=HOME, hash="1.x")
        if desk.client.views_publish(user_id=desk.user_id("mei"), view=HOME)
        else "",
        "conversations.replies": refused(client.conversations_replies, channel=desk.channel_id("sales"), ts="1.0"),
        "chat.delete": refused(client.chat_delete, channel=desk.channel_id("sales"), ts="1.0"),
        "chat.update": refused(client.chat_update, channel=desk.channel_id("sales"), ts="1.0", text="x"),
        "chat.postEphemeral": refused(client.chat_postEphemeral, channel=desk.channel_id("sales"), user="U404", text="x"),
        "chat.getPermalink": refused(client.chat_getPermalink, channel=desk.channel_id("sales"), message_ts="1.0"),
        "conversations.info": refused(client.conversations_info, channel="C404"),
        "reactions.add": refused(client.reactions_add, channel=desk.channel_id("sales"), timestamp="1.0", name="x"),
        "chat.postMessage": refused(client.chat_postMessage, channel=desk.channel_id("sales"), text="x", thread_ts="1.0"),
    }
    assert {method: error for method, error in seen.items() if error not in slack_methods[method]["errors"]} == {}

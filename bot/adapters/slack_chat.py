"""The port Chat on slack_sdk: posts with our key as metadata, edits in place, finds what a lost answer left behind."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.adapters.slack_blocks import message_blocks, message_text
from bot.domain.people import Colleague
from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.replies import Reply

EVENT_TYPE = "filingdesk_message"
GONE = {"channel_not_found", "is_archived", "message_not_found", "user_not_found", "user_disabled", "account_inactive",
        "thread_not_found"}
LATER = {"ratelimited", "rate_limited", "service_unavailable", "internal_error", "fatal_error", "request_timeout",
         "team_added_to_org"}
WHY = {
    "invalid_auth": "Slack does not accept the bot token; put a current SLACK_BOT_TOKEN in place.",
    "not_authed": "Slack got no bot token; set SLACK_BOT_TOKEN.",
    "token_revoked": "The bot token was revoked; install the app again and set the new SLACK_BOT_TOKEN.",
    "not_in_channel": "The bot is not a member of this channel; invite it there.",
    "missing_scope": "The app lacks a permission; compare its scopes with config/manifest.json and install it again.",
    "channel_not_found": "The channel does not exist or the bot cannot see it.",
    "is_archived": "The channel is archived.",
    "user_not_found": "The person is not known in this workspace.",
}


def slack_client(token: str, base_url: str, timeout: int = 10) -> WebClient:
    """A client that never re-sends on its own: slack_sdk's default repeats a POST whose answer was lost."""
    return WebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[])


class SlackChat:
    """Slack's Web API in our words; every error is one of Refused, TryLater, OutcomeUnknown, Gone."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._dms: dict[str, str] = {}

    def post(self, channel: str, thread: str, reply: Reply, key: str) -> str:
        """Post and return the ts; the key travels as metadata, so that `find` can tell what was sent."""
        sent = ours(lambda: self._client.chat_postMessage(
            channel=self.room(channel), thread_ts=thread or None, unfurl_links=False, unfurl_media=False,
            **_content(reply, key)))
        return str(sent["ts"])

    def update(self, channel: str, ts: str, reply: Reply, key: str) -> None:
        """Replace a message in place; safe to repeat."""
        ours(lambda: self._client.chat_update(channel=self.room(channel), ts=ts, **_content(reply, key)))

    def find(self, channel: str, thread: str, key: str, since: datetime) -> str | None:
        """The ts of our message with this key since then (a minute of margin), or None."""
        cursor, oldest = "", f"{(since - timedelta(minutes=1)).timestamp():.6f}"
        for _page in range(20):
            page = self._page(self.room(channel), thread, oldest, cursor)
            found = [str(message["ts"]) for message in page["messages"] if _key(message) == key]
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if found or not cursor:
                return found[0] if found else None
        return None

    def person(self, user: str) -> Colleague:
        """Name, zone and language of a user; the role is not Slack's to say."""
        got = ours(lambda: self._client.users_info(user=user, include_locale=True), writes=False)["user"]
        profile = got.get("profile") or {}
        return Colleague(
            id=got["id"], name=profile.get("real_name") or got.get("real_name") or got.get("name", user),
            email=profile.get("email", ""), zone=got.get("tz") or "Asia/Shanghai",
            lang="zh" if str(got.get("locale", "")).startswith("zh") else "en", active=not got.get("deleted", False))

    def user_by_email(self, email: str) -> str | None:
        """The user's id, or None where nobody has this address."""
        try:
            return str(ours(lambda: self._client.users_lookupByEmail(email=email), writes=False)["user"]["id"])
        except Gone:
            return None

    def site(self) -> str:
        """The workspace's address, for links to messages."""
        return str(ours(self._client.auth_test, writes=False).get("url", ""))

    def scopes(self) -> frozenset[str]:
        """The scopes the token was granted; empty where Slack does not say."""
        try:
            headers = self._client.auth_test().headers
        except (SlackApiError, OSError, http.client.HTTPException) as error:
            raise Refused(f"Slack does not answer ({type(error).__name__}).") from None
        said = {str(name).lower(): value for name, value in dict(headers).items()}.get("x-oauth-scopes", "")
        return frozenset(filter(None, str(said).replace(" ", "").split(",")))

    def room(self, channel: str) -> str:
        """The channel id; a user id becomes that person's direct message."""
        if not channel.startswith(("U", "W")):
            return channel
        if channel not in self._dms:
            self._dms[channel] = ours(lambda: self._client.conversations_open(users=channel))["channel"]["id"]
        return self._dms[channel]

    def _page(self, channel: str, thread: str, oldest: str, cursor: str) -> dict[str, Any]:
        wanted: dict[str, Any] = {"channel": channel, "oldest": oldest, "include_all_metadata": True, "limit": 200}
        wanted |= {"cursor": cursor} if cursor else {}
        if thread:
            return ours(lambda: self._client.conversations_replies(ts=thread, **wanted), writes=False)
        return ours(lambda: self._client.conversations_history(**wanted), writes=False)


def ours(call: Callable[[], Any], *, writes: bool = True) -> dict[str, Any]:
    """Slack's answer, or our error: a write whose answer was lost is OutcomeUnknown, a read is TryLater."""
    lost: type[ServiceError] = OutcomeUnknown if writes else TryLater
    try:
        return dict(call().data)
    except SlackApiError as error:
        raise _from_answer(error, lost) from None
    except URLError as error:
        raise _from_connection(error, lost) from None
    except (OSError, http.client.HTTPException, SlackClientError, ValueError):
        raise lost("Slack's answer was lost.") from None


def _from_connection(error: URLError, lost: type[ServiceError]) -> ServiceError:
    if isinstance(error.reason, (ConnectionRefusedError, socket.gaierror)):  # never connected, so nothing happened
        return TryLater("Slack cannot be reached; is the network up?")
    return lost("Slack's answer was lost.")


def _from_answer(error: SlackApiError, lost: type[ServiceError]) -> ServiceError:
    answer = error.response
    status = int(answer.status_code or 200)
    code = str(answer.get("error", "")) if isinstance(answer.data, dict) else ""
    if status == 429 or code in LATER:
        return TryLater("Slack asks to wait.", after_seconds=_seconds(answer.headers))
    if status >= 500:
        return lost("Slack had an error of its own.") if status != 503 else TryLater("Slack is not available now.")
    said = WHY.get(code, f"Slack refused: {code or status}.")
    return Gone(said) if code in GONE else Refused(said, fields={"slack": code})


def _seconds(headers: Any) -> float | None:
    found = {str(name).lower(): value for name, value in dict(headers or {}).items()}.get("retry-after")
    value = found[0] if isinstance(found, list) else found
    try:
        return float(value) if value is not None else None
    except ValueError:
        return None


def _content(reply: Reply, key: str) -> dict[str, Any]:
    return {"text": message_text(reply), "blocks": message_blocks(reply),
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}}}


def _key(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", "")) if metadata.get("event_type") == EVENT_TYPE else ""

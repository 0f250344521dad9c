"""The port Chat on slack_sdk: posts with our key as metadata, edits in place, finds what a lost answer left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot.adapters.slack_blocks import harmless, message_blocks, message_text
from bot.adapters.slack_errors import answered, ours
from bot.domain.people import Colleague
from bot.errors import BadSettings, Gone, OutcomeUnknown, Refused
from bot.replies import Reply

EVENT_TYPE = "filingdesk_message"
MARGIN = timedelta(minutes=1)
"""Slack's clock and ours may differ by this much."""
PAGES = 100
HOME_ZONE = "Asia/Shanghai"
CHANNEL_ID, PERSON_ID = re.compile(r"[CGD][A-Z0-9]+"), re.compile(r"[UW][A-Z0-9]+")


def slack_client(token: str, base_url: str, timeout: int = 10) -> WebClient:
    """A client that never re-sends on its own: slack_sdk's default repeats a POST whose answer was lost."""
    if not re.fullmatch(r"[\x21-\x7e]*", token.strip()):  # the library would print such a token in its error
        raise BadSettings("SLACK_BOT_TOKEN holds a character that no token has; copy it again.")
    return WebClient(token=token.strip(), base_url=base_url, timeout=timeout, retry_handlers=[])


class SlackChat:
    """Slack's Web API in our words; every error is one of Refused, TryLater, OutcomeUnknown, Gone."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._rooms: dict[str, str] = {}

    def post(self, channel: str, thread: str, reply: Reply, key: str) -> str:
        """Post and return the ts; the key travels as metadata, so that `find` can tell what was sent."""
        room, content = self._address(channel), _content(reply, key)
        sent = ours(lambda: self._client.chat_postMessage(
            channel=room, thread_ts=thread or None, unfurl_links=False, unfurl_media=False, **content))
        self._rooms.setdefault(channel, str(sent.get("channel") or room))
        return str(sent["ts"])

    def update(self, channel: str, ts: str, reply: Reply, key: str) -> None:
        """Replace a message in place; safe to repeat."""
        room, content = self.room(channel), _content(reply, key)
        ours(lambda: self._client.chat_update(channel=room, ts=ts, parse="none", **content))

    def find(self, channel: str, thread: str, key: str, since: datetime) -> str | None:
        """The ts of our message with this key since then (a minute of margin), or None.

        OutcomeUnknown where more was said since than can be looked through: None would let it be posted again.
        """
        for page in self._pages(self.room(channel), thread, f"{(since - MARGIN).timestamp():.6f}"):
            found = [str(message["ts"]) for message in page.get("messages", ()) if _key(message) == key]
            if found:
                return found[0]
        return None

    def person(self, user: str) -> Colleague:
        """Name, zone and language of a user; the role is not Slack's to say."""
        got = ours(lambda: self._client.users_info(user=user, include_locale=True), writes=False)["user"]
        profile = got.get("profile") or {}
        return Colleague(
            id=got["id"], name=profile.get("real_name") or got.get("real_name") or got.get("name", user),
            email=profile.get("email") or "", zone=_zone(got.get("tz")),
            lang="zh" if str(got.get("locale", "")).startswith("zh") else "en", active=not got.get("deleted", False))

    def share(self, channel: str, thread: str, name: str, content: bytes, said: str) -> None:
        """Upload a file and show it there; Slack takes no key with it, so it cannot be found again and is never repeated."""
        room = self.room(channel)
        ours(lambda: self._client.files_upload_v2(
            channel=room, thread_ts=thread or None, filename=name, title=name, content=content, initial_comment=harmless(said)))

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
        headers = answered(self._client.auth_test, writes=False).headers
        said = {str(name).lower(): value for name, value in dict(headers).items()}.get("x-oauth-scopes", "")
        return frozenset(filter(None, str(said).replace(" ", "").split(",")))

    def room(self, channel: str) -> str:
        """The id of a channel; a user's id becomes their direct message, a name ("#compliance") is looked up once."""
        if CHANNEL_ID.fullmatch(channel):
            return channel
        if channel not in self._rooms:
            self._rooms[channel] = self._direct(channel) if PERSON_ID.fullmatch(channel) else self._named(channel)
        return self._rooms[channel]

    def _address(self, channel: str) -> str:
        """What a new message is sent to: a name as it stands, as a look-up needs a permission that posting does not."""
        return self.room(channel) if PERSON_ID.fullmatch(channel) else self._rooms.get(channel, channel)

    def _direct(self, user: str) -> str:
        opened = ours(lambda: self._client.conversations_open(users=user), writes=False)  # opening twice changes nothing
        return str(opened["channel"]["id"])

    def _named(self, channel: str) -> str:
        """Only chat.postMessage takes names; edits and look-ups want the id."""
        name, cursor = channel.removeprefix("#"), ""
        for _page in range(PAGES):
            page = self._channels(cursor)
            found = [str(one["id"]) for one in page.get("channels", ()) if one.get("name") == name]
            cursor = _cursor(page)
            if found or not cursor:
                break
        if not found:
            raise Gone(f"The bot is in no channel called #{name}; invite it there or mend the name in config/bot.yaml.")
        return found[0]

    def _channels(self, cursor: str) -> dict[str, Any]:
        return ours(lambda: self._client.users_conversations(
            types="public_channel,private_channel", exclude_archived=True, limit=200, **_from(cursor)), writes=False)

    def _pages(self, channel: str, thread: str, oldest: str) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _page in range(PAGES):
            page = self._page(channel, thread, oldest, cursor)
            yield page
            cursor = _cursor(page)
            if not cursor:
                return
        raise OutcomeUnknown("Too much was said since then to look through; it is looked up again later.")

    def _page(self, channel: str, thread: str, oldest: str, cursor: str) -> dict[str, Any]:
        wanted: dict[str, Any] = {"channel": channel, "oldest": oldest, "include_all_metadata": True, "limit": 200}
        wanted |= _from(cursor)
        if thread:
            return ours(lambda: self._client.conversations_replies(ts=thread, **wanted), writes=False)
        return ours(lambda: self._client.conversations_history(**wanted), writes=False)


def _content(reply: Reply, key: str) -> dict[str, Any]:
    try:
        blocks = message_blocks(reply)
    except ValueError as error:
        raise Refused(f"This message cannot be drawn: {error}.") from None
    return {"text": message_text(reply), "blocks": blocks,
            "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}}}


def _key(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", "")) if metadata.get("event_type") == EVENT_TYPE else ""


def _cursor(page: dict[str, Any]) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")


def _from(cursor: str) -> dict[str, Any]:
    return {"cursor": cursor} if cursor else {}


def _zone(name: object) -> str:
    """The zone if this machine knows it; a reminder must not fail on a name only Slack knows."""
    try:
        return ZoneInfo(str(name)).key if name else HOME_ZONE
    except (KeyError, ValueError, OSError):
        return HOME_ZONE

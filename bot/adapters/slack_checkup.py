"""What doctor asks Slack: it only looks, and writes nothing."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot.adapters.slack_chat import SlackChat
from bot.adapters.slack_errors import ours
from bot.errors import Gone


class SlackCheckup:
    """Errors are those of the port Chat."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._chat = SlackChat(client)

    def scopes(self) -> frozenset[str]:
        """The scopes the bot token was granted; empty where Slack does not say."""
        return self._chat.scopes()

    def app_token(self, token: str) -> None:
        """Refused where Socket Mode would not connect with this token."""
        ours(lambda: self._client.apps_connections_open(app_token=token), writes=False)

    def user_by_email(self, email: str) -> str | None:
        """The user's id, or None where nobody has this address."""
        return self._chat.user_by_email(email)

    def zone(self, user: str) -> str:
        """The time zone Slack names for a user; "" for none or one this machine does not know."""
        said = str(ours(lambda: self._client.users_info(user=user), writes=False)["user"].get("tz") or "")
        return said if is_zone(said) else ""

    def hears(self, channel: str) -> str:
        """Why a channel cannot be written to, "" where it can: the bot is in it and it is open."""
        try:
            room = self._chat.room(channel)
            found = ours(lambda: self._client.conversations_info(channel=room), writes=False)["channel"]
        except Gone as error:
            return str(error)
        if found.get("is_archived"):
            return "It is archived."
        return "" if found.get("is_member") else "The bot is not a member of it."


def is_zone(name: str) -> bool:
    """Whether this machine knows the zone."""
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False

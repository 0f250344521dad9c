"""The local Slack put together: workspace, messages, views, delivery, and the short-lived trigger_ids and response_urls."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import FilingDeskError
from bot.sandbox.faults import Faults
from bot.sandbox.shelf import Shelf, Thing
from bot.sandbox.slack_delivery import Delivery
from bot.sandbox.slack_messages import Messages
from bot.sandbox.slack_payloads import Payloads
from bot.sandbox.slack_socket import Sockets
from bot.sandbox.slack_views import Views
from bot.sandbox.slack_workspace import SlackSettings, Workspace

TRIGGER_SECONDS = 3.0
RESPONSE_USES, RESPONSE_MINUTES = 5, 30


class SlackSays(FilingDeskError):
    """Slack refused.

    `code` is Slack's error name, `details` its sentences for response_metadata.messages.
    """

    def __init__(self, code: str, details: list[str] | None = None, status: int = 200) -> None:
        super().__init__(code)
        self.code, self.details, self.status = code, details or [], status


@dataclass
class Trigger:
    """A trigger_id: whose, when, used or not."""

    user_id: str
    at: float
    used: bool = False


class Triggers:
    """trigger_ids, good once and for three seconds of real time."""

    def __init__(self, seconds: float = TRIGGER_SECONDS) -> None:
        self.seconds = seconds
        self._issued: dict[str, Trigger] = {}

    def issue(self, user_id: str) -> str:
        """A new trigger_id for this user."""
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._issued = {key: kept for key, kept in self._issued.items() if time.monotonic() - kept.at < 600}
        self._issued[trigger_id] = Trigger(user_id, time.monotonic())
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """Whose it is; it cannot be used again."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackSays("invalid_trigger_id")
        if time.monotonic() - trigger.at > self.seconds:
            raise SlackSays("expired_trigger_id")
        if trigger.used:
            raise SlackSays("exchanged_trigger_id")
        trigger.used = True
        return trigger.user_id


class Slack:
    """Everything the doors of the local Slack need."""

    def __init__(self, shelf: Shelf, faults: Faults, now: Callable[[], datetime], settings: SlackSettings) -> None:
        self.shelf, self.faults, self.settings, self.now = shelf, faults, settings, now
        self.workspace = Workspace(shelf, now, settings)
        self.sockets = Sockets(settings)
        self.delivery = Delivery(settings, shelf, faults, self.sockets)
        self.messages = Messages(self.workspace, self.tell)
        self.views = Views(self.workspace)
        self.payloads = Payloads(self.workspace)
        self.triggers = Triggers()

    def tell(self, event: Thing) -> None:
        """Deliver an event to the bot in the background."""
        self.delivery.spawn(self.delivery.event(self.payloads.event(event)))

    def response_url(self, base_url: str, user: Thing, channel: Thing, message: Thing | None) -> str:
        """An address at which the bot may answer this interaction five times within thirty minutes."""
        key = secrets.token_urlsafe(18)
        until = (self.now() + timedelta(minutes=RESPONSE_MINUTES)).isoformat()
        where = {"channel": channel["id"], "user": user["id"], "ts": message["ts"] if message else ""}
        thread = (message or {}).get("thread_ts", "")
        self.shelf.put("response_urls", key, where | {"thread_ts": thread, "left": RESPONSE_USES, "until": until})
        return f"{base_url}/slack/response/{key}"

    def use_response_url(self, key: str) -> Thing:
        """What the address stands for, one use less; SlackSays when it is used up or too old."""
        answer = self.shelf.get("response_urls", key)
        if answer is None:
            raise SlackSays("invalid_url", status=404)
        if answer["left"] <= 0 or self.now() > datetime.fromisoformat(answer["until"]):
            raise SlackSays("used_url", status=404)
        self.shelf.put("response_urls", key, answer | {"left": answer["left"] - 1})
        return answer

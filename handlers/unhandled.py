"""The door for what no other takes: acknowledged, so that Slack does not count it as failed; trouble is told in words."""

from __future__ import annotations

import re
import secrets
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_bolt.request.payload_utils import is_view_submission
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import FilingDeskError
from handlers.office import Body, Office

log = structlog.get_logger(__name__)
ANY = re.compile(".*", re.DOTALL)


def register(app: App, office: Office) -> None:
    """Open this door last: it takes whatever is left."""

    @app.event(ANY)
    def some_event() -> None:
        """Nothing to do."""

    for listen in (app.command, app.action, app.view, app.shortcut, app.options, app.view_closed):
        listen(ANY)(_nothing)

    @app.error
    def trouble(error: Exception, body: Body, client: WebClient) -> None:
        if isinstance(error, FilingDeskError):
            _tell(office, client, body, str(error))
            return
        code = secrets.token_hex(3)
        log.error("a handler failed", code=code, error=type(error).__name__, said=str(error)[:300])
        _tell(office, client, body, office.say(office.who(body), "error.own", code=code))


def _nothing(ack: Ack) -> None:
    ack()


def _tell(office: Office, client: WebClient, body: Body, sentence: str) -> None:
    """Only to the person concerned, where they are; a direct message where the channel does not take it."""
    user = office.who(body).id
    channel = _channel(body)
    try:
        if channel and not channel.startswith("D"):
            client.chat_postEphemeral(channel=channel, user=user, text=sentence)
        else:
            client.chat_postMessage(channel=channel or user, text=sentence)
    except (SlackApiError, OSError) as error:
        log.error("could not tell the person", error=type(error).__name__, view=is_view_submission(dict(body)))


def _channel(body: Body) -> str:
    channel: Any = body.get("channel") or body.get("event", {}).get("channel") or body.get("channel_id") or ""
    return str(channel.get("id", "") if isinstance(channel, dict) else channel)

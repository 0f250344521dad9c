"""The door for what no other takes: acknowledged, so that Slack does not count it as failed; trouble is told in words."""

from __future__ import annotations

import re
import secrets
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltResponse
from slack_bolt.request.payload_utils import is_view_submission
from slack_sdk import WebClient

from bot.errors import FilingDeskError
from bot.replies.trouble import trouble_said
from handlers.office import Body, Office
from handlers.whispering import whisper

log = structlog.get_logger(__name__)
FIELD_LIMIT = 1900
ANY = re.compile(".*", re.DOTALL)


def register(app: App, office: Office) -> None:
    """Open this door last: it takes whatever is left."""

    @app.event(ANY)
    def some_event() -> None:
        """Nothing to do."""

    for listen in (app.command, app.action, app.view, app.shortcut, app.options, app.view_closed):
        listen(ANY)(_nothing)

    @app.error
    def trouble(error: Exception, body: Body, client: WebClient, ack: Ack) -> BoltResponse | None:
        sentence = _sentence(office, error, body)
        field = _field(error, body)
        if field and ack.response is None:  # a form still open says it there and keeps what was filled in
            return ack(response_action="errors", errors={field: sentence[:FIELD_LIMIT]})
        whisper(client, office.who(body).id, _channel(body), _thread(body), sentence)
        return BoltResponse(status=200) if ack.response is None else None  # it was told


def _nothing(ack: Ack) -> None:
    ack()


def _sentence(office: Office, error: Exception, body: Body) -> str:
    if isinstance(error, FilingDeskError):
        return trouble_said(office.desk.words, office.who(body).lang, error)
    code = secrets.token_hex(3)
    log.error("a handler failed", code=code, error=type(error).__name__, said=str(error)[:300])
    return office.say(office.who(body), "error.own", code=code)


def _field(error: Exception, body: Body) -> str:
    """Where a form says what is wrong: beside the field to blame, else beside its first one; "" for all that is no form."""
    if not is_view_submission(dict(body)):
        return ""
    there = [str(block["block_id"]) for block in body["view"]["blocks"] if block["type"] == "input"]
    blamed = error.field if isinstance(error, FilingDeskError) else ""
    return blamed if blamed in there else next(iter(there), "")


def _channel(body: Body) -> str:
    channel: Any = body.get("channel") or body.get("event", {}).get("channel") or body.get("channel_id") or ""
    return str(channel.get("id", "") if isinstance(channel, dict) else channel)


def _thread(body: Body) -> str:
    """The thread of the message a button stands in or a mention was written in, "" outside of threads."""
    message = body.get("message") or body.get("event") or {}
    return str(message.get("thread_ts") or "")

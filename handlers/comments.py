"""The door for what goes to a ticket as a comment: `jira: …` in a filing's thread, or the shortcut on any of its messages."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.desk.outbox import filings_in
from bot.flows.comment_on_ticket import Remark, comment_on_ticket
from handlers.office import Body, Office
from handlers.whispering import whisper

SAID = re.compile(
    r"^\s*(?:<@[UW][A-Z0-9]+(?:\|[^>]*)?>\s*)?jira(?:\s+(?P<filing>f-?\d+))?(?:\s+(?P<item>[a-z]\d+[a-z]?))?\s*[:：](?P<text>.*)$",
    re.IGNORECASE | re.DOTALL)
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
NAMED_LINK = re.compile(r"<(https?://[^|>]+)\|([^>]+)>")
BARE = re.compile(r"<(?:[^|>]*\|)?[#!]?([^>]+)>")

Next = Callable[[], None]


def register(app: App, office: Office) -> None:
    """Open this door before the one for questions, which takes every message."""

    def is_remark(event: dict[str, Any]) -> bool:
        thread, plain = str(event.get("thread_ts") or ""), event.get("subtype") in (None, "thread_broadcast")
        meant = plain and not event.get("bot_id") and bool(SAID.match(str(event.get("text", ""))))
        return meant and bool(filings_in(office.desk.store, _channel(event), thread))

    def written(event: dict[str, Any], body: Body, client: WebClient, next_: Next) -> None:
        _take(office, event, body, client)
        next_()

    # As middleware, because Bolt acknowledges an event before its listener runs.
    app.event("message", matchers=[is_remark], middleware=[written])(_durable_by_now)
    app.event("app_mention", matchers=[is_remark])(_durable_by_now)  # the same words come as a message too

    @app.message_shortcut("add_to_ticket")
    def chosen(ack: Ack, shortcut: dict[str, Any], body: Body, respond: Respond) -> None:
        message, channel = shortcut["message"], str(shortcut["channel"]["id"])
        room = str(shortcut["user"]["id"]) if channel.startswith("D") else channel
        author = office.know(str(message["user"])).name if message.get("user") else str(message.get("username") or "–")
        said = Remark(f"{channel}:{message['ts']}", room, str(message.get("thread_ts") or message["ts"]),
                      readable(office, str(message.get("text", ""))), author, _link(office, channel, message))
        sentence = _added(office, said, body)
        ack()  # only now: what is acknowledged is durable
        respond(text=sentence, response_type="ephemeral", replace_original=False)


def _durable_by_now() -> None:
    """Everything was done before the acknowledgement."""


def _take(office: Office, event: dict[str, Any], body: Body, client: WebClient) -> None:
    found, by = SAID.match(str(event["text"])), office.who(body)
    if found is None:
        return
    channel, thread = str(event["channel"]), str(event["thread_ts"])
    number = re.sub(r"\D", "", found["filing"] or "")
    said = Remark(f"{channel}:{event['ts']}", _channel(event), thread, readable(office, found["text"]), by.name,
                  _link(office, channel, event), f"F-{number}" if number else "", found["item"] or "")
    whisper(client, by.id, channel, thread, _added(office, said, body))


def _channel(event: dict[str, Any]) -> str:
    """A direct message is kept by the person it is with."""
    return str(event["user"] if event.get("channel_type") == "im" else event["channel"])


def _added(office: Office, said: Remark, body: Body) -> str:
    by = office.who(body)
    filing, task = comment_on_ticket(office.desk, said, by, office.now())
    office.waker.kick()
    ticket = task.ticket if task else filing.ticket
    where = " ".join(filter(None, [filing.id, task.item if task else "", f"({ticket})" if ticket else ""]))
    return office.say(by, "comment.goes", where=where)


def _link(office: Office, channel: str, message: dict[str, Any]) -> str:
    """The address of a message, "" while the site's own is not known."""
    site = str((office.desk.store.get("notes", "site") or {}).get("url", "")).rstrip("/")
    return f"{site}/archives/{channel}/p{str(message['ts']).replace('.', '')}" if site else ""


def readable(office: Office, text: str) -> str:
    """Slack's markup as plain words: people by name, links by label and address."""
    named = PERSON.sub(lambda found: f"@{office.know(found[1]).name}", text)
    linked = NAMED_LINK.sub(r"\2 (\1)", named)
    return html.unescape(BARE.sub(r"\1", linked)).strip()

"""Driving the local Slack as a person would: write, run a command, use a shortcut, look at messages, a modal, the App Home."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from uuid import uuid4

from anyio import to_thread

from bot.errors import BadInput, NotFound
from bot.sandbox.shelf import Thing
from bot.sandbox.slack_blocks import MESSAGE_TEXT
from bot.sandbox.slack_delivery import Ack
from bot.sandbox.slack_file_methods import new_file, shown_file
from bot.sandbox.slack_messages import event_of, on_the_wire
from bot.sandbox.slack_site import Slack
from bot.sandbox.slack_text import rich_text, typed
from bot.sandbox.slack_views import view_on_the_wire
from bot.sandbox.slack_workspace import kind_of

EMOJI = re.compile(r"[\w+'-]{1,64}(::skin-tone-[2-6])?")
NOT_THERE = "The bot did not acknowledge; is it running and connected?"


class Settling(Protocol):
    """The part of the bench a person's action needs."""

    def settle(self) -> None:
        """Blocks until the bot has finished what it is working on and its outbox has nothing due now."""


class NoAnswer(Exception):
    """The bot did not acknowledge an interaction in time; Slack shows its user an error."""


class Driving:
    """What a person does outside of messages' buttons; every action returns once the bot has worked it off."""

    def __init__(self, slack: Slack, bench: Settling) -> None:
        self.slack, self.bench = slack, bench

    async def quiet(self) -> None:
        """Until the bot has worked off what it was told."""
        await to_thread.run_sync(self.bench.settle)
        await self.slack.delivery.idle()
        await to_thread.run_sync(self.bench.settle)

    async def message(self, body: Mapping[str, Any], base_url: str) -> Thing:
        """{user, channel, text, thread_ts?, files?}: write a message."""
        user, channel = self.place(body)
        message = self._written(body, user, channel, base_url)
        kept = self.slack.messages.add(channel, message)
        # At once, as Slack does: which of a mention's two events comes first is not said.
        acknowledged = await asyncio.gather(*(self._deliver(event) for event in self._events(kept, channel)))
        await self.quiet()
        note = (
            {}
            if acknowledged and all(acknowledged)
            else {"note": NOT_THERE if acknowledged else "The bot is not in this channel."}
        )
        return {"ok": True, "ts": kept["ts"], "channel": channel["id"], "acknowledged": all(acknowledged or [False])} | note

    async def command(self, body: Mapping[str, Any], base_url: str) -> Thing:
        """{user, channel, command, text}: run a slash command."""
        user, channel = self.place(body)
        command = "/" + str(body.get("command") or "").strip().lstrip("/")
        if command == "/":
            raise BadInput('Name the command: "command": "/scope".')
        fields = self.slack.payloads.command(user, channel, command, text_of(body))
        reached = {
            "trigger_id": self.slack.triggers.issue(user["id"]),
            "response_url": self.slack.response_url(base_url, user, channel, None),
        }
        before = self._seen(channel)
        ack = answered(await self.slack.delivery.interact("slash_commands", fields | reached))
        immediate = self._immediate(ack, user, channel)
        await self.quiet()
        fresh = [m for m in self.shown(channel, user) if m["ts"] not in before]
        return {"ok": True, "channel": channel["id"], "response": immediate, "messages": fresh, "view": self._modal(user)}

    async def shortcut(self, body: Mapping[str, Any], base_url: str) -> Thing:
        """{user, callback_id, channel?, ts?}: a global shortcut, or one on a message."""
        user, callback_id = self.slack.workspace.user(body.get("user")), str(body.get("callback_id") or "")
        kind, payload = "shortcut", {"callback_id": callback_id, "action_ts": self.slack.workspace.stamp()}
        if body.get("ts"):
            message, channel = self.message_there(body, user)
            kind, payload = "message_action", self.slack.payloads.message_action(message, channel, callback_id)
            payload["response_url"] = self.slack.response_url(base_url, user, channel, message)
        trigger = {"trigger_id": self.slack.triggers.issue(user["id"])}
        answered(
            await self.slack.delivery.interact("interactive", self.slack.payloads.interaction(kind, user) | payload | trigger)
        )
        await self.quiet()
        return {"ok": True, "view": self._modal(user)}

    async def edit(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{user, channel, ts, text}: change a message of one's own."""
        user = self.slack.workspace.user(body.get("user"))
        message, channel = self._own(body, user)
        text = typed(self.slack.workspace, text_of(body))
        edited = {"user": user["id"], "ts": self.slack.workspace.stamp()}
        blocks = [rich_text(text, secrets.token_urlsafe(4)[:5])]
        self.slack.messages.edit(channel, message, {"text": text, "blocks": blocks, "edited": edited})
        await self.quiet()
        return {"ok": True, "ts": message["ts"], "channel": channel["id"]}

    async def delete(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{user, channel, ts}: delete a message of one's own."""
        message, channel = self._own(body, self.slack.workspace.user(body.get("user")))
        self.slack.messages.remove(channel, message)
        await self.quiet()
        return {"ok": True, "ts": message["ts"], "channel": channel["id"]}

    async def react(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{user, channel, ts, name}: put an emoji on a message ("white_check_mark"), or take it back."""
        user, name = self.slack.workspace.user(body.get("user")), str(body.get("name") or "").strip(":")
        if not EMOJI.fullmatch(name):
            raise BadInput('Name the emoji: "name": "white_check_mark".')
        message, channel = self.message_there(body, user)
        if message.get("ephemeral_to"):
            raise BadInput("What only one person sees takes no reactions.")
        added = self.slack.messages.react(channel, message, name, user["id"])
        await self.quiet()
        return {"ok": True, "ts": message["ts"], "channel": channel["id"], "added": added}

    async def refresh(self, _body: Mapping[str, Any], _base_url: str) -> Thing:
        """Ask the bot's Socket Mode connections to be renewed, as Slack does every few hours."""
        await self.slack.sockets.refresh()
        return {"ok": True}

    async def open_home(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{user, tab?}: open the bot's App Home (or its messages tab)."""
        user, tab = self.slack.workspace.user(body.get("user")), str(body.get("tab") or "home")
        channel, ts = self.slack.workspace.direct_message(user["id"]), self.slack.workspace.stamp()
        event: Thing = {"type": "app_home_opened", "user": user["id"], "channel": channel["id"], "tab": tab, "event_ts": ts}
        home = self.slack.views.home(user["id"])
        acknowledged = await self._deliver(event | ({"view": view_on_the_wire(home)} if home and tab == "home" else {}))
        await self.quiet()
        return {"ok": True, "acknowledged": acknowledged, "view": self.home(user)}

    def place(self, body: Mapping[str, Any]) -> tuple[Thing, Thing]:
        """The user and the channel named in a request; a public channel is joined on the way."""
        user = self.slack.workspace.user(body.get("user"))
        channel = self.slack.workspace.channel(body.get("channel"), user)
        if user["is_bot"]:
            raise BadInput("The bot writes by itself; name a person as the user.")
        if channel["is_archived"]:
            raise BadInput(f"#{channel['name']} is archived; nobody can write there.")
        if user["id"] not in channel["members"]:
            if channel["is_im"] or channel["is_private"]:
                raise BadInput(f"{user['name']} is not in {channel['name'] or 'this direct message'} and cannot join it.")
            self.slack.workspace.join(channel, user["id"])
        return user, channel

    def message_there(self, body: Mapping[str, Any], user: Thing) -> tuple[Thing, Thing]:
        """The message a person points at, if they can see it."""
        channel = self.slack.workspace.channel(body.get("channel"), user)
        message = self.slack.messages.find(channel["id"], body.get("ts"))
        if message is None or message.get("ephemeral_to", user["id"]) != user["id"] or user["id"] not in channel["members"]:
            newest = [m["ts"] for m in self.shown(channel, user)][-3:]
            raise NotFound(
                f"{user['name']} sees no message {body.get('ts')!r} there; the newest are {', '.join(newest) or 'none'}."
            )
        return message, channel

    def shown(self, channel: Thing, user: Thing | None = None) -> list[Thing]:
        """All messages of a channel, oldest first, with replies; ephemeral ones of everybody, or of one user."""
        mine = user["id"] if user else None
        visible = [
            m
            for m in self.slack.messages.in_channel(channel["id"], ephemeral=True)
            if not mine or m.get("ephemeral_to", mine) == mine
        ]
        return [self._for_reading(message) for message in visible]

    def home(self, user: Thing) -> Thing | None:
        """A user's App Home."""
        view = self.slack.views.home(user["id"])
        return view_on_the_wire(view) if view else None

    def _own(self, body: Mapping[str, Any], user: Thing) -> tuple[Thing, Thing]:
        message, channel = self.message_there(body, user)
        if message["user"] != user["id"]:
            raise BadInput(f"{user['name']} did not write that message; only its author may change it.")
        return message, channel

    def _modal(self, user: Thing) -> Thing | None:
        view = self.slack.views.open_modal(user["id"])
        return view_on_the_wire(view) if view else None

    def _for_reading(self, message: Thing) -> Thing:
        author = self.slack.shelf.get("users", message["user"]) or {}
        extra = {key: message[key] for key in ("ephemeral_to",) if key in message}
        return (
            on_the_wire(message)
            | extra
            | {"username": message.get("username") or author.get("name", ""), "channel": message["channel"]}
        )

    def _seen(self, channel: Thing) -> set[str]:
        return {message["ts"] for message in self.shown(channel)}

    def _written(self, body: Mapping[str, Any], user: Thing, channel: Thing, base_url: str) -> Thing:
        text = typed(self.slack.workspace, text_of(body))
        if len(text) > MESSAGE_TEXT:
            raise BadInput(f"The message has {len(text)} characters; Slack takes {MESSAGE_TEXT}.")
        files = [self.file(one, user, base_url) for one in body.get("files") or []]
        message: Thing = {"user": user["id"], "text": text, "client_msg_id": str(uuid4())}
        message |= {"files": files, "subtype": "file_share", "upload": False} if files else {}
        if text:
            message["blocks"] = [rich_text(text, secrets.token_urlsafe(4)[:5])]
        return message | self._thread(body, channel)

    def _thread(self, body: Mapping[str, Any], channel: Thing) -> Thing:
        if not body.get("thread_ts"):
            return {}
        parent = self.slack.messages.find(channel["id"], body["thread_ts"])
        if parent is None or parent.get("ephemeral_to"):
            raise NotFound(f"There is no message {body['thread_ts']!r} in this channel to reply to.")
        start = parent.get("thread_ts") or parent["ts"]
        return {"thread_ts": start, "parent_user_id": (self.slack.messages.find(channel["id"], start) or parent)["user"]}

    def file(self, given: Mapping[str, Any], user: Thing, base_url: str) -> Thing:
        """A file a person hands over: {name, content} or {name, content_base64}."""
        try:
            content = (
                base64.b64decode(given["content_base64"], validate=True)
                if "content_base64" in given
                else str(given["content"]).encode()
            )
            name = str(given["name"])
        except (KeyError, TypeError, binascii.Error):
            raise BadInput('A file is {"name", "content"} or {"name", "content_base64"}.') from None
        return shown_file(new_file(self.slack, name, len(content), user["id"], content), base_url)

    def _events(self, message: Thing, channel: Thing) -> list[Thing]:
        bot = self.slack.workspace.bot["id"]
        if bot not in channel["members"]:
            return []
        event = event_of(message, channel)
        if f"<@{bot}>" not in message["text"] or kind_of(channel) == "im":
            return [event]
        mention = {key: value for key, value in event.items() if key not in ("channel_type", "subtype")}
        return [mention | {"type": "app_mention"}, event]

    async def _deliver(self, event: Thing) -> bool:
        return await self.slack.delivery.event(self.slack.payloads.event(event))

    def _immediate(self, ack: Ack, user: Thing, channel: Thing) -> Thing | None:
        said = {"text": ack.body} if isinstance(ack.body, str) else ack.body
        if not isinstance(said, dict) or not (said.get("text") or said.get("blocks")):
            return None
        bot = {"user": self.slack.workspace.bot["id"], "bot_id": self.slack.settings.bot_id, "text": said.get("text", "")}
        blocks = {"blocks": said["blocks"]} if said.get("blocks") else {}
        everybody = said.get("response_type") == "in_channel"
        kept = self.slack.messages.add(channel, bot | blocks, "" if everybody else user["id"])
        return self._for_reading(kept)


def text_of(body: Mapping[str, Any]) -> str:
    """The text in a request; it must be there, but may be empty."""
    text = body.get("text", "" if body.get("files") or body.get("command") else None)
    if not isinstance(text, str):
        raise BadInput('Give the text as a string: "text": "…".')
    return text


def answered(ack: Ack) -> Ack:
    """The acknowledgement, or NoAnswer."""
    if not ack.ok:
        raise NoAnswer(f"{NOT_THERE} ({ack.reason})")
    return ack


Drive = Callable[[Mapping[str, Any], str], Awaitable[Thing]]

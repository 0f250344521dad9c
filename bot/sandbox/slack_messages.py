"""The messages of the local workspace: posting, editing, deleting, and reading them back by channel and thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_workspace import Workspace, kind_of

NOT_ON_THE_WIRE = ("gone", "ephemeral_to")


class Messages:
    """Messages by channel and ts; `tell` hears of every change in a channel the bot is in, as an event."""

    def __init__(self, workspace: Workspace, tell: Callable[[Thing], None]) -> None:
        self.workspace = workspace
        self.tell = tell
        self._newest: dict[str, int] = {}

    def add(self, channel: Thing, message: Thing, ephemeral_to: str = "") -> Thing:
        """Keep a message under a new ts, unique and increasing in its channel; nobody is told."""
        ts = self._next_ts(channel["id"])
        kept = {"type": "message", "ts": ts, "channel": channel["id"], "team": self.workspace.settings.team_id} | message
        if ephemeral_to:
            kept |= {"ephemeral_to": ephemeral_to, "is_ephemeral": True}
        self._keep(kept)
        return kept

    def post(self, channel: Thing, message: Thing) -> Thing:
        """Keep a message and tell the bot."""
        kept = self.add(channel, message)
        self._tell(channel, event_of(kept, channel))
        return kept

    def edit(self, channel: Thing, message: Thing, changes: Thing) -> Thing:
        """Change a message in place; a change to None removes the field."""
        before = on_the_wire(message)
        for field, value in changes.items():
            message.pop(field, None) if value is None else message.__setitem__(field, value)
        self._keep(message)
        change = {"subtype": "message_changed", "message": on_the_wire(message), "previous_message": before}
        self._tell(channel, self._change_event(channel, change))
        return message

    def remove(self, channel: Thing, message: Thing) -> None:
        """Delete a message; its ts stays taken."""
        message["gone"] = True
        self._keep(message)
        if not message.get("ephemeral_to"):
            change = {"subtype": "message_deleted", "deleted_ts": message["ts"], "previous_message": on_the_wire(message)}
            self._tell(channel, self._change_event(channel, change))

    def react(self, channel: Thing, message: Thing, name: str, user: str) -> bool:
        """Put somebody's reaction on a message, or take it back where it is there; tells the bot. Whether it is there now."""
        reactions = message.setdefault("reactions", [])
        reaction = next((one for one in reactions if one["name"] == name), None)
        if reaction is None:
            reaction = {"name": name, "users": [], "count": 0}
            reactions.append(reaction)
        added = user not in reaction["users"]
        (reaction["users"].append if added else reaction["users"].remove)(user)
        reaction["count"] = len(reaction["users"])
        message["reactions"] = [one for one in reactions if one["users"]]
        self._keep(message)
        self._tell(channel, self._reaction_event(message, name, user, "reaction_added" if added else "reaction_removed"))
        return added

    def find(self, channel_id: str, ts: object) -> Thing | None:
        """The message, or None if it never was or is deleted."""
        message = self.workspace.shelf.get(_kind(channel_id), str(ts))
        return None if message is None or message.get("gone") else message

    def in_channel(self, channel_id: str, ephemeral: bool = False) -> Iterator[Thing]:
        """All messages and replies, oldest first; ephemeral ones only if asked."""
        for message in self.workspace.shelf.every(_kind(channel_id)):
            if not message.get("gone") and (ephemeral or not message.get("ephemeral_to")):
                yield message

    def thread(self, channel_id: str, parent_ts: str) -> list[Thing]:
        """The replies to a message, oldest first, without it."""
        return [m for m in self.in_channel(channel_id) if m.get("thread_ts") == parent_ts and m["ts"] != parent_ts]

    def shown(self, message: Thing) -> Thing:
        """The message as history shows it: a parent carries its thread's figures."""
        replies = self.thread(message["channel"], message["ts"])
        wire = on_the_wire(message)
        if not replies:
            return wire
        users = list(dict.fromkeys(reply["user"] for reply in replies))
        figures = {"thread_ts": message["ts"], "reply_count": len(replies), "latest_reply": replies[-1]["ts"]}
        return wire | figures | {"reply_users": users, "reply_users_count": len(users), "is_locked": False, "subscribed": False}

    def _reaction_event(self, message: Thing, name: str, user: str, kind: str) -> Thing:
        item = {"type": "message", "channel": message["channel"], "ts": message["ts"]}
        who = {"user": user, "reaction": name, "item_user": message["user"]}
        return {"type": kind, "item": item, "event_ts": self.workspace.stamp()} | who

    def _change_event(self, channel: Thing, change: Thing) -> Thing:
        ts = self._next_ts(channel["id"])
        where = {"channel": channel["id"], "channel_type": kind_of(channel)}
        return {"type": "message", "hidden": True, "ts": ts, "event_ts": ts} | where | change

    def _tell(self, channel: Thing, event: Thing) -> None:
        if self.workspace.bot["id"] in channel["members"]:
            self.tell(event)

    def _keep(self, message: Thing) -> None:
        self.workspace.shelf.put(_kind(message["channel"]), message["ts"], message)

    def _next_ts(self, channel_id: str) -> str:
        if channel_id not in self._newest:
            stamps = (int(message["ts"].replace(".", "")) for message in self.workspace.shelf.every(_kind(channel_id)))
            self._newest[channel_id] = max(stamps, default=0)  # from before a restart
        return self.workspace.stamp(after=self._newest[channel_id])


def on_the_wire(message: Thing) -> dict[str, Any]:
    """A copy without what is only for us; `channel` is not part of a message in Slack."""
    return {key: value for key, value in message.items() if key not in (*NOT_ON_THE_WIRE, "channel")}


def event_of(message: Thing, channel: Thing) -> Thing:
    """The message event of a new message."""
    where = {"channel": channel["id"], "channel_type": kind_of(channel), "event_ts": message["ts"]}
    return on_the_wire(message) | where


def _kind(channel_id: str) -> str:
    return f"messages/{channel_id}"

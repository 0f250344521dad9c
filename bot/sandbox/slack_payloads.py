"""What Slack sends to an app: event envelopes, slash commands, and interaction payloads, in their published form."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_messages import on_the_wire
from bot.sandbox.slack_views import view_on_the_wire
from bot.sandbox.slack_workspace import Workspace


class Payloads:
    """Builds payloads for this workspace and app."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.settings = workspace.settings

    def event(self, event: Thing) -> Thing:
        """The envelope of the Events API around one event."""
        settings, bot = self.settings, self.workspace.bot["id"]
        seen_by = {
            "enterprise_id": None,
            "team_id": settings.team_id,
            "user_id": bot,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        named = {
            "event_id": f"Ev{self.workspace.shelf.number('events'):09d}",
            "event_time": int(self.workspace.now().timestamp()),
        }
        where = {"team_id": settings.team_id, "context_team_id": settings.team_id, "context_enterprise_id": None}
        return self._app() | where | named | {
            "type": "event_callback",
            "event": event,
            "authorizations": [seen_by],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(24)}",
        }  # fmt: skip

    def command(self, user: Thing, channel: Thing, command: str, text: str) -> Thing:
        """The form fields of a slash command, without trigger_id and response_url."""
        where = {"team_id": self.settings.team_id, "team_domain": self.settings.team_domain}
        spoken = {"channel_id": channel["id"], "channel_name": _channel_name(channel), "command": command, "text": text}
        return self._app() | where | spoken | {"user_id": user["id"], "user_name": user["name"], "is_enterprise_install": "false"}

    def interaction(self, kind: str, user: Thing) -> Thing:
        """What every interaction payload carries."""
        team = {"id": self.settings.team_id, "domain": self.settings.team_domain}
        who = {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": self.settings.team_id}
        return {"type": kind, "team": team, "user": who, "enterprise": None, "is_enterprise_install": False} | self._app()

    def on_message(self, message: Thing, channel: Thing) -> Thing:
        """Where it happened: a message."""
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel["id"]}
        container |= {"is_ephemeral": bool(message.get("ephemeral_to"))}
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        return {"container": container, "channel": _named(channel), "message": on_the_wire(message)}

    def on_view(self, view: Thing) -> Thing:
        """Where it happened: a modal or the App Home."""
        return {"container": {"type": "view", "view_id": view["id"]}, "view": view_on_the_wire(view)}

    def message_action(self, message: Thing, channel: Thing, callback_id: str) -> Thing:
        """The extra fields of a message shortcut."""
        where: dict[str, Any] = {"channel": _named(channel), "message": on_the_wire(message), "message_ts": message["ts"]}
        return where | {"callback_id": callback_id, "action_ts": self.workspace.stamp()}

    def _app(self) -> Thing:
        return {"api_app_id": self.settings.app_id, "token": self.settings.verification_token}


def _named(channel: Thing) -> Thing:
    return {"id": channel["id"], "name": _channel_name(channel)}


def _channel_name(channel: Thing) -> str:
    return "directmessage" if channel["is_im"] else str(channel["name"])

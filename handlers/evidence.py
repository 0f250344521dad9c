"""The door for what is taken away from a filing: its timeline as a picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from slack_bolt import Ack, App

from bot.domain.people import Colleague
from bot.flows.share_timeline import share_timeline
from bot.ports import Painter
from handlers.office import Body, Office, value_of

ASKED = re.compile(r"^(timeline|时间表)\s+(f-?\d+)$", re.IGNORECASE)


@dataclass(frozen=True)
class EvidenceDoor:
    """What can be asked for as a file."""

    office: Office
    painter: Painter

    def asked(self, text: str, by: Colleague, channel: str) -> bool:
        """`/filing timeline F-1`; False where the words ask for nothing here."""
        said = ASKED.match(text)
        if said:
            self._ways[said.group(1).lower()](_id(said.group(2)), by, (channel, ""))
        return bool(said)

    def timeline_wanted(self, ack: Ack, body: Body) -> None:
        """The button Timeline."""
        ack()
        self._timeline(value_of(body), self.office.who(body), place_in(body))

    @property
    def _ways(self) -> Mapping[str, Callable[[str, Colleague, tuple[str, str]], None]]:
        return {"timeline": self._timeline, "时间表": self._timeline}

    def _timeline(self, filing: str, by: Colleague, place: tuple[str, str]) -> None:
        share_timeline(self.office.desk, self.office.chat, self.painter, filing, place, by, self.office.now())


def register(app: App, office: Office, painter: Painter) -> EvidenceDoor:
    """Open this door; returned so that `/filing` can lead here too."""
    door = EvidenceDoor(office, painter)
    app.action(re.compile(r"^timeline:"))(door.timeline_wanted)
    return door


def place_in(body: Body) -> tuple[str, str]:
    """Channel and thread a button stands in; what only one person sees is in the thread of its container."""
    container, message = body.get("container") or {}, body.get("message") or {}
    thread = container.get("thread_ts") or message.get("thread_ts") or message.get("ts") or ""
    return str((body.get("channel") or {}).get("id", "")), str(thread)


def _id(said: str) -> str:
    return "F-" + re.sub(r"\D", "", said)

"""The door for what is taken away from a filing: its timeline as a picture, its evidence as one file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.domain.people import Colleague
from bot.flows.pack_evidence import Press, share_pack
from bot.flows.share_timeline import share_timeline
from bot.ports import Painter, Tracker
from handlers.office import Body, Office, value_of
from handlers.whispering import whisper

VERBS = {"timeline": "timeline", "时间表": "timeline", "export": "export", "pack": "export", "证据包": "export", "导出": "export"}
ASKED = re.compile(rf"^({'|'.join(VERBS)})\s*(f-?\d+)$", re.IGNORECASE)
Place = tuple[str, str]
"""Channel and thread."""


@dataclass(frozen=True)
class EvidenceDoor:
    """What can be asked for as a file."""

    office: Office
    tracker: Tracker
    painter: Painter
    press: Press
    client: WebClient

    def asked(self, text: str, by: Colleague, channel: str) -> bool:
        """`/filing timeline F-1`, `/filing export F-1`; False where the words ask for nothing here."""
        said = ASKED.match(text)
        if said:
            hand = self._timeline if VERBS[said.group(1).lower()] == "timeline" else self._pack
            hand("F-" + re.sub(r"\D", "", said.group(2)), by, (channel, ""))
        return bool(said)

    def timeline_wanted(self, ack: Ack, body: Body) -> None:
        """The button Timeline."""
        ack()
        self._timeline(value_of(body), self.office.who(body), place_in(body))

    def pack_wanted(self, ack: Ack, body: Body) -> None:
        """The button Evidence pack."""
        ack()
        self._pack(value_of(body), self.office.who(body), place_in(body))

    def _timeline(self, filing: str, by: Colleague, place: Place) -> None:
        share_timeline(self.office.desk, self.office.chat, self.painter, filing, place, by, self.office.now())

    def _pack(self, filing: str, by: Colleague, place: Place) -> None:
        """Directly to whoever asked: it holds more than a channel needs to see."""
        office = self.office
        share_pack(office.desk, office.chat, self.tracker, self.painter, self.press, filing, by, office.now())
        if place[0].startswith(("C", "G")):
            whisper(self.client, by.id, *place, office.say(by, "pack.sent", id=filing))


def register(app: App, office: Office, tracker: Tracker, painter: Painter, press: Press) -> EvidenceDoor:
    """Open this door; returned so that `/filing` can lead here too."""
    door = EvidenceDoor(office, tracker, painter, press, app.client)
    app.action(re.compile(r"^timeline:"))(door.timeline_wanted)
    app.action(re.compile(r"^pack:"))(door.pack_wanted)
    return door


def place_in(body: Body) -> Place:
    """Channel and thread a button stands in; what only one person sees is in the thread of its container."""
    container, message = body.get("container") or {}, body.get("message") or {}
    thread = container.get("thread_ts") or message.get("thread_ts") or message.get("ts") or ""
    return str((body.get("channel") or {}).get("id", "")), str(thread)


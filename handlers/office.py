"""What every door needs: who is speaking, what time it is, how a place is read, and how an answer looks in Slack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.no_day import calendar_day, day_in
from bot.domain.people import Colleague, Member, may
from bot.domain.reading import read
from bot.errors import BadDate, NotAllowed
from bot.flows.know_person import know_person
from bot.ports import Chat, Clock, Desk, Waker
from bot.replies import Reply

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """The desk with its clock, chat, waker and the way replies are drawn; made once in app.py."""

    desk: Desk
    clock: Clock
    chat: Chat
    waker: Waker
    members: tuple[Member, ...]
    blocks: Callable[[Reply], list[dict[str, Any]]]
    text: Callable[[Reply], str]

    def now(self) -> datetime:
        """The present instant (UTC)."""
        return self.clock.now()

    def who(self, body: Body) -> Colleague:
        """The person behind a request of any kind."""
        user = body.get("user") or body.get("event", {}).get("user") or body.get("user_id") or ""
        return know_person(self.desk, self.chat, self.members, user["id"] if isinstance(user, dict) else str(user), self.now())

    def know(self, user: str) -> Colleague:
        """Somebody named in a form or a file."""
        return know_person(self.desk, self.chat, self.members, user, self.now())

    def places(self, text: str) -> tuple[str, ...]:
        """The markets a text names, as ISO alpha-2."""
        return read(f"ship to {text}", self.today(), self.desk.lexicon).destinations

    def day(self, text: str) -> date | None:
        """The date a text names, however it is written; None where it names none. BadDate for one that no calendar has."""
        return day_in(read(f"ETD {text}", self.today(), self.desk.lexicon)) if text else None

    def today(self) -> date:
        """The date in the desk's zone."""
        return self.now().astimezone(ZoneInfo(self.desk.zone)).date()

    def say(self, person: Colleague, key: str, **values: object) -> str:
        """A sentence in the person's language."""
        return self.desk.words.say(person.lang, key, **values)

    def allow(self, person: Colleague, act: str, sentence: str) -> None:
        """NotAllowed, with a sentence of the catalogue, where the role may not do this."""
        if not may(person.role, act):
            raise NotAllowed(self.say(person, sentence))

    def drawn(self, reply: Reply) -> dict[str, Any]:
        """A reply as keyword arguments of say, respond and the like."""
        return {"text": self.text(reply), "blocks": self.blocks(reply)}


def chosen_day(said: str, field: str) -> date | None:
    """The date chosen in an input of a form, None for none. BadDate, to be told beside it."""
    try:
        return calendar_day(said)
    except BadDate as error:
        raise error.at(field) from None


def value_of(body: Body) -> str:
    """What the pressed button or the chosen entry carries."""
    action = body["actions"][0]
    return str((action.get("selected_option") or action).get("value", ""))


def place_of(body: Body) -> tuple[str, str]:
    """Channel and thread of the message a button stands in."""
    message = body.get("message") or {}
    return str((body.get("channel") or {}).get("id", "")), str(message.get("thread_ts") or message.get("ts") or "")

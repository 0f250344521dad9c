"""A file is handed to the person who asked for it; when that fails they hear what to do, in their language."""

from __future__ import annotations

from bot.domain.people import Colleague
from bot.errors import Gone, OutcomeUnknown, Refused, TryLater
from bot.ports import Chat, Desk


def hand_over(desk: Desk, chat: Chat, by: Colleague, place: tuple[str, str], name: str, content: bytes, said: str) -> None:
    """Share it in this channel and thread; in a direct message where the bot may not write there. The error says what to do."""
    try:
        _share(chat, by, place, name, content, said)
    except OutcomeUnknown:
        raise OutcomeUnknown(desk.words.say(by.lang, "file.unknown", name=name)) from None
    except TryLater as error:
        raise TryLater(desk.words.say(by.lang, "file.later", name=name), error.after_seconds) from None


def _share(chat: Chat, by: Colleague, place: tuple[str, str], name: str, content: bytes, said: str) -> None:
    channel, thread = place
    try:
        chat.share(channel, thread, name, content, said)
    except (Refused, Gone):
        if channel in ("", by.id):
            raise
        chat.share(by.id, "", name, content, said)

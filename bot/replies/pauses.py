"""What is said of somebody's pause: its days, and to whoever stands in meanwhile."""

from __future__ import annotations

from datetime import date

from bot.replies import Reply, Words


def days_said(words: Words, lang: str, first: date, last: date) -> str:
    """The first and the last day, or the only one."""
    return words.day(lang, first) if first == last else f"{words.day(lang, first)} – {words.day(lang, last)}"


def stand_in_reply(words: Words, lang: str, name: str, first: date, last: date) -> Reply:
    """To the deputy: for whom, when, and what comes of it."""
    return Reply(headline=words.say(lang, "stand_in.title", name=name, days=days_said(words, lang, first, last)),
                 lines=(words.say(lang, "stand_in.what", name=name),))


def no_stand_in_reply(words: Words, lang: str, name: str, first: date, last: date) -> Reply:
    """What that message becomes once it is otherwise."""
    return Reply(headline=words.say(lang, "stand_in.off", name=name, days=days_said(words, lang, first, last)))

"""Everything said beside scope answers and filings: help, a greeting, the market list, hints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.facts import Reading
from bot.domain.market_list import MarketList, in_force, taking_effect
from bot.domain.scope import leaving_day
from bot.replies import Reply, Words
from bot.replies.answers import market_line
from bot.replies.lists import source_words
from bot.replies.recorded import actor_words


def help_reply(words: Words, lang: str) -> Reply:
    """What the bot can do, by example."""
    names = ("scope", "filing", "gate", "shipment", "reminder", "list", "language")
    examples = [words.say(lang, f"help.{name}") for name in names]
    return Reply(headline=words.say(lang, "help.title"), lines=(words.say(lang, "help.intro"),), bullets=tuple(examples),
                 note=words.say(lang, "caveat.reported"))


def empty_reply(words: Words, lang: str) -> Reply:
    """A message with nothing to read in it."""
    return Reply(headline=words.say(lang, "error.empty"), bullets=(words.say(lang, "help.scope"),))


def hello_reply(words: Words, lang: str) -> Reply:
    """An answer to a greeting or thanks."""
    return Reply(headline=words.say(lang, "hello.title"), lines=(words.say(lang, "hello.next"),))


def lost_reply(words: Words, lang: str, door: str) -> Reply:
    """It was not understood: where what it speaks of is done (`door`, "" for nowhere we know), and what can be asked."""
    way = (words.say(lang, f"lost.{door}"),) if door else ()
    return Reply(headline=words.say(lang, "lost.title"), lines=(*way, words.say(lang, "lost.next")))


def reminder_hint(words: Words, lang: str) -> Reply:
    """What was said of reminders or a date was not understood: what is, and how the others come about and end."""
    return Reply(headline=words.say(lang, "reminder_hint.title"),
                 lines=(words.say(lang, "request.examples"), words.say(lang, "reminder_hint.how")))


def lists_reply(words: Words, reading: Reading, lists: Sequence[MarketList], today: date) -> Reply:
    """What is known of the market list: its versions and, where a destination was named, what is said of it on the day meant."""
    lang, day = reading.lang, leaving_day(today, reading.ship_date)
    current, coming = in_force(lists, day), taking_effect(lists, day)
    asked = [market_line(words, lang, code, current, coming) for code in reading.destinations]
    return Reply(headline=words.say(lang, "lists.title"), lines=tuple(asked),
                 bullets=tuple(list_line(words, lang, entry) for entry in lists), note=words.say(lang, "lists.note"))


def list_line(words: Words, lang: str, entry: MarketList) -> str:
    """One version: number of markets, from when, by whom, from where."""
    count = words.say(lang, "lists.unnamed", count=entry.count_reported or "?") if entry.members is None else words.say(
        lang, "lists.named", n=len(entry.members))
    return words.say(lang, "lists.line", version=entry.version, effective=words.day(lang, entry.effective), count=count,
                     source=source_words(words, lang, entry), by=actor_words(words, lang, entry.recorded_by_in(lang)))

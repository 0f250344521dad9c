"""What is said of requests about reminders: as understood, kept, or what is still lacking; and what is due for somebody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.domain.reading.requests import Asked
from bot.domain.rows import to_row
from bot.domain.shipment import Shipment
from bot.errors import FilingDeskError
from bot.replies import Choice, Reply, Words
from bot.replies.filings import markets
from bot.replies.names import role_words
from bot.replies.shipments import etd_words, goods_words
from bot.replies.trouble import trouble_said

SHOWN = 20


def understood_reply(words: Words, by: Colleague, asked: Asked, thing: Filing | Shipment, said: tuple[str, str],
                     whom: str = "") -> Reply:
    """As it was understood, to be confirmed by whoever asked, in the language they asked in.

    `said` is the message's text and key; `whom` the name of who is reminded, where that is neither the asker nor a role.
    """
    text, key = said
    whose = {"key": key, "by": by.id, "lang": by.lang}
    value = json.dumps({"asked": to_row(asked), "text": text, **whose}, ensure_ascii=False)
    return Reply(
        headline=words.say(by.lang, "request.understood"), lines=(_sentence(words, by.lang, asked, thing, whom),),
        choices=(Choice("request_yes", words.say(by.lang, "choice.yes"), value, "primary"),
                 Choice("request_no", words.say(by.lang, "choice.no"), json.dumps(whose))),
        note=words.say(by.lang, "request.nothing_yet"))


def kept_reply(words: Words, lang: str, *, before: bool = False) -> Reply:
    """It was kept; with `before`, as it had been."""
    key = "request.kept_before" if before else "request.kept"
    return Reply(headline=words.say(lang, key), lines=(words.say(lang, "request.stop"),))


def question_reply(words: Words, lang: str, key: str) -> Reply:
    """What is lacking."""
    return Reply(headline=words.say(lang, key), lines=(words.say(lang, "request.examples"),))


def done_reply(words: Words, lang: str, task: FilingTask) -> Reply:
    """Is it done? With the form in which it can be said; nothing is asked of one that is done already."""
    key = "request.done_already" if task.done else "request.done"
    choices = () if task.done else (Choice("change_task", words.say(lang, "choice.task"), task.id, "primary"),)
    return Reply(headline=words.say(lang, key, item=task.item, id=task.filing), lines=(f"*{task.item}* {task.title}",),
                 choices=choices, note="" if task.done else words.say(lang, "request.nothing_yet"))


def cannot_reply(words: Words, lang: str, error: FilingDeskError, movable: str = "") -> Reply:
    """Why it cannot be; the ETD of the filing or shipment `movable` can be chosen in a form."""
    choices = (Choice("ask_etd", words.say(lang, "choice.move_etd"), movable, "primary"),) if movable else ()
    return Reply(headline=words.say(lang, "request.cannot", why=trouble_said(words, lang, error)), choices=choices,
                 lines=() if movable else (words.say(lang, "request.examples"),))


def due_reply(words: Words, by: Colleague, tasks: Sequence[tuple[Filing, FilingTask]], leaving: Sequence[Shipment],
              until: date) -> Reply:
    """What is due for somebody up to a day, overdue things first."""
    lines = [_due_task(words, by.lang, filing, task) for filing, task in tasks]
    lines += [words.say(by.lang, "request.due.shipment", number=one.number, product=goods_words(words, by.lang, one),
                        etd=words.day(by.lang, one.etd)) for one in leaving]
    more = [words.say(by.lang, "proof.more", n=len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return Reply(headline=words.say(by.lang, "request.due" if lines else "request.due.none", n=len(lines),
                                    day=words.day(by.lang, until)),
                 bullets=(*lines[:SHOWN], *more), note=words.say(by.lang, "caveat.assumed"))


def _due_task(words: Words, lang: str, filing: Filing, task: FilingTask) -> str:
    due = words.day(lang, task.due) if task.due else ""
    return words.say(lang, "request.due.task", item=task.item, title=task.title, due=due, id=filing.id, product=filing.product,
                     markets=markets(words, lang, filing.destinations))


def _sentence(words: Words, lang: str, asked: Asked, thing: Filing | Shipment, whom: str) -> str:
    who = whom or (words.say(lang, "request.me") if asked.to == "me" else role_words(words, lang, asked.to))
    about = thing.id if isinstance(thing, Filing) else thing.number
    if asked.kind == "etd" and asked.day:
        before = etd_words(words, lang, thing) if isinstance(thing, Shipment) else words.day(lang, thing.etd)
        after = words.moment(lang, asked.at, asked.zone) if asked.at else words.day(lang, asked.day)
        return words.say(lang, "request.etd", about=about, before=before, after=after)
    if asked.kind == "once" and asked.day and asked.at:
        moved = asked.at.astimezone(ZoneInfo(asked.zone)).date() != asked.day
        return words.say(lang, "request.once_moved" if moved else "request.once", who=who, about=about,
                         day=words.day(lang, asked.day), at=words.moment(lang, asked.at, asked.zone))
    if asked.kind == "weekly":
        return words.say(lang, "request.weekly", weekday=words.say(lang, f"weekday.d{asked.weekday}"), who=who, about=about)
    key = f"request.{'before' if asked.offset <= 0 else 'after'}_{asked.unit}"
    return words.say(lang, key, n=abs(asked.offset), who=who, about=about, etd=words.day(lang, thing.etd))

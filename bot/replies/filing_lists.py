"""Filings one line each: where each stands, the one thing to do now, and which of them were asked for."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.filing import bar, progress
from bot.domain.standing import Standing, Wanted, counts
from bot.replies import Reply, Words
from bot.replies.filings import markets
from bot.replies.names import listed

SHOWN = 25
"""Lines in one message: more does not fit, and nobody reads it on a phone."""


def filings_reply(words: Words, lang: str, chosen: Sequence[Standing], wanted: Wanted | None = None,
                  shown: int = SHOWN) -> Reply:
    """The list of filings; what does not fit in `shown` lines is counted."""
    said = filter_words(words, lang, wanted or Wanted())
    if not chosen and said:
        return Reply(headline=words.say(lang, "filings.none_such", names=said), lines=(words.say(lang, "filings.filters"),))
    if not chosen:
        return Reply(headline=words.say(lang, "filings.none"), lines=(words.say(lang, "filings.none.next"),))
    title = words.say(lang, "filings.title", n=len(chosen))
    hidden = len(chosen) - shown
    return Reply(headline=f"{title} · {said}" if said else title, lines=(counts_line(words, lang, chosen),),
                 bullets=tuple(filing_line(words, lang, one) for one in chosen[:shown]),
                 note=words.say(lang, "filings.more", n=hidden) if hidden > 0 else "")


def filter_words(words: Words, lang: str, wanted: Wanted) -> str:
    """What was asked for, as "mine, late, ETD until 5 Mar 2027"; "" for all that is open."""
    until = words.day(lang, wanted.until) if wanted.until else ""
    return listed(words, lang, (words.say(lang, f"filings.by.{name}", until=until) for name in wanted.names))


def counts_line(words: Words, lang: str, known: Sequence[Standing]) -> str:
    """3 late · 2 on hold · 1 with the authority."""
    return words.say(lang, "filings.counts", **counts(known))


def filing_line(words: Words, lang: str, one: Standing) -> str:
    """*F-12* FaceGate 300 → Germany · ETD … · ███░ 9/27 · next: N3 due …."""
    filing = one.filing
    done, whole = progress(list(one.tasks))
    return words.say(lang, "filing.line", id=filing.id, product=filing.product,
                     markets=markets(words, lang, filing.destinations), etd=words.day(lang, filing.etd),
                     hold=words.say(lang, f"gate.mark.{filing.hold}"), bar=bar(done, whole), done=done, whole=whole,
                     next=todo(words, lang, one),
                     short=words.say(lang, "filing.line.short", n=filing.days_short) if filing.days_short else "")


def todo(words: Words, lang: str, one: Standing) -> str:
    """The one thing to do now."""
    if one.filing.state == "parked":
        return words.say(lang, "filing.todo.parked", id=one.filing.id)
    upcoming = one.next
    if not upcoming or not upcoming.due:
        return words.say(lang, "filing.nothing_next")
    about = {"item": upcoming.item, "title": upcoming.title, "due": words.day(lang, upcoming.due)}
    if one.overdue:
        return words.say(lang, "filing.todo.late", n=len(one.overdue), **about)
    return words.say(lang, "filing.todo.waiting" if one.waiting else "filing.next", **about)

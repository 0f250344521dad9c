"""The App Home: one line per filing and shipment, what could not be delivered, and where to begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from bot.domain.filing import Filing
from bot.domain.people import ROLES, Colleague
from bot.domain.shipment import Shipment
from bot.domain.standing import Standing
from bot.replies import Choice, Part, Reply, Words
from bot.replies.calendars import calendar_part
from bot.replies.filing_lists import counts_line, filing_line
from bot.replies.filings import filing_title
from bot.replies.gate import answer_choices
from bot.replies.names import role_words, together
from bot.replies.pauses import days_said
from bot.replies.reminders import Due, entry
from bot.replies.shipments import shipment_title

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Mine:
    """How this person is reminded: hour, and from when until when they are away with whose name as deputy ("" for nobody)."""

    at: time
    away_from: date | None = None
    away_until: date | None = None
    deputy: str = ""
    begun: bool = True
    """Whether they are away already."""


AS_SHIPPED = Mine(time(9, 0))
"""As config/reminders.yaml ships."""


def home_reply(words: Words, person: Colleague, filings: Sequence[Standing],
               shipments: Sequence[Shipment], failed: Sequence[Mapping[str, Any]], mine: Mine = AS_SHIPPED, *,
               asked: Sequence[Due] = (), calendar: bool = False, today: date | None = None) -> Reply:
    """What one person sees in the App Home: what is late first, then the next ETDs, and at last those that `today` have passed;
    `asked` is what they asked to hear of."""
    lang = person.lang
    lines = _filing_lines(words, lang, sorted(filings, key=lambda one: (not one.late, one.filing.etd)))
    leaving = sorted(shipments, key=lambda one: (bool(today and one.etd < today), one.etd))[:SHOWN]
    planned = [_leaving(words, lang, shipment, today) for shipment in leaving]
    trouble = [f"{row.get('subject') or row['id']}: {row['error']}" for row in failed[-SHOWN:]]
    parts = [_waiting(words, person, filing) for filing in (one.filing for one in filings) if _decides(person, filing)][:SHOWN]
    parts += [Part(_block(words, lang, "home.filings", lines)), Part(_block(words, lang, "home.shipments", planned))]
    parts += [Part(_block(words, lang, "home.trouble", trouble))] if trouble else []
    parts += [Part(words.say(lang, "home.asked"))] if asked else []
    parts += [_asked(words, lang, due) for due in asked[:SHOWN]]
    parts += [Part(_habits(words, person, mine), (Choice("home_habits", words.say(lang, "choice.habits"), "mine"),))]
    parts += [calendar_part(words, lang, given=calendar)]
    return Reply(headline=words.say(lang, "home.title"), lines=(words.say(lang, "help.scope"),), parts=tuple(parts),
                 choices=(Choice("home_filing", words.say(lang, "choice.new_filing"), "new", "primary"),
                          Choice("home_shipment", words.say(lang, "choice.new_shipment"), "new"),
                          Choice("home_gate", words.say(lang, "choice.gate"), "ask")),
                 note=words.say(lang, "caveat.reported"))


def _leaving(words: Words, lang: str, shipment: Shipment, today: date | None) -> str:
    """Planned still, though its ETD is over: somebody has to say what became of it."""
    title = shipment_title(words, lang, shipment)
    if today is None or shipment.etd >= today:
        return title
    return words.say(lang, "home.shipment.passed", title=title, number=shipment.number)


def _filing_lines(words: Words, lang: str, filings: Sequence[Standing]) -> list[str]:
    """How many are late, on hold, with the authority; then a line each."""
    if not filings:
        return []
    hidden = [words.say(lang, "filings.more", n=len(filings) - SHOWN)] if len(filings) > SHOWN else []
    return [counts_line(words, lang, filings), *(filing_line(words, lang, one) for one in filings[:SHOWN]), *hidden]


def _habits(words: Words, person: Colleague, mine: Mine) -> str:
    lang = person.lang
    lines = [words.say(lang, "home.habits.at", at=f"{mine.at:%H:%M}", zone=person.zone)]
    if mine.away_until:
        days = days_said(words, lang, mine.away_from or mine.away_until, mine.away_until)
        away = words.say(lang, "home.habits.away" if mine.deputy else "home.habits.waits", days=days, deputy=mine.deputy)
        lines.append(away if mine.begun else together(lang, away, words.say(lang, "home.habits.not_begun")))
    return _block(words, lang, "home.habits", lines)


def _asked(words: Words, lang: str, due: Due) -> Part:
    """What somebody asked for, when it comes next, and to whom where that is a role or channel; it can be stopped."""
    one = due.reminder
    key = "home.asked.next_to" if one.to in ROLES or one.to.startswith("#") else "home.asked.next"
    at = words.moment(lang, one.due_at, one.zone) if one.due_at else ""
    said = words.say(lang, key, what=entry(words, lang, due, 0), at=at, who=role_words(words, lang, one.to))
    return Part(said, (Choice("home_stop", words.say(lang, "choice.stop"), one.id),))


def _decides(person: Colleague, filing: Filing) -> bool:
    """Whether a release waits for this person."""
    return filing.hold == "asked" and person.role == "HEAD" and person.id not in (filing.opened_by, filing.asked_by)


def _waiting(words: Words, person: Colleague, filing: Filing) -> Part:
    said = words.say(person.lang, "home.release", title=filing_title(words, replace(filing, lang=person.lang)))
    return Part(said, answer_choices(words, person.lang, filing))


def _block(words: Words, lang: str, title: str, lines: Sequence[str]) -> str:
    body = "\n".join(f"• {line}" for line in lines) or words.say(lang, "home.nothing")
    return f"{words.say(lang, title)}\n{body}"

"""What a reminder says, alone or in the digest of a day, and how it reads once it has been answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.filing import Filing, FilingTask
from bot.domain.reminding import Reminder, date_in, date_there
from bot.domain.requests import Request
from bot.domain.shipment import Shipment
from bot.replies import Choice, Part, Reply, Words
from bot.replies.filings import markets
from bot.replies.names import listed, role_words, together
from bot.replies.shipments import goods_words
from bot.replies.trouble import kept_trouble

WITH_BUTTONS, IN_A_LINE = 8, 20
"""Entries of a digest that have buttons of their own, and those that follow as a line; what is beyond is counted."""
LINE = 140
WEEK = 7


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who reads it: chat id or channel, language, IANA zone."""

    id: str
    lang: str
    zone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder with what it is about."""

    reminder: Reminder
    task: FilingTask | None = None
    filing: Filing | None = None
    shipment: Shipment | None = None
    title: str = ""
    """The name of a ruleset or list it is about."""
    whose: str = ""
    """Who it was meant for, where somebody else got it."""
    lost: str = ""
    """Why it could not be delivered to them."""
    estimated: bool = False
    """True where the holidays of its year are not official yet."""
    late: bool = False
    """True where it went out noticeably after its time."""
    behind: int = 0
    """Working days since the task should have been done; 0 where it is not late."""
    waiting: tuple[str, ...] = ()
    """Items that wait for a late task."""
    again: date | None = None
    """When a task that comes again was done last; None for one that is due for the first time. `every` so many days, 0 for
    one that comes on dates of its own."""
    every: int = 0
    passed_by: str = ""
    """The name of whoever handed it over, or asked that it be said."""
    passed_to: str = ""
    """The name of who has it now, where that is somebody else than who was told."""
    request: Request | None = None
    """What somebody asked for, as it was understood; `asker` is their name."""
    asker: str = ""


def reminder_reply(words: Words, to: Addressed, name: str, dues: Sequence[Due], now: datetime) -> Reply:
    """One message for all that falls due together; what has no room for buttons is a line, what has none for that a number."""
    open_ones, settled = _by_state(dues)
    shown, lines = open_ones[:WITH_BUTTONS], open_ones[WITH_BUTTONS:]
    parts = [_part(words, to, due, now) for due in shown]
    parts += [Part("\n".join(_line(words, to, due, now) for due in lines[:IN_A_LINE]))] if lines else []
    parts += [_part(words, to, due, now) for due in settled[:WITH_BUTTONS]]
    key = "reminder.title" if open_ones else _title_of(settled)
    return Reply(headline=words.say(to.lang, key, n=len(open_ones)), lines=_remarks(words, to.lang, dues, len(settled)),
                 parts=tuple(parts), choices=_more(words, to.lang, name, len(lines), WITH_BUTTONS), note=_note(words, to, dues))


def rest_reply(words: Words, to: Addressed, name: str, dues: Sequence[Due], start: int, now: datetime) -> Reply:
    """The entries of a digest from `start` on, with their buttons."""
    rest = _by_state(dues)[0][start:]
    return Reply(headline=words.say(to.lang, "reminder.rest", n=len(rest)),
                 parts=tuple(_part(words, to, due, now) for due in rest[:WITH_BUTTONS]),
                 choices=_more(words, to.lang, name, len(rest) - WITH_BUTTONS, start + WITH_BUTTONS))


def confirm_reply(words: Words, to: Addressed, dues: Sequence[Due], now: datetime) -> Reply:
    """Which of these is done? Asked after a "done" in the thread or a tick on the message; what is answered is struck."""
    waiting = sum(map(_waits, dues))
    if not dues:
        return Reply(headline=words.say(to.lang, "reminder.already"))
    yes = words.say(to.lang, "choice.yes_done")
    parts = tuple(_part(words, to, due, now, (Choice("reminder_done", yes, due.reminder.id, "primary"),))
                  for due in dues[:WITH_BUTTONS])
    headline = words.say(to.lang, "reminder.confirm", n=waiting) if waiting else words.say(to.lang, _title_of(dues))
    return Reply(headline=headline, parts=parts)


def why_reply(words: Words, lang: str, due: Due) -> str:
    """Why somebody got this reminder: which plan, which date, and what happens next."""
    one = due.reminder
    said = [words.say(lang, f"reminder.why.{_plan(one)}", day=words.day(lang, one.anchor), title=due.title or one.words)]
    role = role_words(words, lang, one.to) if one.to not in ("owner", one.owner) else ""
    said += [words.say(lang, "reminder.why.role", role=role)] if role else []
    said += [words.say(lang, "reminder.why.stand_in", name=due.whose)] if due.whose else []
    said += _why_earlier(words, lang, one) if one.planned_for and one.day and not one.snoozed else []
    return "\n".join([*said, words.say(lang, "reminder.why.stop")])


def entry(words: Words, lang: str, due: Due, days: int) -> str:
    """What one reminder is about, `days` before its date (negative: after it)."""
    if due.reminder.words:
        return _asked_words(words, lang, due)
    if due.task:
        return _task_words(words, lang, due, days)
    if due.shipment:
        return _shipment_words(words, lang, due, days)
    return _standing_words(words, lang, due, days)


def _title_of(answered: Sequence[Due]) -> str:
    """What is put off, handed over or moved is answered, and not settled."""
    settled = all(_outcome(due) in ("done", "closed") for due in answered)
    return "reminder.title.all_done" if settled else "reminder.title.answered"


def _by_state(dues: Sequence[Due]) -> tuple[list[Due], list[Due]]:
    return [due for due in dues if _waits(due)], [due for due in dues if not _waits(due)]


def _waits(due: Due) -> bool:
    return due.reminder.state == "sent" and not _overtaken(due)


def _overtaken(due: Due) -> bool:
    """The date it is tied to is another now."""
    if due.reminder.words:
        return False
    now = due.task.due if due.task else due.shipment.etd if due.shipment else due.reminder.anchor
    return now != due.reminder.anchor


def _remarks(words: Words, lang: str, dues: Sequence[Due], settled: int) -> tuple[str, ...]:
    late = [words.say(lang, "reminder.late")] if any(due.late for due in dues) else []
    return (*late, *([words.say(lang, "reminder.settled", n=settled)] if settled > WITH_BUTTONS else []))


def _part(words: Words, to: Addressed, due: Due, now: datetime, asked: tuple[Choice, ...] = ()) -> Part:
    text = entry(words, to.lang, due, _days(due, to, now))
    text = f"{_for_whom(words, to.lang, due)}{text}"
    if _waits(due):
        return Part(text, asked or _choices(words, to.lang, due.reminder))
    struck = entry(words, to.lang, _as_told(due), _days(_as_told(due), to, now)).splitlines()[0]
    return Part(f"~{_for_whom(words, to.lang, due)}{struck}~\n{_outcome_words(words, to, due, now)}")


def _as_told(due: Due) -> Due:
    """By the date it was told of, whatever that is by now."""
    told = replace(due.shipment, etd=due.reminder.anchor) if due.shipment and _overtaken(due) else due.shipment
    return replace(due, shipment=told)


def _outcome_words(words: Words, to: Addressed, due: Due, now: datetime) -> str:
    """What became of it; of goods whose ETD moved also the new one and how their filing stands, as they still leave."""
    outcome = _outcome(due)
    said = words.say(to.lang, f"reminder.state.{outcome}", until=_until(words, to.lang, due), name=due.passed_to)
    if outcome != "moved" or not due.shipment:
        return said
    when = _when(words, to.lang, _days(due, to, now))
    said = words.say(to.lang, "reminder.state.moved_to", etd=words.day(to.lang, due.shipment.etd), when=when)
    return together(to.lang, said, _filing_state(words, to.lang, due))


def _for_whom(words: Words, lang: str, due: Due) -> str:
    """Whom it was meant for, or whom it comes from."""
    if not due.whose:
        return words.say(lang, "reminder.passed_by", name=due.passed_by) + " " if due.passed_by else ""
    return words.say(lang, "reminder.for_lost" if due.lost else "reminder.for", name=due.whose,
                     why=kept_trouble(words, lang, due.lost)) + " "


def _line(words: Words, to: Addressed, due: Due, now: datetime) -> str:
    text = entry(words, to.lang, due, _days(due, to, now)).replace("\n", " · ")
    return f"• {text if len(text) <= LINE else text[: LINE - 1] + '…'}"


def _days(due: Due, to: Addressed, now: datetime) -> int:
    day = due.shipment.etd if due.shipment and not due.reminder.words else due.reminder.anchor
    return (day - date_in(now, due.reminder.anchor_zone or to.zone)).days


def _more(words: Words, lang: str, name: str, left: int, start: int) -> tuple[Choice, ...]:
    return (Choice("reminder_rest", words.say(lang, "choice.rest", n=left), f"{name}|{start}"),) if left > 0 else ()


def _note(words: Words, to: Addressed, dues: Sequence[Due]) -> str:
    estimated = [words.say(to.lang, "reminder.estimated")] if any(due.estimated for due in dues) else []
    return together(to.lang, words.say(to.lang, "reminder.note", zone=to.zone), *estimated)


def _outcome(due: Due) -> str:
    if due.passed_to:
        return "handed_to"
    if due.reminder.state == "pending":
        return "snoozed"
    if due.reminder.state == "sent":
        return "moved"
    return due.reminder.why if due.reminder.why in ("handed", "done") else "closed"


def _until(words: Words, lang: str, due: Due) -> str:
    return words.moment(lang, due.reminder.due_at, due.reminder.zone) if due.reminder.due_at else ""


def _about(words: Words, lang: str, due: Due) -> str:
    if due.shipment:
        market = words.market(lang, due.shipment.destination)
        return f"{due.shipment.number} {goods_words(words, lang, due.shipment)} → {market}"
    return f"{due.filing.id} {due.filing.product} → {markets(words, lang, due.filing.destinations)}" if due.filing else ""


def _asked_words(words: Words, lang: str, due: Due) -> str:
    """When, as it was understood, in the reader's language; then how somebody said it, as that may hold more."""
    one, about = due.request, _about(words, lang, due)
    quoted = words.say(lang, "reminder.asked", words=due.reminder.words, name=due.asker)
    if one is None:
        return f"{about}\n{quoted}"
    key = "day" if one.day else "etd" if one.weekday is None else "weekly"
    weekday = words.say(lang, f"weekday.d{one.weekday or 0}")
    day = words.day(lang, one.day or due.reminder.anchor)
    return f"{words.say(lang, f'reminder.asked.{key}', weekday=weekday, day=day, about=about)}\n{quoted}"


def _task_words(words: Words, lang: str, due: Due, days: int) -> str:
    assert due.task and due.filing
    text = words.say(
        lang, "reminder.task", item=due.task.item, title=due.task.title, when=_when(words, lang, days),
        due=words.day(lang, due.reminder.anchor), id=due.filing.id, product=due.filing.product,
        markets=markets(words, lang, due.filing.destinations), ticket=_ticket(due.task.ticket or due.filing.ticket))
    held = words.say(lang, "reminder.waiting", items=listed(words, lang, due.waiting), n=due.behind) if due.waiting else ""
    return "\n".join(filter(None, (text, _again(words, lang, due), held)))


def _again(words: Words, lang: str, due: Due) -> str:
    """Why something that was done is due once more."""
    if due.again is None:
        return ""
    key = "week" if due.every == WEEK else "days" if due.every else "date"
    return words.say(lang, f"reminder.again.{key}", day=words.day(lang, due.again), n=due.every)


def _shipment_words(words: Words, lang: str, due: Due, days: int) -> str:
    assert due.shipment
    text = words.say(
        lang, "reminder.shipment", number=due.shipment.number, product=goods_words(words, lang, due.shipment),
        market=markets(words, lang, [due.shipment.destination]), etd=words.day(lang, due.shipment.etd),
        when=_when(words, lang, days))
    return f"{text}\n{_filing_state(words, lang, due)}"


def _standing_words(words: Words, lang: str, due: Due, days: int) -> str:
    """About a filing as a whole, a ruleset, a list, or the weekly watch."""
    return words.say(lang, f"reminder.{_plan(due.reminder)}", about=_about(words, lang, due), title=due.title,
                     day=words.day(lang, due.reminder.anchor), when=_when(words, lang, days))


def _plan(reminder: Reminder) -> str:
    """What it hangs on, as the sentences are named."""
    if reminder.words:
        return "asked"
    series = reminder.about[2]
    return "filing" if series == "etd" and reminder.subject.startswith("F-") else series


def _why_earlier(words: Words, lang: str, reminder: Reminder) -> list[str]:
    """Why it came on another date than it is for: the date ends earlier where the goods leave, or is free where the reader is."""
    assert reminder.planned_for
    assert reminder.day
    planned = reminder.planned_for.astimezone(ZoneInfo(reminder.zone))
    there = date_there(reminder.day, planned.time(), reminder.zone, reminder.anchor_zone)
    zone = words.say(lang, "reminder.why.zone", day=words.day(lang, reminder.day), zone=reminder.anchor_zone)
    moved = words.say(lang, "reminder.why.moved", day=words.day(lang, there))
    return [*([zone] if there != reminder.day else []), *([moved] if planned.date() != there else [])]


def _filing_state(words: Words, lang: str, due: Due) -> str:
    if due.filing:
        key = "reminder.filing_done" if due.filing.state == "done" else "reminder.filing_open"
        return words.say(lang, key, id=due.filing.id, ticket=_ticket(due.filing.ticket))
    verdict = due.shipment.verdict if due.shipment else ""
    return words.say(lang, "shipment.verdict.out_of_scope" if verdict == "out_of_scope" else "reminder.no_filing")


def _ticket(key: str) -> str:
    return f" ({key})" if key else ""


def _when(words: Words, lang: str, days: int) -> str:
    if days == 0:
        return words.say(lang, "when.today")
    return words.say(lang, "when.in" if days > 0 else "when.ago", n=abs(days))


def _choices(words: Words, lang: str, reminder: Reminder) -> tuple[Choice, ...]:
    actions = ["done", "snooze", "stop" if reminder.words else "not_mine", "why"]
    return tuple(Choice(f"reminder_{action}", words.say(lang, f"choice.{action}" if action != "why" else "choice.why_me"),
                        reminder.id, "primary" if action == "done" else "") for action in actions)

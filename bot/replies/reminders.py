"""What a reminder says, alone or bundled, and how it reads once it has been answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.domain.reminding import Reminder
from bot.domain.shipment import Shipment
from bot.replies import Choice, Part, Reply, Words
from bot.replies.filings import markets

LATE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder with what it is about; at least one of task and shipment is there."""

    reminder: Reminder
    task: FilingTask | None
    filing: Filing | None
    shipment: Shipment | None


def reminder_reply(words: Words, reader: Colleague, dues: Sequence[Due], now: datetime) -> Reply:
    """One message for all that falls due together for one person."""
    today = now.astimezone(ZoneInfo(reader.zone)).date()
    late = any(_late(due) for due in dues)
    parts = tuple(Part(_words_of(words, reader.lang, due, (due.reminder.anchor - today).days),
                       _choices(words, reader.lang, due.reminder)) for due in dues)
    waiting = sum(due.reminder.state == "sent" for due in dues)
    key = "reminder.title" if waiting else "reminder.title.all_done"
    return Reply(
        headline=words.say(reader.lang, key, n=waiting), lines=(words.say(reader.lang, "reminder.late"),) if late else (),
        parts=parts, note=words.say(reader.lang, "reminder.note", zone=reader.zone))


def _late(due: Due) -> bool:
    sent, planned = due.reminder.sent_at, due.reminder.planned_for
    return bool(sent and planned and sent - planned > LATE)


def _words_of(words: Words, lang: str, due: Due, days: int) -> str:
    text = _task_words(words, lang, due, days) if due.task else _shipment_words(words, lang, due, days)
    if due.reminder.state == "sent":
        return text
    outcome = words.say(lang, f"reminder.state.{_outcome(due.reminder)}", until=_until(words, lang, due))
    return f"~{text.splitlines()[0]}~\n{outcome}"


def _outcome(reminder: Reminder) -> str:
    return "snoozed" if reminder.state == "pending" else reminder.why if reminder.why in ("handed", "done") else "closed"


def _until(words: Words, lang: str, due: Due) -> str:
    return words.moment(lang, due.reminder.due_at, due.reminder.zone) if due.reminder.due_at else ""


def _task_words(words: Words, lang: str, due: Due, days: int) -> str:
    assert due.task and due.filing
    return words.say(
        lang, "reminder.task", item=due.task.item, title=due.task.title, when=_when(words, lang, days),
        due=words.day(lang, due.reminder.anchor), id=due.filing.id, product=due.filing.product,
        markets=markets(words, lang, due.filing.destinations), ticket=_ticket(due.task.ticket or due.filing.ticket))


def _shipment_words(words: Words, lang: str, due: Due, days: int) -> str:
    assert due.shipment
    text = words.say(
        lang, "reminder.shipment", number=due.shipment.number, product=due.shipment.product,
        market=markets(words, lang, [due.shipment.destination]), etd=words.day(lang, due.shipment.etd),
        when=_when(words, lang, days))
    return f"{text}\n{_filing_state(words, lang, due)}"


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
    if reminder.state != "sent":
        return ()
    return (Choice("reminder_done", words.say(lang, "choice.done"), reminder.id, "primary"),
            Choice("reminder_snooze", words.say(lang, "choice.snooze"), reminder.id),
            Choice("reminder_not_mine", words.say(lang, "choice.not_mine"), reminder.id))

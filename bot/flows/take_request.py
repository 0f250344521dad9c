"""A request about reminders in somebody's own words: said back as it was understood, kept only once it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import check_etd, plan_subject
from bot.desk.outbox import show
from bot.desk.plans import told_in
from bot.desk.readers import reader_of
from bot.desk.records import filing_of, filings, note_audit, shipment_of, shipments, tasks_of
from bot.domain.facts import Intent, Reading
from bot.domain.filing import Filing, FilingTask
from bot.domain.leaving import leaving_in
from bot.domain.no_day import undated
from bot.domain.people import Colleague
from bot.domain.reading import read
from bot.domain.reading.requests import Asked, asked_in
from bot.domain.reminding import ReminderStep, due_moment
from bot.domain.requests import Request
from bot.domain.rows import to_row
from bot.domain.shipment import Shipment
from bot.errors import BadDate, BadInput
from bot.ports import Desk, Rows, Transaction
from bot.replies import Reply
from bot.replies.requests import cannot_reply, due_reply, kept_reply, question_reply, understood_reply

WORDS_LIMIT = 150


def offer_request(desk: Desk, text: str, place: tuple[str, str, str], by: Colleague, now: datetime) -> bool:
    """Say back what was understood, with Yes and No; False where the message asks nothing of reminders.

    `place` is the message's key, its channel and its thread. A message delivered again changes nothing.
    """
    key, channel, thread = place
    today = now.astimezone(ZoneInfo(by.zone)).date()
    if asked_in(text, today, today) is None:
        return False  # whatever date it names: most messages ask other things, and need not be read twice
    with desk.store.transaction() as tx:
        if tx.get("outbox", f"show:answer:{key}"):
            return True
        reading = read(text, today, desk.lexicon)
        asked = asked_in(text, today, reading.ship_date, misdated=undated(reading) is not None)
        if asked is None or reading.intent in (Intent.SCOPE, Intent.CREATE_FILING):
            return False
        by = replace(by, lang=reading.lang)
        show(tx, f"answer:{key}", channel, thread, _reply(tx, desk, asked, reading, place, by, now), now)
    return True


def keep_request(desk: Desk, asked: Asked, text: str, key: str, by: Colleague, now: datetime) -> Reply:
    """It was confirmed: kept and planned, once; returns what is said now."""
    with desk.store.transaction() as tx:
        thing = _thing(tx, asked.subject)
        known = any(row.get("key") == key for row in tx.where("requests", "subject", thing.id))
        if not known:
            to = by.id if asked.to == "me" else asked.to
            request = Request(f"Q{tx.number('request')}", thing.id, to, by.id, _short(text), asked.weekday, asked.offset,
                              asked.unit)
            tx.put("requests", to_row(request) | {"key": key})
            plan_subject(tx, desk, thing.id, now)
            note_audit(tx, thing.id, "reminder asked for", by.id, now, words=request.words, to=to)
        reply = kept_reply(desk.words, by.lang)
        row = tx.get("outbox", f"show:answer:{key}")
        if row:
            show(tx, f"answer:{key}", row["channel"], row["thread"], reply, now)
    return reply


def _reply(tx: Transaction, desk: Desk, asked: Asked, reading: Reading, place: tuple[str, str, str], by: Colleague,
           now: datetime) -> Reply:
    if asked.kind == "due" and asked.day:
        return due_reply(desk.words, by, *_due(tx, desk, asked, by), asked.day)
    subject, wrong = asked.subject or _of_thread(tx, place[1], place[2]), undated(reading)
    if not subject and asked.kind == "etd" and wrong:
        return cannot_reply(desk.words, by.lang, wrong)
    if not subject:
        return question_reply(desk.words, by.lang, "request.which")
    return _offered(tx, desk, replace(asked, subject=subject), reading, place[0], by, now)


def _offered(rows: Rows, desk: Desk, asked: Asked, reading: Reading, key: str, by: Colleague, now: datetime) -> Reply:
    """It as it was understood, or what of it cannot be, with the form in which it can be put right."""
    movable = ""
    try:
        thing = _thing(rows, asked.subject)
        movable = thing.id if asked.kind == "etd" else ""
        asked = _leaving(asked, reading, thing)
        _check(rows, desk, asked, thing, by, now)
    except BadInput as error:
        return cannot_reply(desk.words, by.lang, error, movable)
    return understood_reply(desk.words, by, replace(asked, subject=thing.id), thing, _short(reading.text), key)


def _leaving(asked: Asked, reading: Reading, thing: Filing | Shipment) -> Asked:
    """With the time and zone of another ETD; BadDate, BadInput where there is no such day, hour or zone."""
    found = leaving_in(reading, thing.zone) if asked.kind == "etd" else None
    return replace(asked, day=found.day, zone=found.zone, at=found.at) if found else asked


def _short(text: str) -> str:
    return " ".join(text.split())[:WORDS_LIMIT]


def _due(rows: Rows, desk: Desk, asked: Asked, by: Colleague) -> tuple[list[tuple[Filing, FilingTask]], list[Shipment]]:
    """This person's open tasks and planned shipments up to a day, by their dates."""
    mine = [(task.due, filing.id, filing, task) for filing in filings(rows)
            for task in told_in(desk, tasks_of(rows, filing.id), by.lang)
            if task.owner == by.id and not task.done and task.due and asked.day and task.due <= asked.day]
    mine_too = [one for one in shipments(rows) if one.owner == by.id and one.state == "planned"]
    leaving = [one for one in mine_too if asked.day and one.etd <= asked.day]
    mine.sort(key=lambda one: (one[0], one[1], one[3].id))
    return [(filing, task) for _, _, filing, task in mine], sorted(leaving, key=lambda one: one.etd)


def _of_thread(rows: Rows, channel: str, thread: str) -> str:
    """The filing a thread is about."""
    return next((one.id for one in filings(rows) if thread and (one.channel, one.thread) == (channel, thread)), "")


def _thing(rows: Rows, subject: str) -> Filing | Shipment:
    return filing_of(rows, subject) if subject.startswith("F-") else shipment_of(rows, subject)


def _check(rows: Rows, desk: Desk, asked: Asked, thing: Filing | Shipment, by: Colleague, now: datetime) -> None:
    """BadDate for an ETD that cannot be, or an offset that lies behind us."""
    if asked.kind == "etd" and asked.day:
        check_etd(desk, asked.day, by.lang, now, asked.zone, asked.at)
    if asked.kind != "offset":
        return
    reader = reader_of(rows, desk, by.id if asked.to == "me" else thing.owner, thing.zone)

    def due(days: int) -> datetime:
        return due_moment(ReminderStep("ask", days, asked.unit), thing.etd, reader.at, reader.zone, reader.calendar)

    if due(asked.offset) > now:
        return
    left = next((days for days in range(-asked.offset - 1, -1, -1) if due(-days) > now), None)
    instead = desk.words.say(by.lang, "error.offset_most" if left is not None else "error.offset_none", n=left or 0)
    raise BadDate(desk.words.say(by.lang, "error.offset_behind", day=desk.words.moment(by.lang, due(asked.offset), reader.zone),
                                 etd=desk.words.day(by.lang, thing.etd), instead=instead))

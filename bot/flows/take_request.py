"""A request about reminders in somebody's own words: said back as it was understood, kept only once it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.agenda import HORIZON_YEARS, check_etd, etd_zone, plan_subject
from bot.desk.outbox import filings_in, show
from bot.desk.plans import told_in
from bot.desk.readers import addressee, reader_of
from bot.desk.records import called, colleague, filing_of, filings, note_audit, shipment_of, shipments, tasks_of
from bot.domain.facts import Intent, Reading
from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.leaving import leaving_in
from bot.domain.no_day import day_in, undated
from bot.domain.people import ROLES, Colleague
from bot.domain.reading import read
from bot.domain.reading.requests import MENTIONED, Asked, asked_in, besides
from bot.domain.reminding import Reader, ReminderStep, due_moment, next_morning
from bot.domain.requests import Request, once
from bot.domain.rows import from_row, to_row
from bot.domain.shipment import Shipment
from bot.errors import BadDate, BadInput
from bot.ports import Desk, Rows, Transaction
from bot.replies import Reply
from bot.replies.names import listed
from bot.replies.requests import cannot_reply, done_reply, due_reply, kept_reply, question_reply, understood_reply

WORDS_LIMIT = 150


def offer_request(desk: Desk, text: str, place: tuple[str, str, str], by: Colleague, now: datetime, *,
                  called: bool = True) -> bool:
    """Say back what was understood, with Yes and No; False where the message asks nothing of reminders.

    Uncalled, only what is said in the thread of a filing is taken up. `place` is the message's key, its channel and its
    thread. A message delivered again changes nothing.
    """
    key, channel, thread = place
    today = now.astimezone(ZoneInfo(by.zone)).date()
    if asked_in(text, today, today) is None:
        return False  # whatever date it names: most messages ask other things, and need not be read twice
    with desk.store.transaction() as tx:
        if tx.get("outbox", f"show:answer:{key}"):
            return True
        if not called and not filings_in(tx, channel, thread):
            return False
        said = _by_name(tx, text)
        reading = read(said, today, desk.lexicon)
        asked = asked_in(text, today, reading.ship_date, misdated=undated(reading) is not None)
        if asked is None or (_of_scope(reading) and not (asked.kind == "done" and asked.subject)):
            return False  # an N95 may be a mask, but not that of a filing
        by = replace(by, lang=reading.lang)
        if asked.kind == "once":
            reading = replace(_of_a_reminder(desk, text, today), text=said)
            if not (asked.subject or reading.ship_date or undated(reading)):
                return False  # neither when nor of what: it may be said of a device
        show(tx, f"answer:{key}", channel, thread, _reply(tx, desk, asked, reading, place, by, now), now)
    return True


def keep_request(desk: Desk, asked: Asked, text: str, key: str, by: Colleague, now: datetime) -> Reply:
    """It was confirmed: kept and planned, once; returns what is said now."""
    with desk.store.transaction() as tx:
        reply = _kept(tx, desk, asked, text, key, by, now)
        row = tx.get("outbox", f"show:answer:{key}")
        if row:
            show(tx, f"answer:{key}", row["channel"], row["thread"], reply, now)
    return reply


def _of_scope(reading: Reading) -> bool:
    return reading.intent in (Intent.SCOPE, Intent.CREATE_FILING)


def _of_a_reminder(desk: Desk, text: str, today: date) -> Reading:
    """The text read for the day of a single reminder: the reader looks for a day goods leave, so it is told that this is one."""
    return read(f"ETD {MENTIONED.sub(' ', besides(text))}", today, desk.lexicon)


def _by_name(rows: Rows, text: str) -> str:
    """The words with people by their names, where the chat mentions them by their ids."""
    return MENTIONED.sub(lambda found: colleague(rows, found[0][1:]).name, text)


def _kept(tx: Transaction, desk: Desk, asked: Asked, text: str, key: str, by: Colleague, now: datetime) -> Reply:
    """Kept, unless its day has passed since it was offered."""
    thing = _thing(tx, asked.subject)
    if any(row.get("key") == key for row in tx.where("requests", "subject", thing.id)):
        return kept_reply(desk.words, by.lang)
    try:
        _check(tx, desk, asked, thing, by, now)
    except BadInput as error:
        return cannot_reply(desk.words, by.lang, error)
    wish = _wish(asked, thing, text, by)
    if _standing(tx, wish):
        return kept_reply(desk.words, by.lang, before=True)
    request = replace(wish, id=f"Q{tx.number('request')}")
    tx.put("requests", to_row(request) | {"key": key})
    plan_subject(tx, desk, thing.id, now)
    note_audit(tx, thing.id, "reminder asked for", by.id, now, words=request.words, to=request.to)
    return kept_reply(desk.words, by.lang)


def _wish(asked: Asked, thing: Filing | Shipment, text: str, by: Colleague) -> Request:
    """As a request that has no number yet."""
    to = by.id if asked.to == "me" else asked.to
    return Request("", thing.id, to, by.id, _short(text), asked.weekday, asked.offset, asked.unit, day=asked.day)


def _standing(rows: Rows, wish: Request) -> bool:
    """Whether the same wish stands already, in whatever words and whoever had it: it is said once."""
    known = (from_row(Request, row) for row in rows.where("requests", "subject", wish.subject) if row["state"] == "open")
    return any(one.same_as(wish) for one in known)


def _reply(tx: Transaction, desk: Desk, asked: Asked, reading: Reading, place: tuple[str, str, str], by: Colleague,
           now: datetime) -> Reply:
    if asked.kind == "due" and asked.day:
        return due_reply(desk.words, by, *_due(tx, desk, asked, by), asked.day)
    if asked.kind in ("rhythm", "several"):
        return question_reply(desk.words, by.lang, f"request.{asked.kind}")
    subject, wrong = asked.subject or _of_thread(tx, place[1], place[2]), undated(reading)
    if not subject and asked.kind in ("etd", "once") and wrong:
        return cannot_reply(desk.words, by.lang, wrong)
    if not subject:
        return question_reply(desk.words, by.lang, "request.which")
    if asked.kind == "done":
        return _of_a_task(tx, desk, subject, asked.item, by)
    return _offered(tx, desk, replace(asked, subject=subject), reading, place[0], by, now)


def _of_a_task(rows: Rows, desk: Desk, subject: str, item: str, by: Colleague) -> Reply:
    """Whether the task is done: said back with the form in which its owner says so, and with what evidence."""
    task = next((one for one in tasks_of(rows, subject.upper()) if one.item == item), None)
    if task is None:
        return Reply(headline=desk.words.say(by.lang, "request.no_task", item=item, id=subject))
    return done_reply(desk.words, by.lang, told_in(desk, [task], by.lang)[0])


def _offered(rows: Rows, desk: Desk, asked: Asked, reading: Reading, key: str, by: Colleague, now: datetime) -> Reply:
    """It as it was understood, or what of it cannot be, with the form in which it can be put right."""
    movable = ""
    try:
        thing, asked = _thing(rows, asked.subject), _to_known(rows, desk, asked, by)
        movable = thing.id if asked.kind == "etd" else ""
        asked = _check(rows, desk, _dated(asked, reading, thing), thing, by, now)
    except BadInput as error:
        return cannot_reply(desk.words, by.lang, error, movable)
    if asked.kind == "once" and asked.day is None:
        return question_reply(desk.words, by.lang, "request.when")
    if asked.kind != "etd" and _standing(rows, _wish(asked, thing, reading.text, by)):
        return kept_reply(desk.words, by.lang, before=True)
    whom = "" if asked.to in ("me", *ROLES) else colleague(rows, asked.to).name
    return understood_reply(desk.words, by, replace(asked, subject=thing.id), thing, (_short(reading.text), key), whom)


def _to_known(rows: Rows, desk: Desk, asked: Asked, by: Colleague) -> Asked:
    """With the chat id of whoever is called by name; BadInput where that is nobody, or may be several."""
    if asked.to in ("me", *ROLES):
        return asked
    found = called(rows, asked.to)
    if len(found) != 1:
        names = listed(desk.words, by.lang, (one.name for one in found))
        key = "error.called_several" if found else "error.called_nobody"
        raise BadInput(desk.words.say(by.lang, key, name=asked.to, names=names))
    return replace(asked, to=found[0].id)


def _dated(asked: Asked, reading: Reading, thing: Filing | Shipment) -> Asked:
    """With the day of a single reminder, or the time and zone of another ETD; BadDate, BadInput where there is none such."""
    if asked.kind == "once":
        return replace(asked, day=day_in(reading))
    if asked.kind == "etd" and asked.offset:
        return _shifted(asked, thing)
    found = leaving_in(reading, thing.zone) if asked.kind == "etd" else None
    return replace(asked, day=found.day, zone=found.zone, at=found.at) if found else asked


def _shifted(asked: Asked, thing: Filing | Shipment) -> Asked:
    """On the day so far from the ETD it has; a time stays what it is by the clock of its zone."""
    later = timedelta(days=asked.offset)
    at = (thing.at.astimezone(ZoneInfo(thing.zone)) + later).astimezone(UTC) if isinstance(thing, Shipment) and thing.at else None
    return replace(asked, day=thing.etd + later, zone=thing.zone if at else "", at=at)


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
    return next((one.id for one in filings_in(rows, channel, thread) if thread), "")


def _thing(rows: Rows, subject: str) -> Filing | Shipment:
    return filing_of(rows, subject) if subject.startswith("F-") else shipment_of(rows, subject)


def _check(rows: Rows, desk: Desk, asked: Asked, thing: Filing | Shipment, by: Colleague, now: datetime) -> Asked:
    """With the moment a single reminder comes at. BadInput for what is finished, BadDate for an ETD that cannot be, or a day that
    lies behind us."""
    if asked.kind == "etd" and asked.day:
        check_etd(desk, asked.day, by.lang, now, asked.zone, asked.at)
        return asked
    if thing.state not in (*OPEN_STATES, "planned"):
        raise BadInput(desk.words.say(by.lang, "error.request_closed", about=_called(thing)))
    reader = reader_of(rows, desk, addressee(rows, desk, by.id if asked.to == "me" else asked.to, thing.owner, now), thing.zone)
    if asked.kind == "offset":
        _check_offset(desk, asked, thing, reader, etd_zone(rows, thing), by, now)
    return _on_day(desk, asked, thing, reader, by, now) if asked.kind == "once" and asked.day else asked


def _on_day(desk: Desk, asked: Asked, thing: Filing | Shipment, reader: Reader, by: Colleague, now: datetime) -> Asked:
    """With the moment it comes at; BadDate, with a day that can be, where none is left or nobody plans that far."""
    assert asked.day
    first = next_morning(now, reader.at, reader.zone, reader.calendar).astimezone(ZoneInfo(reader.zone)).date()
    wish = once(thing.id, ReminderStep("ask", 0), asked.day, reader, now)
    if wish.state != "pending" or asked.day.year > first.year + HORIZON_YEARS:
        key = "error.remind_past" if asked.day <= first else "error.remind_far"
        raise BadDate(desk.words.say(by.lang, key, day=desk.words.day(by.lang, asked.day), about=_called(thing),
                                     first=desk.words.day(by.lang, first), iso=first.isoformat()))
    return replace(asked, at=wish.planned_for, zone=reader.zone)


def _called(thing: Filing | Shipment) -> str:
    return thing.id if isinstance(thing, Filing) else thing.number


def _check_offset(desk: Desk, asked: Asked, thing: Filing | Shipment, reader: Reader, zone: str, by: Colleague,
                  now: datetime) -> None:

    def due(days: int) -> datetime:
        return due_moment(ReminderStep("ask", days, asked.unit), thing.etd, reader.at, reader.zone, reader.calendar, zone)

    if due(asked.offset) > now:
        return
    left = next((days for days in range(-asked.offset - 1, -1, -1) if due(-days) > now), None)
    instead = desk.words.say(by.lang, "error.offset_most" if left is not None else "error.offset_none", n=left or 0)
    raise BadDate(desk.words.say(by.lang, "error.offset_behind", day=desk.words.moment(by.lang, due(asked.offset), reader.zone),
                                 etd=desk.words.day(by.lang, thing.etd), instead=instead))

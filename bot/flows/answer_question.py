"""A question is answered: read, decided, stored as a determination, and shown as one message in the asker's thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.gatehouse import gate_shown
from bot.desk.outbox import filings_in, place_of, show, shown_at
from bot.desk.plans import standing_told_in
from bot.desk.records import filing_of, filings, list_in_force, lists_coming, market_lists, note_audit, standing_of
from bot.domain.determination import Determination
from bot.domain.facts import Category, Intent, Reading
from bot.domain.people import Colleague
from bot.domain.planning import Kind, earliest_etds
from bot.domain.reading import read
from bot.domain.reading.beside import ASIDE, asks_of_it, asks_when, door_to, is_question, is_to_somebody
from bot.domain.rows import from_row, to_row
from bot.domain.rulebook import Ruleset
from bot.domain.scope import asked_for, judge_reading, leaving_day, with_fact
from bot.errors import NotFound
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies import Reply
from bot.replies.answers import Answer, again_reply, answer_reply
from bot.replies.explained import EXPLAINED
from bot.replies.filing_lists import filings_reply
from bot.replies.filings import earliest_lines
from bot.replies.talk import hello_reply, help_reply, lists_reply, lost_reply, reminder_hint

REMEMBERED = timedelta(days=7)
"""How long an answered message is known by its key; Slack gives up redelivering within a day."""
FORGET_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Question:
    """A message to the bot; `key` is unique to it (channel and ts), `thread` is where the answer goes ("" for the channel)."""

    key: str
    text: str
    channel: str
    thread: str


def answer_question(desk: Desk, question: Question, by: Colleague, now: datetime, *, called: bool = True) -> None:
    """Answer once, however often the message is delivered; uncalled, only what carries on a thread answered before."""
    with desk.store.transaction() as tx:
        if tx.get("seen", question.key):
            return
        reading = _of_thread(tx, question, _read(desk, tx, question, by, now))
        if not called and not _carries_on(tx, question, reading):
            return
        _remember(tx, question, now)
        if not _understood(reading):
            _show(tx, question, lost_reply(desk.words, reading.lang, door_to(reading.text)), now)
        elif reading.intent in (Intent.SCOPE, Intent.CREATE_FILING):
            _answer_scope(desk, tx, question, reading, by, now)
        else:
            _show(tx, question, _other_reply(desk, tx, reading, by, now), now)


def state_fact(desk: Desk, determination_id: str, fact: str, value: str, by: Colleague, now: datetime) -> str:
    """A button told the missing fact: a new determination follows, and the same message becomes its answer."""
    with desk.store.transaction() as tx:
        row = stored(tx, determination_id)
        if row.get("followed_by"):
            return str(row["followed_by"])  # pressed twice, or by two people: the first one counted
        words = _rules_of(desk, row["ruleset"]["id"]).fact(fact).label(value, row["lang"])
        reading = with_fact(from_row(Reading, row["reading"]), fact, value, words)
        question = Question(row["message"], row["text"], row["channel"], row["thread"])
        number = _answer_scope(desk, tx, question, reading, by, now)
        tx.put("determinations", row | {"followed_by": number})
        note_audit(tx, number, "fact stated", by.id, now, fact=fact, value=value, follows=determination_id)
        return number


def tell(desk: Desk, determination_id: str, what: str, now: datetime) -> None:
    """Show "why", what would "change" it, what is "unknown", or a text for the "customer", in the answer's thread; once each."""
    with desk.store.transaction() as tx:
        row = stored(tx, determination_id)
        reply = EXPLAINED[what](desk.words, answer_of(desk, tx, row, now))
        show(tx, f"{what}:{row['id']}", row["channel"], row["thread"], reply, now, row["id"], under=row["message"])


def show_determination(desk: Desk, determination_id: str, now: datetime) -> Reply:
    """A stored answer again, as it was decided then."""
    return answer_reply(desk.words, answer_of(desk, desk.store, stored(desk.store, determination_id), now))


def stored(rows: Rows, determination_id: str) -> Row:
    """The row of a determination; NotFound when there is none."""
    row = rows.get("determinations", determination_id.upper())
    if row is None:
        raise NotFound(f"There is no determination {determination_id}.").named("no_determination", id=determination_id)
    return row


def answer_of(desk: Desk, rows: Rows, row: Row, now: datetime) -> Answer:
    """Everything the answer to a stored determination is told from."""
    determination, reading = Determination.from_row(row), from_row(Reading, row["reading"])
    filing = next((filing.id for filing in filings(rows) if filing.determination == determination.id), "")
    return _answer(desk, rows, determination, reading, filing, now)


def _remember(tx: Transaction, question: Question, now: datetime) -> None:
    """This message is answered; those that cannot come again are forgotten."""
    tx.put("seen", {"id": question.key, "at": now.isoformat()})
    for row in tx.up_to("seen", "at", (now - REMEMBERED).isoformat(), FORGET_AT_ONCE):
        tx.remove("seen", row["id"])


def _read(desk: Desk, rows: Rows, question: Question, by: Colleague, now: datetime) -> Reading:
    earlier = rows.where("determinations", "place", place_of(question.channel, question.thread)) if question.thread else []
    inherited = from_row(Reading, earlier[-1]["reading"]) if earlier else None
    today = now.astimezone(ZoneInfo(by.zone)).date()
    return read(question.text, today, desk.lexicon, inherited)


def _answer_scope(desk: Desk, tx: Transaction, question: Question, reading: Reading, by: Colleague, now: datetime) -> str:
    number = f"D-{tx.number('determination')}"
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    current = list_in_force(tx, desk.ruleset, leaving_day(today, reading.ship_date))
    asked = asked_for(reading, number, by.id, now, today, [current] if current else [])
    determination = judge_reading(reading, asked, desk.rulesets[desk.ruleset])
    answer = _answer(desk, tx, determination, reading, "", now)
    message = f"answer:{question.key}" if not question.key.startswith("answer:") else question.key
    tx.put("determinations", determination.to_row() | {
        "reading": to_row(reading), "message": message, "channel": question.channel, "thread": question.thread,
        "place": place_of(question.channel, question.thread or shown_at(tx, message) or "")})
    used = determination.ruleset
    note_audit(tx, number, "answered", by.id, now, verdict=determination.verdict, ruleset=f"{used.id} {used.version}",
               digest=used.digest, list=asked.list_version)
    show(tx, message, question.channel, question.thread, answer_reply(desk.words, answer), now, number)
    return number


def _answer(desk: Desk, rows: Rows, determination: Determination, reading: Reading, filing: str, now: datetime) -> Answer:
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    category = determination.products[0].facts.get("category", str(Category.UNKNOWN))
    regime, leaves = determination.ruleset.id, leaving_day(today, determination.asked.ship_date)
    return Answer(
        determination, reading, _rules_of(desk, regime), list_in_force(rows, regime, leaves),
        earliest_etds(desk.checklist, Kind(category), today, desk.calendar), filing, today, lists_coming(rows, regime, leaves))


def _rules_of(desk: Desk, ruleset: str) -> Ruleset:
    """The rules an answer was decided by, as they are now; the desk's own where they are gone."""
    return desk.rulesets.get(ruleset, desk.rulesets[desk.ruleset])


def _other_reply(desk: Desk, rows: Rows, reading: Reading, by: Colleague, now: datetime) -> Reply:
    if reading.intent is Intent.FILING_STATUS:
        return _status_reply(desk, rows, reading, by, now)
    if reading.intent is Intent.LIST_UPDATE:
        lists, today = market_lists(rows, desk.ruleset), now.astimezone(ZoneInfo(desk.zone)).date()
        return lists_reply(desk.words, reading, lists, today)
    if reading.intent is Intent.REMINDER:
        return reminder_hint(desk.words, reading.lang)
    return help_reply(desk.words, reading.lang) if reading.intent is Intent.HELP else hello_reply(desk.words, reading.lang)


def _status_reply(desk: Desk, rows: Rows, reading: Reading, by: Colleague, now: datetime) -> Reply:
    """One thing named by its number: may it ship, and why not. Otherwise the filings meant, by product, else one's own."""
    known = filings(rows)
    if len(reading.references) == 1:
        return _one_reply(desk, rows, reading, by, now)
    named = [filing for filing in known if filing.id in reading.references] or [
        filing for filing in known if filing.product in {product.name for product in reading.products if product.name}]
    meant = named or [filing for filing in known if by.id in (filing.owner, filing.opened_by)] or known
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    found = [standing_told_in(desk, standing_of(rows, filing, today), reading.lang) for filing in meant[-10:]]
    return filings_reply(desk.words, reading.lang, found)


def _one_reply(desk: Desk, rows: Rows, reading: Reading, by: Colleague, now: datetime) -> Reply:
    subject, words = reading.references[0], desk.words
    try:
        if subject.startswith("D-"):
            return again_reply(words, _said_in(answer_of(desk, rows, stored(rows, subject), now), reading.lang))
        shown = gate_shown(desk, rows, subject, replace(by, lang=reading.lang), now)
    except NotFound:
        return Reply(headline=words.say(reading.lang, "gate.unknown", id=subject))
    when = subject.startswith("F-") and asks_when(reading.text)
    return replace(shown, lines=(*earliest_lines(words, reading.lang, filing_of(rows, subject)), *shown.lines)) if when else shown


def _said_in(answer: Answer, lang: str) -> Answer:
    """The answer in the language it is asked about in now."""
    asked = replace(answer.determination.asked, lang=lang)
    return replace(answer, determination=replace(answer.determination, asked=asked))


def _of_thread(rows: Rows, question: Question, reading: Reading) -> Reading:
    """Where nothing but "it" is asked about, that is the thread's filing, else what was answered there last."""
    if reading.references or _says_more(reading) or not asks_of_it(reading.text):
        return reading
    about = _told_in(rows, question)[:1]
    return replace(reading, intent=Intent.FILING_STATUS, references=tuple(about)) if about else reading


def _told_in(rows: Rows, question: Question) -> list[str]:
    """What a thread is about: its filings, then its answers, the newest first."""
    answers = rows.where("determinations", "place", place_of(question.channel, question.thread))
    here = [filing.id for filing in filings_in(rows, question.channel, question.thread)]
    return [*reversed(here), *(str(row["id"]) for row in reversed(answers))] if question.thread else []


def _says_more(reading: Reading) -> bool:
    """A product, place, date or deciding is said here, not taken over from the thread."""
    product = reading.intent is Intent.SCOPE and any(product.evidence for product in reading.products)
    place = bool(reading.destinations or reading.regions) and "destinations" not in reading.inherited
    return product or place or (reading.ship_date is not None and "ship_date" not in reading.inherited)


def _understood(reading: Reading) -> bool:
    """Whether what is wanted was said, and is not merely what is left over where nothing was."""
    said, door = "intent" in reading.evidence, door_to(reading.text)
    if reading.intent is Intent.FILING_STATUS:
        return said or is_question(reading.text)
    if reading.intent is Intent.SCOPE:
        return said or door not in ASIDE or _more_than_a_product(reading)
    return reading.intent is not Intent.SMALLTALK or (said and not door)


def _more_than_a_product(reading: Reading) -> bool:
    """Something of scope is said or taken over, beside what the product is called."""
    facts = any(fact != "category" for product in reading.products for fact in product.evidence)
    return bool(facts or reading.destinations or reading.regions or reading.ship_date or reading.inherited)


def _carries_on(rows: Rows, question: Question, reading: Reading) -> bool:
    """A question about what was answered or is followed here, not people talking among themselves."""
    if reading.intent is Intent.FILING_STATUS and reading.references:
        return is_question(reading.text) and not is_to_somebody(reading.text) and bool(_told_in(rows, question))
    asks = any(mark in reading.text for mark in "?？吗呢")
    return asks and reading.intent is Intent.SCOPE and bool(reading.inherited)


def _show(tx: Transaction, question: Question, reply: Reply, now: datetime) -> None:
    show(tx, f"answer:{question.key}", question.channel, question.thread, reply, now)

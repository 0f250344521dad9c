"""Whoever answers for a filing or shipment hears what others changed of it, and who: one message a day for each of them. A
filing's thread keeps who moved its ETD."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.desk.outbox import show
from bot.desk.readers import reader_of, receiver_of
from bot.desk.records import colleague, colleagues
from bot.domain.change import Change
from bot.domain.people import first_with
from bot.domain.reminding import at_decent_hour
from bot.domain.shipment import Shipment
from bot.ports import Desk, Transaction
from bot.replies.plans import changed_by_reply, changed_line
from bot.replies.shipments import moved_line
from bot.replies.tasks import news_reply


def tell_changed(tx: Transaction, desk: Desk, change: Change, by: str, now: datetime, told: str = "") -> None:
    """A filing's owner and the project manager hear what `by` changed; not the one who was `told` with its late plan."""
    if not change.differs:
        return
    manager = first_with(["PM"], colleagues(tx))
    for to in dict.fromkeys([change.after.owner, *([manager.id] if manager else [])]):
        _tell(tx, desk, to, by, lambda lang: changed_line(desk.words, lang, change), now, told)


def tell_thread(tx: Transaction, desk: Desk, change: Change, by: str, now: datetime) -> None:
    """A filing's thread keeps who moved its ETD; of a move in the tracker its own news tells."""
    was, filing = change.before, change.after
    if was.etd == filing.etd or tx.get("people", by) is None:
        return
    days = {"before": desk.words.day(filing.lang, was.etd), "after": desk.words.day(filing.lang, filing.etd)}
    reply = news_reply(desk.words, filing, "news.moved_by", name=colleague(tx, by).name, id=filing.id, **days)
    name = f"news:{filing.id}:{tx.number('news')}"
    show(tx, name, filing.channel, filing.thread, reply, now, filing.id, under=f"filing:{filing.id}")


def tell_moved(tx: Transaction, desk: Desk, was: Shipment, known: Shipment, by: str, now: datetime) -> None:
    """A shipment's owner hears to which ETD `by` moved it."""
    _tell(tx, desk, known.owner, by, lambda lang: moved_line(desk.words, lang, was, known), now)


def _tell(tx: Transaction, desk: Desk, to: str, by: str, line: Callable[[str], str], now: datetime, told: str = "") -> None:
    """One line more in the day's message, in the language of whoever reads it; nobody hears of what they did themselves."""
    reader = colleague(tx, receiver_of(tx, desk, to, now).id)
    if not to or by in (to, reader.id) or reader.id == told or tx.get("people", by) is None:
        return
    name = f"changed:{reader.id}:{by}:{now.astimezone(ZoneInfo(reader.zone)).date()}"
    before = tx.get("outbox", f"show:{name}") or {"reply": {"bullets": []}}
    reply = changed_by_reply(desk.words, reader.lang, colleague(tx, by).name, [*before["reply"]["bullets"], line(reader.lang)])
    hours = reader_of(tx, desk, reader.id)
    show(tx, name, reader.id, "", reply, at_decent_hour(now, hours.at, hours.zone, hours.calendar, hours.until))

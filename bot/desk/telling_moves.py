"""Whoever answers for a filing or shipment hears what others changed of it, and who: one message a day for each of them. A
filing's thread keeps who moved its ETD."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.desk.outbox import show
from bot.desk.readers import reader_of, receiver_of
from bot.desk.records import colleague, colleagues
from bot.domain.change import Change
from bot.domain.people import first_with
from bot.domain.reminding import at_decent_hour
from bot.domain.shipment import Shipment, shipment_from
from bot.ports import Desk, Rows, Transaction
from bot.replies.plans import changed_by_reply, changed_line
from bot.replies.shipments import behind_line, moved_line
from bot.replies.tasks import news_reply

TRACKER = "tracker"
"""Who changed what was changed in the tracker: there it is seen that something has, not by whom."""


def tell_changed(tx: Transaction, desk: Desk, change: Change, by: str, now: datetime, told: str = "") -> None:
    """A filing's owner and the project manager hear what `by` changed; not the one who was `told` with its late plan."""
    if not change.differs:
        return
    manager = first_with(["PM"], colleagues(tx))
    for to in dict.fromkeys([change.after.owner, *([manager.id] if manager else [])]):
        _tell(tx, desk, to, by, lambda lang: changed_line(desk.words, lang, change), now, told)


def actor_name(rows: Rows, desk: Desk, by: str, lang: str) -> str:
    """Who did something, as it is said to others: a person by name, the tracker by where it was; "" for any other machine."""
    if by == TRACKER:
        return desk.words.say(lang, "by.tracker")
    return colleague(rows, by).name if rows.get("people", by) else ""


def tell_left_behind(tx: Transaction, desk: Desk, change: Change, by: str, now: datetime) -> None:
    """Where a filing alone was moved, owners of shipments that left on its day or leave before it hear that they still do."""
    for row in tx.where("shipments", "goods.filing", change.after.id):
        shipment, after = shipment_from(row), change.after.etd
        if shipment.state == "planned" and shipment.etd != after and (shipment.etd == change.before.etd or shipment.etd < after):
            _tell(tx, desk, shipment.owner, by, partial(behind_line, desk.words, shipment=shipment, filing=change.after), now)


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
    who = actor_name(tx, desk, by, reader.lang)
    if not to or by in (to, reader.id) or reader.id == told or not who:
        return
    name = f"changed:{reader.id}:{by}:{now.astimezone(ZoneInfo(reader.zone)).date()}"
    before = tx.get("outbox", f"show:{name}") or {"reply": {"bullets": []}}
    note = "changed_by.note.tracker" if by == TRACKER else "changed_by.note"
    reply = changed_by_reply(desk.words, reader.lang, who, [*before["reply"]["bullets"], line(reader.lang)], note)
    hours = reader_of(tx, desk, reader.id)
    show(tx, name, reader.id, "", reply, at_decent_hour(now, hours.at, hours.zone, hours.calendar, hours.until))

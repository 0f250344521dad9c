"""Whoever answers for a filing or shipment hears what others changed of it, and who: one message a day for each of them. A
filing's thread keeps who moved its ETD."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.desk.left_behind import keep_offer, note_left, note_offered
from bot.desk.outbox import show
from bot.desk.readers import reader_of, receiver_of
from bot.desk.records import colleague, colleagues
from bot.domain.change import Change
from bot.domain.filing import Filing
from bot.domain.people import Colleague, first_with, may
from bot.domain.reminding import at_decent_hour
from bot.domain.shipment import Shipment, shipment_from
from bot.ports import Desk, Rows, Transaction
from bot.replies import Part, Reply
from bot.replies.left_behind import left_part, with_offer
from bot.replies.plans import changed_by_reply, changed_line
from bot.replies.shipments import behind_line, moved_line
from bot.replies.tasks import news_reply

TRACKER = "tracker"
"""Who changed what was changed in the tracker: there it is seen that something has, not by whom."""


def tell_changed(tx: Transaction, desk: Desk, change: Change, by: str, now: datetime, told: str = "") -> None:
    """A filing's owner and the project manager hear what `by` changed; not the one who was `told` with its late plan."""
    if not change.differs:
        return
    for to in _answering(tx, change.after):
        _tell(tx, desk, to, by, lambda lang: changed_line(desk.words, lang, change), now, told)


def actor_name(rows: Rows, desk: Desk, by: str, lang: str) -> str:
    """Who did something, as it is said to others: a person by name, the tracker by where it was; "" for any other machine."""
    if by == TRACKER:
        return desk.words.say(lang, "by.tracker")
    return colleague(rows, by).name if rows.get("people", by) else ""


def tell_left_behind(tx: Transaction, desk: Desk, change: Change, by: str, now: datetime) -> list[Shipment]:
    """A filing was moved alone: whoever answers for it or its shipments hears which of them stay, and may move them in one press.

    Owners whose role moves no ETD, and those of shipments that leave on other days before it, hear that they still do. Returns
    what stayed on the days the filing was moved from.
    """
    filing, left = change.after, note_left(tx, change.before, change.after)
    told = _offer(tx, desk, filing, left, by, now) if left else set[str]()
    stayed = {one.id for one in left}
    for row in tx.where("shipments", "goods.filing", filing.id):
        shipment = shipment_from(row)
        offered = shipment.id in stayed and receiver_of(tx, desk, shipment.owner, now).id in told
        if shipment.state == "planned" and not offered and (shipment.id in stayed or shipment.etd < filing.etd):
            _tell(tx, desk, shipment.owner, by, partial(behind_line, desk.words, shipment=shipment, filing=filing), now)
    return left


def _offer(tx: Transaction, desk: Desk, filing: Filing, left: Sequence[Shipment], by: str, now: datetime) -> set[str]:
    """Everybody concerned whose role moves an ETD gets the button; returns who did."""
    keep_offer(tx, desk, filing.id, now)
    concerned = [*_answering(tx, filing), *(one.owner for one in left)]
    readers = [colleague(tx, one) for one in dict.fromkeys(receiver_of(tx, desk, to, now).id for to in concerned if to)]
    told = [one for one in readers if may(one.role, "move_etd")]
    for reader in told:
        name = _add(tx, desk, reader, by, now, offer=(filing.id, left_part(desk.words, reader.lang, filing, left)))
        note_offered(tx, filing.id, name)
    return {one.id for one in told}


def _answering(rows: Rows, filing: Filing) -> list[str]:
    """A filing's owner and the project manager."""
    manager = first_with(["PM"], colleagues(rows))
    return [*dict.fromkeys([filing.owner, *([manager.id] if manager else [])])]


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
    """One line more for whoever reads what is said to `to`; nobody hears of what they did themselves."""
    reader = colleague(tx, receiver_of(tx, desk, to, now).id)
    if to and by not in (to, reader.id) and reader.id != told and actor_name(tx, desk, by, reader.lang):
        _add(tx, desk, reader, by, now, [line(reader.lang)])


def _add(tx: Transaction, desk: Desk, reader: Colleague, by: str, now: datetime, lines: Sequence[str] = (),
         offer: tuple[str, Part] | None = None) -> str:
    """More in a reader's message of the day about what `by` changed; returns the message's name."""
    name = f"changed:{reader.id}:{by}:{now.astimezone(ZoneInfo(reader.zone)).date()}"
    row, who = tx.get("outbox", f"show:{name}"), actor_name(tx, desk, by, reader.lang)
    before = Reply.from_row(row["reply"]) if row else Reply("")
    note = "changed_by.note.tracker" if by == TRACKER else "changed_by.note"
    reply = changed_by_reply(desk.words, reader.lang, who, [*before.bullets, *lines], note)
    reply = replace(reply, parts=with_offer(before.parts, *offer) if offer else before.parts)
    hours = reader_of(tx, desk, reader.id)
    show(tx, name, reader.id, "", reply, at_decent_hour(now, hours.at, hours.zone, hours.calendar, hours.until))
    return name

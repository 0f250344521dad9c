"""Shipments that stayed behind when their filing was moved alone: every message that offers to move them says how it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.desk.outbox import show
from bot.desk.records import colleague, filing_of
from bot.domain.filing import Filing
from bot.domain.shipment import Shipment, shipment_from
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies import Part, Reply
from bot.replies.left_behind import left_part, with_offer


def left_behind(rows: Rows, filing: Filing) -> list[Shipment]:
    """Planned shipments that still leave on a day from which their filing was moved alone."""
    return [one for one in on_its_days(rows, filing) if one.state == "planned" and one.etd != filing.etd]


def on_its_days(rows: Rows, filing: Filing) -> list[Shipment]:
    """Shipments, sailed and cancelled ones too, on the days from which a filing was moved alone."""
    days = _offer(rows, filing.id)["days"]
    there = [shipment_from(row) for row in rows.where("shipments", "goods.filing", filing.id)] if days else []
    return [one for one in there if one.etd.isoformat() in days]


def note_left(tx: Transaction, before: Filing, after: Filing) -> list[Shipment]:
    """A filing was moved alone; returns all that stayed behind, when it was moved before as well."""
    offer = _offer(tx, after.id)
    tx.put("notes", offer | {"days": sorted({*offer["days"], before.etd.isoformat()})})
    left = left_behind(tx, after)
    if not left:
        tx.remove("notes", offer["id"])
    return left


def note_offered(tx: Transaction, filing_id: str, name: str) -> None:
    """The message `name` offers to move them."""
    offer = _offer(tx, filing_id)
    tx.put("notes", offer | {"told": [*dict.fromkeys([*offer["told"], name])]})


def keep_offer(tx: Transaction, desk: Desk, filing_id: str, now: datetime) -> None:
    """Filing or shipments changed: what is offered says how they stand now, and ends where nothing is left behind."""
    if _offer(tx, filing_id)["told"]:
        filing = filing_of(tx, filing_id)
        left = left_behind(tx, filing)
        _tell_all(tx, filing, lambda lang: left_part(desk.words, lang, filing, left), now, over=not left)


def end_offer(tx: Transaction, filing: Filing, part: Callable[[str], Part], now: datetime) -> None:
    """What was offered is done: the messages say what came of it, each in its language."""
    _tell_all(tx, filing, part, now, over=True)


def _tell_all(tx: Transaction, filing: Filing, part: Callable[[str], Part], now: datetime, *, over: bool) -> None:
    offer = _offer(tx, filing.id)
    for row in filter(None, (tx.get("outbox", f"show:{name}") for name in offer["told"])):
        lang = colleague(tx, row["channel"]).lang if tx.get("people", row["channel"]) else filing.lang
        reply = Reply.from_row(row["reply"])
        reply = replace(reply, parts=with_offer(reply.parts, filing.id, part(lang)))
        show(tx, row["name"], row["channel"], row["thread"], reply, now, row["subject"], row["under"])
    if over:
        tx.remove("notes", offer["id"])


def _offer(rows: Rows, filing_id: str) -> Row:
    """The days a filing was moved away from, and the messages that say so."""
    return rows.get("notes", f"left:{filing_id}") or {"id": f"left:{filing_id}", "days": [], "told": []}

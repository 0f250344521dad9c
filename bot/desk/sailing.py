"""Goods that left though nobody had cleared them: told as a fact by whoever saw it, and those who answer for it hear at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.desk.gatehouse import look_at
from bot.desk.outbox import show
from bot.desk.readers import receiver_of
from bot.desk.records import colleague, colleagues, filing_of, shipment_of
from bot.domain.gate import Reason, release_role, why_held
from bot.domain.people import first_with
from bot.domain.rows import from_row, to_row
from bot.domain.shipment import Shipment
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies.departures import left_reply

TOLD = 12
"""Shipments named in one message."""


class Left(NamedTuple):
    """A shipment that left, and why it should not have."""

    shipment: Shipment
    why: tuple[Reason, ...]


def held_for(desk: Desk, rows: Rows, shipment: Shipment, now: datetime) -> tuple[Reason, ...]:
    """Why this shipment is not cleared to leave; () where it is."""
    looks = {one: look_at(desk, rows, filing_of(rows, one), now) for one in shipment.filings if rows.get("filings", one)}
    return why_held(shipment, looks)


def tell_left(tx: Transaction, desk: Desk, left: Sequence[Left], who: str, now: datetime, *, but: str = "",
              more: Mapping[str, int] | None = None) -> None:
    """Owner, project manager and release authority hear in one message each what left uncleared, except `but`, who said so.

    `more` counts, by owner, what left besides and is not among `left`.
    """
    if not left:
        return
    key, beyond = tx.number("left message"), more or {}
    for reader, owners in _readers(tx, desk, dict.fromkeys([*(one.shipment.owner for one in left), *beyond]), now).items():
        own = [one for one in left if one.shipment.owner in owners]
        if reader != but and own:
            rest = len(own[TOLD:]) + sum(beyond.get(one, 0) for one in owners)
            reply = left_reply(desk.words, colleague(tx, reader).lang, own[:TOLD], who, rest)
            show(tx, f"left:{key}:{reader}", reader, "", reply, now, own[0].shipment.id)


def with_left(row: Row, left: Left) -> Row:
    """The row of a long import with one more that left uncleared: of each owner some are kept, the others counted."""
    owner, there, more = left.shipment.owner, row.get("left", []), row.get("left_more", {})
    if sum(one["owner"] == owner for one in there) >= TOLD:
        return row | {"left_more": more | {owner: more.get(owner, 0) + 1}}
    return row | {"left": [*there, {"id": left.shipment.id, "owner": owner, "why": [to_row(one) for one in left.why]}]}


def left_of(rows: Rows, row: Row) -> list[Left]:
    """What such a row kept."""
    return [Left(shipment_of(rows, one["id"]), tuple(from_row(Reason, why) for why in one["why"])) for one in row.get("left", [])]


def _readers(rows: Rows, desk: Desk, owners: Mapping[str, None], now: datetime) -> dict[str, set[str]]:
    """Who hears of the shipments of which owners."""
    known = colleagues(rows)
    above = [found.id for role in ("PM", release_role(desk.checklist)) if (found := first_with([role], known))]
    readers: dict[str, set[str]] = {}
    for owner in owners:
        for one in (owner, *above):
            readers.setdefault(receiver_of(rows, desk, one, now).id, set()).add(owner)
    return readers

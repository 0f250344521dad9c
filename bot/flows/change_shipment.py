"""A shipment sails, is cancelled or planned again, or part of it moves to a number of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.desk.agenda import check_etd
from bot.desk.records import note_audit, shipment_of
from bot.desk.sailing import Left, held_for, tell_left
from bot.desk.shipping import Judge, judged, keep_shipment, newly_unfiled, point_out
from bot.domain.people import Colleague
from bot.domain.shipment import Goods, Shipment, plain_number
from bot.domain.splitting import Part, divided
from bot.errors import BadInput
from bot.ports import Desk, Rows, Transaction

ACTS = {"planned": "planned again", "sailed": "sailed", "cancelled": "cancelled"}
PARTS = 99


def set_state(desk: Desk, shipment_id: str, state: str, by: Colleague, now: datetime) -> Shipment:
    """Planned, sailed or cancelled: nobody is reminded of what has left; its filing follows the shipments that are left.

    Of what has left and was not cleared its owner, the project manager and the release authority hear, and who said so.
    """
    with desk.store.transaction() as tx:
        was = shipment_of(tx, shipment_id)  # as it is now: it may have moved since the caller read it
        if was.state == state:
            return was
        known = replace(was, state=state)
        known = judged(Judge(desk, now), tx, known) if state == "planned" else known  # the rules may have changed meanwhile
        held = held_for(desk, tx, known, now) if state == "sailed" else ()  # before its filing follows other shipments
        note_audit(tx, was.id, ACTS[state], by.id, now, before=was.state)
        keep_shipment(tx, desk, was, known, by.id, now)
        if held:
            tell_left(tx, desk, [Left(known, held)], by.name, now, but=by.id)
    return known


def split_shipment(desk: Desk, shipment_id: str, parts: Sequence[Part], number: str, etd: date | None, by: Colleague,
                   now: datetime) -> tuple[Shipment, Shipment]:
    """Move parts to a shipment of their own; returns (what stays, what leaves apart), each followed by its filing's plan.

    `number` "" takes the next free suffix of the order's. BadInput where nothing would stay, less than nothing, or the number
    is in use.
    """
    if etd:
        check_etd(desk, etd, by.lang, now)
    with desk.store.transaction() as tx:
        was = shipment_of(tx, shipment_id)
        stays, goes = _divided(desk, was, parts, by.lang)
        apart = _apart(tx, desk, was, goes, plain_number(number), etd, by, now)
        known = replace(was, goods=stays)
        note_audit(tx, was.id, "split", by.id, now, to=apart.number, etd=apart.etd)
        keep_shipment(tx, desk, None, apart, by.id, now)
        keep_shipment(tx, desk, was, known, by.id, now)
        if newly_unfiled(None, apart):
            point_out(tx, desk, {apart.owner: [apart.id]}, str(tx.number("unfiled message")), now)
    return known, apart


def _divided(desk: Desk, was: Shipment, parts: Sequence[Part], lang: str) -> tuple[tuple[Goods, ...], tuple[Goods, ...]]:
    if was.state != "planned":
        raise BadInput(desk.words.say(lang, "error.split_over", number=was.number))
    if not parts:
        raise BadInput(desk.words.say(lang, "error.split", number=was.number, goods=was.product))
    return divided(was, parts)


def _apart(tx: Transaction, desk: Desk, was: Shipment, goods: tuple[Goods, ...], number: str, etd: date | None,
           by: Colleague, now: datetime) -> Shipment:
    number = number or _free(tx, was.number)
    if tx.where("shipments", "number", number):
        raise BadInput(desk.words.say(by.lang, "error.number_used", number=number))
    apart = replace(was, id=f"S-{tx.number('shipment')}", number=number, goods=goods, etd=etd or was.etd,
                    at=None if etd else was.at, added_by=by.id, added_at=now, told="")
    note_audit(tx, apart.id, "split off", by.id, now, of=was.number, etd=apart.etd)
    return judged(Judge(desk, now), tx, apart)


def _free(rows: Rows, number: str) -> str:
    """The order's number with the first suffix nobody has."""
    numbers = (f"{number}-{part}" for part in range(2, PARTS))
    return next(one for one in numbers if not rows.where("shipments", "number", one))

"""An ETD moves: what is open is planned anew, what is done stays, and the before and after is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from bot.desk.agenda import check_etd
from bot.desk.left_behind import end_offer, left_behind, on_its_days
from bot.desk.plans import propose
from bot.desk.records import filing_of, note_audit, shipment_of
from bot.desk.replanning import check_seen, take_change
from bot.desk.shipping import Judge, judged, keep_shipment
from bot.desk.telling_moves import tell_moved
from bot.domain.change import Change
from bot.domain.filing import Filing
from bot.domain.people import Colleague, may
from bot.domain.shipment import Shipment, shipment_from
from bot.errors import BadInput, NotAllowed
from bot.ports import Desk, Rows, Transaction
from bot.replies import Part
from bot.replies.left_behind import along_words


@dataclass(frozen=True, slots=True)
class Moved:
    """What an ETD's move changed: filing or shipment number, the date before and after, and the filings that were re-planned."""

    subject: str
    before: date
    after: date
    changes: tuple[Change, ...] = ()
    was: Shipment | None = None
    """The shipment as it stood before; None where a filing was moved."""

    @property
    def tasks_moved(self) -> int:
        """How many open tasks have another date."""
        return sum(len(change.moved) for change in self.changes)

    @property
    def days_short(self) -> int:
        """The most days a plan now lacks; 0 where all fit."""
        return max((change.after.days_short for change in self.changes), default=0)


class Along(NamedTuple):
    """The shipments that were moved to their filing's day, and those that had sailed on the old one and stay as they are."""

    filing: Filing
    moved: Sequence[Shipment]
    sailed: Sequence[Shipment]


def look_at_move(desk: Desk, filing_id: str, etd: date, band: str, by: Colleague, now: datetime) -> Change:
    """Before and after of another ETD or assumed pace; nothing is stored. NotAllowed for a pace somebody else chooses."""
    check_etd(desk, etd, by.lang, now)
    filing = filing_of(desk.store, filing_id)
    return propose(desk, desk.store, filing, _wanted(desk, filing, etd, band, by), now)


def move_etd(desk: Desk, subject: str, etd: date, by: Colleague, now: datetime, zone: str = "",
             at: datetime | None = None, *, band: str = "", seen: str = "") -> Moved:
    """Move the ETD of a filing ("F-12") or shipment ("S-3" or its number), and of what hangs together with it.

    `zone` and the instant `at` are of a shipment: the zone its date is in ("": as before), and the time where one is known.
    A filing may be planned by another `band`; `seen` is the digest of what the person looked at, of a shipment its ETD as
    2026-12-31: BadInput when it has changed.
    """
    with desk.store.transaction() as tx:
        if tx.get("filings", subject.upper()):
            check_etd(desk, etd, by.lang, now)
            filing = filing_of(tx, subject)
            return _move_filing(desk, tx, filing, _wanted(desk, filing, etd, band, by), seen, by, now)
        shipment = shipment_of(tx, subject)
        if seen and seen != shipment.etd.isoformat():
            raise BadInput(desk.words.say(by.lang, "error.changed_meanwhile", id=shipment.number))
        check_etd(desk, etd, by.lang, now, zone or shipment.zone, at)
        return _move_shipment(desk, tx, shipment, replace(shipment, etd=etd, at=at, zone=zone or shipment.zone), by, now)


def move_along(desk: Desk, filing_id: str, etd: date, by: Colleague, now: datetime) -> Along:
    """The shipments that a filing left behind when it was moved alone leave on its day too; pressed twice is once.

    `etd` is the day that was promised: BadInput where the filing has another one by now, BadDate where it lies behind us.
    """
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        along = _along(tx, filing)
        if filing.etd != etd:
            raise BadInput(desk.words.say(by.lang, "error.changed_meanwhile", id=filing.id))
        if along.moved:
            check_etd(desk, etd, by.lang, now, filing.zone)
            end_offer(tx, filing, lambda lang: Part(along_words(desk.words, lang, *along, by.name)), now)
        for shipment in along.moved:
            _keep_moved(desk, tx, shipment, replace(shipment, etd=etd, at=None), by, now, leader=filing.id)
    return along


def _along(rows: Rows, filing: Filing) -> Along:
    sailed = [one for one in on_its_days(rows, filing) if one.state == "sailed"]
    return Along(filing, left_behind(rows, filing), sailed)


def _wanted(desk: Desk, filing: Filing, etd: date, band: str, by: Colleague) -> Filing:
    if band and band != filing.band and not may(by.role, "choose_band"):
        raise NotAllowed(desk.words.say(by.lang, "error.band_role"))
    return replace(filing, etd=etd, band=band or filing.band)


def _move_filing(desk: Desk, tx: Transaction, filing: Filing, wanted: Filing, seen: str, by: Colleague, now: datetime) -> Moved:
    """The shipments that left on the filing's day leave on the new one."""
    change = propose(desk, tx, filing, wanted, now)
    check_seen(desk, change, seen, by)
    for shipment in moves_along(tx, filing, wanted):
        _keep_moved(desk, tx, shipment, replace(shipment, etd=wanted.etd, at=None), by, now, leader=filing.id)
    take_change(tx, desk, change, by.id, now, "etd moved" if wanted.etd != filing.etd else "pace chosen")
    return Moved(filing.id, filing.etd, wanted.etd, (change,))


def moves_along(rows: Rows, filing: Filing, wanted: Filing) -> list[Shipment]:
    """The planned shipments that leave on the filing's day, or on one it was moved from alone, where it becomes another one."""
    there = [shipment_from(row) for row in rows.where("shipments", "goods.filing", filing.id)]
    stayed = {one.id for one in left_behind(rows, filing)}
    return [one for one in there if one.state == "planned" and one.etd != wanted.etd and (
        one.etd == filing.etd or one.id in stayed)]


def _move_shipment(desk: Desk, tx: Transaction, was: Shipment, known: Shipment, by: Colleague, now: datetime) -> Moved:
    followed = _keep_moved(desk, tx, was, known, by, now)
    return Moved(was.number, was.etd, known.etd, tuple(followed), was)


def _keep_moved(desk: Desk, tx: Transaction, was: Shipment, known: Shipment, by: Colleague, now: datetime,
                leader: str = "") -> list[Change]:
    note_audit(tx, was.id, "etd moved", by.id, now, before=was.etd, after=known.etd)
    tell_moved(tx, desk, was, known, by.id, now)
    return keep_shipment(tx, desk, was, judged(Judge(desk, now), tx, known), by.id, now, leader=leader)

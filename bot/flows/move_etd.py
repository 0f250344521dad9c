"""An ETD moves: what is open is planned anew, what is done stays, and the before and after is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.agenda import check_etd, replan_filing
from bot.domain.filing import Filing
from bot.domain.people import Colleague
from bot.domain.shipment import Shipment, shipment_from
from bot.ports import Desk, Transaction
from bot.records import filing_of, note_audit, shipment_of
from bot.shipping import Judge, judged, keep_shipment


@dataclass(frozen=True, slots=True)
class Moved:
    """What an ETD's move changed: ids with the date before and after, and the days a filing's plan now lacks."""

    subject: str
    before: date
    after: date
    tasks_moved: int = 0
    days_short: int = 0


def move_etd(desk: Desk, subject: str, etd: date, by: Colleague, now: datetime, zone: str = "",
             at: datetime | None = None) -> Moved:
    """Move the ETD of a filing ("F-12") or shipment ("S-3" or its number), and of what hangs together with it.

    `zone` and the instant `at` are of a shipment: the zone its date is in ("": as before), and the time where one is known.
    """
    with desk.store.transaction() as tx:
        if tx.get("filings", subject.upper()):
            check_etd(desk, etd, by.lang, now)
            return _move_filing(desk, tx, filing_of(tx, subject), etd, by, now)
        shipment = shipment_of(tx, subject)
        check_etd(desk, etd, by.lang, now, zone or shipment.zone, at)
        return _move_shipment(desk, tx, shipment, replace(shipment, etd=etd, at=at, zone=zone or shipment.zone), by, now)


def _move_filing(desk: Desk, tx: Transaction, filing: Filing, etd: date, by: Colleague, now: datetime) -> Moved:
    """The shipments that left on the filing's day leave on the new one."""
    for shipment in (shipment_from(row) for row in tx.where("shipments", "goods.filing", filing.id)):
        if shipment.etd == filing.etd and shipment.state == "planned":
            _keep_moved(desk, tx, shipment, replace(shipment, etd=etd, at=None), by, now, leader=filing.id)
    known, tasks_moved = replan_filing(tx, desk, filing, etd, by.id, now)
    return Moved(filing.id, filing.etd, etd, tasks_moved, known.days_short)


def _move_shipment(desk: Desk, tx: Transaction, was: Shipment, known: Shipment, by: Colleague, now: datetime) -> Moved:
    followed = _keep_moved(desk, tx, was, known, by, now)
    return Moved(was.id, was.etd, known.etd, sum(moved for _, moved in followed),
                 max((filing.days_short for filing, _ in followed), default=0))


def _keep_moved(desk: Desk, tx: Transaction, was: Shipment, known: Shipment, by: Colleague, now: datetime,
                leader: str = "") -> list[tuple[Filing, int]]:
    note_audit(tx, was.id, "etd moved", by.id, now, before=was.etd, after=known.etd)
    return keep_shipment(tx, desk, was, judged(Judge(desk, now), tx, known), by.id, now, leader=leader)

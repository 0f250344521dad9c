"""An ETD moves: what is open is planned anew, what is done stays, and the before and after is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.agenda import check_etd, follow_shipment, plan_shipment_reminders, replan_filing
from bot.domain.filing import Filing
from bot.domain.people import Colleague
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment
from bot.ports import Desk, Transaction
from bot.records import filing_of, keep, note_audit, shipment_of


@dataclass(frozen=True, slots=True)
class Moved:
    """What an ETD's move changed: ids with the date before and after, and the days a filing's plan now lacks."""

    subject: str
    before: date
    after: date
    tasks_moved: int = 0
    days_short: int = 0


def move_etd(desk: Desk, subject: str, etd: date, by: Colleague, now: datetime) -> Moved:
    """Move the ETD of a filing ("F-12") or shipment ("S-3" or its number), and of what hangs together with it."""
    check_etd(desk, etd, by.lang, now)
    with desk.store.transaction() as tx:
        if tx.get("filings", subject.upper()):
            return _move_filing(desk, tx, filing_of(tx, subject), etd, by, now)
        return _move_shipment(desk, tx, shipment_of(tx, subject), etd, by, now)


def _move_filing(desk: Desk, tx: Transaction, filing: Filing, etd: date, by: Colleague, now: datetime) -> Moved:
    """The shipments that left on the filing's day leave on the new one."""
    for shipment in (from_row(Shipment, row) for row in tx.where("shipments", "filing", filing.id)):
        if shipment.etd == filing.etd and shipment.state == "planned":
            _keep_shipment(desk, tx, shipment, etd, by, now)
    known, tasks_moved = replan_filing(tx, desk, filing, etd, by.id, now)
    return Moved(filing.id, filing.etd, etd, tasks_moved, known.days_short)


def _move_shipment(desk: Desk, tx: Transaction, shipment: Shipment, etd: date, by: Colleague, now: datetime) -> Moved:
    moved = Moved(shipment.id, shipment.etd, etd)
    followed = follow_shipment(tx, desk, _keep_shipment(desk, tx, shipment, etd, by, now), shipment.etd, by.id, now)
    if followed is None:
        return moved
    filing, tasks_moved = followed
    return replace(moved, tasks_moved=tasks_moved, days_short=filing.days_short)


def _keep_shipment(desk: Desk, tx: Transaction, shipment: Shipment, etd: date, by: Colleague, now: datetime) -> Shipment:
    known = replace(shipment, etd=etd)
    keep(tx, "shipments", known)
    plan_shipment_reminders(tx, desk, known, now)
    note_audit(tx, shipment.id, "etd moved", by.id, now, before=shipment.etd, after=etd)
    return known

"""An ETD moves: what is open is planned anew, what is done stays, and the before and after is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.agenda import plan_filing_reminders, plan_shipment_reminders
from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.domain.planning import Plan, plan_filing
from bot.domain.shipment import Shipment
from bot.errors import BadDate
from bot.outbox import show_filing, want_ticket
from bot.ports import Desk, Transaction
from bot.records import filing_of, keep, note_audit, shipment_of, shipments, tasks_of


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
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    if etd < today:
        raise BadDate(desk.words.say(by.lang, "error.etd_past", etd=etd.isoformat(), today=today.isoformat()))
    with desk.store.transaction() as tx:
        if subject.upper().startswith("F-"):
            return _move_filing(desk, tx, filing_of(tx, subject), etd, by, now)
        return _move_shipment(desk, tx, shipment_of(tx, subject), etd, by, now)


def _move_filing(desk: Desk, tx: Transaction, filing: Filing, etd: date, by: Colleague, now: datetime) -> Moved:
    for shipment in shipments(tx):
        if shipment.filing == filing.id and shipment.etd == filing.etd and shipment.state == "planned":
            _keep_shipment(desk, tx, replace(shipment, etd=etd), now)
    return _replan(desk, tx, filing, etd, by, now)


def _move_shipment(desk: Desk, tx: Transaction, shipment: Shipment, etd: date, by: Colleague, now: datetime) -> Moved:
    _keep_shipment(desk, tx, replace(shipment, etd=etd), now)
    note_audit(tx, shipment.id, "etd moved", by.id, now, before=shipment.etd, after=etd)
    moved = Moved(shipment.id, shipment.etd, etd)
    if not shipment.filing:
        return moved
    first = min(other.etd for other in shipments(tx) if other.filing == shipment.filing and other.state == "planned")
    filing = filing_of(tx, shipment.filing)
    if first == filing.etd:
        return moved
    plan = _replan(desk, tx, filing, first, by, now)
    return replace(moved, tasks_moved=plan.tasks_moved, days_short=plan.days_short)


def _replan(desk: Desk, tx: Transaction, filing: Filing, etd: date, by: Colleague, now: datetime) -> Moved:
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    plan = plan_filing(desk.checklist, filing.category, etd, today, desk.calendar)
    known = replace(filing, etd=etd, days_short=plan.days_short, earliest=plan.earliest)
    before = tasks_of(tx, filing.id)
    after = _with_dates(before, plan)
    for task in after:
        keep(tx, "tasks", task)
    keep(tx, "filings", known)
    plan_filing_reminders(tx, desk, known, after, now)
    want_ticket(tx, filing.id, now)
    show_filing(tx, desk.words, known, now)
    note_audit(tx, filing.id, "etd moved", by.id, now, before=filing.etd, after=etd)
    changed = sum(old.due != new.due for old, new in zip(before, after, strict=True))
    return Moved(filing.id, filing.etd, etd, changed, plan.days_short)


def _with_dates(tasks: list[FilingTask], plan: Plan) -> list[FilingTask]:
    dues = {planned.item.id: planned.due for planned in plan.tasks}
    return [task if task.done else replace(task, due=dues.get(task.item, task.due)) for task in tasks]


def _keep_shipment(desk: Desk, tx: Transaction, shipment: Shipment, now: datetime) -> None:
    keep(tx, "shipments", shipment)
    plan_shipment_reminders(tx, desk, shipment, now)

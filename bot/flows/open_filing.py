"""A filing is opened: the filing, its tasks, its reminders and its ticket-to-create are written in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.agenda import owner_for, plan_filing_reminders
from bot.domain.filing import OPEN_STATES, Filing, FilingTask, label_of
from bot.domain.people import Colleague
from bot.domain.planning import Plan, plan_filing
from bot.errors import BadDate, BadInput
from bot.outbox import show_filing, want_ticket
from bot.ports import Desk, Rows, Transaction
from bot.records import filings, keep, note_audit, shipments

HORIZON_YEARS = 3


@dataclass(frozen=True, slots=True)
class FilingWish:
    """What somebody wants filed; `origin` is unique to the wish (a determination, a form), so that twice is once."""

    origin: str
    product: str
    category: str
    destinations: tuple[str, ...]
    etd: date
    owner: str
    customer: str = ""
    determination: str = ""
    shipment: str = ""
    channel: str = ""
    thread: str = ""


def open_filing(desk: Desk, wish: FilingWish, by: Colleague, now: datetime) -> tuple[Filing, bool]:
    """Open it and return (filing, True), or the one that is already there and False. BadInput says what to change."""
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    _check(desk, wish, today)
    plan = plan_filing(desk.checklist, wish.category, wish.etd, today, desk.calendar)
    with desk.store.transaction() as tx:
        there = same_filing(tx, wish)
        if there:
            return there, False
        filing = _filing(desk, tx, wish, by, plan, now)
        tasks = _tasks(desk, tx, filing, plan)
        _keep_all(desk, tx, filing, tasks, now)
        _cover(tx, filing, wish.shipment)
        note_audit(tx, filing.id, "opened", by.id, now, product=filing.product, etd=filing.etd, origin=filing.origin)
    return filing, True


def same_filing(rows: Rows, wish: FilingWish) -> Filing | None:
    """The open filing that already covers the wish: same origin, or same product, destinations, customer and ETD."""
    for filing in filings(rows):
        if filing.origin == wish.origin:
            return filing
        same = (filing.product, filing.destinations, filing.customer, filing.etd)
        if filing.state in OPEN_STATES and same == (wish.product, wish.destinations, wish.customer, wish.etd):
            return filing
    return None


def _check(desk: Desk, wish: FilingWish, today: date) -> None:
    if wish.etd < today:
        raise BadDate(desk.words.say(desk.lang, "error.etd_past", etd=wish.etd.isoformat(), today=today.isoformat()))
    if wish.etd.year > today.year + HORIZON_YEARS:
        raise BadDate(desk.words.say(desk.lang, "error.etd_far", etd=wish.etd.isoformat()))
    if not wish.product.strip():
        raise BadInput(desk.words.say(desk.lang, "error.no_product"))


def _filing(desk: Desk, tx: Transaction, wish: FilingWish, by: Colleague, plan: Plan, now: datetime) -> Filing:
    number = tx.number("filing")
    return Filing(
        id=f"F-{number}", label=label_of(desk.label, f"f-{number}"), product=wish.product, category=wish.category,
        destinations=wish.destinations, etd=wish.etd, zone=desk.zone, customer=wish.customer, owner=wish.owner,
        opened_by=by.id, opened_at=now, origin=wish.origin, lang=by.lang, determination=wish.determination,
        ruleset=desk.ruleset, channel=wish.channel or by.id, thread=wish.thread, days_short=plan.days_short,
        earliest=plan.earliest)


def _tasks(desk: Desk, tx: Transaction, filing: Filing, plan: Plan) -> list[FilingTask]:
    return [FilingTask(
        id=f"{filing.id}.{planned.item.id}", filing=filing.id, item=planned.item.id,
        title=planned.item.text.said(filing.lang), due=planned.due, role=", ".join(planned.item.owners),
        owner=owner_for(tx, planned.item.owners, filing.owner).id, basis=planned.item.basis,
        label=label_of(desk.label, f"{filing.id}-{planned.item.id}")) for planned in plan.tasks]


def _keep_all(desk: Desk, tx: Transaction, filing: Filing, tasks: list[FilingTask], now: datetime) -> None:
    keep(tx, "filings", filing)
    for task in tasks:
        keep(tx, "tasks", task)
    plan_filing_reminders(tx, desk, filing, tasks, now)
    want_ticket(tx, filing.id, now)
    show_filing(tx, desk.words, filing, now)


def _cover(tx: Transaction, filing: Filing, shipment_id: str) -> None:
    """The shipment it was opened from, and others of the same product, destination and customer, wait for this filing."""
    for shipment in shipments(tx):
        alike = (shipment.product, shipment.customer) == (filing.product, filing.customer)
        meant = shipment.id == shipment_id or (alike and shipment.destination in filing.destinations)
        if meant and not shipment.filing and shipment.state == "planned":
            keep(tx, "shipments", replace(shipment, filing=filing.id))

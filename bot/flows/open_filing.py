"""A filing is opened: the filing, its tasks, its reminders and its ticket-to-create are written in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import check_etd, plan_filing_reminders
from bot.desk.late_plans import tell_late_plan
from bot.desk.outbox import show_filing, want_ticket
from bot.desk.plans import fresh_tasks, plan_of, with_plan
from bot.desk.records import keep, note_audit
from bot.desk.shipping import SEEN, show_unfiled
from bot.domain.filing import OPEN_STATES, Filing, FilingTask, label_of
from bot.domain.people import Colleague
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment, covers, shipment_from
from bot.errors import BadInput
from bot.ports import Desk, Row, Rows, Transaction


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
    _check(desk, wish, by, now)
    with desk.store.transaction() as tx:
        there = same_filing(tx, wish)
        if there:
            return there, False
        filing = _filing(desk, tx, wish, by, now)
        plan = plan_of(desk, filing, today)
        filing = with_plan(filing, plan, desk.calendar, today)
        tasks = fresh_tasks(desk, tx, filing, plan.tasks)
        _keep_all(desk, tx, filing, tasks, now)
        _cover(desk, tx, filing, wish.shipment, by, now)
        plan_filing_reminders(tx, desk, filing, tasks, now)  # its shipments say in which zone the ETD is a date
        tell_late_plan(tx, desk, filing, tasks, now)
        note_audit(tx, filing.id, "opened", by.id, now, product=filing.product, etd=filing.etd, origin=filing.origin)
    return filing, True


def same_filing(rows: Rows, wish: FilingWish) -> Filing | None:
    """The filing of the same origin, else an open one for the same product, destinations, customer and ETD."""
    known = list(rows.every("filings"))
    same = [row for row in known if row["origin"] == wish.origin] or [
        row for row in known if row["state"] in OPEN_STATES and _goods(row) == _wanted(wish)]
    return from_row(Filing, same[0]) if same else None


def _goods(row: Row) -> tuple[str, str, set[str], str]:
    return _plain(row["product"]), _plain(row["customer"]), set(row["destinations"]), row["etd"]


def _wanted(wish: FilingWish) -> tuple[str, str, set[str], str]:
    return _plain(wish.product), _plain(wish.customer), set(wish.destinations), wish.etd.isoformat()


def _plain(name: str) -> str:
    """As two people may write the same name."""
    return " ".join(name.split()).casefold()


def _check(desk: Desk, wish: FilingWish, by: Colleague, now: datetime) -> None:
    check_etd(desk, wish.etd, by.lang, now)
    if not wish.product.strip():
        raise BadInput(desk.words.say(by.lang, "error.no_product"))


def _filing(desk: Desk, tx: Transaction, wish: FilingWish, by: Colleague, now: datetime) -> Filing:
    number = tx.number("filing")
    return Filing(
        id=f"F-{number}", label=label_of(desk.label, f"f-{number}"), product=wish.product, category=wish.category,
        destinations=wish.destinations, etd=wish.etd, zone=desk.zone, customer=wish.customer, owner=wish.owner,
        opened_by=by.id, opened_at=now, origin=wish.origin, lang=by.lang, determination=wish.determination,
        ruleset=desk.ruleset, channel=wish.channel or by.id, thread=wish.thread)


def _keep_all(desk: Desk, tx: Transaction, filing: Filing, tasks: list[FilingTask], now: datetime) -> None:
    keep(tx, "filings", filing)
    for task in tasks:
        keep(tx, "tasks", task)
    want_ticket(tx, filing.id, now)
    show_filing(tx, desk.words, filing, now)


def _cover(desk: Desk, tx: Transaction, filing: Filing, shipment_id: str, by: Colleague, now: datetime) -> None:
    """The shipment it was opened from waits for this filing, and others of the same goods that leave no earlier."""
    opened_from = tx.get("shipments", shipment_id) if shipment_id else None
    rows = [*([opened_from] if opened_from else []), *tx.where("shipments", "goods.product", filing.product)]
    for shipment in {row["id"]: shipment_from(row) for row in rows if row["state"] == "planned"}.values():
        known = _with_filing(shipment, filing, here=shipment.id == shipment_id)
        if known != shipment:
            keep(tx, "shipments", known)
            before, after = ", ".join(shipment.filings), ", ".join(known.filings)
            note_audit(tx, known.id, "filing assigned", by.id, now, before=before, after=after)
            if known.told not in ("", SEEN):
                show_unfiled(tx, desk, known.told, known.owner, now)


def _with_filing(shipment: Shipment, filing: Filing, *, here: bool) -> Shipment:
    """Its goods that have no filing yet wait for this one; `here`, the first in scope does, whatever it was called there."""
    meant = [goods.product for goods in shipment.goods if not goods.filing
             and (covers(filing, shipment, goods.product) or (here and goods.product == filing.product))]
    if here and not meant:
        meant = [goods.product for goods in shipment.unfiled or shipment.goods if not goods.filing][:1]
    return replace(shipment, goods=tuple(replace(goods, filing=filing.id) if goods.product in meant else goods
                                         for goods in shipment.goods))

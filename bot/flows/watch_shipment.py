"""A shipment comes in: stored by its number, judged, given its reminders; one in scope without a filing is pointed out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda import check_etd, follow_shipment, plan_shipment_reminders
from bot.domain.deciding import decide
from bot.domain.facts import Truth
from bot.domain.filing import OPEN_STATES, Filing
from bot.domain.people import Colleague
from bot.domain.reading import read
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment, ShipmentLine, covers, plain_number
from bot.errors import BadDate, BadInput
from bot.ports import Desk, Rows, Transaction
from bot.records import keep, note_audit, shipment_of


@dataclass(frozen=True, slots=True)
class Watched:
    """A shipment as it is stored now, and whether it is new, changed or the same as before."""

    shipment: Shipment
    was: Shipment | None

    @property
    def outcome(self) -> str:
        """added, updated or unchanged."""
        if self.was is None:
            return "added"
        return "unchanged" if self.was == self.shipment else "updated"


def add_shipments(desk: Desk, lines: Iterable[ShipmentLine], by: Colleague, now: datetime) -> list[Watched]:
    """Store all lines in one transaction, by number: none is half imported, none doubled. BadInput names the first bad one."""
    with desk.store.transaction() as tx:
        return [_add(desk, tx, line, by, now) for line in lines]


def shipment_line(desk: Desk, text: str, now: datetime, number: str) -> ShipmentLine:
    """What a typed line says ("SO-4711 FaceGate 300 to Hamburg ETD 12 Dec"); empty fields were not said."""
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    reading = read(text.replace(number, " ", 1) if number else text, today, desk.lexicon)
    product = reading.products[0] if reading.products else None
    return ShipmentLine(
        number=number, product=(product.name or _words(product.evidence)) if product else "",
        destination=reading.destinations[0] if reading.destinations else "", etd=reading.ship_date,
        autonomous=str(product.autonomous) if product else "")


def cancel_shipment(desk: Desk, shipment: Shipment, by: Colleague, now: datetime) -> Shipment:
    """No more reminders about it; it stays in the records."""
    with desk.store.transaction() as tx:
        known = shipment_of(tx, shipment.id)  # as it is now: it may have moved since the caller read it
        gone = replace(known, state="cancelled")
        if gone != known:
            keep(tx, "shipments", gone)
            plan_shipment_reminders(tx, desk, gone, now)
            note_audit(tx, shipment.id, "cancelled", by.id, now)
    return gone


def _add(desk: Desk, tx: Transaction, line: ShipmentLine, by: Colleague, now: datetime) -> Watched:
    line = replace(line, number=plain_number(line.number))
    row = next(iter(tx.where("shipments", "number", line.number)), None)
    was = from_row(Shipment, row) if row else None
    _check(desk, line, was, by, now)
    shipment = _judged(desk, tx, _shipment(desk, tx, line, by, was, now), line, now)
    if shipment != was:
        keep(tx, "shipments", shipment)
        plan_shipment_reminders(tx, desk, shipment, now)
        note_audit(tx, shipment.id, "shipment " + ("changed" if was else "added"), by.id, now, etd=shipment.etd)
    if was and was.etd != shipment.etd:
        follow_shipment(tx, desk, shipment, was.etd, by.id, now)
    return Watched(shipment, was)


def _check(desk: Desk, line: ShipmentLine, was: Shipment | None, by: Colleague, now: datetime) -> None:
    missing = line.missing()
    if missing:
        names = ", ".join(desk.words.say(by.lang, f"form.{name}") for name in missing)
        raise BadInput(desk.words.say(by.lang, "error.shipment_missing", fields=names))
    assert line.etd
    if was and was.etd == line.etd:
        return  # a table imported again still holds what has left long ago
    try:
        check_etd(desk, line.etd, by.lang, now)
    except BadDate as error:
        raise BadDate(f"{line.number}: {error}") from None


def _shipment(desk: Desk, tx: Transaction, line: ShipmentLine, by: Colleague, was: Shipment | None, now: datetime) -> Shipment:
    assert line.etd
    if was:
        same = (line.product, line.destination) == (was.product, was.destination)
        return replace(was, product=line.product, destination=line.destination, etd=line.etd,
                       customer=line.customer or was.customer, owner=line.owner or was.owner,
                       filing=was.filing if same else "")
    return Shipment(
        id=f"S-{tx.number('shipment')}", number=line.number, product=line.product, destination=line.destination,
        etd=line.etd, zone=desk.zone, owner=line.owner or by.id, added_by=by.id, added_at=now, customer=line.customer)


def _judged(desk: Desk, rows: Rows, shipment: Shipment, line: ShipmentLine, now: datetime) -> Shipment:
    """The shipment with what the rules say of it and, where one covers it already, its filing."""
    facts = shipment_facts(desk, shipment.product, shipment.destination, line.autonomous, now)
    decision = decide(desk.rulesets[desk.ruleset], facts, shipment.etd)
    return replace(shipment, verdict=str(decision.verdict), filing=shipment.filing or _covering(rows, shipment))


def shipment_facts(desk: Desk, product: str, destination: str, autonomous: str, now: datetime) -> dict[str, str]:
    """The facts of goods for a destination: the family from the catalogue or the words, autonomy as said or decided."""
    known = next((item for item in desk.catalogue if product in (item.name, item.sku)), None)
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    reading = read(product, today, desk.lexicon)
    category = str(known.category if known else reading.products[0].category if reading.products else "unknown")
    decided = str(known.autonomous) if known and known.autonomous is not Truth.UNKNOWN else "unknown"
    return {"category": category, "autonomous": autonomous if autonomous in ("yes", "no") else decided,
            "export": "no" if destination == "CN" else "yes"}


def _covering(rows: Rows, shipment: Shipment) -> str:
    """The open filing for the same product, destination and customer that is planned in time, if there is one."""
    for row in rows.every("filings"):
        if row["state"] in OPEN_STATES and row["product"] == shipment.product and covers(from_row(Filing, row), shipment):
            return str(row["id"])
    return ""


def _words(evidence: object) -> str:
    found = evidence.get("category", ()) if hasattr(evidence, "get") else ()
    return " ".join(item.words for item in found)

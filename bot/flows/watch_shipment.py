"""A shipment comes in: stored by its number, judged, given its reminders; one in scope without a filing is pointed out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import check_etd
from bot.desk.records import keep, note_audit, owner_for
from bot.desk.sailing import Left, held_for, tell_left
from bot.desk.shipping import SEEN, Judge, as_kept, judged, keep_shipment, newly_unfiled, point_out
from bot.domain.departure import departing
from bot.domain.facts import Doubt, Reading
from bot.domain.gate import Reason
from bot.domain.leaving import time_said
from bot.domain.people import Colleague
from bot.domain.reading import read
from bot.domain.shipment import (
    Goods,
    Shipment,
    ShipmentLine,
    count_before,
    incoterm_in,
    plain_number,
    quantity_after,
    quantity_of,
    shipment_from,
)
from bot.domain.unread import unread
from bot.errors import BadDate, BadInput
from bot.ports import Desk, Rows, Transaction
from bot.replies.names import listed

BATCH = 200
"""Lines stored in one transaction: others who write wait for no more than these."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A shipment as it is stored now, and whether it is new, changed or the same as before."""

    shipment: Shipment
    was: Shipment | None
    held: tuple[Reason, ...] = ()
    """It has sailed by this line; why it should not have."""

    @property
    def outcome(self) -> str:
        """added, updated or unchanged."""
        if self.was is None:
            return "added"
        return "unchanged" if self.was == self.shipment else "updated"

    @property
    def to_be_told(self) -> bool:
        """Whether its owner has to hear that goods in scope have no filing."""
        return newly_unfiled(self.was, self.shipment)


@dataclass(frozen=True, slots=True)
class Typed:
    """A shipment as somebody typed it: what was understood and doubtful, the time as written, what is wrong at which field."""

    line: ShipmentLine
    doubts: tuple[Doubt, ...] = ()
    time: str = ""
    trouble: BadInput | None = None
    text: str = ""
    unread: str = ""
    """The words of the text from which nothing was read."""

    @property
    def complete(self) -> bool:
        """Whether it can be kept as it is."""
        return not self.line.missing() and self.trouble is None

    @property
    def only_dated(self) -> bool:
        """When it leaves, and neither goods nor a place: of a shipment that is known, the ETD moves."""
        dated = self.line.etd or any(doubt.about == "ship_date" for doubt in self.doubts)
        return bool(dated) and not (self.line.product or self.line.destination)


def add_shipments(desk: Desk, lines: Iterable[ShipmentLine], by: Colleague, now: datetime, *,
                  seen_by: str = "") -> list[Watched]:
    """Store all lines in one transaction, by number: none is half imported, none doubled. BadInput names the first bad one.

    Owners are told at once of what is in scope without a filing, except `seen_by`, who is looking at the answer.
    """
    judge = Judge(desk, now)
    with desk.store.transaction() as tx:
        watched = [add_line(tx, judge, line, by) for line in lines]
        for one in watched:
            if one.shipment.owner == seen_by and one.to_be_told:
                keep(tx, "shipments", replace(one.shipment, told=SEEN))
        _tell_owners(tx, desk, watched, by, now, but=seen_by)
    return watched


def take_in(desk: Desk, lines: Sequence[ShipmentLine], by: Colleague, now: datetime) -> list[Watched | BadInput]:
    """Store what is good of the lines, some at a time, and say of each other one what is wrong; owners are told at the end.

    Each line is stored whole or not at all, so that the same lines may be sent again after whatever happened.
    """
    judge, taken = Judge(desk, now), list[Watched | BadInput]()
    for start in range(0, len(lines), BATCH):
        with desk.store.transaction() as tx:
            batch = lines[start:start + BATCH]
            tx.reserve("shipment", sum(known_by_number(tx, plain_number(line.number)) is None for line in batch))
            tx.reserve("audit", len(batch))
            taken += [_tried(tx, judge, line, by) for line in batch]
            if start + BATCH >= len(lines):
                _tell_owners(tx, desk, [one for one in taken if isinstance(one, Watched)], by, now)
    return taken


def _tried(tx: Transaction, judge: Judge, line: ShipmentLine, by: Colleague) -> Watched | BadInput:
    try:
        return add_line(tx, judge, line, by)
    except BadInput as error:
        return error


def _tell_owners(tx: Transaction, desk: Desk, watched: Sequence[Watched], by: Colleague, now: datetime, but: str = "") -> None:
    tell_left(tx, desk, [Left(one.shipment, one.held) for one in watched if one.held], by.name, now)
    unfiled: dict[str, list[str]] = {}
    for one in (one for one in watched if one.to_be_told and one.shipment.owner != but):
        unfiled.setdefault(one.shipment.owner, []).append(one.shipment.id)
    if unfiled:
        point_out(tx, desk, unfiled, str(tx.number("unfiled message")), now)


def add_line(tx: Transaction, judge: Judge, line: ShipmentLine, by: Colleague) -> Watched:
    """Store one line within a transaction. BadInput says what is wrong with it, and nothing of it is stored."""
    desk, now = judge.desk, judge.now
    line = as_kept(judge, line)
    was = known_by_number(tx, line.number)
    line = line if was or line.owner else replace(line, owner=_owner(tx, by))
    check_line(desk, line, was, by.lang, now)
    shipment = judged(judge, tx, _shipment(judge, line, was, by))
    if was is None:
        shipment = replace(shipment, id=f"S-{tx.number('shipment')}")
    held = held_for(desk, tx, shipment, now) if _leaves(was, shipment) else ()  # before its filing follows other shipments
    if shipment != was:
        note_audit(tx, shipment.id, "shipment " + ("changed" if was else "added"), by.id, now, etd=shipment.etd)
        keep_shipment(tx, desk, was, shipment, by.id, now)
    return Watched(shipment, was, held)


def _owner(rows: Rows, by: Colleague) -> str:
    """Who brought it, to be its owner where it is new; of what a machine brought, whoever ships."""
    return by.id if rows.get("people", by.id) else owner_for(rows, ("SHIP", "PM"), by.id).id


def known_by_number(rows: Rows, number: str) -> Shipment | None:
    """The shipment stored under this number."""
    row = next(iter(rows.where("shipments", "number", number)), None)
    return shipment_from(row) if row else None


def outcome_of(rows: Rows, judge: Judge, line: ShipmentLine, by: Colleague) -> Watched:
    """What storing a line would come to, with nothing stored. BadInput as `add_line`."""
    desk, now = judge.desk, judge.now
    line = as_kept(judge, line)
    was = known_by_number(rows, line.number)
    check_line(desk, line, was, by.lang, now)
    shipment = _shipment(judge, line, was, by)
    held = held_for(desk, rows, judged(judge, rows, shipment), now) if _leaves(was, shipment) else ()
    return Watched(shipment, was, held)


def _leaves(was: Shipment | None, shipment: Shipment) -> bool:
    """Whether it has sailed by this line."""
    return shipment.state == "sailed" and (was is None or was.state != "sailed")


def check_line(desk: Desk, line: ShipmentLine, was: Shipment | None, lang: str, now: datetime) -> None:
    """BadInput where a line lacks what a shipment needs, BadDate for an ETD that cannot be."""
    missing = line.missing()
    if missing:
        names = listed(desk.words, lang, (desk.words.say(lang, f"form.{name}") for name in missing))
        raise BadInput(desk.words.say(lang, "error.shipment_missing", fields=names))
    assert line.etd
    state = line.state or (was.state if was else "planned")
    if state != "planned" or (was and (was.etd, was.at) == (line.etd, line.at)):
        return  # a table imported again still holds what has left long ago
    try:
        check_etd(desk, line.etd, lang, now, line.zone or (was.zone if was else desk.zone), line.at)
    except BadDate as error:
        raise BadDate(f"{line.number}: {error}").at(error.field) from None


def typed_shipment(desk: Desk, text: str, now: datetime, number: str) -> Typed:
    """What a typed line says ("SO-4711 FaceGate 300 to Hamburg ETD 12 Dec"); empty fields were not said."""
    today = now.astimezone(ZoneInfo(desk.zone)).date()
    said = text.replace(number, " ", 1) if number else text
    reading = _without_zone(read(said, today, desk.lexicon), desk, today)
    names = {name: _said(product.autonomous) for product in reading.products
             if (name := product.name or _words(product.evidence))}
    before = {name: count_before(_apart(said, names, name), name) for name in names}
    goods = tuple(Goods(name, quantity_after(text, name) or _digits(before[name]), said) for name, said in names.items())
    first = goods[0] if goods else Goods("")
    line = ShipmentLine(
        number=number, product=first.product, destination=reading.destinations[0] if reading.destinations else "",
        etd=reading.ship_date, incoterm=incoterm_in(text), autonomous=first.autonomous, quantity=first.quantity,
        further=goods[1:])
    time = time_said(reading)
    left = unread(reading, time, line.incoterm, *before.values())
    typed = Typed(line, reading.doubts, time, text=text, unread=left)
    return _counted(_with_time(typed, desk.zone))


def _without_zone(reading: Reading, desk: Desk, today: date) -> Reading:
    """The zone of a time ("18:00 Europe/Berlin") is no place that goods go to."""
    time = time_said(reading)
    if "/" not in time:
        return reading
    beside = read(reading.text.replace(time, " "), today, desk.lexicon)
    return replace(reading, destinations=beside.destinations, doubts=beside.doubts)


def _apart(text: str, names: Iterable[str], name: str) -> str:
    """The text with a comma for each other product: the 300 of a FaceGate 300 is no count of what stands behind it."""
    for other in (other for other in names if other != name):
        text = re.sub(re.escape(other), ",", text, flags=re.IGNORECASE)
    return text


def _digits(counted: str) -> str:
    return "".join(filter(str.isdecimal, counted))


def _with_time(typed: Typed, zone: str) -> Typed:
    """With the time and zone behind the date, or what is wrong with them."""
    if typed.line.etd is None or not typed.time:
        return typed
    try:
        found = departing(typed.line.etd, typed.time, zone)
    except BadInput as error:
        return replace(typed, trouble=error.at("time"))
    return replace(typed, line=replace(typed.line, etd=found.day, at=found.at, zone=found.zone))


def _counted(typed: Typed) -> Typed:
    """With the pieces as they are kept, or what is wrong with them; those of further lines stand in their field as typed."""
    counted = list[str]()
    for place, goods in enumerate(typed.line.goods):
        try:
            counted.append(quantity_of(goods.quantity))
        except BadInput as error:
            return replace(typed, trouble=typed.trouble or error.at("further" if place else "quantity"))
    further = tuple(replace(goods, quantity=said) for goods, said in zip(typed.line.further, counted[1:], strict=True))
    return replace(typed, line=replace(typed.line, quantity=counted[0], further=further))


def _said(autonomous: object) -> str:
    return str(autonomous) if str(autonomous) in ("yes", "no") else ""


def _shipment(judge: Judge, line: ShipmentLine, was: Shipment | None, by: Colleague) -> Shipment:
    """The line over what is known: what it does not say stays as it was."""
    zone, now = judge.desk.zone, judge.now
    assert line.etd
    if was is None:
        return Shipment(
            id="", number=line.number, goods=line.goods, destination=line.destination, etd=line.etd,
            zone=line.zone or zone, owner=line.owner or by.id, added_by=by.id, added_at=now,
            customer=line.customer or line.consignee, consignee=line.consignee, incoterm=line.incoterm, at=line.at,
            state=line.state or "planned")
    return replace(
        was, goods=tuple(_goods(judge, goods, was, line.destination) for goods in line.goods), destination=line.destination,
        etd=line.etd, zone=line.zone or (zone if line.at else was.zone), at=line.at,
        customer=line.customer or was.customer or line.consignee,
        consignee=line.consignee or was.consignee, incoterm=line.incoterm or was.incoterm, owner=line.owner or was.owner,
        state=line.state or was.state)


def _goods(judge: Judge, goods: Goods, was: Shipment, destination: str) -> Goods:
    """A product line as it is known already, with what is said anew; its filing stays while the destination does."""
    before = next((one for one in was.goods if judge.name(one.product) == goods.product), goods)
    return replace(before, product=goods.product, quantity=goods.quantity or before.quantity,
                   autonomous=goods.autonomous or before.autonomous,
                   filing=before.filing if destination == was.destination else "")


def _words(evidence: object) -> str:
    found = evidence.get("category", ()) if hasattr(evidence, "get") else ()
    return " ".join(item.words for item in found)

"""One shipment as fields of text, from a line of a table or an object of an ERP, as a value, or what is wrong in which field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from bot.domain.departure import Departure, departure, known_zone
from bot.domain.shipment import Goods, ShipmentLine, incoterm_of, quantity_of, state_of
from bot.domain.terms import FieldName
from bot.errors import BadInput

T = TypeVar("T")
FIELDS = ("number", "product", "quantity", "autonomous", "destination", "etd", "zone", "customer", "consignee", "incoterm",
          "owner", "state")
NEEDED = ("number", "product", "destination", "etd")
YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "是": "yes", "no": "no", "n": "no", "false": "no", "0": "no",
          "否": "no", "": "", "unknown": "", "?": "", "未知": "", "不明": ""}


@dataclass(frozen=True, slots=True)
class Readers:
    """How cells are understood: a place as ISO alpha-2 or "", a date or None, a person's id or ""; dates are of `zone`."""

    market: Callable[[str], str]
    day: Callable[[str], date | None]
    person: Callable[[str], str] = lambda said: said
    zone: str = "Asia/Shanghai"


class Mistake(NamedTuple):
    """What is wrong in a field, and what to write instead; `code` and `said` as an error's."""

    field: str
    what: str
    write: str = ""
    code: str = ""
    said: Mapping[str, object] = MappingProxyType({})

    def __str__(self) -> str:
        return f"{self.field}: {self.what}; {self.write}" if self.write else f"{self.field}: {self.what}"


def read_fields(said: Mapping[str, str], readers: Readers) -> tuple[ShipmentLine, list[Mistake]]:
    """The line the fields say (see FIELDS; absent is ""), and every mistake in it; with a mistake it is not to be used."""
    wrong: list[Mistake] = []
    zone = (_taken(wrong, "zone", known_zone, said["zone"]) or "") if said.get("zone") else ""
    etd = _taken(wrong, "etd", lambda text: departure(text, zone or readers.zone, readers.day), said.get("etd", ""))
    line = ShipmentLine(
        number=said.get("number", ""), product=said.get("product", ""), quantity=_quantity(wrong, said),
        autonomous=_yes_no(wrong, said), destination=readers.market(said.get("destination", "")),
        etd=etd.day if etd else None, at=etd.at if etd else None, zone=_zone(etd, zone, readers),
        customer=said.get("customer", ""), consignee=said.get("consignee", ""),
        incoterm=_taken(wrong, "incoterm", incoterm_of, said.get("incoterm", "")) or "",
        owner=_person(wrong, said.get("owner", ""), readers),
        state=_taken(wrong, "state", state_of, said.get("state", "")) or "")
    told = {mistake.field for mistake in wrong}
    wrong += [_lacking(name, said.get(name, "")) for name in line.missing() if name not in told]
    return line, wrong


def further_goods(lines: Iterable[Mapping[str, str]]) -> tuple[tuple[Goods, ...], list[Mistake]]:
    """The product lines beyond the first, each with product, quantity, autonomous."""
    wrong: list[Mistake] = []
    goods = tuple(Goods(said.get("product", ""), _quantity(wrong, said), _yes_no(wrong, said)) for said in lines)
    wrong += [_lacking("product", "") for one in goods if not one.product]
    return goods, wrong


def _taken(wrong: list[Mistake], field: str, read: Callable[[str], T], said: str) -> T | None:
    try:
        return read(said)
    except BadInput as error:
        what, _, write = str(error).rstrip(".").partition("; ")
        wrong.append(Mistake(field, what, write, error.code, error.said))
        return None


def _quantity(wrong: list[Mistake], said: Mapping[str, str]) -> str:
    return _taken(wrong, "quantity", quantity_of, said.get("quantity", "")) or ""


def _zone(etd: Departure | None, zone: str, readers: Readers) -> str:
    """The zone where one was named, with the date or in its own field."""
    return etd.zone if etd and etd.zone != readers.zone else zone or ""


def _yes_no(wrong: list[Mistake], said: Mapping[str, str]) -> str:
    autonomous = said.get("autonomous", "")
    if autonomous.lower() not in YES_NO:
        what = f"{autonomous!r} does not say whether it decides by itself"
        wrong.append(Mistake("autonomous", what, "write yes or no, or leave it empty", "no_yes_no", {"said": autonomous}))
    return YES_NO.get(autonomous.lower(), "")


def _person(wrong: list[Mistake], said: str, readers: Readers) -> str:
    found = readers.person(said) if said else ""
    if said and not found:
        what = f"nobody here has the address {said!r}"
        wrong.append(Mistake("owner", what, "write the e-mail of a colleague, or leave it empty", "no_colleague", {"said": said}))
    return found


def _lacking(name: str, said: str) -> Mistake:
    if not said:
        return Mistake(name, f"{name} is empty", f"write the {name}", "empty", {"field": FieldName(name)})
    if name == "destination":
        return Mistake(name, f"the destination {said!r} is not known or not one place", "write a market, city or port",
                       "no_place", {"said": said})
    if name == "etd":
        return Mistake(name, f"{said!r} is no clear date", "write it as 2026-12-31", "no_clear_date", {"said": said})
    return Mistake(name, f"{said!r} cannot be used", "", "unusable", {"said": said})

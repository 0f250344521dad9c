"""A shipment: which goods leave, where to, when, and the filings they wait for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.filing import Filing
from bot.domain.rows import from_row
from bot.errors import BadInput

NUMBER = re.compile(r"\b([A-Z]{2,6}(?:-\d[\w-]{0,20}|\d[\w-]{1,20}))\b", re.ASCII)
SUFFIX = re.compile(r"(?:[-/._](?:\d{1,2}|[A-Z])|(?<=\d)[A-Z])$")
"""What a part of a split order carries behind the order's number: SO-4711-2, SO-4711/B, SO-4711B."""
STATES = ("planned", "sailed", "cancelled")
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP", "DAT")
"""Incoterms 2020, and DAT of 2010, which contracts still name."""
WORST_FIRST = ("in_scope", "needs_review", "out_of_scope")


@dataclass(frozen=True, slots=True)
class Goods:
    """One product line; `quantity` as it was written, `verdict` what the rules say, `filing` the one that covers it."""

    product: str
    quantity: str = ""
    autonomous: str = ""
    """"yes" or "no" as somebody said of this shipment; "" where nobody did."""
    verdict: str = ""
    basis: str = ""
    """Whose word on autonomy was used: "said", "catalogue", or "" where nobody says."""
    filing: str = ""

    @property
    def unfiled(self) -> bool:
        """In scope, and no filing covers it."""
        return self.verdict == "in_scope" and not self.filing


@dataclass(frozen=True, slots=True)
class Shipment:
    """One shipment; `etd` is a date in `zone`; `number` is the company's order or shipment number, unique."""

    id: str
    number: str
    goods: tuple[Goods, ...]
    destination: str
    etd: date
    zone: str
    owner: str
    added_by: str
    added_at: datetime
    customer: str = ""
    consignee: str = ""
    incoterm: str = ""
    """As "FOB" or "FOB Shanghai"."""
    at: datetime | None = None
    """The instant of the ETD (UTC) where a time is known; `etd` is its date in `zone`."""
    state: str = "planned"
    """One of STATES."""
    told: str = ""
    """The message in which its owner was told that goods in scope have no filing."""

    @property
    def product(self) -> str:
        """What is shipped, as one text."""
        return ", ".join(goods.product for goods in self.goods)

    @property
    def verdict(self) -> str:
        """The gravest of its goods: one product in scope holds the whole shipment."""
        return min((goods.verdict for goods in self.goods if goods.verdict), key=WORST_FIRST.index, default="")

    @property
    def filings(self) -> tuple[str, ...]:
        """The filings that cover goods of it."""
        return tuple(dict.fromkeys(goods.filing for goods in self.goods if goods.filing))

    @property
    def filing(self) -> str:
        """The filing that covers it, the first one where there are several; "" while goods in scope have none."""
        return "" if self.unfiled else next(iter(self.filings), "")

    @property
    def unfiled(self) -> tuple[Goods, ...]:
        """Goods in scope that no filing covers, of a shipment that is still to leave."""
        return self.lacking if self.state == "planned" else ()

    @property
    def lacking(self) -> tuple[Goods, ...]:
        """Goods in scope that no filing covers, whether it is still to leave or not."""
        return tuple(goods for goods in self.goods if goods.unfiled)


def shipment_from(row: Mapping[str, Any]) -> Shipment:
    """The shipment a row holds; rows of version 0.1 knew one product."""
    if "goods" in row:
        return from_row(Shipment, dict(row))
    goods = {"product": row["product"], "verdict": row.get("verdict", ""), "filing": row.get("filing", "")}
    return from_row(Shipment, dict(row) | {"goods": [goods]})


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    """A shipment as somebody gave it, not yet stored; "" or None where it was not said."""

    number: str = ""
    product: str = ""
    destination: str = ""
    etd: date | None = None
    customer: str = ""
    owner: str = ""
    autonomous: str = ""
    quantity: str = ""
    consignee: str = ""
    incoterm: str = ""
    zone: str = ""
    at: datetime | None = None
    state: str = ""
    further: tuple[Goods, ...] = ()
    """The product lines beyond the first."""

    @property
    def goods(self) -> tuple[Goods, ...]:
        """All product lines, not yet judged."""
        return (Goods(self.product, self.quantity, self.autonomous), *self.further)

    def missing(self) -> tuple[str, ...]:
        """What a shipment cannot do without and this line lacks."""
        needed = {"number": self.number, "product": self.product, "destination": self.destination, "etd": self.etd}
        return tuple(name for name, value in needed.items() if not value)


def merged(first: ShipmentLine, other: ShipmentLine) -> ShipmentLine | None:
    """Two lines of one number as one shipment of their goods together; None where they contradict each other."""
    goods = {one.product: one for one in first.goods}
    if _apart_from_goods(first) != _apart_from_goods(other):
        return None
    if any(goods.get(one.product, one) != one for one in other.goods):
        return None
    goods |= {one.product: one for one in other.goods}
    return replace(first, further=tuple(goods.values())[1:])


def _apart_from_goods(line: ShipmentLine) -> ShipmentLine:
    return replace(line, number=plain_number(line.number), product="", quantity="", autonomous="", further=())


def covers(filing: Filing, shipment: Shipment, product: str) -> bool:
    """Whether the filing is for this product and planned for no later than it leaves; a filing for no customer is for all."""
    same = filing.product == product and shipment.destination in filing.destinations
    return same and filing.customer in ("", shipment.customer) and filing.etd <= shipment.etd


def plain_number(number: str) -> str:
    """A shipment's number as it is kept: the same however it was typed."""
    return "".join(number.split()).upper()


def order_of(number: str) -> str:
    """The number of the order that a part was split from ("SO-4711-2" → "SO-4711"), or "" where it is none by its form."""
    bare = SUFFIX.sub("", number)
    return bare if bare != number else ""


def number_in(text: str) -> str:
    """The first order or shipment number in a text ("SO-4711"), or ""."""
    found = NUMBER.search(text)
    return found.group(1) if found else ""


def incoterm_of(said: str) -> str:
    """The delivery term as it is kept ("fob shanghai" → "FOB shanghai"). BadInput where it is none."""
    term, _, place = said.strip().partition(" ")
    if not term or term.upper() in INCOTERMS:
        return f"{term.upper()} {place.strip()}".strip()
    raise BadInput(f"{term!r} is no Incoterm; write one of {', '.join(INCOTERMS)}, with the place behind it if you like").named(
        "no_incoterm", said=term, known=INCOTERMS)


def incoterm_in(text: str) -> str:
    """The delivery term a sentence names in capitals ("… FOB, to Hamburg"), or ""."""
    found = re.search(rf"\b({'|'.join(INCOTERMS)})\b", text)
    return found[1] if found else ""


SAID_STATES = {"planned": "planned", "open": "planned", "计划": "planned", "计划中": "planned", "sailed": "sailed",
               "shipped": "sailed", "departed": "sailed", "已开船": "sailed", "已发运": "sailed", "已离港": "sailed",
               "cancelled": "cancelled", "canceled": "cancelled", "取消": "cancelled", "已取消": "cancelled"}


def state_of(said: str) -> str:
    """Where it stands, as one of STATES; "" for nothing said. BadInput where it is none."""
    if said.strip() and said.strip().casefold() not in SAID_STATES:
        raise BadInput(f"{said.strip()!r} is no state of a shipment; write {', '.join(STATES)}").named(
            "no_state", said=said.strip())
    return SAID_STATES.get(said.strip().casefold(), "")


UNIT = r"\s*(?:pcs?\.?|pieces?|units?|台|件|个|套)?"
QUANTITY = r"\s+(?:x\s+|×\s*|\*\s*)([-+]?[0-9](?:[0-9.,]*[0-9])?|[^\s0-9]\S*)"
"""What stands where the pieces of a product are written: "FaceGate 300 × 40", also where it is no number of them."""
IN_UNITS = r"\s+([1-9][0-9]{0,5})(?=\s*(?:pcs?\b|pieces?\b|units?\b|台|件|个|套))"
"""Pieces behind a product's name without a sign between, which only their unit tells from its number: "FaceGate 300 40台"."""
NUMBER_OF = re.compile(rf"([1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+|[1-9][0-9]{{0,8}})(?:[.,]0{{1,2}})?{UNIT}", re.IGNORECASE)


def pieces(said: str) -> int:
    """A number of pieces: a positive whole number ("1,000", "40.0", "40 pcs", "40台" too). BadInput where it is none."""
    found = NUMBER_OF.fullmatch(said.strip())
    if found:
        return int(found[1].replace(",", ""))
    raise BadInput(f"{said!r} is no number of pieces; write a whole number from 1 on").named("no_pieces", said=said)


def quantity_of(said: str) -> str:
    """A quantity as it is kept: digits, or "" for nothing said. BadInput where it is no number of pieces."""
    return str(pieces(said)) if said.strip() else ""


def quantity_after(text: str, product: str) -> str:
    """What a text gives as the number of pieces behind a product's name, as it is written, or ""."""
    found = next(filter(None, (re.search(re.escape(product) + said, text, re.IGNORECASE) for said in (QUANTITY, IN_UNITS))), None)
    return found.group(1) if found else ""


def count_before(text: str, product: str) -> str:
    """The pieces a text gives before a product's name, as they are written with what joins them ("40 pcs of "), or ""."""
    counted = rf"([1-9][0-9]{{0,5}}{UNIT}\s*(?:[x×*]|\bof\b)?\s*)"
    found = re.search(rf"(?:^|[,;，；、&+]|\band\b|[和与])\s*{counted}{re.escape(product)}", text.strip(), re.IGNORECASE)
    return found[1] if found else ""


def goods_in(text: str) -> tuple[Goods, ...]:
    """Product lines as people write them, one a line: "IrisLock Pro × 10". BadInput where that is no number of pieces."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    found = [(re.fullmatch(rf"(.+?)(?:{QUANTITY}{UNIT})?", line, re.IGNORECASE), line) for line in lines]
    return tuple(Goods(match[1], quantity_of(match[2] or "")) if match else Goods(line) for match, line in found)

"""A shipment: what leaves, where to, when, and the filing it waits for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.filing import Filing

NUMBER = re.compile(r"\b([A-Z]{2,6}-?\d[\w-]{1,20})\b")


@dataclass(frozen=True, slots=True)
class Shipment:
    """One shipment; `etd` is a date in `zone`; `number` is the company's order or shipment number, unique."""

    id: str
    number: str
    product: str
    destination: str
    etd: date
    zone: str
    owner: str
    added_by: str
    added_at: datetime
    customer: str = ""
    filing: str = ""
    verdict: str = ""
    determination: str = ""
    state: str = "planned"
    """planned, sailed or cancelled."""


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

    def missing(self) -> tuple[str, ...]:
        """What a shipment cannot do without and this line lacks."""
        needed = {"number": self.number, "product": self.product, "destination": self.destination, "etd": self.etd}
        return tuple(name for name, value in needed.items() if not value)


def covers(filing: Filing, shipment: Shipment) -> bool:
    """Whether the filing is for these goods and planned for no later than they leave; a filing for no customer is for all."""
    same = filing.product == shipment.product and shipment.destination in filing.destinations
    return same and filing.customer in ("", shipment.customer) and filing.etd <= shipment.etd


def plain_number(number: str) -> str:
    """A shipment's number as it is kept: the same however it was typed."""
    return "".join(number.split()).upper()


def number_in(text: str) -> str:
    """The first order or shipment number in a text ("SO-4711"), or ""."""
    found = NUMBER.search(text)
    return found.group(1) if found else ""

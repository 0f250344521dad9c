"""Which shipments somebody wants to see, by the words of a list of filings or any words of their own; next to leave first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date

from bot.domain.shipment import Shipment
from bot.domain.standing import Wanted

Said = Callable[[Shipment], str]
"""All that is told of a shipment, in lower case, to be looked through."""


def sought(known: Iterable[Shipment], wanted: Wanted, words: Collection[str], person: str, today: date, said: Said,
           held: Callable[[Shipment], bool]) -> list[Shipment]:
    """Those still to leave, the next first; then those whose ETD has passed and of which nobody said that they sailed."""
    found = [one for one in known if _fits(one, wanted, person, today) and all(word in said(one) for word in words)]
    found = [one for one in found if not wanted.hold or held(one)]
    return sorted(found, key=lambda one: (one.etd < today, one.etd, one.number))


def _fits(one: Shipment, wanted: Wanted, person: str, today: date) -> bool:
    """`late` is an ETD behind us; a shipment waits for no authority, only its filing does."""
    asked = ((wanted.mine, person in (one.owner, one.added_by)), (wanted.late, one.etd < today), (wanted.waiting, False),
             (not wanted.closed, one.state == "planned"), (wanted.until is not None, one.etd <= (wanted.until or one.etd)))
    return all(true for want, true in asked if want)

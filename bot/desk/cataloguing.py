"""Product names against the catalogue: shipments may carry others, but whoever writes one is told, with what may be meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.reading import read
from bot.domain.terms import Phrase, meant
from bot.ports import Desk

Strange = Callable[[str], Phrase | None]
"""A product's name to what to write instead, None for one that is in the catalogue."""


def strange_to(desk: Desk, now: datetime) -> Strange:
    """Names that are neither name, number nor alias of a catalogue product; what is meant is proposed, never taken."""
    known = {said for product in desk.catalogue for said in (product.name, product.sku, *product.aliases)}
    names, today = {product.name for product in desk.catalogue}, now.astimezone(ZoneInfo(desk.zone)).date()

    def strange(said: str) -> Phrase | None:
        if said in known or not known:
            return None
        reading = read(said, today, desk.lexicon)
        if names.intersection(product.name for product in reading.products):
            return None
        near = next((doubt.candidates for doubt in reading.doubts if doubt.about == "product"), ())
        return meant(" / ".join(near)) if near else Phrase("check its name, or have it added to the catalogue", "check_name")

    return strange

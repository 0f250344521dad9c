"""Product names against the catalogue: shipments may carry others, but whoever writes one is told, with what may be meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Product
from bot.domain.reading import read
from bot.domain.reading.lexicon import normal_name
from bot.domain.terms import Phrase, meant
from bot.ports import Desk

Strange = Callable[[str], Phrase | None]
"""A product's name to what to write instead, None for one that is in the catalogue."""


def product_named(desk: Desk, name: str) -> Product | None:
    """The catalogue's product of this name, number or alias, spelt in whatever way a question may spell it; None for none."""
    exact = next((product for product in desk.catalogue if name in (product.name, product.sku)), None)  # mostly, and fast
    return exact or _spellings(desk.catalogue).get(normal_name(name))


def name_of(desk: Desk, said: str) -> str:
    """The name under which filings and shipments know a product of the catalogue; any other as it was said."""
    product = product_named(desk, said)
    return product.name if product else said


@lru_cache(maxsize=4)
def _spellings(catalogue: tuple[Product, ...]) -> Mapping[str, Product]:
    found = {normal_name(said): product for product in catalogue for said in (*product.aliases, product.sku, product.name)}
    return {name: product for name, product in found.items() if name}


def strange_to(desk: Desk, now: datetime) -> Strange:
    """Names that are neither name, number nor alias of a catalogue product; what is meant is proposed, never taken."""
    names, today = {product.name for product in desk.catalogue}, now.astimezone(ZoneInfo(desk.zone)).date()

    def strange(said: str) -> Phrase | None:
        if not names or product_named(desk, said):
            return None
        reading = read(said, today, desk.lexicon)
        if names.intersection(product.name for product in reading.products):
            return None
        near = next((doubt.candidates for doubt in reading.doubts if doubt.about == "product"), ())
        return meant(" / ".join(near)) if near else Phrase("check its name, or have it added to the catalogue", "check_name")

    return strange

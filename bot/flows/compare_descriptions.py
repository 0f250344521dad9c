"""Descriptions of a product are read and laid side by side: the catalogue's two, two texts, or a message and the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.catalogue import Product
from bot.domain.deciding import decide
from bot.domain.description_gap import Comparison, Side, compare, decided_in, side_of
from bot.domain.facts import Verdict
from bot.domain.reading import read
from bot.errors import BadInput, NotFound
from bot.ports import Desk

EXPORTED = {"export": "yes"}
"""Descriptions say nothing of a delivery; what they lead to is shown for goods that leave the mainland."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison and what each side would lead to if the product left mainland China."""

    comparison: Comparison
    verdicts: dict[str, Verdict]
    """Side name to verdict."""


def compare_product(desk: Desk, named: str, today: date) -> Compared:
    """The two descriptions of one catalogue product, by SKU, name or alias. NotFound when the catalogue has none."""
    return _catalogue_sides(desk, product_named(desk, named, today), today)


def compare_catalogue(desk: Desk, today: date) -> Iterator[Compared]:
    """Every product of the catalogue, in its order."""
    return (_catalogue_sides(desk, product, today) for product in desk.catalogue)


def compare_texts(desk: Desk, internal: str, sales: str, today: date, name: str = "") -> Compared:
    """Two texts about one product. BadInput when one of them is empty."""
    if not internal.strip() or not sales.strip():
        raise BadInput("Two descriptions are needed; one of them is empty.").named("no_description")
    return _compared(desk, compare(name, [_read(desk, "internal", internal, today), _read(desk, "sales", sales, today)]), today)


def compare_message(desk: Desk, text: str, today: date) -> list[Compared]:
    """A message beside the internal description and what was decided, for each catalogue product it names; [] for none."""
    products = named_in(desk, text, today)
    return [_beside_message(desk, product, text, today, alone=len(products) == 1) for product in products]


def product_named(desk: Desk, named: str, today: date) -> Product:
    """The catalogue's product of this SKU, name or alias, however it is spaced. NotFound."""
    exact = [product for product in desk.catalogue if named.strip().casefold() in _names(product)]
    found = exact or named_in(desk, named, today)
    if len(found) != 1:
        raise NotFound(f'The catalogue has no product "{named.strip()}"; write a SKU or a name as it stands there.').named(
            "no_product", name=named.strip())
    return found[0]


def named_in(desk: Desk, text: str, today: date) -> list[Product]:
    """The catalogue products a text names, in its order."""
    names = {product.name for product in read(text, today, desk.lexicon).products}
    return [product for product in desk.catalogue if product.name in names]


def _names(product: Product) -> set[str]:
    return {name.casefold() for name in (product.sku, product.name, *product.aliases)}


def _catalogue_sides(desk: Desk, product: Product, today: date) -> Compared:
    texts = [_read(desk, "internal", product.internal, today), _read(desk, "sales", product.sales, today)]
    return _compared(desk, compare(product.name, [*texts, decided_in(product)], product.sku), today)


def _beside_message(desk: Desk, product: Product, text: str, today: date, *, alone: bool) -> Compared:
    about = read(text, today, desk.lexicon)
    spoken = about if alone else replace(about, products=tuple(p for p in about.products if p.name == product.name))
    sides = [_read(desk, "internal", product.internal, today), side_of("message", spoken), decided_in(product)]
    return _compared(desk, compare(product.name, sides, product.sku), today)


def _read(desk: Desk, side: str, text: str, today: date) -> Side:
    return side_of(side, read(text, today, desk.lexicon))


def _compared(desk: Desk, comparison: Comparison, today: date) -> Compared:
    ruleset = desk.rulesets[desk.ruleset]
    facts = {side.name: ruleset.only_used({**side.facts(), **EXPORTED}) for side in comparison.sides}
    return Compared(comparison, {name: decide(ruleset, said, today).verdict for name, said in facts.items()})

"""What two descriptions of one product say differently: fact by fact, with the words each side was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.catalogue import Product
from bot.domain.facts import Evidence, Reading
from bot.domain.ruling import UNKNOWN

DESCRIBED = ("category", "autonomous")
"""The facts a product description can state; whether goods leave the country is said of a delivery."""
DIFFERS, SILENT = "differs", "silent"


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says of one fact; several values are one text contradicting itself."""

    values: tuple[str, ...] = ()
    words: tuple[Evidence, ...] = ()

    @property
    def value(self) -> str:
        """The value, or "unknown" where nothing or more than one thing is said."""
        return self.values[0] if len(self.values) == 1 else UNKNOWN


@dataclass(frozen=True, slots=True)
class Side:
    """One description: `name` is internal, sales, message or catalogue; the catalogue states facts without a text."""

    name: str
    said: Mapping[str, Said]
    text: str = ""
    marked: tuple[str, ...] = ()
    """Phrases the reader could not decide (contradictions, hedges)."""

    def facts(self) -> dict[str, str]:
        """Fact name to value, "unknown" included."""
        return {fact: self.on(fact).value for fact in DESCRIBED}

    def on(self, fact: str) -> Said:
        """What it says of a fact."""
        return self.said.get(fact, Said())


@dataclass(frozen=True, slots=True)
class Gap:
    """One fact the sides do not agree on: they differ, or one says nothing of what another states."""

    fact: str
    kind: str
    sides: tuple[Side, ...]
    """Every side that was compared, in the order given."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One product's sides and the gaps between them; none means they agree as far as they go."""

    name: str
    sides: tuple[Side, ...]
    gaps: tuple[Gap, ...]
    sku: str = ""
    missing: tuple[str, ...] = field(default=())
    """Sides without any text."""

    @property
    def differing(self) -> tuple[Gap, ...]:
        """The gaps where two sides contradict each other."""
        return tuple(gap for gap in self.gaps if gap.kind == DIFFERS)


def side_of(name: str, reading: Reading) -> Side:
    """One description as read; a text that speaks of several products says what all of them together say."""
    said = {fact: _said(fact, reading) for fact in DESCRIBED}
    doubts = tuple(dict.fromkeys(doubt.words for doubt in reading.doubts if doubt.about in DESCRIBED))
    return Side(name, said, reading.text, doubts)


def decided_in(product: Product) -> Side:
    """What the catalogue itself has decided of a product."""
    values = {"category": str(product.category), "autonomous": str(product.autonomous)}
    return Side("catalogue", {fact: Said((value,)) for fact, value in values.items() if value != UNKNOWN})


def compare(name: str, sides: Sequence[Side], sku: str = "") -> Comparison:
    """Compare sides that speak of the same product. A side without a text, unless the catalogue, is named as missing."""
    missing = tuple(side.name for side in sides if not side.text.strip() and side.name != "catalogue")
    speaking = tuple(side for side in sides if side.name not in missing)
    gaps = (_gap(fact, speaking) for fact in DESCRIBED)
    return Comparison(name, speaking, tuple(gap for gap in gaps if gap), sku, missing)


def _said(fact: str, reading: Reading) -> Said:
    found = [(str(getattr(product, fact)), product.evidence.get(fact, ())) for product in reading.products]
    words = dict.fromkeys(item for value, items in found if value != UNKNOWN or fact == "autonomous" for item in items)
    return Said(tuple(dict.fromkeys(value for value, _ in found if value != UNKNOWN)), tuple(words))


def _gap(fact: str, sides: Sequence[Side]) -> Gap | None:
    said = [side.on(fact).values for side in sides]
    if len(_known(said)) > 1:
        return Gap(fact, DIFFERS, tuple(sides))
    silent = [side for side in sides if side.text and not side.on(fact).values]
    return Gap(fact, SILENT, tuple(sides)) if silent and _known(said) else None


def _known(said: Iterable[tuple[str, ...]]) -> set[str]:
    return {value for values in said for value in values}

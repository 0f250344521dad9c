"""One row of a catalogue or order book is judged: what its columns state, what the catalogue has decided, what its words say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from bot.domain.catalogue import Product
from bot.domain.deciding import judge
from bot.domain.facts import READ_FACTS, Category, Reading, Truth
from bot.domain.reading import read
from bot.domain.reading.lexicon import normal_name
from bot.domain.ruling import UNKNOWN
from bot.domain.screened_row import Mistake, RowText, Screened, Source
from bot.ports import Desk

KEPT_ROWS = 4096
"""Order books repeat themselves; so many rows are remembered."""
_YES = frozenset({"yes", "y", "true", "1", "是", "有"})
_NO = frozenset({"no", "n", "false", "0", "否", "无"})


class Screener:
    """Judges rows on one day; the same row always gives the same answer, whatever stands around it."""

    def __init__(self, desk: Desk, today: date, *, exported: bool = False) -> None:
        self._exported = exported
        self._ruleset = desk.rulesets[desk.ruleset]
        self._judge = judge(self._ruleset, today)
        self._by_name = {name: product for product in desk.catalogue for name in _names(product)}
        self._kept = lru_cache(maxsize=KEPT_ROWS)(self._screened)
        self._read = lru_cache(maxsize=KEPT_ROWS)(lambda text: read(text, today, desk.lexicon))

    def __call__(self, row: RowText) -> Screened:
        """The row judged."""
        return self._kept(row)

    def unreadable(self, kind: str) -> Screened:
        """A line that could not be read as a row: nothing is known of it."""
        return Screened(self._judge({}), {}, (Mistake(kind),))

    def _screened(self, row: RowText) -> Screened:
        mistakes: list[Mistake] = []
        sources = {fact: tuple(found) for fact, found in self._sources(row, mistakes).items()}
        if not (row.product or row.sku or any(row.texts)):
            mistakes.append(Mistake("nothing"))
        facts = {fact: _agreed(found) for fact, found in sources.items()}
        return Screened(self._judge(self._ruleset.only_used(facts)), sources, tuple(mistakes))

    def _sources(self, row: RowText, mistakes: list[Mistake]) -> dict[str, list[Source]]:
        found: dict[str, list[Source]] = {fact: [] for fact in READ_FACTS}
        for fact, said in (("category", row.category), ("autonomous", row.autonomous), ("export", row.export)):
            self._stated(found[fact], fact, said, mistakes)
        self._from_catalogue(found, row)
        for text in filter(None, (row.product or row.sku, *row.texts)):
            _from_words(found, self._read(text))
        self._delivered(found["export"], row.destination, mistakes)
        return found

    def _stated(self, found: list[Source], fact: str, said: str, mistakes: list[Mistake]) -> None:
        value = self._value(fact, said)
        if value is None:
            mistakes.append(Mistake("not_a_value", said, fact))
        elif value != UNKNOWN:
            found.append(Source("column", value))

    def _value(self, fact: str, said: str) -> str | None:
        """The registered value a cell names, "unknown" for none, None for what is no value."""
        plain = said.strip().casefold()
        if plain in ("", UNKNOWN, "未知", "?", "-"):
            return UNKNOWN
        if fact != "category":
            return str(Truth.YES) if plain in _YES else str(Truth.NO) if plain in _NO else None
        if fact not in {known.name for known in self._ruleset.facts}:
            return plain if plain in set(Category) else None
        labels = {label.casefold(): entry.value for entry in self._ruleset.fact(fact).values
                  for label in (entry.value, entry.label.en, entry.label.zh)}
        return labels.get(plain)

    def _from_catalogue(self, found: dict[str, list[Source]], row: RowText) -> None:
        product = self._by_name.get(normal_name(row.sku)) or self._by_name.get(normal_name(row.product))
        for fact, value in (("category", product.category), ("autonomous", product.autonomous)) if product else ():
            if value != UNKNOWN:
                found[fact].append(Source("catalogue", str(value)))

    def _delivered(self, found: list[Source], destination: str, mistakes: list[Mistake]) -> None:
        if destination.strip():
            reading = self._read(f"ship to {destination}")
            before = len(found)
            _add(found, "export", reading)
            if len(found) == before:
                mistakes.append(Mistake("destination", destination.strip()))
        elif self._exported and not found:
            found.append(Source("assumed", str(Truth.YES)))


def _names(product: Product) -> Iterable[str]:
    return filter(None, map(normal_name, (product.sku, product.name, *product.aliases)))


def _from_words(found: dict[str, list[Source]], reading: Reading) -> None:
    for fact in READ_FACTS:
        _add(found[fact], fact, reading)


def _add(found: list[Source], fact: str, reading: Reading) -> None:
    """What one text says of a fact; a text that contradicts itself says both."""
    for product in reading.products:
        value = str(getattr(product, fact))
        if value != UNKNOWN:
            found.append(Source("words", value, tuple(product.evidence.get(fact, ()))))
    if fact == "autonomous" and any(doubt.about == fact and doubt.reason == "contradiction" for doubt in reading.doubts):
        words = tuple(item for product in reading.products for item in product.evidence.get(fact, ()))
        found += [Source("words", str(Truth.YES), words), Source("words", str(Truth.NO), words)]


def _agreed(found: tuple[Source, ...]) -> str:
    values = {source.value for source in found}
    return values.pop() if len(values) == 1 else UNKNOWN

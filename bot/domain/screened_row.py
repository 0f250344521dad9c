"""A row of a catalogue or order book: what it says, what was decided of it, and where each fact comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.deciding import Decision
from bot.domain.facts import Evidence


@dataclass(frozen=True, slots=True)
class RowText:
    """What a row says, cell by cell; "" where it says nothing. `texts` are descriptions or questions."""

    product: str = ""
    sku: str = ""
    texts: tuple[str, ...] = ()
    destination: str = ""
    category: str = ""
    autonomous: str = ""
    export: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a fact: `kind` is column, catalogue, words or assumed; `words` only where it was read."""

    kind: str
    value: str
    words: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the row that cannot be used; `kind` names its sentence."""

    kind: str
    """nothing, not_a_value, destination; of the file: too_many_cells, not_csv."""
    said: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Screened:
    """A row's decision, where each fact comes from, and what is wrong with the row."""

    decision: Decision
    sources: Mapping[str, tuple[Source, ...]]
    mistakes: tuple[Mistake, ...] = ()

    def disagreeing(self) -> list[str]:
        """Facts on which the sources contradict each other; they count as unknown."""
        return [fact for fact, found in self.sources.items() if len({source.value for source in found}) > 1]

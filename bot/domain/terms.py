"""Values of sentences that each language names in its own way; a tuple is a list of names, a date or a Wording says itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field of a shipment, called as in its form."""

    name: str


@dataclass(frozen=True, slots=True)
class Headings:
    """Columns of a table of shipments, by a heading that is understood."""

    names: tuple[str, ...]

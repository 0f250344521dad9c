"""Shipments as an ERP sends them: JSON objects with our field names and their product lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.datafiles.shipment_fields import FIELDS, Mistake, Readers, further_goods, read_fields
from bot.domain.shipment import ShipmentLine
from bot.domain.terms import did_you_mean

LINE_FIELDS = ("product", "quantity", "autonomous")


@dataclass(frozen=True, slots=True)
class RecordRead:
    """The line an object says, None where something is wrong with it."""

    line: ShipmentLine | None
    wrong: tuple[str, ...] = ()


def read_record(record: Mapping[str, Any], readers: Readers) -> RecordRead:
    """Read {"number", "destination", "etd", …, "lines": [{"product", "quantity"}]}, or "product" itself for one line."""
    lines = record.get("lines", [{name: record[name] for name in LINE_FIELDS if name in record}])
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        return RecordRead(None, ('lines: write a list of product lines, as [{"product": "FaceGate 300", "quantity": 40}]',))
    wrong = [*_strange(record, (*FIELDS, "lines"), ""), *(one for line in lines for one in _strange(line, LINE_FIELDS, "lines."))]
    line, mistakes = read_fields(_texts(record) | _texts(lines[0]), readers)
    further, others = further_goods(map(_texts, lines[1:]))
    wrong += [*mistakes, *others]
    return RecordRead(None, tuple(map(str, wrong))) if wrong else RecordRead(replace(line, further=further))


def _strange(record: Mapping[str, Any], known: tuple[str, ...], within: str) -> list[Mistake]:
    """Fields nobody knows, and values that are neither text nor number."""
    unknown = [name for name in record if name not in known]
    wrong = [Mistake(within + name, "this field is not known", did_you_mean(name, known)) for name in unknown]
    return wrong + [Mistake(within + name, "this is neither text nor a number") for name, value in record.items()
                      if name in known and name != "lines" and not isinstance(value, str | int | float | None)]


def _texts(record: Mapping[str, Any]) -> dict[str, str]:
    """Values as text; numbers as people write them, true and false as yes and no."""
    return {name: _text(value) for name, value in record.items() if isinstance(value, str | int | float) and name != "lines"}


def _text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()

"""Shipments from a CSV or spreadsheet, or from pasted lines: good lines as values, bad ones as findings at line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.datafiles.findings import Finding
from bot.datafiles.tables import Table, read_table
from bot.domain.shipment import ShipmentLine
from bot.errors import BadFile

COLUMNS = {
    "number": ("number", "shipment", "order", "order number", "shipment number", "no", "编号", "订单号", "单号"),
    "product": ("product", "model", "item", "产品", "型号"),
    "destination": ("destination", "country", "to", "目的地", "国家"),
    "etd": ("etd", "ship date", "date", "船期", "发货日期"),
    "customer": ("customer", "consignee", "客户", "收货人"),
    "autonomous": ("autonomous", "decides by itself", "自主"),
}
"""Our columns and the headings people give them (any case)."""
NEEDED = ("number", "product", "destination", "etd")

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Readers:
    """How cells are understood: a place as ISO alpha-2 or "", a date or None."""

    market: Callable[[str], str]
    day: Callable[[str], date | None]


@dataclass(frozen=True, slots=True)
class ShipmentsRead:
    """What a table held: `lines` can be imported, `findings` say what is wrong with the others."""

    lines: tuple[ShipmentLine, ...]
    findings: tuple[Finding, ...]


def read_shipments(path: Path, readers: Readers) -> ShipmentsRead:
    """Read a .csv or .xlsx. BadFile when it is no table at all or a needed column is missing."""
    if path.suffix.lower() == ".xlsx":
        return _from_lines(_sheet_lines(read_table(path, path.name)), [], path.name, readers)
    try:
        raw = path.read_bytes()
    except OSError:
        raise BadFile([f"{path.name}:0:0: this file cannot be read; check its name and rights"]) from None
    return read_text(_decoded(raw, path.name), path.name, readers)


def read_text(text: str, shown_as: str, readers: Readers) -> ShipmentsRead:
    """Read comma-, semicolon- or tab-separated lines with a heading line; every line stands alone, so one broken quote
    spoils one line only."""
    findings: list[Finding] = []
    return _from_lines(list(_lines(text, shown_as, findings)), findings, shown_as, readers)


def _from_lines(lines: list[tuple[int, Cells]], findings: list[Finding], shown: str, readers: Readers) -> ShipmentsRead:
    if not lines:
        raise BadFile([f"{shown}:1:1: there is no line to read; write a heading line ({', '.join(NEEDED)}) and one line each"])
    columns = _columns(lines[0], shown)
    found: dict[str, tuple[int, ShipmentLine]] = {}
    for number, cells in lines[1:]:
        line, wrong = _line(number, cells, columns, shown, readers)
        wrong += _contradiction(found, line, number, shown)
        findings += wrong
        if not wrong:
            found[line.number] = (number, line)
    return ShipmentsRead(tuple(line for _, line in found.values()), tuple(sorted(findings)))


def _columns(head: tuple[int, Cells], shown: str) -> dict[str, int]:
    names = {alias: ours for ours, aliases in COLUMNS.items() for alias in aliases}
    there = {names[cell.strip().lower()]: index for index, cell in enumerate(head[1]) if cell.strip().lower() in names}
    missing = [name for name in NEEDED if name not in there]
    if missing:
        at = f"{shown}:{head[0]}:1"
        raise BadFile([f"{at}: the column {name!r} is missing; add {name} to the heading line" for name in missing])
    return there


def _line(number: int, cells: Cells, columns: dict[str, int], shown: str,
          readers: Readers) -> tuple[ShipmentLine, list[Finding]]:
    said = {name: cells[index].strip() if index < len(cells) else "" for name, index in columns.items()}
    market, day = readers.market(said["destination"]), readers.day(said["etd"])
    line = ShipmentLine(number=said["number"], product=said["product"], destination=market, etd=day,
                        customer=said.get("customer", ""), autonomous=_autonomy(said.get("autonomous", "")))
    wrong = [Finding(shown, number, columns[name] + 1, *_what(name, said[name])) for name in line.missing()]
    wrong += [Finding(shown, number, len(columns) + 1, "this line has more cells than the heading line",
                      "put quotes round a text with commas")] if any(cell.strip() for cell in cells[_width(columns):]) else []
    return line, wrong


def _width(columns: dict[str, int]) -> int:
    return max(columns.values()) + 1


def _what(name: str, said: str) -> tuple[str, str]:
    if not said:
        return f"{name} is empty", f"write the {name}"
    return {"destination": (f"the destination {said!r} is not known or not one place", "write a country, city or port"),
            "etd": (f"{said!r} is no clear date", "write it as 2026-12-31")}.get(name, (f"{said!r} cannot be used", ""))


def _autonomy(said: str) -> str:
    return {"yes": "yes", "y": "yes", "是": "yes", "no": "no", "n": "no", "否": "no"}.get(said.lower(), "")


def _contradiction(found: dict[str, tuple[int, ShipmentLine]], line: ShipmentLine, number: int, shown: str) -> list[Finding]:
    before = found.get(line.number)
    if before is None or before[1] == line:
        return []
    return [Finding(shown, number, 1, f"{line.number} is already on line {before[0]} and says otherwise", "keep one of the two")]


def _lines(text: str, shown: str, findings: list[Finding]) -> Iterator[tuple[int, Cells]]:
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield number, next(csv.reader([line], delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration):
            findings.append(Finding(shown, number, line.find('"') + 1, "this line is not CSV", "check its quotes"))


def _decoded(raw: bytes, shown: str) -> str:
    if b"\0" in raw:
        raise BadFile([f"{shown}:1:1: this is not a text file; save it as CSV (UTF-8) or as .xlsx"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def _sheet_lines(table: Table) -> list[tuple[int, Cells]]:
    body: Iterable[tuple[int, Cells]] = ((row.line, [row.get(name) for name in table.columns]) for row in table.rows)
    return [(1, table.columns), *body]

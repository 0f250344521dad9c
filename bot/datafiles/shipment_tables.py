"""Shipments from a CSV or spreadsheet, or from pasted lines: good lines as values, bad ones as findings at line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bot.datafiles.findings import Finding
from bot.datafiles.tables import LARGEST_BYTES, Table, read_table
from bot.domain.shipment import ShipmentLine
from bot.errors import BadFile

COLUMNS = {
    "number": ("number", "shipment", "order", "order number", "shipment number", "no", "编号", "订单号", "单号"),
    "product": ("product", "model", "item", "产品", "型号"),
    "destination": ("destination", "market", "country", "to", "目的地", "市场", "国家"),
    "etd": ("etd", "ship date", "date", "船期", "发货日期"),
    "customer": ("customer", "consignee", "客户", "收货人"),
    "autonomous": ("autonomous", "decides by itself", "自主"),
}
"""Our columns and the headings people give them (any case)."""
NEEDED = ("number", "product", "destination", "etd")
NAMES = {alias: ours for ours, aliases in COLUMNS.items() for alias in aliases}
YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "是": "yes", "no": "no", "n": "no", "false": "no", "0": "no",
          "否": "no", "": "", "unknown": "", "?": "", "未知": "", "不明": ""}
DELIMITERS = ",;\t，"

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
    return read_text(_decoded(_bytes(path), path.name), path.name, readers)


def read_text(text: str, shown_as: str, readers: Readers) -> ShipmentsRead:
    """Read comma-, semicolon- or tab-separated lines with a heading line; every line stands alone, so one broken quote
    spoils one line only."""
    findings: list[Finding] = []
    return _from_lines(list(_lines(text, shown_as, findings)), findings, shown_as, readers)


def _from_lines(lines: list[tuple[int, Cells]], findings: list[Finding], shown: str, readers: Readers) -> ShipmentsRead:
    if not lines:
        raise BadFile([f"{shown}:1:1: there is no line to read; write a heading line ({', '.join(NEEDED)}) and one line each"])
    columns, width = _columns(lines[0], shown), len(lines[0][1])
    readers = Readers(cache(readers.market), cache(readers.day))  # a table names the same few places and days again and again
    found: dict[str, tuple[int, ShipmentLine]] = {}
    doubted: set[str] = set()
    for number, cells in lines[1:]:
        line, wrong = _line(number, cells, columns, shown, readers)
        wrong += _overflow(number, cells, width, shown)
        against = [] if wrong else _contradiction(found, line, number, shown)
        doubted |= {line.number} if against else set()
        findings += wrong + against
        if not wrong:
            found.setdefault(line.number, (number, line))
    return ShipmentsRead(tuple(line for key, (_, line) in found.items() if key not in doubted), tuple(sorted(findings)))


def _columns(head: tuple[int, Cells], shown: str) -> dict[str, int]:
    there: dict[str, int] = {}
    wrong = []
    for index, cell in enumerate(head[1]):
        name = NAMES.get(" ".join(cell.lower().split()))
        if name in there:
            first = head[1][there[name]].strip()
            wrong.append(str(Finding(shown, head[0], index + 1, f"{first!r} and {cell.strip()!r} both mean {name}", "keep one")))
        elif name:
            there[name] = index
    missing = [name for name in NEEDED if name not in there]
    wrong += [f"{shown}:{head[0]}:1: the column {name!r} is missing; add {name} to the heading line" for name in missing]
    if wrong:
        raise BadFile(wrong)
    return there


def _line(number: int, cells: Cells, columns: dict[str, int], shown: str,
          readers: Readers) -> tuple[ShipmentLine, list[Finding]]:
    said = {name: cells[index].strip() if index < len(cells) else "" for name, index in columns.items()}
    autonomous = said.get("autonomous", "")
    line = ShipmentLine(
        number=said["number"], product=said["product"], destination=readers.market(said["destination"]),
        etd=readers.day(said["etd"]), customer=said.get("customer", ""), autonomous=YES_NO.get(autonomous.lower(), ""))
    wrong = [Finding(shown, number, columns[name] + 1, *_what(name, said[name])) for name in line.missing()]
    if autonomous.lower() not in YES_NO:
        what = f"{autonomous!r} does not say whether it decides by itself"
        wrong.append(Finding(shown, number, columns["autonomous"] + 1, what, "write yes or no, or leave it empty"))
    return line, wrong


def _overflow(number: int, cells: Cells, width: int, shown: str) -> list[Finding]:
    if not any(cell.strip() for cell in cells[width:]):
        return []
    what = "this line has more cells than the heading line"
    return [Finding(shown, number, width + 1, what, "put quotes round a text with commas")]


def _what(name: str, said: str) -> tuple[str, str]:
    if not said:
        return f"{name} is empty", f"write the {name}"
    return {"destination": (f"the destination {said!r} is not known or not one place", "write a market, city or port"),
            "etd": (f"{said!r} is no clear date", "write it as 2026-12-31")}.get(name, (f"{said!r} cannot be used", ""))


def _contradiction(found: dict[str, tuple[int, ShipmentLine]], line: ShipmentLine, number: int, shown: str) -> list[Finding]:
    before = found.get(line.number)
    if before is None or before[1] == line:
        return []
    return [Finding(shown, number, 1, f"{line.number} is already on line {before[0]} and says otherwise",
                    "keep one of the two; neither is imported")]


def _lines(text: str, shown: str, findings: list[Finding]) -> Iterator[tuple[int, Cells]]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, next(csv.reader([line], delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration):
            findings.append(Finding(shown, number, line.find('"') + 1 or 1, "this line is not CSV", "check its quotes"))


def _bytes(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError:
        raise BadFile([f"{path.name}:0:0: this file cannot be read; check its name and rights"]) from None
    if len(raw) > LARGEST_BYTES:
        raise BadFile([f"{path.name}:0:0: the file has {len(raw):,} bytes; keep it under {LARGEST_BYTES:,}"])
    return raw


def _decoded(raw: bytes, shown: str) -> str:
    """UTF-8, UTF-16 as Excel's "Unicode text", or GB 18030; a line that is none of them is told."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw:
        raise BadFile([f"{shown}:1:1: this is not a text file; save it as CSV (UTF-8) or as .xlsx"])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            line = raw[:error.start].count(b"\n") + 1
    raise BadFile([f"{shown}:{line}:1: this line cannot be read as text; save the file as CSV (UTF-8)"])


def _sheet_lines(table: Table) -> list[tuple[int, Cells]]:
    body: Iterable[tuple[int, Cells]] = ((row.line, [row.get(name) for name in table.columns]) for row in table.rows)
    return [(1, table.columns), *body]

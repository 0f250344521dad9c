"""CSV and .xlsx files as rows of text that know their line."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.datafiles.findings import refuse
from bot.domain.terms import did_you_mean
from bot.errors import Finding

LARGEST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: column name (lower case) to trimmed text."""

    line: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell's text, "" when the column is not there."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head line; `columns` are lower-cased names in the order of the file."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def finding(self, row: Row, column: str, what: str, write: str = "", severity: str = "error") -> Finding:
        """A finding at a cell; `col` counts columns."""
        col = self.columns.index(column) + 1 if column in self.columns else 1
        return Finding(self.path, row.line, col, what, write, severity)

    def missing(self, needed: Iterable[str]) -> list[Finding]:
        """A finding for each column that has to be there and is not."""
        absent = [name for name in needed if name not in self.columns]
        return [Finding(self.path, 1, 1, f'the column "{name}" is missing', f"add {name} to the first line") for name in absent]

    def unknown(self, known: Sequence[str]) -> list[Finding]:
        """A finding for each column nobody knows."""
        strange = [(number, name) for number, name in enumerate(self.columns, 1) if name and name not in known]
        return [Finding(self.path, 1, col, f'unknown column "{name}"', did_you_mean(name, known)) for col, name in strange]


def read_table(path: Path, shown_as: str = "") -> Table:
    """Read .csv (UTF-8 or GB 18030, comma or semicolon or tab) or .xlsx (first sheet). Raises BadFile."""
    shown = shown_as or path.name
    raw = _bytes(path, shown)
    if path.suffix.lower() == ".xlsx":
        return table_from(_sheet(raw, shown), shown)
    return table_from(_lines(_text(raw, shown), shown), shown)


def table_from(lines: Iterable[tuple[int, Sequence[str]]], shown: str) -> Table:
    """A table from numbered lines of cells, the first one being the head. Raises BadFile when there is none."""
    filled = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
    if not filled:
        refuse([Finding(shown, 1, 1, "the file is empty", "write a head line and one line per entry")])
    columns = tuple(cell.strip().lower() for cell in filled[0][1])
    too_long = [_too_long(shown, number, len(columns)) for number, cells in filled[1:] if _overflows(cells, len(columns))]
    refuse([*too_long, *_doubled(shown, columns)])
    return Table(shown, columns, tuple(_row(number, columns, cells) for number, cells in filled[1:]))


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    return Row(number, {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name})


def _overflows(cells: Sequence[str], width: int) -> bool:
    return any(cell.strip() for cell in cells[width:])


def _too_long(shown: str, number: int, width: int) -> Finding:
    return Finding(shown, number, width + 1, "this line has more cells than the head line", "put quotes round commas in a text")


def _doubled(shown: str, columns: Sequence[str]) -> list[Finding]:
    seen = [(col, name) for col, name in enumerate(columns, 1) if name and name in columns[: col - 1]]
    return [Finding(shown, 1, col, f'the column "{name}" is there twice', "keep one") for col, name in seen]


def _bytes(path: Path, shown: str) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError:
        refuse([Finding(shown, 0, 0, "this file is missing or cannot be read", "check its name and rights")])
        raise
    if len(raw) > LARGEST_BYTES:
        refuse([too_large(shown, len(raw))])
    return raw


def _text(raw: bytes, shown: str) -> str:
    if b"\0" in raw:
        refuse([no_text(shown)])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
    refuse([no_text_line(shown, line)])
    return ""


def too_large(shown: str, size: int) -> Finding:
    """Of a file with more than LARGEST_BYTES."""
    what, most = f"the file has {size:,} bytes", f"{LARGEST_BYTES:,}"
    return Finding(shown, 0, 0, what, f"keep it under {most}").named("file_too_large", size=f"{size:,}", most=most)


def no_text(shown: str) -> Finding:
    """Of a file that is something else than text."""
    return Finding(shown, 1, 1, "this is not a text file", "save it as CSV (UTF-8) or as .xlsx").named("no_text")


def no_text_line(shown: str, line: int) -> Finding:
    """Of the first line that is in no known encoding."""
    return Finding(shown, line, 1, "this line cannot be read as text", "save the file as CSV (UTF-8)").named("no_text_line")


def no_workbook(shown: str) -> Finding:
    """Of a file that ends in .xlsx and is none."""
    return Finding(shown, 0, 0, "this is not an Excel workbook", "save it as .xlsx or CSV (UTF-8)").named("no_workbook")


def _lines(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    started = 1
    try:
        for cells in reader:
            yield started, cells
            started = reader.line_num + 1
    except csv.Error as error:
        refuse([Finding(shown, started, 1, f"this line is not CSV: {error}", "check its quotes")])


def _sheet(raw: bytes, shown: str) -> Iterator[tuple[int, list[str]]]:
    return sheet_rows(io.BytesIO(raw), shown)


def sheet_rows(file: Path | BinaryIO, shown: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a workbook's first sheet as text, numbered from 1, as they are read. Raises BadFile."""
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield number, [cell_text(value) for value in cells]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError):
        refuse([no_workbook(shown)])


def cell_text(value: object) -> str:
    """A cell of a workbook as text: dates in ISO form, with their time where they have one; whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

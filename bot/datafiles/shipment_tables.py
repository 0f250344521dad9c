"""Shipments from a CSV or spreadsheet, line by line as they come: each as a value, or as findings at line and column."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path

from bot.datafiles.shipment_columns import columns_of, signature
from bot.datafiles.shipment_fields import NEEDED, Readers, read_fields
from bot.datafiles.tables import LARGEST_BYTES, no_text, no_text_line, sheet_rows, too_large
from bot.domain.shipment import ShipmentLine
from bot.domain.terms import Headings
from bot.errors import BadFile, Finding

DELIMITERS = ",;\t，"
CHUNK = 1 << 16

Cells = Sequence[str]
Remembered = Callable[[str], Mapping[str, str]]
"""Signature of a heading line → our column to heading, as somebody said once; empty where nobody did."""


@dataclass(frozen=True, slots=True)
class LineRead:
    """One line of a table: `line` can be imported, or is None and `findings` say why."""

    number: int
    line: ShipmentLine | None
    findings: tuple[Finding, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    """Our field to the place of its column, from 0."""


def read_shipments(path: Path, readers: Readers, remembered: Remembered = lambda _signature: {},
                   shown_as: str = "") -> Iterator[LineRead]:
    """Read a .csv or .xlsx; no more than a line of a CSV is in memory. BadFile when it is no table; UnknownColumns."""
    shown = shown_as or path.name
    _check_size(path, shown)
    if path.suffix.lower() == ".xlsx":
        rows: Iterable[tuple[int, Cells | Finding]] = sheet_rows(path, shown)
        return read_rows(rows, shown, readers, remembered)
    return _read_text(path, shown, readers, remembered)


def table_signature(path: Path, readers: Readers) -> str:
    """Which headings the table has, to be remembered; "" where it has none."""
    seen: list[str] = []

    def note(headings: str) -> Mapping[str, str]:
        seen.append(headings)
        return {}

    with suppress(BadFile):
        next(read_shipments(path, readers, note), None)
    return seen[0] if seen else ""


def _read_text(path: Path, shown: str, readers: Readers, remembered: Remembered) -> Iterator[LineRead]:
    with path.open(encoding=_encoding(path, shown), errors="replace") as file:
        yield from read_rows(text_rows(file, shown), shown, readers, remembered)


def read_rows(rows: Iterable[tuple[int, Cells | Finding]], shown: str, readers: Readers,
              remembered: Remembered = lambda _signature: {}) -> Iterator[LineRead]:
    """The lines behind the heading line; every line stands alone, so one broken quote spoils one line only."""
    filled = ((number, cells) for number, cells in rows if isinstance(cells, Finding) or any(cell.strip() for cell in cells))
    number, head = next(filled, (0, None))
    if head is None or isinstance(head, Finding):
        raise BadFile([_no_lines(shown)])
    columns = columns_of((number, head), shown, remembered(signature(head)))
    # a table names the same few places, days and people again and again
    quick = Readers(cache(readers.market), cache(readers.day), cache(readers.person), readers.zone)
    for number, cells in filled:
        yield _line(number, cells, columns, len(head), shown, quick)


def text_rows(lines: Iterable[str], shown: str) -> Iterator[tuple[int, Cells | Finding]]:
    """Comma-, semicolon- or tab-separated lines, numbered from 1 as an editor does; a line that is no CSV as a finding."""
    numbered = ((number, line.removeprefix("\ufeff").rstrip("\n")) for number, line in enumerate(lines, start=1))
    filled = ((number, line) for number, line in numbered if line.strip())
    head = next(filled, None)
    if head is None:
        return
    delimiter = max(DELIMITERS, key=head[1].count)
    for number, line in chain([head], filled):
        try:
            yield number, next(csv.reader([line], delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration):
            wrong = Finding(shown, number, line.find('"') + 1 or 1, "this line is not CSV", "check its quotes")
            yield number, wrong.named("not_csv")


def _line(number: int, cells: Cells | Finding, columns: Mapping[str, int], width: int, shown: str, readers: Readers) -> LineRead:
    if isinstance(cells, Finding):
        return LineRead(number, None, (cells,))
    said = {name: cells[index].strip() if index < len(cells) else "" for name, index in columns.items()}
    line, wrong = read_fields(said, readers)
    found = [Finding(shown, number, columns.get(one.field, 0) + 1, one.what, one.write).named(one.code, **one.said)
             for one in wrong]
    found += _overflow(number, cells, width, shown)
    return LineRead(number, None if found else line, tuple(sorted(found)), columns)


def _overflow(number: int, cells: Cells, width: int, shown: str) -> list[Finding]:
    if not any(cell.strip() for cell in cells[width:]):
        return []
    what = "this line has more cells than the heading line"
    return [Finding(shown, number, width + 1, what, "put quotes round a text with commas").named("too_many_cells")]


def _no_lines(shown: str) -> Finding:
    write = f"write a heading line ({', '.join(NEEDED)}) and one line each"
    return Finding(shown, 1, 1, "there is no line to read", write).named("no_lines", headings=Headings(NEEDED))


def _check_size(path: Path, shown: str) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise BadFile([Finding(shown, 0, 0, "this file cannot be read", "check its name and rights").named("no_file")]) from None
    if size > LARGEST_BYTES:
        raise BadFile([too_large(shown, size)])


def _encoding(path: Path, shown: str) -> str:
    """UTF-8, UTF-16 as Excel's "Unicode text", or GB 18030; a line that is none of them is told."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    tried = {encoding: _bad_line(path, shown, encoding) for encoding in ("utf-8-sig", "gb18030")}
    fits = next((encoding for encoding, line in tried.items() if not line), "")
    if not fits:
        raise BadFile([no_text_line(shown, tried["gb18030"])])
    return fits


def _bad_line(path: Path, shown: str, encoding: str) -> int:
    """The first line that is not of this encoding, 0 where all are."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if b"\0" in chunk:
                raise BadFile([no_text(shown)])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return line + error.object[:error.start].count(b"\n")
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return 0

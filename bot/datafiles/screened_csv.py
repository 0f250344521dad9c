"""CSV read and written one record at a time: a broken line spoils itself only, and everything else stays as it was."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path

from bot.datafiles.findings import refuse
from bot.datafiles.tables import no_text
from bot.errors import Finding

LONGEST_LINE = 1_000_000
LONGEST_RECORD = 100
"""Lines a quoted cell may run over; beyond that its quote is taken as never closed."""
CHUNK = 1 << 20
TOP = 20
"""Rows among which the headings are looked for."""
SIGNS = ",;\t"
Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record with the line it begins on; `wrong` is "", too_many_cells or not_csv."""

    line: int
    cells: Sequence[str]
    wrong: str = ""

    @property
    def blank(self) -> bool:
        """True for a line without a single word."""
        return not any(cell.strip() for cell in self.cells)


Write = Callable[[TableRow, Sequence[str]], None]
IsHead = Callable[[Sequence[str]], bool]
"""Whether these cells are headings we know."""


class CsvTable:
    """A CSV file (UTF-8, UTF-16 or GB 18030; comma, semicolon or tab). BadFile when it is no text or has no head line."""

    def __init__(self, path: Path, is_head: IsHead) -> None:
        self.path = path
        self._encoding, self._newline = _encoding(path)
        self._delimiter, head = self._shape(is_head)
        if head is None or head.wrong:
            line = head.line if head else 1
            refuse([Finding(path.name, line, 1, "there is no head line", "name the columns in the first line").named("no_head")])
            raise AssertionError
        self.head, self._head_line = tuple(head.cells), head.line
        widths = [0 if record.wrong else len(record.cells) for record in self._below()]
        self.count, self._widest = len(widths), max([len(self.head), *widths])

    def rows(self) -> Iterator[TableRow]:
        """The records below the head line."""
        for record in self._below():
            overflow = not record.wrong and any(cell.strip() for cell in record.cells[len(self.head) :])
            yield TableRow(record.line, record.cells, "too_many_cells") if overflow else record

    @contextmanager
    def writing(self, path: Path, added: Sequence[str]) -> Iterator[Write]:
        """Writes rows to `path`: the cells as they were, the added ones in columns of their own behind the widest row."""
        with path.open("w", encoding=self._encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self._delimiter, lineterminator=self._newline)
            for record in takewhile(lambda record: record.line < self._head_line, self._records()):
                writer.writerow(record.cells)
            writer.writerow(placed(self.head, added, self._places(added)))
            yield lambda row, cells: writer.writerow(placed(row.cells, cells, self._places(added)) if cells else row.cells)

    def _places(self, added: Sequence[str]) -> list[int]:
        return places(self.head, added, self._widest)

    def _below(self) -> Iterator[TableRow]:
        return (record for record in self._records() if record.line > self._head_line)

    def _records(self, delimiter: str = "") -> Iterator[TableRow]:
        with self.path.open(encoding=self._encoding, newline="") as file:
            yield from _records(self._lines(file), delimiter or self._delimiter)

    def _lines(self, file: io.TextIOBase | io.TextIOWrapper) -> Iterator[Line]:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                long = Finding(self.path.name, number, 1, "this line is longer than a million characters", "check the file")
                refuse([long.named("line_too_long")])
            yield number, line

    def _shape(self, is_head: IsHead) -> tuple[str, TableRow | None]:
        """What stands between cells, and the head line: the sign of the first line, unless another one shows headings we know."""
        with self.path.open(encoding=self._encoding, newline="") as file:
            first = next((line for _, line in self._lines(file) if line.strip()), "")
        heads = {sign: head_line(self._records(sign), is_head) for sign in sorted(SIGNS, key=first.count, reverse=True)}
        known = ((sign, head) for sign, head in heads.items() if head and is_head(head.cells))
        return next(known, next(iter(heads.items())))


def head_line(rows: Iterable[TableRow], is_head: IsHead) -> TableRow | None:
    """The first of the top rows with headings we know, as a title may stand above it; else the first row with any words."""
    top = [row for row in islice(rows, TOP) if not row.blank]
    return next((row for row in top if not row.wrong and is_head(row.cells)), top[0] if top else None)


def places(head: Sequence[str], added: Sequence[str], widest: int) -> list[int]:
    """Where each added column stands: where its heading is already, else behind everything."""
    new = iter(range(max(widest, len(head)), max(widest, len(head)) + len(added)))
    return [head.index(name) if name in head else next(new) for name in added]


def placed(cells: Sequence[str], added: Sequence[str], at: Sequence[int]) -> list[str]:
    """The cells with the added ones put in their places."""
    row = list(cells) + [""] * (max(at, default=-1) + 1 - len(cells))
    for place, cell in zip(at, added, strict=True):
        row[place] = cell
    return row


def _records(lines: Iterator[Line], delimiter: str) -> Iterator[TableRow]:
    ahead: deque[Line] = deque()

    def following() -> Line | None:
        return ahead.popleft() if ahead else next(lines, None)

    while (first := following()) is not None:
        held = [first]
        cells = _parsed(first[1], delimiter)
        quotes = first[1].count('"')
        while cells is None and len(held) < LONGEST_RECORD and (more := following()) is not None:
            held.append(more)
            quotes += more[1].count('"')
            # an odd number of quotes cannot be whole, and parsing again for every line would be slow
            cells = _parsed("".join(text for _, text in held), delimiter) if quotes % 2 == 0 else None
        if cells:
            yield TableRow(first[0], cells)
        elif cells is not None and not first[1].strip():
            yield TableRow(first[0], [])
        else:
            ahead.extendleft(reversed(held[1:]))
            yield TableRow(first[0], first[1].rstrip("\r\n").split(delimiter), "not_csv")


def _parsed(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record; [] when it is no CSV at all (or empty), None while a quote is open."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return None if "unexpected end" in str(error) else []
    return records[0] if len(records) == 1 else []


def _encoding(path: Path) -> tuple[str, str]:
    """The encoding that reads the whole file, and how its lines end."""
    with path.open("rb") as file:
        first = file.readline(CHUNK)
    newline = "\r\n" if first.endswith((b"\r\n", b"\r\0\n")) else "\n"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and _reads(path, "utf-16"):
        return "utf-16", newline  # Excel's "Unicode text"
    for encoding in ("utf-8", "gb18030"):
        if _reads(path, encoding):
            return ("utf-8-sig" if first.startswith(codecs.BOM_UTF8) else encoding), newline
    refuse([no_text(path.name)])
    raise AssertionError


def _reads(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if b"\0" in chunk and encoding != "utf-16":
                    return False
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True

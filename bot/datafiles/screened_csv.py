"""CSV read and written one record at a time: a broken line spoils itself only, and everything else stays as it was."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.datafiles.findings import refuse
from bot.datafiles.tables import no_text
from bot.errors import Finding

LONGEST_LINE = 1_000_000
LONGEST_RECORD = 100
"""Lines a quoted cell may run over; beyond that its quote is taken as never closed."""
CHUNK = 1 << 20
Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One record with the line it begins on; `wrong` is "", too_many_cells or not_csv."""

    line: int
    cells: Sequence[str]
    wrong: str = ""
    source: object = None
    """What the record was made from, where it has to be written back as that."""

    @property
    def blank(self) -> bool:
        """True for a line without a single word."""
        return not any(cell.strip() for cell in self.cells)


Write = Callable[[TableRow, Sequence[str]], None]


class CsvTable:
    """A CSV file (UTF-8 or GB 18030; comma, semicolon or tab). BadFile when it is no text or has no head line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._encoding, self._newline = _encoding(path)
        self._delimiter = self._delimiter_of_head()
        records = self._records()
        first = next((record for record in records if not record.blank), None)
        if first is None or first.wrong:
            line = first.line if first else 1
            refuse([Finding(path.name, line, 1, "there is no head line", "name the columns in the first line").named("no_head")])
            raise AssertionError
        self.head = tuple(first.cells)
        self.count, self._widest = 0, len(self.head)
        for record in records:
            self.count += 1
            self._widest = max(self._widest, len(record.cells) if not record.wrong else 0)

    def rows(self) -> Iterator[TableRow]:
        """The records below the head line."""
        records = self._records()
        next(record for record in records if not record.blank)
        for record in records:
            overflow = not record.wrong and any(cell.strip() for cell in record.cells[len(self.head) :])
            yield TableRow(record.line, record.cells, "too_many_cells") if overflow else record

    @contextmanager
    def writing(self, path: Path, added: Sequence[str]) -> Iterator[Write]:
        """Writes rows to `path`: the cells as they were, the added ones in columns of their own behind the widest row."""
        with path.open("w", encoding=self._encoding, newline="") as file:
            writer = csv.writer(file, delimiter=self._delimiter, lineterminator=self._newline)
            writer.writerow(placed(self.head, added, self._places(added)))
            yield lambda row, cells: writer.writerow(placed(row.cells, cells, self._places(added)) if cells else row.cells)

    def _places(self, added: Sequence[str]) -> list[int]:
        return places(self.head, added, self._widest)

    def _records(self) -> Iterator[TableRow]:
        with self.path.open(encoding=self._encoding, newline="") as file:
            yield from _records(self._lines(file), self._delimiter)

    def _lines(self, file: io.TextIOBase | io.TextIOWrapper) -> Iterator[Line]:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                long = Finding(self.path.name, number, 1, "this line is longer than a million characters", "check the file")
                refuse([long.named("line_too_long")])
            yield number, line

    def _delimiter_of_head(self) -> str:
        with self.path.open(encoding=self._encoding, newline="") as file:
            head = next((line for _, line in self._lines(file) if line.strip()), "")
        return max(",;\t", key=head.count)


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
    newline = "\r\n" if first.endswith(b"\r\n") else "\n"
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
                if b"\0" in chunk:
                    return False
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True

"""Excel workbooks judged in place: everything stays as it was, looks and other sheets included."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

from bot.datafiles.findings import refuse
from bot.datafiles.screened_csv import IsHead, TableRow, Write, head_line, places
from bot.datafiles.tables import cell_text, no_workbook
from bot.errors import Finding

LONGEST_CELL = 32_767
LARGEST_BYTES = 10_000_000
"""About 300,000 rows; a workbook is held whole, in some hundred times its size."""
Place = tuple[int, int]
NOWHERE: Place = (0, 0)


class XlsxTable:
    """The first sheet of a workbook. BadFile."""

    def __init__(self, path: Path, is_head: IsHead) -> None:
        self.path = path
        _check_size(path)
        with _opened(path, values=False) as book:
            self._book, self._sheet = book, _first_sheet(book, path)
        self._above = _merged_down(self._sheet)
        self._all = list(self._rows())
        head = head_line(self._all, is_head)
        if head is None:
            empty = Finding(path.name, 1, 1, "the first sheet is empty", "name the columns in the first line")
            refuse([empty.named("sheet_empty")])
            raise AssertionError
        self._head_row, self.head = head.line, tuple(head.cells[: _filled(head.cells)])
        below = [_filled(row.cells) for row in self.rows()]
        self.count, self._widest = len(below), max([_merged_to(self._sheet, head.line), len(self.head), *below])

    def rows(self) -> Iterator[TableRow]:
        """The rows below the head line."""
        for row in self._all[self._head_row:]:
            overflow = any(cell.strip() for cell in row.cells[len(self.head) :])
            yield TableRow(row.line, row.cells, "too_many_cells" if overflow else "")

    @contextmanager
    def writing(self, path: Path, added: Sequence[str]) -> Iterator[Write]:
        """Puts the added cells beside the rows, and writes the workbook to `path`."""
        at = [place + 1 for place in places(self.head, added, self._widest)]
        self._put(self._head_row, at, added)
        for col in at:
            _look_alike(self._sheet.cell(self._head_row, col), self._sheet.cell(self._head_row, 1))
        yield lambda row, cells: self._put(row.line, at, cells)
        self._book.save(path)

    def _put(self, row: int, at: Sequence[int], cells: Sequence[str]) -> None:
        """Always as text: words quoted from a cell may begin like a formula."""
        for col, text in zip(at, cells, strict=False):
            cell = self._sheet.cell(row, col, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])
            cell.data_type = "s"

    def _rows(self) -> Iterator[TableRow]:
        """Every row with its values as last calculated; what is merged downwards counts in each row."""
        held: dict[Place, str] = {}
        tops = set(self._above.values())
        with _opened(self.path, values=True) as book:
            for number, values in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
                texts = [cell_text(value) for value in values]
                cells = [held.get(self._above.get((number, col), NOWHERE), text) for col, text in enumerate(texts, start=1)]
                held |= {(number, col): text for col, text in enumerate(cells, start=1) if (number, col) in tops}
                yield TableRow(number, cells)


def _first_sheet(book: Any, path: Path) -> Any:
    if not book.worksheets:  # a workbook of nothing but charts
        refuse([no_workbook(path.name)])
    return book.worksheets[0]


def _filled(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _merged_down(sheet: Any) -> Mapping[Place, Place]:
    """Each cell below the first of a merged area's first column, with the place where its words stand."""
    return {(row, area.min_col): (area.min_row, area.min_col) for area in sheet.merged_cells.ranges
            for row in range(area.min_row + 1, min(area.max_row, sheet.max_row) + 1)}


def _merged_to(sheet: Any, head_row: int) -> int:
    """The last column of the areas merged in the table; no words can stand in it."""
    return max((area.max_col for area in sheet.merged_cells.ranges if area.max_row >= head_row), default=0)


def _look_alike(cell: Any, other: Any) -> None:
    for look in ("font", "fill", "border", "alignment"):
        setattr(cell, look, copy(getattr(other, look)))


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        what, most = f"the workbook has {size:,} bytes", f"{LARGEST_BYTES:,}"
        found = Finding(path.name, 0, 0, what, f"keep it under {most}, or save it as CSV (UTF-8), which may have any size")
        refuse([found.named("workbook_too_large", size=f"{size:,}", most=most)])


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[Any]:
    try:
        book = load_workbook(path, read_only=values, data_only=values)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        refuse([no_workbook(path.name)])
        raise
    try:
        yield book
    finally:
        book.close()

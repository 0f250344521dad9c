"""Excel workbooks read and written one row at a time: values, formulas and number formats stay, other sheets are carried over."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.exceptions import InvalidFileException

from bot.datafiles.findings import refuse
from bot.datafiles.screened_csv import TableRow, Write, places
from bot.datafiles.tables import cell_text, no_workbook
from bot.errors import Finding

LONGEST_CELL = 32_767
_KEPT = frozenset("senbf")
"""Kinds of cell (text, error, number, truth, formula) that would be guessed wrong from the value alone."""


class XlsxTable:
    """The first sheet of a workbook. Column widths, colours and charts are not kept. BadFile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.head: tuple[str, ...] = ()
        self.count, self._widest, self._head_row = 0, 0, 0
        with self._opened(values=True) as book:
            for number, cells in enumerate(_text_rows(book.worksheets[0]), start=1):
                self._look(number, cells)
        if not self.head:
            empty = Finding(path.name, 1, 1, "the first sheet is empty", "name the columns in the first line")
            refuse([empty.named("sheet_empty")])

    def rows(self) -> Iterator[TableRow]:
        """The rows below the head line, each with the cells it was made from."""
        with self._opened(values=True) as values, self._opened(values=False) as kept:
            pairs = zip(_text_rows(values.worksheets[0]), kept.worksheets[0].iter_rows(), strict=True)
            for number, (cells, source) in enumerate(pairs, start=1):
                if number > self._head_row:
                    overflow = any(cell.strip() for cell in cells[len(self.head) :])
                    yield TableRow(number, cells, "too_many_cells" if overflow else "", source)

    @contextmanager
    def writing(self, path: Path, added: Sequence[str]) -> Iterator[Write]:
        """Writes rows to a new workbook at `path`; the other sheets follow behind."""
        book = Workbook(write_only=True)
        with self._opened(values=False) as kept:
            sheet = book.create_sheet(kept.worksheets[0].title)
            for number, source in enumerate(kept.worksheets[0].iter_rows(max_row=self._head_row), start=1):
                sheet.append(self._row(sheet, source, added if number == self._head_row else (), added))
            yield lambda row, cells: sheet.append(self._row(sheet, row.source, cells, added))
            for other in kept.worksheets[1:]:
                copy = book.create_sheet(other.title)
                for source in other.iter_rows():
                    copy.append([_copied(copy, cell) for cell in source])
            book.save(path)

    def _row(self, sheet: Any, source: Any, cells: Sequence[str], added: Sequence[str]) -> list[Any]:
        row = [_copied(sheet, cell) for cell in source]
        at = places(self.head, added, self._widest)
        row += [None] * (max(at, default=-1) + 1 - len(row))
        for place, text in zip(at, cells, strict=False):
            row[place] = _text(sheet, text)
        return row

    def _look(self, number: int, cells: Sequence[str]) -> None:
        filled = max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)
        if not self.head and filled:
            self.head, self._head_row = tuple(cells[:filled]), number
        elif self.head:
            self.count += 1
        self._widest = max(self._widest, filled)

    @contextmanager
    def _opened(self, *, values: bool) -> Iterator[Any]:
        try:
            book = load_workbook(self.path, read_only=True, data_only=values)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
            refuse([no_workbook(self.path.name)])
            raise
        try:
            yield book
        finally:
            book.close()


def _text_rows(sheet: Any) -> Iterator[list[str]]:
    return ([cell_text(value) for value in cells] for cells in sheet.iter_rows(values_only=True))


def _copied(sheet: Any, cell: Any) -> Any:
    if cell.value is None:
        return None
    copy = WriteOnlyCell(sheet, value=cell.value)
    copy.number_format = cell.number_format
    if cell.data_type in _KEPT:
        copy.data_type = cell.data_type
    return copy


def _text(sheet: Any, text: str) -> Any:
    """Always text: words quoted from a cell may begin like a formula."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])
    cell.data_type = "s"
    return cell

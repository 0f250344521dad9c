"""One transaction's changes to one table, read as though they were already made."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from bot.adapters.storage.table_rows import TableRows


class StagedRows:
    """The changed rows lie over the table; `hidden` are the document numbers below that are replaced or removed."""

    def __init__(self, below: TableRows) -> None:
        self._below = below
        self._over = TableRows(below.shape)
        self._hidden: set[int] = set()

    def put(self, key: str, data: bytes) -> None:
        """Insert or replace; a replaced row keeps its document number."""
        number = self._number(key) or self._below.take_number()
        if number in self._below.rows:
            self._hidden.add(number)
        self._over.apply(number, data)

    def remove(self, key: str) -> None:
        """Remove the row if it is there."""
        number = self._number(key)
        if number is None:
            return
        if number in self._below.rows:
            self._hidden.add(number)
        self._over.apply(number, None)

    def changes(self) -> list[tuple[int, bytes | None]]:
        """(document number, row or None for removed), smallest number first."""
        return [(number, self._over.rows.get(number)) for number in sorted(self._hidden | self._over.rows.keys())]

    def get(self, key: str) -> bytes | None:
        """The row with this id."""
        number = self._number(key)
        return None if number is None else self._row(number)

    def where(self, field: str, value: str) -> list[bytes]:
        """Rows whose `equal` field has this value, oldest first."""
        below = self._below.having(field, value) - self._hidden
        return [self._row(number) for number in sorted(below | self._over.having(field, value))]

    def ascending(self, field: str, limit: str | None = None) -> Iterator[bytes]:
        """Rows by an `ordered` field, smallest first, up to and with `limit`."""
        below = (pair for pair in self._below.ascending(field, limit) if pair[1] not in self._hidden)
        return (self._row(number) for _, number in heapq.merge(below, self._over.ascending(field, limit)))

    def every(self) -> list[bytes]:
        """All rows, oldest first."""
        if not self._over.rows and not self._hidden:
            return list(self._below.rows.values())
        return [self._row(number) for number in sorted((self._below.rows.keys() - self._hidden) | self._over.rows.keys())]

    def _number(self, key: str) -> int | None:
        over = self._over.numbers.get(key)
        below = self._below.numbers.get(key)
        return over if over is not None or below in self._hidden else below

    def _row(self, number: int) -> bytes:
        over = self._over.rows.get(number)
        return self._below.rows[number] if over is None else over

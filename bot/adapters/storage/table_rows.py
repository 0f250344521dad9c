"""The rows of one table in memory, as bytes by document number, with the indexes its shape asks for."""

from __future__ import annotations

from collections.abc import Iterator

from sortedcontainers import SortedList

from bot.adapters.storage.rows import equal_values, looked_at, ordered_value
from bot.ports import Row, TableShape


class TableRows:
    """Document numbers only grow, so their order is the order in which rows came."""

    def __init__(self, shape: TableShape) -> None:
        self.shape = shape
        self.rows: dict[int, bytes] = {}
        self.numbers: dict[str, int] = {}
        self.bytes = 0
        self._next = 1
        self._equal: dict[str, dict[str, set[int]]] = {field: {} for field in shape.equal}
        self._ordered: dict[str, SortedList] = {field: SortedList() for field in shape.ordered}

    def take_number(self) -> int:
        """A document number greater than all before it."""
        number, self._next = self._next, self._next + 1
        return number

    def apply(self, number: int, data: bytes | None) -> None:
        """Insert, replace or (None) remove the row under a document number."""
        before = self.rows.get(number)
        if before is not None:
            self._forget(number, before)
        if data is None:
            self.rows.pop(number, None)
        else:
            self._remember(number, data)

    def having(self, field: str, value: str) -> set[int]:
        """Document numbers of the rows whose `equal` field has this value."""
        return self._equal[field].get(value, set())

    def ascending(self, field: str, limit: str | None = None) -> Iterator[tuple[str, int]]:
        """(value, document number) of an `ordered` field, smallest first, up to and with `limit`."""
        index = self._ordered[field]
        return iter(index) if limit is None else iter(index.irange(maximum=(limit, float("inf"))))

    def _remember(self, number: int, data: bytes) -> None:
        row = looked_at(data)
        self.rows[number] = data
        self.numbers[row["id"]] = number
        self.bytes += len(data)
        self._next = max(self._next, number + 1)
        for field, value in self._equal_values(row):
            self._equal[field].setdefault(value, set()).add(number)
        for field, value in self._ordered_values(row):
            self._ordered[field].add((value, number))

    def _forget(self, number: int, data: bytes) -> None:
        row = looked_at(data)
        self.bytes -= len(data)
        del self.numbers[row["id"]]
        for field, value in self._equal_values(row):
            self._equal[field][value].discard(number)
            if not self._equal[field][value]:
                del self._equal[field][value]
        for field, value in self._ordered_values(row):
            self._ordered[field].remove((value, number))

    def _equal_values(self, row: Row) -> list[tuple[str, str]]:
        return [(field, value) for field in self._equal for value in equal_values(row, field)]

    def _ordered_values(self, row: Row) -> list[tuple[str, str]]:
        return [(field, value) for field in self._ordered if (value := ordered_value(row, field)) is not None]

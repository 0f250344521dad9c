"""A Store in plain dicts, for flow tests: the contract without the disk, and without indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import RLock

from bot.adapters.storage.rows import check_field, decoded, encoded, equal_values, looked_at, ordered_value, shape_of
from bot.errors import StoreMisuse, StoreStopped
from bot.ports import TABLES, Row, TableShape

Held = dict[str, dict[str, bytes]]


class MemoryRows:
    """Rows by table and id, as bytes so that nobody shares them; the order of a dict is the order they came in."""

    def __init__(self, held: Held, shapes: Mapping[str, TableShape]) -> None:
        self._held = held
        self._shapes = shapes

    def get(self, table: str, key: str) -> Row | None:
        data = self._table(table).get(key)
        return None if data is None else decoded(data)

    def where(self, table: str, field: str, value: str) -> list[Row]:
        check_field(table, field, shape_of(self._shapes, table).equal)
        return [decoded(data) for data in self._table(table).values() if value in equal_values(looked_at(data), field)]

    def up_to(self, table: str, field: str, limit_value: str, count: int) -> list[Row]:
        found = [data for data in self._ascending(table, field) if looked_at(data)[field] <= limit_value]
        return [decoded(data) for data in found[: max(count, 0)]]

    def first(self, table: str, field: str) -> Row | None:
        return next((decoded(data) for data in self._ascending(table, field)), None)

    def every(self, table: str) -> Iterator[Row]:
        return map(decoded, list(self._table(table).values()))

    def _ascending(self, table: str, field: str) -> list[bytes]:
        check_field(table, field, shape_of(self._shapes, table).ordered)
        found = [data for data in self._table(table).values() if ordered_value(looked_at(data), field)]
        return sorted(found, key=lambda data: looked_at(data)[field])

    def _table(self, table: str) -> dict[str, bytes]:
        shape_of(self._shapes, table)
        return self._held[table]


class MemoryTransaction(MemoryRows):
    """Changes a copy of the rows; the store takes the copy over when the block ends well."""

    def __init__(self, held: Held, shapes: Mapping[str, TableShape], numbers: dict[str, int]) -> None:
        super().__init__({table: dict(rows) for table, rows in held.items()}, shapes)
        self._numbers = numbers
        self._ended = False

    def put(self, table: str, row: Row) -> None:
        data = encoded(table, shape_of(self._shapes, table), row)
        self._table(table)[row["id"]] = data

    def remove(self, table: str, key: str) -> None:
        self._table(table).pop(key, None)

    def number(self, series: str) -> int:
        self._refuse_if_ended()
        self._numbers[series] = self._numbers.get(series, 0) + 1
        return self._numbers[series]

    def reserve(self, series: str, count: int) -> None:
        self._refuse_if_ended()

    def end(self) -> Held:
        self._ended = True
        return self._held

    def _table(self, table: str) -> dict[str, bytes]:
        self._refuse_if_ended()
        return super()._table(table)

    def _refuse_if_ended(self) -> None:
        if self._ended:
            raise StoreMisuse("A transaction is used after its block has ended.")


class MemoryStore(MemoryRows):
    """Holds nothing after the process; numbers survive a rollback, as in every Store."""

    def __init__(self, shapes: Mapping[str, TableShape] = TABLES) -> None:
        super().__init__({table: {} for table in shapes}, shapes)
        self._numbers: dict[str, int] = {}
        self._lock = RLock()
        self._open: MemoryTransaction | None = None
        self._closed = False

    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        with self._lock:
            self._refuse_if_busy()
            changes = self._open = MemoryTransaction(self._held, self._shapes, self._numbers)
            try:
                yield changes
                self._held = changes.end()
            finally:
                changes.end()
                self._open = None

    def close(self) -> None:
        self._closed = True

    def _refuse_if_busy(self) -> None:
        if self._closed:
            raise StoreStopped("The store is closed.")
        if self._open:
            raise StoreMisuse("A transaction is open in this thread; write through the transaction.")

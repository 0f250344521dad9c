"""A TinyDB table over the journal storage: TinyDB's own methods read copies and write one journal line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from tinydb import TinyDB
from tinydb.table import Table

from bot.adapters.storage.journal_storage import Change, JournalStorage
from bot.adapters.storage.rows import decoded, encoded
from bot.adapters.storage.staged_rows import StagedRows
from bot.adapters.storage.table_rows import TableRows
from bot.errors import StoreMisuse
from bot.ports import Row


class IndexedTable(Table):
    """Rows with an id, searched by the indexes of the table's shape; nothing handed out is shared with the store."""

    _storage: JournalStorage

    def __init__(self, storage: JournalStorage, name: str) -> None:
        self.held = storage.held(name)
        super().__init__(storage, name, cache_size=0)  # the cache hands out the same row twice

    def staged(self) -> StagedRows:
        """An empty set of changes over this table."""
        return StagedRows(self.held)

    def _get_next_id(self) -> int:
        return self.held.take_number()

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        with self._storage.reading:
            rows = dict(self.held.rows)
        return cast("dict[str, Mapping[str, Any]]", _Copies(rows))

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._storage.writing:
            self._storage.refuse_in_transaction()
            touched = _TouchedRows(self.held)
            updater(cast("dict[int, Mapping[str, Any]]", touched))
            self._storage.commit(touched.changes(self.name))


class JournalTinyDB(TinyDB):
    """TinyDB with the journal below and indexed tables above."""

    table_class = IndexedTable  # type: ignore[assignment]  # TinyDB passes it exactly the storage we gave it


class _Copies(Mapping[str, Row]):
    """Rows by document number as text, decoded when looked at."""

    def __init__(self, rows: dict[int, bytes]) -> None:
        self._rows = rows

    def __getitem__(self, number: str) -> Row:
        return decoded(self._rows[int(number)])

    def __iter__(self) -> Iterator[str]:
        return map(str, self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class _TouchedRows(MutableMapping[int, Row]):
    """What an updater sees: copies of the rows, remembered once looked at, as TinyDB changes them in place."""

    def __init__(self, held: TableRows) -> None:
        self._held = held
        self._touched: dict[int, Row | None] = {}

    def __getitem__(self, number: int) -> Row:
        if number not in self._touched:
            self._touched[number] = decoded(self._held.rows[number])
        row = self._touched[number]
        if row is None:
            raise KeyError(number)
        return row

    def __setitem__(self, number: int, row: Row) -> None:
        self._touched[number] = row

    def __delitem__(self, number: int) -> None:
        self._touched[number] = None

    def __iter__(self) -> Iterator[int]:
        numbers = sorted(self._held.rows.keys() | self._touched.keys())
        return (number for number in numbers if self._touched.get(number, ...) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def changes(self, table: str) -> list[Change]:
        """What differs from the rows held; StoreMisuse where two rows would have one id."""
        found = [(table, number, self._data(table, number)) for number in sorted(self._touched)]
        return [change for change in found if change[2] != self._held.rows.get(change[1])]

    def _data(self, table: str, number: int) -> bytes | None:
        row = self._touched[number]
        if row is None:
            return None
        data = encoded(table, self._held.shape, row)
        owner = self._held.numbers.get(row["id"], number)
        if owner != number or any(
            other is not row and other is not None and other.get("id") == row["id"] for other in self._touched.values()
        ):
            raise StoreMisuse(f"{table} has a row with the id {row['id']!r} already.")
        return data

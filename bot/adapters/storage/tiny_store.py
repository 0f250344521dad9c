"""The default Store: rows in TinyDB over an append-only journal in one folder, for one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import get_ident
from typing import TypeVar

from bot.adapters.storage.disk import Disk
from bot.adapters.storage.folder_lock import FolderLock
from bot.adapters.storage.indexed_table import IndexedTable, JournalTinyDB
from bot.adapters.storage.journal_copy import copy_out
from bot.adapters.storage.journal_storage import JournalStorage
from bot.adapters.storage.rows import check_field, decoded, encoded, shape_of
from bot.adapters.storage.staged_rows import StagedRows
from bot.errors import StoreError, StoreMisuse
from bot.ports import TABLES, Row, TableShape

JOURNAL_NAME = "filingdesk.journal"
COMPACT_FLOOR = 4 << 20
COMPACT_FACTOR = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoreSize:
    """Bytes of the journal, of what lives in it, of a torn end cut off at opening; rows by table."""

    journal_bytes: int
    live_bytes: int
    cut_bytes: int
    rows: Mapping[str, int]


class Reads:
    """The reads of the port over whatever rows `_look` shows."""

    _shapes: Mapping[str, TableShape]

    def get(self, table: str, key: str) -> Row | None:
        """The row with this id, or None."""
        data = self._look(table, lambda rows: rows.get(key))
        return None if data is None else decoded(data)

    def where(self, table: str, field: str, value: str) -> list[Row]:
        """Rows whose indexed `field` equals `value`, oldest first."""
        check_field(table, field, shape_of(self._shapes, table).equal)
        return [decoded(data) for data in self._look(table, lambda rows: rows.where(field, value))]

    def up_to(self, table: str, field: str, limit_value: str, count: int) -> list[Row]:
        """At most `count` rows whose ordered `field` is <= `limit_value`, smallest first (ties: oldest first)."""
        return self._ascending(table, field, limit_value, count)

    def first(self, table: str, field: str) -> Row | None:
        """The row with the smallest value in the ordered `field`, or None."""
        return next(iter(self._ascending(table, field, None, 1)), None)

    def every(self, table: str) -> Iterator[Row]:
        """All rows of a table as they are now, oldest first."""
        return map(decoded, self._look(table, lambda rows: rows.every()))

    def _ascending(self, table: str, field: str, limit: str | None, count: int) -> list[Row]:
        check_field(table, field, shape_of(self._shapes, table).ordered)
        found = self._look(table, lambda rows: list(islice(rows.ascending(field, limit), max(count, 0))))
        return [decoded(data) for data in found]

    def _look(self, table: str, read: Callable[[StagedRows], T]) -> T:
        raise NotImplementedError


class TinyTransaction(Reads):
    """Changes laid over the tables; good in the thread and the block it was opened for."""

    def __init__(self, storage: JournalStorage, tables: Mapping[str, IndexedTable], shapes: Mapping[str, TableShape]) -> None:
        self._storage = storage
        self._tables = tables
        self._shapes = shapes
        self._staged: dict[str, StagedRows] = {}
        self._reserved: dict[str, list[int]] = {}
        self._thread: int | None = get_ident()

    def put(self, table: str, row: Row) -> None:
        """Insert or replace the row with row["id"]; a replaced row keeps its place in the order."""
        data = encoded(table, shape_of(self._shapes, table), row)
        self._rows(table).put(row["id"], data)

    def remove(self, table: str, key: str) -> None:
        """Remove the row if it is there."""
        self._rows(table).remove(key)

    def number(self, series: str) -> int:
        """The next number of a series, from 1; a rollback leaves a gap rather than give it twice."""
        self._check_open()
        reserved = self._reserved.get(series)
        return reserved.pop() if reserved else self._storage.next_number(series)

    def reserve(self, series: str, count: int) -> None:
        """Numbers for `number` to give, durable at once; what is left of them at the end stays a gap."""
        self._check_open()
        first = self._storage.next_number(series, count) if count > 0 else 0
        self._reserved[series] = [*range(first + count - 1, first - 1, -1)] if count > 0 else []

    def commit(self) -> None:
        """Make all of it durable and visible."""
        self._check_open()
        staged = self._staged.items()
        self._storage.commit([(table, *change) for table, rows in staged for change in rows.changes()])

    def end(self) -> None:
        """Nothing more can be done with it."""
        self._thread = None

    def _look(self, table: str, read: Callable[[StagedRows], T]) -> T:
        return read(self._rows(table))

    def _rows(self, table: str) -> StagedRows:
        self._check_open()
        if table not in self._staged:
            shape_of(self._shapes, table)
            self._staged[table] = self._tables[table].staged()
        return self._staged[table]

    def _check_open(self) -> None:
        if self._thread != get_ident():
            raise StoreMisuse("A transaction is used after its block has ended, or from another thread.")


class TinyStore(Reads):
    """The embedded store. Readers see committed rows only and never wait for the disk; one transaction at a time.

    A transaction inside a transaction of the same thread is refused, as half of it could not be rolled back.
    Errors at opening: StoreBusy, StoreDamaged, StoreError.
    """

    def __init__(
        self,
        folder: Path,
        *,
        tables: Mapping[str, TableShape] = TABLES,
        disk: Disk | None = None,
        compact_floor: int = COMPACT_FLOOR,
        compact_factor: int = COMPACT_FACTOR,
    ) -> None:
        self._shapes = tables
        self._disk = disk or Disk()
        self._path = folder / JOURNAL_NAME
        self._lock = _claimed(folder, self._disk)
        try:
            limits = {"compact_floor": compact_floor, "compact_factor": compact_factor}
            self._db = JournalTinyDB(self._path, tables, storage=JournalStorage, disk=self._disk, **limits)
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError):
                raise _unusable(self._path, error) from error
            raise
        self._tables = {name: self.table(name) for name in tables}
        self._plain = {name: table.staged() for name, table in self._tables.items()}

    def table(self, name: str) -> IndexedTable:
        """The TinyDB table itself, for searches no index serves; every write through it is a transaction of its own."""
        table = self._db.table(name)
        assert isinstance(table, IndexedTable)
        return table

    @contextmanager
    def transaction(self) -> Iterator[TinyTransaction]:
        """Durable when the block ends without an error; an error inside rolls all of it back. StoreStopped, StoreMisuse."""
        with self._storage.writing:
            self._storage.refuse_in_transaction()
            changes = TinyTransaction(self._storage, self._tables, self._shapes)
            self._storage.in_transaction = True
            try:
                yield changes
                changes.commit()
            finally:
                self._storage.in_transaction = False
                changes.end()

    def compact(self) -> None:
        """Rewrite the journal with what lives in it; happens by itself when it has grown. StoreError, StoreStopped."""
        self._storage.compact()

    def backup(self, to: Path) -> None:
        """Write a compacted, consistent copy to the new file `to`; transactions go on meanwhile. BadInput, StoreError.

        To restore, put it into an empty data folder as filingdesk.journal.
        """
        copy_out(self._storage.snapshot(), to, self._disk)

    def size(self) -> StoreSize:
        """How large the store is."""
        storage = self._storage
        return StoreSize(storage.journal_bytes, storage.live_bytes, storage.cut_bytes, storage.row_counts())

    def close(self) -> None:
        """Release the data folder, after the running transaction; reads still answer, writes are refused."""
        with self._storage.writing:
            self._storage.refuse_in_transaction()
            self._db.close()
            self._lock.release()

    @property
    def _storage(self) -> JournalStorage:
        storage = self._db.storage
        assert isinstance(storage, JournalStorage)
        return storage

    def _look(self, table: str, read: Callable[[StagedRows], T]) -> T:
        shape_of(self._shapes, table)
        with self._storage.reading:
            return read(self._plain[table])


def _claimed(folder: Path, disk: Disk) -> FolderLock:
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            disk.sync_folder(folder.parent)
        return FolderLock(folder)
    except OSError as error:
        raise _unusable(folder, error) from error


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"The store at {path} cannot be opened: {error.strerror}.")

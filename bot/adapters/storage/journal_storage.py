"""A TinyDB storage over the journal: every change durable first, visible second, compacted third."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from tinydb.storages import Storage

from bot.adapters.storage.disk import Disk
from bot.adapters.storage.journal import Journal
from bot.adapters.storage.rows import decoded, encoded, shape_of
from bot.adapters.storage.table_rows import TableRows
from bot.adapters.storage.turns import Turns
from bot.errors import StoreError, StoreMisuse
from bot.ports import TableShape

Change = tuple[str, int, bytes | None]
"""Table, document number, the row as JSON or None for removed."""

NUMBERS = "_numbers"
ROWS_A_LINE = 200
LINE_OVERHEAD = 32  # rough bytes a row costs in the journal beside itself
"""A body is `table number json` per change, tab between changes: JSON as written here never holds a raw tab."""

log = structlog.get_logger()


class JournalStorage(Storage):
    """Rows by table in memory, the same in the journal.

    `writing` is held for a whole transaction, `reading` while memory changes, so a reader never sees half a transaction
    and never waits for the disk. The journal is rewritten when longer than `compact_floor` bytes and `compact_factor`
    times what lives in it.
    """

    def __init__(
        self,
        path: Path,
        tables: Mapping[str, TableShape],
        *,
        disk: Disk,
        compact_floor: int,
        compact_factor: int,
    ) -> None:
        self.in_transaction = False
        self.writing = Turns()
        self.reading = Lock()
        self._shapes = {**tables, NUMBERS: TableShape()}
        self._public = tuple(tables)
        self._held = {name: TableRows(shape) for name, shape in self._shapes.items()}
        self._compact_floor, self._compact_factor = compact_floor, compact_factor
        self._journal = Journal(path, disk)
        try:
            self._replay()
        except BaseException:
            self._journal.close()
            raise

    @property
    def journal_bytes(self) -> int:
        """Length of the journal."""
        return self._journal.size

    @property
    def cut_bytes(self) -> int:
        """What was cut off at opening because a kill had torn it."""
        return self._journal.cut_bytes

    @property
    def live_bytes(self) -> int:
        """About what the journal would be if it were rewritten now."""
        return sum(rows.bytes + LINE_OVERHEAD * len(rows.rows) for rows in self._held.values())

    def held(self, table: str) -> TableRows:
        """The rows of a table; change them through `commit` only."""
        shape_of(self._shapes, table)
        return self._held[table]

    def read(self) -> dict[str, dict[str, Any]]:
        """Everything, as TinyDB wants it: a copy, so as slow as the store is large."""
        with self.reading:
            copies = {name: dict(self._held[name].rows) for name in self._public if self._held[name].rows}
        return {name: {str(number): decoded(data) for number, data in rows.items()} for name, rows in copies.items()}

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Make `data` everything there is: TinyDB calls this to drop tables."""
        with self.writing:
            self.refuse_in_transaction()
            self.commit([change for table in self._public for change in self._difference(table, data.get(table, {}))])

    def refuse_in_transaction(self) -> None:
        """StoreMisuse while this thread has a transaction open: its changes were laid over what is now."""
        if self.in_transaction:
            raise StoreMisuse("A transaction is open in this thread; write through the transaction.")

    def commit(self, changes: Sequence[Change]) -> None:
        """Make the changes durable, then visible; the caller holds `writing`. StoreStopped: none of them happened."""
        if not changes:
            return
        try:
            self._journal.append(_body(changes))
            with self.reading:
                self._apply(changes)
        except BaseException as error:  # an interrupt in between: memory must not be compacted over the journal
            self._journal.stop(error)
            raise
        self._compact_if_grown()

    def next_number(self, series: str, count: int = 1) -> int:
        """The first of the next `count` numbers of a series, durable before they are given; the caller holds `writing`."""
        rows = self._held[NUMBERS]
        place = rows.numbers.get(series) or rows.take_number()
        last = int(decoded(rows.rows[place])["last"]) if place in rows.rows else 0
        row = {"id": series, "last": last + count}
        self.commit([(NUMBERS, place, encoded(NUMBERS, rows.shape, row))])
        return last + 1

    def snapshot(self) -> Collection[bytes]:
        """Bodies that hold everything there is at this moment."""
        with self.reading:
            return _Snapshot([(name, *item) for name, rows in self._held.items() for item in rows.rows.items()])

    def compact(self) -> None:
        """Rewrite the journal with what lives in it. StoreError: it stays as it was, and in use."""
        with self.writing:  # memory equals the journal whenever nobody is writing
            self._journal.rewrite(self.snapshot())

    def row_counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        return {name: len(self._held[name].rows) for name in self._public}

    def close(self) -> None:
        """Close the journal, after the running transaction."""
        with self.writing:
            self._journal.close()

    def _replay(self) -> None:
        for body in self._journal.bodies():
            self._apply(changes_in(body, self._held, self._journal.path))
        if self.cut_bytes:
            log.warning("store_torn_end_cut_off", path=str(self._journal.path), bytes=self.cut_bytes)

    def _apply(self, changes: Sequence[Change]) -> None:
        for table, number, data in changes:
            self._held[table].apply(number, data)

    def _difference(self, table: str, wanted: Mapping[str, Any]) -> Iterator[Change]:
        rows = self._held[table]
        for number in sorted(rows.rows.keys() | {int(number) for number in wanted}):
            row = wanted.get(str(number))
            data = None if row is None else encoded(table, rows.shape, dict(row))
            if data != rows.rows.get(number):
                yield table, number, data

    def _compact_if_grown(self) -> None:
        if self.journal_bytes <= max(self._compact_floor, self._compact_factor * self.live_bytes):
            return
        try:
            self.compact()
        except StoreError as error:  # the transaction itself is durable; try again when there is twice as much to gain
            self._compact_floor = 2 * self.journal_bytes
            log.warning("store_not_compacted", reason=str(error))


class _Snapshot(Collection[bytes]):
    """Journal bodies made one at a time, or a large store would be in memory twice."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes
        self._starts = range(0, len(changes), ROWS_A_LINE)

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[bytes]:
        return (_body(self._changes[start : start + ROWS_A_LINE]) for start in self._starts)

    def __contains__(self, body: object) -> bool:
        return any(body == mine for mine in self)


def changes_in(body: bytes, known: Container[str], path: Path) -> list[Change]:
    """The changes one journal line holds. StoreError for a table this version does not know."""
    changes: list[Change] = []
    for part in body.split(b"\t"):
        table, number, data = part.split(b" ", 2)
        if table.decode() not in known:
            raise StoreError(
                f"{path} holds a table {table.decode()!r} this version does not know; run the version that wrote it."
            )
        changes.append((table.decode(), int(number), data or None))
    return changes


def _body(changes: Sequence[Change]) -> bytes:
    return b"\t".join(b"%s %d %s" % (table.encode(), number, data or b"") for table, number, data in changes)

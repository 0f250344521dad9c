"""Tables of shipments that wait to be imported, in the data folder: the file as it came, and its good lines by number on disk."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.domain.shipment import Goods, ShipmentLine, merged, plain_number
from bot.errors import NotFound

NAMES = tuple(field.name for field in fields(ShipmentLine))
FOLDER, LINES = "imports", "lines.sqlite"
KEPT_SECONDS = 7 * 86_400
"""How long an offered import waits for its button."""


class ImportFolder:
    """DATA/imports: one folder per table, named by its key."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def place(self, key: str, name: str) -> Path:
        """Where the table `key` is to be kept as a file of this name; older tables nobody imported are forgotten."""
        self._forget_old()
        folder = self._of(key)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / (Path(name.replace("\\", "/")).name[-100:] or "table")

    def file(self, key: str) -> Path:
        """The table as it came; NotFound once it is forgotten."""
        found = [path for path in self._of(key).glob("*") if not path.name.startswith(LINES)]
        if not found:
            raise NotFound(f"The table {key} is no longer kept.").named("table_gone")
        return found[0]

    def stage(self, key: str) -> StagedLines:
        """An empty stage for the table's lines."""
        path = self._of(key) / LINES
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        return StagedLines(path)

    def staged(self, key: str) -> StagedLines:
        """The lines kept under a key; NotFound once they are imported or forgotten."""
        path = self._of(key) / LINES
        if not path.exists():
            raise NotFound(f"The table {key} is no longer kept.").named("table_gone")
        return StagedLines(path)

    def forget(self, key: str) -> None:
        """The table was imported."""
        shutil.rmtree(self._of(key), ignore_errors=True)

    def _of(self, key: str) -> Path:
        return self._folder / hashlib.sha256(key.encode()).hexdigest()[:24]

    def _forget_old(self) -> None:
        for path in self._folder.glob("*"):
            if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


class StagedLines:
    """Good lines by number in a file, so that neither a large table nor a stop costs memory or lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = delete")
        self._db.execute("create table if not exists lines (number text primary key, line integer, said text, good integer)")
        self._db.execute("create index if not exists in_order on lines (line)")
        self._db.execute("begin")

    def add(self, line_number: int, line: ShipmentLine) -> int:
        """Add one line; 0, or the number of the earlier line it contradicts: then neither is good."""
        number = plain_number(line.number)
        there = self._db.execute("select line, said, good from lines where number = ?", (number,)).fetchone()
        if there is None:
            self._put(number, line_number, line)
            return 0
        both = merged(_line(there[1]), line) if there[2] else None
        if both is None:
            self.refuse(number)
            return int(there[0])
        self._put(number, int(there[0]), both)
        return 0

    def refuse(self, number: str) -> None:
        """This number is not imported."""
        self._db.execute("update lines set good = 0 where number = ?", (plain_number(number),))

    def keep(self) -> None:
        """Make what was added durable."""
        self._db.execute("commit")
        descriptor = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._db.execute("begin")

    def lines(self, after: int = 0) -> Iterator[tuple[int, ShipmentLine]]:
        """Good lines in the order of the table, from behind this line on, each with its line number."""
        while rows := self._db.execute(
                "select line, said from lines where good = 1 and line > ? order by line limit 200", (after,)).fetchall():
            yield from ((int(line), _line(said)) for line, said in rows)
            after = int(rows[-1][0])

    def __len__(self) -> int:
        return int(self._db.execute("select count(*) from lines where good = 1").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _put(self, number: str, line_number: int, line: ShipmentLine) -> None:
        said = json.dumps({name: value for name in NAMES if (value := getattr(line, name))}, ensure_ascii=False, default=_plain)
        self._db.execute("insert or replace into lines values (?, ?, ?, 1)", (number, line_number, said))


def _plain(value: Any) -> Any:
    """Dates as text, product lines as objects: a long table is written here line by line, so by hand."""
    return asdict(value) if isinstance(value, Goods) else value.isoformat()


def _line(said: str) -> ShipmentLine:
    row = json.loads(said)
    etd, at = row.pop("etd", None), row.pop("at", None)
    further = tuple(Goods(**goods) for goods in row.pop("further", ()))
    return ShipmentLine(**row, etd=date.fromisoformat(etd) if etd else None, at=datetime.fromisoformat(at) if at else None,
                        further=further)

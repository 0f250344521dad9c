"""Where the local Slack and the local Jira keep their things: dicts in memory, and a line per change in a file if asked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from threading import RLock
from typing import Any

from bot.errors import StoreDamaged

Thing = dict[str, Any]


class Shelf:
    """Things by kind and key, in the order they came; with a path every change is on disk before `put` returns.

    A number and what is let go are written at once as well, but reach the disk with the next `put`: a kill loses neither.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._things: dict[str, dict[str, Thing]] = {}
        self._lock = RLock()  # the two servers may work in different threads
        self.version = 0
        self._file = self._open(path) if path else None

    def get(self, kind: str, key: str) -> Thing | None:
        """The thing itself: change it, then `put` it."""
        return self._things.get(kind, {}).get(key)

    def every(self, kind: str) -> Iterator[Thing]:
        """All things of a kind, oldest first."""
        with self._lock:
            return iter(list(self._things.get(kind, {}).values()))

    def put(self, kind: str, key: str, thing: Thing) -> None:
        """Keep a thing under its key; a replaced thing keeps its place."""
        with self._lock:
            self._things.setdefault(kind, {})[key] = thing
            self._record([kind, key, thing])

    def remove(self, kind: str, key: str) -> None:
        """Forget a thing."""
        with self._lock:
            if self._things.get(kind, {}).pop(key, None) is not None:
                self._record([kind, key, None])

    def let_go(self, kind: str, key: str) -> None:
        """Forget a thing that does no harm if a power cut brings it back."""
        with self._lock:
            if self._things.get(kind, {}).pop(key, None) is not None:
                self._write([kind, key, None])

    def number(self, series: str) -> int:
        """The next number of a series, from 1; what it numbers is put after it."""
        with self._lock:
            last = int((self.get("_numbers", series) or {"last": 0})["last"])
            self._things.setdefault("_numbers", {})[series] = {"last": last + 1}
            self._write(["_numbers", series, {"last": last + 1}])
            return last + 1

    def touch(self) -> None:
        """Something else worth a redraw changed: the clock, the ordered faults."""
        with self._lock:
            self.version += 1

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file:
            self._file.close()

    def _record(self, change: list[Any]) -> None:
        self._write(change)
        if self._file and not self._file.closed:
            os.fsync(self._file.fileno())

    def _write(self, change: list[Any]) -> None:
        self.version += 1
        if self._file and not self._file.closed:
            self._file.write(json.dumps(change) + "\n")  # ASCII, so that no odd character can stop a write
            self._file.flush()

    def _open(self, path: Path) -> Any:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = self._replay(path) if path.exists() else 0
        file = path.open("a", encoding="utf-8")
        file.truncate(whole)  # a kill may have torn the last line
        return file

    def _replay(self, path: Path) -> int:
        whole = 0
        for number, line in enumerate(path.read_bytes().splitlines(keepends=True), start=1):
            if not line.endswith(b"\n"):
                break
            self._redo(line, f"{path.name}:{number}")
            whole += len(line)
        return whole

    def _redo(self, line: bytes, place: str) -> None:
        try:
            kind, key, thing = json.loads(line)
        except ValueError as error:
            raise StoreDamaged(f"{place}: not a change of the sandbox; move the file away to start afresh") from error
        shelf = self._things.setdefault(kind, {})
        shelf.pop(key, None) if thing is None else shelf.__setitem__(key, thing)
        self.version += 1

"""The process dies: a fuse counts every step that reaches the disk or a service, and blows at one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.ports import Row, Store, Transaction


class Crash(BaseException):
    """The process is killed here; nothing after this line happens."""


class Fuse:
    """Blows at the step number `at` (from 1); 0 never blows. `burnt` counts the steps."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.burnt = 0

    def burn(self) -> None:
        self.burnt += 1
        if self.burnt == self.at:
            raise Crash


class CrashingStore:
    """A Store that dies before a transaction begins, before it is durable, or right after."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self._fuse.burn()
        with self._store.transaction() as tx:
            yield tx
            self._fuse.burn()
        self._fuse.burn()

    def get(self, table: str, key: str) -> Row | None:
        return self._store.get(table, key)

    def where(self, table: str, field: str, value: str) -> list[Row]:
        return self._store.where(table, field, value)

    def up_to(self, table: str, field: str, limit_value: str, count: int) -> list[Row]:
        return self._store.up_to(table, field, limit_value, count)

    def first(self, table: str, field: str) -> Row | None:
        return self._store.first(table, field)

    def every(self, table: str) -> Iterator[Row]:
        return self._store.every(table)

    def close(self) -> None:
        self._store.close()


class CrashingService:
    """A chat or tracker beside which the process dies: before a call leaves, or after it was answered."""

    def __init__(self, service: Any, fuse: Fuse) -> None:
        self._service = service
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._service, name)

        def called(*args: Any) -> Any:
            self._fuse.burn()
            answer = call(*args)
            self._fuse.burn()
            return answer

        return called

"""A disk that fails, or loses its power, at the n-th thing it is asked to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from bot.adapters.storage.disk import Disk


class PowerCut(BaseException):
    """Everything stops here; nothing the program still tries may count."""


class UnsyncedDisk(Disk):
    """Says it has synced and has not: fast, and no test here can tell, short of pulling a real plug."""

    def sync(self, fd: int) -> None:
        pass

    def sync_folder(self, folder: Path) -> None:
        pass


class FaultyDisk(UnsyncedDisk):
    """Counts operations; operation number `fail_at` (from 1) raises `error`.

    `left` is what the failing operation leaves behind: "half" of a write, "all" of it though it reports failure, or
    "synced": only what was synced before, with a rename undone whose folder was not.
    After a PowerCut the disk does nothing at all any more.
    """

    def __init__(self, fail_at: int = 0, error: BaseException | None = None, *, left: str = "half") -> None:
        self.log: list[str] = []
        self.fail_at = fail_at
        self._error = error or OSError(errno.EIO, os.strerror(errno.EIO))
        self._left = left
        self._dead = False
        self._synced: dict[int, int] = {}
        self._replaced: tuple[Path, bytes | None] | None = None

    @property
    def count(self) -> int:
        return len(self.log)

    def write(self, fd: int, data: bytes) -> None:
        failing = self._turn("write")
        self._synced.setdefault(fd, os.fstat(fd).st_size)
        super().write(fd, data[: len(data) // 2] if failing and self._left == "half" else data)
        self._fail_if(failing)

    def sync(self, fd: int) -> None:
        self._fail_if(self._turn("sync"))
        super().sync(fd)
        self._synced.pop(fd, None)

    def truncate(self, fd: int, length: int) -> None:
        self._fail_if(self._turn("truncate"))
        super().truncate(fd, length)

    def replace(self, source: Path, target: Path) -> None:
        failing = self._turn("replace")
        if failing and self._left != "all":
            self._fail_if(failing)
        self._replaced = (target, target.read_bytes() if target.exists() else None)
        super().replace(source, target)
        if failing and isinstance(self._error, PowerCut):
            self._fail_if(failing)

    def sync_folder(self, folder: Path) -> None:
        self._fail_if(self._turn("sync_folder"))
        super().sync_folder(folder)
        self._replaced = None

    def _turn(self, what: str) -> bool:
        if self._dead:
            raise OSError(errno.EIO, "no power")
        self.log.append(what)
        return self.count == self.fail_at

    def _fail_if(self, failing: bool) -> None:
        if not failing:
            return
        self._dead = isinstance(self._error, PowerCut)
        if self._dead and self._left == "synced":
            self._forget_unsynced()
        raise self._error

    def _forget_unsynced(self) -> None:
        for fd, length in self._synced.items():
            os.ftruncate(fd, length)
        if self._replaced:
            target, before = self._replaced
            target.unlink() if before is None else target.write_bytes(before)

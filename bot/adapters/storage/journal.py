"""The journal file: whole lines appended and synced, a torn end cut off, rewritten by an atomic replace."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from bot.adapters.storage.disk import Disk
from bot.adapters.storage.lines import LineReader, Place, damaged, framed
from bot.errors import StoreDamaged, StoreError, StoreStopped

VERSION = 1
WRITE_BYTES = 1 << 20


@dataclass(slots=True)
class Written:
    """A journal file just written and synced, still open."""

    fd: int
    place: Place


class Journal:
    """One open journal; the caller sees to it that one thread at a time writes. `cut_bytes` is what a kill had torn."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self.cut_bytes = 0
        self._disk = disk
        self._stopped = ""
        self._fd = -1
        self._place = Place()
        self._pid = os.getpid()

    @property
    def size(self) -> int:
        """Bytes of whole lines in the file."""
        return self._place.offset

    def bodies(self) -> Iterator[bytes]:
        """Open the file, creating it where there is none, and yield what its lines hold; errors: StoreDamaged."""
        self._draft.unlink(missing_ok=True)  # left by a kill while rewriting; never part of the truth
        if not self.path.exists():
            self._take(write_journal(self._draft, [], self._disk))
            self._install()
            return
        with self.path.open("rb") as file:
            reader = LineReader(file, self.path)
            yield from checked_bodies(reader, self.path)
        self._continue_at(reader.place)

    def append(self, body: bytes) -> None:
        """Add one line; it is durable on return. After any failure nothing more is ever written: StoreStopped."""
        self._refuse_if_stopped()
        line, after = framed(body, self._place)
        try:
            self._disk.write(self._fd, line)
            self._disk.sync(self._fd)
        except BaseException as error:  # also an interrupt: the file's end is no longer known
            self.stop(error)
            with suppress(OSError):  # so that what was reported as failed does not turn up after a restart
                self._disk.truncate(self._fd, self._place.offset)
            if isinstance(error, Exception):
                raise StoreStopped(self._stopped) from error
            raise
        self._place = after

    def rewrite(self, bodies: Collection[bytes]) -> None:
        """Replace the whole content. StoreError: the old file stays in use; StoreStopped: nothing more is written."""
        self._refuse_if_stopped()
        try:
            fresh = write_journal(self._draft, bodies, self._disk)
            self._replace_by(fresh)
        except OSError as error:
            self._draft.unlink(missing_ok=True)
            raise StoreError(f"{self.path} could not be rewritten: {error.strerror}.") from error
        try:
            self._disk.sync_folder(self.path.parent)
        except OSError as error:  # after a power cut the old file might be back: take no more writes
            self.stop(error)
            raise StoreStopped(self._stopped) from error

    def stop(self, error: BaseException) -> None:
        """Write nothing more until a restart."""
        reason = getattr(error, "strerror", None) or type(error).__name__
        self._stopped = self._stopped or (
            f"Writing to {self.path} failed ({reason}). Nothing more is written until a restart; "
            f"make sure first that the disk has room and is sound."
        )

    def close(self) -> None:
        """Close the file; nothing more is written."""
        self._stopped = self._stopped or "The store is closed."
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    @property
    def _draft(self) -> Path:
        return self.path.with_name(self.path.name + ".new")

    def _install(self) -> None:
        self._disk.replace(self._draft, self.path)
        self._disk.sync_folder(self.path.parent)

    def _replace_by(self, fresh: Written) -> None:
        try:
            self._disk.replace(self._draft, self.path)
        except OSError:
            os.close(fresh.fd)
            raise
        os.close(self._fd)
        self._take(fresh)

    def _take(self, fresh: Written) -> None:
        self._fd, self._place = fresh.fd, fresh.place

    def _continue_at(self, place: Place) -> None:
        self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        self._place = place
        self.cut_bytes = os.fstat(self._fd).st_size - place.offset
        if self.cut_bytes:
            self._disk.truncate(self._fd, place.offset)
            self._disk.sync(self._fd)

    def _refuse_if_stopped(self) -> None:
        if self._stopped:
            raise StoreStopped(self._stopped)
        if os.getpid() != self._pid:  # a fork shares the lock, and two writers would mix their lines
            raise StoreStopped("The store was opened by the parent process; only that process may write.")


def write_journal(path: Path, bodies: Collection[bytes], disk: Disk) -> Written:
    """Write and sync a new journal file, readable by its owner only. Errors: OSError, after removing what was begun."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    try:
        place = _write_lines(fd, chain([_first_line(len(bodies))], bodies), disk)
        disk.sync(fd)
    except OSError:
        os.close(fd)
        path.unlink(missing_ok=True)
        raise
    return Written(fd, place)


def _write_lines(fd: int, bodies: Iterable[bytes], disk: Disk) -> Place:
    place, waiting = Place(), bytearray()
    for body in bodies:
        line, place = framed(body, place)
        waiting += line
        if len(waiting) >= WRITE_BYTES:
            disk.write(fd, bytes(waiting))
            waiting.clear()
    disk.write(fd, bytes(waiting))
    return place


def _first_line(snapshot_lines: int) -> bytes:
    return json.dumps({"journal": "filingdesk", "version": VERSION, "snapshot_lines": snapshot_lines}).encode()


def checked_bodies(reader: LineReader, path: Path) -> Iterator[bytes]:
    """The bodies after the first line, which says what the file is and how many lines it was born with."""
    lines = iter(reader)
    about = _about(next(lines, b""), path)
    yield from lines
    if reader.place.number - 2 < about["snapshot_lines"]:
        raise damaged(path, reader.place.number, "is cut short inside a part that was written whole (a partial copy?)")


def _about(body: bytes, path: Path) -> dict[str, Any]:
    if not body:
        raise damaged(path, 1, "is missing or cut short")
    about: dict[str, Any] = json.loads(body)
    if about.get("journal") != "filingdesk":
        raise StoreDamaged(f"{path} is not a journal of this program.")
    if about["version"] > VERSION:
        raise StoreError(f"{path} was written by a newer version; install that version, or restore an older backup.")
    return about

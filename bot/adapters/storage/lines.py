"""The form of a journal line, and reading a journal line by line.

A line is `number length head-sum line-sum body`, all but the body of fixed width:

    0000000007 0000000052 1c291ca3 9f0b7a55 shipments 12 {"id":"S-1","etd":"2026-12-01"}

Both sums start from the line-sum before, so a dropped, doubled or swapped line shows; the head-sum vouches for the length,
so a short last line is known to be torn and not merely altered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from bot.errors import StoreDamaged

HEAD_BYTES = 40
UNWRITTEN = bytes(16)  # a power cut leaves blocks of zeros; a flipped bit never leaves sixteen


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next line goes: its number from 1, the line-sum before it, its byte offset."""

    number: int = 1
    chain: int = 0
    offset: int = 0


def framed(body: bytes, place: Place) -> tuple[bytes, Place]:
    """The whole line for `body` at `place`, and the place after it."""
    start, head_sum = _head(len(body), place)
    chain = crc32(body, head_sum)
    line = b"%s%08x %s\n" % (start, chain, body)
    return line, Place(place.number + 1, chain, place.offset + len(line))


def _head(length: int, place: Place) -> tuple[bytes, int]:
    measure = b"%010d %010d" % (place.number, length)
    head_sum = crc32(measure, place.chain)
    return b"%s %08x " % (measure, head_sum), head_sum


class LineReader:
    """Iterates over the bodies of the whole lines of a file; afterwards `place` is where the next line goes.

    What follows `place` is a torn last line. Anything else that is not right raises StoreDamaged.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.place = Place()
        self._file = file
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        while (body := self._next()) is not None:
            yield body

    def _next(self) -> bytes | None:
        head = self._file.read(HEAD_BYTES)
        if len(head) < HEAD_BYTES:
            self._refuse_unless_begun(head)
            return None
        length = int(head[11:21]) if head[11:21].isdigit() else 0
        if not head.startswith(_head(length, self.place)[0]):
            self._refuse_unless_torn("does not continue the line before it", length_known=False)
            return None
        body = self._file.read(length + 1)
        if len(body) <= length:
            return None
        line, after = framed(body[:-1], self.place)
        if line != head + body:
            self._refuse_unless_torn("was altered after it was written", length_known=True)
            return None
        self.place = after
        return body[:-1]

    def _refuse_unless_begun(self, head: bytes) -> None:
        expected = b"%010d " % self.place.number
        if not expected.startswith(head[: len(expected)]) and head.strip(b"\0"):
            raise damaged(self._path, self.place.number, "was not written by this program")

    def _refuse_unless_torn(self, what: str, *, length_known: bool) -> None:
        """A power cut leaves zeros in the one line not yet synced, which is the last; its own newline may be there."""
        self._file.seek(self.place.offset)
        rest = self._file.read()
        others = rest[:-1] if length_known else rest
        if UNWRITTEN not in rest or b"\n" in others:
            raise damaged(self._path, self.place.number, what)


def damaged(path: Path, number: int, what: str) -> StoreDamaged:
    """The error for a journal that must not be used, with what to do about it."""
    return StoreDamaged(
        f"{path}, line {number}: this line {what}. Nothing was changed. Stop the program, keep a copy of the file, "
        f"and put the latest backup in its place under the same name."
    )

"""The few things the journal asks of the operating system, gathered so that a test can make each of them fail."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Disk:
    """The real disk. Every method raises OSError when the operating system says no."""

    def write(self, fd: int, data: bytes) -> None:
        """Append all of `data`; a short write is continued."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]

    def sync(self, fd: int) -> None:
        """Return once what was written will survive a power cut."""
        if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync alone stops at the drive's cache
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        else:
            os.fdatasync(fd)

    def truncate(self, fd: int, length: int) -> None:
        """Cut the file to `length` bytes."""
        os.ftruncate(fd, length)

    def replace(self, source: Path, target: Path) -> None:
        """Put `source` in the place of `target` in one step."""
        source.replace(target)

    def sync_folder(self, folder: Path) -> None:
        """Return once the names in the folder will survive a power cut."""
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

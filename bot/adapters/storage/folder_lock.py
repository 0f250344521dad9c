"""The lock on the data folder: one process at a time, released by the system even after a kill."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.errors import StoreBusy

LOCK_NAME = "filingdesk.lock"


class FolderLock:
    """Held from construction to `release`. StoreBusy when somebody else holds it."""

    def __init__(self, folder: Path) -> None:
        self._fd = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise self._busy(folder) from error
        self._sign()

    def release(self) -> None:
        """Let the next process in; the file stays, for a lock on a deleted file guards nothing."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def _sign(self) -> None:
        os.ftruncate(self._fd, 0)
        os.write(self._fd, str(os.getpid()).encode())

    def _busy(self, folder: Path) -> StoreBusy:
        holder = os.read(self._fd, 20).decode(errors="replace")
        self.release()
        return StoreBusy(
            f"Another process{f' ({holder})' if holder else ''} uses the data folder {folder}; "
            f"stop it first or choose another folder."
        )

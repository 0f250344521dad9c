"""The present: the machine's clock, and a clock that can be moved for the sandbox."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that runs on from where it was set; it only ever moves forward."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = (start - datetime.now(UTC)) if start else timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The shown instant, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def move_to(self, instant: datetime) -> None:
        """Jump to an instant; one that lies behind changes nothing."""
        with self._lock:
            self._ahead = max(self._ahead, instant - datetime.now(UTC))

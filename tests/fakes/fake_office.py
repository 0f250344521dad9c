"""What an office stands on, beside its desk: a clock that stands still, and a bell nobody listens to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Stopped:
    at: datetime

    def now(self) -> datetime:
        return self.at


class Bell:
    def kick(self) -> None:
        """Nobody waits."""

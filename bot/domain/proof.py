"""What became of a reminder, and the proof that all of a time went out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.reminding import Reminder

UNDELIVERED = "undelivered: "
"""How `why` begins where a reminder had to be passed on."""
OUTCOMES = ("delivered", "passed on", "failed", "on its way", "waiting", "not needed")


@dataclass(frozen=True, slots=True)
class Entry:
    """One reminder with what became of it: `outcome` is one of OUTCOMES, `ts` the message's, `why` in words or ""."""

    reminder: Reminder
    outcome: str
    ts: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that fell due in (since, until], both UTC."""

    since: datetime
    until: datetime
    entries: tuple[Entry, ...]

    @property
    def due(self) -> tuple[Entry, ...]:
        """What was to go out: neither closed before its time nor put off."""
        return tuple(entry for entry in self.entries if entry.outcome != "not needed")

    @property
    def out(self) -> tuple[Entry, ...]:
        """What somebody got: the one it was for, or who stood in."""
        return tuple(entry for entry in self.due if entry.outcome in ("delivered", "passed on"))

    @property
    def trouble(self) -> tuple[Entry, ...]:
        """What did not reach the one it was for."""
        return tuple(entry for entry in self.due if entry.outcome != "delivered")

"""The audit trail as a chain: each line carries a hash over itself and the line before, so that no change goes unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

Line = Mapping[str, Any]
"""id, at (UTC), subject, act, by, details, chain."""
BEGIN = "0" * 64
"""What the first line follows."""
THE_END = "the end"


@dataclass(frozen=True, slots=True)
class Position:
    """How far a trail had come: how many lines, the id of the last one ("" for none) and its hash."""

    count: int
    last: str
    chain: str


def link(before: str, line: Line) -> str:
    """The hash of a line (without its own "chain") that follows the line with hash `before`; 64 hex digits."""
    content = {key: value for key, value in line.items() if key != "chain"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def broken_at(lines: Iterable[Line], last: str = BEGIN) -> str | None:
    """The id of the first line that was changed, or follows one that is missing; None for a whole chain.

    `last` is the hash the trail is known to end with: a trail cut at its end does not reach it ("the end").
    """
    before = BEGIN
    for line in lines:
        if line.get("chain") != link(before, line):
            return str(line.get("id", "?"))
        before = str(line["chain"])
    return THE_END if before != last else None


def position(lines: Sequence[Line]) -> Position:
    """Where the trail stands."""
    if not lines:
        return Position(0, "", BEGIN)
    return Position(len(lines), str(lines[-1]["id"]), str(lines[-1]["chain"]))


def lies_in(earlier: Position, lines: Sequence[Line]) -> bool:
    """Whether this (unbroken) trail goes on from where it once stood; one that was written anew as a whole does not."""
    return len(lines) >= earlier.count and position(lines[:earlier.count]) == earlier


def about(line: Line, subject: str) -> bool:
    """Whether a line is about this thing or a part of it: "F-1" means F-1 and its task F-1.N3, never F-12."""
    said = str(line["subject"])
    return said == subject or said.startswith(f"{subject}.")


def within(line: Line, since: date | None, until: date | None, zone: str) -> bool:
    """Whether a line was written in this period; both days belong to it, as days of this zone."""
    day = datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(zone)).date()
    return (since is None or day >= since) and (until is None or day <= until)

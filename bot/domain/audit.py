"""The audit trail as a chain: each line carries a hash over itself and the line before, so that no change goes unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

BEGIN = "0" * 64
"""What the first line follows."""


def link(before: str, line: Mapping[str, Any]) -> str:
    """The hash of a line (without its own "chain") that follows the line with hash `before`; 64 hex digits."""
    content = {key: value for key, value in line.items() if key != "chain"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def broken_at(lines: Iterable[Mapping[str, Any]], last: str | None = None) -> str | None:
    """The id of the first line that was changed, or follows one that is missing; None for a whole chain.

    `last` is the hash the trail is known to end with: a trail cut at its end does not reach it ("the end").
    """
    before = BEGIN
    for line in lines:
        if line.get("chain") != link(before, line):
            return str(line.get("id", "?"))
        before = str(line["chain"])
    return "the end" if last is not None and before != last else None

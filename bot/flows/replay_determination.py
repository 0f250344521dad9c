"""A stored determination is decided again: the same bytes, or what it rests on that reads differently now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.domain.determination import Determination, Replay, replay
from bot.domain.rulebook import Ruleset
from bot.errors import NotFound
from bot.ports import Row, Rows


def stored_row(rows: Rows, determination_id: str) -> Row:
    """The row of a determination, "D-12" or "12". NotFound."""
    number = determination_id.strip().upper().removeprefix("D-")
    row = rows.get("determinations", f"D-{number}")
    if row is None:
        raise NotFound(f"There is no determination {determination_id.strip()}.").named(
            "no_determination", id=determination_id.strip())
    return row


def replay_determination(rows: Rows, rulesets: Mapping[str, Ruleset], determination_id: str,
                         known_at: date | None = None) -> Replay:
    """Decide it again by the rules of today, as they were known then or on `known_at`. NotFound."""
    stored = Determination.from_row(stored_row(rows, determination_id))
    if stored.ruleset.id not in rulesets:
        raise NotFound(f"{stored.id} was decided by the ruleset {stored.ruleset.id}, which is not here any more.")
    return replay(stored, rulesets[stored.ruleset.id], known_at)

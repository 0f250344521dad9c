"""Cues in two parts with something between: "lets … in", 让…进, "took … off"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit

_HALVES = frozenset({"let", "let_end", "take", "take_end"})
_APART = 6
"""At most so many words stand between the two parts."""


def framed(hits: Sequence[Hit], clauses: Clauses) -> list[Hit]:
    """The cues, where "lets" and "in" of one clause are joined into one act and what stands between is its object."""
    found: list[Hit] = []
    for hit in hits:
        taken = _opening(found, "take") if hit.cue.role == "take_end" else None
        if taken is not None and _one_frame(found[taken], hit, clauses):
            found.append(replace(hit, cue=replace(hit.cue, role="removed")))
            continue
        at = _opening(found, "let") if hit.cue.role == "let_end" else None
        if at is not None and _one_frame(found[at], hit, clauses):
            cue, first = found[at].cue, found[at].first
            del found[at:]
            found.append(Hit(replace(cue, role="act"), first, hit.last))
        else:
            found.append(hit)
    return [hit for hit in found if hit.cue.role not in _HALVES]


def _opening(found: Sequence[Hit], role: str) -> int | None:
    """Where among the last cues the nearest of this role stands."""
    near = range(len(found) - 1, max(len(found) - 1 - _APART, -1), -1)
    return next((at for at in near if found[at].cue.role == role), None)


def _one_frame(opening: Hit, end: Hit, clauses: Clauses) -> bool:
    return end.first - opening.last <= _APART and clauses.of[opening.first] == clauses.of[end.first]

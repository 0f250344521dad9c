"""From claims to one value of autonomy; contradiction and doubt give unknown, never a no."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.facts import Doubt, Evidence, Truth
from bot.domain.reading.claim import ACTING, CLEAR, WEAK, Claim
from bot.domain.reading.matching import Marked

_MOST = 24
"""More words than this are not shown as evidence of one fact."""


def judge(found: Sequence[Claim], marked: Marked) -> tuple[Truth, tuple[Evidence, ...], tuple[Doubt, ...]]:
    """The value, the words behind it, and what has to be asked back."""
    evidence = tuple(marked.evidence(c.first, c.last, c.cue) for c in found[:_MOST])
    yes = _strongest(found, Truth.YES)
    no = _strongest(found, Truth.NO)
    hedged = [c for c in found if c.hedged]
    if yes >= ACTING and no >= ACTING:
        return Truth.UNKNOWN, evidence, (_doubt(found, marked, "contradiction"),)
    if yes > no and not any(c.value is Truth.NO for c in hedged):
        return Truth.YES, evidence, ()
    if no >= CLEAR and not any(c.value is Truth.YES and c.force >= ACTING for c in hedged):
        return Truth.NO, evidence, ()
    if hedged:
        return Truth.UNKNOWN, evidence, (_doubt(hedged, marked, "hedged"),)
    return (Truth.YES if yes >= WEAK and no == 0 else Truth.UNKNOWN), evidence, ()


def _strongest(found: Sequence[Claim], value: Truth) -> int:
    return max((c.force for c in found if c.value is value and not c.hedged), default=0)


def _doubt(found: Sequence[Claim], marked: Marked, reason: str) -> Doubt:
    words = tuple(dict.fromkeys(marked.words(c.first, c.last) for c in found[:_MOST]))
    return Doubt("autonomous", " / ".join(words), words, reason)

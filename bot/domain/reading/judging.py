"""From claims to one value of autonomy; contradiction and doubt give unknown, never a no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.facts import Doubt, Evidence, Truth
from bot.domain.reading.claim import ACTING, CLEAR, WEAK, Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Marked

_MOST = 24
"""More words than this are not shown as evidence of one fact."""
_AROUND = 8
"""So many words before and behind are shown of a statement that is contradicted."""


def judge(found: Sequence[Claim], marked: Marked, clauses: Clauses) -> tuple[Truth, tuple[Evidence, ...], tuple[Doubt, ...]]:
    """The value, the words behind it, and what has to be asked back."""
    evidence = tuple(marked.evidence(c.first, c.last, c.cue) for c in found[:_MOST])
    yes = _strongest(found, Truth.YES)
    no = _strongest(found, Truth.NO)
    hedged = [c for c in found if c.hedged]
    if yes >= ACTING and no >= ACTING:
        return Truth.UNKNOWN, evidence, (_contradiction(found, marked, clauses),)
    if yes > no and not any(c.value is Truth.NO for c in hedged):
        return Truth.YES, evidence, ()
    if no >= CLEAR and not any(c.value is Truth.YES and c.force >= ACTING for c in hedged):
        return Truth.NO, evidence, ()
    if hedged:
        return Truth.UNKNOWN, evidence, (_doubt(hedged, marked, "hedged"),)
    return (Truth.YES if yes >= WEAK and no == 0 else Truth.UNKNOWN), evidence, ()


def _strongest(found: Sequence[Claim], value: Truth) -> int:
    return max((c.force for c in found if c.value is value and not c.hedged), default=0)


def _contradiction(found: Sequence[Claim], marked: Marked, clauses: Clauses) -> Doubt:
    """The doubt, with the two statements that cannot both hold, in the order written."""
    firm = [c for c in found if c.force >= ACTING and not c.hedged]
    two = sorted((next(c for c in firm if c.value is value) for value in (Truth.YES, Truth.NO)), key=lambda c: c.first)
    apart = clauses.of[two[0].first] != clauses.of[two[1].first]
    said = tuple(_statement(c, marked, clauses) if apart else marked.words(c.first, c.last) for c in two)
    return replace(_doubt(found, marked, "contradiction"), candidates=said)


def _statement(claim: Claim, marked: Marked, clauses: Clauses) -> str:
    """The words around a claim, as far as its clause goes."""
    clause = clauses.at(claim.first)
    first, last = max(clause.first, claim.first - _AROUND), min(clause.last, claim.last + _AROUND)
    while last > claim.last and not marked.units[last - 1].is_word:
        last -= 1
    return marked.words(first, last)


def _doubt(found: Sequence[Claim], marked: Marked, reason: str) -> Doubt:
    words = tuple(dict.fromkeys(marked.words(c.first, c.last) for c in found[:_MOST]))
    return Doubt("autonomous", " / ".join(words), words, reason)

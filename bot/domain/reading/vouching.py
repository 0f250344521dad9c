"""A no takes a product out, so it must be vouched for: said outright, of every event, with nothing said against it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from bot.domain.facts import Truth
from bot.domain.reading.claim import CLEAR, Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.requiring import REQUIRED

_LEFT_ALONE = frozenset({"inaction", "regardless", "after_the_fact", "one_off", "nobody", "intervene", "reversed", "uninvolved"})
_COUNTERS = frozenset({"act", "self", "whole_yes", "auto", "negation", "nobody", "removed", "uninvolved"})
_MODALS = frozenset({"could", "might", "may", "can", "would", "可以", "能"})
_FIRM = frozenset({"only", "才", "只", "must", "not", "no", "until", "nobody", "不", "没", "cannot"})
_FAR = 40
"""So many cues behind a no are looked at for something against it."""
_NEAR = 5
"""So many words before a deed a "could" may stand."""


def vouched(said: list[Claim], claims: Sequence[Claim], cues: Sequence[Hit], marked: Marked, clauses: Clauses) -> list[Claim]:
    """The claims, every no hedged that something speaks against; `claims` are all before they were weighed."""
    said = _cautious(_unsettled(said, claims), cues)
    if any(c.final for c in said):
        return said
    every = any(h.cue.role in {"each", "only"} for h in cues)
    some = not every and any(h.cue.role == "subset" and h.cue.id == "some_only" for h in cues)
    return [
        c.doubted(some or _possible(c, marked, clauses) or _countered(c, cues, marked, clauses)) if _people(c) else c
        for c in said
    ]


def _people(claim: Claim) -> bool:
    return claim.value is Truth.NO and not claim.hedged


def _possible(claim: Claim, marked: Marked, clauses: Clauses) -> bool:
    """ "a guard could press a button": that he does is not said; but "only a guard can"."""
    first = clauses.at(claim.first).first
    before = [u.text for u in marked.units[max(claim.first - _NEAR, first) : claim.first]]
    if (
        set(before) & {"only", "才", "只", "must", "not", "no", "until", "nobody", "不", "没", "cannot"}
        or marked.units[first].text == "only"
    ):
        return False
    pairs = {one + two for one, two in pairwise(before)}
    return bool(_MODALS & (set(before) | pairs))


def _countered(claim: Claim, cues: Sequence[Hit], marked: Marked, clauses: Clauses) -> bool:
    """ "… must confirm. In fact he doesn't", "…, but the lock does not wait for that and opens"."""
    own = clauses.of[claim.first]
    first = bisect_left(cues, claim.last, key=lambda hit: hit.first)
    behind = [h for h in cues[first : first + _FAR] if clauses.of[h.first] > own]
    turns = {clauses.of[h.first] for h in behind if _turns(clauses.of[h.first], marked, clauses)}
    return any(clauses.of[h.first] in turns and h.cue.role in _COUNTERS and not _kept(h, behind, clauses) for h in behind)


def _turns(index: int, marked: Marked, clauses: Clauses) -> bool:
    clause = clauses.all[index]
    words = [u.text for u in marked.units[clause.first : clause.first + 4]]
    turned = words[:1] in (["but"], ["however"], ["yet"], ["though"], ["although"], ["但"], ["却"])
    return turned or "".join(words).startswith(("其实", "实际", "事实上", "不过", "照样", "而实")) or words[:2] in _IN_FACT


_IN_FACT = (["in", "fact"], ["in", "reality"], ["actually"], ["instead"], ["he", "needn't"], ["they", "needn't"])


def _kept(hit: Hit, cues: Sequence[Hit], clauses: Clauses) -> bool:
    """What a clause says of people, or of an act that is denied, is nothing against a no."""
    own = [h for h in cues if clauses.of[h.first] == clauses.of[hit.first]]
    roles = {h.cue.role for h in own}
    if roles & {"approve", "manual", "whole_no", "shut", "gate", "brain", "advise"}:
        return not any(h.cue.role in {"negation", "nobody"} for h in own)
    return hit.cue.role == "negation" and not roles & {"person", "consult", "need", "approve", "user"}


def _unsettled(said: list[Claim], claims: Sequence[Claim]) -> list[Claim]:
    """A no by one approval does not outweigh "acts on its own", said without reserve elsewhere."""
    if len({c.first for c in said}) != 1 or not said[0].approval or said[0].value is Truth.YES or said[0].final:
        return said
    own = [
        c for c in claims if c.value is Truth.YES and c.force >= CLEAR and not (c.gated or c.approval or c.hedged or c.supposed)
    ]
    return [c.doubted(bool(own)) for c in said]


def _cautious(said: list[Claim], cues: Sequence[Hit]) -> list[Claim]:
    """A no beside words of a device left to itself is not sure enough to take a product out."""
    used = {c.first for c in said}
    alone = any(h.cue.role in _LEFT_ALONE and h.first not in used and not _accounted(h, said, cues) for h in cues)
    if not alone or any(c.value is Truth.YES or c.final or c.cue == REQUIRED for c in said):
        return said
    return [c.doubted() for c in said]


def _accounted(hit: Hit, said: Sequence[Claim], cues: Sequence[Hit]) -> bool:
    """ "no opening without a human saying so", "even when the face matches": part of what was read."""
    if hit.cue.role == "nobody":
        return any(c.approval and 0 <= c.first - hit.last <= 3 for c in said)
    return hit.cue.role == "regardless" and any(h.cue.role == "match" and 0 <= h.first - hit.last <= 3 for h in cues)

"""Which statements are of the product as it is sold; those of other makers', earlier and demonstrated ones are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, CLEAR, Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked

_ELSEWHERE = frozenset({"other_maker", "other_time", "other_showing"})
_WATCHES = frozenset({"told", "unable"})
_HAPPENS = frozenset({"act", "handle", "object", "device", "match"})
_IN_HAND = frozenset({"consult", "manual", "whole_no"})
_PEOPLE = frozenset({"person", "user"})


def contrasted(said: Sequence[Claim], cues: Sequence[Hit], marked: Marked, clauses: Clauses) -> list[Claim]:
    """The claims of the product itself; `cues` are all that speak of it."""
    reach = {clauses.sentence(h.first) for h in cues}
    cautions = [h for h in marked.layer("cautions") if clauses.sentence(h.first) in reach]
    if not cautions:
        return list(said)
    said = _of_this(said, cautions, clauses)
    said = _by_day_and_night(said, cautions)
    said = [*_not_of_watchers(said, cues, cautions, clauses)]
    return _left_open(said, cautions)


def _of_this(said: Sequence[Claim], cautions: Sequence[Hit], clauses: Clauses) -> list[Claim]:
    """ "the old one had a knob, the one we now sell …": what stands before the turn is of the other."""
    turns = [h for h in cautions if h.cue.id in _ELSEWHERE or h.cue.role == "present"]
    if not any(h.cue.role == "present" for h in turns):
        return list(said)
    return [c for c in said if not _of_other(c, turns, clauses)]


def _of_other(claim: Claim, turns: Sequence[Hit], clauses: Clauses) -> bool:
    """The last turn before the claim, or in its clause, leads away, and a later one leads back."""
    own = clauses.of[claim.first]
    before = [h for h in turns if h.first < claim.first or clauses.of[h.first] == own]
    back = any(h.cue.role == "present" and h.first > claim.first for h in turns)
    return back and bool(before) and before[-1].cue.role == "other"


def _by_day_and_night(said: Sequence[Claim], cautions: Sequence[Hit]) -> list[Claim]:
    """ "by day the porter presses, at night it opens alone": some events are approved by nobody."""
    roles = {h.cue.role for h in cautions}
    alone = any(c.value is Truth.YES and c.force >= ACTING and not c.hedged for c in said)
    if not alone or "split" not in roles or "any_time" in roles:
        return list(said)
    return [c for c in said if c.value is Truth.YES]


def _not_of_watchers(said: Sequence[Claim], cues: Sequence[Hit], cautions: Sequence[Hit], clauses: Clauses) -> list[Claim]:
    """ "…, the worker only hears a click": whoever only gets to know does not act; the device does."""
    watching = {clauses.of[h.first]: h for h in cautions if h.cue.role in _WATCHES}
    watched = [h for h in cues if h.cue.role in _PEOPLE and clauses.of[h.first] in watching]
    if not watched:
        return list(said)
    rest = [c for c in said if clauses.of[c.first] not in watching or c.value is Truth.YES]
    roles = {h.cue.role for h in cues if clauses.of[h.first] not in watching}
    in_hand = roles & _IN_HAND or ("approve" in roles and roles & _PEOPLE)
    if any(c.value is Truth.NO for c in rest) or not roles & _HAPPENS or in_hand:
        return list(said)
    who = watched[0]
    return [*rest, Claim(Truth.YES, ACTING, who.first, who.last, who.cue.id)]


def _left_open(said: Sequence[Claim], cautions: Sequence[Hit]) -> list[Claim]:
    """ "who opens is not written anywhere", "they have not chosen yet"."""
    if not any(h.cue.role == "open" for h in cautions):
        return list(said)
    return [replace(c, force=min(c.force, CLEAR)).doubted() for c in said]

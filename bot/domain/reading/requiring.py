"""Two clauses that say together what neither says alone: "unless he signs, nobody gets past"; "who opens? The porter"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot.domain.facts import Truth
from bot.domain.reading.claim import CLEAR, Claim
from bot.domain.reading.matching import Hit
from bot.domain.reading.scene import Group, Scene

REQUIRED = "required"
"""The cue of such a claim: it is made of two clauses."""
_PEOPLE = frozenset({"person", "user"})
_UNLESS = frozenset({"unless", "除非"})
_LOOSE = frozenset({"react", "intervene", "inaction", "regardless", "nobody"})
"""Roles of a veto or an absence, beside which nothing is required."""
_MOVES = frozenset({"act", "handle"})
_CHANGES = frozenset("变动开")


def required(scenes: Sequence[Scene], found: list[Claim]) -> list[Claim]:
    """The claims of a sentence, where what its clauses say together takes the place of what they say alone."""
    for one, two in pairwise(scenes):
        who = _missing(one)
        if who is not None and _nothing_happens(two):
            end = two.clause.hits[-1].last
            apart = [c for c in found if not one.first <= c.first < end]
            return [*apart, Claim(Truth.NO, CLEAR, who.first, who.last, REQUIRED, approval=True)]
    return found


def _missing(scene: Scene) -> Hit | None:
    """Who has not done what is required."""
    if scene.clause.roles & _LOOSE:
        return None
    people = (h for h in scene.clause.hits if h.cue.role in _PEOPLE)
    return next((who for who in people if _unless(who, scene.clause, scene)), None)


def _unless(who: Hit, clause: Group, scene: Scene) -> bool:
    gate = clause.before(who, 3, {"gate"})
    if gate is not None and scene.marked.units[gate.first].text in _UNLESS:
        return True
    return clause.before(who, 2, {"negation"}) is not None or clause.behind(who, 2, {"negation"}) is not None


def _nothing_happens(scene: Scene) -> bool:
    """ "nobody gets past", "it does not move", 它就不变."""
    clause = scene.clause
    if "shut" in clause.roles:
        return True
    if clause.hits[0].cue.role in {"nobody", "anyone"} and clause.hits[0].first - scene.first <= 1:
        return bool(clause.roles & _MOVES) or {u.text for u in scene.marked.units[clause.hits[0].last :][:3]} >= {"gets"}
    denied = [h for h in clause.hits if h.cue.role == "negation"]
    return any(_of_motion(h, scene) for h in denied)


def _of_motion(negation: Hit, scene: Scene) -> bool:
    behind = scene.clause.behind(negation, 1, _MOVES)
    nearest = scene.marked.units[negation.last : negation.last + 1]
    return (behind is not None) or (bool(nearest) and nearest[0].text in _CHANGES)


def named(before: Scene, scene: Scene, found: list[Claim]) -> list[Claim]:
    """The claims, with the answer to "who opens?" where the next sentence begins with it."""
    first = scene.clause.hits[0]
    if first.cue.role not in {"person", "device"} or first.first - scene.first > 1 or not _asks_who(before):
        return found
    rest = [c for c in found if not before.first <= c.first < scene.first]
    by_device = first.cue.role == "device"
    return [*rest, Claim(Truth.YES if by_device else Truth.NO, CLEAR, first.first, first.last, REQUIRED, approval=not by_device)]


def _asks_who(scene: Scene) -> bool:
    units = scene.marked.units
    said = {u.text for u in units[scene.first : scene.clause.hits[-1].last]}
    return bool(said & {"who", "谁"}) and bool(scene.clause.roles & {"act", "decide", "approve"})

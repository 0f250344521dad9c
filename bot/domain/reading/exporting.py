"""Whether goods leave mainland China: from the places and from words of export."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.facts import Truth
from bot.domain.reading.destinations import BARE, GOES, HOME, Destinations, Part
from bot.domain.reading.matching import Hit, Marked

_THEN = frozenset({"then", "later", "afterwards", "onward", "onwards", "finally", "ultimately", "再", "终", "转"})


def export_of(cues: Sequence[Hit], places: Destinations, taken: Sequence[Part], marked: Marked) -> Truth:
    """Three-valued: open questions (re-export, bonded zone, OTA) win, then what the places say, then words."""
    roles = {hit.cue.role for hit in cues}
    codes = {part.code for part in taken}
    if "open" in roles or any(part.role == "stock" and part.code != HOME for part in places.parts):
        return Truth.UNKNOWN
    if _away(roles, places):
        return Truth.NO
    if codes - {HOME}:
        return Truth.YES
    if HOME in codes or "no" in roles:
        return Truth.UNKNOWN if (_elsewhere(places) or _onward(places, marked)) and "no" not in roles else Truth.NO
    return Truth.YES if "yes" in roles else Truth.UNKNOWN


def _elsewhere(places: Destinations) -> bool:
    """A place abroad whose part is not clear: enough not to say that goods stay at home."""
    return any(p.role == "origin" and p.code != HOME and not (p.hit.place.demonym or p.hit.place.region) for p in places.parts)


def _onward(places: Destinations, marked: Marked) -> bool:
    """ "to Shenzhen first, then Oslo": the place at home may not be the last one."""
    abroad = (p.hit.first for p in places.parts if p.role == BARE and p.code != HOME)
    return any({u.text for u in marked.units[max(first - 2, 0) : first]} & _THEN for first in abroad)


def _away(roles: set[str], places: Destinations) -> bool:
    """Made and shipped abroad: the goods never were in the mainland."""
    made = {part.code for part in places.parts if part.role == "made"}
    starts_here = any(part.code == HOME and part.role == "origin" for part in places.parts)
    return "away" in roles or (bool(made - {HOME, ""}) and HOME not in made and not starts_here)


def cues_of(marked: Marked, places: Destinations) -> list[Hit]:
    """The export words of a text, without those that only sound like export and a warehouse that goods are sent to."""
    reached = {part.hit.last for part in places.parts if part.role == GOES}
    hits = [hit for hit in marked.layer("export") if hit.cue.role != "nothing"]
    return [hit for hit in hits if not (hit.cue.id == "reexport" and hit.first in reached)]

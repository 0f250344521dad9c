"""Whether goods leave mainland China: from the places and from words of export."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.facts import Truth
from bot.domain.reading.destinations import Destinations
from bot.domain.reading.matching import Hit, Marked, PlaceHit
from bot.domain.reading.parts import BARE, BUYER, GOES, HOME, SENDER, TRANSIT, Part

_OR, _OR_WITHIN = frozenset({"or", "或", "perhaps", "maybe"}), 9
_ENDS = frozenset(".!?;¶。！？；")
_FREE_ZONE = 3
"""Units between a place and its free zone."""
_THEN = frozenset({"then", "later", "afterwards", "onward", "onwards", "finally", "ultimately", "再", "终", "转"})


def export_of(cues: Sequence[Hit], places: Destinations, taken: Sequence[Part], marked: Marked) -> Truth:
    """Three-valued: open questions (re-export, bonded zone, OTA) win, then what the places say, then words."""
    roles = {hit.cue.role for hit in cues}
    codes = {part.code for part in taken}
    if "open" in roles or any(part.role == "stock" and part.code != HOME for part in places.parts):
        return Truth.UNKNOWN
    if _away(roles, places):
        return Truth.NO
    if _undecided(cues, places, marked):
        return Truth.UNKNOWN
    if codes - {HOME}:
        return Truth.YES
    if HOME in codes or "no" in roles:
        return Truth.UNKNOWN if (_elsewhere(places) or _onward(places, marked)) and "no" not in roles else Truth.NO
    return Truth.YES if "yes" in roles or places.unheard else Truth.UNKNOWN


def _undecided(cues: Sequence[Hit], places: Destinations, marked: Marked) -> bool:
    """ "the Chengdu fair or the Dubai fair", "to Chongqing or abroad": a place at home, or one that is not."""
    home = [p.hit for p in places.parts if p.code == HOME and p.role in (GOES, BARE, BUYER)]
    away = [p.hit for p in places.parts if p.code != HOME and p.role in (GOES, BARE, BUYER) and not p.hit.place.demonym]
    others: list[PlaceHit | Hit] = [*away, *(hit for hit in cues if hit.cue.role == "yes")]
    pairs = [(one, other) for one in home for other in others]
    return any(_either(a.last, b.first, marked) or _either(b.last, a.first, marked) for a, b in pairs)


def _either(first: int, last: int, marked: Marked) -> bool:
    between = {unit.text for unit in marked.units[first:last]} if 0 < last - first <= _OR_WITHIN else set()
    return bool(between & _OR) and not between & _ENDS


def _elsewhere(places: Destinations) -> bool:
    """A place abroad whose part is not clear: enough not to say that goods stay at home."""
    abroad = (p for p in places.parts if p.role in ("origin", SENDER) and p.code != HOME)
    return any(not (p.hit.place.demonym or p.hit.place.region) for p in abroad)


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
    reached = {part.hit.last for part in places.parts if part.role == GOES or (part.role == TRANSIT and _goes_on(part, places))}
    foreign = [part.hit for part in places.parts if part.code != HOME and not part.hit.place.demonym]
    hits = [hit for hit in marked.layer("export") if hit.cue.role != "nothing" and not _free_zone(hit, foreign)]
    return [hit for hit in hits if not (hit.cue.id == "reexport" and hit.first in reached)]


def _goes_on(part: Part, places: Destinations) -> bool:
    """发迪拜转口到亚的斯亚贝巴: on the way from here, as nothing is said to start there."""
    behind = any(other.role == GOES and other.hit.first > part.hit.first for other in places.parts)
    return behind and all(other.code == HOME for other in places.parts if other.role in ("origin", "stock", "made"))


def _free_zone(cue: Hit, foreign: Sequence[PlaceHit]) -> bool:
    """巴拿马科隆自贸区: a free zone abroad is abroad."""
    return cue.cue.id == "bonded" and any(place.first < cue.first < place.last + _FREE_ZONE for place in foreign)

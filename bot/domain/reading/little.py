"""Towns with short names: written small, or of two Chinese characters, they are places only where no other one is named."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.reading.matching import Marked, PlaceHit

_LEAST = 4
"""Letters: shorter ones are words and slips of the pen."""
_BEHIND = frozenset("的那客市")
_SPEAKS = frozenset(":：说问")


def freed(marked: Marked) -> Marked:
    """The text with such towns as places: "zlin. do we file", 虹膜锁 小樽 自己开."""
    named = [_unshy(hit) if _is_town(hit, marked) else hit for hit in marked.places]
    more = [_unshy(hit) for hit in marked.little if _stands_apart(hit, marked)]
    return replace(marked, places=sorted([*named, *more], key=lambda hit: hit.first))


def _unshy(hit: PlaceHit) -> PlaceHit:
    return replace(hit, place=replace(hit.place, shy=False, short=False))


def _is_town(hit: PlaceHit, marked: Marked) -> bool:
    return hit.place.short and marked.units[hit.last - 1].end - marked.units[hit.first].start >= _LEAST


def _stands_apart(hit: PlaceHit, marked: Marked) -> bool:
    """Between marks, blanks or letters, and nobody who speaks."""
    text, first, last = marked.folded.text, marked.units[hit.first].start, marked.units[hit.last - 1].end
    before, behind = text[first - 1 : first], text[last : last + 1]
    if behind and behind in _SPEAKS:
        return False
    return not _is_han(before) and (not _is_han(behind) or behind in _BEHIND)


def _is_han(char: str) -> bool:
    return bool(char) and char.isalnum() and not char.isascii()

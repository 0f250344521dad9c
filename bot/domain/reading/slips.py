"""Slips of the pen: a misspelt word is read as ours where nothing else is near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.reading.folding import Unit, stem
from bot.domain.reading.lexicon import END, Cue, Lexicon, Spelling, left_out

_SHORT, _SAFE, _LONG, _TOO_LONG = 3, 5, 7, 24
"""Letters: too short to judge below; safe anywhere from; a place without a word of direction from; no word above."""


class _Led(Protocol):
    """A cue at units [first, last)."""

    @property
    def cue(self) -> Cue: ...
    @property
    def last(self) -> int: ...


def corrected_stems(found: Sequence[Unit], spelling: Spelling) -> list[str]:
    """For each unit its stem, or that of the one word of ours it is a slip of."""
    return [_stem(index, found, spelling) for index in range(len(found))]


def _stem(index: int, found: Sequence[Unit], spelling: Spelling) -> str:
    unit = found[index]
    if not _judged(unit.text, unit.stem, spelling):
        return unit.stem
    near = {stem(name) for name in _near(unit.text, spelling.cues)}
    if len(unit.text) < _SAFE:
        beside = {found[i].stem for i in (index - 1, index + 1) if 0 <= i < len(found)}
        near = near & spelling.product_stems if beside & spelling.product_stems else set()
    return near.pop() if len(near) == 1 else unit.stem


def _judged(word: str, short: str, spelling: Spelling) -> bool:
    if not (_SHORT <= len(word) <= _TOO_LONG and word.isascii() and word.isalpha()):
        return False
    return short not in spelling.known and word not in spelling.known


def corrected_places(found: Sequence[Unit], cues: Sequence[_Led], lexicon: Lexicon) -> list[str]:
    """For each unit its text, or the one place it is a slip of; short ones only behind a word of direction."""
    led = {hit.last for hit in cues if hit.cue.marks.get("where") == "before"}
    before = ["", *(unit.text for unit in found)]
    return [_place(index, unit, before[index], led, lexicon) for index, unit in enumerate(found)]


def _place(index: int, unit: Unit, before: str, led: set[int], lexicon: Lexicon) -> str:
    word = unit.text.removesuffix("'s")
    if (rest := _rest_of_name(word, unit.stem, before, lexicon)) is not None:
        return rest
    least = _SAFE if index in led else _LONG
    if word in lexicon.places or len(word) < least or not _judged(word, unit.stem, lexicon.spelling):
        return word
    near = set(_near(word, lexicon.spelling.places))
    return near.pop() if len(near) == 1 else word


def _rest_of_name(word: str, short: str, before: str, lexicon: Lexicon) -> str | None:
    """ "Saudi Arbia", "Buenos Aries": behind the first word of a name the only second word that this is a slip of."""
    rest = lexicon.places.get(before, {})
    if len(word) < _SAFE or word in rest or not before.isascii() or not _judged(word, short, lexicon.spelling):
        return None
    near = [step for step in rest if step is not END and one_slip(word, step)]
    return near[0] if len(near) == 1 else None


def _near(word: str, table: Mapping[str, tuple[str, ...]]) -> list[str]:
    found = {name for form in left_out(word) for name in table.get(form, ())}
    return [name for name in found if one_slip(word, name)]


def one_slip(word: str, name: str) -> bool:
    """One letter more, less, other, or two swapped; the first letter must be right."""
    if word[0] != name[0] or abs(len(word) - len(name)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    one, two = word[start:], name[start:]
    if one[1:] == two or one == two[1:] or one[1:] == two[1:]:
        return True
    return len(one) > 1 and len(two) > 1 and (one[0], one[1]) == (two[1], two[0]) and one[2:] == two[2:]

"""Product names that are nearly in the catalogue: proposed to be asked back, never taken."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from bot.domain.facts import Doubt
from bot.domain.reading.lexicon import Lexicon, normal_name
from bot.domain.reading.matching import Marked

_ALIKE = 82
"""Of 100: how alike two names must be to be proposed; a slip in an eight-letter name gives about 88."""
_MOST_NAMES, _MOST_TRIED, _WORDS = 3, 20, 3


def near_misses(marked: Marked, lexicon: Lexicon) -> tuple[Doubt, ...]:
    """For each strange word, alone or with the number behind it, the catalogue names it may stand for."""
    if not lexicon.alias_names or marked.names:
        return ()
    names = dict(lexicon.alias_names)
    found: dict[tuple[str, ...], Doubt] = {}
    for first, last in _strange(marked, lexicon):
        words = marked.words(first, last)
        near = _near(normal_name(words), tuple(names))
        shown = tuple(dict.fromkeys(names[name].name for name in near))
        if shown:
            found[shown] = Doubt("product", words, shown, "near_miss")
    return tuple(found.values())


def _near(written: str, names: tuple[str, ...]) -> list[str]:
    hits = process.extract(written, names, scorer=fuzz.ratio, limit=_MOST_NAMES * 3, score_cutoff=_ALIKE)
    return [name for name, _, _ in hits if _digits(name) == _digits(written)][:_MOST_NAMES]


def _digits(name: str) -> str:
    return "".join(c for c in name if c.isdigit())


def _strange(marked: Marked, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Spans of one to three words that begin with a word nobody knows."""
    starts = [
        index
        for index, unit in enumerate(marked.units)
        if len(unit.text) >= 4 and unit.text.isascii() and unit.text.isalnum() and unit.stem not in lexicon.spelling.known
    ]
    for first in starts[:_MOST_TRIED]:
        for last in range(first + 1, min(first + _WORDS, len(marked.units)) + 1):
            yield first, last

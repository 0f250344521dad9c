"""Values of sentences that each language names in its own way; a tuple is a list of names, a date or a Wording says itself."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field of a shipment, called as in its form."""

    name: str


@dataclass(frozen=True, slots=True)
class Headings:
    """Columns of a table of shipments, by a heading that is understood."""

    names: tuple[str, ...]


class Phrase(str):
    """Part of a sentence: English words that know the sentence "phrase.<code>" which says them in either language."""

    __slots__ = ("code", "said")
    code: str
    said: Mapping[str, object]

    def __new__(cls, words: str, code: str, said: Mapping[str, object] = MappingProxyType({})) -> Phrase:
        """`said` fills the gaps of the sentence."""
        phrase = super().__new__(cls, words)
        phrase.code, phrase.said = code, said
        return phrase


def did_you_mean(word: str, known: Iterable[str]) -> Phrase:
    """The nearest known word as a question, else the known words."""
    words = [str(item) for item in known if item]
    near = difflib.get_close_matches(word, words, n=1)
    return meant(near[0]) if near else Phrase(f"write one of: {', '.join(words)}", "one_of", {"known": tuple(words)})


def meant(word: str) -> Phrase:
    """The word as a question."""
    return Phrase(f'did you mean "{word}"?', "meant", {"word": word})

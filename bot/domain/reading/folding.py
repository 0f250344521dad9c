"""Text to matching form: one spelling for widths, cases, accents and scripts, with offsets back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_QUOTES = {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "－": "-", "．": "."} | dict.fromkeys(
    "①②③④⑤⑥⑦⑧⑨⑩", "\n"
)
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "n", "ə": "e"}
)
"""Letters that are no letter with an accent and that NFKD leaves alone: Płock, Bodø."""
_UNIT = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[^\s]")
_PLAIN = re.compile(r"[ -_a-~\u4e00-\u9fff]*")
"""Characters that only need their case and script changed, one for one."""
_JOINERS = frozenset("-_")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is what is matched; offsets[i] is where its i-th character stood in `original`."""

    original: str
    text: str
    offsets: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A non-empty span of the folded text as a span of the original."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """What stands in the original where a non-empty span of the folded text was read."""
        first, last = self.span(start, end)
        return self.original[first:last].strip()


@dataclass(frozen=True, slots=True)
class Unit:
    """One word, number, Han character or mark; `stem` is what cues are matched by."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Letters or digits, Han included."""
        return self.text[0].isalnum()


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char in _QUOTES:
        return _QUOTES[char]
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if unicodedata.category(c) != "Mn")
    folded = plain.casefold().translate(_LETTERS)
    if folded.isspace():
        return "\n" if char in "\n\r\u2028\u2029" else " "
    return "".join(_QUOTES.get(c, c) for c in folded if unicodedata.category(c)[0] != "C")


def fold(text: str, simplified: Mapping[str, str]) -> Folded:
    """NFKD without accents, casefolded, traditional Han simplified; linear in the length."""
    if text.isascii() and text.isprintable():
        return Folded(text, text.lower(), range(len(text)))
    if _PLAIN.fullmatch(text):
        return Folded(text, "".join([simplified.get(char, char) for char in text.lower()]), range(len(text)))
    out: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        piece = "\n" if char in "\n\r" else _fold_char(char)
        piece = simplified.get(piece, piece)
        out.append(piece)
        offsets.extend([index] * len(piece))
    return Folded(text, "".join(out), tuple(offsets))


def folded(text: str, simplified: Mapping[str, str]) -> str:
    """What is matched alone, without where it stood: the lists have 150,000 names, most of them plain."""
    return text.lower() if text.isascii() and text.isprintable() else fold(text, simplified).text


_NOT_STEMS = frozenset({"not", "fas", "pol"})
"""Words no other may be cut down to: a note negates nothing, a pole is no port of loading."""


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A word without its English ending, so that opens, opened and opening meet; others unchanged."""
    word = word.removesuffix("'s").removesuffix("'") or word
    if len(word) <= 3 or not word.isalpha() or not word.isascii():
        return word
    whole = word
    word = _without_verb_ending(_without_plural(word))
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if word in _NOT_STEMS:
        return whole
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou"
    return word[:-1] if doubled else word


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_verb_ending(word: str) -> str:
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ing") and len(word) > 5:
        return word[:-3]
    if word.endswith("ed") and len(word) > 4:
        return word[:-2]
    return word


def units(folded: str) -> list[Unit]:
    """The words and marks in order; a hyphen inside a word is no mark, a line break is one."""
    found: list[Unit] = []
    for match in _UNIT.finditer(folded.replace("\n", "¶")):
        text, start, end = match.group(), match.start(), match.end()
        if text in _JOINERS and _inside_word(folded, start, end):
            continue
        found.append(Unit(text, stem(text), start, end))
    return found


def _inside_word(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()

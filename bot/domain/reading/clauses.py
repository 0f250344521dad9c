"""Sentences and clauses: which words belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.reading.folding import Unit

_SENTENCE = frozenset(".!?;。！？；¶•…") | {"·"}
_QUOTED = 3
"""Words of a quotation that is part of its clause."""
_CLAUSE = frozenset(',，:：()（）[]【】"|–—')
_LIST_MARKS = frozenset("•*·")
_SPLITTERS = frozenset({"but", "however", "whereas", "although", "though", "while", "because", "但", "而"})
_NUMBERING = frozenset({"no", "nr", "art", "pos"})
"""With a full stop and a number behind: "No. 5"; else "no." ends a sentence."""
_SHORTENED = frozenset({"approx", "e", "g", "i", "incl", "st", "vs", "ca", "pcs", "qty"})
_AUXILIARY = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "has",
        "have",
        "can",
        "could",
        "will",
        "would",
        "should",
        "isn't",
        "doesn't",
    }
)
_AFTER_AND = frozenset(
    [
        "the",
        "a",
        "an",
        "it",
        "they",
        "he",
        "she",
        "then",
        "no",
        "nobody",
        "our",
        "each",
        "every",
        "this",
        "that",
        "its",
        "not",
        "only",
        "you",
        "we",
        "i",
        "both",
        "all",
        "without",
        "with",
    ]
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Units [first, last); `opener` is the mark or word before it, `sentence` its sentence's number."""

    first: int
    last: int
    sentence: int
    opener: str
    asked: bool = False
    """The sentence ends with a question mark."""
    asks: bool = False
    """Worded as a question: opened by an auxiliary verb ("is he", "does a guard") or closed by 吗."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """All clauses in order, and for each unit the clause it is in."""

    all: tuple[Clause, ...]
    of: tuple[int, ...]

    def at(self, unit: int) -> Clause:
        """The clause a unit stands in."""
        return self.all[self.of[unit]]

    def sentence(self, unit: int) -> int:
        """The number of the sentence a unit stands in."""
        return self.at(unit).sentence


def split(found: Sequence[Unit]) -> Clauses:
    """Cut at sentence marks, commas, brackets, dashes and joining words."""
    cuts = _cuts(found)
    asked = _asked_sentences(cuts, found)
    out: list[Clause] = []
    of: list[int] = []
    for index, (first, sentence, opener) in enumerate(cuts):
        last = cuts[index + 1][0] if index + 1 < len(cuts) else len(found)
        out.append(Clause(first, last, sentence, opener, sentence in asked, _asks(found, first, last)))
        of.extend([index] * (last - first))
    return Clauses(tuple(out), tuple(of))


def _asks(found: Sequence[Unit], first: int, last: int) -> bool:
    if any(unit.text in {"吗", "么"} for unit in found[max(first, last - 2) : last]):
        return True
    opening = first + (found[first].text in _SPLITTERS | {"so", "and", "then"})
    return opening < last and found[opening].text in _AUXILIARY


def _cuts(found: Sequence[Unit]) -> list[tuple[int, int, str]]:
    cuts = [(0, 0, "")]
    sentence = 0
    quoted = _short_quotes(found)
    for index, unit in enumerate(found):
        if index == 0 or index - 1 in quoted:
            continue
        before = found[index - 1]
        if _ends_sentence(found, index - 1):
            sentence += 1
            cuts.append((index, sentence, before.text))
        elif before.text in _CLAUSE or _joins(found, index):
            joined = before.text not in _CLAUSE or unit.text in _SPLITTERS
            cuts.append((index, sentence, unit.text if joined else before.text))
    return cuts


def _short_quotes(found: Sequence[Unit]) -> set[int]:
    """Marks of a quotation of a word or two, which cut nothing: clicks "allow" each time."""
    marks = [index for index, unit in enumerate(found) if unit.text == '"']
    pairs = [(one, two) for one, two in zip(marks[::2], marks[1::2], strict=False) if two - one <= _QUOTED + 1]
    return {mark for pair in pairs for mark in pair}


def _asked_sentences(cuts: Sequence[tuple[int, int, str]], found: Sequence[Unit]) -> set[int]:
    asked = {sentence - 1 for _, sentence, opener in cuts if opener in "?？" and opener}
    if found and found[-1].text in "?？":
        asked.add(cuts[-1][1])
    return asked


def _ends_sentence(found: Sequence[Unit], index: int) -> bool:
    text = found[index].text
    if text not in _SENTENCE:
        return False
    if text != ".":
        return True
    after = found[index + 1] if index + 1 < len(found) else None
    if after is not None and after.start == found[index].end:
        return False
    before = found[index - 1].text if index else ""
    numbered = before in _NUMBERING and after is not None and after.text[0].isdigit()
    return not numbered and before not in _SHORTENED


def _joins(found: Sequence[Unit], index: int) -> bool:
    """A word that opens a clause of its own."""
    text = found[index].text
    if text in _SPLITTERS and text.isascii():
        return True
    if text == "但" or (text == "而" and found[index - 1].text not in "从因然反"):
        return index + 1 < len(found) and found[index + 1].text != "且"
    if text in ("and", "then") and index + 1 < len(found):
        return text == "then" or found[index + 1].text in _AFTER_AND
    return text in "-" and found[index].start > found[index - 1].end

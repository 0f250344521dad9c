"""How far a text as a whole speaks for each answer: its words and its cues, weighed as labelled questions taught.

Of each field two multinomial logistic regressions, one over the words and one over the cues, taught apart so that neither
leans on the other; each has half a say. Counts of words do not know their order beyond a few: what a net heard of the text
(recurrent.py) has the other half of the whole. `make learn` (tests/corpus) makes the weights and the nets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.reading.folding import Unit
from bot.domain.reading.recurrent import PART, Floats
from bot.domain.reading.weights import Weight, Weights

NOWHERE = -1
"""The place of a feature that stands nowhere in the text."""
WORDS = ("w:", "k:", "s:")
"""How features of the words begin; all others are of the cues."""
GRAMMAR = "g:"
"""How features begin that name what the grammar answered."""
_APART = 4
"""So many tokens apart, at most, two words are still paired."""
SURE = 0.99
"""So large a share of belief in one answer leaves no doubt."""
Hear = Callable[[], Floats]
"""Has a net hear the text."""
Feature = tuple[str, int]
"""A feature's name, and where it begins: a clause (who decides) or a unit (family, intent)."""


@dataclass(frozen=True, slots=True)
class Text:
    """By what a whole text is weighed."""

    words: Sequence[Feature]
    hear: Hear | None = None
    """What a net hears of it."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The share of belief in each answer, together 1."""

    shares: Mapping[str, float]
    known: Sequence[tuple[int, Weight]]
    """Where the features begin that have a weight."""

    @property
    def likeliest(self) -> str:
        """The answer with the largest share."""
        return max(self.shares, key=lambda answer: self.shares[answer])

    @property
    def places(self) -> Mapping[str, Sequence[int]]:
        """The places that speak for each answer, loudest first."""
        return {answer: _loudest(self.known, at) for at, answer in enumerate(self.shares)}


def weigh(found: Collection[Feature], weights: Weights, hear: Hear | None = None) -> Weighed:
    """The features a weight is known of, against each other; a long text counts no more than a short one.

    Where they leave a doubt the text is heard as well, which takes longer.
    """
    known = {name: (place, weight) for name, place in found if (weight := weights.of.get(name)) is not None}
    views = [[weight for name, (_, weight) in known.items() if name.startswith(WORDS) is words] for words in (True, False)]
    sums = [sum(said) for said in zip(weights.bias, *(_loudness(view, len(weights.bias)) for view in views), strict=True)]
    shares = _softmax(sums)
    if hear is not None and weights.head is not None and max(shares) < SURE:
        told = [name for name, place in found if place == NOWHERE]
        shares = _softmax([(one + other) / 2 for one, other in zip(sums, weights.head.speaks(hear(), told), strict=True)])
    return Weighed(dict(zip(weights.answers, shares, strict=True)), list(known.values()))


def _loudness(view: Sequence[Weight], answers: int) -> list[float]:
    """How loudly features speak for each answer."""
    length = math.hypot(*(weight.rarity for weight in view)) or 1
    return [sum(column) / length for column in zip(*(weight.speaks for weight in view), strict=True)] or [0.0] * answers


def _softmax(sums: Sequence[float]) -> list[float]:
    powers = [math.exp(one - max(sums)) for one in sums]
    return [one / sum(powers) for one in powers]


def _loudest(known: Collection[tuple[int, Weight]], answer: int) -> list[int]:
    """The places that speak for this answer, loudest first."""
    sums: dict[int, float] = {}
    for place, weight in known:
        sums[place] = sums.get(place, 0.0) + weight.speaks[answer]
    return sorted((place for place, loud in sums.items() if loud > 0 and place != NOWHERE), key=lambda place: -sums[place])


# -- features of words ------------------------------------------------------------------------------------


def word(unit: Unit) -> str:
    """A unit by its stem; all numbers are one word."""
    return "#" if unit.text[0].isdigit() else unit.stem


def wording(words: Sequence[Feature]) -> Iterator[Feature]:
    """The n-grams of words, which word follows which with a few between, and the parts of words."""
    yield from grams("w", words, 3)
    yield from _apart(words)
    yield from _parts(words)


def grams(kind: str, tokens: Sequence[Feature], longest: int) -> Iterator[Feature]:
    """All runs of up to so many tokens."""
    for length in range(1, longest + 1):
        for at in range(len(tokens) - length + 1):
            yield f"{kind}:{' '.join(token for token, _ in tokens[at : at + length])}", tokens[at][1]


def _apart(words: Sequence[Feature]) -> Iterator[Feature]:
    for at, (word, place) in enumerate(words):
        yield from ((f"k:{word} {later}", place) for later, _ in words[at + 2 : at + 1 + _APART])


def _parts(words: Sequence[Feature]) -> Iterator[Feature]:
    for word, place in ((one, place) for phrase, place in words for one in phrase.split() if one.isascii() and one.isalpha()):
        whole = f"<{word}>"
        if len(word) > PART:
            yield from ((f"s:{whole[at : at + PART]}", place) for at in range(len(whole) - PART + 1))

"""A text heard word by word, forwards and backwards: what the order of its words says that no count of them does.

A bidirectional recurrent net with gated units (GRU, Cho et al. 2014) over embedded tokens, pooled by attention and by the
largest. `make learn` (tests/corpus/nets.py) makes its numbers. Arrays of 32-bit floats; shapes stand beside each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.domain.reading.tokens import Token

Floats = NDArray[np.float32]
LONGEST = 300
"""Tokens heard at most: hearing takes time for each, and the nets were taught far shorter texts."""
PART = 4
"""The letters of a part of a word: what a misspelt or inflected word still shares with others."""
MOST_PARTS = 8
"""So many parts of a word are heard."""
UNKNOWN = 0
"""The row of a word or cue that was not taught."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The gated units of both directions, D numbers in and H out; along the last axis reset, update and new."""

    takes: Floats
    """2 × D × 3H: what a token changes."""
    keeps: Floats
    """2 × H × 3H: what was heard before changes."""
    bias: Floats
    """2 × 2 × 1 × 3H: added to the first, and to the second."""


@dataclass(frozen=True, slots=True)
class Net:
    """Hears tokens; D is the length of an embedded token, H of what one direction remembers."""

    words: Mapping[str, int]
    cues: Mapping[str, int]
    of_words: Floats
    """words × D, the first for words that were not taught."""
    of_cues: Floats
    """cues × D, the first for none."""
    of_parts: Floats
    """buckets × D: parts of words by the CRC-32 of their letters."""
    cells: Cells
    attention: Floats
    """2H: how far what was heard at a token counts."""

    def hear(self, tokens: Sequence[Token]) -> Floats:
        """What is remembered of a text of at least one token: 4H numbers, the weighed mean and the largest at any token."""
        heard = _remembered(self._embedded(tokens[:LONGEST]), self.cells)
        loud = np.exp(np.tanh(heard) @ self.attention)
        return np.concatenate([(loud / loud.sum()) @ heard, heard.max(0)])

    def _embedded(self, tokens: Sequence[Token]) -> Floats:
        words: Floats = self.of_words[[self.words.get(token.word, UNKNOWN) for token in tokens]]
        cues: Floats = self.of_cues[[[self.cues.get(cue, UNKNOWN) for cue in token.cues] for token in tokens]].sum(1)
        return words + cues + self._of_parts([buckets(token.word, len(self.of_parts)) for token in tokens])

    def _of_parts(self, parts: Sequence[Sequence[int]]) -> Floats:
        """The mean of the parts of each token."""
        many = [len(each) for each in parts]
        sums = np.add.reduceat(self.of_parts[[*chain.from_iterable(parts)]], [0, *accumulate(many[:-1])])
        mean: Floats = (sums / np.array(many)[:, None]).astype(np.float32)
        return mean


@dataclass(frozen=True, slots=True)
class Head:
    """What a net has heard, and what it is told besides, turned into how far each answer is spoken for."""

    told: Mapping[str, int]
    """Features by name."""
    of_told: Floats
    """told × answers."""
    of_heard: Floats
    """4H × answers."""
    bias: Floats

    def speaks(self, heard: Floats, told: Sequence[str]) -> list[float]:
        """For each answer a number that may be set beside the sums of the weights."""
        known = [self.told[name] for name in told if name in self.told]
        return [float(one) for one in heard @ self.of_heard + self.of_told[known].sum(0) + self.bias]


def _remembered(embedded: Floats, cells: Cells) -> Floats:
    """T × D to T × 2H: both directions step at once."""
    size = cells.keeps.shape[1]
    both = np.stack([embedded, embedded[::-1]]) @ cells.takes + cells.bias[0]
    state, states = np.zeros((2, 1, size), np.float32), np.empty((len(embedded), 2, size), np.float32)
    for at in range(len(embedded)):
        taken, kept = both[:, at : at + 1], state @ cells.keeps + cells.bias[1]
        gates = 0.5 + 0.5 * np.tanh(0.5 * (taken[..., : 2 * size] + kept[..., : 2 * size]))
        new = np.tanh(taken[..., 2 * size :] + gates[..., :size] * kept[..., 2 * size :])
        state = new + gates[..., size:] * (state - new)
        states[at] = state[:, 0]
    return np.concatenate([states[:, 0], states[::-1, 1]], 1)


@lru_cache(maxsize=20_000)
def buckets(word: str, many: int) -> tuple[int, ...]:
    """The numbers of the parts of a word or phrase, at least one: each Han character, else every four letters in a row."""
    return tuple(crc32(part.encode()) % many for part in _parts(word))[:MOST_PARTS]


def _parts(word: str) -> Iterator[str]:
    for piece in word.split():
        whole = f"<{piece}>"
        if not piece.isascii():
            yield from piece
        else:
            yield from (whole[at : at + PART] for at in range(max(len(whole) - PART, 0) + 1))

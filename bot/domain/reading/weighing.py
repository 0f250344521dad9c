"""How far a text as a whole speaks for each answer of who decides: its words and cues, weighed as labelled questions taught.

Two multinomial logistic regressions, one over the words and one over the cues, taught apart so that neither leans on the other;
each has half a say. `make learn` (tests/corpus/learn.py) makes the weights.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.domain.facts import Truth
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.scene import Group, grouped
from bot.domain.reading.weights import ANSWERS, Weights

NOWHERE = -1
"""The clause of a feature that stands nowhere in the text."""
_NEAR = 5
"""So far apart, in cues and clause bars, two cues of a sentence are still paired."""
_APART = 4
"""So many tokens apart, at most, two words are still paired."""
_PART = 4
"""The letters of a part of a word: what a misspelt or inflected word still shares with others."""
WORDS = ("w:", "k:", "s:")
"""How features of the words begin; all others are of the cues."""
Feature = tuple[str, int]
"""A feature's name, and the clause it begins in."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The share of belief in each answer, together 1; and the clauses that speak for it, loudest first."""

    shares: Mapping[Truth, float]
    clauses: Mapping[Truth, Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Token:
    """One word, name, cue or bar of the text, and the clause it is in."""

    word: str
    clause: int
    role: str = ""
    cue: str = ""


def weigh(found: Collection[Feature], weights: Weights) -> Weighed:
    """The features a weight is known of, against each other; a longer text counts no more than a short one."""
    known = {name: clause for name, clause in found if name in weights.of}
    views = [[name for name in known if name.startswith(WORDS) is words] for words in (True, False)]
    sums = [bias + sum(_loudness(view, weights, at) for view in views) for at, bias in enumerate(weights.bias)]
    return Weighed(dict(zip(ANSWERS, _softmax(sums), strict=True)), {a: _loudest(known, weights, a) for a in ANSWERS})


def _loudness(names: Sequence[str], weights: Weights, answer: int) -> float:
    return sum(weights.of[name][answer] for name in names) / math.sqrt(len(names) or 1)


def _softmax(sums: Sequence[float]) -> list[float]:
    powers = [math.exp(one - max(sums)) for one in sums]
    return [one / sum(powers) for one in powers]


def _loudest(known: Mapping[str, int], weights: Weights, answer: Truth) -> list[int]:
    """The clauses that speak for this answer, loudest first."""
    sums: dict[int, float] = {}
    for name, clause in known.items():
        sums[clause] = sums.get(clause, 0.0) + weights.of[name][ANSWERS.index(answer)]
    return sorted((clause for clause, loud in sums.items() if loud > 0 and clause != NOWHERE), key=lambda c: -sums[c])


def features(cues: Sequence[Hit], marked: Marked, clauses: Clauses, named: Mapping[int, str]) -> list[Feature]:
    """The n-grams of a text, each once; `named` says which units are names of products and places."""
    tokens = list(_tokens(cues, marked, clauses, named))
    words = [(t.word, t.clause) for t in tokens]
    roles = [(t.role or t.word, t.clause) for t in tokens]
    ids = [(t.cue or t.word, t.clause) for t in tokens]
    found = [*_grams("w", words, 3), *_grams("r", roles, 4), *_grams("c", ids, 3)]
    found += [*_apart(words), *_parts(words), *_paired(tokens, clauses), *_asked(tokens, clauses)]
    return list(dict(reversed(found)).items())


def _grams(kind: str, tokens: Sequence[Feature], longest: int) -> Iterator[Feature]:
    for length in range(1, longest + 1):
        for at in range(len(tokens) - length + 1):
            yield f"{kind}:{' '.join(token for token, _ in tokens[at : at + length])}", tokens[at][1]


def _apart(words: Sequence[Feature]) -> Iterator[Feature]:
    """Which word follows which with a few between."""
    for at, (word, clause) in enumerate(words):
        yield from ((f"k:{word} {later}", clause) for later, _ in words[at + 2 : at + 1 + _APART])


def _parts(words: Sequence[Feature]) -> Iterator[Feature]:
    for word, clause in ((one, clause) for phrase, clause in words for one in phrase.split() if one.isascii() and one.isalpha()):
        whole = f"<{word}>"
        if len(word) > _PART:
            yield from ((f"s:{whole[at : at + _PART]}", clause) for at in range(len(whole) - _PART + 1))


def _asked(tokens: Sequence[_Token], clauses: Clauses) -> Iterator[Feature]:
    """Cues of a clause that is worded as a question, or in a sentence that ends as one."""
    for token in tokens:
        clause = clauses.all[token.clause]
        if token.role and (clause.asks or clause.asked):
            yield f"a:{token.role}{'?' * clause.asks}{'!' * clause.asked}", token.clause


def _paired(tokens: Sequence[_Token], clauses: Clauses) -> Iterator[Feature]:
    """Which cues follow which within a sentence, whatever words stand between."""
    marks = [(t.role or "|", t.clause) for t in tokens if t.role or t.word == "|"]
    for at, (one, clause) in enumerate(marks):
        sentence = clauses.all[clause].sentence
        behind = [role for role, c in marks[at + 1 : at + _NEAR] if clauses.all[c].sentence == sentence]
        for two, three in zip_longest(behind, behind[1:], fillvalue=""):
            yield f"p:{one} {two}", clause
            if three:
                yield f"p:{one} {two} {three}", clause


def _tokens(cues: Sequence[Hit], marked: Marked, clauses: Clauses, named: Mapping[int, str]) -> Iterator[_Token]:
    starts = {hit.first: hit for hit in cues}
    groups = {clauses.of[hits[0].first]: Group(hits) for hits in grouped(cues, lambda hit: clauses.of[hit.first])}
    sentence = at = -1
    for index, clause in enumerate(clauses.all):
        yield _Token("|" if clause.sentence == sentence else "||", index)
        sentence, at = clause.sentence, clause.first
        while at < clause.last:
            hit = starts.get(at)
            if at in named:
                token, at = _Token(named[at], index), _end(at, clause.last, named)
            elif hit is not None:
                token, at = _cue(hit, index, marked, negated=groups[index].negated(hit)), max(hit.last, at + 1)
            else:
                token, at = _Token(_word(at, marked), index), at + 1
            yield token


def _end(at: int, last: int, named: Mapping[int, str]) -> int:
    """Where a name ends."""
    return next((unit for unit in range(at + 1, last) if named.get(unit) != named[at]), last)


def _cue(hit: Hit, clause: int, marked: Marked, *, negated: bool) -> _Token:
    sign = "-" if negated else ""
    words = " ".join(_word(unit, marked) for unit in range(hit.first, hit.last))
    return _Token(words, clause, hit.cue.role.upper() + sign, hit.cue.id + sign)


def _word(at: int, marked: Marked) -> str:
    unit = marked.units[at]
    return "#" if unit.text[0].isdigit() else unit.stem

"""By what a text is weighed: its words, and as to who decides its cues as well, names of products and places taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.scene import Group, grouped
from bot.domain.reading.weighing import Feature, grams, word, wording

_NEAR = 5
"""So far apart, in cues and clause bars, two cues of a sentence are still paired."""


@dataclass(frozen=True, slots=True)
class _Token:
    """One word, name, cue or bar of the text, and the clause it is in."""

    word: str
    clause: int
    role: str = ""
    cue: str = ""


def features(
    cues: Sequence[Hit], marked: Marked, clauses: Clauses, named: Mapping[int, str], within: Collection[int]
) -> list[Feature]:
    """The n-grams of these clauses, each once; `named` says which units are names of products and places."""
    heard = set(within) - orders(marked, clauses)
    tokens = list(_tokens(cues, marked, clauses, named, heard))
    words = [(t.word, t.clause) for t in tokens]
    roles = [(t.role or t.word, t.clause) for t in tokens]
    ids = [(t.cue or t.word, t.clause) for t in tokens]
    found = [*wording(words), *grams("r", roles, 4), *grams("c", ids, 3), *_paired(tokens, clauses), *_asked(tokens, clauses)]
    return list(dict(reversed(found)).items())


def words_of(marked: Marked, clauses: Clauses, named: Mapping[int, str]) -> list[Feature]:
    """By what family and intent are weighed: every word by its stem, numbers and names hidden, each feature once."""
    unheard = orders(marked, clauses)
    heard = [at for at in range(len(marked.units)) if clauses.of[at] not in unheard]
    words = [(named.get(at) or word(marked.units[at]), at) for at in heard]
    return list(dict(reversed(list(wording(words)))).items())


def orders(marked: Marked, clauses: Clauses) -> set[int]:
    """The clauses that command the reader ("just say it is fine"): what they say is not weighed."""
    return {clauses.of[hit.first] for hit in marked.layer("cautions") if hit.cue.role == "order"}


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


def _tokens(
    cues: Sequence[Hit], marked: Marked, clauses: Clauses, named: Mapping[int, str], heard: Collection[int]
) -> Iterator[_Token]:
    starts = {hit.first: hit for hit in cues}
    groups = {clauses.of[hits[0].first]: Group(hits) for hits in grouped(cues, lambda hit: clauses.of[hit.first])}
    sentence = at = -1
    for index, clause in enumerate(clauses.all):
        opened, sentence, at = sentence, clause.sentence, clause.first
        if index not in heard:
            continue
        yield _Token("|" if clause.sentence == opened else "||", index)
        while at < clause.last:
            hit = starts.get(at)
            if at in named:
                token, at = _Token(named[at], index), _end(at, clause.last, named)
            elif hit is not None:
                token, at = _cue(hit, index, marked, negated=groups[index].negated(hit)), max(hit.last, at + 1)
            else:
                token, at = _Token(word(marked.units[at]), index), at + 1
            yield token


def _end(at: int, last: int, named: Mapping[int, str]) -> int:
    """Where a name ends."""
    return next((unit for unit in range(at + 1, last) if named.get(unit) != named[at]), last)


def _cue(hit: Hit, clause: int, marked: Marked, *, negated: bool) -> _Token:
    sign = "-" if negated else ""
    words = " ".join(word(unit) for unit in marked.units[hit.first : hit.last])
    return _Token(words, clause, hit.cue.role.upper() + sign, hit.cue.id + sign)

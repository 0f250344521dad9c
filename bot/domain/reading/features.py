"""By what a text is weighed: its words, and as to who decides its cues as well, names of products and places taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest

from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.scene import Group, grouped
from bot.domain.reading.tokens import Token
from bot.domain.reading.weighing import Feature, grams, word, wording

_NEAR = 5
"""So far apart, in cues and clause bars, two cues of a sentence are still paired."""


def told_in(
    cues: Sequence[Hit], marked: Marked, clauses: Clauses, named: Mapping[int, str], within: Collection[int]
) -> list[Token]:
    """What these clauses say, word by word and cue by cue; `named` says which units are names of products and places."""
    return list(_tokens(cues, marked, clauses, named, set(within) - orders(marked, clauses)))


def features(tokens: Sequence[Token], clauses: Clauses) -> list[Feature]:
    """By what is weighed who decides: the n-grams of words and of cues, each once."""
    words = [(t.word, t.place) for t in tokens]
    roles = [(t.cues[0] or t.word, t.place) for t in tokens]
    ids = [(t.cues[1] or t.word, t.place) for t in tokens]
    found = [*wording(words), *grams("r", roles, 4), *grams("c", ids, 3), *_paired(tokens, clauses), *_asked(tokens, clauses)]
    return list(dict(reversed(found)).items())


def words_of(marked: Marked, clauses: Clauses, named: Mapping[int, str]) -> list[Token]:
    """By what family and intent are weighed: every word by its stem and as a cue of either, numbers and names hidden."""
    unheard = orders(marked, clauses)
    heard = [at for at in range(len(marked.units)) if clauses.of[at] not in unheard]
    things = {hit.first: f"{hit.cue.role}={hit.cue.marks.get('value', '')}" for hit in marked.layer("products")}
    wants = {hit.first: hit.cue.role for hit in marked.layer("intents")}
    return [Token(named.get(at) or word(marked.units[at]), at, (things.get(at, ""), wants.get(at, ""))) for at in heard]


def worded(tokens: Sequence[Token]) -> list[Feature]:
    """The n-grams of the words, each once."""
    return list(dict(reversed(list(wording([(t.word, t.place) for t in tokens])))).items())


def orders(marked: Marked, clauses: Clauses) -> set[int]:
    """The clauses that command the reader ("just say it is fine"): what they say is not weighed."""
    return {clauses.of[hit.first] for hit in marked.layer("cautions") if hit.cue.role == "order"}


def _asked(tokens: Sequence[Token], clauses: Clauses) -> Iterator[Feature]:
    """Cues of a clause that is worded as a question, or in a sentence that ends as one."""
    for token in tokens:
        clause, role = clauses.all[token.place], token.cues[0]
        if role and (clause.asks or clause.asked):
            yield f"a:{role}{'?' * clause.asks}{'!' * clause.asked}", token.place


def _paired(tokens: Sequence[Token], clauses: Clauses) -> Iterator[Feature]:
    """Which cues follow which within a sentence, whatever words stand between."""
    marks = [(t.cues[0] or "|", t.place) for t in tokens if t.cues[0] or t.word == "|"]
    for at, (one, clause) in enumerate(marks):
        sentence = clauses.all[clause].sentence
        behind = [role for role, c in marks[at + 1 : at + _NEAR] if clauses.all[c].sentence == sentence]
        for two, three in zip_longest(behind, behind[1:], fillvalue=""):
            yield f"p:{one} {two}", clause
            if three:
                yield f"p:{one} {two} {three}", clause


def _tokens(
    cues: Sequence[Hit], marked: Marked, clauses: Clauses, named: Mapping[int, str], heard: Collection[int]
) -> Iterator[Token]:
    starts = {hit.first: hit for hit in cues}
    groups = {clauses.of[hits[0].first]: Group(hits) for hits in grouped(cues, lambda hit: clauses.of[hit.first])}
    sentence = at = -1
    for index, clause in enumerate(clauses.all):
        opened, sentence, at = sentence, clause.sentence, clause.first
        if index not in heard:
            continue
        yield Token("|" if clause.sentence == opened else "||", index)
        while at < clause.last:
            hit = starts.get(at)
            if at in named:
                token, at = Token(named[at], index), _end(at, clause.last, named)
            elif hit is not None:
                token, at = _cue(hit, index, marked, negated=groups[index].negated(hit)), max(hit.last, at + 1)
            else:
                token, at = Token(word(marked.units[at]), index), at + 1
            yield token


def _end(at: int, last: int, named: Mapping[int, str]) -> int:
    """Where a name ends."""
    return next((unit for unit in range(at + 1, last) if named.get(unit) != named[at]), last)


def _cue(hit: Hit, clause: int, marked: Marked, *, negated: bool) -> Token:
    sign = "-" if negated else ""
    words = " ".join(word(unit) for unit in marked.units[hit.first : hit.last])
    return Token(words, clause, (hit.cue.role.upper() + sign, hit.cue.id + sign))

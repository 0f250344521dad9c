"""Who decides, of one product: what the grammar claims and what the whole text weighs, set beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain.facts import Doubt, Evidence, Truth
from bot.domain.reading import governing, judging
from bot.domain.reading.binding import Share
from bot.domain.reading.claim import Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.contrasting import contrasted
from bot.domain.reading.features import features, told_in
from bot.domain.reading.gist import gist
from bot.domain.reading.matching import Marked
from bot.domain.reading.tokens import Token
from bot.domain.reading.vouching import vouched
from bot.domain.reading.weighing import GRAMMAR, NOWHERE, Feature, Weighed, weigh
from bot.domain.reading.weights import Taught
from bot.domain.reading.withdrawing import withdrawn

BELIEVED_YES = 0.35
"""A yes of the grammar stands where this share of belief is in it."""
SURE_OF_NO = 0.4
"""A no takes the product out of scope, so it needs this share of belief …"""
FEARED_YES = 0.05
"""… and at most this one in a yes, …"""
DOUBTED_YES = 0.2
"""… or this one where the grammar says no as well."""
SURE_THOUGH = 0.98
"""The share a no needs where sentences contradict each other."""
KEPT_YES = 0.05
"""Of one product among others a yes of the grammar stands where this share of belief is in it, …"""
LEFT_NO = 0.65
"""… and a no where at most this one is in a yes."""
Answer = tuple[Truth, tuple[Evidence, ...], tuple[Doubt, ...]]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the grammar makes of one product: the value before its doubts about a no, the answer, and the claims left."""

    first: Truth
    answer: Answer
    claims: Sequence[Claim]


def claimed(share: Share, marked: Marked, clauses: Clauses, ordinary: frozenset[str]) -> Claimed:
    """What follows from the claims made of this product; a no is doubted in every known way."""
    meant = governing.govern(share.claims, share.cues, clauses)
    meant = contrasted(meant, share.cues, marked, clauses)
    claims = vouched(meant, share.claims, share.cues, marked, clauses) or gist(share.cues, marked, clauses)
    left = withdrawn(claims, share.cues, marked, clauses, ordinary)
    return Claimed(judging.judge(claims, marked, clauses)[0], judging.judge(left, marked, clauses), left)


def settle(
    said: Claimed, share: Share, marked: Marked, clauses: Clauses, named: Mapping[int, str], taught: Taught
) -> Answer:
    """The value, the words behind it, and what has to be asked back, once the text is weighed as well."""
    if not (taught.autonomy.of and share.weighable):
        return said.answer
    tokens = told_in(share.cues, marked, clauses, named, share.clauses)
    hear = partial(taught.deciding.hear, tokens) if taught.deciding and tokens else None
    weighed = weigh(features_of(said, tokens, clauses), taught.autonomy, hear)
    grammar, words, doubts = said.answer
    value = _value(weighed, said) if share.alone else _among_others(weighed, said)
    if value is grammar:
        return said.answer
    return (value, words, doubts) if value is Truth.UNKNOWN else (value, _loud(value, weighed, marked, clauses), ())


def features_of(said: Claimed, tokens: Sequence[Token], clauses: Clauses) -> list[Feature]:
    """What one product is weighed by: the words and cues of the clauses that tell of it, and what the grammar answered."""
    return [*features(tokens, clauses), *((f"{GRAMMAR}{name}", NOWHERE) for name in _answered(said))]


def _answered(said: Claimed) -> Iterator[str]:
    value = said.answer[0]
    yield f"{value}"
    yield f"{said.first} {value}"
    if not said.claims:
        yield "nothing"


def _among_others(weighed: Weighed, said: Claimed) -> Truth:
    """Of one product among others a clause or two weigh too little to undo what the grammar made of them."""
    grammar, belief = said.answer[0], weighed.shares
    stands = belief[Truth.YES] >= KEPT_YES if grammar is Truth.YES else belief[Truth.YES] <= LEFT_NO
    return grammar if grammar is not Truth.UNKNOWN and stands else _value(weighed, said)


def _value(weighed: Weighed, said: Claimed) -> Truth:
    """The likeliest answer, unless the grammar's yes is believed enough; a doubtful no is unknown."""
    belief, grammar, likeliest = weighed.shares, said.answer[0], Truth(weighed.likeliest)
    if grammar is Truth.YES and belief[Truth.YES] >= BELIEVED_YES:
        return grammar
    return Truth.UNKNOWN if likeliest is Truth.NO and _doubtful(belief, said) else likeliest


def _doubtful(belief: Mapping[str, float], said: Claimed) -> bool:
    """Whether a no of the weights is not sure enough, beside what the grammar says."""
    grammar, _, doubts = said.answer
    contradicted = any(doubt.reason == "contradiction" for doubt in doubts)
    most = DOUBTED_YES if grammar is Truth.NO else FEARED_YES
    return belief[Truth.NO] < (SURE_THOUGH if contradicted else SURE_OF_NO) or belief[Truth.YES] > most


def _loud(value: Truth, weighed: Weighed, marked: Marked, clauses: Clauses) -> tuple[Evidence, ...]:
    """The words of the clause that speaks loudest for the answer."""
    return tuple(marked.evidence(clauses.all[c].first, clauses.all[c].last, "weighed") for c in weighed.places[value][:1])

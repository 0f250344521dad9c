"""Which family a product belongs to: what its words make of it, and what the whole text weighs, set beside each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.facts import Category, Evidence, ProductReading
from bot.domain.reading.matching import Marked
from bot.domain.reading.weighing import GRAMMAR, NOWHERE, Feature, Text, Weighed, weigh
from bot.domain.reading.weights import Weights

KEPT = 0.05
"""The family that the words make stands where this share of belief is in it …"""
LIKELY = 0.5
"""… else the likeliest answer: a listed family with this share, …"""
SURE_OF_OTHER = 0.6
"""… "not listed" only with this one …"""
LISTED_WORDS = 0.95
"""… or with this one where iris, vein or 3D is spoken of, …"""
RULED = 0.97
"""… against the family table, which says that such a thing is in no family, a listed family only with this one; …"""
FEARED_LISTED = 0.15
"""… and at most this one in all listed families together: it takes the product out of scope."""
FEARED_BESIDE = 0.2
"""So much belief in listed families leaves "not listed" standing where the words make it."""
_NAMING = frozenset({"modality", "dimension", "head", "kind"})
_LISTED_WORDS = frozenset({"iris", "vein", "3d"})
_NOT_LISTED = frozenset({Category.OTHER_NOT_LISTED, Category.UNKNOWN})


def settle(product: ProductReading, text: Text, marked: Marked, weights: Weights, *, ruled: bool) -> ProductReading:
    """The product with the family that the text as a whole is believed to speak of; `ruled`: the family table names it."""
    spoken = {hit.cue.marks.get("value", "") for hit in marked.layer("products") if hit.cue.role in _NAMING}
    if not (weights.of and spoken):
        return product  # without a word for a product the family would be guessed
    weighed = weigh([*text.words, *cues(product, marked)], weights, text.hear)
    category = _believed(product.category, weighed, spoken, RULED if ruled else LIKELY)
    if category is product.category:
        return product
    shown = product.evidence.get("category") or _shown(category, text.words, marked, weights)
    return replace(product, category=category, evidence={**product.evidence, **({"category": shown} if shown else {})})


def doubted(products: Sequence[ProductReading], text: Text, marked: Marked, weights: Weights) -> list[ProductReading]:
    """Several products none of which is listed, where the text as a whole may speak of one that is."""
    if not weights.of or any(product.category not in _NOT_LISTED for product in products):
        return list(products)
    weighed = [weigh([*text.words, *cues(product, marked)], weights, text.hear) for product in products]
    listed = max(map(_listed, weighed))
    return [_unknown(product) if listed > FEARED_BESIDE else product for product in products]


def _unknown(product: ProductReading) -> ProductReading:
    return replace(product, category=Category.UNKNOWN)


def _listed(weighed: Weighed) -> float:
    return sum(share for answer, share in weighed.shares.items() if answer not in _NOT_LISTED)


def cues(product: ProductReading, marked: Marked) -> Iterator[Feature]:
    """The cues of products in order, and what was made of them."""
    found = [f"{hit.cue.role}={hit.cue.marks.get('value', '')}" for hit in marked.layer("products")]
    yield from ((f"p:{cue}", NOWHERE) for cue in found)
    yield from ((f"p:{one} {two}", NOWHERE) for one, two in pairwise(found))
    yield f"{GRAMMAR}{product.category}", NOWHERE
    yield from ((f"{GRAMMAR}{product.category} {cue}", NOWHERE) for cue in found)


def _believed(made: Category, weighed: Weighed, spoken: Collection[str], least: float) -> Category:
    belief, listed, likeliest = weighed.shares, _listed(weighed), Category(weighed.likeliest)
    if _stands(made, belief, listed) or (made is Category.OTHER_NOT_LISTED and {"2d", "3d"} & set(spoken) == {"2d"}):
        return made
    if likeliest is Category.OTHER_NOT_LISTED:
        least = LISTED_WORDS if _LISTED_WORDS & set(spoken) and made is not likeliest else SURE_OF_OTHER
    feared = likeliest is Category.OTHER_NOT_LISTED and listed > FEARED_LISTED
    return likeliest if belief[likeliest] >= least and not feared else Category.UNKNOWN


def _stands(made: Category, belief: Mapping[str, float], listed: float) -> bool:
    feared = made is Category.OTHER_NOT_LISTED and listed > FEARED_BESIDE
    return made is not Category.UNKNOWN and belief[made] >= KEPT and not feared


def _shown(category: Category, words: Sequence[Feature], marked: Marked, weights: Weights) -> tuple[Evidence, ...]:
    """Where nothing names the product: the run of words that speaks loudest for its family."""
    if category is Category.UNKNOWN:
        return ()
    answer = weights.answers.index(category)
    runs = [(name, unit) for name, unit in words if name.startswith("w:") and name in weights.of]
    loud = max(runs, key=lambda run: weights.of[run[0]].speaks[answer], default=None)
    if loud is None:
        return ()
    name, unit = loud
    return (marked.evidence(unit, unit + len(name.split(" ")), "weighed"),)

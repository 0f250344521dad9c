"""From a text to a Reading: every part is read, then bound to the product it speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial

from bot.domain.facts import Category, Doubt, Evidence, Intent, ProductReading, Reading, Truth
from bot.domain.reading import (
    autonomy,
    binding,
    dates,
    destinations,
    exporting,
    families,
    goods,
    intent,
    naming,
    proposals,
    settling,
)
from bot.domain.reading.clauses import Clauses, split
from bot.domain.reading.destinations import Destinations
from bot.domain.reading.features import told_in, worded, words_of
from bot.domain.reading.lexicon import Lexicon
from bot.domain.reading.matching import Marked, mark
from bot.domain.reading.parts import GOES, HOME
from bot.domain.reading.products import Mention, PhraseReader
from bot.domain.reading.tokens import Token
from bot.domain.reading.weighing import Feature, Text
from bot.domain.reading.weights import Taught, Weights

_FILTERS = frozenset({"filter", "filters", "cartridge", "cartridges", "canister", "canisters", "滤"})
_ALONE = frozenset(
    {"only", "just", "spare", "spares", "replacement", "loose", "alone", "separately", "for", "of"}
    | set("只仅单光备补的")
)
"""Words beside a filter that is sold by itself."""
_LOOSE = _ALONE - {"for", "of", "的", "only", "just", "光"}
"""Those of them that say so of any part."""
_WHAT_IF = re.compile(r"\W*(?:and |so |but |ok |那么?)?(?:what if|what about if|if |suppose|如果|要是|假如|倘若|若是|换成|改成)")
"""How a follow-up begins that supposes something; the weights were taught whole questions, so it is left to the grammar."""
_GOES_ON = re.compile(r"\W*(?:(?:and|or|so|but|what about|how about|leaving)\b|那)", re.IGNORECASE)
"""How a follow-up begins that goes on with what was asked."""
_OF_DECIDING = frozenset({"config", "removed", "approve", "manual", "act", "auto", "self", "advise"})
"""Cues that a follow-up speaks of who decides, whatever it says of it."""
_SHOWN = 60
"""More places than this are not shown as evidence of one fact."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A text taken apart: what is named in it, and what is said of each product."""

    marked: Marked
    clauses: Clauses
    mentions: Sequence[Mention]
    places: Destinations
    shares: Sequence[binding.Share]
    names: Mapping[int, str]
    """Which units are names: what a product is called, or where it goes, says nothing of who decides."""
    tokens: Sequence[Token]
    """By what family and intent are weighed; places, names of the catalogue and what is only compared with are hidden."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What the grammar makes of one product, before the text is weighed."""

    share: binding.Share
    claimed: settling.Claimed
    product: ProductReading


@dataclass(frozen=True, slots=True)
class Seen:
    """By what one answer is weighed, and what a net hears."""

    features: Sequence[Feature]
    tokens: Sequence[Token]


@dataclass(frozen=True, slots=True)
class Weighable:
    """By what a text is weighed; the family only of a text about one product."""

    intent: Seen
    autonomy: tuple[tuple[str, Seen], ...] = ()
    """Of each product the family that the grammar makes of it, and by what is weighed who decides."""
    category: Seen | None = None


def read(text: str, on: date, lexicon: Lexicon, inherited: Reading | None = None) -> Reading:
    """Read a message asked on a day; never raises, never guesses. `inherited`: the thread's reading before."""
    marked = mark(text, lexicon)
    if not marked.units:
        return Reading(text, "en", Intent.HELP)
    parts = _parts(marked, lexicon)
    made = [_made(share, parts, lexicon) for share in parts.shares]
    if inherited is None:
        return _assemble(parts, made, lexicon, on)
    if _WHAT_IF.match(marked.folded.text):
        made = [_left_open(one, parts.marked) for one in made]
        lexicon = replace(lexicon, taught=replace(lexicon.taught, autonomy=Weights()))
    return take_over(_asked_on(_assemble(parts, made, lexicon, on)), inherited)


def weighable(text: str, lexicon: Lexicon) -> Weighable:
    """By what a text that is not blank is weighed; tests/corpus/learn.py teaches from it."""
    parts = _parts(mark(text, lexicon), lexicon)
    made = [_made(share, parts, lexicon) for share in parts.shares]
    spoken = _spoken(made, parts)
    wanted, _ = intent.intent_of(parts.marked, parts.clauses, lexicon.intents, spoken)
    words = worded(parts.tokens)
    whole = Seen([*words, *intent.cues(wanted, spoken, parts.marked)], parts.tokens)
    deciding = tuple((str(one.product.category), _decides(one, parts)) for one in made if one.share.weighable)
    if len(made) != 1:
        return Weighable(whole, deciding)
    return Weighable(whole, deciding, Seen([*words, *families.cues(made[0].product, parts.marked)], parts.tokens))


def _decides(made: _Made, parts: _Parts) -> Seen:
    tokens = told_in(made.share.cues, parts.marked, parts.clauses, parts.names, made.share.clauses)
    return Seen(settling.features_of(made.claimed, tokens, parts.clauses), tokens)


def _parts(marked: Marked, lexicon: Lexicon) -> _Parts:
    clauses = split(marked.units)
    phrases = PhraseReader(marked, clauses, lexicon.families).read()
    mentions = naming.merge(goods.sold(phrases, marked, lexicon.families), marked, clauses, lexicon.families)
    places = destinations.find(marked, clauses)
    said = binding.without_denied(autonomy.claims(marked, clauses), phrases, clauses)
    shares = binding.bind(mentions, said, places, exporting.cues_of(marked, places), marked, clauses)
    where = {unit: "<place>" for part in places.taken for unit in range(part.hit.first, part.hit.last)}
    called = {unit: "<product>" for m in mentions for first, last in m.spans for unit in range(first, last)}
    models = {unit: "<name>" for hit in marked.names for unit in range(hit.first, hit.last)}
    models |= {unit: "<other>" for m in phrases if m.likened for first, last in m.spans for unit in range(first, last)}
    return _Parts(marked, clauses, mentions, places, shares, where | called, words_of(marked, clauses, where | models))


def _made(share: binding.Share, parts: _Parts, lexicon: Lexicon) -> _Made:
    claimed = settling.claimed(share, parts.marked, parts.clauses, lexicon.ordinary)
    value, words, _ = claimed.answer
    export = exporting.export_of(share.export_cues, parts.places, share.places, parts.marked)
    product = _product(parts.marked, share, value, words, export)
    return _Made(share, claimed, _deciding(product, share, parts.marked))


def _settled(made: _Made, parts: _Parts, text: Text, taught: Taught) -> tuple[ProductReading, list[Doubt]]:
    """The product as the text is believed to mean it, and what has to be asked back."""
    share, mention = made.share, made.share.mention
    value, words, doubts = settling.settle(made.claimed, share, parts.marked, parts.clauses, parts.names, taught)
    evidence = {**made.product.evidence, "autonomous": words}
    product = replace(made.product, autonomous=value, evidence={fact: found for fact, found in evidence.items() if found})
    if share.alone and not (mention and (mention.named or mention.head == "part" or _sold_alone(mention, parts.marked))):
        ruled = mention is not None and mention.ruled
        product = families.settle(product, text, parts.marked, taught.category, ruled=ruled)
    return _deciding(product, share, parts.marked), [*doubts, *_name_doubt(mention, parts.marked)]


def _deciding(product: ProductReading, share: binding.Share, marked: Marked) -> ProductReading:
    """A part that decides by itself, or a filter that may be that of a mask not named, is not surely a mere part."""
    mention = share.mention
    if mention is None or mention.head != "part" or product.category is not Category.OTHER_NOT_LISTED:
        return product
    doubtful = product.autonomous is Truth.YES or not (mention.owner or _mere_part(mention, marked))
    return replace(product, category=Category.UNKNOWN) if doubtful else product


def _sold_alone(mention: Mention, marked: Marked) -> bool:
    """A part of a product that goes without it, whatever the text says of the product."""
    first, last = mention.spans[0]
    around = {unit.text for unit in marked.units[max(first - 4, 0) : last + 4]}
    return mention.owner and bool(_LOOSE & around)


def _mere_part(mention: Mention, marked: Marked) -> bool:
    """No filter, or one that is counted, spare, alone or called that of a mask."""
    first, last = mention.spans[0]
    words = [unit.text for unit in marked.units[first:last]]
    around = [unit.text for unit in marked.units[max(first - 4, 0) : last + 4]]
    return not _FILTERS & set(words) or bool(_ALONE & set(around)) or any(text[0].isdigit() for text in around)


def _product(marked: Marked, share: binding.Share, value: Truth, words: tuple[Evidence, ...], export: Truth) -> ProductReading:
    mention = share.mention
    goes = [marked.evidence(h.first, h.last, h.cue.id) for h in share.export_cues]
    goes += [marked.evidence(p.hit.first, p.hit.last, p.code) for p in share.places[:_SHOWN]]
    evidence = {"category": _spans(marked, mention), "autonomous": words, "export": tuple(goes)}
    return ProductReading(
        category=mention.category if mention else Category.UNKNOWN,
        autonomous=value,
        export=export,
        name=_name(mention, marked),
        evidence={fact: found for fact, found in evidence.items() if found},
    )


def _spans(marked: Marked, mention: Mention | None) -> tuple[Evidence, ...]:
    return tuple(marked.evidence(a, b, mention.head) for a, b in mention.spans) if mention else ()


def _name(mention: Mention | None, marked: Marked) -> str:
    if mention is None:
        return ""
    return mention.name or marked.words(*mention.spans[0])


def _name_doubt(mention: Mention | None, marked: Marked) -> list[Doubt]:
    if mention is None or not mention.candidates:
        return []
    reason = "ambiguous" if len(mention.candidates) > 1 else "near_miss"
    return [Doubt("product", marked.words(*mention.spans[0]), mention.candidates, reason)]


def _spoken(made: Sequence[_Made], parts: _Parts) -> intent.Spoken:
    """What the grammar found spoken of: what the weights make of it would depend on what they were taught."""
    facts = {fact for one in made for fact in one.product.evidence}
    named = any(m.strong or m.modalities or m.dimensions or m.category is not Category.UNKNOWN for m in parts.mentions)
    ids = bool(intent.references(parts.marked.folded.original))
    fact = bool(facts & {"autonomous", "export"})
    return intent.Spoken("category" in facts, bool(parts.places.taken), fact, ids, "autonomous" in facts, named)


def _assemble(parts: _Parts, made: Sequence[_Made], lexicon: Lexicon, on: date) -> Reading:
    marked, places, text = parts.marked, parts.places, parts.marked.folded.original
    weighed = _text(parts, lexicon.taught)
    settled = [_settled(each, parts, weighed, lexicon.taught) for each in made]
    products = [product for product, _ in settled]
    if len(made) > 1:
        products = families.doubted(products, weighed, marked, lexicon.taught.category)
    doubts = dict.fromkeys(doubt for _, found in settled for doubt in found)
    ship, span, date_doubts = dates.ship_date(marked.folded, on, _reached(marked, places))
    wanted, words, speaks = _wanted(made, parts, weighed, lexicon)
    evidence = {"intent": words, "destinations": _place_words(marked, places), "ship_date": _date_words(marked, span)}
    return Reading(
        text=text,
        lang=intent.language(text),
        intent=wanted,
        products=tuple(products) if speaks or wanted is Intent.SCOPE else (),
        destinations=_abroad(places, products),
        regions=places.regions,
        ship_date=ship,
        doubts=(*doubts, *places.doubts, *date_doubts, *proposals.near_misses(marked, lexicon)),
        evidence={name: found for name, found in evidence.items() if found},
        references=intent.references(text),
    )


def _text(parts: _Parts, taught: Taught) -> Text:
    hear = cache(partial(taught.whole.hear, parts.tokens)) if taught.whole and parts.tokens else None
    return Text(worded(parts.tokens), hear)


def _wanted(made: Sequence[_Made], parts: _Parts, text: Text, lexicon: Lexicon) -> tuple[Intent, tuple[Evidence, ...], bool]:
    """The intent, the words it came from, and whether anything was spoken of that scope depends on."""
    spoken = _spoken(made, parts)
    said, words = intent.intent_of(parts.marked, parts.clauses, lexicon.intents, spoken)
    wanted = intent.settle(said, spoken, text, parts.marked, lexicon.taught.intent)
    return wanted, words if wanted is said else (), spoken.product or spoken.place or spoken.fact


def _abroad(places: Destinations, products: Sequence[ProductReading]) -> tuple[str, ...]:
    """The places of delivery; one at home is none while goods may yet leave."""
    stays = any(product.export is Truth.NO for product in products)
    return tuple(code for code in places.codes if stays or code != HOME)


def _reached(marked: Marked, places: Destinations) -> set[int]:
    """Where the names of places of delivery end, in the folded text."""
    return {marked.units[p.hit.last - 1].end for p in places.taken if p.role == GOES}


def _place_words(marked: Marked, places: Destinations) -> tuple[Evidence, ...]:
    return tuple(marked.evidence(p.hit.first, p.hit.last, p.code) for p in places.taken[:_SHOWN])


def _date_words(marked: Marked, span: tuple[int, int] | None) -> tuple[Evidence, ...]:
    if span is None:
        return ()
    start, end = marked.folded.span(*span)
    return (Evidence(marked.folded.original[start:end], start, end, "date"),)


# -- a follow-up in a thread ------------------------------------------------------------------------------


def _left_open(made: _Made, marked: Marked) -> _Made:
    """ "what if we switch it off?", 要是改成人工确认呢: what held before does not, and who decides then is not plain."""
    heard = next((hit for hit in marked.layer("autonomy") if hit.cue.role in _OF_DECIDING), None)
    value, words, doubts = made.claimed.answer
    if heard is None or words:
        return made
    words = (marked.evidence(heard.first, heard.last, heard.cue.id),)
    product = replace(made.product, evidence={**made.product.evidence, "autonomous": words})
    return replace(made, claimed=replace(made.claimed, answer=(value, words, doubts)), product=product)


def _asked_on(new: Reading) -> Reading:
    """In a thread about scope "and on 3 March?" is no small talk; "can you ship it tomorrow?" may be said to somebody else."""
    goes_on = new.intent is Intent.SMALLTALK and new.ship_date is not None and _GOES_ON.match(new.text)
    return replace(new, intent=Intent.SCOPE) if goes_on else new


def take_over(new: Reading, before: Reading) -> Reading:
    """What the follow-up does not say itself is taken from the thread, and named in `inherited`."""
    if new.intent is not Intent.SCOPE and new.products == ():
        return new
    products, taken = _products_over(new, before)
    facts: dict[str, object] = {"products": products}
    if not new.destinations and not new.regions and not _export_said(new):
        facts |= {"destinations": before.destinations, "regions": before.regions}
        taken += ["destinations"] if before.destinations or before.regions else []
    if new.ship_date is None and before.ship_date is not None:
        facts["ship_date"] = before.ship_date
        taken.append("ship_date")
    return replace(new, **facts, inherited=tuple(dict.fromkeys(taken)))  # type: ignore[arg-type]


def _export_said(new: Reading) -> bool:
    return any(p.export is not Truth.UNKNOWN for p in new.products)


def _products_over(new: Reading, before: Reading) -> tuple[tuple[ProductReading, ...], list[str]]:
    named = any("category" in p.evidence for p in new.products)
    taken: list[str] = []
    if named or not before.products:
        model = before.products[0] if len(before.products) == 1 else None
        return tuple(_filled(p, model, taken, ("export",)) for p in new.products), taken
    said = new.products[0] if new.products else ProductReading()
    taken.append("category")
    return tuple(_overlaid(old, said, taken) for old in before.products), taken


def _filled(product: ProductReading, model: ProductReading | None, taken: list[str], facts: Sequence[str]) -> ProductReading:
    if model is None:
        return product
    values: dict[str, object] = {}
    for fact in facts:
        if getattr(product, fact) is Truth.UNKNOWN and fact not in product.evidence and fact in model.evidence:
            values[fact] = getattr(model, fact)
            taken.append(fact)
    return replace(product, **values) if values else product  # type: ignore[arg-type]


def _overlaid(old: ProductReading, said: ProductReading, taken: list[str]) -> ProductReading:
    values: dict[str, object] = {}
    evidence: dict[str, tuple[Evidence, ...]] = {}
    for fact in ("autonomous", "export"):
        if fact in said.evidence:
            values[fact] = getattr(said, fact)
            evidence[fact] = said.evidence[fact]
        elif getattr(old, fact) is not Truth.UNKNOWN:
            taken.append(fact)
    return replace(old, **values, evidence=_only(evidence))  # type: ignore[arg-type]


def _only(evidence: Mapping[str, tuple[Evidence, ...]]) -> dict[str, tuple[Evidence, ...]]:
    """Evidence points into the text it belongs to, so none is taken over from another message."""
    return dict(evidence)

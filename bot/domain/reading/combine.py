"""From a text to a Reading: every part is read, then bound to the product it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.facts import Category, Doubt, Evidence, Intent, ProductReading, Reading, Truth
from bot.domain.reading import autonomy, binding, dates, destinations, exporting, intent, naming, proposals, settling
from bot.domain.reading.clauses import Clauses, split
from bot.domain.reading.destinations import Destinations
from bot.domain.reading.lexicon import Lexicon
from bot.domain.reading.matching import Marked, mark
from bot.domain.reading.parts import GOES, HOME
from bot.domain.reading.products import Mention, PhraseReader
from bot.domain.reading.weights import Weights

_FILTERS = frozenset({"filter", "filters", "cartridge", "cartridges", "canister", "canisters", "滤"})
_ALONE = frozenset(
    {"only", "just", "spare", "spares", "replacement", "loose", "alone", "for", "of", "只", "仅", "单", "光", "备", "补", "的"}
)
"""Words beside a filter that is sold by itself."""
_SHOWN = 60
"""More places than this are not shown as evidence of one fact."""


def read(text: str, on: date, lexicon: Lexicon, inherited: Reading | None = None) -> Reading:
    """Read a message asked on a day; never raises, never guesses. `inherited`: the thread's reading before."""
    marked = mark(text, lexicon)
    if not marked.units:
        return Reading(text, "en", Intent.HELP)
    clauses = split(marked.units)
    mentions, places, shares = _bound(marked, clauses, lexicon)
    products, doubts = _products(marked, clauses, shares, _names(mentions, places), places, lexicon)
    named = any(m.strong or m.modalities or m.dimensions or m.category is not Category.UNKNOWN for m in mentions)
    reading = _assemble(marked, clauses, lexicon, on, products, places, doubts, named)
    return reading if inherited is None else take_over(reading, inherited)


def weighable(text: str, lexicon: Lexicon) -> frozenset[str]:
    """The features by which a text about one product is weighed; of several none. tests/corpus/learn.py teaches from them."""
    marked = mark(text, lexicon)
    clauses = split(marked.units)
    mentions, places, shares = _bound(marked, clauses, lexicon)
    if len(shares) != 1:
        return frozenset()
    claimed = settling.claimed(shares[0], marked, clauses, lexicon.ordinary)
    found = settling.features_of(claimed, shares[0], marked, clauses, _names(mentions, places))
    return frozenset(name for name, _ in found)


def _bound(
    marked: Marked, clauses: Clauses, lexicon: Lexicon
) -> tuple[Sequence[Mention], Destinations, Sequence[binding.Share]]:
    """The products and places named, and what is said of each product."""
    phrases = PhraseReader(marked, clauses, lexicon.families).read()
    mentions = naming.merge(phrases, marked, lexicon.families)
    places = destinations.find(marked, clauses)
    said = binding.without_denied(autonomy.claims(marked, clauses), phrases, clauses)
    return mentions, places, binding.bind(mentions, said, places, exporting.cues_of(marked, places), marked, clauses)


def _names(mentions: Sequence[Mention], places: Destinations) -> dict[int, str]:
    """Which units are names: what a product is called, or where it goes, says nothing of who decides."""
    named = {unit: "<place>" for part in places.taken for unit in range(part.hit.first, part.hit.last)}
    return named | {unit: "<product>" for m in mentions for first, last in m.spans for unit in range(first, last)}


def _products(
    marked: Marked,
    clauses: Clauses,
    shares: Sequence[binding.Share],
    named: Mapping[int, str],
    places: Destinations,
    lexicon: Lexicon,
) -> tuple[list[ProductReading], list[Doubt]]:
    products: list[ProductReading] = []
    doubts: list[Doubt] = []
    for share in shares:
        claimed = settling.claimed(share, marked, clauses, lexicon.ordinary)
        weights = lexicon.weights if len(shares) == 1 else Weights()  # they are taught by texts about one product
        value, words, found = settling.settle(claimed, share, marked, clauses, named, weights)
        doubts.extend(found)
        export = exporting.export_of(share.export_cues, places, share.places, marked)
        products.append(_deciding(_product(marked, share, value, words, export), share, marked))
        doubts.extend(_name_doubt(share.mention, marked))
    return products, list(dict.fromkeys(doubts))


def _deciding(product: ProductReading, share: binding.Share, marked: Marked) -> ProductReading:
    """A part that decides by itself, or a filter that may be that of a mask not named, is not surely a mere part."""
    mention = share.mention
    if mention is None or mention.head != "part" or product.category is not Category.OTHER_NOT_LISTED:
        return product
    doubtful = product.autonomous is Truth.YES or not (mention.owner or _mere_part(mention, marked))
    return replace(product, category=Category.UNKNOWN) if doubtful else product


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


def _spoken(products: Sequence[ProductReading], places: Destinations, ids: Sequence[str], named: bool) -> intent.Spoken:
    facts = {fact for product in products for fact in product.evidence}
    return intent.Spoken(
        "category" in facts, bool(places.taken), bool(facts & {"autonomous", "export"}), bool(ids), "autonomous" in facts, named
    )


def _assemble(
    marked: Marked,
    clauses: Clauses,
    lexicon: Lexicon,
    on: date,
    products: list[ProductReading],
    places: Destinations,
    doubts: list[Doubt],
    named: bool,
) -> Reading:
    text = marked.folded.original
    ids = intent.references(text)
    ship, span, date_doubts = dates.ship_date(marked.folded, on, _reached(marked, places))
    spoken = _spoken(products, places, ids, named)
    speaks = spoken.product or spoken.place or spoken.fact
    wanted, words = intent.intent_of(marked, clauses, lexicon.intents, spoken)
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
        references=ids,
    )


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

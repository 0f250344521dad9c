"""How a text points at one of several products: "the former", "item 2", "type B", 后者, 乙款."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading.counts import count_of
from bot.domain.reading.matching import Marked
from bot.domain.reading.mention import Mention

_MAKES = "type|model|version|variant|rev|revision|build|kind|sort|firmware|device|unit|product"
_HEADS = "locks?|terminals?|gates?|masks?|hoods?|respirators?|paprs?|helmets?|turnstiles?"
_NOUNS = "article|option|batch|lot|line|item|pos|position|sku|number|no|nr|row|pallet|truck|crate|part|order"
_COUNTED = {
    "one": "1", "two": "2", "three": "3", "four": "4",
    "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "i": "1", "ii": "2", "iii": "3", "iv": "4",
    "甲": "a", "乙": "b", "丙": "c", "丁": "d",
}  # fmt: skip
_LABEL = r"\d{1,2}|[a-e]|i{1,3}|iv"
_CALLED = re.compile(
    rf"\b(?:{_MAKES})\.?\s*[#\"']?(?P<make>[a-z](?:-?\d{{1,3}})?|{_LABEL}|one|two|three|four)\b(?!\.\d)"
    rf"|(?:\b(?:{_HEADS}) |锁|机|闸|器|罩|面具)(?P<head>[a-e])(?![a-z0-9'.-])"
    rf"|\b(?:{_NOUNS})\.?\s*[#\"']?(?P<noun>{_LABEL}|one|two|three|four)\b"
    rf"|(?<![a-z0-9.,-])(?P<mark>{_LABEL})(?=[).、:：)=]|\s=)(?!\d)"
    r"|(?P<zh>[a-e甲乙丙丁])(?=款|型|种|版|号|固件|机型|类|方案|货)"
    r"|(?:设备|型号|产品|版本|固件|项目|第|其)(?P<at>[a-e甲乙丙丁]|[一二三四五])(?=[^a-z]|$)"
    r"|(?<![一-鿿])(?P<bare>[甲乙丙丁])|(?:^|[\n;；。])\s*(?P<line>[一二三四五])、"
    r"|(?<![a-z0-9'.-])(?P<capital>[a-e])(?![a-z0-9'.-])"
)
_MAKE = r"[\"']?(?<![a-z0-9])([a-z0-9]{1,12}|[一-鿿]{1,4}版)[\"']?"
_PAIR = rf"{_MAKE}(?:,? and |,? or |和|与|、|及|/)(?:the )?{_MAKE}"
_SEVERAL_MAKES = r"(?:variants|versions|models|builds|kinds|editions|types)"
_NAMED = re.compile(
    rf"\b(?:two|both) {_SEVERAL_MAKES}(?: of [^,:;.]{{3,40}}?)?[,:]? (?:the )?{_PAIR}"
    rf"|{_PAIR}(?:这)?(?:两|俩)(?:个版本|个型号|款|种|版)"
)
"""Two makes called by name: "two variants, auto and manual", Pro和Lite两个版本."""
_EDITION = re.compile(r"(?P<edition>(?!国内|内销|出口|海外|外销|国际|境外)[一-鿿a-z]{2,3}版)(?!本)")
_ONE_ONE = re.compile(
    r"(?:^|[,;:。，；：])\s*(?:其中)?"
    r"(?P<each>一种|一款|一台|一批|one (?:of (?:them|which) )?(?=is|has|opens|wait|ask|need|let|run|set|adjust|acts))"
)
"""一种自己开，一种要人批."""
_NEAR = 3
"""So many words may stand between a label and the product it names."""
_VARIANTS = 4
"""More makes of one product than this are not told apart."""
_ORDINAL = re.compile(
    r"\b(?P<en>first|second|third|last|other)(?: (?P<count>two|three))?\b(?: (?:one|item|line|lot|product))?"
    r"|\b(?P<who>former|latter)\b|(?P<zh>前|后)者|(?P<both>前|后)(?P<n>两|三)(?=个|样|种|款|项|台|把|类)"
    r"|第(?P<nth>[一二三])(?=个|样|种|款|项|台|把|类)|最后(?P<end>一)(?=个|样|种|款|项|台|把|类)|(?P<rest>另)(?:外)?一(?=个|样|种|款|台|把)"
)
_NTH = {"second": 1, "third": 2, "一": 0, "二": 1, "三": 2}
_LIKEWISE = frozenset({"too", "likewise", "also", "same", "as", "也", "同"})


@dataclass(frozen=True, slots=True)
class Label:
    """A name given within the text at units [first, last): "1", "a"; items named alike are one."""

    name: str
    first: int
    last: int
    loose: bool = False
    """A capital by itself: it may as well be the article."""
    variant: bool = False
    """Said of a make of a product: "type B", 乙款; not of a line, a page or a step."""


def labels(marked: Marked) -> list[Label]:
    """The labels in order; none unless two differ."""
    starts = [unit.start for unit in marked.units]
    found = sorted([*_labels(marked, starts), *_named(marked.folded.text, starts)], key=lambda label: label.first)
    if not {"a", "b"} <= {label.name for label in found}:
        found = [label for label in found if not label.loose]
    return found if len({label.name for label in found}) > 1 else []


def _labels(marked: Marked, starts: Sequence[int]) -> Iterator[Label]:
    folded = marked.folded
    for match in _CALLED.finditer(folded.text):
        kind = match.lastgroup or ""
        name, at = match.group(kind), match.start(kind)
        if kind in {"capital", "head"} and not folded.words(at, at + 1).isupper():
            continue
        first = bisect_left(starts, at)
        if first < len(starts):
            make = kind in {"make", "zh", "head"}
            yield Label(_COUNTED.get(name, name), bisect_left(starts, match.start()), first + 1, kind == "capital", make)


def _named(text: str, starts: Sequence[int]) -> Iterator[Label]:
    """Where the makes that are called by name are spoken of."""
    pair = _NAMED.search(text)
    called = [name for name in pair.groups() if name] if pair else []
    editions = [match["edition"] for match in _EDITION.finditer(text)]
    names = called or (list(dict.fromkeys(editions)) if len(set(editions)) > 1 else [])
    for name in names:
        spoken = re.finditer(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text)
        yield from (_label(name, at.span(), starts) for at in spoken)
    each = list(_ONE_ONE.finditer(text))
    if len({match["each"] for match in each}) == 1 and len(each) > 1:
        yield from (_label(f"one {nth}", match.span("each"), starts) for nth, match in enumerate(each))


def _label(name: str, span: tuple[int, int], starts: Sequence[int]) -> Label:
    first, last = (bisect_left(starts, at) for at in span)
    return Label(name, first, max(last, first + 1), variant=True)


def defined(found: Sequence[Label], mentions: Sequence[Mention]) -> dict[int, str]:
    """The label of each mention that is given one: where the mention begins to the label's name."""
    given: dict[int, str] = {}
    for label in found:
        near = next((m for m in mentions if 0 <= m.first - label.last <= _NEAR), None)
        if near is not None and near.first not in given:
            given[near.first] = label.name
    return given if len(set(given.values())) > 1 else {}


def pointed_at(mentions: Sequence[Mention], marked: Marked, found: Sequence[Label], given: Mapping[int, str]) -> list[Mention]:
    """The mentions with every further place where the text points at them."""
    ends = [label.last for label in found]
    pointed = list(_ordinals(mentions, marked))
    if len(mentions) < 2 or any(_likewise(marked, last) for last in (*ends, *(last for _, last, _ in pointed))):
        return list(mentions)
    names = {name: at for at, m in enumerate(mentions) for first, _ in m.spans if (name := given.get(first, ""))}
    pointed += [(label.first, label.last, (names[label.name],)) for label in found if _points(label, names, mentions)]
    return [_also_at(m, [(first, last) for first, last, which in pointed if at in which]) for at, m in enumerate(mentions)]


def _points(label: Label, names: Mapping[str, int], mentions: Sequence[Mention]) -> bool:
    """Whether a label stands for a product named elsewhere; where it is given, the product's own name says so."""
    one = mentions[names[label.name]] if label.name in names else None
    return one is not None and not any(0 <= first - label.last <= _NEAR for first, _ in one.spans)


def _also_at(mention: Mention, places: Sequence[tuple[int, int]]) -> Mention:
    return replace(mention, spans=tuple(sorted(dict.fromkeys((*mention.spans, *places))))) if places else mention


def _ordinals(mentions: Sequence[Mention], marked: Marked) -> Iterator[tuple[int, int, Sequence[int]]]:
    """Where "the former", "the first two" or 最后一样 stands, and which mentions are meant."""
    starts = [unit.start for unit in marked.units]
    for match in _ORDINAL.finditer(marked.folded.text):
        first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end())
        known = [at for at, m in enumerate(mentions) if m.first < first]
        if len(known) >= 2 and first < len(starts):
            yield first, max(last, first + 1), _meant(match, known)


def _meant(match: re.Match[str], known: Sequence[int]) -> Sequence[int]:
    said = {kind: word for kind, word in match.groupdict().items() if word}
    count = count_of(said.get("count", said.get("n", "one")))
    if {"first", "former", "前"} & set(said.values()):
        return known[:count]
    nth = _NTH.get(said.get("en", said.get("nth", "")))
    return known[-count:] if nth is None else known[nth : nth + 1]


def _likewise(marked: Marked, unit: int) -> bool:
    """ "… the latter too", 后者也是: what is said of one holds for both."""
    return any(u.text in _LIKEWISE for u in marked.units[unit : unit + 3])


def variants(mentions: Sequence[Mention], found: Sequence[Label]) -> list[Mention]:
    """ "type R adapts by itself, type S has a knob": one product named, of which there are two."""
    names = list(dict.fromkeys(label.name for label in found if label.variant))
    if len(mentions) != 1 or not 2 <= len(names) <= _VARIANTS:
        return list(mentions)
    one = mentions[0]
    edges = {edge: label.name for label in found if label.variant for edge in (label.first, label.last)}
    own = {span: edges.get(span[1], edges.get(span[0], "")) for span in one.spans}  # "lock B", A款呼吸器
    spans = {name: [(label.first, label.last) for label in found if label.name == name] for name in names}
    spans = {name: [*places, *(span for span in one.spans if own[span] in ("", name))] for name, places in spans.items()}
    return [replace(one, spans=tuple(sorted(spans[name]))) for name in names]

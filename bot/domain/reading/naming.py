"""Which mentions are the same product: "FaceGate 300 … the terminal … it"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.facts import Category
from bot.domain.reading.matching import Marked
from bot.domain.reading.mention import Mention, classify

_AND = frozenset({"and", "plus", "+", "&", "or", "/", "和", "及", "与", "、", "跟", "或", ",", "，"})
_CLASS = {
    "lock": "door", "terminal": "door", "reader": "door", "camera": "door", "module": "door", "attendance": "door",
    "respirator": "air", "gas_mask": "air", "facepiece": "air",
    "bare_mask": "air",
}  # fmt: skip
_LIKEWISE = frozenset({"too", "likewise", "also", "same", "也", "同"})
_GAS = frozenset({"gas", "gases", "fumes", "chlorine", "filter", "filters", "canister", "canisters", "毒", "滤"})
_MASKS = frozenset({"mask", "masks", "面"})
_LISTED = frozenset({"iris", "vein", "3d"})
_PARTS = frozenset({"part", "spares"})
_NUMBERED = re.compile(r"(?:^|\W)\(?(?:1|a|i|甲)[).、:)].*(?:^|\W)\(?(?:2|b|ii|乙)[).、:)]|①.*②", re.DOTALL)
_NUMERALS = frozenset("一二两兩三四五六七八九十百千")
_MEASURES = frozenset("台臺把套只個个箱批件卷盒双付副条款") | {"pcs", "pc", "set", "sets", "unit", "units", "box", "boxes"}
_FEW = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "some"})
_OF_ONE = 3
"""So many filters or valves one product may have; more of them are goods of their own."""
_MOST = 40
_SPANS = 12
"""More products than this in one message are not told apart."""


def merge(mentions: Sequence[Mention], marked: Marked, families: Sequence[Mapping[str, str]]) -> list[Mention]:
    """One mention per product, in order of first appearance; denied and empty ones are gone."""
    merged: list[Mention] = []
    for mention in _masked(_meant(mentions), marked, families):
        index = _partner(merged, mention, marked)
        if index is not None:
            merged[index] = classify(_join(merged[index], mention), families)
        elif len(merged) < _MOST:
            merged.append(mention)
    known = _without_components(_relabelled(merged), marked)
    return _pointed_at(_not_ruled_out(_without_shadows(known), [m for m in mentions if not _forename(m, marked)]), marked)


def _forename(mention: Mention, marked: Marked) -> bool:
    """ "Iris from accounting"."""
    behind = marked.units[mention.spans[-1][1] : mention.spans[-1][1] + 1]
    return not mention.head and bool(behind) and behind[0].text in {"from", "says", "asked", "asks", "wants", "told"}


def _masked(merged: Sequence[Mention], marked: Marked, families: Sequence[Mapping[str, str]]) -> list[Mention]:
    """ "the mask … the other filter", 智能面具 … 滤毒罐: a mask with a filter is a gas mask."""
    filters = any(m.head == "part" and not m.owner for m in merged) or any(u.text in _GAS for u in marked.units)
    bare = [m for m in merged if m.head == "bare_mask" and m.category is Category.UNKNOWN and not m.modalities]
    bare = [m for m in bare if any(u.text in _MASKS for u in marked.units[m.first : m.spans[0][1]])]
    if not bare or not filters:
        return list(merged)
    return [classify(replace(m, head="gas_mask", strong=True), families) if m in bare else m for m in merged]


def _not_ruled_out(merged: list[Mention], spoken: Sequence[Mention]) -> list[Mention]:
    """Where iris, vein or 3D is spoken of and no product has it, a look-alike is not sure to be one."""
    seen = {value for m in merged for value in (*m.modalities, *m.dimensions)}
    loose = {v for m in spoken if not (m.denied or m.likened) for v in (*m.modalities, *m.dimensions)} & _LISTED - seen
    if not loose:
        return merged
    doubtful = [m for m in merged if m.category is Category.OTHER_NOT_LISTED and not m.named]
    return [replace(m, category=Category.UNKNOWN) if m in doubtful else m for m in merged]


def _meant(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Without what is denied, and what the product is only compared with where its own family is known."""
    named = [m for m in mentions if not m.denied] or mentions
    own = [m for m in named if not m.likened]
    known = any(m.category is not Category.UNKNOWN for m in own)
    return own if known else [m for m in named if m.head or not m.likened] or named


def _pointed_at(merged: list[Mention], marked: Marked) -> list[Mention]:
    """ "the former … the latter", 前者 … 后者: further places where the first and the last product are spoken of."""
    found = list(_pronouns(marked))
    if len(merged) < 2 or any(_likewise(marked, unit) for unit, _ in found):
        return merged
    for unit, which in found:
        known = [i for i, m in enumerate(merged) if m.first < unit]
        if len(known) > 1:
            one = known[0] if which == "first" else known[-1]
            merged[one] = replace(merged[one], spans=tuple(sorted((*merged[one].spans, (unit, unit + 1)))))
    return merged


def _likewise(marked: Marked, unit: int) -> bool:
    """ "… the latter too", 后者也是: what is said of one holds for both."""
    return any(u.text in _LIKEWISE for u in marked.units[unit + 1 : unit + 4])


def _pronouns(marked: Marked) -> Iterator[tuple[int, str]]:
    for index, unit in enumerate(marked.units):
        before = marked.units[index - 1].text if index else ""
        if unit.text == "former" or (unit.text == "者" and before == "前"):
            yield index, "first"
        elif unit.text == "latter" or (unit.text == "者" and before == "后"):
            yield index, "last"
        elif unit.text == "one" and before in ("first", "second"):
            yield index, "first" if before == "first" else "last"


def _relabelled(merged: Sequence[Mention]) -> list[Mention]:
    """In medical English a respirator is a ventilator: beside one, the plain word means no listed family."""
    if not any(m.head == "medical" for m in merged):
        return list(merged)
    plain = [m for m in merged if m.head == "respirator" and not (m.complete or m.named)]
    return [m for m in merged if m not in plain]


def _without_components(merged: Sequence[Mention], marked: Marked) -> list[Mention]:
    """A part beside a product, or a thing beside a listed one, is goods of its own only when counted or joined with "and"."""
    if _announced(marked):
        return list(merged)
    wholes = [m for m in merged if m.head not in _PARTS]
    listed = any(m.kind and m.category not in (Category.UNKNOWN, Category.OTHER_NOT_LISTED) for m in wholes)
    ends = {span[1] for m in merged for span in m.spans}
    beside = [m for m in merged if (m.head in _PARTS and not m.owner and wholes) or (listed and _aside(m))]
    return [m for m in merged if m not in beside or _counted(m, marked, ends)]


def _announced(marked: Marked) -> bool:
    """Whether several goods are announced ("two lines on one order") or numbered: "(1) … (2) …"."""
    return any(hit.cue.role == "several" for hit in marked.layer("products")) or bool(_NUMBERED.search(marked.folded.text))


def _aside(mention: Mention) -> bool:
    """What people work with beside a product: the guard's intercom, the fan of a hood, somebody's fingerprint."""
    thing = mention.head == "other" and mention.complete
    return mention.category is Category.OTHER_NOT_LISTED and not mention.named and (thing or not mention.head)


def _counted(mention: Mention, marked: Marked, ends: Collection[int]) -> bool:
    """ "20 canisters", "a terminal and a bracket"; but not "rubber and canister", nor the two filters of a mask."""
    first, last = max(0, mention.first - 3), mention.spans[-1][1]
    before = [u.text for u in marked.units[first : mention.first]]
    near = [*before, "", *(u.text for u in marked.units[last : last + 2])]
    if any(text.isdecimal() and int(text) > _OF_ONE for text in near) or (mention.head not in _PARTS and _numbered(near, before)):
        return True
    goods = _AND if mention.head not in _PARTS else _AND - {",", "，", "or"}
    joined = [i for i, text in enumerate(before, first) if text in goods]
    return any(i in ends or marked.units[i - 1].text in ")）" for i in joined)


def _numbered(near: Sequence[str], before: Sequence[str]) -> bool:
    """十台, "two laptops"."""
    measured = any((one.isdecimal() or one in _NUMERALS) and two in _MEASURES for one, two in pairwise(near))
    return measured or any(text in _FEW for text in before[-2:])


def _partner(merged: Sequence[Mention], mention: Mention, marked: Marked) -> int | None:
    fitting = [i for i, known in enumerate(merged) if _same(known, mention, marked)]
    return fitting[-1] if fitting else None


def _same(known: Mention, new: Mention, marked: Marked) -> bool:
    if known.product is not None and new.product is not None:
        return known.product == new.product
    if known.candidates and new.candidates:
        return known.candidates == new.candidates
    if new.bare or known.bare:
        return _bare_fits(known, new, marked)
    if not ((known.head or known.named) and (new.head or new.named)):
        return _property_fits(known, new)
    if known.category is Category.UNKNOWN or new.category is Category.UNKNOWN:
        return _vague_fits(known, new)
    return known.category is new.category and _no_rival(known, new)


def _bare_fits(known: Mention, new: Mention, marked: Marked) -> bool:
    if not _compatible(known.head, new.head) and known.head and new.head:
        return _weak(new) or _weak(known)
    coordinated = _coordinated(known, new, marked)
    return not (coordinated and known.bare and known.strong and not new.bare)


def _weak(mention: Mention) -> bool:
    return mention.bare and not mention.strong


def _coordinated(known: Mention, new: Mention, marked: Marked) -> bool:
    between = marked.units[known.spans[-1][1] : new.first]
    return bool(between) and len(between) <= 8 and any(u.text in _AND - {",", "，"} for u in between)


def _compatible(one: str, two: str) -> bool:
    if one != two and {one, two} == {"respirator", "gas_mask"}:
        return False
    return one == two or _CLASS.get(one, one) == _CLASS.get(two, two)


def _property_fits(known: Mention, new: Mention) -> bool:
    """Properties without a head belong to a product that lacks them or has the same ones."""
    if known.kind == "breathing" or new.kind == "breathing":
        return False
    whole, part = (known, new) if known.head else (new, known)
    if whole.named:
        return True
    if part.modalities and whole.modalities:
        return _alike(part.modalities, whole.modalities)
    return whole.head != "other" or not part.modalities


def _vague_fits(known: Mention, new: Mention) -> bool:
    """One of the two has no family yet: the same where head and modality do not speak against it."""
    if known.candidates or new.candidates:
        return not (known.product or new.product)
    if not _compatible(known.head, new.head):
        return False
    return not (known.modalities and new.modalities) or _alike(known.modalities, new.modalities)


def _alike(one: frozenset[str], two: frozenset[str]) -> bool:
    """The same recognition; a palm may be what a vein lock looks at."""
    return bool(one & two) or ({"palm"} in (one, two) and "vein" in one | two)


def _no_rival(known: Mention, new: Mention) -> bool:
    """Two look-alikes are one only where their words agree."""
    if known.category is not Category.OTHER_NOT_LISTED:
        return True
    if "part" in (known.head, new.head) or known.complete != new.complete:
        return known.head == new.head and known.complete == new.complete
    if known.complete:
        return known.spans == new.spans
    return known.modalities == new.modalities or known.named != new.named


def _join(known: Mention, new: Mention) -> Mention:
    lead = new if (new.product and not known.product) or (known.bare and not new.bare) else known
    other = known if lead is new else new
    head = lead.head or other.head
    if lead.head and not lead.strong and other.strong and other.head:
        head = other.head
    return replace(
        lead,
        spans=tuple(sorted((*known.spans, *new.spans)))[:_SPANS],
        head=head,
        modalities=known.modalities | new.modalities,
        dimensions=known.dimensions | new.dimensions,
        strong=known.strong or new.strong,
        complete=known.complete or new.complete,
        candidates=() if lead.product else lead.candidates or other.candidates,
    )


def _without_shadows(merged: Sequence[Mention]) -> list[Mention]:
    """A weak or headless mention beside a real product says nothing of its own."""
    real = [m for m in merged if m.strong or m.category is not Category.UNKNOWN]
    return real or [m for m in merged if m.head or m.modalities][:1]

"""What is sold, among what is named: a part rather than what it is for, a hood with its fan, a thing that is no lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.domain.facts import Category
from bot.domain.reading.matching import Marked
from bot.domain.reading.mention import Mention, classify

_PARTS = frozenset({"part", "spares", "module"})
_EXTRAS = frozenset({"pin", "card"})
_WITH = frozenset({"with", "has", "having", "via", "w", "带", "配", "持", "备", "有"})
_MASKS = frozenset({"bare_mask", "facepiece"})
_BREATHING = frozenset({"respirator", "gas_mask"})
_GAS = frozenset({"canister", "canisters", "毒"})
_DRIVES = frozenset({"fan", "fans", "blower", "blowers", "motor", "motors", "motorised", "motorized", "turbine", "turbines"})
_DRIVES_ZH = ("风机", "风扇", "电机", "马达", "电动", "涡轮")
_NONE = frozenset({"no", "without", "neither", "nor", "not", "无", "没", "不", "非"})
_FOR_BEFORE = ("给", "装在", "装进", "用在", "用于", "适配", "fitsour", "fitsthe", "fits", "forour", "forthe", "fora", "for")
"""Right before a product: it is what something else is for."""
_FOR_BEHIND = ("用的", "配的", "用，", "用）", "用)", "用,", "配套", "专用", "上用", "里的", "里头")
_NEAR = 14
"""So many units apart, at most, are a part and what it is for."""


def sold(mentions: Sequence[Mention], marked: Marked, families: Sequence[Mapping[str, str]]) -> list[Mention]:
    """The mentions as goods: what only says whose part something is left out, hoods and readers called what they are."""
    bought = [m for m in mentions if not (_owner(m, mentions, marked) or _carried(m, mentions, marked))]
    named = _without_headings([_as_owned(m, mentions, marked) for m in bought])
    return [classify(_meant(m, named, marked), families) for m in named]


def _owner(mention: Mention, mentions: Sequence[Mention], marked: Marked) -> bool:
    """A listed product, a part named close by, and a word that the part is for it: "a board, fits our powered hoods"."""
    if not mention.kind or mention.denied or mention.head in _PARTS:
        return False
    return any(_belongs(part, mention, marked) for part in mentions)


def _carried(mention: Mention, mentions: Sequence[Mention], marked: Marked) -> bool:
    """ "…, with Bluetooth": what a product named before has besides."""
    first = mention.first
    led = bool(_WITH & {unit.text for unit in marked.units[max(first - 2, 0) : first]})
    extra = not mention.head and not mention.dimensions and bool(mention.modalities) and mention.modalities <= _EXTRAS
    return extra and led and any(m.head and m.first < first for m in mentions)


def _belongs(part: Mention, whole: Mention, marked: Marked) -> bool:
    if part.head not in _PARTS or part.denied or part is whole:
        return False
    first, last = whole.spans[0]
    before = 0 <= first - part.spans[0][1] <= _NEAR
    behind = 0 <= part.first - last <= 3
    led = _letters(marked, max(first - 2, 0), first).endswith(_FOR_BEFORE)
    followed = _letters(marked, last, last + 2).startswith(_FOR_BEHIND)
    return (before and (led or followed)) or (behind and (followed or led))


def _letters(marked: Marked, first: int, last: int) -> str:
    return "".join(unit.text for unit in marked.units[first:last])


def _as_owned(mention: Mention, mentions: Sequence[Mention], marked: Marked) -> Mention:
    owned = any(whole.kind and not whole.denied and _belongs(mention, whole, marked) for whole in mentions)
    return replace(mention, owner=True) if owned else mention


def _without_headings(mentions: Sequence[Mention]) -> list[Mention]:
    """ "spare parts: straps and bags": what they are is said."""
    parts = any(m.head == "part" and not m.denied for m in mentions) and not any(m.head == "module" for m in mentions)
    return [m for m in mentions if not (parts and m.head == "spares" and not m.modalities)]


def _meant(mention: Mention, mentions: Sequence[Mention], marked: Marked) -> Mention:
    return _hood(mention, mentions, marked) or _reader(mention, mentions) or _no_namesake(mention, mentions) or mention


def _hood(mention: Mention, mentions: Sequence[Mention], marked: Marked) -> Mention | None:
    """A mask or hood with a fan is a respirator; with parts it is a product and no part of theirs."""
    if mention.head not in _MASKS or mention.denied or mention.category is Category.OTHER_NOT_LISTED:
        return None
    if any(_driven(marked)) and not any(m.head in _BREATHING for m in mentions) and not _GAS & {u.text for u in marked.units}:
        return replace(mention, head="respirator", strong=True)
    return replace(mention, strong=True) if any(m.head == "part" and not m.owner for m in mentions) else None


def _driven(marked: Marked) -> Iterator[bool]:
    """Each word for what drives air, whether it is there or missing."""
    for at, unit in enumerate(marked.units):
        if unit.text in _DRIVES or _letters(marked, at, at + 2) in _DRIVES_ZH:
            yield not _NONE & {one.text for one in marked.units[max(at - 2, 0) : at]}


def _reader(mention: Mention, mentions: Sequence[Mention]) -> Mention | None:
    """Iris or vein, and "it is no lock"."""
    bare = not mention.head and mention.modalities & {"iris", "vein"} and not mention.denied
    denied = any(m.head == "lock" and m.denied for m in mentions)
    locks = any(m.head == "lock" and not m.denied for m in mentions)
    return replace(mention, head="reader") if bare and denied and not locks else None


def _no_namesake(mention: Mention, mentions: Sequence[Mention]) -> Mention | None:
    """Beside a lock or a terminal the vein that is spoken of may be theirs, and not the vein finder's."""
    doors = any(not m.denied and (m.head == "lock" or (m.head == "terminal" and m.strong)) for m in mentions)
    beside = mention.head == "namesake" and doors
    return replace(mention, head="other") if beside else None

"""What is sold, among what is named: a part rather than what it is for, a hood with its fan, a thing that is no lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

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
_MOST = 40
"""More parts or products than this in one message are not looked at."""
_NEAR = 14
"""So many units apart, at most, are a part and what it is for."""


def sold(mentions: Sequence[Mention], marked: Marked, families: Sequence[Mapping[str, str]]) -> list[Mention]:
    """The mentions as goods: what only says whose part something is left out, hoods and readers called what they are."""
    first = [m for m in mentions if m.head][:1]
    parts = [m for m in mentions if m.head in _PARTS and not m.denied][:_MOST]
    wholes = [m for m in mentions if m.kind and not m.denied and m.head not in _PARTS][:_MOST]
    bought = [m for m in mentions if not (_owner(m, parts, marked) or _carried(m, first, marked))]
    named = _without_headings([_as_owned(m, wholes, marked) for m in bought])
    told = _Told.of(named, marked)
    return [classify(meant, families) if (meant := told.meant(m)) is not m else m for m in named]


def _owner(mention: Mention, parts: Sequence[Mention], marked: Marked) -> bool:
    """A listed product, a part named close by, and a word that the part is for it: "a board, fits our powered hoods"."""
    if not mention.kind or mention.denied or mention.head in _PARTS:
        return False
    return any(_belongs(part, mention, marked) for part in parts)


def _carried(mention: Mention, named: Sequence[Mention], marked: Marked) -> bool:
    """ "…, with Bluetooth": what a product named before has besides."""
    first = mention.first
    led = bool(_WITH & {unit.text for unit in marked.units[max(first - 2, 0) : first]})
    extra = not mention.head and not mention.dimensions and bool(mention.modalities) and mention.modalities <= _EXTRAS
    return extra and led and any(m.first < first for m in named)


def _belongs(part: Mention, whole: Mention, marked: Marked) -> bool:
    if abs(whole.first - part.first) > _NEAR:
        return False
    first, last = whole.spans[0]
    before = 0 <= first - part.spans[0][1] <= _NEAR
    behind = 0 <= part.first - last <= 3
    led = _letters(marked, max(first - 2, 0), first).endswith(_FOR_BEFORE)
    followed = _letters(marked, last, last + 2).startswith(_FOR_BEHIND)
    return (before and (led or followed)) or (behind and (followed or led))


def _letters(marked: Marked, first: int, last: int) -> str:
    return "".join(unit.text for unit in marked.units[first:last])


def _as_owned(mention: Mention, wholes: Sequence[Mention], marked: Marked) -> Mention:
    part = mention.head in _PARTS and not mention.denied
    owned = part and any(_belongs(mention, whole, marked) for whole in wholes)
    return replace(mention, owner=True) if owned else mention


def _without_headings(mentions: Sequence[Mention]) -> list[Mention]:
    """ "spare parts: straps and bags": what they are is said."""
    parts = any(m.head == "part" and not m.denied for m in mentions) and not any(m.head == "module" for m in mentions)
    return [m for m in mentions if not (parts and m.head == "spares" and not m.modalities)]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the text as a whole tells of its products."""

    fan: bool
    """Something drives air, and no breathing product but a mask is named."""
    parts: bool
    no_lock: bool
    """ "It is no lock", and none is named."""
    doors: bool

    @classmethod
    def of(cls, named: Sequence[Mention], marked: Marked) -> _Told:
        breathing = any(m.head in _BREATHING for m in named) or bool(_GAS & {u.text for u in marked.units})
        locks = {m.denied for m in named if m.head == "lock"}
        gates = any(m.head == "terminal" and m.strong and not m.denied for m in named)
        parts = any(m.head == "part" and not m.owner for m in named)
        return cls(not breathing and any(_driven(marked)), parts, locks == {True}, gates or False in locks)

    def meant(self, mention: Mention) -> Mention:
        if mention.head in _MASKS and not mention.denied and mention.category is not Category.OTHER_NOT_LISTED:
            return self._hood(mention)
        if self.no_lock and not mention.head and mention.modalities & {"iris", "vein"} and not mention.denied:
            return replace(mention, head="reader")
        if self.doors and mention.head == "namesake":
            return replace(mention, head="other")  # the vein that is spoken of may be the lock's, not the vein finder's
        return mention

    def _hood(self, mention: Mention) -> Mention:
        """A mask or hood with a fan is a respirator; with parts it is a product and no part of theirs."""
        if self.fan:
            return replace(mention, head="respirator", strong=True)
        return replace(mention, strong=True) if self.parts else mention


def _driven(marked: Marked) -> Iterator[bool]:
    """Each word for what drives air, whether it is there or missing."""
    for at, unit in enumerate(marked.units):
        if unit.text in _DRIVES or _letters(marked, at, at + 2) in _DRIVES_ZH:
            yield not _NONE & {one.text for one in marked.units[max(at - 2, 0) : at]}

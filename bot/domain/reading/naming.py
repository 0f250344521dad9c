"""Which mentions are the same product: "FaceGate 300 … the terminal … it"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.domain.facts import Category
from bot.domain.reading import pointing
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Marked
from bot.domain.reading.mention import Mention, classify

_AND = frozenset({"and", "plus", "+", "&", "or", "/", "和", "及", "与", "、", "跟", "或", ",", "，"})
_CLASS = {
    "lock": "door", "terminal": "door", "reader": "door", "camera": "door", "module": "door", "attendance": "door",
    "respirator": "air", "gas_mask": "air", "facepiece": "air",
    "bare_mask": "air",
}  # fmt: skip
_GAS = frozenset({"gas", "gases", "fumes", "chlorine", "filter", "filters", "canister", "canisters", "毒", "滤"})
_MASKS = frozenset({"mask", "masks", "面"})
_LISTED = frozenset({"iris", "vein", "3d"})
_ELSEWHERE = frozenset({"other_maker", "other_time"})
_PARTS = frozenset({"part", "spares"})
_NUMBERED = re.compile(r"(?:^|\W)\(?(?:1|a|i|甲)[).、:)].*(?:^|\W)\(?(?:2|b|ii|乙)[).、:)]|①.*②", re.DOTALL)
_NUMERALS = frozenset("一二两兩三四五六七八九十百千")
_MEASURES = frozenset("台臺把套只個个箱批件卷盒双付副条款顶具支") | {
    "pcs", "pc", "set", "sets", "unit", "units", "box", "boxes", "ctn", "ctns", "carton", "cartons", "case", "cases", "bag",
    "bags", "pallet", "pallets", "pair", "pairs", "roll", "rolls", "kit", "kits", "lot", "qty", "nos",
}  # fmt: skip
_FEW = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "some"})
_JOINING = frozenset("+&和及与、跟/¶;；加再,") | {"and", "plus"}
_ARTICLES = frozenset({"the", "a", "an", "x", "some", "our", "also", "one", "two", "three"})
_LISTING = _JOINING | _NUMERALS | _MEASURES | _ARTICLES | frozenset("，还有各•-*()（）")
"""What may stand between two things of a list."""
_BETWEEN = 8
"""So many words may stand between two things of a list."""
_NEXT = 5
"""So near behind a joining word the next thing of a list begins."""
_OF_ONE = 3
"""So many filters or valves one product may have; more of them are goods of their own."""
_MOST = 40
"""More products than this in one message are not told apart."""
_SPANS = 12
"""So many places where a product is named are kept."""


def merge(
    mentions: Sequence[Mention], marked: Marked, clauses: Clauses, families: Sequence[Mapping[str, str]]
) -> list[Mention]:
    """One mention per product, in order of first appearance; denied and empty ones are gone."""
    merged: list[Mention] = []
    said = _masked(_of_ours(_meant(mentions), marked, clauses), marked, families)
    found = pointing.labels(marked)
    given = pointing.defined(found, said)
    for mention in said:
        index = _partner(merged, mention, marked, given)
        if index is not None:
            merged[index] = classify(_join(merged[index], mention), families)
        elif len(merged) < _MOST:
            merged.append(mention)
    known = _without_components(_relabelled(merged), marked, given)
    apart = _not_ruled_out(_without_shadows(known), [m for m in mentions if not _forename(m, marked)])
    return pointing.pointed_at(pointing.variants(apart, found), marked, found, given)


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


def _of_ours(mentions: Sequence[Mention], marked: Marked, clauses: Clauses) -> Sequence[Mention]:
    """ "the competitor's iris lock was stopped; ours is a vein lock": another maker's or an earlier one is not asked about."""
    elsewhere = [hit.first for hit in marked.layer("cautions") if hit.cue.id in _ELSEWHERE]
    present = [hit.first for hit in marked.layer("cautions") if hit.cue.role == "present"]
    if not elsewhere or len(mentions) <= 1:
        return mentions
    away = {clauses.of[unit] for unit in elsewhere} - {clauses.of[unit] for unit in present}
    ours = [m for m in mentions if clauses.of[m.first] not in away]
    return ours if any(m.category is not Category.UNKNOWN or m.modalities for m in ours) else mentions


def _relabelled(merged: Sequence[Mention]) -> list[Mention]:
    """In medical English a respirator is a ventilator: beside one, the plain word means no listed family."""
    if not any(m.head == "medical" for m in merged):
        return list(merged)
    plain = [m for m in merged if m.head == "respirator" and not (m.complete or m.named)]
    return [m for m in merged if m not in plain]


def _without_components(merged: Sequence[Mention], marked: Marked, given: Mapping[int, str]) -> list[Mention]:
    """A part beside a product, or a thing beside a listed one, is goods of its own only when counted, labelled or listed."""
    if _announced(marked):
        return list(merged)
    wholes = [m for m in merged if m.head not in _PARTS]
    listed = any(m.kind and m.category not in (Category.UNKNOWN, Category.OTHER_NOT_LISTED) for m in wholes)
    spans = sorted(span for m in merged for span in m.spans)
    beside = [m for m in merged if (m.head in _PARTS and not m.owner and wholes) or (listed and _aside(m))]
    return [m for m in merged if m not in beside or m.first in given or _counted(m, marked, spans)]


def _announced(marked: Marked) -> bool:
    """Whether several goods are announced ("two lines on one order") or numbered: "(1) … (2) …"."""
    return any(hit.cue.role == "several" for hit in marked.layer("products")) or bool(_NUMBERED.search(marked.folded.text))


def _aside(mention: Mention) -> bool:
    """What people work with beside a product: the guard's intercom, the fan of a hood, somebody's fingerprint."""
    thing = mention.head == "other" and mention.complete
    return mention.category is Category.OTHER_NOT_LISTED and not mention.named and (thing or not mention.head)


def _counted(mention: Mention, marked: Marked, spans: Sequence[tuple[int, int]]) -> bool:
    """ "20 canisters", "a terminal and a bracket"; but not "rubber and canister", nor the two filters of a mask."""
    first, last = max(0, mention.first - 3), mention.spans[-1][1]
    before = [u.text for u in marked.units[first : mention.first]]
    near = [*before, "", *(u.text for u in marked.units[last : last + 2])]
    if any(text.isdecimal() and int(text) > _OF_ONE for text in near) or (mention.head not in _PARTS and _numbered(near, before)):
        return True
    goods = _JOINING if mention.head not in _PARTS else _JOINING - {",", "/"}
    return _joined_before(mention, goods, spans, marked) or _joined_behind(last, goods, spans, marked)


def _joined_before(mention: Mention, goods: Collection[str], spans: Sequence[tuple[int, int]], marked: Marked) -> bool:
    """ "… a terminal and a bracket", "terminals (unattended), brackets"."""
    ends, first = {span[1] for span in spans}, max(0, mention.first - 3)
    joined = [i for i in range(first, mention.first) if marked.units[i].text in goods]
    return any(i in ends or (i and marked.units[i - 1].text in ")）") for i in joined)


def _joined_behind(last: int, goods: Collection[str], spans: Sequence[tuple[int, int]], marked: Marked) -> bool:
    """ "drones and 3D face terminals"."""
    near = set(range(last + 1, last + _NEXT))
    return last < len(marked.units) and marked.units[last].text in goods and any(span[0] in near for span in spans)


def _numbered(near: Sequence[str], before: Sequence[str]) -> bool:
    """十台, "two laptops"."""
    measured = any((one.isdecimal() or one in _NUMERALS) and two in _MEASURES for one, two in pairwise(near))
    return measured or any(text in _FEW for text in before[-2:])


def _partner(merged: Sequence[Mention], mention: Mention, marked: Marked, given: Mapping[int, str]) -> int | None:
    label = given.get(mention.first, "")
    fitting = [i for i, known in enumerate(merged) if not _apart(label, known, given) and _same(known, mention, marked)]
    if fitting and _listed_beside(merged[fitting[-1]], mention, marked):
        return None
    return fitting[-1] if fitting else None


def _apart(label: str, known: Mention, given: Mapping[int, str]) -> bool:
    """ "1) iris lock for Vilnius 2) iris lock for Riga": given labels of their own."""
    return bool(label) and any(given.get(first, label) != label for first, _ in known.spans)


def _listed_beside(known: Mention, new: Mention, marked: Marked) -> bool:
    """ "palm vein and finger vein locks" are listed, "an iris lock and an iris camera" too: joined, and worded otherwise."""
    if new.bare or known.bare or not (new.head and known.head):
        return False
    first = known.spans[-1][1]
    between = [unit.text for unit in marked.units[first : new.first]]
    if not between or len(between) > _BETWEEN or not set(between) <= _LISTING | {t for t in between if t.isdecimal()}:
        return False
    words = [{unit.stem for unit in marked.units[a:b]} for a, b in (known.spans[-1], new.spans[0])]
    return bool(words[0] - words[1]) and bool(words[1] - words[0]) and bool(set(between) & _JOINING)


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
    real = [m for m in merged if m.strong or m.category is not Category.UNKNOWN or (m.head and m.modalities & _LISTED)]
    return real or [m for m in merged if m.head or m.modalities][:1]

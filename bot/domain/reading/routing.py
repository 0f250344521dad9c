"""What later words change in the part of a place: corrected, passed through on the way, kept in stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Marked
from bot.domain.reading.parts import BARE, BUYER, GOES, HOME, TRANSIT, Part

_CORRECTS = frozenset({"no", "nope", "just", "only", "not", "actually", "不", "只", "就", "没", "仅"})
_THEN = frozenset({"then", "onward", "onwards", "再", "然后"})
_BY_WORDS = """
    truck trucked trucks rail train road barge lorry feeder 卡 汽 火 铁 转 陆 驳 上 走
"""
_BY = frozenset(_BY_WORDS.split())
"""Ways on from a port, by the first character in Chinese."""
_BUYERS_WORDS = "firm company customer client buyer dealer trader distributor group house reseller integrator contractor"
_BUYERS = frozenset(_BUYERS_WORDS.split())
_SEVERAL_WORDS = "one two other another rest some each both half units pcs first second also"
_SEVERAL = frozenset(_SEVERAL_WORDS.split())
"""Words of a sentence that speaks of several lots, each of its own buyer."""
_LED, _IN_BEFORE = 2, 2
_NEAR, _FIRST = 6, 3
"""Units behind a place within which the way on is told; before it, within which "first" stands."""


def routed(parts: list[Part], marked: Marked, clauses: Clauses) -> list[Part]:
    """The parts as the whole text means them."""
    meant = _corrected(_taken_back(parts, marked, clauses), marked, clauses)
    return _returned(_stocked(_passed(_seated(meant, marked, clauses), marked, clauses), marked, clauses), marked)


def _seated(parts: list[Part], marked: Marked, clauses: Clauses) -> list[Part]:
    """ "sold to a firm in Dublin, delivered to Freetown": where a sentence says of delivery, a buyer's seat is no destination."""
    sent = {clauses.sentence(p.hit.first): p.code for p in parts if p.role == GOES and _is_delivered(p, marked)}
    seats = [p for p in parts if p.role == GOES and clauses.sentence(p.hit.first) in sent and _is_seat(p, marked)]
    several = {clauses.sentence(index) for index, unit in enumerate(marked.units) if unit.text in _SEVERAL}
    lost = [p for p in seats if p.code != sent[clauses.sentence(p.hit.first)] and clauses.sentence(p.hit.first) not in several]
    return [replace(p, role=BUYER) if p in lost else p for p in parts]


def _is_delivered(part: Part, marked: Marked) -> bool:
    return any(hit.cue.id == "delivered" and 0 <= part.hit.first - hit.last <= _LED for hit in marked.layer("places"))


def _is_seat(part: Part, marked: Marked) -> bool:
    """ "a customer in Bern"."""
    before = [unit.text for unit in marked.units[max(part.hit.first - 2, 0) : part.hit.first]]
    return len(before) == _IN_BEFORE and before[1] == "in" and before[0] in _BUYERS


def _returned(parts: list[Part], marked: Marked) -> list[Part]:
    """ "came back from Cordoba for repair, now returning it": goods go back where they came from, if no other place is named."""
    back = max((hit.first for hit in marked.layer("places") if hit.cue.role == "returns"), default=-1)
    if any(p.role in (GOES, BARE, BUYER) and p.code != HOME for p in parts):
        return parts
    came = [p for p in parts if p.role == "origin" and p.code != HOME and not p.hit.place.demonym and p.hit.first < back]
    return [replace(p, role=GOES) if p in came else p for p in parts]


def _taken_back(parts: list[Part], marked: Marked, clauses: Clauses) -> list[Part]:
    """斯洛文尼亚，不对，是斯洛伐克: within a sentence what stands before the correction is none."""
    back = {hit.first for hit in marked.layer("places") if hit.cue.role == "takes_back"}
    return [replace(p, role="denied") if _is_taken_back(p, parts, back, clauses) else p for p in parts]


def _is_taken_back(part: Part, parts: Sequence[Part], back: set[int], clauses: Clauses) -> bool:
    sentence = clauses.sentence(part.hit.first)
    behind = [p.hit.first for p in parts if clauses.sentence(p.hit.first) == sentence and p.hit.first > part.hit.first]
    near = (word for word in back if 0 <= word - part.hit.last < _NEAR and clauses.sentence(word) == sentence)
    return any(word < max(behind, default=0) for word in near)


def _corrected(parts: list[Part], marked: Marked, clauses: Clauses) -> list[Part]:
    """ "Norway? no, Sweden": the places of a question that the next sentence corrects are none."""
    named = {clauses.sentence(p.hit.first) for p in parts}
    opens = {clause.sentence for clause in clauses.all if marked.units[clause.first].text in _CORRECTS}
    wrong = {c.sentence for c in clauses.all if c.asked and c.sentence + 1 in opens & named}
    return [replace(p, role="denied") if clauses.sentence(p.hit.first) in wrong else p for p in parts]


def _passed(parts: list[Part], marked: Marked, clauses: Clauses) -> list[Part]:
    """ "CIF Durban then truck to Gaborone": where the way goes on is not its end, if another end is named."""
    if len({p.code for p in parts if p.role in (GOES, BARE, BUYER)}) < 2:
        return parts
    return [replace(p, role=TRANSIT) if p.role == GOES and _goes_on(p, marked, clauses) else p for p in parts]


def _goes_on(part: Part, marked: Marked, clauses: Clauses) -> bool:
    sentence = clauses.sentence(part.hit.first)
    behind = range(part.hit.last, min(part.hit.last + _NEAR, len(marked.units)))
    words = [marked.units[unit].text for unit in behind if clauses.sentence(unit) == sentence]
    before = _before(part, marked)
    if ("先" in before and "再" in words) or (before[-1:] == ["走"] and not {"再"} & set(before)):
        return True  # 先到德班再上去, 走加尔各答港
    then = next((index for index, word in enumerate(words) if word in _THEN), len(words))
    return any(word in _BY for word in words[then + 1 : then + 3])


def _before(part: Part, marked: Marked) -> Sequence[str]:
    return [unit.text for unit in marked.units[max(part.hit.first - _FIRST, 0) : part.hit.first]]


def _stocked(parts: list[Part], marked: Marked, clauses: Clauses) -> list[Part]:
    """A stock or a works is where goods come from when they go elsewhere; else it is where they go."""
    moved = {clauses.sentence(hit.first) for hit in marked.layer("places") if hit.cue.role == "moves"}
    resold = {hit.first for hit in marked.layer("export") if hit.cue.id in ("reexport", "resale")}
    elsewhere = any(p.role in (GOES, BARE, BUYER) and not p.hit.place.demonym for p in parts)
    stays = [resold <= {p.hit.last} and clauses.sentence(p.hit.first) not in moved for p in parts]
    return [_kept(p, elsewhere or (p.role == "stock" and not here)) for p, here in zip(parts, stays, strict=True)]


def _kept(part: Part, elsewhere: bool) -> Part:
    if part.role == "works":
        return replace(part, role="made" if elsewhere else GOES)
    stays = part.role == "stock" and part.code != HOME and not elsewhere
    return replace(part, role=GOES) if stays else part

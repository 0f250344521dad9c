"""Of all places named, those where goods are delivered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.reading.matching import Marked, PlaceHit
from bot.domain.reading.parts import BARE, BUYER, GOES, HOME, SENDER, Part

_AFTER_BARE_WORDS = """
    and or but for by on in with via at if so as also etd eta cif cfr ddp dap fob exw asap please pls next this under before
    after once when where through from to within first then only too yes no ok
    和 与 及 或 也 都 要 想 有 那 这 的 两 三 等 先 再 各 吗 呢 能 可
"""
AFTER_BARE = frozenset(_AFTER_BARE_WORDS.split())
"""What may follow a place that is no adjective: not so in "a Panama hat"."""


def delivered(parts: Sequence[Part], marked: Marked) -> list[Part]:
    """Places of delivery; a buyer's or bare place counts where no other one is named, home only when gone to."""
    going = [p for p in parts if p.role == GOES and not (p.hit.place.demonym and p.code == HOME)]
    made = {p.code for p in parts if p.role == "made"}
    going = _without_starts(going, parts)
    bare = [p for p in parts if p.role == BARE and p.code not in (HOME, *made)]
    if all(p.weak for p in going) and any(not p.hit.place.demonym for p in bare):
        going = [p for p in going if p.code != HOME]  # "Hong Kong tower, the truck waits at Shenzhen"
    if _gives_way(going) and any(p.role == BUYER and _is_town(p) and p.code != HOME for p in parts):
        going = []  # "sold under that name in Europe; order from Lusaka"
    if not going:
        return _not_gone_to(parts, bare)
    abroad = any(p.code != HOME for p in going)
    starts = _starts(parts)
    more = [p for p in bare if abroad and p.code not in starts and not p.hit.place.demonym and not _adjective(p.hit, marked)]
    return sorted((*going, *more), key=lambda p: p.hit.first)


def _starts(parts: Sequence[Part]) -> set[str]:
    """Where goods start abroad."""
    return {p.code for p in parts if p.role in ("origin", "stock") and p.code != HOME and not p.hit.place.demonym}


def _without_starts(going: list[Part], parts: Sequence[Part]) -> list[Part]:
    """ "from our Hong Kong warehouse to Bangkok, they are in Hong Kong already": where goods start is named twice."""
    starts = _starts(parts)
    left = [p for p in going if not (p.weak and p.code in starts)]
    return left if any(p.code != HOME for p in left) else going


def _gives_way(going: Sequence[Part]) -> bool:
    return all(p.weak and p.hit.place.region for p in going)


def _is_town(part: Part) -> bool:
    return not (part.hit.place.region or part.hit.place.demonym or part.hit.place.whole)


def _not_gone_to(parts: Sequence[Part], bare: list[Part]) -> list[Part]:
    """Named alone, the buyer's, who writes from there; a town says more than a nationality, and that more than a region."""
    kinds = [bare, *([p for p in parts if p.role == role and p.code != HOME] for role in (BUYER, SENDER))]
    towns = (some for some in kinds if any(not (p.hit.place.region or p.hit.place.demonym) for p in some))
    nations = (some for some in kinds if any(not p.hit.place.region for p in some))
    regions = (some for some in kinds if some)
    home = [p for p in parts if p.code == HOME and p.role in (BARE, BUYER)]
    return next((some for ranked in (towns, nations, regions) for some in ranked), home)


def _adjective(hit: PlaceHit, marked: Marked) -> bool:
    """ "a Panama hat", 土耳其烤肉: a name with a noun behind it that nobody here knows."""
    after = marked.units[hit.last].text if hit.last < len(marked.units) else ""
    if not (after.isalpha() and after not in AFTER_BARE):
        return False
    known = any(h.first <= hit.last < h.last for name in ("products", "places", "export", "autonomy") for h in marked.layer(name))
    return not known and all(other.first != hit.last for other in marked.places)

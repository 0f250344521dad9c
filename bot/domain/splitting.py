"""What leaves apart when a shipment is split: read from what somebody wrote, and taken out of its product lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.shipment import Goods, Shipment, pieces
from bot.errors import BadInput

PIECES = r"(?:\s*[x×*]\s*([^\s;，；、]+?)(?=[,;，；、]?(?:\s|$)))?"
"""A count behind a product's name, as it is written: "× 10", "x -5", "x ten"."""
COUNTED = re.compile(r"([^\s\d,;，；、][^,;，；、×*]*?)\s*(?:\bx\s+|[×*]\s*)\d")
"""A name with a count behind it."""
BETWEEN = re.compile(r"[,;，；、\n]| and | & |和|与")


@dataclass(frozen=True, slots=True)
class Part:
    """What leaves apart: a product line, or `quantity` pieces of it (None: all of it)."""

    product: str
    quantity: int | None = None


def parts_in(text: str, known: Iterable[str]) -> list[Part]:
    """The parts a text names ("FaceGate 300 × 10, IrisLock Pro"), also by names nobody knows; longer known names go first.

    BadInput where a count is no number of pieces.
    """
    parts, left = list[Part](), text
    for product in sorted(set(known), key=len, reverse=True):
        found = re.search(rf"(?<!\w){re.escape(product)}(?!\w){PIECES}", left, re.IGNORECASE)
        if found:
            parts.append(Part(product, pieces(found[1]) if found[1] else None))
            left = f"{left[:found.start()]} {left[found.end():]}"
    return parts + [Part(name) for name in _others(left)]


def _others(left: str) -> list[str]:
    """Names of other things: with a count behind them, or alone between commas; numbers and dates have digits."""
    apart = [words.strip() for words in BETWEEN.split(left)]
    alone = [words for words in apart if words and len(apart) > 1 and not re.search(r"\d", words)]
    return list(dict.fromkeys([*(found.strip() for found in COUNTED.findall(left)), *alone]))


def divided(shipment: Shipment, parts: Sequence[Part]) -> tuple[tuple[Goods, ...], tuple[Goods, ...]]:
    """What stays and what goes. BadInput for what is not in it, more than there is, or all of it."""
    there = {goods.product for goods in shipment.goods}
    for part in (part for part in parts if part.product not in there):
        raise _refused(shipment, f"there is no {part.product} in it", "split_other", product=part.product)
    wanted = {part.product: part for part in parts}
    halves = [_halved(shipment, goods, wanted.get(goods.product)) for goods in shipment.goods]
    stays, goes = (tuple(half for half in side if half) for side in zip(*halves, strict=True))
    if goes and not stays:
        raise _refused(shipment, "that is all of it", "split_all")
    return stays, goes


def _halved(shipment: Shipment, goods: Goods, part: Part | None) -> tuple[Goods | None, Goods | None]:
    """What stays and what goes of one line; a line of unknown length can only go whole."""
    if part is None:
        return goods, None
    if part.quantity is None:
        return None, goods
    rest = _there(shipment, goods) - part.quantity
    if rest < 0:
        raise _refused(shipment, f"it has {goods.quantity} of {goods.product}", "split_more", product=goods.product,
                       there=goods.quantity, said=part.quantity)
    return replace(goods, quantity=str(rest)) if rest else None, replace(goods, quantity=str(part.quantity))


def _there(shipment: Shipment, goods: Goods) -> int:
    try:
        return pieces(goods.quantity)
    except BadInput:
        what = f"how many {goods.product} are in it is not known"
        raise _refused(shipment, what, "split_unknown", product=goods.product) from None


def _refused(shipment: Shipment, what: str, code: str, **said: object) -> BadInput:
    lines = tuple(f"{goods.product} × {goods.quantity}" if goods.quantity else goods.product for goods in shipment.goods)
    return BadInput(f"{shipment.number}: {what}").named(code, number=shipment.number, goods=lines, **said)

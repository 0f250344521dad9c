"""Names written beside a product that was read, which nothing was read from: told, so that none is dropped without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.facts import Evidence, Reading

BESIDE = re.compile(
    r"\s*(?:,|，|、|&|/|\+|\band\b|\bor\b|\bplus\b|和|及|与|或)\s*(?:(?:and|or|the|an?|\d+(?:\s*(?:x|×|pcs|台|件))?)\s+)*",
    re.IGNORECASE)
NAME = re.compile(r"[A-Z][a-z]+[A-Z][A-Za-z]*(?:[ -]?[A-Z]?\d+[A-Za-z]*)?(?![A-Za-z])")
"""As makers write a product: "AirShield", "DoorGuard 5"; a plain word with a capital may be a place, a person or a month."""

Span = tuple[int, int]


def unlisted_names(reading: Reading) -> tuple[str, ...]:
    """The names listed right before or behind a product that was read, and that nothing was read from; in their order."""
    read, doubted = list(_spans(reading)), [doubt.words for doubt in reading.doubts if doubt.words]
    beside = {span for start, end in read for span in (*_behind(reading.text, end), *_before(reading.text, start))}
    free = [span for span in sorted(beside) if not any(span[0] < end and start < span[1] for start, end in read)]
    names = dict.fromkeys(reading.text[start:end] for start, end in free)
    return tuple(name for name in names if not any(words in name for words in doubted))


def _spans(reading: Reading) -> Iterator[Span]:
    """Where in this text something of a product was read; what was taken over from an earlier text stands elsewhere."""
    for product in reading.products:
        for item in (*product.evidence.get("category", ()), *product.evidence.get("autonomous", ())):
            if _stands(reading.text, item):
                yield item.start, item.end


def _stands(text: str, item: Evidence) -> bool:
    return bool(item.words) and text[item.start:item.end] == item.words


def _behind(text: str, at: int) -> Iterator[Span]:
    while (between := BESIDE.match(text, at)) and (name := NAME.match(text, between.end())):
        yield name.span()
        at = name.end()


def _before(text: str, at: int) -> Iterator[Span]:
    for name in NAME.finditer(text, 0, at):
        between = BESIDE.match(text, name.end())
        if between and between.end() == at:
            yield name.span()
            yield from _before(text, name.start())

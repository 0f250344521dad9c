"""What of a typed line nobody has understood, to be shown beside what was."""

from __future__ import annotations

import re

from bot.domain.facts import Reading

SMALL = frozenset(["to", "for", "etd", "ship", "leaving", "leaves", "on", "by", "at", "in", "and", "of", "the", "a", "with",
                   "x", "×", "*", "nach", "发", "发往", "运往", "到", "船期", "和", "的", "/"])
"""Words that carry nothing by themselves."""
COUNT = re.compile(r"[x×*]\s*\d[\d.,]*|(?<![\d.,/:-])\d{1,6}\s*(?:pcs?\b\.?|pieces?\b|units?\b|台|件|个|套)", re.IGNORECASE)


def unread(reading: Reading, *understood: str) -> str:
    """The words of a text from which nothing was read; `understood` are others that were, as a time or a delivery term."""
    text = reading.text
    for said in filter(None, understood):
        text = text.replace(said, " " * len(said))
    left = list(text)
    found = [each for kinds in (reading.evidence, *(product.evidence for product in reading.products)) for each in kinds.values()]
    for evidence in (one for each in found for one in each):
        left[evidence.start:evidence.start + len(evidence.words)] = " " * len(evidence.words)
    words = (word.strip(",.;:，。；：") for word in COUNT.sub(" ", "".join(left)).split())
    return " ".join(word for word in words if word and word.casefold() not in SMALL)

"""What is said of shipments that stayed behind when their filing was moved alone, and what came of moving them too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.filing import Filing
from bot.domain.shipment import Shipment
from bot.replies import Choice, Part, Words
from bot.replies.names import listed

ACTION = "move_along"
SHOWN = 12
"""Numbers named one by one."""


def left_part(words: Words, lang: str, filing: Filing, left: Sequence[Shipment]) -> Part:
    """Which shipments still leave on the old day, with one press to move them all; that none does, where none is left."""
    etd = words.day(lang, filing.etd)
    if not left:
        return Part(words.say(lang, "left.none", id=filing.id, etd=etd))
    days = listed(words, lang, (words.day(lang, day) for day in sorted({one.etd for one in left})))
    said = words.say(lang, "left.behind", id=filing.id, etd=etd, items=_numbers(words, lang, left), days=days, n=len(left))
    label = words.say(lang, "choice.move_along", n=len(left), etd=etd)
    return Part(said, (Choice(ACTION, label, f"{filing.id} {filing.etd.isoformat()}", "primary"),))


def with_offer(parts: Sequence[Part], filing_id: str, new: Part) -> tuple[Part, ...]:
    """The parts of a message with the one that offers to move what a filing left behind exchanged, or with a new one."""
    if any(_offers(part, filing_id) for part in parts):
        return tuple(new if _offers(part, filing_id) else part for part in parts)
    return (*parts, new)


def promised(value: str) -> tuple[str, date]:
    """What the button carries: the filing, and the ETD its label promised."""
    filing_id, _, etd = value.partition(" ")
    return filing_id, date.fromisoformat(etd)


def along_words(words: Words, lang: str, filing: Filing, moved: Sequence[Shipment], sailed: Sequence[Shipment],
                name: str) -> str:
    """Which shipments `name` moved to the filing's day, and which had sailed and stay as they are."""
    etd = words.day(lang, filing.etd)
    said = [words.say(lang, "left.moved", name=name, id=filing.id, items=_numbers(words, lang, moved), etd=etd)
            if moved else words.say(lang, "left.none", id=filing.id, etd=etd)]
    said += [words.say(lang, "left.sailed", items=_numbers(words, lang, sailed), n=len(sailed))] if sailed else []
    return "\n".join(said)


def _offers(part: Part, filing_id: str) -> bool:
    return any(choice.action == ACTION and promised(choice.value)[0] == filing_id for choice in part.choices)


def _numbers(words: Words, lang: str, shipments: Sequence[Shipment]) -> str:
    more = [words.say(lang, "left.more", n=len(shipments) - SHOWN)] if len(shipments) > SHOWN else []
    return listed(words, lang, [*(f"*{one.number}*" for one in shipments[:SHOWN]), *more])

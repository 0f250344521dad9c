"""What is said of shipments that are judged otherwise since rules, market list or catalogue changed: before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.shipment import Goods, Shipment
from bot.replies import Choice, Part, Reply, Words
from bot.replies.names import listed
from bot.replies.shipments import shipment_title


def rejudged_reply(words: Words, lang: str, shipments: Sequence[tuple[Shipment, Mapping[str, str]]], count: int,
                   changed: Sequence[str]) -> Reply:
    """Each shipment as it is now with the verdicts it had, by product; `count` are all there are, `changed` is what moved them.

    `changed` holds some of "rules", "list" and "catalogue"; nothing where that is not known.
    """
    why = listed(words, lang, (words.say(lang, f"rejudged.why.{part}") for part in changed or ("rules", "list", "catalogue")))
    more = [words.say(lang, "rejudged.more", n=count - len(shipments))] if count > len(shipments) else []
    held = any(shipment.unfiled for shipment, _ in shipments)
    return Reply(
        headline=words.say(lang, "rejudged.title", n=count), lines=(words.say(lang, "rejudged.why", changed=why), *more),
        parts=tuple(_part(words, lang, shipment, before) for shipment, before in shipments),
        tone="stop" if held else "warn", note=words.say(lang, "caveat.reported"))


def _part(words: Words, lang: str, shipment: Shipment, before: Mapping[str, str]) -> Part:
    lines = [_line(words, lang, goods, before[goods.product]) for goods in shipment.goods if goods.product in before]
    choice = Choice("file_shipment", words.say(lang, "choice.open_filing"), shipment.id, "primary")
    return Part("\n".join([shipment_title(words, lang, shipment), *lines]), (choice,) if shipment.unfiled else ())


def _line(words: Words, lang: str, goods: Goods, before: str) -> str:
    was = _judgement(words, lang, replace(goods, verdict=before), filed=True)
    return words.say(lang, "rejudged.line", goods=goods.product, before=was, after=_judgement(words, lang, goods))


def _judgement(words: Words, lang: str, goods: Goods, *, filed: bool = False) -> str:
    """The verdict in words, and the filing that waits for it; with `filed` the verdict alone."""
    if goods.verdict == "in_scope" and (filed or goods.filing):
        verdict = words.say(lang, "rejudged.in_scope")
    else:
        verdict = words.say(lang, f"shipment.line.{goods.verdict or 'needs_review'}")
    return words.say(lang, "rejudged.filed", verdict=verdict, id=goods.filing) if goods.filing and not filed else verdict

"""What is said when a shipment has left, was cancelled or is planned again: asked back where it was not cleared to leave."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.gate import Reason
from bot.domain.shipment import Shipment
from bot.replies import Choice, Reply, Words
from bot.replies.gate import reason_line
from bot.replies.names import together
from bot.replies.shipments import shipment_title


def departure_doubt(words: Words, lang: str, shipment: Shipment, why: Sequence[Reason]) -> Reply:
    """Has it really left, though it is not cleared? Nothing is stored before the button."""
    sure = Choice("shipment_sailed", words.say(lang, "choice.really_sailed"), shipment.id, "danger")
    return Reply(
        headline=shipment_title(words, lang, shipment), tone="stop", choices=(sure,),
        lines=(words.say(lang, "shipment.sailed.held", number=shipment.number),),
        bullets=tuple(reason_line(words, lang, shipment.zone, one) for one in why), note=words.say(lang, "caveat.reported"))


def left_reply(words: Words, lang: str, left: Sequence[tuple[Shipment, Sequence[Reason]]], who: str, more: int) -> Reply:
    """To those who answer for it: what left uncleared, who says so, why it should not have, and what to do where that is a slip.

    `more` left besides and are counted only.
    """
    if len(left) + more == 1:
        return _one_left(words, lang, *left[0], who)
    bullets = [f"{shipment_title(words, lang, one)} · {_reasons(words, lang, one, why)}" for one, why in left]
    rest = [words.say(lang, "shipments.left.more", n=more)] if more else []
    return Reply(headline=words.say(lang, "shipments.left", n=len(left) + more, name=who), tone="stop", bullets=(*bullets, *rest),
                 lines=(words.say(lang, "shipments.left.slip"),), note=words.say(lang, "caveat.reported"))


def _one_left(words: Words, lang: str, shipment: Shipment, why: Sequence[Reason], who: str) -> Reply:
    slip = Choice("shipment_planned", words.say(lang, "choice.planned_again"), shipment.id)
    told = words.say(lang, "shipment.left", name=who, number=shipment.number)
    return Reply(headline=shipment_title(words, lang, shipment), tone="stop", choices=(slip,), lines=(told,),
                 bullets=tuple(reason_line(words, lang, shipment.zone, one) for one in why),
                 note=words.say(lang, "caveat.reported"))


def state_said(words: Words, lang: str, before: str, shipment: Shipment) -> str:
    """How it stands now; also where it stood so already, or was over in another way until now."""
    if before == shipment.state:
        return words.say(lang, f"shipment.already.{before}", number=shipment.number)
    now = words.say(lang, f"shipment.{shipment.state}", number=shipment.number)
    was = [words.say(lang, f"shipment.was.{before}")] if before != "planned" else []
    return together(lang, now, *was)


def _reasons(words: Words, lang: str, shipment: Shipment, why: Sequence[Reason]) -> str:
    return words.say(lang, "names.semicolon").join(reason_line(words, lang, shipment.zone, one) for one in why)

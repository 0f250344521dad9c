"""What is said when a shipment has left, was cancelled or is planned again: asked back where it left without its filing."""

from __future__ import annotations

from bot.domain.shipment import Shipment
from bot.replies import Choice, Reply, Words
from bot.replies.names import listed
from bot.replies.shipments import shipment_title


def departure_doubt(words: Words, lang: str, shipment: Shipment) -> Reply:
    """Has it really left, in scope and without a filing? Nothing is stored before the button."""
    sure = Choice("shipment_sailed", words.say(lang, "choice.really_sailed"), shipment.id, "danger")
    return Reply(
        headline=shipment_title(words, lang, shipment), tone="stop", choices=(sure,),
        lines=(words.say(lang, "shipment.sailed.held", number=shipment.number, goods=_lacking(words, lang, shipment)),),
        note=words.say(lang, "caveat.reported"))


def left_reply(words: Words, lang: str, shipment: Shipment, who: str) -> Reply:
    """To the owner and the project manager: it left without a filing, who says so, and a button where that is a slip."""
    slip = Choice("shipment_planned", words.say(lang, "choice.planned_again"), shipment.id)
    told = words.say(lang, "shipment.left", name=who, number=shipment.number, goods=_lacking(words, lang, shipment))
    return Reply(headline=shipment_title(words, lang, shipment), tone="stop", choices=(slip,), lines=(told,),
                 note=words.say(lang, "caveat.reported"))


def state_said(words: Words, lang: str, before: str, shipment: Shipment) -> str:
    """How it stands now; also where it stood so already, or was over in another way until now."""
    if before == shipment.state:
        return words.say(lang, f"shipment.already.{before}", number=shipment.number)
    now = words.say(lang, f"shipment.{shipment.state}", number=shipment.number)
    was = [words.say(lang, f"shipment.was.{before}")] if before != "planned" else []
    return " ".join([now, *was])


def _lacking(words: Words, lang: str, shipment: Shipment) -> str:
    return listed(words, lang, (goods.product for goods in shipment.lacking))

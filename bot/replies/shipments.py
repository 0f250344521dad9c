"""What is said of shipments: added, changed, refused lines of a table, the form, the list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from bot.domain.facts import Doubt
from bot.domain.filing import Filing
from bot.domain.shipment import INCOTERMS, Goods, Shipment, ShipmentLine
from bot.replies import Choice, Field, Form, Option, Part, Reply, Words
from bot.replies.answers import doubt_line
from bot.replies.filings import markets
from bot.replies.names import listed

SHOWN = 15
PASSED_SHOWN = 5
"""Of those that should have left these are shown however many are still to leave."""
DOUBTED = {"product": "product", "destination": "destination", "ship_date": "etd"}
"""What can be doubtful in a typed line, and where it stands in the form."""


def moved_line(words: Words, lang: str, was: Shipment, known: Shipment) -> str:
    """SO-4711 FaceGate 300 → Germany · ETD: 22 May 2027 → 10 Jun 2027."""
    dates = words.say(lang, "change.etd", before=etd_words(words, lang, was), after=etd_words(words, lang, known))
    return f"*{known.number}* {goods_words(words, lang, known)} → {words.market(lang, known.destination)} · {dates}"


def behind_line(words: Words, lang: str, shipment: Shipment, filing: Filing) -> str:
    """SO-4711 FaceGate 300 → Germany still leaves on 18 Dec 2026, while F-1 is planned for 15 Jan 2027 now."""
    return words.say(lang, "shipment.behind", number=shipment.number, goods=goods_words(words, lang, shipment),
                     market=words.market(lang, shipment.destination), etd=etd_words(words, lang, shipment), id=filing.id,
                     after=words.day(lang, filing.etd))


def shipment_title(words: Words, lang: str, shipment: Shipment) -> str:
    """SO-4711 · FaceGate 300 → Germany · ETD 12 Dec 2026."""
    return words.say(lang, "shipment.title", number=shipment.number, product=goods_words(words, lang, shipment),
                     market=markets(words, lang, [shipment.destination]), etd=etd_words(words, lang, shipment))


def goods_words(words: Words, lang: str, shipment: Shipment) -> str:
    """What is shipped: FaceGate 300, IrisLock Pro."""
    return listed(words, lang, (goods.product for goods in shipment.goods))


def etd_words(words: Words, lang: str, shipment: Shipment) -> str:
    """The ETD: with its time and zone where a time is known, else the date, which is never converted."""
    return words.moment(lang, shipment.at, shipment.zone) if shipment.at else words.day(lang, shipment.etd)


def shipment_reply(words: Words, lang: str, shipment: Shipment, outcome: str) -> Reply:
    """One shipment as it is stored now, with what it needs and on whose word."""
    told = words.say(lang, f"shipment.{outcome}") if outcome else ""
    lines = (told, shipment_needs(words, lang, shipment), *_autonomy(words, lang, shipment), _terms(words, lang, shipment))
    return Reply(
        headline=shipment_title(words, lang, shipment), lines=tuple(line for line in lines if line),
        bullets=_goods_lines(words, lang, shipment),
        tone="stop" if shipment.unfiled else "warn" if shipment.verdict == "needs_review" else "",
        choices=_choices(words, lang, shipment), note=words.say(lang, "caveat.reported"))


def _choices(words: Words, lang: str, shipment: Shipment) -> tuple[Choice, ...]:
    if shipment.state != "planned":
        return (Choice("shipment_planned", words.say(lang, "choice.planned_again"), shipment.id),)
    filing = (Choice("file_shipment", words.say(lang, "choice.open_filing"), shipment.id, "primary"),)
    return (*(filing if shipment.unfiled else ()), Choice("ask_etd", words.say(lang, "choice.move_etd"), shipment.id),
            Choice("shipment_sailed", words.say(lang, "choice.sailed"), shipment.id, confirm=_sure(words, lang, shipment)))


def _sure(words: Words, lang: str, shipment: Shipment) -> str:
    key = "shipment.sailed.held" if shipment.lacking else "shipment.sailed.confirm"
    return words.say(lang, key, number=shipment.number)


def _goods_lines(words: Words, lang: str, shipment: Shipment) -> tuple[str, ...]:
    """Each product line where there are several, or a quantity to be said."""
    if len(shipment.goods) == 1 and not shipment.goods[0].quantity:
        return ()
    return tuple(f"{_goods(goods)} · {_goods_needs(words, lang, goods)}" for goods in shipment.goods)


def _goods(goods: Goods) -> str:
    return f"{goods.product} × {goods.quantity}" if goods.quantity else goods.product


def _goods_needs(words: Words, lang: str, goods: Goods) -> str:
    if goods.filing:
        return words.say(lang, "shipment.filing", id=goods.filing)
    return words.say(lang, f"shipment.line.{goods.verdict or 'needs_review'}")


def _autonomy(words: Words, lang: str, shipment: Shipment) -> list[str]:
    """Whose word on autonomy decided: a question goes by its own words alone, so that the two can differ."""
    decided = {basis: [goods.product for goods in shipment.goods if goods.basis == basis] for basis in ("catalogue", "said")}
    return [words.say(lang, f"shipment.basis.{basis}", goods=listed(words, lang, goods))
            for basis, goods in decided.items() if goods]


def _terms(words: Words, lang: str, shipment: Shipment) -> str:
    consignee = shipment.consignee if shipment.consignee != shipment.customer else ""
    said = [words.say(lang, f"shipment.{name}", said=value) for name, value in
            (("customer", shipment.customer), ("consignee", consignee)) if value]
    return " · ".join([*said, *filter(None, [shipment.incoterm]), words.say(lang, "shipment.zone", zone=shipment.zone)])


def unfiled_reply(words: Words, lang: str, shipments: Sequence[Shipment], *, full: bool) -> Reply:
    """To the owner: what is in scope and has no filing, each with its button; `full` where there may be more."""
    waiting = sum(bool(shipment.unfiled) for shipment in shipments)
    return Reply(
        headline=words.say(lang, "unfiled.title", n=waiting) if waiting else words.say(lang, "unfiled.none"),
        parts=tuple(_unfiled_part(words, lang, shipment) for shipment in shipments), tone="stop" if waiting else "good",
        lines=(words.say(lang, "unfiled.more"),) if full else (), note=words.say(lang, "caveat.reported"))


def _unfiled_part(words: Words, lang: str, shipment: Shipment) -> Part:
    title = shipment_title(words, lang, shipment)
    if not shipment.unfiled:
        return Part(f"~{title}~\n{shipment_needs(words, lang, shipment)}")
    which = listed(words, lang, (goods.product for goods in shipment.unfiled))
    held = f"\n{words.say(lang, 'unfiled.goods', goods=which)}" if len(shipment.goods) > 1 else ""
    return Part(f"{title}{held}", (Choice("file_shipment", words.say(lang, "choice.open_filing"), shipment.id, "primary"),))


def split_reply(words: Words, lang: str, stays: Shipment, apart: Shipment) -> Reply:
    """After a split: what stays, what leaves apart."""
    return Reply(
        headline=words.say(lang, "split.title", number=stays.number, apart=apart.number),
        bullets=tuple(f"{shipment_title(words, lang, one)} · {shipment_needs(words, lang, one)}" for one in (stays, apart)))


def shipments_reply(words: Words, lang: str, shipments: Sequence[Shipment], today: date, asked: str = "") -> Reply:
    """The list of planned shipments, next ETD first; those that should have left come last, and what does not fit is counted.

    `asked` are the words by which they were chosen.
    """
    if not shipments and asked:
        return Reply(headline=words.say(lang, "shipments.none_such", names=asked), lines=(words.say(lang, "shipments.filters"),))
    if not shipments:
        return Reply(headline=words.say(lang, "shipments.none"), lines=(words.say(lang, "help.shipment"),))
    coming = [_line(words, lang, one) for one in shipments if not _gone(one, today)]
    gone = [_gone_line(words, lang, one) for one in shipments if _gone(one, today)]
    shown = (*coming[:SHOWN], *gone[:max(PASSED_SHOWN, SHOWN - len(coming))])
    title, hidden = words.say(lang, "shipments.title", n=len(shipments)), len(shipments) - len(shown)
    return Reply(headline=f"{title} · {asked}" if asked else title,
                 bullets=shown, note=words.say(lang, "shipments.more", n=hidden) if hidden else "")


def _gone(shipment: Shipment, today: date) -> bool:
    """Planned still, though its ETD is over: somebody has to say what became of it."""
    return shipment.state == "planned" and shipment.etd < today


def _line(words: Words, lang: str, shipment: Shipment) -> str:
    return f"{shipment_title(words, lang, shipment)} · {shipment_needs(words, lang, shipment)}"


def _gone_line(words: Words, lang: str, shipment: Shipment) -> str:
    return words.say(lang, "home.shipment.passed", title=shipment_title(words, lang, shipment), number=shipment.number)


def told_of(words: Words, shipment: Shipment) -> str:
    """All that is told of a shipment in either language, in lower case, for somebody to look for."""
    told = (shipment.number, shipment.product, shipment.etd.isoformat(), shipment.customer, shipment.consignee, shipment.incoterm,
            *shipment.filings, *(words.market(lang, shipment.destination) for lang in ("en", "zh")))
    return " ".join(told).casefold()


def shipment_form(words: Words, lang: str, products: Sequence[str], asker: str, line: ShipmentLine,
                  said: Mapping[str, str] = MappingProxyType({}), wrong: Mapping[str, str] = MappingProxyType({}),
                  unread: str = "") -> Form:
    """The modal of `/shipment`, filled with what was understood; `said` as it was typed and `wrong` with it, by field.

    `unread` are the words that were not understood.
    """
    names = dict.fromkeys([*([line.product] if line.product else []), *products])
    form = Form(
        id="new_shipment", title=words.say(lang, "form.shipment.title"), submit=words.say(lang, "form.shipment.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({"autonomous": line.autonomous}),
        fields=(
            *((Field("unread", words.say(lang, "form.unread", said=unread), "note"),) if unread else ()),
            Field("number", words.say(lang, "form.number"), value=line.number, hint=words.say(lang, "form.number.hint")),
            Field("product", words.say(lang, "form.product"), "choice", line.product,
                  options=tuple(Option(name, name) for name in names)[:100]),
            Field("destination", words.say(lang, "form.destination"),
                  value=words.market(lang, line.destination) if line.destination else "",
                  hint=words.say(lang, "form.destination.hint")),
            Field("etd", words.say(lang, "form.etd"), "date", line.etd.isoformat() if line.etd else "",
                  hint=words.say(lang, "form.etd.hint")),
            Field("owner", words.say(lang, "form.owner"), "person", line.owner or asker),
            *_optional_fields(words, lang, line)))
    return replace(form, fields=tuple(_noted(one, said.get(one.id, ""), wrong.get(one.id, "")) for one in form.fields))


def lacking_fields(words: Words, lang: str, line: ShipmentLine) -> dict[str, str]:
    """What a typed line lacks, and what to write or choose, by field."""
    return {name: words.say(lang, f"form.lacking.{name}") for name in line.missing()}


def doubtful_fields(words: Words, lang: str, doubts: Sequence[Doubt]) -> dict[str, str]:
    """What is to be asked back about a typed line, by the field of the form it belongs to."""
    return {DOUBTED[doubt.about]: doubt_line(words, lang, doubt) for doubt in reversed(doubts) if doubt.about in DOUBTED}


def _noted(field: Field, said: str, wrong: str) -> Field:
    """A date that is none fits no date picker: it is named in what is wrong with it."""
    value = field.value or ("" if field.kind == "date" else said)
    return replace(field, value=value, hint=wrong or field.hint)


def _optional_fields(words: Words, lang: str, line: ShipmentLine) -> tuple[Field, ...]:
    more = "\n".join(map(_goods, line.further))
    terms = tuple(Option(term, term) for term in INCOTERMS)
    return (
        Field("time", words.say(lang, "form.time"), hint=words.say(lang, "form.time.hint"), optional=True),
        Field("quantity", words.say(lang, "form.quantity"), value=line.quantity, optional=True),
        Field("further", words.say(lang, "form.further"), "long_text", more, words.say(lang, "form.further.hint"), optional=True),
        Field("customer", words.say(lang, "form.customer"), value=line.customer, optional=True),
        Field("consignee", words.say(lang, "form.consignee"), value=line.consignee, optional=True,
              hint=words.say(lang, "form.consignee.hint")),
        Field("incoterm", words.say(lang, "form.incoterm"), "choice", line.incoterm, options=terms, optional=True))


def shipment_needs(words: Words, lang: str, shipment: Shipment) -> str:
    """Whether it may leave: its filing, or what is to be done first."""
    if shipment.state != "planned":
        return words.say(lang, f"shipment.{shipment.state}", number=shipment.number)
    if shipment.filing:
        return words.say(lang, "shipment.filing", id=listed(words, lang, shipment.filings))
    return words.say(lang, f"shipment.verdict.{shipment.verdict or 'needs_review'}")

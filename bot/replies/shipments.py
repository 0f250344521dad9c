"""What is said of shipments: added, changed, refused lines of a table, the form, the list."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.domain.shipment import Shipment, ShipmentLine
from bot.replies import Choice, Field, Form, Option, Reply, Words
from bot.replies.filings import markets

SHOWN = 15


def shipment_title(words: Words, lang: str, shipment: Shipment) -> str:
    """SO-4711 · FaceGate 300 → Germany · ETD 12 Dec 2026."""
    return words.say(lang, "shipment.title", number=shipment.number, product=shipment.product,
                     market=markets(words, lang, [shipment.destination]), etd=words.day(lang, shipment.etd))


def shipment_reply(words: Words, lang: str, shipment: Shipment, outcome: str) -> Reply:
    """One shipment as it is stored now, with what it needs."""
    needs = _needs(words, lang, shipment)
    open_filing = (Choice("file_shipment", words.say(lang, "choice.open_filing"), shipment.id, "primary"),)
    unfiled = shipment.verdict == "in_scope" and not shipment.filing
    return Reply(
        headline=shipment_title(words, lang, shipment), lines=(words.say(lang, f"shipment.{outcome}"), needs),
        tone="stop" if unfiled else "warn" if shipment.verdict == "needs_review" else "",
        choices=(*(open_filing if unfiled else ()), Choice("ask_etd", words.say(lang, "choice.move_etd"), shipment.id)),
        note=words.say(lang, "caveat.reported"))


def table_reply(words: Words, lang: str, good: Sequence[ShipmentLine], findings: Sequence[str], token: str) -> Reply:
    """A table read but not yet imported: what is wrong where, and a button for the good lines."""
    more = [words.say(lang, "table.more", n=len(findings) - SHOWN)] if len(findings) > SHOWN else []
    choices = (Choice("import_shipments", words.say(lang, "table.import", n=len(good)), token, "primary"),) if good else ()
    return Reply(
        headline=words.say(lang, "table.title", good=len(good), bad=len(findings)), choices=choices,
        lines=(words.say(lang, "table.nothing_yet"),), bullets=(*findings[:SHOWN], *more), tone="warn" if findings else "")


def imported_reply(words: Words, lang: str, counts: dict[str, int], unfiled: Sequence[Shipment]) -> Reply:
    """After an import: how many were added, changed, left; and those in scope without a filing."""
    return Reply(
        headline=words.say(lang, "table.imported", **{name: counts.get(name, 0) for name in ("added", "updated", "unchanged")}),
        lines=(words.say(lang, "table.unfiled", n=len(unfiled)),) if unfiled else (),
        bullets=tuple(shipment_title(words, lang, shipment) for shipment in unfiled[:SHOWN]), tone="stop" if unfiled else "good")


def shipments_reply(words: Words, lang: str, shipments: Sequence[Shipment]) -> Reply:
    """The list of planned shipments, next ETD first."""
    if not shipments:
        return Reply(headline=words.say(lang, "shipments.none"), lines=(words.say(lang, "help.shipment"),))
    lines = [f"{shipment_title(words, lang, one)} · {_needs(words, lang, one)}" for one in shipments[:SHOWN]]
    return Reply(headline=words.say(lang, "shipments.title", n=len(shipments)), bullets=tuple(lines))


def shipment_form(words: Words, lang: str, products: Sequence[str], asker: str, line: ShipmentLine) -> Form:
    """The modal of `/shipment`, filled with what was already said."""
    names = dict.fromkeys([*([line.product] if line.product else []), *products])
    return Form(
        id="new_shipment", title=words.say(lang, "form.shipment.title"), submit=words.say(lang, "form.shipment.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({"autonomous": line.autonomous}),
        fields=(
            Field("number", words.say(lang, "form.number"), value=line.number, hint=words.say(lang, "form.number.hint")),
            Field("product", words.say(lang, "form.product"), "choice", line.product,
                  options=tuple(Option(name, name) for name in names)[:100]),
            Field("destination", words.say(lang, "form.destination"),
                  value=words.market(lang, line.destination) if line.destination else "",
                  hint=words.say(lang, "form.destination.hint")),
            Field("etd", words.say(lang, "form.etd"), "date", line.etd.isoformat() if line.etd else "",
                  hint=words.say(lang, "form.etd.hint")),
            Field("customer", words.say(lang, "form.customer"), value=line.customer, optional=True),
            Field("owner", words.say(lang, "form.owner"), "person", line.owner or asker)))


def import_form(words: Words, lang: str) -> Form:
    """The modal of `/shipment import`: paste a table."""
    return Form(
        id="paste_shipments", title=words.say(lang, "form.import.title"), submit=words.say(lang, "form.import.submit"),
        close=words.say(lang, "form.cancel"),
        fields=(Field("table", words.say(lang, "form.import.table"), "long_text", hint=words.say(lang, "form.import.hint")),))


def _needs(words: Words, lang: str, shipment: Shipment) -> str:
    if shipment.filing:
        return words.say(lang, "shipment.filing", id=shipment.filing)
    return words.say(lang, f"shipment.verdict.{shipment.verdict or 'needs_review'}")

"""What is said of a table of shipments: the dry run, which column is which, how far it is, what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.shipment import Shipment, ShipmentLine
from bot.replies import Choice, Field, Form, Option, Reply, Words
from bot.replies.names import listed
from bot.replies.shipments import etd_words, goods_words

SHOWN = 15
OURS = ("number", "product", "quantity", "destination", "etd", "zone", "customer", "consignee", "incoterm", "owner", "state",
        "autonomous")
NEEDED = ("number", "product", "destination", "etd")
NO_COLUMN = "-"


@dataclass(frozen=True, slots=True)
class DryRun:
    """What importing a table would come to: `counts` by outcome, `changes` of what is known, mistakes with their place."""

    name: str
    counts: Mapping[str, int]
    changes: Sequence[tuple[Shipment, ShipmentLine]] = ()
    findings: Sequence[str] = ()
    wrong: int = 0
    strange: int = 0
    """Products that are not in the catalogue, as far as they were looked for."""
    left: int = 0
    """Shipments that have sailed by the table and were not cleared to."""

    @property
    def good(self) -> int:
        """How many shipments can be imported."""
        return sum(self.counts.values())

    @property
    def changing(self) -> int:
        """How many of them would be new or changed."""
        return self.counts.get("added", 0) + self.counts.get("updated", 0)


def table_reply(words: Words, lang: str, found: DryRun, token: str) -> Reply:
    """A table read but not yet imported: what is new, changed, as before, wrong where; and a button for the good lines."""
    told = found.wrong + found.strange
    more = [words.say(lang, "table.more", n=told - SHOWN)] if told > SHOWN else []
    counts = words.say(lang, "table.counts", **{name: found.counts.get(name, 0) for name in ("added", "updated", "unchanged")})
    choices = (Choice("import_shipments", words.say(lang, "table.import", n=found.changing), token, "primary"),)
    changes = [change_words(words, lang, was, line) for was, line in found.changes]
    return Reply(
        headline=words.say(lang, "table.title", good=found.good, bad=found.wrong),
        choices=choices if found.changing else (),
        lines=(*((counts,) if found.good else ()), *_left(words, lang, found), *_strangers(words, lang, found),
               words.say(lang, _outlook(found))),
        bullets=(*changes, *found.findings[:SHOWN], *more), tone="warn" if found.wrong else "")


def _left(words: Words, lang: str, found: DryRun) -> list[str]:
    return [words.say(lang, "table.will_leave", n=found.left)] if found.left else []


def _strangers(words: Words, lang: str, found: DryRun) -> list[str]:
    return [words.say(lang, "table.strange", n=found.strange)] if found.strange else []


def _outlook(found: DryRun) -> str:
    """Whether there is anything to import."""
    return "table.nothing_yet" if found.changing or not found.good else "table.nothing_changes"


def change_words(words: Words, lang: str, was: Shipment, line: ShipmentLine) -> str:
    """SO-4711: ETD 12 Dec 2026 → 19 Dec 2026, destination Germany → France."""
    before = {"etd": etd_words(words, lang, was), "destination": words.market(lang, was.destination),
              "product": goods_words(words, lang, was), "customer": was.customer, "consignee": was.consignee,
              "incoterm": was.incoterm, "state": words.say(lang, f"pack.shipment.{was.state}")}
    moment = words.moment(lang, line.at, line.zone or was.zone) if line.at else words.day(lang, line.etd) if line.etd else ""
    after = {"etd": moment, "destination": words.market(lang, line.destination),
             "product": listed(words, lang, (goods.product for goods in line.goods)), "customer": line.customer,
             "consignee": line.consignee, "incoterm": line.incoterm,
             "state": words.say(lang, f"pack.shipment.{line.state}") if line.state else ""}
    said = [words.say(lang, "table.change", what=words.say(lang, f"form.{name}"), before=before[name] or "–",
                      after=after[name]) for name in before
            if after[name] and after[name] != before[name]]
    return words.say(lang, "pack.pair", what=was.number, said=listed(words, lang, said) or words.say(lang, "table.details"))


def progress_reply(words: Words, lang: str, name: str, done: int, whole: int) -> Reply:
    """How far a long table is; `whole` 0 while it is only being read."""
    key = "table.importing" if whole else "table.reading"
    return Reply(headline=words.say(lang, key, name=name, done=f"{done:,}", whole=f"{whole:,}"))


def imported_reply(words: Words, lang: str, row: Mapping[str, Any]) -> Reply:
    """After an import: how many were added, changed, left, refused; what lacks a filing is told to the owners."""
    counts = {name: row["counts"].get(name, 0) for name in ("added", "updated", "unchanged")}
    refused = row["counts"].get("refused", 0)
    lines = (*([words.say(lang, "table.refused", n=refused)] if refused else []),
             *([words.say(lang, "table.unfiled")] if row["unfiled"] else []),
             *([words.say(lang, "table.left")] if row.get("left") else []))
    return Reply(headline=words.say(lang, "table.imported", **counts), lines=lines, bullets=tuple(row["refused"]),
                 tone="warn" if refused else "good")


def unknown_columns_reply(words: Words, lang: str, name: str, findings: Sequence[str], token: str) -> Reply:
    """The headings do not say which column is which: somebody has to, once."""
    return Reply(
        headline=words.say(lang, "table.columns", name=name), lines=(words.say(lang, "table.columns.once"),), tone="warn",
        bullets=tuple(findings[:SHOWN]),
        choices=(Choice("match_columns", words.say(lang, "choice.match_columns"), token, "primary"),))


def columns_form(words: Words, lang: str, headings: Sequence[str], guess: Mapping[str, str], token: str) -> Form:
    """The modal in which each of our columns is given one of the table's."""
    options = tuple(Option(heading[:70], heading[:70]) for heading in dict.fromkeys(headings))[:98]
    none = Option(NO_COLUMN, words.say(lang, "form.columns.none"))
    usual = {name: "" if name in NEEDED else NO_COLUMN for name in OURS} | {name: said[:70] for name, said in guess.items()}
    return Form(
        id="match_columns", title=words.say(lang, "form.columns.title"), submit=words.say(lang, "form.import.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({"table": token}),
        fields=tuple(Field(name, words.say(lang, f"form.{name}"), "choice", usual[name],
                           options=options if name in NEEDED else (none, *options)) for name in OURS))


def import_form(words: Words, lang: str) -> Form:
    """The modal of `/shipment import`: paste a table."""
    return Form(
        id="paste_shipments", title=words.say(lang, "form.import.title"), submit=words.say(lang, "form.import.submit"),
        close=words.say(lang, "form.cancel"),
        fields=(Field("table", words.say(lang, "form.import.table"), "long_text", hint=words.say(lang, "form.import.hint")),))

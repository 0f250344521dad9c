"""The evidence pack as a document to be read: headings, sentences and tables in one language, before it is a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.domain.determination import Determination, Judged
from bot.domain.evidence import Evidence, Row
from bot.domain.filing import FilingTask, progress
from bot.domain.market_list import MarketList
from bot.domain.rows import from_row
from bot.domain.rulebook import Ruleset
from bot.domain.signing import PARTS
from bot.replies import Words
from bot.replies.filings import filing_title, markets
from bot.replies.names import listed
from bot.replies.recorded import act_words, actor_words, coded, detail_words, reminder_kind, source_name, value_words, why_words

Cells = tuple[str, ...]
OWN = ("filing", "determinations", "rules", "lists", "shipments", "tasks", "sign_offs", "reminders", "ticket_history", "audit")
"""Parts of the evidence that have a section made for them."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a head."""

    head: Cells
    rows: tuple[Cells, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, tables; `picture` says that the timeline stands here, in words for those who cannot see it."""

    title: str
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole; `warnings` must be read before anything else."""

    lang: str
    title: str
    made: str
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]


def evidence_document(words: Words, lang: str, found: Evidence, ruleset: Ruleset, titles: Mapping[str, str]) -> Document:
    """Everything gathered, for people; `titles` of the tasks in their language, by item."""
    teller = Teller(words, lang, found, ruleset, titles)
    made = words.say(lang, "pack.made", at=teller.moment(found.made_at.isoformat()), by=teller.who(found.made_by))
    others = [teller.other(name) for name in found.sections if name not in OWN]
    return Document(
        lang, filing_title(words, replace(found.filing, lang=lang)), made,
        (words.say(lang, "caveat.reported"), words.say(lang, "caveat.assumed"), words.say(lang, "pack.no_advice")),
        (teller.filing(), teller.timeline(), teller.answers(), teller.rules(), teller.lists(), teller.shipments(), teller.tasks(),
         teller.sign_offs(), *others, teller.reminders(), teller.tickets(), teller.audit(), teller.proof()))


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells each part in one language."""

    words: Words
    lang: str
    found: Evidence
    ruleset: Ruleset
    titles: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """A sentence in this language."""
        return self.words.say(self.lang, key, **values)

    def moment(self, stamp: object) -> str:
        """An instant as it was in the filing's zone; "" for none."""
        return self.words.moment(self.lang, datetime.fromisoformat(str(stamp)), self.found.filing.zone) if stamp else ""

    def day(self, day: object) -> str:
        """A date; "" for none."""
        return self.words.day(self.lang, date.fromisoformat(str(day))) if day else ""

    def who(self, said: object) -> str:
        """Somebody's name, a role or machine in words, or what is said itself."""
        return actor_words(self.words, self.lang, self.found.name(said))

    def coded(self, key: str, code: str) -> str:
        """The word for a code."""
        return coded(self.words, self.lang, key, code)

    def thing(self, subject: str) -> str:
        """What a line is about: a shipment by the number people know, all else by its id."""
        return next((row["number"] for row in self.found.sections["shipments"] if row["id"] == subject), subject)

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row, or a dash for none."""
        return listed(self.words, self.lang, names) or "–"

    def table(self, columns: str, rows: Iterable[Sequence[object]]) -> Table:
        """A table whose head is the words of these columns."""
        head = tuple(self.say(f"pack.column.{name}") for name in columns.split())
        return Table(head, tuple(tuple(str(cell) for cell in row) for row in rows))

    def section(self, name: str, *tables: Table, lines: Iterable[str] = ()) -> Section:
        """A section with its tables; one that has no rows at all says that there is nothing."""
        there = tuple(table for table in tables if table.rows)
        lines = tuple(lines)
        return Section(self.say(f"pack.section.{name}"), lines if there or lines else (self.say("pack.nothing"),), there)

    def filing(self) -> Section:
        """What is filed, by whom, and how it stands."""
        one, name = self.found.filing, self.found.name
        tasks = [from_row(FilingTask, dict(row)) for row in self.found.sections["tasks"]]
        done, whole = progress(tasks)
        facts = {
            "product": one.product, "family": self.say(f"family.{one.category}"),
            "destination": markets(self.words, self.lang, one.destinations), "etd": f"{self.day(one.etd)} ({one.zone})",
            "customer": one.customer, "owner": name(one.owner),
            "opened": f"{self.moment(one.opened_at.isoformat())} · {name(one.opened_by)}",
            "determination": one.determination, "ticket": f"{one.ticket} {one.ticket_url}".strip(),
            "state": f"{one.status or self.coded(f'pack.filing.{one.state}', one.state)} · {done}/{whole}",
            "hold": self.say(f"pack.hold.{one.hold}")}
        rows = [(self.say(f"pack.column.{key}"), value or "–") for key, value in facts.items()]
        return self.section("filing", self.table("what said", rows))

    def timeline(self) -> Section:
        """The picture's place."""
        said = self.section("timeline", lines=[self.say("timeline.caveat")])
        return replace(said, picture=self.say("pack.section.timeline"))

    def answers(self) -> Section:
        """What was asked, read and decided."""
        lines: list[str] = []
        facts: list[Sequence[object]] = []
        for answer in map(Determination.from_row, self.found.sections["determinations"]):
            lines += [self._asked(answer), f"“{answer.asked.text}”"]
            facts += [row for product in answer.products for row in self._facts(answer.id, product)]
        return self.section("determinations", self.table("determination product fact value quoted", facts), lines=lines)

    def _asked(self, answer: Determination) -> str:
        asked = answer.asked
        rules = sorted({rule for one in answer.products for rule in one.decision.rules})
        return self.say("pack.asked", id=answer.id, verdict=self.say(f"verdict.{answer.verdict}"),
                        by=self.found.name(asked.asked_by), at=self.moment(asked.asked_at.isoformat()),
                        as_of=self.day(asked.as_of), rules=self.listed(rules),
                        ruleset=f"{answer.ruleset.id} {answer.ruleset.version}", digest=answer.ruleset.digest)

    def _facts(self, number: str, product: Judged) -> list[tuple[str, ...]]:
        known = {fact.name: fact for fact in self.ruleset.facts}
        return [(number, product.name or "–", known[fact].title.said(self.lang) if fact in known else fact,
                 self._label(fact, value), " / ".join(f"“{entry.words}”" for entry in product.evidence.get(fact, ())) or "–")
                for fact, value in product.facts.items()]

    def _label(self, fact: str, value: str) -> str:
        known = next((one for one in self.ruleset.facts if one.name == fact), None)
        return self.say("truth.unknown") if value == "unknown" else known.label(value, self.lang) if known else value

    def rules(self) -> Section:
        """The rules and clauses used, and whether they still read as they did."""
        rows = map(self._rule, self.found.sections["rules"])
        return self.section("rules", self.table("part text source verification since_then", rows))

    def _rule(self, row: Row) -> Sequence[object]:
        reads, state = row.get("reads", {}), self.say(f"pack.part.{row['state']}")
        source = _joined(self._said(reads.get("source")), reads.get("grade", ""), self.day(reads.get("source_date")))
        name = self.say(f"pack.part.{row['kind']}") + f" {row['part']}"
        return (name, self._said(reads.get("text") or reads.get("title")), source, self._checked(reads.get("verification")),
                f"{state} ({row['digest_then']})")

    def _checked(self, check: Row | None) -> str:
        if not check:
            return ""
        said = self.say(f"verification.{check['status']}")
        return _joined(said, check.get("by", ""), self.day(check.get("when")))

    def _said(self, wording: Any) -> str:
        return str((wording or {}).get(self.lang) or (wording or {}).get("en", ""))

    def lists(self) -> Section:
        """The versions of the market list that answers used or that were in force."""
        found = [(MarketList.from_row(row), row) for row in self.found.sections["lists"]]
        rows = [(one.version, self.day(one.effective), source_name(self.words, self.lang, one),
                 _joined(self.who(one.recorded_by_in(self.lang)), self.day(one.recorded_on)), self._members(row), row["digest"])
                for one, row in found]
        return self.section("lists", self.table("version effective source recorded members digest", rows))

    def _members(self, row: Row) -> str:
        if row["members"] is None:
            return self.say("pack.members.unknown", reported=row["count_reported"] or "–")
        return self.listed(member["code"] for member in row["members"])

    def shipments(self) -> Section:
        """What it covers."""
        rows = [(row["number"], self.listed(one["product"] for one in row["goods"]),
                 markets(self.words, self.lang, [row["destination"]]), self.day(row["etd"]), row["customer"],
                 self.coded(f"pack.shipment.{row['state']}", row["state"]))
                for row in self.found.sections["shipments"]]
        return self.section("shipments", self.table("number product destination etd customer state", rows))

    def tasks(self) -> Section:
        """The checklist as it stands."""
        rows = [(row["item"], self.titles.get(row["item"], row["title"]), self.day(row["due"]) or "–",
                 self.say("pack.done" if row["done"] else "pack.open"), self.who(row["done_by"]) or "–", self.who(row["owner"]),
                 row["evidence"] or "–", row["ticket"] or "–")
                for row in self.found.sections["tasks"]]
        return self.section("tasks", self.table("item title due state done_by owner evidence ticket", rows))

    def sign_offs(self) -> Section:
        """Who put their name to what, on what it rested, and whether it still counts."""
        rows = map(self._sign_off, self.found.sections.get("sign_offs", ()))
        return self.section("sign_offs", self.table("item role by at reason evidence rests_on version state", rows))

    def _sign_off(self, row: Row) -> Sequence[object]:
        by = _joined(self.who(row["by"]), self.who(row["by_role"]), self.say("pack.override") if row["override"] else "")
        rests = _joined(*(f"{self.say(f'part.{part}')}: {row['rests_on'][part]}" for part in PARTS if part in row["rests_on"]))
        return (row["item"], self.who(row["role"]), by, self.moment(row["at"]), row["reason"] or "–", row["evidence"] or "–",
                rests or "–", row["list_version"] or "–", self._counts(row))

    def _counts(self, row: Row) -> str:
        """Whether a sign-off stands, or since when and by whom it does not, and what had changed."""
        changed = self.listed(self.say(f"part.{part}") for part in row["changed"]) if row["changed"] else ""
        return _joined(self.say(f"pack.sign.{row['state']}"), self.moment(row["ended_at"]), self.who(row["ended_by"]), changed)

    def other(self, name: str) -> Section:
        """Another table by filing, column by column as it is kept."""
        rows = self.found.sections[name]
        head = tuple(dict.fromkeys(key for row in rows for key in row))
        cells = tuple(tuple(self._plain(row.get(key)) for key in head) for row in rows)
        nothing = (self.say("pack.nothing"),)
        return Section(name, () if rows else nothing, (Table(head, cells),) if rows else ())

    def _plain(self, value: object) -> str:
        if value in (None, "", [], {}, False):
            return "–"
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        return self.who(value)

    def reminders(self) -> Section:
        """Those that were sent: the ledger; what never went out stands in the JSON."""
        sent = [row for row in self.found.sections["reminders"] if row.get("sent_at")]
        rows = [(self.moment(row["sent_at"]), self.who(row.get("sent_to") or row["owner"]), self.thing(row["subject"]),
                 row["task"] or "–", reminder_kind(self.words, self.lang, row["kind"]), self.say(f"pack.reminder.{row['state']}"),
                 why_words(self.words, self.lang, row["why"]) or "–") for row in sent]
        return self.section("reminders", self.table("sent to subject task kind state why", rows))

    def tickets(self) -> Section:
        """The history of the tickets, or why it is not there."""
        trouble = [self.say("pack.ticket_trouble", why=self.found.ticket_trouble)] if self.found.ticket_trouble else []
        rows = [(self.moment(row["at"]), f"{row['ticket']} {row['item']}".strip(), row["author"],
                 self.coded(f"pack.field.{row['field'].lower()}", row["field"]),
                 row["before"] or "–", row["after"] or "–") for row in self.found.sections["ticket_history"]]
        return self.section("ticket_history", self.table("at ticket by field before after", rows), lines=trouble)

    def audit(self) -> Section:
        """Who did what: the lines about this filing."""
        rows = map(self._line, self.found.sections["audit"])
        return self.section("audit", self.table("id at by subject act before after details", rows))

    def _line(self, row: Row) -> Sequence[object]:
        details = {key: self._value(row, key) for key in row["details"]}
        values = details.pop("before", "") or "–", details.pop("after", "") or "–"
        rest = _joined(*(self.say("pack.pair", what=detail_words(self.words, self.lang, row["act"], key), said=said)
                         for key, said in details.items()))
        return (row["id"], self.moment(row["at"]), self.who(row["by"]), self.thing(row["subject"]),
                act_words(self.words, self.lang, row["act"]), *values, rest or "–")

    def _value(self, row: Row, key: str) -> str:
        act, value = row["act"], str(row["details"][key])
        if key == "value" and (fact := row["details"].get("fact")):
            return self._label(fact, value)
        return value_words(self.words, self.lang, act, key, value, self.found.name)

    def proof(self) -> Section:
        """Where the audit trail stood, and how anybody checks the pack."""
        stood = self.found.position
        said = [self.say("pack.stood", n=stood.count, last=stood.last or "–", chain=stood.chain), self.say("pack.check")]
        return self.section("proof", lines=said)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))

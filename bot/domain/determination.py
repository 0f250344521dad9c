"""The stored answer to a scope question: what was asked, read and decided, by which rules, so that it can be reproduced."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from bot.domain.deciding import Decision, decide, worst
from bot.domain.facts import Evidence, Verdict
from bot.domain.rulebook import Ruleset
from bot.errors import BadInput

_DIGITS = 23
"""Kept of a part's digest: "sha256:" and 16 hex digits tell parts of one file apart."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One product of the question: the words its facts were read from, and the decision (which holds the facts)."""

    name: str
    decision: Decision
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    """Fact name to the words it was read from."""
    sku: str = ""
    """The catalogue's key, "" when it is not in the catalogue."""

    @property
    def facts(self) -> dict[str, str]:
        """Fact name to value, "unknown" included."""
        return dict(self.decision.facts)

    def to_row(self) -> dict[str, Any]:
        """As JSON values."""
        words = {fact: [asdict(entry) for entry in entries] for fact, entries in self.evidence.items()}
        return {"name": self.name, "sku": self.sku, "evidence": words, "decision": self.decision.to_row()}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Judged:
        """The product a row was made from."""
        words = {fact: tuple(Evidence(**entry) for entry in entries) for fact, entries in row["evidence"].items()}
        return cls(row["name"], Decision.from_row(row["decision"]), words, row["sku"])


@dataclass(frozen=True, slots=True)
class RulesetUsed:
    """Which rules it was decided by; `rests_on` are the parts it used ("rule …", "clause …", "fact …") with their digests."""

    id: str
    version: str
    digest: str
    rests_on: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as it came: who, when, in which words, and what it says beside the products."""

    id: str
    """"D-" and a number."""
    asked_by: str
    asked_at: datetime
    text: str
    lang: str
    as_of: date
    """The day the rules are asked for: the day of leaving, else the day asked."""
    destinations: tuple[str, ...] = ()
    ship_date: date | None = None
    list_version: str = ""
    """The market list of the day of leaving, else of that day; kept apart from the decision, which does not depend on it."""
    thread: str = ""
    channel: str = ""
    inherited: tuple[str, ...] = ()
    """Facts taken over from earlier in the thread."""

    @property
    def told_on(self) -> date:
        """The day on which clauses are verified or not: a day of leaving still ahead says nothing of that."""
        return min(self.as_of, self.asked_at.date())


@dataclass(frozen=True, slots=True)
class Determination:
    """A scope question with its answer; never changed, at most followed by another."""

    asked: Asked
    products: tuple[Judged, ...]
    ruleset: RulesetUsed

    @property
    def id(self) -> str:
        """The key of its row."""
        return self.asked.id

    @property
    def verdict(self) -> Verdict:
        """The one that counts: in scope before needs review before out of scope."""
        return worst(product.decision.verdict for product in self.products)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the products that need review lack, each fact once, in ask-back order."""
        wanted = {fact for product in self.products for fact in product.decision.missing}
        return tuple(name for name, _ in self.products[0].decision.facts if name in wanted)

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses the products of the worst verdict rest on."""
        used = [p.decision.clauses for p in self.products if p.decision.verdict is self.verdict]
        return tuple(dict.fromkeys(clause for clauses in used for clause in clauses))

    def answer_bytes(self) -> bytes:
        """What was answered of each product, explanation included, as the same bytes for the same answer."""
        rows = [product.to_row() for product in self.products]
        return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")

    def to_row(self) -> dict[str, Any]:
        """As JSON values, with its key under "id"."""
        asked = self.asked
        return {
            **asdict(asked),
            "asked_at": asked.asked_at.isoformat(),
            "as_of": asked.as_of.isoformat(),
            "ship_date": asked.ship_date.isoformat() if asked.ship_date else None,
            "destinations": list(asked.destinations),
            "inherited": list(asked.inherited),
            "verdict": str(self.verdict),
            "products": [product.to_row() for product in self.products],
            "ruleset": {**asdict(self.ruleset), "rests_on": dict(self.ruleset.rests_on)},
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Determination:
        """The determination a row was made from."""
        words = {key: row[key] for key in ("id", "asked_by", "text", "lang", "list_version", "thread", "channel")}
        asked = Asked(
            asked_at=datetime.fromisoformat(row["asked_at"]),
            as_of=date.fromisoformat(row["as_of"]),
            ship_date=date.fromisoformat(row["ship_date"]) if row["ship_date"] else None,
            destinations=tuple(row["destinations"]),
            inherited=tuple(row["inherited"]),
            **words,
        )
        return cls(asked, tuple(Judged.from_row(item) for item in row["products"]), RulesetUsed(**row["ruleset"]))


@dataclass(frozen=True, slots=True)
class Described:
    """One product as read from the question, before it is decided."""

    name: str
    facts: Mapping[str, str]
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored determination beside the same question decided again."""

    then: Determination
    now: Determination
    changed: tuple[str, ...]
    """The parts it rests on that read differently now or are gone: "rule …", "clause …", "fact …"."""

    @property
    def same(self) -> bool:
        """True when deciding again gives the very same answer, explanation included, byte for byte."""
        return self.then.answer_bytes() == self.now.answer_bytes()

    @property
    def appeared(self) -> tuple[str, ...]:
        """Rules that decide now and did not then."""
        return tuple(rule for rule in _rules(self.now) if rule not in _rules(self.then))

    @property
    def verdict_changed(self) -> bool:
        """True when the verdict of any product differs."""
        pairs = zip(self.then.products, self.now.products, strict=True)
        return any(then.decision.verdict is not now.decision.verdict for then, now in pairs)


def determine(asked: Asked, products: Sequence[Described], ruleset: Ruleset) -> Determination:
    """Decide each product by what was recorded on the day asked. Raises BadInput without products or for unknown facts."""
    if not products:
        raise BadInput("There is no product to decide on; name one, even an unknown one.")
    judged = tuple(_judged(asked, product, ruleset) for product in products)
    return Determination(asked, judged, _used(ruleset, judged))


def replay(stored: Determination, ruleset: Ruleset, known_at: date | None = None) -> Replay:
    """Decide the stored question again. By default as it was known then; with `known_at` by what is known on that day.

    Raises BadInput when the ruleset is another one.
    """
    if ruleset.id != stored.ruleset.id:
        raise BadInput(f"{stored.id} was decided by {stored.ruleset.id}, not by {ruleset.id}.")
    known = known_at or stored.asked.asked_at.date()
    judged = tuple(_again(stored, product, ruleset, known) for product in stored.products)
    now = Determination(stored.asked, judged, _used(ruleset, judged))
    return Replay(stored, now, tuple(_changed(stored.ruleset.rests_on, ruleset)))


def _rules(determination: Determination) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule for product in determination.products for rule in product.decision.rules))


def _judged(asked: Asked, product: Described, ruleset: Ruleset) -> Judged:
    decision = decide(ruleset, product.facts, asked.as_of, asked.asked_at.date())
    return Judged(product.name, decision, product.evidence, product.sku)


def _again(stored: Determination, product: Judged, ruleset: Ruleset, known_at: date) -> Judged:
    facts = ruleset.only_registered(product.facts)  # a value that is gone is not known any more; it shows among the changed
    return replace(product, decision=decide(ruleset, facts, stored.asked.as_of, known_at))


def _used(ruleset: Ruleset, judged: Sequence[Judged]) -> RulesetUsed:
    names = {f"fact {fact.name}" for fact in ruleset.facts}
    names |= {f"rule {rule}" for product in judged for rule in product.decision.rules}
    names |= {f"clause {clause}" for product in judged for clause in product.decision.clauses}
    parts = {name: digest for name, digest in _parts(ruleset).items() if name in names}
    return RulesetUsed(ruleset.id, ruleset.version, ruleset.digest, parts)


def _changed(rests_on: Mapping[str, str], ruleset: Ruleset) -> list[str]:
    now = _parts(ruleset)
    return [name for name, digest in rests_on.items() if now.get(name) != digest]


@lru_cache(maxsize=32)
def _parts(ruleset: Ruleset) -> dict[str, str]:
    return {name: digest[:_DIGITS] for name, digest in ruleset.part_digests().items()}

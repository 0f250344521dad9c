"""A regime's rules as values: facts, clauses with their sources, dated rules, and what follows from a verdict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any

from bot.domain.checklist import OpenQuestion
from bot.domain.facts import Verdict
from bot.domain.ruling import UNKNOWN, Condition
from bot.domain.wording import SILENT, Wording

GRADES = ("A", "B", "C", "G", "ASSUMED")
STATUSES = ("verified", "corroborated", "unverified", "disputed")


@dataclass(frozen=True, slots=True)
class FactValue:
    """One value a fact may have, with the words on its button."""

    value: str
    label: Wording


@dataclass(frozen=True, slots=True)
class Fact:
    """A registered fact: its values and the one question that finds it out; "unknown" is always possible, never listed."""

    name: str
    title: Wording
    question: Wording
    values: tuple[FactValue, ...]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values in the order of the buttons."""
        return tuple(entry.value for entry in self.values)

    def label(self, value: str, lang: str) -> str:
        """The words for a value, or the value itself where there are none."""
        return next((entry.label.said(lang) for entry in self.values if entry.value == value), value)


@dataclass(frozen=True, slots=True)
class Verification:
    """Who has compared a clause with the official text, when, and until when that holds."""

    status: str
    """verified (official text seen), corroborated (serious sources agree), unverified, disputed."""
    by: str = ""
    when: date | None = None
    until: date | None = None
    note: Wording = SILENT


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing a source says, paraphrased, with where it comes from and how far it can be trusted."""

    id: str
    text: Wording
    source: Wording
    grade: str
    """A, B, C, G or ASSUMED (a convention of this desk)."""
    source_date: date | None
    verification: Verification
    since: date
    until: date | None = None
    url: str = ""
    """The official address where one is known, else ""."""

    def in_force(self, day: date) -> bool:
        """Whether the clause counts on this day, both ends included."""
        return self.since <= day and (self.until is None or day <= self.until)

    def verified_on(self, day: date) -> bool:
        """Whether a verification against the official text holds on this day."""
        check = self.verification
        if check.status != "verified" or check.when is None or day < check.when:
            return False
        return check.until is None or day <= check.until


@dataclass(frozen=True, slots=True)
class Rule:
    """When its condition is a yes, the goods are in scope. Never edited once in force: closed by `until`, followed by another."""

    id: str
    title: Wording
    when: Condition
    clauses: tuple[str, ...]
    since: date
    recorded: date
    """The day the desk learnt of it, for answers as known then."""
    until: date | None = None
    closed: date | None = None
    """The day `until` was written down."""
    follows: str = ""

    def in_force(self, day: date, known_at: date | None = None) -> bool:
        """Whether it counts on `day`, by what had been recorded on `known_at` (default: by what is recorded now)."""
        if day < self.since or (known_at is not None and known_at < self.recorded):
            return False
        return not self._ended(day, known_at)

    def _ended(self, day: date, known_at: date | None) -> bool:
        if self.until is None or day <= self.until:
            return False
        return known_at is None or self.closed is None or self.closed <= known_at


@dataclass(frozen=True, slots=True)
class Caveat:
    """A sentence that stands under answers; `verdicts` empty means under all."""

    id: str
    text: Wording
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A case kept beside the rules; what they decide of it is looked at again whenever they change."""

    id: str
    facts: Mapping[str, str]
    as_of: date


@dataclass(frozen=True, slots=True, eq=False)
class Ruleset:
    """Everything one regime says. Equal when the digest is equal: it covers all content."""

    id: str
    version: str
    title: Wording
    facts: tuple[Fact, ...]
    """In the order they are asked back."""
    rules: tuple[Rule, ...]
    clauses: tuple[Clause, ...]
    consequences: Mapping[Verdict, tuple[Wording, ...]] = field(default_factory=dict)
    caveats: tuple[Caveat, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    information_only: bool = False
    """True for a neighbouring regime that is shown but opens no filing."""
    owner: str = ""
    """The role that keeps it."""
    digest: str = field(init=False, default="")
    """"sha256:" and 64 hex digits over the content; the same for any order of keys, spacing or comments in the files."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", digest_of(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ruleset) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def fact(self, name: str) -> Fact:
        """The registered fact; KeyError when the ruleset does not use it."""
        return {fact.name: fact for fact in self.facts}[name]

    def clause(self, clause_id: str) -> Clause:
        """The clause; KeyError when there is none."""
        return {clause.id: clause for clause in self.clauses}[clause_id]

    def rule(self, rule_id: str) -> Rule:
        """The rule; KeyError when there is none."""
        return {rule.id: rule for rule in self.rules}[rule_id]

    def in_force(self, day: date, known_at: date | None = None) -> tuple[Rule, ...]:
        """The rules that count on a day, by what had been recorded on `known_at`."""
        return tuple(rule for rule in self.rules if rule.in_force(day, known_at))

    def follows_from(self, verdict: Verdict) -> tuple[Wording, ...]:
        """What has to happen after this verdict."""
        return tuple(self.consequences.get(verdict, ()))

    def caveats_for(self, verdict: Verdict) -> tuple[Caveat, ...]:
        """The caveats that stand under this verdict."""
        return tuple(caveat for caveat in self.caveats if not caveat.verdicts or verdict in caveat.verdicts)

    def only_used(self, facts: Mapping[str, str]) -> dict[str, str]:
        """Of many facts, those this ruleset asks for."""
        return {fact.name: facts[fact.name] for fact in self.facts if fact.name in facts}

    def unverified(self, clause_ids: Iterable[str], day: date) -> tuple[str, ...]:
        """Of these clauses, those nobody has verified against the official text on that day; one that is gone is none."""
        verified = {clause.id for clause in self.clauses if clause.verified_on(day)}
        return tuple(clause_id for clause_id in clause_ids if clause_id not in verified)

    def only_registered(self, facts: Mapping[str, str]) -> dict[str, str]:
        """Of facts decided under other rules, those that still exist with a value that still exists."""
        allowed = {fact.name: (*fact.allowed, UNKNOWN) for fact in self.facts}
        return {name: value for name, value in facts.items() if value in allowed.get(name, ())}

    def part_digests(self) -> dict[str, str]:
        """A digest for each part an answer can rest on: "fact …", "clause …", "rule …"."""
        parts: dict[str, Any] = {f"fact {fact.name}": fact for fact in self.facts}
        parts |= {f"clause {clause.id}": clause for clause in self.clauses}
        parts |= {f"rule {rule.id}": rule for rule in self.rules}
        return {name: digest_of(part) for name, part in parts.items()}


def digest_of(value: object) -> str:
    """A digest over a value's content, however its file was laid out."""
    text = json.dumps(content(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def content(value: object) -> object:
    """A value as JSON; empty fields are left out, so a field added later leaves old digests alone."""
    if is_dataclass(value) and not isinstance(value, type):
        named = {item.name: content(getattr(value, item.name)) for item in fields(value) if item.init}
        return {"kind": type(value).__name__} | {name: inner for name, inner in named.items() if not _empty(inner)}
    if isinstance(value, Mapping):
        return {str(key): content(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [content(inner) for inner in value]
    return str(value) if isinstance(value, str | date) else value


def _empty(value: object) -> bool:
    return value in ("", None, False) or value in ([], {}) or value == {"kind": "Wording"}

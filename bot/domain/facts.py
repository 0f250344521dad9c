"""The facts a scope question turns on, their values, and the words they were read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Truth(StrEnum):
    """Kleene's three values."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What a ruleset says of one product."""

    IN_SCOPE = "in_scope"
    OUT_OF_SCOPE = "out_of_scope"
    NEEDS_REVIEW = "needs_review"


class Category(StrEnum):
    """Product families; OTHER_NOT_LISTED is a look-alike known not to be listed, UNKNOWN is not a no."""

    FACE_3D_TERMINAL = "face_3d_terminal"
    IRIS_LOCK = "iris_lock"
    VEIN_LOCK = "vein_lock"
    INTELLIGENT_RESPIRATOR = "intelligent_respirator"
    GAS_MASK = "gas_mask"
    OTHER_NOT_LISTED = "other_not_listed"
    UNKNOWN = "unknown"


class Intent(StrEnum):
    """What a person wants with a message."""

    SCOPE = "scope"
    FILING_STATUS = "filing_status"
    CREATE_FILING = "create_filing"
    REMINDER = "reminder"
    LIST_UPDATE = "list_update"
    HELP = "help"
    SMALLTALK = "smalltalk"


READ_FACTS = ("category", "autonomous", "export")
"""The facts the reader looks for; every other one a ruleset asks has to be stated."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a fact was read from: text[start:end] == words; `cue` names the lexicon entry."""

    words: str
    start: int
    end: int
    cue: str = ""


@dataclass(frozen=True, slots=True)
class ProductReading:
    """What a text says of one product; `name` is the catalogue's or the writer's name for it."""

    category: Category = Category.UNKNOWN
    autonomous: Truth = Truth.UNKNOWN
    export: Truth = Truth.UNKNOWN
    name: str = ""
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    """Fact name to the words it was read from."""
    stated: Mapping[str, str] = field(default_factory=dict)
    """Facts the reader does not look for, as a person stated them: name to value."""


    def value(self, fact: str) -> str:
        """What is known of any fact: read or stated, else "unknown"."""
        return str(getattr(self, fact)) if fact in READ_FACTS else self.stated.get(fact, str(Truth.UNKNOWN))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something read two ways, to be asked back: `about` is a fact name, "destination", "ship_date" or "product"."""

    about: str
    words: str
    candidates: tuple[str, ...] = ()
    reason: str = ""
    """One of: ambiguous, contradiction, near_miss, region, unheard, hedged; of a date that is none: no_day, no_month, too_far."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one message; never a guess: what was not said is UNKNOWN, empty or None."""

    text: str
    lang: str
    """"en" or "zh"."""
    intent: Intent
    products: tuple[ProductReading, ...] = ()
    """Never empty for intent SCOPE: a product nobody named is one ProductReading of category UNKNOWN."""
    destinations: tuple[str, ...] = ()
    """ISO 3166 alpha-2, in the order named, mainland China ("CN") included when it is the destination."""
    regions: tuple[str, ...] = ()
    """Groups named but not expanded: EU, EEA, EFTA, GCC, ASEAN, LATAM, MIDDLE_EAST, …"""
    ship_date: date | None = None
    doubts: tuple[Doubt, ...] = ()
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    """"destinations", "ship_date", "intent" to their words."""
    references: tuple[str, ...] = ()
    """Ids named in the text: F-12, D-1042, S-7, SO-4711."""
    inherited: tuple[str, ...] = ()
    """Facts taken over from the thread rather than read here."""

"""The shapes of the files in rulesets/, for reading them and for the JSON Schemas editors use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema
from pydantic_core import PydanticCustomError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("day_form", "write a date as 2026-12-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("no_such_day", "this day does not exist; write a date as 2026-12-31") from None


def _words(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("sentence", "write a sentence, it cannot be empty")
    return " ".join(value.split()) if isinstance(value, str) else value


def _name(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
        raise PydanticCustomError("plain_name", "write letters, digits, dots and dashes, without spaces")
    return value


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Words = Annotated[str, BeforeValidator(_words)]
Name = Annotated[str, BeforeValidator(_name)]
VerdictName = Literal["in_scope", "out_of_scope", "needs_review"]


class Shape(BaseModel):
    """A mapping in a file; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class WordingShape(Shape):
    """One sentence in both languages."""

    en: Words
    zh: Words


def _languages(value: object) -> str:
    return "<both>" if isinstance(value, Mapping | WordingShape) else "<one>"


NamedShape = Annotated[
    Annotated[WordingShape, Tag("<both>")] | Annotated[Words, Tag("<one>")], Discriminator(_languages)
]
"""A name that is the same in both languages, or one for each."""


class FactValueShape(Shape):
    """One value of a fact and the words on its button."""

    value: Name
    label: WordingShape


class FactShape(Shape):
    """One registered fact."""

    name: Name
    title: WordingShape
    question: WordingShape
    values: Annotated[list[FactValueShape], Field(min_length=2)]


class FactsFile(Shape):
    """rulesets/facts.yaml: the facts rules may name."""

    facts: list[FactShape]


class VerificationShape(Shape):
    """Who compared the clause with the official text, when, and until when it holds."""

    status: Literal["verified", "corroborated", "unverified", "disputed"]
    by: str = ""
    when: Day | None = None
    until: Day | None = None
    note: WordingShape | None = None


class ClauseShape(Shape):
    """One thing a source says."""

    id: Name
    text: WordingShape
    source: WordingShape
    url: str = ""
    source_date: Day | None = None
    grade: Literal["A", "B", "C", "G", "ASSUMED"]
    since: Day
    until: Day | None = None
    verification: VerificationShape


class ClausesFile(Shape):
    """clauses.yaml: what the sources say."""

    clauses: Annotated[list[ClauseShape], Field(min_length=1)]


class IsShape(Shape):
    """The fact has this value."""

    fact: Name
    is_: Annotated[str, Field(alias="is")]
    clauses: list[Name] = []


class InShape(Shape):
    """The fact has one of these values (`not_in`: the values that are a clear no)."""

    fact: Name
    in_: Annotated[list[Name], Field(alias="in", min_length=1)]
    not_in: list[Name] = []
    clauses: list[Name] = []


class NotShape(Shape):
    """The opposite."""

    not_: Annotated[ConditionShape, Field(alias="not")]
    clauses: list[Name] = []


class AllShape(Shape):
    """Every part."""

    all_: Annotated[list[ConditionShape], Field(alias="all", min_length=1)]
    clauses: list[Name] = []


class AnyShape(Shape):
    """One of the parts."""

    any_: Annotated[list[ConditionShape], Field(alias="any", min_length=1)]
    clauses: list[Name] = []


def _form(value: Any) -> str:
    keys = value if isinstance(value, dict) else {}
    return next((f"<{key}>" for key in ("all", "any", "not", "in") if key in keys), "<is>")


ConditionShape = Annotated[
    Annotated[IsShape, Tag("<is>")]
    | Annotated[InShape, Tag("<in>")]
    | Annotated[NotShape, Tag("<not>")]
    | Annotated[AllShape, Tag("<all>")]
    | Annotated[AnyShape, Tag("<any>")],
    Discriminator(_form),
]


class RuleShape(Shape):
    """One rule: in scope when the condition is a yes."""

    id: Name
    title: WordingShape
    since: Day
    until: Day | None = None
    recorded: Day
    closed: Day | None = None
    follows: str = ""
    clauses: list[Name] = []
    when: ConditionShape


class CaveatShape(Shape):
    """A sentence under answers; without verdicts it stands under all."""

    id: Name
    text: WordingShape
    verdicts: list[VerdictName] = []


class RulesetFile(Shape):
    """ruleset.yaml: the rules of one regime and what follows from them."""

    id: Name
    version: Name
    title: WordingShape
    owner: str = ""
    information_only: bool = False
    ask: Annotated[list[Name], Field(min_length=1)]
    rules: Annotated[list[RuleShape], Field(min_length=1)]
    consequences: dict[VerdictName, list[WordingShape]]
    caveats: list[CaveatShape] = []


class OpenQuestionShape(Shape):
    """A question nobody answers, and the answers it touches."""

    id: Name
    text: WordingShape
    verdicts: list[VerdictName] = []
    facts: dict[Name, list[str]] = {}
    destinations: list[str] = []


class OpenQuestionsFile(Shape):
    """open-questions.yaml."""

    open_questions: list[OpenQuestionShape]


class ExampleShape(Shape):
    """A case beside the rules: these facts on this day give this verdict."""

    id: Name
    rule: Name
    note: WordingShape
    facts: dict[Name, str]
    as_of: Day
    verdict: VerdictName
    missing: list[Name] = []


class ExamplesFile(Shape):
    """examples.yaml."""

    examples: list[ExampleShape]


class ItemShape(Shape):
    """One task of a filing; every date is ASSUMED."""

    id: Name
    text: WordingShape
    owners: Annotated[list[str], Field(min_length=1)]
    after: list[Name] = []
    days_before: int | None = None
    relative_to: Literal["etd", "submission"] = "etd"
    basis: Literal["named_by_article", "by_analogy", "unknown"]
    evidence: WordingShape
    families: list[str] = []
    destinations: list[str] = []
    evidence_required: bool = False
    modelled_on: WordingShape | None = None
    also_days_before: list[int] = []
    recurring_days: int = 0
    event: Literal["", "change", "list"] = ""
    within_working_days: int = 0
    sign_off: str = ""
    hold: bool = False
    open_questions: list[Name] = []


class BandShape(Shape):
    """One ASSUMED pace of the authority."""

    review_working_days: int
    question_working_days: int
    submission_days_before: int


class ChecklistFile(Shape):
    """checklist.yaml: what one filing needs done."""

    version: Name
    note: WordingShape
    bands: dict[Literal["optimistic", "default", "pessimistic"], BandShape]
    minimum: list[Name] = []
    items: Annotated[list[ItemShape], Field(min_length=1)]


class MarketShape(Shape):
    """One market on a list."""

    code: str
    name: WordingShape | None = None
    requirement: str = ""
    note: str = ""


class MarketListFile(Shape):
    """lists/*.yaml: one version of a market list; without `markets` the members are not known."""

    version: Name
    effective: Day
    source: NamedShape
    url: str = ""
    published_on: Day | None = None
    recorded_by: NamedShape
    recorded_on: Day
    count_reported: int | None = None
    note: WordingShape | None = None
    markets: list[MarketShape] | None = None


class LockedPart(Shape):
    """A rule or clause as it was locked."""

    digest: str
    since: Day
    until: Day | None = None


class LockedRuleset(Shape):
    """What is locked of one ruleset."""

    version: str
    digest: str
    rules: dict[Name, LockedPart] = {}
    clauses: dict[Name, LockedPart] = {}
    lists: dict[Name, str] = {}


class LockFile(Shape):
    """rulesets/lock.yaml: digests of what is in force."""

    rulesets: dict[Name, LockedRuleset]


FILES: dict[str, type[Shape]] = {
    "facts": FactsFile,
    "ruleset": RulesetFile,
    "clauses": ClausesFile,
    "open-questions": OpenQuestionsFile,
    "examples": ExamplesFile,
    "checklist": ChecklistFile,
    "market-list": MarketListFile,
}
"""Kind of file to its shape; the JSON Schemas carry these names."""

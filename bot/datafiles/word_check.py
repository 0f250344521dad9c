"""What is wrong with the reader's words though they load: unknown roles, a term twice in a row, a row without words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.datafiles import strict_yaml
from bot.datafiles.strict_yaml import Document
from bot.domain.facts import Intent
from bot.domain.terms import did_you_mean
from bot.errors import Finding

_PRODUCTS = "modality dimension head kind filler ignore link for only negation likened joined unsure several"
_PLACES = """
    destination in origin made makes buyer component transit denied stock works moves returns takes_back sender facility
    nothing
"""
_AUTONOMY = """
    act advise after_the_fact alternative anyone approve asks auto brain business but buzz command config
    consult contrast decide denial device each elsewhere enough gate handle hedge inaction intervene let
    let_end manual match need negation nobody not_only nothing object one_off only outsider part past
    person react regardless removed rests reversed self shut source stake subset take take_end suppose talk uninvolved
    user whether whole_no whole_yes works
"""
_CAUTIONS = "order other lapsed present told unable split any_time fallback open frame"
_PARTS = ("verb", "object", "blocked", "news", "listed", "outright", "about", "end")
_INTENTS = frozenset(str(intent) for intent in Intent)
ROLES: Mapping[str, frozenset[str]] = {
    "autonomy": frozenset(_AUTONOMY.split()),
    "products": frozenset(_PRODUCTS.split()),
    "places": frozenset(_PLACES.split()),
    "cautions": frozenset(_CAUTIONS.split()),
    "export": frozenset({"yes", "no", "open", "away", "nothing"}),
    "intents": _INTENTS | {"nothing"} | {f"{intent}.{part}" for intent in _INTENTS for part in _PARTS},
}
"""File to the roles that the reader knows there."""


def word_findings(folder: Path, shown: str) -> Iterator[Finding]:
    """Findings in the files of words; raises BadFile where one is no YAML."""
    for name, roles in ROLES.items():
        document = strict_yaml.read(folder / f"{name}.yaml", f"{shown}/{name}.yaml")
        for index, row in enumerate(document.data.get("cues", ())):
            yield from _row_findings(document, ("cues", index), row, roles)


def _row_findings(document: Document, where: tuple[str, int], row: Mapping[str, Any], roles: frozenset[str]) -> Iterator[Finding]:
    if row.get("role") not in roles:
        yield document.finding(
            (*where, "role"), f'"{row.get("role")}" is no role here', did_you_mean(str(row.get("role")), roles)
        )
    if not (row.get("en") or row.get("zh")):
        yield document.finding(where, f'"{row.get("id")}" has no words', "give some as en or zh, or take the row out")
    for language in ("en", "zh"):
        yield from _twice(document, (*where, language), row.get(language) or ())


def _twice(document: Document, where: tuple[str, int, str], terms: Sequence[str]) -> Iterator[Finding]:
    for term in (term for term, count in Counter(terms).items() if count > 1):
        again = max(index for index, one in enumerate(terms) if one == term)
        yield document.finding((*where, again), f'"{term}" stands twice in this row', "write it once")

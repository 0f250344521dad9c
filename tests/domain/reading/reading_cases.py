"""Shows which of cases.yaml the reader gets wrong: python tests/domain/reading/reading_cases.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import reading_score as measure
import yaml

from bot.domain.facts import Reading
from bot.domain.reading import read

SHORT = {
    "face": "face_3d_terminal",
    "iris": "iris_lock",
    "vein": "vein_lock",
    "resp": "intelligent_respirator",
    "gas": "gas_mask",
    "other": "other_not_listed",
    "unknown": "unknown",
}
ASKED = date(2026, 11, 23)
LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""The C parser: every worker reads the cases to count its tests."""


def cases() -> list[tuple[str, str]]:
    rows = yaml.load(Path(__file__).with_name("cases.yaml").read_text("utf-8"), Loader=LOADER)
    return [(row[0], row[1]) for row in rows]


def faults(want: str, got: Reading) -> Iterator[str]:
    """What differs between a case's line and the reading, one sentence each."""
    if want.startswith(">"):
        if str(got.intent) != want[1:]:
            yield f"intent {got.intent}, wanted {want[1:]}"
        return
    if str(got.intent) != "scope":
        yield f"intent {got.intent}"
    wanted = want.split("; ")
    given = [f"{p.category} {p.autonomous} {p.export}" for p in got.products]
    places: set[str] = set()
    for one in wanted:
        family, autonomous, export, where = one.split()
        places |= set() if where in ("-", "none") else set(where.split(","))
        fits = [g for g in given if _fits(g.split(), [SHORT[family], autonomous, export])]
        if fits:
            given.remove(fits[0])
        else:
            yield f"{one} not among {given}"
    if len(got.products) != len(wanted):
        yield f"{len(got.products)} products: {[p.name for p in got.products]}"
    if not want.endswith("-") and set(got.destinations) != places:
        yield f"places {got.destinations}"


def _fits(given: list[str], wanted: list[str]) -> bool:
    return all(w in ("-", g) for g, w in zip(given, wanted, strict=True))


def main() -> None:
    words = measure.lexicon()
    wrong = 0
    rows = cases()
    for want, text in rows:
        found = list(faults(want, read(text, ASKED, words)))
        wrong += bool(found)
        for fault in found:
            print(f"{want!r:32} {text}\n      {fault}")
    print(f"{len(rows) - wrong} of {len(rows)} right")


if __name__ == "__main__":
    main()

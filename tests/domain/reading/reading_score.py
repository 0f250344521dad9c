"""Scores the reader alone on a labelled file: python tests/domain/reading/reading_score.py [FILE] [--wrong]."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from bot.datafiles.catalogue import load_catalogue
from bot.datafiles.lexicon import load_lexicon
from bot.domain.facts import Reading, Truth
from bot.domain.reading import Lexicon, read

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = load_catalogue(ROOT / "config" / "catalogue.csv")
RANK = {"in_scope": 2, "needs_review": 1, "out_of_scope": 0}


def lexicon() -> Lexicon:
    return load_lexicon(ROOT / "rulesets" / "reading").with_catalogue(CATALOGUE)


def verdict(category: str, autonomous: str, export: str) -> str:
    if category == "other_not_listed" or "no" in (autonomous, export):
        return "out_of_scope"
    return "needs_review" if "unknown" in (category, autonomous, export) else "in_scope"


def answer(reading: Reading) -> dict[str, object]:
    rows = [
        {"category": str(p.category), "autonomous": str(p.autonomous), "export": str(p.export)} for p in reading.products
    ] or [{"category": "unknown", "autonomous": str(Truth.UNKNOWN), "export": "unknown"}]
    for row in rows:
        row["verdict"] = verdict(row["category"], row["autonomous"], row["export"])
    worst = max(rows, key=lambda row: RANK[row["verdict"]])
    return worst | {
        "intent": str(reading.intent),
        "destinations": list(reading.destinations),
        "ship_date": reading.ship_date.isoformat() if reading.ship_date else None,
        "products": rows,
    }


def right(name: str, want: object, got: object) -> bool:
    if name == "destinations":
        return set(want) == set(got)  # type: ignore[call-overload]
    if name != "products":
        return want == got
    return len(want) == len(got) and _paired(list(want), list(got))  # type: ignore[arg-type,call-overload]


def _paired(want: list[dict[str, str]], got: list[dict[str, str]]) -> bool:
    if not want:
        return True
    fits = [i for i, g in enumerate(got) if all(g.get(k) == v for k, v in want[0].items())]
    return any(_paired(want[1:], got[:i] + got[i + 1 :]) for i in fits)


def main(arguments: list[str]) -> int:
    files = [Path(a) for a in arguments if not a.startswith("--")] or [ROOT / "tests" / "corpus" / "tune.jsonl"]
    words = lexicon()
    good: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    unsafe = 0
    for line in (line for file in files for line in file.read_text("utf-8").splitlines() if line.strip()):
        row = json.loads(line)
        got = answer(read(row["text"], date.fromisoformat(row.get("on", "2026-11-23")), words))
        wrong = []
        for name, want in row["expect"].items():
            asked[name] += 1
            good[name] += right(name, want, got[name])
            if not right(name, want, got[name]):
                wrong.append(f"{name}: want {want}, got {got[name]}")
        bad = row["expect"].get("verdict") == "in_scope" and got["verdict"] == "out_of_scope"
        unsafe += bad
        if wrong and "--wrong" in arguments:
            print(row["id"], "UNSAFE" if bad else "", repr(row["text"]), "\n     ", " | ".join(wrong))
    for name in asked:
        print(f"{name:13} {good[name]:4}/{asked[name]:4} {100 * good[name] / asked[name]:6.1f} %")
    print("unsafe", unsafe)
    return int(unsafe > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

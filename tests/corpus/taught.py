"""What the weights of the reader are taught by, and the digest that says by which state of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus"
WEIGHTS = ROOT / "rulesets" / "reading" / "weights"
TUNED = ("tune", "tune_2", "tune_3", "tune_4", "tune_5", "tune_6", "tune_7")
"""Files the grammar was tuned on: its answers there are kinder than elsewhere, so they teach nothing about it."""
FRESH = tuple(f"tune_{number}" for number in range(8, 51))
OWN = tuple(ROOT / "tests" / "domain" / "reading" / name for name in ("cases.yaml", "never_no.yaml"))
"""What the developers' own tests ask of the reader."""
PLAINLY = ROOT / "tests" / "domain" / "reading" / "plainly.yaml"
"""The plain ways to say who decides, to be said of many things."""


def digest() -> str:
    """SHA-256 over the files taught from, in their order."""
    whole = hashlib.sha256()
    for path in (*OWN, PLAINLY, *(CORPUS / f"{name}.jsonl" for name in (*TUNED, *FRESH))):
        whole.update(path.read_bytes())
    return whole.hexdigest()

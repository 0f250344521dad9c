"""What the weights of who decides are taught by, and the digest that says by which state of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus"
WEIGHTS = ROOT / "rulesets" / "reading" / "weights.tsv"
TUNED = ("tune", "tune_2", "tune_3", "tune_4", "tune_5", "tune_6", "tune_7")
"""Files the grammar was tuned on: its answers there are kinder than elsewhere, so they teach nothing about it."""
FRESH = ("tune_8", "tune_9", "tune_10", "tune_11", "tune_12")
OWN = tuple(ROOT / "tests" / "domain" / "reading" / name for name in ("cases.yaml", "never_no.yaml"))
"""What the developers' own tests ask of the reader."""


def digest() -> str:
    """SHA-256 over the files taught from, in their order."""
    whole = hashlib.sha256()
    for path in (*OWN, *(CORPUS / f"{name}.jsonl" for name in (*TUNED, *FRESH))):
        whole.update(path.read_bytes())
    return whole.hexdigest()

"""From rulesets/reading/weights to what labelled questions taught."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.facts import Category, Intent, Truth
from bot.domain.reading.weights import Taught, Weight, Weights
from bot.errors import BadFile, Finding

ANSWERS: Mapping[str, tuple[str, ...]] = {"autonomy": tuple(Truth), "category": tuple(Category), "intent": tuple(Intent)}
"""Each file and the columns of its weights."""
BIAS = "(bias)"
"""The row that every text has."""
_AGAIN = "write the files anew with `make learn`"


def load_taught(folder: Path) -> Taught:
    """Read the weights; raises BadFile naming the file that is missing, or is not as it was written."""
    return Taught(**{name: _load(folder / f"{name}.tsv", answers) for name, answers in ANSWERS.items()})


def written(weights: Weights, taught_by: str) -> str:
    """The text of a file of weights, sealed with the SHA-256 of its rows."""
    rows = {BIAS: (0.0, *weights.bias)} | {name: (weight.rarity, *weight.speaks) for name, weight in weights.of.items()}
    body = "".join(f"{name}\t{' '.join(f'{one:g}' for one in row)}\n" for name, row in sorted(rows.items()))
    return f"# taught by {taught_by}\n# {_seal(body)}: rarity {' '.join(weights.answers)}\n{body}"


def _load(path: Path, answers: tuple[str, ...]) -> Weights:
    shown = f"reading/weights/{path.name}"
    try:
        _, sealed, body = path.read_text("utf-8").split("\n", 2)
    except (OSError, ValueError) as error:
        raise BadFile([Finding(shown, 1, 1, "cannot be read", _AGAIN)]) from error
    if sealed != f"# {_seal(body)}: rarity {' '.join(answers)}":
        raise BadFile([Finding(shown, 2, 1, "these are not the rows that were written", _AGAIN)])
    rows = dict(line.split("\t") for line in body.split("\n") if line)
    return Weights(answers, _weight(rows.pop(BIAS)).speaks, _Rows(rows))


def _seal(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _weight(row: str) -> Weight:
    rarity, *speaks = map(float, row.split(" "))
    return Weight(rarity, tuple(speaks))


@dataclass(frozen=True, slots=True)
class _Rows(Mapping[str, Weight]):
    """Rows that become numbers when they are first asked for: a question needs a few hundred of the many."""

    rows: Mapping[str, str]
    asked: dict[str, Weight] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Weight:
        known = self.asked.get(name)
        return self.asked.setdefault(name, _weight(self.rows[name])) if known is None else known

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

"""From rulesets/reading/weights.tsv to the weights of who decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.domain.reading.weights import Trio, Weights
from bot.errors import BadFile, Finding

_SHOWN = "reading/weights.tsv"
_BIAS = "(bias)"
_AGAIN = "write the file anew with `make learn`"


def load_weights(path: Path) -> Weights:
    """Read the weights; raises BadFile naming the line that is none, or the file when it is missing."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile([Finding(_SHOWN, 1, 1, "cannot be read", _AGAIN)]) from error
    weights = dict(_rows(lines))
    if _BIAS not in weights:
        raise BadFile([Finding(_SHOWN, 1, 1, f"there is no row {_BIAS}", _AGAIN)])
    return Weights(weights.pop(_BIAS), weights)


def _rows(lines: list[str]) -> Iterator[tuple[str, Trio]]:
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("# "):
            yield _row(line, number)


def _row(line: str, number: int) -> tuple[str, Trio]:
    try:
        name, yes, no, unknown = line.split("\t")
        return name, (float(yes), float(no), float(unknown))
    except ValueError as error:
        wanted = "a feature and its weights for yes, no and unknown are wanted, with tabs between"
        raise BadFile([Finding(_SHOWN, number, 1, wanted, _AGAIN)]) from error

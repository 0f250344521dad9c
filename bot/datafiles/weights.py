"""From rulesets/reading/weights to what labelled questions taught."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from bot.domain.facts import Category, Intent, Truth
from bot.domain.reading.recurrent import UNKNOWN, Cells, Head, Net
from bot.domain.reading.weights import Taught, Weight, Weights
from bot.errors import BadFile, Finding

ANSWERS: Mapping[str, tuple[str, ...]] = {"autonomy": tuple(Truth), "category": tuple(Category), "intent": tuple(Intent)}
"""Each file and the columns of its weights."""
NETS: Mapping[str, tuple[str, ...]] = {"deciding": ("autonomy",), "whole": ("category", "intent")}
"""Each net and the fields it has a head for."""
BIAS = "(bias)"
"""The row that every text has."""
_OF_NET = ("of_words", "of_cues", "of_parts", "attention")
_OF_CELLS = ("takes", "keeps", "bias")
_OF_HEAD = ("of_told", "of_heard", "bias")
_AGAIN = "write the files anew with `make learn`"


def load_taught(folder: Path) -> Taught:
    """Read the weights; raises BadFile naming the file that is missing, or is not as it was written."""
    weights = {name: _load(folder / f"{name}.tsv", answers) for name, answers in ANSWERS.items()}
    nets = {name: load_net(folder / f"{name}.npz", fields) for name, fields in NETS.items()}
    headed = {field: replace(weights[field], head=head) for _, heads in nets.values() for field, head in heads.items()}
    return Taught(**headed, deciding=nets["deciding"][0], whole=nets["whole"][0])


def written(weights: Weights, taught_by: str) -> str:
    """The text of a file of weights, sealed with the SHA-256 of its rows."""
    rows = {BIAS: (0.0, *weights.bias)} | {name: (weight.rarity, *weight.speaks) for name, weight in weights.of.items()}
    body = "".join(f"{name}\t{' '.join(f'{one:g}' for one in row)}\n" for name, row in sorted(rows.items()))
    return f"# taught by {taught_by}\n# {_seal(body)}: rarity {' '.join(weights.answers)}\n{body}"


def write_net(path: Path, net: Net, heads: Mapping[str, Head], taught_by: str) -> None:
    """Write a net and its heads, by field; numbers of 16 bits are exact enough, and half as large."""
    arrays = {name: getattr(net, name) for name in _OF_NET} | {f"cells.{name}": getattr(net.cells, name) for name in _OF_CELLS}
    arrays |= {f"{field}.{name}": getattr(head, name) for field, head in heads.items() for name in _OF_HEAD}
    names = {"words": net.words, "cues": net.cues} | {f"{field}.told": head.told for field, head in heads.items()}
    short = {name: array.astype(np.float16) for name, array in arrays.items()}
    listed = {f"names.{name}": _bytes("\n".join(sorted(rows, key=rows.__getitem__))) for name, rows in names.items()}
    np.savez_compressed(path, allow_pickle=False, taught_by=_bytes(taught_by), **short, **listed)


def taught_by(path: Path) -> str:
    """What a net was taught by."""
    with np.load(path, allow_pickle=False) as file:
        return str(_text(file["taught_by"]))


def load_net(path: Path, fields: Sequence[str]) -> tuple[Net, dict[str, Head]]:
    """Read a net and its heads; raises BadFile where the file is missing, damaged (its sums are checked) or lacks one."""
    try:
        with ZipFile(io.BytesIO(path.read_bytes())) as file:
            found = {Path(name).stem: np.lib.format.read_array(file.open(name), allow_pickle=False) for name in file.namelist()}
        return _net(found), {field: _head(found, field) for field in fields}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise BadFile([Finding(f"reading/weights/{path.name}", 1, 1, "cannot be read", _AGAIN)]) from error


def _net(found: Mapping[str, NDArray[Any]]) -> Net:
    cells = Cells(*(found[f"cells.{name}"].astype(np.float32) for name in _OF_CELLS))
    arrays = {name: found[name].astype(np.float32) for name in _OF_NET}
    words, cues = (_rows_of(found[f"names.{name}"], UNKNOWN + 1) for name in ("words", "cues"))
    return Net(words=words, cues=cues, cells=cells, **arrays)


def _head(found: Mapping[str, NDArray[Any]], field: str) -> Head:
    arrays = {name: found[f"{field}.{name}"].astype(np.float32) for name in _OF_HEAD}
    return Head(told=_rows_of(found[f"names.{field}.told"], 0), **arrays)


def _rows_of(names: NDArray[Any], first: int) -> dict[str, int]:
    return {name: at for at, name in enumerate(_text(names).split("\n"), first)}


def _bytes(text: str) -> NDArray[Any]:
    return np.frombuffer(text.encode(), np.uint8)


def _text(array: NDArray[Any]) -> str:
    return array.tobytes().decode()


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

    def get(self, name: str, default: Any = None) -> Any:
        """The weight of a name, or the default; most names asked for have none."""
        return self[name] if name in self.rows else default

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

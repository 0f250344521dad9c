"""Scores the answers of `filingdesk ask --jsonl` against the labelled questions of this folder."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).resolve().parent
HELD_OUT = frozenset(HERE / f"held_out{number}.jsonl" for number in ("", *(f"_{n}" for n in range(2, 16))))
DEFAULT_ON = "2026-11-23"
VERDICTS = ("in_scope", "needs_review", "out_of_scope")
CATEGORIES = (
    "face_3d_terminal",
    "iris_lock",
    "vein_lock",
    "intelligent_respirator",
    "gas_mask",
    "other_not_listed",
    "unknown",
)
INTENTS = ("scope", "filing_status", "create_filing", "reminder", "list_update", "help", "smalltalk")
ALLOWED: dict[str, tuple[str, ...]] = {
    "verdict": VERDICTS,
    "category": CATEGORIES,
    "autonomous": ("yes", "no", "unknown"),
    "export": ("yes", "no", "unknown"),
    "intent": INTENTS,
}
FIELDS = ("verdict", "category", "autonomous", "export", "destinations", "ship_date", "intent", "products")
PASS_MARK = 0.98

Record = Mapping[str, Any]


@dataclass
class Tally:
    """Counts gathered over one file of questions; `wrong` holds (question, fields that differ, answer)."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    unsafe: list[str] = field(default_factory=list)
    wrong: list[tuple[Record, list[str], Record]] = field(default_factory=list)
    by_tag: dict[str, list[int]] = field(default_factory=dict)

    def accuracy(self, name: str) -> float:
        """Share of right answers between 0 and 1; a field nobody labelled counts as 0."""
        return self.right[name] / self.asked[name] if self.asked[name] else 0.0


def stop(sentence: str) -> NoReturn:
    """End with status 2 and one clear sentence."""
    sys.stderr.write(sentence + "\n")
    raise SystemExit(2)


def read_records(path: Path) -> list[Record]:
    """The JSON objects of a JSONL file, one a line; a broken line is named by its number."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: U+2028 may stand inside a text
    except OSError as error:
        stop(f"{path}: cannot be read ({error.strerror}).")
    return [_record(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _record(path: Path, number: int, line: str) -> Record:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        stop(f"{path}:{number}:{error.colno}: not JSON ({error.msg}); write one JSON object a line.")
    if not isinstance(value, dict):
        stop(f"{path}:{number}: a JSON object is wanted, found {type(value).__name__}.")
    return value


def label_faults(rows: Iterable[Record]) -> Iterator[str]:
    """One sentence for each label which the contract of `ask --jsonl` does not know."""
    seen: set[str] = set()
    for row in rows:
        if lacking := [name for name in ("id", "text", "expect", "tags") if name not in row]:
            yield f"{row.get('id', 'a row without id')}: {', '.join(lacking)} missing."
            continue
        if row["id"] in seen:
            yield f"{row['id']}: this id occurs twice."
        seen.add(row["id"])
        for part in (row["expect"], *row["expect"].get("products", [])):
            yield from (f"{row['id']}: {fault}" for fault in _value_faults(part))


def _value_faults(part: Record) -> Iterator[str]:
    for name, value in part.items():
        if name in ALLOWED and value not in ALLOWED[name]:
            yield f"{name} is {value!r}; write one of {', '.join(ALLOWED[name])}."
        if name not in FIELDS:
            yield f"unknown field {name!r}."
    if part.get("ship_date") and not _is_date(part["ship_date"]):
        yield f"ship_date is {part['ship_date']!r}; write YYYY-MM-DD or null."


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def ask(rows: Iterable[Record]) -> list[Record]:
    """The answers of the real command, which runs as a process of its own and reads the questions from stdin."""
    lines = [json.dumps({"id": r["id"], "text": r["text"], "on": r.get("on", DEFAULT_ON)}) for r in rows]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        input="\n".join(lines) + "\n",
        capture_output=True,
        encoding="utf-8",
        cwd=HERE.parents[1],
        timeout=600,
        check=False,
    )
    if done.returncode:
        stop(f"`ask --jsonl` ended with status {done.returncode}:\n{done.stderr.strip()[-2000:]}")
    return [_record(Path("answers"), n, line) for n, line in enumerate(done.stdout.split("\n"), 1) if line.strip()]


def same(name: str, wanted: Any, given: Any) -> bool:
    """Whether one field of an answer is right; destinations are compared as sets, products in any order."""
    if name == "destinations":
        return isinstance(given, list) and set(wanted) == set(given)
    if name == "products":
        return isinstance(given, list) and _same_products(wanted, given)
    return bool(wanted == given)


def _same_products(wanted: list[Record], given: list[Record]) -> bool:
    if len(wanted) != len(given):
        return False
    if not wanted:
        return True
    first, rest = wanted[0], wanted[1:]
    fitting = (i for i, one in enumerate(given) if all(one.get(k) == v for k, v in first.items()))
    return any(_same_products(rest, given[:i] + given[i + 1 :]) for i in fitting)


def count(rows: Iterable[Record], answers: Iterable[Record]) -> Tally:
    """Compare every labelled field; a question without an answer is wrong in all its fields."""
    by_id = {answer.get("id"): answer for answer in answers}
    tally = Tally()
    for row in rows:
        _count_row(tally, row, by_id.get(row["id"], {}))
    return tally


def _count_row(tally: Tally, row: Record, answer: Record) -> None:
    labels: Record = row["expect"]
    missed = [name for name, value in labels.items() if not same(name, value, answer.get(name, "no answer"))]
    tally.asked.update(labels.keys())
    tally.right.update(name for name in labels if name not in missed)
    if missed:
        tally.wrong.append((row, missed, answer))
    if "verdict" in labels:
        _count_verdict(tally, row, str(answer.get("verdict", "no answer")))


def _count_verdict(tally: Tally, row: Record, given: str) -> None:
    wanted = row["expect"]["verdict"]
    tally.confusion[wanted, given] += 1
    if (wanted, given) == ("in_scope", "out_of_scope"):
        tally.unsafe.append(row["id"])
    for tag in row["tags"]:
        pair = tally.by_tag.setdefault(tag, [0, 0])
        pair[0] += wanted == given
        pair[1] += 1


def field_lines(tally: Tally) -> Iterator[str]:
    """The accuracy of each field."""
    yield f"{'field':<14}{'right':>7}{'of':>7}{'share':>9}"
    for name in FIELDS:
        yield f"{name:<14}{tally.right[name]:>7}{tally.asked[name]:>7}{tally.accuracy(name):>9.2%}"


def confusion_lines(tally: Tally) -> Iterator[str]:
    """The verdicts expected (rows) against those given (columns)."""
    columns = (*VERDICTS, *sorted({given for _, given in tally.confusion} - set(VERDICTS)))
    yield f"{'expected / given':<18}" + "".join(f"{name:>14}" for name in columns)
    for wanted in VERDICTS:
        yield f"{wanted:<18}" + "".join(f"{tally.confusion[wanted, given]:>14}" for given in columns)


def tag_lines(tally: Tally) -> Iterator[str]:
    """The tags whose verdicts are not all right, worst first."""
    weak = [(right / asked, tag, right, asked) for tag, (right, asked) in tally.by_tag.items() if right < asked]
    for _, tag, right, asked in sorted(weak):
        yield f"{tag:<20}{right:>5} of {asked}"


def wrong_lines(tally: Tally) -> Iterator[str]:
    """Each wrong question with what was expected and what came."""
    for row, missed, answer in tally.wrong:
        yield f"\n{row['id']} [{' '.join(row['tags'])}] {row['text']}"
        for name in missed:
            yield f"    {name}: expected {row['expect'][name]!r}, got {answer.get(name, 'no answer')!r}"


def report(tally: Tally, show_wrong: bool) -> Iterator[str]:
    """Everything that is printed, line by line."""
    yield from field_lines(tally)
    yield ""
    yield from confusion_lines(tally)
    yield f"\nUNSAFE (in scope, answered out of scope): {len(tally.unsafe)}"
    if show_wrong:
        yield f"unsafe ids: {' '.join(tally.unsafe) or 'none'}"
        yield "\nverdicts by tag, where not all are right:"
        yield from tag_lines(tally)
        yield from wrong_lines(tally)


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", default="tune", help="a file of this folder by name, or a JSONL file")
    parser.add_argument("--show-wrong", action="store_true", help="list every wrong question (not for the kept-out files)")
    parser.add_argument("--force", action="store_true", help="with --show-wrong: also for a kept-out file, which spoils it")
    parser.add_argument("--answers", type=Path, help="score this JSONL of answers instead of running the command")
    return parser.parse_args(argv)


def corpus_path(name: str) -> Path:
    """Where the corpus file of that name, or the file at that path, lies."""
    known = HERE / f"{name}.jsonl"
    return known if known.is_file() else Path(name)


def main(argv: list[str] | None = None) -> int:
    """Score and print; 0 when the verdicts reach the mark and none is unsafe, else 1; 2 for bad input."""
    args = arguments(argv)
    path = corpus_path(args.corpus)
    if args.show_wrong and path.resolve() in HELD_OUT and not args.force:
        stop(f"{path.stem} is not shown, so that it stays unseen; leave --show-wrong out, or add --force to spoil it.")
    rows = read_records(path)
    if faults := list(label_faults(rows)):
        stop("\n".join(faults))
    tally = count(rows, read_records(args.answers) if args.answers else ask(rows))
    sys.stdout.write(f"{path.name}: {len(rows)} questions\n\n" + "\n".join(report(tally, args.show_wrong)) + "\n")
    return 0 if tally.accuracy("verdict") >= PASS_MARK and not tally.unsafe else 1


if __name__ == "__main__":
    sys.exit(main())

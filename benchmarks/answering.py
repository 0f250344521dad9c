"""Milliseconds from question text to stored answer: `python benchmarks/answering.py [ROUNDS]`.

Read, decide, explain, and write the determination with its message durably (fsync) into a store in a temporary folder, one
question at a time; the questions are those of the labelled corpus. For the disk's share, an empty transaction is timed too.
Last, texts of 10,000 characters: the corpus in one piece, and what was slowest to read of many odd ones.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.storage import open_store
from bot.app import open_desk, read_files
from bot.domain.people import Colleague
from bot.domain.reading import read
from bot.flows.answer_question import Question, answer_question
from bot.ports import Desk, Store
from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ANA = Colleague(id="U1", name="Ana")
WARM = 50
LONG = 10_000
ODD = ("开", "静脉锁", "not approve open ", "opens ")


def questions() -> list[str]:
    lines = (ROOT / "tests" / "corpus" / "tune.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines if line.strip()]


def timed(desk: Desk, texts: list[str], rounds: int) -> list[float]:
    taken = []
    for number, text in enumerate(texts * rounds):
        begun = time.perf_counter()
        answer_question(desk, Question(f"C1:{number}", text, "C1", str(number)), ANA, NOW)
        taken.append(1000 * (time.perf_counter() - begun))
    return taken[WARM:]


def disk_alone(store: Store, count: int = 300) -> list[float]:
    taken = []
    for number in range(count):
        begun = time.perf_counter()
        with store.transaction() as tx:
            tx.put("notes", {"id": f"bench:{number}"})
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def reading_alone(desk: Desk, texts: list[str]) -> list[float]:
    taken = []
    for text in texts:
        begun = time.perf_counter()
        read(text, NOW.date(), desk.lexicon)
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def long_texts(texts: list[str]) -> list[str]:
    return [" ".join(texts)[:LONG], *((odd * LONG)[:LONG] for odd in ODD)]


def show(what: str, taken: list[float]) -> None:
    cuts = statistics.quantiles(taken, n=100)
    print(f"{what:34} n={len(taken):5}  median {statistics.median(taken):7.2f} ms  p95 {cuts[94]:7.2f}  p99 {cuts[98]:7.2f}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    files, texts = read_files(load_settings()), questions()
    with tempfile.TemporaryDirectory(prefix="filingdesk-") as folder:
        store = open_store(Path(folder))
        desk = open_desk(files, store)
        show("question text -> stored answer", timed(desk, texts, rounds))
        show("of it, reading the text", reading_alone(desk, texts))
        show("of it, one durable transaction", disk_alone(store))
        slow = reading_alone(desk, long_texts(texts))
        print(f"reading {LONG:,} characters          corpus {slow[0]:7.0f} ms  slowest odd text {max(slow):.0f} ms")
        store.close()


if __name__ == "__main__":
    main()

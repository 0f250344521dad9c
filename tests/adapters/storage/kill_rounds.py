"""Kill a writer again and again and look what is left; run as a program, prints what it found as JSON.

Each round forks a writer that acknowledges every transaction through a pipe, kills it at a random moment, opens the store
as the next process would, and compares. Forking from here keeps a round at some milliseconds and pytest's threads out of it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from bot.adapters.storage import JOURNAL_NAME, TinyStore
from bot.ports import TableShape

SHAPES = {
    "filings": TableShape(equal=("state",)),
    "outbox": TableShape(equal=("state",), ordered=("due_at",)),
    "audit": TableShape(),
}
ROWS = 8


def open_small(folder: Path) -> TinyStore:
    return TinyStore(folder, tables=SHAPES, compact_floor=2_000, compact_factor=2)


def write_turns(store: TinyStore, turn: int, told: int) -> None:
    """For ever: one turn changes 8 rows in 3 tables and takes a number; both are told as soon as they are known."""
    while True:
        with store.transaction() as changes:
            os.write(told, b"n%d\n" % changes.number("filing"))
            for row in range(ROWS):
                table = list(SHAPES)[row % 3]
                changes.put(table, {"id": f"r{row}", "state": str(turn), "due_at": f"{turn:09}", "text": "x" * 100})
            changes.put("audit", {"id": f"turn-{turn % 50}"})
            changes.remove("audit", f"turn-{(turn + 10) % 50}")
        os.write(told, b"a%d\n" % turn)
        turn += 1


def turn_shown(store: TinyStore) -> int | None:
    """The turn all rows agree on, 0 for none; None when they show half a turn."""
    states = [row["state"] for table in SHAPES for row in store.every(table) if row["id"].startswith("r")]
    if not states:
        return 0
    turn = int(states[0])
    whole = len(states) == ROWS and len(set(states)) == 1
    marked = store.get("audit", f"turn-{turn % 50}") and not store.get("audit", f"turn-{(turn + 10) % 50}")
    return turn if whole and marked else None


def one_round(folder: Path, turn: int) -> tuple[int, int, bool]:
    """(last turn acknowledged, last number told, whether the kill hit a compaction)."""
    end, told = os.pipe()
    child = os.fork()
    if child == 0:
        write_turns(open_small(folder), turn, told)
    os.close(told)
    first = os.read(end, 4096)
    time.sleep(random.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    lines = (first + b"".join(iter(lambda: os.read(end, 65536), b""))).decode().splitlines()
    os.close(end)
    acked = max((int(line[1:]) for line in lines if line[0] == "a"), default=turn - 1)
    number = max((int(line[1:]) for line in lines if line[0] == "n"), default=0)
    return acked, number, (folder / (JOURNAL_NAME + ".new")).exists()


def run(folder: Path, kills: int, seed: int) -> dict[str, int]:
    random.seed(seed)
    found = dict.fromkeys(("kills", "acked", "lost", "halved", "numbers_twice", "torn", "in_compaction"), 0)
    shown, number = 0, 0
    for _ in range(kills):
        acked, last, compacting = one_round(folder, shown + 1)
        number = max(number, last)
        store = open_small(folder)
        turn = turn_shown(store)
        with store.transaction() as changes:
            given = changes.number("filing")
        found["kills"] += 1
        found["acked"] += acked - shown
        found["halved"] += turn is None
        found["lost"] += turn is not None and turn not in (acked, acked + 1)
        found["numbers_twice"] += given <= number
        found["torn"] += store.size().cut_bytes > 0
        found["in_compaction"] += compacting
        shown, number = turn or acked, given
        store.close()
    return found


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))

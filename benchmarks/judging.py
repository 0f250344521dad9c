"""Judging all planned shipments anew after the rules changed, and what others wait: `python benchmarks/judging.py [COUNT]`.

Every shipment gets another verdict, with its reminders; every write durable, a hundred people. Meanwhile somebody else writes
twenty times a second.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from reminders import desk_in, people

from bot.domain.facts import Truth
from bot.domain.shipment import ShipmentLine
from bot.flows.judge_anew import judge_anew
from bot.flows.watch_shipment import add_shipments
from bot.ports import Desk

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def deciding_itself(desk: Desk, truth: Truth) -> Desk:
    named = (replace(one, autonomous=truth) if one.name == "PalmKey V2" else one for one in desk.catalogue)
    return replace(desk, catalogue=tuple(named))


def fill(desk: Desk, count: int) -> None:
    known = people(100)
    lines = [ShipmentLine(f"SO-{number:06}", "PalmKey V2", "VN", (NOW + timedelta(days=20 + number % 90)).date(),
                          owner=known[number % 100].id) for number in range(count)]
    for start in range(0, count, 1000):
        add_shipments(desk, lines[start:start + 1000], known[0], NOW)


def write_meanwhile(desk: Desk, done: Event, waited: list[float]) -> None:
    while not done.wait(0.05):
        begun = time.perf_counter()
        with desk.store.transaction() as tx:
            tx.put("notes", {"id": "meanwhile"})
        waited.append(time.perf_counter() - begun)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        desk = deciding_itself(desk_in(Path(folder) / "data", people(100)), Truth.NO)
        judge_anew(desk, NOW)
        fill(desk, count)
        done, waited = Event(), list[float]()
        other = Thread(target=write_meanwhile, args=(desk, done, waited))
        other.start()
        begun, busy = time.perf_counter(), time.thread_time()
        judged = judge_anew(deciding_itself(desk, Truth.YES), NOW)
        took, busy = time.perf_counter() - begun, time.thread_time() - busy
        done.set()
        other.join()
        desk.store.close()
    print(f"{judged:,} judged otherwise     {took:8.1f} s, processor {busy:.1f} s")
    print(f"a write meanwhile, most  {1000 * max(waited, default=0):8.0f} ms of {len(waited)}")


if __name__ == "__main__":
    main()

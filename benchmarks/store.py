"""What the embedded store costs: insert, move a shipment's reminders, ask for what is due next, claim and mark sent, open.

    python benchmarks/store.py            1k, 10k, 100k reminders
    python benchmarks/store.py 1000000    one size of your own

Medians and worst in milliseconds, every write durable. `disk` is the bare append + fdatasync of a line of that size.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from bot.adapters.storage import TinyStore, open_store
from bot.ports import Row

PER_SHIPMENT = 7
SAMPLES = 300


def reminder(number: int, day: int) -> Row:
    return {
        "id": f"R-{number}",
        "subject": f"S-{number // PER_SHIPMENT}",
        "state": "pending",
        "owner": f"U{number % 50}",
        "due_at": f"{2026 + day // 360}-{day // 30 % 12 + 1:02}-{day % 28 + 1:02}T{number % 24:02}:00:00+00:00",
        "text": "The security assessment report for this shipment is due. " * 5,
    }


def fill(store: TinyStore, count: int) -> None:
    for start in range(0, count, 1000):
        with store.transaction() as changes:
            for number in range(start, min(start + 1000, count)):
                changes.put("reminders", reminder(number, number * 7919 % 2000))


def insert(store: TinyStore, count: int) -> Iterator[None]:
    for number in range(count, count + SAMPLES):
        with store.transaction() as changes:
            changes.put("reminders", reminder(number, number % 2000))
        yield


def move(store: TinyStore, count: int) -> Iterator[None]:
    for shipment in range(min(SAMPLES, count // PER_SHIPMENT)):
        with store.transaction() as changes:
            for row in changes.where("reminders", "subject", f"S-{shipment}"):
                changes.put("reminders", reminder(int(row["id"][2:]), shipment + 60))
        yield


def next_due(store: TinyStore) -> Iterator[None]:
    for _ in range(SAMPLES):
        assert store.first("reminders", "due_at")
        yield


def claim_and_send(store: TinyStore) -> Iterator[None]:
    for _ in range(SAMPLES):
        with store.transaction() as changes:
            row = changes.up_to("reminders", "due_at", "9999", 1)[0]
            changes.put("reminders", {**row, "state": "sending"})
        with store.transaction() as changes:
            changes.put("reminders", {key: value for key, value in row.items() if key != "due_at"} | {"state": "sent"})
        yield


def disk(folder: Path) -> Iterator[None]:
    fd = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in range(SAMPLES):
        os.write(fd, b"x" * 550)
        os.fdatasync(fd)
        yield
    os.close(fd)


def timed(steps: Iterator[None]) -> str:
    times, before = [], time.perf_counter()
    for _ in steps:
        now = time.perf_counter()
        times.append((now - before) * 1000)
        before = now
    return f"{median(times):7.3f} {max(times):8.2f}"


def once(work: Callable[[], object]) -> str:
    before = time.perf_counter()
    work()
    return f"{(time.perf_counter() - before) * 1000:10.0f}"


def measure(folder: Path, count: int) -> None:
    store = open_store(folder)
    fill(store, count)
    rows = [
        ("disk", timed(disk(folder))),
        ("insert", timed(insert(store, count))),
        ("move 7", timed(move(store, count))),
        ("next due", timed(next_due(store))),
        ("claim + sent", timed(claim_and_send(store))),
        ("compact", once(store.compact)),
        ("backup", once(lambda: store.backup(folder / "copy"))),
        ("journal MB", f"{store.size().journal_bytes / 1e6:10.1f}"),
    ]
    store.close()
    rows.append(("open", once(lambda: open_store(folder).close())))
    rows.append(("peak RSS MB", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10.0f}"))
    print(f"\n{count:,} reminders            median      max")
    for name, figures in rows:
        print(f"  {name:20} {figures}")


def main() -> None:
    for count in [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
            measure(Path(folder) / "data", count)


if __name__ == "__main__":
    main()

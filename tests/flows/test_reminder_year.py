"""A small simulated year and a store that grows: one message a person and day, and no operation that grows with what waits."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from bot.adapters.storage import open_store
from bot.domain.rows import to_row
from tests.fakes.desk import make_desk

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """benchmarks/reminders.py, whose small version this is; it counts the processor's time here, as the machine may be busy."""
    spec = importlib.util.spec_from_file_location("reminders_benchmark", ROOT / "benchmarks" / "reminders.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(bench: ModuleType) -> Iterator[Path]:
    """In memory where there is such a place: thousands of durable writes are not what is looked at here."""
    with tempfile.TemporaryDirectory(dir=bench.MEMORY if bench.MEMORY.is_dir() else None) as made:
        yield Path(made)


@pytest.mark.slow
def test_with_forty_people_in_four_zones_nobody_gets_two_messages_on_a_day(bench: ModuleType, folder: Path) -> None:
    known = bench.people(40)
    store = open_store(folder)
    desk = make_desk(store, tasks=("N1", "N2", "N11"))
    with store.transaction() as tx:
        for person in known:
            tx.put("people", to_row(person))
    year = bench.Year(desk, known, shipments=40, filings=1)
    year.run(40)
    year._until(year.chat.now + timedelta(days=300))  # whatever is still to come, comes
    counts = bench.per_person_and_day(year.chat, known)
    assert sum(counts.values()) > 50
    assert max(counts.values()) == 1
    left = [row for row in store.every("reminders") if row["due_at"]]
    assert not left
    posted = {key for _, _, key, _ in year.chat.posted}
    assert all(row["message"] in posted for row in store.every("reminders") if row["sent_at"])
    store.close()


@pytest.mark.slow
def test_no_operation_takes_longer_with_ten_thousand_waiting_than_with_a_hundred(bench: ModuleType, folder: Path,
                                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SAMPLES", 12)
    few, many = (figures(bench, folder / str(count), count) for count in (100, 10_000))
    for name, (middle, _) in many.items():
        assert middle < few[name][0] * 3 + 5, f"{name}: {few[name][0]:.1f} ms before, {middle:.1f} ms now"


def figures(bench: ModuleType, folder: Path, count: int) -> dict[str, tuple[float, float]]:
    known = bench.people(20)
    store = open_store(folder)
    desk = make_desk(store)
    with store.transaction() as tx:
        for person in known:
            tx.put("people", to_row(person))
    bench.fill(desk, count)
    steps = {"add": bench.inserted(desk, known), "move": bench.moved(desk, known[0]), "next due": bench.asked(desk),
             "send": bench.sent(desk)}
    found = {name: bench.timed(step, time.thread_time) for name, step in steps.items()}
    store.close()
    return found

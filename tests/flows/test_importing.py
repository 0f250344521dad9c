"""A long table: dry run without a trace, stored in steps, going on after a kill, memory that does not grow with it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.import_folder import ImportFolder, StagedLines
from bot.adapters.storage import open_store
from bot.datafiles.shipment_fields import Readers
from bot.datafiles.shipment_tables import read_shipments
from bot.desk.records import shipments
from bot.domain.shipment import Goods, ShipmentLine
from bot.errors import BadInput, NotFound
from bot.flows.import_shipments import (
    BATCH,
    begin,
    carry_on,
    interrupted,
    offer,
    preview,
    remember_columns,
    remembered_columns,
    stage,
)
from bot.flows.watch_shipment import add_line, add_shipments, outcome_of
from tests.fakes.desk import ANA, BO, ETD, MIA, Day

KEY = "T1"


class Kill(BaseException):
    """The program dies here."""


def line(number: int, **changes: object) -> ShipmentLine:
    return replace(ShipmentLine(f"SO-{number}", "Frobnicator 9", "DE", ETD, "Hafen AG", MIA.id), **changes)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> ImportFolder:
    return ImportFolder(tmp_path)


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[Day]:
    """A day on a real store, which long tables need: the one in memory looks through everything for each line."""
    store = open_store(tmp_path / "data")
    yield Day(store=store)
    store.close()


def staged(folder: ImportFolder, *lines: ShipmentLine) -> StagedLines:
    there = folder.stage(KEY)
    for place, one in enumerate(lines, start=2):
        there.add(place, one)
    there.keep()
    return there


def run(day: Day, there: StagedLines) -> dict[str, int]:
    return dict(carry_on(day.desk, KEY, there, add_line, day.now)["counts"])


def test_the_dry_run_counts_compares_and_leaves_no_trace(folder: ImportFolder) -> None:
    day = Day()
    add_shipments(day.desk, [line(1), line(2)], ANA, day.now)
    before = [list(day.store.every(table)) for table in ("shipments", "reminders", "outbox", "audit")]
    there = staged(folder, line(1), line(2, etd=ETD + timedelta(days=7)), line(3), line(4, etd=date(2026, 1, 1)))
    seen = preview(day.desk, day.store, there, ANA, outcome_of, day.now)
    assert seen.counts == {"unchanged": 1, "updated": 1, "added": 1}
    assert [(was.number, changed.etd) for was, changed in seen.changes] == [("SO-2", ETD + timedelta(days=7))]
    assert [(one.line, one.field) for one in seen.refused] == [(5, "etd")]
    assert before == [list(day.store.every(table)) for table in ("shipments", "reminders", "outbox", "audit")]


def test_what_was_refused_in_the_dry_run_is_not_imported_and_the_rest_is_as_foretold(folder: ImportFolder) -> None:
    day = Day()
    there = staged(folder, line(1), line(2, etd=date(2026, 1, 1)), line(3))
    seen = preview(day.desk, day.store, there, ANA, outcome_of, day.now)
    offer(day.desk, KEY, ANA, day.now)
    begin(day.desk, KEY, "en")
    assert run(day, there) == seen.counts == {"added": 2}
    assert {one.number for one in shipments(day.store)} == {"SO-1", "SO-3"}


def test_an_import_is_taken_up_once(folder: ImportFolder) -> None:
    day = Day()
    there = staged(folder, line(1))
    offer(day.desk, KEY, ANA, day.now)
    begin(day.desk, KEY, "en")
    with pytest.raises(BadInput, match=day.phrase("table.running")):
        begin(day.desk, KEY, "en")
    run(day, there)
    for key in (KEY, "nobody's"):
        with pytest.raises(BadInput, match=day.phrase("table.gone")):
            begin(day.desk, key, "en")


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_killed_in_the_middle_it_goes_on_where_it_was_and_nothing_is_lost_or_doubled(
        folder: ImportFolder, lasting: Day, steps: int) -> None:
    day = lasting
    there = staged(folder, *(line(n) for n in range(3 * BATCH + 5)))
    offer(day.desk, KEY, ANA, day.now)
    begin(day.desk, KEY, "en")
    seen: list[int] = []

    def die(done: int, _whole: int) -> None:
        seen.append(done)
        if len(seen) == steps:
            raise Kill

    with pytest.raises(Kill):
        carry_on(day.desk, KEY, there, add_line, day.now, die)
    assert interrupted(day.store) == [KEY]
    assert len(shipments(day.store)) == steps * BATCH
    assert run(day, folder.staged(KEY)) == {"added": 3 * BATCH + 5}
    assert len(shipments(day.store)) == 3 * BATCH + 5
    assert interrupted(day.store) == []


def test_owners_hear_once_of_what_lacks_a_filing_even_across_a_kill(folder: ImportFolder, lasting: Day) -> None:
    day = lasting
    there = staged(folder, *(line(n, product="FaceGate 300") for n in range(2 * BATCH)))
    offer(day.desk, KEY, ANA, day.now)
    begin(day.desk, KEY, "en")

    def die(_done: int, _whole: int) -> None:
        raise Kill

    with pytest.raises(Kill):
        carry_on(day.desk, KEY, there, add_line, day.now, die)
    run(day, folder.staged(KEY))
    day.work()
    assert [one.channel for one in day.chat.named("unfiled:")] == [MIA.id]


def test_a_line_whose_day_has_passed_since_the_offer_is_told_and_the_others_are_stored(folder: ImportFolder) -> None:
    day = Day()
    there = staged(folder, line(1), line(2, etd=day.now.date()))
    offer(day.desk, KEY, ANA, day.now)
    begin(day.desk, KEY, "en")
    day.now += timedelta(days=2)
    done = carry_on(day.desk, KEY, there, add_line, day.now)
    assert done["counts"] == {"added": 1, "refused": 1}
    assert "SO-2" in done["refused"][0]


def test_a_line_is_kept_on_disk_as_it_was_said(folder: ImportFolder) -> None:
    said = line(1, at=datetime(2026, 12, 17, 22, 30, tzinfo=UTC), zone="Europe/Berlin", further=(Goods("锁", "3", "yes"),))
    there = staged(folder, said)
    assert [one for _, one in there.lines()] == [said]


def test_a_table_that_is_gone_is_said_to_be_gone(folder: ImportFolder) -> None:
    staged(folder, line(1)).close()
    folder.forget(KEY)
    with pytest.raises(NotFound):
        folder.staged(KEY)
    with pytest.raises(NotFound):
        folder.file(KEY)


def test_columns_somebody_matched_are_remembered() -> None:
    day = Day()
    assert remembered_columns(day.store, "abc") == {}
    remember_columns(day.desk, "abc", {"etd": "Ex-works date"}, BO.id, day.now)
    assert remembered_columns(day.store, "abc") == {"etd": "Ex-works date"}


# ── many lines ─────────────────────────────────────────────────────────────────────────────────────


def table(path: Path, lines: int) -> Path:
    with path.open("w") as file:
        file.write("number,product,destination,etd,customer\n")
        file.writelines(f"SO-{n},Frobnicator 9,DE,2026-12-{n % 28 + 1:02d},Customer {n % 500}\n" for n in range(lines))
    return path


def peak_of(tmp_path: Path, lines: int) -> tuple[int, int]:
    """Bytes of memory at the peak while a table is read, staged and compared; and how many lines came out good."""
    path, day = table(tmp_path / f"{lines}.csv", lines), Day()
    readers = Readers(lambda place: place, date.fromisoformat)
    tracemalloc.start()
    try:
        there = ImportFolder(tmp_path / str(lines)).stage(KEY)
        assert stage(there, read_shipments(path, readers), path.name, lambda _finding: None).wrong == 0
        seen = preview(day.desk, day.store, there, ANA, outcome_of, day.now)
        there.close()
        return tracemalloc.get_traced_memory()[1], seen.counts["added"]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_ten_thousand_lines_take_no_more_memory_than_a_thousand(tmp_path: Path) -> None:
    """Six bytes a line would be noticed, so 50,000 take no more either; watching the memory slows everything down."""
    (few, good_few), (many, good_many) = peak_of(tmp_path, 1_000), peak_of(tmp_path, 10_000)
    assert (good_few, good_many) == (1_000, 10_000)
    assert many < few + 50_000, f"{few:,} bytes for 1,000 lines, {many:,} for 10,000"


def test_the_lines_of_a_stage_come_in_the_order_of_the_table_from_where_one_left_off(folder: ImportFolder) -> None:
    there = staged(folder, *(line(n) for n in (9, 3, 7, 1)))
    assert [one.number for _, one in there.lines()] == ["SO-9", "SO-3", "SO-7", "SO-1"]
    assert [one.number for _, one in there.lines(after=3)] == ["SO-7", "SO-1"]
    assert len(there) == 4


def test_a_real_store_holds_what_was_imported_after_a_restart(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    day = Day(store=store)
    there = staged(ImportFolder(tmp_path), *(line(n) for n in range(BATCH + 1)))
    offer(day.desk, KEY, ANA, day.now)
    begin(day.desk, KEY, "en")
    run(day, there)
    store.close()
    again = open_store(tmp_path / "data")
    assert len(shipments(again)) == BATCH + 1
    again.close()

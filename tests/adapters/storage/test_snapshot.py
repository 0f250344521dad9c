"""A snapshot of a store somebody else holds: what is committed is seen, nothing is touched, a torn end is left alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.adapters.storage import JOURNAL_NAME, Snapshot, TinyStore, read_store
from bot.adapters.storage.folder_lock import LOCK_NAME
from bot.errors import NotFound, StoreDamaged, StoreMisuse
from tests.adapters.storage.faulty_disk import UnsyncedDisk


@pytest.fixture
def store(tmp_path: Path, shapes):
    opened = TinyStore(tmp_path / "data", tables=shapes, disk=UnsyncedDisk())
    with opened.transaction() as tx:
        for number, state in enumerate(("open", "held", "open"), start=1):
            tx.put("shipments", {"id": f"S-{number}", "state": state, "due_at": f"2026-12-0{4 - number}T08:00:00+00:00"})
    yield opened
    opened.close()


@pytest.fixture
def folder(store, tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_rows_of_a_store_that_is_held_by_another_can_be_read(folder, shapes, store):
    seen = Snapshot(folder, shapes)
    assert list(seen.every("shipments")) == list(store.every("shipments"))
    assert [row["id"] for row in seen.where("shipments", "state", "open")] == ["S-1", "S-3"]
    assert seen.first("shipments", "due_at") == store.get("shipments", "S-3")
    assert seen.get("shipments", "S-9") is None


def test_what_is_written_later_is_not_seen(folder, shapes, store):
    seen = Snapshot(folder, shapes)
    with store.transaction() as tx:
        tx.put("shipments", {"id": "S-4"})
        tx.remove("shipments", "S-1")
    assert [row["id"] for row in seen.every("shipments")] == ["S-1", "S-2", "S-3"]
    assert [row["id"] for row in Snapshot(folder, shapes).every("shipments")] == ["S-2", "S-3", "S-4"]


def test_a_compacted_journal_shows_the_same_rows(folder, shapes, store):
    before = list(Snapshot(folder, shapes).every("shipments"))
    store.compact()
    assert list(Snapshot(folder, shapes).every("shipments")) == before


@pytest.mark.parametrize("cut", [1, 20, 45])
def test_a_torn_end_is_left_out_and_left_in_place(folder, shapes, store, cut):
    with store.transaction() as tx:
        tx.put("notes", {"id": "torn"})
    whole = (folder / JOURNAL_NAME).read_bytes()
    (folder / JOURNAL_NAME).write_bytes(whole[:-cut])
    seen = Snapshot(folder, shapes)
    assert (seen.get("notes", "torn"), len(list(seen.every("shipments")))) == (None, 3)
    assert (folder / JOURNAL_NAME).read_bytes() == whole[:-cut]


def test_nothing_is_created_or_changed_by_looking(folder, shapes, store):
    store.close()
    (folder / LOCK_NAME).unlink()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    list(Snapshot(folder, shapes).every("shipments"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_line_altered_afterwards_is_refused(folder, shapes):
    path = folder / JOURNAL_NAME
    path.write_bytes(path.read_bytes().replace(b"held", b"HELD"))
    with pytest.raises(StoreDamaged, match="was altered"):
        Snapshot(folder, shapes)


def test_where_there_is_no_data_it_says_so_and_makes_none(tmp_path):
    with pytest.raises(NotFound, match="There is no data"):
        read_store(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_table_nobody_knows_is_refused(folder, shapes):
    with pytest.raises(StoreMisuse, match="no table 'shipment'"):
        Snapshot(folder, shapes).get("shipment", "S-1")


def test_looking_again_and_again_while_somebody_writes_and_compacts_sees_whole_transactions_only(tmp_path, shapes):
    store = TinyStore(tmp_path / "busy", tables=shapes, disk=UnsyncedDisk(), compact_floor=2000, compact_factor=2)
    done = threading.Event()

    def write() -> None:
        for number in range(400):
            with store.transaction() as tx:
                tx.put("notes", {"id": "left", "at": number})
                tx.put("audit", {"id": "right", "at": number})
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    while not done.is_set():
        rows = Snapshot(tmp_path / "busy", shapes)
        left, right = rows.get("notes", "left"), rows.get("audit", "right")
        assert (left or {}).get("at") == (right or {}).get("at")
        seen.append((left or {"at": -1})["at"])
    writer.join()
    store.close()
    assert seen == sorted(seen)
    assert len(set(seen)) > 1

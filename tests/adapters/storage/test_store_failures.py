"""What happens when the disk says no, the power goes, or somebody else wants the folder."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.adapters.storage import JOURNAL_NAME, TinyStore, open_store
from bot.adapters.storage.disk import Disk
from bot.errors import BadInput, StoreBusy, StoreError, StoreStopped
from tests.adapters.storage.faulty_disk import FaultyDisk, PowerCut

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
TURNS = 12


def run_turns(store: TinyStore, acked: list[int]) -> None:
    """Three tables change in each turn, some rows again and again; a tiny floor makes the journal compact on the way."""
    for turn in range(len(acked), TURNS):
        with store.transaction() as changes:
            changes.put("shipments", {"id": f"S-{turn % 2}", "state": f"turn {turn}"})
            changes.put("audit", {"id": f"A-{turn % 3}", "subject": f"turn {turn}"})
            changes.put("notes", {"id": "turn", "n": turn})
        acked.append(turn)


def turns_done(store: TinyStore) -> int:
    """How many turns the rows show; fails when they show half a turn."""
    done = (store.get("notes", "turn") or {"n": -1})["n"] + 1
    expected = {f"S-{turn % 2}": f"turn {turn}" for turn in range(done)}
    assert {row["id"]: row["state"] for row in store.every("shipments")} == expected
    subjects = {f"A-{turn % 3}": f"turn {turn}" for turn in range(done)}
    assert {row["id"]: row["subject"] for row in store.every("audit")} == subjects
    return done


def open_small(folder: Path, shapes, disk=None) -> TinyStore:
    return TinyStore(folder, tables=shapes, disk=disk, compact_floor=600, compact_factor=1)


def disk_log(folder: Path, shapes) -> list[str]:
    """The disk operations of an undisturbed run; compactions are among them."""
    disk = FaultyDisk()
    store = open_small(folder, shapes, disk)
    run_turns(store, [])
    store.close()
    return disk.log


def test_an_undisturbed_run_compacts_several_times(tmp_path, shapes):
    assert disk_log(tmp_path / "data", shapes).count("replace") > 3


@pytest.mark.parametrize("left", ["half", "all", "synced"])
def test_a_power_cut_at_any_operation_loses_nothing_acknowledged_and_halves_nothing(tmp_path, shapes, left):
    for fail_at in range(1, len(disk_log(tmp_path / "whole", shapes)) + 1):
        folder, acked = tmp_path / str(fail_at), []
        with pytest.raises(PowerCut):
            run_turns(open_small(folder, shapes, FaultyDisk(fail_at, PowerCut(), left=left)), acked)
        store = reopened(folder, shapes)
        assert turns_done(store) in (len(acked), len(acked) + 1), fail_at
        run_turns(store, acked[: turns_done(store)])
        store.close()


@pytest.mark.parametrize("error", [FULL, OSError(errno.EIO, "Input/output error")], ids=["full", "broken"])
def test_a_failed_operation_never_loses_what_was_acknowledged_and_never_halves_a_turn(tmp_path, shapes, error):
    for fail_at in range(1, len(disk_log(tmp_path / "whole", shapes)) + 1):
        folder, acked = tmp_path / str(fail_at), []
        store = None
        try:
            store = open_small(folder, shapes, FaultyDisk(fail_at, error))
            run_turns(store, acked)
        except StoreError as told:
            assert error.strerror in str(told)
        if store:
            assert turns_done(store) == len(acked), fail_at
            store.close()
        store = open_small(folder, shapes)
        assert turns_done(store) == len(acked), fail_at
        store.close()


def reopened(folder: Path, shapes) -> TinyStore:
    """Open as after a power cut: the process that held the lock is gone."""
    (folder / "filingdesk.lock").unlink(missing_ok=True)
    return open_small(folder, shapes)


def test_after_a_failed_sync_nothing_more_is_written_but_reads_go_on(tmp_path, shapes):
    disk = FaultyDisk()
    store = TinyStore(tmp_path / "data", tables=shapes, disk=disk)
    acked: list[int] = []
    disk.fail_at = disk.count + 6
    with pytest.raises(StoreStopped, match=r"failed .Input/output error.*make sure first that the disk has room"):
        run_turns(store, acked)
    assert disk.log[-2:] == ["sync", "truncate"]
    length, asked = (tmp_path / "data" / JOURNAL_NAME).stat().st_size, disk.count
    for _ in range(3):
        with pytest.raises(StoreStopped, match="Input/output error"):
            run_turns(store, acked)
    with pytest.raises(StoreStopped), store.transaction() as changes:
        changes.number("filing")
    with pytest.raises(StoreStopped):
        store.compact()
    assert disk.count == asked
    assert turns_done(store) == len(acked) == 2
    assert (tmp_path / "data" / JOURNAL_NAME).stat().st_size == length
    store.close()


def test_a_compaction_that_finds_the_disk_full_keeps_the_old_journal_in_use(tmp_path, shapes):
    disk = FaultyDisk(error=FULL)
    store = TinyStore(tmp_path / "data", tables=shapes, disk=disk)
    acked: list[int] = []
    run_turns(store, acked)
    disk.fail_at = disk.count + 1
    with pytest.raises(StoreError, match="could not be rewritten: No space left on device"):
        store.compact()
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [JOURNAL_NAME, "filingdesk.lock"]
    with store.transaction() as changes:
        changes.put("notes", {"id": "after"})
    store.close()
    store = TinyStore(tmp_path / "data", tables=shapes)
    assert store.get("notes", "after")
    assert turns_done(store) == TURNS
    store.close()


def test_an_interrupt_while_writing_stops_the_store_instead_of_mixing_lines(tmp_path, shapes):
    disk = FaultyDisk(error=KeyboardInterrupt())
    store = TinyStore(tmp_path / "data", tables=shapes, disk=disk)
    disk.fail_at = disk.count + 1
    with pytest.raises(KeyboardInterrupt):
        run_turns(store, [])
    with pytest.raises(StoreStopped, match="KeyboardInterrupt"):
        run_turns(store, [])
    store.close()
    store = TinyStore(tmp_path / "data", tables=shapes)
    assert turns_done(store) == 0
    store.close()


class WaitingDisk(Disk):
    """Its sync waits until it is let go."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def sync(self, fd: int) -> None:
        self.reached.set()
        assert self.go_on.wait(10)
        super().sync(fd)


def test_a_reader_neither_waits_for_the_disk_nor_sees_what_is_not_durable_yet(tmp_path, shapes):
    disk = WaitingDisk()
    store = TinyStore(tmp_path / "data", tables=shapes, disk=disk)
    disk.reached.clear()
    disk.go_on.clear()
    writer = threading.Thread(target=run_turns, args=(store, [0] * (TURNS - 1)))
    writer.start()
    assert disk.reached.wait(10)
    assert store.get("notes", "turn") is None
    assert list(store.every("audit")) == []
    disk.go_on.set()
    writer.join()
    assert store.get("notes", "turn") == {"id": "turn", "n": TURNS - 1}
    store.close()


UNTIL_FULL = """
import resource, sys
from pathlib import Path
from bot.adapters.storage import open_store
from bot.errors import StoreStopped
store = open_store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for number in range(1000):
    try:
        with store.transaction() as changes:
            changes.put("notes", {"id": f"n{number}", "text": "x" * 700})
    except StoreStopped as stopped:
        print(number, stopped)
        sys.exit(7)
"""


def test_a_file_system_that_takes_only_half_a_line_stops_the_store_with_all_before_it_kept(tmp_path):
    done = run_python(UNTIL_FULL, tmp_path / "data")
    assert done.returncode == 7, done.stderr
    assert "failed (File too large)" in done.stdout
    store = open_store(tmp_path / "data")
    assert len(list(store.every("notes"))) == int(done.stdout.split()[0]) > 10
    store.close()


def test_a_draft_left_by_a_kill_is_removed_at_opening(tmp_path):
    store = open_store(tmp_path / "data")
    store.close()
    draft = tmp_path / "data" / "filingdesk.journal.new"
    draft.write_bytes(b"half a rewrite")
    open_store(tmp_path / "data").close()
    assert not draft.exists()


def test_the_folder_and_its_files_are_for_their_owner_only(tmp_path):
    store = open_store(tmp_path / "new" / "data")
    store.backup(tmp_path / "backup")
    store.close()
    mode = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new" / "data").iterdir()}
    assert set(mode.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_told_without_a_vendor_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be opened: Not a directory"):
        open_store(tmp_path / "file" / "data")


ANOTHER = """
import sys
from pathlib import Path
from bot.adapters.storage import open_store
from bot.errors import StoreBusy
try:
    open_store(Path(sys.argv[1])).close()
except StoreBusy as busy:
    print(busy)
    sys.exit(7)
"""


def run_python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, folder], check=False, capture_output=True, text=True, timeout=30)


def test_a_second_process_is_refused_until_the_first_lets_go(tmp_path):
    store = open_store(tmp_path / "data")
    refused = run_python(ANOTHER, tmp_path / "data")
    assert refused.returncode == 7, refused.stderr
    assert f"Another process ({os.getpid()}) uses the data folder {tmp_path / 'data'}; stop it first" in refused.stdout
    with pytest.raises(StoreBusy):
        open_store(tmp_path / "data")
    with store.transaction() as changes:
        changes.put("notes", {"id": "still ours"})
    store.close()
    assert run_python(ANOTHER, tmp_path / "data").returncode == 0


def test_a_forked_child_may_not_write(tmp_path):
    store = open_store(tmp_path / "data")
    child = os.fork()
    if child == 0:
        try:
            with store.transaction() as changes:
                changes.put("notes", {"id": "from the child"})
        except StoreStopped:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with store.transaction() as changes:
        changes.put("notes", {"id": "from the parent"})
    store.close()
    store = open_store(tmp_path / "data")
    assert [row["id"] for row in store.every("notes")] == ["from the parent"]
    store.close()


def test_the_journal_compacts_by_itself_when_it_has_grown_and_keeps_everything(tmp_path, shapes):
    store = TinyStore(tmp_path / "data", tables=shapes, compact_floor=10_000, compact_factor=4)
    largest = 0
    for turn in range(600):
        with store.transaction() as changes:
            changes.put("shipments", {"id": f"S-{turn % 5}", "state": f"turn {turn}", "due_at": f"{turn % 7}"})
            number = changes.number("filing")
        largest = max(largest, store.size().journal_bytes)
    assert 8_000 < largest < 11_000
    rows = list(store.every("shipments"))
    store.close()
    store = TinyStore(tmp_path / "data", tables=shapes)
    assert list(store.every("shipments")) == rows
    assert store.first("shipments", "due_at")["due_at"] == min(row["due_at"] for row in rows)
    with store.transaction() as changes:
        assert changes.number("filing") == number + 1
    store.close()


def test_a_backup_opens_as_a_store_of_its_own_and_numbers_go_on(tmp_path, shapes):
    store = TinyStore(tmp_path / "data", tables=shapes)
    run_turns(store, [])
    with store.transaction() as changes:
        assert changes.number("filing") == 1
    (tmp_path / "restored").mkdir()
    store.backup(tmp_path / "restored" / JOURNAL_NAME)
    with store.transaction() as changes:
        changes.put("notes", {"id": "after the backup"})
    restored = TinyStore(tmp_path / "restored", tables=shapes)
    assert turns_done(restored) == TURNS
    assert restored.get("notes", "after the backup") is None
    with restored.transaction() as changes:
        assert changes.number("filing") == 2
    restored.close()
    store.close()


def test_a_backup_taken_inside_a_transaction_holds_only_what_is_committed(tmp_path, shapes):
    store = TinyStore(tmp_path / "data", tables=shapes)
    (tmp_path / "restored").mkdir()
    with store.transaction() as changes:
        changes.put("notes", {"id": "not yet"})
        store.backup(tmp_path / "restored" / JOURNAL_NAME)
    store.close()
    restored = TinyStore(tmp_path / "restored", tables=shapes)
    assert list(restored.every("notes")) == []
    restored.close()


def test_a_backup_never_replaces_a_file_and_never_leaves_half_of_one(tmp_path, shapes):
    disk = FaultyDisk(error=FULL)
    store = TinyStore(tmp_path / "data", tables=shapes, disk=disk)
    with pytest.raises(BadInput, match="exists already"):
        store.backup(tmp_path / "data" / JOURNAL_NAME)
    with pytest.raises(StoreError, match="could not be written: No such file or directory"):
        store.backup(tmp_path / "nowhere" / "backup")
    disk.fail_at = disk.count + 1
    with pytest.raises(StoreError, match="could not be written: No space left on device"):
        store.backup(tmp_path / "backup")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    run_turns(store, [])
    store.close()


def test_the_size_tells_rows_and_bytes(tmp_path, shapes):
    store = TinyStore(tmp_path / "data", tables=shapes)
    run_turns(store, [])
    size = store.size()
    assert size.rows == {"shipments": 2, "audit": 3, "notes": 1}
    assert size.journal_bytes == (tmp_path / "data" / JOURNAL_NAME).stat().st_size
    assert 0 < size.live_bytes < size.journal_bytes
    assert size.cut_bytes == 0
    store.close()

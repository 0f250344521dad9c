"""The journal file: a torn end is cut off, anything else that is not right is refused with words that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.storage import JOURNAL_NAME, TinyStore
from bot.adapters.storage.lines import HEAD_BYTES, Place, framed
from bot.errors import StoreDamaged, StoreError
from tests.adapters.storage.faulty_disk import UnsyncedDisk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def journal(folder: Path) -> Path:
    return folder / JOURNAL_NAME


def state(folder: Path, shapes) -> list[dict]:
    store = TinyStore(folder, tables=shapes, disk=UnsyncedDisk())
    rows = list(store.every("shipments"))
    store.close()
    return rows


def write_states(folder: Path, shapes, count: int, compact_at: int = -1) -> tuple[list[int], list[list[dict]]]:
    """The file's length and the rows after opening and after each of `count` transactions."""
    store = TinyStore(folder, tables=shapes, disk=UnsyncedDisk())
    lengths, states = [store.size().journal_bytes], [[]]
    for turn in range(count):
        with store.transaction() as changes:
            changes.put("shipments", {"id": f"S-{turn % 3}", "state": "on its way", "turn": turn})
            changes.put("shipments", {"id": f"T-{turn}", "due_at": f"2026-12-{turn:02}"})
        if turn == compact_at:
            store.compact()
            lengths, states = [], []
        lengths.append(store.size().journal_bytes)
        states.append(list(store.every("shipments")))
    store.close()
    return lengths, states


@pytest.mark.parametrize("compact_at", [-1, 2], ids=["as it grew", "after a compaction"])
def test_a_file_cut_at_any_byte_opens_at_the_last_whole_transaction_or_is_refused(folder, journal, shapes, compact_at):
    lengths, states = write_states(folder, shapes, 5, compact_at)
    whole = journal.read_bytes()
    assert len(whole) == lengths[-1]
    for length in range(len(whole)):
        journal.write_bytes(whole[:length])
        if length < lengths[0]:
            with pytest.raises(StoreDamaged):
                state(folder, shapes)
        else:
            expected = max(at for at, known in enumerate(lengths) if known <= length)
            assert state(folder, shapes) == states[expected], length
            assert journal.stat().st_size == lengths[expected]


def telling_bits(whole: bytes) -> list[int]:
    """Every bit of the heads and line ends, which are read as words; one of each byte of a body, over which a sum is taken."""
    starts = [0, *(place + 1 for place, byte in enumerate(whole) if byte == ord("\n"))]
    heads = {start + place for start in starts for place in range(-1, HEAD_BYTES)}
    return [byte * 8 + bit for byte in range(len(whole)) for bit in (range(8) if byte in heads else [byte % 8])]


def test_a_flipped_bit_is_refused_wherever_it_is_and_the_file_left_alone(folder, journal, shapes):
    write_states(folder, shapes, 2)
    whole = journal.read_bytes()
    for bit in telling_bits(whole):
        altered = bytearray(whole)
        altered[bit // 8] ^= 1 << bit % 8
        journal.write_bytes(altered)
        with pytest.raises(StoreDamaged):
            state(folder, shapes)
        assert journal.read_bytes() == altered


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines[:2] + lines[3:],
        lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]],
        lambda lines: [*lines[:3], lines[2], *lines[3:]],
        lambda lines: lines[1:],
        lambda lines: [*lines[:2], b"\n", *lines[2:]],
        lambda lines: [*lines, b"something else that somebody appended to the file by hand\n"],
        lambda lines: [*lines, b"short\n"],
        lambda lines: [*lines[:3], bytes(len(lines[3])), *lines[4:]],
    ],
    ids=[
        "dropped",
        "swapped",
        "doubled",
        "first gone",
        "empty line",
        "foreign line",
        "short foreign line",
        "zeros in the middle",
    ],
)
def test_lines_dropped_swapped_doubled_or_foreign_are_refused(folder, journal, shapes, spoil):
    write_states(folder, shapes, 4)
    journal.write_bytes(b"".join(spoil(journal.read_bytes().splitlines(keepends=True))))
    with pytest.raises(StoreDamaged):
        state(folder, shapes)


@pytest.mark.parametrize("start", [0, 31], ids=["the whole line", "its sum and body under our head"])
@pytest.mark.parametrize("line", [2, -1])
def test_a_sound_line_of_the_same_length_from_another_journal_is_refused(folder, journal, shapes, tmp_path, line, start):
    write_states(folder, shapes, 5)
    write_states(tmp_path / "other", shapes, 5)
    other = (tmp_path / "other" / JOURNAL_NAME).read_bytes().replace(b"on its way", b"at a berth")
    lines = journal.read_bytes().splitlines(keepends=True)
    theirs = resummed(other).splitlines(keepends=True)[line]
    lines[line] = lines[line][:start] + theirs[start:]
    journal.write_bytes(b"".join(lines))
    with pytest.raises(StoreDamaged):
        state(folder, shapes)


def resummed(whole: bytes) -> bytes:
    """The same bodies with sums that fit them."""
    place, lines = Place(), []
    for line in whole.splitlines():
        framed_line, place = framed(line[HEAD_BYTES:], place)
        lines.append(framed_line)
    return b"".join(lines)


def test_the_refusal_names_the_file_the_line_and_what_to_do(folder, journal, shapes):
    write_states(folder, shapes, 4)
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b"on its way", b"on its wax")
    journal.write_bytes(b"".join(lines))
    with pytest.raises(StoreDamaged) as refused:
        state(folder, shapes)
    message = str(refused.value)
    assert f"{journal}, line 3: this line was altered after it was written." in message
    assert "keep a copy of the file, and put the latest backup in its place" in message


@pytest.mark.parametrize("keep", [0, 25, 100])
def test_blocks_of_zeros_that_a_power_cut_left_at_the_end_are_a_torn_end(folder, journal, shapes, keep):
    lengths, states = write_states(folder, shapes, 5)
    whole = journal.read_bytes()
    with journal.open("r+b") as file:
        file.truncate(lengths[-2])
        file.seek(lengths[-2])
        file.write(whole[lengths[-2] :][:keep] + bytes(4096))
    assert state(folder, shapes) == states[-2]
    assert journal.stat().st_size == lengths[-2]


def test_a_last_line_whole_but_for_an_unwritten_block_in_it_is_a_torn_end(folder, journal, shapes):
    lengths, states = write_states(folder, shapes, 5)
    whole = journal.read_bytes()
    start = lengths[-2] + 50
    journal.write_bytes(whole[:start] + bytes(30) + whole[start + 30 :])
    assert state(folder, shapes) == states[-2]


def test_zeros_over_a_last_line_that_other_lines_follow_are_refused(folder, journal, shapes):
    write_states(folder, shapes, 5)
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[-2] = lines[-2][:50] + bytes(len(lines[-2]) - 51) + b"\n"
    journal.write_bytes(b"".join(lines))
    with pytest.raises(StoreDamaged):
        state(folder, shapes)


def test_what_was_cut_off_is_told_and_writing_goes_on_behind_it(folder, journal, shapes):
    lengths, states = write_states(folder, shapes, 3)
    journal.write_bytes(journal.read_bytes()[:-7])
    store = TinyStore(folder, tables=shapes, disk=UnsyncedDisk())
    assert store.size().cut_bytes == lengths[-1] - 7 - lengths[-2]
    with store.transaction() as changes:
        changes.put("shipments", {"id": "after"})
    store.close()
    assert state(folder, shapes) == [*states[-2], {"id": "after"}]


def test_a_partial_copy_of_a_backup_is_refused_even_at_a_line_end(folder, journal, shapes, tmp_path):
    store = TinyStore(folder, tables=shapes, disk=UnsyncedDisk())
    with store.transaction() as changes:
        for number in range(500):
            changes.put("notes", {"id": f"n{number}"})
    store.backup(tmp_path / "backup")
    store.close()
    lines = (tmp_path / "backup").read_bytes().splitlines(keepends=True)
    assert len(lines) > 2
    journal.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(StoreDamaged, match="cut short inside a part that was written whole"):
        state(folder, shapes)


@pytest.mark.parametrize("content", [b"", b"hello\n", b'{"id": "S-1"}\n' * 20])
def test_a_file_that_is_no_journal_is_refused_and_left_alone(folder, journal, shapes, content):
    folder.mkdir()
    journal.write_bytes(content)
    with pytest.raises(StoreDamaged, match="line 1"):
        state(folder, shapes)
    assert journal.read_bytes() == content


def test_a_table_this_version_does_not_know_is_refused(folder, shapes):
    write_states(folder, shapes, 1)
    del shapes["shipments"]
    with pytest.raises(StoreError, match="holds a table 'shipments' this version does not know"):
        TinyStore(folder, tables=shapes)


def test_a_refused_folder_is_not_kept_locked(folder, journal, shapes):
    write_states(folder, shapes, 2)
    whole = journal.read_bytes()
    journal.write_bytes(whole[50:])
    with pytest.raises(StoreDamaged):
        state(folder, shapes)
    journal.write_bytes(whole)
    assert len(state(folder, shapes)) == 4

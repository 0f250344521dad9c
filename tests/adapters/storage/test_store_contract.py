"""What every Store promises, run over each of them."""

from __future__ import annotations

import threading
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import pytest

from bot.adapters.storage import TinyStore
from bot.errors import StoreMisuse, StoreStopped
from tests.fakes.memory_store import MemoryStore

CUT = RuntimeError("the flow failed")


@pytest.fixture(params=["tiny", "memory"])
def store(request, tmp_path: Path, shapes):
    opened = TinyStore(tmp_path / "data", tables=shapes) if request.param == "tiny" else MemoryStore(shapes)
    yield opened
    opened.close()


def put(store, table: str, *rows) -> None:
    with store.transaction() as changes:
        for row in rows:
            changes.put(table, row)


def ids(rows) -> list[str]:
    return [row["id"] for row in rows]


def test_a_row_put_comes_back_by_its_id(store):
    put(store, "shipments", {"id": "S-1", "state": "watched", "lines": [{"hs": "8525.89"}], "net": 1.5, "note": None})
    assert store.get("shipments", "S-1") == {
        "id": "S-1", "state": "watched", "lines": [{"hs": "8525.89"}], "net": 1.5, "note": None,
    }  # fmt: skip


def test_an_unknown_id_is_none_and_tables_are_apart(store):
    put(store, "shipments", {"id": "S-1"})
    assert store.get("shipments", "S-2") is None
    assert store.get("notes", "S-1") is None


def test_put_replaces_the_whole_row(store):
    put(store, "shipments", {"id": "S-1", "state": "watched", "owner": "U1"})
    put(store, "shipments", {"id": "S-1", "state": "left"})
    assert store.get("shipments", "S-1") == {"id": "S-1", "state": "left"}
    assert store.where("shipments", "owner", "U1") == []


def test_a_replaced_row_keeps_its_place_and_a_removed_one_comes_back_at_the_end(store):
    put(store, "notes", {"id": "a"}, {"id": "b"}, {"id": "c"})
    put(store, "notes", {"id": "a", "again": True})
    assert ids(store.every("notes")) == ["a", "b", "c"]
    with store.transaction() as changes:
        changes.remove("notes", "a")
        changes.put("notes", {"id": "a"})
    assert ids(store.every("notes")) == ["b", "c", "a"]


def test_removing_what_is_not_there_does_nothing(store):
    with store.transaction() as changes:
        changes.remove("notes", "nobody")
    assert list(store.every("notes")) == []


def test_where_follows_changes_and_answers_oldest_first(store):
    put(store, "shipments", *({"id": f"S-{n}", "state": "watched"} for n in range(12)))
    put(store, "shipments", {"id": "S-0", "state": "left"}, {"id": "S-5", "state": "left"})
    put(store, "shipments", {"id": "S-0", "state": "watched"})
    assert ids(store.where("shipments", "state", "watched")) == [f"S-{n}" for n in range(12) if n != 5]
    assert ids(store.where("shipments", "state", "left")) == ["S-5"]


def test_up_to_includes_the_limit_smallest_first_and_ties_oldest_first(store):
    put(store, "shipments", {"id": "late", "due_at": "2026-12-03"}, {"id": "b", "due_at": "2026-12-01"})
    put(store, "shipments", {"id": "a", "due_at": "2026-12-01"}, {"id": "z", "due_at": "2026-12-02"}, {"id": "never"})
    assert ids(store.up_to("shipments", "due_at", "2026-12-02", 10)) == ["b", "a", "z"]
    assert ids(store.up_to("shipments", "due_at", "2026-12-02", 2)) == ["b", "a"]
    assert store.up_to("shipments", "due_at", "2026-12-02", 0) == []
    assert store.up_to("shipments", "due_at", "2026-11-30", 10) == []


def test_first_is_the_smallest_and_none_when_nothing_has_the_field(store):
    assert store.first("shipments", "due_at") is None
    put(store, "shipments", {"id": "a", "due_at": "2026-12-02"}, {"id": "b", "due_at": "2026-12-01"})
    assert store.first("shipments", "due_at")["id"] == "b"
    put(store, "shipments", {"id": "b"})
    assert store.first("shipments", "due_at")["id"] == "a"


@pytest.mark.parametrize("absent", [{}, {"due_at": None}, {"due_at": ""}])
def test_a_row_without_a_due_date_is_never_due(store, absent):
    put(store, "shipments", {"id": "a", **absent})
    assert store.first("shipments", "due_at") is None
    assert store.up_to("shipments", "due_at", "9999", 10) == []


def test_an_empty_text_can_be_searched_by_value(store):
    put(store, "shipments", {"id": "a", "owner": ""}, {"id": "b", "owner": None}, {"id": "c"})
    assert ids(store.where("shipments", "owner", "")) == ["a"]


def test_a_transaction_sees_its_own_writes_in_every_kind_of_read(store):
    put(store, "shipments", {"id": "old", "state": "watched", "due_at": "2"}, {"id": "gone", "state": "watched"})
    with store.transaction() as changes:
        changes.put("shipments", {"id": "new", "state": "watched", "due_at": "1"})
        changes.put("shipments", {"id": "old", "state": "watched", "due_at": "3"})
        changes.remove("shipments", "gone")
        assert changes.get("shipments", "new")["due_at"] == "1"
        assert changes.get("shipments", "gone") is None
        assert ids(changes.where("shipments", "state", "watched")) == ["old", "new"]
        assert ids(changes.up_to("shipments", "due_at", "3", 5)) == ["new", "old"]
        assert changes.up_to("shipments", "due_at", "2", 5)[1:] == []
        assert changes.first("shipments", "due_at")["id"] == "new"
        assert ids(changes.every("shipments")) == ["old", "new"]


def test_nobody_else_sees_a_transaction_before_it_ends(store):
    with store.transaction() as changes:
        changes.put("notes", {"id": "n"})
        assert store.get("notes", "n") is None
        assert list(store.every("notes")) == []
    assert store.get("notes", "n") == {"id": "n"}


def test_an_error_inside_rolls_all_tables_back_and_is_passed_on(store):
    put(store, "shipments", {"id": "a", "state": "watched"}, {"id": "b", "state": "watched"})
    with pytest.raises(RuntimeError, match="the flow failed"), store.transaction() as changes:
        changes.remove("shipments", "a")
        changes.put("audit", {"id": "e", "subject": "a"})
        raise CUT
    assert ids(store.where("shipments", "state", "watched")) == ["a", "b"]
    assert store.where("audit", "subject", "a") == []
    put(store, "shipments", {"id": "c", "state": "watched"})
    assert ids(store.every("shipments")) == ["a", "b", "c"]


def test_numbers_count_from_one_for_each_series(store):
    with store.transaction() as changes:
        assert [changes.number("filing"), changes.number("filing"), changes.number("shipment")] == [1, 2, 1]
    with store.transaction() as changes:
        assert changes.number("filing") == 3


def test_a_number_given_in_a_rolled_back_transaction_is_not_given_again(store):
    with pytest.raises(RuntimeError), store.transaction() as changes:
        assert changes.number("filing") == 1
        raise CUT
    with store.transaction() as changes:
        assert changes.number("filing") == 2


def test_what_is_put_and_what_is_read_are_copies(store):
    row = {"id": "a", "state": "watched", "lines": [1]}
    put(store, "shipments", row)
    row["lines"].append(2)
    reads = [
        lambda: store.get("shipments", "a"),
        lambda: store.where("shipments", "state", "watched")[0],
        lambda: next(store.every("shipments")),
    ]
    for read in reads:
        read()["lines"].append(3)
        read()["state"] = "changed"
    assert store.get("shipments", "a") == {"id": "a", "state": "watched", "lines": [1]}


def test_a_row_read_in_a_transaction_changes_nothing_until_it_is_put(store):
    put(store, "shipments", {"id": "a", "state": "watched"})
    with store.transaction() as changes:
        changes.get("shipments", "a")["state"] = "left"
    assert store.get("shipments", "a")["state"] == "watched"


def test_every_is_a_picture_of_the_moment_it_was_asked(store):
    put(store, "notes", {"id": "a"}, {"id": "b"})
    rows = store.every("notes")
    put(store, "notes", {"id": "c"})
    assert ids(rows) == ["a", "b"]


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    "text",
    ["", "深圳市 → Zürich", "tab\tnewline\nnul\0", '"quotes" \\ and \u2028', "\ud83d", "😀", Colour.RED],
    ids=["empty", "chinese", "control", "quotes", "half a surrogate", "emoji", "enum"],
)
def test_any_text_comes_back_as_it_was(store, text):
    put(store, "notes", {"id": f"n{text}", "text": text})
    assert store.get("notes", f"n{text}") == {"id": f"n{text}", "text": text}


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (datetime(2026, 12, 1), r"due\.on is of type datetime"),
        ((1, 2), r"due\.on is of type tuple"),
        ({1, 2}, r"due\.on is of type set"),
        (b"x", r"due\.on is of type bytes"),
        (float("nan"), r"due\.on is not a finite number"),
        (float("inf"), r"due\.on is not a finite number"),
        ({1: "x"}, r"due\.on, key 1, is of type int"),
        ([{"deep": object()}], r"due\.on\[0\]\.deep is of type object"),
    ],
)
def test_what_is_not_json_is_refused_and_named(store, value, named):
    with pytest.raises(StoreMisuse, match=f"notes n: {named}; a row holds text"):
        put(store, "notes", {"id": "n", "due": {"on": value}})
    assert store.get("notes", "n") is None


def test_a_row_that_holds_itself_is_refused(store):
    row: dict = {"id": "n"}
    row["self"] = [row]
    with pytest.raises(StoreMisuse, match="nested too deep or in itself"):
        put(store, "notes", row)


@pytest.mark.parametrize("row", [{}, {"id": ""}, {"id": 7}, {"id": None}])
def test_a_row_without_a_text_id_is_refused(store, row):
    with pytest.raises(StoreMisuse, match='non-empty text under "id"'):
        put(store, "notes", row)


@pytest.mark.parametrize("field", ["state", "due_at"])
def test_a_field_that_is_searched_by_must_be_text(store, field):
    with pytest.raises(StoreMisuse, match=f"shipments S-1: {field} is searched by"):
        put(store, "shipments", {"id": "S-1", field: 20261201})


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: rows.get("nowhere", "x"),
        lambda rows: rows.where("nowhere", "state", "x"),
        lambda rows: rows.up_to("nowhere", "due_at", "x", 1),
        lambda rows: rows.first("nowhere", "due_at"),
        lambda rows: list(rows.every("nowhere")),
        lambda rows: rows.get("_numbers", "filing"),
    ],
)
def test_an_unknown_table_is_refused_inside_and_outside(store, ask):
    with pytest.raises(StoreMisuse, match=r"There is no table '(nowhere|_numbers)'; the known tables are shipments,"):
        ask(store)
    with pytest.raises(StoreMisuse, match="There is no table"), store.transaction() as changes:
        ask(changes)


def test_writing_to_an_unknown_table_is_refused(store):
    with pytest.raises(StoreMisuse, match="There is no table 'nowhere'"):
        put(store, "nowhere", {"id": "a"})
    with pytest.raises(StoreMisuse, match="There is no table 'nowhere'"), store.transaction() as changes:
        changes.remove("nowhere", "a")


@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: rows.where("shipments", "due_at", "x"),
        lambda rows: rows.where("shipments", "colour", "x"),
        lambda rows: rows.up_to("shipments", "state", "x", 1),
        lambda rows: rows.first("notes", "at"),
    ],
)
def test_a_search_without_an_index_is_refused(store, ask):
    with pytest.raises(StoreMisuse, match="has no such index"):
        ask(store)
    with pytest.raises(StoreMisuse, match="has no such index"), store.transaction() as changes:
        ask(changes)


def test_a_transaction_inside_a_transaction_is_refused(store):
    with pytest.raises(StoreMisuse, match="open in this thread"), store.transaction() as changes:
        changes.put("notes", {"id": "a"})
        with store.transaction():
            pass
    assert store.get("notes", "a") is None
    put(store, "notes", {"id": "b"})
    assert ids(store.every("notes")) == ["b"]


@pytest.mark.parametrize(
    "use",
    [
        lambda changes: changes.put("notes", {"id": "a"}),
        lambda changes: changes.remove("notes", "a"),
        lambda changes: changes.number("filing"),
        lambda changes: changes.get("notes", "a"),
    ],
)
def test_a_transaction_is_of_no_use_after_its_block(store, use):
    with store.transaction() as changes:
        pass
    with pytest.raises(StoreMisuse, match="after its block has ended"):
        use(changes)


def test_after_close_nothing_is_written(store):
    store.close()
    with pytest.raises(StoreStopped):
        put(store, "notes", {"id": "a"})
    store.close()


def test_eight_threads_lose_nothing_and_never_share_a_number(store):
    given: list[int] = []

    def work(name: int) -> None:
        for turn in range(100):
            with store.transaction() as changes:
                number = changes.number("filing")
                count = (changes.get("notes", "count") or {"n": 0})["n"]
                changes.put("notes", {"id": "count", "n": count + 1})
                changes.put("shipments", {"id": f"{name}-{turn}", "state": "watched", "due_at": f"{number:05}"})
            given.append(number)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("notes", "count")["n"] == 800
    assert sorted(given) == list(range(1, 801))
    assert len(store.where("shipments", "state", "watched")) == 800
    assert store.first("shipments", "due_at")["due_at"] == "00001"


def test_a_reader_never_sees_half_a_transaction(store):
    put(store, "shipments", {"id": "left", "state": "here"})
    seen: set[int] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(len(store.where("shipments", "state", "here")))

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(150):
        here, gone = ("left", "right") if turn % 2 else ("right", "left")
        with store.transaction() as changes:
            changes.remove("shipments", gone)
            changes.put("shipments", {"id": here, "state": "here"})
    done.set()
    reader.join()
    assert seen == {1}

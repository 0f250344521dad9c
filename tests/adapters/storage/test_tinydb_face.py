"""TinyDB's own methods over the journal: the underscore methods we override must go on being the ones it calls."""

from __future__ import annotations

import pytest
from tinydb import where

from bot.adapters.storage import TinyStore
from bot.errors import StoreMisuse


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def store(folder, shapes):
    opened = TinyStore(folder, tables=shapes)
    with opened.transaction() as changes:
        for number in range(5):
            changes.put("shipments", {"id": f"S-{number}", "state": "watched", "nested": {"n": number}})
    yield opened
    opened.close()


def rows_after_reopening(store, folder, shapes):
    store.close()
    again = TinyStore(folder, tables=shapes)
    rows = {row["id"]: row for row in again.every("shipments")}
    again.close()
    return rows


def test_tinydb_searches_what_no_index_serves(store):
    found = store.table("shipments").search(where("nested").n >= 3)
    assert [row["id"] for row in found] == ["S-3", "S-4"]
    assert len(store.table("shipments")) == 5
    assert store.table("shipments").count(where("state") == "watched") == 5
    assert store.table("shipments").contains(where("id") == "S-1")


def test_a_search_result_that_is_changed_does_not_change_the_next_one(store):
    for _ in range(2):
        found = store.table("shipments").search(where("id") == "S-1")
        assert found == [{"id": "S-1", "state": "watched", "nested": {"n": 1}}]
        found[0]["nested"]["n"] = 99


def test_every_kind_of_tinydb_write_is_durable_and_indexed(store, folder, shapes):
    table = store.table("shipments")
    before = store.size().journal_bytes
    table.insert({"id": "S-5", "state": "new"})
    table.insert_multiple([{"id": "S-6", "state": "new"}, {"id": "S-7"}])
    table.update({"state": "left"}, where("id") == "S-0")
    table.update(lambda row: row["nested"].update(n=70), where("id") == "S-1")
    table.upsert({"id": "S-7", "state": "new"}, where("id") == "S-7")
    table.remove(where("id") == "S-2")
    assert store.size().journal_bytes > before
    assert [row["id"] for row in store.where("shipments", "state", "new")] == ["S-5", "S-6", "S-7"]
    assert [row["id"] for row in store.where("shipments", "state", "left")] == ["S-0"]
    expected = {row["id"]: row for row in store.every("shipments")}
    assert rows_after_reopening(store, folder, shapes) == expected
    assert sorted(expected) == ["S-0", "S-1", "S-3", "S-4", "S-5", "S-6", "S-7"]
    assert expected["S-1"]["nested"] == {"n": 70}


def test_truncating_a_table_empties_it_and_its_indexes(store, folder, shapes):
    store.table("shipments").truncate()
    assert store.where("shipments", "state", "watched") == []
    assert rows_after_reopening(store, folder, shapes) == {}


def test_dropping_all_tables_is_one_transaction_and_keeps_the_numbers(store, folder, shapes):
    with store.transaction() as changes:
        changes.number("filing")
    store.table("shipments").storage.write({})
    assert rows_after_reopening(store, folder, shapes) == {}
    again = TinyStore(folder, tables=shapes)
    with again.transaction() as changes:
        assert changes.number("filing") == 2
    again.close()


def test_an_updater_that_fails_changes_nothing(store, folder, shapes):
    def spoil(row):
        row["state"] = "spoilt"
        if row["id"] == "S-3":
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        store.table("shipments").update(spoil, where("state") == "watched")
    assert len(store.where("shipments", "state", "watched")) == 5
    assert {row["state"] for row in rows_after_reopening(store, folder, shapes).values()} == {"watched"}


@pytest.mark.parametrize(
    "write",
    [
        lambda table: table.insert({"id": "S-1"}),
        lambda table: table.insert_multiple([{"id": "new"}, {"id": "new"}]),
        lambda table: table.update({"id": "S-0"}, where("id") == "S-1"),
    ],
)
def test_two_rows_never_get_one_id(store, write):
    with pytest.raises(StoreMisuse, match=r"has a row with the id .* already"):
        write(store.table("shipments"))
    assert len(list(store.every("shipments"))) == 5


def test_a_tinydb_write_inside_a_transaction_of_the_same_thread_is_refused(store):
    with pytest.raises(StoreMisuse, match="through the transaction"), store.transaction() as changes:
        changes.put("notes", {"id": "n"})
        store.table("shipments").insert({"id": "S-9"})
    assert store.get("notes", "n") is None
    assert store.get("shipments", "S-9") is None


def test_the_storage_reads_as_tinydb_expects(store):
    data = store.table("shipments").storage.read()
    assert data == {"shipments": {str(n + 1): {"id": f"S-{n}", "state": "watched", "nested": {"n": n}} for n in range(5)}}

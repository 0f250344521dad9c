"""`filingdesk shipments import`: compared before anything is stored, columns remembered, a second time nothing doubles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.adapters.storage import open_store
from bot.app import open_desk, read_files
from bot.desk.records import shipments
from bot.settings import load_settings

DAY = (datetime.now(UTC) + timedelta(days=200)).date()
HEAD = "number,product,destination,etd\n"
GOOD = f"SO-1,FaceGate 300,Germany,{DAY}\nSO-2,F-Lock,France,{DAY}\n"


def table(house, text: str, name: str = "orders.csv") -> Path:
    path = house.folder / name
    path.write_text(text, encoding="utf-8")
    return path


def numbers(house) -> list[str]:
    store = open_store(house.folder / "data")
    found = [one.number for one in shipments(store)]
    store.close()
    return found


def test_a_dry_run_says_what_would_come_and_leaves_nothing_behind(house) -> None:
    done = house.run("shipments", "import", table(house, HEAD + GOOD), "--dry-run")
    assert (done.exit_code, "New 2, changed 0" in done.output) == (0, True)
    assert "Nothing is stored" in done.output
    assert not (house.folder / "data").exists()


def test_a_table_is_imported_by_number_and_a_second_time_nothing_changes(house) -> None:
    path = table(house, HEAD + GOOD)
    assert "2 added" in house.run("shipments", "import", path).output
    moved = table(house, HEAD + GOOD.replace(f"Germany,{DAY}", f"Germany,{DAY + timedelta(days=7)}"))
    dry = house.run("shipments", "import", moved, "--dry-run")
    assert "New 0, changed 1, as before 1" in dry.output
    assert "SO-1: ETD" in dry.output
    assert "1 changed, 1 as before" in house.run("shipments", "import", moved).output
    assert "2 as before" in house.run("shipments", "import", moved).output
    assert numbers(house) == ["SO-1", "SO-2"]
    assert not list((house.folder / "data" / "imports").iterdir())


def test_shipments_of_version_0_1_are_found_by_their_filing_once_the_bot_has_opened_the_store(house) -> None:
    house.run("shipments", "import", table(house, HEAD + GOOD))
    store = open_store(house.folder / "data")
    with store.transaction() as tx:
        row = {key: value for key, value in (tx.get("shipments", "S-1") or {}).items() if key != "goods"}
        tx.put("shipments", row | {"product": "FaceGate 300", "filing": "F-7", "verdict": "in_scope"})
    open_desk(read_files(load_settings()), store)
    assert [row["number"] for row in store.where("shipments", "goods.filing", "F-7")] == ["SO-1"]
    store.close()


def test_with_mistakes_nothing_is_stored_unless_the_good_lines_are_asked_for(house) -> None:
    path = table(house, HEAD + GOOD + "SO-3,F,Atlantis,2026-02-30\nSO-4,F,Germany,2020-01-01\nSO-1,F,France,2027-09-01\n")
    refused = house.run("shipments", "import", path)
    assert refused.exit_code == 2
    for part in ("orders.csv:4:3:", "Atlantis", "orders.csv:4:4:", "orders.csv:5:4:", "1 Jan 2020", "SO-1 is already on line 2"):
        assert part in refused.output
    assert "1 added" in house.run("shipments", "import", path, "--good-lines").output
    assert numbers(house) == ["SO-2"]


def test_columns_named_once_are_known_for_the_next_table_with_these_headings(house) -> None:
    strange = "Order ref,Material,Land,Ex-works date\n"
    asked = house.run("shipments", "import", table(house, strange + GOOD))
    assert asked.exit_code == 2
    assert "the column 'number' is missing" in asked.output
    assert '--column "number=Order ref"' in " ".join(asked.output.split())
    said = [word for column in ("number=Order ref", "product=Material", "destination=Land", "etd=Ex-works date")
            for word in ("--column", column)]
    assert "2 added" in house.run("shipments", "import", table(house, strange + GOOD), *said).output
    again = house.run("shipments", "import", table(house, strange.upper() + GOOD.replace("SO-", "SO-1"), "next.csv"))
    assert "2 added" in again.output
    assert house.run("shipments", "import", table(house, strange + GOOD), "--column", "etd").exit_code == 2

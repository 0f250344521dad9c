"""Tables in Slack: how far a long one is stands in its one message, and after a stop the import goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.import_folder import ImportFolder
from bot.adapters.storage import open_store
from bot.datafiles.shipment_fields import Readers
from bot.datafiles.shipment_tables import read_shipments, table_signature
from bot.desk.records import shipments
from bot.flows.import_shipments import begin, interrupted
from bot.replies import Reply
from handlers.office import Office
from handlers.shipment_tables import TableRoom, import_wish
from tests.fakes.desk import ANA, Day
from tests.fakes.fake_chat import actions_of, words_of

READERS = Readers(lambda place: place, date.fromisoformat)
KEY = "C1:1:F1"
QUOTES = str.maketrans("“”", '""')


class Running:
    """A clock on which every look takes a second, and a waker that delivers at once."""

    def __init__(self, day: Day, seen: Callable[[], None]) -> None:
        self._day, self._seen = day, seen

    def now(self) -> datetime:
        self._day.now += timedelta(seconds=1)
        return self._day.now

    def kick(self) -> None:
        self._seen()


@pytest.fixture
def house(tmp_path: Path) -> Any:
    store = open_store(tmp_path / "data")
    yield House(Day(store=store), tmp_path)
    store.close()


class House:
    """A room for tables at a desk, and every wording its message had."""

    def __init__(self, day: Day, folder: Path) -> None:
        self.day, self.said, self.folder = day, list[str](), ImportFolder(folder)
        clock = Running(day, self._look)
        office = Office(day.desk, clock, day.chat, clock, (), lambda _reply: [], lambda _reply: "")
        self.room = TableRoom(office, self.folder, lambda path: read_shipments(path, READERS), lambda _file, _path: None,
                              lambda path: table_signature(path, READERS))

    def table(self, lines: int) -> None:
        rows = "".join(f"SO-{n},Frobnicator 9,DE,2026-12-18\n" for n in range(lines))
        self.folder.place(KEY, "orders.csv").write_text("number,product,destination,etd\n" + rows)

    def offered(self, *rows: str) -> Reply:
        self.folder.place(KEY, "orders.csv").write_text("number,product,destination,qty,etd\n" + "\n".join(rows))
        return self.room.offered(KEY, ANA)

    def _look(self) -> None:
        self.day.work()
        self.said += [words_of(one.reply) for one in self.day.chat.named(f"table:{KEY}")]


def test_how_far_it_is_stands_in_one_message_that_ends_with_the_offer_and_then_the_outcome(house: House) -> None:
    house.table(1200)
    house.room.said(KEY, ANA, house.room.offered(KEY, ANA))
    assert any(house.day.phrase("table.reading") in said for said in house.said)
    message, = house.day.chat.named(f"table:{KEY}")
    assert actions_of(message.reply) == ["import_shipments"]
    begin(house.day.desk, KEY, "en")
    house.room.imported(KEY)
    assert any("of 1,200" in said for said in house.said)
    message, = house.day.chat.named(f"table:{KEY}")
    assert house.day.desk.words.say("en", "table.imported", added=1200, updated=0, unchanged=0) in words_of(message.reply)
    assert message.edits > 2


def test_after_a_start_an_interrupted_import_goes_on_and_tells_whoever_sent_it(house: House) -> None:
    house.table(5)
    house.room.said(KEY, ANA, house.room.offered(KEY, ANA))
    begin(house.day.desk, KEY, "en")  # and here the program stops
    house.room.take_up_interrupted()
    assert len(shipments(house.day.store)) == 5
    assert interrupted(house.day.store) == []
    assert house.day.phrase("table.imported").split(":")[0] in house.said[-1]


def test_a_wish_from_the_command_line_may_be_worked_off_twice(house: House) -> None:
    house.table(3)
    house.room.offered(KEY, ANA)
    wish = {"key": KEY, "name": "orders.csv", "by": "me", "columns": {}, "signature": ""}
    assert import_wish(house.room, wish) == import_wish(house.room, wish)
    assert len(shipments(house.day.store)) == 3


GOOD = "SO-1,FaceGate 300,DE,40,2026-12-18"


def test_a_product_nobody_knows_is_named_once_at_its_place_and_can_still_be_imported(house: House) -> None:
    reply = house.offered(GOOD, "SO-2,FaceGat 300,DE,1,2026-12-18", "SO-3,Frobnicator 9,DE,1,2026-12-18",
                          "SO-4,FaceGat 300,DE,1,2026-12-18")
    first, second = reply.bullets
    assert "line 3, column 2: “FaceGat 300” is not in the catalogue" in first
    assert 'did you mean "FaceGate 300"?' in first.translate(QUOTES)
    assert "line 4, column 2: “Frobnicator 9”" in second
    assert house.day.desk.words.say("en", "table.strange", n=2) in reply.lines
    assert actions_of(reply) == ["import_shipments"]


def test_an_alias_of_the_catalogue_is_no_strange_product(house: House) -> None:
    rows = [GOOD.replace("SO-1,FaceGate 300", said) for said in ("SO-1,FG300", "SO-2,facegate 300", "SO-3,FG-300")]
    assert not house.offered(*rows).bullets


def test_a_table_with_an_alias_changes_nothing_of_what_is_kept_under_the_catalogues_name(house: House) -> None:
    house.offered(GOOD)
    begin(house.day.desk, KEY, "en")
    house.room.imported(KEY)
    moved = house.offered(GOOD.replace("FaceGate 300", "FG300").replace("12-18", "12-19"))
    assert "FG300" not in words_of(moved)
    assert "19 Dec 2026" in words_of(moved)


def test_a_past_etd_and_a_quantity_that_is_none_are_told_at_their_columns(house: House) -> None:
    reply = house.offered(GOOD, "SO-2,FaceGate 300,DE,-40,2026-12-18", "SO-3,FaceGate 300,DE,4,2026-01-05")
    assert [said for said in reply.bullets if "line 3, column 4: “-40”" in said]
    assert [said for said in reply.bullets if "line 4, column 5: SO-3" in said]
    assert house.day.desk.words.say("en", "table.title", good=1, bad=2) in reply.headline


def test_a_table_that_changes_nothing_says_so_and_offers_nothing(house: House) -> None:
    house.offered(GOOD)
    begin(house.day.desk, KEY, "en")
    house.room.imported(KEY)
    reply = house.offered(GOOD)
    assert house.day.desk.words.say("en", "table.nothing_changes") in reply.lines
    assert not reply.choices
    more = house.offered(GOOD, GOOD.replace("SO-1", "SO-2"))
    assert more.choices[0].label == house.day.desk.words.say("en", "table.import", n=1)

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
from handlers.office import Office
from handlers.shipment_tables import TableRoom, import_wish
from tests.fakes.desk import ANA, Day
from tests.fakes.fake_chat import actions_of, words_of

READERS = Readers(lambda place: place, date.fromisoformat)
KEY = "C1:1:F1"


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

    def _look(self) -> None:
        self.day.work()
        self.said += [words_of(one.reply) for one in self.day.chat.named(f"table:{KEY}")]


def test_how_far_it_is_stands_in_one_message_that_ends_with_the_offer_and_then_the_outcome(house: House) -> None:
    house.table(3000)
    house.room.said(KEY, ANA, house.room.offered(KEY, ANA))
    assert any(house.day.phrase("table.reading") in said for said in house.said)
    message, = house.day.chat.named(f"table:{KEY}")
    assert actions_of(message.reply) == ["import_shipments"]
    begin(house.day.desk, KEY, "en")
    house.room.imported(KEY)
    assert any("of 3,000" in said for said in house.said)
    message, = house.day.chat.named(f"table:{KEY}")
    assert house.day.desk.words.say("en", "table.imported", added=3000, updated=0, unchanged=0) in words_of(message.reply)
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

"""`filingdesk lists import`: compared by anybody, published by two, beside the running bot or without it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.adapters.inbox_folder import InboxFolder
from bot.adapters.storage import open_store, read_store
from bot.app import open_desk, read_files
from bot.domain.market_list import MarketList
from bot.settings import load_settings
from handlers.inbox import work_off

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
VERSION = "2027-01-01"


def given(house, *options: str):
    """The list imported with these options: exit status and all that was said."""
    path = house.folder / "list.csv"
    path.write_text("code\nDE\nFR\n", encoding="utf-8")
    done = house.run("lists", "import", path, "--source", "https://example.com/list", "--effective", VERSION, "--confirm",
                     *options)
    return done.exit_code, " ".join((done.stdout + done.stderr).split())


def published(rows) -> list[tuple[str, str]]:
    """Who published it, and who had compared it."""
    return [(line["by"], line["details"]["compared_by"]) for line in rows.every("audit")
            if line["act"] == "list published" and line["subject"].endswith(VERSION)]


def recorded(rows) -> list[str]:
    return [row["recorded_by"] for row in rows.every("lists") if row["id"].endswith(VERSION)]


@pytest.mark.parametrize("people", [
    (), ("--by", "Ana"), ("--confirmed-by", "Ana"), ("--by", "Ana", "--confirmed-by", "Ana"),
    ("--by", "Ana Duarte", "--confirmed-by", "ana  duarte "), ("--by", " ", "--confirmed-by", "Bo")])
def test_one_person_alone_publishes_nothing(house, people) -> None:
    status, said = given(house, "--publish", *people)
    assert status != 0
    assert "--confirmed-by ANOTHER" in said
    assert not (house.folder / "data" / "filingdesk.journal").exists()


def test_anybody_may_compare_and_is_told_how_it_is_published(house) -> None:
    status, said = given(house)
    assert status == 0
    assert "--confirmed-by" in said


def test_two_people_publish_and_both_stand_in_the_audit_trail(house) -> None:
    status, said = given(house, "--publish", "--by", "Ana", "--confirmed-by", "Bo")
    assert status == 0, said
    rows = read_store(house.folder / "data")
    assert (recorded(rows), published(rows)) == (["Ana"], [("Bo", "Ana")])


@pytest.fixture
def running(house):
    """A bot that holds the store and works off its inbox once a wish lies there."""
    store = open_store(house.folder / "data")
    office = SimpleNamespace(desk=open_desk(read_files(load_settings()), store), now=lambda: NOW,
                             waker=SimpleNamespace(kick=lambda: None))
    yield house, office
    store.close()


def test_the_running_bot_publishes_for_two_people_too(running) -> None:
    house, office = running
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            work_off(office, InboxFolder(house.folder / "data"), frozenset({"DE", "FR"}), str)

    bot = threading.Thread(target=work)
    bot.start()
    try:
        status, said = given(house, "--publish", "--by", "Ana", "--confirmed-by", "Bo")
    finally:
        over.set()
        bot.join()
    assert status == 0, said
    assert (recorded(office.desk.store), published(office.desk.store)) == (["Ana"], [("Bo", "Ana")])


@pytest.mark.parametrize(("second", "said"), [("", "two people"), ("Ana", "second person")])
def test_the_running_bot_refuses_one_person_whatever_the_command_sent(running, second: str, said: str) -> None:
    house, office = running
    new = MarketList(office.desk.ruleset, VERSION, NOW.date(), "x", "Ana", NOW.date(), members=()).to_row()
    inbox = InboxFolder(house.folder / "data")
    name = inbox.leave({"act": "publish_list", "list": new, "confirmed": True} | ({"confirmed_by": second} if second else {}))
    work_off(office, inbox, frozenset({"DE", "FR"}), str)
    answer = inbox.wait(name, 1)
    assert (answer["ok"], said in answer["said"]) == (False, True)
    assert not recorded(office.desk.store)

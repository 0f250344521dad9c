"""Which version of the market list counts on a day, found without reading all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.app import open_desk, read_files
from bot.desk.records import list_in_force, lists_coming, market_lists
from bot.domain.market_list import Market, MarketList, in_force, taking_effect
from bot.settings import load_settings
from tests.fakes.desk import ROOT, RULESET
from tests.fakes.memory_store import MemoryStore

DAY = date(2026, 11, 23)
OFFSETS = st.integers(-400, 400)
VERSIONS = st.lists(st.tuples(st.sampled_from([RULESET, "another"]), OFFSETS, OFFSETS), max_size=40)


def filled(versions) -> MemoryStore:
    store = MemoryStore()
    with store.transaction() as tx:
        for number, (ruleset, effective, recorded) in enumerate(versions):
            days = DAY + timedelta(days=effective), DAY + timedelta(days=recorded)
            tx.put("lists", MarketList(ruleset, f"v{number}", days[0], "Notice", "Dev", days[1]).to_row())
    return store


@given(VERSIONS)
def test_it_is_the_one_that_reading_all_versions_finds(versions) -> None:
    store = filled(versions)
    assert list_in_force(store, RULESET, DAY) == in_force(market_lists(store, RULESET), DAY)


@given(VERSIONS)
def test_those_to_come_are_the_ones_that_reading_all_versions_finds(versions) -> None:
    store = filled(versions)
    coming = lists_coming(store, RULESET, DAY)
    assert coming == taking_effect(market_lists(store, RULESET), DAY)
    assert [entry.effective for entry in coming] == sorted({entry.effective for entry in coming})
    assert all(entry.effective > DAY and entry.ruleset == RULESET for entry in coming)


def test_of_hundreds_of_versions_only_a_few_are_read() -> None:
    store = filled([(RULESET, -number, -number) for number in range(300)])
    read: list[int] = []

    class Counting:
        def up_to(self, *asked):
            found = store.up_to(*asked)
            read.append(len(found))
            return found

    found = list_in_force(Counting(), RULESET, DAY)  # type: ignore[arg-type]  # nothing else is asked
    assert found is not None
    assert found.version == "v0"
    assert sum(read) <= 4


def test_lists_recorded_by_an_older_version_are_found_after_the_next_start() -> None:
    store = MemoryStore()
    shipped = MarketList(RULESET, "mine", date(2026, 7, 1), "Notice", "Dev", date(2026, 7, 1), members=(Market("DE"),))
    with store.transaction() as tx:
        tx.put("lists", {key: value for key, value in shipped.to_row().items() if key != "newest_first"})
    assert list_in_force(store, RULESET, DAY) is None
    settings = load_settings(FILINGDESK_RULESETS=ROOT / "rulesets", FILINGDESK_CONFIG=ROOT / "config")
    open_desk(read_files(settings), store)
    assert list_in_force(store, RULESET, DAY) == replace(shipped)

"""Market lists: what is unknown stays unknown, and a doubtful list needs a person."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.market_list import Market, MarketList, diff, guard, in_force
from bot.domain.wording import Wording

CODES = {"DE", "FR", "NO", "SA", "TR", "BR"}
REPORTED = MarketList("trial", "2026-06-01", date(2026, 6, 1), "press", "A. Officer", date(2026, 6, 7), count_reported=27)
GERMANY, FRANCE = Market("DE", Wording("Germany", "德国"), "declaration"), Market("FR", requirement="none")
NORWAY, ARABIA = Market("NO"), Market("SA")
NAMED = replace(REPORTED, version="2", effective=date(2026, 9, 1), count_reported=None, members=(GERMANY, FRANCE, NORWAY))


def kinds(doubts):
    return [doubt.kind for doubt in doubts]


def test_a_reported_count_never_says_whether_a_market_is_listed():
    assert (REPORTED.lists("DE"), REPORTED.market("DE"), REPORTED.members_known) == (None, None, False)
    assert (NAMED.lists("DE"), NAMED.lists("SA")) == (True, False)


@pytest.mark.parametrize("entry", [REPORTED, NAMED, replace(NAMED, published_on=date(2026, 8, 30), note=Wording("a", "甲"))])
def test_a_list_survives_being_stored(entry):
    assert MarketList.from_row(json.loads(json.dumps(entry.to_row()))) == entry


def test_two_lists_differ_by_what_is_added_removed_and_reworded():
    after = replace(NAMED, version="3", members=(replace(GERMANY, requirement="declaration and test"), NORWAY, ARABIA))
    found = diff(NAMED, after)
    assert ([m.code for m in found.added], [m.code for m in found.removed]) == (["SA"], ["FR"])
    [pair] = found.reworded
    assert (pair.before.requirement, pair.after.requirement) == ("declaration", "declaration and test")
    assert found.codes == {"DE", "SA", "FR"}


def test_a_list_does_not_differ_from_itself():
    assert diff(NAMED, NAMED).empty
    assert diff(REPORTED, REPORTED).empty


def test_markets_named_for_the_first_time_are_not_called_added():
    found = diff(REPORTED, NAMED)
    assert (found.added, found.named) == ((), (GERMANY, FRANCE, NORWAY))


def test_markets_no_longer_named_are_not_called_removed():
    found = diff(NAMED, replace(REPORTED, version="3"))
    assert (found.removed, found.unnamed) == ((), (GERMANY, FRANCE, NORWAY))


def test_the_first_list_names_its_markets():
    assert diff(None, NAMED).named == (GERMANY, FRANCE, NORWAY)


def test_a_changed_reported_count_is_a_difference():
    assert not diff(REPORTED, replace(REPORTED, version="2", count_reported=28)).empty


def test_a_sound_list_raises_no_doubt():
    assert guard(NAMED, REPORTED, CODES, confirmed=True) == ()
    assert guard(replace(NAMED, version="3"), NAMED, CODES) == ()


@pytest.mark.parametrize("empty", [replace(NAMED, version="3", members=()), replace(REPORTED, version="3", count_reported=None)])
def test_an_empty_list_is_refused_even_when_confirmed(empty):
    assert "empty" in kinds(guard(empty, None, CODES, confirmed=True))


def test_a_list_suddenly_half_as_long_needs_confirmation():
    long = replace(NAMED, members=tuple(map(Market, ("DE", "FR", "NO", "SA"))))
    short = replace(NAMED, version="3", members=tuple(map(Market, ("DE", "FR"))))
    [doubt] = guard(short, long, CODES)
    assert doubt.kind == "halved"
    assert str(doubt) == "the list has 2 markets, the one before had 4; confirm that it is really so much shorter"
    assert guard(short, long, CODES, confirmed=True) == ()
    assert guard(replace(short, members=tuple(map(Market, ("DE", "FR", "NO")))), long, CODES) == ()


def test_three_named_markets_against_27_reported_need_confirmation():
    assert kinds(guard(NAMED, REPORTED, CODES)) == ["halved"]


def test_a_list_must_not_take_effect_before_its_predecessor():
    assert kinds(guard(replace(NAMED, version="3", effective=date(2026, 8, 31)), NAMED, CODES, confirmed=True)) == ["earlier"]


def test_the_same_version_twice_is_refused():
    assert kinds(guard(NAMED, NAMED, CODES)) == ["same_version"]


def test_unknown_and_repeated_codes_are_named_once_each():
    odd = replace(NAMED, version="3", members=(GERMANY, GERMANY, Market("UK"), NORWAY))
    assert [(d.kind, d.about) for d in guard(odd, NAMED, CODES)] == [("unknown_code", ("UK",)), ("duplicate", ("DE",))]


def test_a_count_that_differs_from_the_names_needs_confirmation():
    assert kinds(guard(replace(NAMED, version="3", count_reported=4), NAMED, CODES)) == ["count_differs"]


def test_the_list_in_force_is_the_latest_effective_one_known_on_that_day():
    later = replace(NAMED, recorded_on=date(2026, 10, 1))
    both = (REPORTED, later)
    assert in_force(both, date(2026, 5, 31)) is None
    assert in_force(both, date(2026, 8, 31)) == REPORTED
    assert in_force(both, date(2026, 9, 1)) == later
    assert in_force(both, date(2026, 9, 15), known_at=date(2026, 9, 15)) == REPORTED

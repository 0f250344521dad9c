"""Days no calendar has: found where they are written as a ship date, told with the reason, and never taken for another day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.departure import departing, time_behind
from bot.domain.leaving import leaving_in, time_said
from bot.domain.no_day import calendar_day, day_in, doubted, undated
from bot.domain.reading import read
from bot.errors import BadDate, BadInput
from tests.fakes.desk import make_desk

TODAY = date(2026, 6, 15)


def reading(text: str):
    return read(text, TODAY, make_desk().lexicon)


@pytest.mark.parametrize(("text", "said", "instead"), [
    ("船期改到2月30日", "2月30日", date(2027, 2, 28)), ("move SO-1 to Feb 30", "Feb 30", date(2027, 2, 28)),
    ("ETD 31 April", "31 April", date(2027, 4, 30)), ("ETD 2026-13-05", "2026-13-05", date(2026, 5, 13)),
    ("ETD 20260230", "20260230", date(2026, 2, 28)), ("ETD 31/4/2027", "31/4/2027", date(2027, 4, 30)),
    ("船期2027年2月29号", "2027年2月29号", date(2027, 2, 28)), ("ETD 31 September", "31 September", date(2026, 9, 30)),
    ("FaceGate 300 to Oslo, leaving 32 December", "32 December", date(2026, 12, 31)),
    ("ETD 2026-99-88", "2026-99-88", date(2026, 12, 31))])
def test_a_day_no_calendar_has_is_doubted_in_its_own_words_with_one_that_there_is(text: str, said: str, instead: date) -> None:
    found = [none for doubt in reading(text).doubts if (none := doubted(doubt))]
    assert [(none.said, none.instead) for none in found] == [(said, instead)]
    with pytest.raises(BadDate, match=said):
        day_in(reading(text))


@pytest.mark.parametrize("text", [
    "3月40台发汉堡", "We ship 40 may leave in June", "Ship 50 Dec 12 to Oslo", "guarded 24/7, ship to Oslo", "ETD Feb 29",
    "发货3月5日", "the tender closes on 31 April"])
def test_what_is_no_impossible_ship_date_is_not_called_one(text: str) -> None:
    assert undated(reading(text)) is None


def test_a_date_that_can_be_read_as_two_is_asked_back_with_both() -> None:
    with pytest.raises(BadDate, match="2027-08-12 / 2027-12-08"):
        day_in(reading("ETD 12/08/2027"))


@pytest.mark.parametrize(("text", "said"), [
    ("ETD 30 April 2127", "30 April 2127"), ("ETD April 30, 2127", "April 30, 2127"),
    ("FaceGate 300 to Oslo 2127-04-30", "2127-04-30"),
    ("ETD 30.04.2127", "30.04.2127"), ("船期2127年4月30日", "2127年4月30日"), ("船期2127-04-30", "2127-04-30"),
    ("二一二七年四月三十日发货", "二一二七年四月三十日"), ("ETD 30 April 3027.", "30 April 3027"),
    ("ETD 30 April 2046", "30 April 2046")])
def test_a_year_nobody_plans_for_is_doubted_with_the_next_such_day_and_never_taken_for_another(text: str, said: str) -> None:
    there = reading(text)
    assert there.ship_date is None
    assert [(none.said, none.kind, none.instead) for doubt in there.doubts if (none := doubted(doubt))] == [
        (said, "too_far", date(2027, 4, 30))]
    with pytest.raises(BadDate, match=said) as told:
        day_in(there)
    assert told.value.code == "too_far"


@pytest.mark.parametrize(("text", "day"), [
    ("ETD 30 April 2036", date(2036, 4, 30)), ("as of 30 April 1999, leaving 30 April 1999", date(1999, 4, 30)),
    ("leaving 1999-04-30", date(1999, 4, 30)), ("leaving 30 April, 2100 pcs of FaceGate 300", date(2027, 4, 30)),
    ("ship 2500 FaceGate 300 on 30 April", date(2027, 4, 30)), ("leaving 30 April 2500 FaceGate 300", date(2027, 4, 30)),
    ("ETD 30 April 27", date(2027, 4, 30))])
def test_a_year_of_four_digits_is_taken_as_it_stands_and_a_count_is_no_year(text: str, day: date) -> None:
    assert reading(text).ship_date == day


@given(st.integers(1900, 2100), st.integers(0, 99), st.integers(0, 99))
def test_digits_are_a_date_or_say_why_not(year: int, month: int, day: int) -> None:
    try:
        there = date(year, month, day)
    except ValueError:
        with pytest.raises(BadDate) as told:
            calendar_day(f"{year}-{month:02d}-{day:02d}")
        assert date.fromisoformat(str(told.value.said["instead"])).year == year
    else:
        assert calendar_day(f"{year}-{month:02d}-{day:02d}") == there


@pytest.mark.parametrize("text", ["", "soon", "12 Dec", "2026-12-12 18:00"])
def test_what_is_not_in_digits_is_left_to_others(text: str) -> None:
    assert calendar_day(text) is None


@pytest.mark.parametrize(("behind", "said"), [
    (" 18:00", "18:00"), (", at 18:00 Europe/Berlin", "18:00 Europe/Berlin"),
    ("T10:00Z", "10:00Z"), (" Asia/Tokyo", "Asia/Tokyo"),
    (" 18:00 +08:00", "18:00 +08:00"), (" and 18:00", ""), (" FOB/CIF", ""), ("", ""), (" Hamburg/Bremen", "")])
def test_a_time_or_zone_counts_where_it_stands_right_behind_the_date(behind: str, said: str) -> None:
    assert time_behind(f"ETD 2026-12-12{behind}", 14) == said


def test_the_time_behind_a_date_is_known_whether_there_is_such_a_day_or_not() -> None:
    assert time_said(reading("SO-1 ETD Feb 30 18:00 Europe/Berlin")) == "18:00 Europe/Berlin"
    found = leaving_in(reading("SO-1 ETD 12 Dec 18:00 Europe/Berlin"), "Asia/Shanghai")
    assert found
    assert (found.day, found.at) == (date(2026, 12, 12), datetime(2026, 12, 12, 17, tzinfo=UTC))
    with pytest.raises(BadInput, match="no time zone"):
        leaving_in(reading("SO-1 ETD 12 Dec 18:00 Mars/Base"), "Asia/Shanghai")


@pytest.mark.parametrize("said", ["abc:de", "6:00 pm", "Europe/Berlin 18:00", "12:5", "25:00", ":"])
def test_what_is_no_time_of_day_is_told_and_never_an_error_of_ours(said: str) -> None:
    with pytest.raises(BadDate, match="is no time of day") as told:
        departing(date(2026, 12, 12), said, "Asia/Shanghai")
    assert told.value.code == "no_hour"


def test_the_colon_of_a_chinese_keyboard_is_a_colon() -> None:
    assert departing(date(2026, 12, 12), "18：00", "Asia/Shanghai").at == datetime(2026, 12, 12, 10, tzinfo=UTC)

"""Working days as they are published: China's make-up days, other markets, years nobody has announced yet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import holidays
import pytest

from bot.adapters.holiday_calendar import HolidayCalendar, HolidayCalendars

MAKE_UP = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]


@pytest.mark.parametrize("day", MAKE_UP)
def test_a_weekend_that_makes_up_for_a_holiday_is_worked(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert HolidayCalendar("CN").is_working_day(date.fromisoformat(day))


def test_no_other_weekend_of_china_2026_is_worked() -> None:
    china, days = HolidayCalendar("CN"), (date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    assert [day.isoformat() for day in days if day.weekday() >= 5 and china.is_working_day(day)] == MAKE_UP


@pytest.mark.parametrize("day", ["2026-02-17", "2026-10-01", "2026-05-01"])
def test_the_great_holidays_are_not_worked(day: str) -> None:
    assert not HolidayCalendar("CN").is_working_day(date.fromisoformat(day))


def test_a_year_is_estimated_exactly_while_the_library_has_no_notice_for_it() -> None:
    china, announced = HolidayCalendar("CN"), holidays.country_holidays("CN").special_public_holidays
    assert {year: china.is_estimated(date(year, 6, 1)) for year in (2025, 2026, 2027, 2028)} == {
        year: year not in announced for year in (2025, 2026, 2027, 2028)}
    assert not china.is_estimated(date(2026, 6, 1))


def test_a_market_that_announces_nothing_by_the_year_is_not_estimated() -> None:
    assert not HolidayCalendar("DE").is_estimated(date(2031, 1, 1))


@pytest.mark.parametrize(
    ("zone", "market"),
    [
        ("Asia/Shanghai", "CN"), ("Asia/Urumqi", "CN"), ("Asia/Chongqing", "CN"), ("Asia/Hong_Kong", "HK"), ("Asia/Macau", "MO"),
        ("Asia/Taipei", "TW"), ("Europe/Berlin", "DE"), ("Asia/Kolkata", "IN"), ("Asia/Calcutta", "IN"), ("Asia/Saigon", "VN"),
        ("America/Los_Angeles", "US"), ("US/Pacific", "US"), ("Asia/Dubai", "AE"),
    ],
)
def test_a_zone_has_the_working_days_of_its_market(zone: str, market: str) -> None:
    assert HolidayCalendars("CN").of_zone(zone).market == market


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+3", "Mars/Olympus", "", "Antarctica/Troll"])
def test_a_zone_of_no_market_has_the_desks_working_days(zone: str) -> None:
    assert HolidayCalendars("CN").of_zone(zone).market == "CN"


def test_the_weekend_is_that_of_the_market() -> None:
    dubai, berlin = HolidayCalendars().of_zone("Asia/Dubai"), HolidayCalendars().of_zone("Europe/Berlin")
    assert not berlin.is_working_day(date(2026, 11, 28))
    assert berlin.is_working_day(date(2026, 11, 27))
    assert not dubai.is_working_day(date(2026, 11, 29))


def test_a_calendar_is_made_once_for_a_market() -> None:
    known = HolidayCalendars()
    assert known.of_zone("Asia/Shanghai") is known.of_zone("Asia/Urumqi")


def test_many_threads_asking_for_a_new_year_get_the_same_right_answer() -> None:
    for _ in range(15):
        china = HolidayCalendar("CN")
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(china.is_working_day, [date(2026, 10, 10), date(2026, 10, 1)] * 20))
        assert said == [True, False] * 20

"""When something leaves: a date alone is never converted, a time names an instant, and zones that do not exist are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.departure import Departure, departure, known_zone
from bot.errors import BadDate, BadInput

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/")))
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read(said: str, zone: str = "Asia/Shanghai") -> Departure | None:
    return departure(said, zone, iso)


@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_a_date_alone_is_that_date_in_every_zone(day: date, zone: str) -> None:
    assert read(day.isoformat(), zone) == Departure(day, zone)


@given(day=DAYS, zone=st.sampled_from(ZONES), hour=st.integers(0, 23))
def test_a_local_time_is_an_instant_whose_date_there_is_the_date_written(day: date, zone: str, hour: int) -> None:
    try:
        found = read(f"{day} {hour:02d}:30", zone)
    except BadDate as error:
        assert "does not exist" in str(error)  # the clocks go forward then, or the day was left out altogether
        return
    assert found
    assert found.at
    assert found.day == day
    assert found.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") == f"{day} {hour:02d}:30"


@given(at=st.datetimes(datetime(2020, 1, 2), datetime(2035, 12, 30), timezones=st.just(UTC)), zone=st.sampled_from(ZONES),
       ahead=st.integers(-12, 14))
def test_an_instant_with_its_offset_is_kept_and_dated_by_the_zone(at: datetime, zone: str, ahead: int) -> None:
    at = at.replace(second=0, microsecond=0)
    there = at + timedelta(hours=ahead)
    found = read(f"{there:%Y-%m-%dT%H:%M}{'-' if ahead < 0 else '+'}{abs(ahead):02d}:00", zone)
    assert found == Departure(at.astimezone(ZoneInfo(zone)).date(), zone, at)


def test_a_time_may_name_its_zone_and_the_date_is_of_that_zone() -> None:
    assert read("2026-12-12 23:30 Europe/Berlin") == Departure(
        date(2026, 12, 12), "Europe/Berlin", datetime(2026, 12, 12, 22, 30, tzinfo=UTC))
    assert read("2026-12-12T22:30Z") == Departure(date(2026, 12, 13), "Asia/Shanghai", datetime(2026, 12, 12, 22, 30, tzinfo=UTC))


def test_an_hour_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(BadDate, match="02:30 does not exist in Europe/Berlin on 2027-03-28"):
        read("2027-03-28 02:30", "Europe/Berlin")
    twice = read("2026-10-25 02:30", "Europe/Berlin")
    assert twice
    assert twice.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("said", ["2026-02-30", "soon", "", "2026-13-01 10:00", "99/99/9999"])
def test_a_date_that_cannot_be_is_none(said: str) -> None:
    assert read(said) is None


@pytest.mark.parametrize("said", ["2026-12-12 25:00", "2026-12-12 10:77", "2026-12-12 10:00+99:00"])
def test_a_time_that_cannot_be_is_refused(said: str) -> None:
    with pytest.raises(BadDate):
        read(said)


@pytest.mark.parametrize(("typed", "zone"), [
    ("Asia/Shanghai", "Asia/Shanghai"), ("asia/shanghai", "Asia/Shanghai"), ("Shanghai", "Asia/Shanghai"),
    (" berlin ", "Europe/Berlin"), ("new york", "America/New_York"), ("utc", "UTC")])
def test_a_zone_is_known_however_it_was_typed(typed: str, zone: str) -> None:
    assert known_zone(typed) == zone


@pytest.mark.parametrize(("typed", "advice"), [
    ("Asia/Shangai", "did you mean Asia/Shanghai?"), ("GMT+8", "write a name such as Asia/Shanghai"), ("Atlantis/City", "")])
def test_a_zone_that_does_not_exist_is_told_with_what_to_write(typed: str, advice: str) -> None:
    with pytest.raises(BadInput, match="There is no time zone") as caught:
        known_zone(typed)
    assert advice in str(caught.value)

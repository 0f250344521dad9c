"""Calendars as files: whole days are the days written in every zone, hours are instants, and a moved thing keeps its name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.adapters.ics_writer import IcsWriter
from bot.domain.calendar_event import CalendarEvent

ZONES = sorted(zone for zone in available_timezones() if "/" in zone)
EVENT = CalendarEvent("s-1@fd", "ETD SO-1", date(2026, 12, 18), version=1, changed=datetime(2026, 6, 15, tzinfo=UTC))


def read(*events: CalendarEvent) -> list[object]:
    return list(Calendar.from_ical(IcsWriter().written(events, "Filing Desk")).walk("VEVENT"))


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), zone=st.sampled_from(ZONES))
def test_a_whole_day_is_read_back_as_that_day_wherever_the_reader_is(day: date, zone: str) -> None:
    event, = read(CalendarEvent("u", "t", day))
    start = event["dtstart"].dt  # type: ignore[index]
    assert type(start) is date
    assert start == day
    assert "DTSTART;VALUE=DATE:" + day.strftime("%Y%m%d") in IcsWriter().written([CalendarEvent("u", "t", day)], zone).decode()


@given(at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from(ZONES).map(ZoneInfo)))
def test_an_hour_is_read_back_as_the_same_instant_in_utc(at: datetime) -> None:
    at = at.replace(microsecond=0)
    event, = read(CalendarEvent("u", "t", at.date(), at=at.astimezone(UTC)))
    assert event["dtstart"].dt == at.astimezone(UTC)  # type: ignore[index]
    assert event["dtstart"].to_ical().endswith(b"Z")  # type: ignore[index]


@given(title=st.text(max_size=200), note=st.text(max_size=400))
def test_words_of_any_kind_neither_break_the_file_nor_add_to_it(title: str, note: str) -> None:
    assert len(read(CalendarEvent("u", title, date(2026, 12, 18), note=note), EVENT)) == 2


def test_a_long_chinese_title_comes_back_whole() -> None:
    title = "假定 · N12 完成备案，取得书面结果 · F-1；" * 8
    event, = read(CalendarEvent("u", title, date(2026, 12, 18)))
    assert event["summary"] == title  # type: ignore[index]


def test_the_next_version_has_the_same_name_a_higher_number_and_a_later_change() -> None:
    from dataclasses import replace  # noqa: PLC0415 - used here only

    moved = replace(EVENT, day=date(2026, 12, 25), version=2, changed=EVENT.changed and EVENT.changed + timedelta(days=1))
    before, after = read(EVENT)[0], read(moved)[0]
    assert before["uid"] == after["uid"]  # type: ignore[index]
    assert (before["sequence"], after["sequence"]) == (1, 2)  # type: ignore[index]
    assert after["last-modified"].dt > before["last-modified"].dt  # type: ignore[index]


def test_what_is_cancelled_says_so_and_equal_events_give_equal_bytes() -> None:
    from dataclasses import replace  # noqa: PLC0415 - used here only

    assert read(replace(EVENT, cancelled=True))[0]["status"] == "CANCELLED"  # type: ignore[index]
    assert IcsWriter().written([EVENT], "n") == IcsWriter().written([EVENT], "n")


def test_a_calendar_without_events_has_a_name_and_the_one_component_the_rfc_asks_for() -> None:
    written = IcsWriter().written([], "Filing Desk (nothing planned)")
    found = Calendar.from_ical(written)
    assert [one.name for one in found.subcomponents] == ["VTIMEZONE"]
    assert [one.name for one in found.subcomponents[0].subcomponents] == ["STANDARD"]
    assert not found.errors
    assert not found.subcomponents[0].errors
    assert str(found["x-wr-calname"]) == "Filing Desk (nothing planned)"
    assert found.subcomponents[0].to_tz().utcoffset(datetime(2026, 12, 1)) == timedelta(0)
    assert IcsWriter().written([], "n") == IcsWriter().written([], "n")


def test_a_calendar_with_events_has_nothing_else() -> None:
    assert {one.name for one in Calendar.from_ical(IcsWriter().written([EVENT], "n")).subcomponents} == {"VEVENT"}

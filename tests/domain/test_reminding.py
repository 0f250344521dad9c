"""When a reminder is due: at the reader's working hour, on a day worked there, warnings earlier and reproaches later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.holiday_calendar import HolidayCalendar, HolidayCalendars
from bot.domain.reminding import (
    Reader,
    Reminder,
    ReminderStep,
    at_decent_hour,
    cannot_wait,
    closed_for,
    due_moment,
    earlier_working_day,
    for_reader,
    later_working_day,
    moment,
    newest_each,
    next_morning,
    none_forgotten,
    one_a_day,
    over_first,
    replanned,
    wanted,
    working_days_from,
)
from bot.domain.requests import next_weekly

CN, DE, US, IN = (HolidayCalendar(market) for market in ("CN", "DE", "US", "IN"))
NINE = time(9, 0)
NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)


class EveryDay:
    def is_working_day(self, day: date) -> bool:
        return True


class Never:
    def is_working_day(self, day: date) -> bool:
        return False


def step(offset: int, unit: str = "days", to: str = "owner") -> ReminderStep:
    return ReminderStep(f"due{offset:+d}", offset, unit, to)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(("anchor", "offset", "zone", "calendar", "expected"), [
    (date(2026, 12, 18), -7, "Asia/Shanghai", CN, datetime(2026, 12, 11, 9)),
    (date(2026, 12, 18), -7, "Asia/Kolkata", IN, datetime(2026, 12, 11, 9)),
    (date(2026, 10, 28), -3, "Europe/Berlin", DE, datetime(2026, 10, 23, 9)),  # Sunday the clocks go back: Friday before
    (date(2026, 10, 27), 0, "Europe/Berlin", DE, datetime(2026, 10, 27, 9)),
    (date(2026, 3, 30), 0, "Europe/Berlin", DE, datetime(2026, 3, 30, 9)),  # the Monday after the clocks went forward
    (date(2027, 1, 8), -7, "Europe/Berlin", DE, datetime(2026, 12, 31, 9)),  # New Year's Day is free: over the year's end
    (date(2026, 10, 9), -3, "Asia/Shanghai", CN, datetime(2026, 9, 30, 9)),  # National Day week: the last day worked before it
    (date(2026, 10, 9), 1, "Asia/Shanghai", CN, datetime(2026, 10, 10, 9)),  # a Saturday that is worked
    (date(2026, 11, 26), 0, "America/New_York", US, datetime(2026, 11, 25, 9)),  # Thanksgiving
])
def test_it_falls_on_a_morning_worked_where_the_reader_is(
        anchor: date, offset: int, zone: str, calendar: HolidayCalendar, expected: datetime) -> None:
    assert local(due_moment(step(offset), anchor, NINE, zone, calendar), zone) == expected


def test_a_make_up_saturday_counts_as_a_working_day() -> None:
    assert CN.is_working_day(date(2026, 10, 10))
    assert working_days_from(date(2026, 10, 9), 1, CN) == date(2026, 10, 10)
    assert not CN.is_working_day(date(2026, 10, 5))


def test_kolkata_is_half_an_hour_off_and_berlin_changes_with_summer_time() -> None:
    assert due_moment(step(0), date(2026, 12, 18), NINE, "Asia/Kolkata", IN) == datetime(2026, 12, 18, 3, 30, tzinfo=UTC)
    assert due_moment(step(0), date(2026, 7, 1), NINE, "Europe/Berlin", DE) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert due_moment(step(0), date(2026, 12, 1), NINE, "Europe/Berlin", DE) == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_an_hour_that_does_not_exist_or_comes_twice_is_still_one_moment() -> None:
    gap = due_moment(step(0), date(2026, 3, 29), time(2, 30), "Europe/Berlin", EveryDay())
    assert gap == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    fold = due_moment(step(0), date(2026, 10, 25), time(2, 30), "Europe/Berlin", EveryDay())
    assert fold == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_warning_moves_earlier_and_a_reproach_later_off_a_weekend() -> None:
    saturday = date(2026, 8, 15)
    assert local(due_moment(step(0), saturday, NINE, "Europe/Berlin", DE), "Europe/Berlin").date() == date(2026, 8, 14)
    assert local(due_moment(step(1), date(2026, 8, 14), NINE, "Europe/Berlin", DE), "Europe/Berlin").date() == date(2026, 8, 17)


def test_working_days_are_counted_over_holidays() -> None:
    due = due_moment(step(-3, "working_days"), date(2026, 10, 9), NINE, "Asia/Shanghai", CN)
    assert local(due, "Asia/Shanghai").date() == date(2026, 9, 29)


def test_a_calendar_that_knows_no_working_day_does_not_hang() -> None:
    day = date(2026, 8, 15)
    assert earlier_working_day(day, Never()) == later_working_day(day, Never()) == day
    assert next_morning(NOW, NINE, "Asia/Shanghai", Never()) > NOW


ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Pacific/Auckland",
                         "Pacific/Kiritimati", "America/St_Johns", "Africa/Casablanca", "Asia/Tehran", "UTC"])
CALENDARS = HolidayCalendars("CN")


@settings(deadline=None)
@given(anchor=st.dates(date(2025, 1, 1), date(2028, 12, 31)), offset=st.integers(-30, 10), zone=ZONES)
def test_every_reminder_is_at_nine_on_a_day_worked_there_and_on_the_safe_side(anchor: date, offset: int, zone: str) -> None:
    calendar = CALENDARS.of_zone(zone)
    there = local(due_moment(step(offset), anchor, NINE, zone, calendar), zone)
    assert there.time() == NINE
    assert calendar.is_working_day(there.date())
    wished = anchor + timedelta(days=offset)
    assert there.date() <= wished if offset <= 0 else there.date() >= wished
    assert abs(there.date() - wished) < timedelta(days=15)


FAR_APART = st.sampled_from(["Pacific/Kiritimati", "Pacific/Niue", "Asia/Shanghai", "Europe/Berlin", "America/New_York",
                             "Australia/Lord_Howe", "Africa/Casablanca"])
ANY_HOUR = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@settings(deadline=None)
@given(anchor=st.dates(date(2025, 1, 1), date(2028, 12, 31)), offset=st.integers(-30, 0), zone=FAR_APART, there=FAR_APART,
       at=ANY_HOUR)
def test_a_warning_comes_before_its_date_is_over_where_the_goods_leave_and_no_earlier_than_that_takes(
        anchor: date, offset: int, zone: str, there: str, at: time) -> None:
    wished = anchor + timedelta(days=offset)
    due = due_moment(step(offset), anchor, at, zone, EveryDay(), there)
    assert local(due, zone).time() == at or moment(local(due, zone).date(), at, zone) == due  # of an hour that is skipped
    assert local(due, there).date() <= wished
    assert due <= due_moment(step(offset), anchor, at, zone, EveryDay())
    later = local(due, zone).date() + timedelta(days=1)
    assert later > wished or local(moment(later, at, zone), there).date() > wished
    worked = CALENDARS.of_zone(zone)
    assert due_moment(step(offset), anchor, at, zone, worked, there) <= due


@pytest.mark.parametrize(("there", "zone", "expected"), [
    ("Asia/Shanghai", "America/Los_Angeles", datetime(2026, 12, 10, 9)),  # nine on the 11th there is the 12th in Shanghai
    ("Asia/Shanghai", "Europe/Berlin", datetime(2026, 12, 11, 9)),
    ("America/Los_Angeles", "Asia/Shanghai", datetime(2026, 12, 11, 9)),
    ("Pacific/Kiritimati", "Pacific/Niue", datetime(2026, 12, 10, 9))])
def test_of_an_etd_far_east_of_the_reader_the_warning_comes_a_day_sooner(there: str, zone: str, expected: datetime) -> None:
    due = due_moment(step(-1), date(2026, 12, 12), NINE, zone, EveryDay(), there)
    assert local(due, zone) == expected


def test_a_reproach_is_not_moved_by_the_zone_of_its_date() -> None:
    here = date(2026, 12, 9), NINE, "America/Los_Angeles", US
    assert due_moment(step(1), *here, "Asia/Shanghai") == due_moment(step(1), *here)


@settings(deadline=None)
@given(day=st.dates(date(2025, 1, 1), date(2028, 12, 31)), zones=st.lists(FAR_APART, min_size=1))
def test_of_several_zones_a_date_is_over_first_in_the_one_furthest_east(day: date, zones: list[str]) -> None:
    ends = {zone: datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(zone)) for zone in zones}
    assert all(ends[over_first(day, zones)] <= end for end in ends.values())


def test_a_plan_follows_its_date_into_another_zone_but_leaves_what_was_put_off() -> None:
    there = [wanted("S-1", "", date(2026, 12, 18), step(-7), reader_in("Europe/Berlin"), NOW, anchor_zone=zone)
             for zone in ("Asia/Shanghai", "Pacific/Kiritimati")]
    assert replanned(there[:1], there[1:], "moved") == there[1:]
    assert not replanned([replace(there[0], snoozed=1)], there[1:], "moved")
    assert not replanned(there[:1], there[:1], "moved")


INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


@settings(deadline=None)
@given(instant=INSTANTS, zone=ZONES)
def test_a_decent_hour_is_never_at_night_nor_on_a_free_day_nor_in_the_past(instant: datetime, zone: str) -> None:
    calendar = CALENDARS.of_zone(zone)
    moment = at_decent_hour(instant, NINE, zone, calendar)
    there = local(moment, zone)
    assert moment >= instant
    assert time(9) <= there.time() < time(18)
    assert calendar.is_working_day(there.date())
    assert at_decent_hour(moment, NINE, zone, calendar) == moment


@settings(deadline=None)
@given(instant=INSTANTS, zone=ZONES)
def test_the_next_morning_is_the_first_working_nine_o_clock_after_now(instant: datetime, zone: str) -> None:
    calendar = CALENDARS.of_zone(zone)
    morning = next_morning(instant, NINE, zone, calendar)
    assert morning > instant
    assert local(morning, zone).time() == NINE
    days = range((local(morning, zone).date() - local(instant, zone).date()).days)
    between = [local(instant, zone).date() + timedelta(days=ahead) for ahead in days]
    skipped = [day for day in between if datetime.combine(day, NINE, ZoneInfo(zone)) > instant]
    assert not any(calendar.is_working_day(day) for day in skipped)


HOURS = st.times(time(6), time(17)).map(lambda at: at.replace(second=0, microsecond=0))


def reader_in(zone: str, at: time = NINE, who: str = "U1") -> Reader:
    return Reader(who, zone, at, CALENDARS.of_zone(zone))


@settings(deadline=None)
@given(anchor=st.dates(date(2026, 7, 1), date(2028, 12, 31)), offset=st.integers(-20, 8), old=FAR_APART, new=FAR_APART, at=HOURS,
       etd=FAR_APART | st.just(""))
def test_whoever_moves_across_the_date_line_keeps_the_date_and_gets_the_new_hour(
        anchor: date, offset: int, old: str, new: str, at: time, etd: str) -> None:
    planned = wanted("S-1", "", anchor, step(offset), reader_in(old), NOW, anchor_zone=etd)
    there = for_reader(planned, reader_in(new, at), NOW)
    assert there.planned_for
    moved = there.planned_for.astimezone(ZoneInfo(new))
    wished = anchor + timedelta(days=offset)
    assert moved.date() <= wished if offset <= 0 else moved.date() >= wished
    assert CALENDARS.of_zone(new).is_working_day(moved.date())
    assert offset > 0 or there.planned_for.astimezone(ZoneInfo(etd or new)).date() <= wished
    assert moved.time() == at
    back = for_reader(there, reader_in(old), NOW)
    assert (back.planned_for, back.zone) == (planned.planned_for, old)


def test_for_a_new_reader_a_moment_that_lies_behind_is_due_now_and_not_lost() -> None:
    planned = wanted("S-1", "", date(2026, 6, 15), step(0), reader_in("America/New_York"), NOW)
    there = for_reader(planned, reader_in("Asia/Shanghai"), datetime(2026, 6, 15, 3, tzinfo=UTC))
    assert there.due_at == datetime(2026, 6, 15, 3, tzinfo=UTC)
    assert there.planned_for == datetime(2026, 6, 15, 1, tzinfo=UTC)


@settings(deadline=None)
@given(instant=INSTANTS, zone=ZONES, weekday=st.integers(0, 6))
def test_a_weekly_reminder_is_always_ahead_within_the_hours_and_never_after_its_weekday(
        instant: datetime, zone: str, weekday: int) -> None:
    found = next_weekly("watch", ReminderStep("weekly", 0), weekday, reader_in(zone), instant)
    assert found.planned_for
    assert found.planned_for > instant
    assert found.anchor.weekday() == weekday
    there = local(found.planned_for, zone)
    assert there.time() == NINE
    assert there.date() <= found.anchor
    assert found.planned_for - instant < timedelta(days=31)


def behind(offset: int, owner: str = "U1", to: str = "owner") -> Reminder:
    return replace(reminder(offset, date(2026, 6, 10), owner, to=to), state="skipped", due_at=None, why="behind")


def test_where_all_lies_behind_the_last_of_each_persons_series_comes_once_in_the_morning() -> None:
    morning = datetime(2026, 6, 16, 1, tzinfo=UTC)
    wishes = none_forgotten([behind(-7), behind(1), behind(3, "U2", "PM")], [], lambda _who: morning)
    assert [(one.offset, one.state, one.due_at) for one in wishes] == [
        (-7, "skipped", None), (1, "pending", morning), (3, "pending", morning)]
    heard = [_sent(behind(1))]
    assert [one.state for one in none_forgotten([behind(-7), behind(1)], heard, lambda _who: morning)] == ["skipped", "skipped"]


def test_a_warning_is_not_given_after_its_date() -> None:
    assert [one.state for one in none_forgotten([behind(-7), behind(-1)], [], lambda _who: NOW)] == ["skipped", "skipped"]


def test_one_that_is_still_to_come_is_enough() -> None:
    assert [one.why for one in none_forgotten([behind(-7), reminder(-1, date(2026, 6, 30))], [], lambda _who: NOW)][1] == ""
    waits = replace(behind(-1), state="pending", due_at=NOW)
    assert none_forgotten([behind(-7), waits], [], lambda _who: NOW)[0].state == "skipped"


# ── plans of reminders ─────────────────────────────────────────────────────────────────────────────


def reminder(offset: int = -7, anchor: date = date(2026, 12, 18), owner: str = "U1", now: datetime = NOW,
             subject: str = "S-1", task: str = "", to: str = "owner") -> Reminder:
    return wanted(subject, task, anchor, step(offset, to=to), Reader(owner, "Asia/Shanghai", NINE, CN), now)


def test_a_moment_that_lies_behind_is_kept_as_skipped_and_not_due() -> None:
    late = reminder(-7, now=datetime(2026, 12, 15, tzinfo=UTC))
    assert (late.state, late.due_at, late.why) == ("skipped", None, "behind")
    assert late.planned_for == datetime(2026, 12, 11, 1, tzinfo=UTC)


def test_of_two_that_fall_on_one_morning_only_the_nearest_to_its_date_is_sent() -> None:
    monday = date(2026, 8, 17)
    wishes = one_a_day([reminder(-2, monday), reminder(-1, monday), reminder(-3, monday), reminder(0, monday)])
    assert {(one.offset, one.state) for one in wishes} == {(0, "pending"), (-1, "pending"), (-2, "skipped"), (-3, "skipped")}


def test_two_people_or_two_things_on_one_morning_both_are_sent() -> None:
    wishes = [reminder(-1), reminder(-1, owner="U2"), reminder(-1, task="F-1.N1"), reminder(-1, subject="S-2")]
    assert [one.state for one in one_a_day(wishes)] == ["pending"] * 4


def test_planning_again_for_the_same_date_changes_nothing() -> None:
    plan = [reminder(-7), reminder(-1), reminder(-7, now=datetime(2026, 12, 15, tzinfo=UTC), task="F-1.N1")]
    assert {one.state for one in plan} == {"pending", "skipped"}
    assert replanned(plan, plan, "moved") == []


def test_a_moved_date_closes_what_waits_and_leaves_what_was_sent() -> None:
    sent = _sent(reminder(-7))
    waiting = reminder(-1)
    rows = {one.id: one for one in replanned([sent, waiting], [reminder(-7, date(2027, 1, 15)), reminder(-1, date(2027, 1, 15))],
                                             "moved")}
    assert sent.id not in rows
    assert (rows[waiting.id].state, rows[waiting.id].due_at, rows[waiting.id].why) == ("replanned", None, "moved")
    assert sum(one.state == "pending" for one in rows.values()) == 2


def test_moved_back_and_forth_what_was_sent_is_not_sent_again() -> None:
    here, there = [reminder(-7), reminder(-1)], [reminder(-7, date(2027, 1, 15)), reminder(-1, date(2027, 1, 15))]
    rows = {one.id: one for one in [_sent(here[0]), here[1]]}
    for wishes in (there, here, there, here):
        rows |= {one.id: one for one in replanned(rows.values(), wishes, "moved")}
    assert rows[here[0].id].state == "sent"
    assert [one.id for one in rows.values() if one.state == "pending"] == [here[1].id]


def test_what_was_handed_to_somebody_else_waits_on_when_another_thing_is_planned_anew() -> None:
    first = reminder(-7)
    handed = replace(first, id=f"{first.id}:U2", owner="U2")
    assert replanned([replace(first, state="done"), handed], [first], "moved") == []
    assert [one.state for one in replanned([handed], [reminder(-7, date(2027, 1, 15))], "moved")] == ["replanned", "pending"]


def test_closing_touches_only_what_waits() -> None:
    closed = closed_for([_sent(reminder(-7)), reminder(-1)], "cancelled")
    assert [(one.offset, one.state, one.due_at, one.why) for one in closed] == [(-1, "skipped", None, "cancelled")]


def test_of_all_that_was_missed_only_the_newest_about_each_thing_is_told() -> None:
    missed = [reminder(-7), reminder(-3), reminder(-1), reminder(-7, task="F-1.N1")]
    newest, overtaken = newest_each(missed)
    assert {(one.task, one.offset) for one in newest} == {("", -1), ("F-1.N1", -7)}
    assert {one.offset for one in overtaken} == {-7, -3}


def _sent(one: Reminder) -> Reminder:
    return replace(one, state="sent", due_at=None, sent_at=one.planned_for, message="remind:1")


def test_only_a_warning_whose_date_would_pass_cannot_wait_for_the_next_digest() -> None:
    monday = datetime(2026, 8, 17, 1, tzinfo=UTC)
    assert cannot_wait(reminder(0, date(2026, 8, 14)), monday)
    assert not cannot_wait(reminder(-1, date(2026, 8, 17)), monday)
    assert not cannot_wait(reminder(3, date(2026, 8, 1)), monday)


@pytest.mark.parametrize(("kind", "series"), [("etd-14", "etd"), ("due+3-pm", "due"), ("submission-5wd", "submission"),
                                              ("weekly", "weekly"), ("ask.Q12", "ask.Q12"), ("etd-2-shipping", "etd")])
def test_a_series_is_known_by_what_it_hangs_on(kind: str, series: str) -> None:
    assert replace(reminder(), kind=kind).about[2] == series

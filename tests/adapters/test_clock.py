"""The clocks: aware and in UTC, running on, and never moved back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

from bot.adapters.system_clock import MovableClock, SystemClock

THEN = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta()
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_movable_clock_shows_the_present_unless_it_is_set() -> None:
    assert abs(MovableClock().now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_movable_clock_runs_on_from_where_it_was_set() -> None:
    clock = MovableClock(THEN)
    time.sleep(0.05)
    assert timedelta(seconds=0.04) < clock.now() - THEN < timedelta(seconds=2)


def test_a_clock_set_into_the_past_stays_there_and_runs() -> None:
    clock = MovableClock(datetime(2020, 1, 1, tzinfo=UTC))
    assert clock.now().year == 2020


def test_a_clock_jumps_forward_and_never_back() -> None:
    clock = MovableClock(THEN)
    clock.move_to(THEN + timedelta(days=3))
    clock.move_to(THEN)
    assert THEN + timedelta(days=3) <= clock.now() < THEN + timedelta(days=3, seconds=2)


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    clock = MovableClock(THEN)
    clock.move_to(datetime(2026, 12, 2, 9, 0, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now().utcoffset() == timedelta()
    assert (clock.now().day, clock.now().hour) == (2, 1)


def test_moves_from_many_threads_end_at_the_latest() -> None:
    clock = MovableClock(THEN)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda hours: clock.move_to(THEN + timedelta(hours=hours)), range(200)))
    assert clock.now() >= THEN + timedelta(hours=199)

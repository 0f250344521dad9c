"""The ticker wakes work in time, runs it again after a kick, and lives on through errors, dead threads and moved clocks."""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters import ticker as module
from bot.adapters.system_clock import MovableClock
from bot.adapters.ticker import Ticker


class Desk:
    """Work that writes down when it ran; what is due is set by hand."""

    def __init__(self) -> None:
        self.clock = MovableClock()
        self.runs: list[float] = []
        self.due: datetime | None = None
        self.lasts = 0.0
        self.fails = 0
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    def work(self) -> None:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self.runs.append(time.monotonic())
            if self.due and self.due <= self.clock.now():
                self.due = None
            time.sleep(self.lasts)
            if self.fails > 0:
                self.fails -= 1
                raise RuntimeError("the store is gone")
        finally:
            with self._lock:
                self._at_once -= 1

    def next_due(self, _name: str) -> datetime | None:
        return self.due


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def started(desk: Desk, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., Ticker]]:
    """Starts a ticker; at the end it is stopped, and APScheduler must not have complained."""
    tickers: list[Ticker] = []

    def start(pulse: float = 30.0) -> Ticker:
        ticker = Ticker(desk.clock, {"work": desk.work}, desk.next_due, pulse=pulse)
        ticker.start()
        tickers.append(ticker)
        return ticker

    with caplog.at_level(logging.WARNING, logger="apscheduler"):
        yield start
        for ticker in tickers:
            ticker.stop()
    assert [record.getMessage() for record in caplog.records if record.name.startswith("apscheduler")] == []


def until(happened: Callable[[], object], seconds: float = 3.0) -> float:
    """Seconds it took; fails when it did not happen."""
    begin = time.monotonic()
    while not happened():
        assert time.monotonic() - begin < seconds, "it did not happen in time"
        time.sleep(0.002)
    return time.monotonic() - begin


def test_what_fell_due_while_the_program_was_stopped_is_worked_off_at_the_start(desk, started):
    desk.due = desk.clock.now() - timedelta(hours=3)
    started()
    assert until(lambda: desk.runs) < 0.2
    assert desk.due is None


def test_work_begins_within_a_fifth_of_a_second_of_its_due_time(desk, started):
    desk.due = desk.clock.now() + timedelta(seconds=0.5)
    wanted = time.monotonic() + 0.5
    started()
    until(lambda: len(desk.runs) == 2)
    assert -0.01 < desk.runs[1] - wanted < 0.2


def test_a_row_made_due_earlier_is_seen_after_a_kick(desk, started):
    ticker = started()
    until(lambda: len(desk.runs) == 1 and not ticker.busy)
    desk.due = desk.clock.now() + timedelta(seconds=0.2)
    ticker.kick()
    assert until(lambda: len(desk.runs) == 3) < 0.5, "once for the kick, once for the row"


def test_a_kick_during_a_run_makes_it_run_once_more(desk, started):
    desk.lasts = 0.2
    ticker = started()
    until(lambda: ticker.busy)
    for _ in range(10):
        ticker.kick()
    until(lambda: len(desk.runs) == 2)
    until(lambda: not ticker.busy)
    time.sleep(0.3)
    assert len(desk.runs) == 2
    assert desk.most_at_once == 1


def test_work_never_runs_beside_itself_however_it_is_kicked(desk, started):
    desk.lasts = 0.003
    ticker = started()

    def kick_on() -> None:
        for _ in range(150):
            ticker.kick()
            time.sleep(0.001)

    kickers = [threading.Thread(target=kick_on) for _ in range(4)]
    for kicker in kickers:
        kicker.start()
    for kicker in kickers:
        kicker.join()
    seen = len(desk.runs)
    ticker.kick()
    until(lambda: len(desk.runs) > seen)
    assert desk.most_at_once == 1
    assert seen > 10


def test_a_kick_of_one_work_leaves_the_others_alone(desk):
    others: list[int] = []
    ticker = Ticker(desk.clock, {"work": desk.work, "other": lambda: others.append(1)}, desk.next_due, pulse=30.0)
    ticker.start()
    until(lambda: desk.runs and others)
    ticker.kick("work")
    until(lambda: len(desk.runs) == 2)
    ticker.stop()
    assert len(others) == 1


def test_ten_thousand_kicks_are_cheap(desk, started):
    ticker = started()
    until(lambda: desk.runs)
    begin = time.monotonic()
    for _ in range(10_000):
        ticker.kick()
    assert time.monotonic() - begin < 2.0


def test_work_that_raises_is_told_and_tried_again(desk, started, capsys):
    desk.fails = 2
    started(pulse=0.1)
    until(lambda: len(desk.runs) == 4)
    told = capsys.readouterr().out
    assert told.count("work failed") == 2
    assert "the store is gone" in told
    assert "Traceback" not in told


def test_an_error_while_asking_what_is_due_is_no_end(desk, started):
    def broken(_name: str) -> datetime | None:
        raise RuntimeError("cannot be read")

    desk.next_due = broken
    started(pulse=0.1)
    until(lambda: len(desk.runs) >= 3)


def test_work_that_cannot_settle_what_is_due_does_not_spin(desk, started):
    ticker = Ticker(desk.clock, {"work": desk.work}, lambda _name: datetime(2020, 1, 1, tzinfo=UTC), pulse=30.0)
    ticker.start()
    time.sleep(0.5)
    ticker.stop()
    assert 3 < len(desk.runs) <= 27


@pytest.mark.filterwarnings("ignore:Exception in thread APScheduler")  # meant: that is how it dies
def test_a_dead_scheduler_thread_is_noticed_and_started_again(desk, started):
    ticker = started(pulse=0.2)
    until(lambda: desk.runs)
    scheduler = ticker._scheduler

    def die() -> None:
        raise SystemExit

    scheduler._process_jobs = die
    scheduler.wakeup()
    until(lambda: not ticker.alive())
    assert scheduler.running, "its state still says that it runs"
    seen = len(desk.runs)
    until(ticker.alive)
    until(lambda: len(desk.runs) > seen)


def test_a_clock_moved_forward_is_noticed_within_a_pulse(desk, started):
    desk.due = desk.clock.now() + timedelta(hours=5)
    started(pulse=0.3)
    until(lambda: desk.runs)
    desk.clock.move_to(desk.clock.now() + timedelta(hours=6))
    assert until(lambda: desk.due is None) < 0.6


def test_a_clock_moved_forward_is_noticed_at_once_after_a_kick(desk, started):
    desk.due = desk.clock.now() + timedelta(hours=5)
    ticker = started()
    until(lambda: desk.runs)
    desk.clock.move_to(desk.clock.now() + timedelta(hours=6))
    ticker.kick()
    assert until(lambda: desk.due is None) < 0.2


def test_stopping_takes_less_than_a_second_and_nothing_runs_afterwards(desk, started):
    ticker = started(pulse=0.05)
    until(lambda: desk.runs)
    begin = time.monotonic()
    ticker.stop()
    assert time.monotonic() - begin < 1.0
    seen = len(desk.runs)
    ticker.kick()
    time.sleep(0.2)
    assert len(desk.runs) == seen
    assert not ticker.alive()


def test_stopping_lets_the_work_under_way_finish(desk, started):
    desk.lasts = 0.3
    ticker = started()
    until(lambda: ticker.busy)
    ticker.kick()
    ticker.stop()
    assert len(desk.runs) == 1
    assert not ticker.busy


def test_stopping_while_work_is_ending_never_hangs(desk, started):
    for _ in range(25):
        ticker = Ticker(desk.clock, {str(number): desk.work for number in range(4)}, lambda _name: desk.clock.now(), pulse=0.01)
        ticker.start()
        time.sleep(0.01)
        stopper = threading.Thread(target=ticker.stop, daemon=True)
        stopper.start()
        stopper.join(timeout=3)
        assert not stopper.is_alive(), "stop() hangs"


def test_a_ticker_never_started_can_be_stopped(desk):
    Ticker(desk.clock, {"work": desk.work}, desk.next_due).stop()
    assert desk.runs == []


def test_slow_work_does_not_hold_up_the_others(desk):
    slow, quick = threading.Event(), []
    works = {"slow": lambda: slow.wait(3) and None, "quick": lambda: quick.append(1)}
    ticker = Ticker(desk.clock, works, lambda _name: None, pulse=0.05)
    ticker.start()
    until(lambda: len(quick) >= 3)
    slow.set()
    ticker.stop()


def test_no_time_of_day_is_ever_given_to_the_scheduler():
    assert "cron" not in inspect.getsource(module).lower(), "a cron trigger fires twice, or never, when the clocks change"

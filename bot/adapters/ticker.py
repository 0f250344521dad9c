"""The ticker: APScheduler wakes the background work when a row falls due; rows are the truth, wake-ups are hints."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.ports import Clock

log = structlog.get_logger(__name__)

Work = Callable[[], None]

SOONEST = 0.02
"""Seconds before work that left something due runs again: a row nobody can settle must not take the whole machine."""
RETRY = 5.0
"""Seconds until work that raised is tried again, where the pulse is not shorter."""
INSTANCES = 8
"""A run that is just ending, one just handed over and one kicked may meet for a moment; `_begin` lets one of them work."""


class Ticker:
    """Runs each named piece of work at its next due time, soon after a kick, and at least every `pulse` seconds.

    APScheduler 3 loses jobs it keeps for us (removed on submission, grace of a second), so it keeps none: the one job per work is
    re-made from the rows. Its wait does not see a clock that is moved, and its thread can die in silence: the watchdog's pulse,
    measured by a clock nobody moves, covers both.
    """

    def __init__(self, clock: Clock, works: Mapping[str, Work], next_due: Callable[[str], datetime | None],
                 *, pulse: float = 15.0) -> None:
        self._clock, self._works, self._next_due, self._pulse = clock, dict(works), next_due, pulse
        self._scheduler = self._fresh_scheduler()
        self._lock = threading.Lock()
        self._kicked: set[str] = set()
        self._running: set[str] = set()
        self._stopping = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="ticker-watchdog", daemon=True)

    def start(self) -> None:
        """Begin; whatever fell due while the program was stopped is worked off at once."""
        self._scheduler.start()
        self.kick()
        self._watchdog.start()

    def stop(self) -> None:
        """Finish the work under way and end; nothing is armed any more, so the scheduler's locks are free."""
        with self._lock:
            self._stopping.set()
        if self._scheduler.running:
            self._scheduler.pause()
            self._scheduler.remove_all_jobs()  # waits for its thread, which dies loudly if it meets the shutdown
            self._scheduler.shutdown(wait=True)
        if self._watchdog.is_alive():
            self._watchdog.join()

    def kick(self, *names: str) -> None:
        """Look now, at these or at all; a kick during a run makes it run again after. Kicks before the run begins are one."""
        with self._lock:
            fresh = set(names or self._works) - self._kicked
            self._kicked |= fresh
            for name in fresh - self._running:
                self._arm(name, 0.0)

    @property
    def busy(self) -> bool:
        """True while a piece of work runs."""
        return bool(self._running)

    def at_work(self, *names: str) -> bool:
        """True while one of these pieces of work runs."""
        return not self._running.isdisjoint(names)

    def alive(self) -> bool:
        """True while the scheduler's thread runs (its state alone says RUNNING after the thread has died)."""
        thread = self._scheduler._thread
        return bool(thread and thread.is_alive())

    def _fresh_scheduler(self) -> BackgroundScheduler:
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": INSTANCES}
        pool = ThreadPoolExecutor(max(4, len(self._works) + 1))
        return BackgroundScheduler(timezone=UTC, job_defaults=defaults, executors={"default": pool})

    def _arm(self, name: str, delay: float) -> None:
        """Only with the lock held."""
        if self._stopping.is_set():
            return
        at = datetime.now(UTC) + timedelta(seconds=delay)
        self._scheduler.add_job(self._run, "date", run_date=at, args=[name], id=name, replace_existing=True)

    def _run(self, name: str) -> None:
        if not self._begin(name):
            return
        delay = self._work_off(name)
        with self._lock:
            self._running.discard(name)
            self._arm(name, 0.0 if name in self._kicked else delay)

    def _begin(self, name: str) -> bool:
        with self._lock:
            if name in self._running or self._stopping.is_set():
                return False
            self._kicked.discard(name)
            self._running.add(name)
            return True

    def _work_off(self, name: str) -> float:
        """Run the work and return the seconds until it should run again."""
        try:
            self._works[name]()
            return self._delay(name)
        except Exception as error:
            log.error("work failed", work=name, error=type(error).__name__, said=str(error)[:300])
            return min(RETRY, self._pulse)

    def _delay(self, name: str) -> float:
        due = self._next_due(name)
        if due is None:
            return self._pulse
        return min(self._pulse, max(SOONEST, (due - self._clock.now()).total_seconds()))

    def _watch(self) -> None:
        while not self._stopping.wait(self._pulse):
            try:
                self._look_after()
            except Exception as error:  # the watchdog itself must not die
                log.error("the watchdog could not help", error=type(error).__name__)

    def _look_after(self) -> None:
        with self._lock:
            if not self._stopping.is_set() and not self.alive():
                self._revive()
            self._kicked &= self._running  # a job that got lost on its way must not make kicks pass by
        self.kick()

    def _revive(self) -> None:
        log.error("the scheduler thread died; starting it again")
        dead, self._scheduler = self._scheduler, self._fresh_scheduler()
        self._scheduler.start()
        if dead.running:
            dead.shutdown(wait=False)

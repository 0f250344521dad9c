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


class Ticker:
    """Runs each named piece of work at its next due time, soon after a kick, and at least every `pulse` seconds.

    The pulse covers clock jumps, which a monotonic wait cannot see. APScheduler 3 loses jobs it keeps for us
    (removed on submission, grace of a second), so it keeps none: the one job per work is re-made from the rows.
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
        """Finish the work under way and end."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def kick(self) -> None:
        """Look now; a kick during a run makes it run again right after."""
        with self._lock:
            self._kicked.update(self._works)
            for name in set(self._works) - self._running:
                self._arm(name, 0.0)

    @property
    def busy(self) -> bool:
        """True while a piece of work runs."""
        return bool(self._running)

    def alive(self) -> bool:
        """True while the scheduler's thread runs (its state alone says RUNNING after the thread has died)."""
        thread = self._scheduler._thread
        return bool(thread and thread.is_alive())

    def _fresh_scheduler(self) -> BackgroundScheduler:
        # Not max_instances=1: it would drop, for good, a job armed in the moment the last run ends. `_run` sees to it.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 100}
        pool = ThreadPoolExecutor(2 * len(self._works) + 2)
        return BackgroundScheduler(timezone=UTC, job_defaults=defaults, executors={"default": pool})

    def _arm(self, name: str, delay: float) -> None:
        if self._stopping.is_set():
            return
        at = datetime.now(UTC) + timedelta(seconds=delay)
        self._scheduler.add_job(self._run, "date", run_date=at, args=[name], id=f"{name}", replace_existing=True)

    def _run(self, name: str) -> None:
        with self._lock:
            if name in self._running:
                self._kicked.add(name)  # it runs again right after
                return
            self._kicked.discard(name)
            self._running.add(name)
        delay = self._work_off(name)
        with self._lock:
            self._running.discard(name)
            self._arm(name, 0.0 if name in self._kicked else delay)

    def _work_off(self, name: str) -> float:
        """Run the work and return the seconds until it should run again."""
        try:
            self._works[name]()
            return self._delay(name)
        except Exception as error:
            log.error("work failed", work=name, error=type(error).__name__, said=str(error)[:300])
            return min(5.0, self._pulse)

    def _delay(self, name: str) -> float:
        due = self._next_due(name)
        if due is None:
            return self._pulse
        return min(self._pulse, max(0.0, (due - self._clock.now()).total_seconds()))

    def _watch(self) -> None:
        while not self._stopping.wait(self._pulse):
            if not self.alive():
                log.error("the scheduler thread died; starting it again")
                self._scheduler = self._fresh_scheduler()
                self._scheduler.start()
            self.kick()  # whatever became of a job, no work waits for longer than a pulse

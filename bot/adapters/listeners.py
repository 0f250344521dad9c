"""Bolt's listener threads, counted, so that one can wait until nobody is at work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

LISTENERS = 20
"""Bolt's default of five leaves slow commands unacknowledged."""


class Listeners(ThreadPoolExecutor):
    """Bolt's listener threads, counted, so that one can wait until nobody is at work."""

    def __init__(self) -> None:
        super().__init__(max_workers=LISTENERS, thread_name_prefix="listener")
        self._at_work = 0
        self._lock = threading.Lock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As every executor does."""
        with self._lock:
            self._at_work += 1
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(self._done)
        return future

    def _done(self, _future: Future[Any]) -> None:
        with self._lock:
            self._at_work -= 1

    @property
    def busy(self) -> bool:
        """True while a listener runs or waits to."""
        return self._at_work > 0

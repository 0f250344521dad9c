"""A lock that is held in turns: a thread that writes again and again lets those in who wait."""

from __future__ import annotations

from threading import Lock, RLock, get_ident


class Turns:
    """An RLock for `with` whose next holder waits in `_next`; who lets go and asks again stands behind that one.

    An RLock alone mostly goes back to the thread that has just let go of it, for as long as that has something to write.
    """

    def __init__(self) -> None:
        self._next, self._held = Lock(), RLock()
        self._holder, self._depth = 0, 0

    def __enter__(self) -> None:
        if self._holder != get_ident():  # only this thread can have set it to itself
            with self._next:
                self._held.acquire()
            self._holder = get_ident()
        self._depth += 1

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if not self._depth:
            self._holder = 0
            self._held.release()

"""The lock of those who write: taken in turns, and again by the thread that holds it."""

from __future__ import annotations

import threading
import time

from bot.adapters.storage.turns import Turns


def test_who_lets_go_and_asks_again_stands_behind_the_one_who_waits() -> None:
    turns = Turns()
    for _ in range(50):
        came: list[str] = []
        other = threading.Thread(target=come, args=(turns, came))
        with turns:
            other.start()
            while not turns._next.locked():  # until it stands in line
                time.sleep(0)
        with turns:
            assert came == ["other"]
        other.join()


def come(turns: Turns, came: list[str]) -> None:
    with turns:
        came.append("other")


def test_the_thread_that_holds_it_may_take_it_again_and_others_wait_until_all_of_it_is_given_back() -> None:
    turns, came = Turns(), list[str]()
    other = threading.Thread(target=come, args=(turns, came))
    with turns:
        other.start()
        while not turns._next.locked():
            time.sleep(0)
        with turns:
            pass
        assert came == []
    other.join(10)
    assert came == ["other"]

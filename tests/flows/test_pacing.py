"""No channel gets more than one post a second, none waits for another, and nothing is lost, doubled or said out of turn."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import read_files
from bot.desk.outbox import show
from bot.errors import OutcomeUnknown, Refused, ServiceError
from bot.flows.deliver_messages import deliver_messages
from bot.replies import Reply
from bot.settings import load_settings
from tests.fakes.desk import PACED, Day
from tests.fakes.memory_store import MemoryStore

SECOND = timedelta(seconds=1)


@pytest.fixture
def day() -> Day:
    return Day(delivery=PACED)


def want(day: Day, channel: str, name: str, words: str = "words") -> None:
    with day.store.transaction() as tx:
        show(tx, name, channel, "", Reply(words), day.now)


def times(day: Day) -> dict[str, list[datetime]]:
    found = defaultdict(list)
    for one in day.chat.posted:
        found[one.channel].append(one.at)
    return found


def test_the_first_goes_at_once_and_each_further_one_a_second_later_in_its_order(day: Day) -> None:
    begun = day.now
    for number in range(40):
        want(day, "C1", f"note:{number}")
    day.pass_time(minutes=2)
    assert times(day)["C1"] == [begun + number * SECOND for number in range(40)]
    assert [one.key for one in day.chat.posted] == [f"note:{number}" for number in range(40)]


def test_a_channel_with_much_to_say_holds_up_no_other(day: Day) -> None:
    for number in range(60):
        want(day, "C1", f"note:{number}")
    day.pass_time(seconds=30)
    asked = day.now
    want(day, "C2", "other")
    day.pass_time(seconds=5)
    assert times(day)["C2"] == [asked]


def test_what_waits_in_a_channel_is_seldom_looked_at_before_its_turn(day: Day) -> None:
    for number in range(100):
        want(day, "C1", f"note:{number}")
    looked = 0
    for _ in range(200):
        while worked := deliver_messages(day.desk, day.chat, day.now):
            looked += worked
        due = day.next_due()
        if due is None:
            break
        day.now = due
    assert len(day.chat.posted) == 100
    assert looked < 1_500  # all that wait, each second, would be 5,000


def test_an_edit_waits_for_no_turn(day: Day) -> None:
    want(day, "C1", "first")
    day.work()
    day.now += 2 * SECOND
    want(day, "C1", "second")
    want(day, "C1", "first", "other words")
    day.work()
    assert [one.reply.headline for one in day.chat.posted] == ["other words", "words"]


@pytest.mark.parametrize("error", [OutcomeUnknown("lost"), Refused("too long")], ids=["lost", "refused"])
def test_a_post_that_failed_had_its_turn(day: Day, error: ServiceError) -> None:
    day.chat.fail_next(error, on="post")
    begun = day.now
    want(day, "C1", "first")
    want(day, "C1", "second")
    day.pass_time(seconds=5)
    assert [(one.key, one.at) for one in day.chat.posted] == [("second", begun + SECOND)]


def test_a_turn_of_the_future_as_after_a_clock_put_back_holds_up_nobody(day: Day) -> None:
    want(day, "C1", "first")
    day.work()
    day.now -= timedelta(hours=1)
    want(day, "C1", "second")
    day.work()
    assert day.chat.named("second")[0].at == day.now


ARRIVALS = st.lists(st.tuples(st.sampled_from(["C1", "C2", "U1"]), st.integers(0, 1500)), min_size=1, max_size=30)
"""Where a message is wanted, and milliseconds since the one before."""


@settings(max_examples=60, deadline=None)
@given(arrivals=ARRIVALS, restarts=st.booleans())
def test_every_channel_is_served_as_a_queue_with_a_second_between(arrivals: list[tuple[str, int]], restarts: bool) -> None:
    day = Day(delivery=PACED)
    ideal = defaultdict[str, list[datetime]](list)
    for number, (channel, gap) in enumerate(arrivals):
        day.pass_time(milliseconds=gap)
        want(day, channel, f"note:{number}")
        free = ideal[channel][-1] + SECOND if ideal[channel] else day.now
        ideal[channel].append(max(day.now, free))
        if restarts:
            day.restart()
    day.pass_time(minutes=1)
    assert sorted(one.key for one in day.chat.posted) == sorted(f"note:{number}" for number in range(len(arrivals)))
    assert times(day) == ideal


def test_a_desk_as_it_is_set_up_paces() -> None:
    files = read_files(load_settings(_env_file=None))
    assert files.desk(MemoryStore(), "1a2b3c").delivery.pace == 1

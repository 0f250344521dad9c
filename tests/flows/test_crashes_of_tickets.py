"""The process dies at any step of opening a filing, Jira loses and delays answers, its search lags: no double, no loss."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import OutcomeUnknown, TryLater
from bot.flows.deliver_messages import deliver_messages
from bot.flows.deliver_tickets import CALL_SECONDS, deliver_tickets
from bot.flows.move_etd import move_etd
from bot.flows.open_filing import open_filing
from bot.flows.take_up_again import take_up_again
from tests.fakes.crashing import Crash, CrashingService, CrashingStore, Fuse
from tests.fakes.desk import ANA, BO, ETD, PACED, Day, wished

pytestmark = pytest.mark.slow

SEEDS = int(os.environ.get("FILINGDESK_SEEDS", "320"))
BLOCK = 80
LAG = 90.0
"""What the desk allows the search; the search takes up to this, a late request up to CALL_SECONDS."""
WRITES, READS = ("create", "create_all", "link", "set_due", "retitle"), ("find", "children", "get")


class MortalDay(Day):
    """Every step to the disk or to Jira may be the last one of the process; what Jira holds outlives it."""

    def __init__(self) -> None:
        super().__init__(tasks=("N1", "N2", "N11"), delivery=PACED)
        self.fuse = Fuse()
        self.restart()

    def restart(self) -> None:
        """Another process on the same rows."""
        self.desk = replace(self.desk, store=CrashingStore(self.store, self.fuse))

    def work(self) -> None:
        chat, tracker = CrashingService(self.chat, self.fuse), CrashingService(self.tracker, self.fuse)
        for _ in range(300):
            if not deliver_messages(self.desk, chat, self.now) + deliver_tickets(self.desk, tracker, self.now):
                return
        raise AssertionError("the work never ends")

    def press(self) -> None:
        """What a person does, and does again after a kill, as its acknowledgement was never seen."""
        open_filing(self.desk, wished(), ANA, self.now)


def lives(seed: int) -> MortalDay:
    """Up to four lives of the process, ended at random steps, then one in peace; two thirds of the seeds move the ETD as well."""
    chance, day = random.Random(seed), MortalDay()
    day.tracker.lag_search_for(chance.choice([0.0, 5.0, 40.0, LAG]))
    for _ in range(chance.randrange(1, 5)):
        trouble(day, chance)
        day.fuse.at = day.fuse.burnt + chance.randrange(1, 70)
        with suppress(Crash):
            live(day, chance)
        day.restart()
        day.now += timedelta(seconds=chance.choice([0, 1, 10, 100]))
    day.fuse.at = 0
    day.press()
    if seed % 3:
        move_etd(day.desk, "F-1" if day.store.get("filings", "F-1") else "F-2", ETD + timedelta(days=seed % 3), BO, day.now)
    day.pass_time(hours=6)
    return day


def live(day: MortalDay, chance: random.Random) -> None:
    take_up_again(day.desk, day.now)
    day.press()
    day.pass_time(seconds=chance.choice([0, 5, 60, 300]))


def trouble(day: MortalDay, chance: random.Random) -> None:
    """Answers lost before and after the work, work done after the answer was given up, requests to wait."""
    for _ in range(chance.randrange(4)):
        call = chance.choice(WRITES + READS)
        if call in WRITES and chance.random() < 0.4:
            day.tracker.arrive_late(chance.uniform(0.1, CALL_SECONDS), call)
        elif chance.random() < 0.6:
            day.tracker.fail_next(OutcomeUnknown("lost"), chance.random() < 0.7, call)
        else:
            day.tracker.fail_next(TryLater("wait", chance.choice([None, 3.0, 90.0])), False, call)


def wrong_with(day: MortalDay) -> tuple[int, int]:
    """(doubles, losses)."""
    filing, = (row for row in day.store.every("filings"))
    tasks = day.tasks(filing["id"])
    wanted = Counter([filing["label"], *(task.label for task in tasks)])
    there = Counter(kept.draft.label for kept in day.tracker.tickets.values())
    known = {filing["ticket"], *(task.ticket for task in tasks)}
    losses = sum((wanted - there).values()) + len(known ^ set(day.tracker.tickets)) + (filing["state"] != "open")
    losses += day.tracker.tickets[filing["ticket"]].ticket.due.isoformat() != filing["etd"]
    losses += sum(day.tracker.tickets[task.ticket].ticket.due != task.due for task in tasks)
    return sum((there - wanted).values()), losses


@pytest.mark.parametrize("seeds", [range(at, min(at + BLOCK, SEEDS)) for at in range(0, SEEDS, BLOCK)],
                         ids=lambda seeds: f"seeds {seeds.start} to {seeds.stop - 1}")
def test_killed_at_any_step_with_lost_and_delayed_answers_there_is_no_double_and_no_loss(
        seeds: range, capsys: pytest.CaptureFixture[str]) -> None:
    found = {seed: wrong_with(lives(seed)) for seed in seeds}
    doubles, losses = (sum(each[kind] for each in found.values()) for kind in (0, 1))
    with capsys.disabled():
        print(f"\n{len(seeds)} seeds ({seeds.start} to {seeds.stop - 1}): {doubles} doubles, {losses} losses")
    assert {seed: each for seed, each in found.items() if each != (0, 0)} == {}


def test_a_search_that_lags_longer_than_allowed_would_be_noticed_by_this_test() -> None:
    """The test can fail: with a search slower than the desk allows, some seed doubles."""
    wrong = []
    for seed in range(60):
        chance, day = random.Random(seed), MortalDay()
        day.tracker.lag_search_for(10 * LAG)
        day.tracker.fail_next(OutcomeUnknown("lost"), True, "create")
        live(day, chance)
        day.pass_time(hours=6)
        wrong.append(wrong_with(day)[0])
    assert sum(wrong) > 0


def test_killed_at_every_single_step_while_the_ticket_arrives_late() -> None:
    for at in range(1, 60):
        day = MortalDay()
        day.tracker.lag_search_for(LAG)
        day.tracker.arrive_late(CALL_SECONDS - 1, "create")
        day.tracker.arrive_late(CALL_SECONDS - 1, "create_all")
        day.fuse.at = at
        with suppress(Crash):
            day.press()
            day.pass_time(minutes=5)
        day.restart()
        day.press()
        day.pass_time(hours=6)
        assert wrong_with(day) == (0, 0), f"killed at step {at}"

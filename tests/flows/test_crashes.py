"""The process is killed at every step, services lose answers at random: nothing is doubled, nothing is lost."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.filing import Filing
from bot.domain.rows import from_row
from bot.domain.shipment import ShipmentLine
from bot.errors import OutcomeUnknown, TryLater
from bot.flows.answer_question import Question, answer_question, state_fact
from bot.flows.answer_reminder import reminder_done
from bot.flows.deliver_messages import deliver_messages
from bot.flows.deliver_tickets import deliver_tickets
from bot.flows.move_etd import move_etd
from bot.flows.open_filing import open_filing
from bot.flows.send_reminders import send_due
from bot.flows.watch_shipment import add_shipments
from tests.fakes.crashing import Crash, CrashingService, CrashingStore, Fuse
from tests.fakes.desk import ANA, BO, ETD, PACED, Day, shipped_reminders, wished

pytestmark = pytest.mark.slow  # every kill and many seeds, hundreds of stories

FEW = ("N1", "N11")
TOO_MANY = 400


class KilledDay(Day):
    """A day whose process dies when the fuse blows, and starts again on the same rows."""

    def __init__(self, fuse: Fuse) -> None:
        plan = shipped_reminders()
        super().__init__(tasks=FEW, delivery=PACED, reminders=replace(plan, task=plan.task[1:3]))
        self.fuse = fuse
        self.desk = replace(self.desk, store=CrashingStore(self.store, fuse))

    def story(self) -> None:
        """Everything a person does is done again after a kill, as its acknowledgement was never seen."""
        answer_question(self.desk, Question("C1:1.1", "Can we ship an iris lock to Brazil?", "C1", "1.1"), ANA, self.now)
        asked = next(self.store.every("determinations"))["id"]  # a number lost in a kill is never given again
        told = state_fact(self.desk, asked, "autonomous", "yes", BO, self.now)
        open_filing(self.desk, wished(origin=told, thread="1.1"), ANA, self.now)
        add_shipments(self.desk, [ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG")], ANA, self.now)
        for _ in range(100):
            worked = send_due(self.desk, self.now)
            worked += deliver_messages(self.desk, CrashingService(self.chat, self.fuse), self.now)
            worked += deliver_tickets(self.desk, CrashingService(self.tracker, self.fuse), self.now)
            if not worked:
                return

    def killed_and_started_again(self) -> None:
        with suppress(Crash):
            self.story()
        self.restart()
        self.fuse.at = 0
        self.now += timedelta(seconds=5)
        self.story()
        self.pass_time(hours=1)


def assert_all_is_there_once(day: Day) -> None:
    filing, = (from_row(Filing, row) for row in day.store.every("filings"))
    tasks = day.tasks(filing.id)
    labels = Counter(kept.draft.label for kept in day.tracker.tickets.values())
    assert labels == Counter([filing.label, *(task.label for task in tasks)])
    assert Counter(one.key for one in day.chat.posted) == Counter(["answer:C1:1.1", f"filing:{filing.id}"])
    assert len(list(day.store.every("shipments"))) == 1
    assert len(list(day.store.every("determinations"))) == 2
    assert all(task.ticket for task in tasks)
    assert filing.state == "open"
    assert not day.store.where("outbox", "state", "failed")
    assert not day.store.where("outbox", "state", "waiting")


def steps_of_the_story() -> int:
    fuse = Fuse()
    KilledDay(fuse).story()
    return fuse.burnt


def test_the_story_told_without_a_kill_has_many_steps_and_ends_well() -> None:
    day = KilledDay(Fuse())
    day.story()
    day.pass_time(hours=1)
    assert_all_is_there_once(day)
    assert 50 < day.fuse.burnt < TOO_MANY


def test_killed_at_any_single_step_the_story_still_ends_well() -> None:
    steps = steps_of_the_story()
    for at in range(1, steps + 1):
        day = KilledDay(Fuse(at))
        day.killed_and_started_again()
        assert_all_is_there_once(day)


def test_killed_twice_the_story_still_ends_well() -> None:
    steps = steps_of_the_story()
    chance = random.Random(7)
    for _ in range(30):
        day = KilledDay(Fuse(chance.randrange(1, steps)))
        with suppress(Crash):
            day.story()
        day.fuse.at, day.fuse.burnt = chance.randrange(1, steps), 0
        day.now += timedelta(seconds=chance.choice([0, 1, 12, 100]))
        day.killed_and_started_again()
        assert_all_is_there_once(day)


def stumbling(day: Day, chance: random.Random) -> None:
    """The services lose answers before and after the work, ask to wait, and the search lags."""
    day.tracker.lag_search(chance.choice([0, 0, 2, 5]))
    for service, calls in ((day.tracker, ["create", "create_all", "find", "children", "get", "link", "set_due"]),
                           (day.chat, ["post", "update", "find"])):
        for _ in range(chance.randrange(4)):
            after = chance.random() < 0.6
            error = OutcomeUnknown("lost") if after else chance.choice([OutcomeUnknown("lost"), TryLater("wait", 3), TryLater()])
            service.fail_next(error, after, chance.choice(calls))


@pytest.mark.parametrize("block", range(4))
def test_killed_and_answers_lost_at_random_the_story_still_ends_well(block: int) -> None:
    steps = steps_of_the_story()
    for seed in range(block * 25, block * 25 + 25):
        chance = random.Random(seed)
        day = KilledDay(Fuse(chance.randrange(1, steps)))
        stumbling(day, chance)
        with suppress(Crash):
            day.story()
        stumbling(day, chance)
        day.killed_and_started_again()
        day.pass_time(hours=6)
        try:
            assert_all_is_there_once(day)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error


def test_reminders_sent_while_the_process_dies_reach_everybody_once() -> None:
    fuse = Fuse()
    for at in range(1, 40):
        day = KilledDay(fuse := Fuse(at))
        add_shipments(replace(day.desk, store=day.store),
                      [ShipmentLine("SO-1", "FaceGate 300", "DE", date(2026, 6, 29), "")], ANA, day.now)
        day.now += timedelta(days=1)
        with suppress(Crash):
            send_due(day.desk, day.now)
            deliver_messages(day.desk, CrashingService(day.chat, fuse), day.now)
        day.restart()
        fuse.at = 0
        day.pass_time(hours=12)
        sent = [one for one in day.reminders("S-1") if one.state == "sent"]
        assert len(sent) == 1
        assert len(day.chat.named("remind:")) == 1
    assert fuse.burnt < 40, "every step was reached"


def test_done_pressed_while_the_process_dies_is_done_once_when_pressed_again() -> None:
    for at in range(1, 12):
        day = KilledDay(Fuse())
        open_filing(day.desk, wished(), ANA, day.now)
        day.until(min(task.due for task in day.tasks() if task.due))
        reminder = next(one for one in day.reminders("F-1") if one.state == "sent")
        day.fuse.at, day.fuse.burnt = at, 0
        with suppress(Crash):
            reminder_done(day.desk, reminder.id, BO, day.now)
        day.restart()
        reminder_done(day.desk, reminder.id, BO, day.now)
        day.pass_time(hours=1)
        task = next(task for task in day.tasks() if task.id == reminder.task)
        assert day.tracker.get(task.ticket).status_kind == "done"
        assert len(day.store.where("audit", "subject", "F-1")) == 3  # opened, ticket created, answered


def test_an_etd_moved_while_the_process_dies_arrives_everywhere() -> None:
    for at in range(1, 30):
        day = KilledDay(Fuse())
        day.story()
        day.fuse.at, day.fuse.burnt = at, 0
        later = ETD + timedelta(days=14)
        with suppress(Crash):
            move_etd(day.desk, "F-1", later, BO, day.now)
            deliver_tickets(day.desk, CrashingService(day.tracker, day.fuse), day.now)
        day.restart()
        move_etd(day.desk, "F-1", later, BO, day.now)
        day.pass_time(hours=1)
        assert day.tracker.get(day.filing().ticket).due == later
        assert [day.tracker.get(task.ticket).due for task in day.tasks()] == [task.due for task in day.tasks()]

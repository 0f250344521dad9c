"""People change both sides at random, services fail, the process dies: afterwards both sides agree, and nothing is said twice.

More stories than the usual forty by FILINGDESK_SYNC_EXAMPLES.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.errors import OutcomeUnknown, ServiceError, TryLater
from bot.flows.change_task import TaskChange, change_task
from bot.flows.comment_on_ticket import Remark, comment_on_ticket
from bot.flows.follow_ticket import follow_tickets
from bot.flows.move_etd import move_etd
from bot.flows.retry_ticket import retry_ticket
from bot.ports import Ticket
from tests.fakes.crashing import Crash, CrashingService, CrashingStore, Fuse
from tests.fakes.desk import ANA, BO, DEV, ETD, PEOPLE, Day
from tests.fakes.fake_chat import words_of

pytestmark = pytest.mark.slow  # forty random stories with a settlement each take some seconds
EXAMPLES = int(os.environ.get("FILINGDESK_SYNC_EXAMPLES", "40"))
ITEMS = st.sampled_from(["N1", "N12"])
PLACES = st.sampled_from(["", "N1", "N12"])
SOMEBODY = st.sampled_from([ANA, BO, DEV])
KINDS = st.sampled_from(["new", "indeterminate", "done"])
NAMES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
DUES = st.one_of(st.none(), st.integers(-400, 60).map(lambda days: ETD + timedelta(days=days)))
WRITES = ("create", "create_all", "move", "set_due", "assign", "comment", "link")
FATES = st.sampled_from([None, (TryLater("wait"), False), (OutcomeUnknown("lost"), False), (OutcomeUnknown("lost"), True)])
"""What the tracker does to the next call: nothing; or it fails, with True after it has done what was asked."""
THEN = st.sampled_from([[], ["work"], ["poll"], ["work", "poll"], ["poll", "work"], ["work", "poll", "work"]])
"""What the program gets to do before somebody acts again."""


class BothSides(RuleBasedStateMachine):
    """One filing with two tasks; every rule is something a person, a service or fate does."""

    @initialize()
    def open(self) -> None:
        self.day = Day(tasks=("N1",))
        self.day.open(owner=BO.id)
        self.day.pass_time(minutes=5)
        self.poll()
        self.number = 0
        self.done = {task.item: False for task in self.day.tasks()}
        """How each task ought to end: as whoever said so last; here, where ours is on its way to the tracker."""
        self.owner: dict[str, str | None] = {task.item: task.owner for task in self.day.tasks()}
        """Likewise; None where the board's last word may have come and gone unseen."""
        self.said_here: list[str] = []
        self.said_there: dict[str, str] = {}  # words, and the ticket they were said on
        self.buried: list[str] = []  # comments on tickets that were deleted
        self.lost: set[str] = set()  # words of people on tickets that were deleted: perhaps before anybody looked

    # ── people in the chat ─────────────────────────────────────────────────────────────────────────

    @rule(item=ITEMS, done=st.booleans(), fate=FATES, then=THEN)
    def mark(self, item: str, done: bool, fate: Any, then: list[str]) -> None:
        if self.day.task(item).done != done:
            self.done[item] = done
        self.change(item, done=done)
        self.go_on(then, fate)

    @rule(item=ITEMS, person=SOMEBODY, fate=FATES, then=THEN)
    def give(self, item: str, person: Any, fate: Any, then: list[str]) -> None:
        if self.day.task(item).owner != person.id:
            self.owner[item] = person.id
        self.change(item, owner=person.id)
        self.go_on(then, fate)

    @rule(item=ITEMS, where=st.sampled_from(["https://files.example.com/1", "in the safe", ""]), fate=FATES, then=THEN)
    def prove(self, item: str, where: str, fate: Any, then: list[str]) -> None:
        self.change(item, evidence=where)
        self.go_on(then, fate)

    @rule(place=PLACES, fate=FATES, then=THEN)
    def remark(self, place: str, fate: Any, then: list[str]) -> None:
        words = self.words("chat")
        self.said_here.append(words)
        comment_on_ticket(self.day.desk, Remark(words, "C1", "1.000001", words, "Bo", item=place), BO, self.day.now)
        self.go_on(then, fate)

    @rule(days=st.sampled_from([0, 28]), fate=FATES, then=THEN)
    def move_etd(self, days: int, fate: Any, then: list[str]) -> None:
        move_etd(self.day.desk, "F-1", ETD + timedelta(days=days), BO, self.day.now)
        self.go_on(then, fate)

    @rule(fate=FATES, then=THEN)
    def retry(self, fate: Any = None, then: list[str] = []) -> None:  # noqa: B006 - read only
        retry_ticket(self.day.desk, "F-1", BO, self.day.now)
        self.go_on(then, fate)

    # ── people at the board ────────────────────────────────────────────────────────────────────────

    @rule(place=PLACES, kind=KINDS, then=THEN)
    def drag(self, place: str, kind: str, then: list[str]) -> None:
        if place and self.there(place) and self.day.task(place).done == self.day.task(place).ticket_done:
            self.done[place] = kind == "done"
        self.edit(place, status=NAMES[kind], status_kind=kind)
        self.go_on(then)

    @rule(place=PLACES, due=DUES, then=THEN)
    def date(self, place: str, due: date | None, then: list[str]) -> None:
        self.edit(place, due=due)
        self.go_on(then)

    @rule(place=PLACES, person=st.sampled_from([ANA, BO, DEV, None]), then=THEN)
    def assign(self, place: str, person: Any, then: list[str]) -> None:
        if place and self.there(place) and not self.day.task(place).assign:
            seen = self.day.task(place).owner == self.owner[place]
            self.owner[place] = person.id if person else self.owner[place] if seen else None
        self.edit(place, assignee_email=person.email if person else "", assignee_name=person.name if person else "A. Stranger")
        self.go_on(then)

    @rule(place=PLACES, then=THEN)
    def say(self, place: str, then: list[str]) -> None:
        if self.there(place):
            words = self.words("board")
            self.said_there[words] = self.key(place)
            self.day.tracker.say(self.key(place), words)
        self.go_on(then)

    @rule(place=PLACES, then=THEN)
    def rekey(self, place: str, then: list[str]) -> None:
        if self.there(place):
            self.number += 1
            self.day.tracker.rekey(self.key(place), f"OPS-{self.number}")
        self.go_on(then)

    @rule(place=PLACES, mended=st.booleans(), then=THEN)
    def delete(self, place: str, mended: bool, then: list[str]) -> None:
        ticket, tracker = self.there(place), self.day.tracker
        finished = self.day.filing().state == "done" or (ticket and not place and ticket.status_kind == "done")
        if ticket and not finished:  # nobody makes the ticket of a finished filing anew
            dying = [kept for kept in tracker.tickets.values() if ticket.key in (kept.ticket.key, kept.ticket.parent)]
            self.buried += [comment.text for kept in dying for comment in kept.comments]
            self.lost |= {comment.text for kept in dying for comment in kept.comments if not comment.marker}
            tracker.delete(ticket.key)
            for task in (task for task in self.day.tasks() if not self.there(task.item)):
                self.done[task.item], self.owner[task.item] = task.done, task.owner  # made anew, it is what it was here
        self.go_on(["poll"] if mended else [])
        self.retry(None, ["work", *then]) if mended else self.go_on(then)

    # ── the program, the services and fate ─────────────────────────────────────────────────────────

    def go_on(self, then: list[str], fate: tuple[ServiceError, bool] | None = None) -> None:
        """The program works and looks, or not, before somebody acts again; fate meets its next call."""
        if fate:
            self.day.tracker.fail_next(fate[0], after_work=fate[1])
        for step in then:
            self.day.work() if step == "work" else self.poll()

    def poll(self) -> None:
        with suppress(ServiceError):
            follow_tickets(self.day.desk, self.day.tracker, self.day.now)

    @rule(minutes=st.integers(1, 20))
    def wait(self, minutes: int) -> None:
        self.day.pass_time(minutes=minutes)
        self.poll()

    @rule(at=st.integers(1, 25), first=st.booleans())
    def die(self, at: int, first: bool) -> None:
        """The process is killed at some step of its work, and starts again on the same rows."""
        day, fuse = self.day, Fuse(at)
        day.desk = replace(day.desk, store=CrashingStore(day.store, fuse))
        chat, tracker = day.chat, day.tracker
        day.chat, day.tracker = CrashingService(chat, fuse), CrashingService(tracker, fuse)
        with suppress(Crash):
            for step in (self.poll, day.work) if first else (day.work, self.poll):
                step()
        day.chat, day.tracker = chat, tracker
        day.restart()

    # ── how it ends ────────────────────────────────────────────────────────────────────────────────

    def teardown(self) -> None:
        if not hasattr(self, "said_there"):
            return
        self.day.tracker._faults.clear()
        self.settle()
        self.both_sides_agree()
        self.everything_was_said_once()
        self.nothing_moves_any_more()

    def settle(self) -> None:
        if self.there(""):
            self.edit("", status="To Do", status_kind="new")  # what is finished is not visited any more
        for _ in range(6):
            self.day.pass_time(minutes=3)
            self.poll()
            self.retry()
        self.day.pass_time(minutes=10)
        assert self.day.filing().state == "open", self.day.filing().trouble

    def both_sides_agree(self) -> None:
        filing, parent = self.day.filing(), self.there("")
        assert parent
        assert (filing.ticket, filing.status, filing.etd) == (parent.key, parent.status, parent.due)
        for task in self.day.tasks():
            ticket = self.there(task.item)
            assert ticket, task.item
            assert (task.ticket, task.done, task.due) == (ticket.key, ticket.status_kind == "done", ticket.due), task.item
            known = {person.email: person.id for person in PEOPLE}.get(ticket.assignee_email)
            assert known in (None, task.owner), task.item
            assert task.done == self.done[task.item], f"{task.item}: a done, or an undone, was lost"
            assert self.owner[task.item] in (None, task.owner), f"{task.item}: an owner was lost"
        labels = Counter(kept.draft.label for kept in self.day.tracker.tickets.values())
        assert set(labels.values()) == {1}, labels

    def everything_was_said_once(self) -> None:
        living = [comment.text for kept in self.day.tracker.tickets.values() for comment in kept.comments]
        for words in self.said_here:
            assert sum(words in text for text in living) <= 1, "doubled in the tracker"
            assert any(words in text for text in [*living, *self.buried]), "never reached the tracker"
        shown = [words_of(one.reply) for one in self.day.chat.posted]
        for words in self.said_there:
            count = sum(words in text for text in shown)
            assert count == 1 or (count == 0 and words in self.lost), f"{words} stands {count} times in the thread"
        assert not any("chat-" in text for text in shown), "what came from here came back"
        assert set(Counter(one.key for one in self.day.chat.posted).values()) == {1}

    def nothing_moves_any_more(self) -> None:
        before = self.traffic()
        for _ in range(3):
            self.poll()
            self.day.pass_time(minutes=5)
        assert self.traffic() == before

    def traffic(self) -> tuple[list[int], list[tuple[str, int]]]:
        """Everything written to the tracker, and what is said of the filing; what waits for a decent hour comes later."""
        said = [(one.key, one.edits) for one in self.day.chat.posted if not one.key.startswith(("remind", "changed"))]
        return [self.day.tracker.called(name) for name in WRITES], said

    # ── small things ───────────────────────────────────────────────────────────────────────────────

    def change(self, item: str, **changes: Any) -> None:
        self.number += 1
        change_task(self.day.desk, f"F-1.{item}", TaskChange(f"form:{self.number}", **changes), BO, self.day.now)

    def words(self, side: str) -> str:
        self.number += 1
        return f"{side}-{self.number}-"

    def key(self, place: str) -> str:
        ticket = self.there(place)
        return ticket.key if ticket else ""

    def there(self, place: str) -> Ticket | None:
        """The ticket of the filing or a task as it is on the board; None where it was deleted or is not made yet."""
        label = self.day.task(place).label if place else self.day.filing().label
        return next((kept.ticket for kept in self.day.tracker.tickets.values() if kept.draft.label == label), None)

    def edit(self, place: str, **changes: Any) -> None:
        if self.there(place):
            self.day.tracker.edit(self.key(place), **changes)


BothSides.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
TestBothSides = BothSides.TestCase

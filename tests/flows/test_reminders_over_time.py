"""Whatever people, the clock, kills and Slack do: every reminder ends as sent exactly once, or visibly skipped or failed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.errors import BadDate, Gone, OutcomeUnknown, TryLater
from bot.flows.answer_reminder import reminder_done, reminder_snoozed
from bot.flows.change_shipment import set_state
from bot.flows.change_task import TaskChange, change_task
from bot.flows.deliver_messages import deliver_messages
from bot.flows.keep_habits import HabitsWish, keep_habits
from bot.flows.move_etd import move_etd
from bot.flows.pass_on import pass_on_undelivered
from bot.flows.send_reminders import send_due
from bot.flows.watch_shipment import add_shipments
from tests.fakes.crashing import Crash, CrashingService, CrashingStore, Fuse
from tests.fakes.desk import ANA, BO, DEV, MIA, PACED, Day
from tests.fakes.fake_chat import words_of

NUMBERS = st.integers(1, 5).map(lambda number: f"SO-{number}")
DAYS = st.integers(0, 40)
OWNERS = st.sampled_from([ANA, BO, DEV, MIA])
ENDS = {"sent", "done", "skipped", "replanned"}
pytestmark = pytest.mark.slow  # many weeks, many times


class ManyWeeks(RuleBasedStateMachine):
    """Shipments come, move and go; one filing; the clock jumps; the process dies; the chat stumbles."""

    def __init__(self) -> None:
        super().__init__()
        self.day = Day(datetime(2026, 9, 21, 2, 0, tzinfo=UTC), tasks=("N1", "N11"), delivery=PACED)  # around National Day
        self.day.open(etd=date(2026, 11, 20))
        self.day.work()

    def _etd(self, ahead: int) -> date:
        return self.day.now.date() + timedelta(days=ahead)

    @rule(number=NUMBERS, ahead=DAYS, owner=OWNERS)
    def add_or_import_again(self, number: str, ahead: int, owner: object) -> None:
        line = ShipmentLine(number, "Frobnicator 9", "DE", self._etd(ahead), "", owner.id)  # type: ignore[attr-defined]
        try:
            add_shipments(self.day.desk, [line], ANA, self.day.now)
        except BadDate:
            assert ahead == 0  # already tomorrow in Shanghai

    @rule(number=NUMBERS, ahead=DAYS)
    def move(self, number: str, ahead: int) -> None:
        if self.day.store.where("shipments", "number", number):
            try:
                move_etd(self.day.desk, number, self._etd(ahead), BO, self.day.now)
            except BadDate:
                assert ahead == 0

    @rule(number=NUMBERS)
    def cancel(self, number: str) -> None:
        if self.day.store.where("shipments", "number", number):
            set_state(self.day.desk, number, "cancelled", BO, self.day.now)

    @rule(ahead=st.integers(30, 120))
    def move_the_filing(self, ahead: int) -> None:
        move_etd(self.day.desk, "F-1", self._etd(ahead), BO, self.day.now)

    @rule(which=st.integers(0, 20), answer=st.sampled_from([reminder_done, reminder_snoozed]))
    def press_a_button(self, which: int, answer: object) -> None:
        sent = [row for row in self.day.store.every("reminders") if row["state"] == "sent"]
        if sent:
            answer(self.day.desk, sent[which % len(sent)]["id"], BO, self.day.now)  # type: ignore[operator]

    @rule(item=st.sampled_from(["N1", "N11", "N12"]), done=st.booleans())
    def a_task_is_done_or_opened_again(self, item: str, done: bool) -> None:
        change_task(self.day.desk, self.day.task(item).id, TaskChange("t", done=done), BO, self.day.now)

    @rule(person=OWNERS, deputy=OWNERS, days=st.integers(0, 9))
    def somebody_goes_away(self, person: Colleague, deputy: Colleague, days: int) -> None:
        there = self.day.now.astimezone(ZoneInfo(person.zone)).date()
        wish = HabitsWish(away_until=there + timedelta(days=days), deputy=deputy.id if deputy is not person else "")
        keep_habits(self.day.desk, wish, person, self.day.now)

    @rule(seconds=st.integers(60, 4000) | st.integers(4000, 200_000), lost=st.booleans())
    def the_chat_is_away_or_asks_for_patience(self, seconds: int, lost: bool) -> None:
        for person in (ANA, BO, DEV, MIA):
            away = OutcomeUnknown("lost") if lost and seconds < 4000 else TryLater("wait", float(seconds % 300))
            self.day.chat.closed.setdefault(person.id, away)
        self.day.pass_time(seconds=seconds)
        for person in (ANA, BO, DEV, MIA):
            if isinstance(self.day.chat.closed.get(person.id), TryLater | OutcomeUnknown):
                del self.day.chat.closed[person.id]

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.day.pass_time(hours=hours)

    @rule(hours=st.integers(1, 400))
    def the_clock_jumps_or_the_process_was_stopped(self, hours: int) -> None:
        self.day.now += timedelta(hours=hours)
        self.day.restart()

    @rule(hours=st.integers(1, 30))
    def the_clock_goes_back(self, hours: int) -> None:
        self.day.now -= timedelta(hours=hours)

    @rule(at=st.integers(1, 12))
    def the_process_dies_at_work(self, at: int) -> None:
        fuse, day = Fuse(at), self.day
        desk = day.desk
        day.desk = make = type(desk)(**{name: getattr(desk, name) for name in desk.__slots__} | {
            "store": CrashingStore(day.store, fuse)})
        try:
            pass_on_undelivered(make, day.now)
            send_due(make, day.now)
            deliver_messages(make, CrashingService(day.chat, fuse), day.now)
        except Crash:
            pass
        day.restart()

    @rule(error=st.sampled_from([TryLater("down"), TryLater("wait", 40), OutcomeUnknown("lost")]), after=st.booleans(),
          call=st.sampled_from(["post", "update", "find"]))
    def the_chat_stumbles(self, error: TryLater | OutcomeUnknown, after: bool, call: str) -> None:
        self.day.chat.fail_next(error, after and isinstance(error, OutcomeUnknown), call)

    @rule(person=OWNERS, gone=st.booleans())
    def somebody_cannot_be_written_to(self, person: object, gone: bool) -> None:
        user = person.id  # type: ignore[attr-defined]
        self.day.chat.closed.pop(user, None)
        if gone:
            self.day.chat.close_channel(user, Gone("The person has left."))

    @invariant()
    def nothing_was_told_twice_and_never_at_night(self) -> None:
        assert max(Counter(one.key for one in self.day.chat.posted).values(), default=0) <= 1
        zones = {person.id: person.zone for person in (ANA, BO, DEV, MIA)}
        for one in self.day.store.every("reminders"):
            if one["sent_at"]:
                there = datetime.fromisoformat(one["sent_at"]).astimezone(ZoneInfo(zones[one["sent_to"]]))
                assert 9 <= there.hour < 18, one

    def teardown(self) -> None:
        day = self.day
        day.pass_time(days=500)
        posted = {one.key for one in day.chat.posted}
        failed = {row["name"] for row in day.store.where("outbox", "state", "failed") if "name" in row}
        for row in day.store.every("reminders"):
            assert row["state"] in ENDS, row
            assert row["due_at"] is None, row
            assert row["state"] != "skipped" or row["why"], row
            assert not row["sent_at"] or row["message"] in posted | failed, row
        assert not day.store.where("outbox", "state", "waiting")
        self.what_came_late_says_so()

    def what_came_late_says_so(self) -> None:
        phrases = [self.day.phrase("reminder.late", lang) for lang in ("en", "zh")]
        for message in self.day.chat.named("remind:"):
            about = [row for row in self.day.store.where("reminders", "message", message.key) if row["state"] == "sent"]
            planned = min((datetime.fromisoformat(row["planned_for"]) for row in about), default=message.at)
            if message.at - planned > 2 * self.day.desk.reminders.late_after:
                assert any(phrase in words_of(message.reply) for phrase in phrases), message


ManyWeeks.TestCase.settings = settings(
    max_examples=18, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
TestManyWeeks = ManyWeeks.TestCase

"""A desk over rows in memory with the shipped rules, checklist and words (read once), and a day at it: clock, chat, tracker."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.adapters.holiday_calendar import HolidayCalendar, HolidayCalendars
from bot.datafiles.catalogue import load_catalogue
from bot.datafiles.checklists import load_checklists
from bot.datafiles.lexicon import load_lexicon
from bot.datafiles.market_lists import load_lists
from bot.datafiles.messages import load_messages
from bot.datafiles.reminder_plans import load_reminders
from bot.datafiles.rulesets import load_rulesets
from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.domain.reminding import Reminder, ReminderPlan
from bot.domain.rows import from_row, to_row
from bot.flows.answer_question import Question, answer_question
from bot.flows.deliver_messages import deliver_messages
from bot.flows.deliver_tickets import deliver_tickets
from bot.flows.open_filing import FilingWish, open_filing
from bot.flows.pass_on import pass_on_undelivered
from bot.flows.send_reminders import send_due
from bot.ports import Delivery, Desk, Store
from tests.fakes.fake_chat import START, FakeChat
from tests.fakes.fake_tracker import FakeTracker
from tests.fakes.memory_store import MemoryStore

ROOT = Path(__file__).parents[2]
RULESET = "cn-cac-agents"
ETD = date(2026, 12, 18)
PACED = Delivery(lag=90, look_every=10)
AT_ONCE = replace(PACED, pace=0)
"""For most tests, so that whatever is due is said while the clock stands still."""

ANA = Colleague("U1", "Ana", "ana@example.com", "Europe/Berlin", "en", "SALES")
BO = Colleague("U2", "Bo", "bo@example.com", "Asia/Shanghai", "zh", "PM")
DEV = Colleague("U3", "Dev", "dev@example.com", "Asia/Kolkata", "en", "REG")
MIA = Colleague("U4", "Mia", "mia@example.com", "America/New_York", "en", "SHIP")
PEOPLE = (ANA, BO, DEV, MIA)


@cache
def _files() -> dict[str, Any]:
    """What the files say; read once, as it takes a second."""
    catalogue = tuple(load_catalogue(ROOT / "config" / "catalogue.csv"))
    return {
        "words": load_messages(ROOT / "config" / "messages"),
        "lexicon": load_lexicon(ROOT / "rulesets" / "reading").with_catalogue(catalogue),
        "rulesets": load_rulesets(ROOT / "rulesets"), "ruleset": RULESET,
        "checklist": load_checklists(ROOT / "rulesets")[RULESET], "catalogue": catalogue,
        "reminders": shipped_reminders(), "calendar": HolidayCalendar("CN"), "calendars": HolidayCalendars("CN"),
        "lists": load_lists(ROOT / "rulesets")[RULESET]}


@cache
def shipped_reminders() -> ReminderPlan:
    """config/reminders.yaml."""
    return load_reminders(ROOT / "config")


def make_desk(store: Store | None = None, *, tasks: Iterable[str] = (), **changes: Any) -> Desk:
    """A desk; `tasks` keeps only these of the checklist (N12 always), for tests that open many filings."""
    parts = {name: part for name, part in _files().items() if name != "lists"}
    if tasks:
        kept = {*tasks, "N12"}
        parts["checklist"] = replace(parts["checklist"], items=tuple(i for i in parts["checklist"].items if i.id in kept))
    return Desk(**(parts | {"store": store or MemoryStore(), "label": "1a2b3c", "watch_channel": "C-watch",
                            "delivery": AT_ONCE} | changes))


def settle_in(desk: Desk, people: Iterable[Colleague] = PEOPLE) -> None:
    """The people with their roles, the site's address and the shipped list are known."""
    with desk.store.transaction() as tx:
        for person in people:
            tx.put("people", to_row(person) | {"met_at": START.isoformat()})
        tx.put("notes", {"id": "site", "url": "https://example.slack.com/"})
        for entry in _files()["lists"]:
            tx.put("lists", entry.to_row())


class Day:
    """A day at the desk: the clock stands until it is moved, and everything due is worked off when asked."""

    def __init__(self, now: datetime = START, store: Store | None = None, **changes: Any) -> None:
        self.now = now
        self.store = store or MemoryStore()
        self.desk = make_desk(self.store, **changes)
        self.chat = FakeChat(lambda: self.now)
        self.chat.people = {person.id: person for person in PEOPLE}
        self.tracker = FakeTracker(lambda: self.now)
        settle_in(self.desk)

    def restart(self) -> None:
        """The process starts again on the same rows."""
        self.desk = replace(self.desk, store=self.store)

    def ask(self, text: str, by: Colleague = ANA, ts: str = "1.000001", thread: str = "", channel: str = "C1",
            called: bool = True) -> None:
        """A message to the bot; the answer goes to its thread."""
        question = Question(f"{channel}:{ts}", text, channel, thread or ts)
        answer_question(self.desk, question, by, self.now, called=called)

    def open(self, by: Colleague = ANA, **wish: Any) -> Filing:
        """A filing as the form opens it."""
        return open_filing(self.desk, wished(**wish), by, self.now)[0]

    def work(self) -> None:
        """Everything due now is worked off, as the ticker does."""
        for _ in range(300):
            worked = pass_on_undelivered(self.desk, self.now)
            worked += send_due(self.desk, self.now)
            worked += deliver_messages(self.desk, self.chat, self.now)
            worked += deliver_tickets(self.desk, self.tracker, self.now)
            if not worked:
                return
        raise AssertionError("the work never ends: something is due for ever")

    def next_due(self) -> datetime | None:
        """When the next row falls due."""
        fields = (("reminders", "due_at"), ("outbox", "chat_due"), ("outbox", "tracker_due"))
        rows = [(self.store.first(table, name), name) for table, name in fields]
        return min((datetime.fromisoformat(row[name]) for row, name in rows if row), default=None)

    def pass_time(self, **span: float) -> None:
        """The clock goes on by so much, waking up at every due moment on the way."""
        end = self.now + timedelta(**span)
        self.work()
        for _ in range(5000):
            due = self.next_due()
            if due is None or due > end:
                break
            self.now = max(self.now, due)
            self.work()
        self.now = end

    def until(self, day: date, hour: int = 23) -> None:
        """The clock goes on to this UTC hour of a day."""
        end = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        self.pass_time(seconds=(end - self.now).total_seconds())

    def phrase(self, key: str, lang: str = "en") -> str:
        """The longest run of words of a sentence between its gaps, so that tests survive a better wording."""
        sentence = self.desk.words._sentences[lang][key][-1]  # type: ignore[attr-defined]
        return max(re.split(r"\{[^}]*\}", sentence), key=len).strip()

    # --- looking ------------------------------------------------------------------------------------------------

    def filing(self, filing_id: str = "F-1") -> Filing:
        row = self.store.get("filings", filing_id)
        assert row, filing_id
        return from_row(Filing, row)

    def tasks(self, filing_id: str = "F-1") -> list[FilingTask]:
        return [from_row(FilingTask, row) for row in self.store.where("tasks", "filing", filing_id)]

    def task(self, item: str, filing_id: str = "F-1") -> FilingTask:
        return next(task for task in self.tasks(filing_id) if task.item == item)

    def reminders(self, subject: str) -> list[Reminder]:
        return [from_row(Reminder, row) for row in self.store.where("reminders", "subject", subject)]


def wished(**changes: Any) -> FilingWish:
    """A wish for FaceGate 300 to Germany."""
    usual = FilingWish(origin="form:V1", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",), etd=ETD,
                       owner=ANA.id, customer="Hafen AG", channel="C1", thread="1.000001")
    return replace(usual, **changes)

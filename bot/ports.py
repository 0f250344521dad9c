"""What the flows need from the world, in our words: Clock, Store, Chat, Tracker, Calendar, Waker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.calendar_event import CalendarEvent
from bot.domain.catalogue import Product
from bot.domain.checklist import Checklist
from bot.domain.people import Colleague
from bot.domain.reading.lexicon import Lexicon
from bot.domain.reminding import ReminderPlan, WorkingDays
from bot.domain.rulebook import Ruleset
from bot.domain.ticket import Comment, Ticket, TicketChange, TicketDraft, TicketField
from bot.errors import Refused
from bot.replies import Reply, Words
from bot.replies.timelines import Picture

__all__ = [
    "TABLES", "Calendar", "Calendars", "Chat", "Clock", "Comment", "Delivery", "Desk", "Painter", "Row", "Rows", "Store",
    "TableShape", "Ticket", "TicketChange", "TicketDraft", "Tracker", "Transaction", "Waker", "Words",
]

Row = dict[str, Any]
"""One stored thing: JSON values only, with its key under "id". Instants are ISO 8601 in UTC ("2026-12-01T08:00:00+00:00")."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """How a table is searched: `equal` fields by value, `ordered` fields up to a value; None and absent are in no index.

    An `equal` field "goods.filing" is found by the `filing` of any element of the list `goods`.
    """

    equal: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()


TABLES: Mapping[str, TableShape] = {
    "determinations": TableShape(equal=("place",)),
    "filings": TableShape(equal=("state", "ticket", "label", "product", "owner")),
    "tasks": TableShape(equal=("filing", "ticket", "label", "owner")),
    "sign_offs": TableShape(equal=("filing", "state")),
    "shipments": TableShape(equal=("number", "told", "owner", "goods.product", "goods.filing")),
    "comments": TableShape(equal=("unsent",)),
    "reminders": TableShape(equal=("subject", "task", "message", "owner", "due_on"), ordered=("due_at",)),
    "requests": TableShape(equal=("subject",)),
    "questions": TableShape(equal=("message",)),
    "habits": TableShape(),
    "outbox": TableShape(equal=("subject", "state"), ordered=("chat_due", "tracker_due")),
    "messages": TableShape(equal=("ts",)),
    "lists": TableShape(equal=("ruleset",), ordered=("newest_first",)),
    "people": TableShape(equal=("email", "role")),
    "seen": TableShape(ordered=("at",)),
    "audit": TableShape(equal=("subject",), ordered=("at",)),
    "tickets": TableShape(equal=("label", "parent"), ordered=("recency",)),
    "notes": TableShape(),
    "imports": TableShape(),
    "feeds": TableShape(equal=("owner",)),
}


class Clock(Protocol):
    """The only source of the present."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class Rows(Protocol):
    """Reading rows; what comes back is the caller's own copy."""

    def get(self, table: str, key: str) -> Row | None:
        """The row with this id, or None."""

    def where(self, table: str, field: str, value: str) -> list[Row]:
        """Rows whose indexed `field` equals `value`, oldest first."""

    def up_to(self, table: str, field: str, limit_value: str, count: int) -> list[Row]:
        """At most `count` rows whose ordered `field` is <= `limit_value`, smallest first (ties: oldest first)."""

    def first(self, table: str, field: str) -> Row | None:
        """The row with the smallest value in the ordered `field`, or None."""

    def every(self, table: str) -> Iterator[Row]:
        """All rows of a table, oldest first."""


class Transaction(Rows, Protocol):
    """Reads see this transaction's own writes; all of it becomes durable and visible at once, or none of it."""

    def put(self, table: str, row: Row) -> None:
        """Insert or replace the row with row["id"]; a replaced row keeps its place in the order."""

    def remove(self, table: str, key: str) -> None:
        """Remove the row if it is there."""

    def number(self, series: str) -> int:
        """The next number of a series, from 1; never given twice, even after a kill."""

    def reserve(self, series: str, count: int) -> None:
        """Numbers this transaction is going to take, made durable at once instead of one by one; what it leaves stays a gap."""


class Store(Rows, Protocol):
    """Durable rows; safe for threads; one writer at a time."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Durable when the block ends without an error; an error inside rolls all of it back."""

    def close(self) -> None:
        """Release the data folder."""


class Chat(Protocol):
    """Slack in our words. Errors: Refused, TryLater, OutcomeUnknown, Gone."""

    def post(self, channel: str, thread: str, reply: Reply, key: str) -> str:
        """Post and return the message's ts; `channel` may be a person's id (a direct message); `key` travels as metadata."""

    def update(self, channel: str, ts: str, reply: Reply, key: str) -> None:
        """Replace a message in place; the last of two equal updates changes nothing."""

    def find(self, channel: str, thread: str, key: str, since: datetime) -> str | None:
        """The ts of the message posted with this key since then, or None."""

    def person(self, user: str) -> Colleague:
        """Name, zone, language of a user."""

    def share(self, channel: str, thread: str, name: str, content: bytes, said: str) -> None:
        """Hand a file to those who asked for it; an immediate reply, so not through the outbox. `thread` is "" for none."""


class Tracker(Protocol):
    """Jira in our words. Errors: Refused, TryLater, OutcomeUnknown, Gone."""

    def create(self, draft: TicketDraft) -> str:
        """Create one ticket, never retried here; returns its key."""

    def create_all(self, drafts: list[TicketDraft]) -> list[str | Refused]:
        """Create up to 50 sub-tasks in one request; one result each, in order."""

    def find(self, label: str) -> list[str]:
        """Keys of the tickets that carry the label, oldest first; a search may lag behind."""

    def get(self, key: str) -> Ticket:
        """The ticket, read from the database rather than the search index."""

    def get_all(self, keys: list[str]) -> list[Ticket]:
        """Those of the tickets that are there, in no order; one that was moved comes back under its new key."""

    def children(self, key: str) -> list[Ticket]:
        """The sub-tasks of a ticket."""

    def changed(self, label: str, since: datetime) -> list[Ticket]:
        """Tickets with this label updated since then (overlap is the caller's affair)."""

    def move(self, key: str, status_kind: str) -> None:
        """Move to a status of this kind by any transition that leads there; no-op when already there."""

    def set_due(self, key: str, due: date) -> None:
        """Change the due date."""

    def assign(self, key: str, email: str) -> bool:
        """Give it to the person with this e-mail; False, and nothing changes, where the tracker knows nobody by it."""

    def history(self, key: str) -> list[TicketChange]:
        """Every recorded change of the ticket's fields, oldest first."""

    def comments(self, key: str) -> list[Comment]:
        """The latest hundred comments everybody may read, oldest first; restricted ones stay in the tracker."""

    def retitle(self, key: str, summary: str) -> None:
        """Change the summary."""

    def asks(self, subtask: bool) -> list[TicketField]:
        """What the create form holds beyond what we fill in ourselves, read afresh; [] where nothing is asked."""

    def comment(self, key: str, text: str, marker: str) -> None:
        """Add a comment once: a comment that already carries the marker is not repeated."""

    def link(self, key: str, url: str, title: str, global_id: str) -> None:
        """Upsert a remote link by its global id."""


class Calendar(WorkingDays, Protocol):
    """Working days of a region."""

    def is_estimated(self, day: date) -> bool:
        """True where the official calendar of that year is not known."""


class Calendars(Protocol):
    """Working days of the places people work in."""

    def of_zone(self, zone: str) -> Calendar:
        """The calendar of the market this IANA zone belongs to."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How patient delivery is, in seconds: `lag` is how long the tracker's search may miss what was just created, `pace` how far
    two posts in one channel are apart at least."""

    lag: float = 90.0
    look_every: float = 10.0
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Desk:
    """What the flows work with: the store, the words, what the files say, and how this desk is set up. Wired in app.py."""

    store: Store
    words: Words
    lexicon: Lexicon
    rulesets: Mapping[str, Ruleset]
    ruleset: str
    """Id of the ruleset that decides; the others are information."""
    checklist: Checklist
    catalogue: tuple[Product, ...]
    reminders: ReminderPlan
    calendar: Calendar
    """Working days of the authority, for planning."""
    calendars: Calendars
    """Working days of the readers, by their zone."""
    label: str
    """A few characters that tell this installation's tickets from any other's."""
    zone: str = "Asia/Shanghai"
    lang: str = "en"
    watch_channel: str = ""
    """Where list and rule updates are announced; "" for nowhere."""
    admin_channel: str = ""
    """Where it is proved every day that all reminders went out; "" for nowhere."""
    delivery: Delivery = Delivery()


class CalendarWriter(Protocol):
    """Writes calendars."""

    def written(self, events: Iterable[CalendarEvent], name: str) -> bytes:
        """An iCalendar file of these events under this name; the same bytes for the same events."""


class Painter(Protocol):
    """Draws pictures."""

    def writes(self, lang: str) -> bool:
        """Whether this machine has letters for the language."""

    def timeline(self, picture: Picture) -> bytes:
        """The timeline as a PNG file of 1600 by 900."""


class Waker(Protocol):
    """Tells the background work that a row may be due earlier than thought; a hint, never the truth."""

    def kick(self) -> None:
        """Look now."""

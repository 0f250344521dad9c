"""A chat in memory for tests: what stands where, who edited it how often; it fails when told to, before or after the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.domain.people import Colleague
from bot.errors import Gone, ServiceError
from bot.replies import Reply

T = TypeVar("T")
START = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)


@dataclass
class Posted:
    """A message as people see it; `edits` counts how often it was replaced."""

    channel: str
    thread: str
    ts: str
    key: str
    reply: Reply
    at: datetime
    edits: int = 0


@dataclass(frozen=True)
class Shared:
    """A file handed out."""

    channel: str
    thread: str
    name: str
    content: bytes
    said: str


@dataclass
class Fault:
    error: ServiceError
    after_work: bool
    on: str


@dataclass
class FakeChat:
    """`posted` holds every message in the order posted, `shared` every file; `people` who is known.

    `closed` channels answer with an error.
    """

    now: Callable[[], datetime] = lambda: START
    posted: list[Posted] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    people: dict[str, Colleague] = field(default_factory=dict)
    closed: dict[str, ServiceError] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    _faults: list[Fault] = field(default_factory=list)

    # --- for tests to say what happens --------------------------------------------------------------------------

    def fail_next(self, error: ServiceError, after_work: bool = False, on: str = "") -> None:
        """The next call (of the method `on`) raises; with `after_work` the work is done and only the answer is lost."""
        self._faults.append(Fault(error, after_work, on))

    def close_channel(self, channel: str, error: ServiceError) -> None:
        """Every post and edit there fails with this error."""
        self.closed[channel] = error

    def called(self, name: str) -> int:
        """How often a method was called."""
        return sum(method == name for method, _ in self.calls)

    def named(self, key: str) -> list[Posted]:
        """The messages that carry this key, or one that begins with it where it ends in ':'."""
        return [one for one in self.posted if one.key == key or (key.endswith(":") and one.key.startswith(key))]

    def delete(self, key: str) -> None:
        """Somebody deletes the message."""
        self.posted = [one for one in self.posted if one.key != key]

    # --- the port -----------------------------------------------------------------------------------------------

    def post(self, channel: str, thread: str, reply: Reply, key: str) -> str:
        return self._do("post", key, channel, lambda: self._add(channel, thread, reply, key))

    def update(self, channel: str, ts: str, reply: Reply, key: str) -> None:
        self._do("update", key, channel, lambda: self._replace(channel, ts, reply))

    def find(self, channel: str, thread: str, key: str, since: datetime) -> str | None:
        return self._do("find", key, "", lambda: self._find(channel, thread, key, since - timedelta(minutes=1)))

    def person(self, user: str) -> Colleague:
        return self._do("person", user, "", lambda: self._person(user))

    def share(self, channel: str, thread: str, name: str, content: bytes, said: str) -> None:
        self._do("share", name, channel, lambda: self.shared.append(Shared(channel, thread, name, content, said)))

    # --- inside -------------------------------------------------------------------------------------------------

    def _do(self, name: str, asked: str, channel: str, work: Callable[[], T]) -> T:
        self.calls.append((name, asked))
        if channel in self.closed:
            raise self.closed[channel]
        fault = next((each for each in self._faults if each.on in ("", name)), None)
        if fault:
            self._faults.remove(fault)
            if fault.after_work:
                work()
            raise fault.error
        return work()

    def _add(self, channel: str, thread: str, reply: Reply, key: str) -> str:
        ts = f"{self.now().timestamp():.0f}.{len(self.calls):06d}"
        self.posted.append(Posted(channel, thread, ts, key, reply, self.now()))
        return ts

    def _replace(self, channel: str, ts: str, reply: Reply) -> None:
        found = next((one for one in self.posted if (one.channel, one.ts) == (channel, ts)), None)
        if found is None:
            raise Gone("Slack refused: message_not_found.")
        found.reply, found.edits = reply, found.edits + 1

    def _find(self, channel: str, thread: str, key: str, since: datetime) -> str | None:
        there = [one for one in self.posted if (one.channel, one.thread, one.key) == (channel, thread, key)]
        return next((one.ts for one in there if one.at >= since), None)

    def _person(self, user: str) -> Colleague:
        if user not in self.people:
            raise Gone("The person is not known in this workspace.")
        return self.people[user]


def words_of(reply: Reply) -> str:
    """Everything a person reads in a message, as one text."""
    parts = [part.text for part in reply.parts]
    return "\n".join([reply.headline, *reply.lines, *reply.bullets, *parts, reply.note])


def actions_of(reply: Reply) -> list[str]:
    """The doors its buttons name, those of its parts included."""
    return [choice.action for choice in reply.choices] + [choice.action for part in reply.parts for choice in part.choices]

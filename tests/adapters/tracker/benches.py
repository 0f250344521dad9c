"""Every implementation of the port Tracker with the same handles around it, for the contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from bot.adapters.jira_tracker import JiraTracker
from bot.adapters.local_tracker import LocalTracker
from bot.ports import Tracker
from bot.sandbox.jira_adf import adf_text
from bot.sandbox.jira_options import JiraOptions, JiraUser
from bot.sandbox.jira_site import delete, site_on
from bot.sandbox.jira_workflow import Actor, add_comment
from tests.adapters.tracker.atlassian import watched_requests
from tests.adapters.tracker.jira_site import Hand, Host, Site
from tests.fakes.fake_tracker import FakeTracker
from tests.fakes.memory_store import MemoryStore

MEI = JiraUser("712020:mei", "Mei Lin", "mei@exporter.example.com", "mlin")
ADA = JiraUser("712020:ada", "Ada Weber", "ada@exporter.example.com", "aweber", email_visible=False)
PEOPLE = (MEI, ADA)
BENCHES = ("local", "fake", "cloud v3", "cloud v2", "data center")


class Around(Protocol):
    """What the port does not show."""

    def comments(self, key: str) -> list[str]: ...

    def links(self, key: str) -> dict[str, tuple[str, str]]: ...

    def delete(self, key: str) -> None: ...

    def say(self, key: str, text: str) -> None:
        """Mei comments on the ticket."""


@dataclass
class Bench:
    tracker: Tracker
    clock: Hand
    around: Around


@dataclass
class AroundLocal:
    store: MemoryStore

    def comments(self, key: str) -> list[str]:
        return [each["text"] for each in self._row(key)["comments"]]

    def links(self, key: str) -> dict[str, tuple[str, str]]:
        return {name: (link["url"], link["title"]) for name, link in self._row(key)["links"].items()}

    def delete(self, key: str) -> None:
        with self.store.transaction() as rows:
            rows.remove("tickets", key)

    def say(self, key: str, text: str) -> None:
        row = self._row(key)
        said = {"id": f"by-hand-{len(row['comments'])}", "author": MEI.name, "text": text, "marker": "", "at": row["updated"]}
        with self.store.transaction() as rows:
            rows.put("tickets", row | {"comments": [*row["comments"], said]})

    def _row(self, key: str) -> dict[str, Any]:
        row = self.store.get("tickets", key)
        assert row is not None
        return row


@dataclass
class AroundFake:
    tracker: FakeTracker

    def comments(self, key: str) -> list[str]:
        return [comment.text for comment in self.tracker.tickets[key].comments]

    def links(self, key: str) -> dict[str, tuple[str, str]]:
        return self.tracker.tickets[key].links

    def delete(self, key: str) -> None:
        self.tracker.delete(key)

    def say(self, key: str, text: str) -> None:
        self.tracker.say(key, text, MEI.name)


@dataclass
class AroundJira:
    site: Site

    def comments(self, key: str) -> list[str]:
        return [_text(each["body"]) for each in self._issue(key)["comments"]]

    def links(self, key: str) -> dict[str, tuple[str, str]]:
        return {each["globalId"]: (each["object"]["url"], each["object"]["title"]) for each in self._issue(key)["links"]}

    def delete(self, key: str) -> None:
        delete(site_on(self.site.shelf, self.site.clock.now), self._issue(key))

    def say(self, key: str, text: str) -> None:
        add_comment(Actor(site_on(self.site.shelf, self.site.clock.now), "2", MEI.account_id), self._issue(key), {"body": text})

    def _issue(self, key: str) -> dict[str, Any]:
        return next(issue for issue in self.site.issues() if issue["key"] == key)


def _text(body: Any) -> str:
    return body if isinstance(body, str) else adf_text(body).strip()


@contextmanager
def bench_of(name: str, host: Host) -> Iterator[Bench]:
    """A fresh one, gone when the block ends."""
    clock = Hand()
    if name == "local":
        yield _local(clock)
    elif name == "fake":
        fake = FakeTracker(clock.now)
        fake.people = {person.email: person.name for person in PEOPLE}
        yield Bench(fake, clock, AroundFake(fake))
    else:
        with _jira(name, clock, host) as bench:
            yield bench


def _local(clock: Hand) -> Bench:
    store = MemoryStore()
    with store.transaction() as rows:
        for person in PEOPLE:
            rows.put("people", {"id": person.username, "email": person.email, "name": person.name})
    return Bench(LocalTracker(store, clock), clock, AroundLocal(store))


@contextmanager
def _jira(name: str, clock: Hand, host: Host) -> Iterator[Bench]:
    options = JiraOptions(flavour="server" if name == "data center" else "cloud", users=PEOPLE)
    version = "2" if name == "cloud v2" else ""
    with watched_requests(), host.jira(options, clock) as site:
        tracker = JiraTracker(site.access(api_version=version), clock.now)
        yield Bench(tracker, clock, AroundJira(site))
        tracker.close()

"""kill -9 at any moment while a filing is being opened: one ticket, its sub-tasks once, one message, no lost answer."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.end_to_end.beside import street
from tests.end_to_end.houses import spawned
from tests.end_to_end.town import Town, say, until, words
from tests.servers import free_port

IN_SCOPE = say("verdict.in_scope")
PLACES = ["Germany", "France", "Italy", "Spain", "Poland", "Norway", "Brazil", "Kenya", "India", "Japan", "Chile", "Peru",
          "Ghana", "Nepal", "Malta", "Cyprus", "Qatar", "Oman", "Egypt", "Vietnam", "Thailand", "Mexico", "Canada", "Ireland"]
ETD = date.today() + timedelta(days=300)
KILLS = 20


class Person:
    """Somebody who asks, presses and fills in, and does it again where nothing came back."""

    def __init__(self, town: Town, place: str) -> None:
        self.town, self.place, self.start = town, place, ""

    def act(self) -> None:
        """The next thing to do, as far as it gets before the bot dies."""
        with suppress(requests.RequestException, AssertionError):  # the bot died meanwhile; there is another day
            self._act()

    def _act(self) -> None:
        if not self.start:
            self.start = self.town.say("tom", "#sales", f"<@U0FILINGDESK> FaceGate 300 with auto-unlock to {self.place}, "
                                                        f"ETD {ETD}, filing?")
        view = self.town.get("slack/view", user="tom")["view"]
        if view is None and self._answer() and len(self.said()) == 1:
            self.town.press("tom", self._answer(), "open_filing")
            view = until(lambda: self.town.get("slack/view", user="tom")["view"], 3)
        if view:
            self.town.fill("tom", view, customer=self.place)

    def said(self) -> list[dict[str, Any]]:
        """What the bot wrote in the thread."""
        return [one for one in self.town.answers("#sales", self.start) if not one.get("ephemeral_to")]

    def _answer(self) -> dict[str, Any]:
        return next((one for one in self.said() if IN_SCOPE in words(one)), {})


def assert_once(town: Town, people: list[Person]) -> None:
    """One answer, one filing message, one ticket, 27 sub-tasks for everybody."""
    issues = town.issues()
    for person in people:
        if not person.start:
            continue
        tickets = [one for one in issues if not one["subtask"] and f"→ {person.place}" in one["summary"]]
        assert len(tickets) == 1, (person.place, [one["key"] for one in tickets])
        items = Counter(one["summary"].split(" ")[0] for one in issues if one["parent"] == tickets[0]["key"])
        assert (len(items), set(items.values())) == (27, {1}), person.place
        said = [words(one) for one in person.said()]
        assert len(said) == 2, (person.place, said)
        assert f"|{tickets[0]['key']}>" in said[1]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_sandbox_killed_twenty_times_opens_each_filing_once(tmp_path: Path) -> None:
    chance, people = random.Random(2), [Person(Town(""), place) for place in PLACES[:KILLS]]
    command = ["sandbox", "--data", str(tmp_path / "data"), "--at", "2026-11-23T01:00:00+00:00"]
    for person in people:
        with spawned(command, tmp_path, port=(port := free_port())) as process:
            person.town = process.wait()
            hand = threading.Thread(target=person.act)
            hand.start()
            time.sleep(chance.uniform(0.02, 0.6))
            process.kill()
            hand.join(70)
    with spawned(command, tmp_path, port=port) as process:
        town = process.wait()
        for person in people:
            person.town = town
            for _ in range(3):
                person.act()
            town.advance("PT3M")
        town.advance("PT1H")
        assert all(person.start for person in people) or len([one for one in people if one.start]) >= KILLS * 0.7
        assert_once(town, people)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket mode"])
def test_the_bot_killed_beside_running_services_opens_each_filing_once(tmp_path: Path, socket_mode: bool) -> None:
    chance = random.Random(5)
    with street(tmp_path, socket_mode=socket_mode) as there:
        people = [Person(there.town, place) for place in PLACES[:10]]
        for person in people:
            with there.bot() as process:
                process.wait()
                hand = threading.Thread(target=lambda who=person: [who.act(), time.sleep(0.05), who.act()])
                hand.start()
                time.sleep(chance.uniform(0.1, 0.8))
                process.kill()
                hand.join(70)
        with there.bot() as process:
            process.wait()
            for person in people:
                until(lambda who=person: (who.act(), len(who.said()) >= 2)[1], 30)
            until(lambda: len(there.town.issues()) >= 28 * len(people), 60)
            until(lambda: all("browse/" in words(one.said()[-1]) for one in people), 30)
            time.sleep(3)  # whatever would double has its chance
            assert_once(there.town, people)
            assert "Traceback" not in process.said()

"""kill -9 at any moment while a filing is being opened: one ticket, its sub-tasks once, one message, no lost answer."""

from __future__ import annotations

import os
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

from bot.sandbox.seed import PEOPLE
from tests.end_to_end.beside import street
from tests.end_to_end.houses import spawned
from tests.end_to_end.town import Town, say, until, words
from tests.servers import free_port

IN_SCOPE = say("verdict.in_scope")
PLACES = ["Germany", "France", "Italy", "Spain", "Poland", "Norway", "Brazil", "Kenya", "India", "Japan", "Chile", "Peru",
          "Ghana", "Nepal", "Malta", "Cyprus", "Qatar", "Oman", "Egypt", "Vietnam", "Thailand", "Mexico", "Canada", "Ireland"]
ETD = date.today() + timedelta(days=300)
KILLS = int(os.environ.get("FILINGDESK_KILLS", "2"))
"""In each of the three tests; set FILINGDESK_KILLS for a longer night."""
USERS = [one["name"] for one in PEOPLE if one["locale"].startswith("en")]


class Person:
    """Somebody who asks, presses and fills in, and does it again where nothing came back."""

    def __init__(self, town: Town, user: str, place: str) -> None:
        self.town, self.user, self.place, self.start = town, user, place, ""

    def act(self) -> None:
        """The next thing to do, as far as it gets before the bot dies."""
        with suppress(requests.RequestException, AssertionError):  # the bot died meanwhile; there is another day
            self._act()

    def _act(self) -> None:
        if not self.start:
            self.start = self.town.say(self.user, "#sales", f"<@U0FILINGDESK> FaceGate 300 with auto-unlock to {self.place}, "
                                                        f"ETD {ETD}, filing?")
        view = self.town.get("slack/view", user=self.user)["view"]
        if view is None and self._answer() and len(self.said()) == 1:
            self.town.press(self.user, self._answer(), "open_filing")
            view = until(lambda: self.town.get("slack/view", user=self.user)["view"], 3)
        if view:
            self.town.fill(self.user, view, customer=self.place)

    def said(self) -> list[dict[str, Any]]:
        """What the bot wrote in the thread."""
        return [one for one in self.town.answers("#sales", self.start) if not one.get("ephemeral_to")]

    def _answer(self) -> dict[str, Any]:
        return next((one for one in self.said() if IN_SCOPE in words(one)), {})


def crowd(town: Town, count: int) -> list[Person]:
    """So many people, each with a place of their own."""
    return [Person(town, USERS[number % len(USERS)], PLACES[number]) for number in range(count)]


def assert_once(town: Town, people: list[Person]) -> None:
    """One answer, one filing message, one ticket, 27 sub-tasks for everybody."""
    issues = town.issues()
    for person in people:
        tickets = [one for one in issues if not one["subtask"] and f"→ {person.place}" in one["summary"]]
        assert len(tickets) == 1, (person.place, [one["key"] for one in tickets])
        items = Counter(one["summary"].split(" ")[0] for one in issues if one["parent"] == tickets[0]["key"])
        assert (len(items), set(items.values())) == (27, {1}), person.place
        said = [words(one) for one in person.said()]
        assert len(said) == 2, (person.place, said)
        assert f"|{tickets[0]['key']}>" in said[1]


@pytest.mark.timeout(300)
def test_the_sandbox_killed_again_and_again_opens_each_filing_once(tmp_path: Path) -> None:
    chance, people = random.Random(2), crowd(Town(""), KILLS)
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
            person.act()
        town.advance("PT3M")
        for person in people:
            person.act()
        town.advance("PT1H")
        assert_once(town, people)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket mode"])
def test_the_bot_killed_beside_running_services_opens_each_filing_once(tmp_path: Path, socket_mode: bool) -> None:
    chance = random.Random(5)
    with street(tmp_path, socket_mode=socket_mode) as there:
        people, hands = crowd(there.town, KILLS), []
        for person in people:
            with there.bot() as process:
                process.wait()
                hands.append(threading.Thread(target=lambda who=person: [who.act(), time.sleep(0.05), who.act()]))
                hands[-1].start()  # goes on into the next life of the bot: Slack delivers again
                time.sleep(chance.uniform(0.1, 0.8))
                process.kill()
        with there.bot() as process:
            process.wait()
            for hand in hands:
                hand.join(60)
            for person in people:
                until(lambda who=person: (who.act(), len(who.said()) >= 2)[1], 30)
            until(lambda: len(there.town.issues()) >= 28 * len(people), 60)
            until(lambda: all("browse/" in words(one.said()[-1]) for one in people), 30)
            time.sleep(3)  # whatever would double has its chance
            assert_once(there.town, people)
            assert "Traceback" not in process.said()

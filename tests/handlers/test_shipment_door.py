"""`/shipment` as people type it: what is listed, in which order, narrowed how; what is asked back before it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.desk.records import shipment_of
from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.flows.change_shipment import set_state
from bot.flows.watch_shipment import add_shipments
from bot.replies import Reply
from bot.replies.shipments import PASSED_SHOWN, SHOWN
from handlers.office import Office
from handlers.shipments import ShipmentDoor
from tests.fakes.desk import ANA, BO, ETD, MIA, Day
from tests.fakes.fake_chat import words_of
from tests.fakes.fake_office import Bell, Stopped

LINE = ShipmentLine("SO-1", "GateKeeper 2D", "DE", ETD, "Hafen AG", ANA.id)


@dataclass
class Slack:
    """What somebody sees after a command."""

    replies: list[Reply] = field(default_factory=list)

    def respond(self, text: Any = "", **drawn: Any) -> None:
        self.replies += drawn.get("blocks", [])


def command(day: Day, text: str, by: Colleague = ANA) -> Reply:
    """The one answer to `/shipment …`."""
    office = Office(day.desk, Stopped(day.now), day.chat, Bell(), (), lambda reply: [reply], lambda _reply: "")
    slack = Slack()
    body = {"user_id": by.id}
    ShipmentDoor(office, lambda *_: "").shipment_command(
        lambda **_: None, {"text": text, "channel_id": "C1", "trigger_id": "1"}, body, None, slack.respond)  # type: ignore[arg-type]
    return slack.replies[-1]


def numbers(reply: Reply) -> list[str]:
    return [line.split(" ")[0].strip("*") for line in reply.bullets]


def stock(day: Day, *lines: ShipmentLine) -> None:
    add_shipments(day.desk, lines, BO, day.now)


def test_what_leaves_next_comes_first_and_what_should_have_left_last_and_asks_whether_it_sailed() -> None:
    day = Day()
    stock(day, *(replace(LINE, number=f"SO-{n}", etd=ETD + timedelta(days=n)) for n in (1, 2, 3)))
    day.now += ETD - day.now.date() + timedelta(days=2)
    reply = command(day, "list")
    assert numbers(reply) == ["SO-2", "SO-3", "SO-1"]
    assert ["sailed`" in line for line in reply.bullets] == [False, False, True]
    assert not reply.note


@pytest.mark.parametrize(("by", "lang"), [(ANA, "en"), (BO, "zh")])
def test_what_does_not_fit_is_counted_with_how_to_narrow_it(by: Colleague, lang: str) -> None:
    day = Day()
    stock(day, *(replace(LINE, number=f"SO-{n:02}", etd=day.now.date() + timedelta(days=n)) for n in range(40)))
    day.now += timedelta(days=10)
    reply = command(day, "list", by)
    assert len(reply.bullets) == SHOWN + PASSED_SHOWN
    assert numbers(reply)[0] == "SO-10"
    assert reply.note == day.desk.words.say(lang, "shipments.more", n=20)
    assert "40" in reply.headline


@pytest.mark.parametrize(("by", "words", "found"), [
    (ANA, "list mine", ["SO-1"]), (ANA, "list brazil", ["SO-2"]), (ANA, "list 巴西", ["SO-2"]), (ANA, "list Hafen AG", ["SO-1"]),
    (ANA, "list until 2026-12-20", ["SO-1"]), (ANA, "list gatekeeper mine", ["SO-1"]), (ANA, "list SO-2", ["SO-2"]),
    (ANA, "list all", ["SO-3", "SO-1", "SO-2"]), (ANA, "list hold", ["SO-2"]), (ANA, "list late", []), (ANA, "list waiting", []),
    (BO, "列表 截至2026-12-20", ["SO-1"]), (MIA, "list mine", ["SO-2"])])
def test_it_is_narrowed_by_the_words_of_a_list_of_filings_and_by_any_word_of_a_shipment(
        by: Colleague, words: str, found: list[str]) -> None:
    day = Day()
    stock(day, LINE, ShipmentLine("SO-2", "FaceGate 300", "BR", ETD + timedelta(days=9), "Rio SA", MIA.id),
          replace(LINE, number="SO-3", state="cancelled", etd=date(2026, 12, 1)))
    reply = command(day, words, by)
    assert numbers(reply) == found


@pytest.mark.parametrize(("by", "lang"), [(ANA, "en"), (BO, "zh")])
def test_words_that_fit_nothing_are_said_back_with_what_may_be_written(by: Colleague, lang: str) -> None:
    day = Day()
    stock(day, LINE)
    reply = command(day, "list Atlantis", by)
    assert "atlantis" in reply.headline
    assert day.desk.words.say(lang, "shipments.filters") in reply.lines


def test_sailed_is_asked_back_while_the_filing_is_on_hold() -> None:
    day = Day()
    day.open()
    stock(day, replace(LINE, product="FaceGate 300"))
    asked = command(day, "SO-1 sailed")
    assert day.phrase("shipment.sailed.held") in words_of(asked)
    assert day.desk.words.say("en", "gate.filings_held", n=1, items="F-1") in asked.bullets
    assert [choice.action for choice in asked.choices] == ["shipment_sailed"]
    assert shipment_of(day.store, "SO-1").state == "planned"


@pytest.mark.parametrize(("by", "said", "after"), [
    (ANA, "SO-1 ETD 2027-01-08", date(2027, 1, 8)), (BO, "SO-1 船期改到1月8日", date(2027, 1, 8)),
    (ANA, "SO-1 8 Jan 18:00 Europe/Berlin", date(2027, 1, 8))])
def test_a_known_number_with_a_date_and_nothing_else_moves_its_etd(by: Colleague, said: str, after: date) -> None:
    day = Day()
    stock(day, LINE)
    reply = command(day, said, by)
    known = shipment_of(day.store, "SO-1")
    assert (known.etd, known.destination) == (after, "DE")
    assert ("18:00 (Europe/Berlin)" in reply.headline) == ("18:00" in said)
    assert [choice.action for choice in reply.choices] == ["move_back"]


@pytest.mark.parametrize(("by", "lang"), [(ANA, "en"), (BO, "zh")])
def test_what_is_not_understood_of_a_line_that_is_kept_is_said(by: Colleague, lang: str) -> None:
    day = Day()
    said = command(day, "add SO-7 FaceGate 300 to Hamburg ETD 2027-01-08 for the airport", by)
    assert day.phrase("shipment.added", lang) in said.lines
    assert day.desk.words.say(lang, "form.unread", said="airport") in said.lines
    quiet = command(day, "add SO-8 40 FaceGate 300 to Hamburg ETD 2027-01-08", by)
    assert not [line for line in quiet.lines if line.startswith(day.desk.words.say(lang, "form.unread", said="")[:6])]
    assert shipment_of(day.store, "SO-8").goods[0].quantity == "40"


@pytest.mark.parametrize("state", ["cancelled", "sailed"])
def test_a_move_of_what_nobody_is_reminded_of_says_so_instead_of_new_reminders(state: str) -> None:
    day = Day()
    stock(day, LINE)
    set_state(day.desk, "S-1", state, BO, day.now)
    dates = {"before": day.desk.words.day("zh", ETD), "after": day.desk.words.day("zh", ETD + timedelta(days=7))}
    said = words_of(command(day, f"move SO-1 {ETD + timedelta(days=7)}", BO))
    assert day.desk.words.say("zh", f"shipment.moved.{state}", id="SO-1", **dates) in said
    assert day.desk.words.say("zh", "shipment.moved", id="SO-1", **dates) not in said

"""A second filing for the same product and market is warned of wherever it is opened, and one that is open can stand for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.flows.watch_shipment import add_shipments
from handlers.filings import FilingDoor
from handlers.office import Office
from tests.fakes.desk import ANA, BO, ETD, Day
from tests.fakes.fake_office import Bell, Stopped


@dataclass
class Slack:
    """What somebody sees: the form that is open, and sentences only they see."""

    views: list[dict[str, Any]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def views_open(self, trigger_id: str, view: dict[str, Any]) -> None:
        self.views.append(view)

    def chat_postEphemeral(self, text: str, **_where: Any) -> None:
        self.said.append(text)

    def chat_postMessage(self, text: str, **_where: Any) -> None:
        self.said.append(text)

    def ack(self, response_action: str = "", view: dict[str, Any] | None = None, **_more: Any) -> None:
        if response_action:
            assert (response_action, bool(view)) == ("update", True)
        if view:
            self.views.append(view)


@dataclass
class Desktop:
    """Somebody at the form for a filing."""

    day: Day
    by: Colleague = ANA
    slack: Slack = field(default_factory=Slack)

    @property
    def door(self) -> FilingDoor:
        office = Office(self.day.desk, Stopped(self.day.now), self.day.chat, Bell(), (), list, str)
        return FilingDoor(office, lambda *_: "", lambda *_: False)

    def by_command(self) -> None:
        self.door.filing_command(self.slack.ack, {"text": "new", "channel_id": "C1", "trigger_id": "1"}, {"user_id": self.by.id},
                                 self.slack, lambda **_: None)  # type: ignore[arg-type]

    def press(self, action: str, value: str) -> None:
        body = {"user": {"id": self.by.id}, "trigger_id": "1", "actions": [{"value": value}], "channel": {"id": "C1"},
                "message": {"ts": "9.9"}}
        {"open_filing": self.door.open_wanted, "file_shipment": self.door.shipment_wanted}[action](
            self.slack.ack, body, self.slack)  # type: ignore[arg-type]

    def send(self, **said: str) -> None:
        """The open form is sent as it stands, with these changes."""
        view = self.slack.views[-1] | {"id": "V9"}
        values = {block["block_id"]: _filled(block["element"], said.get(block["block_id"])) for block in view["blocks"]}
        view["state"] = {"values": values}
        self.door.filled(self.slack.ack, {"user": {"id": self.by.id}}, view, self.slack)  # type: ignore[arg-type]

    @property
    def filings(self) -> int:
        return len(list(self.day.store.every("filings")))

    def offered(self) -> list[str]:
        """What can be shared by the form that is open."""
        return [option["value"] for block in self.slack.views[-1]["blocks"] if block["block_id"] == "share"
                for option in block["element"]["options"]]


def _filled(element: dict[str, Any], said: str | None) -> dict[str, Any]:
    usual = (element.get("initial_option") or {}).get("value") or element.get("initial_date") or element.get("initial_user")
    return {"x": {"value": said if said is not None else usual or element.get("initial_value", "")}}


WANTED = {"product": "FaceGate 300", "destination": "Germany", "etd": (ETD + timedelta(days=30)).isoformat()}


@pytest.mark.parametrize(("by", "lang"), [(ANA, "en"), (BO, "zh")])
def test_opened_by_command_a_second_one_is_warned_of_when_the_form_is_sent_and_opened_when_it_is_sent_again(
        by: Colleague, lang: str) -> None:
    desk = Desktop(Day(), by)
    desk.day.open()
    desk.by_command()
    desk.send(**WANTED)
    assert (desk.filings, desk.offered()) == (1, ["F-1"])
    share = desk.slack.views[-1]["blocks"][-1]
    assert share["hint"]["text"] == desk.day.desk.words.say(lang, "form.share.hint.alone")
    desk.send()
    assert desk.filings == 2
    assert desk.day.filing("F-2").etd == ETD + timedelta(days=30)


@pytest.mark.parametrize(("days", "sooner"), [(30, False), (-7, True)])
def test_an_open_one_may_stand_for_it_and_is_said_to_come_too_late_where_it_does(days: int, sooner: bool) -> None:
    desk = Desktop(Day())
    desk.day.open()
    desk.by_command()
    desk.send(**WANTED | {"etd": (ETD + timedelta(days=days)).isoformat()})
    desk.send(share="F-1")
    assert desk.filings == 1
    assert desk.day.phrase("filing.shared.alone") in desk.slack.said[-1]
    assert (desk.day.phrase("filing.shared.sooner") in desk.slack.said[-1]) is sooner


def test_opened_from_an_answer_the_form_names_what_is_open_at_once_whoever_its_customer_is() -> None:
    desk = Desktop(Day())
    desk.day.open(customer="Porto SA")
    desk.day.ask("FaceGate 300 with auto-unlock to Hamburg, leaving 12 Jan 2027?")
    desk.press("open_filing", "D-1")
    assert desk.offered() == ["F-1"]
    desk.send()
    assert desk.filings == 2


def test_opened_from_a_shipment_it_is_asked_once_and_only_of_filings_for_its_customer() -> None:
    desk = Desktop(Day())
    desk.day.open(customer="Porto SA")
    desk.day.open(origin="form:V2")
    line = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD - timedelta(days=7), "Hafen AG")
    add_shipments(desk.day.desk, [line], ANA, desk.day.now)
    desk.press("file_shipment", "S-1")
    assert desk.offered() == ["F-2"]
    desk.send()
    assert desk.filings == 3


@pytest.mark.parametrize("other", [{"destination": "France"}, {"product": "IrisLock Pro"}, {"customer": "Rio SA"}])
def test_for_other_goods_markets_or_customers_nobody_is_warned(other: dict[str, str]) -> None:
    desk = Desktop(Day())
    desk.day.open()
    desk.by_command()
    desk.send(**WANTED | other)
    assert desk.filings == 2


def test_the_very_same_wish_is_answered_by_the_filing_that_is_there() -> None:
    desk = Desktop(Day())
    desk.day.open()
    desk.by_command()
    desk.send(**WANTED | {"etd": ETD.isoformat(), "customer": "hafen ag"})
    assert desk.filings == 1
    assert "F-1" in desk.slack.said[-1]


def test_one_that_was_opened_while_the_form_stood_open_is_named_too() -> None:
    desk = Desktop(Day())
    desk.day.open()
    desk.by_command()
    desk.send(**WANTED)
    desk.day.open(origin="form:V2", etd=ETD + timedelta(days=60))
    desk.send()
    assert (desk.filings, desk.offered()) == (2, ["F-1", "F-2"])
    assert json.loads(desk.slack.views[-1]["private_metadata"])["named"] == "F-1 F-2"

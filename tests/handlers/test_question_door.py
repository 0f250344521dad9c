"""A message as Slack sends it: the bot's own mention is no word, somebody else's says whom it is about."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.flows.watch_shipment import add_shipments
from handlers.office import Office
from handlers.questions import hear
from tests.fakes.desk import ANA, BO, MIA, Day
from tests.fakes.fake_chat import words_of
from tests.fakes.fake_office import Bell, Stopped

KEN = Colleague("UKEN12", "Ken Ito", "ken@example.com", "Asia/Tokyo", "en", "OPS")
US = "UBOT9"


def said(day: Day, text: str, by: Colleague = ANA) -> str:
    """The answer to a message that mentions the bot."""
    day.chat.people[KEN.id] = KEN
    office = Office(day.desk, Stopped(day.now), day.chat, Bell(), (), list, str)
    event: dict[str, Any] = {"user": by.id, "text": text, "channel": "C1", "ts": "7.1"}
    hear(office, event, {"event": event, "authorizations": [{"user_id": US}]}, called=True)
    day.work()
    return words_of(day.chat.named("answer:C1:7.1")[-1].reply)


@pytest.fixture
def day() -> Day:
    day = Day(tasks=["N1"])
    day.open()
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "FR", date(2026, 12, 18), "", BO.id)], ANA, day.now)
    return day


@pytest.mark.parametrize(("text", "by", "lang"), [
    (f"<@{US}> remind <@{KEN.id}> 3 days before SO-1", ANA, "en"),
    (f"remind <@{KEN.id}|ken> 3 days before SO-1 <@{US}>", ANA, "en"),
    (f"<@{US}> 提醒 <@{KEN.id}> 提前三天看 SO-1", BO, "zh"), (f"<@{US}> SO-1 出发前三天提醒 <@{KEN.id}>", BO, "zh")])
def test_somebody_mentioned_is_reminded_though_nobody_had_met_them(day: Day, text: str, by: Colleague, lang: str) -> None:
    answer = said(day, text, by)
    assert day.phrase("request.understood", lang) in answer
    assert "Ken Ito" in answer
    asked = json.loads(day.chat.named("answer:C1:7.1")[-1].reply.choices[0].value)["asked"]
    assert (asked["to"], asked["offset"], asked["subject"]) == (KEN.id, -3, "S-1")


def test_who_is_mentioned_in_another_message_is_not_asked_for(day: Day) -> None:
    said(day, f"<@{US}> can we ship FaceGate 300 to Hamburg? cc <@{KEN.id}>")
    assert day.store.get("people", KEN.id) is None


def test_the_bot_mentioned_twice_is_nobody_to_be_reminded(day: Day) -> None:
    assert day.phrase("request.understood") in said(day, f"<@{US}> remind me 3 days before SO-1, thanks <@{US}>")
    assert day.store.get("people", US) is None


def test_somebody_who_left_is_told_to_be_nobody(day: Day) -> None:
    with day.store.transaction() as tx:
        tx.put("people", (tx.get("people", MIA.id) or {}) | {"active": False})
    day.chat.people[MIA.id] = replace(MIA, active=False)
    assert day.phrase("error.called_nobody")[:13] in said(day, f"<@{US}> remind <@{MIA.id}> tomorrow about F-1")

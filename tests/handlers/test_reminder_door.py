"""Events of the chat that concern reminders: a tick on a message, a profile that has changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.errors import BadInput
from bot.flows.watch_shipment import add_shipments
from handlers.office import Office
from handlers.reminders import ReminderDoor
from tests.fakes.desk import ANA, BO, Day


@dataclass(frozen=True)
class Stopped:
    at: datetime

    def now(self) -> datetime:
        return self.at


class Bell:
    rung = 0

    def kick(self) -> None:
        self.rung += 1


@pytest.fixture
def day() -> Day:
    day = Day()
    add_shipments(day.desk, [ShipmentLine("SO-1", "FaceGate 300", "DE", date(2026, 7, 17), "", BO.id, "yes")], ANA, day.now)
    day.until(date(2026, 7, 3))
    return day


def door(day: Day) -> ReminderDoor:
    office = Office(desk=day.desk, clock=Stopped(day.now), chat=day.chat, waker=Bell(), members=(), blocks=list, text=str)
    return ReminderDoor(office, home_again=lambda _user: None)


def test_a_tick_on_a_reminder_is_asked_back_in_its_thread_and_another_reaction_is_not(day: Day) -> None:
    digest = [one for one in day.chat.named("remind:") if one.channel == BO.id][-1]
    item = {"type": "message", "channel": "D1", "ts": digest.ts}
    for reaction in ("eyes", "white_check_mark", "white_check_mark"):
        event = {"user": BO.id, "reaction": reaction, "item": item}
        door(day).ticked(event, {"event": event})
    day.work()
    assert [one.thread for one in day.chat.named("confirm:")] == [digest.ts]


def test_a_tick_on_anything_else_is_nothing_to_us(day: Day) -> None:
    event = {"user": BO.id, "reaction": "white_check_mark", "item": {"type": "message", "channel": "C1", "ts": "1.2"}}
    door(day).ticked(event, {"event": event})
    day.work()
    assert not day.chat.named("confirm:")


def test_whoever_changes_their_zone_is_reminded_by_the_new_clock(day: Day) -> None:
    day.chat.people[BO.id] = replace(BO, zone="America/New_York")
    door(day).changed({"user": {"id": BO.id}})
    waiting = [one for one in day.reminders("S-1") if one.state == "pending" and one.owner == BO.id]
    assert {one.planned_for.astimezone(ZoneInfo("America/New_York")).hour for one in waiting if one.planned_for} == {9}


@dataclass
class Desktop:
    """What a person's Slack shows: forms that were opened, and sentences only they see."""

    forms: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def views_open(self, trigger_id: str, view: dict[str, Any]) -> None:
        self.forms.append(view["callback_id"])

    def respond(self, text: str, **_how: Any) -> None:
        self.said.append(text)


def pressed_done(day: Day, item: str) -> Desktop:
    """Done is pressed under the reminder of a task, on the day it is due."""
    desktop, filing = Desktop(), day.open(etd=date(2027, 6, 18))
    day.until(day.task(item).due or day.now.date())
    reminder = next(one for one in day.reminders(filing.id) if one.state == "sent" and one.task == day.task(item).id)
    body = {"user": {"id": reminder.owner}, "trigger_id": "1", "actions": [{"value": reminder.id}]}
    door(day).done(lambda **_answer: None, body, desktop, desktop.respond)  # type: ignore[arg-type]
    return desktop


def test_done_is_one_press_where_no_release_waits_for_evidence() -> None:
    day = Day()
    desktop = pressed_done(day, "N1")
    assert (desktop.forms, day.task("N1").done) == ([], True)


def test_done_asks_where_the_evidence_lies_without_which_nothing_is_released() -> None:
    day = Day()
    desktop = pressed_done(day, "N9")
    assert (desktop.forms, day.task("N9").done) == (["reminder_evidence"], False)


def test_somebody_we_do_not_know_may_change_as_they_like(day: Day) -> None:
    door(day).changed({"user": {"id": "U99"}})
    assert day.store.get("people", "U99") is None


@pytest.mark.parametrize(("by", "lang"), [(ANA, "en"), (BO, "zh")])
@pytest.mark.parametrize("value", ["D1:9.1", '{"asked": {"kind": "weekly", "subject": "S-1"}, "text": "x", "key": "D1"}', "7"])
@pytest.mark.parametrize("button", ["request_confirmed", "request_dropped"])
def test_a_button_of_an_earlier_version_that_does_not_say_who_asked_is_told_so_and_changes_nothing(
        day: Day, by: Colleague, lang: str, value: str, button: str) -> None:
    body = {"user": {"id": by.id}, "actions": [{"value": value}]}
    with pytest.raises(BadInput) as told:
        getattr(door(day), button)(lambda **_answer: None, body)
    assert str(told.value) == day.desk.words.say(lang, "error.old_request")
    assert not list(day.store.every("requests"))

"""Calendars: what is in whose, moved in place, behind an address that is secret, renewable and can be taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette

from bot.adapters.ics_writer import IcsWriter
from bot.desk.feeds import filing_events
from bot.domain.calendar_event import CalendarEvent
from bot.domain.reading.requests import Asked
from bot.domain.shipment import ShipmentLine
from bot.errors import NotAllowed, NotFound
from bot.flows.answer_reminder import stop_asking
from bot.flows.change_shipment import set_state
from bot.flows.keep_calendar import give_address, has_address, read_calendar, share_plan, take_back
from bot.flows.move_etd import move_etd
from bot.flows.take_request import keep_request
from bot.flows.watch_shipment import add_shipments
from handlers.calendar_door import CalendarDoor, calendar_routes
from handlers.office import Office
from tests.asgi import ask
from tests.fakes.desk import ANA, BO, ETD, MIA, Day

SECRET = "a-secret"


def shipped(day: Day, **changes: object) -> None:
    line = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG", MIA.id)
    add_shipments(day.desk, [replace(line, **changes)], ANA, day.now)  # type: ignore[arg-type]


def calendar(day: Day, owner: str = MIA.id) -> dict[str, CalendarEvent]:
    give_address(day.desk, owner, SECRET, BO, day.now)
    found = read_calendar(day.desk, SECRET, day.now)
    assert found
    return {event.uid.partition("@")[0]: event for event in found[1]}


def test_a_calendar_without_events_says_so_by_its_name_until_there_are_some() -> None:
    day = Day()
    give_address(day.desk, MIA.id, SECRET, BO, day.now)
    assert read_calendar(day.desk, SECRET, day.now) == (day.desk.words.say("en", "calendar.name.empty"), [])
    shipped(day)
    name, events = read_calendar(day.desk, SECRET, day.now) or ("", [])
    assert (name, len(events)) == (day.desk.words.say("en", "calendar.name"), 1)


def test_a_moved_etd_moves_the_entry_instead_of_adding_another() -> None:
    day = Day()
    shipped(day)
    before = calendar(day)
    day.now += timedelta(hours=1)
    move_etd(day.desk, "SO-1", ETD + timedelta(days=7), ANA, day.now)
    after = calendar(day)
    assert before.keys() == after.keys() == {"s-1"}
    assert (before["s-1"].day, after["s-1"].day) == (ETD, ETD + timedelta(days=7))
    assert after["s-1"].version > before["s-1"].version
    assert after["s-1"].changed == day.now


def test_a_time_is_an_instant_and_a_date_is_a_day() -> None:
    day = Day()
    at = datetime(2026, 12, 17, 23, 30, tzinfo=UTC)
    shipped(day, etd=ETD, at=at, zone="Asia/Shanghai")
    assert (calendar(day)["s-1"].day, calendar(day)["s-1"].at) == (ETD, at)


def test_what_is_cancelled_is_marked_so_and_what_is_done_is_gone() -> None:
    day = Day()
    shipped(day)
    set_state(day.desk, "SO-1", "cancelled", BO, day.now)
    assert calendar(day)["s-1"].cancelled


def test_a_person_finds_their_tasks_and_every_planned_date_says_that_it_is_assumed() -> None:
    day = Day()
    day.open(owner=BO.id)
    found = calendar(day, BO.id)
    tasks = [event for name, event in found.items() if name.startswith("f-1.")]
    assert tasks
    assert all(event.title.startswith("假定") for event in tasks)  # Bo reads Chinese
    assert all(day.phrase("caveat.assumed", "zh") in event.note for event in tasks)
    assert found["f-1"].day == ETD
    assert {event.day for event in tasks} <= {task.due for task in day.tasks() if task.owner == BO.id}


def test_a_channels_calendar_holds_the_filings_followed_there_and_no_others() -> None:
    day = Day()
    day.open(channel="C7", thread="")
    day.open(origin="form:V2", product="IrisLock Pro", category="iris_lock", channel="C8", thread="")
    shipped(day)
    found = calendar(day, "C7")
    assert {"f-1", "s-1"} <= found.keys()
    assert not [name for name in found if name.startswith("f-2")]


def asked_of(day: Day, name: str, **wish: object) -> None:
    asked = replace(Asked("weekly", subject="SO-1", weekday=0), **wish)  # type: ignore[arg-type]
    keep_request(day.desk, asked, f"remind me: {name}", name, MIA, day.now)


def test_what_somebody_asked_to_be_reminded_of_is_at_its_hour_in_their_own_calendar_alone() -> None:
    day = Day()
    shipped(day, owner=BO.id)
    asked_of(day, "K1")
    there = calendar(day)["q1"]
    assert there.at
    local = there.at.astimezone(ZoneInfo(MIA.zone))
    assert (local.weekday(), local.hour, there.day) == (0, 9, local.date())
    assert "remind me: K1" in there.title
    assert "SO-1" in there.note
    assert "q1" not in calendar(day, BO.id)


def test_what_comes_every_week_is_one_entry_that_moves_on_and_ends_when_it_is_stopped() -> None:
    day = Day()
    shipped(day, owner=BO.id)
    asked_of(day, "K1")
    first = calendar(day)
    day.until(first["q1"].day)
    second = calendar(day)
    assert first.keys() == second.keys() == {"q1"}
    assert second["q1"].day == first["q1"].day + timedelta(days=7)
    assert second["q1"].version > first["q1"].version
    sent = next(one for one in day.reminders("S-1") if one.words and one.state == "sent")
    stop_asking(day.desk, sent.id, MIA, day.now)
    assert calendar(day)["q1"].day == first["q1"].day


def test_what_was_asked_for_by_the_etd_moves_with_it() -> None:
    day = Day()
    shipped(day, owner=BO.id)
    asked_of(day, "K1", kind="offset", weekday=None, offset=-10)
    before = calendar(day)
    move_etd(day.desk, "SO-1", ETD + timedelta(days=7), ANA, day.now)
    after = calendar(day)
    assert before.keys() == after.keys() == {"q1"}
    assert after["q1"].day == before["q1"].day + timedelta(days=7)
    assert after["q1"].version > before["q1"].version


def test_what_is_long_past_is_not_in_it() -> None:
    day = Day()
    shipped(day)
    day.now += timedelta(days=365)
    assert calendar(day) == {}


def test_an_address_opens_until_it_is_renewed_or_taken_back() -> None:
    day = Day()
    give_address(day.desk, MIA.id, SECRET, MIA, day.now)
    give_address(day.desk, MIA.id, "another", MIA, day.now)
    assert read_calendar(day.desk, SECRET, day.now) is None
    assert read_calendar(day.desk, "another", day.now)
    assert take_back(day.desk, MIA.id, MIA, day.now)
    assert not take_back(day.desk, MIA.id, MIA, day.now)
    assert read_calendar(day.desk, "another", day.now) is None
    assert not has_address(day.store, MIA.id)


def test_the_secret_itself_is_nowhere_in_the_rows() -> None:
    day = Day()
    give_address(day.desk, MIA.id, SECRET, MIA, day.now)
    assert SECRET not in str([list(day.store.every(table)) for table in ("feeds", "audit", "notes", "outbox")])


def test_a_plan_is_handed_over_as_a_file_with_its_dates() -> None:
    day = Day()
    day.open()
    share_plan(day.desk, day.chat, IcsWriter(), "F-1", ("C1", "1.000001"), ANA)
    shared = day.chat.shared[0]
    assert shared.name == "F-1.ics"
    assert shared.content == IcsWriter().written(filing_events(day.desk, day.store, day.filing(), "en"), "F-1")
    assert b"ASSUMED" in shared.content
    with pytest.raises(NotFound):
        share_plan(day.desk, day.chat, IcsWriter(), "F-9", ("C1", ""), ANA)


# ── the doors ──────────────────────────────────────────────────────────────────────────────────────


class Still:
    """A clock and a waker that do nothing of their own."""

    def __init__(self, day: Day) -> None:
        self._day = day

    def now(self) -> datetime:
        return self._day.now

    def kick(self) -> None:
        """Nothing waits."""


def door(day: Day) -> CalendarDoor:
    office = Office(day.desk, Still(day), day.chat, Still(day), (), lambda _reply: [], lambda _reply: "")
    return CalendarDoor(office, IcsWriter(), "https://desk.example.com", lambda _user: None)


def path_in(said: str) -> str:
    found = re.search(r"https://desk\.example\.com(/calendar/[\w-]+\.ics)", said)
    assert found
    return found[1]


def test_the_address_told_in_slack_opens_the_calendar_over_http_and_stops_when_told_to() -> None:
    day = Day()
    shipped(day)
    slack = door(day)
    web = Starlette(routes=list(calendar_routes(slack.office, slack.writer)))
    path = path_in(slack.asked("", MIA, "C1"))
    first = ask(web, "GET", path)
    assert (first.status, first.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert b"SO-1" in first.body
    assert first.headers["cache-control"] == "private, no-cache"
    assert ask(web, "GET", path, if_none_match=first.headers["etag"]).status == 304
    assert slack.asked("stop", MIA, "C1") == day.desk.words.say("en", "calendar.stopped")
    assert ask(web, "GET", path).status == 404
    assert slack.asked("stop", MIA, "C1") == day.desk.words.say("en", "calendar.none")


def test_a_channel_has_an_address_of_its_own() -> None:
    day = Day()
    slack = door(day)
    mine, channels = slack.asked("", BO, "C1"), slack.asked("channel", BO, "C1")
    assert path_in(mine) != path_in(channels)
    assert has_address(day.store, BO.id)
    assert has_address(day.store, "C1")


def test_a_slip_of_the_pen_ends_no_address_that_is_in_use() -> None:
    day = Day()
    slack = door(day)
    web = Starlette(routes=list(calendar_routes(slack.office, slack.writer)))
    path = path_in(slack.asked("", MIA, "C1"))
    assert day.phrase("usage.shipment.calendar") in slack.asked("stopp", MIA, "C1")
    assert ask(web, "GET", path).status == 200


@pytest.mark.parametrize("said", ["channel", "channel stop", "频道", "频道 停用"])
def test_a_channels_address_is_neither_given_nor_ended_by_whoever_comes_along_who_hears_whom_to_ask(said: str) -> None:
    day = Day()
    slack = door(day)
    web = Starlette(routes=list(calendar_routes(slack.office, slack.writer)))
    path = path_in(slack.asked("channel", BO, "C1"))
    with pytest.raises(NotAllowed) as refused:
        slack.asked(said, MIA, "C1")
    assert day.desk.words.say("en", "error.ask_one_of", names=BO.name) in str(refused.value)
    assert ask(web, "GET", path).status == 200
    assert slack.asked("channel stop", BO, "C1") == day.desk.words.say("zh", "calendar.stopped")
    assert ask(web, "GET", path).status == 404


@pytest.mark.parametrize("secret", ["", "x", "../../etc/passwd", "a" * 5000, "%00"])
def test_a_guess_opens_nothing(secret: str) -> None:
    day = Day()
    slack = door(day)
    slack.asked("", MIA, "C1")
    web = Starlette(routes=list(calendar_routes(slack.office, slack.writer)))
    assert ask(web, "GET", f"/calendar/{secret}.ics").status == 404

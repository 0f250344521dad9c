"""A filing moved alone, on its ticket, leaves shipments behind: one press moves them too, and nothing moves unasked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.desk.records import shipment_of
from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.errors import BadInput
from bot.flows.change_shipment import set_state
from bot.flows.follow_ticket import follow_tickets
from bot.flows.move_etd import look_at_move, move_along, move_etd, moves_along
from bot.flows.watch_shipment import add_shipments
from bot.replies import Choice
from bot.replies.left_behind import promised
from tests.fakes.desk import ANA, BO, DEV, ETD, MIA, Day
from tests.fakes.fake_chat import Posted, actions_of, words_of

LATER = ETD + timedelta(days=28)
LINE = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG", MIA.id)


@pytest.fixture
def day() -> Day:
    """Two shipments leave on the filing's day, one sailed on it, one leaves later."""
    day = Day(tasks=("N1", "N2", "N11"))
    day.open()
    day.pass_time(minutes=10)
    later = replace(LINE, number="SO-4", etd=ETD + timedelta(days=40))
    sails = replace(LINE, number="SO-3", owner=BO.id)
    add_shipments(day.desk, [LINE, replace(LINE, number="SO-2", owner=DEV.id), sails, later], BO, day.now)
    day.pass_time(minutes=10)
    return day


def moved_there(day: Day, etd: date) -> None:
    """Somebody moves the due date of the ticket, and everybody has slept since."""
    day.tracker.edit(day.filing().ticket, due=etd)
    follow_tickets(day.desk, day.tracker, day.now)
    day.pass_time(hours=24)


def etds(day: Day) -> dict[str, date]:
    return {row["number"]: shipment_of(day.store, row["id"]).etd for row in day.store.every("shipments")}


def offers(day: Day) -> list[tuple[Posted, Choice]]:
    return [(one, choice) for one in day.chat.posted for part in one.reply.parts for choice in part.choices
            if choice.action == "move_along"]


def press(day: Day, choice: Choice, by: Colleague = MIA) -> list[str]:
    filing_id, etd = promised(choice.value)
    along = move_along(day.desk, filing_id, etd, by, day.now)
    day.work()
    return [one.number for one in along.moved]


def test_nothing_moves_unasked_and_the_thread_and_whoever_may_move_it_get_one_button_in_their_language(day: Day) -> None:
    moved_there(day, LATER)
    assert etds(day) == {"SO-1": ETD, "SO-2": ETD, "SO-3": ETD, "SO-4": ETD + timedelta(days=40)}
    assert day.filing().etd == LATER
    assert {one.channel for one, _ in offers(day)} == {"C1", ANA.id, BO.id, MIA.id}
    assert {one.channel for one in day.chat.named("changed:")} == {ANA.id, BO.id, MIA.id, DEV.id}
    words = day.desk.words
    labels = {one.channel: choice.label for one, choice in offers(day)}
    assert labels[MIA.id] == words.say("en", "choice.move_along", n=3, etd=words.day("en", LATER))
    assert labels[BO.id] == words.say("zh", "choice.move_along", n=3, etd=words.day("zh", LATER))
    told = next(words_of(one.reply) for one, _ in offers(day) if one.channel == MIA.id)
    assert "*SO-1*, *SO-2*, *SO-3*" in told
    assert "SO-4" not in told
    dev = next(words_of(one.reply) for one in day.chat.named("changed:") if one.channel == DEV.id)
    assert words.say("en", "shipment.behind", number="SO-2", goods="FaceGate 300", market="Germany", id="F-1",
                     etd=words.day("en", ETD), after=words.day("en", LATER)) in dev


def test_one_press_moves_all_that_left_on_the_old_day_and_each_message_says_so_in_its_place(day: Day) -> None:
    moved_there(day, LATER)
    shown = offers(day)
    sails = shipment_of(day.store, "SO-3")
    set_state(day.desk, sails.id, "sailed", BO, day.now)
    assert press(day, shown[0][1]) == ["SO-1", "SO-2"]
    assert etds(day) == {"SO-1": LATER, "SO-2": LATER, "SO-3": ETD, "SO-4": ETD + timedelta(days=40)}
    assert day.filing().etd == LATER
    assert not offers(day)
    words = day.desk.words
    for one, _ in shown:
        lang = "zh" if one.channel == BO.id else "en"
        said = words_of(one.reply)
        items = words.say(lang, "names.comma").join(["*SO-1*", "*SO-2*"])
        assert words.say(lang, "left.moved", name="Mia", items=items, id="F-1", etd=words.day(lang, LATER)) in said
        assert words.say(lang, "left.sailed", items="*SO-3*", n=1) in said
        assert one.ts in {there.ts for there in day.chat.posted}
    assert [row["by"] for row in day.store.every("audit") if row["act"] == "etd moved" and row["subject"].startswith("S-")] == \
        [MIA.id, MIA.id]


def test_the_owner_of_what_somebody_else_moved_along_hears_it(day: Day) -> None:
    moved_there(day, LATER)
    press(day, offers(day)[0][1])
    day.pass_time(hours=24)
    told = [words_of(one.reply) for one in day.chat.named(f"changed:{DEV.id}:{MIA.id}:") if one.channel == DEV.id]
    assert len(told) == 1
    assert "SO-2" in told[0]


def test_pressed_twice_is_once(day: Day) -> None:
    moved_there(day, LATER)
    choice = offers(day)[0][1]
    press(day, choice)
    before = {table: list(day.store.every(table)) for table in ("shipments", "filings", "audit", "outbox", "notes", "reminders")}
    assert press(day, choice, BO) == []
    assert before == {table: list(day.store.every(table)) for table in before}


def test_a_shipment_put_back_by_its_forwarder_is_not_moved_by_an_older_button(day: Day) -> None:
    moved_there(day, LATER)
    choice = offers(day)[0][1]
    press(day, choice)
    move_etd(day.desk, "SO-1", ETD, MIA, day.now)  # the filing follows whatever leaves first
    with pytest.raises(BadInput):
        press(day, choice)
    assert etds(day)["SO-1"] == ETD


def test_moved_twice_there_the_button_moves_what_stayed_from_the_start_and_promises_the_last_day(day: Day) -> None:
    moved_there(day, ETD + timedelta(days=14))
    first = offers(day)[0][1]
    moved_there(day, LATER)
    assert {promised(choice.value) for _, choice in offers(day)} == {("F-1", LATER)}
    assert len({(one.channel, one.thread) for one, _ in offers(day)}) == 4
    with pytest.raises(BadInput):
        press(day, first)
    assert press(day, offers(day)[0][1]) == ["SO-1", "SO-2", "SO-3"]
    assert not offers(day)


def test_moved_back_there_nothing_is_left_behind_and_the_button_goes(day: Day) -> None:
    moved_there(day, LATER)
    shown = [one for one, _ in offers(day)]
    moved_there(day, ETD)
    assert not offers(day)
    assert all("move_along" not in actions_of(one.reply) for one in shown)
    assert set(etds(day).values()) == {ETD, ETD + timedelta(days=40)}


def test_what_sails_or_is_moved_by_itself_is_offered_no_longer(day: Day) -> None:
    moved_there(day, LATER)
    set_state(day.desk, shipment_of(day.store, "SO-3").id, "sailed", BO, day.now)
    set_state(day.desk, shipment_of(day.store, "SO-2").id, "cancelled", BO, day.now)
    day.work()
    (one, choice), *_ = [found for found in offers(day) if found[0].channel == MIA.id]
    assert choice.label == day.desk.words.say("en", "choice.move_along", n=1, etd=day.desk.words.day("en", LATER))
    assert "SO-2" not in one.reply.parts[0].text
    move_etd(day.desk, "SO-1", LATER, MIA, day.now)
    day.work()
    assert not offers(day)


def test_moved_on_in_the_chat_the_filing_takes_along_what_it_left_behind_as_its_before_and_after_says(day: Day) -> None:
    moved_there(day, LATER)
    further = LATER + timedelta(days=7)
    change = look_at_move(day.desk, "F-1", further, "", BO, day.now)
    assert [one.number for one in moves_along(day.store, change.before, change.after)] == ["SO-1", "SO-2", "SO-3"]
    move_etd(day.desk, "F-1", further, BO, day.now)
    day.work()
    assert [etds(day)[number] for number in ("SO-1", "SO-2", "SO-3")] == [further] * 3
    assert day.filing().etd == further
    assert not offers(day)


def test_where_no_shipment_left_on_the_old_day_nothing_is_offered() -> None:
    day = Day(tasks=("N1", "N11"))
    day.open()
    day.pass_time(minutes=10)
    add_shipments(day.desk, [replace(LINE, etd=ETD + timedelta(days=40))], BO, day.now)
    moved_there(day, LATER)
    assert not offers(day)
    assert not day.store.get("notes", "left:F-1")

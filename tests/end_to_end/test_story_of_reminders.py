"""Reminders as the clock moves, over HTTP: at the reader's morning, once, answered by buttons, planned anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.end_to_end.test_lists import publish
from tests.end_to_end.town import Town, button, buttons, say, words

Message = dict[str, Any]


def sent_at(message: Message, zone: str) -> str:
    """The local day and hour a message was posted."""
    return datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def about(town: Town, user: str, what: str) -> list[Message]:
    """What the bot wrote to somebody about one thing."""
    return [message for message in town.dm(user) if what in words(message)]


def with_shipment(town: Town, number: str, etd: str, product: str = "FaceGate 300") -> None:
    said = town.told("tom", "#shipping", "/shipment", f"add {number} {product} to Paris ETD {etd}")
    assert say("shipment.added") in said


def test_a_shipment_is_reminded_of_before_its_etd_in_the_mornings_of_its_owner(new_town: Town) -> None:
    with_shipment(new_town, "SO-801", "2026-12-17")
    new_town.go_to("2026-12-20T00:00:00+00:00")
    told = about(new_town, "tom", "SO-801")
    assert [sent_at(one, "Europe/Berlin") for one in told] == [
        "2026-12-03 09:00", "2026-12-10 09:00", "2026-12-14 09:00", "2026-12-16 09:00"]
    assert "Europe/Berlin" in words(told[0])


def test_a_reminder_off_a_free_day_comes_on_the_working_day_before(new_town: Town) -> None:
    with_shipment(new_town, "SO-802", "2026-12-13")  # a Sunday: 14 days before is a Sunday, too
    new_town.go_to("2026-12-01T00:00:00+00:00")
    assert [sent_at(one, "Europe/Berlin") for one in about(new_town, "tom", "SO-802")] == ["2026-11-27 09:00"]


def test_next_goes_to_the_next_reminder_and_the_state_names_the_one_after(new_town: Town) -> None:
    due = new_town.get("state")["next_due"]
    moved = new_town.go_to("next")
    assert moved["moved"]
    assert moved["now"][:16] == due[:16]
    assert moved["next_due"] > due


def test_done_snooze_and_not_mine_each_edit_the_message_and_come_back_or_go_to_whom_was_said(new_town: Town) -> None:
    for number in ("SO-803", "SO-804", "SO-805"):
        with_shipment(new_town, number, "2027-01-14")
    new_town.go_to("2026-12-31T09:00:00+00:00")
    message = about(new_town, "tom", "SO-803")[0]
    assert "SO-805" in words(message)  # what falls due together is one message
    new_town.press("tom", message, "reminder_done")
    snooze = new_town.press("tom", fresh(new_town, "tom", message), "reminder_snooze")["view"]
    assert new_town.fill("tom", snooze, until="2027-01-05")["ok"]
    hand = new_town.press("tom", fresh(new_town, "tom", message), "reminder_not_mine")["view"]
    assert new_town.fill("tom", hand, taker=new_town.user("ken")["id"])["ok"]
    now = words(fresh(new_town, "tom", message))
    assert say("reminder.state.done") in now
    assert say("reminder.state.handed").removesuffix(".") in now
    assert now.count("~*SO-") == 3
    assert not buttons(fresh(new_town, "tom", message))
    new_town.advance("P5D")
    assert about(new_town, "ken", "SO-805")
    again = [one for one in about(new_town, "tom", "SO-804") if one["ts"] != message["ts"]]
    assert [sent_at(one, "Europe/Berlin") for one in again] == ["2027-01-05 09:00"]


def test_a_tick_on_a_reminder_is_asked_back_in_its_thread_and_the_question_ends_with_the_answer(new_town: Town) -> None:
    with_shipment(new_town, "SO-808", "2027-01-14")
    new_town.go_to("2026-12-31T09:00:00+00:00")
    reminder = about(new_town, "tom", "SO-808")[0]
    place = {"user": "tom", "channel": reminder["channel"], "ts": reminder["ts"], "name": "white_check_mark"}
    assert new_town.post("slack/react", **place)["added"]
    asked = [one for one in new_town.dm("tom") if one.get("thread_ts") == reminder["ts"] != one["ts"]]
    assert len(asked) == 1
    new_town.press("tom", asked[0], "reminder_done")
    assert not buttons(fresh(new_town, "tom", asked[0]))
    assert say("reminder.state.done") in words(fresh(new_town, "tom", asked[0]))
    assert not new_town.post("slack/react", **place)["added"]
    assert not fresh(new_town, "tom", reminder).get("reactions")
    new_town.post("slack/react", status=400, **place | {"name": "no emoji"})


def test_why_me_is_answered_to_whoever_asks_alone(new_town: Town) -> None:
    with_shipment(new_town, "SO-806", "2027-01-14")
    new_town.go_to("2026-12-31T09:00:00+00:00")
    new_town.press("tom", about(new_town, "tom", "SO-806")[0], "reminder_why")
    assert any("14 Jan 2027" in said and say("reminder.why.stop") in said
               for said in new_town.whispers("tom", new_town.dm_of("tom")))


def test_a_snooze_past_the_date_is_said_and_one_into_the_past_refused(new_town: Town) -> None:
    with_shipment(new_town, "SO-807", "2026-12-17")
    new_town.go_to("2026-12-16T09:00:00+00:00")
    view = new_town.press("tom", about(new_town, "tom", "SO-807")[-1], "reminder_snooze")["view"]
    assert new_town.fill("tom", view, until="2026-12-16")["errors"]["until"]
    late = new_town.fill("tom", view, until="2026-12-21")
    assert "17 Dec 2026" in words(late["view"])


def fresh(town: Town, user: str, message: Message) -> Message:
    """The message as it stands now."""
    return next(one for one in town.dm(user) if one["ts"] == message["ts"])


def test_done_finishes_the_sub_task_on_the_board_and_the_filings_message(new_town: Town) -> None:
    answer = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Rome, ETD 2027-08-16, filing?")
    form = new_town.press("tom", answer, "open_filing")["view"]
    new_town.fill("tom", form)
    new_town.go_to("2026-11-27T02:00:00+00:00")
    reminder = about(new_town, "li", "N14")[0]
    new_town.press("li", reminder, "reminder_done")
    subtask = next(one for one in new_town.issues() if one["summary"].startswith("N14"))
    assert subtask["status_kind"] == "done"
    assert "1 of 27 done" in words(new_town.answers("#sales", answer["thread_ts"])[-1])
    new_town.go_to("2026-12-03T00:00:00+00:00")
    assert len(about(new_town, "li", "N14")) == 1


def test_what_is_done_on_the_board_is_not_reminded_of(new_town: Town) -> None:
    answer = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Rome, ETD 2027-08-16, filing?")
    new_town.fill("tom", new_town.press("tom", answer, "open_filing")["view"])
    new_town.transition(next(one for one in new_town.issues() if one["summary"].startswith("N14"))["key"], "done")
    new_town.go_to("2026-12-03T00:00:00+00:00")
    assert about(new_town, "li", "N14") == []
    new_town.go_to("2026-12-08T00:00:00+00:00")
    assert about(new_town, "li", "N14")  # a weekly task comes again in the next week


def test_a_moved_etd_moves_the_reminders(new_town: Town) -> None:
    with_shipment(new_town, "SO-806", "2026-12-17")
    assert "31 Dec 2026" in new_town.told("tom", "#shipping", "/shipment", "move SO-806 2026-12-31")
    new_town.go_to("2026-12-18T00:00:00+00:00")
    assert [sent_at(one, "Europe/Berlin") for one in about(new_town, "tom", "SO-806")] == ["2026-12-17 09:00"]


def test_a_cancelled_shipment_is_not_reminded_of(new_town: Town) -> None:
    with_shipment(new_town, "SO-807", "2026-12-17")
    new_town.told("tom", "#shipping", "/shipment", "cancel SO-807")
    new_town.go_to("2026-12-18T00:00:00+00:00")
    assert about(new_town, "tom", "SO-807") == []


def test_only_the_person_reminded_or_a_manager_may_answer(new_town: Town) -> None:
    with_shipment(new_town, "SO-808", "2026-12-17")
    new_town.go_to("2026-12-04T00:00:00+00:00")
    message = about(new_town, "tom", "SO-808")[0]
    new_town.post("slack/click", status=404, user="mei", channel=message["channel"], ts=message["ts"],
                  action_id=button(message, "reminder_done")["action_id"])
    assert fresh(new_town, "tom", message) == message


@pytest.mark.parametrize("body", [{"advance": "P1M"}, {"advance": "soon"}, {"to": "yesterday"}, {"to": "2026-01-01"}, {},
                                  {"advance": "P1D", "to": "next"}, {"advance": "P99999D"}])
def test_a_time_that_cannot_be_is_refused_in_a_sentence(town: Town, body: dict[str, str]) -> None:
    assert len(town.post("clock", status=400, **body)["error"]) > 20


def test_a_year_passes_in_seconds_and_nothing_comes_twice(new_town: Town) -> None:
    answer = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Rome, ETD 2027-08-16, filing?")
    new_town.fill("tom", new_town.press("tom", answer, "open_filing")["view"])
    for _ in range(5):  # a request of its own for each part: on a busy machine a whole year outlasts one
        new_town.advance("P73D")
    everybody = [user["name"] for user in new_town.get("state")["slack"]["users"] if not user["is_bot"]]
    said = [(user, sent_at(one, "UTC")[:10], line) for user in everybody for one in new_town.dm(user)
            for line in words(one).splitlines() if line.startswith("*N") or line.startswith("*A")]
    assert len(said) > 50
    assert len(said) == len(set(said))


def test_a_request_in_own_words_is_kept_once_confirmed_and_done_in_the_thread_is_asked_back(new_town: Town) -> None:
    dm = new_town.dm_of("tom")
    with_shipment(new_town, "SO-808", "2026-12-17")
    new_town.say("tom", dm, "remind me 2 days before ETD of SO-808")
    answer = new_town.dm("tom")[-1]
    new_town.press("tom", answer, "request_yes")
    assert say("request.kept") in words(new_town.dm("tom")[-1])
    new_town.go_to("2026-12-15T09:00:00+00:00")
    told = [one for one in new_town.dm("tom") if "remind me 2 days before" in words(one)][-1]
    assert sent_at(told, "Europe/Berlin") == "2026-12-15 09:00"
    new_town.say("tom", dm, "done", thread_ts=told["ts"])
    asked = new_town.dm("tom")[-1]
    assert asked["thread_ts"] == told["ts"]
    new_town.press("tom", asked, "reminder_done")
    assert say("reminder.state.done") in words(fresh(new_town, "tom", told))


def test_what_was_asked_for_once_stands_in_the_app_home_where_it_can_be_stopped(new_town: Town) -> None:
    with_shipment(new_town, "SO-810", "2027-03-17")
    for text in ("remind me on 8 December about SO-810", "3天后提醒我看 SO-810"):
        new_town.say("tom", new_town.dm_of("tom"), text)
        new_town.press("tom", new_town.dm("tom")[-1], "request_yes")
    home = new_town.home("tom")
    assert say("home.asked") in words(home)
    assert "8 Dec 2026, 09:00 (Europe/Berlin)" in words(home)
    stop = next(one for one in buttons(home) if one["action_id"].startswith("home_stop"))  # what comes next is first
    new_town.post("slack/click", user="tom", view_id="home", action_id=stop["action_id"], value=stop["value"])
    assert "3天后" not in words(new_town.home("tom"))
    new_town.go_to("2027-01-10T00:00:00+00:00")
    assert [sent_at(one, "Europe/Berlin") for one in about(new_town, "tom", "“remind me on 8 December")] == ["2026-12-08 09:00"]
    assert say("home.asked") not in words(new_town.home("tom"))


def test_a_moved_etd_in_own_words_moves_it_once_confirmed(new_town: Town) -> None:
    with_shipment(new_town, "SO-809", "2026-12-17")
    new_town.say("tom", new_town.dm_of("tom"), "SO-809 船期改到2027年3月5日")
    new_town.press("tom", new_town.dm("tom")[-1], "request_yes")
    assert "5 Mar 2027" in new_town.told("tom", "#shipping", "/shipment", "list")
    new_town.press("tom", new_town.dm("tom")[-1], "move_back")
    assert "17 Dec 2026" in new_town.told("tom", "#shipping", "/shipment", "SO-809")


def test_only_whoever_asked_confirms_a_move_others_are_told_so_alone_and_the_thread_stays_in_its_language(new_town: Town) -> None:
    with_shipment(new_town, "SO-811", "2026-12-17")
    answer = new_town.ask("tom", "#shipping", "ETD of SO-811 is now 5 March 2027")
    pressed = new_town.press("mei", answer, "request_yes")
    assert "Tom" in str(pressed) + str(new_town.whispers("mei", "#shipping"))
    assert "5 Mar 2027" not in new_town.told("tom", "#shipping", "/shipment", "SO-811")
    new_town.press("tom", answer, "request_yes")
    assert "5 Mar 2027" in new_town.told("tom", "#shipping", "/shipment", "SO-811")


def test_after_a_list_update_the_manager_reminds_the_owners_of_what_is_late_and_each_hears_once_in_one_digest(
        new_town: Town) -> None:
    town = new_town
    answer = town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Hamburg, ETD 2027-02-16, filing?")
    town.fill("tom", town.press("tom", answer, "open_filing")["view"])
    publish(town)
    assert any("F-1" in words(one) and "2026-11-23" in words(one) for one in town.dm("ana"))
    late = next(one for one in town.dm("ana") if any(b["action_id"].startswith("push_late") for b in buttons(one)))
    owners = {"ana": "N1", "li": "A1", "mei": "N5", "raj": "N4", "sam": "N9", "dan": "N8", "sofia": "A2"}
    assert not any(told_of(town, user, item) for user, item in owners.items())
    town.press("ana", late, "push_late")
    assert say("plan.late.said_pushed", n=9, id="F-1") in town.whispers("ana", town.dm_of("ana"))
    assert not [one for one in buttons(fresh(town, "ana", late)) if one["action_id"].startswith("push_late")]
    town.go_to("2026-12-04T15:00:00+00:00")
    for user, item in owners.items():
        assert len(told_of(town, user, item)) == 1, user
    lang = {"mei": "zh", "li": "zh"}
    for user, item in owners.items():
        assert say("reminder.passed_by", lang.get(user, "en"), name="Ana Duarte") in words(told_of(town, user, item)[0])


def told_of(town: Town, user: str, item: str) -> list[Message]:
    """The digests that name a task of a filing to this person."""
    return [one for one in town.dm(user) if f"*{item}* " in words(one) and "reminder_done" in str(buttons(one))]

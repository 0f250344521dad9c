"""What every implementation of the port Chat does alike: Slack over HTTP, and the fake that the flows are tested with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import Gone, OutcomeUnknown, TryLater
from bot.replies import Choice, Reply
from tests.adapters.slack.rooms import ROOMS, FakeRoom, LocalSlack, Room, SlackRoom

HELLO = Reply("Hello", lines=("a line",), choices=(Choice("scope_why", "Why?", "D-1"),))


@pytest.fixture(params=ROOMS)
def room(request: pytest.FixtureRequest, slack: LocalSlack) -> Room:
    return SlackRoom(slack) if request.param == "slack" else FakeRoom()


def first_words(room: Room) -> list[str]:
    return [text.splitlines()[0] for text in room.texts()]


def test_a_message_is_posted_once_and_its_stamp_returned(room: Room) -> None:
    ts = room.chat.post(room.channel, "", HELLO, "answer:1")
    assert first_words(room) == ["Hello"]
    assert room.chat.find(room.channel, "", "answer:1", room.now()) == ts


def test_two_messages_have_different_stamps(room: Room) -> None:
    stamps = {room.chat.post(room.channel, "", HELLO, f"answer:{number}") for number in range(5)}
    assert len(stamps) == 5


def test_a_reply_in_a_thread_is_found_in_its_thread_only(room: Room) -> None:
    ts = room.chat.post(room.channel, room.thread, HELLO, "answer:thread")
    assert room.chat.find(room.channel, room.thread, "answer:thread", room.now()) == ts
    assert room.chat.find(room.channel, "", "answer:thread", room.now()) is None


def test_a_person_is_written_to_by_their_id(room: Room) -> None:
    ts = room.chat.post(room.mei, "", HELLO, "reminder:1")
    room.chat.update(room.mei, ts, Reply("Edited"), "reminder:1")
    assert room.chat.find(room.mei, "", "reminder:1", room.now()) == ts
    assert first_words(room) == []


def test_what_was_posted_under_another_key_is_not_taken_for_it(room: Room) -> None:
    room.chat.post(room.channel, "", HELLO, "answer:12")
    assert room.chat.find(room.channel, "", "answer:1", room.now()) is None


def test_a_message_from_before_the_time_asked_for_is_not_found(room: Room) -> None:
    room.chat.post(room.channel, "", HELLO, "answer:old")
    room.pass_time(timedelta(minutes=5))
    assert room.chat.find(room.channel, "", "answer:old", room.now()) is None


def test_a_minute_between_the_two_clocks_is_forgiven(room: Room) -> None:
    ts = room.chat.post(room.channel, "", HELLO, "answer:skew")
    room.pass_time(timedelta(seconds=50))
    assert room.chat.find(room.channel, "", "answer:skew", room.now()) == ts


def test_an_edit_replaces_the_words_and_the_same_edit_again_changes_nothing(room: Room) -> None:
    ts = room.chat.post(room.channel, "", HELLO, "answer:1")
    for _ in range(2):
        room.chat.update(room.channel, ts, Reply("Better"), "answer:1")
    assert first_words(room) == ["Better"]


def test_an_edited_message_is_still_found_by_its_key(room: Room) -> None:
    ts = room.chat.post(room.channel, "", HELLO, "answer:1")
    room.chat.update(room.channel, ts, Reply("Better"), "answer:1")
    assert room.chat.find(room.channel, "", "answer:1", room.now()) == ts


def test_editing_a_message_that_somebody_deleted_says_it_is_gone(room: Room) -> None:
    ts = room.chat.post(room.channel, "", HELLO, "answer:1")
    room.delete_all()
    with pytest.raises(Gone):
        room.chat.update(room.channel, ts, HELLO, "answer:1")
    assert room.chat.find(room.channel, "", "answer:1", room.now()) is None


def test_a_lost_answer_leaves_one_message_that_is_found_by_its_key(room: Room) -> None:
    room.lose_the_answer("post")
    with pytest.raises(OutcomeUnknown):
        room.chat.post(room.channel, "", HELLO, "answer:1")
    assert first_words(room) == ["Hello"]
    ts = room.chat.find(room.channel, "", "answer:1", room.now())
    assert ts is not None
    room.chat.update(room.channel, ts, Reply("Adopted"), "answer:1")
    assert first_words(room) == ["Adopted"]


def test_a_busy_service_says_how_long_to_wait_and_has_done_nothing(room: Room) -> None:
    room.be_busy("post", 7)
    with pytest.raises(TryLater) as caught:
        room.chat.post(room.channel, "", HELLO, "answer:1")
    assert caught.value.after_seconds == 7
    assert room.texts() == []
    assert room.chat.post(room.channel, "", HELLO, "answer:1")


def test_a_person_is_told_with_zone_and_language(room: Room) -> None:
    mei = room.chat.person(room.mei)
    assert (mei.id, mei.name, mei.email, mei.zone, mei.lang) == (room.mei, "Mei Zhou", "mei@example.com", "Asia/Shanghai", "zh")
    assert mei.active


def test_somebody_nobody_knows_is_gone(room: Room) -> None:
    with pytest.raises(Gone):
        room.chat.person("U0NOBODY")


CALENDAR = b"BEGIN:VCALENDAR\r\n\x00\xff"


def test_a_file_is_handed_out_in_the_channel_or_thread_byte_for_byte(room: Room) -> None:
    room.chat.share(room.channel, "", "F-1.ics", CALENDAR, "The dates of F-1")
    room.chat.share(room.channel, room.thread, "F-2.ics", b"2", "Those of F-2")
    assert room.files() == [("", "F-1.ics", CALENDAR, "The dates of F-1"), (room.thread, "F-2.ics", b"2", "Those of F-2")]


def test_a_file_can_be_handed_to_a_person(room: Room) -> None:
    room.chat.share(room.mei, "", "F-1.ics", CALENDAR, "For you")
    assert room.files() == []  # not in the channel


def test_a_file_a_busy_service_did_not_take_is_nowhere(room: Room) -> None:
    room.be_busy("share", 7)
    with pytest.raises(TryLater) as caught:
        room.chat.share(room.channel, "", "F-1.ics", CALENDAR, "The dates of F-1")
    assert (caught.value.after_seconds, room.files()) == (7, [])


def test_a_file_whose_answer_was_lost_is_said_to_be_in_doubt(room: Room) -> None:
    room.lose_the_answer("share")
    with pytest.raises(OutcomeUnknown):
        room.chat.share(room.channel, "", "F-1.ics", CALENDAR, "The dates of F-1")
    assert len(room.files()) == 1

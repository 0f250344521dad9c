"""Lists of filings and the App Home: what is said of each, and of those that find no room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.domain.shipment import Goods, Shipment
from bot.domain.standing import Standing, Wanted
from bot.replies.filing_lists import filings_reply
from bot.replies.filings import plan_reply
from bot.replies.home import home_reply
from tests.fakes.desk import make_desk
from tests.fakes.fake_chat import words_of

WORDS = make_desk().words
TODAY = date(2026, 12, 1)
FILING = Filing(id="F-1", label="", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",),
                etd=date(2027, 3, 5), zone="Asia/Shanghai", customer="", owner="U1", opened_by="U1",
                opened_at=datetime(2026, 11, 1, tzinfo=UTC), origin="form:1", state="open")


def standing(number: int, due: date = date(2026, 12, 20), submitted: bool = False, **changes: object) -> Standing:
    dues = {"N1": due, "N11": due, "N12": date(2027, 2, 1)}
    tasks = [FilingTask(f"F-{number}.{item}", f"F-{number}", item, f"Title of {item}", day, "PM", "U1", "",
                        done=submitted and item != "N12") for item, day in dues.items()]
    changes = {"id": f"F-{number}", "etd": FILING.etd + timedelta(days=number)} | changes
    return Standing(replace(FILING, **changes), tuple(tasks), TODAY)  # type: ignore[arg-type]


def test_each_line_says_the_one_thing_to_do_now() -> None:
    late, waiting, parked = standing(1, date(2026, 11, 20)), standing(2, submitted=True), standing(3, state="parked")
    lines = filings_reply(WORDS, "en", [late, waiting, parked, standing(4)]).bullets
    assert "2 tasks late:* first N1 Title of N1, was due 20 Nov 2026" in lines[0]
    assert "with the authority · next N12, due 1 Feb 2027 (assumed)" in lines[1]
    assert "the ticket needs you" in lines[2]
    assert "next: *N1* Title of N1, due 20 Dec 2026" in lines[3]


def test_a_long_list_is_cut_and_the_rest_counted() -> None:
    reply = filings_reply(WORDS, "en", [standing(number) for number in range(1, 41)], Wanted(mine=True))
    assert (len(reply.bullets), "15 more" in reply.note) == (25, True)
    assert reply.headline == "40 filings · mine"


def test_the_home_begins_with_what_is_late_and_counts_what_waits() -> None:
    filings = [standing(1), standing(2, submitted=True), standing(3, date(2026, 11, 20)), standing(4, hold="released")]
    home = home_reply(WORDS, Colleague("U1", "Ana"), filings, [], [])
    block = home.parts[0].text.splitlines()
    assert block[1] == "• 1 late · 3 on hold · 1 with the authority"
    assert [line.split("*")[1] for line in block[2:]] == ["F-3", "F-1", "F-2", "F-4"]
    assert all("0/3" in line or "2/3" in line for line in block[2:])


def test_a_home_with_very_many_filings_counts_the_rest() -> None:
    assert "8 more" in words_of(home_reply(WORDS, Colleague("U1", "Ana"), [standing(n) for n in range(1, 21)], [], []))


def test_what_should_have_left_comes_after_what_is_still_to_leave_and_is_asked_about() -> None:
    gone, coming = (Shipment(f"S-{n}", f"SO-{n}", (Goods("FaceGate 300"),), "DE", etd, FILING.zone, "U1", "U1", FILING.opened_at)
                    for n, etd in ((1, date(2026, 11, 20)), (2, TODAY)))
    home = home_reply(WORDS, Colleague("U1", "Ana"), [], [gone, coming], [], today=TODAY)
    lines = home.parts[1].text.splitlines()[1:]
    assert ["SO-2" in lines[0], "SO-1" in lines[1]] == [True, True]
    assert "/shipment SO-1 sailed" in lines[1]
    assert "sailed" not in lines[0]


def test_a_plan_marks_what_is_late_and_explains_its_signs() -> None:
    one = standing(1, date(2026, 11, 20))
    done = replace(one.tasks[0], done=True)
    plan = plan_reply(WORDS, one.filing, [done, *one.tasks[1:]], TODAY)
    assert [WORDS.say("en", "plan.task_late") in line for line in plan.bullets] == [False, True, False]
    assert WORDS.say("en", "plan.signs") in plan.note

"""Opening a filing, over HTTP: by button and by command, its ticket and sub-tasks, its one message, its plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.end_to_end.town import Town, button, label, say, until, words

FITTING = "2027-08-16"


def number_of(message: dict[str, Any]) -> str:
    """The F-… a filing's message begins with."""
    return words(message).split("*")[1].split(" ")[0]


def open_by_button(town: Town, question: str, **values: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask, press Open filing, send the form; (answer, the filing's message)."""
    answer = town.ask("tom", "#sales", question)
    form = town.press("tom", answer, "open_filing")["view"]
    assert town.fill("tom", form, **values)["ok"]
    return answer, town.answers("#sales", answer["thread_ts"])[-1]


def ticket_of(town: Town, message: dict[str, Any]) -> dict[str, Any]:
    """The ticket a filing's message names, as soon as it does: on a slow machine the message stands before the ticket."""
    named = until(lambda: next((one for one in town.messages(message["channel"])
                                if one["ts"] == message["ts"] and "browse/" in words(one)), None))
    key = words(named).split("browse/")[1].split("|")[0]
    return next(issue for issue in town.issues() if issue["key"] == key)


def test_an_answer_becomes_one_ticket_with_a_dated_sub_task_for_each_item(town: Town) -> None:
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Hamburg, ETD {FITTING}, filing?", customer="Nordbau")
    ticket = ticket_of(town, message)
    subtasks = town.subtasks(ticket["key"])
    assert len(subtasks) == 27
    assert (ticket["due"], ticket["assignee"]) == (FITTING, "Ana Duarte")  # the project manager, unless somebody else is chosen
    assert "FaceGate 300 → Germany" in ticket["summary"]
    assert {"filingdesk", "ruleset-cn-cac-agents"} <= set(ticket["labels"])
    dues = sorted(date.fromisoformat(one["due"]) for one in subtasks if one["due"])
    assert len(dues) == 26  # one item waits for a change, not for a date
    assert dues[0] >= date(2026, 11, 23)
    assert all(one["assignee"] for one in subtasks)
    assert say("plan.fits") in words(message)


def test_the_ticket_says_on_what_it_rests_and_what_nobody_knows(town: Town) -> None:
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Ghana, ETD {FITTING}, filing?", customer="Accra")
    ticket = ticket_of(town, message)
    number = button(answer, "open_filing")["value"]
    for part in (number, "Accra", "Ana Duarte", "not officially verified", "ASSUMED", "U1:", "U13:"):
        assert part in ticket["description"]
    assert "U14:" not in ticket["description"]  # it touches Hong Kong, Macao and Taiwan only
    first = town.subtasks(ticket["key"])[0]["description"]
    assert "核实来源" in first
    assert "ASSUMED" in first


def test_goods_for_hong_kong_get_its_open_question_and_a_task_for_it(town: Town) -> None:
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Hong Kong, ETD {FITTING}, filing?")
    ticket = ticket_of(town, message)
    assert "U14:" in ticket["description"]
    task, = (one for one in town.subtasks(ticket["key"]) if one["summary"].startswith("A5H "))
    assert "U14:" in task["description"]


def test_the_ticket_links_back_to_the_thread(town: Town) -> None:
    answer, message = open_by_button(town, f"IrisLock Pro opens by itself, to Norway, ETD {FITTING}, filing?")
    link = ticket_of(town, message)["remote_links"][0]["url"]
    assert link.endswith(f"/archives/{answer['channel']}/p{answer['thread_ts'].replace('.', '')}")


def test_the_thread_keeps_one_message_that_follows_what_happens_on_the_board(town: Town) -> None:
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Vietnam, ETD {FITTING}, filing?")
    ticket = ticket_of(town, message)
    town.transition(town.subtasks(ticket["key"])[0]["key"], "done")
    town.transition(ticket["key"], "indeterminate")
    town.advance("PT1M")
    now = town.answers("#sales", answer["thread_ts"])
    assert [one["ts"] for one in now] == [answer["ts"], message["ts"]]
    assert "1 of 27 done" in words(now[1])
    assert "In Progress" in words(now[1])
    town.transition(ticket["key"], "done")
    town.advance("PT1M")
    assert "Done" in words(town.answers("#sales", answer["thread_ts"])[1])


def test_filing_new_opens_an_empty_form_and_says_beside_each_field_what_is_wrong(town: Town) -> None:
    form = town.command("ana", "#compliance", "/filing", "new")["view"]
    wrong = town.fill("ana", form, product="PalmKey V2", destination="Atlantis", etd="2026-01-05", customer="", owner="ana")
    assert set(wrong["errors"]) == {"destination", "etd"}
    assert "Atlantis" in wrong["errors"]["destination"]
    far = town.fill("ana", form, product="PalmKey V2", destination="Oman", etd="2039-01-05")
    assert list(far["errors"].values()) == [say("error.etd_far", etd="5 Jan 2039")]
    assert town.fill("ana", form, destination="Dubai, Muscat", etd=FITTING)["ok"]
    message = next(one for one in reversed(town.messages("#compliance")) if "PalmKey V2" in words(one))
    ticket = ticket_of(town, message)
    assert "PalmKey V2 → United Arab Emirates, Oman" in ticket["summary"]
    assert len(town.subtasks(ticket["key"])) == 27
    assert ticket["assignee"] == "Ana Duarte"


def test_a_wish_that_is_already_covered_opens_nothing_and_says_so(town: Town) -> None:
    answer, _ = open_by_button(town, f"GasShield X switches by itself, to Kenya, ETD {FITTING}, filing?", customer="Nairobi")
    before = len(town.tickets())
    form = town.command("tom", "#sales", "/filing", "new")["view"]
    town.fill("tom", form, product="GasShield X", destination="Kenya", etd=FITTING, customer="Nairobi", owner="tom")
    assert len(town.tickets()) == before
    last = town.messages("#sales", "tom")[-1]
    assert last["ephemeral_to"] == town.user("tom")["id"]
    assert words(last) == say("filing.already", id=number_of(town.answers("#sales", answer["thread_ts"])[-1]))


def test_an_answer_with_a_filing_names_it_instead_of_offering_another(town: Town) -> None:
    answer, message = open_by_button(town, f"VeinGuard 5 opens by itself, to Peru, ETD {FITTING}, filing?")
    number = number_of(message)
    now = town.answers("#sales", answer["thread_ts"])[0]
    assert not [one for block in now["blocks"] for one in block.get("elements", []) if
                str(one.get("action_id", "")).startswith("open_filing")]
    assert number in words(now)


def test_a_plan_that_no_longer_fits_says_so_at_once(town: Town) -> None:
    _, message = open_by_button(town, "FaceGate 300 with auto-unlock to Laos, ETD 2026-12-12, filing?")
    assert "days short" in words(message)
    assert "days short" in ticket_of(town, message)["description"]


def test_the_plan_is_shown_to_whoever_asks_one_line_a_task(town: Town) -> None:
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Nepal, ETD {FITTING}, filing?")
    town.press("tom", message, "show_plan")
    shown = town.messages("#sales", "tom")[-1]
    assert shown["ephemeral_to"] == town.user("tom")["id"]
    assert words(shown).count("• ○") + words(shown).count("• ➤") == 27
    assert say("plan.path", path="A1 › N1 › N2 › N3 › N4 › N9 › N10 › A6 › N11 › A7 › N12 › A9 › N13") in words(shown)


def test_moving_the_etd_moves_every_open_date_here_and_in_the_ticket(town: Town) -> None:
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Togo, ETD {FITTING}, filing?")
    ticket = ticket_of(town, message)
    finished = town.subtasks(ticket["key"])[0]
    town.transition(finished["key"], "done")
    town.advance("PT1M")
    before = {one["key"]: one["due"] for one in town.subtasks(ticket["key"])}
    form = town.press("tom", town.answers("#sales", answer["thread_ts"])[-1], "ask_etd")["view"]
    seen = town.fill("tom", form, etd="2027-09-16")["view"]
    assert say("change.etd", before="16 Aug 2027", after="16 Sep 2027") in words(seen)
    assert {one["key"]: one["due"] for one in town.subtasks(ticket["key"])} == before  # nothing moves before it is confirmed
    assert town.fill("tom", seen)["ok"]
    after = {one["key"]: one["due"] for one in town.subtasks(ticket["key"])}
    moved = [key for key in before if before[key] and before[key] != after[key]]
    assert len(moved) >= 20
    assert all(after[key] > before[key] for key in moved)
    assert after[finished["key"]] == before[finished["key"]]
    assert next(one for one in town.tickets("Togo"))["due"] == "2027-09-16"
    assert "16 Sep 2027" in words(town.answers("#sales", answer["thread_ts"])[-1])


def test_filing_list_and_one_filing_are_shown_to_the_asker(town: Town) -> None:
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Malta, ETD {FITTING}, filing?")
    number = number_of(message)
    assert number in town.told("tom", "#sales", "/filing", "list")
    assert "Malta" in town.told("tom", "#sales", "/filing", number)
    assert "F-999" in town.told("tom", "#sales", "/filing", "F-999")
    assert "/filing new" in town.told("tom", "#sales", "/filing", "burn it")
    assert "/filing export" in town.told("tom", "#sales", "/filing", "help")
    assert "Follow the list" in town.told("tom", "#sales", "/filing", "list")
    for asked in ("list", number):
        assert "Follow the list" not in town.told("mei", "#sales", "/filing", asked), "she reads Chinese, its tasks too"
    assert "Follow the list" not in words(town.home("mei"))
    assert say("gate.which") in town.told("tom", "#sales", "/filing", "ship")
    status = town.ask("tom", "#sales", f"where is {number}?")
    assert "Malta" in words(status)


def test_a_family_without_biometrics_has_no_biometric_task(town: Town) -> None:
    _, message = open_by_button(town, f"AirSense P4 sets its airflow by itself, to Chile, ETD {FITTING}, filing?")
    items = [one["summary"].split(" ")[0] for one in town.subtasks(ticket_of(town, message)["key"])]
    assert "A3" not in items
    assert "A3R" in items


def test_buttons_read_chinese_for_whoever_asked_in_chinese_and_the_board_the_desks_language(town: Town) -> None:
    answer = town.ask("mei", "#sales", "面盾300自动开门，出口到泰国，2027年8月16日船期，需要备案吗？")
    form = town.press("mei", answer, "open_filing")["view"]
    assert form["title"]["text"] == say("form.filing.title", "zh")
    assert town.fill("mei", form)["ok"]
    message = town.answers("#sales", answer["thread_ts"])[-1]
    assert label("move_etd", "zh") in words(message)
    assert "泰国" in words(message)
    assert "Thailand" in ticket_of(town, message)["summary"]


@pytest.mark.parametrize(("user", "filters", "wanted", "other"), [
    ("tom", "mine late until 2027-12-31", ("filings.by.mine", "en"), ("filings.by.hold", "en")),
    ("mei", "我的 暂停", ("filings.by.hold", "zh"), ("filings.by.late", "zh"))])
def test_filings_are_narrowed_in_either_language(town: Town, user: str, filters: str, wanted: tuple[str, str],
                                                 other: tuple[str, str]) -> None:
    told = town.told(user, "#sales", "/filing", f"list {filters}")
    assert say(*wanted) in told
    assert say(*other) not in told.splitlines()[0]


def test_a_filter_that_is_none_is_answered_with_those_there_are(town: Town) -> None:
    told = town.told("tom", "#sales", "/filing", "list mine urgent")
    assert "urgent" in told
    assert say("filings.filters") in told


def test_the_timeline_comes_as_a_picture_by_button_and_by_command(town: Town) -> None:
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Iceland, ETD {FITTING}, filing?")
    town.press("tom", message, "timeline")
    (by_button,) = [one for one in town.answers("#sales", answer["thread_ts"]) if one.get("files")]
    town.command("mei", "#sales", "/filing", f"timeline {number_of(message)}")
    by_command = town.messages("#sales")[-1]
    for posted in (by_button, by_command):
        assert posted["files"][0]["mimetype"] == "image/png"
        assert posted["files"][0]["name"].startswith(number_of(message))
    assert say("timeline.caveat", "zh") in by_command["text"]


def test_the_evidence_pack_comes_directly_to_whoever_asks_by_button_and_by_command(town: Town) -> None:
    _, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Estonia, ETD {FITTING}, filing?")
    number = number_of(message)
    town.press("mei", message, "show_plan")
    town.press("mei", town.messages("#sales", "mei")[-1], "pack")
    town.command("mei", "#sales", "/filing", f"export {number}")
    packs = [one for one in town.dm("mei") if one.get("files")]
    assert len([one for one in packs if one["files"][0]["name"].startswith(f"{number}-evidence-")]) == 2
    assert say("pack.sent", "zh", id=number) in town.whispers("mei", "#sales")[-1]
    assert not [one for one in town.messages("#sales") if one.get("files") and one["files"][0]["name"].endswith(".zip")]


def test_a_second_filing_by_command_is_warned_of_in_the_same_form_and_the_open_one_stands_for_it(town: Town) -> None:
    wanted = {"product": "VeinGuard 5", "destination": "Peru", "etd": FITTING}
    town.fill("tom", town.command("tom", "#sales", "/filing", "new")["view"], **wanted)
    tickets = len(town.tickets("VeinGuard 5"))
    again = town.fill("tom", town.command("tom", "#sales", "/filing", "new")["view"], **wanted | {"etd": "2027-12-17"})["view"]
    given = {block["block_id"]: block["element"] for block in again["blocks"]}
    [option] = given["share"]["options"]
    assert (given["destination"]["initial_value"], given["etd"]["initial_date"]) == ("Peru", "2027-12-17")
    assert town.fill("tom", again, share=option["value"])["ok"]
    assert any(option["value"] in one for one in town.whispers("tom", "#sales"))
    assert len(town.tickets("VeinGuard 5")) == tickets == 1

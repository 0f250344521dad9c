"""May it ship, over HTTP: hold, asked for, refused, done with evidence, released, green; then a new list, and hold again."""

from __future__ import annotations

from typing import Any

from tests.end_to_end.test_both_sides import task_form
from tests.end_to_end.test_filings import FITTING, number_of, open_by_button, ticket_of
from tests.end_to_end.test_lists import compare
from tests.end_to_end.town import Town, button, buttons, label, say, words

EVIDENCE = ("N11", "A8", "N12", "A9")
SIGNED = {"N1": "ana", "N9": "sam", "A6": "sofia"}


def may_ship(town: Town, number: str, user: str = "ken") -> dict[str, Any]:
    """The gate as `/filing ship` shows it."""
    return dict(town.command(user, "#shipping", "/filing", f"ship {number}")["messages"][-1])


def colour(message: dict[str, Any]) -> str:
    return next(name for name in ("red", "yellow", "green") if f"{name}_circle:" in words(message))


def work_through(town: Town, message: dict[str, Any], number: str) -> None:
    """Everything on the board is done, evidence is written down, and whoever has to signs off."""
    for item in EVIDENCE:
        town.fill("ana", task_form(town, "ana", message, number, item), state="done", evidence=f"https://files.example.com/{item}")
    for task in town.subtasks(ticket_of(town, message)["key"]):
        if task["summary"].split(" ")[0] not in {*EVIDENCE, *SIGNED, "N13", "A10", "A11", "A12", "A13"}:
            town.transition(task["key"], "done")
    town.advance("PT1M")
    for item, user in SIGNED.items():
        form = town.press(user, may_ship(town, number, user), "sign_off")["view"]
        assert town.fill(user, form, item=item, evidence=f"https://files.example.com/{item}")["ok"]


def test_the_story_of_a_release_from_hold_to_green_and_back(new_town: Town) -> None:
    town = new_town
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Hamburg, ETD {FITTING}, filing?")
    number, thread = number_of(message), answer["thread_ts"]
    assert say("gate.mark.held") in words(message)

    asked = town.ask("tom", "#shipping", f"may {number} ship?")
    assert colour(asked) == "red"
    assert say("gate.not_complete", item="N12") in words(asked)
    assert say("gate.who", names="Hui Chen") in words(asked)
    assert colour(town.ask("mei", "#shipping", f"{number}可以发货吗")) == "red"

    town.press("ken", may_ship(town, number), "ask_release")
    request = town.dm("hui")[-1]
    form = town.press("hui", request, "release")["view"]
    refused = town.fill("hui", form, reason="Looks fine to me")
    assert "N12" in refused["errors"]["reason"]
    form = town.press("hui", request, "refuse")["view"]
    assert town.fill("hui", form, reason="No filing number yet")["ok"]
    assert "No filing number yet" in words(town.answers("#sales", thread)[-1])
    assert not [one for one in buttons(town.dm("hui")[-1]) if one["action_id"].startswith("release")]

    work_through(town, message, number)
    ready = may_ship(town, number)
    assert (colour(ready), say("gate.next.ask") in words(ready)) == ("red", True) or say("gate.next.ask", "zh") in words(ready)
    town.press("ken", ready, "ask_release")
    assert say("home.release", "zh", title="").split("*")[1] in words(town.home("hui"))
    form = town.press("hui", town.dm("hui")[-1], "release")["view"]
    assert town.fill("hui", form, reason="Number 2027-17 seen")["ok"]
    assert say("home.release", "zh", title="").split("*")[1] not in words(town.get("slack/home", user="hui")["view"])
    told = words(town.answers("#sales", thread)[-1])
    assert "Number 2027-17 seen" in told
    assert "https://files.example.com/N12" in told
    green = may_ship(town, number, "tom")
    assert (colour(green), "Hui Chen" in words(green)) == ("green", True)
    assert not buttons(green)

    assert compare(town)["ok"]
    town.press("li", town.dm("li")[-1], "ask_publish")
    town.press("ana", town.dm("ana")[-1], "publish_list")
    assert colour(may_ship(town, number)) == "red"
    expired = [one for one in town.answers("#sales", thread) if say("sign.expired.why", what=say("part.list")) in words(one)]
    assert len(expired) == 1
    assert f"<@{town.user('hui')['id']}>" in words(expired[0])
    assert say("gate.mark.held") in words(town.answers("#sales", thread)[1])


def test_by_number_at_home_and_for_a_shipment_without_a_filing(town: Town) -> None:
    assert colour(may_ship(town, "SO-4711")) == "red"
    assert "SO-9999" in words(may_ship(town, "SO-9999"))
    home = town.home("tom")
    view = town.post("slack/click", user="tom", view_id="home", action_id=button(home, "home_gate", label("gate"))["action_id"],
                     value="ask")["view"]
    assert "SO-9999" in town.fill("tom", view, number="SO-9999")["errors"]["number"]
    assert town.fill("tom", view, number="so-4711")["ok"]
    assert colour(town.dm("tom")[-1]) == "red"


def test_changed_facts_are_confirmed_before_anything_moves(town: Town) -> None:
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Panama, ETD {FITTING}, filing?")
    number = number_of(message)
    form = town.press("ana", message, "ask_facts")["view"]
    seen = town.fill("ana", form, destination="Hong Kong", what="The buyer has moved")["view"]
    assert "A5H" in words(seen)
    assert len(town.subtasks(ticket_of(town, message)["key"])) == 27
    assert town.fill("ana", seen)["ok"]
    assert len(town.subtasks(ticket_of(town, message)["key"])) == 28
    assert "Hong Kong" in words(town.answers("#sales", answer["thread_ts"])[1])
    assert say("gate.change_open", items="A11") in words(may_ship(town, number, "tom"))
    form = town.press("tom", message, "ask_facts")["view"]
    assert say("error.facts_role") in str(town.fill("tom", form, what="something")["errors"])


def test_while_the_only_head_is_away_the_thread_says_who_may_release_and_until_when_nobody_can(new_town: Town) -> None:
    town = new_town
    answer, message = open_by_button(town, f"FaceGate 300 with auto-unlock to Hamburg, ETD {FITTING}, filing?")
    habits = button(town.home("hui"), "home_habits")["action_id"]
    view, li = town.post("slack/click", user="hui", view_id="home", action_id=habits, value="mine")["view"], town.user("li")["id"]
    assert town.fill("hui", view, at="09:00", lang="zh", away_from="", away_until="2026-11-27", deputy=li)["ok"]
    town.press("ken", may_ship(town, number_of(message)), "ask_release")
    aloud = words(town.answers("#sales", answer["thread_ts"])[-1])
    for part in (say("gate.who.away", name="Hui Chen", day="27 Nov 2026"), say("release.nobody.deputy", names="Li Na")):
        assert part in aloud
    assert not [one for one in town.dm("li") if any(each["action_id"].startswith("release") for each in buttons(one))]
    assert say("gate.who.away", "zh", name="Hui Chen", day="").split("，")[0] in words(may_ship(town, number_of(message)))
    before = len(town.answers("#sales", answer["thread_ts"]))
    town.advance("PT3H")
    assert len(town.answers("#sales", answer["thread_ts"])) == before

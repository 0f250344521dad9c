"""A list update, over HTTP: dry run, publishing, recalled answers, notices; and who may do it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.end_to_end.town import Town, buttons, say, words

MARKETS = "DE\nBrazil, local agent needed\nFR\nIT\nES\nPL\nNL\nBE\nAT\nSE\nNO\nFI\nDK\nIE\nPT"


def compare(town: Town, **values: str) -> dict[str, Any]:
    """Li fills in the list's form; what the sandbox answered."""
    form = town.command("li", "#compliance", "/lists", "update")["view"]
    return town.fill("li", form, **{"markets": MARKETS, "url": "https://example.com/list"} | values)


def publish(town: Town, **values: str) -> dict[str, Any]:
    """Li compares and asks; Ana, who may publish too, does. What Ana pressed."""
    assert compare(town, **values)["ok"]
    town.press("li", town.dm("li")[-1], "ask_publish")
    proposal = town.dm("ana")[-1]
    town.press("ana", proposal, "publish_list")
    return proposal


def test_a_published_list_recalls_the_answer_in_its_thread_and_tells_everyone_concerned_once(new_town: Town) -> None:
    asked = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Hamburg, ETD 2027-08-16, filing?")
    other = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock within Shanghai only, no export. Filing?")
    assert compare(new_town)["ok"]
    dry = new_town.dm("li")[-1]
    assert say("list.dry_run", "zh", version="2026-11-23") in words(dry)
    assert len(new_town.answers("#sales", asked["thread_ts"])) == 1  # a dry run tells nobody
    new_town.press("li", dry, "ask_publish")
    new_town.press("ana", new_town.dm("ana")[-1], "publish_list")
    recalled = new_town.answers("#sales", asked["thread_ts"])
    assert len(recalled) == 2
    assert say("recall.title", n=1, id="").strip() in words(recalled[1])
    assert "2026-11-23" in words(recalled[1])
    assert len(new_town.answers("#sales", other["thread_ts"])) == 1
    news = [one for one in new_town.messages("#compliance") if "2026-11-23" in words(one) and not one.get("ephemeral_to")]
    assert len(news) == 1
    for owner in ("ken", "mei"):
        assert sum("2026-11-23" in words(one) for one in new_town.dm(owner)) == 1
    for nobody in ("raj", "sam", "dan"):
        assert new_town.dm(nobody) == []
    for hand in ("li", "ana", "sofia"):
        assert buttons(new_town.dm(hand)[-1]) == []
        assert "Ana Duarte" in words(new_town.dm(hand)[-1])
    assert "2026-11-23" in words(new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Hamburg, filing?"))


def test_a_line_that_is_no_market_is_told_in_the_form_by_its_number(new_town: Town) -> None:
    wrong = compare(new_town, markets="DE\nNarnia\n\nFR\nAtlantis")
    told = wrong["errors"]["markets"].splitlines()
    for line, name, said in zip((2, 5), ("Narnia", "Atlantis"), told, strict=True):
        assert said.startswith(say("finding.line", "zh", line=line, what=""))
        assert name in said


def test_what_the_form_can_know_is_told_beside_its_input_and_nothing_that_was_typed_is_lost(new_town: Town) -> None:
    said = {"version": ("2026-06-01", say("list.doubt.same_version", "zh", part0="2026-06-01")),
            "effective": ("2020-01-01", say("list.doubt.earlier", "zh", part0="2026年6月1日", part1="2020年1月1日")),
            "url": ("not a url", say("trouble.no_source", "zh", said="not a url"))}
    for field, (wrong, told) in said.items():
        assert compare(new_town, **{field: wrong})["errors"] == {field: told}
    assert new_town.dm("li") == []


def test_the_dry_run_names_source_and_day(new_town: Town) -> None:
    compare(new_town, url="Notice 7 of 2026", effective="2027-01-01")
    dry = words(new_town.dm("li")[-1])
    assert say("list.source", "zh", source="Notice 7 of 2026", by="Li Na") in dry
    assert "2027年1月1日" in dry


def test_an_empty_list_is_refused(new_town: Town) -> None:
    refused = compare(new_town, markets=" \n \n")
    assert not refused["ok"] or not [one for one in buttons(new_town.dm("li")[-1]) if one["action_id"].startswith("publish")]


def test_a_list_suddenly_half_as_long_is_published_only_after_it_was_confirmed(new_town: Town) -> None:
    assert compare(new_town, markets="DE\nFR")["ok"]
    dry = new_town.dm("li")[-1]
    assert "27" in words(dry)
    new_town.press("li", dry, "ask_publish")
    proposal = new_town.dm("ana")[-1]
    for button in (*buttons(dry), *buttons(proposal)):
        assert button["style"] == "danger"
        assert "27" in button["confirm"]["text"]["text"]
    new_town.press("ana", proposal, "publish_list")
    assert "2026-11-23" in new_town.told("tom", "#sales", "/lists")


def test_the_same_version_is_not_published_twice(new_town: Town) -> None:
    for _ in range(2):
        compare(new_town)
    for dry in new_town.dm("li")[-2:]:
        new_town.press("li", dry, "ask_publish")
    first, second = new_town.dm("ana")[-2:]
    new_town.press("ana", first, "publish_list")
    new_town.press("ana", second, "publish_list")
    assert len([one for one in new_town.messages("#compliance") if "2026-11-23" in words(one)]) == 1


def test_a_list_that_is_to_take_effect_is_not_told_as_if_it_counted_today(new_town: Town) -> None:
    publish(new_town, effective="2027-01-01")
    said = new_town.told("tom", "#sales", "/lists", "Brazil")
    assert say("market.unknown", market="Brazil", count=27) in said
    assert say("market.from_listed", version="2026-11-23", effective="1 Jan 2027") in said


def test_whoever_compares_a_list_is_offered_a_second_person_and_not_to_publish_it(new_town: Town) -> None:
    compare(new_town)
    compared = new_town.dm("li")[-1]
    assert [one["action_id"].split(":")[0] for one in buttons(compared)] == ["ask_publish"]
    new_town.press("li", compared, "ask_publish")
    assert buttons(new_town.dm("li")[-1]) == []
    assert say("list.asked", "zh", names="Ana Duarte、Sofia Keller") in words(new_town.dm("li")[-1])
    assert say("list.asks", name="Li Na") in words(new_town.dm("ana")[-1])
    assert "2026-11-23" not in new_town.told("tom", "#sales", "/lists")


@pytest.mark.parametrize("user", ["tom", "raj", "ken"])
def test_other_roles_may_look_but_not_publish(town: Town, user: str) -> None:
    answer = town.command(user, "#compliance", "/lists", "update")
    assert answer["view"] is None
    lang = "zh" if user == "ken" else "en"
    assert say("error.publish_role", lang) in words(answer["messages"][-1])
    assert "27" in town.told(user, "#compliance", "/lists")


def test_a_market_is_looked_up_by_question_and_by_command(town: Town) -> None:
    assert "Brazil" in words(town.ask("tom", "#sales", "is Brazil on the list?"))
    assert "Brazil" in town.told("tom", "#sales", "/lists", "Brazil")

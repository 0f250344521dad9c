"""The App Home, over HTTP: what stands there, and what its buttons open."""

from __future__ import annotations

from tests.end_to_end.town import Town, button, label, say, words


def test_the_home_shows_filings_and_next_shipments_in_the_readers_language(town: Town) -> None:
    answer = town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Cyprus, ETD 2027-08-16, filing?")
    town.fill("tom", town.press("tom", answer, "open_filing")["view"])
    mine, hers = words(town.home("tom")), words(town.home("mei"))
    assert "FaceGate 300 → Cyprus" in mine
    assert "SO-4711" in mine
    assert say("home.shipments", "zh") in hers
    assert "塞浦路斯" in hers


def test_its_buttons_open_the_forms(town: Town) -> None:
    town.home("ana")
    for action, title in (("home_filing", "form.filing.title"), ("home_shipment", "form.shipment.title")):
        view = town.post("slack/click", user="ana", view_id="home",
                         action_id=button(town.home("ana"), action)["action_id"], value="new")["view"]
        assert view["title"]["text"] == say(title)
        town.post("slack/close", user="ana", view_id=view["id"])


def test_a_filing_opened_at_home_is_told_in_a_direct_message(town: Town) -> None:
    home = town.home("ana")
    view = town.post("slack/click", user="ana", view_id="home", action_id=button(home, "home_filing")["action_id"],
                     value="new")["view"]
    assert town.fill("ana", view, product="GasShield X", destination="Qatar", etd="2027-08-16")["ok"]
    assert "GasShield X → Qatar" in words(town.dm("ana")[-1])
    assert label("plan") in words(town.dm("ana")[-1])


def test_what_could_not_be_delivered_stands_there(new_town: Town) -> None:
    new_town.post("jira/require", project="EXP", field="components")
    answer = new_town.ask("tom", "#sales", "FaceGate 300 with auto-unlock to Cyprus, ETD 2027-08-16, filing?")
    new_town.fill("tom", new_town.press("tom", answer, "open_filing")["view"])
    message = new_town.answers("#sales", answer["thread_ts"])[-1]
    assert "omponent" in words(message)
    assert button(message, "retry_ticket")
    assert say("home.trouble") in words(new_town.home("ana"))
    assert new_town.tickets() == []
    new_town.post("jira/require", project="EXP", field="components", required=False)
    new_town.press("ana", message, "retry_ticket")
    assert len(new_town.tickets()) == 1
    assert len(new_town.subtasks(new_town.tickets()[0]["key"])) == 27
    assert say("home.trouble") not in words(new_town.home("ana"))


def test_hour_language_and_a_deputy_are_set_at_home_and_kept(new_town: Town) -> None:
    home = new_town.home("ken")
    view = new_town.post("slack/click", user="ken", view_id="home", action_id=button(home, "home_habits")["action_id"],
                         value="mine")["view"]
    mei = new_town.user("mei")["id"]
    for begins, ends in (("", "2026-01-01"), ("2026-12-01", ""), ("2026-12-09", "2026-12-01")):
        wrong = new_town.fill("ken", view, at="08:30", lang="zh", away_from=begins, away_until=ends)
        assert list(wrong["errors"]) == ["away_until"]
    assert new_town.fill("ken", view, at="08:30", lang="zh", away_from="", away_until="2026-12-10", deputy=mei)["ok"]
    mine = words(new_town.get("slack/home", user="ken")["view"])
    assert "08:30" in mine
    assert say("home.habits.away", "zh", days="2026年11月23日 – 2026年12月10日", deputy="Mei Zhou") in mine
    assert say("home.habits.not_begun", "zh") not in mine
    assert say("stand_in.title", "zh", name="Ken Liu", days="2026年11月23日 – 2026年12月10日") in words(new_town.dm("mei")[-1])
    assert say("home.shipments", "zh") in mine
    before = len(new_town.dm("ken"))
    new_town.go_to("2026-12-04T00:00:00+00:00")
    assert len(new_town.dm("ken")) == before
    assert any("SO-4711" in words(one) for one in new_town.dm("mei"))


def test_a_pause_to_come_says_when_it_begins_and_a_deputy_needs_its_days(new_town: Town) -> None:
    view = new_town.post("slack/click", user="ana", view_id="home", value="mine",
                         action_id=button(new_town.home("ana"), "home_habits")["action_id"])["view"]
    mei = new_town.user("mei")["id"]
    wrong = new_town.fill("ana", view, at="09:00", lang="en", away_from="", away_until="", deputy=mei)
    assert wrong["errors"] == {"away_until": say("error.deputy_open")}
    assert new_town.fill("ana", view, at="09:00", lang="en", away_from="2026-12-14", away_until="2026-12-22", deputy=mei)["ok"]
    mine = words(new_town.get("slack/home", user="ana")["view"])
    said = say("home.habits.away", days="14 Dec 2026 – 22 Dec 2026", deputy="Mei Zhou")
    assert f"{said} {say('home.habits.not_begun')}" in mine


def test_a_calendar_address_is_given_and_stopped_at_home_which_says_so_at_once(new_town: Town) -> None:
    view = new_town.post("slack/click", user="ken", view_id="home", value="mine",
                         action_id=button(new_town.home("ken"), "calendar_new")["action_id"])["view"]
    address = next(word for word in words(view).replace("：", " ").replace("，", " ").split() if word.startswith(new_town.url))
    assert "SO-4711" in new_town.http.get(address, timeout=10).text
    new_town.post("slack/close", user="ken", view_id=view["id"])
    given = new_town.get("slack/home", user="ken")["view"]
    assert say("calendar.given", "zh") in words(given)
    new_town.post("slack/click", user="ken", view_id="home", value="mine", action_id=button(given, "calendar_stop")["action_id"])
    assert new_town.http.get(address, timeout=10).status_code == 404
    assert say("calendar.none", "zh") in words(new_town.get("slack/home", user="ken")["view"])

"""The sandbox's page against a stand-in for its server: what a person sees and does there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_backend import BOT, Company, serving
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def address(company: Company) -> Iterator[str]:
    with serving(company) as url:
        yield url


def asked(company: Company, path: str) -> list[dict[str, Any]]:
    return [body for where, body in company.asked if where == path]


def test_an_example_is_asked_with_two_clicks_and_its_answer_opens_a_filing_on_the_board(
    laptop: Page, address: str, company: Company
) -> None:
    laptop.goto(address)
    laptop.get_by_test_id("example-1").click()
    expect(laptop.get_by_test_id("composer")).to_be_focused()
    laptop.get_by_test_id("send").click()
    thread = laptop.get_by_test_id("thread")
    expect(thread).to_contain_text("In scope: file before export")
    thread.get_by_test_id("choice-open_filing").click()
    expect(laptop.get_by_test_id("board-card-EXP-31")).to_contain_text("0 of 9 done")
    message = asked(company, "slack/message")[0]
    assert (message["user"], message["channel"]) == ("U1", "C1")
    assert message["text"].startswith(f"<@{BOT}> Can we ship 40 FaceGate 300")
    click = asked(company, "slack/click")[0]
    assert click["value"] == "D-1042"
    assert click["ts"] == company.messages["C1"][-1]["ts"]


def test_a_live_change_keeps_the_focus_and_the_half_typed_text(laptop: Page, address: str, company: Company) -> None:
    laptop.goto(address)
    composer = laptop.get_by_test_id("composer")
    composer.click()
    composer.press_sequentially("half a sent")
    company.post("C1", "U4", "Something new arrives")
    expect(laptop.get_by_test_id("messages")).to_contain_text("Something new arrives")
    expect(composer).to_be_focused()
    composer.press_sequentially("ence")
    expect(composer).to_have_value("half a sentence")


def test_who_reads_further_up_stays_there_and_is_told_that_something_came(laptop: Page, address: str, company: Company) -> None:
    for number in range(30):
        company.post("C1", "U4", f"line {number}")
    laptop.goto(address)
    messages = laptop.get_by_test_id("messages")
    expect(messages.get_by_text("line 29")).to_be_in_viewport()
    messages.evaluate("area => { area.scrollTop = 50 }")
    company.post("C1", "U4", "one more")
    laptop.get_by_role("button", name="New messages").click()
    expect(messages.get_by_text("one more")).to_be_in_viewport()
    expect(laptop.get_by_role("button", name="New messages")).to_have_count(0)


def test_a_picture_that_loads_late_does_not_push_the_end_out_of_view(laptop: Page, address: str, company: Company) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>'
    laptop.route("**/slack/files/F1/plan.svg", lambda route: route.fulfill(body=picture, content_type="image/svg+xml"))
    for number in range(30):
        company.post("C1", "U4", f"line {number}")
    laptop.goto(address)
    file = {"title": "Plan", "mimetype": "image/svg+xml", "url_private": f"{address}slack/files/F1/plan.svg"}
    company.post("C1", "U4", "the plan", files=[file])
    drawn = laptop.get_by_role("img", name="Plan")
    expect(drawn).to_have_js_property("naturalWidth", 400)
    expect(drawn).to_be_in_viewport(ratio=0.95)


def test_foreign_text_is_shown_and_never_run(laptop: Page, address: str, company: Company) -> None:
    company.post("C1", "U4", "<img src=x onerror=alert(1)> <javascript:alert(2)|press me> &lt;b&gt; *bold* a_b_c ~gone~")
    laptop.goto(address)
    said = laptop.get_by_test_id("message").last
    expect(said).to_contain_text("<img src=x onerror=alert(1)>")
    expect(said).to_contain_text("<b> bold a_b_c gone")
    assert said.locator("img, a").count() == 0
    assert [said.locator(tag).inner_text() for tag in ("strong", "s")] == ["bold", "gone"]
    assert said.locator("em").count() == 0


def test_a_modal_says_what_is_wrong_beside_the_field_and_keeps_what_was_filled_in(
    laptop: Page, address: str, company: Company
) -> None:
    laptop.goto(address)
    laptop.get_by_test_id("composer").fill("/filing new")
    laptop.get_by_test_id("composer").press("Enter")
    laptop.get_by_test_id("field-product").select_option("fg300")
    laptop.get_by_test_id("field-destination").fill("Hamburg")
    laptop.get_by_test_id("modal").get_by_label("No, a person approves each time").check()
    laptop.get_by_test_id("modal-submit").click()
    expect(laptop.get_by_test_id("error-etd")).to_have_text("Give the ship date, for example 12 Dec 2026.")
    expect(laptop.get_by_test_id("field-etd")).to_be_focused()
    laptop.get_by_test_id("field-etd").fill("2026-12-12")
    laptop.get_by_test_id("modal-submit").click()
    expect(laptop.get_by_test_id("modal")).to_have_count(0)
    expect(laptop.get_by_test_id("composer")).to_be_focused()
    values = {"product": "fg300", "destination": "Hamburg", "etd": "2026-12-12", "owner": "U2", "autonomy": "no"}
    assert asked(company, "slack/submit")[-1] == {"user": "U1", "view_id": "V1", "values": values}


def test_escape_closes_a_modal_and_tells_the_server(laptop: Page, address: str, company: Company) -> None:
    laptop.goto(address)
    laptop.get_by_test_id("composer").fill("/filing new")
    laptop.get_by_test_id("send").click()
    expect(laptop.get_by_test_id("modal")).to_be_visible()
    laptop.keyboard.press("Escape")
    expect(laptop.get_by_test_id("modal")).to_have_count(0)
    assert asked(company, "slack/close") == [{"user": "U1", "view_id": "V1"}]


def test_what_must_not_happen_by_accident_is_asked_first(laptop: Page, address: str, company: Company) -> None:
    laptop.goto(address)
    laptop.get_by_test_id("channel-export-filings").click()
    laptop.get_by_test_id("choice-withdraw").click()
    laptop.get_by_test_id("confirm-no").click()
    assert asked(company, "slack/click") == []
    laptop.get_by_test_id("choice-withdraw").click()
    expect(laptop.get_by_test_id("confirm")).to_contain_text("its reminders stop")
    with laptop.expect_response("**/sandbox/slack/click"):
        laptop.get_by_test_id("confirm-yes").click()
    assert asked(company, "slack/click")[0]["value"] == "F-12"


def test_the_clock_moves_to_the_reminder_and_shows_who_got_it(laptop: Page, address: str, company: Company) -> None:
    laptop.goto(address)
    expect(laptop.get_by_test_id("clock-now")).to_have_text("Mon 28 Sep 2026 03:12 Berlin")
    laptop.get_by_test_id("clock-next").click()
    laptop.get_by_test_id("elsewhere-lin.yue").click()
    expect(laptop.get_by_test_id("user-switch")).to_have_value("U2")
    expect(laptop.get_by_test_id("clock-now")).to_have_text("Wed 30 Sep 2026 09:00 Shanghai")
    expect(laptop.get_by_test_id("clock-next")).to_be_disabled()
    with laptop.expect_response("**/sandbox/slack/click"):
        laptop.get_by_test_id("choice-done").click()
    click = asked(company, "slack/click")[0]
    assert (click["user"], click["channel"], click["value"]) == ("U2", "D2", "R-1")


def test_a_jump_means_nine_in_the_morning_where_the_person_is_and_never_backwards(
    laptop: Page, address: str, company: Company
) -> None:
    laptop.goto(address)
    laptop.get_by_test_id("clock-date").fill("2026-09-27")
    laptop.get_by_test_id("clock-date").evaluate("input => input.removeAttribute('min')")
    laptop.get_by_test_id("clock-jump").click()
    expect(laptop.get_by_test_id("notice")).to_contain_text("only moves forward")
    assert asked(company, "clock") == []
    laptop.get_by_test_id("clock-date").fill("2026-11-02")  # after the clocks went back in Berlin
    laptop.get_by_test_id("clock-jump").click()
    expect(laptop.get_by_test_id("clock-now")).to_have_text("Mon 2 Nov 2026 09:00 Berlin")
    assert asked(company, "clock") == [{"to": "2026-11-02T08:00:00.000Z"}]


def test_a_sub_task_is_ticked_off_in_its_ticket(laptop: Page, address: str, company: Company) -> None:
    laptop.goto(address)
    laptop.get_by_test_id("board-card-EXP-12").click()
    ticket = laptop.get_by_test_id("ticket")
    expect(ticket).to_contain_text("3 of 9 done")
    expect(laptop.get_by_test_id("subtask-EXP-16")).to_contain_text("late: 21 Sep")
    laptop.get_by_test_id("subtask-check-EXP-16").click()
    expect(ticket).to_contain_text("4 of 9 done")
    expect(laptop.get_by_test_id("subtask-EXP-16")).to_have_attribute("data-status", "done")
    laptop.get_by_test_id("ticket-close").click()
    expect(laptop.get_by_test_id("board-card-EXP-12")).to_be_focused()
    assert asked(company, "jira/transition") == [{"key": "EXP-16", "to": "done"}]


def test_a_refusal_is_shown_in_the_servers_words_and_the_text_is_given_back(laptop: Page, address: str, company: Company) -> None:
    laptop.goto(address)
    company.refuse = "#sales is archived; nobody can write there."
    laptop.get_by_test_id("composer").fill("Hello?")
    laptop.get_by_test_id("send").click()
    expect(laptop.get_by_test_id("notice")).to_contain_text("#sales is archived; nobody can write there.")
    expect(laptop.get_by_test_id("composer")).to_have_value("Hello?")


def test_a_command_is_answered_to_its_asker_only(laptop: Page, address: str) -> None:
    laptop.goto(address)
    laptop.get_by_test_id("composer").fill("/scope PalmVault 2 to Oslo")
    laptop.get_by_test_id("send").click()
    whisper = laptop.get_by_test_id("message").last
    expect(whisper).to_contain_text("Only visible to you")
    expect(whisper).to_contain_text("PalmVault 2 to Oslo")
    laptop.get_by_test_id("user-switch").select_option("U4")
    expect(laptop.get_by_text("Only visible to you")).to_have_count(0)


def test_the_number_of_replies_leaves_out_what_only_one_person_sees(laptop: Page, address: str, company: Company) -> None:
    start = company.post("C1", "U1", "Which ones are listed?")
    company.post("C1", BOT, "All of these.", thread=start)
    company.post("C1", BOT, "It is there for you alone.", thread=start, ephemeral_to="U1")
    lonely = company.post("C1", "U1", "And this one?")
    company.post("C1", BOT, "That too is for you alone.", thread=lonely, ephemeral_to="U1")
    laptop.goto(address)
    counted = laptop.get_by_test_id("message").filter(has_text="Which ones are listed?").get_by_test_id("open-thread")
    expect(counted).to_contain_text("1 reply")
    expect(laptop.get_by_test_id("message").filter(has_text="And this one?").get_by_test_id("open-thread")).to_have_count(0)
    counted.click()
    expect(laptop.get_by_test_id("thread")).to_contain_text("for you alone")


def test_a_link_to_a_ticket_or_a_thread_of_the_sandbox_opens_on_the_page(laptop: Page, address: str, company: Company) -> None:
    start = next(one["thread_ts"] for one in company.messages["C1"] if "thread_ts" in one)
    thread = f"http://localhost/archives/C1/p{start.replace('.', '')}"
    company.post("D1", BOT, f"<http://localhost/jira/browse/EXP-12|EXP-12> came from <{thread}|this thread>")
    laptop.goto(address)
    laptop.get_by_test_id("dm-bot").click()
    laptop.get_by_role("link", name="EXP-12").click()
    expect(laptop.get_by_test_id("ticket")).to_have_attribute("data-key", "EXP-12")
    laptop.get_by_role("link", name="this thread").click()
    expect(laptop.get_by_test_id("thread")).to_contain_text("museum in Riyadh")
    assert len(laptop.context.pages) == 1


@pytest.mark.parametrize("width", [1366, 1341, 1339, 1280, 1024, 905])
def test_no_laptop_is_too_narrow_for_the_bar(laptop: Page, address: str, width: int) -> None:
    laptop.set_viewport_size({"width": width, "height": 800})
    laptop.goto(address)
    expect(laptop.get_by_test_id("composer")).to_be_visible()
    assert laptop.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_what_to_try_takes_a_small_part_of_the_room(phone: Page, address: str) -> None:
    phone.goto(address)
    expect(phone.get_by_test_id("example-1")).to_be_visible()
    card, close, chips = (phone.locator(one).bounding_box() for one in (".welcome", ".welcome-close", ".welcome .chips"))
    assert card
    assert close
    assert chips
    assert card["height"] < 844 / 10
    assert chips["x"] + chips["width"] <= close["x"], "the examples would lie under the button that hides them"


def test_a_phone_shows_one_pane_at_a_time_and_nothing_runs_off_its_side(phone: Page, address: str) -> None:
    phone.goto(address)
    expect(phone.get_by_test_id("composer")).to_be_visible()
    for pane, sign in (("board", "board-card-EXP-12"), ("clock", "clock-next"), ("chat", "composer")):
        phone.get_by_test_id(f"tab-{pane}").click()
        expect(phone.get_by_test_id(sign)).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
    expect(phone.get_by_test_id("board-card-EXP-12")).to_be_hidden()
    phone.get_by_test_id("open-menu").click()
    phone.get_by_test_id("home").click()
    expect(phone.get_by_test_id("home-view")).to_contain_text("3 late")

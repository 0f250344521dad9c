"""The whole story on the page, with the real bot behind it: ask, answer, file, be reminded, publish a list, be recalled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.houses import house
from tests.end_to_end.town import Town, say, words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

MORNINGS = 6
MARKETS = "\n".join(["DE", "BR", "FR", "IT", "ES", "PL", "NL", "BE", "AT", "SE", "NO", "FI", "DK", "IE", "PT"])


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with house(tmp_path) as (there, _server):
        yield there


def seen(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look at it (FILINGDESK_PICTURES names a folder)."""
    folder = os.environ.get("FILINGDESK_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def act_as(page: Page, town: Town, name: str) -> None:
    page.get_by_test_id("user-switch").select_option(town.user(name)["id"])


def ask(page: Page, text: str) -> Locator:
    """Write into the channel that is open; the thread that opens by itself."""
    close = page.get_by_test_id("thread-close")
    if close.count():
        close.click()
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()
    return page.get_by_test_id("thread")


def until_somebody_hears(page: Page, name: str) -> None:
    """Press "Next reminder" until there is something new for this person; others may be reminded before."""
    for _ in range(MORNINGS):
        page.get_by_test_id("clock-next").click()
        expect(page.get_by_test_id("notice-deed")).not_to_have_count(0)
        if page.get_by_test_id(f"elsewhere-{name}").count():
            return
    raise AssertionError(f"{name} heard nothing on {MORNINGS} mornings")


def until_it_is_told(town: Town, name: str, what: str) -> None:
    """On to the reminder of a task; what else this person is reminded of may come before."""
    for _ in range(MORNINGS):
        if any(what in words(one) for one in town.dm(name)):
            return
        town.go_to("next")
    raise AssertionError(f"{name} heard nothing of {what} on {MORNINGS} mornings")


def test_the_whole_story_is_lived_on_the_page(laptop: Page, town: Town) -> None:
    page = laptop
    page.set_default_timeout(40_000)
    expect.set_options(timeout=40_000)
    page.goto(town.url)
    seen(page, "01-first-screen")
    act_as(page, town, "tom")

    page.get_by_test_id("example-1").click()
    page.get_by_test_id("send").click()
    thread = page.get_by_test_id("thread")
    expect(thread).to_contain_text(say("verdict.in_scope"))
    seen(page, "02-answer")

    thread = ask(page, "@Filing Desk do we need a filing for a 3D face terminal going to Brazil?")
    expect(thread).to_contain_text(say("verdict.needs_review"))
    seen(page, "03-one-question")
    thread.get_by_test_id("choice-scope_fact:0").click()
    expect(thread).to_contain_text(say("verdict.in_scope"))
    expect(thread).not_to_contain_text(say("verdict.needs_review"))

    thread.locator("[data-testid^='choice-open_filing']").click()
    expect(page.get_by_test_id("modal")).to_be_visible()
    page.get_by_test_id("field-etd").fill("2027-08-16")
    page.get_by_test_id("field-customer").fill("Minas Safety")
    seen(page, "04-form")
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    expect(thread).to_contain_text("EXP-1")
    seen(page, "05-filing")

    page.get_by_test_id("board-card-EXP-1").click()
    ticket = page.get_by_test_id("ticket")
    expect(ticket).to_contain_text("0 of 27 done")
    expect(ticket.locator("[data-testid^='subtask-EXP-']")).to_have_count(27)
    seen(page, "06-ticket")
    page.get_by_test_id("ticket-close").click()

    until_somebody_hears(page, "li")
    seen(page, "07-clock")
    act_as(page, town, "li")
    page.get_by_test_id("dm-bot").click()
    until_it_is_told(town, "li", "N14")
    reminder = page.get_by_test_id("message").filter(has_text="N14").last
    done = reminder.locator("[data-testid^='choice-reminder_done']").first
    expect(done).to_be_visible()
    seen(page, "08-reminder")
    done.click()
    expect(page.get_by_test_id("messages")).to_contain_text(say("reminder.state.done", "zh"))
    expect(page.get_by_test_id("board-card-EXP-1")).to_contain_text("1 of 27 done")
    seen(page, "09-done")
    page.get_by_test_id("clock-day").click()

    page.get_by_test_id("channel-compliance").click()
    page.get_by_test_id("composer").fill("/lists update")
    page.get_by_test_id("send").click()
    page.get_by_test_id("field-url").fill("https://example.com/list")
    page.get_by_test_id("field-markets").fill(MARKETS)
    seen(page, "10-list-form")
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    page.get_by_test_id("dm-bot").click()
    seen(page, "11-dry-run")
    page.locator("[data-testid^='choice-ask_publish']").click()
    expect(page.locator("[data-testid^='choice-ask_publish']")).to_have_count(0)
    act_as(page, town, "ana")
    page.get_by_test_id("dm-bot").click()
    page.locator("[data-testid^='choice-publish_list']").click()
    page.get_by_test_id("confirm-yes").click()
    expect(page.locator("[data-testid^='choice-publish_list']")).to_have_count(0)
    seen(page, "12-published")

    act_as(page, town, "tom")
    page.get_by_test_id("channel-sales").click()
    page.get_by_test_id("open-thread").last.click()
    expect(page.get_by_test_id("thread")).to_contain_text(say("recall.title", n=1, id="").strip())
    seen(page, "13-recalled")
    page.get_by_test_id("home").click()
    expect(page.get_by_test_id("home-view")).to_contain_text("F-1")
    seen(page, "14-home")


def test_the_first_minutes_work_on_a_phone(phone: Page, town: Town) -> None:
    page = phone
    page.set_default_timeout(40_000)
    expect.set_options(timeout=40_000)
    page.goto(town.url)
    seen(page, "20-phone-first")
    page.get_by_test_id("example-1").click()
    page.get_by_test_id("send").click()
    thread = page.get_by_test_id("thread")
    expect(thread).to_contain_text("FaceGate 300")
    expect(thread.locator("[data-testid^='choice-open_filing']")).to_be_visible()
    seen(page, "21-phone-answer")
    thread.locator("[data-testid^='choice-open_filing']").click()
    page.get_by_test_id("field-etd").fill("2027-08-16")
    seen(page, "22-phone-form")
    page.get_by_test_id("modal-submit").click()
    expect(thread).to_contain_text("EXP-1")
    seen(page, "23-phone-filing")
    page.get_by_test_id("tab-board").click()
    page.get_by_test_id("board-card-EXP-1").click()
    expect(page.get_by_test_id("ticket")).to_contain_text("0 of 27 done")
    seen(page, "24-phone-ticket")
    assert page.evaluate("document.documentElement.scrollWidth") == 390

"""A ticket is read by many: whatever is written there is in the desk's language; the filing's thread is in its opener's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.people import Colleague
from bot.domain.rows import to_row
from bot.flows.change_task import TaskChange, change_task
from bot.flows.comment_on_ticket import Remark, comment_on_ticket
from bot.flows.move_etd import move_etd
from bot.flows.release_filing import release_filing
from bot.replies.filings import filing_title
from tests.fakes.desk import ANA, BO, MIA, Day, settle_in
from tests.fakes.fake_chat import words_of

HUI = Colleague("U8", "Hui", "hui@example.com", "Asia/Shanghai", "zh", "HEAD")
OTHER = {"en": "zh", "zh": "en"}


@pytest.fixture(params=[("en", BO), ("zh", ANA)], ids=["a desk in English", "a desk in Chinese"])
def day(request: pytest.FixtureRequest) -> Iterator[Day]:
    """A filing opened by somebody of the other language, with its ticket; the link of its thread on it."""
    lang, by = request.param
    day = Day(tasks=("N1", "N2"), lang=lang)
    settle_in(day.desk, [HUI])
    day.open(by=by, owner=by.id)
    assert day.filing().lang == OTHER[lang]
    day.work()
    yield day


def on_ticket(day: Day) -> list[str]:
    """What was commented on the filing's ticket and its tasks'."""
    return [one.text for kept in day.tracker.tickets.values() for one in kept.comments]


def test_title_description_and_tasks_are_in_the_desks_language_and_the_thread_is_not(day: Day) -> None:
    lang, filing = day.desk.lang, day.filing()
    drafts = {kept.draft.label: kept.draft for kept in day.tracker.tickets.values()}
    ticket, task = drafts[filing.label], drafts[day.task("N1").label]
    assert ticket.summary == filing_title(day.desk.words, replace(filing, lang=lang))
    assert day.desk.words.say(lang, "caveat.assumed") in ticket.description
    assert day.desk.words.say(OTHER[lang], "caveat.assumed") not in ticket.description
    assert day.desk.checklist.item("N1").text.said(lang) in task.summary
    shown = words_of(day.chat.named("filing:F-1")[0].reply)
    assert filing_title(day.desk.words, replace(filing, lang=OTHER[lang])) in shown


def test_a_moved_etd_changes_the_title_in_the_same_language(day: Day) -> None:
    move_etd(day.desk, "F-1", date(2027, 1, 15), BO, day.now)
    day.work()
    told = day.tracker.get(day.filing().ticket).summary
    assert told == filing_title(day.desk.words, replace(day.filing(), lang=day.desk.lang))


def test_comments_and_evidence_are_told_there_in_the_desks_language(day: Day) -> None:
    words, lang = day.desk.words, day.desk.lang
    filing = day.filing()
    comment_on_ticket(day.desk, Remark("k1", filing.channel, filing.thread, "see the sample", "Mia", filing="F-1"), MIA, day.now)
    change_task(day.desk, "F-1.N1", TaskChange("k2", done=True, evidence="folder 7", comment="ready"), BO, day.now)
    day.work()
    said = on_ticket(day)
    assert words.say(lang, "ticket.said_in_slack", name="Mia", text="see the sample") in said
    assert words.say(lang, "ticket.said_in_slack", name="Bo", text="ready") in said
    assert words.say(lang, "ticket.evidence_of", item="N1", evidence="folder 7") in said


def test_a_release_is_told_there_in_the_desks_language_and_in_the_thread_in_its_own(day: Day) -> None:
    with day.store.transaction() as tx:
        for task in day.tasks():
            tx.put("tasks", to_row(replace(task, done=True, done_by=ANA.id, evidence="https://example.com/x")))
    day.desk = replace(day.desk, checklist=replace(day.desk.checklist, items=tuple(
        replace(item, sign_off="" if not item.hold else item.sign_off) for item in day.desk.checklist.items)))
    release_filing(day.desk, "F-1", "all in place", HUI, day.now)
    day.work()
    words, lang, filing = day.desk.words, day.desk.lang, day.filing()
    there = words.say(lang, "release.released", title=filing_title(words, replace(filing, lang=lang)), name="Hui")
    here = words.say(OTHER[lang], "release.released", title=filing_title(words, filing), name="Hui")
    assert any(there.replace("*", "") in one for one in on_ticket(day))
    assert here in words_of(day.chat.named("released:F-1:")[0].reply)

"""Somebody asks for the timeline: it is drawn in their language and handed over where they asked, or they hear why not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.desk.records import keep
from bot.errors import Gone, NotFound, OutcomeUnknown, Refused, ServiceError, TryLater
from bot.flows.share_timeline import share_timeline
from tests.fakes.desk import ANA, BO, Day
from tests.fakes.fake_painter import FakePainter


@pytest.fixture
def day() -> Day:
    day = Day()
    day.open(etd=date(2027, 8, 16))
    return day


def share(day: Day, painter: FakePainter, by=ANA, place=("C1", "1.000001")) -> None:
    share_timeline(day.desk, day.chat, painter, "f-1", place, by, day.now)


def test_the_picture_is_posted_where_it_was_asked_for_with_words_beside_it(day: Day) -> None:
    with day.store.transaction() as tx:
        keep(tx, "tasks", replace(day.task("N1"), due=date(2026, 6, 1)))
        keep(tx, "tasks", replace(day.task("N2"), done=True))
    painter = FakePainter()
    share(day, painter)
    (file,) = day.chat.shared
    assert (file.channel, file.thread, file.name) == ("C1", "1.000001", "F-1-timeline-2026-06-15.png")
    assert f"1 of {len(day.tasks())} tasks done · 1 late" in file.said  # as the filing's message counts
    assert "A11" in file.said  # has no date, so the picture has one row less
    assert "A11" in painter.drawn[0].note
    assert "N1 (1 Jun 2026)" in file.said
    assert "not officially verified" in file.said
    (picture,) = painter.drawn
    assert {row.id: row.state for row in picture.rows if row.id in ("N1", "N2", "N3")} == {
        "N1": "late", "N2": "done", "N3": "open"}
    assert picture.etd[0] == date(2027, 8, 16)


def test_the_submission_stands_there_by_all_three_bands_in_their_order(day: Day) -> None:
    painter = FakePainter()
    share(day, painter)
    band = painter.drawn[0].rows[0]
    assert [name for _, name in sorted(band.marks)] == ["pessimistic", "default", "optimistic"]
    assert (band.start, band.end) == (min(band.marks)[0], max(band.marks)[0])


@pytest.mark.parametrize(("languages", "drawn_in"), [(("en", "zh"), "zh"), (("en",), "en")])
def test_a_machine_without_chinese_letters_draws_in_english_and_still_speaks_chinese(day: Day, languages, drawn_in) -> None:
    painter = FakePainter(languages)
    share(day, painter, BO)
    chinese = re.compile("[一-鿿]")
    labels = "".join(row.label for row in painter.drawn[0].rows)
    assert bool(chinese.search(labels)) == (drawn_in == "zh")
    assert chinese.search(day.chat.shared[0].said)


@pytest.mark.parametrize("error", [Refused("not in the channel"), Gone("archived")])
def test_where_the_bot_may_not_write_the_person_gets_it_directly(day: Day, error: ServiceError) -> None:
    day.chat.close_channel("C1", error)
    share(day, FakePainter())
    assert [(file.channel, file.thread) for file in day.chat.shared] == [(ANA.id, "")]


@pytest.mark.parametrize(("error", "key"), [(TryLater(), "file.later"), (OutcomeUnknown(), "file.unknown")])
def test_when_it_cannot_be_handed_over_the_person_hears_what_to_do(day: Day, error: ServiceError, key: str) -> None:
    day.chat.fail_next(error, on="share")
    with pytest.raises(type(error)) as caught:
        share(day, FakePainter(), BO)
    assert day.phrase(key, "zh") in str(caught.value)


def test_a_filing_nobody_knows_is_said(day: Day) -> None:
    with pytest.raises(NotFound, match="F-9"):
        share_timeline(day.desk, day.chat, FakePainter(), "F-9", ("C1", ""), ANA, day.now)

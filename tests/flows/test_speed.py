"""Fast enough, by margins a busy machine does not reach; `make bench` measures, these notice when something is off by far."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import pytest

from bot.adapters.storage import open_store
from bot.datafiles.rule_grid import cells
from bot.domain.deciding import decide, judge
from bot.domain.planning import Kind, earliest_etds
from bot.domain.reading import read
from bot.flows.answer_question import Question, answer_question
from tests.fakes.desk import ANA, RULESET, make_desk
from tests.fakes.fake_chat import START

pytestmark = pytest.mark.slow  # counting lines for coverage would be timed as well

DAY = date(2026, 11, 23)
TEXTS = (
    "Can we ship 40 FaceGate 300 with auto-unlock to Hamburg, leaving 18 Dec?",
    "iris lock, the guard approves each opening, 3 pcs to Finland",
    "两台掌钥V2发往越南，需要备案吗？",
    "Smart PAPR for Brazil, AI-powered, ETD 12 January. Filing needed?",
)


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, in this thread: what else a machine is at does not count."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def test_a_fifth_of_a_quarter_million_explained_decisions_take_less_than_a_second() -> None:
    rules = make_desk().rulesets[RULESET]
    grid = list(cells(rules.facts, partial=True))
    rounds = 50_000 // len(grid)
    assert seconds(lambda: [decide(rules, cell, DAY) for cell in grid * rounds]) < 1


def test_the_same_facts_on_the_same_day_are_decided_once() -> None:
    rules = make_desk().rulesets[RULESET]
    first = [decide(rules, cell, DAY) for cell in cells(rules.facts, partial=True)]
    assert all(decide(rules, dict(one.facts), DAY) is decide(rules, dict(one.facts), DAY) for one in first)
    assert [judge(rules, DAY).fresh(dict(one.facts)) for one in first] == first


def test_from_question_to_stored_answer_takes_less_than_twenty_five_milliseconds(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    desk = make_desk(store)
    taken = [seconds(lambda n=number: answer_question(desk, Question(f"C1:{n}", TEXTS[n % 4], "C1", str(n)), ANA, START))
             for number in range(40)]
    assert len(list(store.every("determinations"))) == 40
    store.close()
    assert median(taken) < 0.025


def test_the_calendar_is_asked_once_a_day_for_the_earliest_etd_of_a_family() -> None:
    class Counting:
        asked = 0

        def is_working_day(self, day: date) -> bool:
            self.asked += 1
            return day.weekday() < 5

    calendar, checklist = Counting(), make_desk().checklist
    earliest_etds(checklist, Kind("iris_lock"), DAY, calendar)
    asked = calendar.asked
    assert 0 < asked < 10_000
    earliest_etds(checklist, Kind("iris_lock"), DAY, calendar)
    assert calendar.asked == asked


@pytest.mark.parametrize("words", [" ".join(TEXTS), "开", "静脉锁", "not approve open ", "… "])
def test_ten_thousand_characters_are_read_within_two_seconds(words: str) -> None:
    assert seconds(lambda: read((words * 10_000)[:10_000], DAY, make_desk().lexicon)) < 2

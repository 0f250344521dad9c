"""Labels that never collide, bars that never lie, and the task that is next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.filing import FilingTask, bar, installation_label, label_of, next_task, progress

TASK = FilingTask("F-1.N1", "F-1", "N1", "Review", date(2026, 8, 1), "PM", "U1", "l")
DESKS = st.text("0123456789abcdef", min_size=6, max_size=6)


@given(desk=DESKS, other=DESKS, number=st.integers(1, 99_999), another=st.integers(1, 99_999))
def test_labels_of_two_filings_or_two_installations_are_never_alike(desk: str, other: str, number: int, another: int) -> None:
    same = (desk, number) == (other, another)
    assert (label_of(desk, f"f-{number}") == label_of(other, f"f-{another}")) == same
    assert label_of(desk, f"f-{number}") != label_of(other, f"F-{another}-N1")


@given(desk=DESKS, number=st.integers(1, 99_999))
def test_every_label_carries_the_installations_own(desk: str, number: int) -> None:
    assert installation_label(label_of(desk, f"F-{number}-A1")) == installation_label(label_of(desk, "")) == f"fd-{desk}"


def test_a_label_has_nothing_a_tracker_would_refuse() -> None:
    assert label_of("1a2b", "F-1-N1.2 b") == "fd-1a2b-f-1-n1-2-b"


@given(done=st.integers(0, 40), more=st.integers(0, 40))
def test_a_bar_is_ten_long_and_full_only_at_the_end(done: int, more: int) -> None:
    drawn = bar(done, done + more)
    assert len(drawn) == 10
    assert ("░" not in drawn) == (more == 0 and done > 0)
    assert ("█" not in drawn) == (done == 0)


def test_the_next_task_is_the_open_one_due_first() -> None:
    tasks = [replace(TASK, id="a", due=date(2026, 9, 1)), replace(TASK, id="b", due=date(2026, 7, 1), done=True),
             replace(TASK, id="c", due=None), replace(TASK, id="d")]
    assert next_task(tasks) == tasks[3]
    assert next_task([tasks[1], tasks[2]]) is None
    assert progress(tasks) == (1, 4)

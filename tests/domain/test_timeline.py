"""A filing laid out in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.filing import Filing, FilingTask
from bot.domain.standing import Standing
from bot.domain.timeline import Timeline, timeline

TODAY = date(2026, 12, 1)
BANDS = (date(2027, 1, 20), date(2026, 12, 10), date(2026, 10, 1))
FILING = Filing(id="F-1", label="", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",),
                etd=date(2027, 3, 5), zone="Asia/Shanghai", customer="", owner="U1", opened_by="U1",
                opened_at=datetime(2026, 11, 1, tzinfo=UTC), origin="form:1", state="open")


def task(item: str, due: date | None, done: bool = False) -> FilingTask:
    return FilingTask(f"F-1.{item}", "F-1", item, item, due, "PM", "U1", "", done=done)


def laid_out(*tasks: FilingTask, after: dict[str, tuple[str, ...]] | None = None, **changes: object) -> Timeline:
    return timeline(Standing(replace(FILING, **changes), tasks, TODAY), BANDS, after or {})  # type: ignore[arg-type]


def test_a_task_begins_when_what_it_waits_for_is_due_else_when_the_filing_was_opened() -> None:
    plan = laid_out(task("N1", date(2026, 11, 20)), task("N2", date(2026, 12, 20)), after={"N2": ("N1", "X9")})
    assert [(step.task.item, step.start, step.end) for step in plan.steps] == [
        ("N1", date(2026, 11, 1), date(2026, 11, 20)), ("N2", date(2026, 11, 20), date(2026, 12, 20))]


def test_what_is_done_is_never_late_and_today_is_not_late_yet() -> None:
    plan = laid_out(task("N1", date(2026, 11, 20), done=True), task("N2", date(2026, 11, 30)), task("N3", TODAY))
    assert [step.state for step in plan.steps] == ["done", "late", "open"]


def test_tasks_that_wait_for_an_event_are_counted_instead() -> None:
    plan = laid_out(task("A11", None), task("N12", date(2027, 2, 1)))
    assert (len(plan.undated), len(plan.steps), plan.completion) == (1, 1, date(2027, 2, 1))


def test_the_earliest_etds_are_shown_only_where_the_plan_does_not_fit() -> None:
    earliest = (date(2027, 3, 1), date(2027, 4, 1), date(2027, 6, 1))
    assert laid_out(earliest=earliest).earliest == ()
    assert laid_out(earliest=earliest, days_short=27).earliest == earliest


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2028, 1, 1)) | st.none(), st.booleans()), max_size=8),
       st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_everything_lies_within_the_span_and_no_bar_runs_backwards(tasks: list[tuple[date | None, bool]], etd: date) -> None:
    items = [task(f"N{number}", due, done) for number, (due, done) in enumerate(tasks)]
    plan = laid_out(*items, after={f"N{n}": (f"N{n - 1}",) for n in range(1, 8)}, etd=etd)
    first, last = plan.span
    days = [etd, TODAY, *BANDS, *(day for step in plan.steps for day in (step.start, step.end))]
    assert first < min(days)
    assert last > max(days)
    assert all(step.start <= step.end for step in plan.steps)
    assert [step.end for step in plan.steps] == sorted(step.end for step in plan.steps)

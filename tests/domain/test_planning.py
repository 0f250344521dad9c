"""Plans run backwards from the ETD over working days; the band is honest, and the earliest date really fits."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.holiday_calendar import HolidayCalendar
from bot.domain.checklist import ChecklistItem
from bot.domain.planning import (
    BANDS,
    Kind,
    critical_path,
    due_by_event,
    due_dates,
    in_order,
    next_round,
    next_time,
    plan_filing,
    submission_for,
)
from bot.domain.wording import Wording
from tests.fakes.desk import make_desk

CN = HolidayCalendar("CN")
CHECKLIST = make_desk().checklist
TODAY = date(2026, 6, 15)
FAMILIES = st.sampled_from(["face_3d_terminal", "iris_lock", "vein_lock", "intelligent_respirator", "gas_mask", "unknown"])


@settings(deadline=None, max_examples=60)
@given(etd=st.dates(date(2026, 6, 15), date(2028, 6, 30)), family=FAMILIES)
def test_every_due_date_is_a_working_day(etd: date, family: str) -> None:
    plan = plan_filing(CHECKLIST, Kind(family), etd, TODAY, CN)
    assert all(CN.is_working_day(task.due) for task in plan.tasks if task.due)
    assert CN.is_working_day(plan.submission)
    assert plan.submission < etd


@settings(deadline=None, max_examples=60)
@given(etd=st.dates(date(2026, 6, 15), date(2028, 6, 30)), later=st.integers(1, 60))
def test_a_later_etd_never_makes_anything_due_earlier(etd: date, later: int) -> None:
    before = plan_filing(CHECKLIST, Kind("iris_lock"), etd, TODAY, CN)
    after = plan_filing(CHECKLIST, Kind("iris_lock"), etd + timedelta(days=later), TODAY, CN)
    assert all(one.due <= two.due for one, two in zip(before.tasks, after.tasks, strict=True) if one.due and two.due)


@settings(deadline=None, max_examples=30)
@given(today=st.dates(date(2026, 1, 1), date(2027, 12, 31)), family=FAMILIES)
def test_the_earliest_etd_fits_and_the_day_before_it_does_not(today: date, family: str) -> None:
    earliest = plan_filing(CHECKLIST, Kind(family), today + timedelta(days=30), today, CN).earliest
    fits = plan_filing(CHECKLIST, Kind(family), earliest[1], today, CN)
    assert fits.days_short == 0
    assert min(task.due for task in fits.tasks if task.due and task.item.days_before is not None) >= today
    assert plan_filing(CHECKLIST, Kind(family), earliest[1] - timedelta(days=1), today, CN).days_short == 1


@settings(deadline=None, max_examples=30)
@given(today=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_band_runs_from_optimistic_to_pessimistic(today: date) -> None:
    early, middle, late = plan_filing(CHECKLIST, Kind("gas_mask"), today, today, CN).earliest
    assert today < early < middle < late


def test_what_is_short_is_said_in_days_and_never_less_than_none() -> None:
    short = plan_filing(CHECKLIST, Kind("iris_lock"), TODAY, TODAY, CN)
    assert short.etd + timedelta(days=short.days_short) == short.earliest[1]
    assert plan_filing(CHECKLIST, Kind("iris_lock"), date(2028, 1, 10), TODAY, CN).days_short == 0


@pytest.mark.parametrize("band", BANDS)
def test_the_submission_leaves_the_authority_its_working_days(band: str) -> None:
    etd = date(2027, 3, 31)
    submission = submission_for(CHECKLIST, band, etd, CN)
    asked = CHECKLIST.bands[band].review_working_days + CHECKLIST.bands[band].question_working_days
    done_by = etd - timedelta(days=CHECKLIST.item("N12").days_before or 0)
    between = (submission + timedelta(days=ahead) for ahead in range(1, (done_by - submission).days + 1))
    assert sum(CN.is_working_day(day) for day in between) >= asked


def test_national_holidays_come_on_top() -> None:
    over_holidays = date(2026, 10, 30) - submission_for(CHECKLIST, "optimistic", date(2026, 10, 30), CN)
    without = date(2026, 8, 28) - submission_for(CHECKLIST, "optimistic", date(2026, 8, 28), CN)
    assert over_holidays > without


def test_tasks_that_wait_for_an_event_have_no_date() -> None:
    plan = plan_filing(CHECKLIST, Kind("iris_lock"), date(2027, 3, 31), TODAY, CN)
    undated = [task for task in plan.tasks if task.item.days_before is None]
    assert undated
    assert all((task.due is not None) == bool(task.item.recurring_days) for task in undated)
    assert all(task.due for task in plan.tasks if task.item.days_before is not None)


# ── dependencies and the critical path ─────────────────────────────────────────────────────────────

PATH = ("A1", "N1", "N2", "N3", "N4", "N9", "N10", "A6", "N11", "A7", "N12", "A9", "N13")


@st.composite
def checklists(draw: st.DrawFn) -> list[ChecklistItem]:
    """Tasks in any number that wait for any earlier ones, with any dates or none, in any order."""
    items = []
    for number in range(draw(st.integers(1, 14))):
        after = draw(st.lists(st.sampled_from([f"T{n}" for n in range(number)]), unique=True, max_size=4)) if number else []
        days = draw(st.none() | st.integers(-10, 120))
        anchor = draw(st.sampled_from(["etd", "submission"]))
        items.append(ChecklistItem(f"T{number}", Wording("t", "t"), ("PM",), tuple(after), days, anchor))
    return list(draw(st.permutations(items)))


@settings(deadline=None, max_examples=150)
@given(items=checklists(), etd=st.dates(date(2026, 6, 15), date(2028, 6, 30)))
def test_no_task_is_due_after_one_that_waits_for_it_whatever_the_checklist_says(items: list[ChecklistItem], etd: date) -> None:
    dues = due_dates(items, etd, etd - timedelta(days=92), TODAY, CN)
    known = {item.id: item for item in items}

    def waits_for(name: str) -> set[str]:
        return {one for before in known[name].after for one in {before} | waits_for(before)}

    for item in items:
        due = dues[item.id]
        assert (due is None) == (item.days_before is None)
        assert all(dues[before] is None or due is None or dues[before] <= due for before in waits_for(item.id))  # type: ignore[operator]
        assert due is None or CN.is_working_day(due)


@settings(deadline=None, max_examples=150)
@given(items=checklists(), etd=st.dates(date(2026, 6, 15), date(2028, 6, 30)))
def test_the_critical_path_is_a_path_of_the_checklist_that_ends_last(items: list[ChecklistItem], etd: date) -> None:
    dues = {name: due for name, due in due_dates(items, etd, etd - timedelta(days=92), TODAY, CN).items() if due}
    after = {item.id: item.after for item in items}
    path = critical_path(after, dues, etd)
    for before, following in pairwise(path):
        assert before in after[following]
        assert dues[before] == max(dues[one] for one in after[following] if one in dues)
    in_time = [due for due in dues.values() if due <= etd]
    assert bool(path) == bool(in_time)
    if path:
        assert dues[path[-1]] == max(in_time)
        assert not [one for one in after[path[0]] if one in dues]


@settings(deadline=None, max_examples=50)
@given(items=checklists())
def test_in_order_names_every_task_once_and_after_what_it_waits_for(items: list[ChecklistItem]) -> None:
    ordered = [item.id for item in in_order(items)]
    assert sorted(ordered) == sorted(item.id for item in items)
    assert all(ordered.index(before) < ordered.index(item.id) for item in items for before in item.after)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("etd", [date(2027, 3, 31), date(2027, 8, 16), date(2026, 10, 12)])
def test_the_critical_path_is_the_one_of_the_domain_notes_at_every_pace(band: str, etd: date) -> None:
    assert plan_filing(CHECKLIST, Kind("face_3d_terminal", ("DE",)), etd, TODAY, CN, band=band).path == PATH


IDS = st.sampled_from([item.id for item in CHECKLIST.items])

# ── bands, what is done, events and rounds ─────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=40)
@given(etd=st.dates(date(2026, 6, 15), date(2028, 6, 30)), family=FAMILIES)
def test_a_slower_pace_never_makes_anything_due_later_and_shows_all_three_submissions(etd: date, family: str) -> None:
    fast, usual, slow = (plan_filing(CHECKLIST, Kind(family), etd, TODAY, CN, band=band) for band in BANDS)
    assert fast.submissions == usual.submissions == slow.submissions
    assert (fast.submission, usual.submission, slow.submission) == fast.submissions
    assert slow.submission < usual.submission < fast.submission
    for quick, middle, late in zip(fast.tasks, usual.tasks, slow.tasks, strict=True):
        if quick.due and middle.due and late.due:
            assert late.due <= middle.due <= quick.due
    assert fast.days_short <= usual.days_short <= slow.days_short


@settings(deadline=None, max_examples=40)
@given(done=st.sets(IDS), more=IDS)
def test_what_is_done_takes_no_more_time(done: set[str], more: str) -> None:
    etd = TODAY + timedelta(days=60)
    some = plan_filing(CHECKLIST, Kind("iris_lock"), etd, TODAY, CN, done=done)
    rest = plan_filing(CHECKLIST, Kind("iris_lock"), etd, TODAY, CN, done=done | {more})
    assert rest.days_short <= some.days_short
    assert [task.due for task in rest.tasks] == [task.due for task in some.tasks]


PREPARED = frozenset(item.id for item in CHECKLIST.items if item.relative_to == "submission" and item.id != "A8")


@settings(deadline=None, max_examples=40)
@given(ago=st.integers(0, 120), band=st.integers(0, 2))
def test_once_submitted_the_authority_takes_its_days_from_then_on_until_it_has_completed(ago: int, band: int) -> None:
    submitted = TODAY - timedelta(days=ago)
    waiting = plan_filing(CHECKLIST, Kind("iris_lock"), TODAY, TODAY, CN, done=PREPARED, submitted=submitted)
    earliest = waiting.earliest[band]
    assert submission_for(CHECKLIST, BANDS[band], earliest, CN) >= submitted
    before = earliest - timedelta(days=1)
    without = plan_filing(CHECKLIST, Kind("iris_lock"), TODAY, TODAY, CN, done=PREPARED).earliest[band]
    assert earliest == without or submission_for(CHECKLIST, BANDS[band], before, CN) < submitted
    over = plan_filing(CHECKLIST, Kind("iris_lock"), TODAY, TODAY, CN, done=PREPARED | {"N12"}, submitted=submitted)
    assert over.earliest == plan_filing(CHECKLIST, Kind("iris_lock"), TODAY, TODAY, CN, done=PREPARED | {"N12"}).earliest


def test_when_all_is_done_every_etd_fits() -> None:
    everything = [item.id for item in CHECKLIST.items]
    plan = plan_filing(CHECKLIST, Kind("iris_lock"), TODAY, TODAY, CN, done=everything)
    assert (plan.days_short, set(plan.earliest)) == (0, {TODAY})


def test_a_change_on_a_friday_is_due_two_working_days_later() -> None:
    assert due_by_event(CHECKLIST.item("A11"), date(2026, 6, 12), CN) == date(2026, 6, 16)


@given(due=st.dates(date(2026, 1, 1), date(2027, 12, 31)), later=st.integers(0, 200))
def test_a_recurring_task_comes_again_within_a_round_and_never_behind_us(due: date, later: int) -> None:
    today, item = due + timedelta(days=later), CHECKLIST.item("N14")
    again = next_round(item, due, today, CN)
    assert CN.is_working_day(again)
    assert again <= today + timedelta(days=item.recurring_days)
    assert again > due or not CN.is_working_day(due)


def test_the_second_go_or_no_go_meeting_comes_after_the_first_and_then_none() -> None:
    meeting, etd = CHECKLIST.item("A13"), date(2027, 8, 16)
    first = earlier(etd - timedelta(days=30))
    second = next_time(meeting, first, etd, first + timedelta(days=1), CN)
    assert second == earlier(etd - timedelta(days=14))
    assert second
    assert next_time(meeting, second, etd, second + timedelta(days=1), CN) is None
    assert next_time(meeting, first, etd, etd, CN) is None  # too late for it
    assert next_time(CHECKLIST.item("N9"), first, etd, first, CN) is None


def earlier(day: date) -> date:
    return next(day - timedelta(days=back) for back in range(31) if CN.is_working_day(day - timedelta(days=back)))

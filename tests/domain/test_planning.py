"""Plans run backwards from the ETD over working days; the band is honest, and the earliest date really fits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.holiday_calendar import HolidayCalendar
from bot.domain.planning import BANDS, plan_filing, submission_for
from tests.fakes.desk import make_desk

CN = HolidayCalendar("CN")
CHECKLIST = make_desk().checklist
TODAY = date(2026, 6, 15)
FAMILIES = st.sampled_from(["face_3d_terminal", "iris_lock", "vein_lock", "intelligent_respirator", "gas_mask", "unknown"])


@settings(deadline=None, max_examples=60)
@given(etd=st.dates(date(2026, 6, 15), date(2028, 6, 30)), family=FAMILIES)
def test_every_due_date_is_a_working_day(etd: date, family: str) -> None:
    plan = plan_filing(CHECKLIST, family, etd, TODAY, CN)
    assert all(CN.is_working_day(task.due) for task in plan.tasks if task.due)
    assert CN.is_working_day(plan.submission)
    assert plan.submission < etd


@settings(deadline=None, max_examples=60)
@given(etd=st.dates(date(2026, 6, 15), date(2028, 6, 30)), later=st.integers(1, 60))
def test_a_later_etd_never_makes_anything_due_earlier(etd: date, later: int) -> None:
    before = plan_filing(CHECKLIST, "iris_lock", etd, TODAY, CN)
    after = plan_filing(CHECKLIST, "iris_lock", etd + timedelta(days=later), TODAY, CN)
    assert all(one.due <= two.due for one, two in zip(before.tasks, after.tasks, strict=True) if one.due and two.due)


@settings(deadline=None, max_examples=30)
@given(today=st.dates(date(2026, 1, 1), date(2027, 12, 31)), family=FAMILIES)
def test_the_earliest_etd_fits_and_the_day_before_it_does_not(today: date, family: str) -> None:
    earliest = plan_filing(CHECKLIST, family, today + timedelta(days=30), today, CN).earliest
    fits = plan_filing(CHECKLIST, family, earliest[1], today, CN)
    assert fits.days_short == 0
    assert min(task.due for task in fits.tasks if task.due and task.item.days_before is not None) >= today
    assert plan_filing(CHECKLIST, family, earliest[1] - timedelta(days=1), today, CN).days_short == 1


@settings(deadline=None, max_examples=30)
@given(today=st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_the_band_runs_from_optimistic_to_pessimistic(today: date) -> None:
    early, middle, late = plan_filing(CHECKLIST, "gas_mask", today, today, CN).earliest
    assert today < early < middle < late


def test_what_is_short_is_said_in_days_and_never_less_than_none() -> None:
    short = plan_filing(CHECKLIST, "iris_lock", TODAY, TODAY, CN)
    assert short.etd + timedelta(days=short.days_short) == short.earliest[1]
    assert plan_filing(CHECKLIST, "iris_lock", date(2028, 1, 10), TODAY, CN).days_short == 0


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
    plan = plan_filing(CHECKLIST, "iris_lock", date(2027, 3, 31), TODAY, CN)
    undated = [task for task in plan.tasks if task.item.days_before is None]
    assert undated
    assert all((task.due is not None) == bool(task.item.recurring_days) for task in undated)
    assert all(task.due for task in plan.tasks if task.item.days_before is not None)

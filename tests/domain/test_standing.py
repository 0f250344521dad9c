"""Which filings somebody wants to see, and what their words mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.filing import Filing, FilingTask
from bot.domain.standing import KNOWN, Standing, Wanted, chosen, counts, held_up, wanted_from

TODAY = date(2026, 12, 1)
FILING = Filing(id="F-1", label="fd-1", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",),
                etd=date(2027, 3, 5), zone="Asia/Shanghai", customer="", owner="U1", opened_by="U2",
                opened_at=datetime(2026, 11, 1, tzinfo=UTC), origin="form:1", state="open")


def task(item: str, due: date | None = None, done: bool = False, owner: str = "U3") -> FilingTask:
    return FilingTask(id=f"F-1.{item}", filing="F-1", item=item, title=item, due=due, role="PM", owner=owner, label="", done=done)


def standing(*tasks: FilingTask, **changes: object) -> Standing:
    return Standing(replace(FILING, **changes), tasks, TODAY)  # type: ignore[arg-type]


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def test_a_filing_is_late_from_the_day_after_a_task_was_due() -> None:
    assert not standing(task("N1", TODAY)).late
    assert standing(task("N1", date(2026, 11, 30))).late
    assert not standing(task("N1", date(2026, 11, 30), done=True)).late
    assert standing(etd=date(2026, 11, 30)).late
    assert not standing(task("N1", date(2026, 11, 30)), state="done").late


def test_a_filing_waits_for_the_authority_from_submission_to_completion() -> None:
    assert not standing(task("N11"), task("N12")).waiting
    assert standing(task("N11", done=True), task("N12")).waiting
    assert not standing(task("N11", done=True), task("N12", done=True)).waiting


def test_a_filing_is_on_hold_until_it_is_released() -> None:
    assert [standing(hold=hold).on_hold for hold in ("held", "asked", "released")] == [True, True, False]


def test_the_one_thing_to_do_is_what_is_overdue_longest() -> None:
    one = standing(task("N2", date(2026, 11, 20)), task("N1", date(2026, 11, 10)), task("N3", date(2026, 12, 20)))
    assert one.next is not None
    assert (one.next.item, [late.item for late in one.overdue]) == ("N1", ["N1", "N2"])


def test_mine_is_what_i_own_opened_or_have_a_task_in_that_is_open() -> None:
    one = standing(task("N1", owner="U3"), task("N2", done=True, owner="U4"))
    assert [Wanted(mine=True).fits(one, person) for person in ("U1", "U2", "U3", "U4", "U5")] == [True] * 3 + [False] * 2


FLAGS = st.sampled_from(["mine", "late", "waiting", "hold", "closed"])
FILINGS = st.lists(st.builds(
    lambda number, etd, state, hold, due, submitted, owner: standing(
        task("N1", due), task("N11", done=submitted), task("N12"),
        id=f"F-{number}", etd=etd, state=state, hold=hold, owner=owner),
    st.integers(1, 99), st.dates(date(2026, 11, 1), date(2027, 5, 1)), st.sampled_from(["open", "parked", "done"]),
    st.sampled_from(["held", "asked", "released"]), st.dates(date(2026, 11, 1), date(2027, 1, 1)), st.booleans(),
    st.sampled_from(["U1", "U9"])), max_size=12)


@given(FILINGS, st.sets(FLAGS), st.none() | st.dates(date(2026, 11, 1), date(2027, 5, 1)))
def test_every_further_filter_only_narrows_and_the_order_is_by_etd(known: list[Standing], flags: set[str],
                                                                   until: date | None) -> None:
    wanted = Wanted(until=until, **dict.fromkeys(flags, True))
    found = chosen(known, wanted, "U9")
    assert [one.filing.etd for one in found] == sorted(one.filing.etd for one in found)
    for flag in flags - {"closed"}:
        assert all(one in chosen(known, replace(wanted, **{flag: False}), "U9") for one in found)
    assert all(one.filing.etd <= until for one in found if until)
    assert "closed" in flags or all(one.open for one in found)


@given(FILINGS)
def test_what_is_counted_is_what_the_filter_shows(known: list[Standing]) -> None:
    assert counts(known) == {name: len(chosen(known, Wanted(**{name: True}), "U9")) for name in ("late", "hold", "waiting")}


@pytest.mark.parametrize(("text", "wanted"), [
    ("", Wanted()),
    ("mine", Wanted(mine=True)),
    ("my late filings", Wanted(mine=True, late=True)),
    ("late, on hold", Wanted(late=True, hold=True)),
    ("waiting for the authority", Wanted(waiting=True)),
    ("until 2027-03-05 mine", Wanted(mine=True, until=date(2027, 3, 5))),
    ("HOLD by 2027-03-05", Wanted(hold=True, until=date(2027, 3, 5))),
    ("by ETD", Wanted()),
    ("late by etd", Wanted(late=True)),
    ("all", Wanted(closed=True)),
    ("我的逾期", Wanted(mine=True, late=True)),
    ("暂停 截至2027-03-05", Wanted(hold=True, until=date(2027, 3, 5))),
    ("待审批，我的", Wanted(waiting=True, mine=True)),
    ("全部", Wanted(closed=True)),
])
def test_the_words_of_both_languages_are_understood_together(text: str, wanted: Wanted) -> None:
    assert wanted_from(text, day) == (wanted, ())


@pytest.mark.parametrize(("text", "unknown"), [("lat", ("lat",)), ("mine urgent", ("urgent",)), ("until", ("until",)),
                                               ("until soon late", ("until soon",)), ("我的紧急", ("紧急",))])
def test_a_word_that_means_nothing_here_is_named(text: str, unknown: tuple[str, ...]) -> None:
    assert wanted_from(text, day)[1] == unknown


@given(st.lists(st.sampled_from([*KNOWN, "until 2027-03-05", "截至 2027-03-05"]), max_size=6))
def test_the_order_of_the_words_does_not_matter(words: list[str]) -> None:
    assert wanted_from(" ".join(words), day) == wanted_from(" ".join(reversed(words)), day)


def test_what_waits_for_something_late_waits_through_others_but_not_through_what_is_done() -> None:
    after = {"N2": ("N1",), "N3": ("N2",), "N4": ("N3", "gone"), "N5": ()}
    tasks = [task(item) for item in ("N5", "N4", "N3", "N2", "N1")]
    assert held_up({"N1"}, tasks, after) == ("N4", "N3", "N2")
    done = [replace(one, done=one.item == "N2") for one in tasks]
    assert held_up({"N1"}, done, after) == ()
    assert held_up({"N3"}, done, after) == ("N4",)

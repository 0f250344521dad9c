"""The audit chain shows every change."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import BEGIN, THE_END, about, broken_at, lies_in, link, position, within

LINES = st.lists(st.dictionaries(st.sampled_from(["act", "by", "subject"]), st.text(max_size=8)), min_size=1, max_size=8)


def chained(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    before, trail = BEGIN, []
    for number, line in enumerate(lines):
        named = {"id": f"A-{number}"} | line
        before = link(before, named)
        trail.append(named | {"chain": before})
    return trail


@given(LINES)
def test_a_trail_as_it_was_written_is_whole(lines: list[dict[str, Any]]) -> None:
    trail = chained(lines)
    assert broken_at(trail, trail[-1]["chain"]) is None


@given(LINES, st.data())
def test_a_changed_line_is_named(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    trail = chained(lines)
    at = data.draw(st.integers(0, len(trail) - 1))
    field = data.draw(st.sampled_from(["id", "by", "subject", "chain", "new"]))
    trail[at] = trail[at] | {field: str(trail[at].get(field, "")) + "x"}
    assert broken_at(trail, trail[-1]["chain"]) == trail[at]["id"]


@given(LINES, st.data())
def test_a_missing_line_is_noticed_the_last_one_too(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    trail = chained(lines)
    last = trail[-1]["chain"]
    del trail[data.draw(st.integers(0, len(trail) - 1))]
    assert broken_at(trail, last) is not None


@given(LINES, st.data())
def test_a_trail_cut_at_its_end_is_noticed_wherever_it_was_cut(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    trail = chained(lines)
    kept = data.draw(st.integers(0, len(trail) - 1))
    assert broken_at(trail[:kept], trail[-1]["chain"]) == THE_END


@given(LINES, st.data())
def test_a_line_put_in_is_noticed_a_copy_too(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    trail = chained(lines)
    last = trail[-1]["chain"]
    forged = data.draw(st.sampled_from([*trail, {"id": "A-99", "by": "nobody", "chain": last}]))
    trail.insert(data.draw(st.integers(0, len(trail))), forged)
    assert broken_at(trail, last) is not None


@given(LINES.filter(lambda lines: len(lines) > 1), st.data())
def test_two_lines_that_changed_places_are_noticed(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    trail = chained(lines)
    last = trail[-1]["chain"]
    one, other = data.draw(st.lists(st.integers(0, len(trail) - 1), min_size=2, max_size=2, unique=True))
    trail[one], trail[other] = trail[other], trail[one]
    assert broken_at(trail, last) is not None


# ── where a trail stood ──


@given(LINES, st.data())
def test_a_trail_goes_on_from_wherever_it_stood(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    trail = chained(lines)
    then = position(trail[: data.draw(st.integers(0, len(trail)))])
    assert lies_in(then, trail)


@given(LINES, st.data())
def test_a_trail_written_anew_as_a_whole_does_not_go_on_from_where_the_old_one_stood(
        lines: list[dict[str, Any]], data: st.DataObject) -> None:
    stood = data.draw(st.integers(1, len(lines)))
    changed = data.draw(st.integers(0, stood - 1))
    then = position(chained(lines)[:stood])
    anew = chained([line | {"by": str(line.get("by", "")) + "x"} if at == changed else line for at, line in enumerate(lines)])
    assert broken_at(anew, anew[-1]["chain"]) is None  # the chain itself is sound
    assert not lies_in(then, anew)


def test_a_shorter_trail_does_not_go_on_from_a_longer_one() -> None:
    trail = chained([{}, {}, {}])
    assert not lies_in(position(trail), trail[:2])


# ── choosing lines ──


def test_a_filing_is_not_taken_for_another_whose_number_begins_alike() -> None:
    subjects = ["F-1", "F-1.N3", "F-12", "F-12.N3", "S-1"]
    assert [subject for subject in subjects if about({"subject": subject}, "F-1")] == ["F-1", "F-1.N3"]


def test_a_period_holds_both_its_days_as_they_are_in_the_desks_zone() -> None:
    line = {"at": "2026-12-31T17:00:00+00:00"}  # 1 January in Shanghai
    first, last = date(2027, 1, 1), date(2026, 12, 31)
    assert within(line, first, first, "Asia/Shanghai")
    assert not within(line, None, last, "Asia/Shanghai")
    assert within(line, None, last, "UTC")
    assert not within(line, date(2027, 1, 2), None, "Asia/Shanghai")

"""The audit chain shows every change."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import BEGIN, broken_at, link

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
    trail[at] = trail[at] | {"by": str(trail[at].get("by", "")) + "x"}
    assert broken_at(trail) == f"A-{at}"


@given(LINES, st.data())
def test_a_missing_line_is_noticed(lines: list[dict[str, Any]], data: st.DataObject) -> None:
    trail = chained(lines)
    last = trail[-1]["chain"]
    del trail[data.draw(st.integers(0, len(trail) - 1))]
    assert broken_at(trail, last) is not None

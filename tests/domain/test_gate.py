"""The gate: no green without a release by the right person, none on old knowledge, and every reason named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.filing import Filing, FilingTask
from bot.domain.gate import AMBER, FRESH, GREEN, RED, Look, judge, judge_shipment, release_role
from bot.domain.people import Colleague
from bot.domain.shipment import Goods, Shipment
from bot.domain.signing import PARTS, SignOff, changed_parts, why_not_release, why_not_sign
from tests.fakes.desk import make_desk

CHECKLIST = make_desk().checklist
NOW = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
TODAY = date(2027, 3, 1)
ETD = date(2027, 3, 5)
BASIS = dict.fromkeys(PARTS, "same")
FILING = Filing("F-1", "fd-1-f-1", "FaceGate 300", "face_3d_terminal", ("DE",), ETD, "Asia/Shanghai", "", "U-own", "U-req",
                NOW, "form:1", ticket="EXP-1", hold="released", asked_by="U-ask")
WORKED = tuple(FilingTask(f"F-1.{i.id}", "F-1", i.id, i.id, None if i.event == "change" else date(2027, 3, 2), "PM", "U-own", "l",
                          done=i.event == "", done_by="U-own", evidence="https://example.com/e")
               for i in CHECKLIST.for_goods("face_3d_terminal", ("DE",)))


def sign(item: str, **changes: Any) -> SignOff:
    roles = {"N1": "PM", "N9": "SEC", "A6": "SECOND", "N13": "HEAD"}
    usual = SignOff(f"F-1.{item}:1", "F-1", item, roles[item], f"U-{item}", roles[item], NOW, BASIS, reason="all there")
    return replace(usual, **changes)


SIGNED = tuple(map(sign, ("N1", "N9", "A6", "N13")))


def look(**changes: Any) -> Look:
    return replace(Look(FILING, WORKED, CHECKLIST, SIGNED, NOW, TODAY, read_at=NOW), **changes)


def with_task(item: str, **changes: Any) -> tuple[FilingTask, ...]:
    return tuple(replace(task, **changes) if task.item == item else task for task in WORKED)


def without(item: str) -> tuple[SignOff, ...]:
    return tuple(one for one in SIGNED if one.item != item)


def kinds(**changes: Any) -> set[tuple[str, str]]:
    return {(reason.kind, reason.colour) for reason in judge(look(**changes)).reasons}


def test_all_done_signed_and_released_is_green_without_a_reason() -> None:
    gate = judge(look())
    assert (gate.colour, gate.reasons, gate.release) == (GREEN, (), SIGNED[3])


@pytest.mark.parametrize(("changes", "reason"), [
    ({"signs": without("N13")}, "held"),
    ({"filing": replace(FILING, hold="held")}, "held"),
    ({"filing": replace(FILING, hold="asked")}, "asked"),
    ({"signs": without("N9")}, "unsigned"),
    ({"signs": (*without("A6"), sign("A6", state="expired", changed=("list",)))}, "expired"),
    ({"tasks": with_task("N12", done=False)}, "open"),
    ({"tasks": with_task("A8", evidence="")}, "no_evidence"),
    ({"tasks": with_task("A11", due=TODAY)}, "change_open"),
    ({"tasks": ()}, "no_plan"),
])
def test_what_is_missing_is_red_and_named(changes: dict[str, Any], reason: str) -> None:
    assert judge(look(**changes)).colour == RED
    assert (reason, RED) in kinds(**changes)


@pytest.mark.parametrize(("changes", "reason"), [
    ({"read_at": None}, "stale"),
    ({"read_at": NOW - FRESH - timedelta(seconds=1)}, "stale"),
    ({"overdue": ("CAC-R3-before-export",)}, "unverified"),
    ({"tasks": with_task("N14", due=TODAY - timedelta(days=1), done=False)}, "not_watched"),
    ({"filing": replace(FILING, ticket="")}, "no_ticket"),
    ({"filing": replace(FILING, state="parked")}, "no_ticket"),
    ({"filing": replace(FILING, etd=TODAY - timedelta(days=1))}, "etd_past"),
])
def test_a_green_that_may_be_stale_is_amber_and_says_why(changes: dict[str, Any], reason: str) -> None:
    assert judge(look(**changes)).colour == AMBER
    assert kinds(**changes) == {(reason, AMBER)}


def test_a_ticket_read_just_within_the_limit_is_fresh() -> None:
    assert judge(look(read_at=NOW - FRESH)).colour == GREEN


def test_work_that_follows_the_release_or_runs_beside_it_does_not_hold_it_up() -> None:
    for item in ("A12", "A13", "N13", "A10"):
        assert judge(look(tasks=with_task(item, done=False, evidence=""))).colour == GREEN


PERSONS = st.sampled_from(["U-req", "U-ask", "U-own", "U-head", "U-other"])
SIGNS = st.builds(
    lambda item, by, role, state, reason, over: sign(item, by=by, by_role=role, state=state, reason=reason, override=over),
    st.sampled_from(["N1", "N9", "A6", "N13"]), PERSONS, st.sampled_from(["HEAD", "PM", "SEC", "SALES", ""]),
    st.sampled_from(["standing", "expired"]), st.sampled_from(["", "because"]), st.booleans())
TASKS = st.tuples(*(st.builds(lambda done, evidence, one=one: replace(one, done=done, evidence=evidence),
                              st.booleans() | st.just(True), st.sampled_from(["", "x"])) for one in WORKED))


@settings(deadline=None, max_examples=150)
@given(signs=st.tuples(*(st.just(one) | SIGNS for one in SIGNED)), tasks=TASKS | st.just(WORKED),
       hold=st.sampled_from(["held", "asked", "released"]))
def test_whatever_is_stored_nothing_but_a_release_by_head_who_did_not_want_it_is_green(
        signs: tuple[SignOff, ...], tasks: tuple[FilingTask, ...], hold: str) -> None:
    gate = judge(look(signs=signs, tasks=tasks, filing=replace(FILING, hold=hold)))
    assert (gate.colour == GREEN) == (not gate.reasons)
    if gate.colour != RED:
        assert gate.release is not None
        assert (gate.release.by_role, gate.release.state, hold) == ("HEAD", "standing", "released")
        assert gate.release.by not in ("U-req", "U-ask")
        assert gate.release.reason
        needed = {item.id for item in CHECKLIST.before_release()}
        assert all(task.done for task in tasks if task.item in needed)
        assert {"N1", "N9", "A6"} <= {one.item for one in signs if one.state == "standing"}


@given(part=st.sampled_from(PARTS), said=st.text(max_size=5))
def test_a_sign_off_ends_exactly_when_something_it_rests_on_reads_differently(part: str, said: str) -> None:
    assert changed_parts(SIGNED[0], BASIS | {part: said}) == (() if said == "same" else (part,))


@pytest.mark.parametrize(("by", "why"), [
    (Colleague("U-head", "Hui", role="HEAD"), ""), (Colleague("U-req", "Hui", role="HEAD"), "requester"),
    (Colleague("U-ask", "Hui", role="HEAD"), "asker"), (Colleague("U-x", "Ana", role="PM"), "role"),
])
def test_only_a_head_who_neither_opened_nor_asked_releases(by: Colleague, why: str) -> None:
    assert release_role(CHECKLIST) == "HEAD"
    assert why_not_release(by, "HEAD", FILING) == why


@pytest.mark.parametrize(("item", "by", "why"), [
    ("N1", Colleague("U-pm", "Ana", role="PM"), ""), ("N1", Colleague("U-sec", "Sam", role="SEC"), "role"),
    ("N1", Colleague("U-req", "Ana", role="PM"), "requester"), ("A6", Colleague("U-x", "Li", role="REG"), ""),
    ("A6", Colleague("U-own", "Li", role="REG"), "second"), ("A6", Colleague("U-did", "Li", role="PM"), "second"),
])
def test_who_may_sign_what(item: str, by: Colleague, why: str) -> None:
    tasks = with_task("N10", done_by="U-did")
    assert why_not_sign(CHECKLIST.item(item), by, FILING, tasks) == why


SHIPMENT = Shipment("S-1", "SO-1", (Goods("FaceGate 300", verdict="in_scope", filing="F-1"),), "DE", ETD, "Asia/Shanghai",
                    "U-own", "U-own", NOW)
OTHER = Goods("AirSense P4")


def test_a_shipment_of_a_released_filing_is_green() -> None:
    assert judge_shipment(SHIPMENT, {"F-1": look()}).colour == GREEN


def test_a_shipment_is_held_with_its_filing() -> None:
    assert judge_shipment(SHIPMENT, {"F-1": look(signs=())}).colour == RED
    assert judge_shipment(SHIPMENT, {"F-1": look(read_at=None)}).colour == AMBER


@pytest.mark.parametrize(("changes", "reason"), [
    ({"destination": "FR"}, "not_covered"), ({"etd": ETD - timedelta(days=1)}, "not_covered"),
    ({"state": "cancelled"}, "gone_cancelled"), ({"state": "sailed"}, "gone_sailed"),
    ({"goods": (replace(SHIPMENT.goods[0], product="IrisLock Pro"),)}, "not_covered"), ({"goods": ()}, "no_filing_needs_review"),
])
def test_a_release_does_not_cover_other_goods(changes: dict[str, Any], reason: str) -> None:
    gate = judge_shipment(replace(SHIPMENT, **changes), {"F-1": look()})
    assert (gate.colour, gate.reasons[0].kind) == (RED, reason)


@pytest.mark.parametrize(("verdict", "colour"), [("in_scope", RED), ("needs_review", RED), ("", RED), ("out_of_scope", AMBER)])
def test_goods_without_a_filing_are_never_green_and_out_of_scope_is_no_clearance(verdict: str, colour: str) -> None:
    bare = replace(OTHER, verdict=verdict)
    assert judge_shipment(replace(SHIPMENT, goods=(bare,)), {}).colour == colour
    both = judge_shipment(replace(SHIPMENT, goods=(*SHIPMENT.goods, bare)), {"F-1": look()})
    assert (both.colour, [reason.about for reason in both.reasons]) == (colour, [("AirSense P4",)])


def test_a_filing_nobody_knows_any_more_covers_nothing() -> None:
    assert judge_shipment(SHIPMENT, {}).colour == RED

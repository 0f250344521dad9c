"""What left though nobody had cleared it is kept as told; its owner, the project manager and the release authority hear once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.adapters.import_folder import ImportFolder
from bot.desk.records import shipment_of
from bot.desk.sailing import TOLD
from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.flows.change_shipment import set_state
from bot.flows.import_shipments import BATCH, begin, carry_on, offer, preview
from bot.flows.release_filing import release_filing
from bot.flows.watch_shipment import add_line, add_shipments, outcome_of, take_in
from bot.replies.shipment_tables import DryRun, imported_reply, table_reply
from tests.fakes.desk import ANA, BO, ETD, MIA, Day, settle_in
from tests.fakes.fake_chat import actions_of, words_of

HUI = Colleague("U8", "Hui", "hui@example.com", "Asia/Shanghai", "zh", "HEAD")
ERP = Colleague("ERP", "ERP", role="ADMIN")
LINE = ShipmentLine("SO-1", "FaceGate 300", "DE", ETD, "Hafen AG", ANA.id)
KEY = "T1"


def the_day() -> Day:
    day = Day(tasks=["N12"])
    settle_in(day.desk, [HUI])
    return day


def heard(day: Day) -> dict[str, str]:
    day.work()
    told = day.chat.named("left:")
    assert len({one.channel for one in told}) == len(told)
    return {one.channel: words_of(one.reply) for one in told}


def released(day: Day) -> None:
    """F-1 may leave."""
    day.open(etd=ETD)
    with day.store.transaction() as tx:
        for row in list(tx.where("tasks", "filing", "F-1")):
            tx.put("tasks", row | {"done": True, "done_by": ANA.id, "evidence": "https://example.com/x"})
    release_filing(day.desk, "F-1", "all in place", HUI, day.now)


def imported(day: Day, folder: Path, *lines: ShipmentLine, by: Colleague = BO) -> str:
    """A table of these lines is confirmed; what is said of it."""
    there = ImportFolder(folder).stage(KEY)
    for place, one in enumerate(lines, start=2):
        there.add(place, one)
    there.keep()
    offer(day.desk, KEY, by, day.now)
    begin(day.desk, KEY, by.lang)
    return words_of(imported_reply(day.desk.words, by.lang, carry_on(day.desk, KEY, there, add_line, day.now)))


def test_an_erp_that_says_so_is_believed_and_all_three_hear_at_once_and_once() -> None:
    day = the_day()
    take_in(day.desk, [LINE], ERP, day.now)
    for _ in range(2):
        take_in(day.desk, [replace(LINE, state="sailed")], ERP, day.now)
    assert shipment_of(day.store, "SO-1").state == "sailed"
    told = heard(day)
    assert set(told) == {ANA.id, BO.id, HUI.id}
    assert all("ERP" in one and "SO-1" in one for one in told.values())
    assert day.phrase("gate.no_filing_in_scope") in told[ANA.id]
    assert day.phrase("gate.no_filing_in_scope", "zh") in told[HUI.id]
    assert {tuple(actions_of(one.reply)) for one in day.chat.named("left:")} == {("shipment_planned",)}


def test_a_table_is_believed_too_and_whoever_brought_it_hears_as_nobody_asked_them(tmp_path: Path) -> None:
    day = the_day()
    add_shipments(day.desk, [LINE], ANA, day.now)
    lines = [replace(LINE, number=f"SO-{n}", state="sailed", etd=date(2026, 1, 5)) for n in (1, 2)]
    said = imported(day, tmp_path, *lines, replace(LINE, number="SO-3", product="GateKeeper 2D", state="sailed"))
    assert day.phrase("table.left", "zh") in said
    told = heard(day)
    assert set(told) == {ANA.id, BO.id, HUI.id}
    for one in told.values():
        assert "SO-1" in one
        assert "SO-2" in one
        assert "SO-3" not in one
    assert "2" in told[ANA.id].splitlines()[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_dry_run_says_how_many_would_have_left_uncleared_and_nobody_is_told_yet(tmp_path: Path, lang: str) -> None:
    day = the_day()
    released(day)
    add_shipments(day.desk, [LINE, replace(LINE, number="SO-2", destination="FR")], ANA, day.now)
    there = ImportFolder(tmp_path).stage(KEY)
    for place, number in enumerate(("SO-1", "SO-2", "SO-3"), start=2):
        there.add(place, replace(LINE, number=number, destination="DE" if number == "SO-1" else "FR", state="sailed"))
    there.keep()
    seen = preview(day.desk, day.store, there, BO, outcome_of, day.now)
    assert seen.left == 2
    reply = table_reply(day.desk.words, lang, DryRun("t.csv", seen.counts, left=seen.left), KEY)
    assert day.desk.words.say(lang, "table.will_leave", n=2) in reply.lines
    assert not heard(day)


def test_of_a_long_table_each_hears_in_one_message_which_first_and_how_many_besides(tmp_path: Path) -> None:
    day = the_day()
    lines = [replace(LINE, number=f"SO-{n:04}", state="sailed") for n in range(BATCH + 20)]
    imported(day, tmp_path, *lines, replace(LINE, number="SO-9000", state="sailed", owner=MIA.id))
    told = heard(day)
    assert str(BATCH + 20 - TOLD) in told[ANA.id]
    assert f"{BATCH + 21}" in told[HUI.id]
    assert "SO-9000" in told[MIA.id]
    assert "SO-0000" not in told[MIA.id]


@pytest.mark.parametrize("state", ["sailed", "cancelled"])
def test_the_same_table_again_tells_nobody_anew(tmp_path: Path, state: str) -> None:
    day = the_day()
    add_shipments(day.desk, [replace(LINE, state="sailed")], ERP, day.now)
    first = heard(day)
    imported(day, tmp_path, replace(LINE, state=state))
    assert heard(day) == first


def test_what_left_while_its_filing_was_on_hold_is_told() -> None:
    day = the_day()
    day.open()
    add_shipments(day.desk, [LINE], ANA, day.now)
    set_state(day.desk, "SO-1", "sailed", MIA, day.now)
    told = heard(day)
    assert set(told) == {ANA.id, BO.id, HUI.id}
    for one, lang in ((ANA.id, "en"), (BO.id, "zh")):
        assert day.desk.words.say(lang, "gate.filings_held", n=1, items="F-1") in told[one]


@pytest.mark.parametrize("later", [0, 7])
def test_nobody_is_told_of_what_was_released_even_where_its_filing_then_follows_a_later_shipment(later: int) -> None:
    day = the_day()
    released(day)
    add_shipments(day.desk, [LINE, replace(LINE, number="SO-2", etd=ETD + timedelta(days=later))], ANA, day.now)
    take_in(day.desk, [replace(LINE, state="sailed")], ERP, day.now)
    assert not heard(day)


def test_nobody_is_told_of_what_was_cancelled_or_is_out_of_scope() -> None:
    day = the_day()
    add_shipments(day.desk, [LINE, replace(LINE, number="SO-2", product="GateKeeper 2D", state="sailed")], ANA, day.now)
    set_state(day.desk, "SO-1", "cancelled", MIA, day.now)
    assert not heard(day)

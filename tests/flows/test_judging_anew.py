"""Stored shipments are judged anew when rules, list or catalogue change: told once, with before and after, where it differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.records import shipment_of
from bot.domain.catalogue import Product
from bot.domain.facts import Truth
from bot.domain.people import Habits
from bot.domain.rows import to_row
from bot.domain.rulebook import Ruleset
from bot.domain.shipment import ShipmentLine
from bot.flows import judge_anew as flow
from bot.flows.change_shipment import set_state
from bot.flows.judge_anew import judge_anew
from bot.flows.publish_list import publish_list
from bot.flows.watch_shipment import add_shipments
from tests.fakes.desk import ANA, BO, DEV, ETD, MIA, RULESET, Day, make_desk
from tests.fakes.fake_chat import Posted, actions_of, words_of
from tests.flows.test_lists_of_markets import CODES, market_list

PALM = ShipmentLine("SO-1", "PalmKey V2", "VN", ETD, owner=MIA.id)
"""Nobody says who decides in it."""


def catalogue(day: Day, name: str, autonomous: Truth) -> tuple[Product, ...]:
    return tuple(replace(one, autonomous=autonomous) if one.name == name else one for one in day.desk.catalogue)


def started(*lines: ShipmentLine, **known: Truth) -> Day:
    """A day on which these shipments were judged and told already; `known` is PalmKey's autonomy in the catalogue."""
    day = Day()
    day.desk = replace(day.desk, catalogue=catalogue(day, "PalmKey V2", known.get("palm", Truth.NO)))
    judge_anew(day.desk, day.now)
    add_shipments(day.desk, lines or [PALM], ANA, day.now)
    day.work()
    return day


def decided(day: Day, autonomous: Truth) -> int:
    """The catalogue says who decides in PalmKey from now on, as after a restart; how many shipments that touches."""
    day.desk = replace(day.desk, catalogue=catalogue(day, "PalmKey V2", autonomous))
    touched = judge_anew(day.desk, day.now)
    day.work()
    return touched


def told(day: Day) -> list[Posted]:
    return day.chat.named("rejudged:")


def sentence(day: Day, before: str, after: str, lang: str = "en") -> str:
    say = day.desk.words.say
    return say(lang, "rejudged.line", goods="PalmKey V2", before=say(lang, before), after=say(lang, after))


def test_a_catalogue_that_says_otherwise_is_told_to_the_owner_and_the_manager_once_with_before_and_after() -> None:
    day = started()
    assert shipment_of(day.store, "SO-1").verdict == "out_of_scope"
    assert decided(day, Truth.YES) == 1
    assert shipment_of(day.store, "SO-1").verdict == "in_scope"
    assert {one.channel for one in told(day)} == {MIA.id, BO.id}
    mine, = (one for one in told(day) if one.channel == MIA.id)
    theirs, = (one for one in told(day) if one.channel == BO.id)
    assert sentence(day, "shipment.line.out_of_scope", "shipment.line.in_scope") in words_of(mine.reply)
    assert sentence(day, "shipment.line.out_of_scope", "shipment.line.in_scope", "zh") in words_of(theirs.reply)
    assert day.desk.words.say("en", "rejudged.why.catalogue") in words_of(mine.reply)
    assert day.desk.words.say("en", "rejudged.why.rules") not in words_of(mine.reply)
    assert "file_shipment" in actions_of(mine.reply)
    day.restart()
    assert decided(day, Truth.YES) == 0
    assert len(told(day)) == 2
    assert not day.chat.named("unfiled:")


def test_what_is_in_scope_now_gets_the_reminders_it_lacked_and_loses_them_when_it_no_longer_is() -> None:
    day = started()
    assert not [one for one in day.reminders("S-1") if one.state == "pending"]
    decided(day, Truth.YES)
    assert [one for one in day.reminders("S-1") if one.state == "pending"]
    decided(day, Truth.NO)
    assert not [one for one in day.reminders("S-1") if one.state == "pending"]


def test_the_rules_are_followed_while_the_bot_runs() -> None:
    day = started(replace(PALM, product="FaceGate 300"))
    rulesets = dict(day.desk.rulesets)
    day.desk = replace(day.desk, rulesets=rulesets)
    rulesets[RULESET] = replace(rulesets[RULESET], rules=())  # as after a reload: no rule is in force any more
    assert judge_anew(day.desk, day.now) == 1
    day.work()
    assert len(told(day)) == 2
    assert day.desk.words.say("en", "shipment.line.needs_review") in words_of(told(day)[0].reply)
    assert day.desk.words.say("en", "rejudged.why.rules") in words_of(told(day)[0].reply)


def reworded(ruleset: Ruleset) -> Ruleset:
    return replace(ruleset, version="2027.9")


def test_nothing_is_told_where_the_judgement_is_the_same() -> None:
    day = started()
    day.desk = replace(day.desk, rulesets={**day.desk.rulesets, RULESET: reworded(day.desk.rulesets[RULESET])})
    assert judge_anew(day.desk, day.now) == 0
    day.work()
    assert not told(day)


def test_a_published_list_is_an_occasion_too_and_a_list_that_changes_no_verdict_tells_nothing_more() -> None:
    day = started()
    known = day.store.get("notes", flow.NOTE)
    publish_list(day.desk, market_list("2026-12-01", "DE"), CODES, DEV, day.now, confirmed=True)
    assert judge_anew(day.desk, day.now) == 0
    assert (day.store.get("notes", flow.NOTE) or {})["grounds"]["list"] != (known or {})["grounds"]["list"]
    day.work()
    assert not told(day)


def test_one_message_bundles_an_owners_shipments_and_says_how_many_are_not_shown() -> None:
    day = started(*(replace(PALM, number=f"SO-{n}") for n in range(20)))
    assert decided(day, Truth.YES) == 20
    mine, = (one for one in told(day) if one.channel == MIA.id)
    assert day.desk.words.say("en", "rejudged.title", n=20) in words_of(mine.reply)
    assert day.desk.words.say("en", "rejudged.more", n=8) in words_of(mine.reply)
    assert actions_of(mine.reply).count("file_shipment") == 12


def test_a_filing_that_waits_for_the_goods_is_named_and_one_that_fits_covers_them() -> None:
    day = started(replace(PALM, customer="Hafen AG"))
    day.open(product="PalmKey V2", category="vein_lock", destinations=("VN",))
    decided(day, Truth.YES)
    say = day.desk.words.say
    filed = say("en", "rejudged.filed", verdict=say("en", "rejudged.in_scope"), id="F-1")
    assert filed in words_of(next(one for one in told(day) if one.channel == MIA.id).reply)
    assert shipment_of(day.store, "SO-1").filing == "F-1"


def test_what_somebody_said_of_the_shipment_still_counts() -> None:
    day = started(replace(PALM, autonomous="no"))
    assert decided(day, Truth.YES) == 0
    assert shipment_of(day.store, "SO-1").verdict == "out_of_scope"


@pytest.mark.parametrize("state", ["sailed", "cancelled"])
def test_what_has_left_is_not_judged_anew_but_is_once_it_is_planned_again(state: str) -> None:
    day = started()
    set_state(day.desk, "S-1", state, ANA, day.now)
    assert decided(day, Truth.YES) == 0
    assert not told(day)
    assert set_state(day.desk, "S-1", "planned", ANA, day.now).verdict == "in_scope"


def test_an_owner_who_is_away_is_stood_in_for() -> None:
    day = started()
    with day.store.transaction() as tx:
        tx.put("habits", to_row(Habits(MIA.id, away_until=day.now.date() + timedelta(days=3), deputy=DEV.id)))
    decided(day, Truth.YES)
    assert {one.channel for one in told(day)} == {DEV.id, BO.id}


def test_an_owner_who_is_the_manager_reads_one_message() -> None:
    day = started(replace(PALM, owner=BO.id))
    decided(day, Truth.YES)
    assert [one.channel for one in told(day)] == [BO.id]


class Stopped(Exception):
    """The process was killed."""


def interrupted(day: Day, monkeypatch: pytest.MonkeyPatch, autonomous: Truth) -> None:
    """The pass is killed behind the first of its steps."""
    monkeypatch.setattr(flow, "BATCH", 2)
    monkeypatch.setattr(flow, "_tell", stop)
    with pytest.raises(Stopped):
        decided(day, autonomous)
    monkeypatch.undo()


def stop(*_: object) -> None:
    raise Stopped


def test_a_pass_that_was_interrupted_tells_after_the_start_what_it_found_before() -> None:
    day = started(*(replace(PALM, number=f"SO-{n}") for n in range(5)))
    with pytest.MonkeyPatch.context() as patch:
        interrupted(day, patch, Truth.YES)
    day.restart()
    assert not told(day)
    decided(day, Truth.YES)
    mine, = (one for one in told(day) if one.channel == MIA.id)
    assert day.desk.words.say("en", "rejudged.title", n=5) in words_of(mine.reply)


def test_what_the_next_change_takes_back_before_it_was_told_is_not_told() -> None:
    day = started()
    with pytest.MonkeyPatch.context() as patch:
        interrupted(day, patch, Truth.YES)
    decided(day, Truth.NO)
    assert not told(day)


def test_a_desk_that_never_noted_what_it_judged_by_judges_all_of_them_once() -> None:
    day = Day()
    add_shipments(day.desk, [PALM], ANA, day.now)  # the shipped catalogue says no
    assert decided(day, Truth.YES) == 1
    assert day.desk.words.say("en", "rejudged.why.rules") in words_of(told(day)[0].reply)
    assert decided(day, Truth.YES) == 0


def test_the_look_costs_next_to_nothing_while_nothing_has_changed() -> None:
    day = started()
    judge_anew(day.desk, day.now)
    desk = make_desk(Unread(day), catalogue=day.desk.catalogue)  # type: ignore[arg-type]
    assert judge_anew(desk, day.now) == 0


class Unread:
    """Rows of which nobody may read all shipments."""

    def __init__(self, day: Day) -> None:
        self.get, self.up_to = day.store.get, day.store.up_to

    def every(self, table: str) -> None:
        raise AssertionError(f"all of {table} was read")

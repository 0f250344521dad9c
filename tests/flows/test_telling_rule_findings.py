"""A mistake in the rule files while the bot runs: the old rules go on deciding, and who keeps them is told where it is."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.datafiles.checking import lock
from bot.datafiles.reloading import LiveRulesets, by_owner
from bot.domain.determination import Determination
from bot.domain.people import Colleague
from bot.errors import Finding
from bot.flows.tell_rule_findings import tell_rule_findings
from tests.fakes.desk import BO, DEV, ROOT, RULESET, Day, settle_in
from tests.fakes.fake_chat import words_of

LEGAL = Colleague("U9", "Lei", "lei@example.com", "Asia/Shanghai", "zh", "LEGAL")
RULES = f"{RULESET}/ruleset.yaml"
QUESTION = "Iris lock that opens by itself, to Germany"
FINDING = Finding("rules.yaml", 41, 13, "unknown fact")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rulesets", tmp_path / "rulesets", ignore=shutil.ignore_patterns("reading"))
    return tmp_path / "rulesets"


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / RULES).read_text(encoding="utf-8")
    assert old in text
    (folder / RULES).write_text(text.replace(old, new), encoding="utf-8")


def reloaded(day: Day, live: LiveRulesets) -> int:
    """What the bot does at every look at its files."""
    new = by_owner(live.reload(), live)
    return tell_rule_findings(day.desk, new, day.now)


def version(day: Day, ts: str) -> tuple[str, str]:
    day.ask(QUESTION, ts=ts)
    last = [Determination.from_row(row) for row in day.store.every("determinations")][-1]
    return last.ruleset.version, str(last.verdict)


def test_the_last_good_rules_decide_until_the_mistake_is_mended_and_the_owner_reads_the_finding(folder) -> None:
    live = LiveRulesets(folder)
    day = Day(rulesets=live)
    settle_in(day.desk, [LEGAL])
    edit(folder, 'version: "2026.1"', 'version: "2026.2"')
    edit(folder, "fact: autonomous", "fact: autonmous")
    assert reloaded(day, live) == 1
    day.work()
    [told] = day.chat.posted
    assert told.channel == LEGAL.id
    line = (folder / RULES).read_text(encoding="utf-8").split("autonmous")[0].count("\n") + 1
    assert f"{RULES}:{line}:17：未知的事实“autonmous”；您是否指“autonomous”？" in words_of(told.reply)
    assert day.phrase("rules.kept", "zh") in words_of(told.reply)
    assert version(day, "1.1") == ("2026.1", "in_scope")
    edit(folder, "fact: autonmous", "fact: autonomous")
    lock(folder, day.now.date())
    assert reloaded(day, live) == 0
    assert version(day, "1.2") == ("2026.2", "in_scope")


def test_the_same_findings_are_told_once_and_again_on_another_day() -> None:
    day = Day()
    for _ in range(3):
        tell_rule_findings(day.desk, {"REG": [FINDING]}, day.now)
        day.work()
    assert [one.channel for one in day.chat.posted] == [DEV.id]
    day.now += timedelta(days=1)
    tell_rule_findings(day.desk, {"REG": [FINDING]}, day.now)
    day.work()
    assert len(day.chat.posted) == 2


def test_where_nobody_has_the_role_of_the_owner_the_next_in_line_is_told() -> None:
    day = Day()
    with day.store.transaction() as tx:
        tx.remove("people", DEV.id)
    assert tell_rule_findings(day.desk, {"LEGAL": [FINDING]}, day.now) == 1
    day.work()
    assert [one.channel for one in day.chat.posted] == [BO.id]


def test_where_nobody_is_known_nothing_is_sent() -> None:
    day = Day()
    with day.store.transaction() as tx:
        for row in list(tx.every("people")):
            tx.remove("people", row["id"])
    assert tell_rule_findings(day.desk, {"LEGAL": [FINDING]}, day.now) == 0
    day.work()
    assert not day.chat.posted

"""Rules follow their files while the bot runs: a sound change as a whole, a mistake not at all."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.datafiles.checking import lock
from bot.datafiles.reloading import LiveRulesets, by_owner, reload_rules, rules_at_start
from bot.errors import BadFile

SHIPPED = Path(__file__).parents[2] / "rulesets"
RULESET, FACES = "cn-cac-agents/ruleset.yaml", "cn-face-application/ruleset.yaml"
TODAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "rulesets", ignore=shutil.ignore_patterns("reading"))
    return tmp_path / "rulesets"


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_untouched_files_keep_the_very_same_rules(folder):
    start = rules_at_start(folder)
    assert reload_rules(start, folder) == (start, [])
    assert reload_rules(start, folder)[0] is start


def test_a_file_saved_again_without_a_change_keeps_the_rules(folder):
    start = rules_at_start(folder)
    os.utime(folder / RULESET, (1, 1))
    now, findings = reload_rules(start, folder)
    assert (now.rulesets is start.rulesets, findings) == (True, [])


def test_a_sound_change_takes_effect(folder):
    start = rules_at_start(folder)
    edit(folder, RULESET, 'version: "2026.1"', 'version: "2026.2"')
    lock(folder, TODAY)
    now, findings = reload_rules(start, folder)
    assert (now.rulesets["cn-cac-agents"].version, findings) == ("2026.2", [])


def test_a_mistake_in_one_file_keeps_every_rule_as_it_was_and_is_told_once(folder):
    start = rules_at_start(folder)
    edit(folder, RULESET, "fact: autonomous", "fact: autonmous")
    edit(folder, FACES, 'version: "2025.1"', 'version: "2025.2"')
    now, findings = reload_rules(start, folder)
    assert now.rulesets is start.rulesets
    assert any('unknown fact "autonmous"; did you mean "autonomous"?' in str(finding) for finding in findings)
    assert reload_rules(now, folder) == (now, [])
    assert now.findings == tuple(findings)


def test_an_edit_of_a_rule_in_force_does_not_take_effect(folder):
    start = rules_at_start(folder)
    edit(folder, RULESET, 'is: "yes"\n          clauses: [CAC-R3', 'is: "no"\n          clauses: [CAC-R3')
    now, findings = reload_rules(start, folder)
    assert now.rulesets is start.rulesets
    assert any("is in force and was edited" in finding.what for finding in findings)


def test_a_new_mistake_beside_an_old_one_is_told_alone(folder):
    start = rules_at_start(folder)
    edit(folder, RULESET, "fact: autonomous", "fact: autonmous")
    now, _ = reload_rules(start, folder)
    edit(folder, FACES, "fact: faces_stored", "fact: faces_stord")
    _, told = reload_rules(now, folder)
    assert [finding.path for finding in told] == [f"rulesets/{FACES}"]


def test_a_mended_mistake_is_forgotten(folder):
    start = rules_at_start(folder)
    edit(folder, RULESET, "fact: autonomous", "fact: autonmous")
    broken, _ = reload_rules(start, folder)
    edit(folder, RULESET, "fact: autonmous", "fact: autonomous")
    now, findings = reload_rules(broken, folder)
    assert (now.findings, findings, now.rulesets) == ((), [], start.rulesets)


def test_a_folder_that_vanishes_leaves_the_rules_in_force(folder):
    start = rules_at_start(folder)
    shutil.rmtree(folder)
    now, findings = reload_rules(start, folder)
    assert now.rulesets is start.rulesets
    assert findings


def test_at_start_a_mistake_is_refused_as_there_is_nothing_to_fall_back_on(folder):
    edit(folder, RULESET, "fact: autonomous", "fact: autonmous")
    with pytest.raises(BadFile, match="autonmous"):
        rules_at_start(folder)


def test_whoever_holds_the_live_rules_sees_the_new_ones(folder):
    live = LiveRulesets(folder)
    assert (live["cn-cac-agents"].version, len(live), sorted(live)) == ("2026.1", 2, ["cn-cac-agents", "cn-face-application"])
    edit(folder, RULESET, 'version: "2026.1"', 'version: "2026.2"')
    assert live.reload()
    assert (live["cn-cac-agents"].version, bool(live.findings)) == ("2026.1", True)
    lock(folder, TODAY)
    assert live.reload() == []
    assert (live["cn-cac-agents"].version, live.findings) == ("2026.2", ())


def test_a_finding_goes_to_the_role_that_keeps_the_ruleset(folder):
    start = rules_at_start(folder)
    edit(folder, RULESET, "fact: autonomous", "fact: autonmous")
    (folder / "facts.yaml").write_text((folder / "facts.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    _, findings = reload_rules(start, folder)
    assert set(by_owner(findings, start.rulesets)) == {"LEGAL"}
    (folder / "facts.yaml").write_text("facts: [", encoding="utf-8")
    _, findings = reload_rules(start, folder)
    assert set(by_owner(findings, start.rulesets)) == {"REG"}

"""What `check` and `lock` find when somebody makes a mistake."""
# ruff: noqa: E501 (a mistake per line reads better in its table)

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.datafiles.checking import FORMATS, check, errors, lock
from bot.datafiles.rulesets import load_rulesets
from bot.errors import BadFile

SHIPPED = Path(__file__).parents[2] / "rulesets"
TODAY = date(2026, 11, 23)
AGENTS = "cn-cac-agents"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "rulesets")
    return tmp_path / "rulesets"


def edit(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(folder):
    return "\n".join(str(finding) for finding in check(folder))


RULESET, CLAUSES, FACTS = f"{AGENTS}/ruleset.yaml", f"{AGENTS}/clauses.yaml", "facts.yaml"
QUESTIONS, EXAMPLES = f"{AGENTS}/open-questions.yaml", f"{AGENTS}/examples.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "finding"),
    [
        (RULESET, "fact: autonomous", "fact: autonmous", ':17: unknown fact "autonmous"; did you mean "autonomous"?'),
        (RULESET, "ask: [category,", "ask: [categry,", 'unknown fact "categry"; did you mean "category"?'),
        (RULESET, "iris_lock, vein", "iris_lok, vein", '"iris_lok" is not a value of category; did you mean "iris_lock"?'),
        (RULESET, 'is: "yes"', "is: ja", '"ja" is not a value of autonomous'),
        (RULESET, "fact: export", "fact: autonomous", 'looks at "autonomous" 2 times; use each fact once'),
        (RULESET, "[CAC-R2-products, DESK-1", "[CAC-R2-product, DESK-1", 'unknown clause "CAC-R2-product"; did you mean "CAC-R2-products"?'),
        (RULESET, "[CAC-R1-document, CAC", "[CAC-R4-first-list, CAC", "begins on 2026-06-01, after the rule that cites it"),
        (RULESET, ", gas_mask]", "]", "says nothing of category: gas_mask; add it to in: or to not_in:"),
        (RULESET, "not_in: [other_not_listed]", "not_in: [other_not_listed, gas_mask]", '"gas_mask" is both in and not_in'),
        (RULESET, "    recorded: 2026-06-07", "    until: 2026-01-01\n    recorded: 2026-06-07", "before it begins on 2026-05-08"),
        (RULESET, "    recorded: 2026-06-07", "    until: 2026-12-31\n    recorded: 2026-06-07", "add closed: with the day you write this"),
        (RULESET, "    recorded: 2026-06-07", "    follows: nobody\n    recorded: 2026-06-07", 'follows "nobody", which is not here'),
        (RULESET, "id: cn-cac-agents", "id: cn-agents", 'the id is "cn-agents" but the folder is "cn-cac-agents"'),
        (RULESET, "fact: export\n          is", "fact: export\n          iss", 'unknown key "iss"; did you mean "is"?'),
        (RULESET, "      zh: 据报道，出口前须", "      zh: \"\"\n      zu: 据报道，出口前须", "write a sentence"),
        (RULESET, "zh: 备案完成并由有放行权限的人员放行之前，货物应暂停发运。", "zh: Hold the goods.", "the Chinese text has no Chinese in it"),
        (CLAUSES, "status: corroborated", "status: verified", "a verification without a name and a day is none"),
        (CLAUSES, "id: CAC-R3-before-export", "id: CAC-R2-products", '"CAC-R2-products" is used twice'),
        (QUESTIONS, "autonomous: [", "autonomos: [", 'unknown fact "autonomos"; did you mean "autonomous"?'),
        (QUESTIONS, "vein_lock, unknown", "vein_lok, unknown", '"vein_lok" is not a value of category'),
        (QUESTIONS, "id: U9\n", "id: U99\n", 'unknown open question "U9"'),
        (FACTS, "value: gas_mask", "value: unknown", '"unknown" is always possible; take it off the list'),
        (FACTS, "  # Facts of the face", "  - name: colour\n    title: {en: colour, zh: 颜色}\n    question: {en: Which one, zh: 什么颜色}\n"
         "    values:\n      - value: red\n        label: {en: Red, zh: 红}\n      - value: blue\n        label: {en: Blue, zh: 蓝}\n  # Facts of the face",
         'the fact "colour" is registered but no ruleset asks it'),
        (EXAMPLES, "verdict: in_scope", "verdict: out_of_scope", "says out_of_scope but the rules say in_scope"),
        (EXAMPLES, "missing: [autonomous]", "missing: [export]", "write missing: [autonomous]"),
        (EXAMPLES, "as_of: 2026-05-08", "as_of: 2026-05-07", "is not in force on 2026-05-07"),
        (EXAMPLES, "category: iris_lock", "catgory: iris_lock", 'no fact "catgory"; did you mean "category"?'),
        (EXAMPLES, "rule: autonomous-devices-2026-05", "rule: autonomous-devices", 'unknown rule "autonomous-devices"'),
        (f"{AGENTS}/lists/2026-06-01.yaml", "count_reported: 27", "count_reported: 28", "was published and has been changed"),
        (f"{AGENTS}/lists/2026-06-01.yaml", "count_reported: 27", "markets: [{code: Germany}]", 'did you mean "DE"?'),
        ("lock.yaml", "since: '2026-05-08'", "sinse: '2026-05-08'", 'unknown key "sinse"'),
    ],
)  # fmt: skip
def test_a_mistake_is_found_and_says_what_to_write(folder, name, old, new, finding):
    edit(folder, name, old, new)
    assert finding in found(folder)


def test_a_mistyped_fact_is_named_with_path_line_and_column_and_nothing_loads(folder):
    edit(folder, RULESET, "fact: autonomous", "fact: autonmous")
    line = (folder / RULESET).read_text(encoding="utf-8").splitlines().index("        - fact: autonmous") + 1
    with pytest.raises(BadFile) as caught:
        load_rulesets(folder)
    assert f'rulesets/{RULESET}:{line}:17: unknown fact "autonmous"; did you mean "autonomous"?' in caught.value.findings


def test_a_mistake_in_one_regime_is_told_together_with_those_of_the_other(folder):
    edit(folder, RULESET, "fact: autonomous", "fact: autonmous")
    edit(folder, "cn-face-application/ruleset.yaml", "fact: role", "fact: rolle")
    assert all(word in found(folder) for word in ("autonmous", "rolle"))


def test_a_rule_without_an_example_on_each_side_is_found(folder):
    text = (folder / EXAMPLES).read_text(encoding="utf-8")
    (folder / EXAMPLES).write_text(text[: text.index("  - id: constant-flow")], encoding="utf-8")
    assert "has no example that is out_of_scope or needs_review; add one to examples.yaml" in found(folder)


def test_a_rule_in_force_that_is_edited_is_found_and_the_lock_refuses_it(folder):
    edit(folder, RULESET, 'is: "yes"', 'is: "no"')
    assert 'rule "autonomous-devices-2026-05" is in force and was edited; restore it, close it with until:' in found(folder)
    before = (folder / "lock.yaml").read_text(encoding="utf-8")
    assert lock(folder, TODAY)
    assert (folder / "lock.yaml").read_text(encoding="utf-8") == before


def test_a_clause_in_force_may_be_verified_but_not_reworded(folder):
    checked = "status: verified\n      by: A. Officer\n      when: 2026-11-20"
    edit(folder, CLAUSES, "status: corroborated", checked)
    edit(folder, RULESET, 'version: "2026.1"', 'version: "2026.2"')
    assert lock(folder, TODAY) == []
    edit(folder, CLAUSES, "implementation opinions on", "final rules on")
    assert 'clause "CAC-R1-document" is in force and was edited' in found(folder)


@pytest.mark.parametrize(("today", "told"), [(date(2026, 11, 20), False), (date(2026, 11, 21), True)])
def test_a_verification_that_has_run_out_is_a_warning(folder, today, told):
    named = "status: verified\n      by: Li Na\n      when: 2026-06-01\n      until: 2026-11-20"
    edit(folder, CLAUSES, "status: corroborated", named)
    wanted = 'verification of "CAC-R1-document" ran out on 2026-11-20; compare it again, or set status: unverified'
    lapsed = [finding for finding in check(folder, today) if wanted in str(finding)]
    assert [f":{finding.line}:" in str(finding) for finding in lapsed] == [True] * told
    assert not errors(lapsed)


def test_a_rule_in_force_that_is_removed_is_found(folder):
    edit(folder, RULESET, "id: autonomous-devices-2026-05", "id: another-name")
    assert 'rule "autonomous-devices-2026-05" is in force and was removed; restore it' in found(folder)


def test_a_changed_caveat_needs_a_new_version(folder):
    edit(folder, RULESET, "A filing is no endorsement", "A filing never is an endorsement")
    assert 'differs from the lock; give it a new version: and run filingdesk lock' in found(folder)
    assert lock(folder, TODAY)
    edit(folder, RULESET, 'version: "2026.1"', 'version: "2026.2"')
    assert lock(folder, TODAY) == []
    assert check(folder) == []


FOLLOWER = """
  - id: autonomous-devices-2027-01
    title: {en: The same families from 2027, zh: 2027年起的同类产品}
    since: 2027-01-01
    recorded: 2026-11-23
    follows: autonomous-devices-2026-05
    clauses: [CAC-R3-before-export]
    when:
      all:
        - fact: category
          in: [face_3d_terminal, iris_lock, vein_lock, intelligent_respirator]
          not_in: [gas_mask, other_not_listed]
        - fact: autonomous
          is: "yes"
        - fact: export
          is: "yes"

consequences:"""
NEW_EXAMPLES = """
  - {id: n1, rule: autonomous-devices-2027-01, note: {en: a, zh: 甲}, facts: {category: vein_lock, autonomous: "yes", export: "yes"}, as_of: 2027-01-01, verdict: in_scope}
  - {id: n2, rule: autonomous-devices-2027-01, note: {en: b, zh: 乙}, facts: {category: gas_mask, autonomous: "yes", export: "yes"}, as_of: 2027-01-01, verdict: out_of_scope}
  - {id: n3, rule: autonomous-devices-2027-01, note: {en: c, zh: 丙}, facts: {category: vein_lock, autonomous: "yes"}, as_of: 2027-01-01, verdict: needs_review, missing: [export]}
"""


def follow(folder, until="2026-12-31"):
    closing = f"    since: 2026-05-08\n    until: {until}\n    closed: 2026-11-23"
    edit(folder, RULESET, "    since: 2026-05-08", closing)
    edit(folder, RULESET, "\nconsequences:", FOLLOWER)
    edit(folder, RULESET, 'version: "2026.1"', 'version: "2027.1"')
    with (folder / EXAMPLES).open("a", encoding="utf-8") as file:
        file.write(NEW_EXAMPLES)


def test_the_five_steps_of_the_readme_as_they_are_written_there_lead_to_a_clean_check(folder):
    close, rule, examples, version = re.findall(r"```yaml\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.DOTALL)[:4]
    edit(folder, RULESET, "    since: 2026-05-08\n", f"    since: 2026-05-08\n{close}")
    edit(folder, RULESET, "\nconsequences:", f"\n{rule}\nconsequences:")
    with (folder / EXAMPLES).open("a", encoding="utf-8") as file:
        file.write(examples)
    edit(folder, RULESET, 'version: "2026.1"\n', version)
    left = errors(check(folder))
    assert left
    assert all("run filingdesk lock" in finding.write for finding in left)
    assert lock(folder, TODAY) == []
    assert check(folder) == []


def test_a_rule_that_is_not_in_force_yet_may_still_be_edited(folder):
    follow(folder)
    lock(folder, TODAY)
    edit(folder, RULESET, "title: {en: The same families from 2027", "title: {en: The families from 2027")
    edit(folder, RULESET, 'version: "2027.1"', 'version: "2027.2"')
    assert lock(folder, date(2027, 1, 1)) != []
    assert lock(folder, TODAY) == []
    assert check(folder) == []


def test_a_gap_of_days_between_two_rules_is_found(folder):
    follow(folder, until="2026-12-20")
    assert "no rule is in force from 2026-12-21 to 2026-12-31; let the next rule begin the day after" in found(folder)


def test_a_rule_that_ends_without_another_is_pointed_out_but_a_regime_may_end(folder):
    edit(folder, RULESET, "    since: 2026-05-08", "    since: 2026-05-08\n    until: 2026-12-31\n    closed: 2026-11-23")
    edit(folder, RULESET, 'version: "2026.1"', 'version: "2026.2"')
    assert lock(folder, TODAY) == []
    [ending] = check(folder)
    assert "no rule is in force from 2027-01-01 on; let the next rule begin that day, unless the regime ends" in str(ending)
    assert not errors([ending])


def test_two_rules_that_say_yes_to_the_same_goods_are_found(folder):
    edit(folder, RULESET, "\nconsequences:", FOLLOWER.replace("    follows: autonomous-devices-2026-05\n", ""))
    assert "are both a yes on 2027-01-01 for category=face_3d_terminal, autonomous=yes, export=yes" in found(folder)


@pytest.mark.parametrize(
    ("condition", "finding"),
    [
        ('not: {fact: export, in: ["yes", "no"]}', "can never be a yes; mend its condition"),
        ('not: {all: [{fact: category, in: [iris_lock, gas_mask], not_in: [face_3d_terminal, vein_lock, intelligent_respirator, other_not_listed]}, {not: {fact: export, in: ["yes", "no"]}}]}', "can never be a no; mend its condition"),
    ],
)
def test_a_rule_that_can_only_go_one_way_is_found(folder, condition, finding):
    text = (folder / RULESET).read_text(encoding="utf-8")
    start, end = text.index("    when:\n"), text.index("\nconsequences:")
    (folder / RULESET).write_text(f"{text[:start]}    when:\n      {condition}\n{text[end:]}", encoding="utf-8")
    assert finding in found(folder)


def test_a_fact_that_is_asked_but_never_looked_at_is_found(folder):
    edit(folder, RULESET, "ask: [category, autonomous, export]", "ask: [category, autonomous, export, role]")
    assert '"role" is asked but no rule looks at it; take it off ask:' in found(folder)


def test_the_digest_ignores_layout_comments_and_the_order_of_keys(folder):
    before = load_rulesets(folder)[AGENTS].digest
    edit(folder, RULESET, "id: cn-cac-agents\n", "# a remark\n\n")
    edit(folder, RULESET, "owner: LEGAL\n", 'owner:   "LEGAL"   # who keeps it\nid: cn-cac-agents\n')
    edit(folder, RULESET, "    since: 2026-05-08\n    recorded: 2026-06-07\n", "    recorded: 2026-06-07\n    since: 2026-05-08\n")
    assert load_rulesets(folder)[AGENTS].digest == before


def test_the_digest_changes_with_any_word(folder):
    before = load_rulesets(folder)[AGENTS].digest
    edit(folder, QUESTIONS, "Is there a fee?", "Is there any fee?")
    assert load_rulesets(folder)[AGENTS].digest != before


def test_an_empty_folder_and_a_missing_file_are_said_plainly(tmp_path, folder):
    (tmp_path / "nothing").mkdir()
    assert "nothing/facts.yaml:0:0: this file is missing or cannot be read" in found(tmp_path / "nothing")
    (folder / CLAUSES).unlink()
    assert f"rulesets/{CLAUSES}:0:0: this file is missing" in found(folder)


def test_missing_examples_are_a_finding_not_a_crash(folder):
    (folder / EXAMPLES).unlink()
    assert f"rulesets/{EXAMPLES}:0:0: this file is missing" in found(folder)


def test_a_ruleset_that_is_locked_must_not_vanish(folder):
    shutil.rmtree(folder / "cn-face-application")
    assert 'ruleset "cn-face-application" is locked but not here; restore its folder' in found(folder)
    assert [finding.write for finding in lock(folder, TODAY)] == ["restore its folder"]


def test_findings_can_be_shown_to_github(folder):
    edit(folder, EXAMPLES, "missing: [autonomous]", "missing: [export]")
    shown = FORMATS["github"](check(folder))
    assert shown.startswith("::error file=rulesets/cn-cac-agents/examples.yaml,line=")


def test_a_lock_without_a_lock_file_writes_it_and_the_schemas(folder):
    (folder / "lock.yaml").unlink()
    shutil.rmtree(folder / "schemas")
    assert "there is no lock file; run filingdesk lock" in found(folder)
    assert lock(folder, TODAY) == []
    assert check(folder) == []

"""Mistakes in the files of rules and lists are told to who keeps them in their language; the place stays as editors link it."""
# ruff: noqa: E501 (a mistake per line reads better in its table)

from __future__ import annotations

import ast
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.datafiles.checking import check
from bot.datafiles.messages import load_messages
from bot.datafiles.strict_yaml import parse
from bot.errors import BadFile, Finding
from bot.replies.trouble import mistake_said

ROOT = Path(__file__).parents[2]
WORDS = load_messages(ROOT / "config" / "messages")
OF_RULES = ("checking", "checklists", "rule_examples", "rule_grid", "rule_lock", "rule_meaning", "rule_schemas", "rulesets", "strict_yaml")
SENTENCE = re.compile(r"[A-Za-z']{2,} [A-Za-z']{2,}|\b(?:is|are|the|of|it|no|not|add|write|keep|with|did|must|this)\b", re.I)
TERMS = re.compile(r"“[^”]*”|\b\w+: \S*|filingdesk lock|missing: \[.*\]|ISO 3166|以下之一：.*")

RULES, CLAUSES, LIST = "cn-cac-agents/ruleset.yaml", "cn-cac-agents/clauses.yaml", "cn-cac-agents/lists/2026-06-01.yaml"
QUESTIONS, EXAMPLES, TASKS = "cn-cac-agents/open-questions.yaml", "cn-cac-agents/examples.yaml", "cn-cac-agents/checklist.yaml"
FACE, FACTS, LOCK = "cn-face-application/ruleset.yaml", "facts.yaml", "lock.yaml"
RULE = "    recorded: 2026-06-07"
COLOUR = """facts:
  - name: colour
    title: {en: colour, zh: 颜色}
    question: {en: Which one, zh: 什么颜色}
    values: [{value: red, label: {en: Red, zh: 红}}, {value: blue, label: {en: Blue, zh: 蓝}}]
"""
SECOND = """
  - id: two
    title: {en: Two, zh: 二}
    since: 2027-01-01
    recorded: 2026-11-23
    clauses: [CAC-R3-before-export]
    when: {fact: export, is: "yes"}
  - id: three
    title: {en: Three, zh: 三}
    since: 2027-01-01
    recorded: 2026-11-23
    clauses: [CAC-R3-before-export]
    when: {not: {fact: export, in: ["yes", "no"]}}
  - id: four
    title: {en: Four, zh: 四}
    since: 2027-01-01
    recorded: 2026-11-23
    clauses: [CAC-R3-before-export]
    when: {fact: export, is: "yes"}

consequences:"""
Edit = tuple[str, str, str]
BROKEN: dict[str, tuple[Edit, ...]] = {
    "shapes": (
        (RULES, "      en: Listed", "      eng: x\n      en: Listed"), (RULES, "since: 2026-05-08", "since: today"),
        (RULES, "recorded: 2026-06-07", "recorded: 2026-02-30"), (RULES, "  - id: no-endorsement\n    verdicts", "  - verdicts"), (RULES, "ask: [category, autonomous, export]", "ask: []"),
        (RULES, "id: no-clearance", "id: no clearance"), (RULES, "verdicts: [in_scope]", "verdicts: [maybe]"),
        (CLAUSES, "grade: B", "grade: Z"), (QUESTIONS, "    verdicts: [in_scope]", "    verdicts: in_scope"), (CLAUSES, "    since: 2026-05-08\n", ""),
        (FACE, "information_only: true", "information_only: perhaps"), (FACE, "zh: 人脸识别技术应用备案", 'zh: ""'),
    ),
    "one line": ((RULES, "  en: Reported filing before export for intelligent agents in sensitive fields", "  en: [a, b]"),),
    "the registry": ((FACTS, "value: gas_mask", "value: unknown"), (FACTS, "name: autonomous", "name: category")),
    "rules": (
        (RULES, "id: cn-cac-agents\n", "id: other\n"), (RULES, "ask: [category, autonomous, export]", "ask: [category, categry, category]"),
        (RULES, RULE, f"    until: 2026-01-01\n    follows: nobody\n{RULE}"), (RULES, "fact: export", "fact: category"),
        (RULES, 'is: "yes"', "is: ja"), (RULES, "[CAC-R1-document, CAC", "[CAC-R4-first-list, CAC"), (RULES, "[CAC-R2-products, DESK-1", "[CAC-R2-product, DESK-1"),
        (RULES, "not_in: [other_not_listed]", "not_in: [other_not_listed, gas_mask]"), (CLAUSES, "status: corroborated", "status: verified"),
        (CLAUSES, "status: unverified", "status: unverified\n      when: 2026-06-02\n      until: 2026-06-01"), (CLAUSES, "id: CAC-R3-before-export", "id: CAC-R2-products"),
        (FACE, "    clauses: [FACE-1-threshold]\n", ""), (FACE, "          clauses: [FACE-1-threshold]\n", ""), (FACE, "          clauses: [FACE-4-place]\n", ""),
        (FACE, "          clauses: [FACE-1-threshold, FACE-2-time]\n", ""), (FACE, RULE, f"    closed: 2026-06-08\n    follows: handler-100000-2025-06\n{RULE}"),
        (FACE, "fact: role", "fact: rolle"), (QUESTIONS, "autonomous: [", "autonomos: ["),
    ),
    "the grid": (
        (RULES, ", gas_mask]", "]"), (RULES, "\nconsequences:", SECOND), (RULES, RULE, f"    until: 2026-12-20\n    closed: 2026-11-23\n{RULE}"),
        (RULES, "ask: [category, autonomous, export]", "ask: [category, autonomous, export, role]"), (RULES, "zh: 备案完成并由有放行权限的人员放行之前，货物应暂停发运。", "zh: Hold."),
        (RULES, '"Hold the goods until the filing is complete and a person with release authority has let them go."', "暂停发运"), (FACTS, "facts:\n", COLOUR),
    ),
    "a no that is never said": ((RULES, '        - fact: autonomous\n          is: "yes"', '        - not: {fact: autonomous, in: ["yes", "no"]}'),
                                (RULES, "    when:\n      all:", "    when:\n      not:\n       all:")),
    "examples and tasks": (
        (EXAMPLES, "verdict: in_scope", "verdict: out_of_scope"), (EXAMPLES, "missing: [autonomous]", "missing: [export]"), (EXAMPLES, "as_of: 2026-05-08", "as_of: 2026-05-07"),
        (EXAMPLES, "category: iris_lock", "catgory: iris_lock"), (EXAMPLES, "rule: autonomous-devices-2026-05", "rule: autonomous-devices"),
        (EXAMPLES, "category: intelligent_respirator", "category: respirator"), (TASKS, "open_questions: [U9]", "open_questions: [U99]"),
        (FACE, "information_only: true\n", ""), (FACE, 'version: "2025.1"', 'version: "2025.2"'), (LIST, "count_reported: 27", "count_reported: 28"),
        ("cn-face-application/examples.yaml", "verdict: needs_review", "verdict: in_scope"), (CLAUSES, "implementation opinions on", "rules on"),
        (CLAUSES, "status: corroborated", "status: verified\n      by: Li Na\n      when: 2026-06-01\n      until: 2026-06-02"),
    ),
    "tasks": (
        (TASKS, "owners: [REG]", "owners: [REGG]"), (TASKS, "    days_before: 38\n", ""), (TASKS, "sign_off: PM", "sign_off: BOSS"), (TASKS, "  default: {", "  pessimistic: {"),
        (TASKS, "  pessimistic: {review_working_days: 90, question_working_days: 10, submission_days_before: 155}\n", ""),
        (LOCK, "  cn-face-application:", "  cn-face:"), (TASKS, "destinations: [HK,", "destinations: [HKG,"), (TASKS, "after: [N1, N6]", "after: [N1, N10]"),
    ),
    "a list": ((LIST, "count_reported: 27", 'markets: [{code: Germany}, {code: XXL}, {code: ""}, {code: DE}, {code: DE}]'), (TASKS, "days_before: 38", "days_before: soon")),
    "a bare list": ((LIST, "", "- DE\n#"),),
    "the lock": (
        (RULES, "id: autonomous-devices-2026-05", "id: another-name"), (RULES, RULE, f"    until: 2027-12-31\n    closed: 2026-11-23\n{RULE}"), (CLAUSES, "id: CAC-R5-limits", "id: CAC-R5-limit"),
        (LOCK, "    lists: {}", "    lists: {old: x}\n  gone:\n    version: x\n    digest: x"), (LOCK, "      '2026-06-01': sha", "      '2026-06-02': sha"),
        (FACE, "recorded: 2026-06-07", "recorded: 2026-06-08"),
        (LOCK, "        since: '2025-06-01'", "        since: '2025-06-01'\n        until: '2026-06-01'"), (LOCK, "b7fa047ae29c4f482854c27e8e87279eae16cfe0a0267683c67077964f0d27d3\n        since: '2025-06-01'", "b7fa047ae29c4f482854c27e8e87279eae16cfe0a0267683c67077964f0d27d3\n        since: '2025-06-01'\n        until: '2026-06-01'"),
    ),
}
TEXTS = ("a: 1\na: 2", "a: &x [1]\nb: *x", "a: !secret 1", "? [a]\n: 1", "a:\n\t- 1", "a: b: c", "a: [1, 2", "a: 'x", "- a\nb: 1", "a: @x", "a: ]", "a: \x01", "[" * 3000)


def broken(edits: tuple[Edit, ...], folder: Path) -> Path:
    """The shipped rules with these edits."""
    shutil.copytree(ROOT / "rulesets", folder, ignore=shutil.ignore_patterns("reading"))
    for name, old, new in edits:
        text = (folder / name).read_text("utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return folder


def parsed(text: str) -> list[Finding]:
    with pytest.raises(BadFile) as caught:
        parse(text, "f.yaml")
    return caught.value.details


def folders(at: Path) -> Iterator[list[Finding]]:
    """What is found in each of the broken folders, and in some that lack files."""
    for number, edits in enumerate(BROKEN.values()):
        yield check(broken(edits, at / str(number) / "rulesets"), date(2026, 11, 29))
    bare = broken((), at / "bare" / "rulesets")
    for name in (LOCK, "schemas/facts.schema.json"):
        (bare / name).unlink()
    (bare / EXAMPLES).write_bytes(b"\xff")
    yield check(bare)
    (bare / CLAUSES).unlink()
    yield check(bare)
    for name in (RULES, FACE):
        (bare / name).unlink()
    yield check(bare)


@cache
def found() -> tuple[Finding, ...]:
    """Everything that is wrong in all of them; each code once or more."""
    with tempfile.TemporaryDirectory() as place:
        return tuple(finding for each in [*folders(Path(place)), *map(parsed, TEXTS)] for finding in each)


def codes_named(names: tuple[str, ...]) -> set[str]:
    """The codes these modules give to findings, as far as they stand there in full."""
    calls = [node for name in names for node in ast.walk(ast.parse((ROOT / "bot" / "datafiles" / f"{name}.py").read_text("utf-8")))
             if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "named"]
    return {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}


def test_every_finding_about_rules_has_a_code_with_a_sentence_in_both_languages() -> None:
    assert {str(finding) for finding in found() if not finding.code} == set()
    for lang in ("en", "zh"):
        assert {f"trouble.{finding.code}" for finding in found()} <= set(WORDS.keys(lang))


def test_every_code_of_the_modules_is_met_in_one_of_the_broken_files() -> None:
    assert len(codes_named(OF_RULES)) > 60, "the pattern no longer finds them"
    assert codes_named(OF_RULES) - {finding.code for finding in found()} == {"grid_too_large", "file_too_large"}


def test_a_chinese_keeper_meets_no_english_sentence() -> None:
    for finding in found():
        place, said = mistake_said(WORDS, "zh", finding).split("：", 1)
        assert place == finding.place
        assert re.search("[\u4e00-\u9fff]", said)
        assert not SENTENCE.search(TERMS.sub("", said)), said


def test_an_english_keeper_reads_what_the_command_line_says() -> None:
    for finding in (one for one in found() if not one.code.startswith("yaml_")):
        assert plain(mistake_said(WORDS, "en", finding)) == plain(str(finding))


def plain(said: str) -> str:
    return re.sub("[“”]", '"', said).replace(" or ", ", ").rstrip(".").casefold()

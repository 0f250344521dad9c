"""The rules as shipped: what they decide, what they say, and what they must never say."""

import json
import re
from datetime import date
from itertools import product
from pathlib import Path

import jsonschema
import pytest
import yaml

from bot.datafiles.checking import check
from bot.datafiles.checklists import load_checklists
from bot.datafiles.rule_examples import read_examples
from bot.datafiles.rule_schemas import schemas
from bot.datafiles.rulesets import load_rulesets
from bot.domain.deciding import decide, what_would_change
from bot.domain.facts import Category, Verdict
from bot.domain.ruling import UNKNOWN

FOLDER = Path(__file__).parents[2] / "rulesets"
RULES = load_rulesets(FOLDER)
AGENTS, FACES = RULES["cn-cac-agents"], RULES["cn-face-application"]
DAY = date(2026, 11, 23)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TEXTS = sorted(path for path in FOLDER.rglob("*.yaml") if path.name != "lock.yaml" and path.parent.name != "reading")


def test_the_shipped_rules_have_no_finding_at_all():
    assert [str(finding) for finding in check(FOLDER)] == []


def test_the_three_deciding_facts_are_asked_in_this_order():
    assert [fact.name for fact in AGENTS.facts] == ["category", "autonomous", "export"]


def test_all_63_cells_are_decided_as_the_project_convention_says():
    for category, autonomous, export in product(Category, ("yes", "no", UNKNOWN), ("yes", "no", UNKNOWN)):
        answers = [{"unknown": UNKNOWN, "other_not_listed": "no"}.get(category, "yes"), autonomous, export]
        expected = Verdict.OUT_OF_SCOPE if "no" in answers else Verdict.IN_SCOPE
        expected = Verdict.NEEDS_REVIEW if "no" not in answers and UNKNOWN in answers else expected
        decision = decide(AGENTS, {"category": category, "autonomous": autonomous, "export": export}, DAY)
        assert decision.verdict is expected, (category, autonomous, export)
        if expected is Verdict.NEEDS_REVIEW:
            names = ("category", "autonomous", "export")
            assert decision.missing == tuple(n for n, a in zip(names, answers, strict=True) if a == UNKNOWN)


def test_the_registry_knows_every_family_the_reader_knows():
    assert {*AGENTS.fact("category").allowed, UNKNOWN} == set(Category)


def test_before_export_a_report_and_a_completed_filing_follow_and_only_as_reported():
    first = AGENTS.follows_from(Verdict.IN_SCOPE)[0]
    english = ("Before export", "according to the report", "security assessment report", "filing")
    assert all(words in first.en for words in english)
    assert all(words in first.zh for words in ("据报道", "出口前", "安全评估报告", "备案"))


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_answer_says_it_is_reported_and_not_officially_verified(verdict):
    said = [caveat.text for caveat in AGENTS.caveats_for(verdict)]
    assert any("trade press on 7 June 2026, not officially verified" in text.en for text in said)
    assert any("2026年6月7日" in text.zh and "尚未经官方渠道核实" in text.zh for text in said)


@pytest.mark.parametrize("ruleset", list(RULES.values()), ids=list(RULES))
def test_out_of_scope_is_never_clearance(ruleset):
    said = [caveat.text for caveat in ruleset.caveats_for(Verdict.OUT_OF_SCOPE)]
    assert any("no clearance" in text.en and "other regimes may apply" in text.en for text in said)
    assert any("不等于可以放行" in text.zh for text in said)


def test_no_clause_is_passed_off_as_verified():
    for ruleset in RULES.values():
        assert [clause.id for clause in ruleset.clauses if clause.verified_on(DAY)] == []


def test_what_is_only_reported_is_worded_as_reported():
    for clause in AGENTS.clauses:
        if clause.grade == "C" and clause.id != "CAC-R5-limits":
            assert "reported" in clause.text.en, clause.id
            assert "据报道" in clause.text.zh, clause.id
        if clause.grade == "ASSUMED":
            assert clause.text.en.startswith("Convention of this desk"), clause.id


def test_27_is_never_expanded_into_markets():
    text = (FOLDER / "cn-cac-agents" / "lists" / "2026-06-01.yaml").read_text(encoding="utf-8")
    assert "count_reported: 27" in text
    assert not re.search(r"^markets:", text, re.MULTILINE)


@pytest.mark.parametrize("path", TEXTS, ids=[f"{p.parent.name}/{p.name}" for p in TEXTS])
def test_nothing_promises_an_approval_by_the_authority(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"CAC[- ]approved|CAC approv", text)
    assert not re.search(r"(?<!不得宣称产品“)已获网信办批准", text)


def test_all_fourteen_open_questions_are_there_in_both_languages():
    assert [question.id for question in AGENTS.open_questions] == [f"U{n}" for n in range(1, 15)]
    assert all(q.text.en.endswith("?") and q.text.zh.endswith("？") for q in AGENTS.open_questions)


def test_auto_unlock_is_shown_with_the_question_whether_it_counts():
    yes = {"category": "iris_lock", "autonomous": "yes", "export": "yes"}
    assert "U13" in decide(AGENTS, yes, DAY).open_questions
    assert "U13" not in decide(AGENTS, {**yes, "category": "intelligent_respirator"}, DAY).open_questions


def test_every_wording_a_person_reads_is_in_both_languages():
    for ruleset in RULES.values():
        words = [ruleset.title, *(rule.title for rule in ruleset.rules), *(clause.text for clause in ruleset.clauses)]
        words += [fact.question for fact in ruleset.facts] + [value.label for fact in ruleset.facts for value in fact.values]
        words += [text for said in ruleset.consequences.values() for text in said]
        assert all(text.en and CHINESE.search(text.zh) for text in words)
    for checklist in load_checklists(FOLDER).values():
        assert all(CHINESE.search(item.text.zh) and CHINESE.search(item.evidence.zh) for item in checklist.items)


def test_button_labels_fit_a_button():
    labels = [value.label for ruleset in RULES.values() for fact in ruleset.facts for value in fact.values]
    assert all(len(text) <= 75 for label in labels for text in (label.en, label.zh))


def test_a_second_regime_decides_by_its_own_facts():
    operator = {"face_processing": "yes", "role": "operator", "operated_in": "mainland", "faces_stored": "from_100000"}
    assert FACES.information_only
    assert decide(FACES, operator, DAY).verdict is Verdict.IN_SCOPE
    assert decide(FACES, {"role": "supplier_only"}, DAY).verdict is Verdict.OUT_OF_SCOPE
    assert decide(FACES, {"face_processing": "yes"}, DAY).missing == ("role", "operated_in", "faces_stored")
    assert len(what_would_change(FACES, operator, DAY)) == 4


def test_the_second_regime_did_not_exist_before_june_2025():
    assert decide(FACES, {"role": "operator"}, date(2025, 5, 31)).nothing_in_force


def test_the_schemas_accept_the_shipped_files_as_an_editor_reads_them():
    class Editor(yaml.SafeLoader):
        """YAML 1.2 as editors read it: dates and yes/no stay text."""

    Editor.yaml_implicit_resolvers = {
        sign: [(tag, pattern) for tag, pattern in pairs if not tag.endswith((":timestamp", ":bool"))]
        for sign, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
    for name, text in schemas().items():
        kind = name.removesuffix(".schema.json")
        paths = FOLDER.rglob("lists/*.yaml") if kind == "market-list" else FOLDER.rglob(f"{kind}.yaml")
        found = list(paths)
        assert found, name
        for path in found:
            jsonschema.validate(yaml.load(path.read_text(encoding="utf-8"), Loader=Editor), json.loads(text))


def test_each_ruleset_has_examples_beside_it():
    for ruleset in RULES.values():
        _, file = read_examples(FOLDER / ruleset.id, "rulesets")
        assert {example.verdict for example in file.examples} == set(Verdict)

"""The shipped checklist is the one of the domain notes, and a broken one says what is wrong."""

from pathlib import Path

import pytest

from bot.datafiles.checklists import load_checklist, load_checklists
from bot.domain.facts import Category
from bot.errors import BadFile

SHIPPED = Path(__file__).parents[2] / "rulesets"
LIST = load_checklists(SHIPPED)["cn-cac-agents"]
DAYS_BEFORE_ETD = {
    "A1": 130, "N1": 125, "N2": 120, "N3": 115, "N5": 115, "A2": 115, "N4": 110, "N6": 110, "A5": 110, "N7": 105, "N8": 105,
    "A5H": 110, "A3": 105, "A3R": 105, "A4": 105, "N9": 100, "N10": 95, "A6": 94, "N11": 92, "A7": 50, "A8": 30, "A13": 30,
    "N12": 14, "A9": 9, "N13": 7, "A10": 7, "A12": -10,
}  # fmt: skip


def test_in_the_default_band_every_task_is_due_on_its_day_before_the_etd():
    submission = LIST.bands["default"].submission_days_before
    dated = [item for item in LIST.items if item.days_before is not None]
    due = {i.id: i.days_before + (submission if i.relative_to == "submission" else 0) for i in dated}
    assert due == DAYS_BEFORE_ETD


def test_no_task_is_due_before_one_it_waits_for():
    submission = LIST.bands["default"].submission_days_before
    due = {i.id: (i.days_before or 0) + (submission if i.relative_to == "submission" else 0) for i in LIST.items}
    dated = [item for item in LIST.items if item.days_before is not None]
    assert [(i.id, a) for i in dated for a in i.after if due[a] < due[i.id]] == []


def test_the_bands_are_the_optimistic_default_and_pessimistic_pace():
    shape = {name: (b.review_working_days, b.question_working_days, b.submission_days_before) for name, b in LIST.bands.items()}
    assert shape == {"optimistic": (20, 10, 56), "default": (45, 10, 92), "pessimistic": (90, 10, 155)}


def test_every_date_is_marked_as_assumed_and_the_note_says_so():
    assert all(item.assumed for item in LIST.items)
    assert "assumed" in LIST.note.en
    assert "假定" in LIST.note.zh


def test_n_tasks_are_named_by_the_article_and_a_tasks_are_analogies():
    bases = {item.id[0]: set() for item in LIST.items}
    for item in LIST.items:
        bases[item.id[0]].add(item.basis)
    assert bases == {"N": {"named_by_article"}, "A": {"by_analogy"}}
    assert all(item.modelled_on.en for item in LIST.items if item.basis == "by_analogy")


def test_the_article_only_minimum_is_named():
    assert LIST.minimum == ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N11", "N12", "N13")


def test_biometric_tests_are_for_biometric_devices_and_fail_safe_evidence_for_respirators():
    locks = {item.id for item in LIST.for_goods("vein_lock")}
    masks = {item.id for item in LIST.for_goods("gas_mask")}
    assert (locks - masks, masks - locks) == ({"A3"}, {"A3R"})
    assert {"A3", "A3R"} <= {item.id for item in LIST.for_goods(Category.UNKNOWN)}


def test_only_goods_for_hong_kong_macao_or_taiwan_get_the_task_about_such_destinations():
    for code in ("HK", "MO", "TW"):
        assert "A5H" in {item.id for item in LIST.for_goods("iris_lock", ("DE", code))}
    assert "A5H" not in {item.id for item in LIST.for_goods("iris_lock", ("DE", "BR"))}
    assert "A5H" in {item.id for item in LIST.for_goods("iris_lock")}


def test_before_a_release_all_is_done_but_the_release_itself_and_what_follows_or_runs_beside_it():
    every = {item.id for item in LIST.items}
    assert every - {item.id for item in LIST.before_release()} == {"N13", "A10", "A11", "A12", "A13", "N14"}


def test_report_receipt_number_certificates_and_customs_draft_are_the_evidence_a_release_rests_on():
    assert [item.id for item in LIST.items if item.evidence_required] == ["N9", "N11", "A8", "N12", "A9"]


def test_the_release_authority_signs_the_hold_and_the_release():
    signed = {item.id: item.sign_off for item in LIST.items if item.sign_off}
    assert signed == {"N1": "PM", "N9": "SEC", "A6": "SECOND", "A10": "HEAD", "N13": "HEAD"}
    assert [item.id for item in LIST.items if item.hold] == ["A10"]


def test_a_regime_for_information_has_no_checklist():
    assert list(load_checklists(SHIPPED)) == ["cn-cac-agents"]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("owners: [REG]", "owners: [REGG]", 'unknown name "REGG"; did you mean "REG"?'),
        ("after: [A1]", "after: [A99]", 'unknown name "A99"'),
        ("days_before: 38", "days_before: soon", '"days_before" cannot be "soon"; write a whole number'),
        ("    days_before: 38\n", "", "A1 never falls due; add days_before:, event: or recurring_days:"),
        ("sign_off: PM", "sign_off: BOSS", 'unknown role "BOSS"'),
        ("families: [intelligent_respirator", "families: [respirator", 'unknown name "respirator"'),
        ("destinations: [HK,", "destinations: [HKG,", '"HKG" is no ISO 3166 code; write two letters as DE'),
        ("after: [N1, N6]", "after: [N1, N10]", "these tasks wait for each other"),
        ("  - id: N1\n", "  - id: A1\n", '"A1" is used twice'),
        ("minimum: [N1,", "minimum: [N0,", 'unknown name "N0"'),
    ],
)
def test_a_broken_checklist_says_what_is_wrong(tmp_path, old, new, finding):
    text = (SHIPPED / "cn-cac-agents" / "checklist.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "checklist.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load_checklist(tmp_path / "checklist.yaml", "checklist.yaml")
    assert finding in "\n".join(caught.value.findings)

"""The check of the reader's words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.datafiles.word_check import word_findings

READING = Path(__file__).resolve().parents[2] / "rulesets" / "reading"


def test_the_shipped_words_have_no_findings() -> None:
    assert list(word_findings(READING, "reading")) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{id: x, role: yess, en: [a]}", '"yess" is no role here; did you mean "yes"?'),
        ("{id: x, role: yes, en: [], zh: []}", '"x" has no words; give some as en or zh, or take the row out'),
        ("{id: x, role: yes, en: [a, b, a]}", '"a" stands twice in this row; write it once'),
    ],
)
def test_a_wrong_row_is_named_with_its_line(row: str, said: str, tmp_path: Path) -> None:
    shutil.copytree(READING, tmp_path, dirs_exist_ok=True)
    (tmp_path / "export.yaml").write_text(f"cues:\n  - {row}\n", "utf-8")
    assert [str(f).partition(": ")[2] for f in word_findings(tmp_path, "reading")] == [said]
    assert [f.line for f in word_findings(tmp_path, "reading")] == [2]

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.adapters.storage import open_store
from bot.app import open_desk, read_files
from bot.cli import app
from bot.domain.people import Colleague
from bot.flows.answer_question import Question, answer_question
from bot.settings import load_settings

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "rulesets" / "reading"
ANA = Colleague(id="U1", name="Ana", role="LEGAL")
ASKED_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """A checkout of rules and settings of its own, and the command line that works on it."""

    folder: Path

    @property
    def rulesets(self) -> Path:
        return self.folder / "rulesets"

    def run(self, *words: str | Path) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        if "reading/" in name:
            self.own_words()
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def own_words(self) -> None:
        """The shipped words are only linked to, as they take long to read and are kept read by their folder."""
        words = self.rulesets / "reading"
        if words.is_symlink():
            words.unlink()
            shutil.copytree(WORDS, words)

    def store(self, *questions: str):
        """Answer questions into the data folder, as the bot does, and keep it open."""
        files = read_files(load_settings())
        store = open_store(self.folder / "data")
        desk = open_desk(files, store)
        for number, text in enumerate(questions):
            answer_question(desk, Question(f"C1:{number}", text, "C1", f"{number}"), ANA, ASKED_AT)
        return store


@pytest.fixture
def house(tmp_path, monkeypatch):
    for name in ("rulesets", "config"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("reading"))
    (tmp_path / "rulesets" / "reading").symlink_to(WORDS)
    for name, place in (("RULESETS", "rulesets"), ("CONFIG", "config"), ("DATA", "data")):
        monkeypatch.setenv(f"FILINGDESK_{name}", str(tmp_path / place))
    monkeypatch.chdir(tmp_path)
    return House(tmp_path)

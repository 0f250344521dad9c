"""`filingdesk reminders`: the ledger as it stands, and a proof that ends with 1 where something did not go out."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.adapters.storage import open_store
from bot.cli import app
from bot.domain.shipment import ShipmentLine
from bot.errors import Gone
from bot.flows.watch_shipment import add_shipments
from tests.fakes.desk import ANA, BO, ROOT, Day, make_desk

RUN = CliRunner()


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A data folder in which one reminder reached Ana and one could not reach Bo."""
    store = open_store(tmp_path)
    day = Day(datetime(2026, 6, 15, 2, tzinfo=UTC), store)
    for owner, number in ((ANA, "SO-1"), (BO, "SO-2")):
        line = ShipmentLine(number, "FaceGate 300", "DE", date(2026, 7, 17), "", owner.id, "yes")
        add_shipments(day.desk, [line], ANA, day.now)
    day.chat.close_channel(BO.id, Gone("The account is deactivated."))
    day.until(date(2026, 7, 3))
    store.close()
    return tmp_path


def run(*args: str) -> tuple[int, str]:
    done = RUN.invoke(app, ["reminders", *args])
    return done.exit_code, done.stdout


def test_every_reminder_stands_there_with_what_became_of_it(told: Path) -> None:
    code, said = run("list", "--data", str(told), "--on", "2026-07-03", "--format", "json")
    lines = {line["owner"]: line for line in map(json.loads, said.splitlines())}
    assert code == 0
    assert (lines[ANA.id]["outcome"], lines[ANA.id]["sent"], bool(lines[ANA.id]["ts"])) == (
        "delivered", "2026-07-03T07:00+00:00", True)
    assert (lines[BO.id]["outcome"], lines[BO.id]["why"]) == ("failed", "The account is deactivated.")


def test_it_can_be_narrowed_and_written_as_csv(told: Path) -> None:
    _, said = run("list", "--data", str(told), "--subject", "s-1", "--state", "pending", "--format", "csv")
    assert said.splitlines()[0].startswith("id,owner,due,state")
    assert all("S-1:" in line for line in said.splitlines()[1:])
    assert len(said.splitlines()) == 5


def test_the_proof_of_a_day_says_what_is_lacking_and_ends_with_one(told: Path) -> None:
    code, said = run("proof", "--data", str(told), "--on", "2026-07-03")
    assert code == 1
    assert "1 of 2" in said
    assert "The account is deactivated." in said


def test_a_day_on_which_nothing_was_due_is_proved_too(told: Path) -> None:
    assert run("proof", "--data", str(told), "--on", "2026-06-20")[0] == 0


@pytest.fixture
def ahead(tmp_path: Path) -> Path:
    """A data folder in which three reminders wait for the same far day, and one for the day after."""
    store = open_store(tmp_path)
    day = Day(datetime(2091, 6, 15, 2, tzinfo=UTC), store)
    for owner, number, etd in ((ANA, "SO-1", 20), (ANA, "SO-2", 20), (BO, "SO-3", 20), (BO, "SO-4", 21)):
        line = ShipmentLine(number, "FaceGate 300", "DE", date(2091, 9, etd), "", owner.id, "yes")
        add_shipments(day.desk, [line], ANA, day.now)
    store.close()
    return tmp_path


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_a_day_ahead_it_tells_what_is_planned_and_that_nothing_went_out_yet(
        ahead: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    desk = tmp_path / "config" / "bot.yaml"
    desk.write_text(desk.read_text(encoding="utf-8").replace("language: en", f"language: {lang}"), encoding="utf-8")
    monkeypatch.setenv("FILINGDESK_CONFIG", str(tmp_path / "config"))
    words = make_desk().words
    day = date(2091, 9, 19)  # a Wednesday: the day before three of them leave
    code, said = run("proof", "--data", str(ahead), "--on", day.isoformat())
    assert code == 0
    assert words.say(lang, "proof.ahead", n=3, day=words.day(lang, day)) in said
    assert words.say(lang, "proof.ahead.line", to="Ana", n=2) in said
    empty = date(2091, 8, 1)
    code, said = run("proof", "--data", str(ahead), "--on", empty.isoformat())
    assert (code, said.strip()) == (0, words.say(lang, "proof.ahead.none", day=words.day(lang, empty)))


def test_a_format_that_does_not_exist_is_told(told: Path) -> None:
    assert run("list", "--data", str(told), "--format", "xml")[0] == 2

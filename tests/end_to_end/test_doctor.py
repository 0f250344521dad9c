"""`filingdesk doctor` beside a local Slack and Jira: each line is ok, or what is wrong, why it matters, how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.adapters.storage import open_store
from bot.cli import app
from bot.sandbox.jira_options import CustomField, JiraUser
from tests.end_to_end.beside import JIRA_TOKEN, Street, silent_about_tokens, street

OFFICE = CustomField("customfield_10060", "Office", "option", ("Shenzhen", "Guangzhou"))
NUMBER = CustomField("customfield_10061", "Cost centre", "number")


class Doctor:
    """The command, with this environment; its lines that ask for something."""

    def __init__(self, there: Street, monkeypatch: pytest.MonkeyPatch) -> None:
        self.there = there
        for name, value in there.environment.items():
            monkeypatch.setenv(name, value)

    def wrong(self) -> list[str]:
        ended = CliRunner().invoke(app, ["doctor"], env={"COLUMNS": "1000"})
        lines = [line for line in ended.output.splitlines() if line.startswith("[FAIL]")]
        assert ended.exit_code == (1 if lines else 0), ended.output
        assert silent_about_tokens(ended.output)
        return lines

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.there.folder / "config" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Doctor]]:
    opened: list[Any] = []

    def call(**options: Any) -> Doctor:
        place = street(tmp_path, **options)
        opened.append(place)
        monkeypatch.chdir(tmp_path)
        return Doctor(place.__enter__(), monkeypatch)

    yield call
    for place in opened:
        place.__exit__(None, None, None)


def the_one(lines: list[str], about: str) -> str:
    """The only line, and it is about this."""
    assert len(lines) == 1, "\n".join(lines)
    assert about in lines[0]
    return lines[0]


def test_all_is_well_where_all_is_set(called: Callable[..., Doctor]) -> None:
    assert called(socket_mode=True).wrong() == []


@pytest.mark.parametrize("flavour", ["cloud", "server"])
def test_required_fields_of_both_types_are_named_with_what_they_take_and_the_line_mends_it(
        called: Callable[..., Doctor], monkeypatch: pytest.MonkeyPatch, flavour: str) -> None:
    needed = (OFFICE.id, NUMBER.id, "components")
    doctor = called(flavour=flavour, custom_fields=(OFFICE, NUMBER), required={"EXP": needed})
    if flavour == "server":
        monkeypatch.setenv("JIRA_PAT", JIRA_TOKEN)
        monkeypatch.setenv("JIRA_API_TOKEN", "")
    lines = doctor.wrong()
    for kind in ("Task", "Sub-task"):
        assert len([line for line in lines if f"EXP, {kind}: requires" in line]) == 3
    office = next(line for line in lines if OFFICE.id in line)
    assert "it takes Shenzhen, Guangzhou" in office
    written = dict.fromkeys(line for text in lines for line in re.findall(r"the line `( +[^`]+)`", text))
    doctor.edit("bot.yaml", "  fields: {}\n", "  fields:\n" + "".join(f"{line}\n" for line in written if line.startswith("    ")))
    doctor.edit("bot.yaml", "  components: []\n", "".join(f"{line}\n" for line in written if not line.startswith("    ")))
    assert [line for line in doctor.wrong() if "requires" in line] == []


def test_a_field_the_project_does_not_have_is_named_before_a_ticket_fails(called: Callable[..., Doctor]) -> None:
    doctor = called()
    doctor.edit("bot.yaml", "  fields: {}\n", "  fields: {customfield_10099: High}\n")
    assert "Put it on the screen, or take it out" in the_one(doctor.wrong(), "fills customfield_10099")


def test_a_project_that_does_not_exist_is_said_with_what_to_write(called: Callable[..., Doctor]) -> None:
    doctor = called()
    doctor.edit("bot.yaml", "project: EXP", "project: GONE")
    assert "Correct jira: project: in config/bot.yaml" in the_one([line for line in doctor.wrong() if "project" in line], "GONE")


def test_an_issue_type_that_does_not_exist_is_said_with_what_to_write(called: Callable[..., Doctor]) -> None:
    doctor = called()
    doctor.edit("bot.yaml", "issue_type: Task", "issue_type: Filing")
    assert "jira: issue_type:" in the_one(doctor.wrong(), "no issue type named Filing")


def test_a_permission_that_lacks_is_named_with_what_fails_without(called: Callable[..., Doctor]) -> None:
    line = the_one(called(denied=("TRANSITION_ISSUES",)).wrong(), "TRANSITION_ISSUES")
    assert "a task done in Slack would stay open in Jira" in line


def test_people_jira_does_not_know_are_listed_until_their_account_is_written_down(called: Callable[..., Doctor]) -> None:
    ken = JiraUser("5f-ken", "Ken Liu", "ken.liu@elsewhere.example.com", "ken")
    doctor = called(users=(ken,))
    lines = [line for line in doctor.wrong() if "in Jira" in line]
    assert len(lines) == 12
    assert "config/people.yaml" in next(line for line in lines if "ken@example.com" in line)
    doctor.edit("people.yaml", "email: ken@example.com\n", "email: ken@example.com\n    jira: 5f-ken\n")
    doctor.edit("people.yaml", "email: mei@example.com\n", "email: mei@example.com\n    jira: 5f-nobody\n")
    lines = [line for line in doctor.wrong() if "in Jira" in line]
    assert not [line for line in lines if "ken@example.com" in line]
    assert "no account 5f-nobody" in next(line for line in lines if "mei@example.com" in line)


def test_an_expired_token_of_jira_is_said(called: Callable[..., Doctor], monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = called()
    monkeypatch.setenv("JIRA_API_TOKEN", "out-of-date")
    assert "set a fresh one" in the_one(doctor.wrong(), "does not accept the bot's sign-in")


def test_an_expired_token_of_slack_is_said(called: Callable[..., Doctor], monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = called()
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-out-of-date")
    assert "current SLACK_BOT_TOKEN" in the_one(doctor.wrong(), "does not accept the bot token")


def test_an_app_token_that_does_not_work_is_said(called: Callable[..., Doctor], monkeypatch: pytest.MonkeyPatch) -> None:
    doctor = called(socket_mode=True)
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-out-of-date")
    assert "connections:write" in the_one(doctor.wrong(), "Slack app token")


def test_a_scope_that_was_not_granted_is_named(called: Callable[..., Doctor]) -> None:
    doctor = called()
    doctor.edit("manifest.json", '"chat:write",', '"chat:write", "pins:write",')
    assert "install it again" in the_one(doctor.wrong(), "missing pins:write")


def test_a_watch_channel_nobody_knows_is_said(called: Callable[..., Doctor]) -> None:
    doctor = called()
    doctor.edit("bot.yaml", '"#compliance"', '"#complaince"')
    assert "would reach nobody" in the_one(doctor.wrong(), "#complaince")


def test_a_person_slack_does_not_know_and_a_clock_that_differs_are_said(called: Callable[..., Doctor]) -> None:
    doctor = called()
    doctor.edit("people.yaml", "email: tom@example.com\n", "email: tom@example.com\n    zone: Asia/Kolkata\n")
    doctor.edit("people.yaml", "email: ana@example.com\n", "email: anna@example.com\n")
    lines = doctor.wrong()
    assert any("anna@example.com (PM): is nobody in this Slack workspace" in line for line in lines)
    assert any("config/people.yaml says Asia/Kolkata, Slack says Europe/Berlin" in line for line in lines)


def test_what_was_not_delivered_is_listed_with_its_reason(called: Callable[..., Doctor]) -> None:
    doctor = called()
    store = open_store(Path(doctor.there.environment["FILINGDESK_DATA"]))
    with store.transaction() as tx:
        tx.put("outbox", {"id": "ticket:F-1", "filing": "F-1", "subject": "F-1", "state": "waiting", "tries": 1,
                          "error": "own", "mistake": "KeyError at filings.py:7"})
        tx.put("outbox", {"id": "show:filing:F-2", "subject": "F-2", "state": "failed", "tries": 0, "error": "It is archived."})
    store.close()
    lines = doctor.wrong()
    assert any("ticket:F-1" in line and "KeyError at filings.py:7" in line for line in lines)
    assert any("show:filing:F-2" in line and "It is archived." in line for line in lines)

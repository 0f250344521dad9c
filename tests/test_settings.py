"""What the environment says: read under the documented names, secrets never shown, what is missing told in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadSettings
from bot.settings import Settings, data_folder, load_settings

SECRETS = {"SLACK_BOT_TOKEN": "xoxb-hidden-1", "SLACK_APP_TOKEN": "xapp-hidden-2", "SLACK_SIGNING_SECRET": "hidden-3",
           "JIRA_API_TOKEN": "hidden-4", "JIRA_PAT": "hidden-5", "FILINGDESK_JIRA_WEBHOOK_SECRET": "hidden-6",
           "FILINGDESK_ERP_TOKEN": "hidden-7"}
OPEN = {"SLACK_API_URL": "http://127.0.0.1:9/api/", "JIRA_URL": "https://jira.example.com", "JIRA_EMAIL": "ana@example.com",
        "FILINGDESK_DATA": "kept-here", "FILINGDESK_RULESETS": "own-rules", "FILINGDESK_CONFIG": "own-config",
        "FILINGDESK_URL": "https://desk.example.com", "FILINGDESK_HOST": "127.0.0.2",
        "FILINGDESK_PORT": "9001", "FILINGDESK_JIRA_CA": "ca.pem"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*SECRETS, *OPEN):
        monkeypatch.delenv(name, raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_every_setting_is_read_under_its_documented_name(monkeypatch: pytest.MonkeyPatch) -> None:
    read = loaded(monkeypatch, **SECRETS, **OPEN)
    secrets = (read.slack_bot_token, read.slack_app_token, read.slack_signing_secret, read.jira_api_token, read.jira_pat,
               read.jira_webhook_secret, read.erp_token)
    assert [secret.get_secret_value() for secret in secrets] == list(SECRETS.values())
    assert (read.slack_api_url, read.jira_url, read.jira_email) == tuple(OPEN.values())[:3]
    assert (read.data, read.rulesets, read.config) == (Path("kept-here"), Path("own-rules"), Path("own-config"))
    assert (read.host, read.port, read.ca_file, read.url) == ("127.0.0.2", 9001, "ca.pem", "https://desk.example.com")


def test_every_name_in_the_example_file_is_a_setting() -> None:
    lines = (data_folder("config") / "env.example").read_text(encoding="utf-8").splitlines()
    named = {line.lstrip("#").partition("=")[0] for line in lines if "=" in line and not line.startswith("# ")}
    assert named <= {*SECRETS, *OPEN}
    assert set(SECRETS) <= named


def test_with_nothing_set_the_shipped_folders_and_loopback_are_used() -> None:
    read = load_settings()
    assert (read.data, read.host, read.slack_api_url) == (Path(".filingdesk"), "127.0.0.1", "https://slack.com/api/")
    assert (read.rulesets / "cn-cac-agents").is_dir()
    assert (read.config / "bot.yaml").is_file()


def test_a_dot_env_file_is_read_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("SLACK_BOT_TOKEN=xoxb-file\nSLACK_APP_TOKEN=xapp-file\nFILINGDESK_PORT=9002\nUNRELATED=1\n")
    read = loaded(monkeypatch, SLACK_BOT_TOKEN="xoxb-environment")
    assert read.slack_bot_token.get_secret_value() == "xoxb-environment"
    assert read.slack_app_token.get_secret_value() == "xapp-file"
    assert read.port == 9002


def test_a_dot_env_file_that_is_no_text_is_told() -> None:
    Path(".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe\n")
    with pytest.raises(BadSettings, match=r"\.env is not UTF-8 text"):
        load_settings()


def test_no_secret_shows_in_a_print_or_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    read = loaded(monkeypatch, **SECRETS)
    assert "hidden" not in f"{read} {read!r} {read.model_dump()} {read.model_dump_json()}"


def test_no_secret_shows_in_what_is_said_of_a_bad_value(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSettings) as caught:
        loaded(monkeypatch, **SECRETS, FILINGDESK_PORT="hidden-port", JIRA_URL="hidden-url")
    assert str(caught.value) == (
        "These settings cannot be used:\nJIRA_URL: write an address that begins with https://\n"
        "FILINGDESK_PORT: Input should be a valid integer, unable to parse string as an integer")


def test_a_token_pasted_with_spaces_and_a_line_end_is_trimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(monkeypatch, SLACK_BOT_TOKEN=" xoxb-1\n").slack_bot_token.get_secret_value() == "xoxb-1"


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded(monkeypatch).host = "0.0.0.0"  # type: ignore[misc]


SLACK = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize(
    ("environment", "beginnings"),
    [
        ({}, ["SLACK_BOT_TOKEN is not set", "Neither SLACK_APP_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["Neither SLACK_APP_TOKEN"]),
        ({"SLACK_APP_TOKEN": "xapp-1"}, ["SLACK_BOT_TOKEN is not set"]),
        (SLACK, []),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, []),
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xoxb-1"},
         ["SLACK_BOT_TOKEN is another kind of token", "SLACK_APP_TOKEN is another kind of token"]),
        (SLACK | {"JIRA_URL": "https://jira.example.com"}, ["JIRA_URL is set, but neither"]),
        (SLACK | {"JIRA_URL": "https://jira.example.com", "JIRA_EMAIL": "a@example.com"}, ["JIRA_URL is set, but neither"]),
        (SLACK | {"JIRA_URL": "https://jira.example.com", "JIRA_EMAIL": "a@example.com", "JIRA_API_TOKEN": "t"}, []),
        (SLACK | {"JIRA_URL": "https://jira.example.com", "JIRA_PAT": "t"}, []),
        (SLACK | {"JIRA_PAT": "t"}, ["A Jira token is set, but not JIRA_URL"]),
    ],
)
def test_what_is_missing_to_run_is_told_in_sentences(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], beginnings: list[str]
) -> None:
    said = loaded(monkeypatch, **environment).missing_to_run()
    assert [sentence.startswith(beginning) for sentence, beginning in zip(said, beginnings, strict=True)] == [True] * len(said)
    assert all(sentence.endswith(".") for sentence in said)
    assert not any(secret in " ".join(said) for secret in environment.values() if "-1" in secret)

"""`filingdesk run` as a process of its own: what it says when it cannot start, and that it stays up and recovers when it can."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.beside import silent_about_tokens, street, until
from tests.end_to_end.houses import clean_environment
from tests.end_to_end.town import Town, button, say, words

ETD = date.today() + timedelta(days=300)
QUESTION = f"FaceGate 300 with auto-unlock to Hamburg, ETD {ETD}, filing?"
IN_SCOPE = say("verdict.in_scope")


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`filingdesk run`, expected to end by itself."""
    return subprocess.run([sys.executable, "-m", "bot", "run"], cwd=folder, env=clean_environment() | environment, check=False,
                          capture_output=True, text=True, timeout=60)


def answered(town: Town, start: str, seconds: float = 20) -> list[dict[str, Any]]:
    """The answers to a question, waited for."""
    return list(until(lambda: [one for one in town.answers("#sales", start) if IN_SCOPE in words(one)], seconds))


def pressed(town: Town, answer: dict[str, Any]) -> bool:
    """Press Open filing as a person does: again, if Slack shows a warning sign beside the button."""
    body = {"user": "tom", "channel": "#sales", "ts": answer["ts"], "action_id": button(answer, "open_filing")["action_id"]}
    return town.http.post(f"{town.url}/sandbox/slack/click", json=body, timeout=20).status_code == 200


def opened(town: Town, answer: dict[str, Any]) -> dict[str, Any]:
    """The form behind Open filing; pressed again where nothing opened in time: Slack takes a form for three seconds only."""
    until(lambda: pressed(town, answer))
    for _ in range(3):
        with suppress(AssertionError):
            return dict(until(lambda: town.get("slack/view", user="tom")["view"], 5))
        until(lambda: pressed(town, answer))
    return dict(until(lambda: town.get("slack/view", user="tom")["view"]))


def test_what_is_missing_is_listed_in_one_message(tmp_path: Path) -> None:
    ended = run(tmp_path, JIRA_URL="http://127.0.0.1:9")
    said = ended.stdout + ended.stderr
    assert ended.returncode == 2
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "JIRA_API_TOKEN", "JIRA_PAT"):
        assert name in said
    assert "Traceback" not in said
    assert not (tmp_path / ".filingdesk").exists()


def test_a_busy_port_and_a_busy_folder_are_told_in_a_sentence(tmp_path: Path) -> None:
    with street(tmp_path) as there, there.bot() as first:
        first.wait()
        busy = run(tmp_path, **(there.environment | {"FILINGDESK_PORT": "0"}))
        assert busy.returncode == 2
        assert "data folder" in busy.stdout + busy.stderr
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            ended = run(tmp_path, **(there.environment | {"FILINGDESK_PORT": port, "FILINGDESK_DATA": str(tmp_path / "other")}))
        said = ended.stdout + ended.stderr
        assert ended.returncode == 2
        assert f"Port {port}" in said
        assert silent_about_tokens(said + busy.stdout + busy.stderr)
        assert "Traceback" not in said + busy.stdout + busy.stderr


def test_it_answers_opens_filings_and_follows_the_board(tmp_path: Path) -> None:
    with street(tmp_path) as there, there.bot() as bot:
        bot.wait()
        start = there.town.say("tom", "#sales", f"<@U0FILINGDESK> {QUESTION}")
        answer = answered(there.town, start)[0]
        there.town.press("tom", answer, "open_filing")
        view = until(lambda: there.town.get("slack/view", user="tom")["view"])
        assert there.town.fill("tom", view)["ok"]
        until(lambda: len(there.town.issues()) == 28, 30)
        key = there.town.tickets()[0]["key"]
        until(lambda: key in words(there.town.answers("#sales", start)[-1]))
        there.town.transition(there.town.subtasks(key)[0]["key"], "done")
        until(lambda: "1 of 27" in words(there.town.answers("#sales", start)[-1]), 20)
        assert bot.stop() == 0
        assert silent_about_tokens(bot.said())
        assert "Traceback" not in bot.said()


def test_jiras_webhook_wakes_the_look_at_a_ticket_long_before_the_next_poll(tmp_path: Path) -> None:
    with street(tmp_path) as there:
        settings = tmp_path / "config" / "bot.yaml"
        settings.write_text(settings.read_text("utf-8").replace("poll_seconds: 1", "poll_seconds: 840"), "utf-8")
        with there.bot(FILINGDESK_JIRA_WEBHOOK_SECRET="webhook-secret-of-a-test") as bot:
            bot.wait()
            start = there.town.say("tom", "#sales", f"<@U0FILINGDESK> {QUESTION}")
            there.town.press("tom", answered(there.town, start)[0], "open_filing")
            assert there.town.fill("tom", until(lambda: there.town.get("slack/view", user="tom")["view"]))["ok"]
            until(lambda: len(there.town.issues()) == 28, 30)
            key = there.town.tickets()[0]["key"]
            until(lambda: key in words(there.town.answers("#sales", start)[-1]))
            there.town.post("jira/webhook", url=f"http://127.0.0.1:{there.port}/jira/webhook", secret="webhook-secret-of-a-test")
            there.town.transition(there.town.subtasks(key)[0]["key"], "done")
            until(lambda: "1 of 27" in words(there.town.answers("#sales", start)[1]), 20)
            assert "webhook-secret-of-a-test" not in bot.said()


def test_socket_mode_tells_the_same_story_and_reconnects_after_a_break(tmp_path: Path) -> None:
    with street(tmp_path, socket_mode=True) as there, there.bot() as bot:
        bot.wait()
        until(lambda: there.town.get("state")["slack"]["connected"], 20)
        first = there.town.say("tom", "#sales", f"<@U0FILINGDESK> {QUESTION}")
        answer = answered(there.town, first)[0]
        there.town.trouble("slack", "disconnect", match="SOCKET")
        second = there.town.say("tom", "#sales", f"<@U0FILINGDESK> {QUESTION}")
        assert len(answered(there.town, second)) == 1
        there.town.post("slack/refresh")
        view = opened(there.town, answer)
        assert there.town.fill("tom", view)["ok"]
        until(lambda: len(there.town.issues()) == 28, 30)
        assert len(answered(there.town, first)) == 1
        assert silent_about_tokens(bot.said())


@pytest.mark.parametrize("setting", [{"SLACK_BOT_TOKEN": "xoxb-wrong-token"}, {"SLACK_API_URL": "http://127.0.0.1:9/api/"}])
def test_a_wrong_token_or_an_absent_slack_is_said_and_survived(tmp_path: Path, setting: dict[str, str]) -> None:
    with street(tmp_path) as there:
        with there.bot(**setting) as bot:
            bot.wait()
            until(lambda: "Slack" in bot.said().partition("runs.")[2])
            start = there.town.say("tom", "#sales", f"<@U0FILINGDESK> {QUESTION}")
            assert bot.answers()
            assert there.town.answers("#sales", start) == []
            assert "Traceback" not in bot.said()
            assert silent_about_tokens(bot.said())
            assert "xoxb-wrong-token" not in bot.said()
            bot.kill()
        with there.bot() as mended:
            mended.wait()
            assert len(answered(there.town, start, 40)) == 1  # what was acknowledged is answered once Slack is there


@pytest.mark.parametrize("setting", [{"JIRA_API_TOKEN": "a-wrong-token"}, {"JIRA_URL": "http://127.0.0.1:9/jira"}])
def test_a_wrong_token_or_an_absent_jira_is_said_in_the_filing_and_mended_later(tmp_path: Path, setting: dict[str, str]) -> None:
    with street(tmp_path) as there:
        with there.bot(**setting) as bot:
            bot.wait()
            start = there.town.say("tom", "#sales", f"<@U0FILINGDESK> {QUESTION}")
            there.town.press("tom", answered(there.town, start)[0], "open_filing")
            view = until(lambda: there.town.get("slack/view", user="tom")["view"])
            assert there.town.fill("tom", view)["ok"]
            said = until(lambda: [words(one) for one in there.town.answers("#sales", start) if "Jira" in words(one)], 30)
            assert len(said) == 1
            assert bot.answers()
            assert "Traceback" not in bot.said()
            assert "a-wrong-token" not in bot.said() + said[0]
            bot.kill()
        with there.bot() as mended:
            mended.wait()
            until(lambda: len(there.town.issues()) == 28, 60)  # a restart tries what was refused once more
            until(lambda: there.town.tickets()[0]["key"] in words(there.town.answers("#sales", start)[-1]))

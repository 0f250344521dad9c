"""A local Slack and Jira in this process, and `filingdesk run` beside them as a process of its own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.jira_board import board, jira_drive_routes
from bot.sandbox.jira_options import JiraOptions, JiraUser
from bot.sandbox.jira_routes import jira_routes
from bot.sandbox.seed import COMPANY, PEOPLE
from bot.sandbox.server import JiraSide, SlackSettings, sandbox_app
from bot.sandbox.shelf import Shelf
from tests.end_to_end.houses import ROOT, Spawned, spawned
from tests.end_to_end.town import Town, until
from tests.servers import free_port, running

SECRET, BOT_TOKEN, APP_TOKEN = "signing-secret-of-a-test", "xoxb-token-of-a-test", "xapp-token-of-a-test"
JIRA_EMAIL, JIRA_TOKEN = "filingdesk@example.com", "jira-token-of-a-test"
TOKENS = (SECRET, BOT_TOKEN, APP_TOKEN, JIRA_TOKEN)


class Elsewhere:
    """The bot runs in another process and on the machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def next_due(self) -> None:
        return None

    def travel(self, to: datetime) -> None:
        raise AssertionError("the machine's clock cannot be moved")

    def settle(self) -> None:
        """Nobody can tell from here."""


@dataclass
class Street:
    """The two services, and how to start the bot that uses them."""

    town: Town
    folder: Path
    port: int
    faults: Faults
    environment: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def bot(self, **changed: str) -> Iterator[Spawned]:
        """`filingdesk run`, not yet answering."""
        with spawned(["run"], self.folder, self.environment | changed, self.port) as process:
            yield process


@contextmanager
def street(folder: Path, *, socket_mode: bool = False, port: int | None = None, **jira_options: Any) -> Iterator[Street]:
    """Slack and Jira without a bot; the bot's data and settings are in `folder`, `jira_options` are of JiraOptions."""
    bot_port, shelf, faults, here = free_port(), Shelf(), Faults(), port or free_port()
    url = f"http://127.0.0.1:{here}"
    people = tuple(JiraUser(f"5f-{one['name']}", one["real_name"], one["email"], one["name"], one["tz"]) for one in PEOPLE)
    users = (JiraUser("5f-bot", "Filing Desk", JIRA_EMAIL), *people)
    options = JiraOptions(**({"users": users} | jira_options))
    routes = jira_routes(shelf, faults, Elsewhere().now, base_url=f"{url}/jira", email=JIRA_EMAIL, token=JIRA_TOKEN,
                         options=options)
    jira = JiraSide(routes, jira_drive_routes(shelf, Elsewhere().now), lambda: {"issues": board(shelf)})
    slack = SlackSettings(SECRET, BOT_TOKEN, APP_TOKEN, None if socket_mode else f"http://127.0.0.1:{bot_port}/slack/events",
                          retry_delays=(0.3, 0.5, *[1.0] * 40))
    app = sandbox_app(shelf, faults, Elsewhere(), slack_settings=slack, jira=jira, seed=COMPANY)
    with running(app, here) as base:
        yield Street(Town(base), folder, bot_port, faults, _environment(base, folder, socket_mode=socket_mode))


def _environment(base: str, folder: Path, *, socket_mode: bool) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{base}/slack/api/",
            "JIRA_URL": f"{base}/jira", "JIRA_EMAIL": JIRA_EMAIL, "JIRA_API_TOKEN": JIRA_TOKEN,
            "FILINGDESK_DATA": str(folder / "data"), "FILINGDESK_CONFIG": str(quick_config(folder)),
            **({"SLACK_APP_TOKEN": APP_TOKEN} if socket_mode else {})}


def quick_config(folder: Path) -> Path:
    """The shipped settings, but with an impatient poll and the company's people in their roles."""
    there = folder / "config"
    if not there.exists():
        shutil.copytree(ROOT / "config", there)
        settings = (there / "bot.yaml").read_text("utf-8")
        settings = re.sub(r"poll_seconds: .*", "poll_seconds: 1", settings)
        (there / "bot.yaml").write_text(re.sub(r"search_lag_seconds: .*", "search_lag_seconds: 1", settings), "utf-8")
        known = [f"  - email: {one['email']}\n    role: {one['role']}\n" for one in PEOPLE if one["role"]]
        (there / "people.yaml").write_text("people:\n" + "".join(known), "utf-8")
    return there


def silent_about_tokens(said: str) -> bool:
    """Whether no secret stands in what a process printed."""
    return not any(token in said for token in TOKENS)


__all__ = ["Street", "silent_about_tokens", "street", "until"]

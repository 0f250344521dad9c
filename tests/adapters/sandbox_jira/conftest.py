"""A local Jira on a free port, its clock in the test's hands, every answer checked against Atlassian's document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from jira import JIRA
from requests.adapters import HTTPAdapter
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.sandbox.faults import Faults
from bot.sandbox.jira_board import board, jira_drive_routes
from bot.sandbox.jira_options import JiraOptions, JiraUser
from bot.sandbox.jira_routes import jira_routes
from bot.sandbox.shelf import Shelf
from tests.adapters.sandbox_jira.atlassian_contract import contract, specs
from tests.servers import running

MEI = JiraUser("712020:mei", "Mei Lin", "mei@example.com", "mei", "Asia/Shanghai")
TOM = JiraUser("712020:tom", "Tom Okafor", "tom@example.com", "tom", email_visible=False)
GONE = JiraUser("712020:gone", "Gina Gone", "gina@example.com", "gina", active=False)
PEOPLE = (MEI, TOM, GONE)
BOT, TOKEN = "bot@example.com", "a-token"
NOT_CHECKED = "CONTRACT NOT CHECKED: Atlassian's documents are neither in ../shared/specs nor in $FILINGDESK_SPECS"
_said: list[str] = []


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in _said:
        terminalreporter.write_line(line, red=True)


def document(*lines: str) -> dict[str, Any]:
    """A small document for v3."""
    paragraphs = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
    return {"type": "doc", "version": 1, "content": paragraphs}


@dataclass
class Hands:
    """A clock that moves when told."""

    at: datetime = datetime(2026, 12, 1, 8, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Running:
    """A local Jira under test."""

    root: str
    shelf: Shelf
    clock: Hands
    faults: Faults
    cloud: bool

    @property
    def url(self) -> str:
        return f"{self.root}/jira"

    def client(self, version: str = "3", token: str = TOKEN) -> JIRA:
        """The real client, as the bot configures it."""
        login: dict[str, Any] = {"basic_auth": (BOT, token)} if self.cloud else {"token_auth": token}
        return JIRA(self.url, options={"rest_api_version": version}, max_retries=0, timeout=5, **login)

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A bare request with the right credentials; `path` from /rest/ on."""
        if "headers" not in more:
            more |= {"auth": (BOT, TOKEN)} if self.cloud else {"headers": {"Authorization": f"Bearer {TOKEN}"}}
        return requests.request(method, self.url + path, json=body, timeout=5, **more)

    def drive(self, deed: str, **body: Any) -> requests.Response:
        """Play a person at the board."""
        return requests.post(f"{self.root}/sandbox/jira/{deed}", json=body, timeout=5)

    def create(self, summary: str = "Filing", **fields: Any) -> str:
        """The key of a new task, or of a sub-task where `parent` is given."""
        if "parent" in fields:
            fields |= {"parent": {"key": fields["parent"]}, "issuetype": {"id": "10002"}}
        fields = {"project": {"key": "EXP"}, "issuetype": {"id": "10001"}, "summary": summary, **fields}
        answer = self.call("POST", "/rest/api/2/issue", {"fields": fields})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["key"])

    def board(self) -> list[dict[str, Any]]:
        return board(self.shelf)


@pytest.fixture(scope="session")
def ground() -> Iterator[tuple[Starlette, str]]:
    """One server for all local Jiras of a run, each under its own path."""
    app = Starlette()
    with running(app) as root:
        yield app, root


Serve = Callable[..., Running]


@pytest.fixture
def serve(ground: tuple[Starlette, str], monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Start local Jiras by `JiraOptions` fields; a Cloud's answers are held against Atlassian's document."""
    app, address = ground

    def start(shelf: Shelf | None = None, **options: Any) -> Running:
        chosen, kept, clock, faults = JiraOptions(**{"users": PEOPLE, **options}), shelf or Shelf(), Hands(), Faults()
        site = Running(f"{address}/{len(app.routes)}", kept, clock, faults, chosen.flavour == "cloud")
        routes = jira_routes(kept, faults, clock.now, base_url=site.url, email=BOT, token=TOKEN, options=chosen)
        inside = [Mount("/jira", routes=routes), Mount("/sandbox/jira", routes=jira_drive_routes(kept, clock.now))]
        app.router.routes.append(Mount(f"/{len(app.routes)}", routes=inside))
        if site.cloud:
            _watch(site, monkeypatch)
        return site

    return start


@pytest.fixture
def site(serve: Serve) -> Running:
    """A plain Cloud site."""
    return serve()


def _watch(site: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    if specs() is None:
        _said[:] = [NOT_CHECKED]
        return
    send = HTTPAdapter.send

    def watched(adapter: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        response = send(adapter, request, *args, **more)
        _, _, place = str(request.url).partition(f"{site.url}/rest/api/")
        if place[:2] in {"2/", "3/"}:
            contract(place[0]).check_answer(request, response)
        return response

    monkeypatch.setattr(HTTPAdapter, "send", watched)

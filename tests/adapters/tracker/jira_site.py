"""The sandbox's Jira, served over HTTP for a test, with the clock in the test's hand."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from bot.adapters.jira_tracker import JiraAccess
from bot.sandbox.faults import Faults
from bot.sandbox.jira_options import JiraOptions
from bot.sandbox.jira_routes import jira_routes
from bot.sandbox.shelf import Shelf

BOT = "bot@exporter.example.com"
TOKEN = "sandbox-token"
BROWSED_AT = "https://exporter.example.com"


@dataclass
class Hand:
    """A clock that moves when told."""

    at: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Site:
    """A running Jira: what it holds, how it misbehaves, how to sign in."""

    url: str
    clock: Hand
    is_cloud: bool
    shelf: Shelf = field(default_factory=Shelf)
    faults: Faults = field(default_factory=Faults)

    def access(self, **changes: object) -> JiraAccess:
        sign_in = {"email": BOT, "token": TOKEN} if self.is_cloud else {"pat": TOKEN}
        return JiraAccess(**({"url": self.url, "project": "EXP", "timeout": (2.0, 5.0)} | sign_in | changes))  # type: ignore[arg-type]

    def issues(self) -> list[dict]:
        return list(self.shelf.every("jira_issue"))


class Host:
    """One server for all tests; each gets a fresh Jira below a path of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._apps: dict[str, Starlette] = {}
        self._number = 0

    @contextmanager
    def jira(self, options: JiraOptions, clock: Hand) -> Iterator[Site]:
        """A fresh site until the block ends."""
        self._number += 1
        root = f"/{self._number}/jira"
        site = Site(self.address + root, clock, options.flavour == "cloud")
        routes = jira_routes(site.shelf, site.faults, clock.now, base_url=BROWSED_AT, email=BOT, token=TOKEN, options=options)
        self._apps[root] = Starlette(routes=[Mount(root, routes=routes)])
        try:
            yield site
        finally:
            del self._apps[root]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps["/".join(scope["path"].split("/")[:3])](scope, receive, send)


@contextmanager
def running_host() -> Iterator[Host]:
    """The server on a free port of this machine until the block ends."""
    # the protocol is named because asyncio else leaves Nagle's delay on: 40 ms an answer
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    host = Host(f"http://127.0.0.1:{listening.getsockname()[1]}")
    config = uvicorn.Config(host, log_level="error", ws="none", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    _wait_for(server)
    try:
        yield host
    finally:
        server.should_exit = True
        thread.join(5)
        listening.close()


def _wait_for(server: uvicorn.Server) -> None:
    for _ in range(500):
        if server.started:
            return
        time.sleep(0.01)
    raise AssertionError("the local Jira did not start")

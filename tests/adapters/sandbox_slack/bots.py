"""Small bots on the real Bolt, and a bench that stands in for the application, to try the local Slack with."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.routing import Route

from bot.sandbox.faults import Faults
from bot.sandbox.server import Sandbox, SlackSettings, sandbox_app
from bot.sandbox.shelf import Shelf
from tests.servers import free_port, running

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
SECRET, BOT_TOKEN, APP_TOKEN = "a-signing-secret", "xoxb-sandbox", "xapp-sandbox"


class CountingExecutor(ThreadPoolExecutor):
    """Bolt's listener executor, knowing when it is idle."""

    def __init__(self) -> None:
        super().__init__(max_workers=20)
        self.busy: set[Future[Any]] = set()
        self._changed = threading.Lock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        with self._changed:
            self.busy.add(future)
        future.add_done_callback(self.busy.discard)
        return future


@dataclass
class FakeBench:
    """A clock set by hand; settled when no listener of the bot is at work."""

    at: datetime = START
    due: datetime | None = None
    travelled: list[datetime] = field(default_factory=list)
    executor: CountingExecutor = field(default_factory=CountingExecutor)

    def now(self) -> datetime:
        return self.at

    def next_due(self) -> datetime | None:
        return self.due

    def travel(self, to: datetime) -> None:
        self.at = to
        self.travelled.append(to)

    def settle(self) -> None:
        deadline = time.monotonic() + 5
        while self.executor.busy and time.monotonic() < deadline:
            time.sleep(0.005)


@dataclass
class Office:
    """A running sandbox and the ways to reach it."""

    base_url: str
    bench: FakeBench
    faults: Faults
    shelf: Shelf
    app: Sandbox

    @property
    def client(self) -> WebClient:
        return WebClient(token=BOT_TOKEN, base_url=f"{self.base_url}/slack/api/", retry_handlers=[])

    def drive(self, what: str, **body: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.base_url}/sandbox/{what}", json=body, timeout=30)
        return answer.json() | {"status": answer.status_code}

    def look(self, what: str, **query: Any) -> dict[str, Any]:
        answer = requests.get(f"{self.base_url}/sandbox/{what}", params=query, timeout=30)
        return answer.json()

    def texts(self, channel: str) -> list[str]:
        return [message["text"] for message in self.look("slack/messages", channel=channel)["messages"]]

    def user_id(self, name: str) -> str:
        return self.app.state.slack.workspace.user(name)["id"]

    def channel_id(self, name: str) -> str:
        return self.app.state.slack.workspace.channel(name)["id"]

    def wait(self, happened: Callable[[], Any], seconds: float = 5.0) -> Any:
        deadline = time.monotonic() + seconds
        while not happened() and time.monotonic() < deadline:
            time.sleep(0.01)
        return happened()


@contextmanager
def office(
    events_url: str | None = None,
    path: Path | None = None,
    bench: FakeBench | None = None,
    port: int | None = None,
    **patience: Any,
) -> Iterator[Office]:
    """A sandbox with the invented company."""
    bench, faults, shelf = bench or FakeBench(), Faults(), Shelf(path)
    patient: dict[str, Any] = {"ack_seconds": 1.0, "retry_delays": (0.05, 0.1, 0.1), "socket_wait": 0.3} | patience
    settings = SlackSettings(SECRET, BOT_TOKEN, APP_TOKEN, events_url, **patient)
    app = sandbox_app(shelf, faults, bench, slack_settings=settings)
    with running(app, port) as base_url:
        yield Office(base_url, bench, faults, shelf, app)
    shelf.close()
    bench.executor.shutdown(wait=True)


def bolt(base_url: str, bench: FakeBench) -> App:
    """A Bolt app that talks to the sandbox."""
    client = WebClient(token=BOT_TOKEN, base_url=f"{base_url}/slack/api/", retry_handlers=[])
    return App(client=client, signing_secret=SECRET, listener_executor=bench.executor)


@contextmanager
def http_office(register: Callable[[App], None], **patience: Any) -> Iterator[Office]:
    """A sandbox with a Bolt app behind HTTP, each on its own port."""
    bot_port = free_port()
    with office(f"http://127.0.0.1:{bot_port}/slack/events", **patience) as here, listening(here, register, bot_port):
        yield here


@contextmanager
def listening(here: Office, register: Callable[[App], None], port: int) -> Iterator[None]:
    """A Bolt app behind HTTP on this port."""
    app = bolt(here.base_url, here.bench)
    register(app)
    door = Starlette(routes=[Route("/slack/events", SlackRequestHandler(app).handle, methods=["POST"])])
    with running(door, port):
        yield


@contextmanager
def socket_office(register: Callable[[App], None], **patience: Any) -> Iterator[Office]:
    """A sandbox with a Bolt app connected by Socket Mode."""
    with office(**patience) as here:
        app = bolt(here.base_url, here.bench)
        register(app)
        handler = SocketModeHandler(app, APP_TOKEN, web_client=app.client, ping_interval=0.3)
        handler.connect()
        here.wait(lambda: here.app.state.slack.sockets.connected)
        try:
            yield here
        finally:
            handler.close()

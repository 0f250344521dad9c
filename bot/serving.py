"""Serving over HTTP: the bot's own door for Slack, and the sandbox with its local Slack and Jira around the same bot."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackClientError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.adapters.system_clock import MovableClock
from bot.app import Bot, build_bot, http_routes, read_files
from bot.desk.outbox import stuck
from bot.domain.people import Member
from bot.domain.shipment import ShipmentLine
from bot.errors import BadSettings, ServiceError
from bot.flows.know_person import know_person
from bot.flows.watch_shipment import add_shipments
from bot.ports import Rows
from bot.sandbox.faults import Faults
from bot.sandbox.jira_board import board, jira_drive_routes
from bot.sandbox.jira_options import JiraOptions, JiraUser
from bot.sandbox.jira_routes import jira_routes
from bot.sandbox.seed import COMPANY, EMPTY, SHIPMENTS
from bot.sandbox.server import JiraSide, SlackSettings, sandbox_app
from bot.sandbox.shelf import Shelf
from bot.settings import Settings, load_settings
from handlers.jira_door import webhook_routes

log = structlog.get_logger(__name__)

PING_SECONDS = 2
"""Slack's default of 10 takes 43–58 s to notice a dead Socket Mode connection; 2 takes about 2 s."""
LOOK_SECONDS = 0.5
RECONNECT_SECONDS = (1, 2, 5, 15, 30)
EMAIL, JIRA_TOKEN, ERP_TOKEN = "filingdesk@example.com", "sandbox-jira-token", "sandbox-erp-token"
SLACK = SlackSettings(signing_secret="sandbox-signing", bot_token="xoxb-sandbox", app_token="xapp-sandbox")  # noqa: S106 - as above
STEPS, TRAVEL_SECONDS = 5000, 300.0


def bot_app(bot: Bot, webhook_secret: str = "") -> Starlette:
    """The bot's HTTP door: Slack's requests, Jira's webhook where it has a secret, health, metrics."""

    async def health(_request: Request) -> Response:
        return JSONResponse({"ok": bot.ticker.alive(), "stuck": stuck_rows(bot.store)},
                            status_code=200 if bot.ticker.alive() else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    jira = webhook_routes(webhook_secret, bot.hear_tracker)
    return Starlette(routes=[*http_routes(bot), *jira, Route("/healthz", health), Route("/metrics", metrics)])


def stuck_rows(rows: Rows) -> list[dict[str, Any]]:
    """What is not delivered, without a word of its content: /healthz asks for no sign-in."""
    return [{"what": row["id"], "state": row["state"], "tries": row["tries"], "mistake": row.get("mistake", "")}
            for row in stuck(rows)]


def serve_bot(bot: Bot, settings: Settings) -> None:
    """Run until stopped: Socket Mode with an app token, HTTP otherwise; health is served either way."""
    door = listening(settings.host, settings.port)
    line = socket_line(bot, settings.slack_app_token.get_secret_value())
    bot.start()
    try:
        _run(http_server(bot_app(bot, settings.jira_webhook_secret.get_secret_value())), door)
    finally:
        if line:
            line.close()
        bot.stop()


def socket_line(bot: Bot, app_token: str) -> SocketModeHandler | None:
    """A Socket Mode connection that is made in the background and made again; None without an app token."""
    if not app_token:
        return None
    line = SocketModeHandler(bot.bolt, app_token, ping_interval=PING_SECONDS)
    threading.Thread(target=_connect, args=(line,), name="socket-mode", daemon=True).start()
    return line


def _connect(line: SocketModeHandler) -> None:
    for attempt in range(100_000):
        try:
            line.connect()
        except (SlackClientError, OSError) as error:
            log.warning("Slack's Socket Mode is not reached; trying again", error=type(error).__name__)
            time.sleep(RECONNECT_SECONDS[min(attempt, len(RECONNECT_SECONDS) - 1)])
        else:
            return _hang_up_when_broken(line)
    return None


def _hang_up_when_broken(line: SocketModeHandler) -> None:
    """After one failed ping, so that the client makes a new connection; by itself slack_sdk waits for five."""
    while not line.client.closed:
        time.sleep(LOOK_SECONDS)
        session = line.client.current_session
        if session is not None and session.consecutive_check_state_error_count:
            line.client.disconnect()


def listening(host: str, port: int) -> socket.socket:
    """A bound socket; BadSettings when the port is taken."""
    # IPPROTO_TCP is named, or uvicorn leaves Nagle's algorithm on: 40 ms a request.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError:
        door.close()
        raise BadSettings(f"Port {port} on {host} is in use; stop what uses it or choose another with --port.") from None
    return door


class _HttpServer(uvicorn.Server):
    """Hangs up on whoever is still connected at the end: uvicorn waits a second for them and then leaves the lines open."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, and then no line is left."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            if connection.transport:
                connection.transport.abort()
        await asyncio.sleep(0)  # the loop lets go of them in its next round


def http_server(app: Starlette) -> uvicorn.Server:
    """A server of our own, without an access log: the addresses of calendars are secret."""
    return _HttpServer(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1,
                                      ws="websockets-sansio"))


def _run(server: uvicorn.Server, door: socket.socket) -> None:
    with suppress(KeyboardInterrupt):
        server.run(sockets=[door])


# ── the sandbox ────────────────────────────────────────────────────────────────────────────────────


@dataclass
class SandboxBench:
    """What the sandbox moves and waits for: the clock and the bot."""

    clock: MovableClock
    bot: Bot
    shelf: Shelf

    def now(self) -> datetime:
        """The sandbox's present (UTC)."""
        return self.clock.now()

    def next_due(self) -> datetime | None:
        """When the bot does something next."""
        return self.bot.next_due()

    def settle(self) -> None:
        """Wait until the bot has nothing to do now."""
        self.bot.settle()

    def travel(self, to: datetime) -> None:
        """Go to an instant from one due moment to the next, as time would; at most five minutes of real time."""
        end = time.monotonic() + TRAVEL_SECONDS
        for _ in range(STEPS):
            due = self.bot.next_due()
            if due is None or due > to or time.monotonic() > end:
                break
            self._at(due)
        self._at(to)

    def _at(self, instant: datetime) -> None:
        self.clock.move_to(instant)
        self.bot.poll_now()  # what people moved on the board counts before anybody is reminded of it
        self.bot.settle()
        self.shelf.put("clock", "now", {"at": self.clock.now().isoformat()})


@dataclass(frozen=True)
class SandboxOptions:
    """How the sandbox starts: `at` an instant (UTC) or None for now, `data` a folder to keep or a fresh one."""

    port: int
    data: Path
    at: datetime | None = None
    empty: bool = False
    socket_mode: bool = False


class SandboxServer:
    """The local Slack, the local Jira, the page and the production bot between them, in one process."""

    def __init__(self, options: SandboxOptions) -> None:
        self.door = listening("127.0.0.1", options.port)
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self._options = options
        self.shelf, self.faults = Shelf(options.data / "world.jsonl"), Faults()
        self.clock = MovableClock(self._start_at())
        self.seed = EMPTY if options.empty else COMPANY
        self.bot = self._bot()
        self.line: SocketModeHandler | None = None
        self.ready = threading.Event()
        """Set once the bot works and the company's shipments are in."""
        self._server = http_server(self._app())

    def run(self) -> None:
        """Serve until stopped."""
        begin = threading.Thread(target=self._begin, name="begin", daemon=True)
        begin.start()
        try:
            _run(self._server, self.door)
        finally:
            begin.join(timeout=5)  # or it would start what is being stopped
            if self.line:
                self.line.close()
            self.bot.stop()
            self.shelf.close()

    def stop(self) -> None:
        """End `run`; for whoever runs it in a thread."""
        self._server.should_exit = True

    def _begin(self) -> None:
        """Once the server answers: connect, start the background work, put the company's shipments in."""
        self._wait_for_server()
        self.line = socket_line(self.bot, SLACK.app_token if self._options.socket_mode else "")
        self.bot.start()
        self.bot.met.wait(10)
        if not self._options.empty and self.shelf.get("seeded", "shipments") is None:
            with suppress(ServiceError):
                self._seed_shipments()
                self.shelf.put("seeded", "shipments", {"at": self.clock.now().isoformat()})
        self.bot.settle()  # what the shipments gave to say is said before anybody looks
        self.ready.set()

    def _wait_for_server(self) -> None:
        for _ in range(500):
            with suppress(OSError), socket.create_connection(self.door.getsockname(), timeout=0.2):
                return
            time.sleep(0.02)

    def _start_at(self) -> datetime | None:
        kept = self.shelf.get("clock", "now")
        there = datetime.fromisoformat(kept["at"]) if kept else None
        return max(filter(None, [there, self._options.at]), default=None)

    def _bot(self) -> Bot:
        settings = load_settings(**self._wiring(), _env_file=None)
        channel = "#compliance" if self.seed is COMPANY else ""
        files = read_files(settings, jira_poll=2.0, jira_search_lag=2.0, chat_pace=0.0, watch_channel=channel)
        roles = tuple(Member(user["email"], user["role"]) for user in self.seed["users"] if user.get("role"))
        return build_bot(settings, self.clock, replace(files, members=roles))

    def _wiring(self) -> dict[str, Any]:
        return {
            "slack_bot_token": SLACK.bot_token, "slack_signing_secret": SLACK.signing_secret, "slack_app_token": "",
            "slack_api_url": f"{self.url}/slack/api/", "jira_url": f"{self.url}/jira", "jira_email": EMAIL,
            "jira_api_token": JIRA_TOKEN, "jira_pat": "", "FILINGDESK_DATA": self._options.data,
            "FILINGDESK_ERP_TOKEN": ERP_TOKEN, "FILINGDESK_URL": self.url}

    def _app(self) -> Starlette:
        bench = SandboxBench(self.clock, self.bot, self.shelf)
        events = None if self._options.socket_mode else f"{self.url}/slack/events"
        routes = jira_routes(self.shelf, self.faults, self.clock.now, base_url=f"{self.url}/jira", email=EMAIL, token=JIRA_TOKEN,
                             options=JiraOptions(users=tuple(map(_jira_user, self.seed["users"]))))
        jira = JiraSide(routes, jira_drive_routes(self.shelf, self.clock.now), lambda: {"issues": board(self.shelf)})
        return sandbox_app(self.shelf, self.faults, bench, slack_settings=replace(SLACK, events_url=events), jira=jira,
                           bot_routes=http_routes(self.bot), seed=self.seed, offers=OFFERS, ready=self.ready.is_set)

    def _seed_shipments(self) -> None:
        today = self.clock.now().date()
        for number, product, market, days, customer, owner, autonomous in SHIPMENTS:
            user = self.bot.chat.user_by_email(f"{owner}@example.com") or ""
            by = know_person(self.bot.desk, self.bot.chat, self.bot.members, user, self.clock.now())
            line = ShipmentLine(number, product, market, today + timedelta(days=days), customer, user, autonomous)
            add_shipments(self.bot.desk, [line], by, self.clock.now())


def _jira_user(user: Mapping[str, Any]) -> JiraUser:
    """The people of the company are in both services, known to each other by e-mail; the bot signs in to Jira as itself."""
    if user.get("is_bot"):
        return JiraUser("5f-filing-desk", user["real_name"], EMAIL)
    return JiraUser(f"5f-{user['name']}", user["real_name"], user["email"], user["name"], user["tz"])


OFFERS = {"shortcuts": [
    {"callback_id": "compare_descriptions", "name": "Compare descriptions"},
    {"callback_id": "add_to_ticket", "name": "Add to Jira ticket"}], "commands": [
    {"command": "/scope", "usage_hint": "question, D-12 or compare FaceGate 300", "description": "Does the reported rule apply?"},
    {"command": "/filing", "usage_hint":
     "new | list late | F-1 | ship F-1 | timeline F-1 | export F-1 | retry | help", "description": "Filings and their tickets"},
    {"command": "/shipment", "usage_hint":
     "add … | list | unfiled | import | move | split | SO-1 sailed | cancel | replan | calendar | help",
     "description": "Shipments and ETDs"},
    {"command": "/lists", "usage_hint": "update | market | help", "description": "The market list"}]}

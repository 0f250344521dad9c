"""How events reach the bot: through its socket or as signed HTTP requests, again and again until it acknowledges."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlencode

import requests
from anyio import CapacityLimiter, to_thread

from bot.sandbox.faults import Faults
from bot.sandbox.shelf import Shelf, Thing
from bot.sandbox.slack_workspace import SlackSettings


@dataclass(frozen=True, slots=True)
class Ack:
    """What the bot answered: `body` is JSON, text or None; `reason` is Slack's word for why it did not answer."""

    ok: bool
    body: Any = None
    reason: str = ""
    no_retry: bool = False


class Socket(Protocol):
    """The Socket Mode side of a delivery."""

    @property
    def connected(self) -> bool:
        """Whether a client is there."""

    async def wait(self, seconds: float) -> bool:
        """Wait for a client; whether one is there."""

    async def send(self, kind: str, payload: Thing, attempt: int, reason: str) -> Ack:
        """One envelope and its acknowledgement."""

    def cut(self) -> None:
        """Break every connection."""


class Delivery:
    """Delivers to the bot; events are kept on the shelf until acknowledged or given up, so a kill loses none."""

    def __init__(self, settings: SlackSettings, shelf: Shelf, faults: Faults, socket: Socket) -> None:
        self.settings, self.shelf, self.faults, self.socket = settings, shelf, faults, socket
        self._tasks: set[asyncio.Task[Any]] = set()
        self._threads: CapacityLimiter | None = None
        self._http = requests.Session()
        self._http.trust_env = False  # a proxy in the environment has no business on the loopback

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Deliver in the background; `idle` waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self, seconds: float = 15.0) -> None:
        """Until nothing is under way, at most so long."""
        deadline = time.monotonic() + seconds
        while self._tasks and time.monotonic() < deadline:
            await asyncio.wait(set(self._tasks), timeout=0.5)

    async def stop(self) -> None:
        """Drop what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._http.close()

    def resume(self) -> None:
        """Take up the events a kill left unacknowledged."""
        for kept in self.shelf.every("undelivered"):
            self.spawn(self.event(kept))

    async def event(self, payload: Thing) -> bool:
        """Deliver one event, with Slack's three retries; whether it was acknowledged."""
        self.shelf.put("undelivered", payload["event_id"], payload)
        ack = await self._persist(payload)
        self.shelf.let_go("undelivered", payload["event_id"])  # a second delivery is what Slack does as well
        again = self.faults.meet("slack", f"EVENT {payload['event']['type']}", ("redeliver",)) if ack.ok else None
        if again:
            await self._attempt("events_api", payload, 1, "http_timeout")
        return ack.ok

    async def interact(self, kind: str, payload: Thing) -> Ack:
        """Deliver a slash command ("slash_commands") or an interaction ("interactive") once: Slack does not repeat those."""
        return await self._attempt(kind, payload, 0, "")

    async def _persist(self, payload: Thing) -> Ack:
        ack = await self._attempt("events_api", payload, 0, "")
        for attempt, delay in enumerate(self.settings.retry_delays, start=1):
            if ack.ok or ack.no_retry:
                break
            await asyncio.sleep(delay)
            ack = await self._attempt("events_api", payload, attempt, ack.reason)
        return ack

    async def _attempt(self, kind: str, payload: Thing, attempt: int, reason: str) -> Ack:
        if self.socket.connected and self.faults.meet("slack", f"SOCKET {kind}", ("disconnect",)):
            self.socket.cut()
        if not self.settings.events_url or self.socket.connected:
            if await self.socket.wait(self.settings.socket_wait):
                return await self.socket.send(kind, payload, attempt, reason)
            if not self.settings.events_url:
                return Ack(ok=False, reason="connection_failed")
        return await self._over_http(kind, payload, attempt, reason)

    async def _over_http(self, kind: str, payload: Thing, attempt: int, reason: str) -> Ack:
        body, content_type = _http_body(kind, payload)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (sandbox)"} | self._signature(body)
        headers["Connection"] = "close"  # a kept connection may die just when a click, never repeated, needs it
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        self._threads = self._threads or CapacityLimiter(32)
        return await to_thread.run_sync(partial(self._post, body, headers), limiter=self._threads)

    def _signature(self, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))  # the receiver compares it with the real time, whatever the sandbox's clock says
        signed = hmac.new(self.settings.signing_secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signed.hexdigest()}"}

    def _post(self, body: bytes, headers: dict[str, str]) -> Ack:
        try:
            answer = self._http.post(
                self.settings.events_url or "",
                data=body,
                headers=headers,
                timeout=self.settings.ack_seconds,
                allow_redirects=False,
            )
        except requests.Timeout:
            return Ack(ok=False, reason="http_timeout")
        except requests.RequestException:
            return Ack(ok=False, reason="connection_failed")
        no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
        return Ack(answer.status_code == 200, _answer_body(answer), "http_error", no_retry)


def _http_body(kind: str, payload: Thing) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands":
        return urlencode(payload).encode(), form
    if kind == "interactive":
        return urlencode({"payload": json.dumps(payload)}).encode(), form
    return json.dumps(payload).encode(), "application/json"


def _answer_body(answer: requests.Response) -> Any:
    if "json" in answer.headers.get("Content-Type", ""):
        try:
            return answer.json()
        except ValueError:
            return None
    return answer.text or None

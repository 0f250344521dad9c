"""Socket Mode: the WebSocket connections of the bot, the envelopes sent over them and their acknowledgements."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_delivery import Ack
from bot.sandbox.slack_workspace import SlackSettings

MOST_CONNECTIONS = 10
TICKETS_KEPT = 100


class Sockets:
    """The connected Socket Mode clients; an envelope goes to one of them, in turn."""

    def __init__(self, settings: SlackSettings) -> None:
        self.settings = settings
        self._open: list[WebSocket] = []
        self._tickets: list[str] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._turn = 0

    @property
    def connected(self) -> bool:
        """Whether a client is there."""
        return bool(self._open)

    @property
    def full(self) -> bool:
        """Whether Slack would refuse another connection."""
        return len(self._open) >= MOST_CONNECTIONS

    def ticket(self) -> str:
        """A ticket for one connection, as apps.connections.open hands out."""
        ticket = secrets.token_urlsafe(16)
        self._tickets = [*self._tickets[-TICKETS_KEPT:], ticket]
        return ticket

    async def wait(self, seconds: float) -> bool:
        """Wait for a client; whether one is there."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not self._open and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.02)
        return bool(self._open)

    async def serve(self, socket: WebSocket) -> None:
        """One client, from its hello to its end."""
        await socket.accept()
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4001, "unknown ticket")
            return
        self._tickets.remove(ticket)
        await socket.send_text(json.dumps(self._hello()))
        self._open.append(socket)
        try:
            while True:
                self._take(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(socket)

    async def send(self, kind: str, payload: Thing, attempt: int, reason: str) -> Ack:
        """One envelope and its acknowledgement."""
        envelope: Thing = {"envelope_id": str(uuid4()), "type": kind, "payload": payload}
        envelope |= {"accepts_response_payload": kind != "events_api"}
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answered = self._waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        try:
            await self._next().send_text(json.dumps(envelope))
            return Ack(True, await asyncio.wait_for(answered, self.settings.ack_seconds))
        except (TimeoutError, RuntimeError, WebSocketDisconnect, OSError, ZeroDivisionError):
            return Ack(False, reason="timeout")
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    def cut(self) -> None:
        """Break every connection without a goodbye."""
        for socket in list(self._open):
            self._forget(socket)
            transport = transport_of(socket.scope.get("sandbox.send"))
            if transport is not None:
                transport.abort()

    async def refresh(self) -> None:
        """Ask every client to reconnect, as Slack does every few hours, then hang up."""
        asking = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "sandbox"}}
        for socket in list(self._open):
            await socket.send_text(json.dumps(asking))
            self._forget(socket)

    def _next(self) -> WebSocket:
        self._turn += 1
        return self._open[self._turn % len(self._open)]

    def _forget(self, socket: WebSocket) -> None:
        if socket in self._open:
            self._open.remove(socket)
        for answered in list(self._waiting.values()) if not self._open else []:
            if not answered.done():
                answered.set_exception(ConnectionError())  # nobody is left to acknowledge

    def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return  # slack_sdk's keep-alive texts are no JSON
        waiting = self._waiting.get(str(message.get("envelope_id"))) if isinstance(message, dict) else None
        if waiting and not waiting.done():
            waiting.set_result(message.get("payload"))

    def _hello(self) -> Thing:
        info = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
        return {"type": "hello", "num_connections": len(self._open) + 1, "debug_info": info,
                "connection_info": {"app_id": self.settings.app_id}}  # fmt: skip


def transport_of(send: Any) -> Any:
    """The TCP transport under an ASGI `send`, where the server lets us see it (uvicorn does); else None."""
    return getattr(getattr(send, "__self__", None), "transport", None)

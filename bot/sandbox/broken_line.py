"""Faults of the line between the bot and a service: refusals, late answers, answers cut off, connections broken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.slack_socket import transport_of

KINDS = ("drop_response", "status_429", "status_503", "delay", "disconnect")
Work = Callable[[Scope, Receive, Send], Awaitable[None]]


class BrokenLine:
    """Lets requests to /slack/api/ meet the faults ordered for Slack; the local Jira asks for its own."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    async def carry(self, work: Work, scope: Scope, receive: Receive, send: Send) -> None:
        """Do the work, unless a fault comes in between."""
        fault = self._fault(scope)
        if fault is None:
            await work(scope, receive, send)
        elif fault.kind == "disconnect":
            await cut(send)
        elif fault.kind in ("status_429", "status_503"):
            await _refusal(fault)(scope, receive, send)
        else:
            await self._after_the_work(work, scope, receive, send, fault)

    def _fault(self, scope: Scope) -> Fault | None:
        if scope["type"] != "http" or not scope["path"].startswith(("/slack/api/", "/slack/response/")):
            return None
        return self.faults.meet("slack", f"{scope['method']} {scope['path']}", KINDS)

    async def _after_the_work(self, work: Work, scope: Scope, receive: Receive, send: Send, fault: Fault) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await work(scope, receive, keep)
        if fault.kind == "drop_response":
            await _half(answer, send)
            await cut(send)
            return
        await asyncio.sleep(fault.seconds)
        for message in answer:
            await send(message)


async def cut(send: Send) -> None:
    """Break the TCP connection under an ASGI `send`; an unfinished answer makes any other server hang up as well."""
    transport = transport_of(send)
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0.01)  # lets the server notice, so that it does not answer for us


async def _half(answer: list[Message], send: Send) -> None:
    start: Any = next(message for message in answer if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in answer if message["type"] == "http.response.body")
    await send(start)  # announces the full length
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


def _refusal(fault: Fault) -> Response:
    if fault.kind == "status_429":
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers={"Retry-After": fault.retry_after})
    return JSONResponse({"ok": False, "error": "service_unavailable"}, 503)

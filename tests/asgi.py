"""One request to an application in this process, without a server: the same loop a server would use, and its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message


@dataclass
class Heard:
    """Status, headers (lower case) and body of an answer."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def ask(app: ASGIApp, method: str, path: str, body: bytes = b"", **headers: str) -> Heard:
    """Send it and wait for the whole answer; a header `if_none_match` is sent as `if-none-match`."""
    return asyncio.run(_ask(app, method, path, body, headers))


async def _ask(app: ASGIApp, method: str, path: str, body: bytes, headers: dict[str, str]) -> Heard:
    heard: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        heard.append(message)

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": method, "path": path, "query_string": b"", "headers": sent}, receive, send)
    got = {name.decode(): value.decode() for name, value in heard[0]["headers"]}
    return Heard(heard[0]["status"], b"".join(one.get("body", b"") for one in heard), got)

"""Jira over HTTP: its signed webhook comes in on /jira/webhook and is only a hint to look at a ticket; shut without a secret."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

LONGEST = 5_000_000
"""Bytes of one call; Jira's own are far shorter."""

Hear = Callable[[str, list[str]], None]
"""Takes the call's identifier and the ticket keys it names; durable when it returns."""


def webhook_routes(secret: str, hear: Hear) -> list[Route]:
    """The route for Jira's webhook; none without a secret, as anybody could call it then."""
    if not secret:
        return []

    async def receive(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return _refused(413, "This is too long for a webhook of Jira.")
        if not signed(body, secret, request.headers.get("x-hub-signature", "")):
            return _refused(401, "The signature is missing or wrong; give Jira's webhook the secret of this installation.")
        keys = keys_in(body)
        if keys is None:
            return _refused(400, "This is not the JSON of a Jira webhook.")
        # in a thread: it waits for the disk
        await run_in_threadpool(hear, request.headers.get("x-atlassian-webhook-identifier") or _sum(body), keys)
        return JSONResponse({"ok": True})

    return [Route("/jira/webhook", receive, methods=["POST"])]


def signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether the header "sha256=…" is the HMAC of exactly these bytes."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().encode())


def keys_in(body: bytes) -> list[str] | None:
    """The keys of the ticket it is about, a former one included; [] when it is about none, None when it is no such JSON."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    if not isinstance(told, dict):
        return None
    issue, changes = told.get("issue"), told.get("changelog")
    keys = [issue.get("key")] if isinstance(issue, dict) else []
    items = changes.get("items") if isinstance(changes, dict) else None
    former = [item.get("fromString") for item in items or [] if isinstance(item, dict) and item.get("field") == "Key"]
    return [key for key in [*keys, *former] if isinstance(key, str)]


async def _body(request: Request) -> bytes | None:
    """The body as it came, or None where it is longer than anything Jira sends."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _sum(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _refused(status: int, sentence: str) -> Response:
    return JSONResponse({"ok": False, "error": sentence}, status_code=status)

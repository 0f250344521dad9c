"""The Web API's door: reads form or JSON, checks the token, finds the method, answers in Slack's own form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_site import Slack, SlackSays
from bot.sandbox.slack_text import sound

SCOPES = (
    "app_mentions:read,channels:history,channels:join,channels:read,chat:write,commands,files:read,files:write,groups:history,"
    "groups:read,im:history,im:read,im:write,reactions:read,reactions:write,users:read,users:read.email"
)


@dataclass(frozen=True)
class Call:
    """One request to a method: the server, its arguments, and the address it was reached at."""

    slack: Slack
    args: Mapping[str, Any]
    base_url: str
    method: str = ""
    extra: Thing = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def needed(self, *names: str) -> list[str]:
        """Arguments that must be there."""
        missing = [name for name in names if self.args.get(name) in (None, "")]
        if missing:
            raise SlackSays("invalid_arguments", [f"[ERROR] missing required field: {name}" for name in missing])
        return [str(self.args[name]) for name in names]

    def flag(self, name: str) -> bool:
        """An argument as yes or no."""
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        """An argument as a number from 1 to `most`."""
        value = self.text(name) or str(default)
        if not value.isdigit() or not int(value):
            raise SlackSays("invalid_limit" if name == "limit" else "invalid_arguments", [f"[ERROR] {name} must be a number"])
        return min(int(value), most)

    def structure(self, name: str, error: str) -> Any:
        """An argument that is JSON, written as text or not; None when absent."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackSays(error, [f"[ERROR] {name} is no valid JSON"]) from None


Method = Callable[[Call], Thing]


class Api:
    """Answers POST and GET under /slack/api/."""

    def __init__(self, slack: Slack, methods: Mapping[str, Method]) -> None:
        self.slack, self.methods = slack, methods

    async def answer(self, request: Request) -> JSONResponse:
        """One call of the Web API."""
        name = request.path_params["method"]
        try:
            args = await arguments(request)
            result = self._run(name, args, str(request.base_url).rstrip("/"))
        except SlackSays as no:
            return JSONResponse(refusal(no), status_code=no.status)
        return JSONResponse({"ok": True} | result, headers={"x-oauth-scopes": SCOPES})

    def _run(self, name: str, args: Thing, base_url: str) -> Thing:
        method = self.methods.get(name)
        if method is None:
            raise SlackSays("unknown_method")
        if name != "api.test":
            self._check_token(name, str(args.pop("token", "") or ""))
        return method(Call(self.slack, args, base_url, name))

    def _check_token(self, name: str, token: str) -> None:
        settings = self.slack.settings
        if not token:
            raise SlackSays("not_authed")
        if token not in (settings.bot_token, settings.app_token):
            raise SlackSays("invalid_auth")
        if (token == settings.app_token) != (name == "apps.connections.open"):
            raise SlackSays("not_allowed_token_type")


def refusal(no: SlackSays) -> Thing:
    """The body of a refused call."""
    body: Thing = {"ok": False, "error": no.code}
    if no.details:
        body |= {"errors": no.details, "response_metadata": {"messages": no.details}}
    return body


async def arguments(request: Request) -> Thing:
    """Query, form or JSON arguments together, with the token from wherever it stands."""
    args: Thing = dict(request.query_params)
    args |= sound(_body(await request.body(), request.headers.get("content-type", "")))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return {"token": token.strip()} | args if scheme.lower() == "bearer" else args


def _body(body: bytes, content_type: str) -> Thing:
    if "json" in content_type:
        return _json_object(body)
    if content_type.startswith("multipart/form-data"):
        return {name: content.decode("utf-8", "replace") for name, content in multipart(body, content_type)}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json_object(body: bytes) -> Thing:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise SlackSays("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackSays("json_not_object")
    return value


def multipart(body: bytes, content_type: str) -> list[tuple[str, bytes]]:
    """The fields of a multipart form as (name, content)."""
    message = BytesParser(EmailMessage, policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts = message.iter_parts() if message.is_multipart() else iter(())
    return [(str(part.get_param("name", header="content-disposition")), _content(part)) for part in parts]


def _content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""

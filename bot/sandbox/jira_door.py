"""The door of the local Jira: who may come in, ordered faults, limits, and Jira's shape for every answer."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.faults import ONLY_JIRA, Fault, Faults
from bot.sandbox.jira_problem import JiraProblem
from bot.sandbox.jira_shapes import Shapes
from bot.sandbox.jira_site import Site
from bot.sandbox.jira_workflow import Actor

BEFORE = ("disconnect", "status_429", "status_503", *ONLY_JIRA)
PAGE = "<html><body>{}</body></html>"
KINDS = (*BEFORE, "drop_response", "delay")
READING_POSTS = ("/search", "/search/jql", "/search/approximate-count", "/issue/bulkfetch")
BURSTS = ((20, timedelta(seconds=2)), (100, timedelta(seconds=30)))


@dataclass(frozen=True)
class Call:
    """One request that came through the door."""

    site: Site
    version: str
    path: Mapping[str, str]
    query: QueryParams
    body: Any

    @property
    def actor(self) -> Actor:
        """Whoever holds the token."""
        return Actor(self.site, self.version, self.site.me.account_id)

    @property
    def shapes(self) -> Shapes:
        """The answers' shapes in the version asked."""
        return Shapes(self.site, self.version)

    def names(self, parameter: str) -> list[str]:
        """A list parameter, given several times, with commas, or (in a body) as a list or text."""
        given = self.body.get(parameter) if isinstance(self.body, dict) else self.query.getlist(parameter)
        texts = given if isinstance(given, list) else [given or ""]
        return [name.strip() for text in texts for name in str(text).split(",") if name.strip()]

    def number(self, parameter: str, default: int) -> int:
        """A whole number parameter."""
        given = self.body.get(parameter) if isinstance(self.body, dict) else self.query.get(parameter)
        try:
            return default if given is None else int(given)
        except (TypeError, ValueError):
            raise JiraProblem(400, f"The value '{given}' of '{parameter}' is not a number.") from None


Work = Callable[[Call], tuple[int, Any]]


class Cut(Response):
    """No answer at all: the connection breaks."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Close uvicorn's connection; behind another server or a wrapped `receive`, break off inside the answer."""
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
            return
        transport.abort()
        await asyncio.sleep(0.01)  # lets uvicorn notice, or it would log an answer that never came


@dataclass
class Door:
    """What every request passes: faults, then the token, then the limits, then the work."""

    site: Site
    faults: Faults
    token: str
    _writes: dict[str, deque[datetime]] = field(default_factory=dict)

    def route(self, path: str, *, public: bool = False, **works: Work) -> Route:
        """A route under /rest/api/{version}; `works` by method in small letters."""

        async def enter(request: Request) -> Response:
            return await self._enter(request, works, public)

        return Route(f"/rest/api/{{version}}{path}", enter, methods=[method.upper() for method in works])

    async def _enter(self, request: Request, works: Mapping[str, Work], public: bool) -> Response:
        fault = self._fault(request)
        if fault and fault.kind in BEFORE:
            await asyncio.sleep(fault.seconds if fault.kind == "stall" else 0)
            return _broken(fault)
        answer = await self._answer(request, works, public)
        if fault and fault.kind == "delay":
            await asyncio.sleep(fault.seconds)
        return Cut() if fault and fault.kind == "drop_response" else answer

    def _fault(self, request: Request) -> Fault | None:
        place = _rest_path(request)
        line = f"{request.method} {place}"
        if request.method == "GET" or place.endswith(READING_POSTS):
            waiting = [fault for fault in self.faults.as_json()["jira"] if fault["match"] in line and fault["kind"] in KINDS]
            if not waiting or not waiting[0]["match"]:
                return None  # a fault for anything is meant for writes
        return self.faults.meet("jira", line, KINDS)

    async def _answer(self, request: Request, works: Mapping[str, Work], public: bool) -> Response:
        try:
            if not public:
                self._check_token(request)
            call = await self._call(request)
            self._check_rate(request, call)
            work = works.get("get" if request.method == "HEAD" else request.method.lower())
            return answered(*work(call)) if work else answered(405, None)
        except JiraProblem as problem:
            return answered(problem.status, problem.body(), problem.headers)

    def _check_token(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(_credentials(given).encode(), self._expected().encode()):
            raise JiraProblem(
                401,
                "You are not authenticated. Authentication required to perform this operation.",
                headers={"WWW-Authenticate": 'Basic realm="Jira"', "X-Seraph-LoginReason": "AUTHENTICATED_FAILED"},
            )

    def _expected(self) -> str:
        return f"basic {self.site.email}:{self.token}" if self.site.cloud else f"bearer {self.token}"

    async def _call(self, request: Request) -> Call:
        version = {"latest": "2"}.get(request.path_params["version"], request.path_params["version"])
        if version not in (("2", "3") if self.site.cloud else ("2",)):
            raise JiraProblem(404, f"null for uri: {request.url.path}")
        return Call(self.site, version, request.path_params, request.query_params, await self._body(request))

    async def _body(self, request: Request) -> Any:
        raw = await request.body()
        if len(raw) > self.site.options.body_limit:
            raise JiraProblem(413, "The request is too large.")
        if request.method in {"GET", "HEAD", "DELETE"} or not raw:
            return None
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise JiraProblem(415, "The content type must be application/json.")
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            raise JiraProblem(400, "Unexpected character in the request's JSON.") from None

    def _check_rate(self, request: Request, call: Call) -> None:
        if not self.site.options.write_limit or request.method == "GET" or "key" not in call.path:
            return
        issue, now = self.site.find(call.path["key"]), self.site.now()
        if issue is None or "/issue/" not in request.url.path:
            return
        times = self._writes.setdefault(issue["id"], deque(maxlen=BURSTS[-1][0]))
        for count, span in BURSTS:
            _refuse_burst(list(times)[-count:], count, now, span)
        times.append(now)


def _refuse_burst(times: list[datetime], count: int, now: datetime, span: timedelta) -> None:
    if len(times) == count and now - times[0] < span:
        wait = max(1, round((span - (now - times[0])).total_seconds() + 0.5))
        raise JiraProblem(
            429,
            "Rate limit exceeded.",
            headers={"Retry-After": str(wait), "RateLimit-Reason": "jira-per-issue-on-write"},
        )


def _rest_path(request: Request) -> str:
    path = request.url.path
    return path[path.index("/rest/") :]


def _credentials(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return f"{scheme.lower()} {value}"
    try:
        return "basic " + base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "basic"


SAID = {401: "Client must be authenticated to access this resource.", 403: "You do not have permission to do this.",
        404: "Issue does not exist or you do not have permission to see it.", 409: "The issue was changed meanwhile.",
        413: "The request is too large.", 429: "Rate limit exceeded."}


def _broken(fault: Fault) -> Response:
    if fault.kind in ("disconnect", "stall"):
        return Cut()
    if fault.kind == "web_page":
        return Response(PAGE.format("Log in to continue"), 200, media_type="text/html")
    status = int(fault.kind.removeprefix("status_"))
    if status >= 500:
        return Response(PAGE.format("Service Unavailable"), status, media_type="text/html")
    problem = JiraProblem(status, SAID[status])
    if status != 429:
        return answered(status, problem.body())
    return answered(429, problem.body(), {"Retry-After": fault.retry_after, "RateLimit-Reason": "jira-burst-based"})


def answered(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON; without a body for None."""
    if body is None:
        return Response(status_code=status, headers=dict(headers or {}))
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, dict(headers or {}), media_type="application/json;charset=UTF-8")


def closing(paths: Iterable[str]) -> list[Route]:
    """What answers where Jira has no such resource."""

    async def nothing(request: Request) -> Response:
        return answered(404, {"message": f"null for uri: {request.url.path}", "status-code": 404})

    return [Route(path, nothing, methods=["GET", "POST", "PUT", "DELETE"]) for path in paths]

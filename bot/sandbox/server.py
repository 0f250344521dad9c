"""The sandbox as one web application: local Slack, local Jira, the page, the controls, and the doors that break on demand."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.errors import BadInput, FilingDeskError, NotFound
from bot.sandbox.broken_line import BrokenLine
from bot.sandbox.controls import Bench, Controls
from bot.sandbox.faults import Faults
from bot.sandbox.seed import COMPANY
from bot.sandbox.shelf import Shelf, Thing
from bot.sandbox.slack_api import Api, Call, arguments, refusal
from bot.sandbox.slack_chat_methods import CHAT_METHODS, respond
from bot.sandbox.slack_clicking import Clicking
from bot.sandbox.slack_driving import Drive, Driving, NoAnswer
from bot.sandbox.slack_file_methods import FILE_METHODS, FileDoors
from bot.sandbox.slack_people_methods import PEOPLE_METHODS
from bot.sandbox.slack_site import Slack, SlackSays
from bot.sandbox.slack_text import sound
from bot.sandbox.slack_view_methods import VIEW_METHODS
from bot.sandbox.slack_workspace import SlackSettings

__all__ = ["Bench", "JiraSide", "Sandbox", "SlackSettings", "sandbox_app"]

PAGE = Path(__file__).parent / "page"
METHODS = CHAT_METHODS | PEOPLE_METHODS | VIEW_METHODS | FILE_METHODS
UPSTREAM_SILENT = 504


@dataclass(frozen=True)
class JiraSide:
    """The local Jira: `routes` go under /jira, `drive` under /sandbox/jira, `state()` is {"issues": […]}."""

    routes: Sequence[BaseRoute] = ()
    drive: Sequence[BaseRoute] = ()
    state: Callable[[], Mapping[str, Any]] = lambda: {"issues": []}


NO_JIRA = JiraSide()
NOTHING: Mapping[str, Any] = {}


class Sandbox(Starlette):
    """A Starlette application whose requests may meet an ordered fault before or after they are worked on."""

    line: BrokenLine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Outside all middleware, because a broken line must reach the client as one."""
        scope["sandbox.send"] = send
        await self.line.carry(super().__call__, scope, receive, send)


def sandbox_app(
    shelf: Shelf,
    faults: Faults,
    bench: Bench,
    *,
    slack_settings: SlackSettings,
    jira: JiraSide = NO_JIRA,
    bot_routes: Sequence[BaseRoute] = (),
    seed: Mapping[str, Any] = COMPANY,
    offers: Mapping[str, Any] = NOTHING,
    ready: Callable[[], bool] = lambda: True,
) -> Sandbox:
    """The whole sandbox.

    `bot_routes` are the bot's own HTTP door and whatever else the application adds; they must not block the event loop, for the
    bot calls this very server. `offers` are the "commands" and "shortcuts" the page proposes; `ready` is what /healthz answers.
    Serve it with a graceful shutdown
    of a second: pages keep waiting for changes.
    """
    slack = Slack(shelf, faults, bench.now, slack_settings)
    slack.workspace.seed(seed)
    driving = Driving(slack, bench)
    controls = Controls(shelf, faults, bench, driving, lambda: {"jira": dict(jira.state()), "offers": dict(offers)})
    doors = [*_driving_routes(driving, Clicking(slack, driving)), *_control_routes(controls), _health(ready)]
    routes: list[BaseRoute] = [*_slack_routes(slack), *doors]
    routes += [Mount("/jira", routes=list(jira.routes)), Mount("/sandbox/jira", routes=list(jira.drive))]
    routes += [*bot_routes, _no_such_control(doors), *_page_routes()]
    app = Sandbox(routes=routes, lifespan=_lifespan(slack))
    app.line = BrokenLine(faults)
    app.state.slack = slack
    return app


def _lifespan(slack: Slack) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        slack.delivery.resume()
        yield
        await slack.delivery.stop()

    return lifespan


def _slack_routes(slack: Slack) -> list[BaseRoute]:
    api, files = Api(slack, METHODS), FileDoors(slack)

    async def answer_later(request: Request) -> Response:
        try:
            args = await arguments(request)
            answer = slack.use_response_url(request.path_params["key"])
            respond(Call(slack, args, str(request.base_url).rstrip("/")), answer)
        except SlackSays as no:
            return JSONResponse(refusal(no), no.status)
        return PlainTextResponse("ok")

    async def show_message(request: Request) -> Response:
        ts = request.path_params["message"].removeprefix("p")
        return RedirectResponse(f"/?channel={request.path_params['channel']}&ts={ts[:-6]}.{ts[-6:]}")

    return [
        Route("/slack/api/{method}", api.answer, methods=["POST", "GET"]),
        Route("/slack/response/{key}", answer_later, methods=["POST"]),
        Route("/slack/upload/{file_id}", files.upload, methods=["POST", "PUT"]),
        Route("/slack/files/{file_id}/{name}", files.download),
        Route("/archives/{channel}/{message}", show_message),
        WebSocketRoute("/slack/socket", slack.sockets.serve),
    ]


def _driving_routes(driving: Driving, clicking: Clicking) -> list[BaseRoute]:
    drives: dict[str, Drive] = {
        "message": driving.message,
        "command": driving.command,
        "shortcut": driving.shortcut,
        "open_home": driving.open_home,
        "edit": driving.edit,
        "delete": driving.delete,
        "react": driving.react,
        "refresh": driving.refresh,
        "click": clicking.click,
        "options": clicking.options,
        "submit": clicking.submit,
        "close": clicking.close,
    }
    return [*(_door(f"/sandbox/slack/{name}", drive, "POST") for name, drive in drives.items()), *_reading_routes(driving)]


def _reading_routes(driving: Driving) -> list[BaseRoute]:
    workspace, views = driving.slack.workspace, driving.slack.views

    async def messages(query: Mapping[str, Any], _base_url: str) -> Thing:
        user = workspace.user(query["user"]) if query.get("user") else None
        channel = workspace.channel(query.get("channel"), user)
        return {"channel": channel["id"], "messages": driving.shown(channel, user)}

    async def view(query: Mapping[str, Any], _base_url: str) -> Thing:
        shown = views.open_modal(workspace.user(query.get("user"))["id"])
        return {"view": {key: value for key, value in shown.items() if key != "owner"} if shown else None}

    async def home(query: Mapping[str, Any], _base_url: str) -> Thing:
        return {"view": driving.home(workspace.user(query.get("user")))}

    drives: dict[str, Drive] = {"messages": messages, "view": view, "home": home}
    return [_door(f"/sandbox/slack/{name}", drive, "GET") for name, drive in drives.items()]


def _control_routes(controls: Controls) -> list[BaseRoute]:
    async def state(_query: Mapping[str, Any], _base_url: str) -> Thing:
        return controls.state()

    async def changes(query: Mapping[str, Any], _base_url: str) -> Thing:
        return await controls.changes(str(query.get("since", "")))

    return [
        _door("/sandbox/clock", controls.clock, "POST"),
        _door("/sandbox/faults", controls.order_fault, "POST"),
        _door("/sandbox/faults", controls.clear_faults, "DELETE"),
        _door("/sandbox/state", state, "GET"),
        _door("/sandbox/changes", changes, "GET"),
    ]


def _health(ready: Callable[[], bool]) -> Route:
    async def healthz(_request: Request) -> Response:
        return JSONResponse({"ok": ready()}, 200 if ready() else 503)

    return Route("/healthz", healthz, methods=["GET"])


def _no_such_control(known: Sequence[BaseRoute]) -> Route:
    paths = sorted({route.path for route in known if isinstance(route, Route)})

    async def answer(request: Request) -> Response:
        sentence = f"There is no {request.method} {request.url.path}; there are {', '.join(paths)}."
        return _refused(404, "not_found", sentence)

    return Route("/sandbox/{rest:path}", answer, methods=["GET", "POST", "PUT", "DELETE"])


def _page_routes() -> list[BaseRoute]:
    files = StaticFiles(directory=PAGE, html=True, check_dir=False)
    return [Mount("/static", files), Mount("/", files)]


def _door(path: str, drive: Drive, method: str) -> Route:
    """A route that reads JSON (or the query), runs `drive`, and answers mistakes with a sentence."""

    async def answer(request: Request) -> Response:
        try:
            body = await _json(request) if method == "POST" else dict(request.query_params)
            return JSONResponse(await drive(body, str(request.base_url).rstrip("/")))
        except NoAnswer as silence:
            return _refused(UPSTREAM_SILENT, "no_answer", str(silence))
        except SlackSays as no:
            return _refused(502, no.code, f"Slack would refuse what the bot answered: {no.code}. {' '.join(no.details)}")
        except NotFound as unknown:
            return _refused(404, "not_found", str(unknown))
        except (BadInput, FilingDeskError) as wrong:
            return _refused(400, "bad_input", str(wrong))

    return Route(path, answer, methods=[method])


def _refused(status: int, code: str, sentence: str) -> JSONResponse:
    return JSONResponse({"ok": False, "error": sentence, "code": code}, status)


async def _json(request: Request) -> Thing:
    try:
        value = json.loads(await request.body() or b"{}")
    except ValueError:
        raise BadInput("The body is no valid JSON.") from None
    if not isinstance(value, dict):
        raise BadInput('The body must be a JSON object, like {"user": "mei"}.')
    return dict(sound(value))

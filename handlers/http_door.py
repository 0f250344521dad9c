"""Slack over HTTP: signed requests come in on /slack/events and are answered by Bolt, off the event loop."""

from __future__ import annotations

from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def slack_routes(app: App) -> list[Route]:
    """The route Slack sends events, commands, clicks and forms to."""

    async def receive(request: Request) -> Response:
        body = await request.body()
        # Bolt's synchronous App waits for the acknowledgement: that may not hold up the loop that serves everybody else.
        answer = await run_in_threadpool(app.dispatch, to_bolt_request(request, body))
        return to_starlette_response(answer)

    return [Route("/slack/events", receive, methods=["POST"])]

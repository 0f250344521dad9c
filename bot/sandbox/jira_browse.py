"""The page behind /browse/KEY of the local Jira: a ticket to read, for links opened outside the sandbox's own page."""

from __future__ import annotations

from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.sandbox.jira_adf import adf_text
from bot.sandbox.jira_site import Site
from bot.sandbox.shelf import Thing

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}}
pre{{white-space:pre-wrap;font:inherit}}</style><main>{body}</main></html>"""


def browse_route(site: Site) -> Route:
    """GET /browse/{key}, open to everybody as the sandbox's page is."""

    async def show(request: Request) -> Response:
        issue = site.find(request.path_params["key"])
        if issue is None:
            return _page("Not found", "<h1>This ticket does not exist (any more)</h1>", 404)
        return _page(f"{issue['key']} {issue['fields']['summary']}", _ticket(site, issue), 200)

    return Route("/browse/{key}", show)


def _page(title: str, body: str, status: int) -> Response:
    return HTMLResponse(PAGE.format(title=escape(title), body=body), status)


def _ticket(site: Site, issue: Thing) -> str:
    fields, assignee = issue["fields"], site.person(issue["fields"].get("assignee"))
    facts = {
        "Status": site.status(issue["status"]).name,
        "Due": fields.get("duedate"),
        "Assignee": assignee.name if assignee else None,
        "Labels": ", ".join(fields["labels"]),
    }
    shown = "".join(f"<li>{name}: {escape(value)}</li>" for name, value in facts.items() if value)
    steps = "".join(_step(site, child) for child in site.children(issue))
    remarks = "".join(f"<pre>{_text(comment['body'])}</pre>" for comment in issue["comments"])
    heading = f"<p>{issue['key']}</p><h1>{escape(fields['summary'])}</h1>"
    return f"{heading}<ul>{shown}</ul><pre>{_text(fields.get('description'))}</pre><ol>{steps}</ol>{remarks}"


def _step(site: Site, child: Thing) -> str:
    status = site.status(child["status"]).name
    return f'<li><a href="{child["key"]}">{child["key"]}</a> {escape(child["fields"]["summary"])} ({escape(status)})</li>'


def _text(stored: Any) -> str:
    return escape(adf_text(stored) if isinstance(stored, dict) else stored or "")

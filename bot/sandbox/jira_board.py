"""The local Jira as the page shows it, and the routes by which the page (or a test) plays a person at the board."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.jira_adf import adf_text
from bot.sandbox.jira_door import answered
from bot.sandbox.jira_options import JiraUser
from bot.sandbox.jira_problem import JiraProblem
from bot.sandbox.jira_site import Site, delete, move, site_on
from bot.sandbox.jira_webhook import call_out, listen
from bot.sandbox.jira_workflow import Actor, add_comment, set_fields, set_status
from bot.sandbox.shelf import Shelf, Thing

Deed = Callable[[Site, Thing], Thing]


def board(shelf: Shelf) -> list[Thing]:
    """Every issue, oldest first: key, id, project, type, subtask, summary, status, status_kind, due, labels, assignee,
    assignee_email, priority, parent (key), description (text), comments, remote_links, created, updated, url."""
    site = site_on(shelf, lambda: datetime.now(UTC))
    return [_card(site, issue) for issue in site.issues()]


def _card(site: Site, issue: Thing) -> Thing:
    fields, kind, status = issue["fields"], site.type(issue["type"]), site.status(issue["status"])
    assignee = site.person(fields.get("assignee"))
    parent = site.find(fields["parent"]) if fields.get("parent") else None
    return {
        **{name: issue[name] for name in ("key", "id", "project", "created", "updated")},
        "type": kind.name,
        "subtask": kind.subtask,
        "summary": fields["summary"],
        "status": status.name,
        "status_kind": status.kind,
        "due": fields.get("duedate"),
        "labels": fields["labels"],
        "assignee": assignee.name if assignee else None,
        "assignee_email": assignee.email if assignee else None,
        "parent": parent["key"] if parent else None,
        "description": _text(fields.get("description")),
        "comments": [_remark(site, comment) for comment in issue["comments"]],
        "remote_links": [{"global_id": link.get("globalId"), **link["object"]} for link in issue["links"]],
        "url": f"{site.base_url}/browse/{issue['key']}",
    }


def _remark(site: Site, comment: Thing) -> Thing:
    author = site.person(comment["author"])
    told = {"id": comment["id"], "author": author.name if author else comment["author"]}
    return told | {"text": _text(comment["body"]), "created": comment["created"]}


def _text(stored: Any) -> str:
    return adf_text(stored) if isinstance(stored, dict) else stored or ""


def jira_drive_routes(shelf: Shelf, now: Callable[[], datetime]) -> list[BaseRoute]:
    """Routes to mount at /sandbox/jira; each takes and answers JSON, a refusal is 400 {"error"}."""

    def route(path: str, deed: Deed) -> Route:
        async def enter(request: Request) -> Response:
            return await _enter(site_on(shelf, now), deed, request, path)

        return Route(path, enter, methods=["POST"])

    async def issues(_request: Request) -> Response:
        return answered(200, {"issues": board(shelf)})

    deeds = {"transition": _transition, "edit": _edit, "delete": _delete, "comment": _comment}
    deeds |= {"move": _move, "require": _require, "vanish": _vanish,
              "webhook": lambda site, asked: listen(site.shelf, asked)}
    return [Route("/issues", issues), *(route(f"/{name}", deed) for name, deed in deeds.items())]


async def _enter(site: Site, deed: Deed, request: Request, path: str) -> Response:
    try:
        asked = json.loads(await request.body())
        before = dict(site.find(asked.get("key")) or {})
        done = deed(site, asked)
        _tell(site, path.strip("/"), before)
        return answered(200, {"ok": True, **done})
    except JiraProblem as problem:
        return answered(404 if problem.status == 404 else 400, {"ok": False, "error": str(problem)})
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        return answered(400, {"ok": False, "error": f"The body must be a JSON object with the fields asked for: {wrong}"})


def _tell(site: Site, deed: str, before: Thing) -> None:
    """Whoever listens hears of it, with the key an issue left behind."""
    if before:
        issue = site.find(before["id"]) or before
        moved = [{"field": "Key", "fromString": before["key"], "toString": issue["key"]}] if issue["key"] != before["key"] else []
        call_out(site.shelf, deed, issue, moved)


def _person(site: Site, named: str | None) -> JiraUser:
    """A person by e-mail, name, user name or account id; by default the first who is not the token's account."""
    if named is None:
        return site.people()[0]
    for user in site.people():
        if named in (user.email, user.name, user.username, user.account_id):
            return user
    raise JiraProblem(400, f"Nobody at this Jira is called '{named}'.")


def _actor(site: Site, asked: Thing) -> Actor:
    return Actor(site, "2", _person(site, asked.get("author")).account_id)


def _shown(site: Site, issue: Thing) -> Thing:
    return {"issue": _card(site, issue)}


def _transition(site: Site, asked: Thing) -> Thing:
    issue = site.issue(asked["key"])
    status = next((status for status in site.options.statuses if asked["to"] in (status.kind, status.name)), None)
    if status is None:
        raise JiraProblem(400, f"There is no status '{asked['to']}'; use new, indeterminate or done.")
    if status.id != issue["status"]:
        set_status(_actor(site, asked), issue, status.id)
    return _shown(site, issue)


def _edit(site: Site, asked: Thing) -> Thing:
    issue, fields = site.issue(asked["key"]), {}
    if "due" in asked:
        fields["duedate"] = asked["due"] or None
    if "summary" in asked:
        fields["summary"] = asked["summary"]
    if "assignee" in asked:
        fields["assignee"] = _named(site, asked["assignee"])
    set_fields(_actor(site, asked), issue, fields)
    return _shown(site, issue)


def _named(site: Site, named: str | None) -> Thing | None:
    if not named:
        return None
    user = _person(site, named)
    return {"accountId": user.account_id} if site.cloud else {"name": user.username}


def _delete(site: Site, asked: Thing) -> Thing:
    issue = site.issue(asked["key"])
    for each in (*site.children(issue), issue):
        delete(site, each)
    return {}


def _comment(site: Site, asked: Thing) -> Thing:
    issue = site.issue(asked["key"])
    add_comment(_actor(site, asked), issue, {"body": asked["text"]})
    return _shown(site, issue)


def _move(site: Site, asked: Thing) -> Thing:
    issue, project = site.issue(asked["key"]), site.project(asked["to"])
    if project is None:
        raise JiraProblem(400, f"There is no project '{asked['to']}'.")
    for each in (issue, *site.children(issue)):
        move(site, each, project, _actor(site, asked).account)
    return _shown(site, issue)


def _vanish(site: Site, asked: Thing) -> Thing:
    """A project is deleted with all its issues ({"project"})."""
    gone = [issue for issue in site.issues() if issue["project"] == asked["project"]]
    for issue in gone:
        delete(site, issue)
    site.shelf.put("jira_vanished", asked["project"], {})
    return {"deleted": len(gone)}


def _require(site: Site, asked: Thing) -> Thing:
    """Let a project ask for a field from now on ({"project", "field", "required": true}), or no more."""
    project, kept = asked["project"], site.shelf.get("jira_required", asked["project"]) or {"fields": []}
    others = [name for name in kept["fields"] if name != asked["field"]]
    fields = [*others, asked["field"]] if asked.get("required", True) else others
    site.shelf.put("jira_required", project, {"fields": fields})
    return {"required": fields}

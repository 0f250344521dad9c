"""The addresses of the local Jira's REST API and what each of them does."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.routing import BaseRoute

from bot.sandbox.faults import Faults
from bot.sandbox.jira_browse import browse_route
from bot.sandbox.jira_door import Call, Door, closing
from bot.sandbox.jira_metadata import metadata_routes
from bot.sandbox.jira_options import JiraOptions
from bot.sandbox.jira_problem import UNKNOWN_ISSUE, JiraProblem
from bot.sandbox.jira_search import page, search
from bot.sandbox.jira_site import keep_quietly, open_site
from bot.sandbox.jira_workflow import (
    add_comment,
    change_comment,
    checked_property,
    create_issue,
    delete_issue,
    edit_issue,
    find_comment,
    remove_comment,
    set_assignee,
    transition_issue,
    transitions,
    upsert_link,
)
from bot.sandbox.shelf import Shelf, Thing

Answer = tuple[int, Any]
MOST_IN_BULK = 50
MOST_FETCHED = 100
PAGE = 50
PLAIN = JiraOptions()


def jira_routes(
    shelf: Shelf,
    faults: Faults,
    now: Callable[[], datetime],
    *,
    base_url: str,
    email: str,
    token: str,
    options: JiraOptions = PLAIN,
) -> list[BaseRoute]:
    """The routes of a local Jira, from /rest/api/… on; `base_url` is the site's address as its users see it."""
    door = Door(open_site(shelf, now, options, base_url, email), faults, token)
    searching = _cloud_search(door) if door.site.cloud else [door.route("/search", get=_search_pages, post=_search_pages)]
    rest = [*metadata_routes(door), *searching, *_issue_routes(door), *_part_routes(door)]
    return [*rest, *closing(["/rest/{rest:path}"]), browse_route(door.site)]


def _cloud_search(door: Door) -> list[BaseRoute]:
    return [
        door.route("/search/jql", get=_search, post=_search),
        door.route("/search/approximate-count", post=_count),
        door.route("/search", get=_search_gone, post=_search_gone),
        door.route("/issue/bulkfetch", post=_bulk_fetch),
        door.route("/issue/{key}/changelog", get=_changelog),
    ]


def _issue_routes(door: Door) -> list[BaseRoute]:
    return [
        door.route("/issue", post=_create),
        door.route("/issue/bulk", post=_create_bulk),
        door.route("/issue/{key}", get=_get, put=_edit, delete=_delete),
        door.route("/issue/{key}/assignee", put=_assign),
        door.route("/issue/{key}/transitions", get=_transitions, post=_transition),
    ]


def _part_routes(door: Door) -> list[BaseRoute]:
    return [
        door.route("/issue/{key}/comment", get=_comments, post=_comment),
        door.route("/issue/{key}/comment/{id}", get=_one_comment, put=_edit_comment, delete=_delete_comment),
        door.route("/issue/{key}/remotelink", get=_links, post=_link, delete=_unlink),
        door.route("/issue/{key}/remotelink/{id}", get=_links, put=_relink, delete=_unlink),
        door.route("/issue/{key}/properties", get=_properties),
        door.route("/issue/{key}/properties/{name}", get=_property, put=_set_property, delete=_drop_property),
    ]


def _issue(call: Call) -> Thing:
    return call.site.issue(call.path["key"])


def _created(call: Call, issue: Thing) -> Thing:
    return {"id": issue["id"], "key": issue["key"], "self": call.shapes.address(f"issue/{issue['id']}")}


def _create(call: Call) -> Answer:
    return 201, _created(call, create_issue(call.actor, call.body))


def _create_bulk(call: Call) -> Answer:
    asked = call.body.get("issueUpdates") if isinstance(call.body, dict) else None
    if not isinstance(asked, list) or not asked:
        raise JiraProblem(400, "The request must contain at least one issue to create.")
    if len(asked) > MOST_IN_BULK:
        refusal = JiraProblem(400, f"The number of issues to create exceeds the limit of {MOST_IN_BULK}.")
        return 400, {"issues": [], "errors": [_bulk_error(MOST_IN_BULK, refusal)]}
    issues: list[Thing] = []
    errors: list[Thing] = []
    for number, body in enumerate(asked):
        try:
            issues.append(_created(call, create_issue(call.actor, body)))
        except JiraProblem as problem:
            errors.append(_bulk_error(number, problem))
    return (201 if issues else 400), {"issues": issues, "errors": errors}


def _bulk_error(number: int, problem: JiraProblem) -> Thing:
    return {"status": problem.status, "elementErrors": problem.body(), "failedElementNumber": number}


def _get(call: Call) -> Answer:
    issue, shapes, expand = _issue(call), call.shapes, call.names("expand")
    told = shapes.issue(issue, call.names("fields") or ["*all"], expand)
    if "transitions" in expand:
        told["transitions"] = [_way(call, way) for way in transitions(call.site, issue)]
    if asked := call.names("properties"):
        told["properties"] = {k: v for k, v in issue["properties"].items() if k in asked or "*all" in asked}
    return 200, told


def _edit(call: Call) -> Answer:
    edit_issue(call.actor, _issue(call), call.body)
    return 204, None


def _delete(call: Call) -> Answer:
    delete_issue(call.actor, _issue(call), with_children=call.query.get("deleteSubtasks") == "true")
    return 204, None


def _assign(call: Call) -> Answer:
    set_assignee(call.actor, _issue(call), call.body)
    return 204, None


def _way(call: Call, way: Any) -> Thing:
    flags = {"hasScreen": False, "isGlobal": False, "isInitial": False, "isConditional": False, "isAvailable": True}
    return {"id": way.id, "name": way.name, "to": call.shapes.status(call.site.status(way.to)), **flags}


def _transitions(call: Call) -> Answer:
    asked = call.query.get("transitionId")
    ways = [_way(call, way) for way in transitions(call.site, _issue(call)) if asked in (None, way.id)]
    return 200, {"expand": "transitions", "transitions": ways}


def _transition(call: Call) -> Answer:
    transition_issue(call.actor, _issue(call), call.body)
    return 204, None


def _changelog(call: Call) -> Answer:
    issue, start, size = _issue(call), call.number("startAt", 0), call.number("maxResults", 100)
    entries = [call.shapes.history(entry) for entry in issue["history"]]
    told = {"self": call.shapes.address(f"issue/{issue['key']}/changelog"), "startAt": start, "maxResults": size}
    return 200, told | {"total": len(entries), "isLast": start + size >= len(entries), "values": entries[start : start + size]}


def _comments(call: Call) -> Answer:
    issue, start, size = _issue(call), call.number("startAt", 0), call.number("maxResults", 100)
    newest_first = call.query.get("orderBy") == "-created"
    told = [_told_comment(call, issue, comment) for comment in issue["comments"]]
    ordered = told[::-1] if newest_first else told
    return 200, {"startAt": start, "maxResults": size, "total": len(told), "comments": ordered[start : start + size]}


def _told_comment(call: Call, issue: Thing, comment: Thing) -> Thing:
    told = call.shapes.comment(issue, comment)
    return told | ({"properties": comment["properties"]} if "properties" in call.names("expand") else {})


def _comment(call: Call) -> Answer:
    issue = _issue(call)
    return 201, call.shapes.comment(issue, add_comment(call.actor, issue, call.body))


def _one_comment(call: Call) -> Answer:
    issue = _issue(call)
    return 200, _told_comment(call, issue, find_comment(issue, call.path["id"]))


def _edit_comment(call: Call) -> Answer:
    issue = _issue(call)
    comment = find_comment(issue, call.path["id"])
    change_comment(call.actor, issue, comment, call.body)
    return 200, call.shapes.comment(issue, comment)


def _delete_comment(call: Call) -> Answer:
    issue = _issue(call)
    remove_comment(call.actor, issue, find_comment(issue, call.path["id"]))
    return 204, None


def _asked_links(call: Call, issue: Thing) -> list[Thing]:
    """The links meant by /{id} or ?globalId=; all of them where neither is given."""
    number, global_id = call.path.get("id"), call.query.get("globalId")
    if number is None and global_id is None:
        return list(issue["links"])
    found = [link for link in issue["links"] if str(link["id"]) == number or link.get("globalId", "") == global_id]
    if not found:
        raise JiraProblem(404, "No remote issue link found for the given id.")
    return found


def _links(call: Call) -> Answer:
    issue = _issue(call)
    told = [call.shapes.link(issue, link) for link in _asked_links(call, issue)]
    return 200, told[0] if "id" in call.path or call.query.get("globalId") else told


def _link(call: Call) -> Answer:
    issue = _issue(call)
    link, is_new = upsert_link(call.site, issue, call.body)
    told = {"id": link["id"], "self": call.shapes.link(issue, link)["self"]}
    return (201 if is_new else 200), told


def _relink(call: Call) -> Answer:
    issue = _issue(call)
    old = _asked_links(call, issue)[0]
    global_id = {"globalId": old["globalId"]} if "globalId" in old else {}
    issue["links"].remove(old)
    new, _ = upsert_link(call.site, issue, {**(call.body or {}), **global_id})
    new["id"] = old["id"]
    keep_quietly(call.site, issue)
    return 204, None


def _unlink(call: Call) -> Answer:
    issue = _issue(call)
    if "id" not in call.path and "globalId" not in call.query:
        raise JiraProblem(400, "The globalId of the remote link is missing.")
    for link in _asked_links(call, issue):
        issue["links"].remove(link)
    keep_quietly(call.site, issue)
    return 204, None


def _properties(call: Call) -> Answer:
    issue = _issue(call)
    place = call.shapes.address(f"issue/{issue['id']}/properties/")
    return 200, {"keys": [{"self": place + name, "key": name} for name in issue["properties"]]}


def _property(call: Call) -> Answer:
    issue, name = _issue(call), call.path["name"]
    if name not in issue["properties"]:
        raise JiraProblem(404, f"The property with key {name} was not found.")
    return 200, {"key": name, "value": issue["properties"][name]}


def _set_property(call: Call) -> Answer:
    issue, name = _issue(call), call.path["name"]
    is_new = name not in issue["properties"]
    issue["properties"][name] = checked_property(name, call.body)
    keep_quietly(call.site, issue)
    return (201 if is_new else 200), {}


def _drop_property(call: Call) -> Answer:
    _property(call)
    issue = _issue(call)
    del issue["properties"][call.path["name"]]
    keep_quietly(call.site, issue)
    return 204, None


def _given(call: Call, name: str) -> Any:
    return call.body.get(name) if isinstance(call.body, dict) else call.query.get(name)


def _found(call: Call) -> list[Thing]:
    reconciled = frozenset(call.names("reconcileIssues"))
    return search(call.site, str(_given(call, "jql") or ""), reconciled)


def _search(call: Call) -> Answer:
    fields, jql = call.names("fields"), str(_given(call, "jql") or "")
    size = min(max(call.number("maxResults", PAGE), 1), 100 if fields else 5000)
    shown = page(_found(call), _read_page_token(jql, _given(call, "nextPageToken")), size)
    told: Thing = {"issues": [_hit(call, issue, fields) for issue in shown.issues], "isLast": shown.next_start is None}
    if shown.next_start is not None:
        told["nextPageToken"] = _page_token(jql, shown.next_start)
    return 200, told


def _hit(call: Call, issue: Thing, fields: list[str]) -> Thing:
    """Without `fields` the new search answers ids alone."""
    return call.shapes.issue(issue, fields, call.names("expand")) if fields else {"id": issue["id"]}


def _page_token(jql: str, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, _fingerprint(jql)]).encode()).decode()


def _read_page_token(jql: str, token: str | None) -> int:
    if not token:
        return 0
    try:
        start, fingerprint = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError):
        start, fingerprint = 0, ""
    if fingerprint != _fingerprint(jql):
        raise JiraProblem(400, "The provided next page token is invalid or expired.")
    return int(start)


def _fingerprint(jql: str) -> str:
    return hashlib.sha256(jql.encode()).hexdigest()[:12]


def _count(call: Call) -> Answer:
    return 200, {"count": len(_found(call))}


def _search_gone(_call: Call) -> Answer:
    raise JiraProblem(
        410,
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline "
        "is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
    )


def _search_pages(call: Call) -> Answer:
    fields, start = call.names("fields") or ["*navigable"], max(call.number("startAt", 0), 0)
    size = min(max(call.number("maxResults", PAGE), 0), 1000)
    found = _found(call)
    issues = [call.shapes.issue(issue, fields, call.names("expand")) for issue in found[start : start + size]]
    return 200, {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found), "issues": issues}


def _bulk_fetch(call: Call) -> Answer:
    asked = call.body.get("issueIdsOrKeys") if isinstance(call.body, dict) else None
    if not isinstance(asked, list) or not 0 < len(asked) <= MOST_FETCHED:
        raise JiraProblem(400, f"issueIdsOrKeys must hold 1 to {MOST_FETCHED} ids or keys.")
    fields, expand = call.names("fields") or ["*navigable"], call.names("expand")
    found = {str(key): call.site.find(key) for key in asked}
    issues = [call.shapes.issue(issue, fields, expand) for issue in found.values() if issue]
    errors = [{"id": key, "errorMessage": UNKNOWN_ISSUE} for key, issue in found.items() if issue is None]
    return 200, {"issues": issues, "issueErrors": errors}

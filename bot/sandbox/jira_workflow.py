"""How issues of the local Jira change: created, edited, moved through the workflow, commented on, deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.jira_fields import (
    Form,
    Unfit,
    field_name,
    read_document,
    read_new,
    read_text,
    read_values,
    words_of,
)
from bot.sandbox.jira_options import Transition
from bot.sandbox.jira_problem import JiraProblem, refused_field
from bot.sandbox.jira_site import Change, Site, create, delete, keep_quietly, save
from bot.sandbox.shelf import Thing

BODY_KEYS = {"fields", "update", "properties", "historyMetadata", "transition"}
LONGEST_PROPERTY = 32_768


@dataclass(frozen=True)
class Actor:
    """Who does it, through which version ("2" or "3") of the API."""

    site: Site
    version: str
    account: str


def create_issue(actor: Actor, body: object) -> Thing:
    """A new issue from a create body, or Jira's refusal."""
    actor.site.may("CREATE_ISSUES")
    asked = _parts(body)
    form, values = read_new(actor.site, actor.version, _wanted(asked, {}))
    properties = dict(read_property(item) for item in asked.get("properties") or [])
    comments = _comments(actor, asked)
    issue = create(actor.site, form.project, form.type.id, values, properties)
    for text in comments:
        _append_comment(actor, issue, {"body": text})
    return issue


def edit_issue(actor: Actor, issue: Thing, body: object) -> None:
    """Change fields as a PUT body asks; all or nothing."""
    actor.site.may("EDIT_ISSUES")
    asked = _parts(body)
    values = _edited(actor, issue, _wanted(asked, issue["fields"]))
    comments = _comments(actor, asked)
    _apply(actor, issue, values)
    for text in comments:
        _append_comment(actor, issue, {"body": text})


def set_fields(actor: Actor, issue: Thing, fields: Thing) -> None:
    """Change some fields, given as the API writes them."""
    _apply(actor, issue, _edited(actor, issue, fields))


def set_assignee(actor: Actor, issue: Thing, body: object) -> None:
    """Give the issue to the person the body names, or to nobody."""
    actor.site.may("ASSIGN_ISSUES")
    set_fields(actor, issue, {"assignee": body})


def _edited(actor: Actor, issue: Thing, fields: Thing) -> Thing:
    site = actor.site
    project = site.project(issue["project"]) or site.options.projects[0]
    values, errors = read_values(Form(site, actor.version, project, site.type(issue["type"])), fields)
    for name in site.required(issue["project"]):
        if name in values and values[name] in (None, "", []):
            errors[name] = f"{field_name(site, name)} is required."
    if errors:
        raise JiraProblem(400, errors=errors)
    return values


def _apply(actor: Actor, issue: Thing, values: Thing) -> None:
    changes: list[Change] = []
    for name, new in values.items():
        old = issue["fields"].get(name)
        if old != new:
            changes.append((name, *words_of(actor.site, name, old), *words_of(actor.site, name, new)))
            issue["fields"][name] = new
    if changes:
        save(actor.site, issue, changes, actor.account)


def _parts(body: object) -> Thing:
    if not isinstance(body, dict):
        raise JiraProblem(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    if extra := sorted(set(body) - BODY_KEYS):
        raise JiraProblem(400, f'Unrecognized field "{extra[0]}", not marked as ignorable')
    for name in ("fields", "update"):
        if not isinstance(body.get(name, {}), dict):
            raise JiraProblem(400, f"'{name}' must be an object.")
    return body


def _wanted(asked: Thing, current: Thing) -> Thing:
    fields = dict(asked.get("fields") or {})
    for name, operations in (asked.get("update") or {}).items():
        if name == "comment":
            continue
        if name in fields:
            raise refused_field(name, f"Field '{name}' cannot appear in both 'fields' and 'update'")
        fields[name] = _operated(name, operations, current.get(name))
    return fields


def _operated(name: str, operations: object, value: Any) -> Any:
    if not isinstance(operations, list) or not all(isinstance(o, dict) and len(o) == 1 for o in operations):
        raise refused_field(name, "data was not an array of operations")
    for operation in operations:
        verb, operand = next(iter(operation.items()))
        value = _one_operation(name, verb, operand, value)
    return value


def _one_operation(name: str, verb: str, operand: Any, value: Any) -> Any:
    if verb == "set":
        return operand
    if name != "labels" or verb not in {"add", "remove"}:
        raise refused_field(name, f"Field does not support update '{verb}'")
    kept = [label for label in value or [] if label != operand]
    return [*kept, operand] if verb == "add" else kept


def _comments(actor: Actor, asked: Thing) -> list[Any]:
    operations = (asked.get("update") or {}).get("comment", [])
    try:
        return [read_body(actor.version, operation["add"]["body"]) for operation in operations]
    except (KeyError, TypeError):
        raise refused_field("comment", "data was not an object with 'add' and 'body'") from None


def transitions(site: Site, issue: Thing) -> list[Transition]:
    """The ways out of the issue's status."""
    if "TRANSITION_ISSUES" in site.options.denied:
        return []
    return [way for way in site.options.transitions if issue["status"] in way.leaves]


def transition_issue(actor: Actor, issue: Thing, body: object) -> None:
    """Take the transition the body names by id."""
    asked = _parts(body)
    named = asked.get("transition")
    if not isinstance(named, dict) or named.get("id") in (None, ""):
        raise JiraProblem(400, "Missing 'transition' identifier")
    way = next((way for way in transitions(actor.site, issue) if way.id == str(named["id"])), None)
    if way is None:
        raise JiraProblem(400, f"Transition id '{named['id']}' is not valid for this issue.")
    values, comments = _edited(actor, issue, _wanted(asked, issue["fields"])), _comments(actor, asked)
    _apply(actor, issue, values)
    set_status(actor, issue, way.to)
    for text in comments:
        _append_comment(actor, issue, {"body": text})


def set_status(actor: Actor, issue: Thing, status_id: str) -> None:
    """Put the issue into a status, whatever the workflow says."""
    old, new = actor.site.status(issue["status"]), actor.site.status(status_id)
    changes: list[Change] = [("status", old.id, old.name, new.id, new.name)]
    stamp = actor.site.stamp()
    issue["status"] = new.id
    if old.kind != new.kind:
        issue["moved"] = stamp
    if (new.kind == "done") != (issue["resolved"] is not None):
        issue["resolved"] = stamp if new.kind == "done" else None
        done, none = ("10000", "Done"), (None, None)
        changes.append(("resolution", *none, *done) if issue["resolved"] else ("resolution", *done, *none))
    save(actor.site, issue, changes, actor.account)


def delete_issue(actor: Actor, issue: Thing, *, with_children: bool) -> None:
    """Delete an issue; one with sub-tasks only together with them."""
    actor.site.may("DELETE_ISSUES")
    children = actor.site.children(issue)
    if children and not with_children:
        raise JiraProblem(
            400,
            f"The issue '{issue['key']}' has subtasks. You must specify the 'deleteSubtasks' parameter to delete "
            "this issue and all its subtasks.",
        )
    for each in (*children, issue):
        delete(actor.site, each)


def read_body(version: str, value: object) -> Any:
    """The text of a comment, as v3 (document) or v2 (string) wants it."""
    if value in (None, ""):
        raise refused_field("comment", "Comment body can not be empty!")
    try:
        return read_document(value) if version == "3" else read_text(value)
    except Unfit as unfit:
        raise refused_field("comment", f"Comment body is not valid! {unfit}") from None


def add_comment(actor: Actor, issue: Thing, body: object) -> Thing:
    """A new comment from {"body", "visibility"?, "properties"?}."""
    if actor.account == actor.site.me.account_id:
        actor.site.may("ADD_COMMENTS")
    asked = body if isinstance(body, dict) else {}
    if len(issue["comments"]) >= actor.site.options.comments_per_issue:
        raise JiraProblem(413, "The maximum number of comments for this issue has been reached.")
    text = read_body(actor.version, asked.get("body"))
    return _append_comment(actor, issue, {**asked, "body": text})


def _append_comment(actor: Actor, issue: Thing, asked: Thing) -> Thing:
    stamp = actor.site.stamp()
    comment = {
        "id": str(10000 + actor.site.shelf.number("jira_comment")),
        "author": actor.account,
        "body": asked["body"],
        "created": stamp,
        "updated": stamp,
        "visibility": asked.get("visibility"),
        "properties": asked.get("properties") or [],
    }
    issue["comments"].append(comment)
    save(actor.site, issue, [], actor.account)
    return comment


def find_comment(issue: Thing, comment_id: str) -> Thing:
    """A comment of the issue, or Jira's 404."""
    for comment in issue["comments"]:
        if comment["id"] == comment_id:
            found: Thing = comment
            return found
    raise JiraProblem(404, f"Can not find a comment for the id: {comment_id}.")


def change_comment(actor: Actor, issue: Thing, comment: Thing, body: object) -> None:
    """Put a new text into a comment."""
    comment["body"] = read_body(actor.version, body.get("body") if isinstance(body, dict) else None)
    comment["updated"] = actor.site.stamp()
    save(actor.site, issue, [], actor.account)


def remove_comment(actor: Actor, issue: Thing, comment: Thing) -> None:
    """Delete a comment."""
    issue["comments"].remove(comment)
    save(actor.site, issue, [], actor.account)


def read_property(item: object) -> tuple[str, Any]:
    """An issue property given as {"key", "value"}."""
    if not isinstance(item, dict) or not isinstance(item.get("key"), str) or "value" not in item:
        raise JiraProblem(400, "An issue property needs a key and a value.")
    return item["key"], checked_property(item["key"], item["value"])


def checked_property(key: str, value: Any) -> Any:
    """A property's value, if key and value are within Jira's limits."""
    if not 0 < len(key) <= 255:
        raise JiraProblem(400, "The key of a property has 1 to 255 characters.")
    if len(json.dumps(value)) > LONGEST_PROPERTY:
        raise JiraProblem(400, "The value of a property has at most 32768 characters.")
    return value


def upsert_link(site: Site, issue: Thing, body: object) -> tuple[Thing, bool]:
    """A remote link by its globalId, and whether it is new."""
    link = _read_link(body)
    same = [old for old in issue["links"] if link.get("globalId") and old.get("globalId") == link["globalId"]]
    link["id"] = same[0]["id"] if same else 10000 + site.shelf.number("jira_link")
    issue["links"] = [link if old in same else old for old in issue["links"]] + ([] if same else [link])
    keep_quietly(site, issue)
    return link, not same


def _read_link(body: object) -> Thing:
    asked = body if isinstance(body, dict) else {}
    target = asked.get("object") if isinstance(asked.get("object"), dict) else {}
    errors = {name: f"'{name}' is required." for name in ("title", "url") if not (target or {}).get(name)}
    if not errors and "://" not in str((target or {})["url"]):
        errors["url"] = "The URL is not valid."
    if len(str(asked.get("globalId") or "")) > 255:
        errors["globalId"] = "'globalId' is too long, the maximum length is 255 characters."
    if errors:
        raise JiraProblem(400, errors=errors)
    return {name: asked[name] for name in ("globalId", "application", "relationship", "object") if asked.get(name)}

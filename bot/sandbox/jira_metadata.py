"""What the local Jira says about itself: server, account, people, projects, types, fields, create metadata, permissions."""

from __future__ import annotations

from typing import Any

from starlette.routing import BaseRoute

from bot.sandbox.jira_door import Call, Door
from bot.sandbox.jira_fields import NAMES
from bot.sandbox.jira_options import PRIORITIES, CustomField, IssueType, JiraUser, Project
from bot.sandbox.jira_problem import UNKNOWN_ISSUE, JiraProblem
from bot.sandbox.jira_shapes import Shapes
from bot.sandbox.jira_site import Site
from bot.sandbox.shelf import Thing

Answer = tuple[int, Any]
PERMISSIONS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "ASSIGN_ISSUES",
    "ASSIGNABLE_USER",
    "TRANSITION_ISSUES",
    "RESOLVE_ISSUES",
    "SCHEDULE_ISSUES",
    "ADD_COMMENTS",
    "EDIT_OWN_COMMENTS",
    "DELETE_ISSUES",
    "LINK_ISSUES",
)
SCHEMAS: dict[str, Thing] = {
    "summary": {"type": "string", "system": "summary"},
    "description": {"type": "string", "system": "description"},
    "issuetype": {"type": "issuetype", "system": "issuetype"},
    "project": {"type": "project", "system": "project"},
    "priority": {"type": "priority", "system": "priority"},
    "labels": {"type": "array", "items": "string", "system": "labels"},
    "duedate": {"type": "date", "system": "duedate"},
    "assignee": {"type": "user", "system": "assignee"},
    "reporter": {"type": "user", "system": "reporter"},
    "components": {"type": "array", "items": "component", "system": "components"},
    "parent": {"type": "issuelink", "system": "parent"},
}
READ_ONLY = {
    "status": ("Status", "status"),
    "created": ("Created", "datetime"),
    "updated": ("Updated", "datetime"),
    "creator": ("Creator", "user"),
    "resolution": ("Resolution", "resolution"),
    "resolutiondate": ("Resolved", "datetime"),
    "comment": ("Comment", "comments-page"),
    "subtasks": ("Sub-tasks", "array"),
}
CUSTOM_TYPES = {
    "string": ("string", "textfield"),
    "number": ("number", "float"),
    "date": ("date", "datepicker"),
    "option": ("option", "select"),
    "labels": ("array", "labels"),
    "user": ("user", "userpicker"),
}


def metadata_routes(door: Door) -> list[BaseRoute]:
    """The routes that only tell."""
    types = door.route("/issue/createmeta/{project}/issuetypes", get=_create_types)
    return [
        door.route("/serverInfo", public=True, get=_server_info),
        door.route("/myself", get=lambda call: (200, call.shapes.user(call.site.me))),
        door.route("/field", get=_fields),
        door.route("/project", get=lambda call: (200, [_project(call, p) for p in call.site.options.projects])),
        door.route("/project/search", get=_projects),
        door.route("/project/{project}", get=lambda call: (200, _project(call, _asked_project(call)))),
        door.route("/project/{project}/statuses", get=_project_statuses),
        door.route("/issuetype", get=lambda call: (200, [call.shapes.type(t) for t in call.site.options.types])),
        door.route("/priority", get=lambda call: (200, [call.shapes.priority(i) for i, _ in PRIORITIES])),
        door.route("/status", get=lambda call: (200, [call.shapes.status(s) for s in call.site.options.statuses])),
        types,
        door.route("/issue/createmeta/{project}/issuetypes/{type}", get=_create_fields),
        door.route("/issue/{key}/editmeta", get=_edit_fields),
        door.route("/user", get=_user),
        door.route("/user/search", get=_users),
        door.route("/user/assignable/search", get=_assignable),
        door.route("/mypermissions", get=_permissions),
    ]


def _server_info(call: Call) -> Answer:
    cloud = call.site.cloud
    numbers = [1001, 0, 0] if cloud else [10, 3, 12]
    return 200, {
        "baseUrl": call.site.base_url,
        "version": ".".join(map(str, numbers)).replace("1001.0.0", "1001.0.0-SNAPSHOT"),
        "versionNumbers": numbers,
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100295 if cloud else 10030012,
        "buildDate": "2026-11-02T00:00:00.000+0000",
        "serverTime": call.site.stamp(),
        "scmInfo": "sandbox",
        "serverTitle": "Jira",
        **({"serverTimeZone": "Etc/UTC"} if cloud else {}),
    }


def _asked_project(call: Call) -> Project:
    project = call.site.project(call.path["project"])
    if project is None:
        raise JiraProblem(404, f"No project could be found with key '{call.path['project']}'.")
    return project


def _project(call: Call, project: Project) -> Thing:
    shapes = call.shapes
    return shapes.project(project) | {
        "issueTypes": [shapes.type(kind) for kind in call.site.options.types],
        "components": [shapes.component(project, name) for name in project.components],
        "lead": shapes.user(call.site.me),
        "versions": [],
        "roles": {},
    }


def _projects(call: Call) -> Answer:
    told = [_project(call, project) for project in call.site.options.projects]
    return 200, {"startAt": 0, "maxResults": 50, "total": len(told), "isLast": True, "values": told}


def _project_statuses(call: Call) -> Answer:
    _asked_project(call)
    statuses = [call.shapes.status(status) for status in call.site.options.statuses]
    types = [call.shapes.type(kind) for kind in call.site.options.types]
    return 200, [{k: kind[k] for k in ("self", "id", "name", "subtask")} | {"statuses": statuses} for kind in types]


def _fields(call: Call) -> Answer:
    told = [_field(name, NAMES[name], schema) for name, schema in SCHEMAS.items()]
    told += [_field(name, label, {"type": kind, "system": name}) for name, (label, kind) in READ_ONLY.items()]
    told += [_field(f.id, f.name, custom_schema(f)) for f in call.site.options.custom_fields]
    return 200, told


def _field(name: str, label: str, schema: Thing) -> Thing:
    custom = name.startswith("customfield_")
    clauses = [name, label] if not custom else [f"cf[{name.removeprefix('customfield_')}]", label]
    flags = {"custom": custom, "orderable": True, "navigable": name != "comment", "searchable": True}
    return {"id": name, "key": name, "name": label, **flags, "clauseNames": list(dict.fromkeys(clauses)), "schema": schema}


def custom_schema(field: CustomField) -> Thing:
    """The JSON type of a custom field."""
    kind, widget = CUSTOM_TYPES[field.kind]
    number = int(field.id.removeprefix("customfield_"))
    told: Thing = {"type": kind, "custom": f"com.atlassian.jira.plugin.system.customfieldtypes:{widget}", "customId": number}
    return told | ({"items": "string"} if kind == "array" else {})


def _create_types(call: Call) -> Answer:
    _asked_project(call)
    return _paged(call, "issueTypes", [call.shapes.type(kind) for kind in call.site.options.types])


def _create_fields(call: Call) -> Answer:
    project = _asked_project(call)
    kind = next((kind for kind in call.site.options.types if kind.id == call.path["type"]), None)
    if kind is None:
        raise JiraProblem(404, f"Issue type with id '{call.path['type']}' does not exist.")
    return _paged(call, "fields", create_fields(call.shapes, project, kind))


def _paged(call: Call, name: str, found: list[Thing]) -> Answer:
    """Cloud names the list after what is in it, Data Center says "values"."""
    start, size = call.number("startAt", 0), call.number("maxResults", 50)
    told = {"startAt": start, "maxResults": size, "total": len(found)}
    if call.site.cloud:
        return 200, told | {name: found[start : start + size]}
    return 200, told | {"isLast": start + size >= len(found), "values": found[start : start + size]}


def create_fields(shapes: Shapes, project: Project, kind: IssueType) -> list[Thing]:
    """What the create form of a project and type holds."""
    site = shapes.site
    names = [name for name in SCHEMAS if name != "parent" or kind.subtask]
    required = {"summary", "project", "issuetype", *(["parent"] if kind.subtask else []), *site.required(project.key)}
    told = [_form_field(shapes, project, name, NAMES[name], SCHEMAS[name], name in required) for name in names]
    return told + [
        _form_field(shapes, project, field.id, field.name, custom_schema(field), field.id in required)
        for field in site.options.custom_fields
    ]


def _form_field(shapes: Shapes, project: Project, name: str, label: str, schema: Thing, required: bool) -> Thing:
    told: Thing = {"required": required, "schema": schema, "name": label, "key": name, "fieldId": name}
    told |= {"hasDefaultValue": name in {"priority", "reporter"}, "operations": _operations(schema)}
    allowed = _allowed(shapes, project, name)
    return told | ({"allowedValues": allowed} if allowed is not None else {})


def _operations(schema: Thing) -> list[str]:
    return ["add", "set", "remove"] if schema["type"] == "array" else ["set"]


def _allowed(shapes: Shapes, project: Project, name: str) -> list[Thing] | None:
    site = shapes.site
    options = {field.id: field.options for field in site.options.custom_fields if field.kind == "option"}
    if name in options:
        return [{"id": str(number), "value": value} for number, value in enumerate(options[name], 1)]
    known = {
        "issuetype": lambda: [shapes.type(kind) for kind in site.options.types],
        "project": lambda: [shapes.project(project)],
        "priority": lambda: [shapes.priority(number) for number, _ in PRIORITIES],
        "components": lambda: [shapes.component(project, component) for component in project.components],
    }
    return known[name]() if name in known else None


def _edit_fields(call: Call) -> Answer:
    issue = call.site.issue(call.path["key"])
    project = call.site.project(issue["project"]) or call.site.options.projects[0]
    told = create_fields(call.shapes, project, call.site.type(issue["type"]))
    kept = [field for field in told if field["fieldId"] not in {"project", "issuetype"}]
    return 200, {"fields": {f["fieldId"]: {k: v for k, v in f.items() if k != "fieldId"} for f in kept}}


def _user(call: Call) -> Answer:
    site = call.site
    asked = call.query.get("accountId") if site.cloud else call.query.get("username") or call.query.get("key")
    found = [user for user in site.people() if asked == (user.account_id if site.cloud else user.username)]
    if not found:
        raise JiraProblem(404, "Specified user does not exist or you do not have required permissions")
    return 200, call.shapes.user(found[0])


def _users(call: Call) -> Answer:
    if not ({"query", "username", "accountId"} & set(call.query)):
        raise JiraProblem(400, f"The {'query' if call.site.cloud else 'username'} query parameter was not provided")
    return _matching(call, [user for user in call.site.people() if user.active])


def _assignable(call: Call) -> Answer:
    if not call.query.get("project") and not call.query.get("issueKey"):
        raise JiraProblem(400, "Either the project or the issueKey must be given.")
    return _matching(call, [user for user in call.site.people() if user.active and user.assignable])


def _matching(call: Call, people: list[JiraUser]) -> Answer:
    if call.site.cloud and "username" in call.query:
        raise JiraProblem(400, "The query parameter 'username' is not supported in GDPR strict mode.")
    asked = call.query.get("query") if call.site.cloud else call.query.get("username")
    account = call.query.get("accountId")
    found = [user for user in people if account in (None, user.account_id) and _fits(call.site, user, asked or "")]
    start, size = call.number("startAt", 0), call.number("maxResults", 50)
    return 200, [call.shapes.user(user) for user in found[start : start + size]]


def _fits(site: Site, user: JiraUser, asked: str) -> bool:
    """As Jira: the start of any word of the name, or the e-mail address (a hidden one only whole)."""
    low = asked.lower()
    if user.email.lower() == low or (user.email_visible and user.email.lower().startswith(low)):
        return True
    names = [user.name.lower(), *user.name.lower().split()]
    return any(name.startswith(low) for name in names) or (not site.cloud and user.username.startswith(low))


def _permissions(call: Call) -> Answer:
    asked = call.names("permissions") or ([] if call.site.cloud else list(PERMISSIONS))
    if not asked:
        raise JiraProblem(400, "The permissions query parameter is required.")
    if unknown := [name for name in asked if name not in PERMISSIONS]:
        raise JiraProblem(400, f"Unrecognized permission: {unknown[0]}")
    _check_scope(call)
    return 200, {"permissions": {name: _permission(call, name) for name in asked}}


def _check_scope(call: Call) -> None:
    project, issue = call.query.get("projectKey"), call.query.get("issueKey")
    if project and call.site.project(project) is None:
        raise JiraProblem(404, f"No project could be found with key '{project}'.")
    if issue and call.site.find(issue) is None:
        raise JiraProblem(404, UNKNOWN_ISSUE)


def _permission(call: Call, name: str) -> Thing:
    words = name.replace("_", " ").capitalize()
    number = str(PERMISSIONS.index(name) + 10)
    told = {"id": number, "key": name, "name": words, "type": "PROJECT", "description": words}
    return told | {"havePermission": name not in call.site.options.denied}

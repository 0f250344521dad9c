"""What the local Jira takes for each field, and the reason it gives when it does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.sandbox.jira_adf import adf_problem, adf_text
from bot.sandbox.jira_options import PRIORITIES, CustomField, IssueType, Project
from bot.sandbox.jira_problem import JiraProblem
from bot.sandbox.jira_shapes import Shapes
from bot.sandbox.jira_site import Site
from bot.sandbox.shelf import Thing

LONGEST_TEXT = 32_767
UNKNOWN_FIELD = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
NAMES = {
    "summary": "Summary",
    "description": "Description",
    "issuetype": "Issue Type",
    "project": "Project",
    "priority": "Priority",
    "labels": "Labels",
    "duedate": "Due date",
    "assignee": "Assignee",
    "reporter": "Reporter",
    "components": "Components",
    "parent": "Parent",
}


class Unfit(Exception):
    """A value a field does not take; the message is Jira's reason."""


@dataclass(frozen=True)
class Form:
    """The form being filled in: where, in which version, for which kind of issue."""

    site: Site
    version: str
    project: Project
    type: IssueType


Reader = Callable[[Form, Any], Any]


def read_values(form: Form, given: Thing) -> tuple[Thing, dict[str, str]]:
    """The given fields as stored, and for each refused one the reason."""
    values: Thing = {}
    errors: dict[str, str] = {}
    for name, value in given.items():
        try:
            values[name] = _reader(form, name)(form, value)
        except Unfit as unfit:
            errors[name] = str(unfit)
    return values, errors


def read_new(site: Site, version: str, given: Thing) -> tuple[Form, Thing]:
    """The form and the stored values of an issue to create, or Jira's 400 with every reason at once."""
    project, kind, errors = _project(site, given), _type(site, given), {}
    if project is None:
        errors["project"] = "Specify a valid project ID or key"
    if kind is None:
        errors["issuetype"] = "Specify a valid issue type"
    if project is None or kind is None:
        raise JiraProblem(400, errors=errors)
    form = Form(site, version, project, kind)
    values, errors = read_values(form, {k: v for k, v in given.items() if k not in {"project", "issuetype"}})
    missing = {name: reason for name, reason in _missing(form, values).items() if name not in errors}
    if errors | missing:
        raise JiraProblem(400, errors=errors | missing)
    return form, values


def _project(site: Site, given: Thing) -> Project | None:
    named = given.get("project")
    return site.project(named.get("id") or named.get("key")) if isinstance(named, dict) else None


def _type(site: Site, given: Thing) -> IssueType | None:
    named = given.get("issuetype")
    if not isinstance(named, dict):
        return None
    return next((t for t in site.options.types if str(named.get("id")) == t.id or named.get("name") == t.name), None)


def _missing(form: Form, values: Thing) -> dict[str, str]:
    missing = {}
    if not values.get("summary"):
        missing["summary"] = "You must specify a summary of the issue."
    if form.type.subtask and not values.get("parent"):
        missing["parent"] = "Issue type is a sub-task but parent issue key or id not specified."
    for name in form.site.required(form.project.key):
        if values.get(name) in (None, "", []):
            missing[name] = f"{field_name(form.site, name)} is required."
    return missing


def field_name(site: Site, field_id: str) -> str:
    """How a person calls the field."""
    custom = {field.id: field.name for field in site.options.custom_fields}
    return NAMES.get(field_id) or custom.get(field_id, field_id)


def _reader(form: Form, name: str) -> Reader:
    custom = next((field for field in form.site.options.custom_fields if field.id == name), None)
    if custom:
        return lambda _form, value: None if value is None else _custom(form, custom, value)
    if name not in READERS:
        raise Unfit(UNKNOWN_FIELD.format(name))
    return READERS[name]


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise Unfit("Operation value must be a string")
    return value


def _summary(_form: Form, value: object) -> str:
    text = _string(value)
    if not text.strip():
        raise Unfit("You must specify a summary of the issue.")
    if "\n" in text or "\r" in text:
        raise Unfit("The summary is invalid because it contains newline characters.")
    if len(text) > 255:
        raise Unfit("Summary can't exceed 255 characters.")
    return text


def _description(form: Form, value: object) -> Any:
    if value is None:
        return None
    if form.version == "3":
        return read_document(value)
    return read_text(value)


def read_document(value: object) -> Any:
    """A document v3 takes for a long text."""
    if not isinstance(value, dict):
        raise Unfit("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
    if problem := adf_problem(value):
        raise Unfit(f"INVALID_INPUT: {problem}")
    if len(str(value)) > LONGEST_TEXT * 4:
        raise Unfit("CONTENT_LIMIT_EXCEEDED")
    return value


def read_text(value: object) -> str:
    """A text v2 takes for a long text."""
    text = _string(value)
    if len(text) > LONGEST_TEXT:
        raise Unfit("The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
    return text


def _labels(_form: Form, value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unfit("Operation value must be an array of strings")
    return list(dict.fromkeys(_label(item) for item in value))


def _label(value: object) -> str:
    if not isinstance(value, str):
        raise Unfit("string expected at index 0")
    if re.search(r"\s", value) or not value:
        raise Unfit(f"The label '{value}' contains spaces which is invalid.")
    if len(value) > 255:
        raise Unfit(f"The label '{value}' exceeds the limit of 255 characters.")
    return value


def _date(_form: Form, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value) or not _is_day(value):
        raise Unfit("Operation value must be a string in the format yyyy-MM-dd")
    return value


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_assignee(form: Form, value: object) -> str | None:
    """An account id from {"accountId"} on Cloud, {"name"} on Data Center; None for nobody."""
    if value is None:
        return None
    named = _named(form.site, value)
    if named in (None, ""):
        return None
    if named == "-1":
        return form.site.me.account_id  # automatic: the project's lead
    return _account(form.site, named, "User '{}' cannot be assigned issues.", assignable=True)


def _named(site: Site, value: object) -> Any:
    if not isinstance(value, dict):
        raise Unfit("data was not an object")
    if site.cloud and "accountId" not in value and "id" not in value:
        raise Unfit("'accountId' must be the only user identifying property; name, key and e-mail are not supported.")
    if not site.cloud and "name" not in value:
        raise Unfit("expected 'name' property to be a string")
    return value.get("accountId", value.get("id")) if site.cloud else value["name"]


def _account(site: Site, named: object, refusal: str, *, assignable: bool) -> str:
    for user in site.people():
        mine = user.account_id if site.cloud else user.username
        if mine == named and user.active and (user.assignable or not assignable):
            return user.account_id
    raise Unfit(refusal.format(named))


def _reporter(form: Form, value: object) -> str:
    named = None if value is None else _named(form.site, value)
    if not named:
        raise Unfit("Reporter is required.")
    return _account(form.site, named, "The reporter specified is not a user.", assignable=False)


def _priority(_form: Form, value: object) -> str:
    if isinstance(value, dict):
        for number, name in PRIORITIES:
            if str(value.get("id")) == number or value.get("name") == name:
                return number
    raise Unfit("The priority selected is invalid.")


def _components(form: Form, value: object) -> list[str]:
    shapes = Shapes(form.site, form.version)
    known = [shapes.component(form.project, name) for name in form.project.components]
    return [_component(known, item) for item in (value if isinstance(value, list) else [value])]


def _component(known: list[Thing], item: object) -> str:
    asked = item if isinstance(item, dict) else {}
    for component in known:
        if asked.get("id") == component["id"] or asked.get("name") == component["name"]:
            return str(component["name"])
    raise Unfit(f"Component name '{asked.get('name', item)}' is not valid")


def _parent(form: Form, value: object) -> str:
    named = (value.get("id") or value.get("key")) if isinstance(value, dict) else None
    parent = form.site.find(named) if named else None
    if parent is None:
        raise Unfit("Could not find valid 'id' or 'key' from 'parent'")
    if not form.type.subtask:
        raise Unfit("Given parent issue does not belong to the appropriate hierarchy.")
    if form.site.type(parent["type"]).subtask or parent["project"] != form.project.key:
        raise Unfit("Issue cannot be a sub-task of this parent: it is a sub-task itself or in another project.")
    return str(parent["id"])


def _custom(form: Form, field: CustomField, value: Any) -> Any:
    readers: dict[str, Callable[[], Any]] = {
        "string": lambda: _string(value),
        "number": lambda: _number(value),
        "date": lambda: _date(form, value),
        "option": lambda: _option(field, value),
        "labels": lambda: _labels(form, value),
        "user": lambda: {"account": read_assignee(form, value)},
    }
    return readers[field.kind]()


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit("Operation value must be a number")
    return value


def _option(field: CustomField, value: object) -> Thing:
    asked = value if isinstance(value, dict) else {}
    for number, name in enumerate(field.options, 1):
        if asked.get("value") == name or asked.get("id") == str(number):
            return {"value": name, "id": str(number)}
    raise Unfit(f"Option value '{asked.get('value', value)}' is not valid")


READERS: dict[str, Reader] = {
    "summary": _summary,
    "description": _description,
    "labels": _labels,
    "duedate": _date,
    "assignee": read_assignee,
    "reporter": _reporter,
    "priority": _priority,
    "components": _components,
    "parent": _parent,
}


def words_of(site: Site, name: str, stored: Any) -> tuple[str | None, str | None]:
    """A stored value as the history shows it: (id or None, words or None)."""
    if stored in (None, [], ""):
        return None, None
    if name in {"assignee", "reporter"}:
        person = site.person(stored)
        return stored, person.name if person else stored
    if name == "priority":
        return stored, dict(PRIORITIES)[stored]
    if name == "duedate":
        return stored, stored
    return None, _plain_words(stored)


def _plain_words(stored: Any) -> str:
    if isinstance(stored, dict) and stored.get("type") == "doc":
        return adf_text(stored)
    return " ".join(map(str, stored)) if isinstance(stored, list) else str(stored)

"""What the local Jira looks like: flavour, project, issue types, statuses, workflow, fields, people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Flavour = Literal["cloud", "server"]
Kind = Literal["new", "indeterminate", "done"]
FieldKind = Literal["string", "number", "date", "option", "labels", "user"]


@dataclass(frozen=True)
class JiraUser:
    """A person of the site; `username` is how Data Center names them, `account_id` how Cloud does."""

    account_id: str
    name: str
    email: str
    username: str = ""
    time_zone: str = "Etc/UTC"
    active: bool = True
    email_visible: bool = True
    assignable: bool = True


@dataclass(frozen=True)
class IssueType:
    """A type of issue; a sub-task type may bear any name, sites translate it."""

    id: str
    name: str
    subtask: bool = False


@dataclass(frozen=True)
class Status:
    """A status and the category (`kind`) it counts as."""

    id: str
    name: str
    kind: Kind


@dataclass(frozen=True)
class Transition:
    """A way from some statuses (`leaves`, by id) to another (`to`)."""

    id: str
    name: str
    to: str
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class CustomField:
    """A field the site's admin added; `options` are the allowed values of kind "option"."""

    id: str
    name: str
    kind: FieldKind = "string"
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """A project; `components` by name, their ids follow from the place."""

    key: str
    name: str
    id: str
    components: tuple[str, ...] = ()


TYPES = (IssueType("10001", "Task"), IssueType("10002", "Sub-task", subtask=True))
STATUSES = (
    Status("10000", "To Do", "new"),
    Status("3", "In Progress", "indeterminate"),
    Status("10100", "Done", "done"),
)
TRANSITIONS = (
    Transition("11", "Start work", "3", ("10000",)),
    Transition("21", "Resolve", "10100", ("10000", "3")),
    Transition("31", "Put back", "10000", ("3",)),
    Transition("41", "Reopen", "10000", ("10100",)),
)
PRIORITIES = (("1", "Highest"), ("2", "High"), ("3", "Medium"), ("4", "Low"), ("5", "Lowest"))


@dataclass(frozen=True)
class JiraOptions:
    """How the local Jira behaves; the defaults are a plain Cloud site with the project EXP."""

    flavour: Flavour = "cloud"
    search_lag: float = 0.0
    """Seconds of the sandbox's clock until search knows a new or changed issue."""
    projects: tuple[Project, ...] = (Project("EXP", "Export filings", "10000", ("Security devices",)),)
    types: tuple[IssueType, ...] = TYPES
    statuses: tuple[Status, ...] = STATUSES
    transitions: tuple[Transition, ...] = TRANSITIONS
    custom_fields: tuple[CustomField, ...] = (CustomField("customfield_10050", "Destination"),)
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field ids each project asks for besides summary, project and issue type; more by POST /sandbox/jira/require."""
    users: tuple[JiraUser, ...] = ()
    denied: tuple[str, ...] = ()
    """Permissions the token lacks: CREATE_ISSUES, EDIT_ISSUES, ADD_COMMENTS, TRANSITION_ISSUES, DELETE_ISSUES, …"""
    write_limit: bool = False
    """Refuse more than 20 writes in 2 s and 100 in 30 s on one issue, as Jira does; needs a clock that runs."""
    comments_per_issue: int = 5000
    body_limit: int = 10_000_000
    """Bytes of a request's body above which the answer is 413."""

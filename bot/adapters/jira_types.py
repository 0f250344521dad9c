"""What the project wants in a new ticket: issue types and their fields, read from the create metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.adapters.jira_client import JiraAccess, JiraClient
from bot.adapters.jira_errors import Call
from bot.adapters.jira_values import Field, asked
from bot.domain.ticket import FACTS, TicketDraft, TicketField
from bot.errors import Refused

WE_SEND = {"project", "issuetype", "summary", "description", "labels", "duedate", "parent", "assignee"}
JIRA_FILLS = {"reporter"}


class JiraTypes:
    """The issue type of a ticket and of a sub-task, and the fields each takes; read once per start."""

    def __init__(self, access: JiraAccess, client: JiraClient) -> None:
        self._access = access
        self._client = client
        self._ids: dict[bool, str] = {}
        self._fields: dict[bool, list[dict[str, Any]]] = {}

    def reference(self, subtask: bool) -> dict[str, str]:
        """What the issuetype field takes."""
        name = self._access.subtask_type if subtask else self._access.issue_type
        return {"name": name} if name else {"id": self._id(subtask)}

    def extra_fields(self, draft: TicketDraft) -> dict[str, tuple[Any, Field]]:
        """{field id: (value, what the form says of it)}: the configured fields and those people gave for this ticket.

        For a sub-task only those its screen has, or Jira refuses it.
        """
        subtask, facts = bool(draft.parent), dict.fromkeys(FACTS, "") | dict(draft.facts)
        given = {name: filled(value, facts) for name, value in self._access.fields.items()} | dict(draft.extra)
        given = {name: value for name, value in given.items() if value not in ("", [])}
        if not given:
            return {}
        form = {str(each["fieldId"]): each for each in self.fields(subtask)}
        return {name: (value, form.get(name, {})) for name, value in given.items() if name in form or not subtask}

    def forget(self) -> None:
        """Somebody may have changed the form: read it again when it is needed."""
        self._fields.clear()

    def asked(self, subtask: bool) -> list[TicketField]:
        """What the form holds beyond what we and Jira itself fill in."""
        ours = WE_SEND | JIRA_FILLS
        return [asked(each, filled=each["fieldId"] in self._access.fields) for each in self.fields(subtask)
                if each["fieldId"] not in ours]

    def lacking(self, subtask: bool) -> list[str]:
        """Ids of fields we send that the form does not have."""
        sent = WE_SEND - {"parent"} if not subtask else WE_SEND
        return sorted(sent - {str(each["fieldId"]) for each in self.fields(subtask)})

    def name(self, subtask: bool) -> str:
        """What the issue type is called."""
        return next(str(kind["name"]) for kind in self._all() if str(kind["id"]) == self._id(subtask))

    def fields(self, subtask: bool) -> list[dict[str, Any]]:
        """The fields of the create screen, as Jira describes them."""
        if subtask not in self._fields:
            path = f"{self._place()}/{quote(self._id(subtask), safe='')}"
            call = Call("read which fields a ticket needs")
            self._fields[subtask] = list(self._client.pages(path, call, ("fields", "values", "results"), {"maxResults": 50}))
        return self._fields[subtask]

    def _id(self, subtask: bool) -> str:
        if subtask not in self._ids:
            self._ids[subtask] = self._choose(subtask)
        return self._ids[subtask]

    def _choose(self, subtask: bool) -> str:
        wanted = self._access.subtask_type if subtask else self._access.issue_type
        kinds = [kind for kind in self._all() if bool(kind.get("subtask")) == subtask]
        fitting = [kind for kind in kinds if kind.get("name") == wanted] if wanted else _best_first(kinds)
        if not fitting:
            raise Refused(self._missing(wanted, subtask))
        return str(fitting[0]["id"])

    def _all(self) -> list[dict[str, Any]]:
        call = Call("read the issue types of the project")
        return list(self._client.pages(self._place(), call, ("issueTypes", "values", "createMetaIssueType"), {"maxResults": 50}))

    def _place(self) -> str:
        return f"issue/createmeta/{quote(self._access.project, safe='')}/issuetypes"

    def _missing(self, wanted: str, subtask: bool) -> str:
        kind = "sub-task type" if subtask else "issue type"
        named = f" named {wanted}" if wanted else ""
        return f"The Jira project {self._access.project} has no {kind}{named} the bot may create; name one in the settings."


def filled(value: Any, facts: Mapping[str, str]) -> Any:
    """The value with its gaps filled, however deep they stand."""
    if isinstance(value, str):
        return value.format_map(facts)
    if isinstance(value, Mapping):
        return {name: filled(inner, facts) for name, inner in value.items()}
    return [filled(inner, facts) for inner in value] if isinstance(value, list | tuple) else value


def _best_first(kinds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Task before others, the ordinary level before epics."""
    return sorted(kinds, key=lambda kind: (kind.get("hierarchyLevel", 0) > 0, kind.get("name") != "Task"))

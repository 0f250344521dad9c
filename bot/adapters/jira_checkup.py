"""What doctor asks Jira: it only looks, and creates nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.adapters.jira_client import JiraAccess, JiraClient, Site
from bot.adapters.jira_errors import Call
from bot.adapters.jira_people import JiraPeople
from bot.adapters.jira_types import JiraTypes
from bot.domain.ticket import TicketField
from bot.errors import Refused

NEEDED = {
    "BROWSE_PROJECTS": "no ticket could be seen", "CREATE_ISSUES": "no ticket could be created",
    "EDIT_ISSUES": "titles and dates could not follow a moved ETD", "SCHEDULE_ISSUES": "no due date could be set",
    "ASSIGN_ISSUES": "nobody could be assigned", "TRANSITION_ISSUES": "a task done in Slack would stay open in Jira",
    "ADD_COMMENTS": "nothing said in Slack could reach the ticket", "LINK_ISSUES": "tickets could not link back to Slack"}
"""Permissions in the project and what fails without."""


@dataclass(frozen=True, slots=True)
class CreateForm:
    """The create form of one issue type: `unsent` are fields we send and it lacks, `unknown` mapped ids it does not have."""

    type_name: str
    fields: tuple[TicketField, ...]
    unsent: tuple[str, ...]
    unknown: tuple[str, ...]


class JiraCheckup:
    """Errors are those of the port Tracker."""

    def __init__(self, access: JiraAccess) -> None:
        self._access = access
        self._client = JiraClient(access)
        self._types = JiraTypes(access, self._client)
        self._people = JiraPeople(self._client, access.project, access.accounts)

    def site(self) -> Site:
        """What the server says of itself."""
        return self._client.site

    def who(self) -> str:
        """The account the token belongs to, by name."""
        return str(self._client.read("myself", Call("sign in")).get("displayName", ""))

    def project(self) -> str:
        """The project's name; Refused where it does not exist or the account may not see it."""
        found = self._client.read(f"project/{self._access.project}", Call("read the project", key=self._access.project))
        return str(found.get("name", ""))

    def forbidden(self) -> list[str]:
        """Which of NEEDED the account lacks in the project."""
        asked = {"projectKey": self._access.project, "permissions": ",".join(NEEDED)}
        told = self._client.read("mypermissions", Call("read the permissions"), asked).get("permissions") or {}
        return [name for name in NEEDED if not (told.get(name) or {}).get("havePermission")]

    def form(self, subtask: bool) -> CreateForm:
        """The create form of tickets or sub-tasks; Refused where the project has no such type."""
        fields = self._types.asked(subtask)
        known = {each.id for each in fields} | {"labels", "reporter"}
        return CreateForm(self._types.name(subtask), tuple(fields), tuple(self._types.lacking(subtask)),
                          tuple(name for name in self._access.fields if name not in known))

    def missing(self, email: str) -> str:
        """Why this person cannot be assigned, "" where they can."""
        try:
            return self._people.missing(email)
        except Refused as error:
            return str(error)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

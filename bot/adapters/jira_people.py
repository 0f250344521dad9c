"""Who is who: a person's e-mail -> the account Jira knows, or the one config/people.yaml names; nobody is ever replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.adapters.jira_client import JiraClient
from bot.adapters.jira_errors import Call
from bot.errors import Gone, Refused

Account = dict[str, str]
"""What an assignee field takes: {"accountId": …} on Cloud, {"name": …} on Data Center."""


class JiraPeople:
    """Accounts by e-mail. Found ones are remembered; a missing one is looked up again, it may join tomorrow."""

    def __init__(self, client: JiraClient, project: str, given: Mapping[str, str] | None = None) -> None:
        self._client = client
        self._project = project
        self._given = {email.casefold(): account for email, account in (given or {}).items()}
        """{e-mail: account id or username} where an admin has written it down."""
        self._known: dict[str, Account] = {}
        self.unmapped: dict[str, str] = {}
        """{e-mail: why no account was found}, for doctor."""

    def account(self, email: str) -> Account | None:
        """The account with this e-mail, or None (then it stands in `unmapped`)."""
        wanted = email.strip().casefold()
        if wanted in self._given:
            return self.named(self._given[wanted])
        if wanted not in self._known:
            found = self._look_up(wanted)
            if found is None:
                return None
            self._known[wanted] = found
        return self._known[wanted]

    def email_of(self, account: Mapping[str, Any]) -> str:
        """The e-mail by which an account was found or written down, for those who hide theirs; "" for others."""
        given = {email: self.named(said) for email, said in self._given.items()}
        same = [email for email, known in (given | self._known).items() if known.items() <= account.items()]
        return same[0] if same else ""

    def _look_up(self, email: str) -> Account | None:
        try:
            users = self._search(email)
        except (Refused, Gone) as error:  # no right to browse people: the ticket must not wait for that
            self.unmapped[email] = str(error)
            return None
        found = _with_email(users, email)
        if found is None:
            self.unmapped[email] = f"no active Jira account that may be assigned in {self._project} shows this e-mail"
            return None
        self.unmapped.pop(email, None)
        return self.named(str(found["accountId"] if "accountId" in found else found["name"]))

    def wanted(self, said: str) -> Account | None:
        """The account somebody named by e-mail or by the account itself."""
        return self.account(said) if "@" in said else self.named(said)

    def missing(self, email: str) -> str:
        """Why this person cannot be assigned, "" where they can: looked at now, a written-down account included."""
        given = self._given.get(email.casefold())
        if given is None:
            return "" if self.account(email) else self.unmapped[email.casefold()]
        asked = "accountId" if self._client.site.is_cloud else "username"
        try:
            found = self._client.read("user", Call("look up a person"), {asked: given})
        except (Refused, Gone):
            return f"Jira has no account {given}, which config/people.yaml names"
        return "" if found.get("active", True) else f"the Jira account {given}, which config/people.yaml names, is switched off"

    def named(self, account: str) -> Account:
        """What a person field takes for an account id or username."""
        return {"accountId" if self._client.site.is_cloud else "name": account}

    def _search(self, email: str) -> list[dict[str, Any]]:
        asked = "query" if self._client.site.is_cloud else "username"
        call = Call("look up a person", answers=list)
        where = {asked: email, "project": self._project, "maxResults": 50}
        users: list[dict[str, Any]] = self._client.read("user/assignable/search", call, where)
        return [user for user in users if user.get("active", True)]


def _with_email(users: list[dict[str, Any]], email: str) -> dict[str, Any] | None:
    for user in users:
        if str(user.get("emailAddress", "")).casefold() == email:
            return user
    # Cloud may hide addresses and still search by them: one nameless hit is the person, two are a guess
    hidden = [user for user in users if not user.get("emailAddress") and user.get("accountType", "atlassian") == "atlassian"]
    return hidden[0] if len(hidden) == 1 == len(users) else None

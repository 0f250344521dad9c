"""Who is who: a person's e-mail -> the account Jira knows; whom it does not know is remembered, never replaced."""

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

    def __init__(self, client: JiraClient) -> None:
        self._client = client
        self._known: dict[str, Account] = {}
        self.unmapped: dict[str, str] = {}
        """{e-mail: why no account was found}, for doctor."""

    def account(self, email: str) -> Account | None:
        """The account with this e-mail, or None (then it stands in `unmapped`)."""
        wanted = email.strip().casefold()
        if wanted not in self._known:
            found = self._look_up(wanted)
            if found is None:
                return None
            self._known[wanted] = found
        return self._known[wanted]

    def email_of(self, account: Mapping[str, Any]) -> str:
        """The e-mail by which an account was found, for those who hide theirs; "" for others."""
        same = [email for email, known in self._known.items() if known.items() <= account.items()]
        return same[0] if same else ""

    def _look_up(self, email: str) -> Account | None:
        try:
            users = self._search(email)
        except (Refused, Gone) as error:  # no right to browse people: the ticket must not wait for that
            self.unmapped[email] = str(error)
            return None
        found = _with_email(users, email)
        if found is None:
            self.unmapped[email] = "no active Jira account shows this e-mail"
            return None
        self.unmapped.pop(email, None)
        return {"accountId": str(found["accountId"])} if "accountId" in found else {"name": str(found["name"])}

    def _search(self, email: str) -> list[dict[str, Any]]:
        asked = "query" if self._client.site.is_cloud else "username"
        call = Call("look up a person", answers=list)
        users: list[dict[str, Any]] = self._client.read("user/search", call, {asked: email, "maxResults": 50})
        return [user for user in users if user.get("active", True)]


def _with_email(users: list[dict[str, Any]], email: str) -> dict[str, Any] | None:
    for user in users:
        if str(user.get("emailAddress", "")).casefold() == email:
            return user
    # Cloud may hide addresses and still search by them: one nameless hit is the person, two are a guess
    hidden = [user for user in users if not user.get("emailAddress") and user.get("accountType", "atlassian") == "atlassian"]
    return hidden[0] if len(hidden) == 1 == len(users) else None

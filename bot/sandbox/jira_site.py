"""The local Jira's memory: issues on the shelf by id, keys that keep pointing after a move, who did what when."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from bot.sandbox.jira_options import PRIORITIES, IssueType, JiraOptions, JiraUser, Project, Status
from bot.sandbox.jira_problem import UNKNOWN_ISSUE, JiraProblem
from bot.sandbox.shelf import Shelf, Thing

Change = tuple[str, str | None, str | None, str | None, str | None]
"""Field, from (id), from (words), to (id), to (words)."""
OPTIONS = TypeAdapter(JiraOptions)
SEARCHED = ("id", "key", "project", "type", "status", "fields", "created", "updated", "resolved", "comments")


@dataclass(frozen=True)
class Site:
    """One Jira site: what is on the shelf, read with its options and at its clock."""

    shelf: Shelf
    now: Callable[[], datetime]
    options: JiraOptions
    base_url: str
    email: str

    @property
    def cloud(self) -> bool:
        """Whether this is Cloud rather than Data Center."""
        return self.options.flavour == "cloud"

    @property
    def me(self) -> JiraUser:
        """The account behind the token."""
        known = [user for user in self.options.users if user.email == self.email]
        return known[0] if known else JiraUser("712020:filing-desk", "Filing Desk", self.email, "filingdesk")

    def people(self) -> list[JiraUser]:
        """Everybody, the token's account included."""
        return [*(user for user in self.options.users if user != self.me), self.me]

    def person(self, account_id: str | None) -> JiraUser | None:
        """The person with this account id."""
        return next((user for user in self.people() if user.account_id == account_id), None)

    def stamp(self) -> str:
        """Now, as Jira writes it: 2026-12-01T08:00:00.000+0000."""
        return written(self.now())

    def issues(self) -> Iterator[Thing]:
        """All issues, oldest first."""
        return self.shelf.every("jira_issue")

    def find(self, key: object) -> Thing | None:
        """The issue of an id or of a present or former key."""
        pointer = self.shelf.get("jira_key", str(key).upper())
        return self.shelf.get("jira_issue", pointer["id"] if pointer else str(key))

    def issue(self, key: object) -> Thing:
        """The same, or Jira's 404."""
        found = self.find(key)
        if found is None:
            raise JiraProblem(404, UNKNOWN_ISSUE)
        return found

    def children(self, issue: Thing) -> list[Thing]:
        """Its sub-tasks, oldest first."""
        return [child for child in self.issues() if child["fields"].get("parent") == issue["id"]]

    def project(self, key_or_id: object) -> Project | None:
        """The project of a key or id; None for one that was deleted."""
        there = [p for p in self.options.projects if self.shelf.get("jira_vanished", p.key) is None]
        return next((p for p in there if str(key_or_id) in (p.key, p.id)), None)

    def type(self, type_id: str) -> IssueType:
        """The issue type of an id."""
        return next(kind for kind in self.options.types if kind.id == type_id)

    def status(self, status_id: str) -> Status:
        """The status of an id."""
        return next(status for status in self.options.statuses if status.id == status_id)

    def required(self, project: str) -> tuple[str, ...]:
        """Field ids the project asks for besides the usual ones."""
        added = (self.shelf.get("jira_required", project) or {"fields": []})["fields"]
        return (*self.options.required.get(project, ()), *added)

    def may(self, permission: str) -> None:
        """Refuse with 403 what the token's account may not do."""
        if permission in self.options.denied:
            raise JiraProblem(403, f"You do not have the permission {permission}.")


def written(moment: datetime) -> str:
    """A moment as Jira writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def read_stamp(text: str) -> datetime:
    """A moment Jira wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def open_site(shelf: Shelf, now: Callable[[], datetime], options: JiraOptions, base_url: str, email: str) -> Site:
    """A site whose description is kept on the shelf, so that the board can be read without it."""
    described = {"options": OPTIONS.dump_python(options, mode="json")}
    described |= {"base_url": base_url.rstrip("/"), "email": email}
    if shelf.get("jira_site", "site") != described:
        shelf.put("jira_site", "site", described)
    return Site(shelf, now, options, base_url.rstrip("/"), email)


def site_on(shelf: Shelf, now: Callable[[], datetime]) -> Site:
    """The site described on the shelf; a plain one where none is."""
    kept = shelf.get("jira_site", "site") or {"options": {}, "base_url": "", "email": "bot@filingdesk.example"}
    return Site(shelf, now, OPTIONS.validate_python(kept["options"]), kept["base_url"], kept["email"])


def create(site: Site, project: Project, type_id: str, fields: Thing, properties: Thing) -> Thing:
    """A new issue in the first status, under the next key of its project."""
    key, stamp = f"{project.key}-{site.shelf.number(f'jira_{project.key}')}", site.stamp()
    issue: Thing = {
        "id": str(10000 + site.shelf.number("jira_issue")),
        "key": key,
        "project": project.key,
        "type": type_id,
        "status": site.options.statuses[0].id,
        "fields": {"reporter": site.me.account_id, "labels": [], "priority": PRIORITIES[2][0], **fields},
        "creator": site.me.account_id,
        "created": stamp,
        "updated": stamp,
        "moved": stamp,
        "resolved": None,
        "comments": [],
        "links": [],
        "properties": properties,
        "history": [],
    }
    site.shelf.put("jira_key", key, {"id": issue["id"]})  # first: a kill between leaves a key of nothing, not a lost issue
    _keep(site, issue)
    return issue


def save(site: Site, issue: Thing, changes: list[Change], author: str) -> None:
    """Keep a changed issue, with its history entry."""
    issue["updated"] = site.stamp()
    if changes:
        entry = {"id": str(site.shelf.number("jira_history")), "author": author, "created": issue["updated"]}
        issue["history"].append({**entry, "items": [list(change) for change in changes]})
    _keep(site, issue)


def keep_quietly(site: Site, issue: Thing) -> None:
    """Keep what does not count as an update: properties and remote links."""
    site.shelf.put("jira_issue", issue["id"], issue)


def delete(site: Site, issue: Thing) -> None:
    """Remove an issue; its key is never given again."""
    site.shelf.remove("jira_issue", issue["id"])


def move(site: Site, issue: Thing, project: Project, author: str) -> str:
    """Give an issue a key of another project; the old key keeps pointing at it."""
    old, new = issue["key"], f"{project.key}-{site.shelf.number(f'jira_{project.key}')}"
    site.shelf.put("jira_key", new, {"id": issue["id"]})
    issue |= {"key": new, "project": project.key}
    save(site, issue, [("Key", None, old, None, new)], author)
    return new


def _keep(site: Site, issue: Thing) -> None:
    if site.options.search_lag:
        state = copy.deepcopy({name: issue[name] for name in SEARCHED})
        issue["seen"] = [*_still_needed(site, issue), {"from": issue["updated"], "state": state}]
    keep_quietly(site, issue)


def _still_needed(site: Site, issue: Thing) -> list[Thing]:
    shown = [n for n, seen in enumerate(issue.get("seen", [])) if _known(site, seen)]
    return list(issue.get("seen", [])[max(shown, default=0) :])


def _known(site: Site, seen: Thing) -> bool:
    return read_stamp(seen["from"]) <= site.now() - timedelta(seconds=site.options.search_lag)


def as_searched(site: Site, issue: Thing) -> Thing | None:
    """The issue as search knows it by now: possibly older than it is, or not there yet."""
    if not site.options.search_lag or "seen" not in issue:
        return issue
    known = [seen["state"] for seen in issue["seen"] if _known(site, seen)]
    return {**issue, **known[-1]} if known else None

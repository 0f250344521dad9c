"""What the local Jira answers: issues, people, comments, links and histories in Jira's JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bot.sandbox.jira_adf import adf_text, text_as_adf
from bot.sandbox.jira_options import PRIORITIES, IssueType, JiraUser, Project, Status
from bot.sandbox.jira_site import Site
from bot.sandbox.shelf import Thing

CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}


class Shapes:
    """The shapes of one version ("2" or "3") of one site."""

    def __init__(self, site: Site, version: str) -> None:
        self.site, self.version = site, version

    def address(self, path: str) -> str:
        """The `self` of a thing."""
        return f"{self.site.base_url}/rest/api/{self.version}/{path}"

    def user(self, user: JiraUser) -> Thing:
        """A person, named as the flavour names people."""
        told: Thing = {"displayName": user.name, "active": user.active, "timeZone": user.time_zone}
        if user.email_visible or user == self.site.me:
            told["emailAddress"] = user.email
        if self.site.cloud:
            return {
                "self": self.address(f"user?accountId={user.account_id}"),
                "accountId": user.account_id,
                "accountType": "atlassian",
                **told,
            }
        return {
            "self": self.address(f"user?username={user.username}"),
            "name": user.username,
            "key": user.username,
            **told,
        }

    def person(self, account_id: str | None) -> Thing | None:
        """A person by account id; None for nobody."""
        found = self.site.person(account_id)
        return self.user(found) if found else None

    def status(self, status: Status) -> Thing:
        """A status with its category."""
        number, name, colour = CATEGORIES[status.kind]
        category = {"self": self.address(f"statuscategory/{number}"), "id": number, "key": status.kind}
        return {
            "self": self.address(f"status/{status.id}"),
            "id": status.id,
            "name": status.name,
            "description": "",
            "iconUrl": f"{self.site.base_url}/",
            "statusCategory": {**category, "name": name, "colorName": colour},
        }

    def type(self, kind: IssueType) -> Thing:
        """An issue type."""
        told: Thing = {"self": self.address(f"issuetype/{kind.id}"), "id": kind.id, "name": kind.name}
        told |= {"description": "", "subtask": kind.subtask}
        return told | ({"hierarchyLevel": -1 if kind.subtask else 0} if self.site.cloud else {})

    def priority(self, priority_id: str) -> Thing:
        """A priority."""
        return {"self": self.address(f"priority/{priority_id}"), "id": priority_id, "name": dict(PRIORITIES)[priority_id]}

    def project(self, project: Project) -> Thing:
        """A project as it stands inside an issue."""
        told = {"self": self.address(f"project/{project.id}"), "id": project.id, "key": project.key}
        return told | {"name": project.name, "projectTypeKey": "software", **({"simplified": False} if self.site.cloud else {})}

    def component(self, project: Project, name: str) -> Thing:
        """A component of a project."""
        number = f"{project.id}{project.components.index(name):02d}"
        return {"self": self.address(f"component/{number}"), "id": number, "name": name}

    def prose(self, stored: Any) -> Any:  # text in v2, a document in v3
        """A long text in this version's format, whichever it was written in."""
        if stored is None:
            return None
        if self.version == "3":
            return stored if isinstance(stored, dict) else text_as_adf(stored)
        return adf_text(stored) if isinstance(stored, dict) else stored

    def comment(self, issue: Thing, comment: Thing) -> Thing:
        """A comment."""
        told: Thing = {
            "self": self.address(f"issue/{issue['id']}/comment/{comment['id']}"),
            "id": comment["id"],
            "author": self.person(comment["author"]),
            "updateAuthor": self.person(comment["author"]),
            "body": self.prose(comment["body"]),
            "created": comment["created"],
            "updated": comment["updated"],
        }
        return told | {name: comment[name] for name in ("visibility",) if comment.get(name)}

    def link(self, issue: Thing, link: Thing) -> Thing:
        """A remote link."""
        return {"self": self.address(f"issue/{issue['key']}/remotelink/{link['id']}"), **link}

    def history(self, entry: Thing) -> Thing:
        """One entry of the change history; what is empty is left out."""
        items = [self._change(*change) for change in entry["items"]]
        return {"id": entry["id"], "author": self.person(entry["author"]), "created": entry["created"], "items": items}

    def _change(self, field: str, old: str | None, old_words: str | None, new: str | None, new_words: str | None) -> Thing:
        told = {"field": field, "fieldtype": "custom" if field.startswith("customfield") else "jira"}
        told |= {"fieldId": field} if self.site.cloud and field != "Key" else {}
        values = {"from": old, "fromString": old_words, "to": new, "toString": new_words}
        return told | {name: value for name, value in values.items() if value is not None}

    def reference(self, issue: Thing) -> Thing:
        """An issue as its parent or sub-task names it."""
        fields = {
            "summary": issue["fields"]["summary"],
            "status": self.status(self.site.status(issue["status"])),
            "priority": self.priority(issue["fields"]["priority"]),
            "issuetype": self.type(self.site.type(issue["type"])),
        }
        return {"id": issue["id"], "key": issue["key"], "self": self.address(f"issue/{issue['id']}"), "fields": fields}

    def issue(self, issue: Thing, wanted: Iterable[str] = ("*all",), expand: Iterable[str] = ()) -> Thing:
        """An issue with the wanted fields ("*all", "*navigable", names, "-name")."""
        told: Thing = {"expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"}
        told |= {"id": issue["id"], "self": self.address(f"issue/{issue['id']}"), "key": issue["key"]}
        told["fields"] = {name: make() for name, make in self._makers(issue).items() if _is_wanted(name, list(wanted))}
        if "changelog" in expand:
            newest = [self.history(entry) for entry in reversed(issue["history"])]
            told["changelog"] = {"startAt": 0, "maxResults": len(newest), "total": len(newest), "histories": newest}
        return told

    def _makers(self, issue: Thing) -> dict[str, Callable[[], Any]]:
        site, fields = self.site, issue["fields"]
        project = site.project(issue["project"]) or site.options.projects[0]
        makers: dict[str, Callable[[], Any]] = {
            "summary": lambda: fields["summary"],
            "description": lambda: self.prose(fields.get("description")),
            "issuetype": lambda: self.type(site.type(issue["type"])),
            "project": lambda: self.project(project),
            "status": lambda: self.status(site.status(issue["status"])),
            "priority": lambda: self.priority(fields["priority"]),
            "labels": lambda: list(fields["labels"]),
            "duedate": lambda: fields.get("duedate"),
            "assignee": lambda: self.person(fields.get("assignee")),
            "reporter": lambda: self.person(fields.get("reporter")),
            "creator": lambda: self.person(issue["creator"]),
            "components": lambda: [self.component(project, name) for name in fields.get("components", [])],
            "created": lambda: issue["created"],
            "updated": lambda: issue["updated"],
            "resolution": lambda: {"id": "10000", "name": "Done"} if issue["resolved"] else None,
            "resolutiondate": lambda: issue["resolved"],
            "statuscategorychangedate": lambda: issue["moved"],
            "subtasks": lambda: [self.reference(child) for child in site.children(issue)],
            "comment": lambda: self.comments(issue),
        }
        parent = site.find(fields["parent"]) if fields.get("parent") else None
        if parent:
            makers["parent"] = lambda: self.reference(parent)
        return makers | {field.id: self._plain(fields, field.id) for field in site.options.custom_fields}

    def _plain(self, fields: Thing, name: str) -> Callable[[], Any]:
        return lambda: self.person(fields[name]["account"]) if _is_person(fields.get(name)) else fields.get(name)

    def comments(self, issue: Thing) -> Thing:
        """The first page of comments, as it stands inside an issue."""
        told = [self.comment(issue, comment) for comment in issue["comments"]]
        return {"comments": told, "maxResults": len(told), "total": len(told), "startAt": 0}


def _is_person(value: object) -> bool:
    return isinstance(value, dict) and "account" in value


NOT_NAVIGABLE = ("comment",)


def _is_wanted(name: str, wanted: list[str]) -> bool:
    if f"-{name}" in wanted:
        return False
    everything = "*all" in wanted or all(text.startswith("-") for text in wanted)
    return everything or name in wanted or ("*navigable" in wanted and name not in NOT_NAVIGABLE)

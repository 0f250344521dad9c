"""Tickets in Jira, Cloud and Data Center, through the python-jira client."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

from bot.adapters.jira_client import MOST_PAGES, JiraAccess, JiraClient, Site
from bot.adapters.jira_errors import Call, reasons_in
from bot.adapters.jira_people import JiraPeople
from bot.adapters.jira_text import from_adf, one_line, to_adf, to_wiki
from bot.adapters.jira_types import JiraTypes
from bot.adapters.jira_values import encoded
from bot.domain.ticket import TicketField
from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError
from bot.ports import Comment, Ticket, TicketChange, TicketDraft

__all__ = ["JiraAccess", "JiraTracker"]

MOST_AT_ONCE = 50
SHOWN = ["summary", "status", "duedate", "assignee", "labels", "parent", "updated", "comment"]
MARKER = "filingdesk.marker"
"""The comment property that holds our key; people do not see it."""
MOST_COMMENTS = 100

Raw = dict[str, Any]


class JiraTracker:
    """The port Tracker over Jira; safe for threads; nothing is sent before the first call.

    Whom Jira does not know by e-mail is assigned nothing: `get` then shows no assignee, and `unmapped_people` says why.
    """

    def __init__(self, access: JiraAccess, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._access = access
        self._now = now
        self._client = JiraClient(access)
        self._types = JiraTypes(access, self._client)
        self._people = JiraPeople(self._client, access.project, access.accounts)

    # --- creating -----------------------------------------------------------------------------------------------

    def create(self, draft: TicketDraft) -> str:
        """One POST, then the remote link if the draft has one; returns the key."""
        call = Call("create the ticket", writes=True)
        try:
            key = _key_of(self._client.write("POST", "issue", {"fields": self._fields(draft)}, call))
        except Refused:
            self._types.forget()  # perhaps the form has changed
            raise
        self._link_back(key, draft)
        return key

    def create_all(self, drafts: list[TicketDraft]) -> list[str | Refused]:
        """One POST of at most 50; an element Jira could not settle makes the whole OutcomeUnknown."""
        if not drafts:
            return []
        if len(drafts) > MOST_AT_ONCE:
            raise Refused(f"Jira creates at most {MOST_AT_ONCE} tickets at once; {len(drafts)} were asked for.")
        results = self._create_many([{"fields": self._fields(draft)} for draft in drafts])
        for key, draft in zip(results, drafts, strict=True):
            if isinstance(key, str):
                self._link_back(key, draft)
            else:
                self._types.forget()  # perhaps the form has changed
        return results

    def _create_many(self, updates: list[Raw]) -> list[str | Refused]:
        call = Call("create the sub-tasks", writes=True, by_element=True)
        return _each_result(self._client.write("POST", "issue/bulk", {"issueUpdates": updates}, call), len(updates))

    def _fields(self, draft: TicketDraft) -> Raw:
        extra = self._extra(draft)
        labels = [draft.label, *draft.labels, *extra.pop("labels", [])]
        assignee = self._people.account(draft.assignee_email) if draft.assignee_email else None
        meant = [] if assignee else [draft.unassigned]
        optional = {
            "duedate": draft.due.isoformat() if draft.due else None,
            "assignee": assignee,
            "parent": {"key": draft.parent} if draft.parent else None,
        }
        return (
            extra
            | {name: value for name, value in optional.items() if value}
            | {
                "project": {"key": self._access.project},
                "issuetype": self._types.reference(subtask=bool(draft.parent)),
                "summary": one_line(draft.summary),
                "description": self._text("\n\n".join(filter(None, [draft.description, *meant]))),
                "labels": list(dict.fromkeys(map(_label, labels))),
            }
        )

    def _extra(self, draft: TicketDraft) -> Raw:
        rich, account = self._is_rich(), self._people.wanted
        return {name: encoded(name, value, field, rich=rich, account=account)
                for name, (value, field) in self._types.extra_fields(draft).items()}

    def _text(self, text: str) -> Any:
        return to_adf(text) if self._is_rich() else to_wiki(text)

    def _is_rich(self) -> bool:
        return self._client.site.api_version == "3"

    def _link_back(self, key: str, draft: TicketDraft) -> None:
        if draft.backlink:
            # the ticket exists: a failing link must not make its creation look failed
            with suppress(ServiceError):
                self.link(key, draft.backlink, "Slack", draft.label)

    # --- looking ------------------------------------------------------------------------------------------------

    def find(self, label: str) -> list[str]:
        """Keys in the project that carry the label, oldest first; the search lags by seconds to minutes on Cloud."""
        here = f"project = {_quoted(self._access.project)}"
        jql = f"{here} AND labels = {_quoted(_label(label))} ORDER BY created ASC, key ASC"
        return [_key_of(raw) for raw in self._search(jql, ["created"])]

    def get(self, key: str) -> Ticket:
        """The ticket; its key is the new one where it was moved."""
        return self._ticket(self._issue(key, SHOWN))

    def get_all(self, keys: list[str]) -> list[Ticket]:
        """The tickets, fifty in one request; what was moved comes back under its new key, what is gone is left out."""
        return [self._ticket(raw) for raw in self._details(keys)]

    def children(self, key: str) -> list[Ticket]:
        """The sub-tasks, named by the parent itself rather than by the search."""
        named = self._issue(key, ["subtasks"]).get("fields", {}).get("subtasks") or []
        found = {_key_of(raw): raw for raw in self._details([_key_of(each) for each in named])}
        return [self._ticket(found[each["key"]]) for each in named if each["key"] in found]

    def changed(self, label: str, since: datetime) -> list[Ticket]:
        """Tickets with the label updated since then, in whatever project people moved them to.

        JQL counts in minutes, so a little more comes back.
        """
        # one more minute: Jira counts back from when the question arrives
        minutes = max(1, math.ceil((self._now() - since).total_seconds() / 60) + 1)
        jql = f'labels = {_quoted(_label(label))} AND updated >= "-{minutes}m" ORDER BY updated ASC'
        return [self._ticket(raw) for raw in self._search(jql, SHOWN)]

    def _ticket(self, raw: Raw) -> Ticket:
        return _ticket(raw, self._client.site, self._people.email_of)

    def _issue(self, key: str, fields: list[str]) -> Raw:
        found: Raw = self._client.read(_path(key), Call(f"read {key}", key=key), {"fields": fields})
        return found

    def _details(self, keys: list[str]) -> Iterator[Raw]:
        for at in range(0, len(keys), MOST_AT_ONCE):
            yield from self._some_details(keys[at : at + MOST_AT_ONCE])

    def _some_details(self, keys: list[str]) -> list[Raw]:
        if not self._client.site.is_cloud:
            return self._found_by_key(keys)
        asked = {"issueIdsOrKeys": keys, "fields": SHOWN}
        found: list[Raw] = self._client.ask("issue/bulkfetch", asked, Call("read the tickets")).get("issues", [])
        return found

    def _found_by_key(self, keys: list[str]) -> list[Raw]:
        """Data Center has no bulkfetch, and its search does not lag behind; but one key that is gone spoils the question."""
        try:
            return list(self._search(f"issuekey in ({', '.join(map(_quoted, keys))})", SHOWN))
        except Refused:
            return [raw for raw in map(self._issue_or_none, keys) if raw]

    def _issue_or_none(self, key: str) -> Raw | None:
        try:
            return self._issue(key, SHOWN)
        except Gone:
            return None

    def _search(self, jql: str, fields: list[str]) -> Iterator[Raw]:
        asked = {"jql": jql, "fields": fields, "maxResults": 100}
        call = Call("search tickets")
        if self._client.site.is_cloud:
            return self._pages_by_token(asked, call)
        return self._client.pages("search", call, ("issues",), asked)

    def _pages_by_token(self, asked: Raw, call: Call) -> Iterator[Raw]:
        for _ in range(MOST_PAGES):
            page = self._client.read("search/jql", call, asked)
            yield from page.get("issues", [])
            if not page.get("nextPageToken"):
                return
            asked = asked | {"nextPageToken": page["nextPageToken"]}

    # --- changing -----------------------------------------------------------------------------------------------

    def move(self, key: str, status_kind: str) -> None:
        """By the first transition to a status of this kind, those without a form to fill in preferred."""
        now = self.get(key)
        if now.status_kind == status_kind:
            return
        chosen = _fitting(self._transitions(key), status_kind)
        if chosen is None:
            wanted = _KINDS.get(status_kind, status_kind)
            raise Refused(f"{key}: Jira's workflow has no step from {now.status} to a status that counts as {wanted}.")
        call = Call(f"move {key}", writes=True, key=key)
        self._client.write("POST", _path(key, "transitions"), {"transition": {"id": str(chosen["id"])}}, call)

    def _transitions(self, key: str) -> list[Raw]:
        call = Call(f"read the workflow of {key}", key=key)
        found = self._client.read(_path(key, "transitions"), call, {"expand": "transitions.fields"})
        return [each for each in found.get("transitions", []) if each.get("isAvailable", True)]

    def set_due(self, key: str, due: date) -> None:
        """Change the due date."""
        call = Call(f"change the due date of {key}", writes=True, key=key)
        self._client.write("PUT", _path(key), {"fields": {"duedate": due.isoformat()}}, call)

    def assign(self, key: str, email: str) -> bool:
        """Assign whoever Jira knows by this e-mail; False where it knows nobody."""
        account = self._people.account(email) if email else None
        if account:
            call = Call(f"assign {key}", writes=True, key=key)
            self._client.write("PUT", _path(key, "assignee"), account, call)
        return bool(account)

    def history(self, key: str) -> list[TicketChange]:
        """Cloud tells the changelog in pages; Data Center tells all of it with the issue itself."""
        entries = sorted(self._changelog(key), key=lambda entry: _instant(entry["created"]))
        return [_change(entry, item) for entry in entries for item in entry.get("items") or []]

    def _changelog(self, key: str) -> list[Raw]:
        call = Call(f"read the history of {key}", key=key)
        if self._client.site.is_cloud:
            return list(self._client.pages(_path(key, "changelog"), call, ("values",), {"maxResults": 100}))
        found = self._client.read(_path(key), call, {"fields": ["summary"], "expand": "changelog"})
        return list((found.get("changelog") or {}).get("histories") or [])

    def comments(self, key: str) -> list[Comment]:
        """The latest hundred, oldest first, without those meant for a group or role, or hidden from customers."""
        asked = {"expand": "properties", "orderBy": "-created", "maxResults": MOST_COMMENTS}
        page = self._client.read(_path(key, "comment"), Call(f"read the comments of {key}", key=key), asked)
        told = [each for each in page.get("comments", []) if not each.get("visibility") and each.get("jsdPublic", True)]
        return [_comment(each, key, self._client.site) for each in reversed(told)]

    def retitle(self, key: str, summary: str) -> None:
        """Change the summary."""
        call = Call(f"change the title of {key}", writes=True, key=key)
        self._client.write("PUT", _path(key), {"fields": {"summary": one_line(summary)}}, call)

    def comment(self, key: str, text: str, marker: str) -> None:
        """Add a comment unless one carries the marker, kept as a comment property."""
        if self._has_comment(key, marker):
            return
        body = {"body": self._text(text), "properties": [{"key": MARKER, "value": {"marker": marker}}]}
        self._client.write("POST", _path(key, "comment"), body, Call(f"comment on {key}", writes=True, key=key))

    def _has_comment(self, key: str, marker: str) -> bool:
        call = Call(f"read the comments of {key}", key=key)
        asked = {"expand": "properties", "orderBy": "-created", "maxResults": 100}
        return any(_marker(each) == marker for each in self._client.pages(_path(key, "comment"), call, ("comments",), asked))

    def link(self, key: str, url: str, title: str, global_id: str) -> None:
        """Upsert a remote link by its global id."""
        body = {"globalId": global_id, "object": {"url": url, "title": one_line(title)}}
        self._client.write("POST", _path(key, "remotelink"), body, Call(f"link {key}", writes=True, key=key))

    # --- what is asked for ----------------------------------------------------------------------------

    def asks(self, subtask: bool) -> list[TicketField]:
        """What the create form holds beyond what we and Jira fill in, as it is now."""
        self._types.forget()
        return self._types.asked(subtask)

    def unmapped_people(self) -> dict[str, str]:
        """{e-mail: reason} of those who were meant and could not be assigned since the start."""
        return dict(self._people.unmapped)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


# --- reading Jira's JSON ----------------------------------------------------------------------------------------

_KINDS = {"new": "open", "indeterminate": "in progress", "done": "done"}


def _ticket(raw: Raw, site: Site, email_of: Callable[[Raw], str]) -> Ticket:
    fields = raw.get("fields", {})
    status, assignee = fields.get("status") or {}, fields.get("assignee") or {}
    return Ticket(
        key=_key_of(raw),
        url=f"{site.base_url}/browse/{raw['key']}",
        summary=str(fields.get("summary") or ""),
        status=str(status.get("name", "")),
        status_kind=_kind(status),
        due=date.fromisoformat(fields["duedate"]) if fields.get("duedate") else None,
        assignee_name=str(assignee.get("displayName", "")),
        assignee_email=str(assignee.get("emailAddress") or email_of(assignee)),
        labels=tuple(fields.get("labels") or ()),
        parent=str((fields.get("parent") or {}).get("key", "")),
        updated=_instant(fields["updated"]) if fields.get("updated") else None,
        comment_mark=_comment_mark(fields.get("comment") or {}),
    )


def _comment_mark(held: Raw) -> str:
    """How many there are and when one was last written or changed; the list may be cut, the total is not."""
    stamps = [str(each.get("updated", "")) for each in held.get("comments") or []]
    total = int(held.get("total") or len(stamps))
    return f"{total}@{max(stamps, default='')}" if total else ""


def _comment(raw: Raw, key: str, site: Site) -> Comment:
    body = raw.get("body") or ""
    return Comment(
        id=str(raw["id"]),
        author=str((raw.get("author") or {}).get("displayName", "")),
        text=body if isinstance(body, str) else from_adf(body),
        at=_instant(raw["created"]),
        marker=_marker(raw),
        url=f"{site.base_url}/browse/{key}?focusedCommentId={raw['id']}",
    )


def _change(entry: Raw, item: Raw) -> TicketChange:
    author = str((entry.get("author") or {}).get("displayName", ""))
    before, after = (str(item.get(f"{side}String") or item.get(side) or "") for side in ("from", "to"))
    return TicketChange(_instant(entry["created"]), author, str(item.get("field", "")), before, after)


def _instant(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).astimezone(UTC)


def _kind(status: Raw) -> str:
    kind = str((status.get("statusCategory") or {}).get("key", ""))
    return kind if kind in _KINDS else "new"  # "undefined" is Jira's word for none


def _key_of(raw: Raw) -> str:
    if not raw.get("key"):
        raise OutcomeUnknown("Jira's answer names no ticket; look before trying again.")
    return str(raw["key"])


def _marker(comment: Raw) -> str:
    kept = {each.get("key"): each.get("value") for each in comment.get("properties") or []}
    value = kept.get(MARKER)
    return str(value.get("marker", "")) if isinstance(value, dict) else ""


def _fitting(transitions: list[Raw], kind: str) -> Raw | None:
    leading = [each for each in transitions if _kind(each.get("to") or {}) == kind]
    return min(leading, key=_asks_for_input, default=None)


def _asks_for_input(transition: Raw) -> bool:
    fields = (transition.get("fields") or {}).values()
    return any(each.get("required") and not each.get("hasDefaultValue") for each in fields)


def _each_result(answer: Raw, asked: int) -> list[str | Refused]:
    """Jira lists what it made, in order, and the numbers of what it did not."""
    failed = {int(each["failedElementNumber"]): each for each in answer.get("errors") or []}
    made = iter(answer.get("issues") or [])
    if len(failed) + len(answer.get("issues") or []) != asked or any(map(_passing, failed.values())):
        raise OutcomeUnknown("Jira settled only part of the sub-tasks; look before trying again.")
    return [_refusal(failed[at]) if at in failed else _key_of(next(made)) for at in range(asked)]


def _passing(error: Raw) -> bool:
    status = int(error.get("status") or 400)
    return status == 429 or status >= 500


def _refusal(error: Raw) -> Refused:
    reasons, fields = reasons_in(error.get("elementErrors"))
    said_so = "; ".join([*reasons, *(f"{name}: {reason}" for name, reason in fields.items())])
    return Refused(f"Jira refused to create the sub-task: {said_so or 'no reason given'}", fields)


# --- writing Jira's little languages ----------------------------------------------------------------------------


def _path(key: str, *more: str) -> str:
    return "/".join(["issue", quote(key, safe=""), *more])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _label(text: str) -> str:
    return "-".join(text.split())[:255]  # Jira refuses labels with blanks

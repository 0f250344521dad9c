"""Tickets kept in our own store, for a company without Jira; it behaves as Jira would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.adapters.jira_text import one_line
from bot.domain.ticket import TicketField
from bot.errors import Gone, Refused
from bot.ports import Clock, Comment, Row, Store, Ticket, TicketChange, TicketDraft, Transaction

MOST_AT_ONCE = 50
DESK = "Filing Desk"
STATUSES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
SHOWN_AS = {"summary": "summary", "status_kind": "status", "due": "duedate", "assignee_email": "assignee"}
"""What changes, under the names Jira has for it."""
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)


class LocalTracker:
    """The port Tracker over the port Store, in the table "tickets".

    Every call is its own transaction, so call it outside of one. `url` is where a ticket can be seen, with {key} in it.
    """

    def __init__(self, store: Store, clock: Clock, project: str = "FD", url: str = "") -> None:
        self._store = store
        self._clock = clock
        self._project = project
        self._url = url

    def create(self, draft: TicketDraft) -> str:
        """Create one ticket; returns its key."""
        with self._store.transaction() as rows:
            return self._add(rows, draft)

    def create_all(self, drafts: list[TicketDraft]) -> list[str | Refused]:
        """Create up to 50; one result each, in order."""
        if len(drafts) > MOST_AT_ONCE:
            raise Refused(f"At most {MOST_AT_ONCE} tickets are created at once; {len(drafts)} were asked for.")
        with self._store.transaction() as rows:
            return [self._add_or_refuse(rows, draft) for draft in drafts]

    def find(self, label: str) -> list[str]:
        """Keys of the tickets that carry the label, oldest first; nothing lags here."""
        own = self._store.where("tickets", "label", label)  # a shared label is not in the index
        return [row["id"] for row in own or self._store.every("tickets") if label in row["labels"]]

    def get(self, key: str) -> Ticket:
        """The ticket; Gone if there is none."""
        return self._ticket(_existing(self._store.get("tickets", key), key))

    def get_all(self, keys: list[str]) -> list[Ticket]:
        """Those that are there."""
        return [self._ticket(row) for row in (self._store.get("tickets", key) for key in keys) if row]

    def children(self, key: str) -> list[Ticket]:
        """The sub-tasks, oldest first."""
        _existing(self._store.get("tickets", key), key)
        return [self._ticket(row) for row in self._store.where("tickets", "parent", key)]

    def changed(self, label: str, since: datetime) -> list[Ticket]:
        """Tickets with the label updated since then, the longest unchanged first."""
        recent = self._store.up_to("tickets", "recency", _recency(since), 1_000_000)
        return [self._ticket(row) for row in reversed(recent) if label in row["labels"]]

    def move(self, key: str, status_kind: str) -> None:
        """Move to the status of this kind; no-op when already there."""
        if status_kind not in STATUSES:
            raise Refused(f"A ticket cannot be {status_kind}; it is one of {', '.join(STATUSES)}.")
        self._change(key, status_kind=status_kind)

    def set_due(self, key: str, due: date) -> None:
        """Change the due date."""
        self._change(key, due=due.isoformat())

    def assign(self, key: str, email: str) -> bool:
        """Assign whoever has this e-mail; nobody is unknown here but those without one."""
        if email:
            self._change(key, assignee_email=email)
        return bool(email)

    def history(self, key: str) -> list[TicketChange]:
        """Every change made here, oldest first."""
        row = _existing(self._store.get("tickets", key), key)
        return [TicketChange(datetime.fromisoformat(each["at"]), DESK, each["field"], each["before"], each["after"])
                for each in row.get("history", ())]

    def comments(self, key: str) -> list[Comment]:
        """The latest hundred, oldest first."""
        return list(map(_comment, _existing(self._store.get("tickets", key), key)["comments"]))[-100:]

    def retitle(self, key: str, summary: str) -> None:
        """Change the summary."""
        self._change(key, summary=one_line(summary))

    def asks(self, subtask: bool) -> list[TicketField]:  # noqa: ARG002  # the port names it
        """Nothing beyond what we fill in."""
        return []

    def comment(self, key: str, text: str, marker: str) -> None:
        """Add a comment unless one carries the marker."""
        with self._store.transaction() as rows:
            row = _existing(rows.get("tickets", key), key)
            if all(each["marker"] != marker for each in row["comments"]):
                row["comments"].append({"id": str(rows.number("ticket comment")), "author": DESK, "text": text,
                                        "marker": marker, "at": self._clock.now().isoformat()})
                rows.put("tickets", self._stamped(row))

    def link(self, key: str, url: str, title: str, global_id: str) -> None:
        """Upsert a link by its global id; as in Jira, this does not count as a change of the ticket."""
        with self._store.transaction() as rows:
            row = _existing(rows.get("tickets", key), key)
            row["links"][global_id] = {"url": url, "title": title}
            rows.put("tickets", row)

    # --- rows ---------------------------------------------------------------------------------------------------

    def _add_or_refuse(self, rows: Transaction, draft: TicketDraft) -> str | Refused:
        try:
            return self._add(rows, draft)
        except Refused as error:
            return error

    def _add(self, rows: Transaction, draft: TicketDraft) -> str:
        if draft.parent and rows.get("tickets", draft.parent) is None:
            raise Refused(f"The parent ticket {draft.parent} does not exist.", {"parent": "does not exist"})
        key = f"{self._project}-{rows.number('tickets')}"
        rows.put("tickets", self._stamped(_row(key, draft)))
        return key

    def _change(self, key: str, **changes: object) -> None:
        with self._store.transaction() as rows:
            row = _existing(rows.get("tickets", key), key)
            new = {name: value for name, value in changes.items() if row[name] != value}
            if new:
                told = [self._told(name, row[name], value) for name, value in new.items()]
                rows.put("tickets", self._stamped(row | new | {"history": [*row.get("history", ()), *told]}))

    def _told(self, name: str, before: object, after: object) -> Row:
        words = STATUSES if name == "status_kind" else {}
        before, after = (words.get(str(value), str(value or "")) for value in (before, after))
        return {"at": self._clock.now().isoformat(), "field": SHOWN_AS[name], "before": before, "after": after}

    def _stamped(self, row: Row) -> Row:
        now = self._clock.now()
        return row | {"updated": now.isoformat(), "recency": _recency(now)}

    def _ticket(self, row: Row) -> Ticket:
        ticket = _ticket(row)
        return replace(ticket, url=self._url.format(key=ticket.key), assignee_name=self._name(ticket.assignee_email))

    def _name(self, email: str) -> str:
        known = self._store.where("people", "email", email) if email else []
        return str(known[0]["name"]) if known else email


def _existing(row: Row | None, key: str) -> Row:
    if row is None:
        raise Gone(f"{key} does not exist.")
    return row


def _recency(when: datetime) -> str:
    """Smaller for newer, so that the newest come first from an index that counts upward."""
    return f"{(FAR_FUTURE - when).total_seconds():020.6f}"


def _row(key: str, draft: TicketDraft) -> Row:
    return {
        "id": key,
        "label": draft.label,
        "parent": draft.parent,
        "summary": one_line(draft.summary),
        "description": draft.description,
        "labels": list(dict.fromkeys([draft.label, *draft.labels])),
        "due": draft.due.isoformat() if draft.due else None,
        "assignee_email": draft.assignee_email,
        "status_kind": "new",
        "comments": [],
        "links": {draft.label: {"url": draft.backlink, "title": "Slack"}} if draft.backlink else {},
    }


def _ticket(row: Row) -> Ticket:
    return Ticket(
        key=row["id"],
        url="",
        summary=row["summary"],
        status=STATUSES[row["status_kind"]],
        status_kind=row["status_kind"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        assignee_email=row["assignee_email"],
        labels=tuple(row["labels"]),
        parent=row["parent"],
        updated=datetime.fromisoformat(row["updated"]),
        comment_mark=str(len(row["comments"]) or ""),
    )


def _comment(row: Row) -> Comment:
    return Comment(
        id=row.get("id") or row["marker"],
        author=row.get("author", ""),
        text=row["text"],
        at=datetime.fromisoformat(row["at"]),
        marker=row["marker"],
    )

"""A tracker in memory for tests: fails when told to, before or after the work, and its search can lag."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from bot.domain.ticket import TicketField
from bot.errors import Gone, OutcomeUnknown, Refused, ServiceError
from bot.ports import Comment, Ticket, TicketChange, TicketDraft

T = TypeVar("T")
TOLD = {"status": "status", "due": "duedate", "assignee_email": "assignee"}
STATUSES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@dataclass
class Kept:
    """A ticket with what people see around it."""

    ticket: Ticket
    draft: TicketDraft
    comments: list[Comment] = field(default_factory=list)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)  # (url, title) by global id
    history: list[TicketChange] = field(default_factory=list)
    unseen_by: int = 0  # how many searches still miss it
    unseen_until: datetime = START


@dataclass
class Fault:
    error: ServiceError
    after_work: bool
    on: str
    late: float = 0.0


class FakeTracker:
    """`calls` lists every call; `tickets` holds what exists; `people` maps known e-mails to names (None: everybody is known)."""

    def __init__(self, now: Callable[[], datetime] = lambda: START, project: str = "EXP") -> None:
        self.tickets: dict[str, Kept] = {}
        self.calls: list[tuple[str, object]] = []
        self.people: dict[str, str] | None = None
        self._now = now
        self._project = project
        self._number = 0
        self._comment_number = 0
        self._former: dict[str, str] = {}  # keys that were left behind by a move, and where they lead
        self._lag = 0
        self._lag_seconds = 0.0
        self._seen_from = START
        self._arriving: list[tuple[datetime, Callable[[], object]]] = []  # work that a service does after its caller gave up
        self._faults: list[Fault] = []
        self._refused: dict[str, Refused] = {}
        self.form: list[TicketField] = []
        self.needed: dict[str, str] = {}  # reason by field id, for drafts that do not bring it

    # --- for tests to say what happens --------------------------------------------------------------------------

    def fail_next(self, error: ServiceError, after_work: bool = False, on: str = "") -> None:
        """The next call (of the method `on`) raises; with `after_work` the work is done and only the answer is lost."""
        self._faults.append(Fault(error, after_work, on))

    def arrive_late(self, seconds: float, on: str = "") -> None:
        """The next call (of the method `on`) is given up with an unknown outcome, and done so many seconds later."""
        self._faults.append(Fault(OutcomeUnknown("Jira did not answer."), False, on, seconds))

    def lag_search_for(self, seconds: float) -> None:
        """Tickets made from now on are missed by searches for so many seconds."""
        self._lag_seconds = seconds

    def lag_search(self, searches: int) -> None:
        """Tickets made from now on are missed by this many searches."""
        self._lag = searches

    def refuse_label(self, label: str, error: Refused | None = None) -> None:
        """Every draft with this label is refused, until `accept_label`."""
        self._refused[label] = error or Refused("Jira refused: a field is missing.", {"customfield_10050": "is required"})

    def accept_label(self, label: str) -> None:
        self._refused.pop(label, None)

    def delete(self, key: str) -> None:
        """Somebody deletes the ticket and with it its sub-tasks."""
        self.tickets = {k: kept for k, kept in self.tickets.items() if k != key and kept.ticket.parent != key}

    def rekey(self, key: str, new: str) -> None:
        """Somebody moves the ticket to another project; the old key goes on leading there."""
        kept = self._kept(key)
        self.tickets = {name if name != kept.ticket.key else new: each for name, each in self.tickets.items()}
        self._former |= {former: new for former, now in self._former.items() if now == kept.ticket.key} | {kept.ticket.key: new}
        for child in self.tickets.values():
            if child.ticket.parent == kept.ticket.key:
                child.ticket = replace(child.ticket, parent=new)
        kept.ticket = replace(kept.ticket, key=new, url=f"https://jira.example.com/browse/{new}", updated=self._now())

    def say(self, key: str, text: str, author: str = "Mei Lin") -> str:
        """Somebody comments on the ticket; the comment's id."""
        return self._append(key, text, author, "")

    def edit(self, key: str, author: str = "Mei Lin", **changes: object) -> None:
        """Somebody edits the ticket by hand, e.g. status="Waiting", status_kind="indeterminate"."""
        kept = self._kept(key)
        kept.history += [TicketChange(self._now(), author, TOLD[name], str(getattr(kept.ticket, name) or ""), str(value or ""))
                         for name, value in changes.items() if name in TOLD and getattr(kept.ticket, name) != value]
        kept.ticket = replace(kept.ticket, **{"updated": self._now(), **changes})  # type: ignore[arg-type]

    def called(self, name: str) -> int:
        """How often a method was called."""
        return sum(1 for method, _ in self.calls if method == name)

    # --- the port -----------------------------------------------------------------------------------------------

    def create(self, draft: TicketDraft) -> str:
        return self._do("create", draft, lambda: self._add(draft))

    def create_all(self, drafts: list[TicketDraft]) -> list[str | Refused]:
        if len(drafts) > 50:
            raise Refused("At most 50 tickets are created at once.")
        return self._do("create_all", list(drafts), lambda: [self._add_or_refuse(draft) for draft in drafts])

    def find(self, label: str) -> list[str]:
        return self._do("find", label, lambda: [kept.ticket.key for kept in self._search(label)])

    def get(self, key: str) -> Ticket:
        return self._do("get", key, lambda: self._kept(key).ticket)

    def get_all(self, keys: list[str]) -> list[Ticket]:
        there = [key for key in keys if self._former.get(key, key) in self.tickets]
        return self._do("get_all", tuple(keys), lambda: [self._kept(key).ticket for key in there])

    def children(self, key: str) -> list[Ticket]:
        return self._do("children", key, lambda: self._children(key))

    def changed(self, label: str, since: datetime) -> list[Ticket]:
        return self._do("changed", (label, since), lambda: self._changed(label, since))

    def move(self, key: str, status_kind: str) -> None:
        self._do("move", (key, status_kind), lambda: self._move(key, status_kind))

    def set_due(self, key: str, due: date) -> None:
        self._do("set_due", (key, due), lambda: self.edit(key, due=due))

    def assign(self, key: str, email: str) -> bool:
        return self._do("assign", (key, email), lambda: self._assign(key, email))

    def history(self, key: str) -> list[TicketChange]:
        return self._do("history", key, lambda: list(self._kept(key).history))

    def comments(self, key: str) -> list[Comment]:
        return self._do("comments", key, lambda: list(self._kept(key).comments))

    def retitle(self, key: str, summary: str) -> None:
        self._do("retitle", (key, summary), lambda: self.edit(key, summary=summary))

    def asks(self, subtask: bool) -> list[TicketField]:
        return self._do("asks", subtask, lambda: list(self.form))

    def comment(self, key: str, text: str, marker: str) -> None:
        self._do("comment", (key, text, marker), lambda: self._comment(key, text, marker))

    def link(self, key: str, url: str, title: str, global_id: str) -> None:
        self._do("link", (key, url, title, global_id), lambda: self._kept(key).links.__setitem__(global_id, (url, title)))

    # --- inside -------------------------------------------------------------------------------------------------

    def _do(self, name: str, asked: object, work: Callable[[], T]) -> T:
        self._arrive()
        self.calls.append((name, asked))
        fault = next((each for each in self._faults if each.on in ("", name)), None)
        if fault:
            self._faults.remove(fault)
            if fault.after_work:
                work()
            if fault.late:
                self._arriving.append((self._now() + timedelta(seconds=fault.late), work))
            raise fault.error
        return work()

    def _arrive(self) -> None:
        due = [each for each in self._arriving if each[0] <= self._now()]
        self._arriving = [each for each in self._arriving if each[0] > self._now()]
        for at, work in due:
            self._seen_from = at + timedelta(seconds=self._lag_seconds)
            with suppress(ServiceError):  # nobody hears any more that it was refused
                work()
        self._seen_from = self._now() + timedelta(seconds=self._lag_seconds)

    def _kept(self, key: str) -> Kept:
        now = self._former.get(key, key)
        if now not in self.tickets:
            raise Gone(f"{key} no longer exists.")
        return self.tickets[now]

    def _assign(self, key: str, email: str) -> bool:
        known = bool(email) and (self.people is None or email in self.people)
        if known and self._kept(key).ticket.assignee_email != email:
            self.edit(key, assignee_email=email, assignee_name=(self.people or {}).get(email, email))
        return known

    def _comment(self, key: str, text: str, marker: str) -> None:
        if all(comment.marker != marker for comment in self._kept(key).comments):
            self._append(key, text, "Filing Desk", marker)

    def _append(self, key: str, text: str, author: str, marker: str) -> str:
        kept = self._kept(key)
        self._comment_number += 1
        kept.comments.append(Comment(str(self._comment_number), author, text, self._now(), marker))
        self.edit(key, comment_mark=str(self._comment_number))
        return str(self._comment_number)

    def _add_or_refuse(self, draft: TicketDraft) -> str | Refused:
        try:
            return self._add(draft)
        except Refused as error:
            return error

    def _add(self, draft: TicketDraft) -> str:
        if draft.label in self._refused:
            raise self._refused[draft.label]
        lacking = {name: reason for name, reason in self.needed.items() if name not in draft.extra}
        if lacking:
            raise Refused("Jira refused to create the ticket (400).", lacking)
        if draft.parent and draft.parent not in self.tickets:
            raise Refused("The parent ticket does not exist.", {"parent": "does not exist"})
        self._number += 1
        key = f"{self._project}-{self._number}"
        links = {draft.label: (draft.backlink, "Slack")} if draft.backlink else {}
        self.tickets[key] = Kept(self._ticket(key, draft), draft, links=links, unseen_by=self._lag,
                                 unseen_until=self._seen_from)
        return key

    def _ticket(self, key: str, draft: TicketDraft) -> Ticket:
        known = self.people is None or draft.assignee_email in self.people
        email = draft.assignee_email if known else ""
        return Ticket(
            key=key,
            url=f"https://jira.example.com/browse/{key}",
            summary=draft.summary.strip() or "—",
            status="To Do",
            status_kind="new",
            due=draft.due,
            assignee_name=(self.people or {}).get(email, email),
            assignee_email=email,
            labels=tuple(dict.fromkeys([draft.label, *draft.labels])),
            parent=draft.parent,
            updated=self._now(),
        )

    def _search(self, label: str) -> list[Kept]:
        carrying = [kept for kept in self.tickets.values() if label in kept.ticket.labels]
        seen = [kept for kept in carrying if kept.unseen_by == 0 and kept.unseen_until <= self._now()]
        for kept in carrying:
            kept.unseen_by = max(0, kept.unseen_by - 1)
        return seen

    def _children(self, key: str) -> list[Ticket]:
        self._kept(key)
        return [kept.ticket for kept in self.tickets.values() if kept.ticket.parent == self._former.get(key, key)]

    def _changed(self, label: str, since: datetime) -> list[Ticket]:
        found = [kept.ticket for kept in self._search(label) if kept.ticket.updated and kept.ticket.updated >= since]
        return sorted(found, key=lambda ticket: ticket.updated or since)

    def _move(self, key: str, status_kind: str) -> None:
        if status_kind not in STATUSES:
            raise Refused(f"There is no status of the kind {status_kind}.")
        if self._kept(key).ticket.status_kind != status_kind:
            self.edit(key, status=STATUSES[status_kind], status_kind=status_kind)

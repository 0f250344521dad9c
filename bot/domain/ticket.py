"""A ticket as we want it and as the tracker shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A ticket as we want it. `label` is our key and is unique to it; `due` is a date in the company's zone."""

    label: str
    summary: str
    description: str
    """Plain paragraphs, "- " list lines and http links; the adapter turns it into ADF or wiki markup."""
    due: date | None = None
    labels: tuple[str, ...] = ()
    assignee_email: str = ""
    parent: str = ""
    """Key of the parent ticket for a sub-task, else ""."""
    backlink: str = ""
    """Address of the Slack thread, kept as a remote link; "" for none."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as the tracker shows it; `status_kind` is new, indeterminate or done."""

    key: str
    url: str
    summary: str
    status: str
    status_kind: str
    due: date | None = None
    assignee_name: str = ""
    assignee_email: str = ""
    labels: tuple[str, ...] = ()
    parent: str = ""
    updated: datetime | None = None
    comment_mark: str = ""
    """Differs from what it was when a comment was added, changed or taken away; "" while there is none."""

    @property
    def assignee(self) -> str:
        """Who is assigned, as far as the tracker shows it: the e-mail in lower case, else the name, "" for nobody."""
        return self.assignee_email.lower() or self.assignee_name


@dataclass(frozen=True, slots=True)
class TicketChange:
    """One field of a ticket that was changed, in the tracker's words; "" for nothing. `at` is in UTC."""

    at: datetime
    author: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment people may read; `marker` is our own key, "" when a person wrote it in the tracker. `at` is in UTC."""

    id: str
    author: str
    text: str
    at: datetime
    marker: str = ""
    url: str = ""

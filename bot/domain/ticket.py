"""A ticket as we want it and as the tracker shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

FACTS = ("id", "product", "customer", "destinations", "etd", "determination", "owner")
"""What a field of the project may be filled with, as "{product}": destinations as codes, etd as 2026-12-31, owner as e-mail."""


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
    unassigned: str = ""
    """A paragraph the description ends with where the tracker does not know the assignee: who was meant."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What config/bot.yaml may write into fields of the project, by FACTS."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Values people gave for this one ticket, in plain words, by field id."""


@dataclass(frozen=True, slots=True)
class TicketField:
    """A field of the tracker's create form beyond ours; `kind` is text, long_text, number, date, choice, choices or person."""

    id: str
    name: str
    kind: str = "text"
    required: bool = False
    filled: bool = False
    """True where config/bot.yaml gives a value."""
    options: tuple[str, ...] = ()
    """What may be chosen, in words; empty where the tracker does not say."""


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

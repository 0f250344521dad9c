"""A filing: one product going to a destination by a ship date, its tasks, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

OPEN_STATES = ("opening", "open", "parked")
"""opening: the ticket is not there yet. parked: the tracker refused it, a person must change something."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing; `etd` is a date in `zone`. `label` is the key it carries in the tracker, unique and never reused."""

    id: str
    label: str
    product: str
    category: str
    destinations: tuple[str, ...]
    etd: date
    zone: str
    customer: str
    owner: str
    opened_by: str
    opened_at: datetime
    origin: str
    """What opened it (a determination or a form); the same origin never opens a second one."""
    lang: str = "en"
    determination: str = ""
    ruleset: str = ""
    channel: str = ""
    thread: str = ""
    state: str = "opening"
    ticket: str = ""
    ticket_url: str = ""
    ticket_due: date | None = None
    """The due date the ticket last had from us; differs from the ETD while a move is on its way, None until one saw it arrive."""
    ticket_assignee: str | None = None
    """Whom the ticket was last seen with (e-mail or name, "" for nobody); None while nobody has looked."""
    comment_mark: str = ""
    """The ticket's comments as they were when last shown here."""
    status: str = ""
    status_kind: str = "new"
    linked: bool = False
    trouble: str = ""
    """Why the ticket is parked or late, in words for people."""
    trouble_code: str = ""
    """What kind of refusal it was ("sign_in", "forbidden", …); "" where that is not known."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """The fields the tracker refused, each with its reason."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Values people gave for fields of this one ticket and its sub-tasks, by field id."""
    ticket_title: str = ""
    """The title the ticket last had from us; one that people have changed there stays theirs."""
    days_short: int = 0
    """Calendar days the plan lacks to the ETD; 0 when it fits."""
    earliest: tuple[date, ...] = ()
    """Earliest realistic ETDs: optimistic, default, pessimistic band (ASSUMED)."""
    submissions: tuple[date, ...] = ()
    """Latest submission for the ETD: optimistic, default, pessimistic band (ASSUMED)."""
    critical: tuple[str, ...] = ()
    """The critical path when it was last planned: ids of checklist items, first to last."""
    estimated: tuple[int, ...] = ()
    """Years up to the ETD whose working days are estimated, as their official calendar is not known."""
    band: str = "default"
    """The pace of the authority it is planned by: optimistic, default or pessimistic (ASSUMED)."""
    autonomous: str = ""
    """Whether the goods decide by themselves, as somebody stated it for this filing: "yes", "no"; "" for as determined."""
    changes: int = 0
    """How often somebody said that facts of it have changed; sign-offs rest on it."""
    hold: str = "held"
    """held from its opening, asked (for release), released."""
    asked_by: str = ""
    """Who asked for the release that is waited for, or given."""
    requests: int = 0
    """How often a release was asked for; names the message it was asked in."""


@dataclass(frozen=True, slots=True)
class FilingTask:
    """One checklist item of a filing; `due` is a date in the filing's zone (latest finish, ASSUMED), None for an event."""

    id: str
    filing: str
    item: str
    title: str
    due: date | None
    role: str
    owner: str
    label: str
    basis: str = ""
    ticket: str = ""
    done: bool = False
    done_by: str = ""
    done_on: date | None = None
    """The day it was last said to be done, in the filing's zone; None where nobody noted it."""
    ticket_due: date | None = None
    """The due date the tracker last had from us; differs while a change is on its way, None while nobody saw it arrive."""
    ticket_done: bool | None = False
    """Done or not as the tracker last had it from us; None while a change left and nobody saw it arrive."""
    ticket_assignee: str | None = None
    """Whom the sub-task was last seen with (e-mail or name, "" for nobody); None while nobody has looked."""
    assign: bool = False
    """The owner was chosen here and is on the way to the tracker."""
    comment_mark: str = ""
    evidence: str = ""
    """Where the evidence lies that the checklist asks for: an address or a reference; "" while there is none."""
    ticket_evidence: str = ""
    """The evidence the tracker last had from us."""


def label_of(desk: str, number: str) -> str:
    """The deterministic tracker label of a filing or task of this installation: "fd-1a2b-f-12-n3"."""
    return f"fd-{desk}-{number}".lower().replace(".", "-").replace(" ", "-")


def as_done(task: FilingTask, by: str, day: date, evidence: str = "") -> FilingTask:
    """The task done by somebody on this day (in the filing's zone); evidence it has already stays unless there is other."""
    return replace(task, done=True, done_by=by, done_on=day, evidence=evidence or task.evidence)


def installation_label(label: str) -> str:
    """The part of a label that every ticket of this installation carries: "fd-1a2b"."""
    return "-".join(label.split("-")[:2])


def progress(tasks: list[FilingTask]) -> tuple[int, int]:
    """Done and all."""
    return sum(task.done for task in tasks), len(tasks)


def bar(done: int, whole: int, width: int = 10) -> str:
    """A bar of blocks, as "████░░░░░░"; full only when all is done, empty only when nothing is."""
    filled = max(width * done // whole, min(done, 1)) if whole else 0
    return "█" * filled + "░" * (width - filled)


def next_task(tasks: list[FilingTask]) -> FilingTask | None:
    """The open task that is due first."""
    dated = [(task.due, task.id, task) for task in tasks if task.due and not task.done]
    return min(dated)[2] if dated else None


def may_change(task: FilingTask, filing: Filing, user: str, role: str) -> bool:
    """Whoever answers for the task or the filing, has one of the task's roles, or leads: PM, HEAD, ADMIN."""
    return user in (task.owner, filing.owner) or role in ("PM", "HEAD", "ADMIN", *task.role.split(", "))

"""Sign-offs: who put their name to what, on what it rested, and when it no longer counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.checklist import RELEASE, ChecklistItem
from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague

SECOND = "SECOND"
"""Any second person, in the place of a role."""
OVERRIDE = "HEAD"
"""The role that may sign in the place of another, with a reason; never a release."""
PARTS = ("facts", "product", "destination", "list", "work")


@dataclass(frozen=True, slots=True)
class SignOff:
    """One sign-off, kept for ever; `state` is standing or expired. A release is the sign-off of N13."""

    id: str
    filing: str
    item: str
    role: str
    """The role that was asked for, or SECOND."""
    by: str
    by_role: str
    """The role the person had."""
    at: datetime
    rests_on: Mapping[str, str]
    """PARTS to what they said: facts in words, digest of the product's description, destinations, what the list says.

    A release rests on "work" as well: a digest of the tasks before it, done or not, and of their evidence.
    """
    list_version: str = ""
    reason: str = ""
    evidence: str = ""
    override: bool = False
    state: str = "standing"
    ended_at: datetime | None = None
    ended_by: str = ""
    """Who changed what it rested on: a person, "list", "catalogue"."""
    changed: tuple[str, ...] = ()
    """The PARTS that read differently when it ended."""


def changed_parts(sign: SignOff, basis: Mapping[str, str]) -> tuple[str, ...]:
    """What the sign-off rests on that reads differently now; empty while it still counts."""
    return tuple(part for part in PARTS if part in sign.rests_on and sign.rests_on[part] != basis.get(part))


def standing(signs: Iterable[SignOff], item: str) -> SignOff | None:
    """The sign-off of an item that counts, or None."""
    return next((sign for sign in signs if sign.item == item and sign.state == "standing"), None)


def latest(signs: Iterable[SignOff], item: str) -> SignOff | None:
    """The last sign-off of an item, expired or not; None when there never was one."""
    return max((sign for sign in signs if sign.item == item), key=lambda sign: sign.at, default=None)


def why_not_sign(item: ChecklistItem, by: Colleague, filing: Filing, tasks: Iterable[FilingTask]) -> str:
    """Why this person may not sign this off: "requester", "second", "role"; "" when they may.

    A second person is somebody who neither asked for the filing nor owns it nor did the task or what it completes.
    """
    if by.id == filing.opened_by:
        return "requester"
    if item.sign_off != SECOND:
        return "" if by.role == item.sign_off else "role"
    worked = {task.done_by for task in tasks if task.item == item.id or task.item in item.after}
    return "second" if by.id in worked | {filing.owner} else ""


def why_not_release(by: Colleague, role: str, filing: Filing) -> str:
    """Why this person may not release: "role", "requester", "asker"; "" when they may."""
    if by.role != role:
        return "role"
    return "requester" if by.id == filing.opened_by else "asker" if by.id == filing.asked_by else ""


def valid_release(signs: Iterable[SignOff], role: str, filing: Filing) -> SignOff | None:
    """The release that counts: standing, by the role, by neither of those who wanted it; None when there is none."""
    sign = standing(signs, RELEASE)
    wanted = (filing.opened_by, filing.asked_by)
    return sign if sign and sign.by_role == role and sign.by not in wanted and sign.reason else None

"""Who does what: the owner roles of a filing, and what each role may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time

ROLES = ("SALES", "PM", "PROD", "RD", "SEC", "LEGAL", "REG", "OPS", "DELIV", "SHIP", "HEAD", "ADMIN")

RIGHTS: Mapping[str, frozenset[str]] = {
    "publish_list": frozenset({"REG", "LEGAL", "PM", "ADMIN"}),
    "move_etd": frozenset({"PM", "SHIP", "SALES", "ADMIN", "HEAD"}),
    "choose_band": frozenset({"PM", "HEAD", "ADMIN"}),
    "change_facts": frozenset({"PM", "PROD", "RD", "REG", "LEGAL", "HEAD", "ADMIN"}),
    "retry_ticket": frozenset({"PM", "ADMIN"}),
    "channel_calendar": frozenset({"PM", "HEAD", "ADMIN"}),
}
"""What needs a role; everything else anybody may do."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here: `zone` an IANA name, `lang` "en" or "zh", `role` one of ROLES or ""."""

    id: str
    name: str
    email: str = ""
    zone: str = "Asia/Shanghai"
    lang: str = "en"
    role: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """One line of config/people.yaml: who has which role; zone and language come from the chat unless given here."""

    email: str
    role: str
    zone: str = ""
    lang: str = ""
    jira: str = ""
    """Account id (Cloud) or username (Data Center), for somebody Jira does not show by e-mail; "" for by e-mail."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody wants to be reminded; None and "" are the desk's and the chat's defaults. Dates are in their own zone."""

    id: str
    at: time | None = None
    """The hour of the digest, by their own clock."""
    lang: str = ""
    away_from: date | None = None
    away_until: date | None = None
    """The last day away."""
    deputy: str = ""
    """Who gets what falls due meanwhile; "" for nobody: it waits."""

    def away(self, day: date) -> bool:
        """Whether the person is away on this day, both ends included."""
        return bool(self.away_until) and (self.away_from or day) <= day <= (self.away_until or day)

    def without_the_past(self, day: date) -> Habits:
        """The same, but a pause that is over on this day is forgotten, and who stood in with it."""
        over = self.away_until is not None and self.away_until < day
        return replace(self, away_from=None, away_until=None, deputy="") if over else self


def may(role: str, act: str) -> bool:
    """Whether a role may do this; an act that no rule names is open to all."""
    return act not in RIGHTS or role in RIGHTS[act]


def who_may(act: str, people: Iterable[Colleague]) -> list[Colleague]:
    """The active people whose role allows it, in their order; for an act that needs no role, all of them."""
    return [person for person in people if person.active and may(person.role, act)]


def first_with(roles: Iterable[str], people: Iterable[Colleague]) -> Colleague | None:
    """The first active person with the first of these roles that anybody has."""
    working = [person for person in people if person.active]
    for role in roles:
        for person in working:
            if person.role == role:
                return person
    return None

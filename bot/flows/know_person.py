"""Somebody speaks or is named: name, zone and language come from the chat, the role from config/people.yaml; kept for a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.desk.agenda import plan_for_reader
from bot.desk.records import colleague
from bot.domain.people import Colleague, Member
from bot.domain.rows import to_row
from bot.errors import ServiceError
from bot.ports import Chat, Desk

FRESH = timedelta(days=1)
STALE = timedelta(days=7)
"""Changes come as events; so often everybody is asked about for what was missed meanwhile."""


def know_person(desk: Desk, chat: Chat, members: Iterable[Member], user: str, now: datetime, *,
                anew: bool = False) -> Colleague:
    """Who this is, asked `anew` where something about them has changed; where the chat does not answer, what was known before
    or the id alone. In another zone their reminders are planned anew."""
    row = desk.store.get("people", user)
    if not anew and row and row.get("met_at") and abs(now - datetime.fromisoformat(row["met_at"])) < FRESH:
        return colleague(desk.store, user)
    try:
        person = with_role(chat.person(user), members)
    except ServiceError:
        return colleague(desk.store, user)
    with desk.store.transaction() as tx:
        tx.put("people", to_row(person) | {"met_at": now.isoformat()})
        if row and row["zone"] != person.zone:
            plan_for_reader(tx, desk, user, now)
    return colleague(desk.store, user)


def stale_people(desk: Desk, now: datetime) -> list[str]:
    """Ids of those last asked about a week ago or more, the longest ago first."""
    met = sorted((str(row.get("met_at") or ""), str(row["id"])) for row in desk.store.every("people"))
    return [user for at, user in met if not at or abs(now - datetime.fromisoformat(at)) >= STALE]


def with_role(person: Colleague, members: Iterable[Member]) -> Colleague:
    """The person with the role, zone and language config/people.yaml gives to this e-mail."""
    member = next((member for member in members if member.email == person.email.lower()), None)
    if member is None:
        return person
    return replace(person, role=member.role, zone=member.zone or person.zone, lang=member.lang or person.lang)

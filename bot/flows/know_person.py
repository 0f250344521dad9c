"""Somebody speaks or is named: name, zone and language come from the chat, the role from config/people.yaml; kept for a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.people import Colleague, Member
from bot.domain.rows import from_row, to_row
from bot.errors import ServiceError
from bot.ports import Chat, Desk

FRESH = timedelta(days=1)


def know_person(desk: Desk, chat: Chat, members: Iterable[Member], user: str, now: datetime) -> Colleague:
    """Who this is; where the chat does not answer, what was known before or the id alone."""
    row = desk.store.get("people", user)
    if row and row.get("met_at") and abs(now - datetime.fromisoformat(row["met_at"])) < FRESH:
        return from_row(Colleague, row)
    try:
        person = with_role(chat.person(user), members)
    except ServiceError:
        return from_row(Colleague, row) if row else Colleague(id=user, name=user)
    with desk.store.transaction() as tx:
        tx.put("people", to_row(person) | {"met_at": now.isoformat()})
    return person


def with_role(person: Colleague, members: Iterable[Member]) -> Colleague:
    """The person with the role, zone and language config/people.yaml gives to this e-mail."""
    member = next((member for member in members if member.email == person.email.lower()), None)
    if member is None:
        return person
    return replace(person, role=member.role, zone=member.zone or person.zone, lang=member.lang or person.lang)

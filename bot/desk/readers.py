"""Who a reminder goes to: people, roles and channels with their hours, and who stands in for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.records import colleague, habits_of, with_roles
from bot.domain.people import ROLES, Colleague, first_with
from bot.domain.reminding import Reader, next_morning
from bot.domain.rows import from_row
from bot.ports import Desk, Rows, Transaction

SPOKESPEOPLE = ("PM", "HEAD", "ADMIN")
"""Who hears of what cannot reach the one it was meant for."""
FRESH = timedelta(days=1)
STANDING_IN = 4
"""Deputies of deputies are followed this far."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets what is due for somebody, and why it is somebody else: "" (themselves), away, left or unreachable."""

    id: str
    why: str = ""
    not_before: datetime | None = None
    """When they are back (UTC), where it waits for that."""


def reader_of(rows: Rows, desk: Desk, who: str, zone: str = "") -> Reader:
    """The hours and working days of a person or channel; somebody we have not met is reckoned in `zone` or the desk's."""
    known = rows.get("people", who)
    there = from_row(Colleague, known).zone if known else zone or desk.zone
    plan = desk.reminders
    return Reader(who, there, habits_of(rows, who).at or plan.at, desk.calendars.of_zone(there), plan.until)


def language_of(rows: Rows, desk: Desk, who: str) -> str:
    """The language somebody is reminded in; a channel's is the desk's."""
    if who.startswith("#"):
        return desk.reminders.lang or desk.lang
    return habits_of(rows, who).lang or desk.reminders.lang or colleague(rows, who).lang


def addressee(rows: Rows, desk: Desk, to: str, owner: str, now: datetime) -> str:
    """The chat id or channel a step goes to: its owner, the first person with the role, the channel; "" for nobody."""
    if to == "owner" or to.startswith("#"):
        return owner if to == "owner" else to
    if to not in ROLES:
        return to
    found = first_with([to], with_roles(rows, [to]))
    return found.id if found else spokesperson(rows, now) or owner or desk.watch_channel


def spokesperson(rows: Rows, now: datetime, *but: str) -> str:
    """The project manager, else the head, else an administrator, who is none of these; "" where there is none."""
    others = [person for person in with_roles(rows, SPOKESPEOPLE) if person.id not in but and reachable(rows, person, now)]
    found = first_with(SPOKESPEOPLE, others)
    return found.id if found else ""


def reachable(rows: Rows, person: Colleague, now: datetime) -> bool:
    """Whether the chat takes messages for this person or channel; what failed is tried again after a day."""
    note = rows.get("notes", f"unreachable:{person.id}")
    return person.active and not (note and abs(now - datetime.fromisoformat(note["at"])) < FRESH)


def note_unreachable(tx: Transaction, who: str, why: str, now: datetime) -> None:
    """A message could not be delivered to this person or channel."""
    tx.put("notes", {"id": f"unreachable:{who}", "why": why, "at": now.isoformat()})


def receiver_of(rows: Rows, desk: Desk, owner: str, now: datetime) -> Receiver:
    """Who gets what is due for this owner now: themselves, a deputy while they are away, the PM where they cannot be reached."""
    seen, why = [owner], ""
    for who in _standing_in(rows, owner, now, seen):
        person, reader = colleague(rows, who), reader_of(rows, desk, who)
        away = habits_of(rows, who).away(now.astimezone(ZoneInfo(reader.zone)).date())
        if reachable(rows, person, now) and not away:
            return Receiver(who, why)
        why = why or ("away" if away else "unreachable" if person.active else "left")
    return Receiver(owner, why, _back(rows, desk, owner, now) if why == "away" else None)


def _standing_in(rows: Rows, owner: str, now: datetime, seen: list[str]) -> Iterator[str]:
    """The owner, then who stands in, one after the other; somebody away without a deputy is not stood in for."""
    who = owner
    for _ in range(STANDING_IN):
        yield who
        habits, person = habits_of(rows, who), colleague(rows, who)
        waits = habits.away(now.astimezone(ZoneInfo(person.zone)).date()) and reachable(rows, person, now)
        who = habits.deputy or ("" if waits else spokesperson(rows, now, *seen))
        if not who or who in seen:
            return
        seen.append(who)


def _back(rows: Rows, desk: Desk, owner: str, now: datetime) -> datetime:
    """Their first working morning after the last day away."""
    reader, until = reader_of(rows, desk, owner), habits_of(rows, owner).away_until
    last = datetime.combine(until or now.date(), reader.at, ZoneInfo(reader.zone)).astimezone(UTC)
    return next_morning(max(last, now), reader.at, reader.zone, reader.calendar)

"""Stored values by name: filings, tasks, shipments, market lists, reminders, requests and people as rows and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from bot.domain.audit import BEGIN, link
from bot.domain.filing import Filing, FilingTask
from bot.domain.market_list import MarketList, newest_first_up_to, taking_effect
from bot.domain.people import Colleague, Habits, first_with
from bot.domain.reminding import Reminder
from bot.domain.requests import Request
from bot.domain.rows import from_row, to_row
from bot.domain.shipment import Shipment, plain_number, shipment_from
from bot.domain.standing import Standing
from bot.errors import NotFound
from bot.ports import Rows, Transaction

COMING = 50
"""No more versions that are still to take effect are looked at; there is seldom more than one."""

Kept = Filing | FilingTask | Shipment | Reminder | Colleague | Habits | Request
"""The values that are kept as rows."""


def filing_of(rows: Rows, filing_id: str) -> Filing:
    """The filing "F-12"; NotFound when there is none."""
    row = rows.get("filings", filing_id.upper())
    if row is None:
        raise NotFound(f"There is no filing {filing_id}.").named("no_filing", id=filing_id)
    return from_row(Filing, row)


def tasks_of(rows: Rows, filing_id: str) -> list[FilingTask]:
    """The tasks of a filing, in checklist order."""
    return [from_row(FilingTask, row) for row in rows.where("tasks", "filing", filing_id)]


def task_of(rows: Rows, task_id: str) -> FilingTask:
    """The task "F-12.N3"; NotFound when there is none."""
    row = rows.get("tasks", task_id)
    if row is None:
        raise NotFound(f"There is no task {task_id}.").named("no_task", id=task_id)
    return from_row(FilingTask, row)


def filings(rows: Rows) -> list[Filing]:
    """All filings, oldest first."""
    return [from_row(Filing, row) for row in rows.every("filings")]


def standings(rows: Rows, today: date) -> list[Standing]:
    """All filings as they stand on this day, oldest first."""
    return [standing_of(rows, filing, today) for filing in filings(rows)]


def standing_of(rows: Rows, filing: Filing, today: date) -> Standing:
    """A filing with its tasks, as it stands on this day."""
    return Standing(filing, tuple(tasks_of(rows, filing.id)), today)


def shipment_of(rows: Rows, shipment_id: str) -> Shipment:
    """The shipment by id "S-3" or by its number "SO-4711"; NotFound when there is none."""
    number = plain_number(shipment_id)
    row = rows.get("shipments", number) or next(iter(rows.where("shipments", "number", number)), None)
    if row is None:
        raise NotFound(f"There is no shipment {shipment_id}.").named("no_shipment", id=shipment_id)
    return shipment_from(row)


def shipments(rows: Rows) -> list[Shipment]:
    """All shipments, oldest first."""
    return [shipment_from(row) for row in rows.every("shipments")]


def market_lists(rows: Rows, ruleset: str) -> list[MarketList]:
    """Every recorded version of the market list, oldest first."""
    return [MarketList.from_row(row) for row in rows.where("lists", "ruleset", ruleset)]


def list_in_force(rows: Rows, ruleset: str, day: date) -> MarketList | None:
    """The version that counts on a day; however many there are, only the newest are looked at."""
    count = 4
    while True:
        found = rows.up_to("lists", "newest_first", "~", count)
        counting = (row for row in found if row["ruleset"] == ruleset and row["effective"] <= day.isoformat())
        row = next(counting, None)
        if row is not None or len(found) < count:
            return MarketList.from_row(row) if row else None
        count *= 4


def lists_coming(rows: Rows, ruleset: str, day: date) -> tuple[MarketList, ...]:
    """The versions that take effect after a day, soonest first; the others are not looked at."""
    found = rows.up_to("lists", "newest_first", newest_first_up_to(day), COMING)
    return taking_effect([MarketList.from_row(row) for row in found if row["ruleset"] == ruleset], day)


def reminder_of(rows: Rows, reminder_id: str) -> Reminder:
    """One reminder; NotFound when there is none."""
    row = rows.get("reminders", reminder_id)
    if row is None:
        raise NotFound("This reminder is not known any more.").named("no_reminder")
    return from_row(Reminder, row)


def reminders_about(rows: Rows, subject: str) -> list[Reminder]:
    """All reminders of a filing or shipment, sent ones included."""
    return [from_row(Reminder, row) for row in rows.where("reminders", "subject", subject)]


def colleague(rows: Rows, user: str) -> Colleague:
    """The person with this chat id, in the language they chose; somebody we have not met yet is known by the id alone."""
    row = rows.get("people", user)
    person = from_row(Colleague, row) if row else Colleague(id=user, name=user)
    chosen = habits_of(rows, user).lang
    return replace(person, lang=chosen) if chosen else person


def habits_of(rows: Rows, user: str) -> Habits:
    """How this person wants to be reminded."""
    row = rows.get("habits", user)
    return from_row(Habits, row) if row else Habits(user)


def colleagues(rows: Rows) -> list[Colleague]:
    """Everybody we have met or who has a role."""
    return [from_row(Colleague, row) for row in rows.every("people")]


def with_roles(rows: Rows, roles: Iterable[str]) -> list[Colleague]:
    """Everybody with one of these roles, the first role's people first; in a large firm that is not everybody."""
    return [from_row(Colleague, row) for role in roles for row in rows.where("people", "role", role)]


def with_email(rows: Rows, email: str) -> Colleague | None:
    """Who of those we know has this e-mail and works here."""
    rows_found = [row for spelt in dict.fromkeys([email, email.lower()]) if spelt for row in rows.where("people", "email", spelt)]
    return next((person for person in (from_row(Colleague, row) for row in rows_found) if person.active), None)


def called(rows: Rows, name: str) -> list[Colleague]:
    """Who works here under this full or first name, however it is capitalised, or under this chat id ("@U123")."""
    wanted, working = name.casefold(), [one for one in colleagues(rows) if one.active]
    if name.startswith("@"):
        return [one for one in working if one.id == name[1:]]
    return [one for one in working if wanted in (one.name.casefold(), one.name.casefold().partition(" ")[0])]


def owner_for(rows: Rows, roles: Iterable[str], otherwise: str) -> Colleague:
    """Who answers for a task: the first person with one of its roles, else the owner of the filing."""
    roles = tuple(roles)
    return first_with(roles, with_roles(rows, roles)) or colleague(rows, otherwise)


def record_shipped(tx: Transaction, entry: MarketList) -> None:
    """A list that comes with the rules is recorded once; the same list with another translation is kept anew."""
    row = tx.get("lists", entry.id)
    if row is None or (MarketList.from_row(row).digest == entry.digest and row != entry.to_row()):
        tx.put("lists", entry.to_row())


def renew_old_rows(tx: Transaction) -> None:
    """Rows written by version 0.1 take the form of today."""
    for row in [row for row in tx.every("lists") if "newest_first" not in row]:
        tx.put("lists", MarketList.from_row(row).to_row())
    for row in [row for row in tx.every("shipments") if "goods" not in row]:
        keep(tx, "shipments", shipment_from(row))


def keep(tx: Transaction, table: str, value: Kept) -> None:
    """Insert or replace the row of a value."""
    tx.put(table, to_row(value))


def note_audit(tx: Transaction, subject: str, act: str, by: str, now: datetime, **details: object) -> None:
    """One line of the audit trail: who did what to which thing, when, with before and after in the details."""
    last = (tx.get("notes", "audit") or {"chain": BEGIN})["chain"]
    line = {"id": f"A-{tx.number('audit'):08d}", "at": now.isoformat(), "subject": subject, "act": act, "by": by,
            "details": {key: str(value) for key, value in details.items()}}
    chain = link(last, line)
    tx.put("audit", line | {"chain": chain})
    tx.put("notes", {"id": "audit", "chain": chain})

"""Somebody says when, in which language and through whom they want to be reminded; what waits for them follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.desk.agenda import plan_for_reader
from bot.desk.records import keep, note_audit
from bot.domain.people import Colleague, Habits
from bot.errors import BadDate, BadInput
from bot.ports import Desk


@dataclass(frozen=True, slots=True)
class HabitsWish:
    """As filled in; "" and None for what was left open."""

    at: time | None = None
    lang: str = ""
    away_from: date | None = None
    away_until: date | None = None
    deputy: str = ""


def keep_habits(desk: Desk, wish: HabitsWish, by: Colleague, now: datetime) -> Habits:
    """Keep them and plan anew; what is wrong is told at its field.

    BadDate for a pause that is over or ends before it begins, BadInput for an hour too late or an impossible deputy.
    """
    today = now.astimezone(ZoneInfo(by.zone)).date()
    _check(desk, wish, by, today)
    begins = wish.away_from or (today if wish.away_until else None)
    habits = Habits(by.id, wish.at if wish.at != desk.reminders.at else None, wish.lang, begins, wish.away_until, wish.deputy)
    with desk.store.transaction() as tx:
        keep(tx, "habits", habits)
        moved = plan_for_reader(tx, desk, by.id, now)
        note_audit(tx, by.id, "habits changed", by.id, now, away_until=habits.away_until, deputy=habits.deputy, moved=moved)
    return habits


def _check(desk: Desk, wish: HabitsWish, by: Colleague, today: date) -> None:
    if wish.at and not wish.at < desk.reminders.until:
        raise BadInput(desk.words.say(by.lang, "error.digest_hour", until=f"{desk.reminders.until:%H:%M}")).at("at")
    if wish.away_from and not wish.away_until:
        raise BadDate(desk.words.say(by.lang, "error.away_open")).at("away_until")
    if wish.away_until and (wish.away_until < today or wish.away_until < (wish.away_from or today)):
        why = "error.away_turned" if wish.away_until >= today else "error.away_over"
        raise BadDate(desk.words.say(by.lang, why, day=desk.words.day(by.lang, wish.away_until))).at("away_until")
    if wish.deputy == by.id:
        raise BadInput(desk.words.say(by.lang, "error.own_deputy")).at("deputy")

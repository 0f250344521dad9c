"""Somebody says when, in which language and through whom they want to be reminded; what waits for them follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.desk.agenda import plan_for_reader
from bot.desk.outbox import show
from bot.desk.readers import language_of
from bot.desk.records import habits_of, keep, note_audit
from bot.domain.people import Colleague, Habits
from bot.errors import BadDate, BadInput
from bot.ports import Desk, Transaction
from bot.replies import Reply, Words
from bot.replies.pauses import no_stand_in_reply, stand_in_reply


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

    BadDate for a pause that is over, ends before it begins or has a deputy and no end; BadInput for an
    hour too late or an impossible deputy.
    """
    today = now.astimezone(ZoneInfo(by.zone)).date()
    _check(desk, wish, by, today)
    begins = wish.away_from or (today if wish.away_until else None)
    habits = Habits(by.id, wish.at if wish.at != desk.reminders.at else None, wish.lang, begins, wish.away_until, wish.deputy)
    with desk.store.transaction() as tx:
        _tell_deputies(desk, tx, habits_of(tx, by.id).without_the_past(today), habits, by, now)
        keep(tx, "habits", habits)
        moved = plan_for_reader(tx, desk, by.id, now)
        note_audit(tx, by.id, "habits changed", by.id, now, away_until=habits.away_until, deputy=habits.deputy, moved=moved)
    return habits


def _tell_deputies(desk: Desk, tx: Transaction, before: Habits, after: Habits, by: Colleague, now: datetime) -> None:
    """Who is to stand in hears it once; with whom it was agreed otherwise, the same message says so."""
    was, will = _stand_in(before), _stand_in(after)
    if was != will and tx.get("outbox", f"show:{was}"):
        _tell(desk, tx, was, before, by, now, no_stand_in_reply)
    if will:
        _tell(desk, tx, will, after, by, now, stand_in_reply)


def _stand_in(habits: Habits) -> str:
    """The name of the message to a deputy about this pause, "" where none is to be told."""
    pause = f"{habits.away_from}:{habits.away_until}"
    return f"stand_in:{habits.id}:{habits.deputy}:{pause}" if habits.deputy and habits.away_until else ""


def _tell(desk: Desk, tx: Transaction, name: str, habits: Habits, by: Colleague, now: datetime,
          said: Callable[[Words, str, str, date, date], Reply]) -> None:
    last = habits.away_until or now.date()
    lang = language_of(tx, desk, habits.deputy)
    show(tx, name, habits.deputy, "", said(desk.words, lang, by.name, habits.away_from or last, last), now, by.id)


def _check(desk: Desk, wish: HabitsWish, by: Colleague, today: date) -> None:
    if wish.deputy == by.id:
        raise BadInput(desk.words.say(by.lang, "error.own_deputy")).at("deputy")
    if wish.at and not wish.at < desk.reminders.until:
        raise BadInput(desk.words.say(by.lang, "error.digest_hour", until=f"{desk.reminders.until:%H:%M}")).at("at")
    if (wish.away_from or wish.deputy) and not wish.away_until:
        why = "error.away_open" if wish.away_from else "error.deputy_open"
        raise BadDate(desk.words.say(by.lang, why)).at("away_until")
    if wish.away_until and (wish.away_until < today or wish.away_until < (wish.away_from or today)):
        why = "error.away_turned" if wish.away_until >= today else "error.away_over"
        raise BadDate(desk.words.say(by.lang, why, day=desk.words.day(by.lang, wish.away_until))).at("away_until")

"""The forms around reminders: evidence for Done, a day to snooze until, whom to hand over to, somebody's own habits."""

from __future__ import annotations

from datetime import date, time

from bot.domain.people import Habits
from bot.replies import Field, Form, Option, Words

HOURS = tuple(time(hour, minute) for hour in range(6, 17) for minute in (0, 30))
"""When a digest may come: before the working day is over."""


def evidence_form(words: Words, lang: str, reminder: str, item: str, wanted: str, evidence: str) -> Form:
    """Where the evidence lies that a task wants before it is done."""
    return Form(
        id="reminder_evidence", title=words.say(lang, "form.done.title", item=item), submit=words.say(lang, "choice.done"),
        close=words.say(lang, "form.cancel"), carry=reminder,
        fields=(Field("evidence", words.say(lang, "form.evidence"), value=evidence,
                      hint=words.say(lang, "form.evidence.hint", evidence=wanted)),))


def snooze_form(words: Words, lang: str, reminder: str, until: date, due: date) -> Form:
    """The day to come again; the date it is tied to stands beside it."""
    return Form(
        id="reminder_snooze_until", title=words.say(lang, "choice.snooze"), submit=words.say(lang, "choice.snooze"),
        close=words.say(lang, "form.cancel"), carry=reminder,
        fields=(Field("until", words.say(lang, "form.until"), "date", until.isoformat(),
                      hint=words.say(lang, "form.until.hint", due=words.day(lang, due))),))


def hand_form(words: Words, lang: str, reminder: str, taker: str) -> Form:
    """Whom it belongs to instead."""
    return Form(
        id="reminder_hand_over", title=words.say(lang, "choice.not_mine"), submit=words.say(lang, "form.hand.submit"),
        close=words.say(lang, "form.cancel"), carry=reminder,
        fields=(Field("taker", words.say(lang, "form.taker"), "person", taker, hint=words.say(lang, "form.taker.hint")),))


def notice_form(words: Words, lang: str, title: str, sentence: str) -> Form:
    """A sentence where a form was."""
    return Form(id="notice", title=title, submit="", close=words.say(lang, "form.close"),
                fields=(Field("said", sentence, "note"),))


def habits_form(words: Words, lang: str, habits: Habits, at: time) -> Form:
    """When and in which language somebody is reminded, and who stands in while they are away."""
    hours = tuple(Option(f"{hour:%H:%M}", f"{hour:%H:%M}") for hour in sorted({*HOURS, at}))
    languages = (Option("chat", words.say(lang, "form.language.chat")), Option("en", "English"), Option("zh", "中文"))
    return Form(
        id="habits", title=words.say(lang, "form.habits.title"), submit=words.say(lang, "form.shipment.submit"),
        close=words.say(lang, "form.cancel"),
        fields=(
            Field("at", words.say(lang, "form.digest_at"), "choice", f"{habits.at or at:%H:%M}", options=hours),
            Field("lang", words.say(lang, "form.language"), "choice", habits.lang or "chat", options=languages),
            Field("away_from", words.say(lang, "form.away_from"), "date", _day(habits.away_from), optional=True),
            Field("away_until", words.say(lang, "form.away_until"), "date", _day(habits.away_until), optional=True),
            Field("deputy", words.say(lang, "form.deputy"), "person", habits.deputy, optional=True,
                  hint=words.say(lang, "form.deputy.hint"))))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""

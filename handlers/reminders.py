"""The door for reminders: Done, Snooze, Not mine, Why me, the rest of a digest, and somebody's own habits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.desk.digest import rest_of
from bot.desk.readers import reader_of
from bot.desk.records import colleague, habits_of, reminder_of
from bot.domain.people import Colleague
from bot.domain.reading.requests import Asked
from bot.domain.reminding import Reminder, next_morning
from bot.domain.rows import from_row
from bot.errors import BadInput, NotAllowed
from bot.flows.answer_reminder import (
    reminder_done,
    reminder_not_mine,
    reminder_snoozed,
    stop_asking,
    suggested_taker,
    why_reminded,
)
from bot.flows.keep_habits import HabitsWish, keep_habits
from bot.flows.know_person import know_person
from bot.flows.move_etd import move_etd
from bot.flows.offer_done import offer_done_by_reaction
from bot.flows.say_once import say_anew
from bot.flows.take_request import keep_request
from bot.ports import Desk
from bot.replies import Form, Reply
from bot.replies.reminder_forms import evidence_form, habits_form, hand_form, notice_form, snooze_form
from handlers.filings import moved_reply
from handlers.office import Body, Office, chosen_day, value_of
from handlers.views import filled_in, form_view


@dataclass(frozen=True)
class ReminderDoor:
    """What can be knocked for about reminders."""

    office: Office
    home_again: Callable[[str], None]
    """Draws the App Home of a person anew."""

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def done(self, ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        """Done at once, or after saying where the evidence lies without which nothing is released."""
        by, reminder = self.office.who(body), reminder_of(self.desk.store, value_of(body))
        form = self._evidence(by, reminder) if reminder.state == "sent" else None
        if form:
            self._ask(ack, body, client, form)
        else:
            self._told(ack, respond, reminder_done(self.desk, reminder.id, by, self.office.now()))

    def snooze(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Asks until when."""
        by, reminder = self.office.who(body), reminder_of(self.desk.store, value_of(body))
        reader = reader_of(self.desk.store, self.desk, by.id)
        morning = next_morning(self.office.now(), reader.at, reader.zone, reader.calendar).date()
        self._ask(ack, body, client, snooze_form(self.desk.words, by.lang, reminder.id, morning, reminder.anchor))

    def not_mine(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Asks whose it is."""
        by, reminder = self.office.who(body), reminder_of(self.desk.store, value_of(body))
        taker = suggested_taker(self.desk.store, reminder)
        self._ask(ack, body, client, hand_form(self.desk.words, by.lang, reminder.id, taker.id if taker else ""))

    def why(self, ack: Ack, body: Body, respond: Respond) -> None:
        """Says why it came."""
        self._told(ack, respond, why_reminded(self.desk, value_of(body), self.office.who(body)))

    def stop(self, ack: Ack, body: Body, respond: Respond) -> None:
        """What was asked for is not wanted any more."""
        self._told(ack, respond, stop_asking(self.desk, value_of(body), self.office.who(body), self.office.now()))

    def stop_at_home(self, ack: Ack, body: Body) -> None:
        """The same, pressed in the App Home, which says so by leaving it out."""
        by = self.office.who(body)
        stop_asking(self.desk, value_of(body), by, self.office.now())
        self._durable(ack)
        self.home_again(by.id)

    def rest(self, ack: Ack, body: Body, respond: Respond) -> None:
        """What the digest had no room for."""
        ack()
        name, _, start = value_of(body).partition("|")
        reply = rest_of(self.desk.store, self.desk, name, self.office.who(body).id, int(start or 0), self.office.now())
        respond(replace_original=False, response_type="ephemeral", **self.office.drawn(reply))

    def evidence_given(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The form of Done was sent."""
        by, evidence = self.office.who(body), filled_in(view)["evidence"]
        reminder_done(self.desk, view["private_metadata"], by, self.office.now(), evidence)
        self._durable(ack)

    def snoozed(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The form of Snooze was sent; a day past the date is taken, and said."""
        by, reminder, until = self.office.who(body), view["private_metadata"], chosen_day(filled_in(view)["until"], "until")
        said = reminder_snoozed(self.desk, reminder, by, self.office.now(), until)
        past = until is not None and until > reminder_of(self.desk.store, reminder).anchor
        notice = notice_form(self.desk.words, by.lang, self.office.say(by, "choice.snooze"), said)
        self._durable(ack, **({"response_action": "update", "view": form_view(notice)} if past else {}))

    def handed(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The form of Not mine was sent."""
        by, taker = self.office.who(body), self.office.know(filled_in(view)["taker"])
        reminder_not_mine(self.desk, view["private_metadata"], by, self.office.now(), taker.id)
        self._durable(ack)

    def habits_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button in the App Home."""
        by = self.office.who(body)
        today = self.office.now().astimezone(ZoneInfo(by.zone)).date()
        habits = habits_of(self.desk.store, by.id).without_the_past(today)
        self._ask(ack, body, client, habits_form(self.desk.words, by.lang, habits, self.desk.reminders.at))

    def habits_said(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The form of one's habits was sent."""
        by, said = self.office.who(body), filled_in(view)
        if said.get("deputy"):
            self.office.know(said["deputy"])
        begins, ends = (chosen_day(said.get(name, ""), name) for name in ("away_from", "away_until"))
        wish = HabitsWish(time.fromisoformat(said["at"]), said["lang"] if said["lang"] != "chat" else "", begins, ends,
                          said.get("deputy", ""))
        keep_habits(self.desk, wish, by, self.office.now())
        self._durable(ack)
        self.home_again(by.id)

    def request_confirmed(self, ack: Ack, body: Body) -> None:
        """Yes: as it was understood."""
        by, said = self._asker(body)
        asked = from_row(Asked, said["asked"])
        if asked.kind == "etd" and asked.day:
            self.office.allow(by, "move_etd", "error.etd_role")
            moved = move_etd(self.desk, asked.subject, asked.day, by, self.office.now(), asked.zone, asked.at)
            name = f"answer:{said['key']}"
            say_anew(self.desk, name, moved_reply(self.office, by.lang, moved, name), self.office.now())
        else:
            keep_request(self.desk, asked, said["text"], said["key"], by, self.office.now())
        self._durable(ack)

    def request_dropped(self, ack: Ack, body: Body) -> None:
        """No: nothing is kept."""
        by, said = self._asker(body)
        say_anew(self.desk, f"answer:{said['key']}", Reply(self.office.say(by, "request.dropped")), self.office.now())
        self._durable(ack)

    def _asker(self, body: Body) -> tuple[Colleague, dict[str, Any]]:
        """Who pressed, reading the language that was asked in, and what the button says; NotAllowed for anybody but the asker.

        BadInput for a button of an earlier version, which does not say who asked.
        """
        by, said = self.office.who(body), _carried(value_of(body))
        if "by" not in said:
            raise BadInput(self.office.say(by, "error.old_request"))
        if by.id != said["by"]:
            name = colleague(self.desk.store, said["by"]).name
            raise NotAllowed(self.office.say(by, "error.not_your_request", name=name))
        return replace(by, lang=said["lang"]), said

    def ticked(self, event: dict[str, Any], body: Body) -> None:
        """A reaction to a message of ours."""
        item = event.get("item") or {}
        place = (f"{item.get('channel')}:{item.get('ts')}:{event.get('user')}", str(item.get("channel")), str(item.get("ts")))
        by = self.office.who(body)
        if offer_done_by_reaction(self.desk, str(event.get("reaction")), place, by, self.office.now()):
            self.office.waker.kick()

    def changed(self, event: dict[str, Any]) -> None:
        """Somebody's profile is another now: their zone may be, too."""
        user = str((event.get("user") or {}).get("id", ""))
        if user and self.desk.store.get("people", user):
            know_person(self.desk, self.office.chat, self.office.members, user, self.office.now(), anew=True)
            self.office.waker.kick()

    def _evidence(self, by: Colleague, reminder: Reminder) -> Form | None:
        """The form for the evidence, where no release is given without it and none is known yet; all else is one press."""
        task = self.desk.store.get("tasks", reminder.task) if reminder.task else None
        item = self.desk.checklist.item(task["item"]) if task else None
        if not task or not item or not item.evidence_required or task.get("evidence"):
            return None
        return evidence_form(self.desk.words, by.lang, reminder.id, item.id, item.evidence.said(by.lang), "")

    def _ask(self, ack: Ack, body: Body, client: WebClient, form: Form) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    def _told(self, ack: Ack, respond: Respond, said: str) -> None:
        self._durable(ack)
        respond(text=said, replace_original=False, response_type="ephemeral")

    def _durable(self, ack: Ack, **answer: Any) -> None:
        """Acknowledged only now, as everything is stored."""
        ack(**answer)
        self.office.waker.kick()


def _carried(value: str) -> dict[str, Any]:
    """What a button of a request carries; nothing where that is no object, as it was once."""
    try:
        said = json.loads(value)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def register(app: App, door: ReminderDoor) -> None:
    """Open this door."""
    buttons: dict[str, Callable[..., None]] = {
        "reminder_done": door.done, "reminder_snooze": door.snooze, "reminder_not_mine": door.not_mine, "reminder_why": door.why,
        "reminder_stop": door.stop, "home_stop": door.stop_at_home, "reminder_rest": door.rest, "home_habits": door.habits_wanted,
        "request_yes": door.request_confirmed, "request_no": door.request_dropped}
    forms: dict[str, Callable[..., None]] = {
        "reminder_evidence": door.evidence_given, "reminder_snooze_until": door.snoozed, "reminder_hand_over": door.handed,
        "habits": door.habits_said}
    for name, pressed in buttons.items():
        app.action(re.compile(rf"^{name}:"))(pressed)
    app.event("reaction_added")(door.ticked)
    app.event("user_change")(door.changed)
    for name, sent in forms.items():
        app.view(name)(sent)

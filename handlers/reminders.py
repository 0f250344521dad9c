"""The door for reminders: Done, Snooze, Not mine."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from slack_bolt import Ack, App, Respond

from bot.domain.people import Colleague
from bot.flows.answer_reminder import reminder_done, reminder_not_mine, reminder_snoozed
from bot.ports import Desk
from handlers.office import Body, Office, value_of

Answer = Callable[[Desk, str, Colleague, datetime], str]
ANSWERS: dict[str, Answer] = {
    "reminder_done": reminder_done, "reminder_snooze": reminder_snoozed, "reminder_not_mine": reminder_not_mine}


def register(app: App, office: Office) -> None:
    """Open this door."""

    @app.action(re.compile(r"^reminder_(done|snooze|not_mine):"))
    def answered(ack: Ack, body: Body, respond: Respond) -> None:
        answer = ANSWERS[str(body["actions"][0]["action_id"]).partition(":")[0]]
        said = answer(office.desk, value_of(body), office.who(body), office.now())
        ack()  # only now: what is acknowledged is durable
        office.waker.kick()
        respond(text=said, replace_original=False, response_type="ephemeral")

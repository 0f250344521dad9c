"""The door for tickets the tracker refused: Try again, Edit with its form, `/filing retry`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.desk.records import filing_of
from bot.domain.people import Colleague
from bot.errors import NotAllowed
from bot.flows.ask_ticket_fields import ask_ticket_fields
from bot.flows.retry_ticket import give_values, may_mend, retry_all, retry_ticket
from bot.ports import Tracker
from bot.replies.trouble import ticket_form
from handlers.office import Body, Office, value_of
from handlers.views import filled_in, form_view, waiting_view


@dataclass(frozen=True)
class TicketDoor:
    """What can be knocked for about refused tickets."""

    office: Office
    tracker: Tracker

    def again(self, ack: Ack, body: Body) -> None:
        """A ticket the tracker refused is tried once more."""
        retry_ticket(self.office.desk, value_of(body), self.office.who(body), self.office.now())
        ack()  # only now: what is acknowledged is durable
        self.office.waker.kick()

    def edit_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """A modal at once, as the tracker may take longer than a trigger lives; then the fields it asks for."""
        ack()
        by, words = self.office.who(body), self.office.desk.words
        filing = filing_of(self.office.desk.store, value_of(body))
        if not may_mend(filing, by):
            raise NotAllowed(self.office.say(by, "error.retry_role"))
        waiting = waiting_view(self.office.say(by, "form.ticket.title"), self.office.say(by, "form.waiting"))
        opened = client.views_open(trigger_id=body["trigger_id"], view=waiting)
        fields, asked = ask_ticket_fields(self.tracker, filing)
        form = ticket_form(words, by.lang, filing, fields, away=not asked)
        client.views_update(view_id=opened["view"]["id"], view=form_view(form))

    def edited(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The values were given: kept with the filing, and the ticket is tried with them."""
        carry, said, by = json.loads(view["private_metadata"]), filled_in(view), self.office.who(body)
        values = {name: self._address(value) if name in carry["people"] else value for name, value in said.items()}
        give_values(self.office.desk, carry["filing"], values, by, self.office.now())
        ack()  # only now: what is acknowledged is durable
        self.office.waker.kick()

    def retried(self, by: Colleague, what: str) -> str:
        """`/filing retry`, `/filing retry F-12`, `/filing retry all`; a sentence of what is being done."""
        desk, now = self.office.desk, self.office.now()
        if re.fullmatch(r"f-?\d+", what, re.IGNORECASE):
            retry_ticket(desk, f"F-{what.lstrip('fF-')}", by, now)
            tried = 1
        else:
            tried = retry_all(desk, by, now, everything=what in ("all", "全部"))
        self.office.waker.kick()
        return self.office.say(by, "retry.some", n=tried) if tried else self.office.say(by, "retry.none")

    def _address(self, user: str) -> str:
        return self.office.know(user).email if user else ""


def register(app: App, door: TicketDoor) -> None:
    """Open this door."""
    app.action(re.compile(r"^retry_ticket:"))(door.again)
    app.action(re.compile(r"^edit_ticket:"))(door.edit_wanted)
    app.view("edit_ticket")(door.edited)

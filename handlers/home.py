"""The door to the App Home: filings, next shipments and what waits for this person; drawn again after what is done there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_bolt import App
from slack_sdk import WebClient

from bot.desk.agenda import asked_for
from bot.desk.digest import due_of
from bot.desk.plans import standing_told_in
from bot.desk.records import colleague, habits_of, shipments, standings
from bot.domain.people import Colleague
from bot.flows.keep_calendar import has_address
from bot.replies import Reply
from bot.replies.home import Mine, home_reply
from handlers.office import Office
from handlers.whispering import LOST

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class HomeDoor:
    """What can be knocked for about the App Home."""

    office: Office
    client: WebClient

    def opened(self, event: dict[str, Any]) -> None:
        """Somebody looks at it."""
        if event.get("tab", "home") == "home":
            self._publish(str(event["user"]))

    def again(self, user: str) -> None:
        """Something it says is different now; Slack does not ask for it anew by itself. What was done stays done without it."""
        try:
            self._publish(user)
        except LOST as error:
            log.warning("the home was not drawn again; it will be when it is opened", error=type(error).__name__)

    def _publish(self, user: str) -> None:
        reply = self._reply(self.office.know(user))
        self.client.views_publish(user_id=user, view={"type": "home", "blocks": self.office.blocks(reply)})

    def _reply(self, person: Colleague) -> Reply:
        office, store = self.office, self.office.desk.store
        known = [standing_told_in(office.desk, one, person.lang) for one in standings(store, office.today()) if one.open]
        planned = sorted((one for one in shipments(store) if one.state == "planned"), key=lambda one: one.etd)
        failed = store.where("outbox", "state", "failed")
        return home_reply(office.desk.words, person, known, planned, failed, _mine(office, person), today=office.today(),
                          asked=[due_of(store, office.desk, one, person.id) for one in asked_for(store, person.id)],
                          calendar=has_address(store, person.id))


def _mine(office: Office, person: Colleague) -> Mine:
    store, today = office.desk.store, office.now().astimezone(ZoneInfo(person.zone)).date()
    habits = habits_of(store, person.id).without_the_past(today)
    return Mine(habits.at or office.desk.reminders.at, habits.away_from, habits.away_until,
                colleague(store, habits.deputy).name if habits.deputy else "", begun=habits.away(today))


def register(app: App, door: HomeDoor) -> None:
    """Open this door."""
    app.event("app_home_opened")(door.opened)

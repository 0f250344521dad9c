"""The door to the App Home: filings, next shipments and what waits for this person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_sdk import WebClient

from bot.desk.plans import standing_told_in
from bot.desk.records import colleague, habits_of, shipments, standings
from bot.domain.people import Colleague
from bot.replies.home import Mine, home_reply
from handlers.office import Office


def register(app: App, office: Office, has_calendar: Callable[[str], bool]) -> None:
    """Open this door."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab", "home") != "home":
            return
        person, store = office.know(str(event["user"])), office.desk.store
        known = [standing_told_in(office.desk, one, person.lang) for one in standings(store, office.today()) if one.open]
        planned = sorted((one for one in shipments(store) if one.state == "planned"), key=lambda one: one.etd)
        failed = store.where("outbox", "state", "failed")
        reply = home_reply(office.desk.words, person, known, planned, failed, _mine(office, person),
                           calendar=has_calendar(person.id))
        client.views_publish(user_id=person.id, view={"type": "home", "blocks": office.blocks(reply)})


def _mine(office: Office, person: Colleague) -> Mine:
    store, habits = office.desk.store, habits_of(office.desk.store, person.id)
    over = habits.away_until is None or habits.away_until < office.now().astimezone(ZoneInfo(person.zone)).date()
    return Mine(habits.at or office.desk.reminders.at, None if over else habits.away_until,
                colleague(store, habits.deputy).name if habits.deputy else "")

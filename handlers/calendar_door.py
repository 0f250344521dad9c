"""The doors to calendars: a secret address over HTTP, its giving and taking back in Slack, a plan as a file."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt import Ack, App
from slack_sdk import WebClient
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.desk.records import colleagues
from bot.domain.people import Colleague, may, who_may
from bot.errors import NotAllowed
from bot.flows.keep_calendar import give_address, read_calendar, share_plan, take_back
from bot.ports import CalendarWriter, Desk
from bot.replies.calendars import address_form, address_words
from bot.replies.names import listed
from handlers.evidence import place_in
from handlers.office import Body, Office, value_of
from handlers.views import form_view

SECRET_BYTES = 24
STOP = ("stop", "revoke", "off", "停用", "撤销")
CHANNEL = ("channel", "频道")
NAMED = 5
"""Of those who may, so many are named."""
PRIVATE = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


def calendar_routes(office: Office, writer: CalendarWriter) -> list[Route]:
    """GET /calendar/SECRET.ics; nothing of the address is logged, and a wrong one looks like none."""

    async def feed(request: Request) -> Response:
        found = await run_in_threadpool(read_calendar, office.desk, request.path_params["secret"], office.now())
        if found is None:
            return Response("There is no such calendar.", 404, PRIVATE, "text/plain")
        name, events = found
        content = await run_in_threadpool(writer.written, events, name)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=PRIVATE | {"ETag": tag})
        return Response(content, 200, PRIVATE | {"ETag": tag}, "text/calendar; charset=utf-8")

    return [Route("/calendar/{secret}.ics", feed)]


@dataclass(frozen=True)
class CalendarDoor:
    """What can be knocked for about calendars; `address` is where the bot is reached over HTTP."""

    office: Office
    writer: CalendarWriter
    address: str
    home_again: Callable[[str], None]
    """Draws the App Home of a person anew."""

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def asked(self, rest: str, by: Colleague, channel: str) -> str:
        """`/shipment calendar`, `calendar channel`, `calendar stop`, `calendar channel stop`."""
        words = rest.lower().split()
        if not set(words) <= {*CHANNEL, *STOP}:  # a slip of the pen must not end the address that is in use
            unknown = self.office.say(by, "usage.unknown", said=f"calendar {rest}", command="shipment")
            return f"{unknown}\n• {self.office.say(by, 'usage.shipment.calendar')}"
        owner = channel if set(words) & set(CHANNEL) else by.id
        if owner != by.id:
            self._allow_channel(by)
        if set(words) & set(STOP):
            stopped = take_back(self.desk, owner, by, self.office.now())
            return self.office.say(by, "calendar.stopped" if stopped else "calendar.none")
        return address_words(self.desk.words, by.lang, self._new(owner, by))

    def wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button in the App Home: a new address in a window, as it is told only once."""
        ack()
        by = self.office.who(body)
        form = address_form(self.desk.words, by.lang, self._new(by.id, by))
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))
        self.home_again(by.id)

    def stopped(self, ack: Ack, body: Body) -> None:
        """The address is taken back."""
        ack()
        by = self.office.who(body)
        take_back(self.desk, by.id, by, self.office.now())
        self.home_again(by.id)

    def plan_wanted(self, ack: Ack, body: Body) -> None:
        """The button under a plan: its dates as a file."""
        ack()
        share_plan(self.desk, self.office.chat, self.writer, value_of(body), place_in(body), self.office.who(body))

    def _allow_channel(self, by: Colleague) -> None:
        """Everybody's subscription ends with a channel's address. NotAllowed, naming who may."""
        if may(by.role, "channel_calendar"):
            return
        may_do_it = who_may("channel_calendar", colleagues(self.desk.store))[:NAMED]
        names = listed(self.desk.words, by.lang, (one.name for one in may_do_it))
        asked = self.office.say(by, "error.ask_one_of", names=names) if names else ""
        raise NotAllowed(f"{self.office.say(by, 'error.channel_calendar_role')} {asked}".strip())

    def _new(self, owner: str, by: Colleague) -> str:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        give_address(self.desk, owner, secret, by, self.office.now())
        return f"{self.address}/calendar/{secret}.ics"


def register(app: App, door: CalendarDoor) -> None:
    """Open this door."""
    app.action(re.compile(r"^calendar_new:"))(door.wanted)
    app.action(re.compile(r"^calendar_stop:"))(door.stopped)
    app.action(re.compile(r"^plan_ics:"))(door.plan_wanted)

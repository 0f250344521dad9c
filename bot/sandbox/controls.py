"""The sandbox's own controls: its clock, the faults to order, the whole state, and waiting for a change."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

from anyio import to_thread

from bot.errors import BadInput
from bot.sandbox.faults import Faults, fault_from
from bot.sandbox.shelf import Shelf, Thing
from bot.sandbox.slack_driving import Driving
from bot.sandbox.slack_views import view_on_the_wire

LONGEST_WAIT = 20.0  # seconds a page waits for a change
FARTHEST = timedelta(days=366 * 5)
DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


class Bench(Protocol):
    """What the application lends the sandbox: its clock and its bot."""

    def now(self) -> datetime:
        """The sandbox's clock, aware, UTC."""

    def next_due(self) -> datetime | None:
        """When the bot has something to do next (a reminder, a retry), or None."""

    def travel(self, to: datetime) -> None:
        """Blocks: moves the clock step by step and returns when everything due has been worked off."""

    def settle(self) -> None:
        """Blocks until the bot has finished what it is working on (listeners too) and its outbox has nothing due now."""


class Controls:
    """Clock, faults, state and changes."""

    def __init__(
        self, shelf: Shelf, faults: Faults, bench: Bench, driving: Driving, rest: Callable[[], Mapping[str, Any]]
    ) -> None:
        self.shelf, self.faults, self.bench, self.driving, self.rest = shelf, faults, bench, driving, rest
        self._travelling = asyncio.Lock()

    async def clock(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{"advance": "P1D"} or {"to": instant, date or "next"}: answers when everything due has been worked off."""
        async with self._travelling:
            start = self.bench.now()
            target = wanted_time(body, start, self.bench.next_due())
            await to_thread.run_sync(self.bench.travel, target)
            await self.driving.quiet()
        self.shelf.touch()
        return {"ok": True, "moved": target > start} | self.times()

    async def order_fault(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{service, kind, count?, retry_after?, seconds?, match?}: the next requests meet this fault."""
        service, fault = fault_from(body)
        self.faults.order(service, fault)
        self.shelf.touch()
        return {"ok": True, "faults": self.faults.as_json()}

    async def clear_faults(self, _body: Mapping[str, Any], _base_url: str) -> Thing:
        """Forget the ordered faults."""
        self.faults.clear()
        self.shelf.touch()
        return {"ok": True, "faults": self.faults.as_json()}

    async def changes(self, since: str) -> Thing:
        """{"version"}: at once if it is not `since`, else as soon as something changes, at the latest after 20 s."""
        deadline = asyncio.get_running_loop().time() + LONGEST_WAIT
        while str(self.shelf.version) == since and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.05)
        return {"version": self.shelf.version}

    def times(self) -> Thing:
        """{"now", "next_due"} in ISO 8601."""
        due = self.bench.next_due()
        return {"now": self.bench.now().isoformat(), "next_due": due.isoformat() if due else None}

    def state(self) -> Thing:
        """Everything, for the page."""
        rest = dict(self.rest())
        slack = self._slack() | {"commands": [], "shortcuts": []} | rest.pop("offers", {})
        return self.times() | {"version": self.shelf.version, "slack": slack, "faults": self.faults.as_json()} | rest

    def _slack(self) -> Thing:
        slack = self.driving.slack
        shown = ("id", "name", "real_name", "title", "role", "tz", "locale", "is_bot", "email")
        seen = ("id", "name", "is_im", "user", "members", "is_archived", "is_private", "topic")
        views = {user["id"]: slack.views.open_modal(user["id"]) for user in slack.workspace.people()}
        return {
            "users": [{key: user[key] for key in shown} for user in slack.workspace.users()],
            "channels": [{key: channel[key] for key in seen} for channel in slack.workspace.channels()],
            "messages": {channel["id"]: self.driving.shown(channel) for channel in slack.workspace.channels()},
            "views": {user: view_on_the_wire(view) if view else None for user, view in views.items()},
            "homes": {user["id"]: self.driving.home(user) for user in slack.workspace.people()},
            "notes": {note["channel"]: note for note in slack.shelf.every("thread_notes")},
            "connected": slack.sockets.connected or bool(slack.settings.events_url),
        }


def wanted_time(body: Mapping[str, Any], now: datetime, next_due: datetime | None) -> datetime:
    """The instant a request asks for, not before `now`; BadInput says what to write."""
    if ("advance" in body) == ("to" in body):
        raise BadInput('Write {"advance": "P1D"} or {"to": "2026-12-01T09:00:00+08:00"} or {"to": "next"}.')
    target = now + _duration(body["advance"]) if "advance" in body else _instant(body["to"], now, next_due)
    if target < now:
        raise BadInput(f"The clock goes forward only; it is {now.isoformat()} and {body.get('to')!r} lies before that.")
    if target > now + FARTHEST:
        raise BadInput("That is more than five years ahead; take smaller steps.")
    return target


def _duration(text: object) -> timedelta:
    found = DURATION.fullmatch(str(text).strip().upper())
    parts = {unit: int(amount) for unit, amount in found.groupdict().items() if amount} if found else {}
    if not parts or any(amount > 10**6 for amount in parts.values()):
        raise BadInput(f"{text!r} is no duration; write P1D, P2W, PT3H or PT30M (months and years have no fixed length).")
    return timedelta(**parts)


def _instant(text: object, now: datetime, next_due: datetime | None) -> datetime:
    written = str(text).strip()
    if written == "next":
        return max(now, next_due) if next_due else now
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
            return datetime.combine(date.fromisoformat(written), time(), UTC)
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(f'{text!r} is no time; write 2026-12-01, 2026-12-01T09:00:00+08:00 or "next".') from None

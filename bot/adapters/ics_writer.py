"""Calendars as iCalendar text (RFC 5545), with the icalendar library."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Component, Event, Timezone, TimezoneStandard

from bot.domain.calendar_event import CalendarEvent

REFRESH = timedelta(hours=1)
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class IcsWriter:
    """Writes the same bytes for the same events, so that a reader that asks again gets "unchanged"."""

    def written(self, events: Iterable[CalendarEvent], name: str) -> bytes:
        """A calendar of this name: whole days as dates, instants in UTC."""
        calendar = Calendar()
        calendar.add("prodid", "-//Filing Desk//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
        entries: list[Component] = [_event(event) for event in events]
        for component in entries or [_utc()]:
            calendar.add_component(component)
        return bytes(calendar.to_ical())


def _utc() -> Timezone:
    """The zone of instants: an object needs one component at least (RFC 5545, 3.4), and there may be no event."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local to the zone it defines, as the RFC asks
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    zone.add_component(standard)
    return zone


def _event(event: CalendarEvent) -> Event:
    entry, changed = Event(), event.changed or EPOCH
    entry.add("uid", event.uid)
    entry.add("dtstamp", changed)  # when this version was made, not when it was asked for
    entry.add("last-modified", changed)
    entry.add("sequence", event.version)
    entry.add("dtstart", event.at.astimezone(UTC) if event.at else event.day)
    entry.add("summary", event.title)
    entry.add("description", event.note)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")  # a date to know of, not an appointment
    return entry

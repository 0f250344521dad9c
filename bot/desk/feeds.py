"""What stands in the calendar of a person, a channel or a filing, read from the rows as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.records import filings, tasks_of
from bot.domain.calendar_event import CalendarEvent
from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.reminding import Reminder
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment, shipment_from
from bot.ports import Desk, Row, Rows
from bot.replies.calendars import filing_event, request_event, shipment_event, task_event

SHOWN = ("pending", "sent", "done")
"""States of a reminder that stand in a calendar; what was closed unsent does not."""
BEHIND = timedelta(days=60)
"""What lies further back than this is history, and would only make a calendar long."""


def person_events(desk: Desk, rows: Rows, owner: str, lang: str, now: datetime) -> list[CalendarEvent]:
    """The ETDs of somebody's shipments and filings, the due dates of their open tasks, and what they asked to be reminded of."""
    book = _Book(desk, rows, lang)
    mine = [from_row(FilingTask, row) for row in rows.where("tasks", "owner", owner)]
    about = {id_: from_row(Filing, row) for id_ in {task.filing for task in mine} if (row := rows.get("filings", id_))}
    found = [*book.shipments(rows.where("shipments", "owner", owner)),
             *(book.filing(from_row(Filing, row)) for row in rows.where("filings", "owner", owner)),
             *(event for task in mine if task.filing in about for event in book.task(about[task.filing], task)),
             *book.requests([from_row(Reminder, row) for row in rows.where("reminders", "owner", owner) if row["words"]])]
    return _recent(desk, found, now)


def channel_events(desk: Desk, rows: Rows, channel: str, lang: str, now: datetime) -> list[CalendarEvent]:
    """The filings that are followed in a channel, with their tasks and shipments."""
    here = [filing for filing in filings(rows) if filing.channel == channel]
    return _recent(desk, [event for filing in here for event in filing_events(desk, rows, filing, lang)], now)


def filing_events(desk: Desk, rows: Rows, filing: Filing, lang: str) -> list[CalendarEvent]:
    """A filing's ship date, its open tasks and the shipments it covers."""
    book = _Book(desk, rows, lang)
    tasks = [event for task in tasks_of(rows, filing.id) for event in book.task(filing, task)]
    return [book.filing(filing), *tasks, *book.shipments(rows.where("shipments", "goods.filing", filing.id))]


@dataclass(frozen=True)
class _Book:
    """Turns rows into events. The trail says how often a thing has changed and when last: a version that only grows."""

    desk: Desk
    rows: Rows
    lang: str
    _trails: dict[str, tuple[int, datetime | None]] = field(default_factory=dict)

    def shipments(self, rows: Iterable[Row]) -> Iterator[CalendarEvent]:
        for shipment in map(shipment_from, rows):
            yield self._dated(shipment_event(self.desk.words, self.lang, shipment, self._uid(shipment)), shipment.id)

    def filing(self, filing: Filing) -> CalendarEvent:
        event = filing_event(self.desk.words, self.lang, filing, self._uid(filing))
        return replace(self._dated(event, filing.id), cancelled=filing.state not in (*OPEN_STATES, "done"))

    def task(self, filing: Filing, task: FilingTask) -> Iterator[CalendarEvent]:
        """Nothing for what is done or has no date."""
        if task.due and not task.done:
            title = self.desk.checklist.item(task.item).text.said(self.lang)
            event = task_event(self.desk.words, self.lang, filing, task, title, self._uid(task))
            yield replace(self._dated(event, filing.id), cancelled=filing.state not in OPEN_STATES)

    def requests(self, reminders: list[Reminder]) -> Iterator[CalendarEvent]:
        """One entry for each request: when it comes next, or came last."""
        known: dict[tuple[str, str], list[Reminder]] = {}
        for reminder in reminders:
            known.setdefault((reminder.subject, reminder.kind), []).append(reminder)
        for series in known.values():
            shown = [one for one in series if one.state in SHOWN and one.planned_for]
            if shown:
                yield self._request(max(shown, key=_moment), series)

    def _request(self, shown: Reminder, series: list[Reminder]) -> CalendarEvent:
        """Each re-planning adds a row, each snooze counts, and the reader's own hour or zone is in their trail."""
        shipment = self.rows.get("shipments", shown.subject)
        about = shipment["number"] if shipment else shown.subject
        uid = f"{shown.kind.removeprefix('ask.').lower()}@{self.desk.label}.filingdesk"
        event = self._dated(request_event(self.desk.words, self.lang, shown, about, uid), shown.subject)
        moved, changed = self._trail(shown.owner)
        again = [event.changed, changed, *(one.sent_at for one in series), *(one.answered_at for one in series)]
        version = event.version + moved + len(series) + sum(one.snoozed for one in series)
        return replace(event, version=version, changed=max(filter(None, again), default=None))

    def _uid(self, thing: Shipment | Filing | FilingTask) -> str:
        return f"{thing.id.lower()}@{self.desk.label}.filingdesk"

    def _dated(self, event: CalendarEvent, subject: str) -> CalendarEvent:
        version, changed = self._trail(subject)
        return replace(event, version=version, changed=changed)

    def _trail(self, subject: str) -> tuple[int, datetime | None]:
        if subject not in self._trails:
            trail = self.rows.where("audit", "subject", subject)
            self._trails[subject] = len(trail), datetime.fromisoformat(trail[-1]["at"]) if trail else None
        return self._trails[subject]


def _moment(reminder: Reminder) -> str:
    return reminder.planned_for.isoformat() if reminder.planned_for else ""


def _recent(desk: Desk, events: Iterable[CalendarEvent], now: datetime) -> list[CalendarEvent]:
    first = now.astimezone(ZoneInfo(desk.zone)).date() - BEHIND
    each = {event.uid: event for event in events if event.day >= first}
    return sorted(each.values(), key=lambda event: (event.day, event.uid))

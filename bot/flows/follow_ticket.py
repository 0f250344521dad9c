"""What people did in the tracker comes back: status, assignee, due dates, finished sub-tasks, comments, moves and deletions.

Polls overlap, and what a search or a webhook says is a hint only: the tickets are read themselves, many at once, before
anything is taken over, by the rule of `bot/domain/in_step.py`. A poll cannot show what was deleted, nor a status renamed for
everybody, nor what the search forgot; so each poll also visits one filing with all its sub-tasks, all of them in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.agenda import check_etd, close_reminders, hand_reminders, plan_filing_reminders
from bot.desk.comments import show_comment
from bot.desk.gatehouse import expire_signs
from bot.desk.left_behind import note_offered
from bot.desk.outbox import show, show_filing, tell_owner, want_ticket
from bot.desk.plans import change_told_in
from bot.desk.records import filing_of, keep, note_audit, tasks_of, with_email
from bot.desk.replanning import replan_filing
from bot.desk.telling_moves import TRACKER, tell_left_behind
from bot.domain.change import Change
from bot.domain.filing import OPEN_STATES, Filing, FilingTask, installation_label, label_of
from bot.domain.in_step import differs, due_changed_there, filing_as_there, only_looked_at, task_as_there
from bot.domain.rows import from_row
from bot.domain.shipment import Shipment
from bot.errors import BadDate, Gone, Refused, ServiceError
from bot.ports import Desk, Row, Ticket, Tracker, Transaction
from bot.replies import Choice, Reply
from bot.replies.left_behind import left_part
from bot.replies.plans import replanned_reply
from bot.replies.tasks import news_reply
from bot.replies.trouble import trouble_said

OVERLAP = timedelta(minutes=3)
"""Polls overlap, as the tracker's search counts in minutes and lags behind."""
AT_ONCE = 50

Meet = Callable[[str], None]
"""Ask the chat who has this e-mail, and keep the person if it knows one. ServiceError when it cannot be asked."""


def _meet_nobody(_email: str) -> None:
    """Only people we know already are recognised."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row that follows a ticket: of the table "tasks" or "filings", as it was before the ticket was read."""

    table: str
    row: Row

    @property
    def filing(self) -> str:
        """The filing it belongs to."""
        return str(self.row.get("filing", self.row["id"]))


def follow_tickets(desk: Desk, tracker: Tracker, now: datetime, meet: Meet = _meet_nobody) -> int:
    """Take over every change since the last poll and visit one filing; returns how many tickets had a change."""
    known = [row for row in desk.store.every("filings") if row["ticket"]]
    if not known:
        return 0
    changed = tracker.changed(installation_label(label_of(desk.label, "")), _since(desk, known, now))
    follower = Follower(desk, tracker, now, meet)
    followed = follower.look_at(_places(desk, changed))
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": "poll", "at": now.isoformat()})
    return followed + follower.visit_next([row["id"] for row in known if row["state"] in OPEN_STATES])


def follow_hints(desk: Desk, tracker: Tracker, keys: Iterable[str], now: datetime, meet: Meet = _meet_nobody) -> int:
    """Look at the tickets somebody pointed at, as a webhook does; returns how many had a change."""
    places = [place for key in dict.fromkeys(keys) for place in _places_where(desk, "ticket", key)]
    return Follower(desk, tracker, now, meet).look_at(places)


def _since(desk: Desk, known: Sequence[Row], now: datetime) -> datetime:
    """The last poll, or the first filing where there was none; never later than now, should the clock have gone back."""
    last = (desk.store.get("notes", "poll") or {}).get("at") or known[0]["opened_at"]
    return min(datetime.fromisoformat(last), now) - OVERLAP


def _places(desk: Desk, tickets: Iterable[Ticket]) -> list[Place]:
    """The rows these tickets are followed in: by key, or by label where the key changed; a double is followed in none."""
    found: dict[str, Place] = {}
    for ticket in tickets:
        places = _places_where(desk, "ticket", ticket.key)
        places = places or [place for label in ticket.labels for place in _places_where(desk, "label", label)]
        found |= {place.row["id"]: place for place in places if place.row["ticket"]}
    return list(found.values())


def _places_where(desk: Desk, field: str, value: str) -> list[Place]:
    return [Place(table, row) for table in ("tasks", "filings") for row in desk.store.where(table, field, value)]


@dataclass(frozen=True, slots=True)
class Follower:
    """Looks at tickets and takes over what changed there."""

    desk: Desk
    tracker: Tracker
    now: datetime
    meet: Meet

    def look_at(self, places: Sequence[Place]) -> int:
        """Read the tickets, many in one request, and take over what changed; returns how many had."""
        changed = 0
        for start in range(0, len(places), AT_ONCE):
            some = [self._fresh(place) for place in places[start:start + AT_ONCE]]
            found = {ticket.key: ticket for ticket in self.tracker.get_all([place.row["ticket"] for place in some])}
            changed += sum(self._look(place, found.get(place.row["ticket"])) for place in some)
        return changed

    def visit_next(self, open_ids: Sequence[str]) -> int:
        """Look at one open filing with all its sub-tasks; the next poll takes the one after it."""
        if not open_ids:
            return 0
        last = (self.desk.store.get("notes", "visit") or {}).get("filing", "")
        chosen = open_ids[(open_ids.index(last) + 1) % len(open_ids)] if last in open_ids else open_ids[0]
        with self.desk.store.transaction() as tx:
            tx.put("notes", {"id": "visit", "filing": chosen})
        rows = self.desk.store.where("tasks", "filing", chosen)
        places = [Place("filings", self.desk.store.get("filings", chosen) or {}), *(Place("tasks", row) for row in rows)]
        return self.look_at([place for place in places if place.row.get("ticket")])

    def _fresh(self, place: Place) -> Place:
        return Place(place.table, self.desk.store.get(place.table, place.row["id"]) or place.row)

    def _look(self, place: Place, ticket: Ticket | None) -> bool:
        """Act on what the ticket itself says; one that did not come back with the others is asked for by its old key."""
        try:
            ticket = ticket or self.tracker.get(place.row["ticket"])
            changed = self._take_over(place, ticket) if self._know(place, ticket) else False
            return self._tell_comments(place, ticket) or changed
        except Gone as error:
            return self._gone(place, error)

    def _know(self, place: Place, ticket: Ticket) -> bool:
        """A new assignee we have not met is asked for in the chat first; while it cannot be asked, the ticket waits."""
        if ticket.assignee == place.row.get("ticket_assignee") or with_email(self.desk.store, ticket.assignee_email):
            return True
        try:
            self.meet(ticket.assignee_email)
        except ServiceError:
            return False
        return True

    def _take_over(self, place: Place, ticket: Ticket) -> bool:
        with self.desk.store.transaction() as tx:
            if tx.get(place.table, place.row["id"]) != place.row:
                return False  # changed here while we were looking there: the next poll overlaps and looks again
            if place.table == "tasks":
                return self._task_changed(tx, from_row(FilingTask, place.row), ticket)
            return self._filing_changed(tx, from_row(Filing, place.row), ticket)

    def _tell_comments(self, place: Place, ticket: Ticket) -> bool:
        """What people wrote there appears in the filing's thread; the mark is kept in the same step, so nothing is told twice."""
        if ticket.comment_mark == place.row.get("comment_mark", ""):
            return False
        try:
            comments = self.tracker.comments(ticket.key)
        except Refused:  # a ticket whose comments the bot may not read must not hold up all the others
            return False
        with self.desk.store.transaction() as tx:
            filing, current = filing_of(tx, place.filing), tx.get(place.table, place.row["id"]) or place.row
            for comment in comments:
                show_comment(tx, self.desk, filing, str(current.get("item", "")), ticket.key, comment, self.now)
            tx.put(place.table, current | {"comment_mark": ticket.comment_mark})
        return True

    def _gone(self, place: Place, error: Gone) -> bool:
        """A deleted ticket or sub-task is said in the filing's message; a person decides whether it is made anew."""
        with self.desk.store.transaction() as tx:
            filing = filing_of(tx, place.filing)
            if filing.state not in ("opening", "open") or tx.get(place.table, place.row["id"]) != place.row:
                return False  # parked: it is said already; or made anew meanwhile
            said = trouble_said(self.desk.words, filing.lang, error)
            known = replace(filing, state="parked", trouble=said)
            keep(tx, "filings", known)
            note_audit(tx, filing.id, "ticket gone", TRACKER, self.now, said=said)
            show_filing(tx, self.desk.words, known, self.now)
            tell_owner(tx, self.desk.words, known, self.now)
        return True

    # ── one change ─────────────────────────────────────────────────────────────────────────────────

    def _filing_changed(self, tx: Transaction, filing: Filing, ticket: Ticket) -> bool:
        known = filing_as_there(filing, ticket, self._person(tx, ticket))
        due = due_changed_there(filing, ticket)
        if known != filing:  # most visits find nothing new, and a write is slow
            keep(tx, "filings", known)
        if not due and only_looked_at(filing, known):
            return False
        if known.state != filing.state:
            self._state_changed(tx, known)
        self._say_rekeyed(tx, known, filing.ticket, known.ticket)
        note_audit(tx, filing.id, "ticket moved", TRACKER, self.now, before=filing.status, after=ticket.status)
        show_filing(tx, self.desk.words, known, self.now)
        if due:
            self._due_changed(tx, known, ticket.due)
        return True

    def _state_changed(self, tx: Transaction, known: Filing) -> None:
        if known.state == "done":
            close_reminders(tx, self.desk, known.id, "filing done", self.now)
        else:
            plan_filing_reminders(tx, self.desk, known, tasks_of(tx, known.id), self.now)

    def _due_changed(self, tx: Transaction, filing: Filing, due: date | None) -> None:
        """The ticket's due date is the ETD: moved there, the plan follows; a date that cannot be is put back, and said."""
        known, before = replace(filing, ticket_due=None), self._day(filing, filing.etd)
        keep(tx, "filings", known)  # nothing is known to agree: the title, which names the ETD, is written anew as well
        wrong = self._why_no_etd(filing, due)
        if wrong or due is None:
            want_ticket(tx, filing.id, self.now)
            return self._say(tx, filing, "news.etd_put_back", why=wrong, etd=before)
        change = replan_filing(tx, self.desk, known, due, TRACKER, self.now)
        return self._tell_moved(tx, change, tell_left_behind(tx, self.desk, change, TRACKER, self.now))

    def _why_no_etd(self, filing: Filing, due: date | None) -> str:
        if due is None:
            return self.desk.words.say(filing.lang, "news.no_due")
        try:
            check_etd(self.desk, due, filing.lang, self.now)
        except BadDate as error:
            return str(error)
        return ""

    def _task_changed(self, tx: Transaction, task: FilingTask, ticket: Ticket) -> bool:
        filing = filing_of(tx, task.filing)
        today = self.now.astimezone(ZoneInfo(filing.zone)).date()
        new = task_as_there(task, ticket, self._person(tx, ticket), today)
        if new != task:
            keep(tx, "tasks", new)
        if only_looked_at(task, new):
            return False
        self._remind_anew(tx, filing, task, new)
        if differs(new):
            want_ticket(tx, filing.id, self.now)
        self._say_rekeyed(tx, filing, task.ticket, new.ticket)
        note_audit(tx, task.id, "ticket changed", TRACKER, self.now, done=new.done, due=new.due, ticket=new.ticket,
                   owner=new.owner, assignee=ticket.assignee_name)
        show_filing(tx, self.desk.words, filing, self.now)
        expire_signs(tx, self.desk, filing, TRACKER, self.now)
        return True

    def _remind_anew(self, tx: Transaction, filing: Filing, task: FilingTask, new: FilingTask) -> None:
        hand_reminders(tx, self.desk, new, task.owner, self.now)
        if new.done:
            close_reminders(tx, self.desk, filing.id, "done", self.now, task.id)
        elif (new.due, new.done, new.owner) != (task.due, task.done, task.owner):
            plan_filing_reminders(tx, self.desk, filing, tasks_of(tx, filing.id), self.now)

    def _person(self, tx: Transaction, ticket: Ticket) -> str:
        person = with_email(tx, ticket.assignee_email)
        return person.id if person else ""

    # ── what is said in the thread ─────────────────────────────────────────────────────────────────

    def _say_rekeyed(self, tx: Transaction, filing: Filing, before: str, after: str) -> None:
        if before != after:
            self._say(tx, filing, "news.rekeyed", before=before, after=after)

    def _tell_moved(self, tx: Transaction, change: Change, left: Sequence[Shipment]) -> None:
        """What the other date re-planned; whoever did not mean it moves the ETD again, and sees before and after first.

        Shipments that stayed are moved too in one press: when goods leave is the forwarder's word, so it is never done unasked.
        """
        words, filing, lang = self.desk.words, change.after, change.before.lang
        said = words.say(lang, "news.etd_moved", before=self._day(change.before, change.before.etd),
                         after=self._day(change.before, filing.etd))
        again = Choice("ask_etd", words.say(lang, "choice.move_etd"), filing.id)
        reply = replanned_reply(words, lang, said, [change_told_in(self.desk, change, lang)], again)
        offer = (left_part(words, lang, filing, left),) if left else ()
        name = self._post(tx, filing, replace(reply, parts=(*reply.parts, *offer)))
        if left:
            note_offered(tx, filing.id, name)

    def _say(self, tx: Transaction, filing: Filing, key: str, **values: str) -> None:
        self._post(tx, filing, news_reply(self.desk.words, filing, key, **values))

    def _post(self, tx: Transaction, filing: Filing, reply: Reply) -> str:
        name = f"news:{filing.id}:{tx.number('news')}"
        show(tx, name, filing.channel, filing.thread, reply, self.now, filing.id, under=f"filing:{filing.id}")
        return name

    def _day(self, filing: Filing, day: date) -> str:
        return self.desk.words.day(filing.lang, day)

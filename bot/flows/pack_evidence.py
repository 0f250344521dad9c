"""Everything known of a filing is put into one file: what was asked and decided, by which rules, who did what, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.desk.handing_over import hand_over
from bot.desk.plotting import painted, plot
from bot.desk.records import colleagues, filing_of, market_lists, note_audit, tasks_of
from bot.domain.audit import about, position
from bot.domain.evidence import Evidence, parts_used
from bot.domain.filing import Filing, FilingTask
from bot.domain.market_list import in_force
from bot.domain.people import Colleague
from bot.domain.rows import to_row
from bot.errors import ServiceError
from bot.ports import TABLES, Chat, Desk, Painter, Row, Rows, Tracker
from bot.replies.evidence import Document, evidence_document
from bot.replies.trouble import trouble_said

Press = Callable[[Evidence, Document, bytes], bytes]
"""Makes the file of what was gathered, the document to be read and the timeline's picture."""
MADE = "evidence pack made"
OWN_SECTION = ("tasks",)
"""Tables with rows by filing that stand in a section of their own."""


class History(NamedTuple):
    """What changed in the tickets, and at which one it could not be asked any more."""

    changes: list[Row]
    ticket: str = ""
    trouble: ServiceError | None = None

    def why(self, tell: Callable[[ServiceError], str]) -> str:
        """Why there is no more of it, in the words of `tell`; "" where it is all there."""
        return f"{self.ticket}: {tell(self.trouble)}" if self.trouble else ""


def make_pack(desk: Desk, at_once: AbstractContextManager[Rows], tracker: Tracker, painter: Painter, press: Press,
              filing_id: str, by: Colleague, now: datetime) -> tuple[str, bytes]:
    """The file's name and content, in the reader's language; writes nothing. NotFound.

    What is stored is read within `at_once`, as of one moment. When the tracker cannot be asked the pack is made all the
    same, and says so.
    """
    history = _ticket_history(tracker, filing_of(desk.store, filing_id), tasks_of(desk.store, filing_id))
    with at_once as rows:
        found, plan = gather(desk, rows, history, filing_id, by.name, now), plot(desk, rows, filing_id, now)
    titles = {item.id: item.text.said(by.lang) for item in desk.checklist.items}
    told = replace(found, ticket_trouble=history.why(partial(trouble_said, desk.words, by.lang)))
    document = evidence_document(desk.words, by.lang, told, desk.rulesets[desk.ruleset], titles)
    return f"{found.filing.id}-evidence-{now:%Y%m%dT%H%M%SZ}.zip", press(found, document, painted(desk, painter, plan, by.lang))


def share_pack(desk: Desk, chat: Chat, tracker: Tracker, painter: Painter, press: Press, filing_id: str, by: Colleague,
               now: datetime) -> None:
    """Hand it to whoever asked, directly; the audit trail keeps who got which file, by its SHA-256."""
    name, content = make_pack(desk, desk.store.transaction(), tracker, painter, press, filing_id, by, now)
    hand_over(desk, chat, by, (by.id, ""), name, content, desk.words.say(by.lang, "pack.said", id=filing_id))
    note_pack(desk, filing_id, hashlib.sha256(content).hexdigest(), by.id, now)


def note_pack(desk: Desk, filing_id: str, sha256: str, by: str, now: datetime) -> None:
    """The audit trail keeps who made which file; told twice of the same one, as after a stop, it keeps one line. NotFound."""
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id).id
        if all(line["details"].get("sha256") != sha256 for line in tx.where("audit", "subject", filing)):
            note_audit(tx, filing, MADE, by, now, sha256=sha256)


def gather(desk: Desk, rows: Rows, history: History, filing_id: str, by: str, now: datetime) -> Evidence:
    """All of it, as it is stored; `history` is the tickets'."""
    filing, tasks = filing_of(rows, filing_id), tasks_of(rows, filing_id)
    answers = list(_determinations(rows, filing.determination))
    shipments, lists = rows.where("shipments", "goods.filing", filing.id), _lists(desk, rows, filing, answers, now)
    trail = list(rows.every("audit"))
    subjects = [filing.id, *(row["id"] for row in (*answers, *shipments, *lists))]
    ruleset = desk.rulesets[filing.ruleset or desk.ruleset]
    return Evidence(
        filing=filing, made_at=now, made_by=by, position=position(trail), ticket_trouble=history.why(str),
        ruleset={"id": ruleset.id, "version": ruleset.version, "digest": ruleset.digest},
        list_version=_list_now(desk, rows, now), names={person.id: person.name for person in colleagues(rows)},
        sections={
            "filing": [to_row(filing)], "determinations": answers, "rules": parts_used(answers, desk.rulesets),
            "lists": lists, "shipments": shipments, "tasks": [to_row(task) for task in tasks],
            **_more_tables(rows, filing.id), "reminders": _reminders(rows, [filing.id, *(row["id"] for row in shipments)]),
            "ticket_history": history.changes,
            "audit": [line for line in trail if any(about(line, subject) for subject in subjects)]})


def _determinations(rows: Rows, last: str) -> Iterator[Row]:
    """The answer the filing was opened from, after those it followed from as facts became known."""
    row = rows.get("determinations", last) if last else None
    if row is None:
        return
    earlier = [one for one in rows.where("determinations", "place", row["place"]) if one.get("followed_by") == last]
    for one in earlier:
        yield from _determinations(rows, one["id"])
    yield row


def _lists(desk: Desk, rows: Rows, filing: Filing, answers: Sequence[Row], now: datetime) -> list[Row]:
    """The versions the answers used, and those in force when the filing was opened and now."""
    known = market_lists(rows, filing.ruleset or desk.ruleset)
    days = [filing.opened_at, now]
    used = {entry.version for entry in (in_force(known, day.astimezone(ZoneInfo(desk.zone)).date()) for day in days) if entry}
    used |= {row["list_version"] for row in answers}
    return [entry.to_row() | {"digest": entry.digest} for entry in known if entry.version in used]


def _list_now(desk: Desk, rows: Rows, now: datetime) -> str:
    found = in_force(market_lists(rows, desk.ruleset), now.astimezone(ZoneInfo(desk.zone)).date())
    return found.version if found else ""


def _more_tables(rows: Rows, filing_id: str) -> dict[str, list[Row]]:
    """Whatever else is kept by filing, such as sign-offs and releases."""
    names = [name for name, shape in TABLES.items() if "filing" in shape.equal and name not in OWN_SECTION]
    return {name: rows.where(name, "filing", filing_id) for name in names}


def _reminders(rows: Rows, subjects: Sequence[str]) -> list[Row]:
    found = [row for subject in subjects for row in rows.where("reminders", "subject", subject)]
    return sorted(found, key=lambda row: (row.get("sent_at") or row.get("planned_for") or "", row["id"]))


def _ticket_history(tracker: Tracker, filing: Filing, tasks: Sequence[FilingTask]) -> History:
    """What changed in the tickets; after the first failure nothing else is asked."""
    found: list[Row] = []
    for item, key in (("", filing.ticket), *((task.item, task.ticket) for task in tasks)):
        try:
            changes = tracker.history(key) if key else []
        except ServiceError as error:
            return History(found, key, error)
        found += [{"ticket": key, "item": item} | to_row(change) for change in changes]
    return History(sorted(found, key=lambda row: str(row["at"])))

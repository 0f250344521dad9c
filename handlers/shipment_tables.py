"""The door for tables of shipments: pasted or uploaded, offered after a dry run, imported by a button, showing how far it is."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.desk.cataloguing import strange_to
from bot.desk.records import colleague
from bot.domain.people import Colleague
from bot.errors import BadFile, BadInput, FilingDeskError, Finding, NotFound, UnknownColumns
from bot.flows.import_shipments import (
    LineRead,
    Progress,
    Staged,
    begin,
    carry_on,
    interrupted,
    offer,
    preview,
    remember_columns,
    stage,
)
from bot.flows.say_once import said_once, say_anew, say_once
from bot.flows.watch_shipment import add_line, outcome_of
from bot.ports import Desk, Row
from bot.replies import Reply
from bot.replies.shipment_tables import (
    NO_COLUMN,
    SHOWN,
    DryRun,
    columns_form,
    imported_reply,
    progress_reply,
    table_reply,
    unknown_columns_reply,
)
from bot.replies.trouble import finding_said
from handlers.office import Body, Office, value_of
from handlers.views import filled_in, form_view

MOST_FILES = 5
TELL_EVERY = timedelta(seconds=3)


class Stage(Staged, Protocol):
    """Good lines on disk, to be closed after use."""

    def close(self) -> None:
        """Let go of the file."""


class Folder(Protocol):
    """Where tables wait."""

    def place(self, key: str, name: str) -> Path:
        """Where a table is to be kept."""

    def file(self, key: str) -> Path:
        """The table as it came; NotFound once it is forgotten."""

    def stage(self, key: str) -> Stage:
        """An empty stage for its lines."""

    def staged(self, key: str) -> Stage:
        """The lines kept; NotFound once they are imported or forgotten."""

    def forget(self, key: str) -> None:
        """The table was imported."""


@dataclass(frozen=True)
class TableRoom:
    """What tables are worked on with: one import at a time, so that a press and a restart never work on the same one."""

    office: Office
    folder: Folder
    read: Callable[[Path], Iterator[LineRead]]
    """Reads a table line by line; BadFile when it is none, UnknownColumns when somebody has to match them first."""
    save: Callable[[dict[str, Any], Path], None]
    """Fetches a file as it stands in a message into a path; BadInput when it cannot be taken."""
    signature: Callable[[Path], str]
    """Of the table's heading line."""
    working: threading.Lock = field(default_factory=threading.Lock)

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def offered(self, key: str, by: Colleague) -> Reply:
        """Read the table kept under a key: its dry run with a button, or which columns have to be matched."""
        path = self.folder.file(key)
        try:
            found = self._dry_run(key, path, by)
        except UnknownColumns as error:
            return unknown_columns_reply(self.desk.words, by.lang, path.name, self._told(error.details, by), key)
        except BadFile as error:
            found = DryRun(path.name, {}, (), self._told(error.details, by), len(error.details))
            return table_reply(self.desk.words, by.lang, found, "")
        if found.changing:
            offer(self.desk, key, by, self.office.now(), path.name)
        return table_reply(self.desk.words, by.lang, found, key)

    def _dry_run(self, key: str, path: Path, by: Colleague) -> DryRun:
        staged, findings = self.folder.stage(key), list[Finding]()

        def tell(finding: Finding) -> None:
            findings.extend([finding] if len(findings) < SHOWN else [])

        try:
            strange = strange_to(self.desk, self.office.now())
            read = stage(staged, self.read(path), path.name, tell, self._progress(key, path.name, by), strange)
            seen = preview(self.desk, self.desk.store, staged, by, outcome_of, self.office.now())
        finally:
            staged.close()
        findings += [read.finding(path.name, *refused) for refused in seen.refused]
        wrong = read.wrong + len(seen.refused)
        return DryRun(path.name, seen.counts, seen.changes, self._told(findings[:SHOWN], by), wrong, len(read.strange), seen.left)

    def _told(self, findings: Sequence[Finding], by: Colleague) -> list[str]:
        return [finding_said(self.desk.words, by.lang, finding) for finding in findings]

    def imported(self, key: str) -> Row:
        """Store what is left of a table that was taken up, and tell whoever sent it."""
        with self.working:
            row = self.desk.store.get("imports", key)
            if row is None or row["state"] != "running":
                return row or {}
            by, staged = colleague(self.desk.store, row["by"]), self.folder.staged(key)
            try:
                done = carry_on(self.desk, key, staged, add_line, self.office.now(), self._progress(key, row["name"], by))
            finally:
                staged.close()
            self.folder.forget(key)
        say_anew(self.desk, f"table:{key}", imported_reply(self.desk.words, by.lang, done), self.office.now())
        self.office.waker.kick()
        return done

    def take_up_interrupted(self) -> None:
        """After a start: go on with the imports a stop has interrupted."""
        for key in interrupted(self.desk.store):
            try:
                self.imported(key)
            except NotFound:  # its file was taken away by hand
                continue

    def said(self, key: str, by: Colleague, reply: Reply) -> None:
        """Say it in the table's one message, which is edited in place."""
        name = f"table:{key}"
        if said_once(self.desk, name):
            say_anew(self.desk, name, reply, self.office.now())
        else:
            say_once(self.desk, name, by.id, "", reply, self.office.now())
        self.office.waker.kick()

    def _progress(self, key: str, name: str, by: Colleague) -> Progress:
        told = self.office.now()

        def tell(done: int, whole: int) -> None:
            nonlocal told
            if self.office.now() - told >= TELL_EVERY:
                told = self.office.now()
                self.said(key, by, progress_reply(self.desk.words, by.lang, name, done, whole))

        return tell


@dataclass(frozen=True)
class TableDoor:
    """What can be knocked for about tables."""

    room: TableRoom

    def pasted(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """A pasted table: what is good is offered, nothing is stored yet."""
        by, key = self.room.office.who(body), str(view["id"])
        self.room.folder.place(key, "pasted.csv").write_text(filled_in(view)["table"], encoding="utf-8")
        reply = self.room.offered(key, by)
        if not reply.choices and reply.bullets and reply.tone:
            ack(response_action="errors", errors={"table": "\n".join(reply.bullets)[:1900]})
            return
        ack()
        self.room.said(key, by, reply)

    def import_wanted(self, ack: Ack, body: Body) -> None:
        """The good lines of a table are stored, once."""
        key, by = value_of(body), self.room.office.who(body)
        begin(self.room.desk, key, by.lang)
        ack()  # only now: what is acknowledged is durable
        self.room.imported(key)

    def match_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The form in which the table's columns are matched with ours."""
        ack()
        key, by = value_of(body), self.room.office.who(body)
        try:
            next(self.room.read(self.room.folder.file(key)), None)
        except UnknownColumns as error:
            form = columns_form(self.room.desk.words, by.lang, error.headings, error.guess, key)
            client.views_open(trigger_id=body["trigger_id"], view=form_view(form))
        else:
            self.room.said(key, by, self.room.offered(key, by))  # somebody else has matched them meanwhile

    def matched(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The columns were matched: it is remembered for these headings, and the table is read."""
        key, by = str(json.loads(view["private_metadata"])["table"]), self.room.office.who(body)
        columns = {name: heading for name, heading in filled_in(view).items() if heading not in ("", NO_COLUMN)}
        remember_columns(self.room.desk, self.room.signature(self.room.folder.file(key)), columns, by.id, self.room.office.now())
        ack()
        self.room.said(key, by, self.room.offered(key, by))


def register(app: App, room: TableRoom) -> None:
    """Open this door."""
    door = TableDoor(room)
    app.view("paste_shipments")(door.pasted)
    app.action(re.compile(r"^import_shipments:"))(door.import_wanted)
    app.action(re.compile(r"^match_columns:"))(door.match_wanted)
    app.view("match_columns")(door.matched)


def files_came(room: TableRoom, event: dict[str, Any], body: Body) -> None:
    """Tables were uploaded: what is good is offered, what is not is said with line and column; each file once."""
    by = room.office.who(body)
    for file in event["files"][:MOST_FILES]:
        key = f"{event['channel']}:{event['ts']}:{file['id']}"
        if not said_once(room.desk, f"table:{key}"):
            room.save(file, room.folder.place(key, str(file.get("name") or "file")))
            room.said(key, by, room.offered(key, by))


def import_wish(room: TableRoom, wish: Mapping[str, Any]) -> str:
    """A table checked on the command line is imported by the running bot; bears being asked twice."""
    key, by = str(wish["key"]), Colleague(id=str(wish["by"]), name=str(wish["by"]), role="ADMIN", lang=room.desk.lang)
    if wish.get("columns"):
        remember_columns(room.desk, str(wish["signature"]), wish["columns"], by.id, room.office.now())
    if room.desk.store.get("imports", key) is None:
        offer(room.desk, key, by, room.office.now(), str(wish["name"]))
    with suppress(BadInput):  # taken up before, as after a stop between doing and answering
        begin(room.desk, key, by.lang)
    row = room.imported(key)
    if not row:
        raise FilingDeskError(f"The table {key} is no longer kept.")
    return imported_reply(room.desk.words, by.lang, row).headline

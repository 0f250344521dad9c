"""The door for tables of shipments: pasted or uploaded, offered after a dry run, imported by a button."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt import Ack, App, Respond

from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine
from bot.errors import BadFile
from bot.flows.import_shipments import forget_table, keep_table, kept_table
from bot.flows.say_once import said_once
from bot.flows.watch_shipment import add_shipments
from bot.ports import Desk
from bot.replies import Reply
from bot.replies.shipments import imported_reply, table_reply
from handlers.office import Body, Office, value_of
from handlers.shipments import tell
from handlers.views import filled_in


class Table(Protocol):
    """A table read: lines that can be imported, and what is wrong with the others."""

    @property
    def lines(self) -> tuple[ShipmentLine, ...]:
        """The good lines."""

    @property
    def findings(self) -> Sequence[object]:
        """What is wrong, each with its line and column when printed."""


TableReader = Callable[[str, str], Table]
"""Reads (text, name shown to people); BadFile when it is no table at all."""
FileReader = Callable[[dict[str, Any]], Table]
"""Fetches and reads a file as it stands in a message; BadFile when it is no table, BadInput when it cannot be taken."""
MOST_FILES = 5


@dataclass(frozen=True)
class TableDoor:
    """What can be knocked for about tables."""

    office: Office
    read_table: TableReader

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def pasted(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """A pasted table: what is good is offered, nothing is stored yet."""
        by = self.office.who(body)
        try:
            offered = _offer(self.office, self.read_table(filled_in(view)["table"], "pasted"), by, view["id"])
        except BadFile as error:
            ack(response_action="errors", errors={"table": "\n".join(error.findings)[:1900]})
            return
        ack()
        tell(self.office, by, offered, f"table:{view['id']}")

    def import_wanted(self, ack: Ack, body: Body, respond: Respond) -> None:
        """The good lines of a table are stored, once."""
        ack()
        by = self.office.who(body)
        token = value_of(body)
        imported = add_shipments(self.desk, kept_table(self.desk, token, by.lang), by, self.office.now())
        forget_table(self.desk, token)  # by number: a second press before this line changes nothing
        counts: dict[str, int] = {}
        for watched in imported:
            counts[watched.outcome] = counts.get(watched.outcome, 0) + 1
        unfiled = [one.shipment for one in imported if one.shipment.unfiled]
        respond(replace_original=True, **self.office.drawn(imported_reply(self.desk.words, by.lang, counts, unfiled)))
        self.office.waker.kick()


def register(app: App, office: Office, read_table: TableReader) -> None:
    """Open this door."""
    door = TableDoor(office, read_table)
    app.view("paste_shipments")(door.pasted)
    app.action(re.compile(r"^import_shipments:"))(door.import_wanted)


def files_came(office: Office, fetch: FileReader, event: dict[str, Any], body: Body) -> None:
    """Tables were uploaded: what is good is offered, what is not is said with line and column; each file once."""
    by = office.who(body)
    for file in event["files"][:MOST_FILES]:
        key = f"{event['channel']}:{event['ts']}:{file['id']}"
        if not said_once(office.desk, f"table:{key}"):
            tell(office, by, _file_reply(office, fetch, file, by, key), f"table:{key}")


def _file_reply(office: Office, fetch: FileReader, file: dict[str, Any], by: Colleague, key: str) -> Reply:
    try:
        return _offer(office, fetch(file), by, key)
    except BadFile as error:
        return table_reply(office.desk.words, by.lang, (), error.findings, "")


def _offer(office: Office, table: Table, by: Colleague, key: str) -> Reply:
    token = keep_table(office.desk, table.lines, by, key, office.now())
    return table_reply(office.desk.words, by.lang, table.lines, [str(finding) for finding in table.findings], token)

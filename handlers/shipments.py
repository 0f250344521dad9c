"""The door for shipments: `/shipment` in its forms, the modal, a pasted or uploaded table, the import button."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.domain.people import Colleague
from bot.domain.shipment import ShipmentLine, number_in
from bot.errors import BadFile, BadInput
from bot.flows.import_shipments import forget_table, keep_table, kept_table
from bot.flows.move_etd import move_etd
from bot.flows.say_once import said_once, say_once
from bot.flows.watch_shipment import add_shipments, cancel_shipment, shipment_line
from bot.ports import Desk
from bot.records import shipment_of, shipments
from bot.replies import Reply
from bot.replies.shipments import (
    import_form,
    imported_reply,
    shipment_form,
    shipment_reply,
    shipments_reply,
    table_reply,
)
from handlers.filings import moved_sentence
from handlers.office import Body, Office, value_of
from handlers.views import filled_in, form_view

USAGE = ("`/shipment add SO-4711 FaceGate 300 to Hamburg ETD 2026-12-12`, `list`, `import`, `move SO-4711 2026-12-31`, "
         "`cancel SO-4711`")


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
DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True)
class ShipmentDoor:
    """What can be knocked for about shipments."""

    office: Office
    read_table: TableReader

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def shipment_command(self, ack: Ack, command: dict[str, Any], body: Body, client: WebClient, respond: Respond) -> None:
        """`/shipment` and its verbs; a bare line is an addition."""
        ack()
        by, (verb, rest) = self.office.who(body), _verb(str(command.get("text", "")))
        if verb == "import":
            client.views_open(trigger_id=command["trigger_id"], view=form_view(import_form(self.desk.words, by.lang)))
        elif verb == "list":
            planned = sorted((one for one in shipments(self.desk.store) if one.state == "planned"), key=lambda one: one.etd)
            respond(**self.office.drawn(shipments_reply(self.desk.words, by.lang, planned)))
        elif verb in ("move", "cancel"):
            respond(_changed(self.office, verb, rest, by))
            self.office.waker.kick()
        elif verb in ("", "add", "new"):
            _add_typed(self.office, rest, by, client, respond, command["trigger_id"])
        else:
            raise BadInput(self.office.say(by, "error.unknown_command", said=f"{verb} {rest}".strip(), help=USAGE))

    def wanted_at_home(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button in the App Home."""
        ack()
        by = self.office.who(body)
        form = shipment_form(self.desk.words, by.lang, [product.name for product in self.desk.catalogue], by.id, ShipmentLine())
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    def filled(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The form was sent: the shipment is stored, or the field says what is wrong."""
        by, said = self.office.who(body), filled_in(view)
        places = self.office.places(said["destination"])
        if len(places) != 1:
            sentence = self.office.say(by, "form.error.destination", said=said["destination"])
            ack(response_action="errors", errors={"destination": sentence})
            return
        carry = json.loads(view.get("private_metadata") or "{}")
        line = ShipmentLine(said["number"], said["product"], places[0], _day(said["etd"]), said.get("customer", ""),
                            said["owner"], carry.get("autonomous", ""))
        try:
            self.office.know(line.owner)
            watched = add_shipments(self.desk, [line], by, self.office.now())[0]
        except BadInput as error:
            ack(response_action="errors", errors={"etd": str(error)})
            return
        ack()
        reply = shipment_reply(self.desk.words, by.lang, watched.shipment, watched.outcome)
        _tell(self.office, by, reply, f"shipment:{view['id']}")

    def pasted(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """A pasted table: what is good is offered, nothing is stored yet."""
        by = self.office.who(body)
        try:
            offered = _offer(self.office, self.read_table(filled_in(view)["table"], "pasted"), by, view["id"])
        except BadFile as error:
            ack(response_action="errors", errors={"table": "\n".join(error.findings)[:1900]})
            return
        ack()
        _tell(self.office, by, offered, f"table:{view['id']}")

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
        unfiled = [one.shipment for one in imported if one.shipment.verdict == "in_scope" and not one.shipment.filing]
        respond(replace_original=True, **self.office.drawn(imported_reply(self.desk.words, by.lang, counts, unfiled)))
        self.office.waker.kick()


def register(app: App, office: Office, read_table: TableReader) -> None:
    """Open this door."""
    door = ShipmentDoor(office, read_table)
    app.command("/shipment")(door.shipment_command)
    app.action(re.compile(r"^home_shipment:"))(door.wanted_at_home)
    app.view("new_shipment")(door.filled)
    app.view("paste_shipments")(door.pasted)
    app.action(re.compile(r"^import_shipments:"))(door.import_wanted)


def files_came(office: Office, fetch: FileReader, event: dict[str, Any], body: Body) -> None:
    """Tables were uploaded: what is good is offered, what is not is said with line and column; each file once."""
    by = office.who(body)
    for file in event["files"][:MOST_FILES]:
        key = f"{event['channel']}:{event['ts']}:{file['id']}"
        if not said_once(office.desk, f"table:{key}"):
            _tell(office, by, _file_reply(office, fetch, file, by, key), f"table:{key}")


def _file_reply(office: Office, fetch: FileReader, file: dict[str, Any], by: Colleague, key: str) -> Reply:
    try:
        return _offer(office, fetch(file), by, key)
    except BadFile as error:
        return table_reply(office.desk.words, by.lang, (), error.findings, "")


def _tell(office: Office, by: Colleague, reply: Reply, name: str) -> None:
    say_once(office.desk, name, by.id, "", reply, office.now())
    office.waker.kick()


def _offer(office: Office, table: Table, by: Colleague, key: str) -> Reply:
    token = keep_table(office.desk, table.lines, by, key, office.now())
    return table_reply(office.desk.words, by.lang, table.lines, [str(finding) for finding in table.findings], token)


def _verb(text: str) -> tuple[str, str]:
    verb, _, rest = text.strip().partition(" ")
    known = {"add": "add", "new": "new", "list": "list", "import": "import", "move": "move", "cancel": "cancel", "添加": "add",
             "新建": "new", "列表": "list", "导入": "import", "取消": "cancel"}
    if verb.lower() in known:
        return known[verb.lower()], rest.strip()
    return ("add", text.strip()) if number_in(text) else (verb, rest.strip())


def _add_typed(office: Office, text: str, by: Colleague, client: WebClient, respond: Respond, trigger: str) -> None:
    """A typed line that says everything is stored at once; anything less opens the form with what was said."""
    line = shipment_line(office.desk, text, office.now(), number_in(text)) if text else ShipmentLine()
    if line.missing():
        form = shipment_form(office.desk.words, by.lang, [product.name for product in office.desk.catalogue], by.id, line)
        client.views_open(trigger_id=trigger, view=form_view(form))
        return
    watched = add_shipments(office.desk, [line], by, office.now())[0]
    respond(**office.drawn(shipment_reply(office.desk.words, by.lang, watched.shipment, watched.outcome)))
    office.waker.kick()


def _changed(office: Office, verb: str, rest: str, by: Colleague) -> str:
    shipment = shipment_of(office.desk.store, number_in(rest) or rest.split(" ", maxsplit=1)[0])
    if verb == "cancel":
        cancel_shipment(office.desk, shipment, by, office.now())
        return office.say(by, "shipment.cancelled", number=shipment.number)
    office.allow(by, "move_etd", "error.etd_role")
    found = DAY.search(rest)
    if not found:
        raise BadInput(office.say(by, "error.etd_when"))
    return moved_sentence(office, by.lang, move_etd(office.desk, shipment.id, _day(found.group(1)), by, office.now()))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text} is no date; write it as 2026-12-31.") from None

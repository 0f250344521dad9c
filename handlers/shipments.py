"""The door for shipments: `/shipment` in its forms, the modal, what has sailed, was cancelled or split."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.desk.records import shipment_of, shipments
from bot.desk.sailing import held_for
from bot.desk.shipping import POINTED_OUT
from bot.domain.departure import Departure, departing
from bot.domain.leaving import leaving_in
from bot.domain.people import Colleague
from bot.domain.reading import read
from bot.domain.seeking import sought
from bot.domain.shipment import (
    STATES,
    Shipment,
    ShipmentLine,
    goods_in,
    number_in,
    plain_number,
    quantity_of,
    state_of,
)
from bot.domain.splitting import parts_in
from bot.domain.standing import wanted_from
from bot.errors import BadDate, BadInput
from bot.flows.change_shipment import set_state, split_shipment
from bot.flows.move_etd import move_along, move_etd
from bot.flows.say_once import say_once
from bot.flows.watch_shipment import Typed, add_shipments, typed_shipment
from bot.ports import Desk
from bot.replies import Reply
from bot.replies.departures import departure_doubt, state_said
from bot.replies.filing_lists import filter_words
from bot.replies.left_behind import along_words, promised
from bot.replies.names import listed
from bot.replies.plans import etd_form
from bot.replies.shipment_tables import import_form
from bot.replies.shipments import (
    doubtful_fields,
    lacking_fields,
    shipment_form,
    shipment_reply,
    shipments_reply,
    split_reply,
    told_of,
    unfiled_reply,
)
from bot.replies.trouble import trouble_said
from bot.replies.usage import usage_reply, wants_help
from handlers.filings import moved_reply
from handlers.office import Body, Office, chosen_day, value_of
from handlers.views import filled_in, form_view

T = TypeVar("T")
VERBS = {"add": "add", "new": "add", "添加": "add", "新建": "add", "list": "list", "列表": "list", "unfiled": "unfiled",
         "calendar": "calendar", "日历": "calendar", "未备案": "unfiled", "import": "import", "导入": "import", "move": "move",
         "改期": "move", "split": "split", "拆分": "split", "cancel": "cancelled", "取消": "cancelled", "sailed": "sailed",
         "shipped": "sailed", "已开船": "sailed", "replan": "planned", "恢复": "planned"}


@dataclass(frozen=True)
class ShipmentDoor:
    """What can be knocked for about shipments."""

    office: Office
    calendar: Callable[[str, Colleague, str], str]
    """`/shipment calendar`: the words behind it, who asks, in which channel."""

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def shipment_command(self, ack: Ack, command: dict[str, Any], body: Body, client: WebClient, respond: Respond) -> None:
        """`/shipment` and its verbs; a bare line is an addition, a bare number is looked up."""
        ack()
        by, (verb, rest) = self.office.who(body), _verb(str(command.get("text", "")))
        opens: dict[str, Callable[[], dict[str, Any] | None]] = {
            "import": lambda: form_view(import_form(self.desk.words, by.lang)), "add": lambda: self._typed(rest, by, respond),
            "move": lambda: self._moved(rest, by, respond)}
        says: dict[str, Callable[[], Any]] = {
            "list": lambda: self._listed(rest, by), "unfiled": lambda: self._unfiled(by), "show": lambda: self._shown(rest, by),
            "calendar": lambda: self.calendar(rest, by, str(command["channel_id"])),
            "split": lambda: self._split(rest, by)}
        says |= {state: partial(self._stands, rest, state, by) for state in STATES}
        if verb in opens:
            view = opens[verb]()
            if view:
                client.views_open(trigger_id=command["trigger_id"], view=view)
        elif verb in says:
            said = says[verb]()
            respond(said) if isinstance(said, str) else respond(**self.office.drawn(said))
        else:
            said = f"{verb} {rest}".strip()
            usage = usage_reply(self.desk.words, by.lang, "shipment", "" if wants_help(said) else said)
            respond(**self.office.drawn(usage))
        self.office.waker.kick()

    def wanted_at_home(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button in the App Home."""
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=self._form(self.office.who(body), Typed(ShipmentLine())))

    def filled(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The form was sent: the shipment is stored, or the field says what is wrong."""
        by, said = self.office.who(body), filled_in(view)
        places = self.office.places(said["destination"])
        if len(places) != 1:
            sentence = self.office.say(by, "form.error.destination", said=said["destination"])
            ack(response_action="errors", errors={"destination": sentence})
            return
        carry = json.loads(view.get("private_metadata") or "{}")
        try:
            line = _filled_line(self.office, said, places[0], carry.get("autonomous", ""))
            self.office.know(line.owner)
            watched = add_shipments(self.desk, [line], by, self.office.now(), seen_by=by.id)[0]
        except BadInput as error:
            sentence = trouble_said(self.desk.words, by.lang, error)
            ack(response_action="errors", errors={error.field or "etd": sentence})
            return
        ack()
        reply = shipment_reply(self.desk.words, by.lang, watched.shipment, watched.outcome)
        tell(self.office, by, reply, f"shipment:{view['id']}")

    def stands_now(self, ack: Ack, body: Body, respond: Respond) -> None:
        """The buttons Sailed and Plan it again, under a shipment."""
        by, state = self.office.who(body), str(body["actions"][0]["action_id"]).partition(":")[0].removeprefix("shipment_")
        shipment = set_state(self.desk, value_of(body), state, by, self.office.now())
        ack()  # only now: what is acknowledged is durable
        respond(replace_original=True, **self.office.drawn(shipment_reply(self.desk.words, by.lang, shipment, "")))
        self.office.waker.kick()

    def along_wanted(self, ack: Ack, body: Body, respond: Respond) -> None:
        """The button under a filing that was moved alone: the shipments it left behind leave on its day too."""
        by, (filing_id, etd) = self.office.who(body), promised(value_of(body))
        self.office.allow(by, "move_etd", "error.etd_role")
        along = move_along(self.desk, filing_id, etd, by, self.office.now())
        ack()  # only now: what is acknowledged is durable
        said = along_words(self.desk.words, by.lang, *along, by.name)
        respond(**self.office.drawn(Reply(headline=said)), replace_original=False, response_type="ephemeral")
        self.office.waker.kick()

    def _form(self, by: Colleague, typed: Typed, error: BadInput | None = None) -> dict[str, Any]:
        """With what was understood; what was not, and what cannot be kept, is named at its field."""
        words, products = self.desk.words, [product.name for product in self.desk.catalogue]
        wrong = lacking_fields(words, by.lang, typed.line) if typed.text else {}
        wrong |= doubtful_fields(words, by.lang, typed.doubts)
        wrong |= {typed.trouble.field: trouble_said(words, by.lang, typed.trouble)} if typed.trouble else {}
        wrong |= {error.field or "etd": trouble_said(words, by.lang, error)} if error else {}
        said = {"time": typed.time} | {doubt.about: doubt.words for doubt in typed.doubts if doubt.about == "destination"}
        return form_view(shipment_form(words, by.lang, products, by.id, typed.line, said, wrong, typed.unread))

    def _typed(self, text: str, by: Colleague, respond: Respond) -> dict[str, Any] | None:
        """A typed line that says everything is stored at once; anything less opens the form with what was said."""
        typed = typed_shipment(self.desk, text, self.office.now(), number_in(text))
        if typed.only_dated and self._known(typed.line.number):
            return self._moved(text, by, respond)
        if typed.unread and typed.line.missing() == ("product", "destination", "etd") and self._known(typed.line.number):
            respond(**self.office.drawn(usage_reply(self.desk.words, by.lang, "shipment", text)))
            return None
        if not text or not typed.complete:
            return self._form(by, typed)
        try:
            watched = add_shipments(self.desk, [typed.line], by, self.office.now(), seen_by=by.id)[0]
        except BadInput as error:
            return self._form(by, typed, error)
        reply = shipment_reply(self.desk.words, by.lang, watched.shipment, watched.outcome)
        left = (self.office.say(by, "form.unread", said=typed.unread),) if typed.unread else ()
        respond(**self.office.drawn(replace(reply, lines=(*reply.lines, *left))))
        return None

    def _known(self, number: str) -> bool:
        return any(self.desk.store.where("shipments", "number", plain_number(number)))

    def _moved(self, rest: str, by: Colleague, respond: Respond) -> dict[str, Any] | None:
        """A shipment moved to a day that can be; else the form in which one is chosen, with what is wrong at its field."""
        shipment = shipment_of(self.desk.store, _named(rest))
        self.office.allow(by, "move_etd", "error.etd_role")
        try:
            etd = self._date_in(rest, shipment)
            if etd is None:
                raise BadDate(self.office.say(by, "error.etd_when"))
            moved = move_etd(self.desk, shipment.id, etd.day, by, self.office.now(), etd.zone, etd.at)
        except BadInput as error:
            wrong = trouble_said(self.desk.words, by.lang, error)
            return form_view(etd_form(self.desk.words, by.lang, shipment.id, shipment.etd, wrong=wrong))
        respond(**self.office.drawn(moved_reply(self.office, by.lang, moved)))
        return None

    def _date_in(self, rest: str, shipment: Shipment) -> Departure | None:
        """When it is to leave, by the words behind its number; None where no date is among them. BadDate, BadInput."""
        said = rest.replace(_named(rest), " ", 1)
        return leaving_in(read(f"ETD {said}", self.office.today(), self.desk.lexicon), shipment.zone)

    def _listed(self, filters: str, by: Colleague) -> Reply:
        """Those that fit: the words of a list of filings, and any other word a shipment's line has."""
        wanted, others = wanted_from(filters, self.office.day)
        words, now, today = self.desk.words, self.office.now(), self.office.today()
        found = sought(shipments(self.desk.store), wanted, others, by.id, today, partial(told_of, words),
                       lambda one: bool(held_for(self.desk, self.desk.store, one, now)))
        asked = listed(words, by.lang, filter(None, (filter_words(words, by.lang, wanted), *others)))
        return shipments_reply(words, by.lang, found, today, asked)

    def _unfiled(self, by: Colleague) -> Reply | str:
        found = [shipment for shipment in _planned(self.office) if shipment.unfiled]
        if not found:
            return self.office.say(by, "unfiled.nothing")
        return unfiled_reply(self.desk.words, by.lang, found[:POINTED_OUT], full=len(found) > POINTED_OUT)

    def _shown(self, number: str, by: Colleague) -> Reply:
        return shipment_reply(self.desk.words, by.lang, shipment_of(self.desk.store, number), "")

    def _stands(self, rest: str, state: str, by: Colleague) -> Reply | str:
        """What leaves and is not cleared is asked back first."""
        was = shipment_of(self.desk.store, _named(rest))
        held = held_for(self.desk, self.desk.store, was, self.office.now()) if state == "sailed" != was.state else ()
        if held:
            return departure_doubt(self.desk.words, by.lang, was, held)
        shipment = set_state(self.desk, was.id, state, by, self.office.now())
        return state_said(self.desk.words, by.lang, was.state, shipment)

    def _split(self, rest: str, by: Colleague) -> Reply:
        """`split SO-4711 FaceGate 300 × 10 [SO-4711-2] [2026-12-31]`."""
        shipment = shipment_of(self.desk.store, _named(rest))
        number = next((word for word in rest.split()[1:] if plain_number(word).startswith(shipment.number)), "")
        known = [*(goods.product for goods in shipment.goods), *(product.name for product in self.desk.catalogue)]
        parts = parts_in(_without(rest, _named(rest), number), known)
        etd = self._date_in(rest, shipment)
        stays, apart = split_shipment(self.desk, shipment.id, parts, number, etd.day if etd else None, by, self.office.now())
        return split_reply(self.desk.words, by.lang, stays, apart)


def register(app: App, office: Office, calendar: Callable[[str, Colleague, str], str]) -> None:
    """Open this door."""
    door = ShipmentDoor(office, calendar)
    app.command("/shipment")(door.shipment_command)
    app.action(re.compile(r"^home_shipment:"))(door.wanted_at_home)
    app.view("new_shipment")(door.filled)
    app.action(re.compile(r"^shipment_(sailed|planned):"))(door.stands_now)
    app.action(re.compile(r"^move_along:"))(door.along_wanted)


def tell(office: Office, by: Colleague, reply: Reply, name: str) -> None:
    """Say something to the person who did it, once."""
    say_once(office.desk, name, by.id, "", reply, office.now())
    office.waker.kick()


def _verb(text: str) -> tuple[str, str]:
    """The verb and the rest; a number may stand first ("SO-4711 sailed"), and a number alone asks for that shipment."""
    first, _, rest = text.strip().partition(" ")
    if first.lower() in VERBS:
        return VERBS[first.lower()], rest.strip()
    state = VERBS.get(rest.strip().lower(), "") or _said_state(rest)
    if first and state in ("sailed", "cancelled", "planned"):
        return state, first
    if not number_in(text):
        return (first, rest.strip()) if text.strip() else ("add", "")
    return ("add", text.strip()) if rest.strip() else ("show", first)


def _said_state(text: str) -> str:
    try:
        return state_of(text)
    except BadInput:
        return ""


def _named(rest: str) -> str:
    return number_in(rest) or rest.split(" ", maxsplit=1)[0]


def _without(text: str, *words: str) -> str:
    """A text without these words, each taken out once."""
    for word in filter(None, words):
        text = text.replace(word, " ", 1)
    return text


def _planned(office: Office) -> list[Shipment]:
    return sorted((one for one in shipments(office.desk.store) if one.state == "planned"), key=lambda one: one.etd)


def _filled_line(office: Office, said: dict[str, str], market: str, autonomous: str) -> ShipmentLine:
    etd = _chosen(said["etd"], said.get("time", ""), office.desk.zone)
    return ShipmentLine(
        number=said["number"], product=said["product"], destination=market, etd=etd.day, customer=said.get("customer", ""),
        owner=said["owner"], autonomous=autonomous, quantity=told_at("quantity", quantity_of, said),
        consignee=said.get("consignee", ""), incoterm=said.get("incoterm", ""), zone=etd.zone if said.get("time") else "",
        at=etd.at, further=told_at("further", goods_in, said))


def told_at(field: str, reading: Callable[[str], T], said: dict[str, str]) -> T:
    """What a field of the form says. BadInput, to be told beside it."""
    try:
        return reading(said.get(field, ""))
    except BadInput as error:
        raise error.at(field) from None


def _chosen(day: str, time: str, zone: str) -> Departure:
    """A day chosen and a time or zone typed beside it. BadDate, BadInput at their field."""
    etd = chosen_day(day, "etd")
    if etd is None:
        raise BadDate(f"{day} is no date; write it as 2026-12-31.").named("no_date", said=day).at("etd")
    try:
        return departing(etd, time, zone)
    except BadInput as error:
        raise error.at("time") from None

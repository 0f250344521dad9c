"""The door to the gate: may I ship, ask for a release, sign off, release or refuse, changed facts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.desk.cataloguing import product_named
from bot.desk.gatehouse import expiring, gate_shown
from bot.desk.plans import change_told_in
from bot.desk.records import filing_of
from bot.domain.people import Colleague
from bot.errors import BadInput
from bot.flows.change_facts import Facts, change_facts, changed, look_at_facts
from bot.flows.release_filing import ask_release, refuse_release, release_filing
from bot.flows.say_once import say_once
from bot.flows.sign_off import sign_off, to_sign
from bot.ports import Desk
from bot.replies.gate import answer_form, ship_form, sign_form
from bot.replies.plans import change_form, facts_form
from handlers.office import Body, Office, value_of
from handlers.views import filled_in, form_view


@dataclass(frozen=True)
class GateDoor:
    """What can be knocked for at the gate."""

    office: Office
    home_again: Callable[[str], None]
    """Draws the App Home of a person anew."""

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def gate_wanted(self, ack: Ack, body: Body, respond: Respond) -> None:
        """The button on a filing's message: the gate as it stands now, for whoever pressed."""
        ack()
        reply = gate_shown(self.desk, self.desk.store, value_of(body), self.office.who(body), self.office.now())
        respond(replace_original=False, **self.office.drawn(reply))

    def wanted_at_home(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button in the App Home asks for a number."""
        ack()
        form = ship_form(self.desk.words, self.office.who(body).lang)
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    def number_given(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """The answer comes as a direct message, where its buttons stay."""
        by, number = self.office.who(body), filled_in(view)["number"]
        try:
            reply = gate_shown(self.desk, self.desk.store, number, by, self.office.now())
        except BadInput:
            ack(response_action="errors", errors={"number": self.office.say(by, "gate.unknown", id=number)})
            return
        ack()
        say_once(self.desk, f"gate:{view['id']}", by.id, "", reply, self.office.now())
        self.office.waker.kick()

    def release_asked(self, ack: Ack, body: Body, respond: Respond) -> None:
        """The release authority is told, once."""
        by = self.office.who(body)
        said = ask_release(self.desk, value_of(body), by, self.office.now())
        ack()  # only now: what is acknowledged is durable
        respond(text=said, replace_original=False, response_type="ephemeral")
        self.office.waker.kick()

    def signing_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The form with what is still to be signed off."""
        ack()
        by, filing = self.office.who(body), filing_of(self.desk.store, value_of(body))
        items = to_sign(self.desk, self.desk.store, filing)
        if not items:
            raise BadInput(self.office.say(by, "sign.nothing", id=filing.id))
        client.views_open(trigger_id=body["trigger_id"], view=form_view(sign_form(self.desk.words, by.lang, filing, items)))

    def signed(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """Somebody signed; what is wrong is said in the form."""
        by, said = self.office.who(body), filled_in(view)
        sign_off(self.desk, _filing(view), said["item"], by, self.office.now(), reason=said["reason"], evidence=said["evidence"])
        ack()
        self.office.waker.kick()

    def answer_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """Release or Refuse was pressed: the reason is asked for."""
        ack()
        by, filing = self.office.who(body), filing_of(self.desk.store, value_of(body))
        outcome = str(body["actions"][0]["action_id"]).split(":", maxsplit=1)[0]
        client.views_open(trigger_id=body["trigger_id"], view=form_view(answer_form(self.desk.words, by.lang, filing, outcome)))

    def released(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """Released, or the form says why not."""
        by = self.office.who(body)
        release_filing(self.desk, _filing(view), filled_in(view)["reason"], by, self.office.now())
        self._answered(ack, by)

    def refused(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """Not released, with a reason."""
        by = self.office.who(body)
        refuse_release(self.desk, _filing(view), filled_in(view)["reason"], by, self.office.now())
        self._answered(ack, by)

    def facts_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The form for changed facts."""
        ack()
        by, filing = self.office.who(body), filing_of(self.desk.store, value_of(body))
        form = facts_form(self.desk.words, by.lang, filing, [product.name for product in self.desk.catalogue])
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    def facts_stated(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """Before and after, with the sign-offs that would expire; nothing is stored yet."""
        by, said, filing_id = self.office.who(body), filled_in(view), json.loads(view["private_metadata"])["subject"]
        self.office.allow(by, "change_facts", "error.facts_role")
        places = self.office.places(said["destination"])
        if not places:
            wrong = self.office.say(by, "form.error.destination", said=said["destination"])
            ack(response_action="errors", errors={"destination": wrong})
            return
        facts = self._facts(filing_id, said, places)
        change = look_at_facts(self.desk, filing_id, facts, by, self.office.now())
        ended = [sign.item for sign in expiring(self.desk, self.desk.store, changed(change.before, facts))]
        carry = {"subject": filing_id, "product": facts.product, "category": facts.category, "destinations": ",".join(places),
                 "autonomous": facts.autonomous, "what": facts.what[:500]}
        told = change_told_in(self.desk, change, by.lang)
        form = change_form(self.desk.words, by.lang, "confirm_facts", told, carry, ended)
        ack(response_action="update", view=form_view(form))

    def facts_confirmed(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """Before and after were seen."""
        by, carry = self.office.who(body), json.loads(view["private_metadata"])
        self.office.allow(by, "change_facts", "error.facts_role")
        places = tuple(carry["destinations"].split(","))
        facts = Facts(carry["product"], carry["category"], places, carry["autonomous"], carry["what"])
        change_facts(self.desk, carry["subject"], facts, by, self.office.now(), seen=carry["seen"])
        ack()
        self.office.waker.kick()

    def _answered(self, ack: Ack, by: Colleague) -> None:
        """The App Home asks no more for what was decided there."""
        ack()
        self.office.waker.kick()
        self.home_again(by.id)

    def _facts(self, filing_id: str, said: dict[str, str], places: tuple[str, ...]) -> Facts:
        filing = filing_of(self.desk.store, filing_id)
        product = product_named(self.desk, said["product"])
        same = said["product"] == filing.product
        category = filing.category if same else str(product.category) if product else "unknown"
        return Facts(said["product"], category, places, {"as": ""}.get(said["autonomous"], said["autonomous"]), said["what"])


def ship_reply(office: Office, number: str, by: Colleague) -> dict[str, Any]:
    """`/filing ship F-12` or a shipment's number, drawn."""
    if not number:
        raise BadInput(office.say(by, "gate.which"))
    try:
        return office.drawn(gate_shown(office.desk, office.desk.store, number, by, office.now()))
    except BadInput:
        raise BadInput(office.say(by, "gate.unknown", id=number)) from None


def _filing(view: dict[str, Any]) -> str:
    return str(json.loads(view["private_metadata"])["filing"])


def register(app: App, door: GateDoor) -> None:
    """Open this door."""
    app.action(re.compile(r"^gate:"))(door.gate_wanted)
    app.action(re.compile(r"^home_gate:"))(door.wanted_at_home)
    app.view("may_ship")(door.number_given)
    app.action(re.compile(r"^ask_release:"))(door.release_asked)
    app.action(re.compile(r"^sign_off:"))(door.signing_wanted)
    app.view("sign_off")(door.signed)
    app.action(re.compile(r"^(release|refuse):"))(door.answer_wanted)
    app.view("release")(door.released)
    app.view("refuse")(door.refused)
    app.action(re.compile(r"^ask_facts:"))(door.facts_wanted)
    app.view("change_facts")(door.facts_stated)
    app.view("confirm_facts")(door.facts_confirmed)

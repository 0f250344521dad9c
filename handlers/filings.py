"""The door for filings: `/filing`, the button Open filing, its form, moving an ETD, the plan, trying a ticket again."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.errors import BadInput
from bot.flows.answer_question import known_product, show_determination, stored
from bot.flows.move_etd import Moved, move_etd
from bot.flows.open_filing import FilingWish, open_filing
from bot.flows.retry_ticket import retry_ticket
from bot.flows.say_once import say_anew
from bot.records import filing_of, filings, shipment_of, tasks_of
from bot.replies.filings import etd_form, filing_form, filing_reply, filings_reply, markets, plan_reply
from handlers.office import Body, Office, place_of, value_of
from handlers.views import filled_in, form_view
from handlers.whispering import whisper

FILING = re.compile(r"^f-?(\d+)$", re.IGNORECASE)


def register(app: App, office: Office) -> None:  # noqa: PLR0915 - one door, one short function per knock
    """Open this door."""
    desk = office.desk

    @app.command("/filing")
    def filing_command(ack: Ack, command: dict[str, Any], body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        by, text = office.who(body), str(command.get("text", "")).strip()
        named = FILING.match(text)
        if text.startswith("new") or text == "新建":
            carry = {"channel": command["channel_id"], "thread": ""}
            form = filing_form(desk.words, by.lang, [product.name for product in desk.catalogue], by.id, carry=carry)
            client.views_open(trigger_id=command["trigger_id"], view=form_view(form))
        elif named:
            filing = filing_of(desk.store, f"F-{named.group(1)}")
            respond(**office.drawn(filing_reply(desk.words, filing, tasks_of(desk.store, filing.id))))
        elif text in ("", "list", "列表"):
            known = [(filing, tasks_of(desk.store, filing.id)) for filing in filings(desk.store)]
            respond(**office.drawn(filings_reply(desk.words, by.lang, known)))
        else:
            usage = "`/filing new`, `/filing list`, `/filing F-1`"
            raise BadInput(office.say(by, "error.unknown_command", said=text, help=usage))

    @app.action(re.compile(r"^open_filing:"))
    def open_wanted(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        row, by = stored(desk.store, value_of(body)), office.who(body)
        channel, thread = place_of(body)
        known = [product["name"] for product in row["products"] if product["decision"]["verdict"] == "in_scope"]
        form = filing_form(
            desk.words, by.lang, [product.name for product in desk.catalogue], by.id,
            product=_product_named(office, row, known), destination=markets_in(office, by.lang, row["destinations"]),
            etd=date.fromisoformat(row["ship_date"]) if row["ship_date"] else None,
            carry={"determination": row["id"], "channel": channel, "thread": thread})
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    @app.action(re.compile(r"^home_filing:"))
    def wanted_at_home(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        by = office.who(body)
        form = filing_form(desk.words, by.lang, [product.name for product in desk.catalogue], by.id, carry={"channel": by.id})
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    @app.action(re.compile(r"^file_shipment:"))
    def shipment_wanted(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        shipment, by = shipment_of(desk.store, value_of(body)), office.who(body)
        channel, thread = place_of(body)
        form = filing_form(
            desk.words, by.lang, [product.name for product in desk.catalogue], by.id, product=shipment.product,
            destination=markets_in(office, by.lang, [shipment.destination]), etd=shipment.etd,
            carry={"shipment": shipment.id, "channel": channel, "thread": thread})
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    @app.view("new_filing")
    def filled(ack: Ack, body: Body, view: dict[str, Any], client: WebClient) -> None:
        by, said, carry = office.who(body), filled_in(view), json.loads(view.get("private_metadata") or "{}")
        wish, wrong = wish_from(office, said, carry, by.lang, view["id"])
        if wish is None:
            ack(response_action="errors", errors=wrong)
            return
        office.know(wish.owner)
        filing, fresh = open_filing(desk, wish, by, office.now())
        ack()  # only now: what is acknowledged is durable
        name_filing(office, carry.get("determination", ""))
        office.waker.kick()
        if not fresh:
            there = office.say(by, "filing.already", id=filing.id)
            whisper(client, by.id, carry.get("channel", ""), carry.get("thread", ""), there)

    @app.action(re.compile(r"^show_plan:"))
    def plan_wanted(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        filing = filing_of(desk.store, value_of(body))
        respond(replace_original=False, **office.drawn(plan_reply(desk.words, filing, tasks_of(desk.store, filing.id))))

    @app.action(re.compile(r"^ask_etd:"))
    def move_wanted(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        by, subject = office.who(body), value_of(body)
        thing = filing_of(desk.store, subject) if subject.startswith("F-") else shipment_of(desk.store, subject)
        client.views_open(trigger_id=body["trigger_id"], view=form_view(etd_form(desk.words, by.lang, subject, thing.etd)))

    @app.view("move_etd")
    def moved(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        by, subject = office.who(body), json.loads(view["private_metadata"])["subject"]
        office.allow(by, "move_etd", "error.etd_role")
        try:
            move_etd(desk, subject, date.fromisoformat(filled_in(view)["etd"]), by, office.now())
        except BadInput as error:
            ack(response_action="errors", errors={"etd": str(error)})
            return
        ack()
        office.waker.kick()

    @app.action(re.compile(r"^retry_ticket:"))
    def again(ack: Ack, body: Body) -> None:
        ack()
        retry_ticket(desk, value_of(body), office.who(body), office.now())
        office.waker.kick()


def wish_from(office: Office, said: dict[str, str], carry: dict[str, str], lang: str,
              view_id: str) -> tuple[FilingWish | None, dict[str, str]]:
    """The wish a form states, or what is wrong, by field."""
    places, today = office.places(said["destination"]), office.today()
    etd = date.fromisoformat(said["etd"]) if said.get("etd") else None
    wrong = {} if places else {"destination": office.desk.words.say(lang, "form.error.destination", said=said["destination"])}
    wrong |= {} if etd and etd >= today else {"etd": office.desk.words.say(lang, "form.error.etd")}
    if wrong or etd is None:
        return None, wrong
    product = known_product(office.desk, said["product"])
    return FilingWish(
        origin=carry.get("determination") or carry.get("shipment") or f"form:{view_id}", product=said["product"],
        category=_category(office, carry, str(product.category) if product else "unknown"), destinations=places, etd=etd,
        owner=said["owner"], customer=said.get("customer", ""), determination=carry.get("determination", ""),
        shipment=carry.get("shipment", ""), channel=carry.get("channel", ""), thread=carry.get("thread", "")), {}


def name_filing(office: Office, determination: str) -> None:
    """The answer a filing was opened from names it, and offers no second one."""
    if determination:
        message = stored(office.desk.store, determination)["message"]
        say_anew(office.desk, message, show_determination(office.desk, determination, office.now()), office.now())


def markets_in(office: Office, lang: str, codes: list[str]) -> str:
    """Market names for a text field, "" for none."""
    return markets(office.desk.words, lang, codes) if codes else ""


def _category(office: Office, carry: dict[str, str], known: str) -> str:
    if known != "unknown" or not carry.get("determination"):
        return known
    products = stored(office.desk.store, carry["determination"])["products"]
    return str(products[0]["decision"]["facts"].get("category", "unknown"))


def _product_named(office: Office, row: Body, names: list[str]) -> str:
    if names and names[0]:
        return names[0]
    category = row["products"][0]["decision"]["facts"].get("category", "unknown")
    return office.desk.words.say(row["lang"], f"family.{category}")


def moved_sentence(office: Office, lang: str, moved: Moved) -> str:
    """Before and after of a moved ETD."""
    words = office.desk.words
    short = words.say(lang, "filing.moved.short", n=moved.days_short) if moved.days_short else ""
    dates = {"before": words.day(lang, moved.before), "after": words.day(lang, moved.after)}
    if moved.tasks_moved:
        return words.say(lang, "filing.moved", id=moved.subject, n=moved.tasks_moved, short=short, **dates)
    return words.say(lang, "shipment.moved", id=moved.subject, **dates)

"""The door for filings: `/filing`, the button Open filing, its form, moving an ETD, the plan, trying a ticket again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.desk.cataloguing import product_named
from bot.desk.gatehouse import expiring
from bot.desk.plans import change_told_in, standing_told_in, told_in
from bot.desk.records import colleagues, filing_of, shipment_of, standings, tasks_of
from bot.domain.filing import Filing
from bot.domain.people import Colleague, first_with
from bot.domain.planning import BANDS
from bot.domain.standing import chosen, wanted_from
from bot.errors import BadInput
from bot.flows.answer_question import show_determination, stored
from bot.flows.move_etd import Moved, look_at_move, move_etd, moves_along
from bot.flows.open_filing import FilingWish, open_filing, same_filing
from bot.flows.push_late import push_late
from bot.flows.say_once import say_anew, say_once
from bot.flows.share_filing import open_for, share_filing
from bot.ports import Desk, Rows
from bot.replies import Choice, Reply
from bot.replies.filing_lists import filings_reply
from bot.replies.filings import filing_form, filing_reply, markets, plan_reply, shared_words, with_shared
from bot.replies.names import listed
from bot.replies.plans import back_choice, change_form, etd_form, fitting_form, replanned_reply
from bot.replies.shipments import etd_words
from bot.replies.tasks import task_menu
from bot.replies.trouble import trouble_said
from bot.replies.usage import usage_reply, wants_help
from handlers.gate import ship_reply
from handlers.office import Body, Office, chosen_day, place_of, value_of
from handlers.views import filled_in, form_view
from handlers.whispering import whisper

FILING = re.compile(r"^f-?(\d+)$", re.IGNORECASE)
VERBS = {"new": "new", "新建": "new", "list": "list", "列表": "list", "ship": "ship", "放行": "ship", "发货": "ship",
         "retry": "retry", "重试": "retry"}
VERB = re.compile(rf"^({'|'.join(VERBS)})((?<![a-z])|(?![a-z0-9]))\s*(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
"""Letters of ours end where others begin; Chinese is written without a space."""


@dataclass(frozen=True)
class FilingDoor:
    """What can be knocked for about filings."""

    office: Office
    retried: Callable[[Colleague, str], str]
    """What `/filing retry` does, and says."""
    file_asked: Callable[[str, Colleague, str], bool]
    """Takes what asks for a file: the words, who, the channel; False where they ask for none."""

    @property
    def desk(self) -> Desk:
        """What the flows work with."""
        return self.office.desk

    def filing_command(self, ack: Ack, command: dict[str, Any], body: Body, client: WebClient, respond: Respond) -> None:
        """`/filing` and its verbs; alone it lists, a number is looked up."""
        ack()
        by, text = self.office.who(body), str(command.get("text", "")).strip()
        if self.file_asked(text, by, command["channel_id"]):
            return
        verb, rest = _verb(text)
        if verb == "new":
            self._show_form(client, command["trigger_id"], by, carry={"channel": command["channel_id"], "thread": ""})
            return
        says: dict[str, Callable[[], dict[str, Any]]] = {
            "show": lambda: self.office.drawn(self._shown(rest, by)), "list": lambda: self.office.drawn(self._list(rest, by)),
            "ship": lambda: ship_reply(self.office, rest, by), "retry": lambda: {"text": self.retried(by, rest)},
            "": lambda: self.office.drawn(usage_reply(self.desk.words, by.lang, "filing", rest))}
        respond(**says[verb]())

    def _shown(self, number: str, by: Colleague) -> Reply:
        filing = filing_of(self.desk.store, number)
        tasks = told_in(self.desk, tasks_of(self.desk.store, filing.id), by.lang)
        return filing_reply(self.desk.words, replace(filing, lang=by.lang), tasks)

    def _list(self, filters: str, by: Colleague) -> Reply:
        """The filings that fit; BadInput where a filter is none."""
        wanted, unknown = wanted_from(filters, self.office.day)
        if unknown:
            known = self.office.say(by, "filings.filters")
            said = listed(self.desk.words, by.lang, unknown)
            raise BadInput(self.office.say(by, "error.unknown_command", said=said, help=known))
        found = chosen(standings(self.desk.store, self.office.today()), wanted, by.id)
        told = [standing_told_in(self.desk, one, by.lang) for one in found]
        return filings_reply(self.desk.words, by.lang, told, wanted)

    def open_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button under an answer: the form, filled with what the answer knows."""
        ack()
        row, by = stored(self.desk.store, value_of(body)), self.office.who(body)
        channel, thread = place_of(body)
        known = [product["name"] for product in row["products"] if product["decision"]["verdict"] == "in_scope"]
        product = _product_named(self.office, row, known)
        self._show_form(
            client, body["trigger_id"], by, product=product,
            open_ones=open_for(self.desk.store, product, row["destinations"], None),
            destination=markets_in(self.office, by.lang, row["destinations"]),
            etd=date.fromisoformat(row["ship_date"]) if row["ship_date"] else None,
            carry={"determination": row["id"], "channel": channel, "thread": thread})

    def wanted_at_home(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button in the App Home."""
        ack()
        by = self.office.who(body)
        self._show_form(client, body["trigger_id"], by, carry={"channel": by.id})

    def shipment_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button under a shipment that has no filing."""
        ack()
        shipment, by = shipment_of(self.desk.store, value_of(body)), self.office.who(body)
        channel, thread = place_of(body)
        product = next(iter(shipment.unfiled or shipment.goods)).product
        self._show_form(
            client, body["trigger_id"], by, product=product,
            open_ones=open_for(self.desk.store, product, [shipment.destination], shipment.customer),
            destination=markets_in(self.office, by.lang, [shipment.destination]), etd=shipment.etd,
            customer=shipment.customer,
            carry={"shipment": shipment.id, "channel": channel, "thread": thread})

    def filled(self, ack: Ack, body: Body, view: dict[str, Any], client: WebClient) -> None:
        """The form was sent: the filing is opened, or each field says what is wrong."""
        by, said, carry = self.office.who(body), filled_in(view), json.loads(view.get("private_metadata") or "{}")
        if said.get("share"):
            self._shared(said, carry, by, client)
            ack()
            return
        wish, wrong = wish_from(self.office, said, carry, by.lang, view["id"])
        if wish is None:
            ack(response_action="errors", errors=wrong)
            return
        others = _not_named(self.desk.store, wish, carry)
        if others:
            ack(response_action="update", view=self._again(by, others, said, wish.etd, carry))
            return
        self.office.know(wish.owner)
        filing, fresh = open_filing(self.desk, wish, by, self.office.now())
        ack()  # only now: what is acknowledged is durable
        name_filing(self.office, carry.get("determination", ""))
        self.office.waker.kick()
        if not fresh:
            there = self.office.say(by, "filing.already", id=filing.id)
            whisper(client, by.id, carry.get("channel", ""), carry.get("thread", ""), there)

    def _shared(self, said: dict[str, str], carry: dict[str, str], by: Colleague, client: WebClient) -> None:
        """No second filing: the shipment, where there is one, waits for one that is open."""
        if carry.get("shipment"):
            shipment = share_filing(self.desk, said["share"], carry["shipment"], by, self.office.now())
            told = self.office.say(by, "filing.shared", number=shipment.number, id=said["share"])
        else:
            there = filing_of(self.desk.store, said["share"])
            told = shared_words(self.desk.words, by.lang, there, chosen_day(said["etd"], "etd"))
        whisper(client, by.id, carry.get("channel", ""), carry.get("thread", ""), told)
        self.office.waker.kick()

    def _again(self, by: Colleague, others: Sequence[Filing], said: dict[str, str], etd: date,
               carry: dict[str, str]) -> dict[str, Any]:
        """The form as it was filled in, with filings that it did not name yet."""
        names = [product.name for product in self.desk.catalogue]
        form = filing_form(self.desk.words, by.lang, names, said["owner"], product=said["product"],
                           destination=said["destination"], etd=etd, customer=said.get("customer", ""), carry=carry)
        return form_view(with_shared(self.desk.words, by.lang, form, others))

    def _show_form(self, client: WebClient, trigger: str, by: Colleague, open_ones: Sequence[Filing] = (), **known: Any) -> None:
        """The form, owned by the project manager unless somebody else is chosen."""
        owner = first_with(["PM"], colleagues(self.desk.store)) or by
        form = filing_form(self.desk.words, by.lang, [product.name for product in self.desk.catalogue], owner.id, **known)
        client.views_open(trigger_id=trigger, view=form_view(with_shared(self.desk.words, by.lang, form, open_ones)))

    def plan_wanted(self, ack: Ack, body: Body, respond: Respond) -> None:
        """The whole plan, shown to whoever asked."""
        ack()
        filing = filing_of(self.desk.store, value_of(body))
        tasks = tasks_of(self.desk.store, filing.id)
        plan = plan_reply(self.desk.words, filing, tasks, self.office.today())
        reachable = replace(plan, menus=(task_menu(self.desk.words, filing.lang, tasks),))
        respond(replace_original=False, **self.office.drawn(reachable))

    def move_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The form that moves an ETD."""
        ack()
        by, subject, words = self.office.who(body), value_of(body), self.desk.words
        if subject.startswith("F-"):
            filing = filing_of(self.desk.store, subject)
            form = etd_form(words, by.lang, subject, filing.etd, self.desk.checklist.bands, filing.band)
        else:
            form = etd_form(words, by.lang, subject, shipment_of(self.desk.store, subject).etd)
        client.views_open(trigger_id=body["trigger_id"], view=form_view(form))

    def moved(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """A shipment's ETD was moved; of a filing, before and after are shown first."""
        by, subject, said = self.office.who(body), json.loads(view["private_metadata"])["subject"], filled_in(view)
        self.office.allow(by, "move_etd", "error.etd_role")
        try:
            etd = chosen_day(said["etd"], "etd")
            assert etd  # Slack sends no form without it
            if subject.startswith("F-"):
                ack(response_action="update", view=self._before_and_after(subject, etd, said.get("band", ""), by))
                return
            moved = move_etd(self.desk, subject, etd, by, self.office.now())
        except BadInput as error:
            ack(response_action="errors", errors={"etd": trouble_said(self.desk.words, by.lang, error)})
            return
        name = f"moved:{view['id']}"
        say_once(self.desk, name, by.id, "", moved_reply(self.office, by.lang, moved, name), self.office.now())
        ack()
        self.office.waker.kick()

    def moved_back(self, ack: Ack, body: Body, respond: Respond) -> None:
        """A shipment leaves as it was to before; what that re-planned is said in the place of what was said of the move."""
        by, said = self.office.who(body), json.loads(value_of(body))
        self.office.allow(by, "move_etd", "error.etd_role")
        at = datetime.fromisoformat(said["at"]) if said["at"] else None
        moved = move_etd(self.desk, said["subject"], date.fromisoformat(said["etd"]), by, self.office.now(), said["zone"], at,
                         seen=said["seen"])
        reply = replace(moved_reply(self.office, by.lang, moved), choices=())
        if said["message"]:
            say_anew(self.desk, said["message"], reply, self.office.now())
        else:
            respond(replace_original=True, **self.office.drawn(reply))
        ack()
        self.office.waker.kick()

    def replan_wanted(self, ack: Ack, body: Body, client: WebClient) -> None:
        """The button under a late plan: before and after of the first ETD that fits."""
        ack()
        by, filing = self.office.who(body), filing_of(self.desk.store, value_of(body))
        self.office.allow(by, "move_etd", "error.etd_role")
        if filing.days_short:
            etd = max(filing.etd, filing.earliest[BANDS.index(filing.band)])
            view = self._before_and_after(filing.id, etd, filing.band, by)
        else:  # an older message is still open somewhere, and the plan has changed since
            told = fitting_form(self.desk.words, by.lang, replace(filing, lang=by.lang))
            view = form_view(told)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def push_wanted(self, ack: Ack, body: Body, respond: Respond) -> None:
        """The button under a late plan: the owners of what nobody is reminded of hear of it."""
        said = push_late(self.desk, value_of(body), self.office.who(body), self.office.now())
        ack()
        self.office.waker.kick()
        respond(text=said, replace_original=False, response_type="ephemeral")

    def _before_and_after(self, filing_id: str, etd: date, band: str, by: Colleague) -> dict[str, Any]:
        store = self.desk.store
        change = look_at_move(self.desk, filing_id, etd, band, by, self.office.now())
        ended = [sign.item for sign in expiring(self.desk, store, change.after)]
        along = [one.number for one in moves_along(store, change.before, change.after)]
        carry = {"subject": filing_id, "etd": etd.isoformat(), "band": band}
        told = change_told_in(self.desk, change, by.lang)
        return form_view(change_form(self.desk.words, by.lang, "confirm_etd", told, carry, ended, along))

    def confirmed(self, ack: Ack, body: Body, view: dict[str, Any]) -> None:
        """Before and after were seen: what is open is planned anew."""
        by, carry = self.office.who(body), json.loads(view["private_metadata"])
        self.office.allow(by, "move_etd", "error.etd_role")
        etd = date.fromisoformat(carry["etd"])
        move_etd(self.desk, carry["subject"], etd, by, self.office.now(), band=carry["band"], seen=carry["seen"])
        ack()
        self.office.waker.kick()

def register(app: App, office: Office, retried: Callable[[Colleague, str], str],
             file_asked: Callable[[str, Colleague, str], bool]) -> None:
    """Open this door."""
    door = FilingDoor(office, retried, file_asked)
    app.command("/filing")(door.filing_command)
    app.action(re.compile(r"^open_filing:"))(door.open_wanted)
    app.action(re.compile(r"^home_filing:"))(door.wanted_at_home)
    app.action(re.compile(r"^file_shipment:"))(door.shipment_wanted)
    app.view("new_filing")(door.filled)
    app.action(re.compile(r"^show_plan:"))(door.plan_wanted)
    app.action(re.compile(r"^ask_etd:"))(door.move_wanted)
    app.view("move_etd")(door.moved)
    app.view("confirm_etd")(door.confirmed)
    app.action(re.compile(r"^replan:"))(door.replan_wanted)
    app.action(re.compile(r"^push_late:"))(door.push_wanted)
    app.action(re.compile(r"^move_back:"))(door.moved_back)


def _verb(text: str) -> tuple[str, str]:
    """The verb and the rest; "" for what is none, with the words that are not known, none where help is asked for."""
    named, said = FILING.match(text), VERB.match(text)
    if named:
        return "show", f"F-{named.group(1)}"
    if said:
        return VERBS[said.group(1).lower()], said["rest"].strip()
    return ("", "" if wants_help(text) else text) if text else ("list", "")


def wish_from(office: Office, said: dict[str, str], carry: dict[str, str], lang: str,
              view_id: str) -> tuple[FilingWish | None, dict[str, str]]:
    """The wish a form states, or what is wrong, by field."""
    places, today = office.places(said["destination"]), office.today()
    etd = chosen_day(said.get("etd", ""), "etd")
    wrong = {} if places else {"destination": office.desk.words.say(lang, "form.error.destination", said=said["destination"])}
    wrong |= {} if etd and etd >= today else {"etd": office.desk.words.say(lang, "form.error.etd")}
    if wrong or etd is None:
        return None, wrong
    product = product_named(office.desk, said["product"])
    return FilingWish(
        origin=_origin(carry, said["product"]) or f"form:{view_id}", product=said["product"],
        category=_category(office, carry, str(product.category) if product else "unknown"), destinations=places, etd=etd,
        owner=said["owner"], customer=said.get("customer", ""), determination=carry.get("determination", ""),
        shipment=carry.get("shipment", ""), channel=carry.get("channel", ""), thread=carry.get("thread", "")), {}


def _not_named(rows: Rows, wish: FilingWish, carry: dict[str, str]) -> list[Filing]:
    """The open filings for the same goods, where the form did not name each of them; none where it is the very same wish."""
    there = open_for(rows, wish.product, wish.destinations, wish.customer if wish.shipment else wish.customer or None)
    news = {one.id for one in there} - {*carry.get("named", "").split()}
    return there if news and same_filing(rows, wish) is None else []


def _origin(carry: dict[str, str], product: str) -> str:
    """What asked for it: an answer, or a product of a shipment, which may hold several that need a filing each."""
    shipment = carry.get("shipment", "")
    return carry.get("determination") or (f"{shipment}:{product}" if shipment else "")


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
    if moved.was:  # a time is a part of it
        now = shipment_of(office.desk.store, moved.was.id)
        dates = {"before": etd_words(words, lang, moved.was), "after": etd_words(words, lang, now)}
    if moved.tasks_moved:
        return words.say(lang, "filing.moved", id=moved.subject, n=moved.tasks_moved, short=short, **dates)
    key = f"shipment.moved.{moved.was.state}" if moved.was and moved.was.state != "planned" else "shipment.moved"
    return words.say(lang, key, id=moved.subject, **dates)


def moved_reply(office: Office, lang: str, moved: Moved, message: str = "") -> Reply:
    """What a moved ETD re-planned, before and after, with the way back; `message` is its name, "" for the answer to a command."""
    desk, told = office.desk, [change_told_in(office.desk, change, lang) for change in moved.changes]
    if moved.was is None:
        step = Choice("ask_etd", desk.words.say(lang, "choice.move_etd"), moved.subject)
    else:
        step = back_choice(desk.words, lang, moved.was, moved.after, message)
    return replanned_reply(desk.words, lang, moved_sentence(office, lang, moved), told, step)

"""The door for the market list: `/lists`, the update form with its dry run, and the button that publishes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.desk.records import market_lists
from bot.domain.facts import Intent, Reading
from bot.domain.market_list import MarketList
from bot.domain.people import Colleague
from bot.errors import BadFile
from bot.flows.propose_list import ask_second, keep_proposal, proposal_of, settle_proposal
from bot.flows.publish_list import Impact, impact_of, publish_list
from bot.replies import Reply
from bot.replies.lists import (
    DryRun,
    asked_reply,
    compared_reply,
    doubts_at_fields,
    list_form,
    mistakes_at_fields,
    proposal_reply,
    published_reply,
)
from bot.replies.talk import lists_reply
from bot.replies.usage import usage_reply, wants_help
from handlers.office import Body, Office, value_of
from handlers.views import filled_in, form_view

ListReader = Callable[[dict[str, str], Colleague, date], MarketList]
"""Reads the form's fields (version, effective, url, markets) into a list; BadFile with findings."""


def register(app: App, office: Office, read_list: ListReader, codes: frozenset[str]) -> None:
    """Open this door."""
    desk = office.desk

    @app.command("/lists")
    def lists_command(ack: Ack, command: dict[str, Any], body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        by, text = office.who(body), str(command.get("text", "")).strip()
        if text in ("update", "更新"):
            office.allow(by, "publish_list", "error.publish_role")
            client.views_open(trigger_id=command["trigger_id"], view=form_view(list_form(desk.words, by.lang, office.today())))
        else:
            respond(**office.drawn(looked_up(office, text, by)))

    @app.view("list_update")
    def compared(ack: Ack, body: Body, view: dict[str, Any]) -> None:
        by, said = office.who(body), filled_in(view)
        try:
            new = read_list(said, by, office.today())
        except BadFile as error:
            ack(response_action="errors", errors=mistakes_at_fields(desk.words, by.lang, error.details))
            return
        impact = impact_of(desk, new, codes)
        wrong = doubts_at_fields(desk.words, by.lang, impact.doubts)
        if wrong:  # as long as the form is open, nothing that was typed is lost
            ack(response_action="errors", errors=wrong)
            return
        key = str(view["id"])
        dry_run = compared_reply(desk.words, by.lang, dry_run_of(impact), key)
        keep_proposal(desk, key, new, impact.doubts, by, dry_run, office.now())
        ack()  # only now: what is acknowledged is durable
        office.waker.kick()

    @app.action(re.compile(r"^ask_publish:"))
    def ask(ack: Ack, body: Body) -> None:
        by, key = office.who(body), value_of(body)
        run = dry_run_of(impact_of(desk, MarketList.from_row(proposal_of(desk.store, key)["list"]), codes))
        ask_second(desk, key, by, lambda person: proposal_reply(desk.words, person.lang, run, by, key),
                   lambda people: asked_reply(desk.words, by.lang, run, people), office.now())
        ack()
        office.waker.kick()

    @app.action(re.compile(r"^publish_list:"))
    def publish(ack: Ack, body: Body, respond: Respond) -> None:
        by, key = office.who(body), value_of(body).removeprefix("list:")
        row = proposal_of(desk.store, key)
        new = MarketList.from_row(row["list"])
        shown = [str(doubt) for doubt in impact_of(desk, new, codes).doubts] == row["doubts"]  # pressed with these in sight
        impact = publish_list(desk, new, codes, by, office.now(), confirmed=shown, compared_by=row["by"])
        run = dry_run_of(impact)
        settle_proposal(desk, key, lambda person: published_reply(desk.words, person.lang, run, by), office.now())
        ack()
        office.waker.kick()
        respond(text=office.say(by, "list.published", version=new.version), replace_original=False, response_type="ephemeral")


def looked_up(office: Office, text: str, by: Colleague) -> Reply:
    """Every version of the list, and what it says of the markets named; what names none is answered by the usage."""
    desk, places = office.desk, office.places(text) if text else ()
    if text and not places:
        return usage_reply(desk.words, by.lang, "lists", "" if wants_help(text) else text)
    about = Reading(text=text, lang=by.lang, intent=Intent.LIST_UPDATE, destinations=places)
    return lists_reply(desk.words, about, market_lists(desk.store, desk.ruleset), office.today())


def dry_run_of(impact: Impact) -> DryRun:
    """An impact as it is told."""
    return DryRun(impact.new, impact.diff, touched_by(impact), impact.doubts)


def touched_by(impact: Impact) -> tuple[int, int, int, int]:
    """How many open filings, shipments, past answers and sign-offs a list touches."""
    return len(impact.filings), len(impact.shipments), len(impact.answers), len(impact.sign_offs)

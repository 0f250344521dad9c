"""The door for comparing descriptions: a shortcut on a message, and `/scope compare PRODUCT`."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.errors import NotFound
from bot.flows.compare_descriptions import Compared, compare_message, compare_product
from bot.replies import Reply
from bot.replies.gaps import gaps_reply, nothing_named_reply
from handlers.office import Body, Office

COMPARE = re.compile(r"^\s*(compare|对照|比较)(\s|$)", re.IGNORECASE)


def register(app: App, office: Office) -> None:
    """Open this door. It has to be opened before the door for questions, which takes every other `/scope`."""

    @app.command("/scope", matchers=[asks_to_compare])
    def compare_named(ack: Ack, command: dict[str, Any], body: Body, respond: Respond) -> None:
        ack()
        named = COMPARE.sub("", str(command.get("text", ""))).strip()
        respond(**office.drawn(_of_product(office, named, office.who(body).lang)))

    @app.message_shortcut("compare_descriptions")
    def compare_shown(ack: Ack, shortcut: dict[str, Any], body: Body, respond: Respond) -> None:
        ack()
        found = compare_message(office.desk, str((shortcut.get("message") or {}).get("text", "")), office.today())
        said = office.drawn(_of_found(office, found, office.who(body).lang))
        respond(**said, response_type="ephemeral", replace_original=False)


def asks_to_compare(command: dict[str, Any]) -> bool:
    """Whether `/scope` was called with the word compare."""
    return bool(COMPARE.match(str(command.get("text", ""))))


def _of_product(office: Office, named: str, lang: str) -> Reply:
    try:
        return _of_found(office, [compare_product(office.desk, named, office.today())], lang)
    except NotFound:
        return nothing_named_reply(office.desk.words, lang)


def _of_found(office: Office, found: list[Compared], lang: str) -> Reply:
    if not found:
        return nothing_named_reply(office.desk.words, lang)
    return gaps_reply(office.desk.words, lang, [(each.comparison, each.verdicts) for each in found])

"""The door for questions: a mention, a direct message, `/scope`, and the buttons of an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.domain.reading.requests import whom_in
from bot.domain.scope import is_blank
from bot.flows.answer_question import Question, answer_question, show_determination, state_fact, tell
from bot.flows.offer_done import offer_done
from bot.flows.say_once import say_once
from bot.flows.take_request import offer_request
from bot.replies import Reply
from bot.replies.talk import empty_reply, help_reply
from bot.replies.usage import usage_lines, wants_help
from handlers.office import Body, Office, value_of

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
BEHIND_A_CALL = re.compile(r"(?<=[醒知催下])\s+(?=@[UW])")
"""What stands between 提醒 and whom it calls."""
DETERMINATION = re.compile(r"^\s*(D-\d+)\s*$", re.IGNORECASE)

Next = Callable[[], None]
FilesCame = Callable[[dict[str, Any], Body], None]
"""Takes a message with files that was meant for the bot."""


def register(app: App, office: Office, files_came: FilesCame) -> None:
    """Open this door."""

    def mentioned(event: dict[str, Any], body: Body, next_: Next) -> None:
        if not event.get("bot_id"):
            heard(event, body, called=True)
        next_()

    def written(event: dict[str, Any], body: Body, next_: Next) -> None:
        if event.get("subtype") in (None, "file_share", "thread_broadcast") and not event.get("bot_id"):
            heard(event, body, called=event.get("channel_type") == "im")
        next_()

    # As middleware, because Bolt acknowledges an event before its listener runs: a kill in between would lose the question.
    app.event("app_mention", middleware=[mentioned])(_durable_by_now)
    app.event("message", middleware=[written])(_durable_by_now)

    def heard(event: dict[str, Any], body: Body, *, called: bool) -> None:
        if called and event.get("files"):
            files_came(event, body)
        else:
            hear(office, event, body, called=called)

    @app.command("/scope")
    def scope(ack: Ack, command: dict[str, Any], body: Body, respond: Respond) -> None:
        by, text = office.who(body), str(command.get("text", "")).strip()
        named = DETERMINATION.match(text)
        if named:
            ack()
            respond(**office.drawn(show_determination(office.desk, named.group(1), office.now())))
        elif is_blank(text) or wants_help(text):
            ack()
            respond(**office.drawn(_command_help(office, by.lang)))
        else:
            key = f"command:{command['trigger_id']}"
            answer_question(office.desk, Question(key, text, command["channel_id"], ""), by, office.now())
            ack()  # only now: what is acknowledged is durable
            office.waker.kick()

    @app.action(re.compile(r"^scope_fact:"))
    def fact_told(ack: Ack, body: Body) -> None:
        said = json.loads(value_of(body))
        state_fact(office.desk, said["d"], said["f"], said["v"], office.who(body), office.now())
        ack()
        office.waker.kick()

    @app.action(re.compile(r"^scope_(why|change|unknown|customer):"))
    def more_wanted(ack: Ack, body: Body) -> None:
        what = str(body["actions"][0]["action_id"]).partition(":")[0].removeprefix("scope_")
        tell(office.desk, value_of(body), what, office.now())
        ack()
        office.waker.kick()


def _command_help(office: Office, lang: str) -> Reply:
    """What the bot can do, and first what `/scope` takes."""
    said = help_reply(office.desk.words, lang)
    return replace(said, bullets=(*usage_lines(office.desk.words, lang, "scope"), *said.bullets[1:]))


def _durable_by_now() -> None:
    """Everything was done before the acknowledgement."""


def hear(office: Office, event: dict[str, Any], body: Body, *, called: bool) -> None:
    """A message: answered when the bot was called, or when it carries on a thread the bot has answered in."""
    text = MENTION.sub(" ", str(event.get("text", ""))).strip()
    channel, thread = str(event["channel"]), str(event.get("thread_ts") or event["ts"])
    question = Question(f"{channel}:{event['ts']}", text, channel, thread)
    if is_blank(text):
        if called:
            _say_nothing_there(office, question, body)
        return
    if _about_reminders(office, text, event, body, called=called):
        office.waker.kick()
    elif called or event.get("thread_ts"):
        answer_question(office.desk, question, office.who(body), office.now(), called=called)
        office.waker.kick()


def _about_reminders(office: Office, text: str, event: dict[str, Any], body: Body, *, called: bool) -> bool:
    """Whether it was a "done" below a reminder, or a request about reminders; both are asked back."""
    if not called and not event.get("thread_ts"):
        return False
    key, channel, above = f"{event['channel']}:{event['ts']}", str(event["channel"]), str(event.get("thread_ts") or "")
    by, now = office.who(body), office.now()
    if above and offer_done(office.desk, text, (key, channel, above), by, now):
        return True
    asking = _with_mentions(event, body)
    whom = whom_in(asking, office.today())
    if whom:
        office.know(whom)
    return offer_request(office.desk, asking, (key, channel, above or str(event["ts"])), by, now, called=called)


def _with_mentions(event: dict[str, Any], body: Body) -> str:
    """The words with everybody mentioned in them as "@U123", but without the bot."""
    us = {one.get("user_id") for one in body.get("authorizations") or ()}
    said = MENTION.sub(lambda found: " " if found[1] in us else f" @{found[1]} ", str(event.get("text", "")))
    return BEHIND_A_CALL.sub("", said).strip()


def _say_nothing_there(office: Office, question: Question, body: Body) -> None:
    reply = empty_reply(office.desk.words, office.who(body).lang)
    say_once(office.desk, f"answer:{question.key}", question.channel, question.thread, reply, office.now())
    office.waker.kick()

"""What is said when the tracker refuses a ticket: to its owner, once, and in the form that gives it what it asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.domain.filing import Filing
from bot.domain.ticket import TicketField
from bot.errors import FilingDeskError, Finding
from bot.replies import Choice, Field, Form, Option, Reply, Words
from bot.replies.names import listed, worded

MOST_FIELDS = 40
BY_VALUES = ("", "refused", "too_large")
"""Refusals that other values in the ticket may mend; all others lie with the tracker's settings or the bot's account."""
KEPT = tuple(f"trouble.slack_{code}" for code in (
    "account_inactive", "channel_not_found", "file_type_not_allowed", "file_upload_size_restricted", "file_uploads_disabled",
    "file_uploads_except_images_disabled", "invalid_auth", "is_archived", "lost", "message_not_found", "messages_tab_disabled",
    "missing_scope", "msg_blocks_too_long", "msg_too_long", "not_allowed_token_type", "not_authed", "not_in_channel", "other",
    "own_error", "posting_to_channel_denied", "request", "restricted_action", "storage_limit_reached", "thread_not_found",
    "token_expired", "token_revoked", "unavailable", "unreachable", "untrusted", "user_disabled", "user_not_found",
    "user_not_visible", "users_not_found", "busy"))
"""Sentences that rows keep in English, for operators, and that readers meet too."""
CHOICES = 100
"""What a list in a form can hold; longer ones are typed."""


def trouble_said(words: Words, lang: str, error: FilingDeskError) -> str:
    """What went wrong, in the reader's language where the error has a sentence there."""
    if not error.code:
        return str(error)
    said = {name: worded(words, lang, value) for name, value in error.said.items()}
    return words.say(lang, f"trouble.{error.code}", **said).rstrip()


def kept_trouble(words: Words, lang: str, said: str) -> str:
    """Why Slack did not take a message, as its row keeps it, in the reader's language; anything else stays as it is."""
    key = next((key for key in KEPT if words.say("en", key) == said), "")
    return words.say(lang, key) if key else said


def finding_said(words: Words, lang: str, finding: Finding) -> str:
    """Where in which file it is, what is wrong and what to write."""
    key = "finding.at" if finding.line else "finding.file"
    return words.say(lang, key, path=finding.path, line=finding.line, col=finding.col, what=wrong_said(words, lang, finding))


def mistake_said(words: Words, lang: str, finding: Finding) -> str:
    """The same of a file people keep in an editor: `path:line:col` as editors link it, what is wrong and what to write."""
    return words.say(lang, "finding.place", place=finding.place, what=wrong_said(words, lang, finding))


def line_said(words: Words, lang: str, finding: Finding) -> str:
    """The same of a text that has no name, such as an input of a form."""
    return words.say(lang, "finding.line", line=finding.line, what=wrong_said(words, lang, finding))


def wrong_said(words: Words, lang: str, finding: Finding) -> str:
    """What is wrong and what to write, in the reader's language where the finding has a sentence there."""
    if not finding.code:
        return f"{finding.what}; {finding.write}" if finding.write else finding.what
    said = {"instead": finding.write, **finding.said}
    return words.say(lang, f"trouble.{finding.code}", **{name: worded(words, lang, each) for name, each in said.items()})


def parked_reply(words: Words, lang: str, title: str, filing: Filing, *, settled: bool) -> Reply:
    """The owner's message: what was refused and what to do; once tried again, how that went."""
    if filing.state == "parked":
        return Reply(headline=words.say(lang, "parked.title", title=title), tone="stop",
                     lines=(why_parked(words, lang, filing), _what_next(words, lang, filing)),
                     bullets=tuple(f"`{name}`: {reason}" for name, reason in filing.refused.items()),
                     choices=mending_choices(words, lang, filing))
    key = "parked.mended" if settled else "parked.trying"
    return Reply(headline=words.say(lang, key, title=title), tone="good" if settled else "")


def why_parked(words: Words, lang: str, filing: Filing) -> str:
    """One line: no ticket could be created, or the one that is there could not be brought up to date."""
    if not filing.ticket:
        return words.say(lang, "filing.parked", why=filing.trouble)
    link = f"<{filing.ticket_url}|{filing.ticket}>" if filing.ticket_url else filing.ticket
    return words.say(lang, "filing.parked.change", link=link, why=filing.trouble)


def mending_choices(words: Words, lang: str, filing: Filing) -> tuple[Choice, ...]:
    """Try again; and Edit, where there is something one can give a value for: no value mends a sign-in or a permission."""
    retry = Choice("retry_ticket", words.say(lang, "choice.retry"), filing.id, "primary")
    edit = Choice("edit_ticket", words.say(lang, "choice.edit"), filing.id)
    return (retry, edit) if _can_edit(filing) else (retry,)


def _can_edit(filing: Filing) -> bool:
    return bool(filing.refused) or (not filing.ticket and filing.trouble_code in BY_VALUES)


def _what_next(words: Words, lang: str, filing: Filing) -> str:
    return words.say(lang, "parked.next" if _can_edit(filing) else "parked.next.again")


def ticket_form(words: Words, lang: str, filing: Filing, fields: Sequence[TicketField], *, away: bool) -> Form:
    """The modal Edit: a field for each value asked for; `away` where the tracker could not be asked what it takes."""
    notes = [words.say(lang, "form.ticket.why", id=filing.id, why=filing.trouble or "–")]
    notes += [words.say(lang, "form.ticket.away")] if away else []
    notes += [] if fields else [words.say(lang, "form.ticket.nothing")]
    shown = tuple(Field(f"note{number}", note, "note") for number, note in enumerate(notes))
    people = [each.id for each in fields if each.kind == "person"]
    return Form(
        id="edit_ticket", title=words.say(lang, "form.ticket.title"), submit=words.say(lang, "form.ticket.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({"filing": filing.id, "people": people}),
        fields=(*shown, *(_field(words, lang, filing, each) for each in fields[:MOST_FIELDS])))


def _field(words: Words, lang: str, filing: Filing, asked: TicketField) -> Field:
    choice = asked.kind == "choice" and len(asked.options) <= CHOICES
    options = tuple(Option(option, option) for option in asked.options) if choice else ()
    typed = asked.options if not choice else ()
    hints = [filing.refused.get(asked.id, ""), _takes(words, lang, asked, typed)]
    kind = "choice" if choice else asked.kind if asked.kind in ("date", "person", "long_text") else "text"
    value = filing.extra.get(asked.id, "") if kind != "person" else ""  # kept as an e-mail, chosen as a member
    return Field(asked.id, asked.name, kind, value, hint=" ".join(filter(None, hints)), options=options,
                 optional=not asked.required and asked.id not in filing.refused)


def _takes(words: Words, lang: str, asked: TicketField, typed: Sequence[str]) -> str:
    if asked.kind == "choices":
        return words.say(lang, "form.ticket.several", options=listed(words, lang, typed[:CHOICES]) or "…")
    return words.say(lang, "form.ticket.one_of", options=listed(words, lang, typed[:CHOICES])) if typed else ""

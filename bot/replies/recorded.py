"""What the records keep as codes (acts, states, details, who did it), in the words of a reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.domain.market_list import BY_HAND, MarketList
from bot.domain.people import ROLES
from bot.domain.proof import UNDELIVERED
from bot.domain.signing import PARTS, SECOND
from bot.replies import Words
from bot.replies.names import listed, role_words
from bot.replies.trouble import kept_trouble

Name = Callable[[str], str]
"""A person's name by their id; what is no id is returned as it is."""

ACTS = (
    "answered", "calendar address given", "calendar address taken back", "cancelled", "etd moved", "evidence pack made",
    "fact stated", "facts changed", "filing assigned", "habits changed", "late tasks pushed", "list proposed", "list published",
    "next round", "opened", "override", "pace chosen", "planned again", "release asked", "release refused", "released",
    "reminder answered", "reminder asked for", "reminder undelivered", "request stopped", "sailed", "shipment added",
    "shipment changed", "shipment judged anew", "shipments imported", "sign-off expired", "signed off", "split", "split off",
    "task changed", "ticket changed", "ticket created", "ticket fields given", "ticket gone", "ticket moved", "ticket retried")
MACHINES = ("tracker", "calendar", "rules", "change", "catalogue", "command line")
"""Who did what no person did."""
DETAILS = (
    "asked", "asked_by", "assignee", "changed", "compared_by", "days_short", "digest", "done", "done_before", "due", "etd",
    "evidence", "evidence_before", "fact", "follows", "item", "list", "list_version", "of", "origin", "owner", "owner_before",
    "owners", "product", "reason", "reminder", "role", "ruleset", "said", "sha256", "sign_off", "sign_offs", "signed_by",
    "tasks_moved", "ticket", "to", "touched", "value", "verdict", "what", "why", "words")
BASES = ("signed off", "override", "released")
"""Acts whose details name what a sign-off rests on, part by part."""
Key = Callable[[str], str]
"""The key of the sentence for a code."""


def _hold(code: str) -> str:
    return f"pack.hold.{code}"


def _shipment(code: str) -> str:
    return f"pack.shipment.{code}"


STATES: dict[str, Key] = {
    "release asked": _hold, "release refused": _hold, "released": _hold, "sign-off expired": lambda code: f"pack.sign.{code}",
    "planned again": _shipment, "sailed": _shipment, "cancelled": _shipment}
"""Of which thing before and after are states."""
STATED = ("etd moved", "pace chosen", "facts changed")
"""Acts whose before and after are what is stated of a filing: "etd: 2026-12-18, band: default"."""
A_STATEMENT = re.compile(r"(?:^|, )(etd|band|product|category|destinations|autonomous): ")
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")
A_STEP = re.compile(r"([a-z_]+)([+-]\d+)(wd)?(?:-(.+))?")
CODES: dict[str, Key] = {
    "verdict": lambda code: f"verdict.{code}", "band": lambda code: f"band.{code}", "category": lambda code: f"family.{code}",
    "autonomous": lambda code: f"truth.{code}", "fact": lambda code: f"fact.{code}", "done": lambda code: f"pack.is.{code}",
    "done_before": lambda code: f"pack.is.{code}"}
"""Details that are codes, and where their words are."""
PEOPLE = ("asked", "asked_by", "compared_by", "owner", "owner_before", "owners", "role", "signed_by")


def act_words(words: Words, lang: str, act: str) -> str:
    """What was done; an act that only an older version knew stays as it was written."""
    return words.say(lang, f"audit.act.{_key(act)}") if act in ACTS else act


def actor_words(words: Words, lang: str, by: str) -> str:
    """A machine, a role, or what is said itself, as a name is."""
    if by in MACHINES:
        return words.say(lang, f"audit.by.{_key(by)}")
    return role_words(words, lang, by) if by in (*ROLES, SECOND) else by


def source_name(words: Words, lang: str, entry: MarketList) -> str:
    """Where a market list is from."""
    return words.say(lang, "audit.by_hand") if entry.source == BY_HAND else entry.source_in(lang)


def detail_words(words: Words, lang: str, act: str, key: str) -> str:
    """What a detail is called."""
    if key in PARTS and act in BASES:
        return words.say(lang, f"part.{key}")
    return words.say(lang, f"audit.detail.{key}") if key in DETAILS else key


def value_words(words: Words, lang: str, act: str, key: str, value: str, name: Name) -> str:
    """What a detail says: codes, days and people in words; what people wrote themselves is never touched."""
    if not value or value == "None":
        return ""
    if key in ("before", "after"):
        return _state(words, lang, act, value, name)
    if key in CODES:
        return coded(words, lang, CODES[key](_key(value)), value)
    if key in PEOPLE:
        return listed(words, lang, (actor_words(words, lang, name(one)) for one in value.split(", ")))
    if key == "changed":
        return listed(words, lang, (coded(words, lang, f"part.{one}", one) for one in value.split(", ")))
    return day_words(words, lang, value) if key in ("etd", "due") else name(value)


def _state(words: Words, lang: str, act: str, value: str, name: Name) -> str:
    if act in STATES:
        return coded(words, lang, STATES[act](_key(value)), value)
    if act in STATED and A_STATEMENT.match(value):
        _, *pairs = A_STATEMENT.split(value)
        said = (_stated(words, lang, *pair) for pair in zip(pairs[::2], pairs[1::2], strict=True))
        return words.say(lang, "names.semicolon").join(said)
    return day_words(words, lang, name(value))


def _stated(words: Words, lang: str, key: str, value: str) -> str:
    said = coded(words, lang, CODES[key](_key(value)), value) if key in CODES else day_words(words, lang, value)
    if key == "destinations":
        said = listed(words, lang, (words.market(lang, code) for code in value.split(", ")))
    return words.say(lang, "pack.pair", what=words.say(lang, f"audit.stated.{key}"), said=said)


def coded(words: Words, lang: str, key: str, code: str) -> str:
    """The word for a code; one nobody wrote a word for stays as it is."""
    try:
        return words.say(lang, key)
    except KeyError:
        return code


def day_words(words: Words, lang: str, value: str) -> str:
    """A date as people write it; anything else stays as it is."""
    return words.day(lang, date.fromisoformat(value)) if A_DAY.fullmatch(value) else value


def reminder_kind(words: Words, lang: str, kind: str) -> str:
    """What a reminder hangs on, how far from it, and the role it is for: "etd-7-head", "due+3wd", "weekly", "ask.Q1"."""
    found = A_STEP.fullmatch(kind)
    if not found:
        hangs_on = kind.partition(".")[0]
        return coded(words, lang, f"pack.kind.{hangs_on}", kind)
    what, days = coded(words, lang, f"pack.kind.{found[1]}", found[1]), int(found[2])
    when = "on" if not days else ("before" if days < 0 else "after") + ("_working" if found[3] else "")
    role = (found[4] or "").upper()
    to = role_words(words, lang, role) if role in ROLES else found[4]
    return " · ".join(filter(None, [words.say(lang, f"pack.kind.{when}", what=what, n=abs(days)), to]))


def why_words(words: Words, lang: str, why: str) -> str:
    """Why a reminder is as it is: a code of ours, or what Slack said where it could not be delivered."""
    said = why.removeprefix(UNDELIVERED)
    return coded(words, lang, f"pack.why.{_key(said)}", kept_trouble(words, lang, said))


def _key(code: str) -> str:
    return code.lower().replace(" ", "_").replace("-", "_")

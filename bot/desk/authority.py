"""Who is asked for a release: those who may give it and are there, or a deputy who may; else it is said that nobody can now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from bot.desk.gatehouse import absent_of, gate_of, releasers, tell
from bot.desk.outbox import show
from bot.desk.plans import told_in
from bot.desk.readers import receiver_of
from bot.desk.records import colleague, tasks_of
from bot.domain.filing import Filing
from bot.domain.gate import release_role
from bot.domain.people import Colleague
from bot.ports import Desk, Rows, Transaction
from bot.replies import Reply
from bot.replies.gate import gate_reply, nobody_reply, request_reply


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may release a filing now; with `there` empty nobody can."""

    may: tuple[Colleague, ...]
    """Everybody who may release it, there or not."""
    there: tuple[Colleague, ...]
    """Those of them who are there, for themselves or as the deputy of one who is away."""
    away: Mapping[str, date | None]
    """The others by id, with their last day away; None for who cannot be reached."""
    deputies: tuple[Colleague, ...]
    """Who stands in for one of the others, and may not release."""


def authority_of(desk: Desk, rows: Rows, filing: Filing, now: datetime) -> Authority:
    """Who may release this filing, who of them is there, and who stands in for the others by their pause in the App Home."""
    may = {one.id: one for one in releasers(desk, rows, filing)}
    away = absent_of(desk, rows, may.values(), now)
    heard = {one: receiver_of(rows, desk, one, now).id for one in may}
    there = dict.fromkeys(one for one in heard.values() if one in may and one not in away)
    others = dict.fromkeys(heard[one] for one in away if away[one] and heard[one] not in may)
    return Authority(tuple(may.values()), tuple(may[one] for one in there), away, tuple(colleague(rows, one) for one in others))


def ask_authority(tx: Transaction, desk: Desk, filing: Filing, now: datetime) -> Authority:
    """Let everybody who is there see the request, once; where nobody is, it waits for those who may, and that is said aloud."""
    found = authority_of(desk, tx, filing, now)
    for person in found.there or found.may:
        if tx.get("outbox", f"show:{_request(filing, person)}") is None:
            _show_request(desk, tx, filing, person, now)
    name = nobody_name(filing, found)
    if not found.there and tx.get("outbox", f"show:{name}") is None:
        tell(tx, desk, filing, name, partial(_nobody, desk, found), now)
    return found


def _nobody(desk: Desk, found: Authority, filing: Filing) -> Reply:
    calls = dict.fromkeys([filing.owner, filing.asked_by, *(one.id for one in found.deputies)])
    reply = nobody_reply(desk.words, filing, found.may, found.away, found.deputies, release_role(desk.checklist))
    return replace(reply, calls=tuple(one for one in calls if one))


def is_asked(rows: Rows, filing: Filing, found: Authority) -> bool:
    """Whether everybody concerned has heard of the request, as things are."""
    names = [_request(filing, one) for one in found.there or found.may] + ([] if found.there else [nobody_name(filing, found)])
    return all(rows.get("outbox", f"show:{name}") for name in names)


def nobody_name(filing: Filing, found: Authority) -> str:
    """The message that nobody can release it now: another one when somebody is away for longer or shorter than was said."""
    until = min((day.isoformat() for day in found.away.values() if day), default="-")
    return f"nobody:{filing.id}:{filing.requests}:{until}"


def _request(filing: Filing, person: Colleague) -> str:
    return f"release:{filing.id}:{filing.requests}:{person.id}"


def _show_request(desk: Desk, tx: Transaction, filing: Filing, person: Colleague, now: datetime) -> None:
    told, tasks = replace(filing, lang=person.lang), told_in(desk, tasks_of(tx, filing.id), person.lang)
    said = gate_reply(desk.words, person, told, tasks, gate_of(desk, tx, filing, now), [person])
    reply = request_reply(desk.words, person, colleague(tx, filing.asked_by), told, said)
    show(tx, _request(filing, person), person.id, "", reply, now, filing.id)

"""What is said at the gate: hold or go with every reason, who is asked for a release, what was decided, what has expired."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain.checklist import COMPLETION, ChecklistItem
from bot.domain.filing import Filing, FilingTask, bar, progress
from bot.domain.gate import AMBER, GREEN, RED, Gate, Reason
from bot.domain.people import Colleague
from bot.domain.shipment import Shipment
from bot.domain.signing import PARTS, SignOff
from bot.replies import Choice, Field, Form, Option, Part, Reply, Words
from bot.replies.filings import filing_title
from bot.replies.names import listed, role_words
from bot.replies.shipments import shipment_title

TONES = {RED: "stop", AMBER: "warn", GREEN: "good"}
IDS_SHOWN = 8
NOBODY: Mapping[str, date | None] = {}


def gate_reply(words: Words, viewer: Colleague, filing: Filing, tasks: Sequence[FilingTask], gate: Gate,
               who: Sequence[Colleague], away: Mapping[str, date | None] = NOBODY) -> Reply:
    """May it ship: the colour in words, one line a reason, what is needed next, and who can release (`who`).

    `away` says of whom of them, by id, until when they are not there; None where they cannot be reached.
    """
    lang = viewer.lang
    lines = [_state(words, lang, filing, tasks), *_released(words, lang, filing, gate, who),
             _next(words, lang, filing, tasks, gate), *([_who(words, lang, who, away)] if gate.colour == RED else [])]
    return Reply(
        headline=words.say(lang, f"gate.{gate.colour}", title=filing_title(words, filing)), tone=TONES[gate.colour],
        bullets=tuple(reason_line(words, lang, filing.zone, reason) for reason in gate.reasons),
        lines=tuple(line for line in lines if line), choices=_choices(words, lang, viewer, filing, gate),
        note=words.say(lang, "gate.note"))


def shipment_gate_reply(words: Words, viewer: Colleague, shipment: Shipment, gate: Gate, under: Sequence[Reply]) -> Reply:
    """The same for a shipment: its own reasons, then what is said of each of its filings (`under`)."""
    lang = viewer.lang
    title = shipment_title(words, lang, shipment)
    file = (Choice("file_shipment", words.say(lang, "choice.open_filing"), shipment.id, "primary"),) if shipment.unfiled else ()
    return Reply(
        headline=words.say(lang, f"gate.{gate.colour}", title=title), tone=TONES[gate.colour],
        bullets=tuple(reason_line(words, lang, shipment.zone, reason) for reason in gate.reasons),
        parts=tuple(Part("\n".join((one.headline, *(f"• {said}" for said in one.bullets), *one.lines)), one.choices)
                    for one in under),
        choices=file, note=words.say(lang, "gate.note"))


def reason_line(words: Words, lang: str, zone: str, reason: Reason) -> str:
    """One reason in one line."""
    if reason.kind == "open" and COMPLETION in reason.about:
        rest = tuple(item for item in reason.about if item != COMPLETION)
        said = words.say(lang, "gate.not_complete", item=COMPLETION)
        return f"{said} · {words.say(lang, 'gate.open', n=len(rest), items=_ids(words, lang, rest))}" if rest else said
    if reason.kind in ("unsigned", "expired"):
        return _sign_line(words, lang, reason)
    if reason.kind == "stale":
        when = words.moment(lang, datetime.fromisoformat(reason.about[0]), zone) if reason.about else "–"
        return words.say(lang, "gate.stale", when=when)
    about = _ids(words, lang, _spoken(words, lang, reason.about))
    return words.say(lang, f"gate.{reason.kind}", n=len(reason.about), items=about)


def request_reply(words: Words, head: Colleague, asker: Colleague, filing: Filing, said: Reply) -> Reply:
    """To the release authority: somebody asks for a release; how it stands, and the two answers."""
    lang = head.lang
    return Reply(
        headline=words.say(lang, "release.asked", name=asker.name, title=filing_title(words, filing)), tone=said.tone,
        bullets=said.bullets, lines=said.lines, choices=answer_choices(words, lang, filing), note=said.note)


def nobody_reply(words: Words, filing: Filing, may: Sequence[Colleague], away: Mapping[str, date | None],
                 deputies: Sequence[Colleague], role: str) -> Reply:
    """In the filing's thread: a release is asked for and nobody can give it now; who may, since when not, and what helps."""
    lang = filing.lang
    stand_in = listed(words, lang, (one.name for one in deputies))
    return Reply(
        headline=words.say(lang, "release.nobody", title=filing_title(words, filing)), tone="stop",
        lines=(words.say(lang, "release.nobody.who", who=absent_words(words, lang, may, away)),
               *([words.say(lang, "release.nobody.deputy", names=stand_in)] if deputies else []),
               words.say(lang, "release.nobody.next", role=role_words(words, lang, role), code=role)))


def absent_words(words: Words, lang: str, may: Sequence[Colleague], away: Mapping[str, date | None]) -> str:
    """People by name, those who are away with their last day (None: they cannot be reached)."""
    return listed(words, lang, (_absent(words, lang, one, away[one.id]) if one.id in away else one.name for one in may))


def _absent(words: Words, lang: str, person: Colleague, until: date | None) -> str:
    if until is None:
        return words.say(lang, "gate.who.unreachable", name=person.name)
    return words.say(lang, "gate.who.away", name=person.name, day=words.day(lang, until))


def answered_reply(words: Words, lang: str, filing: Filing, outcome: str, by: Colleague, reason: str, now: datetime,
                   evidence: Sequence[str] = ()) -> Reply:
    """`outcome` is released or refused: who, when, why, and on what evidence."""
    return Reply(
        headline=words.say(lang, f"release.{outcome}", title=filing_title(words, filing), name=by.name),
        tone="good" if outcome == "released" else "stop",
        lines=(words.say(lang, "release.reason", reason=reason, when=words.moment(lang, now, filing.zone)),),
        bullets=tuple(evidence), note=words.say(lang, "gate.note"))


def signed_reply(words: Words, filing: Filing, item: ChecklistItem, sign: SignOff, by: Colleague) -> Reply:
    """In the filing's thread: who has signed what off, on which list, and an override by its name."""
    lang = filing.lang
    said = words.say(lang, "sign.overridden" if sign.override else "sign.given", item=item.id, title=item.text.said(lang),
                     name=by.name, role=role_words(words, lang, sign.role))
    lines = [words.say(lang, "sign.reason", reason=sign.reason)] if sign.reason else []
    lines += [words.say(lang, "sign.evidence", evidence=sign.evidence)] if sign.evidence else []
    return Reply(headline=said, lines=(*lines, words.say(lang, "sign.rests", version=sign.list_version or "–")))


def expired_reply(words: Words, filing: Filing, ended: Sequence[SignOff], calls: tuple[str, ...]) -> Reply:
    """In the filing's thread, to everyone concerned: which sign-offs no longer count, and why."""
    lang = filing.lang
    changed = [words.say(lang, f"part.{part}") for part in PARTS if any(part in sign.changed for sign in ended)]
    return Reply(
        headline=words.say(lang, "sign.expired", title=filing_title(words, filing)), tone="stop",
        lines=(words.say(lang, "sign.expired.why", what=listed(words, lang, changed)),
               words.say(lang, "sign.expired.next", items=listed(words, lang, (sign.item for sign in ended)))),
        calls=calls)


def sign_form(words: Words, lang: str, filing: Filing, items: Sequence[ChecklistItem]) -> Form:
    """The modal in which somebody puts their name to a task."""
    options = tuple(Option(item.id, words.say(lang, "sign.option", item=item.id, title=item.text.said(lang),
                                              role=role_words(words, lang, item.sign_off))) for item in items)
    return Form(
        id="sign_off", title=words.say(lang, "form.sign.title"), submit=words.say(lang, "form.sign.submit"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({"filing": filing.id}),
        fields=(Field("item", words.say(lang, "form.sign.item"), "choice", options[0].value, options=options),
                Field("evidence", words.say(lang, "form.sign.evidence"), optional=True,
                      hint=words.say(lang, "form.sign.evidence.hint")),
                Field("reason", words.say(lang, "form.reason"), "long_text", optional=True,
                      hint=words.say(lang, "form.sign.reason.hint"))))


def answer_form(words: Words, lang: str, filing: Filing, outcome: str) -> Form:
    """The modal in which the release authority releases or refuses, with a reason."""
    return Form(
        id=outcome, title=words.say(lang, f"form.{outcome}.title"), submit=words.say(lang, f"choice.{outcome}"),
        close=words.say(lang, "form.cancel"), carry=json.dumps({"filing": filing.id}),
        fields=(Field("reason", words.say(lang, "form.reason"), "long_text", hint=words.say(lang, f"form.{outcome}.hint")),))


def ship_form(words: Words, lang: str) -> Form:
    """The modal behind "May I ship?" in the App Home."""
    return Form(id="may_ship", title=words.say(lang, "choice.gate"), submit=words.say(lang, "form.ship.submit"),
                close=words.say(lang, "form.cancel"), fields=(Field("number", words.say(lang, "form.ship.number")),))


def answer_choices(words: Words, lang: str, filing: Filing) -> tuple[Choice, ...]:
    """Release and Refuse; both ask for a reason."""
    return (Choice("release", words.say(lang, "choice.release"), filing.id, "primary"),
            Choice("refuse", words.say(lang, "choice.refuse"), filing.id, "danger"))


def _choices(words: Words, lang: str, viewer: Colleague, filing: Filing, gate: Gate) -> tuple[Choice, ...]:
    if filing.hold == "released" and gate.release:
        return ()
    sign = any(reason.kind in ("unsigned", "expired") for reason in gate.reasons)
    own = answer_choices(words, lang, filing) if viewer.role == "HEAD" and viewer.id != filing.opened_by else ()
    asks = not own and filing.hold != "asked"
    ask = (Choice("ask_release", words.say(lang, "choice.ask_release"), filing.id, "primary"),) if asks else ()
    return (*own, *ask, *((Choice("sign_off", words.say(lang, "choice.sign_off"), filing.id),) if sign else ()))


def _state(words: Words, lang: str, filing: Filing, tasks: Sequence[FilingTask]) -> str:
    """How far it is, and its ticket."""
    done, whole = progress(list(tasks))
    link = f"<{filing.ticket_url}|{filing.ticket}>" if filing.ticket_url else filing.ticket or "–"
    return words.say(lang, "gate.state", bar=bar(done, whole), done=done, whole=whole, ticket=link)


def _released(words: Words, lang: str, filing: Filing, gate: Gate, who: Sequence[Colleague]) -> list[str]:
    if gate.release is None:
        return []
    name = next((one.name for one in who if one.id == gate.release.by), gate.release.by)
    return [words.say(lang, "gate.released", name=name, when=words.moment(lang, gate.release.at, filing.zone),
                      reason=gate.release.reason)]


def _next(words: Words, lang: str, filing: Filing, tasks: Sequence[FilingTask], gate: Gate) -> str:
    """What is needed next: the first open task on the critical path, else any that is open, else the release."""
    if gate.colour != RED:
        return ""
    if gate.releasable:
        return words.say(lang, f"gate.next.{'wait' if filing.hold == 'asked' else 'ask'}")
    missing = {item for reason in gate.reasons if reason.kind == "open" for item in reason.about}
    open_tasks = {task.item: task for task in tasks if task.item in missing}
    first = next((open_tasks[item] for item in (*filing.critical, *open_tasks) if item in open_tasks), None)
    return words.say(lang, "gate.next", item=first.item, title=first.title, role=role_words(words, lang, first.role),
                     due=words.day(lang, first.due) if first.due else words.say(lang, "plan.event")) if first else ""


def _who(words: Words, lang: str, who: Sequence[Colleague], away: Mapping[str, date | None]) -> str:
    names = absent_words(words, lang, [one for one in who if one.role == "HEAD"], away)
    return words.say(lang, "gate.who", names=names) if names else words.say(lang, "gate.nobody")


def _sign_line(words: Words, lang: str, reason: Reason) -> str:
    item, *about = reason.about
    if reason.kind == "unsigned":
        return words.say(lang, "gate.unsigned", item=item, role=role_words(words, lang, about[0]))
    parts = listed(words, lang, (words.say(lang, f"part.{part}") for part in about))
    return words.say(lang, "gate.expired", item=item, what=parts or "–")


def _spoken(words: Words, lang: str, about: Sequence[str]) -> tuple[str, ...]:
    """Dates as people write them."""
    return tuple(words.day(lang, date.fromisoformat(one)) if len(one) == 10 and one[:2].isdigit() and one[4] == "-" else one
                 for one in about)


def _ids(words: Words, lang: str, items: Sequence[str]) -> str:
    more = f" … (+{len(items) - IDS_SHOWN})" if len(items) > IDS_SHOWN else ""
    return listed(words, lang, items[:IDS_SHOWN]) + more

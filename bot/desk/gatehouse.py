"""What a filing's gate is judged from: its sign-offs and what they rest on, read from the rows; and how they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.cataloguing import product_named
from bot.desk.comments import on_ticket, want_comment
from bot.desk.outbox import show, show_filing, want_ticket
from bot.desk.plans import told_in
from bot.desk.readers import receiver_of
from bot.desk.records import (
    colleague,
    colleagues,
    filing_of,
    habits_of,
    keep,
    market_lists,
    note_audit,
    shipment_of,
    tasks_of,
)
from bot.domain.checklist import RELEASE
from bot.domain.deciding import decide
from bot.domain.facts import Truth
from bot.domain.filing import OPEN_STATES, Filing, FilingTask
from bot.domain.gate import Gate, Look, judge, judge_shipment, release_role
from bot.domain.market_list import MarketList
from bot.domain.people import Colleague
from bot.domain.rows import from_row, to_row
from bot.domain.rulebook import digest_of
from bot.domain.signing import SignOff, changed_parts, why_not_release
from bot.ports import Desk, Rows, Transaction
from bot.replies import Reply
from bot.replies.gate import expired_reply, gate_reply, shipment_gate_reply

Drawn = Callable[[Filing], Reply]
"""What is said of a filing, in its language."""
DIGITS = 23
"""Kept of a digest: enough to tell two descriptions apart."""


def signs_of(rows: Rows, filing_id: str) -> list[SignOff]:
    """Every sign-off of a filing, expired ones included, oldest first."""
    return [from_row(SignOff, row) for row in rows.where("sign_offs", "filing", filing_id)]


def facts_of(desk: Desk, rows: Rows, filing: Filing) -> dict[str, str]:
    """The deciding facts of a filing: as stated for it, else as determined, else as the catalogue has them."""
    row = rows.get("determinations", filing.determination) if filing.determination else None
    judged = row["products"][0]["decision"]["facts"] if row else {}
    known = product_named(desk, filing.product)
    listed = str(known.autonomous) if known and known.autonomous is not Truth.UNKNOWN else "unknown"
    return {"category": filing.category, "autonomous": filing.autonomous or judged.get("autonomous", listed),
            "export": "yes" if any(code != "CN" for code in filing.destinations) else "no"}


def basis_of(desk: Desk, rows: Rows, filing: Filing, newest: MarketList | None = None) -> dict[str, str]:
    """What a sign-off of this filing rests on now; `newest` stands for a list that is not published yet."""
    facts = facts_of(desk, rows, filing)
    ruleset = desk.rulesets[desk.ruleset]
    verdict = decide(ruleset, ruleset.only_used(facts), filing.etd).verdict
    stated = ", ".join(f"{name}: {value}" for name, value in facts.items())
    known = product_named(desk, filing.product)
    entry = newest or newest_list(rows, desk.ruleset)
    return {"facts": f"{stated}, verdict: {verdict}, changes: {filing.changes}",
            "product": digest_of(known)[:DIGITS] if known else filing.product,
            "destination": ", ".join(sorted(filing.destinations)), "list": said_by(entry, filing.destinations)}


def work_of(desk: Desk, rows: Rows, filing: Filing) -> dict[str, str]:
    """What a release of this filing rests on besides: what had to be done before it, and the evidence it left."""
    before = {item.id for item in desk.checklist.before_release()}
    there = [[task.item, task.done, task.evidence] for task in tasks_of(rows, filing.id) if task.item in before]
    return {"work": digest_of(sorted(there))[:DIGITS]}


def newest_list(rows: Rows, ruleset: str) -> MarketList | None:
    """The list published last, in force already or soon; None when there is none."""
    return max(market_lists(rows, ruleset), key=lambda entry: (entry.effective, entry.recorded_on), default=None)


def said_by(entry: MarketList | None, destinations: Iterable[str]) -> str:
    """What a list says of these destinations; the same words for two versions that say the same."""
    if entry is None:
        return "none"
    if entry.members is None:
        return "not named"
    found = {code: entry.market(code) for code in sorted(destinations)}
    return ", ".join(f"{code}: {digest_of(market)[:DIGITS] if market else 'not listed'}" for code, market in found.items())


def look_at(desk: Desk, rows: Rows, filing: Filing, now: datetime) -> Look:
    """Everything the gate of a filing is judged from; a sign-off whose ground has shifted no longer counts, told or not."""
    today = now.astimezone(ZoneInfo(filing.zone)).date()
    basis = basis_of(desk, rows, filing) | work_of(desk, rows, filing)
    polled = (rows.get("notes", "poll") or {}).get("at")
    read = max(datetime.fromisoformat(polled), filing.opened_at) if polled else filing.opened_at  # nothing stood there before
    return Look(
        filing, tuple(tasks_of(rows, filing.id)), desk.checklist,
        tuple(_as_it_counts(sign, basis) for sign in signs_of(rows, filing.id)), now, today,
        read, _overdue(desk, today))


def gate_of(desk: Desk, rows: Rows, filing: Filing, now: datetime) -> Gate:
    """May the goods of this filing leave?"""
    return judge(look_at(desk, rows, filing, now))


def releasers(desk: Desk, rows: Rows, filing: Filing) -> list[Colleague]:
    """Everybody who may release this filing."""
    role = release_role(desk.checklist)
    return [one for one in colleagues(rows) if one.active and not why_not_release(one, role, filing)]


def absent_of(desk: Desk, rows: Rows, people: Iterable[Colleague], now: datetime) -> dict[str, date | None]:
    """Of these people those who are not there now, by id: with their last day away, None for who cannot be reached."""
    why = {one.id: receiver_of(rows, desk, one.id, now).why for one in people}
    return {one: habits_of(rows, one).away_until if reason == "away" else None for one, reason in why.items() if reason}


def gate_shown(desk: Desk, rows: Rows, subject: str, viewer: Colleague, now: datetime) -> Reply:
    """May "F-12", "S-3" or "SO-4711" ship, as it is said to this person. NotFound when nobody knows it."""
    if subject.upper().startswith("F-"):
        return _filing_shown(desk, rows, filing_of(rows, subject), viewer, now)
    shipment = shipment_of(rows, subject)
    known = {one: filing_of(rows, one) for one in shipment.filings if rows.get("filings", one)}
    gate = judge_shipment(shipment, {one: look_at(desk, rows, filing, now) for one, filing in known.items()})
    under = [_filing_shown(desk, rows, filing, viewer, now) for filing in known.values()]
    return shipment_gate_reply(desk.words, viewer, shipment, gate, under)


def _filing_shown(desk: Desk, rows: Rows, filing: Filing, viewer: Colleague, now: datetime) -> Reply:
    gate = gate_of(desk, rows, filing, now)
    known = [colleague(rows, gate.release.by)] if gate.release else []
    tasks, told = told_in(desk, tasks_of(rows, filing.id), viewer.lang), replace(filing, lang=viewer.lang)
    who = releasers(desk, rows, filing)
    return gate_reply(desk.words, viewer, told, tasks, gate, [*who, *known], absent_of(desk, rows, who, now))


def expiring(desk: Desk, rows: Rows, filing: Filing, newest: MarketList | None = None) -> list[SignOff]:
    """The sign-offs that would end if the filing were as given, or with a list that is not published yet."""
    there = [sign for sign in signs_of(rows, filing.id) if sign.state == "standing"]
    basis = basis_of(desk, rows, filing, newest) | work_of(desk, rows, filing) if there else {}
    return [sign for sign in there if changed_parts(sign, basis)]


def expire_signs(tx: Transaction, desk: Desk, filing: Filing, by: str, now: datetime) -> list[SignOff]:
    """End every sign-off whose ground has shifted, put the filing on hold again, and tell everyone concerned, once."""
    basis = basis_of(desk, tx, filing) | work_of(desk, tx, filing)
    ended = [_ended(sign, basis, by, now) for sign in expiring(desk, tx, filing)]
    for sign in ended:
        keep_sign(tx, sign)
        note_audit(tx, filing.id, "sign-off expired", by, now, item=sign.item, signed_by=sign.by, before="standing",
                   after="expired", changed=", ".join(sign.changed))
    if ended:
        _hold_again(tx, desk, filing, ended, now)
    return ended


def keep_sign(tx: Transaction, sign: SignOff) -> None:
    """Insert or replace the row of a sign-off."""
    tx.put("sign_offs", to_row(sign))


def tell(tx: Transaction, desk: Desk, filing: Filing, name: str, drawn: Drawn, now: datetime) -> None:
    """What was decided at the gate, said once in the filing's thread and the same, in the desk's language, on its ticket."""
    show(tx, name, filing.channel, filing.thread, drawn(filing), now, filing.id, under=f"filing:{filing.id}")
    reply = drawn(on_ticket(desk, filing))
    said = "\n".join(line for line in (reply.headline, *reply.lines, *reply.bullets) if line)
    want_comment(tx, name, filing.id, "", said.replace("*", ""), now)


def set_done(tx: Transaction, task: FilingTask, by: str, evidence: str = "") -> FilingTask:
    """The task is done by somebody (or, with "", open again), here and soon in the tracker."""
    known = replace(task, done=bool(by), done_by=by, evidence=evidence or task.evidence)
    keep(tx, "tasks", known)
    return known


def release_items(desk: Desk) -> set[str]:
    """The tasks a release closes: the release itself and the hold."""
    return {RELEASE} | {item.id for item in desk.checklist.items if item.hold}


def _as_it_counts(sign: SignOff, basis: Mapping[str, str]) -> SignOff:
    changed = changed_parts(sign, basis)
    return replace(sign, state="expired", changed=changed) if sign.state == "standing" and changed else sign


def _overdue(desk: Desk, today: date) -> tuple[str, ...]:
    """Clauses that were verified once and should have been looked at again since."""
    return tuple(clause.id for clause in desk.rulesets[desk.ruleset].clauses
                 if clause.verification.status == "verified" and clause.verification.until and clause.verification.until < today)


def _ended(sign: SignOff, basis: Mapping[str, str], by: str, now: datetime) -> SignOff:
    return replace(sign, state="expired", ended_at=now, ended_by=by, changed=changed_parts(sign, basis))


def _hold_again(tx: Transaction, desk: Desk, filing: Filing, ended: list[SignOff], now: datetime) -> None:
    items = {sign.item for sign in ended} | (release_items(desk) if filing.hold == "released" else set())
    for task in tasks_of(tx, filing.id):
        if task.item in items and task.done:
            set_done(tx, task, "")
    held = replace(filing_of(tx, filing.id), hold="held", asked_by="") if filing.hold == "released" else filing
    keep(tx, "filings", held)
    if held.state in OPEN_STATES:
        want_ticket(tx, filing.id, now)
    show_filing(tx, desk.words, held, now)
    concerned = [filing.owner, *(sign.by for sign in ended), *([filing.asked_by] if filing.asked_by else [])]
    calls = tuple(dict.fromkeys(concerned))
    tell(tx, desk, filing, f"expired:{filing.id}:{now:%Y%m%d%H%M%S%f}",
         lambda told: expired_reply(desk.words, told, ended, calls), now)

"""Somebody puts their name to a task: it is done, and counts until something it rests on changes."""

from __future__ import annotations

from datetime import datetime

from bot.desk.gatehouse import basis_of, expire_signs, keep_sign, newest_list, set_done, signs_of, tell
from bot.desk.outbox import show_filing, want_ticket
from bot.desk.records import filing_of, note_audit, tasks_of
from bot.domain.checklist import ChecklistItem
from bot.domain.filing import Filing, FilingTask
from bot.domain.gate import signed_items
from bot.domain.people import Colleague
from bot.domain.signing import OVERRIDE, SignOff, standing, why_not_sign
from bot.errors import BadInput, NotAllowed
from bot.ports import Desk, Rows, Transaction
from bot.replies.gate import signed_reply
from bot.replies.names import role_words


def sign_off(desk: Desk, filing_id: str, item_id: str, by: Colleague, now: datetime, *, reason: str = "",
             evidence: str = "") -> SignOff:
    """Sign a task off; pressed twice is once. NotAllowed for the wrong person, BadInput without the evidence it needs."""
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        expire_signs(tx, desk, filing, "change", now)
        there = standing(signs_of(tx, filing.id), item_id)
        return there or _sign(desk, tx, filing_of(tx, filing_id), item_id, by, now, reason.strip(), evidence.strip())


def to_sign(desk: Desk, rows: Rows, filing: Filing) -> list[ChecklistItem]:
    """The tasks of a filing whose sign-off is missing or has expired."""
    signs = signs_of(rows, filing.id)
    return [item for item in signed_items(desk.checklist, tasks_of(rows, filing.id)) if standing(signs, item.id) is None]


def _sign(desk: Desk, tx: Transaction, filing: Filing, item_id: str, by: Colleague, now: datetime, reason: str,
          evidence: str) -> SignOff:
    tasks = tasks_of(tx, filing.id)
    item = next((one for one in signed_items(desk.checklist, tasks) if one.id == item_id), None)
    if item is None:
        raise BadInput(desk.words.say(by.lang, "error.sign_item", item=item_id))
    override = _allowed(desk, item, filing, tasks, by, reason)
    task = next(one for one in tasks if one.item == item.id)
    if item.evidence_required and not (evidence or task.evidence):
        raise BadInput(desk.words.say(by.lang, "error.sign_evidence", item=item.id, evidence=item.evidence.said(by.lang)))
    sign = _row(desk, tx, filing, item, by, now, reason, evidence or task.evidence, override=override)
    keep_sign(tx, sign)
    set_done(tx, task, by.id, evidence)
    _tell(desk, tx, filing, item, sign, by, now)
    return sign


def _allowed(desk: Desk, item: ChecklistItem, filing: Filing, tasks: list[FilingTask], by: Colleague, reason: str) -> bool:
    """False for whoever it belongs to, True for an override; NotAllowed for everybody else."""
    why = why_not_sign(item, by, filing, tasks)
    if why == "role" and by.role == OVERRIDE and reason:
        return True
    if why:
        raise NotAllowed(desk.words.say(by.lang, f"error.sign_{why}", item=item.id, id=filing.id,
                                        role=role_words(desk.words, by.lang, item.sign_off)))
    return False


def _row(desk: Desk, tx: Transaction, filing: Filing, item: ChecklistItem, by: Colleague, now: datetime, reason: str,
         evidence: str, *, override: bool) -> SignOff:
    entry = newest_list(tx, desk.ruleset)
    return SignOff(
        id=f"{filing.id}.{item.id}:{tx.number('sign-off')}", filing=filing.id, item=item.id, role=item.sign_off, by=by.id,
        by_role=by.role, at=now, rests_on=basis_of(desk, tx, filing), list_version=entry.version if entry else "",
        reason=reason, evidence=evidence, override=override)


def _tell(desk: Desk, tx: Transaction, filing: Filing, item: ChecklistItem, sign: SignOff, by: Colleague, now: datetime) -> None:
    note_audit(tx, filing.id, "override" if sign.override else "signed off", by.id, now, item=item.id, role=sign.role,
               reason=sign.reason, evidence=sign.evidence, list_version=sign.list_version, **sign.rests_on)
    want_ticket(tx, filing.id, now)
    tell(tx, desk, filing, f"sign:{sign.id}", lambda told: signed_reply(desk.words, told, item, sign, by), now)
    show_filing(tx, desk.words, filing, now)

"""A release is asked for, given or refused: by a person with the role, with a reason, on evidence, never by whoever wants it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk.authority import Authority, ask_authority
from bot.desk.gatehouse import (
    basis_of,
    expire_signs,
    gate_of,
    keep_sign,
    newest_list,
    release_items,
    releasers,
    set_done,
    tell,
    work_of,
)
from bot.desk.outbox import show, show_filing, want_ticket
from bot.desk.records import colleague, filing_of, keep, note_audit, tasks_of
from bot.domain.checklist import RELEASE
from bot.domain.filing import Filing
from bot.domain.gate import release_role
from bot.domain.people import Colleague
from bot.domain.signing import SignOff, why_not_release
from bot.errors import BadInput, NotAllowed
from bot.ports import Desk, Rows, Transaction
from bot.replies import Reply
from bot.replies.gate import absent_words, answered_reply, reason_line
from bot.replies.names import listed, role_words


def ask_release(desk: Desk, filing_id: str, by: Colleague, now: datetime) -> str:
    """Tell the release authority, once; a sentence for whoever asked. BadInput when nobody else could release it.

    Where all of them are away, their deputy is asked, if that person may release; else the sentence says who may, and when.
    """
    with desk.store.transaction() as tx:
        expire_signs(tx, desk, filing_of(tx, filing_id), "change", now)
        filing = filing_of(tx, filing_id)
        if filing.hold != "held":
            key = "release.already" if filing.hold == "released" else "release.asked.already"
            return desk.words.say(by.lang, key, id=filing.id)
        known = replace(filing, hold="asked", asked_by=by.id, requests=filing.requests + 1)
        _check_anybody(desk, tx, known, by)
        keep(tx, "filings", known)
        found = ask_authority(tx, desk, known, now)
        note_audit(tx, filing.id, "release asked", by.id, now, before="held", after="asked")
        show_filing(tx, desk.words, known, now)
        return _asked_words(desk, filing, found, by.lang)


def release_filing(desk: Desk, filing_id: str, reason: str, by: Colleague, now: datetime) -> SignOff | None:
    """Lift the hold; None when it was lifted already. NotAllowed for the wrong person, BadInput while something is missing."""
    with desk.store.transaction() as tx:
        expire_signs(tx, desk, filing_of(tx, filing_id), "change", now)
        filing = filing_of(tx, filing_id)
        _check(desk, filing, by, reason)
        if filing.hold == "released":
            return None
        _check_ready(desk, tx, filing, by, now)
        sign = _release(desk, tx, filing, reason.strip(), by, now)
        _answered(desk, tx, filing_of(tx, filing_id), "released", sign.reason, by, now)
        return sign


def refuse_release(desk: Desk, filing_id: str, reason: str, by: Colleague, now: datetime) -> None:
    """The filing stays on hold and may be asked for again; the asker reads why. BadInput when nobody has asked."""
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        _check(desk, filing, by, reason)
        if filing.hold != "asked":
            raise BadInput(desk.words.say(by.lang, "error.release_not_asked", id=filing.id))
        known = replace(filing, hold="held")
        keep(tx, "filings", known)
        note_audit(tx, filing.id, "release refused", by.id, now, before="asked", after="held", reason=reason.strip(),
                   asked_by=filing.asked_by)
        _answered(desk, tx, known, "refused", reason.strip(), by, now)


def _asked_words(desk: Desk, filing: Filing, found: Authority, lang: str) -> str:
    if found.there:
        names = listed(desk.words, lang, (one.name for one in found.there))
        return desk.words.say(lang, "release.asked.told", names=names)
    return desk.words.say(lang, "release.asked.nobody", id=filing.id, who=absent_words(desk.words, lang, found.may, found.away))


def _check_anybody(desk: Desk, rows: Rows, filing: Filing, by: Colleague) -> None:
    if not releasers(desk, rows, filing):
        code = release_role(desk.checklist)
        role = role_words(desk.words, by.lang, code)
        raise BadInput(desk.words.say(by.lang, "error.release_nobody", id=filing.id, role=role, code=code))


def _check(desk: Desk, filing: Filing, by: Colleague, reason: str) -> None:
    role = release_role(desk.checklist)
    why = why_not_release(by, role, filing)
    if why:
        said = role_words(desk.words, by.lang, role)
        raise NotAllowed(desk.words.say(by.lang, f"error.release_{why}", id=filing.id, role=said))
    if not reason.strip():
        raise BadInput(desk.words.say(by.lang, "error.no_reason"))


def _check_ready(desk: Desk, rows: Rows, filing: Filing, by: Colleague, now: datetime) -> None:
    gate = gate_of(desk, rows, filing, now)
    if not gate.releasable:
        missing = [reason_line(desk.words, by.lang, filing.zone, reason) for reason in gate.reasons
                   if reason.colour == "red" and reason.kind not in ("held", "asked")]
        raise BadInput(desk.words.say(by.lang, "error.release_missing", reasons=" · ".join(missing)))


def _release(desk: Desk, tx: Transaction, filing: Filing, reason: str, by: Colleague, now: datetime) -> SignOff:
    entry = newest_list(tx, desk.ruleset)
    sign = SignOff(
        id=f"{filing.id}.{RELEASE}:{tx.number('sign-off')}", filing=filing.id, item=RELEASE, role=by.role, by=by.id,
        by_role=by.role, at=now, rests_on=basis_of(desk, tx, filing) | work_of(desk, tx, filing),
        list_version=entry.version if entry else "", reason=reason)
    keep_sign(tx, sign)
    keep(tx, "filings", replace(filing, hold="released"))
    for task in tasks_of(tx, filing.id):
        if task.item in release_items(desk):
            set_done(tx, task, by.id, sign.id)
    want_ticket(tx, filing.id, now)
    note_audit(tx, filing.id, "released", by.id, now, before=filing.hold, after="released", reason=reason,
               asked_by=filing.asked_by, sign_off=sign.id, evidence=" · ".join(_evidence(desk, tx, filing)), **sign.rests_on)
    return sign


def _evidence(desk: Desk, rows: Rows, filing: Filing) -> list[str]:
    needed = {item.id for item in desk.checklist.items if item.evidence_required}
    return [desk.words.say(filing.lang, "release.evidence", item=task.item, evidence=task.evidence)
            for task in tasks_of(rows, filing.id) if task.item in needed and task.evidence]


def _answered(desk: Desk, tx: Transaction, filing: Filing, outcome: str, reason: str, by: Colleague, now: datetime) -> None:
    """Said in the thread, to whoever asked, and in place of the request everywhere it was shown."""

    def drawn(told: Filing) -> Reply:
        evidence = _evidence(desk, tx, told) if outcome == "released" else ()
        return answered_reply(desk.words, told.lang, told, outcome, by, reason, now, evidence)

    calls = tuple(dict.fromkeys(one for one in (filing.owner, filing.asked_by) if one))
    tell(tx, desk, filing, f"{outcome}:{filing.id}:{tx.number('release answer')}",
         lambda told: replace(drawn(told), calls=calls), now)
    for row in tx.where("outbox", "subject", filing.id):
        if str(row.get("name", "")).startswith(f"release:{filing.id}:{filing.requests}:"):
            lang = colleague(tx, row["channel"]).lang
            show(tx, row["name"], row["channel"], "", drawn(replace(filing, lang=lang)), now, filing.id)
    show_filing(tx, desk.words, filing, now)

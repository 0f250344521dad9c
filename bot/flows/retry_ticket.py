"""What the tracker refused is tried again, once a person has mended it or given the values asked for; what is gone, made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.desk.outbox import show_filing, tell_owner, want_ticket
from bot.desk.records import filing_of, filings, keep, note_audit
from bot.domain.filing import OPEN_STATES, Filing
from bot.domain.people import Colleague, may
from bot.errors import NotAllowed
from bot.ports import Desk, Transaction


def retry_ticket(desk: Desk, filing_id: str, by: Colleague, now: datetime) -> None:
    """Want the ticket again, and what was deleted anew; harmless when nothing is wrong (any more). NotAllowed."""
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        _allow(desk, filing, by)
        _again(desk, tx, filing, by, now)


def give_values(desk: Desk, filing_id: str, values: Mapping[str, str], by: Colleague, now: datetime) -> None:
    """Keep what a person gave for fields of this one ticket, by field id in plain words ("" takes it back), and try again."""
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        _allow(desk, filing, by)
        extra = {name: value for name, value in {**filing.extra, **values}.items() if value}
        note_audit(tx, filing.id, "ticket fields given", by.id, now, before=dict(filing.extra), after=extra)
        keep(tx, "filings", replace(filing, extra=extra))
        _again(desk, tx, replace(filing, extra=extra), by, now)


def retry_all(desk: Desk, by: Colleague, now: datetime, *, everything: bool = False) -> int:
    """Try every parked filing again that this person may mend; with `everything`, look at each open one for what is gone."""
    wanted = [filing.id for filing in filings(desk.store)
              if filing.state in (OPEN_STATES if everything else ("parked",)) and may_mend(filing, by)]
    with desk.store.transaction() as tx:
        for filing_id in wanted:
            _again(desk, tx, filing_of(tx, filing_id), by, now)
    return len(wanted)


def may_mend(filing: Filing, by: Colleague) -> bool:
    """The owner, whoever opened it, and the roles that may for any filing."""
    return by.id in (filing.owner, filing.opened_by) or may(by.role, "retry_ticket")


def _allow(desk: Desk, filing: Filing, by: Colleague) -> None:
    if not may_mend(filing, by):
        raise NotAllowed(desk.words.say(by.lang, "error.retry_role"))


def _again(desk: Desk, tx: Transaction, filing: Filing, by: Colleague, now: datetime) -> None:
    if filing.state not in OPEN_STATES:
        return
    if filing.state == "parked":
        filing = replace(filing, state="open" if filing.ticket else "opening", trouble="")
        keep(tx, "filings", filing)
    want_ticket(tx, filing.id, now, recheck=True)
    show_filing(tx, desk.words, filing, now)
    tell_owner(tx, desk.words, filing, now)
    note_audit(tx, filing.id, "ticket retried", by.id, now)

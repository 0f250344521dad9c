"""A ticket the tracker refused is tried again, once a person has mended what was wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.people import Colleague
from bot.outbox import show_filing, want_ticket
from bot.ports import Desk
from bot.records import filing_of, keep, note_audit


def retry_ticket(desk: Desk, filing_id: str, by: Colleague, now: datetime) -> None:
    """Want the ticket again, and what was deleted anew; harmless when nothing is wrong (any more)."""
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        if filing.state != "parked":
            return
        known = replace(filing, state="opening" if not filing.ticket else "open", trouble="")
        keep(tx, "filings", known)
        want_ticket(tx, filing.id, now, recheck=True)
        show_filing(tx, desk.words, known, now)
        note_audit(tx, filing.id, "ticket retried", by.id, now, before=filing.trouble)

"""A market list that was compared waits for a second person: whoever compared it asks, the others who may publish see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.desk.outbox import show
from bot.desk.records import colleague, colleagues, note_audit
from bot.domain.market_list import Doubt, MarketList
from bot.domain.people import Colleague, who_may
from bot.errors import BadInput, NotFound
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies import Reply

Drawn = Callable[[Colleague], Reply]
"""The message as this person reads it."""


def keep_proposal(desk: Desk, key: str, new: MarketList, doubts: Sequence[Doubt], by: Colleague, dry_run: Reply,
                  now: datetime) -> None:
    """Keep the list under a key and show its dry run to who compared it; a redelivery changes nothing."""
    with desk.store.transaction() as tx:
        if tx.get("notes", f"list:{key}") is None:
            tx.put("notes", {"id": f"list:{key}", "list": new.to_row(), "by": by.id, "at": now.isoformat(),
                             "doubts": [str(doubt) for doubt in doubts]})
            show(tx, f"dry_run:{key}", by.id, "", dry_run, now)


def proposal_of(rows: Rows, key: str) -> Row:
    """The row that was kept: list, by, doubts; NotFound where there is none."""
    row = rows.get("notes", f"list:{key}")
    if row is None:
        raise NotFound("This comparison is not known any more; compare the list again.").named("no_comparison")
    return row


def ask_second(desk: Desk, key: str, by: Colleague, drawn: Drawn, asked: Callable[[Sequence[Colleague]], Reply],
               now: datetime) -> None:
    """Show the list to all others who may publish it; `asked` is what the asker's message becomes. BadInput where nobody may."""
    with desk.store.transaction() as tx:
        row = proposal_of(tx, key)
        others = [person for person in who_may("publish_list", colleagues(tx)) if person.id != row["by"]]
        if not others:
            raise BadInput(desk.words.say(by.lang, "error.no_second"))
        for person in others:
            show(tx, f"publish:{key}:{person.id}", person.id, "", drawn(colleague(tx, person.id)), now)
        tx.put("notes", row | {"asked": [person.id for person in others]})
        show(tx, f"dry_run:{key}", row["by"], "", asked(others), now)
        note_audit(tx, row["list"]["id"], "list proposed", by.id, now, asked=", ".join(person.id for person in others))


def settle_proposal(desk: Desk, key: str, drawn: Drawn, now: datetime) -> None:
    """It is published: everybody who has it before them reads that, and no button is left."""
    with desk.store.transaction() as tx:
        row = proposal_of(tx, key)
        _settle(tx, f"dry_run:{key}", row["by"], drawn, now)
        for person in row.get("asked", ()):
            _settle(tx, f"publish:{key}:{person}", person, drawn, now)


def _settle(tx: Transaction, name: str, person: str, drawn: Drawn, now: datetime) -> None:
    show(tx, name, person, "", drawn(colleague(tx, person)), now)

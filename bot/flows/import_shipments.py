"""A table of shipments is kept until somebody confirms it, then stored whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.people import Colleague
from bot.domain.rows import from_row, to_row
from bot.domain.shipment import ShipmentLine
from bot.errors import NotFound
from bot.ports import Desk, Transaction

KEPT = timedelta(days=7)
"""How long an offered import waits for its button."""


def keep_table(desk: Desk, lines: Iterable[ShipmentLine], by: Colleague, key: str, now: datetime) -> str:
    """Keep the good lines; returns the token the import button carries."""
    with desk.store.transaction() as tx:
        _forget_old(tx, now)
        tx.put("notes", {"id": f"table:{key}", "by": by.id, "at": now.isoformat(), "lines": [to_row(line) for line in lines]})
    return f"table:{key}"


def _forget_old(tx: Transaction, now: datetime) -> None:
    """Tables and lists that nobody confirmed; there are never many notes, so reading all of them is cheap."""
    for row in list(tx.every("notes")):
        offered = row["id"].startswith(("table:", "list:"))
        if offered and now - datetime.fromisoformat(row["at"]) > KEPT:
            tx.remove("notes", row["id"])


def kept_table(desk: Desk, token: str, lang: str) -> list[ShipmentLine]:
    """The lines kept under a token; NotFound once they were imported."""
    row = desk.store.get("notes", token)
    if row is None:
        raise NotFound(desk.words.say(lang, "table.gone"))
    return [from_row(ShipmentLine, line) for line in row["lines"]]


def forget_table(desk: Desk, token: str) -> None:
    """The table was imported."""
    with desk.store.transaction() as tx:
        tx.remove("notes", token)

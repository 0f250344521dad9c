"""Jira calls: each call is taken once, and only as a hint which of our tickets to look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.ports import Desk


def hear_webhook(desk: Desk, identifier: str, keys: Iterable[str], now: datetime) -> list[str]:
    """Which of these tickets are ours and should be looked at; none for a call that was heard before (Jira repeats itself)."""
    with desk.store.transaction() as tx:
        heard = f"webhook:{identifier}"
        if tx.get("seen", heard):
            return []
        tx.put("seen", {"id": heard, "at": now.isoformat()})
        return [key for key in keys if any(tx.where(table, "ticket", key) for table in ("filings", "tasks"))]

"""After a start, what waited for a service or was refused is tried at once: that may be why somebody restarted."""

from __future__ import annotations

from datetime import datetime

from bot.ports import Desk, Row

DUES = ("chat_due", "tracker_due")


def take_up_again(desk: Desk, now: datetime) -> int:
    """Make every delivery that waits after failed tries due now, and whatever was refused; returns how many.

    A fresh token or a field mapped in config/ takes a restart. What was deleted in the tracker is left to people.
    """
    with desk.store.transaction() as tx:
        rows = [row for row in tx.every("outbox") if _stuck(row)]
        for row in rows:
            tx.put("outbox", row | _due_now(row, now))
    return len(rows)


def _stuck(row: Row) -> bool:
    refused = "reply" in row or row.get("kind") == "Refused"
    return (row["state"] == "waiting" and bool(row.get("tries"))) or (row["state"] == "failed" and refused)


def _due_now(row: Row, now: datetime) -> Row:
    if row["state"] == "failed":
        return {"state": "waiting", "error": "", "chat_due" if "reply" in row else "tracker_due": now.isoformat()}
    return {due: min(row[due], now.isoformat()) for due in DUES if row.get(due)}

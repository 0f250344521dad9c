"""After a start, what waited for a service or was refused by the chat is tried at once: that may be why somebody restarted."""

from __future__ import annotations

from datetime import datetime

from bot.ports import Desk, Row

DUES = ("chat_due", "tracker_due")


def take_up_again(desk: Desk, now: datetime) -> int:
    """Make every delivery that waits after failed tries due now, and every message that was refused; returns how many.

    A ticket the tracker refused has its own button, in sight of whoever can mend it; a message that could not be sent has none.
    """
    with desk.store.transaction() as tx:
        rows = [row for row in tx.every("outbox") if _stuck(row)]
        for row in rows:
            tx.put("outbox", row | _due_now(row, now))
    return len(rows)


def _stuck(row: Row) -> bool:
    return (row["state"] == "waiting" and bool(row.get("tries"))) or (row["state"] == "failed" and "reply" in row)


def _due_now(row: Row, now: datetime) -> Row:
    if row["state"] == "failed":
        return {"state": "waiting", "error": "", "chat_due": now.isoformat()}
    return {due: min(row[due], now.isoformat()) for due in DUES if row.get(due)}

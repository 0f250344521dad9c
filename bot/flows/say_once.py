"""Something is said through the outbox: once per name, however often it is asked for; or said anew, in place."""

from __future__ import annotations

from datetime import datetime

from bot.desk.outbox import show
from bot.ports import Desk
from bot.replies import Reply


def say_once(desk: Desk, name: str, channel: str, thread: str, reply: Reply, now: datetime) -> None:
    """Want the message `name` there; a second wish for it, as after a redelivery, changes nothing."""
    with desk.store.transaction() as tx:
        if tx.get("outbox", f"show:{name}") is None:
            show(tx, name, channel, thread, reply, now)


def said_once(desk: Desk, name: str) -> bool:
    """Whether this was said, or waits to be."""
    return desk.store.get("outbox", f"show:{name}") is not None


def say_anew(desk: Desk, name: str, reply: Reply, now: datetime) -> None:
    """Let the message `name` read like this from now on; nothing happens where it was never wanted."""
    with desk.store.transaction() as tx:
        row = tx.get("outbox", f"show:{name}")
        if row:
            show(tx, name, row["channel"], row["thread"], reply, now, row["subject"])

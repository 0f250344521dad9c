"""When a channel takes the next message: Slack allows about one post a second in each, and says so where it wants fewer."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk.delivering import after
from bot.desk.outbox import shown_at
from bot.ports import Desk, Row, Rows


def held_until(desk: Desk, row: Row, now: datetime) -> datetime | None:
    """When the message may be tried, where that is not now: its channel asked for patience, or was just posted to.

    Edits have no turn to wait for: Slack counts them by the workspace.
    """
    patient = _patience(desk.store, now).get(row["channel"])
    if patient:
        return datetime.fromisoformat(patient)
    free = _free_at(desk, row["channel"], now)
    return free if free > now and shown_at(desk.store, row["name"]) is None else None


def ask_for_patience(desk: Desk, channel: str, until: str, now: datetime) -> None:
    """The channel takes nothing until then: what else waits for it need not find out by itself."""
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": "quiet", "until": _patience(tx, now) | {channel: until}})


def take_turn(desk: Desk, channel: str, now: datetime) -> None:
    """Something is about to be posted there. Noted before the call, as a post whose answer is lost counts for Slack too."""
    with desk.store.transaction() as tx:
        recent = {one: at for one, at in _turns(tx).items() if at > after(now, -desk.delivery.pace)}
        tx.put("notes", {"id": "turns", "at": recent | {channel: now.isoformat()}})


def took_turn(rows: Rows, channel: str, now: datetime) -> bool:
    """Whether it was posted to at this very instant."""
    return _turns(rows).get(channel) == now.isoformat()


def _free_at(desk: Desk, channel: str, now: datetime) -> datetime:
    """A turn of the future was noted before the clock was put back, and holds up nobody."""
    at = _turns(desk.store).get(channel, "")
    return datetime.fromisoformat(at) + timedelta(seconds=desk.delivery.pace) if at and at <= now.isoformat() else now


def _turns(rows: Rows) -> dict[str, str]:
    return dict((rows.get("notes", "turns") or {}).get("at", {}))


def _patience(rows: Rows, now: datetime) -> dict[str, str]:
    known = (rows.get("notes", "quiet") or {}).get("until", {})
    return {channel: until for channel, until in known.items() if until > now.isoformat()}

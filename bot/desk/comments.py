"""Comments on tickets, both ways: wished for here and written there once; written there and shown in the filing's thread once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.desk.outbox import show, want_ticket
from bot.domain.filing import Filing
from bot.ports import Comment, Desk, Row, Rows, Transaction
from bot.replies.tasks import comment_reply


def on_ticket(desk: Desk, filing: Filing) -> Filing:
    """The filing as its ticket tells of it: in the desk's language, as many read it there, whoever opened it here."""
    return replace(filing, lang=desk.lang)


def want_comment(tx: Transaction, marker: str, filing: str, task: str, text: str, now: datetime) -> None:
    """Want the text as a comment on the ticket of the filing, or of one task of it; the same marker is wanted once."""
    if tx.get("comments", marker) is None:
        tx.put("comments", {"id": marker, "filing": filing, "task": task, "text": text, "at": now.isoformat(), "unsent": filing})
        want_ticket(tx, filing, now)


def unsent_comment(rows: Rows, filing: str) -> Row | None:
    """The oldest comment of the filing that is still to be written."""
    return next(iter(rows.where("comments", "unsent", filing)), None)


def comment_sent(tx: Transaction, wish: Row) -> None:
    """It stands in the tracker."""
    tx.put("comments", wish | {"unsent": None})


def show_comment(tx: Transaction, desk: Desk, filing: Filing, item: str, key: str, comment: Comment, now: datetime) -> None:
    """Want what somebody wrote on ticket `key` in the filing's thread; a changed one is changed there, our own is not shown."""
    if not comment.marker:
        reply = comment_reply(desk.words, filing, item, key, comment)
        show(tx, f"comment:{filing.id}:{comment.id}", filing.channel, filing.thread, reply, now, filing.id,
             under=f"filing:{filing.id}")

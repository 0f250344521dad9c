"""How a wish is written into the outbox: in the same transaction as the fact it follows from."""

from __future__ import annotations

from datetime import datetime

from bot.desk.records import colleague, tasks_of
from bot.domain.filing import Filing
from bot.domain.rows import from_row
from bot.ports import Row, Rows, Transaction
from bot.replies import Reply, Words
from bot.replies.filings import filing_reply, filing_title
from bot.replies.trouble import parked_reply


def show(tx: Transaction, name: str, channel: str, thread: str, reply: Reply, now: datetime, subject: str = "",
         under: str = "") -> None:
    """Want the message `name` to read like this: posted where it is not there yet, else edited in place.

    `channel` may be a person's id (a direct message); `subject` is what it is about ("F-12"), for the ledger. Without a
    thread, `under` names the message in whose thread it belongs; it waits until that one is posted.
    """
    before = tx.get("outbox", f"show:{name}") or {"version": 0, "tries": 0, "trying": None}
    wanted: Row = {"name": name, "channel": channel, "thread": thread, "subject": subject, "under": under,
                   "reply": reply.to_row()}
    if before.get("state") in ("waiting", "sent") and all(before.get(key) == value for key, value in wanted.items()):
        return  # it reads like this already, or will
    wish: Row = {"id": f"show:{name}", "version": before["version"] + 1, "state": "waiting", "error": "",
                 "chat_due": before.get("chat_due") or now.isoformat()}
    tx.put("outbox", before | wanted | wish)


def want_ticket(tx: Transaction, filing: str, now: datetime, *, recheck: bool = False) -> None:
    """Want the tracker to agree with what is stored of this filing; with `recheck`, make what was deleted there anew."""
    before = tx.get("outbox", f"ticket:{filing}") or {"tries": 0, "trying": None}
    wish: Row = {"id": f"ticket:{filing}", "filing": filing, "subject": filing, "state": "waiting", "error": "",
                 "recheck": recheck or before.get("recheck", False),
                 "tracker_due": before.get("tracker_due") or now.isoformat()}
    tx.put("outbox", before | wish)


TAKEN_BACK = "taken back"
"""The state of a message that was never posted and is not wanted any more."""
STUCK_TRIES = 5


def stuck(rows: Rows) -> list[Row]:
    """What is not delivered: refused, or tried several times in vain; a mistake of our own says so under "mistake"."""
    waiting = [row for row in rows.where("outbox", "state", "waiting") if row["tries"] >= STUCK_TRIES or row.get("mistake")]
    return [*rows.where("outbox", "state", "failed"), *waiting]


def quiet_until(rows: Rows) -> str:
    """Until when the tracker asked everybody for patience (an instant of the past where it no longer does), or ""."""
    return str((rows.get("notes", "tracker") or {}).get("quiet_until", ""))


def shown_at(rows: Rows, name: str) -> str | None:
    """The ts of a message that has been posted, or None."""
    message = rows.get("messages", name)
    return str(message["ts"]) if message else None


def place_of(channel: str, thread: str) -> str:
    """Where a thread is: its ts is unique in its channel only. "C1:" until an answer without a thread is posted."""
    return f"{channel}:{thread}"


def thread_link(rows: Rows, filing: Filing) -> str:
    """The address of the thread or message a filing is followed in, or "" while it is not known."""
    site = (rows.get("notes", "site") or {}).get("url", "")
    message = rows.get("messages", f"filing:{filing.id}")
    if not site or not message or not message["channel"].startswith(("C", "D", "G")):
        return ""
    ts = (filing.thread or message["ts"]).replace(".", "")
    return f"{site.rstrip('/')}/archives/{message['channel']}/p{ts}"


def filings_in(rows: Rows, channel: str, thread: str) -> list[Filing]:
    """The filings that are followed in this thread, oldest first."""
    known = (from_row(Filing, row) for row in rows.every("filings") if row["channel"] == channel)
    return [filing for filing in known if thread and thread == (filing.thread or shown_at(rows, f"filing:{filing.id}"))]


def tell_owner(tx: Transaction, words: Words, filing: Filing, now: datetime) -> None:
    """The owner hears in a message of their own, once, that a person is needed; the same message says when it is mended."""
    row = tx.get("outbox", f"ticket:{filing.id}")
    if row is None or not (row.get("told") or filing.state == "parked"):
        return
    told, settled = row.get("told") or f"parked:{filing.id}:{tx.number('parked')}", row["state"] == "sent"
    reply = parked_reply(words, colleague(tx, filing.owner).lang, filing_title(words, filing), filing, settled=settled)
    show(tx, told, filing.owner, "", reply, now, filing.id)
    tx.put("outbox", row | {"told": "" if settled and filing.state != "parked" else told})


def show_filing(tx: Transaction, words: Words, filing: Filing, now: datetime) -> None:
    """Want the filing's one message to say how it stands now."""
    reply = filing_reply(words, filing, tasks_of(tx, filing.id))
    show(tx, f"filing:{filing.id}", filing.channel, filing.thread, reply, now, filing.id)

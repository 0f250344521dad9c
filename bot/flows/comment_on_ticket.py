"""Something said in a filing's thread goes to its ticket as a comment, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.desk.comments import want_comment
from bot.desk.outbox import filings_in
from bot.desk.records import filing_of, tasks_of
from bot.domain.filing import Filing, FilingTask
from bot.domain.people import Colleague
from bot.errors import BadInput, NotFound
from bot.ports import Desk, Rows
from bot.replies.names import listed


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said: `key` is unique to the message ("C1:12.34"); `filing` and `item` where they were named ("F-12", "N3")."""

    key: str
    channel: str
    thread: str
    text: str
    author: str
    link: str = ""
    filing: str = ""
    item: str = ""


def comment_on_ticket(desk: Desk, remark: Remark, by: Colleague, now: datetime) -> tuple[Filing, FilingTask | None]:
    """Want it on the ticket of the filing or of one task; NotFound outside of a filing's thread, BadInput where it is unclear."""
    with desk.store.transaction() as tx:
        filing = _filing(desk, tx, remark, by)
        task = _task(desk, tx, filing, remark.item.upper(), by)
        if not remark.text.strip():
            raise BadInput(desk.words.say(by.lang, "error.empty_comment"))
        text = desk.words.say(desk.lang, "ticket.said_in_slack", name=remark.author, text=remark.text.strip())
        said = "\n".join(filter(None, [text, remark.link]))
        want_comment(tx, f"said:{remark.key}", filing.id, task.id if task else "", said, now)
    return filing, task


def _filing(desk: Desk, rows: Rows, remark: Remark, by: Colleague) -> Filing:
    here = filings_in(rows, remark.channel, remark.thread)
    if remark.filing:
        return filing_of(rows, remark.filing)
    if not here:
        raise NotFound(desk.words.say(by.lang, "error.no_filing_here"))
    if len(here) > 1:
        ids = listed(desk.words, by.lang, (filing.id for filing in here))
        raise BadInput(desk.words.say(by.lang, "error.which_filing", ids=ids, first=here[0].id))
    return here[0]


def _task(desk: Desk, rows: Rows, filing: Filing, item: str, by: Colleague) -> FilingTask | None:
    tasks = {task.item.upper(): task for task in tasks_of(rows, filing.id)}
    if item and item not in tasks:
        raise BadInput(desk.words.say(by.lang, "error.no_such_task", item=item, id=filing.id))
    return tasks.get(item)

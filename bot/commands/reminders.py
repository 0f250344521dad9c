"""`filingdesk reminders`: the ledger of every reminder, and the proof of a day."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.adapters.storage import read_store
from bot.commands.saying import Data, day_of, desk_over, print_reply, settings_of, started, told
from bot.desk.ledger import entry_of, planned_ahead, proof_of
from bot.desk.records import colleague
from bot.domain.proof import Entry
from bot.domain.reminding import Reminder
from bot.domain.rows import from_row
from bot.errors import BadInput
from bot.ports import Rows
from bot.replies.proof import ahead_reply, proof_reply

app = typer.Typer(no_args_is_help=True, help="The ledger of reminders: what was due, sent, answered, or why not.")
COLUMNS = ("id", "owner", "due", "state", "outcome", "sent", "to", "ts", "answered", "why")


@app.command("list")
@told
def list_reminders(
    subject: Annotated[str, typer.Option(help="Only about this filing or shipment, as F-12 or S-3.")] = "",
    person: Annotated[str, typer.Option(help="Only of this owner, by chat id.")] = "",
    on: Annotated[str, typer.Option(help="Only due on this day (YYYY-MM-DD, UTC).")] = "",
    state: Annotated[str, typer.Option(help="pending, sent, done, skipped or replanned.")] = "",
    output: Annotated[str, typer.Option("--format", help="text, json or csv")] = "text",
    data: Data = None,
) -> None:
    """Every reminder with what became of it, in the order they are due."""
    if output not in ("text", "json", "csv"):
        raise BadInput("--format takes text, json or csv.")
    rows = read_store(settings_of(data).data)
    chosen = [one for one in _chosen(rows, subject, person, on) if not state or one.state == state]
    lines = [_line(entry_of(rows, one)) for one in sorted(chosen, key=lambda one: (one.due_on, one.id))]
    _write(lines, output)


@app.command()
@told
def proof(on: Annotated[str, typer.Option(help="The day (YYYY-MM-DD) in the desk's zone; today by default.")] = "",
          data: Data = None) -> None:
    """Whether all reminders of a day went out; ends with 1 where one did not. Of a day ahead: what is planned for it."""
    settings, files = started(data)
    rows = read_store(settings.data)
    desk = desk_over(files, rows)
    begin = datetime.combine(day_of(on, desk), time(0), ZoneInfo(desk.zone))
    now, end = datetime.now(ZoneInfo(desk.zone)), begin + timedelta(days=1)
    if begin > now:
        planned = planned_ahead(rows, begin.astimezone(UTC), end.astimezone(UTC))
        print_reply(ahead_reply(desk.words, desk.lang, begin.date(), planned, lambda who: colleague(rows, who).name))
        return
    found = proof_of(rows, begin.astimezone(UTC), min(end, now).astimezone(UTC))
    print_reply(proof_reply(desk.words, desk.lang, desk.zone, found, lambda who: colleague(rows, who).name))
    if len(found.out) < len(found.due):
        raise typer.Exit(1)


def _chosen(rows: Rows, subject: str, person: str, on: str) -> Iterator[Reminder]:
    """By the narrowest index that was named; the others are looked at in what it brings."""
    wanted = {"subject": subject.upper(), "owner": person, "due_on": on}
    named = [(field, value) for field, value in wanted.items() if value]
    found = rows.where("reminders", *named[0]) if named else rows.every("reminders")
    return (from_row(Reminder, row) for row in found if all(row[field] == value for field, value in named))


def _line(entry: Entry) -> dict[str, Any]:
    one = entry.reminder
    return dict(zip(COLUMNS, (
        one.id, one.owner, _said(one.planned_for), one.state, entry.outcome, _said(one.sent_at), one.sent_to, entry.ts,
        f"{one.answered_by} {_said(one.answered_at)}".strip(), entry.why), strict=True))


def _said(instant: datetime | None) -> str:
    return instant.isoformat(timespec="minutes") if instant else ""


def _write(lines: list[dict[str, Any]], output: str) -> None:
    if output == "csv":
        table = csv.DictWriter(sys.stdout, COLUMNS)
        table.writeheader()
        table.writerows(lines)
        return
    for line in lines:
        said = json.dumps(line, ensure_ascii=False) if output == "json" else " · ".join(filter(None, line.values()))
        typer.echo(said)

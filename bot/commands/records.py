"""`filingdesk filings` and `audit`: what is recorded, also while the bot runs."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.storage import Snapshot, read_store
from bot.app import read_files
from bot.commands.saying import Data, desk_over, err, out, print_reply, settings_of, told
from bot.domain.audit import broken_at
from bot.errors import BadInput
from bot.records import filing_of, filings, tasks_of
from bot.replies.filings import filings_reply, plan_reply
from bot.settings import Settings

filings_app = typer.Typer(no_args_is_help=True, help="Filings and their plans.")
audit_app = typer.Typer(no_args_is_help=True, help="Who did what, when: the chained trail.")


@filings_app.command("list")
@told
def list_filings(data: Data = None) -> None:
    """Every filing, one line each."""
    settings, rows = _start(data)
    desk = desk_over(read_files(settings), rows)
    print_reply(filings_reply(desk.words, desk.lang, [(filing, tasks_of(rows, filing.id)) for filing in filings(rows)]))


@filings_app.command("show")
@told
def show_filing(filing_id: Annotated[str, typer.Argument(help="F-12")], data: Data = None) -> None:
    """The whole plan of one filing."""
    settings, rows = _start(data)
    filing = filing_of(rows, filing_id)
    print_reply(plan_reply(desk_over(read_files(settings), rows).words, filing, tasks_of(rows, filing.id)))


@audit_app.command("verify")
@told
def verify(data: Data = None) -> None:
    """Follow the chain from its first line to its last; names the first line that was changed or is missing."""
    _, rows = _start(data)
    lines = list(rows.every("audit"))
    broken = broken_at(lines, (rows.get("notes", "audit") or {}).get("chain"))
    if broken:
        err.print(f"The audit trail is broken at {broken}: that line was changed, or one before it is missing.")
        raise typer.Exit(1)
    out.print(f"{len(lines)} lines, unbroken.")


@audit_app.command("export")
@told
def export(
    output: Annotated[str, typer.Option("--format", help="json or csv")] = "json",
    subject: Annotated[str, typer.Option(help="Only what is about this, as F-12.")] = "",
    data: Data = None,
) -> None:
    """Write the trail to standard output, a line each."""
    if output not in ("json", "csv"):
        raise BadInput("--format takes json or csv.")
    _, rows = _start(data)
    lines = [line for line in rows.every("audit") if not subject or line["subject"].startswith(subject)]
    if output == "json":
        for line in lines:
            typer.echo(json.dumps(line, ensure_ascii=False))
        return
    table = csv.writer(sys.stdout)
    table.writerow(["id", "at", "subject", "act", "by", "details", "chain"])
    table.writerows([*(line[name] for name in ("id", "at", "subject", "act", "by")),
                     json.dumps(line["details"], ensure_ascii=False), line.get("chain", "")] for line in lines)


def _start(data: Path | None) -> tuple[Settings, Snapshot]:
    settings = settings_of(data)
    return settings, read_store(settings.data)

"""`filingdesk filings`: what is recorded, also while the bot runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.storage import Snapshot, read_store
from bot.app import read_files
from bot.commands.saying import Data, desk_over, print_reply, settings_of, told
from bot.records import filing_of, filings, tasks_of
from bot.replies.filings import filings_reply, plan_reply
from bot.settings import Settings

filings_app = typer.Typer(no_args_is_help=True, help="Filings and their plans.")


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


def _start(data: Path | None) -> tuple[Settings, Snapshot]:
    settings = settings_of(data)
    return settings, read_store(settings.data)

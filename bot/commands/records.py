"""`filingdesk filings`: what is recorded, also while the bot runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.storage import Snapshot, read_store
from bot.app import read_files
from bot.commands.saying import Data, day_of, desk_over, print_reply, settings_of, told
from bot.domain.standing import Wanted, chosen
from bot.errors import NotFound
from bot.ports import Rows
from bot.records import colleagues, filing_of, standings, tasks_of
from bot.replies.filing_lists import filings_reply
from bot.replies.filings import plan_reply
from bot.settings import Settings

filings_app = typer.Typer(no_args_is_help=True, help="Filings and their plans.")


@filings_app.command("list")
@told
def list_filings(
    late: Annotated[bool, typer.Option("--late", help="With a task overdue, or the ETD behind.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Submitted, not completed: it is the authority's turn.")] = False,
    hold: Annotated[bool, typer.Option("--hold", help="Not released to ship.")] = False,
    of: Annotated[str, typer.Option(help="Of this person: chat id, e-mail or name.")] = "",
    until: Annotated[str, typer.Option(help="With an ETD up to this day (YYYY-MM-DD).")] = "",
    closed: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    data: Data = None,
) -> None:
    """The open filings, next ETD first, one line each; options narrow them, all together."""
    settings, rows = _start(data)
    desk = desk_over(read_files(settings), rows)
    wanted = Wanted(bool(of), late, waiting, hold, closed, day_of(until, desk) if until else None)
    found = chosen(standings(rows, day_of("", desk)), wanted, _person(rows, of))
    print_reply(filings_reply(desk.words, desk.lang, found, wanted, shown=len(found)))


def _person(rows: Rows, said: str) -> str:
    """The id of the one person that is meant. NotFound."""
    found = [person.id for person in colleagues(rows) if said.casefold() in
             (person.id.casefold(), person.email.casefold(), person.name.casefold())]
    if said and len(found) != 1:
        raise NotFound(f"{said!r} names {len(found) or 'nobody'} of the people known here; write an e-mail or a chat id.")
    return found[0] if said else ""


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

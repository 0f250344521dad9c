"""`filingdesk filings`: what is recorded, also while the bot runs."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.adapters.inbox_folder import InboxFolder
from bot.adapters.storage import Snapshot, open_store, read_store
from bot.adapters.system_clock import SystemClock
from bot.adapters.timeline_png import PillowPainter
from bot.app import Files, open_desk, read_files
from bot.commands.saying import Data, day_of, desk_over, out, print_reply, settings_of, told
from bot.datafiles.evidence_pack import packed
from bot.desk.plans import standing_told_in
from bot.desk.records import colleagues, filing_of, standings, tasks_of
from bot.domain.people import Colleague
from bot.domain.standing import Wanted, chosen
from bot.errors import BadInput, NotFound, StoreBusy
from bot.flows.pack_evidence import make_pack, note_pack
from bot.ports import Rows
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
    told_here = [standing_told_in(desk, one, desk.lang) for one in found]
    print_reply(filings_reply(desk.words, desk.lang, told_here, wanted, shown=len(found)))


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
    today = SystemClock().now().astimezone(ZoneInfo(filing.zone)).date()
    print_reply(plan_reply(desk_over(read_files(settings), rows).words, filing, tasks_of(rows, filing.id), today))


@filings_app.command("export")
@told
def export(
    filing_id: Annotated[str, typer.Argument(help="F-12")],
    out_file: Annotated[Path | None, typer.Option("--out", help="The file to write; else named by filing and time.")] = None,
    lang: Annotated[str, typer.Option(help="en or zh; by default the desk's.")] = "",
    by: Annotated[str, typer.Option(help="Who makes it, for its manifest.")] = "command line",
    data: Data = None,
) -> None:
    """Write the evidence pack of a filing, also while the bot runs: a ZIP with everything known of it, to read and to check."""
    if lang not in ("", "en", "zh"):
        raise BadInput("--lang takes en or zh.")
    settings, rows = _start(data)
    files = read_files(settings)
    desk, clock = desk_over(files, rows), SystemClock()
    maker = Colleague(id=by, name=by, lang=lang or desk.lang)
    tracker = files.tracker(settings, desk.store, clock)
    filing = filing_of(rows, filing_id).id
    name, content = make_pack(desk, nullcontext(rows), tracker, PillowPainter(), packed, filing, maker, clock.now())
    _note(settings, files, filing, hashlib.sha256(content).hexdigest(), by)
    _write(out_file or Path(name), content)


def _note(settings: Settings, files: Files, filing: str, sha256: str, by: str) -> None:
    """In the audit trail before the file is there; a bot that runs keeps the trail, and notes it as soon as it can."""
    try:
        store = open_store(settings.data)
    except StoreBusy:
        InboxFolder(settings.data).leave({"act": "note_pack", "filing": filing, "sha256": sha256, "by": by})
        return
    try:
        note_pack(open_desk(files, store), filing, sha256, by, SystemClock().now())
    finally:
        store.close()


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}.") from None
    out.print(f"Wrote {file} ({len(content):,} bytes). To check it: filingdesk audit verify --pack {file}", markup=False)


def _start(data: Path | None) -> tuple[Settings, Snapshot]:
    settings = settings_of(data)
    return settings, read_store(settings.data)

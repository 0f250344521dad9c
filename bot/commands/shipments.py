"""`filingdesk shipments`: a table checked and imported, and the list of what is planned."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.adapters.import_folder import ImportFolder, StagedLines
from bot.adapters.inbox_folder import InboxFolder
from bot.adapters.storage import JOURNAL_NAME, open_store, read_store
from bot.app import Files, open_desk
from bot.commands.saying import Data, desk_over, err, out, print_reply, started, told
from bot.datafiles.shipment_columns import NAMES
from bot.datafiles.shipment_fields import NEEDED
from bot.datafiles.shipment_tables import read_shipments, table_signature
from bot.desk.cataloguing import strange_to
from bot.desk.records import shipments
from bot.domain.people import Colleague
from bot.errors import BadInput, Finding, StoreBusy, TryLater, UnknownColumns
from bot.flows import import_shipments as importing
from bot.flows.watch_shipment import add_line, outcome_of
from bot.ports import Desk, Row, Rows
from bot.replies.shipment_tables import DryRun, imported_reply, table_reply
from bot.replies.shipments import shipment_title
from bot.settings import Settings
from bot.shipment_wiring import table_readers

app = typer.Typer(no_args_is_help=True, help="Shipments and their ETDs.")
WAIT_SECONDS = 900.0


@app.command("list")
@told
def list_planned(data: Data = None) -> None:
    """What is planned, next ETD first."""
    settings, files = started(data)
    desk = desk_over(files, read_store(settings.data))
    for one in sorted((one for one in shipments(desk.store) if one.state == "planned"), key=lambda one: one.etd):
        out.print(f"{one.id} {shipment_title(desk.words, desk.lang, one)} · {one.filing or one.verdict}", markup=False)


@app.command("import")
@told
def import_table(
    file: Annotated[Path, typer.Argument(help=".csv or .xlsx with the columns number, product, destination, etd; if you like "
                                              "quantity, zone, customer, consignee, incoterm, owner, state, autonomous.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check and compare; nothing is stored.")] = False,
    good_lines: Annotated[bool, typer.Option("--good-lines", help="Import the good lines, leave the others.")] = False,
    column: Annotated[list[str] | None, typer.Option(
        help='Which heading is which column, e.g. --column "etd=Ex-works date"; remembered for these headings.')] = None,
    by: Annotated[str, typer.Option(help="Who imports.")] = "command line",
    data: Data = None,
) -> None:
    """Check a table and import it by number: a number that is known is changed, never doubled."""
    settings, files = started(data)
    columns = _columns(column or [])
    operator = Colleague(id=by, name=by, role="ADMIN", lang=files.config.lang, zone=files.config.zone)
    with _staged(settings, file, keep=not dry_run) as (key, staged):
        try:
            found = _checked(settings, files, file, staged, columns, operator)
        except UnknownColumns as error:
            raise BadInput(_which_is_which(error)) from None
        if dry_run:
            out.print("Nothing is stored (dry run).")
        elif found.wrong and not good_lines:
            raise BadInput("Nothing is stored. Mend the lines above, or add --good-lines to import the others.")
        else:
            out.print(_store(settings, files, (key, file, staged), columns, operator), markup=False)


def _columns(said: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in said]
    if any(not heading or not ours for ours, _, heading in pairs):
        raise BadInput('--column takes our column and your heading: --column "etd=Ex-works date".')
    return {ours.strip(): heading.strip() for ours, _, heading in pairs}


def _which_is_which(error: UnknownColumns) -> str:
    """What is missing, the headings there are, and how to say which of them it is, as far as it can be guessed."""
    for finding in error.details:
        _tell(finding)
    lacking = [name for name in NEEDED if NAMES.get(error.guess.get(name, "").casefold()) != name]
    said = " ".join(f'--column "{name}={error.guess.get(name, "…")}"' for name in lacking)
    return f"The headings are: {', '.join(error.headings)}. Say which is which: {said}"


@contextmanager
def _staged(settings: Settings, file: Path, *, keep: bool) -> Iterator[tuple[str, StagedLines]]:
    """A stage in the data folder, where the running bot finds it too; for a dry run in a folder of its own."""
    fresh = tempfile.mkdtemp(prefix="filingdesk-")
    key = f"{file.name}:{secrets.token_hex(6)}"
    folder = ImportFolder(settings.data if keep else Path(fresh))
    staged = folder.stage(key)
    try:
        yield key, staged
    except TryLater:  # the running bot still has to take it up
        raise
    except BaseException:
        folder.forget(key)
        raise
    else:
        folder.forget(key)
    finally:
        staged.close()
        shutil.rmtree(fresh, ignore_errors=True)


def _checked(settings: Settings, files: Files, file: Path, staged: StagedLines, columns: dict[str, str],
             by: Colleague) -> DryRun:
    """The dry run against what is stored, every mistake printed as it is met."""
    there: Rows | None = read_store(settings.data) if (settings.data / JOURNAL_NAME).exists() else None
    desk, now = desk_over(files, there), datetime.now(UTC)
    readers = table_readers(desk, now.astimezone(ZoneInfo(desk.zone)).date(), there)

    def known(signature: str) -> dict[str, str]:
        return (importing.remembered_columns(there, signature) if there else {}) | columns

    with _bar("Reading") as progress:
        strange = strange_to(desk, now)
        read = importing.stage(staged, read_shipments(file, readers, known), file.name, _tell, progress, strange)
    with _bar("Comparing") as progress:
        seen = importing.preview(desk, there or Nothing(), staged, by, outcome_of, now, progress)
    for refused in seen.refused:
        _tell(read.finding(file.name, *refused))
    found = DryRun(file.name, seen.counts, seen.changes, (), read.wrong + len(seen.refused), len(read.strange), seen.left)
    print_reply(table_reply(desk.words, desk.lang, found, ""))
    return found


class Nothing:
    """The rows of a data folder in which no bot has run yet."""

    def get(self, _table: str, _key: str) -> None:
        """No row."""

    def where(self, _table: str, _field: str, _value: str) -> list[Row]:
        """No rows."""
        return []

    def up_to(self, _table: str, _field: str, _limit_value: str, _count: int) -> list[Row]:
        """No rows."""
        return []

    def first(self, _table: str, _field: str) -> None:
        """No row."""

    def every(self, _table: str) -> Iterator[Row]:
        """No rows."""
        return iter(())


def _tell(finding: Finding) -> None:
    err.print(str(finding), markup=False)


@contextmanager
def _bar(what: str) -> Iterator[importing.Progress]:
    """A progress bar on standard error, where that is a terminal."""
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole or None)


def _store(settings: Settings, files: Files, table: tuple[str, Path, StagedLines], columns: dict[str, str], by: Colleague) -> str:
    """In the store itself, or through the bot that is running."""
    key, file, staged = table
    signature = _signature(files, file) if columns else ""
    try:
        store = open_store(settings.data)
    except StoreBusy:
        return _through_the_bot(settings, {"act": "import_shipments", "key": key, "name": file.name, "by": by.id,
                                           "columns": columns, "signature": signature})
    try:
        return _stored(open_desk(files, store), (key, file, staged), columns, signature, by)
    finally:
        store.close()


def _stored(desk: Desk, table: tuple[str, Path, StagedLines], columns: dict[str, str], signature: str, by: Colleague) -> str:
    key, file, staged = table
    now = datetime.now(UTC)
    if columns:
        importing.remember_columns(desk, signature, columns, by.id, now)
    importing.offer(desk, key, by, now, file.name)
    importing.begin(desk, key, by.lang)
    with _bar("Importing") as progress:
        row = importing.carry_on(desk, key, staged, add_line, now, progress)
    return imported_reply(desk.words, desk.lang, row).headline


def _signature(files: Files, file: Path) -> str:
    desk = desk_over(files, None)
    return table_signature(file, table_readers(desk, datetime.now(ZoneInfo(desk.zone)).date()))


def _through_the_bot(settings: Settings, wish: dict[str, object]) -> str:
    inbox = InboxFolder(settings.data)
    answer = inbox.wait(inbox.leave(wish), WAIT_SECONDS)
    if not answer["ok"]:
        raise BadInput(str(answer["said"]))
    return str(answer["said"])



"""`filingdesk shipments`: a table checked and imported, and the list of what is planned."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.adapters.inbox_folder import InboxFolder
from bot.adapters.storage import open_store, read_store
from bot.app import Files, open_desk, table_readers
from bot.commands.saying import Data, desk_over, desk_without_store, err, out, started, told
from bot.datafiles.shipment_tables import ShipmentsRead, read_shipments
from bot.domain.people import Colleague
from bot.domain.rows import to_row
from bot.errors import BadInput, StoreBusy
from bot.flows.watch_shipment import add_shipments
from bot.records import shipments
from bot.replies.shipments import shipment_title
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Shipments and their ETDs.")
WAIT_SECONDS = 60.0


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
    file: Annotated[Path, typer.Argument(help=".csv or .xlsx with the columns number, product, destination, etd, customer.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check; nothing is stored.")] = False,
    good_lines: Annotated[bool, typer.Option("--good-lines", help="Import the good lines, leave the others.")] = False,
    by: Annotated[str, typer.Option(help="Who imports.")] = "command line",
    data: Data = None,
) -> None:
    """Check a table and import it by number: a number that is known is changed, never doubled."""
    settings, files = started(data)
    table = _checked(files, file)
    if dry_run:
        out.print("Nothing is stored (dry run).")
    elif table.findings and not good_lines:
        raise BadInput("Nothing is stored. Mend the lines above, or add --good-lines to import the others.")
    else:
        out.print(_store(settings, files, table, by), markup=False)


def _checked(files: Files, file: Path) -> ShipmentsRead:
    desk, _ = desk_without_store(files)
    table = read_shipments(file, table_readers(desk, datetime.now(ZoneInfo(desk.zone)).date()))
    for finding in table.findings:
        err.print(str(finding), markup=False)
    out.print(f"{len(table.lines)} good lines, {len(table.findings)} mistakes.")
    return table


def _store(settings: Settings, files: Files, table: ShipmentsRead, by: str) -> str:
    """In the store itself, or through the bot that is running."""
    try:
        store = open_store(settings.data)
    except StoreBusy:
        inbox = InboxFolder(settings.data)
        wish = {"act": "add_shipments", "lines": [to_row(line) for line in table.lines], "by": by}
        answer = inbox.wait(inbox.leave(wish), WAIT_SECONDS)
        if not answer["ok"]:
            raise BadInput(str(answer["said"])) from None
        return str(answer["said"])
    try:
        operator = Colleague(id=by, name=by, role="ADMIN", lang=files.config.lang, zone=files.config.zone)
        done = add_shipments(open_desk(files, store), table.lines, operator, datetime.now(UTC))
    finally:
        store.close()
    return f"{sum(one.outcome != 'unchanged' for one in done)} of {len(done)} shipments added or changed."

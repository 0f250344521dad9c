"""`filingdesk lists`: what is recorded, and a new version imported, compared and published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.adapters.inbox_folder import InboxFolder
from bot.adapters.storage import open_store, read_store
from bot.app import Files, open_desk
from bot.commands.saying import Data, desk_over, err, out, plain, print_reply, started, told
from bot.datafiles.market_lists import ListHeader, known_codes, read_list
from bot.desk.records import market_lists
from bot.domain.market_list import MarketList
from bot.domain.people import Colleague
from bot.errors import BadInput, StoreBusy
from bot.flows.publish_list import Impact, impact_of, publish_list
from bot.ports import Desk
from bot.replies.lists import DryRun, dry_run_reply
from bot.replies.talk import list_line
from bot.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Versions of the market list.")
WAIT_SECONDS = 20.0


@app.command("show")
@told
def show(data: Data = None) -> None:
    """Every recorded version of the list."""
    settings, files = started(data)
    with _comparing(settings, files) as desk:
        for entry in market_lists(desk.store, desk.ruleset):
            out.print(plain(list_line(desk.words, desk.lang, entry)), markup=False)


@app.command("import")
@told
def import_list(  # noqa: PLR0913, PLR0917 - typer hands every option in by name
    file: Annotated[Path, typer.Argument(help="The list: .csv, .xlsx, .yaml or .json with a code per market.")],
    source: Annotated[str, typer.Option(help="Where it comes from: an address (URL).")],
    effective: Annotated[str, typer.Option(help="The day it takes effect, YYYY-MM-DD.")],
    version: Annotated[str, typer.Option(help="Name of this version; by default its effective day.")] = "",
    by: Annotated[str, typer.Option(help="Who records it.")] = "",
    confirmed_by: Annotated[str, typer.Option(help="Who else has looked at the comparison: a second person.")] = "",
    count: Annotated[int | None, typer.Option(help="How many markets the source says there are.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Take it over and tell everyone concerned.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="It is really so much shorter, or differs from its count.")] = False,
    data: Data = None,
) -> None:
    """Validate a new list, show what changes and who is touched; with --publish and a second person publish it and tell them."""
    if publish:
        _check_two(by, confirmed_by)
    settings, files = started(data)
    new = _read(file, ListHeader(
        ruleset=files.config.ruleset, version=version or effective, effective=_day(effective), source=source, url=_url(source),
        recorded_by=by or "command line", recorded_on=datetime.now(ZoneInfo(files.config.zone)).date(), count_reported=count))
    impact = _compare(settings, files, new, confirmed=confirm)
    if impact.doubts:
        err.print("Not published: clear up what is listed above" + ("" if not all(d.confirmable for d in impact.doubts)
                  else ", or add --confirm if it is really so") + ".", markup=False)
        raise typer.Exit(1)
    if publish:
        out.print(_publish(settings, files, new, confirmed_by, confirmed=confirm), markup=False)
    else:
        out.print("Nothing is published yet; a second person takes it over and tells everyone concerned: "
                  "add --publish, --by and --confirmed-by, or use /lists update in Slack.")


def _check_two(by: str, confirmed_by: str) -> None:
    """As in Slack, whoever compares a list does not publish it alone."""
    names = {" ".join(name.split()).casefold() for name in (by, confirmed_by)}
    if "" in names or len(names) < 2:
        raise BadInput("A list is published by two people: write who records it (--by NAME) "
                       "and who else has looked at the comparison (--confirmed-by ANOTHER).")


def _read(file: Path, header: ListHeader) -> MarketList:
    found = read_list(file, header, file.name)
    for finding in found.findings:
        err.print(str(finding), markup=False)
    if found.entry is None or not found.whole:
        good = len(found.entry.members or ()) if found.entry else 0
        raise BadInput(f"Nothing is imported: {len(found.findings)} mistakes, {good} good lines; mend the file and try again.")
    return found.entry


def _compare(settings: Settings, files: Files, new: MarketList, *, confirmed: bool) -> Impact:
    with _comparing(settings, files) as desk:
        impact = impact_of(desk, new, known_codes(), confirmed=confirmed)
    touched = (len(impact.filings), len(impact.shipments), len(impact.answers), len(impact.sign_offs))
    print_reply(dry_run_reply(desk.words, desk.lang, DryRun(new, impact.diff, touched, impact.doubts)))
    for line in _touched(impact):
        out.print(line, markup=False)
    return impact


def _touched(impact: Impact) -> Iterator[str]:
    for filing in impact.filings:
        yield f"  {filing.id} {filing.product} ETD {filing.etd}"
    for shipment in impact.shipments:
        yield f"  {shipment.number} {shipment.product} {shipment.destination} ETD {shipment.etd}"
    for row in impact.answers:
        yield f"  {row['id']} {row['text'][:80]}"


def _publish(settings: Settings, files: Files, new: MarketList, second: str, *, confirmed: bool) -> str:
    """In the store itself, or through the bot that is running."""
    by = Colleague(id=second, name=second, role="ADMIN", lang=files.config.lang)
    try:
        store = open_store(settings.data)
    except StoreBusy:
        return _through_the_bot(settings, new, second, confirmed=confirmed)
    try:
        publish_list(open_desk(files, store), new, known_codes(), by, datetime.now(UTC), confirmed=confirmed,
                     compared_by=new.recorded_by)
    finally:
        store.close()
    return f"Published {new.version}; everyone concerned is told as soon as the bot runs."


def _through_the_bot(settings: Settings, new: MarketList, second: str, *, confirmed: bool) -> str:
    inbox = InboxFolder(settings.data)
    wish = {"act": "publish_list", "list": new.to_row(), "confirmed": confirmed, "confirmed_by": second}
    answer = inbox.wait(inbox.leave(wish), WAIT_SECONDS)
    if not answer["ok"]:
        raise BadInput(str(answer["said"]))
    return str(answer["said"])


@contextmanager
def _comparing(settings: Settings, files: Files) -> Iterator[Desk]:
    """A desk to compare with: a snapshot of the data folder or, before the first start, one that knows only what ships."""
    if (settings.data / "filingdesk.journal").exists():
        yield desk_over(files, read_store(settings.data))
        return
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        yield open_desk(files, store)
        store.close()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--effective {text!r} is no date; write it as 2026-12-31.") from None


def _url(source: str) -> str:
    return source if source.startswith(("http://", "https://")) else ""

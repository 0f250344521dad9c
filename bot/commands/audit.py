"""`filingdesk audit`: the chained trail of who did what, followed and exported, also while the bot runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.storage import read_store
from bot.commands.saying import Data, err, out, settings_of, started, told
from bot.datafiles.audit_csv import audit_csv
from bot.datafiles.evidence_pack import PackRead, read_pack
from bot.desk.records import colleagues
from bot.domain.audit import BEGIN, about, broken_at, lies_in, within
from bot.errors import BadInput
from bot.ports import Row, Rows

app = typer.Typer(no_args_is_help=True, help="Who did what, when: the chained trail.")


@app.command("verify")
@told
def verify(
    pack: Annotated[Path | None, typer.Option(help="Check this evidence pack too, and that the trail goes on from it.")] = None,
    data: Data = None,
) -> None:
    """Follow the chain from its first line to its last; names the first line that was changed or is missing."""
    rows = read_store(settings_of(data).data)
    lines = list(rows.every("audit"))
    broken = broken_at(lines, str((rows.get("notes", "audit") or {}).get("chain", BEGIN)))
    if broken:
        err.print(f"The audit trail is broken at {broken}: that line was changed, or one before it is missing.")
    else:
        out.print(f"{len(lines)} lines, unbroken.")
    doubts = _doubts(_opened(pack), lines) if pack else []
    for doubt in doubts:
        err.print(doubt, markup=False)
    if broken or doubts:
        raise typer.Exit(1)


def _opened(file: Path) -> PackRead:
    try:
        return read_pack(file.read_bytes())
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from None


def _doubts(pack: PackRead, lines: Sequence[Row]) -> list[str]:
    """What is wrong with a pack, or with the trail it was made from; where all agrees, that is said."""
    doubts = [f"The pack does not agree with its manifest: {wrong}." for wrong in pack.wrong]
    stood = pack.position
    if not lies_in(stood, lines):
        doubts.append(f"This audit trail does not go on from where it stood when the pack was made ({stood.count} lines, "
                      f"{stood.last or 'none'}): it was written anew, cut, or is another desk's.")
    if not doubts:
        out.print(f"The pack of {pack.filing}, made {pack.made_at}, is as it was written; the trail goes on from its "
                  f"{stood.count} lines. {_recorded(pack, lines)}", markup=False)
    return doubts


def _recorded(pack: PackRead, lines: Sequence[Row]) -> str:
    named = [line["id"] for line in lines if line["details"].get("sha256") == pack.sha256]
    return f"{named[0]} says who got it." if named else "No line says who got it: it was made on the command line."


@app.command("export")
@told
def export(
    output: Annotated[str, typer.Option("--format", help="json (a line each) or csv")] = "json",
    subject: Annotated[str, typer.Option(help="Only what is about this and its parts, as F-12.")] = "",
    since: Annotated[str, typer.Option(help="From this day on (YYYY-MM-DD, in the desk's zone).")] = "",
    until: Annotated[str, typer.Option(help="Up to this day, included.")] = "",
    data: Data = None,
) -> None:
    """Write the trail to standard output; the chain can be followed in the whole only, so `verify` does not take a part."""
    if output not in ("json", "csv"):
        raise BadInput("--format takes json or csv.")
    first, last = _day(since, "--since"), _day(until, "--until")
    settings, files = started(data)
    rows = read_store(settings.data)
    lines = [line for line in rows.every("audit")
             if (not subject or about(line, subject)) and within(line, first, last, files.config.zone)]
    if output == "csv":
        typer.echo(audit_csv(lines, _names(rows)), nl=False)
    for line in lines if output == "json" else ():
        typer.echo(json.dumps(line, ensure_ascii=False))


def _names(rows: Rows) -> dict[str, str]:
    return {person.id: person.name for person in colleagues(rows)}


def _day(text: str, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{option} {text!r} is no date; write it as 2026-12-31.") from None

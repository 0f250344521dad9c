"""How tables and records of shipments are read and worked on: file formats, folder and door put together."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from bot.adapters.import_folder import ImportFolder
from bot.adapters.slack_files import SlackFiles
from bot.datafiles.shipment_fields import Readers
from bot.datafiles.shipment_tables import read_shipments, table_signature
from bot.domain.no_day import day_in
from bot.domain.reading import read
from bot.flows.import_shipments import remembered_columns
from bot.ports import Desk, Rows
from handlers.office import Office
from handlers.shipment_tables import TableRoom


def table_readers(desk: Desk, today: date, rows: Rows | None = None) -> Readers:
    """How a table's places, dates and people (by e-mail, of those in `rows`) are understood."""

    def market(place: str) -> str:
        said = place.upper() if len(place) == 2 else place
        found = read(f"ship to {said}", today, desk.lexicon).destinations if place else ()
        return found[0] if len(found) == 1 else ""

    def day(said: str) -> date | None:
        compact = f"{said[:4]}-{said[4:6]}-{said[6:]}" if len(said) == 8 and said.isdigit() else said  # as SAP writes it
        return day_in(read(f"ETD {compact}", today, desk.lexicon)) if said else None

    def person(said: str) -> str:
        there = rows and (rows.get("people", said) or next(iter(rows.where("people", "email", said.lower())), None))
        return str(there["id"]) if there else ""

    return Readers(market, day, person, desk.zone)


def table_room(office: Office, folder: ImportFolder, files: SlackFiles) -> TableRoom:
    """What tables of shipments are worked on with."""
    desk = office.desk

    def readers() -> Readers:
        return table_readers(desk, office.today(), desk.store)

    def save(file: dict[str, Any], path: Path) -> None:
        path.write_bytes(files.fetch(file))

    return TableRoom(
        office, folder, lambda path: read_shipments(path, readers(), partial(remembered_columns, desk.store)), save,
        lambda path: table_signature(path, readers()))

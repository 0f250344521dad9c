"""Looking into a store somebody else may be writing to: the journal as it is now, without the lock and without a write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from bot.adapters.storage.journal import checked_bodies
from bot.adapters.storage.journal_storage import NUMBERS, changes_in
from bot.adapters.storage.lines import LineReader
from bot.adapters.storage.rows import shape_of
from bot.adapters.storage.staged_rows import StagedRows
from bot.adapters.storage.table_rows import TableRows
from bot.adapters.storage.tiny_store import JOURNAL_NAME, Reads
from bot.errors import NotFound, StoreError
from bot.ports import TABLES, TableShape

T = TypeVar("T")


class Snapshot(Reads):
    """The rows of one moment; what is written afterwards is not seen. Raises NotFound, StoreDamaged, StoreError.

    The file is opened once, so a journal that is replaced meanwhile is read to its old end; a last line still being
    written, or torn by a kill, is left out and left alone.
    """

    def __init__(self, folder: Path, tables: Mapping[str, TableShape] = TABLES) -> None:
        self._shapes = tables
        self._rows = {name: StagedRows(held) for name, held in _replayed(folder / JOURNAL_NAME, tables).items()}

    def _look(self, table: str, read: Callable[[StagedRows], T]) -> T:
        shape_of(self._shapes, table)
        return read(self._rows[table])


def _replayed(path: Path, tables: Mapping[str, TableShape]) -> dict[str, TableRows]:
    held = {name: TableRows(shape) for name, shape in {**tables, NUMBERS: TableShape()}.items()}
    try:
        with path.open("rb") as file:
            for body in checked_bodies(LineReader(file, path), path):
                for table, number, data in changes_in(body, held, path):
                    held[table].apply(number, data)
    except FileNotFoundError:
        raise NotFound(f"There is no data in {path.parent}; name the bot's data folder.") from None
    except OSError as error:
        raise StoreError(f"The store at {path} cannot be read: {error.strerror}.") from error
    return held

"""A backup of a store somebody else may be writing to."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.storage.disk import Disk
from bot.adapters.storage.journal import checked_bodies
from bot.adapters.storage.journal_copy import copy_out
from bot.adapters.storage.lines import LineReader
from bot.adapters.storage.tiny_store import JOURNAL_NAME
from bot.errors import NotFound


def copy_store(folder: Path, to: Path) -> None:
    """Write the journal as it is now to the new file `to`, checked; NotFound, BadInput (it exists), StoreDamaged, StoreError."""
    path = folder / JOURNAL_NAME
    try:
        with path.open("rb") as file:
            bodies = list(checked_bodies(LineReader(file, path), path))
    except FileNotFoundError:
        raise NotFound(f"There is no data in {folder}; name the bot's data folder.") from None
    copy_out(bodies, to, Disk())

"""Backups: a journal written beside the running one, read back before it counts."""

from __future__ import annotations

import os
from collections.abc import Collection
from itertools import zip_longest
from pathlib import Path

from bot.adapters.storage.disk import Disk
from bot.adapters.storage.journal import checked_bodies, write_journal
from bot.adapters.storage.lines import LineReader
from bot.errors import BadInput, StoreError


def copy_out(bodies: Collection[bytes], to: Path, disk: Disk) -> None:
    """Write the bodies as a journal to the new file `to`; it has that name only once it is whole and checked."""
    if to.exists():
        raise BadInput(f"{to} exists already; choose another name, a backup never replaces a file.")
    draft = to.with_name(to.name + ".part")
    try:
        os.close(write_journal(draft, bodies, disk).fd)
        _check(draft, bodies)
        disk.replace(draft, to)
        disk.sync_folder(to.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"The backup {to} could not be written: {error.strerror}.") from error


def _check(path: Path, bodies: Collection[bytes]) -> None:
    with path.open("rb") as file:
        pairs = zip_longest(checked_bodies(LineReader(file, path), path), bodies)
        whole = all(read == written for read, written in pairs)
    if not whole:
        path.unlink()
        raise StoreError(f"The backup {path} did not read back as it was written; the disk may be failing.")

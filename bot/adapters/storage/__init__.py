"""The default store: rows in TinyDB over an append-only journal."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.storage.copying import copy_store
from bot.adapters.storage.snapshot import Snapshot
from bot.adapters.storage.tiny_store import JOURNAL_NAME, StoreSize, TinyStore

__all__ = ["JOURNAL_NAME", "Snapshot", "StoreSize", "TinyStore", "copy_store", "open_store", "read_store"]


def open_store(folder: Path) -> TinyStore:
    """Open the store in `folder`, made (mode 0700) where missing. StoreBusy, StoreDamaged, StoreError."""
    return TinyStore(folder)


def read_store(folder: Path) -> Snapshot:
    """Everything in the store at this moment, also while the bot runs; nothing can be written. NotFound, StoreDamaged."""
    return Snapshot(folder)

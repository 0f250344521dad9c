"""The default store: rows in TinyDB over an append-only journal."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.storage.tiny_store import JOURNAL_NAME, StoreSize, TinyStore

__all__ = ["JOURNAL_NAME", "StoreSize", "TinyStore", "open_store"]


def open_store(folder: Path) -> TinyStore:
    """Open the store in `folder`, made (mode 0700) where missing. StoreBusy, StoreDamaged, StoreError."""
    return TinyStore(folder)

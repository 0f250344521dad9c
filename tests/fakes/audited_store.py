"""A store in memory that refuses a change of substance nobody noted in the audit trail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from bot.adapters.storage.rows import decoded
from bot.domain.audit import about
from bot.ports import Row
from tests.fakes.memory_store import Held, MemoryStore, MemoryTransaction

BOOKKEEPING = frozenset({
    "ticket", "ticket_url", "ticket_due", "ticket_done", "ticket_assignee", "ticket_evidence", "ticket_title", "comment_mark",
    "linked", "label", "assign", "told", "trouble", "fields", "days_short", "earliest", "submissions", "critical", "estimated",
    "status_kind", "title"})
"""How far the tracker and the message are in step, and what follows from dates by itself: no decision of anybody's."""
WATCHED = ("filings", "tasks", "shipments", "lists", "sign_offs", "determinations")
KEEPS_ONLY_NEW = ("determinations",)
"""An answer never changes; that another follows it stands with the other."""


class Unnoted(AssertionError):
    """Somebody changed something, and the trail does not say so."""


class AuditedStore(MemoryStore):
    """Every transaction of the program that changes what people care about must note it, under the thing or its filing."""

    def transaction(self) -> AbstractContextManager[MemoryTransaction]:
        """As in every Store; what a test arranges by hand is let through."""
        opened_by = str(sys._getframe(1).f_globals["__name__"])
        return self._watched() if opened_by.startswith(("bot.", "handlers.")) else super().transaction()

    @contextmanager
    def _watched(self) -> Iterator[MemoryTransaction]:
        before = self._held
        with super().transaction() as changes:
            yield changes
            unnoted = list(_unnoted(before, changes._held))
            if unnoted:
                raise Unnoted(f"changed without a line in the audit trail: {'; '.join(unnoted)}")


def _unnoted(before: Held, after: Held) -> Iterator[str]:
    lines = [decoded(data) for key, data in after.get("audit", {}).items() if key not in before.get("audit", {})]
    for table in WATCHED:
        for key, data in after.get(table, {}).items():
            old, new = before[table].get(key), decoded(data)
            changed = _changed(table, decoded(old) if old else None, new)
            if changed and not any(about(line, subject) for line in lines for subject in _subjects(new)):
                yield f"{key} ({', '.join(changed)})"


def _changed(table: str, old: Row | None, new: Row) -> list[str]:
    if old is None:
        return ["new"]
    return [] if table in KEEPS_ONLY_NEW else sorted(
        name for name in new.keys() - BOOKKEEPING if old.get(name) != new.get(name))


def _subjects(row: Row) -> list[str]:
    """The thing itself, and the filing it is a part of."""
    return [str(row["id"]), *([str(row["filing"])] if row.get("filing") else [])]

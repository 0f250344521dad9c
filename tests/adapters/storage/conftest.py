from __future__ import annotations

import pytest

from bot.ports import TableShape


@pytest.fixture
def shapes() -> dict[str, TableShape]:
    return {
        "shipments": TableShape(equal=("state", "owner"), ordered=("due_at", "seen_at")),
        "audit": TableShape(equal=("subject",)),
        "notes": TableShape(),
    }

"""The audit trail as a table for a spreadsheet, in which no cell can act as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

COLUMNS = ("id", "at", "subject", "act", "by", "name", "before", "after", "details", "chain")
ACTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What spreadsheets take for the beginning of a formula, or skip on the way to one."""


def audit_csv(lines: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    """One row a line, times in UTC; `names` tells who an id is. What is neither before nor after stands in details, as JSON."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in _cells(line, names)] for line in lines)
    return table.getvalue()


def _cells(line: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    details = dict(line["details"])
    before, after = details.pop("before", ""), details.pop("after", "")
    told = json.dumps(details, ensure_ascii=False, sort_keys=True) if details else ""
    return [line["id"], line["at"], line["subject"], line["act"], line["by"], names.get(line["by"], ""), before, after, told,
            line["chain"]]


def _harmless(cell: str) -> str:
    """A quote before it makes it text; the first thing a spreadsheet sees may not be its sign of a formula."""
    return f"'{cell}" if cell.startswith(ACTS) else cell

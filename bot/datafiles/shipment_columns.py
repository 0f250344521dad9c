"""Which column of a table means what: by its heading, or as somebody said once of a table with the same headings."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping, Sequence

from bot.datafiles.shipment_fields import NEEDED
from bot.domain.terms import FieldName, Headings
from bot.errors import BadFile, Finding, UnknownColumns

COLUMNS = {
    "number": ("number", "shipment", "order", "order number", "order no", "order no.", "shipment number", "no",
               "编号", "订单号", "订单编号", "单号"),
    "product": ("product", "model", "item", "产品", "产品名称", "型号"),
    "quantity": ("quantity", "qty", "pieces", "pcs", "数量"),
    "destination": ("destination", "market", "country", "to", "ship to", "目的地", "目的国", "市场", "国家"),
    "etd": ("etd", "ship date", "date", "船期", "发货日期", "出货日期"),
    "zone": ("zone", "time zone", "timezone", "时区"),
    "customer": ("customer", "client", "buyer", "客户", "客户名称"),
    "consignee": ("consignee", "收货人"),
    "incoterm": ("incoterm", "incoterms", "terms", "贸易术语", "贸易条款"),
    "owner": ("owner", "responsible", "负责人"),
    "state": ("state", "status", "状态"),
    "autonomous": ("autonomous", "decides by itself", "自主"),
}
"""Our columns and the headings people give them (any case)."""
NAMES = {alias: ours for ours, aliases in COLUMNS.items() for alias in aliases}


def signature(headings: Sequence[str]) -> str:
    """The same for every table with these headings, whatever their case and blanks."""
    return hashlib.sha256("\n".join(map(_plain, headings)).encode()).hexdigest()[:16]


def columns_of(head: tuple[int, Sequence[str]], shown: str, said: Mapping[str, str]) -> dict[str, int]:
    """Our column to its index. `said` is our column to heading, where somebody said so: it wins. BadFile, UnknownColumns."""
    number, headings = head
    there: dict[str, int] = {ours: place for ours, heading in said.items() if (place := _place(headings, heading)) is not None}
    taken, wrong = set(there.values()), list[Finding]()
    for index, cell in enumerate(headings):
        name = NAMES.get(_plain(cell))
        if name is None or index in taken or name in said:
            continue
        if name in there:
            first, second = headings[there[name]].strip(), cell.strip()
            wrong.append(Finding(shown, number, index + 1, f"{first!r} and {second!r} both mean {name}", "keep one").named(
                "column_twice", first=first, second=second, field=FieldName(name)))
        else:
            there[name] = index
    missing = [Finding(shown, number, 1, f"the column {name!r} is missing", f"add {name} to the heading line").named(
        "column_missing", field=FieldName(name), heading=Headings((name,))) for name in NEEDED if name not in there]
    named = [cell.strip() for cell in headings if cell.strip()]
    if wrong or (missing and len(named) < len(NEEDED)):  # too few to be matched
        raise BadFile(wrong + missing)
    if missing:
        raise UnknownColumns(missing, named, _guess(headings, there))
    return there


def _guess(headings: Sequence[str], there: Mapping[str, int]) -> dict[str, str]:
    """Our column to the heading it probably is, for whoever has to say: the known ones, and the nearest in spelling."""
    guess = {ours: headings[place].strip() for ours, place in there.items()}
    free = {_plain(cell): cell.strip() for index, cell in enumerate(headings) if cell.strip() and index not in there.values()}
    for ours in (ours for ours in COLUMNS if ours not in guess):
        near = [heading for heading in free if any(alias in heading.split() for alias in COLUMNS[ours])]
        near += [found for alias in COLUMNS[ours] for found in difflib.get_close_matches(alias, free, n=1, cutoff=0.75)]
        if near:
            guess[ours] = free.pop(near[0])
    return guess


def _place(headings: Sequence[str], heading: str) -> int | None:
    return next((index for index, cell in enumerate(headings) if _plain(cell) == _plain(heading)), None)


def _plain(heading: str) -> str:
    return " ".join(heading.lower().split())

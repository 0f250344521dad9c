"""What may be kept: rows of JSON values with an id, as bytes, so that nobody ever shares memory with the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from bot.errors import StoreMisuse
from bot.ports import Row, TableShape

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def shape_of(tables: Mapping[str, TableShape], table: str) -> TableShape:
    """The shape of a known table."""
    if table not in tables:
        raise StoreMisuse(f"There is no table {table!r}; the known tables are {', '.join(tables)}.")
    return tables[table]


def check_field(table: str, field: str, indexed: tuple[str, ...]) -> None:
    """StoreMisuse when `field` is not among the fields this kind of search has an index for."""
    if field not in indexed:
        raise StoreMisuse(f"{table} has no such index on {field!r}, only on {', '.join(indexed) or 'nothing'}.")


def encoded(table: str, shape: TableShape, row: Row) -> bytes:
    """The row as compact JSON without control characters; StoreMisuse when it would come back different."""
    _check_id(table, row)
    try:
        data = _ENCODER.encode(row).encode("utf-8", "surrogatepass")  # half an emoji in a message is no reason to lose it
    except (TypeError, ValueError, RecursionError) as error:
        raise _not_json(table, row) from error
    if looked_at(data) != row:
        raise _not_json(table, row)
    _check_indexed(table, shape, row)
    return data


def decoded(data: bytes) -> Row:
    """A fresh row."""
    row: Row = json.loads(data.decode("utf-8", "surrogatepass"))
    return row


@lru_cache(maxsize=2048)
def looked_at(data: bytes) -> Row:
    """The row, never handed out: what is written is looked at when it is checked, staged, made visible and replaced."""
    return decoded(data)


def equal_values(row: Row, field: str) -> set[str]:
    """What an `equal` index holds for the row; None and other than text are left out.

    A field `goods.filing` is looked for in every element of the list `goods`.
    """
    return {value for value in _values(row, field) if isinstance(value, str)}


def ordered_value(row: Row, field: str) -> str | None:
    """What an `ordered` index holds for the row; an empty text counts as absent, or it would be due for ever."""
    value = row.get(field)
    return value if isinstance(value, str) and value else None


def _values(row: Row, field: str) -> list[Any]:
    if "." not in field:
        return [row.get(field)]
    outer, _, inner = field.partition(".")
    return [item.get(inner) for item in row.get(outer) or ()]


def _check_id(table: str, row: Row) -> None:
    key = row.get("id")
    if not isinstance(key, str) or not key:
        raise StoreMisuse(f'A row for {table} needs a non-empty text under "id".')


def _check_indexed(table: str, shape: TableShape, row: Row) -> None:
    for field in (*shape.equal, *shape.ordered):
        for value in _values(row, field):
            if value is not None and not isinstance(value, str):
                raise StoreMisuse(f"{table} {row['id']}: {field} is searched by, so it must be text, null or absent.")


def _not_json(table: str, row: Row) -> StoreMisuse:
    path, kind = next(_strangers(row, ""), ("row", "nested too deep or in itself"))
    return StoreMisuse(
        f"{table} {row['id']}: {path} is {kind}; a row holds text, finite numbers, true, false, null, "
        f"lists, and objects with text keys."
    )


def _strangers(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > 100:
        return
    if type(value) is list:
        for place, item in enumerate(value):
            yield from _strangers(item, f"{path}[{place}]", depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                yield f"{path or 'row'}, key {key!r},", f"of type {type(key).__name__}"
            yield from _strangers(item, f"{path}.{key}".lstrip("."), depth + 1)
    elif not (isinstance(value, str | int) or value is None or (isinstance(value, float) and abs(value) < float("inf"))):
        yield path, f"of type {type(value).__name__}" if not isinstance(value, float) else "not a finite number"

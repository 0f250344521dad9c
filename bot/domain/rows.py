"""Frozen values to rows of JSON values and back, without loss."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_adapters: dict[type, TypeAdapter[Any]] = {}
_PLAIN = frozenset({str, int, float, bool})
"""What most values are of, and stay."""


def _adapter(kind: type) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)  # building one takes milliseconds
    return _adapters[kind]


def to_row(value: Any) -> dict[str, Any]:
    """A dataclass as JSON values; dates and instants in ISO form."""
    row = _plain(_adapter(type(value)).dump_python(value))
    assert isinstance(row, dict)
    return row


def _plain(value: Any) -> Any:
    """JSON values; instants as "+00:00" (never "Z", which sorts otherwise), so that rows can be ordered as text."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def from_row(kind: type[T], row: dict[str, Any]) -> T:
    """The dataclass a row was made from; fields it does not know are ignored, so that older programs read newer rows."""
    value = _adapter(kind).validate_python(row)
    assert isinstance(value, kind)
    return value

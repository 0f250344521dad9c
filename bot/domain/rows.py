"""Frozen values to rows of JSON values and back, without loss."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)  # building one takes milliseconds
    return _adapters[kind]


def to_row(value: Any) -> dict[str, Any]:
    """A dataclass as JSON values; dates and instants in ISO form."""
    row = _adapter(type(value)).dump_python(value, mode="json")
    assert isinstance(row, dict)
    return row


def from_row(kind: type[T], row: dict[str, Any]) -> T:
    """The dataclass a row was made from; fields it does not know are ignored, so that older programs read newer rows."""
    value = _adapter(kind).validate_python(row)
    assert isinstance(value, kind)
    return value

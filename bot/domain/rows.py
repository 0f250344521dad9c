"""Frozen values to rows of JSON values and back, without loss."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_row(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any of our dataclasses
    """A dataclass as JSON values; dates and instants in ISO form."""
    row = _adapter(type(value)).dump_python(value, mode="json")
    assert isinstance(row, dict)
    return row


def from_row(kind: type[T], row: dict[str, Any]) -> T:
    """The dataclass a row was made from; fields it does not know are ignored, so that older programs read newer rows."""
    value = _adapter(kind).validate_python(row)
    assert isinstance(value, kind)
    return value

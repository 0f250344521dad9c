"""How Slack checks a JSON structure: small checks put together, each finding with its JSON pointer as Slack writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]
"""Takes a value and its JSON pointer, yields what is wrong with it."""


def finding(sentence: str, where: str) -> str:
    """One complaint in Slack's own form."""
    return f"{sentence} [json-pointer:{where}]"


def text(most: int, least: int = 0) -> Check:
    """A string of `least` to `most` characters."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield finding("must be a string", where)
        elif len(value) < least:
            yield finding(f"must be more than {least - 1} characters", where)
        elif len(value) > most:
            yield finding(f"must be less than {most + 1} characters", where)

    return check


def matching(pattern: str, meant: str) -> Check:
    """A string of a given form; `meant` says which."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield finding(f"must be {meant}", where)

    return check


def flag(value: Any, where: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield finding("must be a boolean", where)


def anything(_value: Any, _where: str) -> Iterator[str]:
    """Whatever it is."""
    return iter(())


def number(least: float = 0, most: float = 10**12) -> Check:
    """A number within bounds."""

    def check(value: Any, where: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            yield finding(f"must be a number from {least:g} to {most:g}", where)

    return check


def choice(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: Any, where: str) -> Iterator[str]:
        if value not in allowed:
            yield finding(f"must be one of {', '.join(allowed)}", where)

    return check


def items(each: Check, most: int, least: int = 0) -> Check:
    """A list of `least` to `most` things."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield finding("must be an array", where)
            return
        if len(value) < least:
            yield finding(f"no fewer than {least} items allowed", where)
        if len(value) > most:
            yield finding(f"no more than {most} items allowed", where)
        for index, item in enumerate(value):
            yield from each(item, f"{where}/{index}")

    return check


def distinct(inner: Check, key: str) -> Check:
    """`inner`, and no two items with the same `key`."""

    def check(value: Any, where: str) -> Iterator[str]:
        yield from inner(value, where)
        seen: set[str] = set()
        for index, item in enumerate(value if isinstance(value, list) else []):
            name = item.get(key) if isinstance(item, dict) else None
            if isinstance(name, str) and name in seen:
                yield finding(f'"{key}" "{name}" already exists', f"{where}/{index}/{key}")
            seen.add(name if isinstance(name, str) else "")

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield finding("must provide an object", where)
            return
        for field in required:
            if field not in value:
                yield finding(f"missing required field: {field}", where)
        for field, inner in value.items():
            check_field = known.get(field)
            if check_field is None:
                yield finding(f"invalid additional property: {field}", where)
            elif inner is not None or field in required:
                yield from check_field(inner, f"{where}/{field}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object checked by its "type"."""

    def check(value: Any, where: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield finding(f"unsupported type: {kind}", f"{where}/type")
        else:
            yield from kinds[kind](value, where)

    return check


def both(*checks: Check) -> Check:
    """All of these checks."""

    def check(value: Any, where: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, where)

    return check


def unless(clash: Callable[[dict[str, Any]], str]) -> Check:
    """A rule over a whole object: `clash` names what is wrong, or ""."""

    def check(value: Any, where: str) -> Iterator[str]:
        sentence = clash(value) if isinstance(value, dict) else ""
        if sentence:
            yield finding(sentence, where)

    return check

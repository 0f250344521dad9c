"""Plain words -> what a Jira field takes, by the type its create metadata names: options, numbers, people, components, dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.adapters.jira_text import to_adf
from bot.domain.ticket import TicketField
from bot.errors import Refused

Field = Mapping[str, Any]
"""A field of the create form as Jira describes it; {} where the form does not have it."""

Account = Callable[[str], dict[str, str] | None]
"""Somebody's e-mail or account -> what a person field takes."""

SYSTEM = {"priority": {"type": "priority"}, "components": {"type": "array", "items": "component"},
          "labels": {"type": "array", "items": "string"}, "fixVersions": {"type": "array", "items": "version"}}
"""Types of the usual fields, for a form that does not describe them."""
NAMED = {"priority", "component", "version", "resolution", "issuetype", "securitylevel", "group", "project"}
CHOSEN = {"option", "option-with-child", *NAMED}
KINDS = {"string": "text", "number": "number", "date": "date", "user": "person"}


def encoded(name: str, value: Any, field: Field, *, rich: bool, account: Account) -> Any:
    """The value as the field takes it; what is no plain text was written as Jira's REST API takes it and stays so."""
    schema = field.get("schema") or SYSTEM.get(name, {})
    if isinstance(value, list):
        return [encoded(name, each, {**field, "schema": _of_one(schema)}, rich=rich, account=account) for each in value]
    if not isinstance(value, str):
        return value
    if schema.get("type") == "array":
        parts = [part.strip() for part in value.split(",") if part.strip()]
        return encoded(name, parts, field, rich=rich, account=account)
    return _one(name, value.strip(), schema, field, rich=rich, account=account)


def _one(name: str, text: str, schema: Mapping[str, Any], field: Field, *, rich: bool, account: Account) -> Any:
    kind = str(schema.get("type", ""))
    if kind in CHOSEN:
        return _chosen(text, kind, field.get("allowedValues") or ())
    if kind == "user":
        return account(text) or _nobody(name, text)
    if kind == "number":
        return _number(text)
    return to_adf(text) if rich and _is_long(schema) else text


def _nobody(name: str, said: str) -> Any:
    reason = f"Jira knows nobody of {said} who may be assigned"
    raise Refused(f"{name}: {reason}.", {name: reason})


def _of_one(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The type of one entry of a list; a list outside of a list type is left to Jira to refuse."""
    return {"type": schema.get("items", schema.get("type", ""))}


def _chosen(text: str, kind: str, allowed: Any) -> Any:
    """By its id where the form names it; else in words, so that Jira itself says what is wrong with them."""
    if kind == "option-with-child" and "/" in text:
        above, _, below = (part.strip() for part in text.partition("/"))
        return {"value": above, "child": {"value": below}}
    for option in allowed:
        if text.casefold() in (label_of(option).casefold(), str(option.get("id", "")).casefold()):
            return {"id": str(option["id"])} if option.get("id") else {_word(kind): label_of(option)}
    return {_word(kind): text}


def _word(kind: str) -> str:
    return "name" if kind in NAMED else "value"


def _number(text: str) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text  # Jira says what it wants instead
    return int(number) if number.is_integer() else number


def _is_long(schema: Mapping[str, Any]) -> bool:
    return schema.get("system") in ("description", "environment") or str(schema.get("custom", "")).endswith(":textarea")


# --- the other way round: what a form asks a person --------------------------------------------------------------


def asked(field: Field, *, filled: bool) -> TicketField:
    """A field of the create form in our words."""
    schema = field.get("schema") or {}
    return TicketField(
        id=str(field["fieldId"]), name=str(field.get("name") or field["fieldId"]), kind=_kind(schema, field),
        required=bool(field.get("required")) and not field.get("hasDefaultValue"), filled=filled,
        options=tuple(filter(None, map(label_of, field.get("allowedValues") or ()))))


def _kind(schema: Mapping[str, Any], field: Field) -> str:
    if schema.get("type") == "array":
        return "choices"
    if schema.get("type") in CHOSEN or field.get("allowedValues"):
        return "choice"
    return "long_text" if _is_long(schema) else KINDS.get(str(schema.get("type")), "text")


def label_of(option: Any) -> str:
    """What people see of an allowed value."""
    if not isinstance(option, Mapping):
        return str(option)
    return str(option.get("value") or option.get("name") or option.get("displayName") or option.get("id") or "")

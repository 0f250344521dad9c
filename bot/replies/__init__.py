"""What the bot says, before any chat service: lines of words, and the choices a person is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.rows import to_row


class Words(Protocol):
    """The catalogues of sentences, one per language; a key is known in both or in neither."""

    def say(self, lang: str, key: str, **values: object) -> str:
        """The sentence with its gaps filled; a value `n` chooses the plural."""

    def day(self, lang: str, day: date) -> str:
        """A date with its year, as people of this language write it."""

    def month(self, lang: str, year: int, month: int) -> str:
        """A month with its year."""

    def moment(self, lang: str, instant: datetime, zone: str) -> str:
        """An instant as local date, time and zone."""

    def market(self, lang: str, code: str) -> str:
        """The name of a destination market (ISO alpha-2)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `action` names the door ("scope_fact", "open_filing"), `value` what it carries (an id or JSON text)."""

    action: str
    label: str
    value: str = ""
    style: str = ""
    """"", "primary" or "danger"."""
    confirm: str = ""
    """A sentence to confirm before it acts, or ""."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a message with choices of their own, as one reminder in a bundle."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A list to choose one entry from: `action` names the door, `label` stands there while nothing is chosen; at most 100 fit."""

    action: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One message.

    `headline` is its first line and its notification text; words may use *bold*, _italic_ and `code` as in chat.
    """

    headline: str
    lines: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    note: str = ""
    """Small print: caveats, source, id."""
    choices: tuple[Choice, ...] = ()
    parts: tuple[Part, ...] = ()
    tone: str = ""
    """"", "good", "warn" or "stop"; shown as a coloured mark beside words that say the same."""
    menus: tuple[Menu, ...] = ()
    calls: tuple[str, ...] = ()
    """Chat ids of the people it is for, who are called by name; nothing in the words themselves can call anybody."""

    def to_row(self) -> dict[str, Any]:
        """As JSON values."""
        return to_row(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Reply:
        """The reply a row was made from."""
        return cls(
            headline=row["headline"], lines=tuple(row.get("lines", ())), bullets=tuple(row.get("bullets", ())),
            note=row.get("note", ""), tone=row.get("tone", ""), calls=tuple(row.get("calls", ())), choices=_choices(row),
            parts=tuple(Part(part["text"], _choices(part)) for part in row.get("parts", ())),
            menus=tuple(_menu(menu) for menu in row.get("menus", ())))


def _menu(row: Mapping[str, Any]) -> Menu:
    return Menu(row["action"], row["label"], tuple(Option(**option) for option in row["options"]))


def _choices(row: Mapping[str, Any]) -> tuple[Choice, ...]:
    return tuple(Choice(**choice) for choice in row.get("choices", ()))


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form; `kind` is text, long_text, date, choice, person or note (words only)."""

    id: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A modal: `id` names the door that takes its answers, `carry` travels through unseen (JSON text)."""

    id: str
    title: str
    submit: str
    fields: tuple[Field, ...] = field(default_factory=tuple)
    carry: str = ""
    close: str = ""

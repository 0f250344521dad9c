"""How each language puts names: several in a row, roles, months, fields, dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.domain.people import ROLES
from bot.domain.signing import SECOND
from bot.domain.terms import FieldName, Headings, Month, Phrase
from bot.domain.wording import Wording
from bot.replies import Words


def listed(words: Words, lang: str, names: Iterable[str]) -> str:
    """A, B, C; A、B、C."""
    return words.say(lang, "names.comma").join(names)


def together(lang: str, *sentences: str) -> str:
    """Sentences one after the other; Chinese puts no space behind a full stop."""
    return ("" if lang == "zh" else " ").join(filter(None, sentences))


def role_words(words: Words, lang: str, role: str) -> str:
    """A role, or several ("PM, PROD"), as they are spoken of; SECOND is any second person."""
    return listed(words, lang, (_role(words, lang, one.strip()) for one in role.split(",")))


def worded(words: Words, lang: str, value: object) -> object:
    """A value of a sentence as this language says it; what is no term of ours stays as it is."""
    if isinstance(value, tuple):
        return listed(words, lang, map(str, value))
    if isinstance(value, Wording):
        return value.said(lang)
    return words.day(lang, value) if isinstance(value, date) else _term(words, lang, value)


def _term(words: Words, lang: str, value: object) -> object:
    if isinstance(value, Month):
        return words.month(lang, value.year, value.month)
    if isinstance(value, Headings):
        return listed(words, lang, (words.say(lang, f"heading.{name}") for name in value.names))
    if isinstance(value, Phrase):
        return words.say(lang, f"phrase.{value.code}", **{name: worded(words, lang, each) for name, each in value.said.items()})
    return words.say(lang, f"form.{value.name}") if isinstance(value, FieldName) else value


def _role(words: Words, lang: str, role: str) -> str:
    return words.say(lang, f"role.{role.lower()}") if role in (*ROLES, SECOND) else role

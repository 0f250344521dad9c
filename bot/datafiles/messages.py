"""The catalogues of sentences: config/messages/{en,zh}/filingdesk.po, read through Babel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.datafiles.findings import refuse
from bot.errors import BadFile, Finding

LANGUAGES = {"en": Locale("en"), "zh": Locale("zh", script="Hans")}
CATALOGUE = "filingdesk.po"


@dataclass(frozen=True, slots=True)
class Entry:
    """One key's sentence, in as many forms as the language has numbers, and the line it begins on."""

    forms: tuple[str, ...]
    line: int


class Catalogues:
    """The sentences of both languages; implements the port Words."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
        self._sentences = catalogues

    def say(self, lang: str, key: str, **values: Any) -> str:
        """The sentence with its gaps filled; a value `n` chooses the plural. KeyError for a key no catalogue has."""
        forms = self._sentences[lang if lang in self._sentences else "en"][key]
        number = values.get("n")
        form = forms[0] if len(forms) == 1 or number == 1 else forms[1]
        return form.format_map(values)

    def day(self, lang: str, day: date) -> str:
        """12 Dec 2026, 2026年12月12日."""
        return str(format_date(day, "d MMM y" if lang == "en" else "y年M月d日", locale=_locale(lang)))

    def month(self, lang: str, year: int, month: int) -> str:
        """February 2027, 2027年2月."""
        return str(format_date(date(year, month, 1), "MMMM y" if lang == "en" else "y年M月", locale=_locale(lang)))

    def moment(self, lang: str, instant: datetime, zone: str) -> str:
        """12 Dec 2026, 09:00 (Asia/Shanghai)."""
        local = instant.astimezone(ZoneInfo(zone))
        pattern = "d MMM y, HH:mm" if lang == "en" else "y年M月d日 HH:mm"
        return f"{format_datetime(local, pattern, locale=_locale(lang))} ({zone})"

    def market(self, lang: str, code: str) -> str:
        """The market's name from CLDR; HK, MO and TW without a word for what kind of place they are."""
        name = _locale(lang).territories.get(code, code)
        return str(SHORT.get((lang, code), name))

    def keys(self, lang: str) -> Iterable[str]:
        """All keys of one language."""
        return self._sentences[lang].keys()


SHORT = {("en", "HK"): "Hong Kong", ("en", "MO"): "Macao", ("zh", "HK"): "香港", ("zh", "MO"): "澳门",
         ("en", "CN"): "mainland China", ("zh", "CN"): "中国内地"}
"""Names where CLDR's official form is longer than people write."""


def load_messages(folder: Path) -> Catalogues:
    """Both catalogues; BadFile with every finding when one cannot be read or the two differ in keys or gaps."""
    catalogues = {lang: _read(folder, lang) for lang in LANGUAGES}
    twice = [finding for lang in LANGUAGES for finding in _twice(folder, lang)]
    refuse([*twice, *_differences(folder, catalogues["en"], catalogues["zh"]), *_misshapen(folder, catalogues)])
    return Catalogues({lang: {key: entry.forms for key, entry in found.items()} for lang, found in catalogues.items()})


def gaps(sentence: str) -> set[str]:
    """The names in braces; ValueError where a brace is left open."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _read(folder: Path, lang: str) -> Mapping[str, Entry]:
    shown = _shown(folder, lang)
    try:
        return _entries((folder / lang / CATALOGUE).read_bytes())
    except OSError:
        raise BadFile([Finding(shown, 0, 0, "this file is missing or cannot be read", "restore it")]) from None
    except (PoFileError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise BadFile([Finding(shown, line, 1, f"this is not a catalogue of sentences: {error}", "mend this line")]) from None


@lru_cache(maxsize=4)
def _entries(said: bytes) -> Mapping[str, Entry]:
    """The entries, which nobody changes: a check reads the same file twice, and this is the slow part."""
    catalogue: Catalog = read_po(BytesIO(said), abort_invalid=True)
    return {_key(message.id): Entry(_forms(message.string), message.lineno or 0) for message in catalogue if message.id}


def _key(message_id: str | Iterable[str]) -> str:
    return message_id if isinstance(message_id, str) else next(iter(message_id))


def _forms(string: str | Iterable[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())


def _twice(folder: Path, lang: str) -> Iterator[Finding]:
    """A key given again: Babel would keep its first sentence without a word."""
    first: dict[str, int] = {}
    for number, line in enumerate((folder / lang / CATALOGUE).read_text(encoding="utf-8").splitlines(), start=1):
        key = line.removeprefix('msgid "').removesuffix('"') if line.startswith('msgid "') else ""
        if key and first.setdefault(key, number) != number:
            write = f"keep one; the first is on line {first[key]}"
            yield Finding(_shown(folder, lang), number, 8, f'"{key}" is given twice', write)


def _differences(folder: Path, en: Mapping[str, Entry], zh: Mapping[str, Entry]) -> Iterator[Finding]:
    for here, there, lang in ((en, zh, "zh"), (zh, en, "en")):
        for key in sorted(here.keys() - there.keys()):
            yield Finding(_shown(folder, lang), 0, 0, f'the key "{key}" is missing', "add it with its sentence")
    for key in sorted(en.keys() & zh.keys()):
        wanted, other = _gaps_of(en[key]), _gaps_of(zh[key])
        if wanted is not None and other is not None and wanted != other:
            what = f'"{key}" has the gaps {_named(other)} and {_named(wanted)} in English'
            yield Finding(_shown(folder, "zh"), zh[key].line, 1, what, f"write {_named(wanted)}")


def _misshapen(folder: Path, catalogues: Mapping[str, Mapping[str, Entry]]) -> Iterator[Finding]:
    for lang, catalogue in catalogues.items():
        for key, entry in catalogue.items():
            if not any(entry.forms):
                yield Finding(_shown(folder, lang), entry.line, 1, f'"{key}" has no sentence', "write one")
            elif _gaps_of(entry) is None:
                yield Finding(_shown(folder, lang), entry.line, 1, f'"{key}" has a brace that is not closed', "write {name}")


def _gaps_of(entry: Entry) -> set[str] | None:
    """The gaps of the last form, which has them all; a singular may leave the number out. None where they cannot be read."""
    try:
        return gaps(entry.forms[-1]) if entry.forms and [gaps(form) for form in entry.forms] else set()
    except ValueError:
        return None


def _named(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


def _shown(folder: Path, lang: str) -> str:
    return f"{folder.parent.name}/{folder.name}/{lang}/{CATALOGUE}"


def _locale(lang: str) -> Locale:
    return LANGUAGES.get(lang, LANGUAGES["en"])

"""The catalogues of sentences: config/messages/{en,zh}/filingdesk.po, read through Babel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.errors import BadFile

LANGUAGES = {"en": Locale("en"), "zh": Locale("zh", script="Hans")}
CATALOGUE = "filingdesk.po"


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
    """Both catalogues; BadFile when one cannot be read or the two differ in keys or gaps."""
    catalogues = {lang: _read(folder / lang / CATALOGUE) for lang in LANGUAGES}
    findings = list(_differences(folder, catalogues["en"], catalogues["zh"]))
    if findings:
        raise BadFile(findings)
    return Catalogues(catalogues)


def gaps(sentence: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    try:
        with path.open("rb") as file:
            catalogue: Catalog = read_po(file, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        raise BadFile([f"{path}: cannot be read: {error}"]) from None
    return {_key(message.id): _forms(message.string) for message in catalogue if message.id}


def _key(message_id: str | Iterable[str]) -> str:
    return message_id if isinstance(message_id, str) else next(iter(message_id))


def _forms(string: str | Iterable[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())


def _differences(folder: Path, en: Mapping[str, tuple[str, ...]], zh: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    for missing, lang in ((en.keys() - zh.keys(), "zh"), (zh.keys() - en.keys(), "en")):
        for key in sorted(missing):
            yield f'{folder / lang / CATALOGUE}: the key "{key}" is missing; add it with its sentence'
    for key in sorted(en.keys() & zh.keys()):
        if gaps(en[key][0]) != gaps(zh[key][0]):
            other, wanted = sorted(gaps(zh[key][0])), sorted(gaps(en[key][0]))
            yield f'{folder / "zh" / CATALOGUE}: "{key}" has the gaps {other}, write {wanted}'


def _locale(lang: str) -> Locale:
    return LANGUAGES.get(lang, LANGUAGES["en"])

"""From rulesets/reading and the CLDR and ISO 3166 name lists to the reader's Lexicon."""

from __future__ import annotations

import gc
import gettext
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import pycountry
import yaml
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from bot.datafiles.weights import load_taught
from bot.domain.reading.folding import folded, stem
from bot.domain.reading.lexicon import Cue, Lexicon, Membership, Place, Spelling, misspellings, unit_trie
from bot.errors import BadFile, Finding

LAYERS = ("products", "autonomy", "cautions", "export", "intents", "places")
_SPELT_WRONG = frozenset(
    {
        "modality",
        "head",
        "kind",
        "act",
        "decide",
        "approve",
        "self",
        "whole_yes",
        "whole_no",
        "manual",
        "auto",
        "person",
        "handle",
        "object",
        "reminder",
        "reminder.outright",
    }
)
"""Roles whose words are read even when misspelt."""
_OTHER = frozenset({"id", "role", "en", "zh"})
_PLAIN = 6
"""A city's name this long, and neither word nor person (rulesets/reading/cities.yaml), is one without a word of direction."""
_LONG_HAN = 3
"""A name in Chinese of so many characters is known with one of them misspelt."""
_JOINED = 8
"""A name of two words is known as one where it has as many letters."""
_CLDR = (("en", None), ("zh", None), ("zh", "Hant"))
_HAN = re.compile(r"[\u4e00-\u9fff]+$")
_Row = Mapping[str, Any]


def load_lexicon(folder: Path) -> Lexicon:
    """Read every file of the folder; raises BadFile naming the file that is missing or broken."""
    return _load(folder.resolve())


@contextmanager
def _uncollected() -> Iterator[None]:
    """The words are many and stay: looking among them for garbage again and again took longer than reading them."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()


@lru_cache(maxsize=4)
@_uncollected()
def _load(folder: Path) -> Lexicon:
    return replace(read_words(folder), taught=load_taught(folder / "weights"))


def read_words(folder: Path) -> Lexicon:
    """The words alone, without what labelled questions taught; raises BadFile as load_lexicon does."""
    data = {name: _read(folder / f"{name}.yaml") for name in (*LAYERS, "cities", "folding", "groups", "spelling")}
    simplified = _pairs(data["folding"]["pairs"])
    cues = list(_cues(data, data["spelling"]["homophones"]))
    places = list(_places(data["places"], data["cities"]))
    places += [*_joined(places), *_misheard(places, data["spelling"]["place_homophones"])]
    return Lexicon(
        cues=unit_trie(cues, stems=True, simplified=simplified),
        places=unit_trie(places, stems=False, simplified=simplified),
        simplified=simplified,
        spelling=_spelling(data, cues, places),
        families=tuple(data["products"]["families"]),
        intents=tuple(data["intents"]["order"]),
        memberships=tuple(_memberships(data["groups"]["groups"])),
        ordinary=frozenset(data["cautions"].get("ordinary", "").split()),
    )


class _Words(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Every scalar is text (NO stays Norway) and no key may stand twice; the C parser, as 10,000 words must load fast."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; raises BadFile for a key given twice."""
        keys = [key.value for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            mark = node.start_mark
            raise BadFile([Finding(mark.name, mark.line + 1, mark.column + 1, f"{twice.pop()!r} stands twice", "write it once")])
        return dict(super().construct_mapping(node, deep))


def _read(path: Path) -> dict[str, Any]:
    shown = f"reading/{path.name}"
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_Words)  # noqa: S506 -- builds text, lists and dicts only
    except OSError as error:
        raise BadFile([Finding(shown, 1, 1, "cannot be read", "the reader's words are missing")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, col = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadFile([Finding(shown, line, col, str(error.problem), "write YAML")]) from error
    if not isinstance(content, dict):
        raise BadFile([Finding(shown, 1, 1, "a mapping is wanted", "write `cues:` and its entries")])
    return content


def _pairs(text: str) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in text.split() if len(pair) == 2 and pair[0] != pair[1]}


def _cues(data: Mapping[str, _Row], homophones: Mapping[str, str]) -> Iterator[tuple[str, Cue]]:
    for layer in LAYERS:
        for row in data[layer].get("cues", ()):
            marks = {key: value for key, value in row.items() if key not in _OTHER}
            cue = Cue(row["id"], layer, row["role"], marks)
            terms = list(_terms(row))
            yield from ((term, cue) for term in terms)
            if row["role"] in _SPELT_WRONG:
                typo = Cue(row["id"], layer, row["role"], marks, typo=True)
                long = [term for term in terms if len(term) >= (2 if layer == "products" else 3)]
                yield from ((wrong, typo) for term in long for wrong in _homophones(term, homophones))


def _terms(row: _Row) -> Iterator[str]:
    yield from (term for pattern in row.get("en", ()) for term in _alternatives(pattern))
    yield from row.get("zh", ())


def _alternatives(pattern: str) -> Iterator[str]:
    """ "finger/palm vein" stands for "finger vein" and "palm vein"; a leading slash is a command."""
    words = [[word] if word.startswith("/") else word.split("/") for word in pattern.split()]
    return (" ".join(choice) for choice in product(*words))


def _homophones(term: str, table: Mapping[str, str]) -> Iterator[str]:
    for index, char in enumerate(term):
        for wrong in table.get(char, ""):
            yield term[:index] + wrong + term[index + 1 :]


def _spelling(data: Mapping[str, _Row], cues: Sequence[tuple[str, Cue]], places: Sequence[tuple[str, Place]]) -> Spelling:
    ordinary = frozenset(data["spelling"]["ordinary"].split())
    words = [(word, cue) for term, cue in cues if not (cue.typo or _HAN.match(term)) for word in _latin(term)]
    meant = [(word, cue.role) for word, cue in words if cue.marks.get("value") != "ignore"]
    product = {word for word, role in meant if role in {"modality", "head", "kind"}}
    wanted = {word for word, role in meant if role in _SPELT_WRONG}
    names = [name for name, place in places if place.code and not (place.upper_only or place.rare or len(name) < 5)]
    return Spelling(
        cues=misspellings(wanted | product),
        places=misspellings(name for name in {folded(n, {}) for n in names} if name.isascii() and name.isalpha()),
        product_stems=frozenset(stem(word) for word in product),
        known=frozenset(stem(word) for word, _ in words) | frozenset(stem(word) for word in ordinary) | ordinary,
    )


def _latin(term: str) -> list[str]:
    words = folded(term, {}).replace("-", " ").split()
    return [word for word in words if word.isascii() and word.isalpha()]


# -- places ---------------------------------------------------------------------------------------------


def _places(data: _Row, cities: _Row) -> Iterator[tuple[str, Place]]:
    shy = {folded(name, {}) for name in data["shy"]}
    people = frozenset(data["people"])
    asked = {folded(n, {}): row for row in data["asked"] for n in row["names"]}
    shared = frozenset(folded(n, {}) for n in data["shared"])
    wholes, elsewhere = _wholes(data), _elsewhere(cities["namesakes"])
    yield from ((name, Place(codes[0], together=tuple(codes[1:]))) for name, codes in data["together"].items())
    for name, listed in _all_places(data, cities):
        key = folded(name, {})
        place = _asked_back(asked[key]) if key in asked and not listed.demonym else listed
        marks = {
            "person": key in people,
            "shared": key in shared,
            "shy": place.shy or key in shy,
            "short": place.short and key not in shy,
            "whole": key in wholes and not place.demonym,
            "elsewhere": elsewhere.get(key.replace("-", " "), ()),
        }
        yield name, replace(place, **marks) if any(marks.values()) else place  # type: ignore[arg-type]
    yield from ((name, Place("")) for pattern in data["masks"] for name in _alternatives(pattern))


def _joined(places: Sequence[tuple[str, Place]]) -> Iterator[tuple[str, Place]]:
    """ "Kualalumpur", "newzealand": long names of two words, typed as one."""
    known = {folded(name, {}) for name, _ in places}
    for name, place in places:
        one = folded(name, {}).replace(" ", "").replace("-", "")
        if one.isascii() and one.isalpha() and len(one) >= _JOINED and one not in known and not _seldom(place):
            yield one, place


def _misheard(places: Sequence[tuple[str, Place]], table: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    """新加玻: long names in Chinese with a character that sounds or looks alike, unless that is a name as well."""
    known = {name for name, _ in places}
    long = [(name, place) for name, place in places if len(name) >= _LONG_HAN and _HAN.match(name) and not _seldom(place)]
    yield from ((wrong, place) for name, place in long for wrong in _homophones(name, table) if wrong not in known)


def _seldom(place: Place) -> bool:
    return not place.code or place.rare or place.demonym or place.upper_only


def _asked_back(row: _Row) -> Place:
    return Place(row["takes"], also=tuple(row["asked"]))


def _wholes(data: _Row) -> frozenset[str]:
    """Names of countries and of their states."""
    names = [*data["states"], *(name for name, _ in _country_names())]
    return frozenset(folded(name, {}) for name in names)


def _elsewhere(namesakes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """A town's name to the further countries that have one."""
    found: dict[str, tuple[str, ...]] = {}
    for code, names in namesakes.items():
        for name in names.split(", "):
            key = folded(name, {}).replace("-", " ")
            found[key] = (*found.get(key, ()), code)
    return found


def _all_places(data: _Row, towns: _Row) -> Iterator[tuple[str, Place]]:
    """All names; of two places with one name the first counts, so the hand-kept ones go before the lists."""
    small = frozenset(data["small"])
    for code, row in data["places"].items():
        names = [(name, Place(code)) for name in row["names"]]
        names += [(name, Place(code, upper_only=True)) for name in row.get("upper", ())]
        yield from ((name, _written(place, name, small)) for name, place in names)
        people = [name for pattern in row["demonyms"] for name in _alternatives(pattern)]
        yield from ((name, Place(code, demonym=True)) for name in (*people, *(f"{name}s" for name in people)))
    for code, row in data["more"].items():
        yield from ((name, _written(Place(code, rare=True), name, small)) for name in row)
    for region, spellings in data["regions"].items():
        yield from ((name, _written(Place(region, region=True), name, small)) for name in spellings)
    yield from ((name, Place("")) for row in data["asked"] for name in row["names"])
    yield from _country_names()
    yield from _exemplar_cities()
    for code, names in towns["cities"].items():
        town, short = Place(code, rare=True), Place(code, rare=True, shy=True, short=True)
        yield from ((name, short if name.isascii() and len(name) < _PLAIN else town) for name in names.split(", "))
    for code, names in towns["little"].items():
        yield from ((name, Place(code, rare=True, shy=True, short=True)) for name in names.split(", "))
    yield from _codes(frozenset(data["codes"]), frozenset(data["no_codes"]))


def _written(place: Place, name: str, small: frozenset[str]) -> Place:
    """Short names in capitals are places only so written, unless people write them small as well."""
    capitals = name.isascii() and name.isupper() and len(name) <= 4 and name.casefold() not in small
    return replace(place, upper_only=place.upper_only or capitals)


def _codes(alone: frozenset[str], never: frozenset[str]) -> Iterator[tuple[str, Place]]:
    for country in pycountry.countries:
        yield country.alpha_3, Place(country.alpha_2, upper_only=True, shy=True, code_only=True)
        yield _flag(country.alpha_2), Place(country.alpha_2)
        if country.alpha_2 in alone:
            yield country.alpha_2, Place(country.alpha_2, upper_only=True)
        elif country.alpha_2 not in never:
            yield country.alpha_2, Place(country.alpha_2, upper_only=True, shy=True, code_only=True)


def _flag(code: str) -> str:
    """🇱🇦: a flag is written with two letters of its own."""
    return "".join(chr(ord("🇦") + ord(letter) - ord("A")) for letter in code)


def _country_names() -> Iterator[tuple[str, Place]]:
    codes = {country.alpha_2 for country in pycountry.countries}
    for language, script in _CLDR:
        names = Locale(language, script=script).territories
        yield from ((name, Place(code)) for code, name in names.items() if code in codes and _plain(name))
    for locale in ("zh_CN", "zh_TW", "zh_HK"):
        yield from _iso_names(locale)
    for country in pycountry.countries:
        yield from ((n, Place(country.alpha_2)) for n in _english_names(country))


def _plain(name: str) -> bool:
    return len(name) > 2 or not name.isascii()


def _english_names(country: Any) -> Iterable[str]:
    names = {getattr(country, key, "") for key in ("name", "common_name", "official_name")}
    return {name.split(",")[0] if ", " in name and "," in name else name for name in names if name} - {"Korea", "Congo"}


def _iso_names(locale: str) -> Iterator[tuple[str, Place]]:
    try:
        names = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[locale])
    except OSError:
        return
    for country in pycountry.countries:
        name = names.gettext(country.name)
        if name != country.name:
            yield name.split("，")[0].split(",")[0], Place(country.alpha_2)


def _exemplar_cities() -> Iterator[tuple[str, Place]]:
    """CLDR names a city for each time zone: Berlin, 柏林."""
    territories = get_global("zone_territories")
    for language, script in _CLDR:
        try:
            zones = Locale(language, script=script).time_zones
        except UnknownLocaleError:
            continue
        for zone, names in zones.items():
            code, city = territories.get(zone, ""), names.get("city", "")
            city = city or (zone.rsplit("/", 1)[-1].replace("_", " ") if language == "en" else "")
            if len(code) == 2 and code.isalpha() and _plain(city):
                yield city, Place(code)


def _memberships(groups: Sequence[_Row]) -> Iterator[Membership]:
    for group in groups:
        for row in group["members"]:
            until = date.fromisoformat(row["until"]) if "until" in row else None
            since = date.fromisoformat(row["since"])
            yield from (Membership(group["id"], code, since, until) for code in row["codes"])

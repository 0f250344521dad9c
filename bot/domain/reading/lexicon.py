"""The words the reader knows, compiled for matching: cues, places, product names; a frozen value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.domain.catalogue import Product
from bot.domain.reading.folding import folded, stem, units
from bot.domain.reading.weights import Taught

Trie = dict[str, Any]
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]+")
_WORDS_ONLY = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
END = "\0"
"""The key under which a trie node keeps what ends there."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One lexicon entry: `layer` says who reads it, `role` what it does there, `marks` hold its details."""

    id: str
    layer: str
    role: str
    marks: Mapping[str, str] = field(default_factory=dict, hash=False)
    typo: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A country, city or group by name; code is ISO alpha-2, or a group's name where `region`."""

    code: str
    region: bool = False
    demonym: bool = False
    upper_only: bool = False
    """Only a place when written in capitals (US, UK, LA)."""
    shy: bool = False
    """Also an ordinary word or a person's name: a place only behind a word of direction."""
    person: bool = False
    """Also a first name."""
    code_only: bool = False
    """An ISO code: only right behind a word of direction."""
    also: tuple[str, ...] = ()
    """What else the name may mean; to be asked back."""
    shared: bool = False
    """A town of this name lies in several countries: one named right behind it says which."""
    elsewhere: tuple[str, ...] = ()
    """Other countries with a town of this name."""
    whole: bool = False
    """A country or one of its states, so that a town may lie in it."""
    short: bool = False
    """A town with a short name: written small, or in Chinese, no place where another one is named."""
    rare: bool = False
    """Seldom written to, so not read when misspelt."""
    together: tuple[str, ...] = ()
    """The further countries of a joint name: 德法."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A product's name without spaces and marks, and whom it names (several: ambiguous)."""

    products: tuple[Product, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Membership:
    """One place's membership of a group; `until` is exclusive."""

    group: str
    code: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Spelling:
    """What is needed to read a slip of the pen."""

    cues: Mapping[str, tuple[str, ...]]
    """A word, or one with a letter left out, to the words of ours it may stand for."""
    places: Mapping[str, tuple[str, ...]]
    """The same for names of places."""
    product_stems: frozenset[str]
    """Beside one of these a short word may be a slip, too: "iris lok"."""
    known: frozenset[str]
    """Words and stems that are no slip."""


@dataclass(frozen=True)
class Lexicon:
    """Everything `read` needs to know about words; made by datafiles, extended with the catalogue."""

    cues: Trie
    places: Trie
    simplified: Mapping[str, str]
    spelling: Spelling
    families: Sequence[Mapping[str, str]]
    """Rows of the family table: modality, dimension, head, category; the first that fits decides."""
    intents: tuple[str, ...] = ()
    """The order in which intents are tried."""
    memberships: tuple[Membership, ...] = ()
    ordinary: frozenset[str] = frozenset()
    """Words that say nothing of what a thing does."""
    taught: Taught = field(default_factory=Taught)
    """What labelled questions taught; nothing: the grammar answers alone."""
    aliases: Trie = field(default_factory=dict)
    alias_names: tuple[tuple[str, Product], ...] = ()

    def with_catalogue(self, products: Sequence[Product]) -> Lexicon:
        """The same words, with the names, aliases and SKUs of these products."""
        names: dict[str, list[Product]] = {}
        for product in products:
            spellings = {normal_name(n) for n in (product.sku, product.name, *product.aliases)}
            for spelling in (spellings | {_spoken(s) for s in spellings}) - {""}:
                names.setdefault(spelling, []).append(product)
        entries = {name: Alias(tuple(found)) for name, found in names.items()}
        for short, found in _short_names(products, entries).items():
            entries[short] = Alias(tuple(found), exact=False)
        known = tuple((name, alias.products[0]) for name, alias in entries.items() if alias.exact)
        return replace(self, aliases=char_trie(entries), alias_names=known)

    def members(self, group: str, on: date) -> tuple[str, ...]:
        """ISO codes belonging to a group on a day; empty for a loose region such as LATAM."""
        return tuple(m.code for m in self.memberships if m.group == group and m.since <= on and (m.until is None or on < m.until))


def normal_name(name: str) -> str:
    """Letters and digits only, folded: "Face-Gate 300" and "FACEGATE300" are one name."""
    return "".join(c for c in folded(name, {}) if c.isalnum())


def _spoken(name: str) -> str:
    """A name with its number in words, as dictated: "facegatethreehundred"; the same where there is no number."""
    return re.sub(r"\d+", lambda m: _number_in_words(m.group()), name)


def _number_in_words(digits: str) -> str:
    if len(digits) == 3 and digits.endswith("00"):
        return _DIGITS[int(digits[0])] + "hundred"
    return "".join(_DIGITS[int(d)] for d in digits)


def _short_names(products: Sequence[Product], taken: Mapping[str, Alias]) -> dict[str, list[Product]]:
    """The first word of each name, where it is not itself a full name: FaceGate for FaceGate 300."""
    short: dict[str, list[Product]] = {}
    for product in products:
        first = normal_name(re.split(r"[\s\-_/]+", product.name.strip() or product.sku)[0])
        if len(first) >= 4 and first not in taken:
            short.setdefault(first, []).append(product)
    return short


def char_trie(entries: Mapping[str, object]) -> Trie:
    """A trie over characters."""
    root: Trie = {}
    for name, value in entries.items():
        node = root
        for char in name:
            node = node.setdefault(char, {})
        node[END] = value
    return root


def unit_trie(entries: Iterable[tuple[str, Cue | Place]], *, stems: bool, simplified: Mapping[str, str]) -> Trie:
    """A trie over stems (cues) or whole words (names); several entries may end at one node."""
    root: Trie = {}
    for term, value in entries:
        node = root
        for step in _steps(folded(term, simplified), stems):
            node = node.setdefault(step, {})
        node.setdefault(END, []).append(value)
    return root


def _steps(term: str, stems: bool) -> Iterable[str]:
    """The units of a term; of Han alone each character is one, and plain words need no grammar."""
    if _HAN_ONLY.fullmatch(term):
        return term
    if _WORDS_ONLY.fullmatch(term):
        return map(stem, term.split(" ")) if stems else term.split(" ")
    return [unit.stem if stems else unit.text for unit in units(term)]


def misspellings(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each word, and it with one letter left out, to the words it may stand for."""
    found: dict[str, set[str]] = {}
    for word in words:
        for form in left_out(word):
            found.setdefault(form, set()).add(word)
    return {form: tuple(sorted(names)) for form, names in found.items()}


def left_out(word: str) -> set[str]:
    """The word, and every form of it with one letter left out."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}

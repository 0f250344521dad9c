"""Sentences: both languages have the same, every one the program says exists, and none is kept that nobody says."""

from __future__ import annotations

import ast
import re
from functools import cache
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from project_tree import ROOT, modules, named, tree_of

KEY = re.compile(r"[a-z][a-z_0-9]*(\.[a-z_0-9]+)+")
SILENT = {"sandbox", "domain", "datafiles"}
"""Rooms that say no sentence of the catalogues."""
SPEAKING = [path for path in modules("bot", "handlers") if not SILENT & set(path.parts)]


@cache
def sentences(lang: str) -> dict[str, tuple[str, ...]]:
    """Key to its forms (one, or singular and plural)."""
    with (ROOT / "config" / "messages" / lang / "filingdesk.po").open("rb") as file:
        found = [message for message in read_po(file) if message.id]
    return {_first(message.id): _forms(message.string) for message in found}


@cache
def said() -> tuple[dict[str, str], dict[str, str]]:
    """Keys written in full and keys put together (as patterns), each with a place where that is done."""
    full: dict[str, str] = {}
    patterns: dict[str, str] = {}
    heads = {key.partition(".")[0] for key in sentences("en")}
    for path in SPEAKING:
        within: set[int] = set()
        name = named(path)
        for node in ast.walk(tree_of(path)):
            place = f"{name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.JoinedStr):
                within |= {id(part) for part in node.values}
                start = node.values[0].value if node.values and isinstance(node.values[0], ast.Constant) else ""
                if "." in str(start) and str(start).partition(".")[0] in heads:
                    patterns[_pattern(node)] = place
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
                full[node.value] = place
    looks_so = {key for key in full if KEY.fullmatch(key) and key.partition(".")[0] in heads}
    return {key: place for key, place in full.items() if key in looks_so | sentences("en").keys()}, patterns


def _pattern(node: ast.JoinedStr) -> str:
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "[a-z0-9_]+" for part in node.values)


def _first(key: object) -> str:
    return key if isinstance(key, str) else key[0]  # type: ignore[index]  # a plural's id is a pair


def _forms(string: object) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)  # type: ignore[arg-type]  # or all plural forms


def _gaps(form: str) -> set[str]:
    return {gap for _, gap, _, _ in Formatter().parse(form) if gap is not None}


def test_both_languages_have_the_same_sentences() -> None:
    assert sentences("en").keys() == sentences("zh").keys()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_sentence_is_left_empty(lang) -> None:
    assert not [key for key, forms in sentences(lang).items() if not all(form.strip() for form in forms)]


def test_both_languages_leave_the_same_gaps() -> None:
    en, zh = ({key: set().union(*map(_gaps, forms)) - {"n"} for key, forms in sentences(lang).items()} for lang in ("en", "zh"))
    assert not {key: (gaps, zh[key]) for key, gaps in en.items() if gaps != zh[key]}


def test_every_sentence_the_program_says_is_in_the_catalogues() -> None:
    full, patterns = said()
    lacking = [f"{place}: {key}" for key, place in full.items() if key not in sentences("en")]
    lacking += [f"{place}: {shape}" for shape, place in patterns.items()
                if not any(re.fullmatch(shape, key) for key in sentences("en"))]
    assert not lacking


def test_every_sentence_in_the_catalogues_is_said_somewhere() -> None:
    full, patterns = said()
    silent = [key for key in sentences("en") if key not in full and not any(re.fullmatch(shape, key) for shape in patterns)]
    assert not silent, "nobody says these; remove them from both catalogues:\n" + "\n".join(silent)

"""How modules look: a sentence at the top, telling names, and sizes one can read in one go."""

from __future__ import annotations

import ast
import re

import pytest
from project_tree import ROOT, modules, named, tree_of

NOT_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
MODULE_LINES, FUNCTION_LINES = 400, 60
SHIPPED = modules("bot", "handlers")


@pytest.mark.parametrize("path", [*SHIPPED, *modules("benchmarks", ".ci")], ids=named)
def test_a_module_opens_with_a_sentence_saying_what_lives_there(path) -> None:
    opening = (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0].strip()
    assert opening, "no docstring"
    assert opening.endswith((".", ":")), f"not a sentence: {opening!r}"


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    folders = {path.parent for path in SHIPPED}
    everything = [*SHIPPED, *folders, *modules("tests", "benchmarks")]
    assert not [named(path) for path in everything if NOT_NAMES & set(path.stem.lower().split("_"))]


def test_no_class_or_function_has_a_name_that_says_nothing() -> None:
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = [f"{named(path)}:{node.lineno}: {node.name}" for path in SHIPPED for node in ast.walk(tree_of(path))
             if isinstance(node, kinds) and NOT_NAMES & set(_words(node.name))]
    assert not found


def _words(name: str) -> list[str]:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")


def test_modules_stay_below_400_lines_and_functions_below_60() -> None:
    long = [f"{named(path)}: {lines} lines" for path in SHIPPED if (lines := path.read_text().count("\n")) >= MODULE_LINES]
    long += [f"{named(path)}:{node.lineno} {node.name}: {lines} lines" for path in SHIPPED for node in ast.walk(tree_of(path))
             if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "register"  # a door: its knocks count
             and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES]
    assert not long


def test_rules_and_settings_are_data_without_python() -> None:
    assert not list((ROOT / "rulesets").rglob("*.py"))
    assert not list((ROOT / "config").rglob("*.py"))

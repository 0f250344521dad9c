"""The README claims only what exists: its paths, links, commands, options, make targets, settings and scopes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
from project_tree import ROOT

from bot.cli import app
from bot.settings import Settings

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / ".github" / "CONTRIBUTING.md"]
README = ROOT / "README.md"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
PLACE = re.compile(
    r"(?:bot|handlers|config|rulesets|tests|docs|benchmarks|\.ci|\.github)/[\w./…*-]*|[\w-]+\.(?:md|toml|txt)|Makefile"
)
SETTING = re.compile(r"\b(?:SLACK|JIRA|FILINGDESK)_[A-Z_]+\b")
OF_TESTS = {"FILINGDESK_CHROMIUM", "FILINGDESK_SPECS", "FILINGDESK_BROWSER_REQUIRED"}


def codes(page: Path) -> list[str]:
    """Everything a page shows as code: spans, and the lines of blocks."""
    text = page.read_text(encoding="utf-8")
    blocks = [line.strip() for block in BLOCK.findall(text) for line in block.splitlines()]
    return [*blocks, *CODE.findall(BLOCK.sub("", text))]


def command_lines(page: Path) -> Iterator[list[str]]:
    """The words after each `filingdesk` a page shows, up to where an explanation or another command begins."""
    for code in codes(page):
        for found in re.finditer(r"(?:^|/bin/|\$ )filingdesk ([^#|<>;&]+)", code):
            yield found.group(1).split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not re.match(r"[a-z]+:", link)]
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page) -> None:
    named = {code for code in codes(page) if PLACE.fullmatch(code)}
    assert not [name for name in named if not list(ROOT.glob(name.replace("…", "*").rstrip("/")))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_exist(page) -> None:
    wrong = [" ".join(words) for words in command_lines(page) if not _understood(words)]
    assert not wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert not {found for code in codes(page) for found in re.findall(r"(?:^|[ ;&])make ([a-z]+)", code)} - targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_exist(page) -> None:
    known = {name.upper() for name in Settings.model_fields} | {str(field.alias) for field in Settings.model_fields.values()}
    assert not set(SETTING.findall(page.read_text(encoding="utf-8"))) - known - OF_TESTS


def test_settings_offered_in_env_example_exist_and_are_explained_in_the_readme() -> None:
    known = {name.upper() for name in Settings.model_fields} | {str(field.alias) for field in Settings.model_fields.values()}
    offered = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / "config" / "env.example").read_text(), re.MULTILINE))
    assert offered <= known
    assert not offered - set(SETTING.findall(README.read_text(encoding="utf-8")))


def test_every_command_is_in_the_readme() -> None:
    told = {words[0] for words in command_lines(README)}
    assert set(_tree().commands) - {"version"} <= told


def test_every_scope_has_its_reason() -> None:
    scopes = json.loads((ROOT / "config" / "manifest.json").read_text())["oauth_config"]["scopes"]["bot"]
    rows = dict(re.findall(r"^\| `([a-z_:.]+)` \| (.+?) \|$", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows.keys() == set(scopes)


def test_the_first_lines_say_that_the_rule_is_only_reported() -> None:
    opening = "\n".join(README.read_text(encoding="utf-8").splitlines()[:12])
    assert "not officially verified" in opening
    assert "not legal advice" in opening


def _tree() -> click.Group:
    tree = typer.main.get_command(app)
    assert hasattr(tree, "commands")
    return tree  # type: ignore[return-value]  # typer brings its own class of the same shape


def _understood(words: list[str]) -> bool:
    here = _tree()
    for word in words:
        if not hasattr(here, "commands") or word.startswith("-"):
            break
        if word not in here.commands:
            return False
        here = here.commands[word]
    options = {option for parameter in here.params for option in parameter.opts} | {"--help"}
    return {word.partition("=")[0] for word in words if word.startswith("--")} <= options

"""What is committed: no path of somebody's machine, no token, no real address; versions pinned and told."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from project_tree import ROOT, committed, named

import bot

PATHS = re.compile(r"(?<![\w.$}*-])/(?:work|root|home/[a-z]+|Users/[A-Za-z]+|tmp)/\w")
TOKENS = re.compile(r"xox[abprse]-\d{6,}|xapp-\d-[A-Z0-9]{6,}|gh[pousr]_\w{20,}|ATATT3x\w+|AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE")
REGISTRIES = re.compile(r"pypi\.\w+/simple|pythonhosted|npmjs\.|--(?:extra-)?index-url|--find-links", re.IGNORECASE)
MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
EXAMPLE = re.compile(r"(^|\.)(example(\.(com|org|net|cn))?|test|invalid|localhost)$", re.IGNORECASE)
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9.+!]*")
THIS = Path(__file__).resolve()


@cache
def _texts() -> dict[str, str]:
    """Every committed text by its name, but this one."""
    raw = {named(path): path.read_bytes() for path in committed() if path.resolve() != THIS}
    return {name: said.decode("utf-8") for name, said in raw.items() if b"\0" not in said}


def _met(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Where the pattern stands, searched in whole texts: they have hundreds of thousands of lines."""
    for name, text in _texts().items():
        for match in pattern.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}", match


def test_no_path_of_a_machine_is_committed() -> None:
    assert not [f"{place}: {match.group()}" for place, match in _met(PATHS)]


def test_no_token_is_committed() -> None:
    assert not [place for place, _match in _met(TOKENS)]


def test_no_package_registry_is_named() -> None:
    assert not [f"{place}: {match.group()}" for place, match in _met(REGISTRIES)]


def test_every_e_mail_address_is_an_invented_one() -> None:
    assert not [f"{place}: {match.group()}" for place, match in _met(MAIL) if not EXAMPLE.search(match.group(1))]


def test_nothing_that_belongs_to_a_run_is_committed() -> None:
    unwanted = re.compile(r"(^|/)(\.env|\.venv|\.filingdesk|__pycache__|node_modules|dist|build)(/|$)|\.(pyc|journal|log)$")
    assert not [named(path) for path in committed() if unwanted.search(named(path))]


def test_constraints_are_plain_pins() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert not [line for line in lines if not PIN.fullmatch(line)]


def test_constraints_pin_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {_name(line) for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line}
    assert not {_name(line) for line in wanted} - pinned


def test_the_change_log_tells_the_version() -> None:
    assert f"## [{bot.__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match.group()).lower()

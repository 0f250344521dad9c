"""The sandbox for tests of the whole: one per module where a test only adds to its story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.houses import house
from tests.end_to_end.town import Town
from tests.end_to_end.wires import NOT_HERE, Wires, specs, tapped

HERE = Path(__file__).parent
SAME_AGAIN = ("test_story_of_trouble", "test_jira_faults")
"""What these send is what the other stories send, many times over; looking at it takes a third of their time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of it is slow: every test starts the whole house, or lives in one for long."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One sandbox for a module's tests, begun on Monday 23 November 2026, 09:00 in Shanghai."""
    with house(tmp_path_factory.mktemp("sandbox")) as (there, _server):
        yield there


@pytest.fixture
def new_town(tmp_path: Path) -> Iterator[Town]:
    """A sandbox for this test alone."""
    with house(tmp_path) as (there, _server):
        yield there


@pytest.fixture(scope="module", autouse=True)  # not longer: the clients are everybody's, and other tests send what Slack refuses
def wires(request: pytest.FixtureRequest) -> Iterator[Wires | None]:
    """Everything the bots of a module send, looked at while it leaves; None where the documents are not here."""
    if request.path.stem in SAME_AGAIN:
        yield None
        return
    if specs() is None:
        warn_loudly(NOT_HERE)
        yield None
        return
    with tapped() as tap:
        yield tap


@pytest.fixture(autouse=True)
def _sends_only_what_the_documents_allow(wires: Wires | None) -> Iterator[None]:
    yield
    if wires is not None:
        found, wires.wrong = wires.wrong, []
        assert not found, "\n".join(found[:10])


_said: list[str] = []


def warn_loudly(line: str) -> None:
    """Say it at the end of the run, where nobody can miss it."""
    _said.append(line)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for line in _said:
        terminalreporter.write_line(line, red=True)

"""The sandbox for tests of the whole: one per module where a test only adds to its story."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.houses import house
from tests.end_to_end.town import Town


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

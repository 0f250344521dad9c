"""Fixtures of the local Slack's tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.sandbox_slack.bots import Office, office


@pytest.fixture(scope="module")
def desk() -> Iterator[Office]:
    """A sandbox without a bot; one per module."""
    with office(socket_wait=0.0, retry_delays=()) as here:
        yield here


def specs_folder() -> Path:
    """Where the published descriptions of Slack lie; skips loudly where there are none."""
    folder = Path(os.environ.get("FILINGDESK_SPECS") or Path(__file__).parents[3].parent / "shared" / "specs")
    if not (folder / "slack").is_dir():
        pytest.skip(f"NOT CHECKED against Slack's published schema: {folder}/slack is not there (set FILINGDESK_SPECS)")
    return folder / "slack"


@pytest.fixture(scope="session")
def slack_methods() -> dict[str, Any]:
    """Slack's methods with their arguments and error names."""
    return dict(json.loads((specs_folder() / "methods.json").read_text()))


@pytest.fixture(scope="session")
def blockkit() -> dict[str, Any]:
    """The JSON Schema of Block Kit."""
    return dict(json.loads((specs_folder() / "blockkit.schema.json").read_text()))

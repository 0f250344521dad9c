"""A local Slack for the tests of the port Chat, and Slack's published schema of blocks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, validators

from tests.adapters.slack.rooms import LocalSlack, local_slack


@pytest.fixture(scope="session")
def slack_host() -> Iterator[LocalSlack]:
    """One server for all; every test takes its own channel or key."""
    with local_slack() as here:
        yield here


@pytest.fixture
def slack(slack_host: LocalSlack) -> Iterator[LocalSlack]:
    """The server with no fault left over and nothing counted yet."""
    slack_host.fresh()
    yield slack_host
    slack_host.fresh()


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    """The JSON Schema of Block Kit; skips loudly where it is not there."""
    folder = Path(os.environ.get("FILINGDESK_SPECS") or Path(__file__).parents[3].parent / "shared" / "specs")
    file = folder / "slack" / "blockkit.schema.json"
    if not file.is_file():
        pytest.skip(f"NOT CHECKED against Slack's published schema: {file} is not there (set FILINGDESK_SPECS)")
    return dict(json.loads(file.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def checker(schema: dict[str, Any]) -> Any:
    """Validates a value against a definition of that schema by name."""
    known = validators.validator_for(schema, default=Draft202012Validator)

    def check(value: Any, definition: str) -> list[str]:
        wanted = {**schema, "$ref": f"#/definitions/{definition}" if "definitions" in schema else f"#/$defs/{definition}"}
        return [error.message for error in known(wanted).iter_errors(value)]

    return check

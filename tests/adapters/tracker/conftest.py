"""One local server for all tests of the trackers."""

from __future__ import annotations

import pytest

from tests.adapters.tracker.jira_site import running_host


@pytest.fixture(scope="session")
def jira_host():
    with running_host() as host:
        yield host

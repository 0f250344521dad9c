"""Whole sandboxes to test against: in this process, and as the command a person types."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import requests

from bot.serving import SandboxOptions, SandboxServer
from tests.end_to_end.town import Town, until
from tests.servers import free_port

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""A Monday, 09:00 in Shanghai."""
ROOT = Path(__file__).parents[2]


@contextmanager
def house(data: Path, **options: Any) -> Iterator[tuple[Town, SandboxServer]]:
    """The sandbox with its bot in this process, on a free port."""
    server = SandboxServer(SandboxOptions(port=0, data=data, at=START, **options))
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    try:
        assert server.ready.wait(20), "the sandbox did not start"
        yield Town(server.url), server
    finally:
        server.stop()
        thread.join(timeout=15)
        assert not thread.is_alive(), "the sandbox did not stop"


class Spawned:
    """A `filingdesk` command in a process of its own; killed at the latest when the test ends."""

    def __init__(self, arguments: list[str], port: int, cwd: Path, environment: dict[str, str] | None = None) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._out: IO[bytes] = (cwd / f"out-{len(list(cwd.iterdir()))}.txt").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments], cwd=cwd, stdout=self._out, stderr=subprocess.STDOUT,
            env=clean_environment() | (environment or {}))

    def answers(self) -> bool:
        """Whether it serves."""
        if self.process.poll() is not None:
            raise AssertionError(f"it ended with {self.process.returncode}: {self.said()}")
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def wait(self) -> Town:
        """Wait until it serves."""
        until(self.answers, 60)
        return Town(self.url)

    def kill(self) -> None:
        """kill -9, no matter what it does."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """Ctrl-C, as a person would; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        return int(self.process.returncode)

    def said(self) -> str:
        """Everything it printed, to either stream."""
        self._out.flush()
        return Path(self._out.name).read_text("utf-8", "replace")

    def close(self) -> None:
        """End it and its output."""
        if self.process.poll() is None:
            self.kill()
        self._out.close()


def clean_environment() -> dict[str, str]:
    """The environment without anybody's tokens, the checkout on the path."""
    mine = ("SLACK_", "JIRA_", "FILINGDESK_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "COVERAGE_PROCESS_START": ""}


@contextmanager
def spawned(arguments: list[str], cwd: Path, environment: dict[str, str] | None = None,
            port: int | None = None) -> Iterator[Spawned]:
    """A command that serves on a port of its own."""
    port = port or free_port()
    command = Spawned([*arguments, *(["--port", str(port)] if arguments[0] == "sandbox" else [])], port, cwd,
                      (environment or {}) | {"FILINGDESK_PORT": str(port)})
    try:
        yield command
    finally:
        command.close()

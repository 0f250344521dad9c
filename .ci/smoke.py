"""Uses an installed Filing Desk as a person would: help, a question, a check of the files, and the sandbox with a question."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).with_name("filingdesk"))
QUESTION = "Can we ship FaceGate 300 with auto-unlock to Germany, leaving 12 December 2026?"
PATIENCE = 30.0  # seconds for a start or an answer on a busy machine


def said(*arguments: str) -> str:
    """What the command prints; fails when its status is not 0."""
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"filingdesk {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-800:]}"
    return done.stdout


def fetched(url: str, given: dict[str, Any] | None = None) -> Any:
    """The JSON behind an address; with something given, it is posted."""
    body = None if given is None else json.dumps(given).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def command_line() -> None:
    assert "sandbox" in said("--help")
    assert "In scope" in said("ask", QUESTION, "--lang", "en")
    answer = json.loads(said("ask", QUESTION, "--format", "json"))
    assert (answer["verdict"], answer["destinations"]) == ("in_scope", ["DE"]), answer
    assert "sound" in said("check")


def sandbox() -> None:
    running = subprocess.Popen([COMMAND, "sandbox", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", running.stdout.readline())
        assert address, "the sandbox did not say where it is"
        question(address.group())
    finally:
        running.terminate()
        running.wait(timeout=PATIENCE)


def question(url: str) -> None:
    """Asks in #sales and waits for the bot's answer in the thread."""
    until(lambda: fetched(f"{url}/healthz").get("ok"), "the sandbox to be up")
    person = next(user["id"] for user in fetched(f"{url}/sandbox/state")["slack"]["users"] if not user.get("is_bot"))
    fetched(f"{url}/sandbox/slack/message", {"user": person, "channel": "#sales", "text": f"@filingdesk {QUESTION}"})
    until(lambda: "In scope" in json.dumps(fetched(f"{url}/sandbox/slack/messages?channel=%23sales")), "the answer")


def until(happened: Any, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if happened():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"SMOKE FAILED: waited {PATIENCE:.0f} s for {what}")


if __name__ == "__main__":
    command_line()
    sandbox()
    print("smoke: help, ask, check and sandbox work from the wheel")

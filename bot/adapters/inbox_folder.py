"""A folder through which commands hand work to the bot that is running: one file each, answered by a file beside it."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import TryLater

WAITING, ANSWERED = ".wish.json", ".answer.json"
LOOK_EVERY = 0.1


class InboxFolder:
    """Wishes in DATA/inbox; a wish is there whole or not at all, and stays until it is answered."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "inbox"

    def leave(self, wish: dict[str, Any]) -> str:
        """Leave a wish for the running bot; returns its name."""
        name = f"{time.time_ns()}-{secrets.token_hex(3)}"
        self._write(name + WAITING, wish)
        return name

    def wait(self, name: str, seconds: float) -> dict[str, Any]:
        """The answer to a wish. TryLater when none came in time; the wish then stays and is worked off later."""
        path = self._folder / (name + ANSWERED)
        for _ in range(int(seconds / LOOK_EVERY)):
            if path.exists():
                answer = json.loads(path.read_text(encoding="utf-8"))
                path.unlink()
                return dict(answer)
            time.sleep(LOOK_EVERY)
        raise TryLater("The running bot has not answered yet; it takes the wish up as soon as it can.")

    def waiting(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Wishes not yet answered, oldest first."""
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*" + WAITING)):
            yield path.name.removesuffix(WAITING), json.loads(path.read_text(encoding="utf-8"))

    def answer(self, name: str, answer: dict[str, Any]) -> None:
        """Answer a wish and take it away, in this order: a stop between the two repeats it, so wishes must bear repeating."""
        self._write(name + ANSWERED, answer)
        (self._folder / (name + WAITING)).unlink(missing_ok=True)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f".{name}.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / name)

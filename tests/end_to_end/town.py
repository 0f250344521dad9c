"""A person's hands on the sandbox, over HTTP only: write, press, fill in, move the clock, order trouble, look."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests

from bot.datafiles.messages import load_messages

Thing = dict[str, Any]
BOT = "<@U0FILINGDESK>"
SENTENCES = load_messages(Path(__file__).parents[2] / "config" / "messages")


def say(key: str, lang: str = "en", **values: object) -> str:
    """A sentence of the catalogue, so that whoever rewords it breaks no test."""
    return SENTENCES.say(lang, key, **values)


def label(key: str, lang: str = "en") -> str:
    """What a button says."""
    return say(f"choice.{key}", lang)


class Town:
    """The sandbox as its contract describes it; every refusal fails the test unless it is asked for with `status`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False  # a proxy in the environment has no business on the loopback

    def post(self, path: str, status: int = 200, **body: Any) -> Thing:
        """POST to /sandbox/…."""
        answer = self.http.post(f"{self.url}/sandbox/{path}", json=body, timeout=60)
        assert answer.status_code == status, f"{path} {body}: {answer.status_code} {answer.text[:500]}"
        return dict(answer.json())

    def get(self, path: str, status: int = 200, **query: str) -> Thing:
        """GET from /sandbox/…."""
        answer = self.http.get(f"{self.url}/sandbox/{path}", params=query, timeout=60)
        assert answer.status_code == status, f"{path} {query}: {answer.status_code} {answer.text[:500]}"
        return dict(answer.json())

    # ── Slack ──────────────────────────────────────────────────────────────────────────────────────

    def say(self, user: str, channel: str, text: str, **more: Any) -> str:
        """Write a message; its ts."""
        return str(self.post("slack/message", user=user, channel=channel, text=text, **more)["ts"])

    def ask(self, user: str, channel: str, text: str) -> Thing:
        """Mention the bot in a channel; the one answer in the thread."""
        start = self.say(user, channel, f"{BOT} {text}")
        answers = self.answers(channel, start)
        assert len(answers) == 1, [words(answer) for answer in answers]
        return answers[0]

    def command(self, user: str, channel: str, command: str, text: str = "") -> Thing:
        """Run a slash command: {"response", "messages", "view"}."""
        return self.post("slack/command", user=user, channel=channel, command=command, text=text)

    def told(self, user: str, channel: str, command: str, text: str = "") -> str:
        """The words of what a slash command brought."""
        return "\n".join(words(message) for message in self.command(user, channel, command, text)["messages"])

    def press(self, user: str, message: Thing, action: str, label: str = "") -> Thing:
        """Press the button of a message whose action begins so; what the press opened is under "view"."""
        found = button(message, action, label)
        return self.post("slack/click", user=user, channel=message["channel"], ts=message["ts"],
                         action_id=found["action_id"], value=found.get("value", ""))

    def fill(self, user: str, view: Thing, **values: str) -> Thing:
        """Submit a modal."""
        return self.post("slack/submit", user=user, view_id=view["id"], values=values)

    def messages(self, channel: str, user: str = "") -> list[Thing]:
        """All messages of a channel, oldest first."""
        return list(self.get("slack/messages", channel=channel, **({"user": user} if user else {}))["messages"])

    def thread(self, channel: str, start: str) -> list[Thing]:
        """The replies of a thread."""
        return [message for message in self.messages(channel) if message.get("thread_ts") == start != message["ts"]]

    def answers(self, channel: str, start: str) -> list[Thing]:
        """The bot's replies in a thread."""
        return [message for message in self.thread(channel, start) if message["username"] == "filingdesk"]

    def dm(self, user: str) -> list[Thing]:
        """What the bot wrote to a person directly, without what only fleets by."""
        written = self.messages(self.dm_of(user), user)
        return [message for message in written if message["username"] == "filingdesk" and not message.get("ephemeral_to")]

    def whispers(self, user: str, channel: str) -> list[str]:
        """What only this person sees in a channel or direct message, oldest first."""
        return [words(message) for message in self.messages(channel, user) if message.get("ephemeral_to")]

    def dm_of(self, user: str) -> str:
        """The id of a person's direct message with the bot."""
        person = self.user(user)["id"]
        return next(str(one["id"]) for one in self.get("state")["slack"]["channels"] if one["is_im"] and person in one["members"])

    def user(self, name: str) -> Thing:
        """A person by name."""
        return next(one for one in self.get("state")["slack"]["users"] if one["name"] == name)

    def home(self, user: str) -> Thing:
        """Open the App Home and look at it."""
        self.post("slack/open_home", user=user)
        view = self.get("slack/home", user=user)["view"]
        assert view, f"{user} has no App Home"
        return dict(view)

    # ── Jira ───────────────────────────────────────────────────────────────────────────────────────

    def issues(self) -> list[Thing]:
        """Every ticket and sub-task on the board."""
        return list(self.get("state")["jira"]["issues"])

    def tickets(self, about: str = "") -> list[Thing]:
        """The tickets that are no sub-tasks, their summary naming this."""
        return [one for one in self.issues() if not one["subtask"] and about in one["summary"]]

    def subtasks(self, ticket: str) -> list[Thing]:
        """The sub-tasks of a ticket."""
        return [one for one in self.issues() if one["parent"] == ticket]

    def transition(self, key: str, to: str) -> None:
        """Move a card on the board."""
        self.post("jira/transition", key=key, to=to)

    # ── time and trouble ───────────────────────────────────────────────────────────────────────────

    def advance(self, duration: str) -> Thing:
        """Let time pass."""
        return self.post("clock", advance=duration)

    def go_to(self, instant: str) -> Thing:
        """Let time pass until then ("next": until the bot does something)."""
        return self.post("clock", to=instant)

    def trouble(self, service: str, kind: str, **more: Any) -> None:
        """Order a fault."""
        self.post("faults", service=service, kind=kind, **more)


def words(thing: Thing) -> str:
    """All words of a message or view, as they stand in its blocks, without the spaces nobody sees."""
    said = "\n".join(text for block in thing.get("blocks") or [] for text in _texts(block)) or str(thing.get("text", ""))
    return said.replace("\u200b", "")


def _texts(block: Any) -> Iterator[str]:
    if isinstance(block, dict):
        if isinstance(block.get("text"), str):
            yield block["text"]
        for value in block.values():
            yield from _texts(value)
    if isinstance(block, list):
        for each in block:
            yield from _texts(each)


def buttons(message: Thing) -> list[Thing]:
    """Every button of a message or view."""
    return [element for block in message.get("blocks") or [] if block["type"] == "actions" for element in block["elements"]]


def button(message: Thing, action: str, label: str = "") -> Thing:
    """The button whose action begins so (and whose label contains this)."""
    there = buttons(message)
    found = [one for one in there if one["action_id"].startswith(action) and label in one["text"]["text"]]
    assert found, f"no button {action!r} {label!r}; there are {[(one['action_id'], one['text']['text']) for one in there]}"
    return found[0]


def until(happened: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Wait for something to become true; its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = happened()
        if value:
            return value
        time.sleep(0.02)
    value = happened()
    assert value, f"{seconds} seconds were not enough"
    return value

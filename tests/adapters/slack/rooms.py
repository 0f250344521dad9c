"""Every implementation of the port Chat with the same handles around it, and the local Slack that counts what it is asked."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.adapters.slack_chat import SlackChat, slack_client
from bot.domain.people import Colleague
from bot.errors import OutcomeUnknown, ServiceError, TryLater
from bot.ports import Chat
from bot.replies import Reply
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.server import Sandbox, sandbox_app
from bot.sandbox.shelf import Shelf
from bot.sandbox.slack_workspace import SlackSettings
from tests.fakes.fake_chat import FakeChat
from tests.servers import running

START = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TOKEN = "xoxb-the-secret-of-this-test"
ROOMS = ("slack", "fake")
METHODS = {"post": "chat.postMessage", "update": "chat.update", "share": "files.completeUploadExternal"}


class Room(Protocol):
    """A chat with one channel of its own and what the port does not show."""

    chat: Chat
    channel: str
    thread: str
    mei: str

    def texts(self) -> list[str]: ...
    def files(self) -> list[tuple[str, str, bytes, str]]:
        """Thread, name, content, what was said with it; oldest first."""
        ...

    def pass_time(self, span: timedelta) -> None: ...
    def now(self) -> datetime: ...
    def lose_the_answer(self, method: str) -> None: ...
    def be_busy(self, method: str, seconds: float) -> None: ...
    def delete_all(self) -> None: ...


@dataclass
class FakeBench:
    """The clock of the local Slack, set by hand."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def next_due(self) -> datetime | None:
        return None

    def travel(self, to: datetime) -> None:
        self.at = to

    def settle(self) -> None:
        """Nothing is ever at work here."""


@dataclass
class LocalSlack:
    """A running local Slack: `asked` lists every Web API method called, in order."""

    app: Sandbox
    bench: FakeBench
    faults: Faults
    base_url: str = ""
    asked: list[str] = field(default_factory=list)
    _number: int = 0

    def fresh(self) -> None:
        self.faults.clear()
        self.asked.clear()

    def chat(self, token: str = TOKEN, timeout: int = 5) -> SlackChat:
        return SlackChat(slack_client(token, f"{self.base_url}/slack/api/", timeout))

    def channel(self, **facts: Any) -> str:
        """A new channel with everybody in it; its name is in `facts` or made up."""
        self._number += 1
        name = facts.pop("name", f"room-{self._number}")
        members = facts.pop("members", None)
        made = {"name": name, "id": f"C0ROOM{self._number:04d}"} | ({"members": members} if members else {}) | facts
        self.app.state.slack.workspace._add_channel(made)
        return str(made["id"])

    def order(self, kind: str, method: str, **more: Any) -> None:
        self.faults.order("slack", Fault(kind, match=method, **more))

    def person(self, **facts: Any) -> str:
        self._number += 1
        made = {"id": f"U0PERSON{self._number:03d}", "name": f"person{self._number}"} | facts
        self.app.state.slack.workspace._add_user(made)
        return str(made["id"])

    def user(self, name: str) -> str:
        return str(self.app.state.slack.workspace.user(name)["id"])

    def messages(self, channel: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = list(self.app.state.slack.messages.in_channel(channel))
        return found


@contextmanager
def local_slack() -> Iterator[LocalSlack]:
    """A local Slack on a free port."""
    bench, faults, shelf = FakeBench(), Faults(), Shelf(None)
    settings = SlackSettings("signing", TOKEN, "xapp-sandbox", None, socket_wait=0.0, retry_delays=())
    app = sandbox_app(shelf, faults, bench, slack_settings=settings)
    here = LocalSlack(app, bench, faults)
    with running(counted(app, here.asked)) as base_url:
        here.base_url = base_url
        yield here
    shelf.close()


def counted(app: Any, asked: list[str]) -> Callable[..., Any]:
    """The app, writing down each method it is asked for over HTTP."""

    async def carry(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/slack/api/"):
            asked.append(scope["path"].rpartition("/")[2])
        await app(scope, receive, send)

    return carry


class SlackRoom:
    """SlackChat over HTTP."""

    def __init__(self, slack: LocalSlack) -> None:
        self.slack = slack
        self.chat: Chat = slack.chat()
        self.channel = slack.channel()
        self.mei = slack.user("mei")
        self.thread = self.chat.post(self.channel, "", Reply("The thread"), "thread")

    def texts(self) -> list[str]:
        return [str(message["text"]) for message in self.slack.messages(self.channel)][1:]

    def files(self) -> list[tuple[str, str, bytes, str]]:
        return [(str(message.get("thread_ts", "")), file["name"], self._content(file["id"]), str(message["text"]))
                for message in self.slack.messages(self.channel) for file in message.get("files", ())]

    def _content(self, file: str) -> bytes:
        return base64.b64decode(self.slack.app.state.slack.shelf.get("files", file)["content"])

    def pass_time(self, span: timedelta) -> None:
        self.slack.bench.at += span

    def now(self) -> datetime:
        return self.slack.bench.at

    def lose_the_answer(self, method: str) -> None:
        self.slack.order("drop_response", METHODS[method])

    def be_busy(self, method: str, seconds: float) -> None:
        self.slack.order("status_429", METHODS[method], retry_after=f"{seconds:g}")

    def delete_all(self) -> None:
        client = slack_client(TOKEN, f"{self.slack.base_url}/slack/api/")
        for message in self.slack.messages(self.channel)[1:]:
            client.chat_delete(channel=self.channel, ts=str(message["ts"]))


class FakeRoom:
    """FakeChat in memory."""

    def __init__(self) -> None:
        self.at = START
        self.fake = FakeChat(lambda: self.at)
        self.chat: Chat = self.fake
        self.channel, self.mei = "C0ROOM", "U0MEI"
        self.fake.people[self.mei] = Colleague(self.mei, "Mei Zhou", "mei@example.com", "Asia/Shanghai", "zh")
        self.thread = self.chat.post(self.channel, "", Reply("The thread"), "thread")

    def texts(self) -> list[str]:
        return [one.reply.headline for one in self.fake.posted if one.channel == self.channel][1:]

    def files(self) -> list[tuple[str, str, bytes, str]]:
        return [(one.thread, one.name, one.content, one.said) for one in self.fake.shared if one.channel == self.channel]

    def pass_time(self, span: timedelta) -> None:
        self.at += span

    def now(self) -> datetime:
        return self.at

    def lose_the_answer(self, method: str) -> None:
        self._fail(OutcomeUnknown(), method, after_work=True)

    def be_busy(self, method: str, seconds: float) -> None:
        self._fail(TryLater("Slack asks to wait.", seconds), method, after_work=False)

    def delete_all(self) -> None:
        self.fake.posted = self.fake.posted[:1]

    def _fail(self, error: ServiceError, method: str, *, after_work: bool) -> None:
        self.fake.fail_next(error, after_work, method)



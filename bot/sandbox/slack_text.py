"""What a person types, as Slack sends it on: mentions as ids, the three characters escaped, links in angle brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.errors import NotFound
from bot.sandbox.shelf import Thing
from bot.sandbox.slack_workspace import Workspace

READY = re.compile(r"(<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+|![a-z]+)(?:\|[^<>|]*)?>)")
NAMED = re.compile(r"(?<![\w@<&/.])([@#])([\w.-]+)")
LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)。,、]")
TOKEN = re.compile(r"<([@#!])?([^<>|]+)(?:\|([^<>]*))?>")


def typed(workspace: Workspace, text: str) -> str:
    """The wire form of typed text; "@filingdesk" and "#sales" become ids, ready-made "<@U…>" stays."""
    for name in (workspace.bot["real_name"],):  # the one name with a space that people pick from the list
        text = re.sub(rf"@{re.escape(name)}\b", f"<@{workspace.bot['id']}>", text, flags=re.IGNORECASE)
    parts = READY.split(text)
    return "".join(part if index % 2 else _plain(workspace, part) for index, part in enumerate(parts))


def rich_text(text: str, block_id: str) -> Thing:
    """The rich_text block Slack's client sends along with a typed message."""
    section = {"type": "rich_text_section", "elements": list(_elements(text))}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def unescaped(text: str) -> str:
    """Slack's three escapes undone."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def sound(value: Any) -> Any:
    """The value with half surrogates replaced, so that any text can be written and sent."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [sound(item) for item in value]
    if isinstance(value, dict):
        return {sound(key): sound(item) for key, item in value.items()}
    return value


def _plain(workspace: Workspace, text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = LINK.sub(lambda found: f"<{found[0]}>", escaped)
    return NAMED.sub(lambda found: _mention(workspace, found), linked)


def _mention(workspace: Workspace, found: re.Match[str]) -> str:
    sign, name = found.groups()
    if sign == "@" and name in ("here", "channel", "everyone"):
        return f"<!{name}>"
    for length in range(len(name), 0, -1):  # "@mei." and Chinese written without a space behind the name
        written = _known(workspace, sign, name[:length])
        if written:
            return written + name[length:]
    return found[0]


def _known(workspace: Workspace, sign: str, name: str) -> str:
    if sign == "#":
        channels = (channel for channel in workspace.channels() if channel["name"] and channel["name"] == name.casefold())
        return next((f"<#{channel['id']}|{channel['name']}>" for channel in channels), "")
    try:
        return f"<@{workspace.user(name)['id']}>"
    except NotFound:
        return ""


def _elements(text: str) -> Iterator[Thing]:
    end = 0
    for found in TOKEN.finditer(text):
        if found.start() > end:
            yield {"type": "text", "text": unescaped(text[end : found.start()])}
        yield _element(*found.groups())
        end = found.end()
    if end < len(text) or not text:
        yield {"type": "text", "text": unescaped(text[end:])}


def _element(sign: str | None, target: str, label: str | None) -> Thing:
    if sign == "@":
        return {"type": "user", "user_id": target}
    if sign == "#":
        return {"type": "channel", "channel_id": target}
    if sign == "!":
        return {"type": "broadcast", "range": target}
    return {"type": "link", "url": unescaped(target)} | ({"text": unescaped(label)} if label else {})

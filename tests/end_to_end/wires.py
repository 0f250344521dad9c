"""What leaves the bot in these tests, held against the published documents: Jira requests and Slack messages, modals, homes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import requests
from jsonschema import Draft7Validator
from requests.adapters import HTTPAdapter
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slack_sdk.web.client import WebClient
from slack_sdk.webhook.client import WebhookClient

from tests.adapters.tracker.atlassian import check as check_jira

Thing = dict[str, Any]
NOT_HERE = ("SLACK'S AND ATLASSIAN'S DOCUMENTS ARE NOT HERE: what the bot sends was NOT checked against them. "
            "Put them at ../shared/specs or name their folder in FILINGDESK_SPECS.")
TEXT, BLOCKS, VIEW_BLOCKS, METADATA, PRIVATE = 40_000, 50, 100, 8_000, 3_000
LENGTHS = {"section": 3000, "header": 150, "button": 75, "plain_text_input": 3000, "title": 24, "label": 2000, "hint": 2000}


def specs() -> Path | None:
    """The folder of the documents, or None."""
    folder = Path(os.environ.get("FILINGDESK_SPECS") or Path(__file__).parents[2].parent / "shared" / "specs")
    return folder if (folder / "slack").is_dir() and (folder / "jira").is_dir() else None


class Wires:
    """Everything sent so far, and what a document says against it."""

    def __init__(self) -> None:
        self.jira: list[str] = []
        self.slack: list[tuple[str, Thing]] = []
        self.wrong: list[str] = []
        self._seen: set[str] = set()

    def jira_request(self, request: requests.PreparedRequest) -> None:
        line = f"{request.method} {request.path_url.partition('/rest/')[2]}"
        self.jira.append(line)
        shape = re.sub(r"\d+", "0", line)
        if request.body is None and shape in self._seen:
            return  # the same question about another ticket: checking takes 50 times as long as answering
        self._seen.add(shape)
        try:
            check_jira(request)
        except Exception as problem:  # any complaint counts, of whatever kind
            self.wrong.append(f"{request.method} {request.url}: {type(problem).__name__} {problem} {request.body!r}"[:2000])

    def slack_call(self, method: str, said: Thing) -> None:
        self.slack.append((method, said))
        self.wrong += [f"{method}: {one}" for one in complaints(method, said)]

    def messages(self) -> list[Thing]:
        """Every message as it was posted or edited."""
        return [said for method, said in self.slack if method.startswith("chat.") or method == "response_url"]


def complaints(method: str, said: Thing) -> Iterator[str]:
    """What Slack's documents and limits say against a call."""
    view = said.get("view")
    if view is not None:
        yield from _view(json.loads(view) if isinstance(view, str) else view)
    if method.startswith("chat.") or method == "response_url":
        yield from _message(said)


def _message(said: Thing) -> Iterator[str]:
    blocks = said.get("blocks")
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks or []
    if not said.get("text"):
        yield "a message without text has no notification and is silent for screen readers"
    if len(str(said.get("text", ""))) > TEXT:
        yield f"text of {len(said['text'])} characters"
    if len(blocks) > BLOCKS:
        yield f"{len(blocks)} blocks"
    if len(json.dumps(said.get("metadata") or {})) > METADATA:
        yield "metadata too large"
    yield from _blocks(blocks)


def _view(view: Thing) -> Iterator[str]:
    kind = "ModalView" if view["type"] == "modal" else "HomeView"
    yield from (_said(error) for error in validator(kind).iter_errors(view))
    if len(view["blocks"]) > VIEW_BLOCKS or len(view.get("private_metadata") or "") > PRIVATE:
        yield "too many blocks or too much private metadata"
    View(**{key: value for key, value in view.items() if key != "blocks"}, blocks=view["blocks"]).validate_json()
    yield from _blocks(view["blocks"])


def _blocks(blocks: list[Thing]) -> Iterator[str]:
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(ids) != len(set(ids)):
        yield f"block ids doubled: {ids}"
    for block in blocks:
        yield from (_said(error) for error in validator("KnownBlock").iter_errors(block))
        try:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.validate_json()
        except Exception as problem:  # slack_sdk raises of several kinds
            yield f"{block['type']}: {problem}"
        actions = [element.get("action_id") for element in block.get("elements", []) if "action_id" in element]
        if len(actions) != len(set(actions)):
            yield f"action ids doubled: {actions}"
        yield from _texts(block)


def _texts(block: Thing) -> Iterator[str]:
    words = block.get("text", {}).get("text", "") if isinstance(block.get("text"), dict) else ""
    if block["type"] in LENGTHS and not 0 < len(words) <= LENGTHS[block["type"]]:
        yield f"{block['type']} of {len(words)} characters"
    for element in block.get("elements", []):
        if element.get("type") == "button" and not 0 < len(element["text"]["text"]) <= LENGTHS["button"]:
            yield f"button label {element['text']['text']!r}"


def _said(error: Any) -> str:
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


@cache
def validator(kind: str) -> Draft7Validator:
    """The schema of one kind of block or view."""
    folder = specs()
    assert folder
    schema = json.loads((folder / "slack" / "blockkit.schema.json").read_text("utf-8"))
    return Draft7Validator({"$ref": f"#/definitions/{kind}", "definitions": schema["definitions"]})


@contextmanager
def tapped() -> Iterator[Wires]:
    """Look at what goes out through the two clients' own doors, the one place nothing passes by."""
    wires, post, call, hook = Wires(), HTTPAdapter.send, WebClient.api_call, WebhookClient.send_dict

    def send(self: HTTPAdapter, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if "/jira/rest/api/" in str(request.url):
            wires.jira_request(request)
        return post(self, request, *args, **kwargs)

    def api_call(self: WebClient, api_method: str, **kwargs: Any) -> Any:
        wires.slack_call(api_method, dict(kwargs.get("params") or {}) | dict(kwargs.get("json") or {}))
        return call(self, api_method, **kwargs)

    def send_dict(self: WebhookClient, body: Thing, headers: dict[str, str] | None = None) -> Any:
        wires.slack_call("response_url", body)
        return hook(self, body, headers)

    HTTPAdapter.send, WebClient.api_call, WebhookClient.send_dict = send, api_call, send_dict  # type: ignore[method-assign]
    try:
        yield wires
    finally:
        HTTPAdapter.send, WebClient.api_call, WebhookClient.send_dict = post, call, hook  # type: ignore[method-assign]

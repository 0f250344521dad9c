"""Slack's blocks, messages and views checked as strictly as Slack does: structure, lengths, counts, unique ids."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from typing import Any

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_elements import (
    BUTTONS_ONLY,
    IMAGE,
    IN_ACTIONS,
    IN_CONTEXT,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    NAME,
    URL,
    actions_of,
    plain,
    words,
)
from bot.sandbox.slack_shapes import (
    Check,
    anything,
    both,
    by_type,
    choice,
    distinct,
    finding,
    flag,
    items,
    number,
    shape,
    text,
    unless,
)

MESSAGE_TEXT = 40_000
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_IN_VIEW = 250_000  # bytes of a view's JSON
MARKDOWN_TEXT = 12_000  # all markdown blocks of a message together


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> tuple[str, Check]:
    return kind, shape({"type": choice(kind)} | required, {"block_id": NAME} | (optional or {}))


def _has_text(value: dict[str, Any]) -> str:
    return "" if value.get("text") or value.get("fields") else "must provide text or fields"


RICH_TEXT_PARTS = items(
    by_type(dict.fromkeys(("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"), anything)), 100
)
RICH_TEXT = _block("rich_text", {"elements": RICH_TEXT_PARTS})
CELL = by_type(
    {
        "raw_text": shape({"type": choice("raw_text"), "text": text(3000)}),
        "raw_number": shape({"type": choice("raw_number"), "value": number(-(10**15), 10**15), "text": text(3000)}),
        "rich_text": RICH_TEXT[1],
    }
)
ROWS = items(items(CELL, 20, 1), 100, 1)
COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})
SOURCE = shape({"type": choice("url"), "url": URL, "text": text(255, 1)})
TASK = _block(
    "task_card",
    {"task_id": text(255, 1), "title": text(255, 1), "status": choice("pending", "in_progress", "complete", "error")},
    {"details": RICH_TEXT[1], "output": RICH_TEXT[1], "sources": items(SOURCE, 20)},
)
CARD = _block(
    "card",
    {},
    {
        "title": words(150),
        "subtitle": words(150),
        "body": words(200),
        "icon": IMAGE,
        "hero_image": IMAGE,
        "actions": items(BUTTONS_ONLY, 3),
    },
)
SECTION_FIELDS: dict[str, Check] = {
    "text": words(3000),
    "fields": items(words(2000), 10, 1),
    "accessory": IN_SECTION,
    "expand": flag,
}
ALERT_LEVEL = choice("default", "info", "warning", "error", "success")

PICTURE: dict[str, Check] = {"image_url": URL, "slack_file": anything, "title": plain(2000)}
VIDEO: dict[str, Check] = {"alt_text": text(2000), "title": plain(200), "thumbnail_url": URL, "video_url": URL}
ABOUT_VIDEO: dict[str, Check] = {"author_name": text(50), "description": plain(200), "provider_name": text(50)}
ASKED: dict[str, Check] = {"hint": plain(2000), "optional": flag, "dispatch_action": flag}

EVERYWHERE: dict[str, Check] = dict(
    [
        ("section", both(shape({"type": choice("section")}, {"block_id": NAME} | SECTION_FIELDS), unless(_has_text))),
        _block("header", {"text": plain(150)}),
        _block("divider", {}),
        _block("context", {"elements": items(IN_CONTEXT, 10, 1)}),
        _block("actions", {"elements": actions_of(25, IN_ACTIONS)}),
        _block("image", {"alt_text": text(2000)}, PICTURE),
        RICH_TEXT,
        _block("video", VIDEO, ABOUT_VIDEO | {"provider_icon_url": URL, "title_url": URL}),
        _block("input", {"label": plain(2000), "element": IN_INPUT}, ASKED),
        _block("alert", {"text": words(200)}, {"level": ALERT_LEVEL}),
    ]
)

PAGED: dict[str, Check] = {"page_size": number(1, 100), "row_header_column_index": number(0, 19)}
CONTAINER = ("title", "subtitle", "rich_text_title", "icon", "is_collapsible", "default_collapsed", "has_header_divider", "width")

MESSAGES_ONLY: dict[str, Check] = dict(
    [
        _block("markdown", {"text": text(MESSAGE_TEXT, 1)}),
        _block("table", {"rows": ROWS}, {"column_settings": items(COLUMN, 20)}),
        _block("data_table", {"rows": ROWS, "caption": text(255, 1)}, PAGED),
        _block("file", {"external_id": text(255, 1), "source": choice("remote")}),
        _block("context_actions", {"elements": actions_of(5, IN_CONTEXT_ACTIONS)}),
        _block("plan", {"title": text(255, 1)}, {"tasks": items(TASK[1], 100)}),
        TASK,
        CARD,
        _block("carousel", {"elements": items(CARD[1], 10, 1)}),
        _block("container", {"child_blocks": items(by_type(EVERYWHERE), 10, 1)}, dict.fromkeys(CONTAINER, anything)),
    ]
)

BLOCK = {"message": by_type(EVERYWHERE | MESSAGES_ONLY), "modal": by_type(EVERYWHERE), "home": by_type(EVERYWHERE)}
BLOCKS = {surface: distinct(items(BLOCK[surface], most), "block_id") for surface, most in MOST_BLOCKS.items()}

VIEW_FIELDS: dict[str, Check] = {"private_metadata": text(3000), "callback_id": text(255), "external_id": text(255)}
MODAL_FIELDS: dict[str, Check] = {
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": flag,
    "notify_on_close": flag,
    "submit_disabled": flag,
}
VIEWS = {
    "modal": shape({"type": choice("modal"), "title": plain(24), "blocks": BLOCKS["modal"]}, VIEW_FIELDS | MODAL_FIELDS),
    "home": shape({"type": choice("home"), "blocks": BLOCKS["home"]}, VIEW_FIELDS),
}


def wrong_blocks(blocks: Any, surface: str = "message") -> list[str]:
    """What Slack would refuse in the blocks of a message, as its own sentences; [] when all is well."""
    return [*BLOCKS[surface](blocks, "/blocks"), *_too_much_markdown(blocks)]


def wrong_view(view: Any) -> list[str]:
    """What Slack would refuse in a modal or Home view; [] when all is well."""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in VIEWS:
        return [finding(f"unsupported type: {kind}", "/type")]
    return [*VIEWS[kind](view, ""), *_no_submit(view)]


def too_large(view: Any) -> bool:
    """Whether the view is larger than Slack takes."""
    return len(json.dumps(view)) > MOST_IN_VIEW


def with_ids(blocks: list[Thing]) -> list[Thing]:
    """The blocks with the block_ids and action_ids Slack makes up where none are given."""
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in interactive(block):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return blocks


def interactive(block: Thing) -> Iterator[Thing]:
    """The elements of a block that somebody can use."""
    candidates = [*block.get("elements", []), block.get("accessory"), block.get("element"), *block.get("actions", [])]
    for element in candidates:
        if isinstance(element, dict) and element.get("type") in USABLE:
            yield element
    for inner in block.get("child_blocks", []):
        yield from interactive(inner)


def plain_words(blocks: list[Thing]) -> str:
    """Some text for a message that came with blocks only."""
    texts = (block.get("text") for block in blocks)
    written = (text["text"] if isinstance(text, dict) else text for text in texts if text)
    return next(written, "This content can't be displayed.")


def _too_much_markdown(blocks: Any) -> Iterator[str]:
    written = (
        [b.get("text") for b in blocks if isinstance(b, dict) and b.get("type") == "markdown"] if isinstance(blocks, list) else []
    )
    if sum(len(words) for words in written if isinstance(words, str)) > MARKDOWN_TEXT:
        yield finding(f"all markdown blocks together must be less than {MARKDOWN_TEXT + 1} characters", "/blocks")


def _no_submit(view: Thing) -> Iterator[str]:
    blocks = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks or [])
    if view["type"] == "modal" and asks and not view.get("submit"):
        yield finding("missing required field: submit", "")


USABLE = frozenset(
    [
        "button",
        "workflow_button",
        "overflow",
        "static_select",
        "multi_static_select",
        "external_select",
        "multi_external_select",
        "users_select",
        "multi_users_select",
        "conversations_select",
        "multi_conversations_select",
        "channels_select",
        "multi_channels_select",
        "checkboxes",
        "radio_buttons",
        "datepicker",
        "timepicker",
        "datetimepicker",
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "file_input",
        "rich_text_input",
        "feedback_buttons",
        "icon_button",
    ]
)

"""Our check of blocks and views against Slack's: the published schema, the limits slack_sdk knows, and each limit at its edge."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft7Validator
from slack_sdk.models.blocks import ButtonElement, ConfirmObject, HeaderBlock, InputBlock, Option, SectionBlock
from slack_sdk.models.views import View

from bot.sandbox.slack_blocks import USABLE, wrong_blocks, wrong_view


def plain(text: str = "words") -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str = "*words*") -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "danger"}
OPTION = {"text": plain(), "value": "v", "description": plain()}
ANOTHER = OPTION | {"value": "w"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "words"}]}]}
BUTTON = {"type": "button", "action_id": "b", "text": plain(), "value": "v", "style": "primary", "confirm": CONFIRM}
PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a picture"}
TASK = {"type": "task_card", "task_id": "t", "title": "Report", "status": "in_progress", "details": RICH}
CELL = {"type": "raw_text", "text": "a"}
CARD = {"type": "card", "title": mrkdwn(), "body": mrkdwn(), "actions": [BUTTON]}

ELEMENTS: dict[str, dict[str, Any]] = {
    "button": BUTTON,
    "overflow": {"options": [OPTION | {"url": "https://example.com"}], "confirm": CONFIRM},
    "static_select": {"options": [OPTION], "initial_option": OPTION, "placeholder": plain(), "focus_on_load": True},
    "multi_static_select": {"option_groups": [{"label": plain(), "options": [OPTION]}], "max_selected_items": 2},
    "external_select": {"min_query_length": 1, "placeholder": plain()},
    "multi_external_select": {"initial_options": [OPTION]},
    "users_select": {"initial_user": "U1"},
    "multi_users_select": {"initial_users": ["U1"]},
    "conversations_select": {"default_to_current_conversation": True, "filter": {"include": ["im"], "exclude_bot_users": True}},
    "multi_conversations_select": {"initial_conversations": ["C1"]},
    "channels_select": {"initial_channel": "C1"},
    "multi_channels_select": {"initial_channels": ["C1"]},
    "checkboxes": {"options": [OPTION], "initial_options": [OPTION]},
    "radio_buttons": {"options": [OPTION], "initial_option": OPTION},
    "datepicker": {"initial_date": "2026-12-31", "placeholder": plain()},
    "timepicker": {"initial_time": "09:30", "timezone": "Asia/Shanghai"},
    "datetimepicker": {"initial_date_time": 1796086800},
    "plain_text_input": {"multiline": True, "min_length": 1, "max_length": 3000, "initial_value": "x", "placeholder": plain()},
    "email_text_input": {"initial_value": "a@example.com"},
    "url_text_input": {"dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
    "number_input": {"is_decimal_allowed": False, "min_value": "1", "max_value": "9"},
    "file_input": {"filetypes": ["csv"], "max_files": 1},
    "rich_text_input": {"placeholder": plain()},
    "workflow_button": {"text": plain(), "workflow": {"trigger": {"url": "https://example.com"}}},
}
PRESSED = ("button", "overflow", "workflow_button")
INPUTS_ONLY = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input")


def element(kind: str) -> dict[str, Any]:
    return {"type": kind, "action_id": "a"} | ELEMENTS[kind]


BLOCKS: dict[str, dict[str, Any]] = {
    "section": {"text": mrkdwn(), "fields": [plain(), mrkdwn()], "accessory": BUTTON, "expand": True},
    "header": {"text": plain()},
    "divider": {"block_id": "line"},
    "context": {"elements": [mrkdwn(), plain(), PICTURE]},
    "actions": {"elements": [BUTTON, element("static_select")]},
    "image": {"image_url": "https://example.com/a.png", "alt_text": "a picture", "title": plain()},
    "input": {"label": plain(), "element": element("plain_text_input"), "hint": plain(), "optional": True},
    "rich_text": RICH,
    "markdown": {"text": "**words**"},
    "table": {"rows": [[CELL, {"type": "raw_number", "text": "1", "value": 1}]], "column_settings": [{"align": "left"}]},
    "data_table": {"rows": [[CELL]], "caption": "Shipments", "page_size": 10},
    "video": {"alt_text": "a", "title": plain(), "thumbnail_url": "https://example.com/t.png", "video_url": "https://example.com/v"},
    "file": {"external_id": "x", "source": "remote"},
    "context_actions": {"elements": [{"type": "icon_button", "icon": "trash", "text": plain(), "action_id": "i"}]},
    "alert": {"text": mrkdwn(), "level": "warning"},
    "task_card": TASK,
    "plan": {"title": "Filing", "tasks": [TASK]},
    "card": CARD,
    "carousel": {"elements": [CARD]},
    "container": {"title": plain(), "child_blocks": [{"type": "divider"}], "is_collapsible": True},
}  # fmt: skip


def block(kind: str) -> dict[str, Any]:
    return deepcopy({"type": kind} | BLOCKS[kind])


def published(schema: dict[str, Any], name: str) -> Draft7Validator:
    return Draft7Validator({"definitions": schema["definitions"], "$ref": f"#/definitions/{name}"})


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_full_block_of_every_kind_passes_our_check_and_the_published_schema(kind: str, blockkit: dict[str, Any]) -> None:
    assert wrong_blocks([block(kind)]) == []
    assert [error.message for error in published(blockkit, "KnownBlock").iter_errors(block(kind))] == []


def test_every_published_block_and_element_is_known_here(blockkit: dict[str, Any]) -> None:
    definitions = blockkit["definitions"]
    kinds = {one["$ref"].rpartition("/")[2] for one in definitions["KnownBlock"]["anyOf"]}
    types = {
        shape["properties"]["type"]["const"] for kind in kinds for shape in definitions[kind].get("anyOf", [definitions[kind]])
    }
    assert types == set(BLOCKS)
    assert set(ELEMENTS) <= USABLE


@pytest.mark.parametrize("kind", ELEMENTS)
def test_an_element_is_taken_where_slack_takes_it(kind: str) -> None:
    as_input = {"type": "input", "label": plain(), "element": element(kind)}
    as_action = {"type": "actions", "elements": [element(kind)]}
    assert (wrong_blocks([as_input]) == []) is (kind not in PRESSED)
    assert (wrong_blocks([as_action]) == []) is (kind not in INPUTS_ONLY)


@pytest.mark.parametrize("kind", ["markdown", "table", "task_card", "file", "container"])
def test_some_blocks_belong_in_messages_only(kind: str) -> None:
    assert wrong_blocks([block(kind)], "modal") != []


def section(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": mrkdwn(text)}]


def in_actions(**changes: Any) -> list[dict[str, Any]]:
    return [{"type": "actions", "elements": [BUTTON | changes]}]


def menu(count: int, **changes: Any) -> list[dict[str, Any]]:
    options = [{"text": plain(), "value": str(n)} | changes for n in range(count)]
    return [{"type": "section", "text": mrkdwn(), "accessory": {"type": "static_select", "action_id": "m", "options": options}}]


def field_of(name: str) -> Callable[[int], list[dict[str, Any]]]:
    return lambda size: [block("input") | {name: plain("x" * size)}]


LIMITS: dict[str, tuple[int, Callable[[int], Any]]] = {
    "blocks in a message": (50, lambda n: [{"type": "divider"}] * n),
    "section text": (SectionBlock.text_max_length, lambda n: section("x" * n)),
    "section fields": (SectionBlock.fields_max_length, lambda n: [{"type": "section", "fields": [plain()] * n}]),
    "section field text": (2000, lambda n: [{"type": "section", "fields": [plain("x" * n)]}]),
    "header text": (HeaderBlock.text_max_length, lambda n: [{"type": "header", "text": plain("x" * n)}]),
    "actions": (25, lambda n: [{"type": "actions", "elements": [BUTTON | {"action_id": str(i)} for i in range(n)]}]),
    "context": (10, lambda n: [{"type": "context", "elements": [mrkdwn()] * n}]),
    "block_id": (255, lambda n: [{"type": "divider", "block_id": "x" * n}]),
    "action_id": (255, lambda n: in_actions(action_id="x" * n)),
    "button text": (ButtonElement.text_max_length, lambda n: in_actions(text=plain("x" * n))),
    "button value": (ButtonElement.value_max_length, lambda n: in_actions(value="x" * n)),
    "button url": (ButtonElement.url_max_length, lambda n: in_actions(url="https://example.com/".ljust(n, "x"))),
    "confirm title": (ConfirmObject.title_max_length, lambda n: in_actions(confirm=CONFIRM | {"title": plain("x" * n)})),
    "confirm text": (ConfirmObject.text_max_length, lambda n: in_actions(confirm=CONFIRM | {"text": plain("x" * n)})),
    "confirm deny": (ConfirmObject.deny_max_length, lambda n: in_actions(confirm=CONFIRM | {"deny": plain("x" * n)})),
    "select options": (100, menu),
    "option text": (Option.label_max_length, lambda n: menu(1, text=plain("x" * n))),
    "option value": (Option.value_max_length, lambda n: menu(1, value="x" * n)),
    "input label": (InputBlock.label_max_length, field_of("label")),
    "input hint": (InputBlock.hint_max_length, field_of("hint")),
    "markdown text": (12_000, lambda n: [{"type": "markdown", "text": "x" * n}]),
    "table rows": (100, lambda n: [{"type": "table", "rows": [[CELL]] * n}]),
    "table cells": (20, lambda n: [{"type": "table", "rows": [[CELL] * n]}]),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_kept_to_the_character(name: str) -> None:
    most, build = LIMITS[name]
    assert wrong_blocks(build(most)) == []
    assert len(wrong_blocks(build(most + 1))) == 1


def form(**changes: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("Filing"),
        "submit": plain("Open"),
        "close": plain("Leave"),
        "blocks": [block("input")],
    } | changes


VIEW_LIMITS: dict[str, tuple[int, Callable[[int], Any]]] = {
    "title": (View.title_max_length, lambda n: form(title=plain("x" * n))),
    "submit": (View.submit_max_length, lambda n: form(submit=plain("x" * n))),
    "close": (View.close_max_length, lambda n: form(close=plain("x" * n))),
    "blocks": (View.blocks_max_length, lambda n: form(blocks=[{"type": "divider"}] * n)),
    "private_metadata": (View.private_metadata_max_length, lambda n: form(private_metadata="x" * n)),
    "callback_id": (View.callback_id_max_length, lambda n: form(callback_id="x" * n)),
    "blocks in the Home": (100, lambda n: {"type": "home", "blocks": [{"type": "divider"}] * n}),
}


@pytest.mark.parametrize("name", VIEW_LIMITS)
def test_a_views_limit_is_kept_to_the_character(name: str, blockkit: dict[str, Any]) -> None:
    most, build = VIEW_LIMITS[name]
    assert wrong_view(build(most)) == []
    assert [error.message for error in published(blockkit, "View").iter_errors(build(most))] == []
    assert len(wrong_view(build(most + 1))) == 1


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ([{"type": "nonsense"}], "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
        ([{"type": "section"}], "must provide text or fields [json-pointer:/blocks/0]"),
        ([{"type": "header", "text": mrkdwn()}], "must be one of plain_text [json-pointer:/blocks/0/text/type]"),
        ([{"type": "divider", "colour": "red"}], "invalid additional property: colour [json-pointer:/blocks/0]"),
        ([{"type": "divider", "block_id": "x"}] * 2, '"block_id" "x" already exists [json-pointer:/blocks/1/block_id]'),
        ([{"type": "actions", "elements": []}], "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([block("input") | {"element": {"type": "datepicker", "initial_date": "31.12.2026"}}],
         "must be a date as YYYY-MM-DD [json-pointer:/blocks/0/element/initial_date]"),
        ([block("input") | {"element": {"type": "static_select", "options": [OPTION], "initial_option": ANOTHER}}],
         "initial option must exactly match one of the options [json-pointer:/blocks/0/element]"),
    ],
)  # fmt: skip
def test_a_wrong_block_is_named_with_its_place(blocks: list[dict[str, Any]], sentence: str) -> None:
    assert sentence in wrong_blocks(blocks)


def test_action_ids_are_unique_within_their_block_and_a_form_with_inputs_has_a_submit() -> None:
    assert wrong_blocks([{"type": "actions", "elements": [BUTTON, BUTTON]}]) == [
        '"action_id" "b" already exists [json-pointer:/blocks/0/elements/1/action_id]'
    ]
    assert wrong_blocks([{"type": "actions", "elements": [BUTTON]}, {"type": "actions", "elements": [BUTTON]}]) == []
    assert wrong_view(form(submit=None)) != []

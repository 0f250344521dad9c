"""Slack's composition objects and block elements: which fields they have and how long they may be."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack_shapes import (
    Check,
    anything,
    both,
    by_type,
    choice,
    distinct,
    flag,
    items,
    matching,
    number,
    shape,
    text,
    unless,
)

NAME = text(255, 1)  # action_id, block_id, callback_id
URL = both(text(3000, 1), matching(r"(?:https?|slack|mailto|tel):\S+", "a valid URL"))
DAY = matching(r"\d{4}-\d\d-\d\d", "a date as YYYY-MM-DD")
HOUR = matching(r"\d\d:\d\d", "a time as HH:MM")


def plain(most: int) -> Check:
    """A plain_text object of 1 to `most` characters."""
    return shape({"type": choice("plain_text"), "text": text(most, 1)}, {"emoji": flag})


def words(most: int) -> Check:
    """A plain_text or mrkdwn object of 1 to `most` characters."""
    marked = shape({"type": choice("mrkdwn"), "text": text(most, 1)}, {"verbatim": flag})
    return by_type({"plain_text": plain(most), "mrkdwn": marked})


CONFIRM = shape(
    {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)}, {"style": choice("primary", "danger")}
)
DISPATCH = shape({}, {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2, 1)})


def option(label: Check) -> Check:
    """An option of a menu or a group of boxes; Slack allows 150 characters in a value."""
    return shape({"text": label, "value": text(150, 1)}, {"description": words(75), "url": URL})


PLAIN_OPTION = option(plain(75))
RICH_OPTION = option(words(75))
GROUP = shape({"label": plain(75), "options": items(PLAIN_OPTION, 100, 1)})

COMMON: dict[str, Check] = {"action_id": NAME}
ASKING: dict[str, Check] = COMMON | {"confirm": CONFIRM, "focus_on_load": flag, "placeholder": plain(150)}
WRITING: dict[str, Check] = COMMON | {"focus_on_load": flag, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
SEVERAL: dict[str, Check] = ASKING | {"max_selected_items": number(1)}
FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4, 1),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
CONVERSATION: dict[str, Check] = {"default_to_current_conversation": flag, "filter": FILTER}
ANSWERABLE: dict[str, Check] = {"response_url_enabled": flag}


def _element(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> tuple[str, Check]:
    return kind, shape({"type": choice(kind)} | required, optional)


def _one_source(value: dict[str, Any]) -> str:
    return "" if ("options" in value) != ("option_groups" in value) else "must provide either options or option_groups"


def _initial_is_offered(value: dict[str, Any]) -> str:
    """Slack refuses an initial option that is not exactly one of the options."""
    offered = [*(value.get("options") or []), *(o for g in value.get("option_groups") or [] for o in (g.get("options") or []))]
    chosen = [value["initial_option"]] if value.get("initial_option") else list(value.get("initial_options") or [])
    return "" if all(one in offered for one in chosen) else "initial option must exactly match one of the options"


def _menu(kind: str, optional: dict[str, Check]) -> tuple[str, Check]:
    choices: dict[str, Check] = {"options": items(PLAIN_OPTION, 100, 1), "option_groups": items(GROUP, 100, 1)}
    check = shape({"type": choice(kind)}, choices | optional)
    return kind, both(check, unless(_one_source), unless(_initial_is_offered))


def _boxes(kind: str, most: int, optional: dict[str, Check], label: Check) -> tuple[str, Check]:
    check = shape({"type": choice(kind), "options": items(label, most, 1)}, optional)
    return kind, both(check, unless(_initial_is_offered))


STYLE = choice("primary", "danger")
IMAGE = both(
    shape({"type": choice("image"), "alt_text": text(2000)}, {"image_url": URL, "slack_file": anything}),
    unless(lambda value: "" if ("image_url" in value) != ("slack_file" in value) else "must provide image_url or slack_file"),
)
BUTTON_FIELDS: dict[str, Check] = COMMON | {"confirm": CONFIRM, "style": STYLE, "accessibility_label": text(75)}
FEEDBACK = shape({"text": plain(75), "value": text(2000, 1)}, {"accessibility_label": text(75)})
QUERY: dict[str, Check] = {"min_query_length": number(0, 100)}

BUTTON = _element("button", {"text": plain(75)}, BUTTON_FIELDS | {"value": text(2000), "url": URL})

MENUS: dict[str, Check] = dict(
    [
        _menu("static_select", ASKING | {"initial_option": PLAIN_OPTION}),
        _menu("multi_static_select", SEVERAL | {"initial_options": items(PLAIN_OPTION, 100)}),
        _element("external_select", {}, ASKING | QUERY | {"initial_option": PLAIN_OPTION}),
        _element("multi_external_select", {}, SEVERAL | QUERY | {"initial_options": items(PLAIN_OPTION, 100)}),
        _element("users_select", {}, ASKING | {"initial_user": NAME}),
        _element("multi_users_select", {}, SEVERAL | {"initial_users": items(NAME, 100)}),
        _element("conversations_select", {}, ASKING | CONVERSATION | ANSWERABLE | {"initial_conversation": NAME}),
        _element("multi_conversations_select", {}, SEVERAL | CONVERSATION | {"initial_conversations": items(NAME, 100)}),
        _element("channels_select", {}, ASKING | ANSWERABLE | {"initial_channel": NAME}),
        _element("multi_channels_select", {}, SEVERAL | {"initial_channels": items(NAME, 100)}),
    ]
)

CHOOSERS: dict[str, Check] = dict(
    [
        _boxes(
            "checkboxes",
            10,
            COMMON | {"confirm": CONFIRM, "focus_on_load": flag, "initial_options": items(RICH_OPTION, 10)},
            RICH_OPTION,
        ),
        _boxes(
            "radio_buttons", 10, COMMON | {"confirm": CONFIRM, "focus_on_load": flag, "initial_option": RICH_OPTION}, RICH_OPTION
        ),
        _element("datepicker", {}, ASKING | {"initial_date": DAY}),
        _element("timepicker", {}, ASKING | {"initial_time": HOUR, "timezone": text(100)}),
        _element(
            "datetimepicker",
            {},
            COMMON | {"confirm": CONFIRM, "focus_on_load": flag, "initial_date_time": number(10**9, 10**10 - 1)},
        ),
    ]
)

PRESSED: dict[str, Check] = dict(
    [
        BUTTON,
        _element("workflow_button", {"text": plain(75), "workflow": anything}, BUTTON_FIELDS),
        _boxes("overflow", 5, COMMON | {"confirm": CONFIRM}, PLAIN_OPTION),
    ]
)

LENGTHS: dict[str, Check] = {"min_length": number(0, 3000), "max_length": number(1, 3000), "multiline": flag}
WRITERS: dict[str, Check] = dict(
    [
        _element("plain_text_input", {}, WRITING | LENGTHS | {"initial_value": text(3000)}),
        _element("email_text_input", {}, WRITING | {"initial_value": text(3000)}),
        _element("url_text_input", {}, WRITING | {"initial_value": text(3000)}),
        _element(
            "number_input",
            {"is_decimal_allowed": flag},
            WRITING | dict.fromkeys(("initial_value", "min_value", "max_value"), text(100)),
        ),
        _element("file_input", {}, COMMON | {"filetypes": items(text(50, 1), 100), "max_files": number(1, 10)}),
    ]
)
RICH_INPUT: dict[str, Check] = dict(
    [_element("rich_text_input", {}, WRITING | dict.fromkeys(("initial_value", "min_lines", "max_lines"), anything))]
)

IN_ACTIONS = by_type(PRESSED | MENUS | CHOOSERS | RICH_INPUT)
IN_INPUT = by_type(WRITERS | MENUS | CHOOSERS | RICH_INPUT)
IN_SECTION = by_type(PRESSED | MENUS | CHOOSERS | {"image": IMAGE})
IN_CONTEXT = by_type(
    {
        "image": IMAGE,
        "plain_text": plain(3000),
        "mrkdwn": shape({"type": choice("mrkdwn"), "text": text(3000, 1)}, {"verbatim": flag}),
    }
)
IN_CONTEXT_ACTIONS = by_type(
    dict(
        [
            _element("feedback_buttons", {"positive_button": FEEDBACK, "negative_button": FEEDBACK}, COMMON),
            _element(
                "icon_button",
                {"icon": text(50, 1), "text": plain(75)},
                BUTTON_FIELDS | {"value": text(2000), "visible_to_user_ids": items(NAME, 100)},
            ),
        ]
    )
)
BUTTONS_ONLY = by_type(dict([BUTTON]))


def actions_of(most: int, element: Check = IN_ACTIONS) -> Check:
    """A list of interactive elements, their action_ids distinct."""
    return distinct(items(element, most, 1), "action_id")

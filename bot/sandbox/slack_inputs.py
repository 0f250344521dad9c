"""What a person enters into block elements, turned into Slack's actions and state values, checked as Slack's client does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.errors import BadInput
from bot.sandbox.shelf import Thing
from bot.sandbox.slack_blocks import interactive

ONE = {"users_select": "selected_user", "channels_select": "selected_channel", "conversations_select": "selected_conversation"}
ONE |= {"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time"}
MANY = {"multi_users_select": "selected_users", "multi_channels_select": "selected_channels"}
MANY |= {"multi_conversations_select": "selected_conversations"}
OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
WRITTEN = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
INITIAL = {"users_select": "initial_user", "channels_select": "initial_channel", "conversations_select": "initial_conversation"}
INITIAL |= {"datepicker": "initial_date", "timepicker": "initial_time", "datetimepicker": "initial_date_time"}
INITIAL |= {"multi_users_select": "initial_users", "multi_channels_select": "initial_channels"}
INITIAL |= {"multi_conversations_select": "initial_conversations"}
STATELESS = ("button", "workflow_button", "overflow", "feedback_buttons", "icon_button")


def initial_state(blocks: list[Thing]) -> Thing:
    """state.values of freshly shown blocks: `{block_id: {action_id: {type, …}}}`."""
    values: Thing = {}
    for block in blocks:
        for element in interactive(block):
            if element["type"] not in STATELESS:
                values.setdefault(block["block_id"], {})[element["action_id"]] = _initial(element)
    return values


def answer(element: Thing, value: Any) -> Thing:
    """The state of an element after `value` was entered (a string, a list, or Slack's own state object)."""
    kind = element["type"]
    if isinstance(value, dict) and value.get("type") == kind:
        return value
    return {"type": kind} | _entry(element, kind, value)


def pressed(block: Thing, element: Thing, value: Any) -> Thing:
    """The action of a block_actions payload, without its action_ts."""
    named = {"action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] in ("button", "workflow_button", "icon_button"):
        carried = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        return {"type": element["type"]} | named | carried
    return answer(element, value) | named


def element_with(blocks: list[Thing], action_id: str, value: Any = None, block_id: str = "") -> tuple[Thing, Thing]:
    """The block and element with this action_id; of several the one that carries `value`. BadInput names those there are."""
    usable = [(block, element) for block in blocks for element in interactive(block)]
    found = [(b, e) for b, e in usable if e["action_id"] == action_id and block_id in ("", b["block_id"])]
    exact = [(b, e) for b, e in found if value is not None and e.get("value") == value]
    if found:
        return (exact or found)[0]
    there = ", ".join(f"{e['action_id']} ({e['type']})" for _, e in usable) or "none"
    raise BadInput(f"There is no element {action_id!r} in it; there are: {there}.")


def filled_in(view: Thing, values: Mapping[str, Any]) -> Thing:
    """state.values after the user's entries: by block_id or action_id, or both nested. BadInput names an unknown field."""
    state: Thing = {block: dict(answers) for block, answers in view["state"]["values"].items()}
    for name, value in values.items():
        for block, element, entered in _entries(view, name, value):
            state[block["block_id"]][element["action_id"]] = answer(element, entered)
    return state


def complaints(view: Thing, state: Thing) -> dict[str, str]:
    """What Slack's client itself refuses before it sends: `{block_id: sentence}`."""
    found: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            entered = state.get(block["block_id"], {}).get(block["element"]["action_id"], {})
            sentence = _complaint(block, _entered(entered))
            if sentence:
                found[block["block_id"]] = sentence
    return found


def _entries(view: Thing, name: str, value: Any) -> Iterator[tuple[Thing, Thing, Any]]:
    fields = [(b, e) for b in view["blocks"] for e in interactive(b) if e["type"] not in STATELESS]
    inside = [(b, e) for b, e in fields if b["block_id"] == name]
    if inside and isinstance(value, dict) and all(key in {e["action_id"] for _, e in inside} for key in value):
        yield from ((b, e, value[e["action_id"]]) for b, e in inside if e["action_id"] in value)
        return
    meant = inside[:1] or [(b, e) for b, e in fields if e["action_id"] == name][:1]
    if not meant:
        there = ", ".join(f"{b['block_id']}/{e['action_id']}" for b, e in fields) or "none"
        raise BadInput(f"There is no field {name!r} in this form; its fields (block_id/action_id) are: {there}.")
    yield (*meant[0], value)


def _entry(element: Thing, kind: str, value: Any) -> Thing:
    nothing = value in (None, "")
    if kind in OPTION:
        return {"selected_option": None if nothing else _option(element, value)}
    if kind in OPTIONS:
        return {"selected_options": [_option(element, one) for one in _several(value)]}
    if kind in MANY:
        return {MANY[kind]: _several(value)}
    if kind in ONE:
        return {ONE[kind]: None if nothing else _one(kind, value)}
    if kind == "file_input":
        return {"files": [] if nothing else list(value)}
    return {"value": None if nothing else str(value) if kind in WRITTEN else value}


def _initial(element: Thing) -> Thing:
    kind = element["type"]
    if kind in OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind in MANY:
        return {"type": kind, MANY[kind]: element.get(INITIAL[kind]) or []}
    if kind in ONE:
        return {"type": kind, ONE[kind]: element.get(INITIAL[kind])}
    return {"type": kind, "files": []} if kind == "file_input" else {"type": kind, "value": element.get("initial_value")}


def _option(element: Thing, value: Any) -> Thing:
    wanted = value.get("value") if isinstance(value, dict) else value
    offered = [*element.get("options", []), *(o for g in element.get("option_groups", []) for o in g["options"])]
    for option in offered:
        if str(wanted) in (option["value"], option["text"]["text"]):
            return {key: option[key] for key in ("text", "value", "description") if key in option}
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(wanted), "emoji": True}, "value": str(wanted)}
    known = ", ".join(option["value"] for option in offered)
    raise BadInput(f"{wanted!r} is not offered by {element['action_id']}; it offers {known}.")


def _several(value: Any) -> list[Any]:
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list) else [part.strip() for part in str(value).split(",")]


def _one(kind: str, value: Any) -> Any:
    if kind == "datepicker" and not _reads(str(value), "%Y-%m-%d"):
        raise BadInput(f"{value!r} is no date; write it as 2026-12-31.")
    if kind == "timepicker" and not _reads(str(value), "%H:%M"):
        raise BadInput(f"{value!r} is no time; write it as 09:30.")
    return int(value) if kind == "datetimepicker" else str(value)


def _reads(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)  # noqa: DTZ007 -- only whether it can be read
    except ValueError:
        return False
    return True


def _entered(state: Thing) -> Any:
    return next((value for key, value in state.items() if key != "type"), None)


def _complaint(block: Thing, entered: Any) -> str:
    element = block["element"]
    if entered in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    if element["type"] == "number_input":
        return _number_complaint(element, entered)
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(entered)):
        return "Enter a valid email address."
    if element["type"] == "url_text_input" and not re.match(r"https?://\S+", str(entered)):
        return "Enter a valid URL."
    return _length_complaint(element, entered)


def _length_complaint(element: Thing, entered: Any) -> str:
    length = len(entered) if isinstance(entered, str) and element["type"] == "plain_text_input" else -1
    if length > element.get("max_length", 3000):
        return f"Enter at most {element.get('max_length', 3000)} characters."
    return f"Enter at least {element['min_length']} characters." if -1 < length < element.get("min_length", 0) else ""


def _number_complaint(element: Thing, entered: Any) -> str:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, str(entered)):
        return "Enter a valid number."
    if "min_value" in element and float(entered) < float(element["min_value"]):
        return f"Enter a number of at least {element['min_value']}."
    too_big = "max_value" in element and float(entered) > float(element["max_value"])
    return f"Enter a number of at most {element['max_value']}." if too_big else ""

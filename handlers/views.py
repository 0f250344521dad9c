"""From a Form to Slack's modal, and from what was filled in back to plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.replies import Field, Form, Option

View = dict[str, Any]

TITLE_LIMIT, LABEL_LIMIT, HINT_LIMIT, WORDS_LIMIT = 24, 2000, 2000, 3000
OPTION_LIMIT, VALUE_LIMIT, OPTIONS_LIMIT, CARRY_LIMIT = 75, 150, 100, 3000
NOTHING = "…"
PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")


def form_view(form: Form) -> View:
    """The modal; `callback_id` is the form's id, every block_id a field's id. ValueError when `carry` does not fit."""
    if len(form.carry) > CARRY_LIMIT:
        raise ValueError(f"the form {form.id!r} carries {len(form.carry)} characters, at most {CARRY_LIMIT} fit")
    view: View = {"type": "modal", "callback_id": form.id, "title": _plain(form.title, TITLE_LIMIT),
                  "private_metadata": form.carry, "blocks": [_block(field) for field in form.fields] or [_words("")]}
    asks = any(field.kind != "note" for field in form.fields)  # Slack wants a button where something is asked
    view |= {"submit": _plain(form.submit, TITLE_LIMIT)} if form.submit or asks else {}
    return view | ({"close": _plain(form.close, TITLE_LIMIT)} if form.close else {})


def waiting_view(title: str, words: str) -> View:
    """What is shown at once, as a trigger lives three seconds; the real form replaces it."""
    return {"type": "modal", "title": _plain(title, TITLE_LIMIT), "blocks": [_words(words)]}


def filled_in(view: Mapping[str, Any]) -> dict[str, str]:
    """Field id to what was entered, "" for nothing."""
    values = (view.get("state") or {}).get("values") or {}
    return {block: _entered(next(iter(inputs.values()), {})) for block, inputs in values.items()}


def _entered(element: Mapping[str, Any]) -> str:
    chosen = element.get("selected_option") or {}
    found = chosen.get("value") or element.get("selected_date") or element.get("selected_user") or element.get("value")
    return str(found or "").strip()


def _block(field: Field) -> View:
    if field.kind == "note":
        return _words(field.label)
    block: View = {"type": "input", "block_id": field.id, "label": _plain(field.label, LABEL_LIMIT),
                   "element": {"action_id": field.id} | _element(field), "optional": field.optional}
    return block | ({"hint": _plain(field.hint, HINT_LIMIT)} if field.hint.strip() else {})


def _element(field: Field) -> View:
    if field.kind == "date":
        return {"type": "datepicker"} | ({"initial_date": field.value} if _is_day(field.value) else {})
    if field.kind == "person":
        return {"type": "users_select"} | ({"initial_user": field.value} if PERSON.fullmatch(field.value) else {})
    if field.kind == "choice" and field.options:  # a list without entries is refused: what is wanted is typed then
        return _choice(field)
    return _text(field)


def _text(field: Field) -> View:
    element: View = {"type": "plain_text_input", "multiline": field.kind == "long_text"}
    return element | ({"initial_value": field.value[:WORDS_LIMIT]} if field.value else {})


def _choice(field: Field) -> View:
    options = [_option(option) for option in _shown(field.options, field.value)]
    chosen = [option for option in options if field.value and option["value"] == field.value[:VALUE_LIMIT]]
    return {"type": "static_select", "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _shown(options: Sequence[Option], value: str) -> list[Option]:
    """As many as a list takes; the one chosen before is among them."""
    if len(options) <= OPTIONS_LIMIT:
        return list(options)
    chosen = [option for option in options[OPTIONS_LIMIT - 1:] if option.value == value][:1]
    return [*options[:OPTIONS_LIMIT - len(chosen)], *chosen]


def _option(option: Option) -> View:
    return {"text": _plain(option.label, OPTION_LIMIT), "value": option.value[:VALUE_LIMIT] or NOTHING}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _words(text: str) -> View:
    """Words as they stand: a customer's name in them can neither call people nor forge markup."""
    return {"type": "section", "text": _plain(text, WORDS_LIMIT)}


def _plain(text: str, limit: int) -> View:
    said = text.strip() or NOTHING
    return {"type": "plain_text", "text": said if len(said) <= limit else said[: limit - 1] + "…"}

"""From a Form to Slack's modal, and from what was filled in back to plain values."""

from __future__ import annotations

from typing import Any

from bot.replies import Field, Form, Option

View = dict[str, Any]

TITLE_LIMIT, LABEL_LIMIT, HINT_LIMIT, OPTION_LIMIT, VALUE_LIMIT = 24, 2000, 2000, 75, 75


def form_view(form: Form) -> View:
    """The modal; `callback_id` is the form's id, every block_id a field's id."""
    view: View = {"type": "modal", "callback_id": form.id, "title": _plain(form.title, TITLE_LIMIT),
                  "private_metadata": form.carry, "blocks": [_block(field) for field in form.fields]}
    view |= {"submit": _plain(form.submit, TITLE_LIMIT)} if form.submit else {}
    return view | ({"close": _plain(form.close, TITLE_LIMIT)} if form.close else {})


def waiting_view(title: str, words: str) -> View:
    """What is shown at once, as a trigger lives three seconds; the real form replaces it."""
    return {"type": "modal", "title": _plain(title, TITLE_LIMIT), "blocks": [_words(words)]}


def filled_in(view: View) -> dict[str, str]:
    """Field id to what was entered, "" for nothing."""
    values = view.get("state", {}).get("values", {})
    return {block: _entered(next(iter(inputs.values()), {})) for block, inputs in values.items()}


def _entered(element: dict[str, Any]) -> str:
    chosen = element.get("selected_option") or {}
    found = chosen.get("value") or element.get("selected_date") or element.get("selected_user") or element.get("value")
    return str(found or "").strip()


def _block(field: Field) -> View:
    if field.kind == "note":
        return _words(field.label)
    block: View = {"type": "input", "block_id": field.id, "label": _plain(field.label, LABEL_LIMIT),
                   "element": _element(field), "optional": field.optional}
    return block | ({"hint": _plain(field.hint, HINT_LIMIT)} if field.hint else {})


def _element(field: Field) -> View:
    kinds = {"date": _date, "choice": _choice, "person": _person}
    return {"action_id": field.id} | kinds.get(field.kind, _text)(field)


def _text(field: Field) -> View:
    element: View = {"type": "plain_text_input", "multiline": field.kind == "long_text"}
    return element | ({"initial_value": field.value} if field.value else {})


def _date(field: Field) -> View:
    return {"type": "datepicker"} | ({"initial_date": field.value} if field.value else {})


def _person(field: Field) -> View:
    return {"type": "users_select"} | ({"initial_user": field.value} if field.value else {})


def _choice(field: Field) -> View:
    options = [_option(option) for option in field.options[:100]]
    chosen = [option for option in options if option["value"] == field.value]
    return {"type": "static_select", "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _option(option: Option) -> View:
    return {"text": _plain(option.label, OPTION_LIMIT), "value": option.value[:VALUE_LIMIT]}


def _words(text: str) -> View:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:3000]}}


def _plain(text: str, limit: int) -> View:
    return {"type": "plain_text", "text": text if len(text) <= limit else text[: limit - 1] + "…", "emoji": True}

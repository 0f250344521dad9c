"""The Web API's views.* methods: modals opened by a trigger_id, updated, stacked, and the App Home."""

from __future__ import annotations

from bot.sandbox.shelf import Thing
from bot.sandbox.slack_api import Call, Method
from bot.sandbox.slack_blocks import too_large, wrong_view
from bot.sandbox.slack_site import Slack, SlackSays
from bot.sandbox.slack_views import DEEPEST, view_on_the_wire


def checked_view(slack: Slack, view: object, kind: str, instead_of: str = "") -> Thing:
    """A view Slack accepts; `instead_of` is the id of the view it replaces."""
    if not isinstance(view, dict):
        raise SlackSays("invalid_arguments", ["[ERROR] view must be a JSON object [json-pointer:/view]"])
    wrong = wrong_view(view) if view.get("type") == kind else [f"must be a view of type {kind} [json-pointer:/type]"]
    if wrong:
        raise SlackSays(
            "invalid_arguments", [f"[ERROR] {sentence.replace('[json-pointer:', '[json-pointer:/view')}" for sentence in wrong]
        )
    if too_large(view):
        raise SlackSays("view_too_large")
    namesake = slack.views.by_external_id(view.get("external_id") or "")
    if namesake and namesake["id"] != instead_of:
        raise SlackSays("duplicate_external_id")
    return {key: value for key, value in view.items() if value is not None}


def open_view(call: Call) -> Thing:
    """views.open."""
    (trigger_id,) = call.needed("trigger_id")
    draft = checked_view(call.slack, _draft(call), "modal")
    view = call.slack.views.open(call.slack.triggers.redeem(trigger_id), draft)
    return {"view": view_on_the_wire(view)}


def push_view(call: Call) -> Thing:
    """views.push."""
    (trigger_id,) = call.needed("trigger_id")
    draft = checked_view(call.slack, _draft(call), "modal")
    user_id = call.slack.triggers.redeem(trigger_id)
    if len(call.slack.views.stack(user_id)) >= DEEPEST:
        raise SlackSays("push_limit_reached")
    return {"view": view_on_the_wire(call.slack.views.push(user_id, draft))}


def update_view(call: Call) -> Thing:
    """views.update."""
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackSays("invalid_arguments", ["[ERROR] missing required field: view_id"])
    view = call.slack.views.get(call.text("view_id")) or call.slack.views.by_external_id(call.text("external_id"))
    if view is None:
        raise SlackSays("not_found")
    draft = checked_view(call.slack, _draft(call), view["type"], view["id"])
    _same_hash(call, view)
    return {"view": view_on_the_wire(call.slack.views.update(view, draft))}


def publish_view(call: Call) -> Thing:
    """views.publish."""
    (user_id,) = call.needed("user_id")
    if call.slack.shelf.get("users", user_id) is None:
        raise SlackSays("user_not_found")
    home = call.slack.views.home(user_id)
    draft = checked_view(call.slack, _draft(call), "home", home["id"] if home else "")
    if home:
        _same_hash(call, home)
    return {"view": view_on_the_wire(call.slack.views.publish(user_id, draft))}


def _draft(call: Call) -> object:
    return call.structure("view", "invalid_arguments")


def _same_hash(call: Call, view: Thing) -> None:
    if call.text("hash") not in ("", view["hash"]):
        raise SlackSays("hash_conflict")


VIEW_METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}

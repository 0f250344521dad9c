"""Driving what the bot shows: pressing its buttons, choosing in menus, submitting and closing its modals."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from bot.errors import BadInput, NotFound
from bot.sandbox.shelf import Thing
from bot.sandbox.slack_driving import Driving, answered
from bot.sandbox.slack_inputs import STATELESS, answer, complaints, element_with, filled_in, pressed
from bot.sandbox.slack_site import Slack, SlackSays
from bot.sandbox.slack_view_methods import checked_view
from bot.sandbox.slack_views import DEEPEST, view_on_the_wire


class Clicking:
    """A person's clicks; every one returns once the bot has worked it off."""

    def __init__(self, slack: Slack, driving: Driving) -> None:
        self.slack, self.driving = slack, driving

    async def click(self, body: Mapping[str, Any], base_url: str) -> Thing:
        """{user, channel, ts, action_id, value?, block_id?} on a message, or {user, view_id, …}; view_id may be "home"."""
        user = self.slack.workspace.user(body.get("user"))
        if body.get("view_id") or not body.get("ts"):
            payload = self._on_view(body, user)
        else:
            payload = self._on_message(body, user, base_url)
        common = self.slack.payloads.interaction("block_actions", user) | {"trigger_id": self.slack.triggers.issue(user["id"])}
        answered(await self.slack.delivery.interact("interactive", common | payload))
        await self.driving.quiet()
        return {"ok": True, "view": self._open_modal(user)}

    async def options(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{user, view_id | channel+ts, action_id, value}: what the bot offers in a menu with an external source."""
        user = self.slack.workspace.user(body.get("user"))
        where, blocks = self._somewhere(body, user)
        block, element = element_with(blocks, str(body.get("action_id") or ""))
        asked = {"block_id": block["block_id"], "action_id": element["action_id"], "value": str(body.get("value") or "")}
        common = self.slack.payloads.interaction("block_suggestion", user)
        ack = answered(await self.slack.delivery.interact("interactive", common | where | asked))
        return {"ok": True} | (ack.body if isinstance(ack.body, dict) else {})

    async def submit(self, body: Mapping[str, Any], base_url: str) -> Thing:
        """{user, view_id, values}: fill in and submit a modal; `errors` are {block_id: sentence}."""
        user = self.slack.workspace.user(body.get("user"))
        view = self._modal(body, user)
        state = self._with_people(filled_in(view, self._with_files(_values(body), user, base_url)))
        self.slack.views.keep_state(view, state)
        wrong = complaints(view, state)
        if wrong:
            return {"ok": False, "errors": wrong, "by": "Slack's client", "view": view_on_the_wire(view)}
        common = self.slack.payloads.interaction("view_submission", user) | {"trigger_id": self.slack.triggers.issue(user["id"])}
        ack = answered(
            await self.slack.delivery.interact("interactive", common | {"view": view_on_the_wire(view), "response_urls": []})
        )
        errors = self._obey(view, user, ack.body)
        await self.driving.quiet()
        return {"ok": not errors} | ({"errors": errors} if errors else {}) | {"view": self._open_modal(user)}

    async def close(self, body: Mapping[str, Any], _base_url: str) -> Thing:
        """{user, view_id?, clear?}: close the top modal, or all of them."""
        user = self.slack.workspace.user(body.get("user"))
        view = self._modal(body, user)
        clear = bool(body.get("clear")) or view["clear_on_close"]
        self.slack.views.close_all(user["id"]) if clear else self.slack.views.close(view)
        if view["notify_on_close"]:
            common = self.slack.payloads.interaction("view_closed", user)
            await self.slack.delivery.interact("interactive", common | {"view": view_on_the_wire(view), "is_cleared": clear})
            await self.driving.quiet()
        return {"ok": True, "view": self._open_modal(user)}

    def _with_files(self, value: Any, user: Thing, base_url: str) -> Any:
        """The values with every {name, content…} kept as a file of the workspace."""
        if isinstance(value, list):
            return [self._with_files(one, user, base_url) for one in value]
        if not isinstance(value, dict):
            return value
        if "name" in value and ("content" in value or "content_base64" in value):
            return self.driving.file(value, user, base_url)
        return {key: self._with_files(one, user, base_url) for key, one in value.items()}

    def _with_people(self, state: Thing) -> Thing:
        """The state with everybody chosen by name known by id, as Slack's client sends it."""
        for answers in state.values():
            for chosen in answers.values():
                if chosen.get("selected_user"):
                    chosen["selected_user"] = self.slack.workspace.user(chosen["selected_user"])["id"]
        return state

    def _on_message(self, body: Mapping[str, Any], user: Thing, base_url: str) -> Thing:
        message, channel = self.driving.message_there(body, user)
        key = f"{user['id']}:{channel['id']}:{message['ts']}"
        state = (self.slack.shelf.get("chosen", key) or {"values": {}})["values"]
        action = self._action(message.get("blocks") or [], body, state)
        if action["type"] not in STATELESS:
            self.slack.shelf.put("chosen", key, {"values": state})
        answers = {
            "response_url": self.slack.response_url(base_url, user, channel, message),
            "state": {"values": deepcopy(state)},
        }
        return self.slack.payloads.on_message(message, channel) | answers | {"actions": [action]}

    def _on_view(self, body: Mapping[str, Any], user: Thing) -> Thing:
        view = self._any_view(body, user)
        state = deepcopy(view["state"]["values"])
        action = self._action(view["blocks"], body, state)
        self.slack.views.keep_state(view, state)
        return self.slack.payloads.on_view(view) | {"actions": [action]}

    def _action(self, blocks: list[Thing], body: Mapping[str, Any], state: Thing) -> Thing:
        value = body.get("value")
        block, element = element_with(blocks, str(body.get("action_id") or ""), value, str(body.get("block_id") or ""))
        if element["type"] not in STATELESS:
            state.setdefault(block["block_id"], {})[element["action_id"]] = answer(element, value)
        return pressed(block, element, value) | {"action_ts": self.slack.workspace.stamp()}

    def _somewhere(self, body: Mapping[str, Any], user: Thing) -> tuple[Thing, list[Thing]]:
        if body.get("ts"):
            message, channel = self.driving.message_there(body, user)
            return self.slack.payloads.on_message(message, channel), message.get("blocks") or []
        view = self._any_view(body, user)
        return self.slack.payloads.on_view(view), view["blocks"]

    def _any_view(self, body: Mapping[str, Any], user: Thing) -> Thing:
        wanted = str(body.get("view_id") or "")
        home = self.slack.views.home(user["id"])
        if home and wanted in ("home", home["id"]):
            return home
        if wanted == "home":
            raise NotFound(f"{user['name']} has no App Home yet; open it first (POST /sandbox/slack/open_home).")
        return self._modal(body, user)

    def _modal(self, body: Mapping[str, Any], user: Thing) -> Thing:
        view = self.slack.views.open_modal(user["id"])
        if view is None:
            raise NotFound(f"{user['name']} has no form open.")
        if body.get("view_id") not in (None, "", view["id"]):
            raise NotFound(f"The form {body['view_id']!r} is not the one {user['name']} sees; that is {view['id']}.")
        return view

    def _open_modal(self, user: Thing) -> Thing | None:
        view = self.slack.views.open_modal(user["id"])
        return view_on_the_wire(view) if view else None

    def _obey(self, view: Thing, user: Thing, said: Any) -> dict[str, str]:
        """What the bot wants done with a submitted modal; the errors it named, if any."""
        action = said.get("response_action") if isinstance(said, dict) else None
        if action is None:
            self.slack.views.close(view)
        elif action == "clear":
            self.slack.views.close_all(user["id"])
        elif action == "errors":
            return _named_blocks(view, said)
        else:
            self._show_next(view, user, action, said)
        return {}

    def _show_next(self, view: Thing, user: Thing, action: str, said: Thing) -> None:
        if action not in ("update", "push"):
            raise SlackSays("invalid_response_action", [f"{action!r} is none of errors, update, push, clear"])
        draft = checked_view(self.slack, said.get("view"), "modal", view["id"])
        if action == "update":
            self.slack.views.update(view, draft)
        elif len(self.slack.views.stack(user["id"])) >= DEEPEST:
            raise SlackSays("push_limit_reached")
        else:
            self.slack.views.push(user["id"], draft)


def _named_blocks(view: Thing, said: Thing) -> dict[str, str]:
    """Slack shows an error only at an input block of the view; one for anything else it cannot show at all."""
    errors = said.get("errors")
    fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= fields:
        raise SlackSays("invalid_errors", [f"errors must name input blocks ({', '.join(sorted(fields))}), they name {errors!r}"])
    return {str(block): str(sentence) for block, sentence in errors.items()}


def _values(body: Mapping[str, Any]) -> Mapping[str, Any]:
    values = body.get("values") or {}
    if not isinstance(values, dict):
        raise BadInput('Give the values as {"block or action id": value}.')
    return values

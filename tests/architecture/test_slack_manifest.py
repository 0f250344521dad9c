"""config/manifest.json: what Slack takes, and everything the program needs from the app, no more."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from project_tree import ROOT, calls, modules, tree_of

from bot.serving import OFFERS

MANIFEST = json.loads((ROOT / "config" / "manifest.json").read_text(encoding="utf-8"))
SPECS = Path(os.environ.get("FILINGDESK_SPECS") or ROOT.parent / "shared" / "specs") / "slack"
SCOPES = set(MANIFEST["oauth_config"]["scopes"]["bot"])
EVENT_SCOPES = {"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history",
                "message.im": "im:history", "reaction_added": "reactions:read", "user_change": "users:read"}
CHANNEL_KINDS = {"message.channels", "message.groups", "message.im"}


def spec(name: str) -> Any:
    """One of Slack's published descriptions."""
    if not (SPECS / name).is_file():
        pytest.skip(f"MANIFEST NOT CHECKED: Slack's {name} is neither in ../shared/specs/slack nor in $FILINGDESK_SPECS/slack.")
    return json.loads((SPECS / name).read_text(encoding="utf-8"))


def heard(kind: str) -> set[str]:
    """What the doors listen to: the texts given to `@app.<kind>(…)`."""
    found = set()
    for path in modules("handlers"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"app.{kind}" and node.args:
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    return {str(name) for name in found}


def test_slack_takes_the_manifest() -> None:
    jsonschema.validate(MANIFEST, spec("manifest.schema.json"))


def test_the_manifest_offers_the_commands_the_doors_answer() -> None:
    assert {command["command"] for command in MANIFEST["features"]["slash_commands"]} == heard("command")


def test_the_sandbox_offers_the_commands_of_the_manifest_in_the_same_words() -> None:
    assert OFFERS["commands"] == MANIFEST["features"]["slash_commands"]


def test_the_doors_the_manifest_and_the_sandbox_know_the_same_shortcuts() -> None:
    offered = {one["callback_id"]: one["name"] for one in OFFERS["shortcuts"]}
    assert offered == {one["callback_id"]: one["name"] for one in MANIFEST["features"]["shortcuts"]}
    assert set(offered) == heard("message_shortcut")


def test_the_manifest_subscribes_to_the_events_the_doors_hear() -> None:
    subscribed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
    assert subscribed >= CHANNEL_KINDS
    assert (subscribed - CHANNEL_KINDS) | {"message"} == heard("event")


def test_every_event_has_the_scope_slack_wants_for_it() -> None:
    subscribed = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert {EVENT_SCOPES[event] for event in subscribed if event in EVENT_SCOPES} <= SCOPES


def test_every_web_api_call_has_a_scope_that_allows_it() -> None:
    methods = spec("methods.json")
    called = [call.rpartition(".") for path in modules("handlers", "bot/adapters") for _line, call in calls(path)]
    used = {name.replace("_", ".") for whose, _, name in called if whose.endswith("client")}
    wanted = {name: set(methods[name]["scope"].get("bot", [])) for name in used & methods.keys()}
    assert wanted.keys() >= {"chat.postMessage", "conversations.open", "users.info"}  # or this test looks in the wrong place
    assert not {name: scopes for name, scopes in wanted.items() if scopes and not scopes & SCOPES}


def test_buttons_and_socket_mode_are_switched_on_and_tokens_do_not_expire() -> None:
    settings = MANIFEST["settings"]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    assert not settings["token_rotation_enabled"]  # the bot does not renew tokens


def test_home_and_direct_messages_are_switched_on() -> None:
    home = MANIFEST["features"]["app_home"]
    assert (home["home_tab_enabled"], home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, True, False)

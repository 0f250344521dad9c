"""Each slash command tells everything it takes, in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.datafiles.messages import load_messages
from bot.replies.usage import USAGE, usage_reply, wants_help
from handlers import evidence, filings, shipments

ROOT = Path(__file__).parents[2]
WORDS = load_messages(ROOT / "config" / "messages")
KNOWN = {
    "filing": {*filings.VERBS.values(), *evidence.VERBS.values(), "show", "help"},
    "shipment": {*shipments.VERBS.values(), "show", "help"},
    "lists": {"versions", "market", "update", "help"},
    "scope": {"question", "show", "compare", "help"},
}
TYPED = {"filing": {**filings.VERBS, **evidence.VERBS}, "shipment": shipments.VERBS}


@pytest.mark.parametrize("command", USAGE)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_usage_names_everything_the_door_knows(command: str, lang: str) -> None:
    assert set(USAGE[command]) == KNOWN[command]
    said = " ".join(usage_reply(WORDS, lang, command).bullets)
    for verb in set(TYPED.get(command, {}).values()):
        typed = {word for word, meant in TYPED[command].items() if meant == verb and word.isascii()}
        assert any(f"/{command} {word}" in said or f"SO-4711 {word}`" in said for word in typed), verb


def test_every_command_of_the_manifest_has_a_usage() -> None:
    manifest = json.loads((ROOT / "config" / "manifest.json").read_text("utf-8"))
    assert {one["command"].removeprefix("/") for one in manifest["features"]["slash_commands"]} == set(USAGE)


@pytest.mark.parametrize(("said", "wanted"), [("help", True), (" HELP ", True), ("帮助", True), ("?", True), ("list", False)])
def test_help_is_asked_for_in_either_language(said: str, wanted: bool) -> None:
    assert wants_help(said) is wanted


@pytest.mark.parametrize(("text", "verb"), [
    ("", ("list", "")), ("f-12", ("show", "F-12")), ("List mine", ("list", "mine")), ("列表逾期", ("list", "逾期")),
    ("放行F-1", ("ship", "F-1")), ("retry all", ("retry", "all")), ("NEW", ("new", "")), ("help", ("", "")),
    ("newsletter", ("", "newsletter")), ("timeline", ("", "timeline")),
])
def test_a_verb_of_filing_is_known_in_either_language_and_any_case(text: str, verb: tuple[str, str]) -> None:
    assert filings._verb(text) == verb

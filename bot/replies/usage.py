"""What each slash command takes: the one answer to `help` and to words nobody knows."""

from __future__ import annotations

from bot.replies import Reply, Words

USAGE = {
    "scope": ("question", "show", "compare", "help"),
    "filing": ("new", "list", "show", "ship", "timeline", "export", "retry", "help"),
    "shipment": ("add", "list", "unfiled", "show", "sailed", "cancelled", "planned", "move", "split", "import", "calendar",
                 "help"),
    "lists": ("versions", "market", "update", "help"),
}
"""Slash commands and what may stand behind each, in the order it is told."""
HELP = ("help", "?", "？", "帮助")


def wants_help(text: str) -> bool:
    """Whether somebody asks what a command takes."""
    return text.strip().lower() in HELP


def usage_reply(words: Words, lang: str, command: str, said: str = "") -> Reply:
    """Everything a command takes, a line each; `said` is what nobody knows, "" where help was asked for."""
    headline = words.say(lang, "usage.unknown" if said else "usage.title", said=said, command=command)
    return Reply(headline=headline, bullets=usage_lines(words, lang, command))


def usage_lines(words: Words, lang: str, command: str) -> tuple[str, ...]:
    """One line for each thing a command takes."""
    return tuple(words.say(lang, f"usage.{command}.{name}") for name in USAGE[command])

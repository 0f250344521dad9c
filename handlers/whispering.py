"""A sentence for one person only, where they are; in a direct message where the channel does not take it."""

from __future__ import annotations

from http.client import HTTPException

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

log = structlog.get_logger(__name__)
LOST = (SlackClientError, OSError, HTTPException, ValueError)
"""What slack_sdk lets through when Slack refuses, is away or answers half."""


def whisper(client: WebClient, user: str, channel: str, thread: str, sentence: str) -> None:
    """Say it; nothing is raised, for this is mostly how a failure is told. `channel` may be "" or a person's id."""
    try:
        if channel.startswith(("C", "G")):
            client.chat_postEphemeral(channel=channel, user=user, text=sentence, thread_ts=thread or None)
            return
    except LOST as error:
        log.warning("the channel takes no whisper; trying a direct message", error=type(error).__name__)
    try:
        client.chat_postMessage(channel=user, text=sentence)
    except LOST as error:
        log.error("could not tell the person", error=type(error).__name__)

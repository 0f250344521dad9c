"""From a Reply to Slack's blocks, within Slack's limits: 50 blocks, 3,000 characters a section, 25 buttons a row."""

from __future__ import annotations

import json
from typing import Any

from bot.replies import Choice, Part, Reply

Block = dict[str, Any]

SECTION_LIMIT = 3000
BUTTON_LABEL_LIMIT = 75
BUTTON_VALUE_LIMIT = 2000
BLOCK_LIMIT = 50
MARKS = {"good": ":large_green_circle:", "warn": ":large_yellow_circle:", "stop": ":red_circle:"}


def shortened(text: str, limit: int) -> str:
    """The text within the limit; what was cut is marked by an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain(text: str, limit: int = BUTTON_LABEL_LIMIT) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": shortened(text, limit), "emoji": True}


def button(choice: Choice, number: int) -> Block:
    """A button; its action_id ends in a number, as ids must differ within one row."""
    block: Block = {"type": "button", "text": plain(choice.label), "action_id": f"{choice.action}:{number}"}
    if len(choice.value) > BUTTON_VALUE_LIMIT:
        raise ValueError(f"the button {choice.action!r} carries {len(choice.value)} characters, at most 2000 fit")
    block |= {"value": choice.value} if choice.value else {}
    block |= {"style": choice.style} if choice.style else {}
    return block | ({"confirm": _confirm(choice)} if choice.confirm else {})


def message_blocks(reply: Reply) -> list[Block]:
    """The blocks of a message; what passes the limits is cut with an ellipsis, never dropped in silence."""
    blocks = [section(_headline(reply))]
    blocks += [section(text) for text in _grouped(reply)]
    blocks += [block for part in reply.parts for block in _part(part)]
    blocks += _rows(reply.choices)
    room = BLOCK_LIMIT - (1 if reply.note else 0)
    if len(blocks) > room:
        blocks = [*blocks[: room - 1], section(f"… (+{len(blocks) - room + 1})")]
    return blocks + ([_small(reply.note)] if reply.note else [])


def message_text(reply: Reply) -> str:
    """The text for notifications and readers without blocks."""
    return shortened("\n".join([reply.headline, *reply.lines, *reply.bullets]), SECTION_LIMIT)


def section(text: str) -> Block:
    """A section of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": shortened(text, SECTION_LIMIT)}}


def size(blocks: list[Block]) -> int:
    """Bytes of the blocks as sent."""
    return len(json.dumps(blocks, ensure_ascii=False).encode())


def _headline(reply: Reply) -> str:
    mark = MARKS.get(reply.tone, "")
    return f"{mark} *{reply.headline}*".strip() if reply.headline else mark


def _grouped(reply: Reply) -> list[str]:
    words = "\n".join(reply.lines)
    bullets = "\n".join(f"• {bullet}" for bullet in reply.bullets)
    return [text for text in (words, bullets) if text]


def _part(part: Part) -> list[Block]:
    return [section(part.text), *_rows(part.choices)]


def _rows(choices: tuple[Choice, ...]) -> list[Block]:
    buttons = [button(choice, number) for number, choice in enumerate(choices)]
    return [{"type": "actions", "elements": buttons[start:start + 25]} for start in range(0, len(buttons), 25)]


def _small(note: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": shortened(note, SECTION_LIMIT)}]}


def _confirm(choice: Choice) -> Block:
    return {"title": plain(choice.label, 100), "text": plain(choice.confirm, 300),
            "confirm": plain(choice.label, 30), "deny": plain("✕", 30)}

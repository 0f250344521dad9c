"""Plain paragraphs, "- " lists and http links -> what Jira shows: ADF (REST v3) or wiki markup (v2); ADF -> plain lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

LONGEST_TEXT = 30_000
"""Jira keeps 32,767 characters of a description or comment, markup included."""

_URL = re.compile(r"https?://[^\s<>\"'，。；、（）《》|\]]+")
_MARKUP = re.compile(
    r"[\\{}\[\]|!]"  # macros, links, images, table cells
    r"|(?<!\w)[*_+^~?-](?=\S)|(?<=\S)[*_+^~?](?!\w)"  # emphasis needs a word on one side only
    r"|^#|\((?=(?:[xyin!?/+*-]|on|off)\))"  # numbered lists and emoticons such as (i)
)

Node = dict[str, Any]


def to_adf(text: str) -> Node:
    """An Atlassian document; each paragraph, list and link of the text in its place."""
    return {"type": "doc", "version": 1, "content": [_adf_block(bullets, lines) for bullets, lines in blocks(text)]}


def to_wiki(text: str) -> str:
    """Wiki markup that shows the text as it was written."""
    return "\n\n".join(_wiki_block(bullets, lines) for bullets, lines in blocks(text))


def from_adf(document: Node) -> str:
    """The words of a document, one block a line; mentions, links and emoji as their text."""
    return re.sub(r"\n{2,}", "\n", _read(document)).strip()


def _read(node: Node) -> str:
    attrs = node.get("attrs") or {}
    own = str(node.get("text") or attrs.get("text") or attrs.get("url") or attrs.get("shortName") or "")
    inner = "".join(map(_read, node.get("content") or []))
    return own + ("\n" if node.get("type") == "hardBreak" else "") + inner + ("\n" if node.get("type") in _ENDS_A_LINE else "")


_ENDS_A_LINE = {"paragraph", "heading", "codeBlock", "tableRow", "taskItem", "decisionItem", "blockCard", "rule"}


def blocks(text: str) -> Iterator[tuple[bool, list[str]]]:
    """(is a list, its lines) for each run of list lines and each paragraph between blank lines."""
    for paragraph in re.split(r"\n\s*\n", cut(_printable(text), LONGEST_TEXT)):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        for bullets, run in groupby(lines, key=lambda line: line.startswith("- ")):
            yield bullets, [line[2:].strip() if bullets else line for line in run]


def one_line(text: str, longest: int = 255) -> str:
    """A summary as Jira takes it: no line breaks, at most 255 characters, never empty."""
    return cut(" ".join(_printable(text).split()), longest) or "—"


def cut(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable() or char in "\n\t\u3000\u00a0")


def _pieces(line: str) -> Iterator[tuple[bool, str]]:
    """(is a link, text) for each stretch of a line."""
    at = 0
    for found in _URL.finditer(line):
        url = found.group().rstrip(".,;:!?)")
        if found.start() > at:
            yield False, line[at : found.start()]
        yield True, url
        at = found.start() + len(url)
    if at < len(line):
        yield False, line[at:]


def _adf_block(bullets: bool, lines: list[str]) -> Node:
    if not bullets:
        return _adf_paragraph(lines)
    items = [{"type": "listItem", "content": [_adf_paragraph([line])]} for line in lines]
    return {"type": "bulletList", "content": items}


def _adf_paragraph(lines: list[str]) -> Node:
    content: list[Node] = []
    for number, line in enumerate(lines):
        content += [{"type": "hardBreak"}] if number else []
        content += [_adf_text(is_link, piece) for is_link, piece in _pieces(line)]
    return {"type": "paragraph", "content": content}


def _adf_text(is_link: bool, piece: str) -> Node:
    node: Node = {"type": "text", "text": piece}
    return node | {"marks": [{"type": "link", "attrs": {"href": piece}}]} if is_link else node


def _wiki_block(bullets: bool, lines: list[str]) -> str:
    return "\n".join(("* " if bullets else "") + _wiki_line(line) for line in lines)


def _wiki_line(line: str) -> str:
    return "".join(piece if is_link else _MARKUP.sub(r"\\\g<0>", piece) for is_link, piece in _pieces(line))

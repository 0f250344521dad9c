"""The Atlassian Document Format as far as issue bots write it: what is wrong with a document, and its plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str)


def _filled(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _truth(value: object) -> bool:
    return isinstance(value, bool)


def _one_of(*allowed: str) -> Check:
    return lambda value: value in allowed


def _between(low: int, high: int) -> Check:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _like(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.search(pattern, value) is not None


def _numbers(value: object) -> bool:
    return isinstance(value, list) and all(_number(item) for item in value)


@dataclass(frozen=True)
class Shape:
    """What a node or mark may hold; `content` None means it must have none."""

    needs: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)
    content: frozenset[str] | None = None
    least: int = 0
    content_needed: bool = False
    marks: frozenset[str] | None = None


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOCAL: Mapping[str, Check] = {"localId": _text}
FORMAT = _names("link em strong strike subsup underline textColor backgroundColor")
BESIDE_CODE = _names("code link")
INLINE = _names("text hardBreak mention emoji date status inlineCard placeholder")
LISTS = _names("bulletList orderedList")
IN_ITEM = _names("paragraph codeBlock taskList") | LISTS
IN_QUOTE = _names("paragraph codeBlock") | LISTS
IN_PANEL = _names("paragraph heading codeBlock taskList rule blockCard decisionList") | LISTS
IN_CELL = IN_PANEL | _names("panel blockquote")
IN_EXPAND = IN_CELL | _names("table")
TOP = IN_EXPAND | _names("expand")
ALIGNED = _names("alignment indentation")
CELL: Mapping[str, Check] = {
    **LOCAL,
    "colspan": _number,
    "rowspan": _number,
    "colwidth": _numbers,
    "background": _text,
    "valign": _one_of("top", "middle", "bottom"),
}
HEX = r"^#[0-9a-fA-F]{6}$"

NODES: Mapping[str, Shape] = {
    "paragraph": Shape(may=LOCAL, content=INLINE, marks=ALIGNED),
    "heading": Shape({"level": _between(1, 6)}, LOCAL, INLINE, marks=ALIGNED),
    "bulletList": Shape(may=LOCAL, content=_names("listItem"), least=1, content_needed=True),
    "orderedList": Shape(may={**LOCAL, "order": _between(0, 10**9)}, content=_names("listItem"), least=1, content_needed=True),
    "listItem": Shape(may=LOCAL, content=IN_ITEM, least=1, content_needed=True),
    "taskList": Shape({"localId": _text}, content=_names("taskItem taskList"), least=1, content_needed=True),
    "taskItem": Shape({"localId": _text, "state": _one_of("TODO", "DONE")}, content=INLINE),
    "decisionList": Shape({"localId": _text}, content=_names("decisionItem"), least=1, content_needed=True),
    "decisionItem": Shape({"localId": _text, "state": _text}, content=INLINE),
    "codeBlock": Shape(
        may={**LOCAL, "language": _text, "uniqueId": _text, "wrap": _truth, "hideLineNumbers": _truth},
        content=_names("text"),
    ),
    "blockquote": Shape(may=LOCAL, content=IN_QUOTE, least=1, content_needed=True),
    "panel": Shape(
        {"panelType": _one_of("info", "note", "tip", "warning", "error", "success", "custom")},
        {**LOCAL, "panelIcon": _text, "panelIconId": _text, "panelIconText": _text, "panelColor": _text},
        IN_PANEL,
        least=1,
        content_needed=True,
    ),
    "expand": Shape(may={**LOCAL, "title": _text}, content=IN_EXPAND, least=1, content_needed=True),
    "rule": Shape(may=LOCAL),
    "blockCard": Shape({"url": _text}, LOCAL),
    "table": Shape(
        may={
            "localId": _filled,
            "isNumberColumnEnabled": _truth,
            "layout": _one_of("wide", "full-width", "center", "align-end", "align-start", "default"),
            "width": _number,
            "displayMode": _one_of("default", "fixed"),
        },
        content=_names("tableRow"),
        least=1,
        content_needed=True,
    ),
    "tableRow": Shape(may=LOCAL, content=_names("tableCell tableHeader"), content_needed=True),
    "tableCell": Shape(may=CELL, content=IN_CELL, least=1, content_needed=True),
    "tableHeader": Shape(may=CELL, content=IN_CELL, least=1, content_needed=True),
    "hardBreak": Shape(may={**LOCAL, "text": _one_of("\n")}),
    "mention": Shape(
        {"id": _text},
        {**LOCAL, "text": _text, "accessLevel": _text, "userType": _one_of("DEFAULT", "SPECIAL", "APP")},
    ),
    "emoji": Shape({"shortName": _text}, {**LOCAL, "id": _text, "text": _text}),
    "date": Shape({"timestamp": _filled}, LOCAL),
    "status": Shape(
        {"text": _filled, "color": _like(r"^(neutral|purple|blue|red|yellow|green|#[0-9a-fA-F]{6})$")},
        {**LOCAL, "style": _text},
    ),
    "inlineCard": Shape({"url": _text}, LOCAL),
    "placeholder": Shape({"text": _text}, LOCAL),
}
MARKS: Mapping[str, Shape] = {
    **{plain: Shape() for plain in ("em", "strong", "strike", "underline", "code")},
    "link": Shape({"href": _text}, {"title": _text, "id": _text, "collection": _text, "occurrenceKey": _text}),
    "subsup": Shape({"type": _one_of("sub", "sup")}),
    "textColor": Shape({"color": _like(HEX)}),
    "backgroundColor": Shape({"color": _like(HEX)}),
    "alignment": Shape({"align": _one_of("center", "end")}),
    "indentation": Shape({"level": _between(1, 6)}),
}


def adf_problem(document: object) -> str | None:
    """The first thing wrong with a document, with its place; None for a document Jira takes."""
    if not isinstance(document, dict) or document.get("type") != "doc":
        return "the document is not an object of type 'doc'"
    if document.get("version") != 1 or isinstance(document["version"], bool):
        return "doc: version must be 1"
    if extra := sorted(set(document) - {"type", "version", "content"}):
        return f"doc: unknown key '{extra[0]}'"
    return _content_problem("doc", document.get("content"), Shape(content=TOP, content_needed=True))


def _node_problem(place: str, node: dict[str, Any]) -> str | None:
    if node["type"] == "text":
        return _text_problem(place, node)
    shape = NODES[node["type"]]
    return (
        _keys_problem(place, node, {"type", "attrs", "content", "marks"})
        or _attrs_problem(place, node, shape)
        or _marks_problem(place, node.get("marks", []), shape.marks or frozenset())
        or _content_problem(place, node.get("content"), shape)
    )


def _content_problem(place: str, content: object, shape: Shape) -> str | None:
    if content is None:
        return f"{place}: content is missing" if shape.content_needed else None
    if shape.content is None:
        return f"{place}: must not have content"
    if not isinstance(content, list) or len(content) < shape.least:
        return f"{place}: content must be a list of at least {shape.least}"
    return next(filter(None, (_child_problem(place, n, child, shape) for n, child in enumerate(content))), None)


def _child_problem(place: str, number: int, child: object, shape: Shape) -> str | None:
    kind = _kind(child)
    if not isinstance(child, dict) or kind not in (shape.content or ()):
        return f"{place}: '{kind}' is not allowed here"
    if place.endswith("codeBlock") and child.get("marks"):
        return f"{place}: text in a codeBlock must not have marks"
    return _node_problem(f"{place}[{number}].{kind}", child)


def _kind(thing: object) -> str:
    kind = thing.get("type") if isinstance(thing, dict) else None
    return kind if isinstance(kind, str) else str(type(thing).__name__)


def _text_problem(place: str, node: dict[str, Any]) -> str | None:
    if not _filled(node.get("text")):
        return f"{place}: text must be a string of at least one character"
    marks = node.get("marks", [])
    coded = isinstance(marks, list) and any(_kind(mark) == "code" for mark in marks)
    allowed = BESIDE_CODE if coded else FORMAT
    return _keys_problem(place, node, {"type", "text", "marks"}) or _marks_problem(place, marks, allowed)


def _marks_problem(place: str, marks: object, allowed: frozenset[str]) -> str | None:
    if not isinstance(marks, list):
        return f"{place}: marks must be a list"
    return next(filter(None, (_mark_problem(place, mark, allowed) for mark in marks)), None)


def _mark_problem(place: str, mark: object, allowed: frozenset[str]) -> str | None:
    kind = _kind(mark)
    if not isinstance(mark, dict) or kind not in allowed:
        return f"{place}: mark '{kind}' is not allowed here"
    shape = MARKS[kind]
    known = {"type", "attrs"} if shape.needs else {"type"}
    return _keys_problem(place, mark, known) or _attrs_problem(place, mark, shape)


def _keys_problem(place: str, node: dict[str, Any], known: set[str]) -> str | None:
    extra = sorted(set(node) - known)
    return f"{place}: unknown key '{extra[0]}'" if extra else None


def _attrs_problem(place: str, node: dict[str, Any], shape: Shape) -> str | None:
    attrs = node.get("attrs", {})
    if not isinstance(attrs, dict):
        return f"{place}: attrs must be an object"
    checks = {**shape.may, **shape.needs}
    wrong = [name for name in shape.needs if name not in attrs]
    wrong += [name for name, value in attrs.items() if name not in checks or not checks[name](value)]
    return f"{place}: attrs.{wrong[0]} is missing, unknown or wrong" if wrong else None


BREAKS = _names("paragraph heading listItem taskItem decisionItem codeBlock tableRow rule")


def adf_text(node: dict[str, Any]) -> str:
    """What a person reads in a document, one block a line."""
    return re.sub(r"\n{2,}", "\n", _raw_text(node)).strip()


def _raw_text(node: dict[str, Any]) -> str:
    kind, attrs = str(node.get("type")), node.get("attrs", {})
    own: str = {"text": str(node.get("text", "")), "hardBreak": "\n", "taskItem": _box(attrs), "rule": "----"}.get(kind, "")
    if kind in {"mention", "emoji", "status", "inlineCard", "blockCard", "placeholder", "date"}:
        own = str(attrs.get("text") or attrs.get("url") or attrs.get("shortName") or attrs.get("timestamp") or "")
    inner = "".join(_raw_text(child) for child in node.get("content", []))
    gap = " | " if kind in {"tableCell", "tableHeader"} else ""
    return own + (inner.strip("\n") + gap if gap else inner) + ("\n" if kind in BREAKS else "")


def _box(attrs: dict[str, Any]) -> str:
    return "[x] " if attrs.get("state") == "DONE" else "[ ] "


def text_as_adf(text: str) -> dict[str, Any]:
    """A document with one paragraph per line; how v3 shows what was written through v2."""
    lines = [line for line in text.split("\n") if line.strip()]
    content = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
    return {"type": "doc", "version": 1, "content": content}

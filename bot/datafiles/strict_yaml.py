"""YAML read strictly: every scalar is text, no key twice, no aliases or tags, and every value knows its line and column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.datafiles.findings import refuse
from bot.domain.terms import Phrase, did_you_mean
from bot.errors import Finding

Step = str | int
Model = TypeVar("Model", bound=BaseModel)
LARGEST_BYTES = 2_000_000
_DEEPEST = 40
KEY = "<key>"
"""As the last step of a place: the key itself rather than its value."""
_YAML = {
    "mapping values": "yaml_colon", "expected ',' or": "yaml_bracket", "found unexpected end": "yaml_quote",
    "expected <block end>": "yaml_indent", "found character": "yaml_sign",
}
"""How the parser's words begin, and the code of ours for the same."""
_STR, _SEQ, _MAP = "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"


_TEXT = Phrase("write one line of text", "text")
_LIST = Phrase("write a list, one item per line behind a dash", "list")
_ENTRIES = Phrase("write entries of the form key: value", "entries")
PLAIN = {
    "string_type": _TEXT, "list_type": _LIST, "tuple_type": _LIST, "dict_type": _ENTRIES, "model_type": _ENTRIES,
    "model_attributes_type": _ENTRIES, "int_parsing": Phrase("write a whole number", "whole_number"),
    "bool_parsing": Phrase("write true or false", "true_false"),
}
"""pydantic's kinds of mistakes, and what to write instead."""
OURS = ("day_form", "no_such_day", "sentence", "plain_name")
"""Kinds of mistakes the shapes of rulesets name themselves; each is a phrase."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content: dicts, lists and text only, with the place of each value."""

    path: str
    """As shown to people."""
    data: Any
    places: Mapping[tuple[Step, ...], tuple[int, int]] = field(default_factory=dict)

    def finding(self, where: Sequence[Step], what: str, write: str = "", severity: str = "error") -> Finding:
        """A finding at the nearest known place on the way to `where`."""
        line, col = self.place(where)
        return Finding(self.path, line, col, what, write, severity)

    def place(self, where: Sequence[Step]) -> tuple[int, int]:
        """Line and column of a value; steps that are not in the file (a missing key) are passed over."""
        here: tuple[Step, ...] = ()
        for step in where:
            here = (*here, step) if (*here, step) in self.places else here
        return self.places.get(here, (1, 1))


def read(path: Path, shown_as: str) -> Document:
    """Read a YAML (or JSON) file. Raises BadFile with every duplicate key, alias, tag or syntax mistake found."""
    return parse(_text(path, shown_as), shown_as)


def parse(text: str, shown_as: str) -> Document:
    """Read YAML from text. Raises BadFile."""
    node = _compose(text, shown_as)
    places: dict[tuple[Step, ...], tuple[int, int]] = {}
    findings: list[Finding] = []
    data = _Walk(shown_as, places, findings).value(node, ()) if node else {}
    refuse(findings)
    return Document(shown_as, data, places)


def shaped(document: Document, model: type[Model]) -> Model:
    """The document as a model. Raises BadFile with every mistake of shape."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        refuse(_shape_findings(document, model, error))
        raise


def _text(path: Path, shown_as: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError:
        absent = Finding(shown_as, 0, 0, "this file is missing or cannot be read", "create it or check its rights")
        refuse([absent.named("file_missing")])
        raise
    if len(raw) > LARGEST_BYTES:
        size, most = f"{len(raw):,}", f"{LARGEST_BYTES:,}"
        large = Finding(shown_as, 0, 0, f"the file has {size} bytes", f"keep it under {most}")
        refuse([large.named("file_too_large", size=size, most=most)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        refuse([Finding(shown_as, line, 1, "this line is not UTF-8 text", "save the file as UTF-8").named("no_utf8")])
        raise


def _compose(text: str, shown_as: str) -> yaml.Node | None:
    try:
        return _nodes(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, col = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        refuse([_no_yaml(shown_as, line, col, str(error.problem))])
        raise
    except (yaml.YAMLError, RecursionError) as error:
        reason = getattr(error, "reason", "nested too deeply")
        found = Finding(shown_as, 1, 1, f"this is not YAML: {reason}", "write plain text with spaces for indents")
        refuse([found.named("yaml_deep" if isinstance(error, RecursionError) else "yaml_control")])
        raise


def _no_yaml(shown_as: str, line: int, col: int, problem: str) -> Finding:
    found = Finding(shown_as, line, col, f"this is not YAML: {problem}", _advice(problem))
    if "\\t" in problem:
        return found.named("yaml_tab")
    return found.named(next((code for start, code in _YAML.items() if problem.startswith(start)), "yaml_syntax"))


@lru_cache(maxsize=64)
def _nodes(text: str) -> yaml.Node | None:
    """The text as nodes, which nobody changes: a check reads the same file several times, and this is the slow part.

    Not the faster C reader: it ends the whole process on brackets nested too deeply.
    """
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _advice(problem: str) -> str:
    if "\\t" in problem or "tab" in problem:
        return "indent with spaces, not with tabs"
    return "check indents, colons and quotes on this line"


@dataclass(slots=True)
class _Walk:
    """Turns nodes into dicts, lists and text, noting places and mistakes."""

    shown_as: str
    places: dict[tuple[Step, ...], tuple[int, int]]
    findings: list[Finding]
    met: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, where: tuple[Step, ...]) -> Any:
        """The node's value. A node met twice is an alias: refused, because aliases can point back or multiply."""
        self.places.setdefault(where, _mark(node))
        if id(node) in self.met or len(where) > _DEEPEST:
            what = "this is used again by an alias (*) or nested too deeply"
            self.findings.append(self._at(node, what, "write the value out").named("yaml_alias"))
            return ""
        self.met.add(id(node))
        self._check_tag(node)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, where))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*where, index)) for index, item in enumerate(node.value)]
        return str(node.value)

    def _pairs(self, node: yaml.MappingNode, where: tuple[Step, ...]) -> Iterator[tuple[str, Any]]:
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                self.findings.append(self._at(key_node, "a key must be plain text", "write the entries out").named("yaml_key"))
                continue
            if key in first:
                twice = self._at(key_node, f'"{key}" is given twice', f"keep one; the first is on line {first[key]}")
                self.findings.append(twice.named("key_twice", name=key, line=first[key]))
                continue
            first[key] = key_node.start_mark.line + 1
            self.places[(*where, key, KEY)] = _mark(key_node)
            same_line = value_node.start_mark.line == first[key] - 1
            self.places[(*where, key)] = _mark(value_node if same_line else key_node)
            if not _left_empty(value_node):
                yield key, self.value(value_node, (*where, key))

    def _check_tag(self, node: yaml.Node) -> None:
        plain = node.tag.startswith("tag:yaml.org,2002:") and "python" not in node.tag
        expected = {yaml.ScalarNode: None, yaml.SequenceNode: _SEQ, yaml.MappingNode: _MAP}[type(node)]
        if not plain or (expected is not None and node.tag != expected):
            tagged = self._at(node, f"the tag {node.tag} is not read", "write the plain value")
            self.findings.append(tagged.named("yaml_tag", tag=node.tag))

    def _at(self, node: yaml.Node, what: str, write: str) -> Finding:
        return Finding(self.shown_as, *_mark(node), what, write)


def _left_empty(node: yaml.Node) -> bool:
    """A key with nothing behind it is a key that was not given."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")


def _mark(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _shape_findings(document: Document, model: type[BaseModel], error: ValidationError) -> list[Finding]:
    schema = model.model_json_schema(by_alias=True)
    return [_shape_finding(document, schema, item) for item in error.errors(include_url=False)]


def _shape_finding(document: Document, schema: dict[str, Any], item: Any) -> Finding:
    # Union tags such as "<in>" are pydantic's, not the file's.
    where = [step for step in item["loc"] if not (isinstance(step, str) and step.startswith("<"))]
    name = str(where[-1]) if where else ""
    kind = item["type"]
    if kind == "extra_forbidden":
        write = did_you_mean(name, _keys_at(schema, item["loc"][:-1]))
        return document.finding([*where, KEY], f'unknown key "{name}"', write).named("unknown_key", name=name)
    if kind == "missing":
        return document.finding(where, f'"{name}" is missing', f"add {name}:").named("key_missing", name=name)
    if kind in ("literal_error", "enum"):
        return _choice_finding(document, where, item)
    instead, value = _said(item), _shown(item["input"])
    found = document.finding(where, f'"{name}" cannot be "{value}"', instead)
    return found.named("cannot_be", name=name, value=value) if isinstance(instead, Phrase) else found


def _choice_finding(document: Document, where: Sequence[Step], item: Any) -> Finding:
    expected = item["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", ")
    value = _shown(item["input"])
    found = document.finding(where, f'"{value}" is not possible here', did_you_mean(str(item["input"]), expected))
    return found.named("not_possible", value=value)


def _said(item: Any) -> str:
    """What to write; a phrase where it can be said in either language."""
    kind = item["type"]
    if kind in PLAIN:
        return PLAIN[kind]
    if kind == "too_short":
        least = item["ctx"]["min_length"]
        return Phrase(f"write a list with at least {least}", "at_least", {"least": least})
    words = str(item["msg"]).removeprefix("Value error, ")
    return Phrase(words, kind) if kind in OURS else words


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _keys_at(schema: dict[str, Any], where: Sequence[Step]) -> list[str]:
    """The keys the schema knows at a place, found by walking it the same way; all it knows where that fails."""
    nodes = [schema]
    for step in where:
        tagged = isinstance(step, str) and step.startswith("<")
        nodes = [inner for node in nodes for inner in _steps(schema, node, step)] if not tagged else nodes
    found = {key for node in nodes for form in _forms(schema, node) for key in form.get("properties", {})}
    return sorted(found)


def _steps(schema: dict[str, Any], node: dict[str, Any], step: Step) -> Iterator[dict[str, Any]]:
    for form in _forms(schema, node):
        if isinstance(step, int) and "items" in form:
            yield form["items"]
        elif step in form.get("properties", {}):
            yield form["properties"][step]
        elif isinstance(form.get("additionalProperties"), dict):
            yield form["additionalProperties"]


def _forms(schema: dict[str, Any], node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in node:
        yield from _forms(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[-1]])
    for choice in [*node.get("anyOf", []), *node.get("oneOf", [])]:
        yield from _forms(schema, choice)
    if "$ref" not in node:
        yield node

"""Conditions over facts and their three-valued (Kleene) evaluation, always with the whole explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any as Json
from typing import NamedTuple

from bot.domain.facts import Truth

UNKNOWN = "unknown"
"""The value of a fact nobody has stated; an absent fact means the same."""


@dataclass(frozen=True, slots=True)
class Is:
    """The fact has this value; every other known value is a no."""

    fact: str
    value: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class In:
    """Yes for `values`, no for `others`; a value named in neither is unknown, so a new value never becomes a silent no."""

    fact: str
    values: tuple[str, ...]
    others: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; unknown stays unknown."""

    part: Condition
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class All:
    """Yes when every part is; one no decides."""

    parts: tuple[Condition, ...]
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """Yes when one part is; no only when every part is."""

    parts: tuple[Condition, ...]
    clauses: tuple[str, ...] = ()


Condition = Is | In | Not | All | Any


class Explained(NamedTuple):
    """One node of the explanation; a named tuple because bulk screening makes millions of them."""

    kind: str
    """is, in, not, all, any; above the conditions also rule and ruleset."""
    truth: Truth
    unknown: tuple[str, ...] = ()
    """The facts that made this node unknown, in the order written; empty when decided."""
    clauses: tuple[str, ...] = ()
    name: str = ""
    """The rule's or ruleset's id."""
    fact: str = ""
    wanted: tuple[str, ...] = ()
    found: str = ""
    parts: tuple[Explained, ...] = ()

    def to_row(self) -> dict[str, Json]:
        """As JSON values; empty fields are left out."""
        words = {"kind": self.kind, "truth": self.truth, "name": self.name, "fact": self.fact, "found": self.found}
        lists = {"unknown": self.unknown, "clauses": self.clauses, "wanted": self.wanted}
        row: dict[str, Json] = {key: str(value) for key, value in words.items() if value}
        row |= {key: list(value) for key, value in lists.items() if value}
        return row | ({"parts": [part.to_row() for part in self.parts]} if self.parts else {})

    @classmethod
    def from_row(cls, row: Mapping[str, Json]) -> Explained:
        """The node a row was made from."""
        unknown, clauses, wanted = (tuple(row.get(key, ())) for key in ("unknown", "clauses", "wanted"))
        name, fact, found = (str(row.get(key, "")) for key in ("name", "fact", "found"))
        parts = tuple(cls.from_row(part) for part in row.get("parts", ()))
        return cls(row["kind"], Truth(row["truth"]), unknown, clauses, name, fact, wanted, found, parts)

    def leaves(self) -> Iterator[Explained]:
        """The nodes that looked at a fact, in the order written."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


_node = partial(tuple.__new__, Explained)
"""From a tuple of all its fields: half the time of a call that names them, and a decision makes several."""
OPPOSITE = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
Evaluator = Callable[[Mapping[str, str]], Explained]


def evaluate(condition: Condition, facts: Mapping[str, str]) -> Explained:
    """Evaluate once; nothing is short-circuited, so the explanation is whole."""
    return compiled(condition)(facts)


def compiled(condition: Condition) -> Evaluator:
    """The condition as nested closures, for many evaluations."""
    if isinstance(condition, Is | In):
        return _leaf(condition)
    if isinstance(condition, Not):
        return _not(compiled(condition.part), condition.clauses)
    parts = [compiled(part) for part in condition.parts]
    return joined("all" if isinstance(condition, All) else "any", parts, condition.clauses)


def joined(kind: str, parts: Sequence[Evaluator], clauses: tuple[str, ...] = (), name: str = "") -> Evaluator:
    """Evaluators under one node: "all" joins by and, every other kind by or."""
    if len(parts) == 1:
        return _around(kind, parts[0], clauses, name)
    decisive, otherwise = (Truth.NO, Truth.YES) if kind == "all" else (Truth.YES, Truth.NO)

    def evaluate_parts(facts: Mapping[str, str]) -> Explained:
        children = tuple([part(facts) for part in parts])  # all of them: nothing is left out of the explanation
        truths = [child.truth for child in children]
        if decisive in truths:
            return _node((kind, decisive, (), clauses, name, "", (), "", children))
        if Truth.UNKNOWN in truths:
            return _node((kind, Truth.UNKNOWN, _unknown(children), clauses, name, "", (), "", children))
        return _node((kind, otherwise, (), clauses, name, "", (), "", children))

    return evaluate_parts


def _around(kind: str, part: Evaluator, clauses: tuple[str, ...], name: str) -> Evaluator:
    """A node around a single part, which decides it."""

    def evaluate_part(facts: Mapping[str, str]) -> Explained:
        child = part(facts)
        return _node((kind, child.truth, child.unknown, clauses, name, "", (), "", (child,)))

    return evaluate_part


def facts_of(condition: Condition) -> list[str]:
    """The facts a condition looks at, in the order written, repeated as often as written."""
    if isinstance(condition, Is | In):
        return [condition.fact]
    if isinstance(condition, Not):
        return facts_of(condition.part)
    return [fact for part in condition.parts for fact in facts_of(part)]


def clauses_of(condition: Condition) -> list[str]:
    """The clauses a condition cites, in the order written."""
    below: tuple[Condition, ...] = ()
    if isinstance(condition, Not):
        below = (condition.part,)
    elif isinstance(condition, All | Any):
        below = condition.parts
    return [*condition.clauses, *(clause for part in below for clause in clauses_of(part))]


def _unknown(children: tuple[Explained, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([fact for child in children for fact in child.unknown]))


def _not(part: Evaluator, clauses: tuple[str, ...]) -> Evaluator:
    def evaluate_part(facts: Mapping[str, str]) -> Explained:
        child = part(facts)
        return _node(("not", OPPOSITE[child.truth], child.unknown, clauses, "", "", (), "", (child,)))

    return evaluate_part


def _leaf(node: Is | In) -> Evaluator:
    # A fact has few values: each one's explanation is made once and shared.
    ready: dict[str, Explained] = {}
    fact = node.fact

    def evaluate_fact(facts: Mapping[str, str]) -> Explained:
        found = facts.get(fact, UNKNOWN)
        return ready.get(found) or ready.setdefault(found, _explain(node, str(found)))

    return evaluate_fact


def _explain(node: Is | In, found: str) -> Explained:
    wanted = (node.value,) if isinstance(node, Is) else node.values
    truth = _truth(node, found, wanted)
    unknown = (node.fact,) if truth is Truth.UNKNOWN else ()
    kind = "is" if isinstance(node, Is) else "in"
    return Explained(kind, truth, unknown, node.clauses, "", node.fact, wanted, found)


def _truth(node: Is | In, found: str, wanted: tuple[str, ...]) -> Truth:
    if found == UNKNOWN:
        return Truth.UNKNOWN
    if found in wanted:
        return Truth.YES
    if isinstance(node, Is) or found in node.others:
        return Truth.NO
    return Truth.UNKNOWN

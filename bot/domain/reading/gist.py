"""The gist of a text none of whose clauses says who decides: who is there, who is not, and what happens."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.scene import ABSENT, Group

_UNSURE = frozenset({
    "hedge", "config", "suppose", "whether", "asks", "source", "past", "contrast", "elsewhere", "command", "removed",
    "alternative", "not_only", "denial", "reversed",
})  # fmt: skip
"""Roles beside which nothing is taken from the gist."""
_LETS = frozenset({"approve", "act", "decide", "handle"})
_HAPPENS = frozenset({"device", "act", "object", "match", "decide", "self", "works"})
_OTHERS = frozenset({"approve", "consult", "manual", "whole_no", "advise", "brain", "business", "stake"})
_MODALS = frozenset({"may", "might", "could", "would", "should"})
_NOT = ABSENT | {"not", "none", "不", "必", "经", "nor", "neither", "aren't", "isn't"}


def gist(cues: Sequence[Hit], marked: Marked, clauses: Clauses) -> list[Claim]:
    """At most one claim: nobody stands there and something happens. A no is never taken from the gist."""
    roles = {hit.cue.role for hit in cues}
    if roles & _UNSURE or any(u.text in _MODALS for u in marked.units) or any(clauses.at(hit.first).asks for hit in cues):
        return []
    said = Group(cues)
    people = [hit for hit in cues if hit.cue.role in {"person", "nobody"}]
    gone = [hit for hit in people if _gone(hit, said, marked)]
    there = len(people) > len(gone) and any(_in_control(hit, said, clauses) for hit in people if not _gone(hit, said, marked))
    if gone and not there and roles & _HAPPENS:
        return [Claim(Truth.YES, ACTING, gone[0].first, gone[0].last, gone[0].cue.id)]
    happening = next((hit for hit in cues if _happens(hit, said)), None)
    if happening is not None and not people and not roles & _OTHERS and roles & {"match", "gate", "self", "auto"}:
        return [Claim(Truth.YES, ACTING, happening.first, happening.last, happening.cue.id)]
    return []


def _happens(hit: Hit, said: Group) -> bool:
    if hit.cue.typo or hit.cue.role not in {"act", "object"}:
        return False
    return not said.negated(hit) and said.before(hit, 1, {"negation"}) is None


def _gone(hit: Hit, said: Group, marked: Marked) -> bool:
    """ "no guard", "without a human", "nobody"."""
    if hit.cue.role == "nobody":
        return True
    gone = said.before(hit, 2, {"negation"})
    return gone is not None and marked.units[gone.last - 1].text in _NOT


def _in_control(hit: Hit, said: Group, clauses: Clauses) -> bool:
    """In one clause with what lets people in, and before it."""
    behind = said.behind(hit, 12, _LETS)
    return behind is not None and clauses.of[behind.first] == clauses.of[hit.first] and not said.negated(behind)

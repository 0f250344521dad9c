"""A no is withdrawn while something beside it stands unexplained: an act nobody lets happen, or words that point elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.facts import Truth
from bot.domain.reading.claim import Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.scene import Group, grouped

_STRONG = frozenset({"each", "only", "shut"})
"""Roles beside which an approval is said of every event."""
_GOVERNS = _STRONG | {"gate", "need", "approve"}
_OF_PEOPLE = frozenset({
    "open_door", "walk_in", "handle", "handle_door", "set_airflow", "decide", "settle", "sees_to", "consult", "press", "advise", "need",
})  # fmt: skip
"""Cues of a no that says what somebody does, not that somebody must."""
_NOTHING_INSIDE = frozenset({"no_decision", "mechanical", "brain", "constant"})
"""Cues of a no that says there is nothing that could decide; what hands do is no objection."""
_TAKEN_AWAY = frozenset({"mechanical", "constant", "approve", "approve_human", "press", "consult"})
_DOES = frozenset({"act", "whole_yes", "self"})
_ACCOUNTS = frozenset({
    "negation", "nobody", "approve", "consult", "manual", "whole_no", "shut", "brain", "business", "asks", "whether", "decide",
    "rests", "removed", "elsewhere", "past", "advise", "person",
})  # fmt: skip
"""Roles that explain an act: it is denied, somebody does it, or it is asked about."""
_PEOPLE = frozenset({"person", "user"})
_JOINED = frozenset({"and", "then", "&", "并", "且"})
_LABEL_MARKS = frozenset(":=：")


def withdrawn(said: Sequence[Claim], cues: Sequence[Hit], marked: Marked, clauses: Clauses) -> list[Claim]:
    """The claims, every no hedged that is not the only thing the text can mean; `cues` are all that speak of the product."""
    nos = [c for c in said if c.value is Truth.NO and not c.hedged]
    if not nos:
        return list(said)
    scope = _Scope(nos, cues, marked, clauses)
    return [c.doubted(c in nos and any(scope.against(c))) for c in said]


class _Scope:
    """Everything said of one product, beside its nos."""

    def __init__(self, nos: Sequence[Claim], cues: Sequence[Hit], marked: Marked, clauses: Clauses) -> None:
        self._marked, self._clauses = marked, clauses
        self._groups = {clauses.of[hits[0].first]: Group(hits) for hits in grouped(cues, lambda h: clauses.of[h.first])}
        self._said = {clauses.of[c.first] for c in nos}
        reach = {clauses.sentence(h.first) for h in cues}
        self._cautions = [h for h in marked.layer("cautions") if clauses.sentence(h.first) in reach]

    def against(self, no: Claim) -> Iterator[bool]:
        """What speaks against this no, one reason at a time."""
        yield self._elsewhere(no)
        yield self._untrue(no)
        yield self._absent(no)
        yield self._in_part(no)
        yield self._denied(no)
        yield self._of_object(no)
        yield self._gone(no)
        yield self._unexplained(no)

    def _group(self, no: Claim) -> Group:
        return self._groups.get(self._clauses.of[no.first], Group([]))

    def _all(self, role: str) -> list[Hit]:
        return [h for h in self._cautions if h.cue.role == role]

    def _beside(self, role: str, no: Claim, back: int = 0) -> bool:
        """A caution of this role in the no's clause, or at most `back` clauses before in its sentence."""
        own = self._clauses.of[no.first]
        near = (self._clauses.of[h.first] for h in self._all(role) if self._clauses.sentence(h.first) == self._clauses.sentence(no.first))
        return any(own - back <= at <= own for at in near)

    def _elsewhere(self, no: Claim) -> bool:
        """ "our competitor's needs a guard", "in the demo …"; but "…, this one needs a guard" is of the product."""
        others = self._all("other")
        if not others:
            return False
        turned = any(others[-1].first < h.first < no.last for h in self._all("present"))
        return not turned

    def _untrue(self, no: Claim) -> bool:
        """ "it isn't true that a guard confirms"; but "…: he confirms every time"."""
        own, roles = self._clauses.of[no.first], self._group(no).roles
        frames = [h for h in self._all("frame") if self._clauses.of[h.first] == own or not roles & _STRONG]
        return any(h.first < no.first for h in frames)

    def _absent(self, no: Claim) -> bool:
        """Somebody only gets to know, or cannot act."""
        lapsed = self._beside("lapsed", no) and bool(self._group(no).roles & (_PEOPLE | {"approve"}))
        return lapsed or bool(self._all("told") or self._all("unable"))

    def _in_part(self, no: Claim) -> bool:
        split = bool(self._all("split")) and not self._all("any_time")
        return split or (self._beside("fallback", no, 1) and "each" not in self._group(no).roles)

    def _denied(self, no: Claim) -> bool:
        """ "he does not press": of what somebody does, nothing may be denied."""
        group = self._group(no)
        if no.cue not in _OF_PEOPLE or not group.roles & _PEOPLE or group.roles & (_STRONG | {"gate"}):
            return False
        return sum(h.cue.role in {"negation", "nobody"} for h in group.hits) % 2 == 1

    def _of_object(self, no: Claim) -> bool:
        """ "it clears passengers and swings the door": those are not the ones who act."""
        who = next((h for h in reversed(self._group(no).hits) if h.cue.role in _PEOPLE and h.last <= no.first), None)
        if no.cue not in _OF_PEOPLE or who is None:
            return False
        between = [u.text for u in self._marked.units[who.last : no.first]]
        led = any(h.cue.role in {"device", "object"} and h.last <= who.first for h in self._group(no).hits)
        return led and bool(between) and set(between) <= _JOINED

    def _gone(self, no: Claim) -> bool:
        """ "the knob has been taken away": what a no is made of is not there."""
        roles = self._group(no).roles
        return no.cue in _TAKEN_AWAY and "removed" in roles and not roles & {"whole_yes", "self", "auto"}

    def _unexplained(self, no: Claim) -> bool:
        return any(
            self._acts(group, no) and not self._accounted(index, group)
            for index, group in self._groups.items()
            if index not in self._said
        )

    def _acts(self, group: Group, no: Claim) -> bool:
        if group.roles & {"whole_yes", "self"}:
            return True
        if no.cue in _NOTHING_INSIDE:
            return False
        return bool(group.roles & _DOES) or {"match", "object"} <= group.roles or self._moves(group)

    def _moves(self, group: Group) -> bool:
        """ "it pulls the bolt back", "swings the glass door"."""
        handles = [h for h in group.hits if h.cue.role == "handle"]
        return any("object" in group.roles or group.behind(h, 4, {"device"}) is not None for h in handles)

    def _accounted(self, index: int, group: Group) -> bool:
        """Somebody does it, it is denied or asked about, or the no of its sentence governs it."""
        clause = self._clauses.all[index]
        if group.roles & _ACCOUNTS or group.roles <= {"each", "act"} or self._by_him(group):
            return True
        if self._marked.units[clause.last - 1].text in _LABEL_MARKS:
            return True  # "Release: manual"
        beside = (self._groups[i].roles for i in self._said if self._clauses.all[i].sentence == clause.sentence and i in self._groups)
        return any(r & _GOVERNS for r in beside)

    def _by_him(self, group: Group) -> bool:
        """ "…, and he waves people through"."""
        acts = (h for h in group.hits if h.cue.role in {"act", "handle"} and "moved" not in h.cue.marks)
        return any(group.before(h, 1, {"user"}) is not None for h in acts)

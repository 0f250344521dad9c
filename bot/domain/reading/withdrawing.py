"""A no is withdrawn while something beside it stands unexplained: an act nobody lets happen, or words that point elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.folding import Unit
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.requiring import REQUIRED
from bot.domain.reading.scene import Group, grouped

_STRONG = frozenset({"each", "only", "shut"})
"""Roles beside which an approval is said of every event."""
_GOVERNS = _STRONG | {"gate", "need", "approve"}
_OF_PEOPLE = frozenset({
    "open_door", "walk_in", "handle", "handle_door", "set_airflow", "decide", "settle", "sees_to", "consult", "press", "advise",
    "need",
})  # fmt: skip
"""Cues of a no that says what somebody does, not that somebody must."""
_NOTHING_INSIDE = frozenset({"no_decision", "mechanical", "brain", "constant"})
"""Cues of a no that says there is nothing that could decide; what hands do is no objection."""
_OUTRIGHT = _NOTHING_INSIDE | {REQUIRED, "approve_human", "human_in_loop"}
_TAKEN_AWAY = frozenset({"mechanical", "constant", "approve", "approve_human", "press", "consult"})
_DOES = frozenset({"act", "whole_yes", "self"})
_ACCOUNTS = frozenset({
    "negation", "nobody", "approve", "consult", "manual", "whole_no", "shut", "brain", "business", "asks", "whether", "decide",
    "rests", "removed", "elsewhere", "past", "advise", "person",
})  # fmt: skip
"""Roles that explain an act: it is denied, somebody does it, or it is asked about."""
_ABOUT = frozenset({"device", "person", "user", "nobody", "decide", "works"})
_TOLD_OF = frozenset({"business", "each", "approve", "manual", "shut", "brain", "whole_no", "only", "advise", "act"})
"""Roles beside which a clause behind a no goes on with it."""
_PEOPLE = frozenset({"person", "user"})
_JOINED = frozenset({"and", "then", "&", "并", "且"})
_LABEL_MARKS = frozenset(":=：")
_NOUGHT = frozenset({"0", "zero"})
_ONCE = frozenset({"had", "did"})
_WAS = frozenset({"was", "were", "had", "did", "would", "used"})
_BETWEEN = frozenset({"also", "then", "just", "itself", "simply", "already", "that", "which", "still", "always", "now", "again"})
"""Words between a device and its verb."""
_VERB = re.compile(r"(?!(?:this|does|goes|checks|reads|scans|sends|looks|compares|comes|costs|weighs|ships)$)[a-z]{3,}s")


def withdrawn(
    said: Sequence[Claim], cues: Sequence[Hit], marked: Marked, clauses: Clauses, ordinary: frozenset[str]
) -> list[Claim]:
    """The claims, every no hedged that is not the only thing the text can mean.

    `cues` are all that speak of the product, `ordinary` the words that say nothing of what a thing does.
    """
    nos = [c for c in said if _outright(c)]
    contradicted = any(c.value is Truth.YES and c.force >= ACTING and not c.hedged for c in said)
    if not nos or contradicted:
        return list(said)
    scope = _Scope(nos, cues, marked, clauses, ordinary)
    return [c.doubted(_outright(c) and any(scope.against(c))) for c in said]


def _outright(claim: Claim) -> bool:
    return claim.value is Truth.NO and not claim.hedged


class _Scope:
    """Everything said of one product, beside its nos."""

    def __init__(
        self, nos: Sequence[Claim], cues: Sequence[Hit], marked: Marked, clauses: Clauses, ordinary: frozenset[str]
    ) -> None:
        self._marked, self._clauses, self._ordinary = marked, clauses, ordinary
        self._groups = {clauses.of[hits[0].first]: Group(hits) for hits in grouped(cues, lambda h: clauses.of[h.first])}
        self._said = {clauses.of[c.first] for c in nos}
        self._sentences: dict[int, set[str]] = {}
        for hit in cues:
            self._sentences.setdefault(clauses.sentence(hit.first), set()).add(hit.cue.role)
        self._cautions: dict[str, list[Hit]] = {}
        for hit in marked.layer("cautions"):
            if clauses.sentence(hit.first) in self._sentences:
                self._cautions.setdefault(hit.cue.role, []).append(hit)

    def against(self, no: Claim) -> Iterator[bool]:
        """What speaks against this no, one reason at a time."""
        yield self._elsewhere(no)
        yield self._untrue(no)
        yield self._absent(no)
        yield self._in_part(no)
        yield self._denied(no)
        yield self._of_object(no)
        yield self._gone(no)
        yield self._by_device(no)
        yield from self._qualified(no)
        yield no.cue in _NOTHING_INSIDE and "gate" in self._group(no).roles
        yield no.cue not in _OUTRIGHT and self._strays
        yield self._unexplained_self or (no.cue not in _NOTHING_INSIDE and self._unexplained_act)
        yield not (no.cue in _OUTRIGHT or _firm(self._group(no))) and self._unread

    def _group(self, no: Claim) -> Group:
        return self._groups.get(self._clauses.of[no.first], Group([]))

    def _all(self, role: str) -> list[Hit]:
        return self._cautions.get(role, [])

    def _beside(self, role: str, no: Claim, back: int = 0) -> bool:
        """A caution of this role in the no's clause, or at most `back` clauses before in its sentence."""
        of, own = self._clauses.of, self._clauses.of[no.first]
        number = self._clauses.sentence(no.first)
        return any(own - back <= of[h.first] <= own and self._clauses.sentence(h.first) == number for h in self._all(role))

    def _elsewhere(self, no: Claim) -> bool:
        """ "our competitor's needs a guard", "in the demo …"; but "…, this one needs a guard" is of the product."""
        others = [h for h in self._all("other") if not self._was_alone(h, no)]
        return bool(others) and not any(others[-1].first < h.first < no.last for h in self._all("present"))

    def _was_alone(self, other: Hit, no: Claim) -> bool:
        """ "originally autonomous, but now …": what it was is the contrary of the no."""
        own = self._clauses.of[other.first]
        roles = self._groups[own].roles if own in self._groups else frozenset()
        alone = roles & {"self", "whole_yes", "auto"} and not roles & (_PEOPLE | {"approve", "manual", "negation"})
        each_now = "each" in self._group(no).roles and not self._past(no)
        apart = other.cue.id == "other_time" and own != self._clauses.of[no.first]
        return apart and (each_now or (bool(alone) and own < self._clauses.of[no.first]))

    def _past(self, no: Claim) -> bool:
        clause = self._clauses.at(no.first)
        return any(u.text in _WAS for u in self._marked.units[clause.first : clause.last])

    def _untrue(self, no: Claim) -> bool:
        """ "it isn't true that a guard confirms"; but "…: he confirms every time"."""
        own, firm = self._clauses.of[no.first], self._group(no).roles & (_STRONG | {"need", "gate"})
        frames = (h for h in self._all("frame") if h.first < no.first)
        return any(self._clauses.of[h.first] == own or not firm for h in frames)

    def _absent(self, no: Claim) -> bool:
        """Somebody only gets to know, or cannot act."""
        lapsed = self._beside("lapsed", no) and bool(self._group(no).roles & (_PEOPLE | {"approve"}))
        return lapsed or bool(self._all("told") or self._all("unable"))

    def _in_part(self, no: Claim) -> bool:
        split = bool(self._all("split")) and not self._all("any_time")
        return split or (self._beside("fallback", no, 1) and "each" not in self._group(no).roles)

    def _denied(self, no: Claim) -> bool:
        """ "he does not press": of what somebody does, nothing may be denied; but "if he does not, it stays shut"."""
        group = self._group(no)
        firm = group.roles & (_STRONG | {"gate"}) or "shut" in self._sentences[self._clauses.sentence(no.first)]
        if no.cue not in _OF_PEOPLE | {"mechanical"} or not group.roles & _PEOPLE or firm:
            return False
        return sum(self._denies(h) for h in group.hits) % 2 == 1

    def _denies(self, hit: Hit) -> bool:
        return hit.cue.role in {"negation", "nobody"} and self._marked.units[hit.first].text != "minus"

    def _of_object(self, no: Claim) -> bool:
        """ "it clears passengers and swings the door": those are not the ones who act."""
        who = next((h for h in reversed(self._group(no).hits) if h.cue.role in _PEOPLE and h.last <= no.first), None)
        if no.cue not in _OF_PEOPLE or who is None:
            return False
        between = {u.text for u in self._marked.units[who.last : no.first]}
        led = any(h.cue.role in {"device", "object"} and h.last <= who.first for h in self._group(no).hits)
        return led and bool(between) and between <= _JOINED

    def _gone(self, no: Claim) -> bool:
        """ "the knob has been taken away": what a no is made of is not there."""
        roles = self._group(no).roles
        return no.cue in _TAKEN_AWAY and "removed" in roles and not roles & {"whole_yes", "self", "auto"}

    def _by_device(self, no: Claim) -> bool:
        """ "confirmed by the algorithm", "three speeds, chosen by the controller", 由传感器驱动."""
        units = self._marked.units
        things = (h for h in self._group(no).hits if h.cue.role in {"device", "brain"})
        return any({u.text for u in units[max(h.first - 2, 0) : h.first]} & {"by", "由"} for h in things)

    def _qualified(self, no: Claim) -> Iterator[bool]:
        """ "by the guard's computer", "opens for deliveries", "until …", "0 times", "which runs depends on …"."""
        group, words = self._group(no), self._words(no)
        yield no.cue in _OF_PEOPLE and any(self._owner(h) for h in group.hits)
        yield no.cue in _OF_PEOPLE and "each" not in group.roles and self._for_some(no)
        yield "shut" not in group.roles and self._until(no)
        yield bool(words & _NOUGHT)
        yield no.cue in _OF_PEOPLE | {"mechanical"} and bool(words & _ONCE) and not group.roles & {"each", "gate"}
        yield no.cue in {"mechanical", "constant"} and any(self._left_open(h) for _, g in self._beyond() for h in g.hits)

    def _left_open(self, hit: Hit) -> bool:
        """ "which speed runs depends on the mode"; but "runs for eight hours" says nothing of who decides."""
        lasts = [u.text for u in self._marked.units[hit.last : hit.last + 1]] == ["for"]
        return hit.cue.role == "consult" or (hit.cue.role == "works" and not lasts)

    def _words(self, no: Claim) -> set[str]:
        clause = self._clauses.at(no.first)
        return {u.text for u in self._marked.units[clause.first : clause.last]}

    def _behind(self, no: Claim) -> Sequence[Unit]:
        return self._marked.units[no.last : self._clauses.at(no.first).last]

    def _until(self, no: Claim) -> bool:
        """ "he approves each entry until the lock arrives"; but "nothing moves until he approves"."""
        behind = [h for h in self._group(no).hits if h.first >= no.last]
        said = bool({"until", "till"} & {u.text for u in self._behind(no)})
        return said and not any(h.cue.role in _PEOPLE for h in behind)

    def _owner(self, who: Hit) -> bool:
        """ "the guard's absence": what is named is something of his."""
        owns = who.cue.role in _PEOPLE and self._marked.units[who.last - 1].text.endswith("'s")
        return owns and who.last < len(self._marked.units) and who.last not in self._read

    def _for_some(self, no: Claim) -> bool:
        """ "opens the gate for deliveries": not for people."""
        behind = self._behind(no)
        if not behind or behind[0].text != "for":
            return False
        return not any(h.cue.role in {"user", "person", "outsider", "each"} and h.first >= no.last for h in self._group(no).hits)

    @cached_property
    def _strays(self) -> bool:
        """Behind a no, a clause speaks of people or things in words that are not ours."""
        return any(self._stray(i, group) for i, group in self._beyond() if i > min(self._said))

    def _stray(self, index: int, group: Group) -> bool:
        clause = self._clauses.all[index]
        if not group.roles & _ABOUT or group.roles & _TOLD_OF or clause.asks or index in self._wishes:
            return False
        units = (self._marked.units[at] for at in range(clause.first, clause.last) if at not in self._read)
        strange = [u.text for u in units if u.is_word and not u.text[0].isdigit() and u.text not in self._ordinary]
        return any(text.isascii() for text in strange) or len(strange) > 1

    @cached_property
    def _wishes(self) -> set[int]:
        """Clauses that say what is wanted of us."""
        return {self._clauses.of[h.first] for h in self._marked.layer("intents")}

    @cached_property
    def _unexplained_self(self) -> bool:
        return any(g.roles & {"whole_yes", "self"} and not self._accounted(i, g) for i, g in self._beyond())

    @cached_property
    def _unexplained_act(self) -> bool:
        return any(_acts(g) and not self._accounted(i, g) for i, g in self._beyond())

    def _beyond(self) -> Iterator[tuple[int, Group]]:
        """The clauses that say no no, and speak of no other product: what is said of that is weighed before."""
        spoken = self._said | {self._clauses.of[h.first] for h in self._all("other")}
        return ((index, group) for index, group in self._groups.items() if index not in spoken)

    def _accounted(self, index: int, group: Group) -> bool:
        """Somebody does it, it is denied or asked about, or the no of its sentence governs it."""
        clause = self._clauses.all[index]
        if group.roles & _ACCOUNTS or group.roles <= {"each", "act"} or _by_him(group) or clause.opener == "then":
            return True
        if self._marked.units[clause.last - 1].text in _LABEL_MARKS:
            return True  # "Release: manual"
        return clause.sentence in self._governed

    @cached_property
    def _governed(self) -> set[int]:
        """Sentences whose no is a condition of what else they say."""
        groups = ((i, self._groups[i]) for i in self._said if i in self._groups)
        return {self._clauses.all[i].sentence for i, group in groups if group.roles & _GOVERNS}

    @cached_property
    def _unread(self) -> bool:
        """The device does something in words that are not ours."""
        things = (h for group in self._groups.values() for h in group.hits if h.cue.role in {"device", "object"})
        return any(self._strange_verb(h) for h in things)

    def _strange_verb(self, thing: Hit) -> bool:
        """ "the unit xs …", or two Han characters, that no cue, place or name covers."""
        units, at, end = self._marked.units, thing.last, self._clauses.at(thing.first).last
        while at < end and units[at].text in _BETWEEN:
            at += 1
        behind = [u.text for u in units[at : min(at + 2, end)]]
        if not behind or at in self._read:
            return False
        if behind[0].isascii():
            return _VERB.fullmatch(behind[0]) is not None
        return len(behind) == 2 and not behind[1].isascii() and at + 1 not in self._read

    @cached_property
    def _read(self) -> set[int]:
        """The units some cue, place or name covers."""
        marked = self._marked
        spans = [(h.first, h.last) for hits in marked.hits.values() for h in hits]
        spans += [(p.first, p.last) for p in marked.places] + [(n.first, n.last) for n in marked.names]
        return {unit for first, last in spans for unit in range(first, last)}


def _firm(group: Group) -> bool:
    """Said of every event, or a needed condition: "has to wait until he agrees"."""
    return bool(group.roles & _STRONG) or {"need", "gate"} <= group.roles


def _acts(group: Group) -> bool:
    return bool(group.roles & _DOES) or {"match", "object"} <= group.roles or _moves(group)


def _moves(group: Group) -> bool:
    """ "it pulls the bolt back", "swings the glass door"."""
    handles = (h for h in group.hits if h.cue.role == "handle")
    return any("object" in group.roles or group.behind(h, 4, {"device"}) is not None for h in handles)


def _by_him(group: Group) -> bool:
    """ "…, and he waves people through"."""
    acts = (h for h in group.hits if h.cue.role in {"act", "handle"} and "moved" not in h.cue.marks)
    return any(group.before(h, 1, {"user"}) is not None for h in acts)

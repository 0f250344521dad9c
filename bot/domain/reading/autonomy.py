"""Who decides: small words put together into claims that a device acts by itself, or that a person lets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.facts import Truth
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked

CLEAR, ACTING, WEAK = 3, 2, 1
"""Said outright; said by what happens; only hinted at."""
_BEARERS = frozenset({"self", "act", "decide", "approve", "advise", "whole_yes", "whole_no", "manual", "business"})
"""Roles that take a negation upon themselves, so that it does not reach further."""
_WHO = frozenset({"person", "nobody", "user", "outsider", "device"})
_LABEL_MARKS = frozenset(":=：")
_ANSWERS = {
    "yes": Truth.YES, "y": Truth.YES, "true": Truth.YES, "是": Truth.YES, "有": Truth.YES,
    "no": Truth.NO, "n": Truth.NO, "false": Truth.NO, "none": Truth.NO, "否": Truth.NO, "无": Truth.NO,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about autonomy at units [first, last); `kind` is access, breathing or "" for both."""

    value: Truth
    force: int
    first: int
    last: int
    cue: str
    kind: str = ""
    hedged: bool = False
    approval: bool = False
    """A person lets the act happen, or need not."""
    gated: bool = False
    """Gives way to an approval in the same sentence."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """The cues of one clause, and what stands around it."""

    marked: Marked
    hits: Sequence[Hit]
    sentence: Sequence[Hit]

    def roles(self) -> set[str]:
        return {hit.cue.role for hit in self.hits}

    def before(self, hit: Hit, reach: int, roles: frozenset[str] | set[str]) -> Hit | None:
        """The nearest cue of these roles that ends at most `reach` units before."""
        near = [h for h in self.hits if h.cue.role in roles and 0 <= hit.first - h.last <= reach]
        return near[-1] if near else None

    def behind(self, hit: Hit, reach: int, roles: frozenset[str] | set[str]) -> Hit | None:
        """The nearest cue of these roles that begins at most `reach` units behind."""
        near = [h for h in self.hits if h.cue.role in roles and 0 <= h.first - hit.last <= reach]
        return near[0] if near else None

    def negated(self, hit: Hit) -> bool:
        """An odd number of negations reaches this cue."""
        count = 0
        for other in self.hits:
            if other.cue.role in {"negation", "nobody"} and 0 <= hit.first - other.last <= 5:
                between = (h for h in self.hits if other.last <= h.first and h.last <= hit.first)
                count += not any(h.cue.role in _BEARERS or h.cue.role == "but" for h in between)
        return count % 2 == 1


def claims(marked: Marked, clauses: Clauses) -> list[Claim]:
    """Everything the text says about who decides, in order."""
    found: list[Claim] = []
    for sentence in _grouped(list(_clean(marked)), lambda hit: clauses.sentence(hit.first)):
        found.extend(_of_sentence(marked, clauses, sentence))
    return found


def _clean(marked: Marked) -> Iterator[Hit]:
    """Autonomy cues, without single Han characters that are part of a product's or a place's name."""
    longer = {
        unit
        for layer in ("products", "places", "intents")
        for hit in marked.layer(layer)
        if hit.last - hit.first > 1 and hit.cue.role != "filler"
        for unit in range(hit.first, hit.last)
    }
    longer |= {unit for hit in (*marked.places, *marked.names) for unit in range(hit.first, hit.last)}
    for hit in marked.layer("autonomy"):
        single = hit.last - hit.first == 1 and len(marked.units[hit.first].text) == 1
        if not (single and hit.first in longer) and hit.cue.role != "nothing":
            yield hit


def _grouped(hits: Sequence[Hit], key: object) -> Iterator[list[Hit]]:
    group: list[Hit] = []
    for hit in hits:
        if group and key(group[-1]) != key(hit):  # type: ignore[operator]
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


def _of_sentence(marked: Marked, clauses: Clauses, sentence: Sequence[Hit]) -> list[Claim]:
    found: list[Claim] = []
    for hits in _grouped(sentence, lambda hit: clauses.of[hit.first]):
        found.extend(_of_clause(_Scene(marked, hits, sentence)))
    found = _without_governed(found, sentence, marked)
    found = _reported(found, sentence, clauses)
    return _questioned(found, sentence, marked, clauses)


def _of_clause(scene: _Scene) -> list[Claim]:
    found = [claim for hit in scene.hits if (claim := _claim(hit, scene)) is not None]
    if any(h.cue.role == "past" for h in scene.hits):
        return []
    hedged = any(h.cue.role == "hedge" for h in scene.hits)
    return [replace(claim, hedged=claim.hedged or hedged) for claim in found]


def _claim(hit: Hit, scene: _Scene) -> Claim | None:
    rule = _RULES.get(hit.cue.role)
    return rule(hit, scene) if rule else None


def _make(hit: Hit, yes: bool, force: int, **more: object) -> Claim:
    kind = hit.cue.marks.get("kind", "")
    value = Truth.YES if yes else Truth.NO
    return Claim(value, force, hit.first, hit.last, hit.cue.id, **{"kind": kind, **more})  # type: ignore[arg-type]


def _whole_yes(hit: Hit, scene: _Scene) -> Claim | None:
    return _make(hit, not scene.negated(hit), CLEAR, gated=hit.cue.marks.get("gated") == "yes")


def _whole_no(hit: Hit, scene: _Scene) -> Claim | None:
    if scene.before(hit, 3, {"not_only"}):
        return None
    return _make(hit, scene.negated(hit), CLEAR)


def _manual(hit: Hit, scene: _Scene) -> Claim | None:
    return _make(hit, yes=True, force=ACTING) if scene.negated(hit) else _make(hit, yes=False, force=CLEAR)


def _self(hit: Hit, scene: _Scene) -> Claim | None:
    said = _label_answer(hit, scene.marked)
    if said is not None:
        return _make(hit, said is Truth.YES, CLEAR) if said is not Truth.UNKNOWN else None
    who = scene.before(hit, 2, {"user", "person", "device"})
    if who is not None and who.cue.role != "device":
        return _make(hit, scene.negated(hit), CLEAR) if scene.roles() & {"act", "decide"} else None
    weak = hit.cue.marks.get("weak") == "yes"
    if weak and not scene.roles() & {"act", "decide", "approve"}:
        return None
    return _make(hit, not scene.negated(hit), CLEAR, kind=_kind_near(hit, scene))


def _label_answer(hit: Hit, marked: Marked) -> Truth | None:
    """ "Autonomous: no" answers outright; "Autonomous: operator confirms" is only a heading."""
    behind = [u.text for u in marked.units[hit.last : hit.last + 2]]
    if not behind or behind[0] not in _LABEL_MARKS:
        return None
    return _ANSWERS.get(behind[1], Truth.UNKNOWN) if len(behind) > 1 else Truth.UNKNOWN


def _kind_near(hit: Hit, scene: _Scene) -> str:
    acts = {h.cue.marks.get("kind", "") for h in scene.hits if h.cue.role == "act"}
    return acts.pop() if len(acts) == 1 else ""


def _decide(hit: Hit, scene: _Scene) -> Claim | None:
    who = scene.before(hit, 8, _WHO) or _by(hit, scene)
    if who is None or who.cue.role == "outsider":
        return None
    if who.cue.role == "nobody":
        return _make(hit, yes=True, force=ACTING)
    by_device = who.cue.role == "device"
    return _make(hit, by_device != scene.negated(hit), CLEAR)


def _by(hit: Hit, scene: _Scene) -> Hit | None:
    """ "opened by the guard"."""
    who = scene.behind(hit, 5, _WHO)
    if who is None:
        return None
    between = {u.text for u in scene.marked.units[hit.last : who.first]}
    return who if "by" in between else None


def _act(hit: Hit, scene: _Scene) -> Claim | None:
    by = _by(hit, scene)
    who = by or _subject(hit, scene)
    negated = scene.negated(hit)
    if who is not None and who.cue.role in {"person", "user"} and _hands(who, hit):
        return None if negated else _make(hit, yes=False, force=CLEAR)
    if scene.before(hit, 3, {"auto"}) or scene.behind(hit, 5, {"auto"}):
        return _make(hit, not negated, CLEAR, gated=True)
    if negated:
        return None
    if any(h.cue.role == "match" for h in scene.sentence):
        return _make(hit, yes=True, force=ACTING, gated=True)
    if who is not None and who.cue.role == "device":
        return _make(hit, yes=True, force=WEAK, gated=True)
    return None


def _subject(hit: Hit, scene: _Scene) -> Hit | None:
    return scene.before(hit, 4, _WHO)


def _hands(who: Hit, act: Hit) -> bool:
    """The user of a mask turns its knob; the user of a door only walks through it."""
    return who.cue.role == "person" or act.cue.marks.get("kind") == "breathing"


def _approve(hit: Hit, scene: _Scene) -> Claim | None:
    who = scene.before(hit, 9, {"person", "nobody", "user", "outsider"}) or _by_person(hit, scene)
    roles = scene.roles()
    at_the_door = bool(roles & {"act", "each"})
    if who is None and not at_the_door and "approve_human" not in hit.cue.id:
        return None
    if who is not None and who.cue.role == "outsider" and not at_the_door:
        return None
    if "business" in roles and not at_the_door and who is None:
        return None
    if "after_the_fact" in roles:
        return _make(hit, yes=True, force=ACTING)
    needed = not _waived(hit, scene, who)
    return _make(hit, not needed, CLEAR, approval=True, kind="")


def _by_person(hit: Hit, scene: _Scene) -> Hit | None:
    who = scene.behind(hit, 7, {"person", "nobody", "user", "outsider"})
    if who is None:
        return None
    between = {u.text for u in scene.marked.units[hit.last : who.first]}
    return who if between & {"by", "from"} else None


def _waived(hit: Hit, scene: _Scene, who: Hit | None) -> bool:
    """Nobody approves, or no approval is needed; "does not open without approval" is a need."""
    negations = [h for h in scene.hits if h.cue.role in {"negation", "nobody"} and h.last <= hit.first]
    if who is not None and who.cue.role == "nobody" and who.first > hit.first:
        negations.append(who)
    acts_between = 0
    near = []
    for negation in negations:
        between = [h for h in scene.hits if negation.last <= h.first and h.last <= hit.first]
        if any(h.cue.role in {"decide", "whole_yes", "whole_no", "business", "but"} for h in between):
            continue
        acts_between += any(h.cue.role in {"act", "self"} for h in between)
        near.append(negation)
    if acts_between and len(near) == acts_between:
        # "does not open unless approved": the negation is the act's; the condition makes the approval needed
        return False
    return len(near) % 2 == 1


def _advise(hit: Hit, scene: _Scene) -> Claim | None:
    if scene.before(hit, 4, {"not_only"}) or not (scene.before(hit, 4, {"only"}) or scene.behind(hit, 3, {"only"})):
        return None
    return None if scene.negated(hit) else _make(hit, yes=False, force=CLEAR)


def _afterwards(hit: Hit, scene: _Scene) -> Claim | None:
    return _make(hit, yes=True, force=ACTING) if scene.roles() & {"person", "outsider", "user"} else None


_RULES = {
    "whole_yes": _whole_yes,
    "whole_no": _whole_no,
    "manual": _manual,
    "self": _self,
    "decide": _decide,
    "act": _act,
    "approve": _approve,
    "advise": _advise,
    "after_the_fact": _afterwards,
}


# -- what the rest of the sentence does to a claim --------------------------------------------------------


def _without_governed(found: list[Claim], sentence: Sequence[Hit], marked: Marked) -> list[Claim]:
    """ "opens after the guard confirms": the approval governs the opening."""
    approvals = [c for c in found if c.approval and c.value is Truth.NO and not c.hedged]
    if not approvals:
        return _unless_denied(found, sentence)
    if any(h.cue.role == "subset" for h in sentence) and any(c.value is Truth.YES and not c.hedged for c in found):
        return [c for c in found if c.value is Truth.YES]
    gates = any(h.cue.role in {"gate", "each"} for h in sentence)
    return [c for c in found if not (c.value is Truth.YES and (gates or c.gated or c.force < CLEAR))]


def _unless_denied(found: list[Claim], sentence: Sequence[Hit]) -> list[Claim]:
    """ "without approval it does not open": what was waived is needed after all."""
    waived = [c for c in found if c.approval and c.value is Truth.YES]
    acts = [h for h in sentence if h.cue.role == "act"]
    denials = [h for h in sentence if h.cue.role == "negation"]
    if waived and any(0 <= a.first - d.last <= 3 and d.first >= waived[0].last for a in acts for d in denials):
        return [replace(c, value=Truth.NO) if c in waived else c for c in found if c in waived or not c.gated]
    return found


def _reported(found: list[Claim], sentence: Sequence[Hit], clauses: Clauses) -> list[Claim]:
    """Options and removals said anywhere in the sentence reach the claims of their clause, or the ones before."""
    removed = [h for h in sentence if h.cue.role == "removed"]
    config = [h for h in sentence if h.cue.role == "config"]
    if removed:
        return [replace(c, value=Truth.NO, force=CLEAR) if c.value is Truth.YES else c for c in found]
    if not config:
        return found
    own = {clauses.of[c.first] for c in found}
    reach = {clauses.of[h.first] for h in config}
    everywhere = any(index not in own for index in reach)
    return [replace(c, hedged=c.hedged or everywhere or clauses.of[c.first] in reach) for c in found]


def _questioned(found: list[Claim], sentence: Sequence[Hit], marked: Marked, clauses: Clauses) -> list[Claim]:
    """ "does it open by itself?" asks; it does not say."""
    if not sentence or not clauses.at(sentence[0].first).asked:
        return found
    asked = [h for h in sentence if h.cue.role == "asks"]
    if not asked or any(h.cue.role == "business" for h in sentence):
        return found
    return [replace(c, hedged=True) if c.first >= asked[0].first and _asks(asked[0], clauses) else c for c in found]


def _asks(aux: Hit, clauses: Clauses) -> bool:
    return aux.first - clauses.at(aux.first).first <= 1

"""What the rest of a sentence does to its claims: conditions, options, removals, doubts and questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, CLEAR, Claim
from bot.domain.reading.clauses import Clause, Clauses
from bot.domain.reading.matching import Hit
from bot.domain.reading.scene import Group, grouped

_NEAR = 12
"""A removal in the same clause reaches claims at most so many words away."""
_LATELY = 20
"""A remark reaches no further back than so many claims."""
_SHORT = 7
"""A clause of so few words is a remark on what was said before."""


def govern(claims: Sequence[Claim], cues: Sequence[Hit], clauses: Clauses) -> list[Claim]:
    """The claims about one product as their sentences mean them; `cues` are all that speak of it."""
    waiting: dict[int, list[Claim]] = {}
    for claim in claims:
        waiting.setdefault(clauses.sentence(claim.first), []).append(claim)
    found: list[Claim] = []
    for hits in grouped(cues, lambda hit: clauses.sentence(hit.first)):
        sentence = Group(hits)
        said = waiting.pop(clauses.sentence(hits[0].first), [])
        if said:
            found.extend(_as_meant(said, sentence, clauses))
        else:
            found[-_LATELY:] = _remarked(found[-_LATELY:], sentence, clauses)
    return _real(_last_word(found))


def _last_word(said: list[Claim]) -> list[Claim]:
    """What happens when nobody reacts outweighs that somebody could."""
    final = {c.value for c in said if c.final and not c.hedged}
    if Truth.YES in final:
        return [c for c in said if c.value is Truth.YES]
    if Truth.NO in final:
        return [c for c in said if c.final or c.value is Truth.NO or not c.gated]
    return said


def _real(said: list[Claim]) -> list[Claim]:
    """ "it opens by itself; what if a guard had to confirm?": the imagined case gives way to the real one."""
    real = [c for c in said if not c.supposed]
    return real if any(not c.hedged for c in real) else said


def _as_meant(said: list[Claim], sentence: Group, clauses: Clauses) -> list[Claim]:
    if "command" in sentence.roles:
        # "set autonomous=no" tells the reader, not about the product
        said = [c for c in said if c.value is Truth.YES]
    said = _without_governed(_of_some(said, sentence), sentence, clauses)
    said = _reported(said, sentence, clauses)
    said = _doubted(said, sentence, clauses)
    return _questioned(said, sentence, clauses)


def _remarked(before: list[Claim], sentence: Group, clauses: Clauses) -> list[Claim]:
    """ "… Not sure though.": a short remark reaches the sentence before it."""
    number = clauses.sentence(sentence.hits[0].first)
    short = _length(sentence.hits[0], clauses) <= _SHORT
    if not (short and any(h.cue.marks.get("back") == "yes" or h.cue.role == "config" for h in sentence.hits)):
        return before
    return [c.doubted(clauses.sentence(c.first) == number - 1) for c in before]


def _length(hit: Hit, clauses: Clauses) -> int:
    clause = clauses.at(hit.first)
    return clause.last - clause.first


def _of_some(said: list[Claim], sentence: Group) -> list[Claim]:
    """ "below 90 % the guard decides, above it opens": what goes through alone counts."""
    alone = any(c.value is Truth.YES and not c.hedged for c in said)
    return [c for c in said if c.value is Truth.YES] if alone and "part" in sentence.roles else said


def _without_governed(said: list[Claim], sentence: Group, clauses: Clauses) -> list[Claim]:
    """ "opens after the guard confirms": the approval governs the opening."""
    needed = [c for c in said if c.approval and c.value is Truth.NO and not c.hedged]
    if not needed:
        return _unless_denied(said, sentence)
    if "subset" in sentence.roles and any(c.value is Truth.YES and not c.hedged for c in said):
        return [c for c in said if c.value is Truth.YES]
    if "source" in sentence.roles:
        return said
    if "alternative" in sentence.roles and any(c.value is Truth.YES and c.force >= ACTING for c in said):
        return [c.doubted() for c in said]  # "opens automatically or after confirmation"
    firm = CLEAR if sentence.roles & {"each", "need", "only"} else ACTING  # "opens on match, the guard approves the list"
    force = CLEAR + 1 if _binding(needed, sentence, clauses) else firm
    return [c for c in said if c.value is not Truth.YES or c.approval or c.force >= force]


def _binding(needed: Sequence[Claim], sentence: Group, clauses: Clauses) -> bool:
    """The approval is a condition (after, until, only if), or needed and not set against the act by "but"."""
    if any(_gates_people(h, sentence) for h in sentence.hits if h.cue.role == "gate"):
        return True
    against = any(_opened_by_but(clauses.at(c.first)) for c in needed)
    return "need" in sentence.roles and not against


def _gates_people(gate: Hit, sentence: Group) -> bool:
    """ "after the guard confirms"; but not "as soon as it recognises somebody"."""
    first = sentence.behind(gate, 5, {"match", "approve", "person", "consult", "act"})
    return first is None or first.cue.role != "match" or sentence.behind(first, 1, {"approve"}) is not None


def _opened_by_but(clause: Clause) -> bool:
    return clause.opener in {"but", "however", "though", "although", "whereas", "while", "但", "而"}


def _unless_denied(said: list[Claim], sentence: Group) -> list[Claim]:
    """ "without approval it does not open": what was waived is needed after all."""
    waived = [c for c in said if c.approval and c.value is Truth.YES]
    if not waived:
        return said
    acts = [h for h in sentence.hits if h.cue.role in {"act", "shut"} and h.first >= waived[0].last]
    if not any(a.cue.role == "shut" or sentence.before(a, 3, {"negation"}) for a in acts):
        return said
    return [replace(c, value=Truth.NO) if c in waived else c for c in said if c in waived or not c.gated]


def _reported(said: list[Claim], sentence: Group, clauses: Clauses) -> list[Claim]:
    """Options and removals reach the claims of their clause, or of the sentence when they stand alone."""
    gone = [h for h in sentence.hits if h.cue.role == "removed" and not _of_approval(h, sentence, clauses)]
    said = [_without(c, gone, clauses) for c in said] if gone else said
    return _hedge_from(said, [h for h in sentence.hits if h.cue.role == "config"], clauses)


def _without(claim: Claim, gone: Sequence[Hit], clauses: Clauses) -> Claim:
    """ "auto-unlock has been removed", "auto-unlock, removed in hardware"; but not "…, batteries not included"."""
    if claim.value is not Truth.YES:
        return claim
    same = any(clauses.of[h.first] == clauses.of[claim.first] and abs(h.first - claim.last) <= _NEAR for h in gone)
    remark = any(h.first > claim.last and h.first - clauses.at(h.first).first <= 2 and _bare(h) for h in gone)
    return replace(claim, value=Truth.NO, force=CLEAR) if same or remark else claim


def _bare(removed: Hit) -> bool:
    """A removal that needs no subject of its own."""
    return removed.cue.marks.get("thing") != "yes"


def _of_approval(removed: Hit, sentence: Group, clauses: Clauses) -> bool:
    """ "the confirmation was dropped": then it is the approval that is gone, not the autonomy."""
    near = sentence.before(removed, 5, {"approve"}) or sentence.behind(removed, 3, {"approve"})
    return near is not None and clauses.of[near.first] == clauses.of[removed.first]


def _doubted(said: list[Claim], sentence: Group, clauses: Clauses) -> list[Claim]:
    """ "…, I think": a doubt in a short clause of its own reaches back."""
    if not said:
        return said
    hedges = [h for h in sentence.hits if _reaches_back(h, clauses)]
    return _hedge_from(said, [h for h in hedges if h.first > said[0].first], clauses)


def _reaches_back(hit: Hit, clauses: Clauses) -> bool:
    """A doubt in a short clause of its own; 还没定 only where the clause does not say what is undecided."""
    if "bare" in hit.cue.marks:
        clause = clauses.at(hit.first)
        return hit.first - clause.first <= 1 and clause.last - hit.last <= 1
    return hit.cue.marks.get("back") == "yes" and _length(hit, clauses) <= _SHORT


def _hedge_from(said: list[Claim], hedges: Sequence[Hit], clauses: Clauses) -> list[Claim]:
    if not hedges:
        return said
    own = {clauses.of[c.first] for c in said}
    reach = {clauses.of[h.first] for h in hedges}
    everywhere = bool(reach - own)
    return [c.doubted(everywhere or clauses.of[c.first] in reach) for c in said]


def _questioned(said: list[Claim], sentence: Group, clauses: Clauses) -> list[Claim]:
    """ "does it open by itself?" asks; it does not say."""
    if not clauses.at(sentence.hits[0].first).asked:
        return said
    roles: dict[int, set[str]] = {}
    for hit in sentence.hits:
        roles.setdefault(clauses.of[hit.first], set()).add(hit.cue.role)
    said = [_asked_only(c, roles.get(clauses.of[c.first], set()), clauses) for c in said]
    if "business" in sentence.roles:
        return said
    asked = [h for h in sentence.hits if h.cue.role == "asks" and h.first - clauses.at(h.first).first <= 1]
    return [replace(c, supposed=True, hedged=True) if asked and c.first >= asked[0].first else c for c in said]


def _asked_only(claim: Claim, roles: set[str], clauses: Clauses) -> Claim:
    """ "is he a human in the loop?": the clause asks for a no, it does not say it; `roles` are those of its cues."""
    if "business" in roles:
        return claim
    if {"alternative", "device", "person"} <= roles:
        return claim.doubted()  # "by the guard or by the firmware?" leaves it open
    if claim.value is Truth.YES or not clauses.at(claim.first).asks:
        return claim
    return replace(claim, supposed=True, hedged=True)

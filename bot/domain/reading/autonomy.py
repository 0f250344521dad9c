"""Who decides: small words put together into claims that a device acts by itself, or that a person lets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.domain.facts import Truth
from bot.domain.reading.approving import absent, anyone, approve, consult, nobody, stake, uninvolved
from bot.domain.reading.claim import ACTING, WEAK, Claim
from bot.domain.reading.clauses import Clause, Clauses
from bot.domain.reading.deeds import act, by_hand, decide, handled, must, rests
from bot.domain.reading.lapsing import lapses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.requiring import named, required
from bot.domain.reading.saying import advise, afterwards, automatic, brainless, enough, manual, said_self, whole_no, whole_yes
from bot.domain.reading.scene import Group, Scene, cues_about_autonomy, grouped

_ANSWER = 4
"""Words, with the mark behind them, of a clause that only names somebody."""
_ACTORS = frozenset({"person", "user", "nobody", "device", "object", "act", "each", "consult"})
_VERSION = re.compile(r"v\d+|version$|firmware$|release$|fw$")


def claims(marked: Marked, clauses: Clauses) -> tuple[list[Claim], list[Hit]]:
    """Every clause's statements about who decides, in order, and the cues they were made of."""
    cues = cues_about_autonomy(marked, clauses)
    found: list[Claim] = []
    former: list[Claim] = []
    asking: Scene | None = None
    for hits in grouped(cues, lambda hit: clauses.sentence(hit.first)):
        sentence = Group(hits)
        found.extend(lapses(Scene(marked, sentence, sentence)))
        scenes: list[Scene] = []
        own: list[Claim] = []
        for part in grouped(hits, lambda hit: clauses.of[hit.first]):
            clause = clauses.at(part[0].first)
            scene = Scene(marked, Group(part), sentence, clause.opener, clause.first)
            scenes.append(scene)
            said = [c for c in _of_clause(scene) if not _about_filing(c, scene, clause)]
            (former if _formerly(scene) else own).extend(said)
            if "reversed" in scene.clause.roles:
                own.extend(replace(_turned(c), force=ACTING) for c in former[-1:])
        found.extend(required(scenes, own))
        if asking is not None and not clauses.at(scenes[0].first).asked and _brief(scenes[0], clauses):
            found = named(asking, scenes[0], found)
        asking = scenes[-1] if clauses.at(scenes[-1].first).asked else None
    return found, cues


def _brief(scene: Scene, clauses: Clauses) -> bool:
    """ "The receptionist, …": an answer of few words."""
    clause = clauses.at(scene.first)
    return clause.last - clause.first <= _ANSWER


def _about_filing(claim: Claim, scene: Scene, clause: Clause) -> bool:
    """ "Permitted?", "ok?", 要许可吗: asked of us, with nobody and nothing in it that acts."""
    asked = scene.marked.units[clause.last - 1].text in "?？"
    return claim.approval and asked and not scene.clause.roles & _ACTORS


def _of_clause(scene: Scene) -> list[Claim]:
    roles = scene.clause.roles
    if "elsewhere" in roles and "only" not in roles:
        return []
    found = [claim for hit in scene.clause.hits if (claim := _claim(hit, scene)) is not None]
    if "elsewhere" in roles:
        # "only the domestic version unlocks by itself": the exported one does not
        found = [replace(c, value=Truth.NO) for c in found if c.value is Truth.YES]
    found = _of_exceptions(_denied(found, scene), scene)
    hedged = any(h.cue.role == "hedge" and not _spent(h, scene) for h in scene.clause.hits)
    asked = _asked_whether(scene)
    found = [replace(c, supposed=True) for c in found] if "suppose" in scene.sentence.roles else found
    return [claim.doubted(hedged or asked(claim)) for claim in found]


def _formerly(scene: Scene) -> bool:
    """ "it used to …", "up to v4 it …": no longer so."""
    if "past" in scene.clause.roles:
        return True
    words = [u.text for u in scene.marked.units[scene.first : scene.first + 5]]
    bounded = any(word in {"until", "till", "before"} for word in words[:2]) or words[:2] == ["up", "to"]
    bounded = bounded or words[:1] in (["was"], ["were"])
    return bounded and any(_VERSION.match(word) for word in words)


def _denied(found: list[Claim], scene: Scene) -> list[Claim]:
    """ "it is not the case that …": what is said behind it in the clause is turned round."""
    marks = [h.last for h in scene.clause.hits if h.cue.role == "denial"]
    if not marks:
        return found
    return [c if c.first < marks[0] else _turned(c) for c in found if c.first < marks[0] or c.force > WEAK]


def _turned(claim: Claim) -> Claim:
    return replace(claim, value=Truth.NO if claim.value is Truth.YES else Truth.YES)


def _of_exceptions(found: list[Claim], scene: Scene) -> list[Claim]:
    """ "only strangers are referred to the guard": everybody else goes through without."""
    subset = next((h for h in scene.clause.hits if h.cue.role == "subset"), None)
    if subset is None or not _only_they(subset, scene):
        return found
    return [replace(_turned(c), force=ACTING, approval=False) if c.value is Truth.NO else c for c in found]


def _only_they(subset: Hit, scene: Scene) -> bool:
    before = scene.clause.before(subset, 1, {"only"}) is not None or scene.marked.units[subset.first].text == "only"
    return before or (
        scene.marked.units[subset.last : subset.last + 1][0:1] != [] and scene.marked.units[subset.last].text == "才"
    )


def _spent(hedge: Hit, scene: Scene) -> bool:
    """ "we might ship", "maybe 30", "not sure if … needs a filing": the doubt is about something else."""
    behind = [u.text for u in scene.marked.units[hedge.last : hedge.last + 2]]
    if any(text.isdigit() for text in behind) or scene.clause.behind(hedge, 1, {"business"}):
        return True
    return bool(behind) and behind[0] in {"if", "whether", "about"} and "business" in scene.clause.roles


def _asked_whether(scene: Scene) -> Callable[[Claim], bool]:
    """ "whether it opens by itself"; but not "whether the lock that opens by itself needs a filing"."""
    marks = [h.last for h in scene.clause.hits if h.cue.role == "whether"] if "business" not in scene.clause.roles else []
    reach = 25 if "alternative" in scene.clause.roles else 5  # "whether it opens alone or the officer does"
    reached = {unit for last in marks for unit in range(last, last + reach)}
    return lambda claim: claim.first in reached


def _claim(hit: Hit, scene: Scene) -> Claim | None:
    rule = _RULES.get(hit.cue.role)
    return rule(hit, scene) if rule else None


_RULES: dict[str, Callable[..., Claim | None]] = {
    "whole_yes": whole_yes,
    "whole_no": whole_no,
    "manual": manual,
    "auto": automatic,
    "self": said_self,
    "decide": decide,
    "rests": rests,
    "need": must,
    "act": act,
    "object": handled,
    "handle": by_hand,
    "person": absent,
    "nobody": nobody,
    "anyone": anyone,
    "stake": stake,
    "enough": enough,
    "uninvolved": uninvolved,
    "approve": approve,
    "consult": consult,
    "brain": brainless,
    "advise": advise,
    "after_the_fact": afterwards,
}

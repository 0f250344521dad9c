"""Who decides: small words put together into claims that a device acts by itself, or that a person lets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, CLEAR, WEAK, Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.scene import BEARERS, Group, Scene, cues_about_autonomy, grouped

_WHO = frozenset({"person", "nobody", "user", "outsider", "device"})
_PEOPLE = frozenset({"person", "nobody", "user", "outsider"})
_NOUN_ENDINGS = ("tion", "al", "ent", "ission", "ok", "确认", "认", "批", "权", "意")
"""Endings of what can be "not foreseen": approval, confirmation, consent; a verb is negated before it."""
_DOES = frozenset({"does", "do", "did", "will"})
_PASSIVE = frozenset({"is", "are", "gets", "get", "be", "being", "被", "收", "接", "receives"})
_VERBS = frozenset({"act", "decide", "approve", "handle"})
_GOES_ON = frozenset({"and", "then", "who", ",", "，", "再", "并"})
_ABSENT = frozenset({"without", "no", "o", "没", "没有", "有", "无", "zero"})
_LABEL_MARKS = frozenset(":=：")
_ANSWERS = {
    "yes": Truth.YES, "y": Truth.YES, "true": Truth.YES, "是": Truth.YES, "有": Truth.YES,
    "no": Truth.NO, "n": Truth.NO, "false": Truth.NO, "none": Truth.NO, "否": Truth.NO, "无": Truth.NO,
}  # fmt: skip


def claims(marked: Marked, clauses: Clauses) -> tuple[list[Claim], list[Hit]]:
    """Every clause's statements about who decides, in order, and the cues they were made of."""
    cues = cues_about_autonomy(marked)
    found: list[Claim] = []
    for hits in grouped(cues, lambda hit: clauses.sentence(hit.first)):
        sentence = Group(hits)
        for part in grouped(hits, lambda hit: clauses.of[hit.first]):
            clause = clauses.at(part[0].first)
            found.extend(_of_clause(Scene(marked, Group(part), sentence, clause.opener, clause.first)))
    return found, cues


def _of_clause(scene: Scene) -> list[Claim]:
    roles = scene.clause.roles
    if "past" in roles or ("elsewhere" in roles and "only" not in roles):
        return []
    found = [claim for hit in scene.clause.hits if (claim := _claim(hit, scene)) is not None]
    if "elsewhere" in roles:
        # "only the domestic version unlocks by itself": the exported one does not
        found = [replace(c, value=Truth.NO) for c in found if c.value is Truth.YES]
    hedged = any(h.cue.role == "hedge" and not _spent(h, scene) for h in scene.clause.hits)
    asked = _asked_whether(scene)
    return [claim.doubted(hedged or asked(claim)) for claim in found]


def _spent(hedge: Hit, scene: Scene) -> bool:
    """ "we might ship", "maybe 30", "not sure if … needs a filing": the doubt is about something else."""
    behind = [u.text for u in scene.marked.units[hedge.last : hedge.last + 2]]
    if any(text.isdigit() for text in behind) or scene.clause.behind(hedge, 1, {"business"}):
        return True
    return bool(behind) and behind[0] in {"if", "whether", "about"} and "business" in scene.clause.roles


def _asked_whether(scene: Scene) -> Callable[[Claim], bool]:
    """ "whether it opens by itself"; but not "whether the lock that opens by itself needs a filing"."""
    marks = [h.last for h in scene.clause.hits if h.cue.role == "whether"] if "business" not in scene.clause.roles else []
    reached = {unit for last in marks for unit in range(last, last + 5)}
    return lambda claim: claim.first in reached


def _claim(hit: Hit, scene: Scene) -> Claim | None:
    rule = _RULES.get(hit.cue.role)
    return rule(hit, scene) if rule else None


def _make(hit: Hit, *, yes: bool, force: int, approval: bool = False, gated: bool = False, kind: str | None = None) -> Claim:
    value = Truth.YES if yes else Truth.NO
    kind = hit.cue.marks.get("kind", "") if kind is None else kind
    return Claim(value, force, hit.first, hit.last, hit.cue.id, kind, approval=approval, gated=gated)


# -- words that say it all ----------------------------------------------------------------------------------


def _whole_yes(hit: Hit, scene: Scene) -> Claim | None:
    said = _label_answer(hit, scene.marked)
    if said in (Truth.YES, Truth.NO):
        return _make(hit, yes=said is Truth.YES, force=CLEAR)
    if hit.cue.id == "unattended":
        if scene.clause.behind(hit, 3, {"approve"}):
            return None  # "without a guard's approval": the approval says it
        act = scene.clause.before(hit, 4, {"act"})
        if act is not None and scene.clause.negated(act):
            return _make(hit, yes=False, force=CLEAR, approval=True)  # "neither opens without an operator"
    if scene.marked.units[hit.first].text == "自" and scene.clause.before(hit, 0, {"user", "person"}):
        return _make(hit, yes=False, force=CLEAR)  # 工人自己调: the worker does it himself
    gated = hit.cue.marks.get("gated") == "yes"
    return _make(hit, yes=not scene.clause.negated(hit), force=CLEAR, gated=gated)


def _automatic(hit: Hit, scene: Scene) -> Claim | None:
    """ "without any automatic function", "it is not automatic"; alone, the word says nothing."""
    plain = scene.marked.units[hit.first].text.startswith(("auto", "自"))
    denied = plain and not scene.clause.roles & {"act", "handle"} and scene.clause.before(hit, 2, {"negation"})
    return _make(hit, yes=False, force=CLEAR) if denied and scene.clause.negated(hit, 2) else None


def _whole_no(hit: Hit, scene: Scene) -> Claim | None:
    if scene.clause.before(hit, 3, {"not_only"}):
        return None
    return _make(hit, yes=scene.clause.negated(hit), force=CLEAR)


def _manual(hit: Hit, scene: Scene) -> Claim | None:
    if scene.clause.behind(hit, 0, {"approve"}):
        return None  # "manual confirmation" is an approval
    negated = scene.clause.negated(hit)
    return _make(hit, yes=negated, force=ACTING if negated else CLEAR)


def _self(hit: Hit, scene: Scene) -> Claim | None:
    said = None if scene.clause.before(hit, 2, _VERBS) else _label_answer(hit, scene.marked)
    if said is not None:
        return _make(hit, yes=said is Truth.YES, force=CLEAR) if said is not Truth.UNKNOWN else None
    deeds = scene.clause.roles & {"act", "object", "decide", "approve"}
    who = scene.clause.before(hit, 2, {"user", "person", "device"})
    if who is not None and who.cue.role != "device" and not scene.clause.before(who, 2, _VERBS):
        return _make(hit, yes=scene.clause.negated(hit), force=CLEAR) if deeds else None
    if hit.cue.marks.get("weak") == "yes" and not deeds | (scene.clause.roles & {"handle"}):
        return None
    return _make(hit, yes=not _self_negated(hit, scene), force=CLEAR, kind=_kind_near(scene))


def _self_negated(hit: Hit, scene: Scene) -> bool:
    """ "not autonomous", and "isn't allowed to open on its own", where the verb bears the negation."""
    if scene.clause.before(hit, 1, {"whole_no"}):
        return True  # "cannot decide alone"
    verb = scene.clause.before(hit, 1, _VERBS)
    return scene.clause.negated(hit) or (verb is not None and scene.clause.negated(verb))


def _label_answer(hit: Hit, marked: Marked) -> Truth | None:
    """ "Autonomous: no" answers outright; "Autonomous: operator confirms" is only a heading."""
    behind = [u.text for u in marked.units[hit.last : hit.last + 2]]
    if not behind or behind[0] not in _LABEL_MARKS:
        return None
    return _ANSWERS.get(behind[1], Truth.UNKNOWN) if len(behind) > 1 else Truth.UNKNOWN


def _kind_near(scene: Scene) -> str:
    acts = {h.cue.marks.get("kind", "") for h in scene.clause.hits if h.cue.role in {"act", "object"}}
    return acts.pop() if len(acts) == 1 else ""


# -- who does it --------------------------------------------------------------------------------------------


def _decide(hit: Hit, scene: Scene) -> Claim | None:
    if scene.clause.before(hit, 4, {"self"}) or scene.clause.behind(hit, 3, {"self"}):
        return None  # said by the self cue
    who = _labelled(hit, scene) or _by(hit, scene) or scene.clause.before(hit, 8, _WHO) or _goes_on(hit, scene, _PEOPLE)
    if who is None or who.cue.role == "outsider":
        return _make(hit, yes=True, force=ACTING) if who is None and scene.clause.before(hit, 3, {"auto"}) else None
    if who.cue.role == "nobody":
        return _make(hit, yes=True, force=ACTING)
    by_device = who.cue.role == "device"
    return _make(hit, yes=by_device != scene.clause.negated(hit), force=CLEAR)


def _labelled(hit: Hit, scene: Scene) -> Hit | None:
    """ "decides = security guard"."""
    marks = scene.marked.units[hit.last : hit.last + 1]
    return scene.sentence.behind(hit, 3, _WHO) if marks and marks[0].text in _LABEL_MARKS else None


def _by(hit: Hit, scene: Scene) -> Hit | None:
    """ "opened by the guard"."""
    who = scene.clause.behind(hit, 6, _WHO)
    if who is not None and who.cue.role == "device" and scene.words_between(hit, who) & {"on", "inside", "within"}:
        return who  # "taken on the device"
    return who if who is not None and scene.words_between(hit, who) & {"by", "由", "靠"} else None


def _handled(hit: Hit, scene: Scene) -> Claim | None:
    """ "switches its filter", "the bolt is drawn back": the verb may stand apart from what it handles."""
    kind = hit.cue.marks.get("kind", "")
    behind = scene.clause.behind(hit, 8, {"handle"})
    if behind is not None and behind.first - hit.last > 3 and not scene.words_between(hit, behind) & {"由", "靠", "被"}:
        behind = None
    near = (scene.clause.before(hit, 4, {"handle"}), behind)
    verbs = [verb for verb in near if verb is not None and verb.cue.marks.get("kind") == kind]
    return _act(verbs[0], scene, kind) if verbs else None


def _by_hand(hit: Hit, scene: Scene) -> Claim | None:
    """ "the AI suggests, the soldier switches"."""
    who = scene.clause.before(hit, 1, {"user", "person"})
    last = all(other.cue.role in {"device", "handle", "gate"} for other in scene.clause.forward(hit, 6))
    return _make(hit, yes=False, force=CLEAR) if who is not None and last and not scene.clause.negated(hit) else None


def _act(hit: Hit, scene: Scene, kind: str | None = None) -> Claim | None:
    claim = _deed(hit, scene)
    return claim if claim is None or kind is None else replace(claim, kind=kind)


def _doer(hit: Hit, scene: Scene) -> Hit | None:
    """Who acts: named behind "by", before in the clause, or in the clause this one goes on from."""
    who = _by(hit, scene) or scene.clause.before(hit, 6, _WHO)
    if who is not None and who.cue.role in {"person", "user"} and scene.clause.before(who, 1, {"match"}):
        return None  # "recognises the person and opens"
    return who or _goes_on(hit, scene, _WHO)


def _goes_on(hit: Hit, scene: Scene, roles: frozenset[str]) -> Hit | None:
    """Who the clause before spoke of, where this one goes on without naming anybody."""
    relative = scene.marked.units[scene.first].text == "who"
    if scene.opener not in _GOES_ON or hit.first - scene.first > (7 if relative else 2):
        return None
    return scene.sentence.before(hit, 12, roles)


def _deed(hit: Hit, scene: Scene) -> Claim | None:
    who = _doer(hit, scene)
    negated = scene.clause.negated(hit)
    if who is not None and _hands(who, hit):
        return None if negated else _make(hit, yes=False, force=CLEAR)
    auto = scene.clause.before(hit, 3, {"auto"}) or scene.clause.behind(hit, 6, {"auto"})
    if auto is not None:
        negated = negated != (auto.first > hit.first and scene.clause.before(auto, 2, {"negation"}) is not None)
        return _make(hit, yes=not negated, force=CLEAR, gated=True)
    if negated or scene.clause.roles & {"approve"}:
        return None
    if "match" in scene.sentence.roles:
        return _make(hit, yes=True, force=ACTING, gated=True)
    if who is not None and who.cue.role in {"device", "user"}:
        return _make(hit, yes=True, force=WEAK, gated=True)
    return None


def _hands(who: Hit, act: Hit) -> bool:
    """The user of a mask turns its knob; the user of a door only walks through it."""
    return who.cue.role == "person" or (who.cue.role == "user" and act.cue.marks.get("kind") != "access")


def _absent(hit: Hit, scene: Scene) -> Claim | None:
    """ "without operator", "no guard": nobody stands in the way."""
    clause = scene.clause
    gone = clause.before(hit, 2, {"negation"})
    if gone is None or scene.marked.units[gone.last - 1].text not in _ABSENT or clause.behind(hit, 4, _VERBS):
        return None
    return None if "approve" in clause.roles else _make(hit, yes=True, force=ACTING)


def _nobody(hit: Hit, scene: Scene) -> Claim | None:
    """ "opens without anyone", "no guard": nobody is asked before the act."""
    roles = scene.clause.roles
    if "approve" in roles:
        return None
    if "approve" in scene.sentence.roles and {u.text for u in scene.marked.units[hit.last : hit.last + 1]} & _DOES:
        return _make(hit, yes=True, force=CLEAR)  # "… somebody confirm, but nobody does"
    if hit.cue.id == "without_anyone":
        return _make(hit, yes=True, force=ACTING) if scene.clause.before(hit, 6, {"act", "decide"}) else None
    named = hit.last - hit.first > 1 and scene.marked.units[hit.last - 1].text not in {"one", "人"}
    return _make(hit, yes=True, force=ACTING) if named and not roles & _VERBS else None


def _approve(hit: Hit, scene: Scene) -> Claim | None:
    clause = scene.clause
    if _device_approves(hit, scene):
        return _make(hit, yes=True, force=ACTING)
    who = clause.before(hit, 9, _PEOPLE) or _approver_behind(hit, scene)
    if who is None and "business" not in clause.roles:
        who = _goes_on(hit, scene, _PEOPLE)
    at_the_door = bool(clause.roles & {"act", "each", "object"})
    if not _counts(hit, scene, who, at_the_door=at_the_door):
        return None
    if "after_the_fact" in clause.roles:
        return _make(hit, yes=True, force=ACTING)
    return _make(hit, yes=_waived(hit, scene), force=CLEAR, approval=True)


def _device_approves(hit: Hit, scene: Scene) -> bool:
    """ "the reader authorises entry": in the active voice a device lets the act happen by itself."""
    active = scene.marked.units[hit.first].text.endswith("s") and hit.last - hit.first == 1
    who = scene.clause.before(hit, 2, _WHO)
    return active and who is not None and who.cue.role == "device" and not scene.clause.before(hit, 2, {"need"})


def _counts(hit: Hit, scene: Scene, who: Hit | None, *, at_the_door: bool) -> bool:
    """Whether this approval is one of the act, and not of the order, the export or the filing."""
    if hit.cue.marks.get("human") == "yes" or any(_adjoins(other, hit) for other in scene.clause.backward(hit, 3)):
        return True
    if who is None:
        weak = hit.cue.marks.get("weak") == "yes"
        needed = scene.clause.before(hit, 4, {"negation"}) is not None and not hit.cue.marks.get("weak")
        return (at_the_door or needed) and not weak and "business" not in scene.clause.roles
    return who.cue.role != "outsider" or at_the_door


def _approver_behind(hit: Hit, scene: Scene) -> Hit | None:
    who = scene.clause.behind(hit, 7, _PEOPLE)
    return who if who is not None and scene.words_between(hit, who) & {"by", "from", "of"} else None


def _waived(hit: Hit, scene: Scene) -> bool:
    """Nobody approves, or no approval is needed; but "does not open without approval" is a need."""
    inner = outer = 0
    passed_act = False
    for other in scene.clause.backward(hit, 14):
        dropped = other.cue.role == "removed" and hit.first - other.last <= 3
        if other.cue.role in {"negation", "nobody"} or dropped or _adjoins(other, hit):
            inner, outer = (inner, outer + 1) if passed_act else (inner + 1, outer)
        elif other.cue.role in {"act", "self"}:
            passed_act = True
        elif other.cue.role in BEARERS:
            break
    if outer == 1 and not inner and _no_act_is(hit, scene):
        return True
    inner += _denied_behind(hit, scene)
    return inner % 2 == 1 and outer == 0


def _denied_behind(hit: Hit, scene: Scene) -> bool:
    """ "approval by a guard is not foreseen", "confirmation has been dropped"."""
    behind = scene.clause.behind(hit, 7, {"negation", "removed"})
    if behind is None or not scene.marked.units[hit.last - 1].text.endswith(_NOUN_ENDINGS):
        return False
    between = scene.words_between(hit, behind)
    near = behind.first - hit.last <= 3 or "by" in between
    return near and scene.clause.behind(hit, behind.first - hit.last, {"act", "self", "auto"}) is None


def _no_act_is(hit: Hit, scene: Scene) -> bool:
    """ "not a single unlock is confirmed": the negated act is what would be approved."""
    act = scene.clause.before(hit, 4, {"act"})
    return (
        act is not None
        and scene.clause.before(hit, 6, {"gate"}) is None
        and (scene.clause.before(act, 3, {"negation", "nobody"}) is not None)
    )


def _consult(hit: Hit, scene: Scene) -> Claim | None:
    """ "asks the caretaker", "does not wait for anyone"."""
    asked = scene.clause.behind(hit, 3, {"person", "anyone"})
    if asked is None or scene.clause.before(hit, 3, {"outsider"}):
        return None
    waived = scene.clause.negated(hit) or asked.cue.role == "anyone"
    return _make(hit, yes=waived, force=CLEAR, approval=True)


def _adjoins(other: Hit, hit: Hit) -> bool:
    return other.cue.id == "unattended" and hit.first - other.last <= 3


def _brainless(hit: Hit, scene: Scene) -> Claim | None:
    """ "no electronics", "without any chip": there is nothing that could decide."""
    return _make(hit, yes=False, force=CLEAR) if scene.clause.negated(hit, 3) else None


def _advise(hit: Hit, scene: Scene) -> Claim | None:
    clause = scene.clause
    if clause.before(hit, 4, {"not_only"}) or "after_the_fact" in clause.roles:
        return None
    told = clause.before(hit, 4, {"person", "outsider", "user"})
    if told is not None and scene.words_between(told, hit) & _PASSIVE:
        return _make(hit, yes=True, force=ACTING) if clause.before(hit, 4, {"only"}) else None
    if not (clause.before(hit, 4, {"only"}) or clause.behind(hit, 3, {"only"})):
        return None
    if clause.before(hit, 6, {"source"}):
        return None  # "the datasheet only says"
    return None if clause.negated(hit) else _make(hit, yes=False, force=CLEAR)


def _afterwards(hit: Hit, scene: Scene) -> Claim | None:
    if "approve" in scene.clause.roles or not scene.clause.roles & {"person", "outsider", "user"}:
        return None
    return _make(hit, yes=True, force=ACTING)


_RULES: dict[str, Callable[..., Claim | None]] = {
    "whole_yes": _whole_yes,
    "whole_no": _whole_no,
    "manual": _manual,
    "auto": _automatic,
    "self": _self,
    "decide": _decide,
    "act": _act,
    "object": _handled,
    "handle": _by_hand,
    "person": _absent,
    "nobody": _nobody,
    "approve": _approve,
    "consult": _consult,
    "brain": _brainless,
    "advise": _advise,
    "after_the_fact": _afterwards,
}

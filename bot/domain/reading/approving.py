"""Who is asked: approvals, consultations, and nobody standing in the way."""

from __future__ import annotations

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, CLEAR, Claim, make
from bot.domain.reading.labels import answered
from bot.domain.reading.matching import Hit
from bot.domain.reading.scene import ABSENT, BEARERS, PEOPLE, VERBS, WHO, Scene, goes_on

_NOUN_ENDINGS = ("tion", "al", "ent", "ission", "ok", "so", "step", "确认", "认", "批", "权", "意")
"""Endings of what can be "not foreseen": approval, confirmation, consent; a verb is negated before it."""
_ASSERTS = frozenset({"need", "each", "gate", "only"})
_NEAR = 3
_HEADS = frozenset({":", "：", "="})
_ASKERS = frozenset({"i", "we", "you", "我", "们", "您", "你", "they"})
_COPULAS = frozenset({"is", "was", "are", "were", "has", "have", "had", "got"})
_DOES = frozenset({"does", "do", "did", "will"})
_ADVERBIAL = frozenset({"at", "in", "on", "during", "per", "when", "by", "for", "and", "before"})
_BEFORE = frozenset({"until", "unless", "除非"})
_NOT_ABSENT = frozenset({"not", "minus", "than", "nor"})
_AT = frozenset({"at", "behind", "by", "near", "beside", "in", "on", "there", "around", "present", "involved"})


def absent(hit: Hit, scene: Scene) -> Claim | None:
    """ "without operator", "no guard": nobody stands in the way."""
    clause = scene.clause
    if hit.first == scene.first and answered(hit, scene.marked) is Truth.NO:
        return make(hit, yes=True, force=ACTING)  # "Operator: none"
    gone = clause.before(hit, 2, {"negation"})
    if gone is not None and clause.before(gone, 0, {"alternative"}):
        return None  # "guards or no guards"
    if gone is not None and scene.marked.units[gone.last - 1].text == "是" and clause.before(gone, 2, {"act", "decide"}):
        return make(hit, yes=True, force=ACTING)  # 放行的不是操作员
    if gone is None or scene.marked.units[gone.last - 1].text not in ABSENT or clause.behind(hit, 4, VERBS):
        return None
    return None if "approve" in clause.roles else make(hit, yes=True, force=ACTING)


def nobody(hit: Hit, scene: Scene) -> Claim | None:
    """ "opens without anyone", "no guard": nobody is asked before the act."""
    roles = scene.clause.roles
    if "approve" in roles:
        return None
    if "approve" in scene.sentence.roles and {u.text for u in scene.marked.units[hit.last : hit.last + 1]} & _DOES:
        return make(hit, yes=True, force=CLEAR)  # "… somebody confirm, but nobody does"
    if hit.cue.id == "without_anyone":
        return _without_anyone(hit, scene)
    if _nobody_there(hit, scene):
        return make(hit, yes=True, force=ACTING)
    named = hit.last - hit.first > 1 and scene.marked.units[hit.last - 1].text not in {"one", "人"}
    return make(hit, yes=True, force=ACTING) if named and not roles & VERBS else None


def _without_anyone(hit: Hit, scene: Scene) -> Claim | None:
    """ "opens without anyone"; "not one entry goes through without a human" is the contrary."""
    done = scene.clause.before(hit, 6, {"act", "decide"})
    opening = scene.clause.hits[0]
    none = opening.cue.role == "negation" and opening.first - scene.first <= 1
    if done is not None and (none or scene.clause.negated(done)):
        return make(hit, yes=False, force=CLEAR, approval=True)  # "can't open without a human"
    return make(hit, yes=True, force=ACTING) if done is not None else None


def _nobody_there(hit: Hit, scene: Scene) -> bool:
    """ "no one at the desk", "nobody around"."""
    post = scene.clause.behind(hit, 3, {"person", "device"})
    led = scene.marked.units[hit.last : hit.last + 1]
    return post is not None and bool(led) and led[0].text in _AT and not scene.clause.behind(post, 6, VERBS)


def anyone(hit: Hit, scene: Scene) -> Claim | None:
    """不经任何人, 无需任何人: nobody is asked."""
    spared = scene.clause.before(hit, 0, {"negation"})
    flows = scene.sentence.roles & {"act", "object", "self", "decide", "match"}
    return make(hit, yes=True, force=ACTING) if spared is not None and flows and "approve" not in scene.clause.roles else None


def stake(hit: Hit, scene: Scene) -> Claim | None:
    """ "guards have no part in it", "without any action of the wearer", "the wearer has no control"."""
    gone = scene.clause.before(hit, 2, {"negation", "nobody"})
    gone = gone if gone is not None and scene.marked.units[gone.last - 1].text not in _NOT_ABSENT else None
    who = scene.clause.before(hit, 7, {"person", "user"}) or scene.clause.behind(hit, 4, {"person", "user"})
    told = "act" in scene.clause.roles and gone is not None and scene.marked.units[gone.last - 1].text == "without"
    return make(hit, yes=True, force=ACTING) if gone is not None and (who is not None or told) else None


def uninvolved(hit: Hit, scene: Scene) -> Claim | None:
    """ "the teller has nothing to do with the door", 柜员管不着."""
    who = scene.clause.before(hit, 8, {"person", "user"}) or goes_on(hit, scene, frozenset({"person"}))
    return make(hit, yes=True, force=ACTING) if who is not None and "business" not in scene.clause.roles else None


def approve(hit: Hit, scene: Scene) -> Claim | None:
    """Somebody lets the act happen, or need not."""
    if _asked_who(hit, scene):
        return None  # 谁拍板 asks
    answer = answered(hit, scene.marked)
    if answer is not None and not (answer is Truth.YES and scene.clause.negated(hit)):
        return _as_answered(hit, answer)
    if answer is None and _headed(hit, scene):
        return make(hit, yes=False, force=CLEAR, approval=True).doubted()
    if _device_approves(hit, scene):
        return make(hit, yes=True, force=ACTING)
    return _approved(hit, scene, _approver(hit, scene))


def _approver(hit: Hit, scene: Scene) -> Hit | None:
    clause = scene.clause
    who = clause.before(hit, 9, PEOPLE) or clause.before(hit, 1, {"anyone"}) or _approver_behind(hit, scene)
    return who or (goes_on(hit, scene, PEOPLE) if "business" not in clause.roles else None)


def _approved(hit: Hit, scene: Scene, who: Hit | None) -> Claim | None:
    """By whom, and whether at all."""
    if _only_so(hit, scene):
        return make(hit, yes=False, force=CLEAR, approval=True)
    at_the_door = bool(scene.clause.roles & {"act", "each", "object", "shut"})
    beside = _of_else(hit, scene) or _spoken(hit, scene) or _once_only(hit, scene)
    if beside or not _counts(hit, scene, who, at_the_door=at_the_door):
        return None
    if "after_the_fact" in scene.clause.roles:
        return make(hit, yes=True, force=ACTING)
    waived = _waived(hit, scene)
    by_user = who is not None and who.cue.role == "user" and hit.cue.marks.get("weak") == "yes" and not waived
    kind = "breathing" if by_user else None  # who walks through a door may press what he likes
    doubtful = not waived and (_told_of(hit, scene) or _far_behind(hit, who, scene) or _only_named(hit, who, scene))
    return make(hit, yes=waived, force=CLEAR, approval=True, kind=kind).doubted(doubtful)


def _only_named(hit: Hit, who: Hit | None, scene: Scene) -> bool:
    """ "the approval of a guard …" with no act in the clause: named, but not said to be needed."""
    behind = who is not None and who.first > hit.first and "by" not in scene.words_between(hit, who)
    return behind and not scene.clause.roles & {"act", "each", "object"}


def _far_behind(hit: Hit, who: Hit | None, scene: Scene) -> bool:
    """ "approved … by …": too much may stand between, unless it is each act that is approved."""
    if who is None or who.first - hit.last <= _NEAR:
        return False
    return not ("each" in scene.clause.roles and "by" in scene.words_between(hit, who))


def _told_of(hit: Hit, scene: Scene) -> bool:
    """ "human confirmation was … last year": what became of it is not a word of ours, so it may be gone."""
    owned = scene.marked.units[max(hit.first - 1, 0)].text.endswith("'s")
    if not (owned or scene.marked.units[hit.last - 1].text.endswith(_NOUN_ENDINGS)) or scene.clause.behind(hit, 6, _ASSERTS):
        return False
    behind = [u.text for u in scene.marked.units[hit.last : hit.last + 6]]
    copula = next((i for i, text in enumerate(behind) if text in _COPULAS), None)
    return copula is not None and not scene.clause.roles & {"gate", "each"} and not set(behind[: copula + 2]) & {"given", "by"}


def _asked_who(hit: Hit, scene: Scene) -> bool:
    """谁拍板, "who approves"; but not "a guard who approves", 不需要谁同意."""
    if not hit.first or scene.marked.units[hit.first - 1].text not in {"谁", "who"}:
        return False
    return scene.clause.before(hit, 1, {"person"}) is None and scene.clause.before(hit, 5, {"negation"}) is None


def _of_else(hit: Hit, scene: Scene) -> bool:
    """ "confirms the delivery", "approve my question": something else is approved than the act."""
    behind = [u.text for u in scene.marked.units[hit.last : hit.last + 2]]
    if behind[:1] and behind[0] in {"my", "your", "our"}:
        return True
    thing = scene.clause.behind(hit, 1, {"business"})
    return thing is not None and bool(behind[:1]) and behind[0] in {"the", "this", "that", "a", "an", "his", "her"}


def _headed(hit: Hit, scene: Scene) -> bool:
    """ "operator approval: …" with an answer that is no word of ours."""
    mark = scene.marked.units[hit.last : hit.last + 1]
    if scene.marked.units[hit.last - 1].text in {"ok", "okay"}:
        return False
    return bool(mark) and mark[0].text in _HEADS and not scene.sentence.behind(hit, 8, _ASSERTS | {"approve"})


def _as_answered(hit: Hit, answer: Truth) -> Claim:
    """ "operator approval: not required"; what the answer leaves open is no more than a doubt."""
    claim = make(hit, yes=answer is Truth.NO, force=CLEAR, approval=True)
    return claim.doubted(answer is Truth.UNKNOWN)


def _only_so(hit: Hit, scene: Scene) -> bool:
    """ "only your tap draws the bolt"."""
    only = scene.clause.before(hit, 3, {"only"})
    if scene.clause.before(hit, 6, {"negation"}) is not None and scene.clause.behind(hit, 3, {"shut"}) is not None:
        return True  # 不点确认开不了
    solely = scene.clause.before(hit, 4, {"only"})
    if solely is not None and scene.clause.before(solely, 1, {"act"}) is not None:
        return True  # "opens solely on the say-so of …"
    return (
        only is not None
        and scene.clause.behind(hit, 4, {"act", "handle"}) is not None
        and not scene.clause.before(only, 1, {"negation"})
    )


def _spoken(hit: Hit, scene: Scene) -> bool:
    """ "we confirm that it opens": somebody assures us of something."""
    return bool({u.text for u in scene.marked.units[max(hit.first - 2, 0) : hit.first]} & {"we", "i", "们"})


def _once_only(hit: Hit, scene: Scene) -> bool:
    """ "approves the list once at onboarding": that is no approval of each act."""
    roles = scene.clause.roles
    return ("one_off" in roles or _once(hit, scene)) and not ("each" in roles and "act" in roles)


def _once(hit: Hit, scene: Scene) -> bool:
    """ "approves it once."; but not "once he approves"."""
    marks = [h.last for h in scene.clause.around(hit) if scene.marked.units[h.last - 1].text == "once"]
    behind = [scene.marked.units[last].text if last < len(scene.marked.units) else "" for last in marks]
    return any(not text.isalnum() or text in _ADVERBIAL for text in behind)


def _device_approves(hit: Hit, scene: Scene) -> bool:
    """ "the reader authorises entry": in the active voice a device lets the act happen by itself."""
    active = scene.marked.units[hit.first].text.endswith("s") and hit.last - hit.first == 1
    who = scene.clause.before(hit, 2, WHO)
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
    who = scene.clause.behind(hit, 7, PEOPLE)
    return who if who is not None and scene.words_between(hit, who) & {"by", "from", "of"} else None


def _waived(hit: Hit, scene: Scene) -> bool:
    """Nobody approves, or no approval is needed; but "does not open without approval" is a need."""
    inner = outer = 0
    passed_act = False
    for other in scene.clause.backward(hit, 14):
        dropped = other.cue.role == "removed" and hit.first - other.last <= 3
        if _whatever(other, scene):
            continue
        if other.cue.role in {"negation", "nobody", "uninvolved"} or dropped or _adjoins(other, hit):
            inner, outer = (inner, outer + 1) if passed_act else (inner + 1, outer)
        elif other.cue.role in {"act", "self", "shut"} or scene.marked.units[other.first].text in _BEFORE:
            passed_act = True
        elif other.cue.role in BEARERS:
            break
    if outer == 1 and not inner and _no_act_is(hit, scene):
        return True
    inner += _denied_behind(hit, scene) or _nothing_pressed(hit, scene) or _by_nobody(hit, scene)
    return inner % 2 == 1 and outer == 0


def _whatever(hit: Hit, scene: Scene) -> bool:
    """不管白天夜里: "no matter when" opens the clause and denies nothing; 保安不管 does."""
    return hit.cue.role == "uninvolved" and hit.first == scene.first and scene.marked.units[hit.first].text == "不"


def _denied_behind(hit: Hit, scene: Scene) -> bool:
    """ "approval by a guard is not foreseen", "confirmation has been dropped"."""
    behind = scene.clause.behind(hit, 7, {"negation", "removed"})
    noun = hit.cue.id == "approve_human" or scene.marked.units[hit.last - 1].text.endswith(_NOUN_ENDINGS)
    if behind is None or not noun:
        return False
    between = scene.words_between(hit, behind)
    near = behind.first - hit.last <= 3 or between & {"by", "of", "from"}
    return bool(near) and scene.clause.behind(hit, behind.first - hit.last, {"act", "self", "auto"}) is None


def _by_nobody(hit: Hit, scene: Scene) -> bool:
    """ "confirmed by no guard", "approved by none of the staff"."""
    who = scene.clause.behind(hit, 7, {"person", "nobody"})
    if who is None or "by" not in scene.words_between(hit, who):
        return False
    return who.cue.role == "nobody" or scene.clause.before(who, 3, {"negation"}) is not None


def _nothing_pressed(hit: Hit, scene: Scene) -> bool:
    """ "employees press no button"."""
    none = scene.clause.behind(hit, 0, {"negation"})
    return none is not None and scene.marked.units[none.first].text in {"no", "nothing"}


def _no_act_is(hit: Hit, scene: Scene) -> bool:
    """ "not a single unlock is confirmed": the negated act is what would be approved."""
    act = scene.clause.before(hit, 10, {"act"})
    return (
        act is not None
        and scene.clause.before(hit, 10, {"gate"}) is None
        and (scene.clause.before(act, 3, {"negation", "nobody"}) is not None)
    )


def consult(hit: Hit, scene: Scene) -> Claim | None:
    """ "asks the caretaker", "does not wait for anyone"."""
    if scene.clause.before(hit, 3, {"nobody"}) and scene.sentence.roles & {"act", "self", "object"}:
        return make(hit, yes=True, force=CLEAR, approval=True)  # "opens, nobody asked"
    if {u.text for u in scene.marked.units[max(hit.first - 2, 0) : hit.first]} & _ASKERS:
        return None  # "I asked about guards"
    asked = scene.clause.behind(hit, 3, {"person", "anyone", "user"} if scene.clause.negated(hit) else {"person", "anyone"})
    if asked is None or scene.clause.before(hit, 3, {"outsider"}) or scene.words_between(hit, asked) & {"that", "this", "it"}:
        return None
    waived = scene.clause.negated(hit) or asked.cue.role == "anyone"
    return make(hit, yes=waived, force=CLEAR, approval=True)


def _adjoins(other: Hit, hit: Hit) -> bool:
    return other.cue.id == "unattended" and hit.first - other.last <= 3

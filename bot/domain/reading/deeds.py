"""Who does it: the act, the one who acts or decides, and what is handled."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, CLEAR, WEAK, Claim, make
from bot.domain.reading.labels import answered
from bot.domain.reading.matching import Hit
from bot.domain.reading.scene import PEOPLE, WHO, Scene, goes_on, is_object

_TRIGGERS = frozenset({"as", "once", "upon", "when", "after", "following", "whenever"})
_ARRIVES = frozenset("一到来走过站刚在脸")
_MUST = frozenset({"must", "has", "have", "needs", "need", "必", "须", "要", "得", "需"})
_JOINED = frozenset({"and", "then", "&", "+", "plus", "并", "且", "同", "时"})
_LEADS_ON = frozenset({"to", "who", "that", "so", "can", "must", "lets"})
_ANYBODY = frozenset({"person", "people", "someone", "somebody", "人", "man", "staff"})
_EVENTS = frozenset({"entry", "passage", "admission", "entrance"})
_EACH = frozenset({"each", "every", "the", "an", "a", "any"})
_PREPOSITIONS = frozenset({"for", "of", "about", "after", "on", "at", "from", "with", "during", "upon"})
_WHO_FAR = 2
_SETS = frozenset({"set", "sets"})
_ITSELF = frozenset({"door", "gate", "门", "锁", "闸"})
_LABEL_MARKS = frozenset(":=：")


def decide(hit: Hit, scene: Scene) -> Claim | None:
    """Who "decides" or "has the final say"."""
    if _said_otherwise(hit, scene):
        return None
    who = _decider(hit, scene)
    if who is None or who.cue.role == "outsider":
        return make(hit, yes=True, force=ACTING) if who is None and scene.clause.before(hit, 3, {"auto"}) else None
    if who.cue.role == "nobody":
        return make(hit, yes=True, force=ACTING)
    by_device = who.cue.role == "device"
    return make(hit, yes=by_device != scene.clause.negated(hit), force=CLEAR) if _decides(who, hit, scene) else None


def _said_otherwise(hit: Hit, scene: Scene) -> bool:
    """The word beside it says who decides, or the sentence asks it."""
    if "rested" in hit.cue.marks or (hit.first and scene.marked.units[hit.first - 1].text in {"谁", "who"}):
        return True  # "the yes/no comes from …", "who decides?"
    by_itself = scene.clause.before(hit, 4, {"self"}) or scene.clause.behind(hit, 3, {"self"})
    return bool(by_itself or scene.clause.behind(hit, 5, {"rests"}) or scene.clause.before(hit, 2, {"rests"}))


def _decider(hit: Hit, scene: Scene) -> Hit | None:
    who = _labelled(hit, scene) or _by(hit, scene) or _handed_to(hit, scene)
    return who or scene.clause.before(hit, 8, WHO) or goes_on(hit, scene, PEOPLE)


def _decides(who: Hit, hit: Hit, scene: Scene) -> bool:
    """Whether so weak a word stands where it means deciding."""
    marks = hit.cue.marks
    if "owned" in marks:
        return who.last == hit.first and scene.marked.units[who.last - 1].text.endswith("'s")  # "the guard's call"
    if "led" in marks:
        return who is _by(hit, scene) or _led_by(who, hit, scene)
    return "weak" not in marks or bool(scene.clause.roles & {"act", "object", "match", "each"})


def rests(hit: Hit, scene: Scene) -> Claim | None:
    """ "is up to the guard", "lies with the firmware"."""
    who = scene.clause.behind(hit, 4, WHO)
    if who is None or who.cue.role == "outsider":
        return None
    if "weak" in hit.cue.marks and scene.clause.before(hit, 3, {"decide", "stake", "approve"}) is None:
        return None
    by_people = who.cue.role in {"person", "user"}
    return make(hit, yes=by_people == scene.clause.negated(hit), force=CLEAR)


def must(hit: Hit, scene: Scene) -> Claim | None:
    """ "a human has to turn the key before it opens"."""
    clause = scene.clause
    needed = clause.behind(hit, 2, {"person"})
    done = clause.behind(needed, 6, {"act"}) if needed is not None else None
    if needed is not None and done is not None and not clause.negated(hit) and "to" in scene.words_between(needed, done):
        return make(hit, yes=False, force=CLEAR, approval=True)  # "needs somebody at the desk to release it"
    if needed is not None and clause.negated(hit) and clause.behind(needed, 3, {"act"}) is not None:
        return make(hit, yes=True, force=ACTING, approval=True)  # "does not need a guard to open"
    who = clause.before(hit, 0, {"person"})
    spared = clause.roles & {"business", "after_the_fact", "only", "approve"} or clause.negated(hit)
    if scene.marked.units[hit.first].text not in _MUST:
        return None
    if (
        who is None
        or spared
        or clause.behind(hit, 8, {"match"})
        or not scene.sentence.roles & {"act", "object"}
        or clause.behind(hit, 1, {"negation"})
    ):
        return None
    return make(hit, yes=False, force=CLEAR, approval=True) if not clause.negated(who, 3) else None


def _led_by(who: Hit, hit: Hit, scene: Scene) -> bool:
    """由经理定: the one who settles it is named behind 由."""
    led = scene.marked.units[max(who.first - 1, 0)].text in {"由", "归", "靠"}
    return hit.first == who.last or (led and hit.first - who.last <= 3)


def _labelled(hit: Hit, scene: Scene) -> Hit | None:
    """ "decides = security guard"."""
    marks = scene.marked.units[hit.last : hit.last + 1]
    return scene.sentence.behind(hit, 3, WHO) if marks and marks[0].text in _LABEL_MARKS else None


def _handed_to(hit: Hit, scene: Scene) -> Hit | None:
    """ "passes the decision to a human"."""
    who = scene.clause.behind(hit, 3, {"person", "device"})
    led = [u.text for u in scene.marked.units[hit.last : who.first]] if who is not None else []
    return who if led in (["to"], ["to", "a"], ["to", "the"], ["to", "an"]) else None


def _by(hit: Hit, scene: Scene) -> Hit | None:
    """ "opened by the guard"."""
    who = scene.clause.behind(hit, 6, WHO)
    if who is not None and who.cue.role == "device" and scene.words_between(hit, who) & {"on", "inside", "within"}:
        return who  # "taken on the device"
    led = {u.text for u in scene.marked.units[max(hit.last, who.first - 3) : who.first]} if who is not None else set()
    denied = who is not None and [u.text for u in scene.marked.units[max(who.first - 2, 0) : who.first]] == ["不", "是"]
    return who if led & {"by", "由", "靠", "是"} and not denied else None


def handled(hit: Hit, scene: Scene) -> Claim | None:
    """ "switches its filter", "the bolt is drawn back": the verb may stand apart from what it handles."""
    kind = hit.cue.marks.get("kind", "")
    behind = scene.clause.behind(hit, 8, {"handle"})
    if behind is not None and behind.first - hit.last > 3 and not scene.words_between(hit, behind) & {"由", "靠", "被"}:
        behind = None
    near = (scene.clause.before(hit, 4, {"handle"}), behind)
    verbs = [verb for verb in near if verb is not None and verb.cue.marks.get("kind") == kind]
    return act(verbs[0], scene, kind) if verbs else None


def by_hand(hit: Hit, scene: Scene) -> Claim | None:
    """ "the AI suggests, the soldier switches"."""
    if scene.clause.before(hit, 0, {"auto"}) and not scene.clause.negated(hit):
        return make(hit, yes=True, force=ACTING, gated=True)
    who = scene.clause.before(hit, 1, {"user", "person"})
    if who is not None and (answer := answered(hit, scene.marked)) is not None:
        return make(hit, yes=answer is Truth.NO, force=CLEAR).doubted(answer is Truth.UNKNOWN)
    who = None if who is not None and _only_told(who, hit, scene) else who
    if who is None and "match" in scene.clause.roles and hit.cue.marks.get("kind") == "access" and _alone(hit, scene):
        return make(hit, yes=True, force=ACTING, gated=True)  # "the lock fires on match"
    last = all(other.cue.role in {"device", "handle", "gate"} for other in scene.clause.forward(hit, 6))
    return make(hit, yes=False, force=CLEAR) if who is not None and last and not scene.clause.negated(hit) else None


def _alone(hit: Hit, scene: Scene) -> bool:
    """A device is named, and nobody stands in the sentence."""
    people = scene.sentence.roles & {"person", "user", "outsider", "negation", "consult", "approve", "manual"}
    return not people and scene.clause.before(hit, 3, {"device"}) is not None


def act(hit: Hit, scene: Scene, kind: str | None = None) -> Claim | None:
    """ "unlocks", "switches the filter": read by who does it and how; `kind` replaces that of the cue."""
    if scene.marked.units[hit.first].text in {"setting", "settings"}:
        return None
    alone = hit.last - hit.first == 1 and scene.marked.units[hit.first].text in _SETS
    if alone and "object" not in scene.clause.roles and scene.clause.before(hit, 0, {"user", "person"}) is None:
        return None  # "SCBA sets": so many of them
    claim = _deed(hit, scene)
    return claim if claim is None or kind is None else replace(claim, kind=kind)


def _doer(hit: Hit, scene: Scene) -> Hit | None:
    """Who acts: named behind "by", before in the clause, or in the clause this one goes on from."""
    if scene.marked.units[hit.first].text in _ITSELF | _EVENTS:
        return _by(hit, scene)  # "… watches, the door opens": the door is the subject
    who = _by(hit, scene) or (_subject(hit, scene) if "moved" not in hit.cue.marks else None)
    if who is not None and who.cue.role in {"person", "user"} and scene.clause.before(who, 1, {"match"}):
        return None  # "recognises the person and opens"
    if who is not None and (_those(who, scene) or _of_approval(who, hit, scene)):
        return None
    own = "moved" in hit.cue.marks or scene.clause.before(hit, 2, {"object", "device"}) is not None
    return who or (None if own else goes_on(hit, scene, WHO))


def _subject(hit: Hit, scene: Scene) -> Hit | None:
    """The nearest before; of "wearers of the mask" the wearers."""
    who = scene.clause.before(hit, 6, WHO) or _far_subject(hit, scene)
    if who is not None and (_only_told(who, hit, scene) or is_object(who, scene)):
        return next((h for h in scene.clause.backward(who, 8) if h.cue.role in WHO and not is_object(h, scene)), None)
    if who is None or "of" not in {u.text for u in scene.marked.units[max(who.first - 2, 0) : who.first]}:
        return who
    return scene.clause.before(who, 2, {"person", "user"}) or who


def _far_subject(hit: Hit, scene: Scene) -> Hit | None:
    """ "the attendant gets the match on a tablet and swipes right to open"."""
    who = scene.clause.before(hit, 12, WHO)
    led = scene.marked.units[hit.first - 1].text if hit.first else ""
    opens = who is not None and who.cue.role == "person" and who.first - scene.first <= 1
    return who if opens and led in {"to", "and", "then"} else None


def _only_told(who: Hit, hit: Hit, scene: Scene) -> bool:
    """ "warns the wearer and closes the valve": he is told, what tells him acts."""
    told = who.cue.role in {"person", "user"} and scene.clause.before(who, 2, {"advise", "talk"}) is not None
    between = [u.text for u in scene.marked.units[who.last : hit.first]]
    return told and bool({*between[:1], *between[-2:]} & _JOINED) and not set(between) & _LEADS_ON


def _of_approval(who: Hit, hit: Hit, scene: Scene) -> bool:
    """ "without the guard's consent it opens": he consents, he does not open."""
    approval = scene.clause.before(hit, 6, {"approve"})
    return who.cue.role in {"person", "user"} and approval is not None and who.last <= approval.first


def _those(who: Hit, scene: Scene) -> bool:
    """登记过的人: the ones let in, not the one who lets in."""
    units = scene.marked.units
    if units[who.first].text != "人" or who.last - who.first > 1:
        return False
    before, behind = units[max(who.first - 1, 0)].text, units[who.last].text if who.last < len(units) else ""
    return before == "的" or behind in _ARRIVES


def _deed(hit: Hit, scene: Scene) -> Claim | None:
    who = _doer(hit, scene)
    if not scene.clause.negated(hit) and _tells_and_acts(hit, scene):
        return make(hit, yes=True, force=ACTING, gated=True)
    if _only_after_people(hit, scene):
        return make(hit, yes=False, force=CLEAR, approval=True)
    if who is not None and _hands(who, hit) and not _noted(who, hit, scene):
        return _by_people(who, hit, scene)
    return _by_device(hit, who, scene) if scene.clause.behind(hit, 5, {"manual"}) is None else None


def _by_device(hit: Hit, who: Hit | None, scene: Scene) -> Claim | None:
    negated = scene.clause.negated(hit)
    auto = scene.clause.before(hit, 3, {"auto"}) or scene.clause.behind(hit, 6, {"auto"})
    if auto is not None:
        negated = negated != (auto.first > hit.first and scene.clause.before(auto, 2, {"negation"}) is not None)
        return make(hit, yes=not negated, force=CLEAR, gated=True)
    if _nothing(hit, scene):
        return make(hit, yes=False, force=CLEAR)
    return None if negated or _let_by_somebody(hit, scene) else _of_itself(hit, who, scene)


def _by_people(who: Hit, hit: Hit, scene: Scene) -> Claim | None:
    if _named_only(who, hit, scene):
        return None  # "security gets an e-mail for each opening"
    if scene.clause.negated(hit):
        return _by_people_not(who, hit, scene)
    condition = "gate" in scene.sentence.roles and scene.sentence.behind(hit, 6, {"act", "object"}) is not None
    elsewhere = who.first < scene.first and hit.first - who.last > _WHO_FAR  # the person is that of another clause
    return make(hit, yes=False, force=CLEAR, approval=condition).doubted(elsewhere)


def _named_only(who: Hit, hit: Hit, scene: Scene) -> bool:
    """The act is a noun behind a preposition: spoken of, not done."""
    between = [u.text for u in scene.marked.units[who.last : hit.first]]
    while between and between[-1] in _EACH:
        between.pop()
    return bool(between) and between[-1] in _PREPOSITIONS


def _by_people_not(who: Hit, hit: Hit, scene: Scene) -> Claim | None:
    """ "it is not the guard who opens"; 没有前台放行谁也进不去 is the contrary."""
    if who.cue.role != "person":
        return None
    if scene.sentence.behind(hit, 6, {"shut"}) is not None:
        return make(hit, yes=False, force=CLEAR, approval=True)
    denied = {u.text for u in scene.marked.units[max(who.first - 2, 0) : who.first]} & {"not", "是"}
    return make(hit, yes=True, force=ACTING) if denied else None


def _tells_and_acts(hit: Hit, scene: Scene) -> bool:
    """The same thing that warns somebody acts, too."""
    who = scene.clause.before(hit, 6, {"person", "user"})
    return who is not None and _by(hit, scene) is None and _only_told(who, hit, scene)


def _of_itself(hit: Hit, who: Hit | None, scene: Scene) -> Claim | None:
    """The act of a device, with nobody letting it happen."""
    if "match" in scene.sentence.roles or _triggered(hit, scene):
        return make(hit, yes=True, force=ACTING, gated=True)
    subject = scene.clause.before(hit, 2, {"object"}) is not None
    if subject or scene.marked.units[hit.first].text in _ITSELF or (who is not None and who.cue.role in {"device", "user"}):
        return make(hit, yes=True, force=WEAK, gated=True)
    return None


def _noted(who: Hit, hit: Hit, scene: Scene) -> bool:
    """ "security only gets an entry in the report"."""
    return scene.clause.before(hit, 3, {"only"}) is not None and bool(scene.words_between(who, hit) & {"a", "an", "the"})


def _only_after_people(hit: Hit, scene: Scene) -> bool:
    """ "only opens when the bank manager sends a code"; "only when a person is seen" is none."""
    gate = scene.clause.behind(hit, 1, {"gate"})
    if gate is None or not (scene.clause.before(hit, 1, {"only"}) or scene.clause.behind(hit, 0, {"only"})):
        return False
    who = scene.clause.behind(gate, 3, {"person", "outsider"})
    anybody = who is None or scene.marked.units[who.last - 1].text in _ANYBODY
    return not anybody and scene.clause.behind(gate, 9, {"match"}) is None


def _nothing(hit: Hit, scene: Scene) -> bool:
    """ "it opens nothing"."""
    units = scene.marked.units
    if any(u.text in {"anything", "any"} for u in units[hit.last : hit.last + 2]) and scene.clause.negated(hit):
        return True  # "can't open anything"
    none = scene.clause.behind(hit, 0, {"negation"})
    return none is not None and scene.marked.units[none.first].text in {"nothing", "no"}


def _let_by_somebody(hit: Hit, scene: Scene) -> bool:
    """An approval stands in the clause; "the pattern agrees" is none."""
    return any(
        h.cue.role == "approve" and (h.cue.marks.get("weak") != "yes" or _people_named(scene)) for h in scene.clause.around(hit)
    )


def _people_named(scene: Scene) -> bool:
    return bool(scene.sentence.roles & {"person", "nobody", "user", "outsider"})


def _triggered(hit: Hit, scene: Scene) -> bool:
    """ "as soon as the pattern agrees it opens", with nobody in the sentence."""
    if scene.sentence.roles & {"user", "outsider", "negation", "consult"} or _somebody_there(hit, scene):
        return False
    at_once = any(u.text == "就" for u in scene.marked.units[max(hit.first - 1, 0) : hit.last])
    return at_once or any(
        scene.marked.units[h.first].text in _TRIGGERS for h in scene.sentence.around(hit) if h.cue.role == "gate"
    )


def _somebody_there(hit: Hit, scene: Scene) -> bool:
    """A person who is more than told."""
    people = (h for h in scene.sentence.around(hit) if h.cue.role == "person") if "person" in scene.sentence.roles else ()
    return any(scene.sentence.before(h, 2, {"advise", "talk", "match"}) is None for h in people)


def _hands(who: Hit, act: Hit) -> bool:
    """The user of a mask turns its knob; the user of a door only walks through it."""
    walks_through = act.cue.marks.get("kind") == "access"
    return who.cue.role == "person" or "guards" in who.cue.marks or (who.cue.role == "user" and not walks_through)

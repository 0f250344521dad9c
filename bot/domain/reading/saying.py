"""Words that say by themselves who decides: autonomous, advisory, manual, no electronics."""

from __future__ import annotations

from bot.domain.facts import Truth
from bot.domain.reading.claim import ACTING, CLEAR, Claim, make
from bot.domain.reading.labels import answered
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.scene import VERBS, Scene

_LABEL_MARKS = frozenset(":=：")
_ANSWERS = {
    "yes": Truth.YES, "y": Truth.YES, "true": Truth.YES, "是": Truth.YES, "有": Truth.YES,
    "no": Truth.NO, "n": Truth.NO, "false": Truth.NO, "none": Truth.NO, "否": Truth.NO, "无": Truth.NO,
}  # fmt: skip
_RELEASES = ("release", "unlock", "opening", "switch", "开门", "开锁", "放行", "开关")
"""Endings of what a door may have besides opening by itself."""
_PRONOUNS = frozenset({"they", "you", "he", "she"})
_LED = frozenset("会就能便")
"""Before "itself": it will."""
_PASSIVE = frozenset({"is", "are", "gets", "get", "be", "being", "被", "收", "接", "receives"})


def whole_yes(hit: Hit, scene: Scene) -> Claim | None:
    """ "auto-unlock", "unattended", and what turns them round."""
    said = _label_answer(hit, scene.marked)
    if said in (Truth.YES, Truth.NO):
        return make(hit, yes=said is Truth.YES, force=CLEAR)
    if hit.cue.id == "unattended":
        if scene.clause.behind(hit, 3, {"approve"}):
            return None  # "without a guard's approval": the approval says it
        act = scene.clause.before(hit, 4, {"act"})
        if act is not None and scene.clause.negated(act):
            return make(hit, yes=False, force=CLEAR, approval=True)  # "neither opens without an operator"
    if _himself(hit, scene):
        return make(hit, yes=False, force=CLEAR)  # 工人自己调: the worker does it himself
    if scene.marked.units[hit.first].text == "自" and scene.clause.before(hit, 2, {"outsider"}):
        return None  # 客户可以自己打开: the customer may
    gated = hit.cue.marks.get("gated") == "yes"
    denied = scene.clause.negated(hit, whole=True)
    near = scene.clause.before(hit, 3, {"negation"}) is not None  # what denies from afar may deny something else
    return make(hit, yes=not denied, force=CLEAR, gated=gated).doubted(denied and not near)


def _himself(hit: Hit, scene: Scene) -> bool:
    """工人自己调; but not 保安自动开."""
    words = scene.marked.words(hit.first, hit.last)
    return words.startswith(("自己", "自行")) and scene.clause.before(hit, 0, {"user", "person"}) is not None


def automatic(hit: Hit, scene: Scene) -> Claim | None:
    """ "without any automatic function", "it is not automatic"; alone, the word says nothing."""
    if scene.clause.before(hit, 1, {"source"}):
        return make(hit, yes=True, force=ACTING)  # "sales says automatic"
    plain = scene.marked.units[hit.first].text.startswith(("auto", "自"))
    denied = plain and not scene.clause.roles & {"act", "handle"} and scene.clause.before(hit, 2, {"negation"})
    return make(hit, yes=False, force=CLEAR) if denied and scene.clause.negated(hit) else None


def whole_no(hit: Hit, scene: Scene) -> Claim | None:
    """ "advisory only", "human in the loop"."""
    if scene.clause.before(hit, 3, {"not_only"}) or (hit.cue.id == "advisory" and _of_another(hit, scene)):
        return None
    if (answer := answered(hit, scene.marked)) in (Truth.NO, Truth.UNKNOWN):
        return make(hit, yes=answer is Truth.NO, force=CLEAR).doubted(answer is Truth.UNKNOWN)
    denies = scene.marked.units[hit.first].text in {"no", "without", "无", "没"}  # "no bolt, no relay" is no double negation
    return make(hit, yes=not denies and scene.clause.negated(hit), force=CLEAR)


def manual(hit: Hit, scene: Scene) -> Claim | None:
    """ "by hand", "fixed flow"."""
    if scene.clause.behind(hit, 0, {"approve"}):
        return None  # "manual confirmation" is an approval
    number = scene.marked.units[hit.last : hit.last + 1]
    if "number" in hit.cue.marks and not (number and number[0].text[0].isdigit()):
        return None
    negated = scene.clause.negated(hit)
    return make(hit, yes=negated, force=ACTING if negated else CLEAR).doubted(not negated and _besides(hit, scene))


def _besides(hit: Hit, scene: Scene) -> bool:
    """ "with a manual release": something it has as well."""
    units = scene.marked.units
    words = scene.marked.words(hit.first, hit.last).casefold()
    if not words.endswith(_RELEASES) or "only" in scene.clause.roles:
        return False
    before = {u.text for u in units[max(hit.first - 3, scene.first) : hit.first]}
    return bool(before & {"with", "has", "have", "plus", "and", "also", "带", "有", "配", "设"})


def said_self(hit: Hit, scene: Scene) -> Claim | None:
    """ "by itself", "autonomous": said of a device."""
    said = None if scene.clause.before(hit, 2, VERBS) else _label_answer(hit, scene.marked)
    if said is not None:
        return make(hit, yes=said is Truth.YES, force=CLEAR) if said is not Truth.UNKNOWN else None
    if _they_themselves(hit, scene):
        return make(hit, yes=False, force=CLEAR, kind=_kind_near(scene))
    deeds = scene.clause.roles & {"act", "object", "decide", "approve", "works"}
    who = scene.clause.before(hit, 2, {"user", "person", "device"})
    if (
        who is not None
        and who.cue.role != "device"
        and not _of_things(who, scene)
        and not _its(hit, scene)
        and not _handled_before(who, scene)
    ):
        return make(hit, yes=scene.clause.negated(hit), force=CLEAR) if deeds or "handle" in scene.clause.roles else None
    if hit.cue.marks.get("weak") == "yes" and not deeds | (scene.clause.roles & {"handle"}):
        return make(hit, yes=True, force=ACTING) if _does_it_itself(hit, scene) else None
    return make(hit, yes=not _self_negated(hit, scene), force=CLEAR, kind=_kind_near(scene))


def _they_themselves(hit: Hit, scene: Scene) -> bool:
    """ "soldiers twist the valve themselves": people open the clause, and nothing is denied."""
    opening = scene.clause.hits[0]
    people = opening.cue.role in {"user", "person"} and opening.first - scene.first <= 1 and opening.last < hit.first
    denied = scene.clause.roles & {"negation", "nobody", "advise", "match"}
    named = scene.marked.units[opening.first].text not in _PRONOUNS and "breathing" in {
        h.cue.marks.get("kind") for h in scene.clause.hits
    }
    return scene.marked.units[hit.first].text == "themselves" and people and named and not denied


def _does_it_itself(hit: Hit, scene: Scene) -> bool:
    """锁会自己封走廊: what it does is no word of ours, but nobody else is spoken of and it is not denied."""
    units = scene.marked.units
    nearby = scene.clause.roles & {"person", "user", "outsider", "nobody", "negation", "manual", "approve", "business"}
    led = (hit.first > scene.first and units[hit.first - 1].text in _LED) or scene.clause.before(hit, 2, {"device"}) is not None
    told = scene.sentence.before(hit, 12, {"person", "user", "outsider"}) is not None
    follows = units[hit.last : hit.last + 1]
    return not nearby and led and not told and bool(follows) and follows[0].is_word and not follows[0].text.isascii()


def _handled_before(who: Hit, scene: Scene) -> bool:
    """ "lets employees pass on its own"; but 切换由佩戴者自己扳 says who does it."""
    verb = scene.clause.before(who, 2, VERBS)
    return verb is not None and "由" not in scene.words_between(verb, who)


def _its(hit: Hit, scene: Scene) -> bool:
    return bool({u.text for u in scene.marked.units[hit.first : hit.last]} & {"its", "itself"})


def _of_things(who: Hit, scene: Scene) -> bool:
    """ "they open alone": the terminals, where the sentence names no people; "lets employees pass on its own"."""
    return scene.marked.units[who.first].text == "they" and "person" not in scene.sentence.roles


def _self_negated(hit: Hit, scene: Scene) -> bool:
    """ "not autonomous", and "isn't allowed to open on its own", where the verb bears the negation."""
    if scene.clause.before(hit, 1, {"whole_no"}):
        return True  # "cannot decide alone"
    next_verb = scene.clause.behind(hit, 3, VERBS)
    if next_verb is not None and scene.clause.before(next_verb, next_verb.first - hit.last, {"negation"}):
        return True  # "alone never opens"
    verb = scene.clause.before(hit, 5, VERBS)
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


def brainless(hit: Hit, scene: Scene) -> Claim | None:
    """ "no electronics", "without any chip": there is nothing that could decide."""
    gone = scene.clause.before(hit, 2, {"negation"})
    if gone is None and _not_one(hit, scene):
        return make(hit, yes=False, force=CLEAR)
    either = gone is not None and gone.first and scene.marked.units[gone.first - 1].text in {"/", "or"}  # "the yes/no"
    return make(hit, yes=False, force=CLEAR) if gone is not None and not either and scene.clause.negated(hit, 3) else None


def _not_one(hit: Hit, scene: Scene) -> bool:
    """一个电子件都没有: there is not a single one."""
    units = scene.marked.units
    before = {u.text for u in units[max(hit.first - 3, scene.first) : hit.first]}
    gone = scene.clause.behind(hit, 2, {"negation"})
    none = gone is not None and units[gone.last - 1].text in {"有", "没", "无"}
    return none and bool(before & set("一半啥么何"))


def enough(hit: Hit, scene: Scene) -> Claim | None:
    """ "a match is enough", where nobody else is spoken of."""
    people = scene.sentence.roles & {"person", "outsider", "approve", "nobody"}
    said = "match" in scene.sentence.roles and not people and not scene.clause.negated(hit)
    return make(hit, yes=True, force=ACTING) if said else None


def advise(hit: Hit, scene: Scene) -> Claim | None:
    """Only tells, or is only told afterwards."""
    clause = scene.clause
    if clause.before(hit, 4, {"not_only"}) or "after_the_fact" in clause.roles or _of_another(hit, scene):
        return None
    only = clause.before(hit, 2, {"only"})
    if only is not None and clause.before(only, 1, {"person"}) is not None:
        return make(hit, yes=True, force=ACTING)  # "the guard only sees a report"
    told = clause.before(hit, 4, {"person", "outsider", "user"})
    if told is not None and scene.words_between(told, hit) & _PASSIVE:
        return make(hit, yes=True, force=ACTING) if clause.before(hit, 4, {"only"}) else None
    if not (clause.before(hit, 4, {"only"}) or clause.behind(hit, 3, {"only"})):
        return None
    if clause.before(hit, 6, {"source"}):
        return None  # "the datasheet only says"
    return None if clause.negated(hit) else make(hit, yes=False, force=CLEAR)


def _of_another(hit: Hit, scene: Scene) -> bool:
    """ "the manager's app only shows …": it is not the product that only shows."""
    thing = scene.clause.before(hit, 3, {"device"})
    who = scene.clause.before(thing, 1, {"person", "outsider"}) if thing is not None else None
    return who is not None and (scene.marked.units[who.last - 1].text.endswith("'s") or scene.marked.units[who.last].text == "的")


def _then_only(hit: Hit, scene: Scene) -> bool:
    """保安放行后锁才开: what comes before is the condition."""
    gate = scene.clause.behind(hit, 3, {"gate"})
    words = scene.marked.words(hit.first, hit.last)
    return (
        gate is not None
        and words.endswith("后")
        and not words.startswith("事")
        and scene.marked.units[gate.first].text in {"才", "方"}
    )


def afterwards(hit: Hit, scene: Scene) -> Claim | None:
    """People who look at it afterwards do not stand in the way."""
    if "approve" in scene.clause.roles or not scene.clause.roles & {"person", "outsider", "user"}:
        return None
    if _then_only(hit, scene):
        return make(hit, yes=False, force=CLEAR, approval=True) if scene.clause.before(hit, 0, {"person"}) else None
    return make(hit, yes=True, force=ACTING)

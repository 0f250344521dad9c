"""What happens when nobody reacts: a veto that is not used, a request that is not answered."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.reading.claim import CLEAR, Claim, make
from bot.domain.reading.matching import Hit
from bot.domain.reading.scene import Scene

_UNLESS = frozenset({"unless", "除非"})
_SOMEBODY = frozenset({"person", "user", "approve", "nobody", "consult"})
_NEXT = 5
"""So near behind stands who or what is of no matter."""
_OUTCOMES = frozenset({"act", "shut", "whole_yes"})


def lapses(scene: Scene) -> Iterator[Claim]:
    """ "if he does nothing the door opens", "it opens unless staff stop it"; `scene` is a whole sentence."""
    idle = next((h for h in scene.sentence.hits if _idle(h, scene)), None)
    outcome = _outcome(idle, scene) if idle is not None else None
    if idle is not None and outcome is not None:
        shut = outcome.cue.role == "shut" or _negated_apart(outcome, idle, scene)
        unsure = bool(scene.sentence.roles & {"hedge", "config", "whether"})
        yield make(outcome, yes=not shut, force=CLEAR + 1, final=True, approval=shut, hedged=unsure)


def _negated_apart(outcome: Hit, idle: Hit, scene: Scene) -> bool:
    """没人否决就放行: the negation belongs to the veto, not to the opening."""
    if not scene.sentence.negated(outcome, 3):
        return False
    near = scene.sentence.before(outcome, 3, {"negation", "nobody"})
    return near is not None and not (outcome.first > idle.first > near.first)


def _idle(hit: Hit, scene: Scene) -> bool:
    """Somebody lets the moment pass."""
    if hit.cue.role == "inaction":
        return True
    if hit.cue.role == "regardless":
        return _whatever_people_do(hit, scene)
    if hit.cue.role not in {"react", "intervene"}:
        return False
    gate = scene.sentence.before(hit, 4, {"gate"})
    if gate is not None and scene.marked.units[gate.first].text in _UNLESS:
        return True
    return scene.sentence.before(hit, 2, {"negation", "nobody"}) is not None


def _whatever_people_do(hit: Hit, scene: Scene) -> bool:
    """ "whether or not the guard agrees"; but "day or night, regardless, the guard opens" is of no person."""
    before = scene.sentence.before(hit, 14, _SOMEBODY)
    behind = scene.sentence.behind(hit, _NEXT, _SOMEBODY)
    apart = behind is not None and scene.words_between(hit, behind) & {",", "，"}
    return before is not None or (behind is not None and not apart)


def _outcome(idle: Hit, scene: Scene) -> Hit | None:
    """The act that follows, or the one it is the condition of."""
    behind = scene.sentence.behind(idle, 14, _OUTCOMES)
    gate = scene.sentence.before(idle, 5, {"gate"})
    gate = idle if idle.cue.role == "regardless" else gate
    before = scene.sentence.before(gate, 8, _OUTCOMES) if gate is not None else None
    return before or behind

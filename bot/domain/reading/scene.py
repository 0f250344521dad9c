"""The autonomy cues of one clause and sentence, and what stands near them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.reading.clauses import Clauses
from bot.domain.reading.frames import framed
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.people import with_people

BEARERS = frozenset({"act", "self", "decide", "approve", "advise", "whole_yes", "whole_no", "manual", "business", "but", "talk"})
"""Roles that take a negation upon themselves, so that it does not reach further."""


WHO = frozenset({"person", "nobody", "user", "outsider", "device"})
PEOPLE = frozenset({"person", "nobody", "user", "outsider"})
VERBS = frozenset({"act", "decide", "approve", "handle"})
_LIGHT_WORDS = """
    which that whom then also just will can must has to have only still always manually and he she they who either not may
    personally physically himself does simply first now again once it or but therefore 再 才 就 会 要 也 都
    手 动 并 后 可 能 去 来 得 须 必 还 亲 自 当 场 给 把 将 后 由 他 她 便 然 方 则 , ，
"""
_LIGHT = frozenset(_LIGHT_WORDS.split())
"""Words that may open a clause which goes on with the subject of the one before."""
_GOES_ON = frozenset({"and", "then", "who", ",", "，", "再", "并"})


ABSENT = frozenset({"without", "no", "o", "没", "没有", "有", "无", "zero", "用", "需", "要", "靠", "须"})
"""Last words of a negation behind which somebody is not there: "without", 没有, 不用, 无需."""
_SUBJECT = 14
"""So far reaches a negation that is the subject: "nothing about the mask we sell is …"."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some cues in order, their starts and roles."""

    hits: Sequence[Hit]
    starts: Sequence[int] = field(init=False)
    roles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", [hit.first for hit in self.hits])
        object.__setattr__(self, "roles", frozenset(hit.cue.role for hit in self.hits))

    def before(self, hit: Hit, reach: int, roles: Collection[str]) -> Hit | None:
        """The nearest cue of these roles that ends at most `reach` units before."""
        return next((h for h in self.backward(hit, reach) if h.cue.role in roles), None)

    def behind(self, hit: Hit, reach: int, roles: Collection[str]) -> Hit | None:
        """The nearest cue of these roles that begins at most `reach` units behind."""
        return next((h for h in self.forward(hit, reach) if h.cue.role in roles), None)

    def backward(self, hit: Hit, reach: int) -> Iterator[Hit]:
        """Cues before, nearest first."""
        for index in range(bisect_left(self.starts, hit.first) - 1, -1, -1):
            if hit.first - self.hits[index].last > reach:
                return
            yield self.hits[index]

    def forward(self, hit: Hit, reach: int) -> Iterator[Hit]:
        """Cues behind, nearest first."""
        for index in range(bisect_left(self.starts, hit.last), len(self.hits)):
            if self.hits[index].first - hit.last > reach:
                return
            yield self.hits[index]

    def around(self, hit: Hit, reach: int = 30) -> Iterator[Hit]:
        """Cues before and behind, this one left out."""
        yield from self.backward(hit, reach)
        yield from self.forward(hit, reach)

    def negated(self, hit: Hit, reach: int = 5, *, whole: bool = False) -> bool:
        """An odd number of negations reaches this cue; one that says it all (`whole`) is not denied by absent people."""
        count = 0
        nearer = hit
        for other in self.backward(hit, max(reach, _SUBJECT)):
            if other.cue.role in BEARERS:
                break
            near = hit.first - other.last <= reach or other.cue.id == "none_of"
            of_people = whole and (other.cue.role == "nobody" or (nearer.cue.role == "person" and nearer.first == other.last))
            count += near and other.cue.role in {"negation", "nobody"} and not of_people
            nearer = other
        return count % 2 == 1


@dataclass(frozen=True, slots=True)
class Scene:
    """One clause within its sentence."""

    marked: Marked
    clause: Group
    sentence: Group
    opener: str = ""
    """The word or mark that opens the clause."""
    first: int = 0
    """Where the clause begins."""

    def words_between(self, one: Hit, two: Hit) -> set[str]:
        """The words from the end of one cue to the start of the next."""
        return {u.text for u in self.marked.units[one.last : two.first]}


def grouped(hits: Sequence[Hit], key: Callable[[Hit], int]) -> Iterator[list[Hit]]:
    """Runs of cues with the same key."""
    group: list[Hit] = []
    for hit in hits:
        if group and key(group[-1]) != key(hit):
            yield group
            group = []
        group.append(hit)
    if group:
        yield group


def cues_about_autonomy(marked: Marked, clauses: Clauses) -> list[Hit]:
    """Autonomy cues, without those inside a name and single Han characters that are part of a longer word."""
    return framed(with_people(_plain_cues(marked), marked), clauses)


def _plain_cues(marked: Marked) -> list[Hit]:
    names = {unit for name in marked.names for unit in range(name.first, name.last)}
    names |= {unit for place in marked.places for unit in range(place.first, place.last)}
    longer = names | set(_longer_words(marked))
    found = []
    for hit in marked.layer("autonomy"):
        single = hit.last - hit.first == 1 and len(marked.units[hit.first].text) == 1
        if hit.cue.role != "nothing" and hit.first not in (longer if single else names) and not _or_not(hit, marked):
            found.append(hit)
    return found


def _or_not(hit: Hit, marked: Marked) -> bool:
    """调不调: whether or not; nothing is denied."""
    around = marked.units[max(hit.first - 1, 0) : hit.last + 1]
    if len(around) == 3 and around[1].text == "不" and around[0].text == around[2].text:
        return True
    texts = [u.text for u in marked.units[max(hit.first - 2, 0) : hit.first + 3]]
    return len(texts) == 5 and texts[2] == "不" and texts[:2] == texts[3:]


def _longer_words(marked: Marked) -> Iterator[int]:
    for layer in ("products", "places", "intents", "export"):
        for hit in marked.layer(layer):
            if hit.last - hit.first > 1 and hit.cue.role not in {"filler", "negation"}:
                yield from range(hit.first, hit.last)


def goes_on(hit: Hit, scene: Scene, roles: frozenset[str]) -> Hit | None:
    """Who the clause before spoke of, where this one goes on without naming anybody."""
    relative = scene.marked.units[scene.first].text in {"who", "which"}
    if "contrast" in scene.clause.roles or scene.opener not in _GOES_ON or hit.first - scene.first > (7 if relative else 2):
        return None
    if not relative and not all(u.text in _LIGHT for u in scene.marked.units[scene.first : hit.first]):
        return None  # "…, silence means open": the clause has a subject of its own
    return next((h for h in scene.sentence.backward(hit, 12) if h.cue.role in roles and not _excluded(h, scene)), None)


def _excluded(who: Hit, scene: Scene) -> bool:
    """ "…, not the soldier, …"; 门口没有保安，…."""
    said = {u.text for u in scene.marked.units[max(who.first - 2, 0) : who.first]}
    seen = scene.sentence.before(who, 1, {"match"}) is not None  # "recognises somebody"
    return seen or bool(said & {"not", "非"}) or _missing(who, scene)


def _missing(who: Hit, scene: Scene) -> bool:
    gone = scene.sentence.before(who, 1, {"negation"})
    return who.cue.role == "person" and gone is not None and scene.marked.units[gone.last - 1].text in ABSENT


def is_object(who: Hit, scene: Scene) -> bool:
    """ "learns the wearer's breathing and …", "for the guard": spoken of, but not the one who acts."""
    units = scene.marked.units
    if who.cue.role not in {"person", "user"}:
        return False
    if units[who.last - 1].text.endswith("'s"):
        return True
    at = who.first - 1
    while at >= scene.first and units[at].text in _DETERMINERS:
        at -= 1
    return at >= scene.first and units[at].text in _TOWARDS


_DETERMINERS = frozenset({"the", "a", "an", "each", "every", "any", "our", "their", "his", "her", "your", "its", "this", "that"})
_TOWARDS = frozenset({"for", "to", "with", "of", "from", "about", "near", "at", "like", "给", "向", "对", "为"})
"""Words before somebody who does not act himself."""

"""Where goods go: each place with the part it plays, and from these the destinations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.facts import Doubt
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked, PlaceHit

HOME = "CN"
GOES, BUYER, BARE = "destination", "buyer", "bare"
_REACH = 3
_LIST = frozenset({",", "，", "、", "and", "or", "&", "/", "和", "及", "与", "或", "以及", "+", "plus", ";", "nor"})
_ARROWS = frozenset({"→", ">", "-", "—", "–", "➡", "=>"})
_PERSON_AFTER = frozenset(
    ["from", "says", "said", "asked", "asks", "told", "wants", "needs", "thinks", "wrote", "writes", "and's", "is", "will", "can", "has", "would", "knows", "mentioned"]
)


@dataclass(frozen=True, slots=True)
class Part:
    """A place and the part it plays: destination, origin, made, transit, denied, buyer or bare."""

    hit: PlaceHit
    role: str

    @property
    def code(self) -> str:
        """ISO code, or the region's name."""
        return self.hit.place.code


@dataclass(frozen=True, slots=True)
class Destinations:
    """What was read of places: ISO codes in the order named, regions, what must be asked back."""

    codes: tuple[str, ...]
    regions: tuple[str, ...]
    parts: tuple[Part, ...]
    taken: tuple[Part, ...]
    doubts: tuple[Doubt, ...]


def find(marked: Marked, clauses: Clauses) -> Destinations:
    """Read all places; transit, origin, denied places and the buyer's nationality are no destination."""
    parts = _parts(marked, clauses)
    taken = _taken(parts)
    codes = tuple(dict.fromkeys(p.code for p in taken if p.code and not p.hit.place.region))
    regions = tuple(dict.fromkeys(p.code for p in taken if p.hit.place.region))
    return Destinations(codes, regions, tuple(parts), tuple(taken), tuple(_doubts(parts, taken, marked)))


def _parts(marked: Marked, clauses: Clauses) -> list[Part]:
    cues = marked.layer("places")
    before = {hit.last: hit for hit in cues if hit.cue.marks.get("where") == "before"}
    behind = {hit.first: hit for hit in cues if hit.cue.marks.get("where") == "behind"}
    parts: list[Part] = []
    for hit in marked.places:
        role = _role(hit, before, behind, marked, clauses, parts)
        if role:
            parts.append(Part(hit, role))
    return parts


def _role(
    hit: PlaceHit, before: dict[int, Hit], behind: dict[int, Hit], marked: Marked, clauses: Clauses, known: list[Part]
) -> str:
    led = _led_by(hit, before, marked, clauses)
    followed = _followed_by(hit, behind, marked)
    if followed in ("transit", "made"):
        return followed
    if led in ("transit", "made", "denied"):
        return led
    if followed == "origin" and led != GOES:
        return "origin"
    if followed == "buyer":
        return BUYER
    if led:
        return led
    if _is_person(hit, marked):
        return ""
    listed = _listed_with(hit, known, marked)
    if listed:
        return listed
    if hit.place.shy:
        return _shy(hit, marked, known)
    return "origin" if _departs(hit, marked) else BARE


def _led_by(hit: PlaceHit, before: dict[int, Hit], marked: Marked, clauses: Clauses) -> str:
    """The word of direction before a place; articles, adjectives and "our customer in" may stand between."""
    at = hit.first
    for reach in range(_REACH + 1):
        cue = before.get(at - reach)
        if cue is not None and clauses.of[cue.first] == clauses.of[hit.first]:
            return cue.cue.role
        if at - reach - 1 < 0 or not _passable(marked, at - reach - 1, hit):
            return ""
    return ""


def _passable(marked: Marked, unit: int, hit: PlaceHit) -> bool:
    text = marked.units[unit].text
    if len(text) == 1 and not text.isascii():
        return text in "我们的港口市国"
    return text.isalpha() and text.isascii() and not any(p.first <= unit < p.last for p in marked.places if p != hit)


def _followed_by(hit: PlaceHit, behind: dict[int, Hit], marked: Marked) -> str:
    for gap in (0, 1):
        cue = behind.get(hit.last + gap)
        if cue is None:
            continue
        if gap and not (hit.place.demonym or marked.units[hit.last].text in "的那边港口里"):
            continue
        return cue.cue.role
    return ""


def _listed_with(hit: PlaceHit, known: list[Part], marked: Marked) -> str:
    """ "to France, Italy and Spain": a place behind another one in a list shares its part."""
    if not known:
        return ""
    last = known[-1]
    between = [u.text for u in marked.units[last.hit.last : hit.first]]
    joined = between and all(text in _LIST for text in between)
    return last.role if joined and last.role in (GOES, BARE, "denied", "transit") else ""


def _is_person(hit: PlaceHit, marked: Marked) -> bool:
    if not hit.place.shy:
        return False
    after = marked.units[hit.last].text if hit.last < len(marked.units) else ""
    return after in _PERSON_AFTER


def _shy(hit: PlaceHit, marked: Marked, known: list[Part]) -> str:
    """A name that is also a word: taken bare only when written as a name."""
    written = marked.words(hit.first, hit.last)
    if len(written) <= 2:
        return BARE if _alone_code(hit, marked) else ""
    return BARE if written[:1].isupper() and not (written.isupper() and len(written) <= 3) else ""


def _alone_code(hit: PlaceHit, marked: Marked) -> bool:
    """A two-letter code stands for a country at the end of a clause, or behind a product's number."""
    return False


def _departs(hit: PlaceHit, marked: Marked) -> bool:
    """ "Shenzhen to Hamburg", 上海到汉堡: a home place before a direction word is where the goods start."""
    if hit.place.code != HOME or hit.last >= len(marked.units):
        return False
    after = marked.units[hit.last].text
    return after in _ARROWS or after in {"to", "到", "至", "发", "运"}


def _taken(parts: Sequence[Part]) -> list[Part]:
    """Places of delivery; a buyer's or bare place counts where no other one is named, home only when gone to."""
    going = [p for p in parts if p.role == GOES and not (p.hit.place.demonym and p.code == HOME)]
    abroad = [p for p in going if p.code != HOME]
    bare = [p for p in parts if p.role == BARE and p.code != HOME]
    if going:
        return [p for p in parts if p in going or (p in bare and not p.hit.place.demonym)]
    buyers = [p for p in parts if p.role == BUYER and p.code != HOME]
    if bare or buyers:
        return bare or buyers
    home = [p for p in parts if p.code == HOME and p.role in (BARE, BUYER)]
    return home if not abroad else abroad


def _doubts(parts: Sequence[Part], taken: Sequence[Part], marked: Marked) -> Iterator[Doubt]:
    for part in parts:
        words = marked.words(part.hit.first, part.hit.last)
        if part.hit.place.also and part in taken:
            yield Doubt("destination", words, part.hit.place.also, "ambiguous")
        elif part.hit.place.region and part in taken:
            yield Doubt("destination", words, (), "region")

"""Where goods go: each place with the part it plays, and from these the destinations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.facts import Doubt
from bot.domain.reading import mistaken
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.delivering import delivered
from bot.domain.reading.folding import stem
from bot.domain.reading.little import freed
from bot.domain.reading.matching import Hit, Marked, PlaceHit
from bot.domain.reading.parts import BARE, BUYER, GOES, HOME, SENDER, Part
from bot.domain.reading.qualifying import one_each, which_is_named
from bot.domain.reading.routing import routed
from bot.domain.reading.unheard import unheard

_FILED = 4
"""So many words before "in China" what is filed there is looked for."""
_FILED_WORDS = "fil form lodg register registration permit paper paperwork declar report notify"
_FILES = frozenset(_FILED_WORDS.split())
_REACH = 3
_WEAK = frozenset({"at", "in", "2", "在"})
_SKIPPED, _SKIPS = 4, frozenset(["is", "only", "just", "只", "是", "仅", "自", "己", "有", "我", "们"])
_BEHIND = "的那边港口里府州省市县"
_INFINITIVES = frozenset({"be", "have"})
_ARTICLES = frozenset({"the", "a", "an", "our", "to", "in", "for", "any"})
_MADE = frozenset({"made", "built", "assembled", "manufactured", "produced"})
_MOVES = frozenset(stem(word) for word in ("moved", "relocated", "shifted", "transferred"))
_PRODUCTION = frozenset(stem(word) for word in ("production", "manufacturing", "assembly"))
_BUILDS = frozenset({"builds", "makes", "assembles", "produces", "manufactures"})
_FROM_PART = 6
"""So many words may stand between a component and where it is made."""
_FROM = 14
"""So many words may stand between a buyer and "from"."""
_SHIPS = 8
"""So many words before "from" what is said to come from there is looked for."""
_WE = frozenset("们司方")
_ITS = frozenset({"的", "在", "in", "at", "'s"})
_LETTERS = frozenset({"from", "来"})
_OF_GOODS_WORDS = """
    ships shipped shipping shipment sent sends sails leaves departs exports imports buys bought sourced sources
    purchased comes came coming made makes built builds produced moves moved transfers transferred returns returned
    delivered delivers supplied supplier suppliers trucked flies flown goes going straight direct directly stock chip
    chips sensor sensors lens lenses module component components camera motor battery part parts software firmware
    algorithm brand competitor competitors maker technology design licensed goods units pcs different away far
    released released stolen back
"""
_OF_GOODS = frozenset(stem(word) for word in _OF_GOODS_WORDS.split())
_LIST = frozenset({",", "，", "、", "and", "or", "&", "/", "和", "及", "与", "或", "以及", "+", "plus", ";", "nor"})
_ARROWS = frozenset({"→", ">", "-", "—", "–", "➡", "=>"})
_KEPT = {"facility": "made", "stock": "stock"}


@dataclass(frozen=True, slots=True)
class Destinations:
    """What was read of places: ISO codes in the order named, regions, what must be asked back."""

    codes: tuple[str, ...]
    regions: tuple[str, ...]
    parts: tuple[Part, ...]
    taken: tuple[Part, ...]
    doubts: tuple[Doubt, ...]
    unheard: bool = False
    """Goods go to a place abroad that nobody here knows."""


def find(marked: Marked, clauses: Clauses) -> Destinations:
    """Read all places; transit, origin, denied places and the buyer's nationality are no destination."""
    parts = _parts(marked, clauses)
    taken = delivered(parts, marked) or delivered(parts := _parts(freed(marked), clauses), marked)
    codes = tuple(dict.fromkeys(p.code for p in taken if p.code and not p.hit.place.region))
    codes = tuple(code for code in codes if code != HOME) or codes
    regions = tuple(dict.fromkeys(p.code for p in taken if p.hit.place.region))
    strange = None if taken else unheard(marked)
    doubts = [*_doubts(parts, taken, marked), *([Doubt("destination", marked.words(*strange), (), "unheard")] if strange else [])]
    return Destinations(codes, regions, tuple(parts), tuple(taken), tuple(doubts), strange is not None)


def _parts(marked: Marked, clauses: Clauses) -> list[Part]:
    cues = marked.layer("places")
    look = _Around(
        marked,
        clauses,
        {hit.last: hit for hit in cues if hit.cue.marks["where"] == "before"},
        {hit.first: hit for hit in cues if hit.cue.marks["where"] == "behind"},
        {clauses.of[hit.first]: hit.last for hit in cues if _tells_of_making(hit, marked)},
        {hit.first for hit in marked.layer("export") if hit.cue.id == "bonded"},
        any(hit.cue.id in ("reexport", "resale") for hit in marked.layer("export")),
        mistaken.loud(marked.folded.original),
    )
    components = [hit for hit in cues if hit.cue.role == "component" and not _of_product(hit, marked)]
    signed = mistaken.signed(marked)
    parts: list[Part] = []
    for hit in _meant(marked):
        role = _role(hit, look, parts[-1] if parts else None)
        role = "origin" if role == "made" and any(_of_component(hit, component) for component in components) else role
        part = Part(hit, role, weak=_weakly(hit, look))
        if role and not (hit.first in signed and parts and (part.weak or role != GOES)):
            parts.append(part)
    return routed(parts, marked, clauses)


def _tells_of_making(hit: Hit, marked: Marked) -> bool:
    return hit.cue.role in ("makes", "made") or marked.units[hit.first].text in _MADE


def _meant(marked: Marked) -> Iterator[PlaceHit]:
    """The places themselves: what only looks like one is none, and initials stand for the place named before."""
    before: list[PlaceHit] = []
    for hit in which_is_named(list(one_each(marked))):
        if mistaken.is_none(hit, marked):
            continue
        named = mistaken.initials(hit, before, marked) if hit.place.code_only else None
        before.append(hit)
        yield hit if named is None else replace(hit, place=named.place)


def _of_component(hit: PlaceHit, component: Hit) -> bool:
    """ "camera modules produced in Japan", "from Malaysian parts"."""
    return 0 <= hit.first - component.last <= _FROM_PART or component.first == hit.last


def _of_product(component: Hit, marked: Marked) -> bool:
    """ "depth-camera face gates": the camera is what the goods are called by."""
    return any(hit.first <= component.last < hit.last for hit in marked.layer("products"))


def _weakly(hit: PlaceHit, look: _Around) -> bool:
    cue = look.before.get(hit.first)
    return cue is not None and cue.last - cue.first == 1 and look.marked.units[cue.first].text in _WEAK


@dataclass(frozen=True, slots=True)
class _Around:
    """The words of direction by the unit where they end (before a place) or begin (behind one)."""

    marked: Marked
    clauses: Clauses
    before: dict[int, Hit]
    behind: dict[int, Hit]
    making: dict[int, int]
    """Clauses that speak of making something, and where the word for it ends."""
    bonded: set[int]
    """Where words for a bonded zone begin."""
    resold: bool
    """Goods that are abroad already are sold on."""
    loud: bool
    """All is written in capitals, so that BE and NO are words."""


def _role(hit: PlaceHit, look: _Around, last: Part | None) -> str:
    led, near = _led_by(hit, look)
    if hit.place.shy and hit.place.rare and not near and not _written_as_name(hit, look.marked):
        led = ""  # "guard has 2 press ok evry time"
    if led == "in" and hit.place.code == HOME and _word(look.marked, hit.first - 2) in _WE:
        return SENDER  # 我们在东莞
    going = GOES if led == "in" else led
    if _says_nothing(hit, led, near, look):
        return ""
    if hit.place.code_only:
        return going if near else _listed_with(hit, last, look.marked)
    followed = _followed_by(hit, look)
    if followed == "made" and led == GOES and _word(look.marked, hit.last).endswith("s"):
        followed = ""  # "the pillar for Zeebrugge produces alerts"
    outright = _bonded(hit, look) or _outright(hit, led, followed, look)
    if outright:
        return outright
    if (followed == BUYER and not _sent_straight(hit, look)) or (followed == "origin" and going != GOES):
        return followed
    return going or _unled(hit, look, last)


def _sent_straight(hit: PlaceHit, look: _Around) -> bool:
    """送巴林客户: a buyer that goods are said to be sent to, not to a place of his elsewhere."""
    cue, buyer = look.before.get(hit.first), look.behind.get(hit.last)
    sent = cue is not None and cue.cue.id == "delivered"
    return sent and buyer is not None and _word(look.marked, buyer.last) not in _ITS


def _says_nothing(hit: PlaceHit, led: str, near: bool, look: _Around) -> bool:
    """Capitals, filings, departments, languages and nouns with the name of a place."""
    if look.loud and (hit.place.code_only or (led == "" and _is_loud_word(hit, look))):
        return True
    if (hit.place.code_only or hit.place.demonym) and near and _weakly(hit, look):
        return True  # "nobody at HR", "the manual is in Korean"
    noun = hit.place.shy and not _written_as_name(hit, look.marked) and mistaken.before_noun(hit, look.marked)
    return (led in ("in", GOES) and _filed_there(hit, look)) or (noun and not hit.place.code_only)


def _is_loud_word(hit: PlaceHit, look: _Around) -> bool:
    """ "MY MANAGER", "TELL US"."""
    return look.marked.units[hit.first].text in {"my", "us"}


def _bonded(hit: PlaceHit, look: _Around) -> str:
    """ "the Waigaoqiao bonded zone": kept at home until somebody decides."""
    near = any(unit in look.bonded for unit in range(hit.first - 4, hit.last + 3))
    return "stock" if near and hit.place.code == HOME else ""


def _filed_there(hit: PlaceHit, look: _Around) -> bool:
    """ "must it be filed in China": where the papers go, not the goods."""
    clause, units = look.clauses.of[hit.first], look.marked.units
    before = range(max(look.clauses.all[clause].first, hit.first - _FILED), hit.first)
    return hit.place.code == HOME and any(units[unit].stem in _FILES for unit in before)


def _outright(hit: PlaceHit, led: str, followed: str, look: _Around) -> str:
    """The part that nothing else can change: passed through, made there, kept there, denied."""
    making, ours = _making(hit, look), _ours(hit, look)
    led = "" if look.resold and followed == "stock" else led
    if followed in ("transit", "made"):
        return followed
    if followed in _KEPT and led != GOES and (followed != "facility" or making or ours):
        return _KEPT[followed]
    if led in ("transit", "made", "denied"):
        return led
    if led == GOES and making and _moved_there(hit, look):
        return "made"
    builds = followed in ("facility", BUYER) and led != GOES and _word(look.marked, hit.last + 1) in _BUILDS
    return "made" if builds or (led == "in" and making) else ""


def _making(hit: PlaceHit, look: _Around) -> bool:
    """The clause is about making it there; not "made in Shantou and sold to a mine in Kitwe"."""
    made = look.making.get(look.clauses.of[hit.first])
    if made is None:
        return False
    between = [cue for cue in look.before.values() if made < cue.first < hit.first and cue.cue.role == GOES]
    return not any(cue.last - cue.first > 1 or _word(look.marked, cue.first) == "for" for cue in between)


def _moved_there(hit: PlaceHit, look: _Around) -> bool:
    """ "we moved production to Tijuana"."""
    clause = look.clauses.all[look.clauses.of[hit.first]]
    before = {unit.stem for unit in look.marked.units[clause.first : hit.first]}
    return bool(before & _MOVES) and bool(before & _PRODUCTION)


def _unled(hit: PlaceHit, look: _Around, last: Part | None) -> str:
    marked = look.marked
    listed = _listed_with(hit, last, marked)
    if listed:
        return listed
    if hit.place.person and mistaken.speaks(hit, marked):
        return ""
    if hit.place.shy and not (_written_as_name(hit, marked) or _orders(hit, marked) or _is_there(hit, marked)):
        return ""
    return "origin" if _departs(hit, marked) else BARE


def _orders(hit: PlaceHit, marked: Marked) -> bool:
    """ "turkey wants 60 locks" at the start of a clause, where no person has that name."""
    starts = hit.first == 0 or not marked.units[hit.first - 1].is_word
    return starts and not hit.place.person and _word(marked, hit.last) in mistaken.ORDERS


def _is_there(hit: PlaceHit, marked: Marked) -> bool:
    """埃塞那边, "Lazada马来，": said of a place, whatever else the word may mean."""
    if not marked.units[hit.first].text.isascii() and not _word(marked, hit.last).isalnum():
        before = marked.units[hit.first - 1].text if hit.first else ""
        return before.isascii() or not before.isalnum()
    return _word(marked, hit.last) in ("那", "这") and _word(marked, hit.last + 1) in ("边", "里")


def _ours(hit: PlaceHit, look: _Around) -> bool:
    """ "our Izmir plant", 我们越南厂, "from the Izmir plant": where goods start; another one's plant is where they go."""
    before = {u.text for u in look.marked.units[max(hit.first - 2, 0) : hit.first]}
    before -= {"from"} if _led_by(hit, look)[0] == SENDER else set()
    behind = {u.text for u in look.marked.units[hit.last : hit.last + 6]}
    return bool(before & {"our", "们", "自", "咱", "from", "从", "ex"} or behind & {"发", "出", "产", "made", "直"})


def _led_by(hit: PlaceHit, look: _Around) -> tuple[str, bool]:
    """The word of direction before a place, and whether it is right before; adjectives may stand between."""
    at = hit.first
    for reach in range(_REACH + 1):
        cue = look.before.get(at - reach)
        if cue is not None and look.clauses.of[cue.first] == look.clauses.of[hit.first]:
            role = _led_role(cue, hit, look)
            return ("", False) if role == "denied" and not _denies(at - reach, at, look.marked) else (role, reach == 0)
        if at - reach - 1 < 0 or not _passable(look.marked, at - reach - 1):
            return "", False
    return "", False


def _denies(first: int, last: int, marked: Marked) -> bool:
    """ "not to the Vientiane branch", but not "not true that the Vientiane locks"."""
    return all(unit.text in _ARTICLES for unit in marked.units[first:last])


def _led_role(cue: Hit, hit: PlaceHit, look: _Around) -> str:
    if _sent_to(cue, look) or _near_town(cue, hit, look):
        return GOES
    inside = cue.cue.role == "in" and cue.last - cue.first > 1
    if cue.cue.role == "in" and _bought_by(cue, look):
        return BUYER
    if cue.cue.role == "origin" and _of_buyer(cue, look):
        return BUYER
    left = (look.before.get(cue.first - gap) for gap in range(3))
    if inside and any(one is not None and one.cue.role == "origin" for one in left):
        return "made"  # "shipped from our plant in Izmir"
    return SENDER if cue.cue.role == "origin" and _writes(cue, hit, look) else cue.cue.role


def _bought_by(cue: Hit, look: _Around) -> bool:
    """ "purchased by a firm in Dublin"."""
    left = (look.before.get(cue.first - gap) for gap in range(_REACH + 1))
    nearest = next((one for one in left if one is not None), None)
    return nearest is not None and nearest.cue.role == BUYER and nearest.last - nearest.first > 1


def _near_town(cue: Hit, hit: PlaceHit, look: _Around) -> bool:
    """ "a quarry outside Toowoomba" is there; "outside the EU" is anywhere else."""
    return look.marked.units[cue.first].text == "outside" and not (hit.place.whole or hit.place.region)


def _writes(cue: Hit, hit: PlaceHit, look: _Around) -> bool:
    """ "Question from Perth": who writes is there; goods from there would be said to be shipped, bought or made."""
    units, clause = look.marked.units, look.clauses.all[look.clauses.of[cue.first]]
    before = {unit.stem for unit in units[max(clause.first, cue.first - _SHIPS) : cue.first]}
    return units[cue.first].text in _LETTERS and hit.place.code != HOME and not hit.place.demonym and not before & _OF_GOODS


def _of_buyer(cue: Hit, look: _Around) -> bool:
    """ "the customer (a nice man) from Dakar": who is from there, not the goods."""
    units, sentence = look.marked.units, look.clauses.sentence(cue.first)
    near = (h for h in look.marked.layer("places") if 0 <= cue.first - h.last <= _FROM)
    buyer = any(h.cue.id == "buyer_behind" and look.clauses.sentence(h.first) == sentence for h in near)
    return buyer and units[cue.first].text == "from"


def _sent_to(cue: Hit, look: _Around) -> bool:
    """ "to our warehouse in Hamburg": stock is a destination when goods are sent there."""
    if cue.cue.role != "stock":
        return False
    ahead = (look.before.get(cue.first - gap) for gap in range(3))
    return any(one is not None and one.cue.role == GOES for one in ahead)


def _passable(marked: Marked, unit: int) -> bool:
    text = marked.units[unit].text
    if len(text) == 1 and not text.isascii():
        return text in "我们的港口市国他它其了"
    stops = text.endswith("ed") or text in mistaken.PERSON_AFTER or text in _INFINITIVES
    return text.isalpha() and text.isascii() and not stops


def _followed_by(hit: PlaceHit, look: _Around) -> str:
    """The part that the word behind a place gives it; "is only" and 自己 may stand between."""
    at, units = hit.last, look.marked.units
    while at < min(hit.last + _SKIPPED, len(units)) and at not in look.behind and units[at].text in _SKIPS:
        at += 1
    if at not in look.behind and at < len(units) and (hit.place.demonym or units[at].text in _BEHIND):
        at += 1
    cue = look.behind.get(at)
    return cue.cue.role if cue is not None else ""


def _listed_with(hit: PlaceHit, last: Part | None, marked: Marked) -> str:
    """ "to France, Italy and Spain": a place behind another one in a list shares its part."""
    if last is None or last.role not in (GOES, BARE, "denied", "transit"):
        return ""
    between = marked.units[last.hit.last : hit.first]
    if hit.place.code_only and any(unit.text == ";" for unit in between):
        return ""  # "for our office in Hefei; HR okays each opening"
    if not between:
        return last.role if not marked.units[hit.first].text.isascii() else ""
    return last.role if len(between) <= 3 and all(u.text in _LIST for u in between) else ""


def _word(marked: Marked, unit: int) -> str:
    return marked.units[unit].text if unit < len(marked.units) else ""


def _written_as_name(hit: PlaceHit, marked: Marked) -> bool:
    return marked.words(hit.first, hit.last)[:1].isupper()


def _departs(hit: PlaceHit, marked: Marked) -> bool:
    """ "Shenzhen to Hamburg", 布拉格发悉尼: before a direction word is where goods start; abroad only with a place behind it."""
    after = _word(marked, hit.last)
    directed = after in _ARROWS or after in {"to", "到", "至", "发", "运", "直"}
    if hit.place.code == HOME:
        return directed
    return directed and any(other.first == hit.last + 1 for other in marked.places)


def _doubts(parts: Sequence[Part], taken: Sequence[Part], marked: Marked) -> Iterator[Doubt]:
    for part in parts:
        words = marked.words(part.hit.first, part.hit.last)
        if part.hit.place.also and part in taken:
            yield Doubt("destination", words, part.hit.place.also, "ambiguous")
        elif part.hit.place.region and part in taken:
            yield Doubt("destination", words, (), "region")

"""Which claim, place and export word belongs to which product, where a text speaks of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.reading.claim import Claim
from bot.domain.reading.clauses import Clauses
from bot.domain.reading.destinations import Destinations
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.parts import BARE, BUYER, GOES, Part
from bot.domain.reading.products import Mention
from bot.domain.reading.telling import Telling

_RELATIVE = frozenset({"that", "which", "whose"})
_OF_GOODS = frozenset({GOES, BUYER, BARE})
_THINGS = frozenset({"device", "object"})
"""Cues that only name a thing: of what is done with it, and by whom, they say nothing."""


@dataclass(slots=True)
class Share:
    """What the text says of one product."""

    mention: Mention | None
    claims: list[Claim] = field(default_factory=list)
    cues: list[Hit] = field(default_factory=list)
    """The autonomy cues that speak of it."""
    places: list[Part] = field(default_factory=list)
    export_cues: list[Hit] = field(default_factory=list)
    clauses: Sequence[int] = ()
    """The clauses that tell of it, to be weighed as to who decides; none where one name stands for two."""
    alone: bool = False
    """The text names no other product."""

    @property
    def weighable(self) -> bool:
        """Whether the words say anything of who decides; of one product among others only where a cue does."""
        return bool(self.clauses) and (self.alone or any(cue.cue.role not in _THINGS for cue in self.cues))


_Spot = tuple[tuple[int, int], int]
"""Where a mention is named, and its index."""
Said = tuple[Sequence[Claim], Sequence[Hit]]
"""Claims, and the cues they were made of."""


def without_denied(said: Said, phrases: Sequence[Mention], clauses: Clauses) -> Said:
    """What is said of a product that is not meant ("nothing to do with respirators that …") is left out."""
    denied = {clauses.of[p.first]: p.first for p in phrases if p.denied}
    if not denied or all(p.denied for p in phrases):
        return said
    for phrase in phrases:
        clause = clauses.of[phrase.first]
        if not phrase.denied and clause in denied:
            del denied[clause]
    return [c for c in said[0] if clauses.of[c.first] not in denied], said[1]


def bind(
    mentions: Sequence[Mention],
    said: Said,
    places: Destinations,
    export_cues: Sequence[Hit],
    marked: Marked,
    clauses: Clauses,
) -> list[Share]:
    """One share per product; one product (or none) gets everything."""
    claims, cues = said
    if len(mentions) <= 1:
        one = mentions[0] if mentions else None
        whole = range(len(clauses.all))
        share = Share(one, list(claims), list(cues), list(places.taken), list(export_cues), whole, alone=True)
        return _contrasted(share, clauses)
    binder = _Binder(mentions, marked, clauses, cues)
    shares = [Share(mention, clauses=binder.clauses_of(index)) for index, mention in enumerate(mentions)]
    for claim in claims:
        for index in binder.owners(claim.first, claim.kind):
            shares[index].claims.append(claim)
    for cue in cues:
        for index in binder.owners(cue.first, ""):
            shares[index].cues.append(cue)
    for part in places.taken:
        for index in binder.owners(part.hit.first, ""):
            shares[index].places.append(part)
    for cue in export_cues:
        for index in binder.owners(cue.first, ""):
            shares[index].export_cues.append(cue)
    _spread(shares, places, export_cues)
    return shares


def _contrasted(share: Share, clauses: Clauses) -> list[Share]:
    """ "one opens by itself, the other needs approval": one name, two products."""
    if share.mention is None:
        return [share]
    turn = next((cue.first for cue in share.cues if cue.cue.role == "contrast"), None)
    if turn is None:
        return _by_place(share, clauses)
    before = [c for c in share.claims if c.first < turn]
    behind = [c for c in share.claims if c.first > turn]
    if {c.value for c in before} == {c.value for c in behind} or not before or not behind:
        return [share]
    parts = ((before, [c for c in share.cues if c.first < turn]), (behind, [c for c in share.cues if c.first >= turn]))
    return [Share(share.mention, said, cues, share.places, share.export_cues) for said, cues in parts]


def _by_place(share: Share, clauses: Clauses) -> list[Share]:
    """ "Lisbon's asks the concierge, Luanda's never asks anybody": one name, and a product for each place."""
    starts = sorted((part.hit.first, part.code) for part in share.places if part.role in _OF_GOODS)
    if len({code for _, code in starts}) != 2:
        return [share]
    shares = [_of_place(share, code, starts, clauses) for code in dict.fromkeys(code for _, code in starts)]
    one, two = ({claim.value for claim in each.claims if not claim.hedged} for each in shares)
    return shares if len(one) == len(two) == 1 and one != two else [share]


def _of_place(share: Share, code: str, starts: Sequence[tuple[int, str]], clauses: Clauses) -> Share:
    """What is said of the product that goes to this place; what is said of neither place is said of both."""
    claims = [claim for claim in share.claims if _place_of(claim.first, starts, clauses) in ("", code)]
    cues = [cue for cue in share.cues if _place_of(cue.first, starts, clauses) in ("", code)]
    places = [part for part in share.places if part.code == code]
    return Share(share.mention, claims, cues, places, share.export_cues)


def _place_of(unit: int, starts: Sequence[tuple[int, str]], clauses: Clauses) -> str:
    """The last place named before in the sentence, else the first behind in its clause."""
    sentence, own = clauses.sentence(unit), clauses.of[unit]
    before = [code for first, code in starts if first <= unit and clauses.sentence(first) == sentence]
    behind = [code for first, code in starts if first > unit and clauses.of[first] == own]
    return before[-1] if before else behind[0] if behind else ""


def _spread(shares: list[Share], places: Destinations, export_cues: Sequence[Hit]) -> None:
    """A product nothing is said of goes where the others go, once every place and word is bound."""
    for share in shares:
        if not share.places and not share.export_cues:
            share.places.extend(places.taken)
            share.export_cues.extend(export_cues)


class _Binder:
    """Finds the products a unit of the text speaks of."""

    def __init__(self, mentions: Sequence[Mention], marked: Marked, clauses: Clauses, cues: Sequence[Hit]) -> None:
        self._mentions, self._marked, self._clauses = mentions, marked, clauses
        self._spots = sorted((span, index) for index, m in enumerate(mentions) for span in m.spans)
        self._groups = self._coordinated()
        self._told = Telling(mentions, marked, clauses, {cue.first for cue in cues}).clauses()

    def clauses_of(self, index: int) -> list[int]:
        """The clauses that tell of this mention, alone or with others."""
        return [at for at, told in enumerate(self._told) if index in told]

    def owners(self, unit: int, kind: str) -> list[int]:
        """Indexes of the mentions that what stands at this unit speaks of."""
        told = sorted(self._told[self._clauses.of[unit]])
        fitting = [i for i in told if not kind or self._mentions[i].kind in ("", kind)]
        if not fitting:
            fitting = [i for i, m in enumerate(self._mentions) if m.kind in ("", kind)] or told
        named = self._named(unit, fitting)
        if len(named) <= 1 or len({index for _, index in named}) < len(fitting):
            return fitting
        owner = next((spot for spot in reversed(named) if spot[0][0] <= unit), named[0])
        if self._marked.units[min(owner[0][1], len(self._marked.units) - 1)].text in _RELATIVE and owner[0][1] <= unit:
            return [owner[1]]  # "N95 and respirators that …": said of the last one
        return [i for i in self._groups.get(owner, {owner[1]}) if i in fitting]

    def _named(self, unit: int, fitting: Sequence[int]) -> list[_Spot]:
        clause = self._clauses.at(unit)
        return [spot for spot in self._spots if spot[1] in fitting and clause.first <= spot[0][0] < clause.last]

    def _coordinated(self) -> dict[tuple[tuple[int, int], int], set[int]]:
        """Products joined with nothing but "and", numbers and articles between them stand as one group."""
        groups: dict[tuple[tuple[int, int], int], set[int]] = {}
        current: list[tuple[tuple[int, int], int]] = []
        for spot in self._spots:
            if current and not self._joined(current[-1][0][1], spot[0][0]):
                self._settle(groups, current)
                current = []
            current.append(spot)
        self._settle(groups, current)
        return groups

    def _settle(self, groups: dict[tuple[tuple[int, int], int], set[int]], current: list[tuple[tuple[int, int], int]]) -> None:
        if current:
            groups[current[-1]] = {index for _, index in current}

    def _joined(self, end: int, start: int) -> bool:
        between = self._marked.units[end:start]
        return len(between) <= 4 and all(_coordinates(u.text) for u in between)


def _coordinates(text: str) -> bool:
    return text.isdigit() or text in {
        "and",
        "plus",
        "or",
        ",",
        "，",
        "、",
        "和",
        "与",
        "及",
        "或",
        "/",
        "&",
        "+",
        "the",
        "a",
        "an",
        "x",
        "pcs",
        "台",
        "把",
        "套",
        "个",
        "our",
        "some",
        "跟",
    }

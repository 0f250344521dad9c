"""Which claim, place and export word belongs to which product, where a text speaks of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.reading.claim import Claim
from bot.domain.reading.clauses import Clause, Clauses
from bot.domain.reading.destinations import Destinations
from bot.domain.reading.matching import Hit, Marked
from bot.domain.reading.parts import Part
from bot.domain.reading.products import Mention

_RELATIVE = frozenset({"that", "which", "whose"})
_ALL = frozenset({"both", "all", "they", "them", "everything", "neither", "俩", "两"})


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
    """The clauses that speak of it alone, to be weighed as to who decides; none where one name stands for two."""
    alone: bool = False
    """The text names no other product."""


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
        return _contrasted(Share(one, list(claims), list(cues), list(places.taken), list(export_cues), whole, alone=True))
    binder = _Binder(mentions, marked, clauses)
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


def _contrasted(share: Share) -> list[Share]:
    """ "one opens by itself, the other needs approval": one name, two products."""
    turn = next((cue.first for cue in share.cues if cue.cue.role == "contrast"), None)
    if turn is None or share.mention is None:
        return [share]
    before = [c for c in share.claims if c.first < turn]
    behind = [c for c in share.claims if c.first > turn]
    if {c.value for c in before} == {c.value for c in behind} or not before or not behind:
        return [share]
    parts = ((before, [c for c in share.cues if c.first < turn]), (behind, [c for c in share.cues if c.first >= turn]))
    return [Share(share.mention, said, cues, share.places, share.export_cues) for said, cues in parts]


def _spread(shares: list[Share], places: Destinations, export_cues: Sequence[Hit]) -> None:
    """A product nothing is said of goes where the others go, once every place and word is bound."""
    for share in shares:
        if not share.places and not share.export_cues:
            share.places.extend(places.taken)
            share.export_cues.extend(export_cues)


class _Binder:
    """Finds the products a unit of the text speaks of."""

    def __init__(self, mentions: Sequence[Mention], marked: Marked, clauses: Clauses) -> None:
        self._mentions, self._marked, self._clauses = mentions, marked, clauses
        self._spots = sorted((span, index) for index, m in enumerate(mentions) for span in m.spans)
        self._groups = self._coordinated()
        self._told = [self._spoken_of(clause) for clause in clauses.all]

    def clauses_of(self, index: int) -> list[int]:
        """The clauses that name this mention alone, and those behind that name none."""
        return [at for at, told in enumerate(self._told) if told == {index}]

    def _spoken_of(self, clause: Clause) -> set[int]:
        named = {index for (first, _), index in self._spots if clause.first <= first < clause.last}
        return named or set(self.owners(clause.first, "") if clause.first < clause.last else ())

    def owners(self, unit: int, kind: str) -> list[int]:
        """Indexes of the mentions a claim at this unit speaks of."""
        fitting = [i for i, m in enumerate(self._mentions) if not kind or m.kind in ("", kind)]
        if len(fitting) <= 1:
            return fitting
        if self._of_all(unit):
            return fitting
        owner = self._nearest(unit, set(fitting))
        if owner is None:
            return fitting
        if self._marked.units[min(owner[0][1], len(self._marked.units) - 1)].text in _RELATIVE and owner[0][1] <= unit:
            return [owner[1]]  # "N95 and respirators that …": said of the last one
        return [i for i in self._groups.get(owner, {owner[1]}) if i in fitting]

    def _of_all(self, unit: int) -> bool:
        clause = self._clauses.at(unit)
        return any(self._marked.units[i].text in _ALL for i in range(clause.first, clause.last))

    def _nearest(self, unit: int, fitting: set[int]) -> tuple[tuple[int, int], int] | None:
        """The last product named before in this clause, else the first behind in it, else the last in the sentence."""
        clause = self._clauses.at(unit)
        spots = [s for s in self._spots if s[1] in fitting]
        inside = [s for s in spots if clause.first <= s[0][0] < clause.last]
        before = [s for s in inside if s[0][0] <= unit]
        if before:
            return before[-1]
        if inside:
            return inside[0]
        sentence = [s for s in spots if self._clauses.sentence(s[0][0]) == clause.sentence and s[0][0] <= unit]
        return sentence[-1] if sentence else None

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

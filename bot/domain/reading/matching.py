"""Where the lexicon's cues, places and product names stand in a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.facts import Evidence
from bot.domain.reading.folding import Folded, Unit, fold, units
from bot.domain.reading.lexicon import END, Alias, Cue, Lexicon, Place, Trie
from bot.domain.reading.slips import corrected_places, corrected_stems

_GAP = frozenset(" -_./")


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue at units [first, last)."""

    cue: Cue
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place name at units [first, last)."""

    place: Place
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NameHit:
    """A catalogue name at units [first, last)."""

    alias: Alias
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with everything the lexicon recognises in it."""

    folded: Folded
    units: Sequence[Unit]
    hits: Mapping[str, Sequence[Hit]]
    """Layer to its hits, leftmost and longest first, not overlapping within the layer."""
    places: Sequence[PlaceHit]
    names: Sequence[NameHit]
    little: Sequence[PlaceHit] = ()
    """Names of towns that are two Chinese characters: places only where no other is named."""

    def layer(self, name: str) -> Sequence[Hit]:
        """The hits of one layer, in order."""
        return self.hits.get(name, ())

    def words(self, first: int, last: int) -> str:
        """The original words of units [first, last)."""
        evidence = self.evidence(first, last)
        return evidence.words

    def evidence(self, first: int, last: int, cue: str = "") -> Evidence:
        """Units [first, last) as a span of the original text."""
        start, end = self.folded.span(self.units[first].start, self.units[last - 1].end)
        return Evidence(self.folded.original[start:end], start, end, cue)


def mark(text: str, lexicon: Lexicon) -> Marked:
    """Find every cue, place and product name; linear in the length."""
    folded = fold(text, lexicon.simplified)
    found = units(folded.text)
    names = [name for name in _names(folded.text, found, lexicon.aliases) if not _word_of_ours(name, found, folded, lexicon)]
    stems = corrected_stems(found, lexicon.spelling)
    hits = _hits(found, stems, lexicon.cues)
    written = corrected_places(found, hits.get("places", ()), lexicon)
    places = list(_places(folded, found, written, lexicon.places, names))
    little = [hit for hit in places if _is_little(hit, found)]
    return Marked(folded, found, hits, [hit for hit in places if hit not in little], names, little)


def _is_little(hit: PlaceHit, found: Sequence[Unit]) -> bool:
    return hit.place.short and not found[hit.first].text.isascii()


def _word_of_ours(name: NameHit, found: Sequence[Unit], folded: Folded, lexicon: Lexicon) -> bool:
    """ "the gatekeeper": a short name that is an ordinary word, written small."""
    first = found[name.first]
    if name.alias.exact or name.last - name.first > 1 or first.stem not in lexicon.spelling.known:
        return False
    start, end = folded.span(first.start, first.end)
    return folded.original[start:end].islower()


def _hits(found: Sequence[Unit], stems: Sequence[str], trie: Trie) -> dict[str, list[Hit]]:
    hits: dict[str, list[Hit]] = {}
    taken: dict[str, int] = {}
    for first in range(len(found)):
        for layer, found_here in _longest(stems, trie, first).items():
            if first >= taken.get(layer, 0):
                hits.setdefault(layer, []).extend(found_here)
                taken[layer] = found_here[0].last
    return hits


def _longest(stems: Sequence[str], trie: Trie, first: int) -> dict[str, list[Hit]]:
    """Layer to the cues of the longest term beginning here; one term may be several cues."""
    best: dict[str, list[Hit]] = {}
    node = trie.get(stems[first])
    at = first
    while node is not None:
        at += 1
        for cue in node.get(END, ()):
            known = best.get(cue.layer)
            if known is None or known[0].last < at or known[0].cue.typo:
                best[cue.layer] = [Hit(cue, first, at)]
            elif not cue.typo and all(hit.cue.id != cue.id for hit in known):
                known.append(Hit(cue, first, at))
        node = node.get(stems[at]) if at < len(stems) else None
    return best


def _places(
    folded: Folded, found: Sequence[Unit], written: Sequence[str], trie: Trie, names: Sequence[NameHit]
) -> Iterator[PlaceHit]:
    inside = {index for name in names for index in range(name.first, name.last)}
    taken = 0
    for first in range(len(found)):
        if first < taken or first in inside:
            continue
        hit = _longest_place(folded, found, written, trie, first)
        if hit is not None and not _cuts_a_longer(hit, folded, found, written, trie):
            taken = first if _is_little(hit, found) else hit.last
            if hit.place.code or hit.place.also:
                yield hit
            yield from (replace(hit, place=replace(hit.place, code=code, together=())) for code in hit.place.together)


def _cuts_a_longer(hit: PlaceHit, folded: Folded, found: Sequence[Unit], written: Sequence[str], trie: Trie) -> bool:
    """到达曼彻斯特 is no 达曼: a longer name begins inside the shorter."""
    if found[hit.first].text.isascii():
        return False
    inner = (_longest_place(folded, found, written, trie, at) for at in range(hit.first + 1, hit.last))
    longer = (one for one in inner if one is not None and one.last - one.first > hit.last - hit.first)
    return any(hit.place.rare or not one.place.rare for one in longer)


def _longest_place(folded: Folded, found: Sequence[Unit], written: Sequence[str], trie: Trie, first: int) -> PlaceHit | None:
    best = None
    node = trie.get(written[first])
    at = first
    while node is not None:
        at += 1
        for place in node.get(END, ()):
            if _written_so(place, folded, found[first].start, found[at - 1].end) and (best is None or best.last < at):
                best = PlaceHit(place, first, at)
        node = node.get(written[at]) if at < len(written) else None
    return best


def _written_so(place: Place, folded: Folded, start: int, end: int) -> bool:
    if not place.upper_only:
        return True
    begin, stop = folded.span(start, end)
    return folded.original[begin:stop].removesuffix("'s").removesuffix("’s").isupper()


def _names(text: str, found: Sequence[Unit], trie: Trie) -> Iterator[NameHit]:
    starts = {unit.end: index for index, unit in enumerate(found)}
    taken = 0
    for index, unit in enumerate(found):
        if index < taken or unit.text[0] not in trie:
            continue
        end, alias = _walk(text, unit.start, trie)
        if alias is not None:
            last = starts.get(end, index) + 1
            taken = last
            yield NameHit(alias, index, last)


def _walk(text: str, at: int, trie: Trie) -> tuple[int, Alias | None]:
    """The longest name from here, skipping blanks and hyphens inside it; it must end where a word ends."""
    node: Trie | None = trie
    best: tuple[int, Alias | None] = (at, None)
    glued = True
    while at < len(text):
        if text[at] in _GAP and node is not trie:
            at, glued = at + 1, False
            continue
        node = node.get(text[at]) if node is not None else None
        if node is None:
            break
        at += 1
        if END in node and (glued or node[END].exact) and _word_ends(text, at):
            best = (at + (1 if text[at : at + 1] == "s" else 0), node[END])
    return best


def _word_ends(text: str, at: int) -> bool:
    rest = text[at : at + 2]
    if rest[:1] == "s" and not (rest[1:].isascii() and rest[1:].isalnum()):
        return True
    return not (rest[:1].isascii() and rest[:1].isalnum())

"""Which product phrases a text holds: put together from modality, dimension and head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.reading.clauses import Clauses
from bot.domain.reading.matching import Hit, Marked, NameHit
from bot.domain.reading.mention import Mention, classify, with_name

__all__ = ["Mention", "PhraseReader"]

_COMPONENTS = frozenset({"reader", "camera", "module", "part", "spares"})
_OWNERS = frozenset({"part", "spares", "module"})
"""Heads whose "for X" names what they belong to, not another product."""
_STAY_OTHER = frozenset({"respirator", "bare_mask", "gas_mask", "camera", "reader", "module"})
_OTHERS = frozenset({"other", "namesake", "medical"})
_DEEDS = frozenset({"act", "object", "whole_yes", "whole_no", "manual", "approve", "person"})
_STOP_WORDS = """
    and or to for with in from at on by is are the a an our of that which , + & /
    和 及 与 或 跟 、 加 到 发 去 在 给 后 被 让 把 将
"""
_STOP = frozenset(_STOP_WORDS.split())
_BREATHING = frozenset({"respirator", "gas_mask", "facepiece"})
_LISTED = _BREATHING | {"terminal", "lock"}
"""Heads of listed families: a look-alike that one of them has is a part of it ("terminal with intercom")."""
_LIKENED = 4
"""Words between "counts as" and what it counts as."""
_BESIDE = frozenset("和跟与同像=")
_COMPARED = re.compile("[^，,。；;]{0,3}?(没关系|无关|没有关系|有关系|有没有关系|一样|两码事|一回事|是不是一|一类|那类|家族)")
_ARTICLES = frozenset({"the", "a", "an", "any", "our", "your", "their", "these", "those", "this", "that", "more"})


Item = Hit | NameHit


@dataclass(slots=True)
class _Phrase:
    """A mention under construction."""

    first: int
    last: int
    reach: int
    """Where its adjectives end, those behind the head included."""
    head: str = ""
    strong: bool = False
    complete: bool = False
    denied: bool = False
    likened: bool = False
    name: NameHit | None = None
    linked: bool = False
    """Behind the head came "with", "using", …: what follows belongs to it."""
    owned: bool = False
    """Behind the head came "for": what follows is what the part belongs to."""


class PhraseReader:
    """Walks over the product cues of one text and gathers them into mentions."""

    def __init__(self, marked: Marked, clauses: Clauses, families: Sequence[Mapping[str, str]]) -> None:
        self._marked, self._clauses, self._families = marked, clauses, families
        self._open: _Phrase | None = None
        self._atoms: dict[str, set[str]] = {"modality": set(), "dimension": set()}
        self._pending: list[Hit] = []
        self._deny_until = -1
        self._denies = -1
        self._likens = -1
        self._linked, self._link_word = -1, ""
        self._unsure, self._unsaid = -1, False
        self._done: list[Mention] = []

    def read(self) -> list[Mention]:
        """All mentions in order, denied ones included."""
        for item in _items(self._marked):
            self._cut_before(item)
            self._take(item)
        self._close()
        return self._done

    def _take(self, item: Item) -> None:
        if isinstance(item, NameHit):
            self._name(item)
            return
        if item.cue.marks.get("behind") == "modality" and not self._behind_modality(item):
            return
        step = {
            "modality": self._atom, "dimension": self._atom, "head": self._head, "kind": self._head,
            "link": self._link, "for": self._for, "negation": self._negation, "likened": self._liken, "joined": self._join,
            "unsure": self._doubt,
        }.get(item.cue.role)  # fmt: skip
        if step is not None:
            step(item)
        elif item.cue.role == "ignore" and self._headed(item):
            self._head(replace(item, cue=replace(item.cue, role="head"), last=item.first + 1))
        elif item.cue.role == "ignore":
            self._close()
        elif self._open is not None and item.cue.role == "filler" and not self._open.linked:
            self._open.reach = item.last

    def _behind_modality(self, hit: Hit) -> bool:
        phrase = self._open
        return phrase is not None and not phrase.head and phrase.last == hit.first and bool(self._atoms["modality"])

    def _headed(self, item: Hit) -> bool:
        """ "iris lock in Osaka" is no lock-in."""
        phrase = self._open
        return "value" in item.cue.marks and phrase is not None and not phrase.head and phrase.last == item.first

    # -- what ends a phrase ------------------------------------------------------------------------------

    def _cut_before(self, item: Item) -> None:
        """A new clause or a foreign word ends the phrase, except behind "for" or a link in the same clause."""
        phrase, unit = self._open, item.first
        if phrase is None:
            return
        new_clause = self._clauses.of[unit] != self._clauses.of[phrase.last - 1]
        if new_clause and unit - phrase.last <= 4 and (phrase.owned or _owning(phrase, item)):
            return
        gap = unit - max(phrase.last, phrase.reach)
        held = (phrase.linked or phrase.owned) and not new_clause and gap <= 6
        if new_clause or (gap > 0 and not held and not self._bridge(phrase, unit)):
            self._close()

    def _bridge(self, phrase: _Phrase, unit: int) -> bool:
        """One strange adjective may stand before the head: "3D face stainless terminal"."""
        between = self._marked.units[max(phrase.last, phrase.reach) : unit]
        return len(between) == 1 and not phrase.head and between[0].text not in _STOP and between[0].is_word

    def _close(self) -> None:
        phrase, self._open = self._open, None
        if phrase is not None and (phrase.head or phrase.name or any(self._atoms.values())):
            self._done.append(self._mention(phrase))
        self._atoms = {"modality": set(), "dimension": set()}

    def _mention(self, phrase: _Phrase) -> Mention:
        part = phrase.head in _COMPONENTS and bool(self._atoms["modality"]) and 0 <= phrase.first - self._linked <= 2
        mention = Mention(
            spans=((phrase.first, phrase.last),),
            head="" if part and self._done else phrase.head,
            modalities=frozenset(self._atoms["modality"]),
            dimensions=frozenset(self._atoms["dimension"]),
            strong=phrase.strong,
            complete=phrase.complete,
            denied=phrase.denied,
            likened=phrase.likened,
            owner=phrase.owned,
        )
        return classify(with_name(mention, phrase.name), self._families)

    # -- what builds a phrase ----------------------------------------------------------------------------

    def _start(self, first: int, last: int) -> _Phrase:
        if self._open is None:
            denied = self._denies >= 0 and self._right_behind_denial(first) and self._same_clause(first, self._denies)
            self._open = _Phrase(first, last, last, denied=denied or self._waved_off(last), likened=self._compared(first, last))
            self._denies = self._likens = -1
        self._open.last = max(self._open.last, last)
        return self._open

    def _right_behind_denial(self, first: int) -> bool:
        between = self._marked.units[self._deny_until : first]
        return len(between) <= 1 or (len(between) <= 2 and all(u.text in "任何" for u in between))

    def _same_clause(self, one: int, two: int) -> bool:
        return self._clauses.of[one] == self._clauses.of[two]

    def _compared(self, first: int, last: int) -> bool:
        """Right behind "counts as", at most an adjective or two between; 和…一样, 跟…没关系."""
        as_one = self._likens >= 0 and first - self._likens <= _LIKENED and self._same_clause(first, self._likens - 1)
        before = [unit.text for unit in self._marked.units[max(first - _LIKENED, 0) : first]]
        return as_one or (bool(_BESIDE & set(before)) and bool(_COMPARED.match(self._letters(last))))

    def _letters(self, first: int) -> str:
        return "".join(unit.text for unit in self._marked.units[first : first + 8])

    def _waved_off(self, last: int) -> bool:
        """ "… has nothing to do with it" behind the product, in Chinese word order."""
        behind = "".join(u.text for u in self._marked.units[last : last + 3])
        return behind.startswith(("没关系", "无关", "没有关"))

    def _doubt(self, hit: Hit) -> None:
        self._unsure, self._unsaid = hit.last, "all" in hit.cue.marks

    def _atom(self, hit: Hit) -> None:
        if (hit.cue.role == "dimension" or self._unsaid) and 0 <= self._unsure <= hit.first <= self._unsure + _LIKENED:
            return  # "not sure whether it is 3D": neither 3D nor 2D is said
        if self._negated(hit.first):
            if hit.cue.marks["value"] == "3d":
                self._start(hit.first, hit.last)
                self._open_denied_off()
                self._atoms["dimension"].add("2d")
            return
        phrase = self._open
        if phrase is not None and phrase.owned:
            phrase.last = hit.last
            return
        if phrase is not None and phrase.head and not phrase.linked:
            # "terminal structured light": properties behind a head without a link start anew
            self._close()
        self._start(hit.first, hit.last)
        self._atoms[hit.cue.role].add(hit.cue.marks["value"])

    def _open_denied_off(self) -> None:
        if self._open is not None:
            self._open.denied = False

    def _negated(self, unit: int) -> bool:
        if self._denies < 0:
            return False
        between = self._marked.units[self._deny_until : unit]
        near = self._same_clause(unit, self._denies) and all(u.text in _ARTICLES for u in between)
        self._denies = -1 if near else self._denies
        return near

    def _head(self, hit: Hit) -> None:
        value, strong = hit.cue.marks["value"], hit.cue.marks.get("strong") == "yes"
        if value == "ignore":
            self._close()
            return
        if value == "other" and self._linked == hit.first and self._text(hit.last) == "的":
            return  # 带风机的防毒面具
        phrase = self._open
        if phrase is not None and (phrase.owned or self._its_blower(phrase, hit)):
            phrase.last = hit.last
            return
        if phrase is not None and phrase.linked and not self._component(hit, strong):
            self._reopen_with_last_atoms(hit)
            phrase = self._open
        elif phrase is not None and phrase.linked:
            phrase.last = hit.last
            return
        phrase = self._start(hit.first, hit.last)
        self._set_head(phrase, value, strong, hit.cue.role == "kind")

    def _its_blower(self, phrase: _Phrase, hit: Hit) -> bool:
        """呼吸器风机: the blower of the respirator."""
        return phrase.head in _BREATHING and phrase.last == hit.first and hit.cue.id == "lookalike_other"

    def _text(self, unit: int) -> str:
        return self._marked.units[unit].text if unit < len(self._marked.units) else ""

    def _component(self, hit: Hit, strong: bool) -> bool:
        """Whether a head behind "with" is a part of the product rather than a product."""
        beside = (
            hit.cue.marks["value"] == "other"
            and self._link_word != "plus"
            and self._open is not None
            and self._open.head in _LISTED
        )
        return beside or hit.cue.marks["value"] in _COMPONENTS or not strong

    def _reopen_with_last_atoms(self, hit: Hit) -> None:
        """ "terminal with iris lock": the lock is a product of its own, and the iris is the lock's."""
        atoms = self._atoms
        phrase = self._open
        assert phrase is not None
        own = {role: {v for v, at in self._fresh(role) if at >= phrase.last - 2} for role in atoms}
        self._atoms = {role: atoms[role] - own[role] for role in atoms}
        self._close()
        self._atoms = own
        self._open = _Phrase(hit.first, hit.last, hit.last)

    def _fresh(self, role: str) -> Iterator[tuple[str, int]]:
        for hit in reversed(self._marked.layer("products")):
            if self._open is not None and self._open.first <= hit.first < self._open.last and hit.cue.role == role:
                yield hit.cue.marks["value"], hit.first

    def _set_head(self, phrase: _Phrase, value: str, strong: bool, complete: bool) -> None:
        if phrase.head in _OTHERS and value in _STAY_OTHER and not complete:
            return
        if phrase.head and not strong and value not in _COMPONENTS:
            return
        if phrase.head in {"respirator", "gas_mask"} and value in {"bare_mask", "respirator", "gas_mask"}:
            return
        phrase.head, phrase.strong, phrase.complete = value, phrase.strong or strong, complete
        if value in _OWNERS:
            phrase.name = None

    def _link(self, hit: Hit) -> None:
        if self._open is not None and (self._open.head or self._open.name):
            self._open.linked = True
        self._linked, self._link_word = hit.last, self._text(hit.first)

    def _for(self, _hit: Hit) -> None:
        phrase = self._open
        if phrase is not None and phrase.head in _OWNERS:
            phrase.owned = True
        elif phrase is not None:
            self._close()

    def _join(self, hit: Hit) -> None:
        """ "palm vein and 3D face in one lock": what is recognised belongs to one product, though "and" stands between."""
        while self._open is not None and self._done and self._headless(self._done[-1], hit):
            other = self._done.pop()
            self._open.first = other.first
            self._atoms["modality"] |= other.modalities
            self._atoms["dimension"] |= other.dimensions
        if self._open is not None and not self._open.head:
            self._open.reach = hit.last

    def _headless(self, mention: Mention, hit: Hit) -> bool:
        return not (mention.head or mention.named or mention.denied) and self._same_clause(mention.first, hit.first)

    def _liken(self, hit: Hit) -> None:
        self._close()
        self._likens = hit.last

    def _negation(self, hit: Hit) -> None:
        if self._open is not None and not self._open.linked:
            self._close()
        self._denies, self._deny_until = hit.first, hit.last

    def _name(self, hit: NameHit) -> None:
        if self._open is not None and self._open.owned:
            self._open.last = hit.last
            return
        if self._open is not None and (self._open.name or self._open.linked):
            self._close()
        phrase = self._start(hit.first, hit.last)
        phrase.name = hit


def _owning(phrase: _Phrase, item: Item) -> bool:
    """ "canisters only (for GasShield X)"."""
    return phrase.head in _OWNERS and isinstance(item, Hit) and item.cue.role in {"for", "only"}


def _items(marked: Marked) -> Iterator[Item]:
    """Product cues and catalogue names in order; a cue inside a name is part of the name."""
    inside = {unit for name in marked.names for unit in range(name.first, name.last)}
    inside |= set(_spoken_for(marked))
    cues = (hit for hit in marked.layer("products") if hit.first not in inside and hit.last - 1 not in inside)
    items: list[Item] = [*cues, *marked.names]
    yield from sorted(items, key=lambda item: item.first)


def _spoken_for(marked: Marked) -> Iterator[int]:
    """Heads inside a longer cue of autonomy: the filter in "switches the filter" is no product."""
    deeds = {
        unit: hit
        for hit in marked.layer("autonomy")
        if hit.last - hit.first > 1 and hit.cue.role in _DEEDS
        for unit in range(hit.first, hit.last)
    }
    behind = {hit.last for hit in marked.layer("products") if hit.cue.role == "modality"}
    for hit in marked.layer("products"):
        deed = deeds.get(hit.first)
        if hit.first in behind:
            continue  # "the iris lock opens": the lock is the iris lock's, whatever it does
        if deed is not None and hit.cue.role in {"head", "kind"} and hit.last <= deed.last:
            shorter = hit.last - hit.first < deed.last - deed.first
            yield from range(hit.first, hit.last) if shorter else ()

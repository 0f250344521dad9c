"""Of which products each clause tells, where a text speaks of several."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from bot.domain.reading.clauses import Clause, Clauses
from bot.domain.reading.matching import Marked
from bot.domain.reading.mention import Mention

_ALL = frozenset({
    "both", "all", "everything", "neither", "either", "none", "they", "them", "these", "those", "俩", "两", "均", "全",
})  # fmt: skip
"""Words for every product named so far."""
_IT = frozenset({"it", "its", "this", "that", "它", "该", "此"})
_EACH_TIME = frozenset("每次回谁什么怎哪无论何到")
"""Characters behind which 都 says "always", "whoever", …"""
_BRACKETS = frozenset("(（[【")
_LIST_MARKS = frozenset(",，、:：")
Told = frozenset[int]


class Telling:
    """Walks over the clauses and keeps in mind which products are being spoken of."""

    def __init__(self, mentions: Sequence[Mention], marked: Marked, clauses: Clauses, cues: Collection[int]) -> None:
        self._marked, self._clauses, self._cues = marked, clauses, cues
        self._spots = sorted((span, index) for index, m in enumerate(mentions) for span in m.spans)
        self._everything = frozenset(range(len(mentions)))
        self._seen: list[int] = []
        self._listed: list[int] = []
        """Products named since anything was last said of one: what is said next is said of them all."""
        self._spent = False
        """Something was said of the products listed, so the next one named begins a new list."""
        self._last = self._everything

    def clauses(self) -> list[Told]:
        """The products of each clause, in order."""
        return [self._told(clause) for clause in self._clauses.all]

    def _told(self, clause: Clause) -> Told:
        named = [index for (first, _), index in self._spots if clause.first <= first < clause.last]
        self._seen += [index for index in named if index not in self._seen]
        said = any(unit in self._cues for unit in range(clause.first, clause.last))
        self._last = self._of(clause, named, said=said)
        self._spent = self._spent or said
        return self._last

    def _of(self, clause: Clause, named: Sequence[int], *, said: bool) -> Told:
        if self._of_all(clause):
            return frozenset(self._seen) if len(self._seen) > 1 else self._everything
        if named:
            return self._named(clause, named, said=said)
        if not self._seen:
            return self._everything
        if clause.opener in _BRACKETS or self._opens_with(clause, _IT):
            return frozenset(self._listed[-1:]) or self._last
        return frozenset(self._listed) if self._listed and not self._spent else self._last

    def _named(self, clause: Clause, named: Sequence[int], *, said: bool) -> Told:
        if self._spent:
            self._listed, self._spent = [], False
        joined = said and clause.opener in _LIST_MARKS and len(set(named)) == 1 and self._bare_before(clause)
        before = list(self._listed) if joined else []
        self._listed += [index for index in named if index not in self._listed]
        return frozenset((*before, *named))

    def _bare_before(self, clause: Clause) -> bool:
        """ "iris locks, vein locks that open alone": the clause before this one names a product and says nothing else."""
        before = self._clauses.all[self._clauses.of[clause.first] - 1]
        names = {unit for span, _ in self._spots for unit in range(*span)}
        return before.sentence == clause.sentence and all(
            unit in names or not self._marked.units[unit].is_word for unit in range(before.first, before.last)
        )

    def _of_all(self, clause: Clause) -> bool:
        texts = [unit.text for unit in self._marked.units[clause.first : clause.last]]
        each = any(two == "都" and one not in _EACH_TIME for one, two in pairwise(["", *texts]))
        return each or bool(_ALL & set(texts))

    def _opens_with(self, clause: Clause, words: Collection[str]) -> bool:
        opening = self._marked.units[clause.first : clause.first + 2]
        return any(unit.text in words for unit in opening)

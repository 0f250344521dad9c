"""People named by a trade the word lists do not hold: a word is known by its ending (watchman, 收费员)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.reading.lexicon import Cue
from bot.domain.reading.matching import Hit, Marked

_TRADE = re.compile(
    r"(?!german|roman|norman|human|ottoman|talisman)[a-z]{3,}(man|men|woman|women|keeper|guard|minder|warden|marshal|porter)('s)?"
)
_COINED = re.compile("[A-Z][a-z]+[A-Z]")
"""As makers coin names: "DoorGuard 5" is no guard."""
_PERSON = Cue("person", "autonomy", "person")
_ENDS = {
    "员": "检务票管理控警保巡查收费值守护勤服导引监督察接待操作业司驾列乘验核库仓档图书门卫安消防哨",
    "警": "门交狱武法民刑特路巡乘女",
    "官": "教警军法考检边关狱",
    "兵": "哨卫门宪岗",
    "长": "班科队店厂站所组排连营舰船机院处课岗哨",
}
"""A last character, and those before it that make it a trade."""


def with_people(hits: Sequence[Hit], marked: Marked) -> list[Hit]:
    """The cues, and a person for every trade among the words that no cue covers."""
    covered = {unit for hit in hits for unit in range(hit.first, hit.last)}
    covered |= {unit for found in (marked.places, marked.names) for p in found for unit in range(p.first, p.last)}
    found = [hit for at in range(len(marked.units)) if at not in covered and (hit := _trade(at, covered, marked))]
    return sorted([*hits, *found], key=lambda hit: hit.first) if found else list(hits)


def _trade(at: int, covered: set[int], marked: Marked) -> Hit | None:
    units = marked.units
    text = units[at].text
    if text.isascii():
        trade = _TRADE.fullmatch(text) and not _COINED.match(marked.words(at, at + 1))
        return Hit(_PERSON, at, at + 1) if trade else None
    before = units[at - 1].text if at else ""
    if at - 1 in covered or before not in _ENDS.get(text, "") or not before:
        return None
    return Hit(_PERSON, at - 1, at + 1)

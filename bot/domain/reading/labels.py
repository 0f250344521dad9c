"""Headings with a short answer behind them: "Operator approval: not required", "人工确认：无"."""

from __future__ import annotations

import re

from bot.domain.facts import Truth
from bot.domain.reading.matching import Hit, Marked

_MARKS = frozenset(":=：?？") | {"-", "–", "—"}
_ENDS = frozenset(".!?;,。！？；，、¶|()（）")
_FAR, _LONG = 6, 4
"""The mark stands at most so many words behind; an answer has at most so many words."""
_NEED = r"( (is|are))?( (required|needed|necessary|foreseen|planned|provided|asked for|wanted))?"
_NO = re.compile(
    r"(no|none|nil|n|false|zero|never|nobody|no one|not|nothing|waived|dropped|removed"
    r"|否|[无没免不非]|没有|取消|(无|不)(需|须|用|必|要|需要|必要))" + _NEED
)
_YES = re.compile(r"(yes|y|true|always|mandatory|是|有|要|需要|必须|必需|需|required|needed|obligatory)( (required|needed))?")
_OPEN = re.compile(
    r"(n ?/ ?a|na|tb[acd]|unknown|open|pending|optional|\?+|maybe|depends"
    r"|not (yet )?(applicable|clear|known|specified|stated|decided|sure|defined)"
    r"|to be .+|待.{1,3}|未.{1,3}|不(明|详|适用|清楚|知道|确定)|可选|选配|看情况|没说|没定)"
)


def answered(hit: Hit, marked: Marked) -> Truth | None:
    """What a heading at this cue is answered with; unknown where the answer leaves it open; none without one."""
    units = marked.units
    at = next((i for i in range(hit.last, min(hit.last + _FAR, len(units))) if units[i].text in _MARKS | _ENDS), None)
    if at is None or units[at].text not in _MARKS:
        return None
    words = _answer(marked, at + 1)
    if _NO.fullmatch(words):
        return Truth.NO
    if _YES.fullmatch(words):
        return Truth.YES
    return Truth.UNKNOWN if _OPEN.fullmatch(words) else None


def _answer(marked: Marked, first: int) -> str:
    """The words up to the next mark; Han characters without blanks between; empty when it is no short answer."""
    said: list[str] = []
    for unit in marked.units[first : first + _LONG + 1]:
        if unit.text in _ENDS and said:
            break
        said.append(unit.text)
    words = "".join(said) if said and not said[0].isascii() else " ".join(said)
    return words if len(said) <= _LONG else ""

"""Headings with a short answer behind them: "Operator approval: not required", "人工确认：无"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.facts import Truth
from bot.domain.reading.folding import Unit
from bot.domain.reading.matching import Hit, Marked

_MARKS = frozenset(":=：?？|") | {"-", "–", "—"}
_ENDS = frozenset(".!?;,。！？；，、¶|()（）")
_DOTS = frozenset(".…")
_FAR, _LONG = 6, 4
"""The mark stands at most so many words behind; an answer has at most so many words."""
_NEED = r"( (is|are))?( (required|needed|necessary|foreseen|planned|provided|asked for|wanted))?( at all| whatsoever| here)?"
_NO = re.compile(
    r"(no|none|nil|n|0|skipped|false|zero|never|nobody|no one|not|nothing|waived|dropped|removed|deleted|abolished|omitted|absent"
    r"|否|[无没免不非]|没有|已?(取消|删除|去掉)|(无|不)(需|须|用|必|要|需要|必要))" + _NEED
)
_NOT_THERE = [["not", word] for word in ("part", "foreseen", "included", "present", "there", "implemented", "available", "in")]
_NOT_THERE_ZH = ("产品里没有", "没有这", "不存在", "流程里没有", "未设", "不设", "不含")
_DEVICE = re.compile(
    r"(by )?(the )?(system|device|terminal|lock|algorithm|software|firmware|ai|automatic|automatically)|系统|设备|算法|自动|软件"
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
    near = range(_behind_bracket(hit.last, marked), min(hit.last + _FAR + _LONG, len(units)))
    at = next((i for i in near if units[i].text in _MARKS | _ENDS), None)
    if at is None or not (units[at].text in _MARKS or _dotted(at, marked)):
        return None
    while at + 1 < len(units) and units[at + 1].text in _DOTS:
        at += 1
    words = _answer(marked, at + 1)
    denied = at + 1 < len(units) and units[at + 1].text == "not"
    if _NO.fullmatch(words) or _not_there(units[at + 1 : at + 7]):
        return Truth.NO
    if _DEVICE.fullmatch(words):
        return Truth.NO
    if _YES.fullmatch(words):
        return Truth.YES
    return Truth.UNKNOWN if _OPEN.fullmatch(words) or denied else None


def _not_there(answer: Sequence[Unit]) -> bool:
    """ "not part of the process", 产品里没有这一项."""
    words = [unit.text for unit in answer]
    return words[:2] in _NOT_THERE or "".join(words).startswith(_NOT_THERE_ZH)


def _behind_bracket(first: int, marked: Marked) -> int:
    """ "operator approval (per event): none": what the bracket says is no answer."""
    units = marked.units
    if first >= len(units) or units[first].text not in "(（":
        return first
    ends = (i + 1 for i in range(first, min(first + _FAR, len(units))) if units[i].text in ")）")
    return next(ends, first)


def _dotted(at: int, marked: Marked) -> bool:
    """ "guard approval ... none"."""
    return marked.units[at].text == "…" or [u.text for u in marked.units[at : at + 2]] == [".", "."]


def _answer(marked: Marked, first: int) -> str:
    """The words up to the next mark; Han characters without blanks between; empty when it is no short answer."""
    said: list[str] = []
    for unit in marked.units[first : first + _LONG + 1]:
        if unit.text in _ENDS and said:
            break
        said.append(unit.text)
    words = "".join(said) if said and not said[0].isascii() else " ".join(said)
    return words if len(said) <= _LONG else ""

"""What the reader has no intent for: whether a text asks something, and the door behind which what it speaks of is done."""

from __future__ import annotations

import re

_ORDERS = r"(?:can|could|would|will) you (?!show|tell|say|give|see|check|list)|please (?!show|tell|say|give|see|check|list)"
_ASKS = re.compile(
    rf"^\W*(?:(?:and|so|but|then|now|ok|hi|hey|hello)\b\W*)*(?!{_ORDERS})"
    r"(?:(?:please|may|can|could|should|must|shall|is|are|was|were|does|do|did|has|have|had|will|would|when|where|what|which|who|whose"
    r"|why|how|any|show|tell|list|see|check|look)\b)|吗|呢|什么|哪|谁|怎|几|多少|何时|能不能|可以|能否|是否|有没有|看看|查",
    re.IGNORECASE,
)
_QUESTION = re.compile(rf"^(?!\W*(?:{_ORDERS})).*[?？]", re.IGNORECASE | re.DOTALL)
_BARE = re.compile(r"\W*(?:(?:filing|shipment|order|about|备案|货运|订单)\W*)?[A-Z]{1,6}-?\d[A-Z0-9_-]*\W*", re.IGNORECASE)
_DOORS = {
    "price": r"\b(?:prices?|costs?|quotes?|quotation|discount)\b|价格|价钱|多少钱|报价|单价",
    "calendar": r"\bcalendars?\b|\bics\b|日历|日程",
    "pause": r"\b(?:holiday|vacation|deputy)\b|\bon leave\b|\bout of (?:the )?office\b"
    r"|\b(?:i|we)(?:['’]m| am|['’]ll be| will be) (?:away|off)\b|休假|请假|放假|年假|度假|代理人",
    "done": r"\b(?:done|finished|completed?|ready)\b|完成|做完|办完|办好|搞定",
    "move": r"\b(?:move|change|shift|postpone|push|delay|reschedule|etd)\b|推迟|延后|延期|顺延|提前|改期|船期",
    "person": r"\b(?:assign|reassign|hand|owner|responsible)\b|交给|分配|转给|负责",
    "shipment": r"\b(?:cancel|delete|remove|split|sailed|shipped|departed|left)\b|取消|删除|作废|拆分|开船|已发",
    "release": r"\b(?:release|approve|lift|sign|ship)\b|放行|批准|签",
}
ASIDE = frozenset({"price", "calendar", "pause"})
"""What has nothing to do with whether goods need a filing."""


_HOW = re.compile(
    r"\b(?:where|status|stand|stuck|ship|leave|sail|depart|go|hold|released?|late|ready|earliest|progress|far)\b"
    r"|到哪|哪一步|进度|进展|状态|能发|可以发|能走|可以走|放行|出发|最早",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|this|that|they|these|the (?:filing|shipment|goods))\b|[\u4e00-\u9fff]", re.IGNORECASE)
_YOU = re.compile(r"\byou(?:r|['’]\w+)?\b|[你您]", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|earliest|soon)\b|什么时候|何时|几时|最早|多久", re.IGNORECASE)


def is_question(text: str) -> bool:
    """Whether it asks: by its mark, its first word, or by naming a thing and nothing else; not where it gives an order."""
    return bool(_ASKS.search(text) or _QUESTION.search(text) or _BARE.fullmatch(text.strip()))


def door_to(text: str) -> str:
    """What it speaks of that is done elsewhere ("calendar", "pause", …), "" for nothing we know of."""
    return next((name for name, words in _DOORS.items() if re.search(words, text, re.IGNORECASE)), "")


def asks_of_it(text: str) -> bool:
    """Whether it asks how "it", what a thread is about, stands: where it is, whether it may go, when."""
    return is_question(text) and bool(_HOW.search(text) and _IT.search(text))


def asks_when(text: str) -> bool:
    """Whether it asks for a time."""
    return bool(_WHEN.search(text))


def is_to_somebody(text: str) -> bool:
    """Whether it speaks to whoever reads it: in a thread that is people among themselves."""
    return bool(_YOU.search(text))

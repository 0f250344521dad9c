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


def is_question(text: str) -> bool:
    """Whether it asks: by its mark, its first word, or by naming a thing and nothing else; not where it gives an order."""
    return bool(_ASKS.search(text) or _QUESTION.search(text) or _BARE.fullmatch(text.strip()))


def door_to(text: str) -> str:
    """What it speaks of that is done elsewhere ("calendar", "pause", …), "" for nothing we know of."""
    return next((name for name, words in _DOORS.items() if re.search(words, text, re.IGNORECASE)), "")

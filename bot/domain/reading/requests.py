"""What somebody asks of reminders in their own words: once, every week, so long before an ETD, another ETD, what is due, what
is done."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.reading.counts import COUNT, count_of

LONGEST = 300
"""A request is short; what is longer tells of something else, and would take long to search."""
ROLE_WORDS = {
    "SHIP": "logistics|shipping|the forwarder|forwarder|物流|货代|船务|单证",
    "PM": "pm|project manager|the project manager|项目经理",
    "REG": "compliance|regulatory|合规|法规",
    "LEGAL": "legal|the lawyers|法务",
    "SALES": "sales|销售",
    "RD": "r&d|engineering|研发",
    "HEAD": "management|the release authority|放行人|领导",
}
"""A role and how people call it."""
_US = "me|us|我们|我|大家"
_CHAT_ID = "@[UW][A-Z0-9]{1,30}"
_NAME = rf"(?-i:{_CHAT_ID}|[A-Z][a-z]+(?![A-Za-z0-9])(?: [A-Z][a-z]+(?![A-Za-z0-9]))?)"
"""Somebody by name, or as the chat mentions people ("@U123"); who that is, and whether there is such a person, knows whoever
knows the people."""
_WHO = "|".join([_US, *ROLE_WORDS.values(), _NAME])
_DAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_ZH = "一二三四五六日"
_ORDER = r"[A-Z]{2,6}(?:-\d[A-Z0-9_-]{0,20}|\d[A-Z0-9_-]{1,20})"
_THING = rf"(?:[FS]-\d{{1,9}}|{_ORDER})"
_CALL = r"(?:remind|ping|nudge|notify|tell|alert|chase)"
_CALL_ZH = r"(?:提醒|通知|催)(?:一下)?"
_ETD_EN = r"(?:etd|ship(?:ping|ment)? date|departure|sailing)"
_ETD_ZH = "(?:船期|离港|开船|发货|发运|etd)"
_SPAN_EN = (
    rf"\b(?P<count>{COUNT})\s+(?P<working>working |business )?(?P<unit>day|week)s?\s+"
    r"(?P<side>before|ahead of|prior to|after)\s+"
)
_SPAN_ZH = rf"(?P<count>{COUNT})个?(?P<working>工作)?(?P<unit>天|日|周|星期)"
_LEAVES = r"(?:leaves?|ships?|sails?|departs?|goes out)"
_NOT_US = "用户|佩戴者|客户|保安|值班"
"""Whom a product reminds, not this desk."""


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("".join(parts), re.IGNORECASE)


_DAY_EN = "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_WEEKLY_EN = _pattern(
    rf"\b{_CALL}\s+({_WHO})\b(?:\s+weekly\b|.*?\b(?:(?:every|each)\s+(week|(?:{_DAY_EN})s?)|on\s+((?:{_DAY_EN})s))\b)"
)
_SPANS_EN = (
    r"other|second|third|(?:two|three|four|[2-9])\s+(?:day|week|month)s?|(?:working |work|week|business )?day|morning|month"
    rf"|quarter|year|hour|(?:{_DAY_EN})s?\s*(?:,|&|/|and|or)\s*(?:{_DAY_EN})"
)
_RHYTHM_EN = _pattern(
    rf"\b{_CALL}\s+(?:{_WHO})\b(?:\s+(?:daily|monthly|hourly|quarterly|biweekly|fortnightly)|.*?\b(?:every|each)\s+(?:{_SPANS_EN}))\b"
)
_SPANS_ZH = (
    "每(?:天|日|个?月|隔|[两二三四2-4]|个?工作日|小时|季|年)|隔(?:周|天|日)"
    rf"|每个?(?:周|星期|礼拜)[{_DAYS_ZH}天](?:[、，,和跟与及]|[{_DAYS_ZH}天])"
)
_SEVERAL = _pattern(
    rf"\b{_CALL}\s+(?:{_WHO})(?:\s*,\s*|\s*&\s*|\s+and\s+)(?:{_WHO})\b|{_CALL_ZH}(?:{_WHO})\s*(?:和|、|跟|及)\s*(?:{_WHO})"
)
"""More people than one, of whom one would be reminded and the others lost."""
_RHYTHM_ZH = _pattern(rf"(?:{_SPANS_ZH}).{{0,16}}?{_CALL_ZH}(?!{_NOT_US})")
"""Again and again, but otherwise than on one day of each week."""
_WEEKLY_ZH = _pattern(rf"每个?(?:周|星期|礼拜)([{_DAYS_ZH}天])?.{{0,12}}?{_CALL_ZH}({_WHO})?(?!{_NOT_US})")
_ANCHOR_EN = (
    rf"(?:(?:the|its|our)\s+)?(?:{_ETD_EN}\b|(?:it|they|goods|order|shipment|vessel)\s+{_LEAVES}\b"
    rf"|(?:(?:order|shipment|filing)\s+)?{_THING}(?:\s+{_LEAVES}\b|(?=\s*(?:$|[,.;!?]|(?:please|to|about|and|{_CALL})\b))))"
)
"""What days are counted from: "the ETD", "it leaves", "SO-4711" where nothing else of it is named ("the report of F-1")."""
_ANCHOR_ZH = rf"(?:{_ETD_ZH}[日期]?|(?:出发|出货|出运|启运|起运)|{_THING}\s*)"
_OFFSETS = (
    _pattern(rf"\b{_CALL}\s+(?P<who>{_WHO})\b.*?{_SPAN_EN}", _ANCHOR_EN),
    _pattern(_SPAN_EN, _ANCHOR_EN, rf"[^.?!]{{0,30}}\b{_CALL}\s+(?P<who>{_WHO})\b"),
    _pattern(rf"^\W*{_SPAN_EN}", _ANCHOR_EN, rf"(?:\s+of\s+{_THING})?(?P<who>)\W*$"),
    _pattern(_ANCHOR_ZH, rf"[之以的]?(?P<side>前|后)的?{_SPAN_ZH}.{{0,8}}?{_CALL_ZH}(?P<who>{_WHO})"),
    _pattern(_ANCHOR_ZH, rf"的?{_SPAN_ZH}[之以]?(?P<side>前).{{0,8}}?{_CALL_ZH}(?P<who>{_WHO})"),
    _pattern(rf"{_CALL_ZH}(?P<who>{_WHO}).{{0,20}}?", _ANCHOR_ZH, rf"[之以的]?(?P<side>前|后)的?{_SPAN_ZH}"),
    _pattern(rf"提(?P<side>前){_SPAN_ZH}.{{0,4}}?{_CALL_ZH}(?P<who>{_WHO})"),
    _pattern(rf"{_CALL_ZH}(?P<who>{_WHO}).{{0,20}}?提(?P<side>前){_SPAN_ZH}"),
)
"""So long before or after an ETD; the third is nothing but that, said without a call to remind anybody."""
_ONCE = _pattern(rf"\b(?:remind|ping|nudge|chase)\s+({_WHO})\b|(?:提醒|催)(?:一下)?(?!{_NOT_US})({_WHO})?(?:一下)?")
_NOT_ASKED = _pattern(
    r"\b(?:don['’]?t(?! forget)|do not(?! forget)|never|stop|no need)\b|^\W*(?:why|did|when|who)\b",
    "|不要|不用|不必|无需|(?<!特)别(?![的忘])|为什么|为何",
)
"""Speaks of a reminder without asking for one."""
_MOVE_EN = r"\b(?:move|change|shift|postpone|push|set|delay|reschedule)\b"
_SLIPPED = "(?:moved|changed|shifted|postponed|pushed|delayed|rescheduled|slipped|slips)"
_MOVE_ZH = "(?:改|推迟|延|提前|调整|变更|挪)"
_MOVED = _pattern(
    rf"\b{_ETD_EN}\b.*\b(?:to|now|is|on)\b",
    rf"|{_MOVE_EN}.*\b(?:etd|ship date)\b",
    rf"|{_MOVE_EN}[^.?!]{{0,20}}\b{_THING}[^.?!]{{0,20}}\b(?:to|until)\b",
    rf"|{_THING}[^.?!]{{0,20}}\b{_SLIPPED}\b[^.?!]{{0,12}}\b(?:to|until)\b",
    rf"|{_ETD_ZH}日?.{{0,4}}{_MOVE_ZH}",
    rf"|{_THING}\s*的?{_MOVE_ZH}",
    rf"|^\W*{_THING}(?:['’]s|的)?[\s,:，：]*(?:new |新)?(?:{_ETD_EN}|{_ETD_ZH})[^?？吗]{{1,45}}$",
)
"""The last form is a number and its ETD, and nothing else: "SO-4711 ETD 5 March"."""
_BY_EN = rf"\s+(?:by\s+)?(?P<count>{COUNT})\s+(?P<unit>day|week)s?\b(?!\s+(?:before|after))"
_EARLIER = _pattern(r"\b(?:forward|earlier|sooner|advance|pull)\b|提前")
_SHIFTED = (
    _pattern(r"\b(?:move|shift|postpone|push|delay|slip|bring|advance|pull)s?\b[^.?!]{0,30}?", _BY_EN),
    _pattern(rf"(?:{_ETD_ZH}日?期?|{_THING})\s*的?.{{0,4}}?(?:推迟|延后|延期|顺延|推后|提前)了?{_SPAN_ZH}"),
    _pattern(rf"(?:推迟|延后|顺延|推后).{{0,4}}?{_THING}\s*{_SPAN_ZH}"),
)
"""An ETD moves by so many days; to which day, says the one it has."""
_DUE_EN = _pattern(
    r"\b(?:what(?:'s|’s|s| is| do i have| must i do)?|anything|which tasks are|show me what(?:'s|’s| is))\b",
    r"[^.?]{0,20}\b(?:due|to do|to be done|coming up)\b",
    r"(?:\s+(?:for|by|in|on|until|of|me|us|mine|ours|now|then|please|the end of))*",
    r"\s*(today|tomorrow|this week|next week|this month|next month)?\s*(?:please)?\s*[?.!]*$",
)
_DUE_ZH = _pattern(
    "(今天|今日|明天|本周|这周|这个?星期|这个?礼拜|下周|下个?星期|本月|这个?月|下个?月).{0,6}",
    "(?:到期|要做|要办|待办|截止|要完成)",
)
_OVERDUE = _pattern(
    r"\b(?:what(?:'s|’s|s| is| of mine is)|anything|which tasks are)\b[^.?]{0,12}\boverdue\b[^.?]{0,12}[?.!]*$"
    r"|^\W*(?:我的?)?有?(?:哪些|什么)?(?:任务|事项|事情)?(?:已经?)?(?:逾期|超期)了?的?(?:任务|事项)?(?:有哪些|有什么)?\W*$"
)
_DONE = _pattern(
    r"(?:(?:it(?:'s| is)|that(?:'s| is)|this is|all|ok|okay|yes|i(?:'m| am)|we(?:'re| are))[ ,]+)*",
    r"(?:[a-z]\d{1,2}[ :]+)?(?:is |are )?(?:done|finished|completed|complete|sorted|ready)(?:[ :]+(?:with )?[a-z]\d{1,2})?[.! ]*",
    r"|(?:[a-z]\d{1,2}\s*)?(?:已经?|都)?(?:搞定|完成|做完|办完|办好|弄好|处理好|好)了?[。！!\s]*",
)
_ITEM = re.compile(r"(?<![a-z0-9-])([na]\d{1,2})(?![a-z0-9])", re.IGNORECASE)
_ID = re.compile(r"(?<![A-Za-z0-9])([FS]-\d{1,9})(?![A-Za-z0-9-])", re.IGNORECASE)

_OF_WHAT = _pattern(r"\b(?:of|for|in|on|the|task|item|as|has been|was)\b|\bmark\b|的|任务|事项")
MENTIONED = re.compile(rf"(?<![A-Za-z0-9]){_CHAT_ID}(?![A-Za-z0-9])")
"""Somebody mentioned in the chat's own way."""
_WEEKS = {"week": 7, "周": 7, "星期": 7}

_NUMBER = re.compile(rf"(?<![A-Z0-9])({_ORDER})")
"""An order or shipment number; Chinese may follow without a space."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood. `kind`: once (on `day`), weekly, rhythm (another one, which nobody keeps), several (people),
    offset (from the ETD), etd (another one, on `day`, or `offset` days from the one it has), due (up to `day`) or done (the
    task `item`)."""

    kind: str
    subject: str = ""
    """A filing, shipment or order number; "" where none was named."""
    to: str = "me"
    """"me", a role, or somebody's name as it was said; "@U123" for a mention."""
    weekday: int | None = None
    offset: int = 0
    unit: str = "days"
    day: date | None = None
    zone: str = ""
    """Of another ETD: the zone its date is in, "" as before, and its instant where a time was said. Of a single reminder: when
    it comes, by the clock of whoever gets it."""
    at: datetime | None = None
    item: str = ""


def asked_in(text: str, today: date, ship_date: date | None, *, misdated: bool = False) -> Asked | None:
    """What a message asks of reminders, or None.

    `ship_date` is the ETD that was read in it; `misdated` where one was written that is none or not clear: `day` is None then.
    A single reminder has no `day` yet: it is in `besides` the request.
    """
    if len(text) > LONGEST:
        return None
    moved = _MOVED.search(text) if ship_date or misdated else None
    found = _not_kept(text) or _weekly(text) or _offset(text) or _due(text, today)
    found = found or _once(text, moved.start() if moved else LONGEST) or _shift(text) or _done(text)
    if found is None and moved:
        found = Asked("etd", day=ship_date)
    return replace(found, subject=_subject(text)) if found else None


def whom_in(text: str, today: date) -> str:
    """The chat id of whoever is to be reminded by a message that mentions them, or ""."""
    asked = asked_in(text, today, today)
    return asked.to[1:] if asked and MENTIONED.fullmatch(asked.to) else ""


def besides(text: str) -> str:
    """What is left without the call to remind somebody and the numbers: the day, where one is named, and what it is about."""
    return _NUMBER.sub(" ", _ID.sub(" ", _ONCE.sub(" ", text)))


def says_done(text: str) -> bool:
    """Whether a reply says, and says nothing else than, that something is done."""
    return len(text) <= LONGEST and bool(_DONE.fullmatch(text.strip()))


def item_in(text: str) -> str:
    """The checklist item a reply names ("N3"), or ""."""
    found = _ITEM.search(text)
    return found[1].upper() if found else ""


def _done(text: str) -> Asked | None:
    """A task that is named and said to be done, whatever it is of, and nothing else."""
    rest = _OF_WHAT.sub(" ", _NUMBER.sub(" ", _ID.sub(" ", text)))
    item, said = item_in(rest), " ".join(_ITEM.sub(" ", rest).split()).lstrip(":：,，- ")
    return Asked("done", item=item) if item and _DONE.fullmatch(said) else None


def _shift(text: str) -> Asked | None:
    found = next(filter(None, (one.search(text) for one in _SHIFTED)), None)
    if found is None or _ONCE.search(text):
        return None
    days = count_of(found["count"]) * _WEEKS.get(found["unit"].lower(), 1)
    return Asked("etd", offset=-days if _EARLIER.search(text) else days)


def _not_kept(text: str) -> Asked | None:
    """What would be kept by half: as "every Monday", or once, or for the first of two people."""
    if _NOT_ASKED.search(text):
        return None
    if _RHYTHM_EN.search(text) or _RHYTHM_ZH.search(text):
        return Asked("rhythm")
    return Asked("several") if _SEVERAL.search(text) else None


def _weekly(text: str) -> Asked | None:
    if found := _WEEKLY_EN.search(text):
        day = (found[2] or found[3] or "week").lower()[:3]
        weekday = next((place for place, name in enumerate(_DAYS_EN) if name.startswith(day)), 0)  # a "week" begins on Monday
        return Asked("weekly", to=_role(found[1]), weekday=weekday)
    if found := _WEEKLY_ZH.search(text):
        day = (found[1] or "一").replace("天", "日")
        return Asked("weekly", to=_role(found[2] or "我"), weekday=_DAYS_ZH.index(day))
    return None


def _once(text: str, moved: int) -> Asked | None:
    """Somebody is to be reminded, and it is no afterthought to an ETD that has `moved` (where that stands)."""
    found = None if _NOT_ASKED.search(text) else _ONCE.search(text)
    return Asked("once", to=_role(found[1] or found[2] or "me")) if found and found.start() < moved else None


def _offset(text: str) -> Asked | None:
    found = next(filter(None, (one.search(text) for one in _OFFSETS)), None)
    return _from_etd(found) if found else None


def _from_etd(found: re.Match[str]) -> Asked:
    days = count_of(found["count"]) * _WEEKS.get(found["unit"].lower(), 1)
    after = found["side"].lower() in ("after", "后")
    return Asked("offset", to=_role(found["who"] or "me"), offset=days if after else -days,
                 unit="working_days" if found["working"] else "days")


def _due(text: str, today: date) -> Asked | None:
    if _OVERDUE.search(text):
        return Asked("due", day=today - timedelta(days=1))
    found = _DUE_EN.search(text) or _DUE_ZH.search(text)
    return Asked("due", day=_until((found[1] or "this week").lower(), today)) if found else None


def _until(span: str, today: date) -> date:
    """The last day of a span; a week ends on Sunday."""
    sunday = today + timedelta(days=6 - today.weekday())
    if span in ("today", "今天", "今日"):
        return today
    if span in ("tomorrow", "明天"):
        return today + timedelta(days=1)
    if span.endswith(("month", "月")):
        last = _month_end(today)
        return _month_end(last + timedelta(days=1)) if span.startswith(("next", "下")) else last
    return sunday + timedelta(weeks=1) if span.startswith(("next", "下")) else sunday


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _role(word: str) -> str:
    """A role, "me", or the name it is."""
    known = next((role for role, names in ROLE_WORDS.items() if word.lower() in names.split("|")), "")
    return known or ("me" if word.lower() in _US.split("|") else word)


def _subject(text: str) -> str:
    named = _ID.search(text)
    number = _NUMBER.search(MENTIONED.sub(" ", text).upper())
    return named[1].upper() if named else number[1] if number else ""

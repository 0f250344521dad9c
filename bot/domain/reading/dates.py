"""The day goods leave: a strict grammar of the date forms people write, and which date is the ship date."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from bot.domain.facts import Doubt
from bot.domain.no_day import NoDay, no_day
from bot.domain.reading.counts import of_han
from bot.domain.reading.folding import Folded

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_WEEKDAYS = "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_WHOLE = "(?![a-z0-9])"
"""A weekday cut short is a word of its own: no "month", no "thumb"; Chinese may follow without a space."""
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "两": 2,
}  # fmt: skip
_N = r"(\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_H = r"([0-9]{1,4}|[元零〇一二两三四五六七八九十]{1,4})"

_FEASTS = {"new year's eve": (12, 31), "christmas eve": (12, 24), "平安夜": (12, 24)}

_SHIP_WORDS = (
    r"etd|ship(?:s|ping|ment|ped)?|(?<!on )leav(?:e|es|ing)|left|sail(?:s|ing)?|depart(?:s|ure|ing)?|"
    r"d[ei]spatch(?:ed|es)?|going out|"
    r"goes? out|export(?:ed|ing)?|loading|loads?|vessel|flight|fl(?:y|ies)|send(?:ing)?|sent|pick ?up|ex works|"
    r"go(?:es|ing)?|b/l"
)
_SHIP_HAN = (
    "船期|送|去|飞|从[^，。,]{1,6}出|发货|发运|出货|装船|走货|启运|起运|离港|开船|航班|出运|发往"
    "|发(?!件|票|现|生)|出口|寄|走|出发|运"
)
_OTHER_WORDS = (
    r"tender|bid|deadline|offer|quot\w*|eta|arriv\w*|deliver\w*|due|cut.?off|closing|expir\w*|valid\w*|meeting|call|"
    r"sign\w*|dated|issued|publish\w*|order(?:ed)?|po|payment|lc|exhibition|fair|show|needs? (?:it|them|to be there)|"
    r"list of|since|until|till|letter|e?mails?|report|invoice|wrote|sent (?:us|me)|received|in force|as of|opens? on|"
    r"install\w*|remind|tell me|notify|submit\w*|lodge[ds]?"
)
_OTHER_HAN = (
    "投标|标书|递交|截标|开标|招标|截关|截单|截止|到港|到货|抵港|抵达|到达|报价|订单|下单|签约|签|会议|展会|有效期|提醒|交货期?|"
    "清单|合同|通知我|前(?:运|送)?到|要到|提交"
)
_SHIP = re.compile(rf"\b(?:{_SHIP_WORDS})\b|{_SHIP_HAN}")
_OTHER = re.compile(rf"\b(?:{_OTHER_WORDS})\b|{_OTHER_HAN}")
_THERE = re.compile(r"[日号](?:左右|前后)?(?:就|能|可|才|会)?到(?![\d一二三四五六七八九十两下本月底])")
"""12月20日到多哈: when it is there, whatever else is said; but not 20日到25日."""
_CUT = re.compile(r"[,;，；。!！?？\n]|\.(?:\s|$)")
_COLON = re.compile(r":\s")
_NEW = re.compile(
    r"(?:sorry|i mean|correction|make that|rather|no wait)[ ,:]*(?:i mean)?[ ,:]*(?:the\s+)?$"
    r"|(?:moved|postponed|delayed|pushed|changed|rescheduled|slipped|brought forward|shifted|revised|back|now)"
    r"(?: (?:out|back|up))?\s*(?:to|until|:|is|on)?\s*(?:the\s+)?$|(?:改|推迟|延期|延后|延|提前|调整|变更|挪)[成到为至]\s*$"
)
_OLD = re.compile(
    r"(?:\bwas|were|originally|initially|formerly|instead of|rather than|\bnot|moved from)\s*(?:on|the|planned for)?\s*$"
    r"|(?:原定|原来|原计划|本来|不是|而非)[^,，。]{0,4}$"
)
"""What stands right before a date that replaces another one, and before the one replaced."""
_BESIDE = re.compile(r"[\s,(（]*(?:the\s+)?")
_FAR_YEARS = 10
"""Nobody plans a shipment so far ahead: its year is asked back."""
_AROUND = 50
"""Characters before and behind a date in which a word may say what the date is."""


@dataclass(frozen=True, slots=True)
class Found:
    """One date at text[start:end]; `day` is None where it cannot be read one way."""

    start: int
    end: int
    day: date | None
    candidates: tuple[str, ...] = ()
    loose: bool = False
    """A ship date only beside a word of shipping: "tomorrow", "on Monday"."""
    none: NoDay | None = None
    """Why there is no such day, where it was meant as one."""

    def doubt(self, words: str) -> Doubt | None:
        """What is to be asked back about a date written in these words."""
        if self.none:
            return replace(self.none, said=words).doubt
        return Doubt("ship_date", words, self.candidates, "ambiguous") if self.candidates else None


Shipping = tuple[date | None, tuple[int, int] | None, tuple[Doubt, ...]]
"""The day, where it stands, and what is to be asked back."""


def ship_date(folded: Folded, on: date, reached: Collection[int] = ()) -> Shipping:
    """The ship date of a text asked on a day, its span in the folded text, and what is to be asked back.

    `reached`: where the names of places of delivery end: "to Oslo tomorrow" says when it goes."""
    text = folded.text
    found = _meant(text, _without_weekdays(text, sorted(_find(text, on), key=lambda f: f.start)), reached)
    named = [_unless_far(f, on) for f in found]
    days = {f.day for f in named}
    doubts = tuple(doubt for f in named if (doubt := f.doubt(folded.words(f.start, f.end))))
    if len(days) != 1 or None in days:
        return None, None, doubts
    return named[0].day, (named[0].start, named[0].end), doubts


def _unless_far(found: Found, on: date) -> Found:
    """Without its day where nobody plans that far, and with the next one of that date."""
    if found.day is None or found.day.year <= on.year + _FAR_YEARS:
        return found
    instead = _next(on, found.day.month, found.day.day) or on
    return replace(found, day=None, none=NoDay("", "too_far", instead))


def _meant(text: str, found: list[Found], reached: Collection[int]) -> list[Found]:
    """The dates that say when goods leave: the moved one, else those beside a word of shipping, else the plain ones."""
    meant = [(f, _about(text, f, before, behind)) for f, before, behind in _neighbours(text, found)]
    meant = [(f, about) for f, about in meant if not _OLD.search(text, max(0, f.start - _AROUND), f.start)]
    new = [f for f, about in meant if about != "other" and _NEW.search(text, max(0, f.start - _AROUND), f.start)]
    plain = [f for f, about in meant if not about and (not f.loose or _alone(text, f) or f.start - 1 in reached)]
    return new or [f for f, about in meant if about == "ship"] or plain


def _alone(text: str, found: Found) -> bool:
    """ "tomorrow, three locks to Ireland": a date that is a clause of its own."""
    before, behind = text[: found.start].rstrip(), text[found.end :].lstrip()
    return (not before or before[-1] in ",;.，；。\n") and (not behind or behind[0] in ",;.，；。\n")


def _without_weekdays(text: str, found: Sequence[Found]) -> list[Found]:
    """ "Monday 14 December", "12 Dec (Saturday)": the weekday only repeats the date beside it."""
    repeated = set()
    for first, second in pairwise(found):
        if first.loose != second.loose and _BESIDE.fullmatch(text, first.end, second.start):
            repeated.add(first if first.loose else second)
    return [f for f in found if f not in repeated]


def _neighbours(text: str, found: list[Found]) -> Iterator[tuple[Found, int, int]]:
    """Each date with the end of the one before and the start of the one behind."""
    for index, one in enumerate(found):
        before = found[index - 1].end if index else 0
        behind = found[index + 1].start if index + 1 < len(found) else len(text)
        yield one, before, behind


def _about(text: str, found: Found, begin: int, finish: int) -> str:
    """ "ship", "other" or "": what the nearest word before the date, else behind it, says the date is."""
    begin, finish = max(begin, found.start - _AROUND), min(finish, found.end + _AROUND)
    if _THERE.match(text, found.end - 1):
        return "other"
    before = _nearest(text, begin, found.start, last=True)
    stopped = text[found.end - 1] == "."
    clause = _CUT.search(text, found.end - stopped, finish)
    colon = _COLON.search(text, found.end, clause.start() if clause else finish)
    end = min(m.start() for m in (colon, clause) if m) if colon or clause else finish
    behind = _nearest(text, found.end, end, last=False)
    cut_before = _CUT.search(text, begin, found.start)
    if before and not (cut_before and behind):
        return before
    return behind or before


def _nearest(text: str, start: int, end: int, *, last: bool) -> str:
    hits = [(m.start(), "ship") for m in _SHIP.finditer(text, start, end)]
    hits += [(m.start(), "other") for m in _OTHER.finditer(text, start, end)]
    if not hits:
        return ""
    return max(hits)[1] if last else min(hits)[1]


def _find(text: str, on: date) -> Iterator[Found]:
    taken: set[int] = set()
    for pattern, build in _FORMS:
        for match in pattern.finditer(text):
            if match.start() in taken or match.end() - 1 in taken:
                continue
            found = build(match, on)
            if found is not None:
                taken.update(range(match.start(), match.end()))
                yield found


def _at(match: re.Match[str], day: date | None, candidates: tuple[str, ...] = (), *, loose: bool = False) -> Found:
    return Found(match.start(), match.end(), day, candidates, loose)


def _dated(match: re.Match[str], on: date, year: int | None, month: int, day: int) -> Found:
    """A day of a month, the next one where no year is said; where no calendar has it, why."""
    found = _date(year, month, day) if year else _next(on, month, day)
    if found:
        return _at(match, found)
    passed = not year and 1 <= month < on.month
    return replace(_at(match, None), none=no_day(match[0], year or on.year + passed, month, day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(on: date, month: int, day: int) -> date | None:
    """The next such day, today included; 29 February waits for a leap year."""
    years = (_date(on.year + ahead, month, day) for ahead in range(9))
    return next((d for d in years if d is not None and d >= on), None)


def _full_year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


def _iso(match: re.Match[str], on: date) -> Found:
    return _dated(match, on, int(match[1]), int(match[2]), int(match[3]))


def _numeric(match: re.Match[str], on: date) -> Found | None:
    """12/08/2026 can be read two ways unless one number exceeds twelve or both are equal."""
    if match[0] == "24/7":
        return None
    one, two, dotted = int(match[1]), int(match[3]), match[2] == "."
    year = _full_year(match[4]) if match[4] else None
    pairs = {(two, one)} if dotted else {(two, one), (one, two)}
    ways = {_date(year, *pair) if year else _next(on, *pair) for pair in pairs}
    days = sorted(d for d in ways if d is not None)
    if not days:
        meant = next((pair for pair in sorted(pairs) if 1 <= pair[0] <= 12 and 28 < pair[1] <= 31), None)
        return _dated(match, on, year, *meant) if meant else None
    return _at(match, days[0]) if len(days) == 1 else _at(match, None, tuple(d.isoformat() for d in days))


def _named(match: re.Match[str], on: date, month: str, day: int, year: str | None) -> Found:
    found = _dated(match, on, _full_year(year) if year else None, _MONTHS.index(month[:3]) + 1, day)
    pieces = day > 31 and (month in ("may", "mar", "march") or len(year or "") == 2)  # "40 may leave", "50 Dec 12"
    return replace(found, none=None) if pieces else found


def _day_month(match: re.Match[str], on: date) -> Found:
    return _named(match, on, match[2], int(match[1]), match[3])


def _month_day(match: re.Match[str], on: date) -> Found:
    return _named(match, on, match[1], int(match[2]), match[3])


def _month_only(match: re.Match[str], _on: date) -> Found:
    return _at(match, None)


def _han(text: str) -> int:
    """A number of a date; 元 is the first of its kind (元月)."""
    return int(text) if text.isdigit() else of_han(text.replace("元", "一"))


def _chinese(match: re.Match[str], on: date) -> Found:
    found = _dated(match, on, _han_year(match[1], on) if match[1] else None, _han(match[2]), _han(match[3]))
    return found if match[0][-1] in "日号號" else replace(found, none=None)  # 3月40台


def _han_year(said: str, on: date) -> int:
    relative = {"今年": 0, "明年": 1, "后年": 2}.get(said)
    return on.year + relative if relative is not None else _full_year(str(_han(said.rstrip("年"))))


def _next_month_day(match: re.Match[str], on: date) -> Found:
    ahead = 1 if match[1].startswith("下") else 0
    month = on.month + ahead
    return _dated(match, on, on.year + (month > 12), (month - 1) % 12 + 1, _han(match[2]))


def _tomorrow(match: re.Match[str], on: date) -> Found:
    days = {
        "today": 0,
        "今天": 0,
        "今日": 0,
        "tomorrow": 1,
        "tmrw": 1,
        "明天": 1,
        "明日": 1,
        "后天": 2,
        "day after tomorrow": 2,
        "大后天": 3,
        "大大后天": 4,
        "tonight": 0,
        "this evening": 0,
        "今晚": 0,
    }
    return _at(match, on + timedelta(days=days[match[0].removeprefix("the ")]), loose=True)


def _ahead(match: re.Match[str], on: date) -> Found:
    count = _NUMBERS.get(match[1]) or int(match[1])
    step = {"d": 1, "w": 7}.get(match[2][0])
    return _at(match, on + timedelta(days=count * step) if step else None)


def _ahead_of_tomorrow(match: re.Match[str], on: date) -> Found:
    return _ahead(match, on + timedelta(days=1))


def _feast(match: re.Match[str], on: date) -> Found:
    return _at(match, _next(on, *_FEASTS.get(match[0].replace("years", "year's"), (1, 1))), loose=True)


def _han_ahead(match: re.Match[str], on: date) -> Found:
    step = {"天": 1, "日": 1, "周": 7, "星": 7, "个": 7}.get(match[2][0])
    whole = step if "月" not in match[2] else None
    return _at(match, on + timedelta(days=_han(match[1]) * whole) if whole else None)


def _fortnight(match: re.Match[str], on: date) -> Found:
    return _at(match, on + timedelta(days=14))


def _weekday(match: re.Match[str], on: date) -> Found:
    """ "next Friday" is the Friday of next week, "Friday week" a week after the coming one, a bare "Friday" the next."""
    wanted = next(i for i, name in enumerate(_DAYS) if name.startswith(match[2][:3]))
    ahead = (wanted - on.weekday()) % 7 or 7
    if match[3] == "after next":
        ahead = wanted - on.weekday() + 14
    elif match[1] == "next":
        ahead = wanted - on.weekday() + 7
    elif match[3] or match[1] == "a week on":
        ahead += 7
    return _at(match, on + timedelta(days=ahead), loose=True)


def _week_day(match: re.Match[str], on: date) -> Found:
    """ "Wednesday of next week", "Monday the week after next"."""
    wanted = next(i for i, name in enumerate(_DAYS) if name.startswith(match[1][:3]))
    weeks = {"next week": 1, "week after next": 2}.get(match[2], 0)
    return _at(match, on + timedelta(days=wanted - on.weekday() + 7 * weeks), loose=True)


def _day_only(match: re.Match[str], on: date) -> Found | None:
    """ "on the 6th", 26号: the next day of that number."""
    day = int(match[1])
    days = (on + timedelta(days=ahead) for ahead in range(62))
    found = next((d for d in days if d.day == day), None)
    return _at(match, found, loose=True) if found else None


def _han_weekday(match: re.Match[str], on: date) -> Found:
    wanted = "一二三四五六日".index(match[2].replace("天", "日"))
    base = wanted - on.weekday()
    weeks = {"下": 7, "下下": 14}.get(match[1] or "", 0)
    ahead = base + weeks if match[1] else base % 7 or 7
    return _at(match, on + timedelta(days=ahead), loose=True)


_NEAR_DAYS = "tomorrow|tmrw|today|tonight|this evening"
_YEAR = r"(?:19|2[01])\d\d|[2-9]\d{3}(?=\s*(?:$|[.,;!?)，。；！？]))|\d\d"
"""As it stands; one that is far off only where nothing follows that there might be so many of."""
_YEAR_ZH = r"(?:(?:19|2\d)\d\d|\d\d|[一二][〇零一二三四五六七八九]{3})"
_TAIL = rf"(?:\s*,?\s*'?({_YEAR})(?!\d|:\d|\s*(?:pcs|units|x|sets|locks|台|pieces)))?"
_FORMS = (
    (re.compile(r"(?<!\d)(20[2-9]\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)"), _iso),
    (re.compile(rf"\b{_N}\s+(days?|weeks?)\s+(?:from|after) tomorrow\b"), _ahead_of_tomorrow),
    (re.compile(r"new year'?s eve|christmas eve|new year'?s day|元旦|平安夜"), _feast),
    (re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _iso),
    (re.compile(r"(?<![A-Za-z0-9-])(19\d\d|2[1-9]\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _iso),
    (re.compile(rf"({_YEAR_ZH}\s*年|今年|明年|后年)?\s*的?{_H}\s*月份?\s*{_H}\s*(?:日|号|號)?"), _chinese),
    (re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s\-.]*{_MONTH}\b\.?[\s\-]*{_TAIL}"), _day_month),
    (re.compile(rf"\b{_MONTH}\.?[\s\-]+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:){_TAIL}"), _month_day),
    (re.compile(r"(?<![\d./])(?<!\d,)(\d{1,2})([/.])(\d{1,2})(?:[/.]((?:19|2\d)\d\d|\d\d))(?![\d])"), _numeric),
    (re.compile(r"(?<![\d./])(?<!\d,)(\d{1,2})(/)(\d{1,2})()(?![\d/%])"), _numeric),
    (re.compile(rf"(下个?月|本月|这个月)\s*{_H}\s*(?:日|号)"), _next_month_day),
    (re.compile(rf"\bin\s+{_N}\s+(days?|weeks?|months?)\b"), _ahead),
    (re.compile(rf"\b{_N}\s+(days?|weeks?|months?)\s+(?:from now|from today|hence)\b"), _ahead),
    (re.compile(r"\b(?:in )?a fortnight(?: from (?:now|today))?\b|\bin a fortnight"), _fortnight),
    (re.compile(rf"(?:\bthe )?day after tomorrow|\b(?:{_NEAR_DAYS})\b|大?大?后天|今晚|今天|今日|明天|明日"), _tomorrow),
    (re.compile(rf"{_H}\s*(天|日|周|星期|个星期|个?月)(?:之后|以后|后|内后)"), _han_ahead),
    (re.compile(rf"\b({_WEEKDAYS}){_WHOLE}(?:,| of| in)?\s+(?:the\s+)?(next week|week after next|this week)\b"), _week_day),
    (re.compile(rf"\b(?:(next|this|a week on|on|coming|by)\s+)?({_WEEKDAYS}){_WHOLE}(?:\s+(week|after next)\b)?"), _weekday),
    (re.compile(r"(下下|下|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天])"), _han_weekday),
    (re.compile(r"\b(?:on |etd |by |leaves |leaving )the (\d{1,2})(?:st|nd|rd|th)\b"), _day_only),
    (re.compile(r"(?<![\d月.])(\d{1,2})\s*[号日](?![\d码楼店机船仓柜线库])"), _day_only),
    (re.compile(rf"\b(?:early|mid|late|end of|in|by|before|beginning of)\s+{_MONTH}\b"), _month_only),
)  # fmt: skip

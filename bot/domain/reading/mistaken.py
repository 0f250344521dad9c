"""Names of places that are none where they stand: of people and streets, in model codes, below a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.reading.delivering import AFTER_BARE
from bot.domain.reading.matching import Marked, PlaceHit
from bot.domain.reading.parts import HOME
from bot.domain.reading.unheard import SOUNDS

_MODEL = re.compile(r"[-_]\d")
_STREETS = frozenset({"street", "avenue", "lane", "boulevard", "road", "街", "大街"})
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "surname", "surnamed", "姓"})
_TITLES_BEHIND = ("女士", "先生", "小姐", "太太", "老师", "同学")
_A_NAME = re.compile(r"\s*[(（](?:人名|名字|姓名|同事名字|姓|a name|his name|her name)")
_CALLED = frozenset({"叫", "叫做", "名叫", "called", "named"})
_COLLEAGUES = frozenset({"sales", "colleague", "boss", "manager", "engineer", "销售", "同事", "经理", "客户"})
_SAYS = "说讲问称"
_SURNAMES_WORDS = """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng feng
    han cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren yao lopez garcia smith jones kim lee
"""
_SURNAMES = frozenset(_SURNAMES_WORDS.split())
_CLOSINGS_WORDS = """
    thanks thx regards rgds cheers ta cordialement best brgds sincerely greetings br kr saludos gruss 谢谢 多谢 此致 祝好
"""
_CLOSINGS = frozenset(_CLOSINGS_WORDS.split())
_SHORT_CLOSINGS = frozenset({"br", "kr"})
"""Best and kind regards, Brazil and Korea elsewhere."""
_SIGNED, _CLOSING_WORDS = 4, 6
"""Lines of a signature; words of the line that closes a letter."""
_TEXTS = frozenset({"manual", "text", "translation", "wording", "language", "translator", "speaking"})
_KITCHENS = ("烤肉", "料理")
_WORDS = frozenset({"split", "nice", "reading", "mobile", "bath"})
_WHAT_IS_SPLIT_WORDS = """
    shipment shipments delivery deliveries order orders lot lots consignment not the between in into up it them and to one
    try work job idea question this that a your our
"""
_WHAT_IS_SPLIT = frozenset(_WHAT_IS_SPLIT_WORDS.split())
_BEFORE_WORDS = """
    puerto san santa santo sao saint st las los new mount fort villa ciudad bad novi nova old
"""
_BEFORE = frozenset(_BEFORE_WORDS.split())
"""With one of these before it a town is another one: Puerto Ayora."""
_PERSON_DEPARTMENT = frozenset({"from", "in", "at", "of", "over"})
_PERSON_AFTER_WORDS = "from says said asked asks told thinks wrote writes knows mentioned needs promised told"
PERSON_AFTER = frozenset(_PERSON_AFTER_WORDS.split())
_ORDERS_WORDS = "wants needs ordered orders buys bought requests requested requires asked asks takes took would is has also"
ORDERS = frozenset(_ORDERS_WORDS.split())
"""Verbs whose subject, though written small, is a country: "turkey wants 20"."""


def is_none(hit: PlaceHit, marked: Marked) -> bool:
    """Whether a name of a place means something else here, whatever stands before it."""
    return any(looks(hit, marked) for looks in (_is_model, _is_street, _is_name, _is_part_of_a_town, _is_word, _is_kind))


def signed(marked: Marked) -> range:
    """The units of a signature: the line that closes a letter and what stands below it."""
    breaks = [index for index, unit in enumerate(marked.units) if unit.text == "¶"]
    for number, start in enumerate(breaks):
        stop = breaks[number + 1] if number + 1 < len(breaks) else len(marked.units)
        if _closes(start + 1, stop, marked):
            ends = [*breaks[number + 1 :], len(marked.units)]
            return range(start + 1, ends[min(_SIGNED, len(ends) - 1)])
    return range(0)


def _closes(first: int, last: int, marked: Marked) -> bool:
    words = [unit.text for unit in marked.units[first:last]]
    if not words or words[0] not in _CLOSINGS or len(words) > _CLOSING_WORDS:
        return False
    return words[0] not in _SHORT_CLOSINGS or len(words) == 1 or words[1] == ","


def _is_model(hit: PlaceHit, marked: Marked) -> bool:
    """ "FR-880", MX-2, "2 GB"."""
    if marked.words(hit.first, hit.last) == "GB" and hit.first and marked.units[hit.first - 1].text.isdigit():
        return True  # "2 GB RAM"
    return hit.place.upper_only and bool(_MODEL.match(marked.folded.text, marked.units[hit.last - 1].end))


def _is_street(hit: PlaceHit, marked: Marked) -> bool:
    """ "Cuba Street"."""
    after = _text(marked, hit.last)
    return after in _STREETS and (not after.isascii() or marked.words(hit.last, hit.last + 1)[0].isupper())


def _is_name(hit: PlaceHit, marked: Marked) -> bool:
    """ "Mr Holland", 客户姓 French, "Turkey Zhang", Chad（人名）."""
    before = [unit.text for unit in marked.units[max(hit.first - 2, 0) : hit.first] if unit.text not in ".\"'“"]
    title = bool(before) and before[-1] in _TITLES
    latin = marked.units[hit.first].text.isascii()
    called = latin and bool(before) and before[-1] in _CALLED and (hit.place.person or hit.place.shy)
    return title or called or _behind_says_name(hit, marked, latin) or (hit.place.person and _is_colleague(hit, marked))


def _behind_says_name(hit: PlaceHit, marked: Marked, latin: bool) -> bool:
    behind = marked.folded.text[marked.units[hit.last - 1].end :]
    surname = latin and _text(marked, hit.last) in _SURNAMES and marked.words(hit.last, hit.last + 1)[0].isupper()
    return surname or bool(_A_NAME.match(behind)) or (latin and behind.lstrip().startswith(_TITLES_BEHIND))


def _is_colleague(hit: PlaceHit, marked: Marked) -> bool:
    """ "Sales Jordan says", Jordan说."""
    before, after = _text(marked, hit.first - 1) if hit.first else "", _text(marked, hit.last)
    han = "".join(unit.text for unit in marked.units[max(hit.first - 2, 0) : hit.first])
    return before in _COLLEAGUES or han in _COLLEAGUES or (bool(after) and after in _SAYS)


def _is_word(hit: PlaceHit, marked: Marked) -> bool:
    """ "Split shipment", "Nice, boat marina": a word with a capital as it opens a sentence."""
    if hit.last - hit.first > 1 or marked.units[hit.first].text not in _WORDS:
        return False
    if not marked.words(hit.first, hit.last)[0].isupper():
        return True
    opens = hit.first == 0 or marked.units[hit.first - 1].text in ".!?;¶。！？；"
    return opens and _text(marked, hit.last) in _WHAT_IS_SPLIT


def _is_kind(hit: PlaceHit, marked: Marked) -> bool:
    """ "the Spanish manual", 巴西烤肉: a language or a kitchen."""
    behind = marked.folded.text[marked.units[hit.last - 1].end :]
    return (hit.place.demonym and _text(marked, hit.last) in _TEXTS) or (hit.place.whole and behind.startswith(_KITCHENS))


def _is_part_of_a_town(hit: PlaceHit, marked: Marked) -> bool:
    if hit.place.code == HOME and hit.first:
        return all(unit.text in SOUNDS for unit in marked.units[hit.first - 1 : hit.last])  # 卡拉萨 is not Lhasa
    if not (hit.place.rare and hit.first and marked.units[hit.first].text.isascii()):
        return False
    before = marked.units[hit.first - 1]
    return before.text in _BEFORE and marked.words(hit.first - 1, hit.first)[0].isupper()


def _text(marked: Marked, unit: int) -> str:
    return marked.units[unit].text if unit < len(marked.units) else ""


def initials(hit: PlaceHit, before: Sequence[PlaceHit], marked: Marked) -> PlaceHit | None:
    """ "all to BA" where Buenos Aires was named: that place, else none."""
    code = marked.units[hit.first].text
    for one in before:
        words = [unit.text for unit in marked.units[one.first : one.last]]
        if len(words) == len(code) and "".join(word[0] for word in words) == code:
            return one
    return None


def speaks(hit: PlaceHit, marked: Marked) -> bool:
    """ "Jordan says", "Chad in RMA asks"."""
    after = [u.text for u in marked.units[hit.last : hit.last + 6]]
    if after[:1] and after[0] in _PERSON_DEPARTMENT and any(word in PERSON_AFTER for word in after[1:]):
        return True
    return after[:1] != [] and after[0] in PERSON_AFTER


def before_noun(hit: PlaceHit, marked: Marked) -> bool:
    """ "a turkey farm", "turkey processing"."""
    after = _text(marked, hit.last)
    article = hit.first > 0 and marked.units[hit.first - 1].text in {"a", "an", "the"}
    if not (article or after in {"farm", "processing", "meat", "dinner", "slaughter", "breast", "sandwich"}):
        return False
    return after.isascii() and after.isalpha() and after not in AFTER_BARE and after not in ORDERS


def loud(text: str) -> bool:
    """Whether all is written in capitals."""
    letters = [char for char in text if char.isascii() and char.isalpha()]
    return len(letters) > 12 and sum(char.isupper() for char in letters) > 0.7 * len(letters)

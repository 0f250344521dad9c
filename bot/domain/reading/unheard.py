"""Foreign towns nobody here lists: 布勒伊拉 is written with characters that only spell sounds and stands where a place stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.reading.matching import Marked

_LEAST, _APART = 4, 3
"""Fewer characters are names of people and firms as well; a name between marks or blanks may have one less."""
SOUNDS = frozenset(
    "尔斯特拉克德格卡阿布夫里巴利瓦塔姆普尼伊罗维科纳埃奥马亚贝莱赫多勒恩洛加茨诺沃托根萨帕西基比希韦哈塞林迪梅蒂米波兰弗圣博内堡"
    "霍鲁伦莫戈耶泰库奇森佩索乌皮伯图安吉什沙登顿古卢菲福因兹扎苏列艾代曼采切穆费朗凯吕桑赖劳坎默盖丁涅热坦瑟讷肯谢厄杰瓜班瑙丹雅温"
    "胡泽奈昂约辛宁恰锡翁富佐贾哥乔季敦蓬珀查尤绍芒迈考魏玛邦甘摩彭达匹路歇道努叶祖卜万南"
)
"""Characters by which foreign names are spelt."""
_FIRMS_AND_PEOPLE_WORDS = """
    迈克尔 安德鲁 马克思 特斯拉 沃尔沃 蒂森 施耐德 诺基亚 阿迪达斯
    阿里巴巴 霍尼韦尔 罗克韦尔 穆罕默德 阿特拉斯 阿卜杜拉 阿卜杜勒 亚历山大 拉斐尔 加布里埃尔 伊丽莎白 安德烈
    马尔科 卡洛斯 尼古拉斯 圣诞 比特币 巴西利亚 奥林匹克 马拉松 达芬奇 哥特 拉丁 阿拉伯 卡塔尔 马克西姆 西里尔
"""
_FIRMS_AND_PEOPLE = frozenset(_FIRMS_AND_PEOPLE_WORDS.split())
_BEFORE = frozenset("发去到往给运销抵赴寄送飞供在向")
_BEHIND = re.compile(r"的|那|这边|客户|市|要|.{0,4}[矿厂港场区城院校站仓局队店馆社]")
"""What follows the name of a place: whose, or what stands there."""
_SPEAKS = frozenset(":：@“\"「（(")
"""Beside a name these are of who speaks, or of a word that is quoted."""
_NOT_BEHIND = ("说", "先生", "女士", "公司", "集团", "牌")


def unheard(marked: Marked) -> tuple[int, int] | None:
    """The units of the first such name, or none."""
    spans = [(hit.first, hit.last) for name in ("products", "autonomy", "export") for hit in marked.layer(name)]
    spans += [(hit.first, hit.last) for hit in marked.places] + [(hit.first, hit.last) for hit in marked.names]
    known = {unit for first, last in spans for unit in range(first, last)}
    return next((run for run in _runs(marked, known) if _stands_as_place(*run, marked)), None)


def _runs(marked: Marked, known: set[int]) -> Iterator[tuple[int, int]]:
    """Each longest run of characters that spell sounds, without the word of direction it may begin with."""
    first = 0
    for unit in range(len(marked.units) + 1):
        if unit < len(marked.units) and marked.units[unit].text in SOUNDS and unit not in known:
            continue
        if unit - first >= (_APART if _stands_apart(first, unit, marked) else _LEAST):
            yield first, unit
        first = unit + 1


def _stands_as_place(first: int, last: int, marked: Marked) -> bool:
    name = "".join(unit.text for unit in marked.units[first:last])
    if any(one in name or name in one for one in _FIRMS_AND_PEOPLE):
        return False
    behind = "".join(unit.text for unit in marked.units[last : last + 5])
    led = first > 0 and marked.units[first - 1].text in _BEFORE
    opens = first == 0 or not marked.units[first - 1].is_word
    stands = led or _stands_apart(first, last, marked) or (opens and bool(_BEHIND.match(behind)))
    return stands and not behind.startswith(_NOT_BEHIND)


def _stands_apart(first: int, last: int, marked: Marked) -> bool:
    """博布鲁伊斯克，智能呼吸器: between marks or blanks, and nobody who speaks."""
    if first == last:
        return False
    text, begin, end = marked.folded.text, marked.units[first].start, marked.units[last - 1].end
    around = text[max(begin - 1, 0) : begin] + text[end : end + 1]
    return not any(char.isalnum() or char in _SPEAKS for char in around)

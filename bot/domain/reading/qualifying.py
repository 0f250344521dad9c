"""Which town is meant: a smaller place beside a larger one lies in it, in the order of either language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.reading.matching import Marked, PlaceHit
from bot.domain.reading.parts import HOME

_IN = frozenset({(), (",",), ("，",), ("(",), ("in",), (",", "in"), ("/",), ("-",)})
"""What stands between a town and its country: "Valencia, Venezuela"."""
_LIES = frozenset({(",",), ("，",), ("in",)})
_NOT_THE_OTHER = frozenset({(",", "but", "the"), (",", "the"), ("(", "the"), ("-", "the")})
"""Before "Venezuelan one"."""
_ONE = frozenset({"one", "town", "city", "side", "version"})
_OF = frozenset(tuple(words) for words in ("", "的", "那个", "的那个", "那边的", "境内的", "州", "州的", "省"))
"""What stands between a country and its town: 澳大利亚那个纽卡斯尔."""
_MORE = frozenset({",", "，", "、", "and", "&", "/", "和", "及"})


def one_each(marked: Marked) -> Iterator[PlaceHit]:
    """The places in order, a town and the country that says where it lies as one."""
    held: PlaceHit | None = None
    for index, hit in enumerate(marked.places):
        joined = _joined(held, hit, index, marked) if held is not None and hit.first >= held.last else None
        if held is not None and joined is None:
            yield held
        held = joined or hit
    if held is not None:
        yield held


def which_is_named(hits: Sequence[PlaceHit]) -> list[PlaceHit]:
    """Of a name of several countries the one that another place of the text lies in: Brest and Vitebsk."""
    named = {hit.place.code for hit in hits if not hit.place.also}
    return [_as_named(hit, named & set(hit.place.also)) for hit in hits]


def _as_named(hit: PlaceHit, codes: set[str]) -> PlaceHit:
    if len(codes) != 1 or hit.place.whole:
        return hit
    return replace(hit, place=replace(hit.place, code=next(iter(codes)), also=()))


def _joined(one: PlaceHit, two: PlaceHit, index: int, marked: Marked) -> PlaceHit | None:
    """Both as one place, or none where each stands for itself."""
    if one.place.region or two.place.region or one.place.demonym:
        return None
    between = tuple(u.text for u in marked.units[one.last : two.first])
    same = one.place.whole and one.place.code == two.place.code and between == () and not two.place.whole
    if same or _town_first(one, two, between, index, marked):
        return replace(two, first=one.first, place=replace(two.place, shy=False))
    if not (_han(two, marked) or "个" in between) or between not in _OF or not _town_second(one, two, between):
        return None
    return replace(two, first=one.first, place=replace(two.place, code=one.place.code, shy=False, whole=False))


def _town_first(one: PlaceHit, two: PlaceHit, between: tuple[str, ...], index: int, marked: Marked) -> bool:
    """ "San Antonio, Chile", "Lebanon, Pennsylvania", "Valencia, but the Venezuelan one"."""
    if two.place.demonym:
        behind = marked.units[two.last].text if two.last < len(marked.units) else ""
        return between in _NOT_THE_OTHER and behind in _ONE and two.place.code in one.place.elsewhere
    if between not in _IN or not (two.place.whole or (one.place.shared and not one.place.whole)):
        return False
    if one.place.code == two.place.code:
        return one.place.shared and two.place.whole
    if _in_brackets(two, between, marked) and two.place.whole and not one.place.whole:
        return one.place.rare or one.place.shared or two.place.code in one.place.elsewhere
    if one.place.whole:
        return two.place.code in one.place.elsewhere and between in _IN - {()} and not _list_goes_on(index, marked)
    return _of_little_name(one, two, between, index, marked) or one.place.shared or two.place.code in one.place.elsewhere


def _of_little_name(one: PlaceHit, two: PlaceHit, between: tuple[str, ...], index: int, marked: Marked) -> bool:
    """圣米格尔，萨尔瓦多: of a little known name there may be another town."""
    ends = between == ("in",) or (_clause_ends(two, marked) and not _list_goes_on(index, marked))
    return one.place.rare and between in _LIES and ends


def _clause_ends(hit: PlaceHit, marked: Marked) -> bool:
    return hit.last == len(marked.units) or not marked.units[hit.last].is_word


def _in_brackets(hit: PlaceHit, between: tuple[str, ...], marked: Marked) -> bool:
    """圣安东尼奥（智利）: whatever else the town is called after."""
    return between == ("(",) and hit.last < len(marked.units) and marked.units[hit.last].text in ")的"


def _list_goes_on(index: int, marked: Marked) -> bool:
    """ "to Liberia, Costa Rica and Panama": three countries."""
    if index + 1 == len(marked.places):
        return False
    between = [u.text for u in marked.units[marked.places[index].last : marked.places[index + 1].first]]
    return bool(between) and len(between) <= 2 and all(text in _MORE for text in between)


def _town_second(one: PlaceHit, two: PlaceHit, between: tuple[str, ...]) -> bool:
    """古巴圣地亚哥, 黎巴嫩的黎波里, 东莞松山湖, 香港葵涌."""
    if one.last > two.first or (two.place.whole and "个" not in between):
        return False
    known = two.place.rare or two.place.shared or one.place.code in two.place.elsewhere
    if one.place.code == HOME:
        return two.place.rare and between == ()
    return one.place.whole and two.place.code != HOME and (known or between != ())


def _han(hit: PlaceHit, marked: Marked) -> bool:
    return not marked.units[hit.first].text.isascii()

"""A market list typed into a form: names as people write them, every line not understood told by its number."""

from __future__ import annotations

from datetime import date

import pytest

from bot.datafiles.market_texts import list_from_form
from bot.domain.market_list import MarketList
from bot.errors import BadDate, BadFile

TODAY = date(2026, 11, 23)


def entered(markets: str, **more: str) -> MarketList:
    said = {"version": "", "effective": "2026-12-01", "url": "", "markets": markets} | more
    return list_from_form("cn-cac-agents", said, "Li Na", TODAY)


def codes(markets: str) -> list[str]:
    return [market.code for market in entered(markets).members or ()]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("DE", "DE"), ("de", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("germany", "DE"), ("德国", "DE"), ("德國", "DE"),
        ("UK", "GB"), ("United Kingdom", "GB"), ("USA", "US"), ("美国", "US"), ("Russia", "RU"), ("Vietnam", "VN"),
        ("South Korea", "KR"), ("韩国", "KR"), ("UAE", "AE"), ("阿拉伯联合酋长国", "AE"), ("Türkiye", "TR"), ("Turkey", "TR"),
        ("Hong Kong", "HK"), ("香港", "HK"), ("Macao", "MO"), ("澳门", "MO"), ("Taiwan", "TW"), ("台湾", "TW"),
        ("Côte d'Ivoire", "CI"),
    ],
)
def test_a_market_is_known_by_the_names_people_write(name: str, code: str) -> None:
    assert codes(name) == [code]


def test_a_requirement_stands_after_the_first_comma_of_either_width() -> None:
    first, second = entered("DE, certificate, notarised\n巴西，认证").members or ()
    assert (first.code, first.requirement) == ("DE", "certificate, notarised")
    assert (second.code, second.requirement) == ("BR", "认证")


def test_empty_lines_and_spaces_do_not_matter() -> None:
    assert codes("\n  DE \r\n\n FR\n") == ["DE", "FR"]


@pytest.mark.parametrize(
    ("markets", "finding"),
    [
        ("DE\n  Atlantis, x", "markets:2:3: 'Atlantis' is no market; write a code (DE) or a name (Germany, 德国)"),
        ("EU", "markets:1:1: 'EU' is no market; write a code (DE) or a name (Germany, 德国)"),
        ("XX", "markets:1:1: 'XX' is no market; write a code (DE) or a name (Germany, 德国)"),
        ("DE\nFR\nGermany, certificate", "markets:3:1: 'Germany' is on line 1 already; keep one"),
        ("DE\n, certificate", "markets:2:1: no market stands before the comma; write a code (DE) or a name (Germany, 德国)"),
        ("  \n", "markets:1:1: no market is named; write one a line, as a code or a name"),
    ],
)
def test_a_line_not_understood_is_told_by_its_number(markets: str, finding: str) -> None:
    with pytest.raises(BadFile) as caught:
        entered(markets)
    assert caught.value.findings == [finding]


def test_every_bad_line_is_told_at_once() -> None:
    with pytest.raises(BadFile) as caught:
        entered("Atlantis\nDE\nNarnia")
    assert [finding.partition(": ")[0] for finding in caught.value.findings] == ["markets:1:1", "markets:3:1"]


def test_who_entered_it_when_and_from_where_is_kept() -> None:
    found = entered("DE", url=" https://example.com/list ", version="2026-12")
    assert (found.version, found.effective) == ("2026-12", date(2026, 12, 1))
    assert (found.recorded_by, found.recorded_on) == ("Li Na", TODAY)
    assert found.url == found.source == "https://example.com/list"


def test_a_source_that_is_no_web_address_is_never_made_a_link() -> None:
    found = entered("DE", url="javascript:alert(1)")
    assert (found.url, found.source) == ("", "javascript:alert(1)")


def test_without_source_and_version_it_says_so_and_takes_the_day() -> None:
    found = entered("DE")
    assert (found.source, found.version) == ("entered by hand", "2026-11-23")


def test_an_impossible_date_is_told() -> None:
    with pytest.raises(BadDate, match="'2026-02-30' is no date; write it as 2026-12-31"):
        entered("DE", effective="2026-02-30")


@pytest.mark.parametrize(
    "source", ["https://example.com/list", "HTTP://example.com", "Notice 7 of 2026", "《人脸识别清单》", "list.pdf", ""])
def test_a_source_is_an_address_or_the_name_of_a_document(source: str) -> None:
    assert entered("DE", url=source).source == (source or "entered by hand")


@pytest.mark.parametrize("source", ["not a url", "x", "https://", "https:/example.com/7", "www.example.com/2026", "https://example"])
def test_a_source_by_which_nobody_would_find_it_again_is_told_beside_its_input_with_all_else(source: str) -> None:
    with pytest.raises(BadFile) as caught:
        entered("DE\nNarnia", url=source)
    told = [(one.path, one.line, one.code) for one in caught.value.details]
    assert told == [("url", 0, "no_source"), ("markets", 2, "no_market")]


def test_a_day_that_is_none_is_told_beside_its_input() -> None:
    with pytest.raises(BadDate) as caught:
        entered("DE", effective="soon")
    assert caught.value.field == "effective"

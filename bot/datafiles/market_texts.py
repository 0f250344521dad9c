"""A market list typed into a form: one market a line, a requirement after a comma."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

import pycountry
from babel import Locale

from bot.domain.market_list import BY_HAND, Market, MarketList
from bot.errors import BadDate, BadFile, Finding

SHORT = {"uk": "GB", "usa": "US", "u.s.": "US", "uae": "AE", "russia": "RU", "south korea": "KR", "hong kong": "HK",
         "macau": "MO", "macao": "MO", "taiwan": "TW", "turkey": "TR",
         "香港": "HK", "澳门": "MO", "中国内地": "CN", "mainland china": "CN"}
"""What people write where the two registers have a longer or another name."""
ADDRESS = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]+\S*", re.IGNORECASE)
HALF_ADDRESS = re.compile(r"(\w+:/|www\.)", re.IGNORECASE)
"""Something that was to be an address."""
DOCUMENT = re.compile(r"\d|《.+》|\.\w{3,4}$")
"""A number or date, a title in Chinese quotation marks, or the ending of a file."""


def list_from_form(ruleset: str, said: Mapping[str, str], by: str, today: date) -> MarketList:
    """The list as entered (fields version, effective, url, markets).

    BadFile with a finding for a source that is none and for each line not understood, its path the field; BadDate at its field.
    """
    source, (members, findings) = said.get("url", "").strip(), _members(said.get("markets", ""))
    findings = [*_about_source(source), *findings]
    if findings:
        raise BadFile(findings)
    return MarketList(
        ruleset=ruleset, version=said.get("version", "").strip() or today.isoformat(),
        effective=_day(said.get("effective", "")), source=source or BY_HAND, recorded_by=by, recorded_on=today,
        url=source if ADDRESS.match(source) else "", members=members)


def _about_source(source: str) -> list[Finding]:
    """An address, or the name of a document, by which somebody else would find it again; nothing said is told as such."""
    if not source or ADDRESS.fullmatch(source) or (DOCUMENT.search(source) and not HALF_ADDRESS.match(source)):
        return []
    what, write = f"{source!r} is no source", "write an address (https://…) or the name of a document with its number or date"
    return [Finding("url", 0, 0, what, write).named("no_source", said=source)]


def _members(text: str) -> tuple[tuple[Market, ...], list[Finding]]:
    markets: dict[str, Market] = {}
    lines: dict[str, int] = {}
    findings = []
    for number, line in enumerate(text.splitlines(), start=1):
        name, _, requirement = (part.strip() for part in line.replace("，", ",").partition(","))
        code = _code(name) if name else ""
        if code in lines:
            findings.append(Finding("markets", number, 1, f"{name!r} is on line {lines[code]} already", "keep one").named(
                "market_twice", said=name, line=lines[code]))
        elif code:
            markets[code], lines[code] = Market(code, requirement=requirement), number
        elif name or requirement:
            findings.append(_no_market(name, number, line.find(name) + 1))
    if not markets and not findings:
        what, write = "no market is named", "write one a line, as a code or a name"
        findings.append(Finding("markets", 1, 1, what, write).named("no_markets"))
    return tuple(markets.values()), findings


def _no_market(name: str, line: int, col: int) -> Finding:
    what = f"{name!r} is no market" if name else "no market stands before the comma"
    found = Finding("markets", line, col, what, "write a code (DE) or a name (Germany, 德国)")
    return found.named("no_market", said=name) if name else found.named("no_market_before_comma")


def _code(name: str) -> str:
    known = _names().get(" ".join(name.casefold().split()))
    if known:
        return known
    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        return ""


@cache
def _names() -> dict[str, str]:
    """Names in English and Chinese (CLDR), and codes, of what ISO 3166 knows as one market; groups are not among them."""
    codes = {country.alpha_2 for country in pycountry.countries}
    names = {code.casefold(): code for code in codes}
    for locale in (Locale("en"), Locale("zh", script="Hans"), Locale("zh", script="Hant")):
        names |= {str(name).casefold(): code for code, name in locale.territories.items() if code in codes}
    return names | SHORT


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDate(f"{text!r} is no date; write it as 2026-12-31.").named("no_date", said=text).at("effective") from None

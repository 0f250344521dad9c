"""A market list typed into a form: one market a line, a requirement after a comma."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pycountry

from bot.datafiles.findings import Finding, Mistakes
from bot.domain.market_list import Market, MarketList
from bot.errors import BadDate


def list_from_form(ruleset: str, said: Mapping[str, str], by: str, today: date) -> MarketList:
    """The list as entered (fields version, effective, url, markets). BadFile with a finding per line not understood."""
    markets, findings = [], []
    for number, line in enumerate(said.get("markets", "").splitlines(), start=1):
        name, _, requirement = line.replace("，", ",").partition(",")
        if not name.strip():
            continue
        code = _code(name.strip())
        if code:
            markets.append(Market(code, requirement=requirement.strip()))
        else:
            what = f"{name.strip()!r} is no market"
            findings.append(Finding("markets", number, 1, what, "write a code such as DE or a country's name"))
    if findings:
        raise Mistakes(findings)
    source = said.get("url", "").strip()
    return MarketList(
        ruleset=ruleset, version=said.get("version", "").strip() or today.isoformat(),
        effective=_day(said.get("effective", "")), source=source or "entered by hand", recorded_by=by, recorded_on=today,
        url=source if source.startswith(("http://", "https://")) else "", members=tuple(markets))


def _code(name: str) -> str:
    if len(name) == 2 and pycountry.countries.get(alpha_2=name.upper()):
        return name.upper()
    try:
        return str(pycountry.countries.lookup(name).alpha_2)
    except LookupError:
        return ""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDate(f"{text!r} is no date; write it as 2026-12-31.") from None

"""Market list files (.yaml, .json, .csv, .xlsx) -> MarketList values, with a finding for every broken line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import pycountry

from bot.datafiles import rule_shapes as shape
from bot.datafiles.findings import refuse
from bot.datafiles.rulesets import ruleset_folders, wording
from bot.datafiles.strict_yaml import Document, read, shaped
from bot.datafiles.tables import Row, Table, read_table
from bot.domain.market_list import Market, MarketList
from bot.domain.terms import Phrase, meant
from bot.domain.wording import Wording
from bot.errors import BadFile, Finding

COLUMNS = ("code", "name", "name zh", "requirement", "note")
_OTHER_HEADS = {
    "country code": "code", "iso": "code", "iso code": "code", "country": "name", "market": "name", "name en": "name",
    "name_en": "name", "name_zh": "name zh", "国家代码": "code", "代码": "code", "名称": "name zh", "市场": "name zh",
    "国家": "name zh", "国家/地区": "name zh", "要求": "requirement", "准入要求": "requirement", "备注": "note",
}  # fmt: skip

_SAID_BY_THE_IMPORT = {
    "effective": "effective date",
    "source": "source",
    "recorded_by": "name of who records it",
    "recorded_on": "day it is recorded",
}


@dataclass(frozen=True, slots=True)
class ListHeader:
    """What the person who imports a list says of it; an empty field leaves what the file says."""

    ruleset: str
    version: str = ""
    effective: date | None = None
    source: str = ""
    recorded_by: str = ""
    recorded_on: date | None = None
    url: str = ""
    published_on: date | None = None
    count_reported: int | None = None


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as far as it could be read. `entry` holds the good lines; None when nothing can be used."""

    entry: MarketList | None
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """True when every line was good."""
        return self.entry is not None and not self.findings


def known_codes() -> frozenset[str]:
    """The ISO 3166-1 alpha-2 codes."""
    return frozenset(country.alpha_2 for country in pycountry.countries)


def load_lists(folder: Path) -> dict[str, tuple[MarketList, ...]]:
    """The lists shipped in rulesets/<id>/lists, by ruleset id, earliest first. Raises BadFile."""
    return {sub.name: _load_folder(sub, folder.name) for sub in ruleset_folders(folder)}


def read_list(path: Path, header: ListHeader, shown_as: str = "") -> ReadList:
    """Read a list file; nothing is raised, mistakes come back as findings beside the lines that are good."""
    shown = shown_as or path.name
    try:
        if path.suffix.lower() in (".yaml", ".yml", ".json"):
            return _from_document(read(path, shown), header)
        if path.suffix.lower() in (".csv", ".xlsx"):
            return _from_table(read_table(path, shown), header)
    except BadFile as mistakes:
        return ReadList(None, tuple(mistakes.details))
    what = f'"{path.suffix or path.name}" files are not read'
    return ReadList(None, (Finding(shown, 0, 0, what, "write a .yaml, .json, .csv or .xlsx file"),))


def _load_folder(sub: Path, root: str) -> tuple[MarketList, ...]:
    files = sorted((sub / "lists").glob("*.yaml"))
    loaded = [read_list(path, ListHeader(sub.name), f"{root}/{sub.name}/lists/{path.name}") for path in files]
    refuse(finding for result in loaded for finding in result.findings)
    entries = [result.entry for result in loaded if result.entry is not None]
    return tuple(sorted(entries, key=lambda entry: (entry.effective, entry.recorded_on)))


def _from_document(document: Document, header: ListHeader) -> ReadList:
    document = _filled(document, header)
    file = shaped(document, shape.MarketListFile)
    findings = tuple(_document_findings(document, file))
    wrong = {finding.line for finding in findings}
    members = None
    if file.markets is not None:
        good = [m for index, m in enumerate(file.markets) if document.place(("markets", index, "code"))[0] not in wrong]
        members = tuple(Market(m.code.strip().upper(), wording(m.name), m.requirement, m.note) for m in good)
    return ReadList(_entry(file, header.ruleset, members), findings)


def _filled(document: Document, header: ListHeader) -> Document:
    """What the importing person says goes before what the file says."""
    if not isinstance(document.data, dict):
        refuse([document.finding((), "the file is a bare list", "put the markets under markets:").named("bare_list")])
    said = {key: value for key, value in asdict(header).items() if value and key != "ruleset"}
    if header.effective and "version" not in document.data:
        said.setdefault("version", header.effective.isoformat())
    return replace(document, data={**document.data, **said})


def _both(said: shape.WordingShape | str) -> tuple[str, str]:
    """As it is named in English and, "" for likewise, in Chinese."""
    return (said, "") if isinstance(said, str) else (said.en, said.zh)


def _entry(file: shape.MarketListFile, ruleset: str, members: tuple[Market, ...] | None) -> MarketList:
    source, recorded_by = _both(file.source), _both(file.recorded_by)
    return MarketList(
        ruleset=ruleset,
        version=file.version,
        effective=file.effective,
        source=source[0],
        recorded_by=recorded_by[0],
        recorded_on=file.recorded_on,
        url=file.url,
        published_on=file.published_on,
        count_reported=file.count_reported,
        members=members,
        note=wording(file.note),
        source_zh=source[1],
        recorded_by_zh=recorded_by[1],
    )


def _document_findings(document: Document, file: shape.MarketListFile) -> Iterator[Finding]:
    codes = [market.code.strip().upper() for market in file.markets or []]
    for index, code in enumerate(codes):
        where = ("markets", index, "code")
        yield from _code_findings(partial(document.finding, where), code, codes[:index])


def _code_findings(found: Callable[[str, str], Finding], code: str, earlier: list[str]) -> Iterator[Finding]:
    """What is wrong with a code, if anything; `found` makes the finding at its place."""
    if not code:
        yield found("the code is empty", "write two letters such as DE").named("code_empty")
    elif code not in known_codes():
        yield found(f'"{code}" is no ISO 3166 country code', _code_advice(code)).named("no_country", said=code)
    elif code in earlier:
        yield found(f'"{code}" is on the list twice', "keep one").named("code_twice", said=code)


def _code_advice(text: str) -> Phrase:
    try:
        return meant(pycountry.countries.lookup(text).alpha_2)
    except LookupError:
        return Phrase("write two letters such as DE", "two_letters")


def _from_table(table: Table, header: ListHeader) -> ReadList:
    table = _renamed(table)
    refuse([*table.missing(("code",)), *table.unknown(COLUMNS), *_header_findings(table, header)])
    findings = tuple(_table_findings(table))
    wrong = {finding.line for finding in findings}
    members = tuple(_market(row) for row in table.rows if row.line not in wrong)
    return ReadList(_entry_from_header(header, members), findings)


def _renamed(table: Table) -> Table:
    names = {name: _OTHER_HEADS.get(name, name) for name in table.columns}
    rows = tuple(Row(row.line, {names[key]: cell for key, cell in row.cells.items()}) for row in table.rows)
    return replace(table, columns=tuple(names[name] for name in table.columns), rows=rows)


def _header_findings(table: Table, header: ListHeader) -> Iterator[Finding]:
    for name, words in _SAID_BY_THE_IMPORT.items():
        if not getattr(header, name):
            yield Finding(table.path, 0, 0, f"a table does not say its {words}", f"give the {words} with the import")


def _table_findings(table: Table) -> Iterator[Finding]:
    codes: list[str] = []
    for row in table.rows:
        code = row.get("code").upper()
        yield from _code_findings(partial(table.finding, row, "code"), code, codes)
        codes.append(code)


def _market(row: Row) -> Market:
    names = Wording(row.get("name"), row.get("name zh"))
    return Market(row.get("code").upper(), names, row.get("requirement"), row.get("note"))


def _entry_from_header(header: ListHeader, members: tuple[Market, ...]) -> MarketList | None:
    if header.effective is None or header.recorded_on is None:
        return None
    return MarketList(
        ruleset=header.ruleset,
        version=header.version or header.effective.isoformat(),
        effective=header.effective,
        source=header.source,
        recorded_by=header.recorded_by,
        recorded_on=header.recorded_on,
        url=header.url,
        published_on=header.published_on,
        count_reported=header.count_reported,
        members=members,
    )

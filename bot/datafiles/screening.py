"""A table judged row by row and written back: the same cells in the same order, more columns behind; never held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.datafiles.findings import refuse
from bot.datafiles.screened_csv import CsvTable, IsHead
from bot.datafiles.screened_xlsx import XlsxTable
from bot.domain.screened_row import RowText
from bot.domain.terms import did_you_mean
from bot.errors import BadInput, Finding

SEVERAL = "texts"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "product": ("product", "product name", "name", "model", "item", "产品", "产品名称", "名称", "品名", "型号"),
    "sku": ("sku", "article", "article number", "item number", "part number", "料号", "货号", "物料编码"),
    SEVERAL: ("description", "product description", "internal description", "sales description", "text", "question",
              "描述", "产品描述", "内部描述", "销售描述", "说明", "问题"),
    "destination": ("destination", "country", "ship to", "to", "market", "目的地", "国家", "市场"),
    "category": ("category", "family", "product family", "类别", "产品类别"),
    "autonomous": ("autonomous", "decides by itself", "自主", "自主决策"),
    "export": ("export", "exported", "出口"),
}
"""What a column tells us, and the headings people give it (any case)."""
NEEDED = ("product", "sku", SEVERAL)

Table = CsvTable | XlsxTable
KINDS: Mapping[str, Callable[[Path, IsHead], Table]] = {
    ".csv": CsvTable, ".tsv": CsvTable, ".txt": CsvTable, ".xlsx": XlsxTable}
Judged = tuple[Sequence[str], bool]
"""The cells to add to a row, and whether something is wrong with it."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Which columns tell what: our name to positions."""

    at: Mapping[str, tuple[int, ...]]

    def row(self, cells: Sequence[str]) -> RowText:
        """The row's cells by what they tell."""
        said = {name: [cells[i].strip() for i in places if i < len(cells)] for name, places in self.at.items()}
        texts = tuple(text for text in said.pop(SEVERAL, []) if text)
        return RowText(texts=texts, **{name: found[0] for name, found in said.items() if found})


def open_table(path: Path, named: Mapping[str, str]) -> Table:
    """A .csv or .xlsx, looked through once for its headings, width and number of rows. BadFile, BadInput.

    `named` are headings of its own, as for `heads_of`.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise BadInput(f"{path.name} is neither .csv nor .xlsx; save it as one of them.").named("no_table", file=path.name)
    if not path.is_file():
        refuse([Finding(path.name, 0, 0, "this file is missing or cannot be read", "check its name and rights").named("no_file")])
    known = {title for ours in NEEDED for title in COLUMNS[ours]} | {theirs.strip().casefold() for theirs in named.values()}
    return kind(path, lambda cells: any(cell.strip().casefold() in known for cell in cells))


def heads_of(table: Table, named: Mapping[str, str], added: Sequence[str]) -> Heads:
    """Which column tells what, by its heading or as `named` (ours to theirs). BadInput when no column describes a product."""
    titles = [title.strip().casefold() for title in table.head]
    at = {ours: tuple(i for i, title in enumerate(titles) if title in names) for ours, names in COLUMNS.items()}
    for ours, theirs in named.items():
        at[_ours(ours)] = (_place(theirs, titles, table.head),)
    at = {ours: places if ours == SEVERAL else places[:1] for ours, places in at.items() if places}
    if not any(name in at for name in NEEDED):
        seen = tuple(title for title in table.head if title.strip() and title not in added)
        what = f"No column of {table.path.name} names a product; its columns are {', '.join(seen)}"
        raise BadInput(f"{what}. Say which one: --column product=YOUR HEADING").named(
            "no_product_column", file=table.path.name, columns=seen)
    return Heads(at)


def write_judged(table: Table, out: Path, added: Sequence[str], judge: Callable[[Sequence[str], str], Judged]) -> int:
    """Write the table with the added columns to `out`, whole or not at all; returns how many rows have a finding.

    `judge` gets a row's cells and "" or what is wrong with the line (too_many_cells, not_csv). Added columns that are
    there already are replaced.
    """
    if out.suffix.lower() != table.path.suffix.lower():
        raise BadInput(f"{out.name} must end in {table.path.suffix} as {table.path.name} does.").named(
            "other_ending", file=out.name, ending=table.path.suffix, like=table.path.name)
    wrong = 0
    with _whole(out) as draft, table.writing(draft, added) as write:
        for row in table.rows():
            cells, bad = judge(row.cells, row.wrong) if not row.blank else ((), False)
            wrong += bad
            write(row, cells)
    return wrong


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A draft beside `out` that takes its name only when everything was written."""
    draft = out.with_name(out.name + ".part")
    try:
        yield draft
        draft.replace(out)
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}.").named("not_written", file=str(out)) from error
    finally:
        draft.unlink(missing_ok=True)


def _ours(name: str) -> str:
    plain = {"description": SEVERAL, "text": SEVERAL}.get(name.strip().casefold(), name.strip().casefold())
    if plain not in COLUMNS:
        known: Iterable[str] = [SEVERAL if ours == SEVERAL else ours for ours in COLUMNS]
        instead = did_you_mean(name, known)
        raise BadInput(f'--column: "{name}" is nothing a column can tell; {instead}').named(
            "no_column_kind", name=name, instead=instead)
    return plain


def _place(theirs: str, titles: Sequence[str], head: Sequence[str]) -> int:
    try:
        return titles.index(theirs.strip().casefold())
    except ValueError:
        instead = did_you_mean(theirs, head)
        raise BadInput(f'--column: there is no column "{theirs}"; {instead}').named(
            "no_column", name=theirs, instead=instead) from None

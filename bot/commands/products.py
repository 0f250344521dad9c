"""Commands over products: compare the descriptions of one, screen a whole catalogue or order book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.app import read_files
from bot.commands.saying import day_of, desk_without_store, err, out, pairs, print_reply, said_in, told
from bot.datafiles.screening import Heads, Table, heads_of, open_table, write_judged
from bot.errors import BadInput
from bot.flows.compare_descriptions import Compared, compare_catalogue, compare_product, compare_texts
from bot.flows.screen_products import Screener
from bot.ports import Desk
from bot.replies.gaps import gap_reply
from bot.replies.screened import HEADINGS, screened_cells
from bot.settings import load_settings

products_app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
DIFFERING, ROW_WRONG = 1, 1
"""Exit status where descriptions contradict each other, or rows have a finding; the output is complete all the same."""


@products_app.command()
@told
def compare(
    product: Annotated[str, typer.Argument(metavar="SKU", help="SKU, name or alias of a catalogue product.")] = "",
    internal: Annotated[str, typer.Option(help="The internal (technical) description.")] = "",
    sales: Annotated[str, typer.Option(help="The sales, tender or web description.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every product of the catalogue.")] = False,
    lang: Annotated[str, typer.Option(help="en or zh; the desk's language by default.")] = "",
) -> None:
    """Lay internal and sales descriptions side by side: differing facts with their words; status 1 on a contradiction."""
    if lang not in ("", "en", "zh"):
        raise BadInput("--lang takes en or zh.")
    if [bool(product), bool(internal or sales), everything].count(True) != 1:
        raise BadInput("Name a product, or give --internal and --sales, or --all.")
    desk, _ = desk_without_store(read_files(load_settings()))
    found = _compared(desk, product, (internal, sales), day_of("", desk), everything=everything)
    for number, each in enumerate(found, start=1):
        reply = gap_reply(desk.words, lang or desk.lang, each.comparison, each.verdicts)
        print_reply(reply if number == len(found) else replace(reply, note=""))
    if any(each.comparison.differing for each in found):
        raise typer.Exit(DIFFERING)


@products_app.command()
@told
def screen(
    file: Annotated[Path, typer.Argument(help="A catalogue or order book: .csv or .xlsx with a head line.")],
    to: Annotated[Path | None, typer.Option("--out", help="Write here; by default beside FILE as NAME.screened.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="What a column tells, e.g. product=Artikel. Repeatable.")] = None,
    exported: Annotated[bool, typer.Option("--exported", help="Rows without a destination leave mainland China.")] = False,
    on: Annotated[str, typer.Option(help="Judge on this day (YYYY-MM-DD); today by default.")] = "",
    lang: Annotated[str, typer.Option(help="Reasons in en or zh; the desk's language by default.")] = "",
) -> None:
    """Judge every row and write the same file with verdict, reasons, missing facts, clauses, basis and findings behind it."""
    if lang not in ("", "en", "zh"):
        raise BadInput("--lang takes en or zh.")
    desk, _ = desk_without_store(read_files(load_settings()))
    with said_in(desk.words, lang or desk.lang):
        _screen(desk, file, to, column or [], _Wish(on, lang or desk.lang, exported))


@dataclass(frozen=True, slots=True)
class _Wish:
    """How rows are judged and told."""

    on: str
    lang: str
    exported: bool


def _screen(desk: Desk, file: Path, to: Path | None, column: list[str], wish: _Wish) -> None:
    target = to or file.with_name(f"{file.stem}.screened{file.suffix}")
    if to and to.exists() and to.resolve() != file.resolve():
        raise BadInput(f"{to} exists already; choose another name.").named("file_exists", file=str(to))
    named = pairs("--column", column, "product=YOUR HEADING")
    table = open_table(file, named)
    heads = heads_of(table, named, HEADINGS)
    rows = _Rows(desk, heads, Screener(desk, day_of(wish.on, desk), exported=wish.exported), wish.lang)
    with _progress(table) as step:
        wrong = write_judged(table, target, HEADINGS, lambda cells, line_wrong: step(rows.judged(cells, line_wrong)))
    counts = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(rows.verdicts.items())) or "no rows"
    out.print(f"{target}: {counts}; {wrong:,} with a finding.", markup=False)
    if wrong:
        raise typer.Exit(ROW_WRONG)


class _Rows:
    """Judges rows and counts verdicts."""

    def __init__(self, desk: Desk, heads: Heads, screener: Screener, lang: str) -> None:
        self._desk, self._heads, self._screener, self._lang = desk, heads, screener, lang
        self.verdicts: Counter[str] = Counter()

    def judged(self, cells: Sequence[str], wrong: str) -> tuple[Sequence[str], bool]:
        """The cells to add, and whether something is wrong with the row."""
        row = self._screener.unreadable(wrong) if wrong else self._screener(self._heads.row(cells))
        self.verdicts[str(row.decision.verdict)] += 1
        added = screened_cells(self._desk.words, self._lang, self._desk.rulesets[self._desk.ruleset], row)
        return added, bool(row.mistakes or row.disagreeing())


def _compared(desk: Desk, product: str, texts: tuple[str, str], today: date, *, everything: bool) -> list[Compared]:
    if everything:
        return list(compare_catalogue(desk, today))
    return [compare_product(desk, product, today) if product else compare_texts(desk, *texts, today)]


@contextmanager
def _progress(table: Table) -> Iterator[Any]:
    columns = (TextColumn(table.path.name, markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=err, transient=True, disable=not err.is_terminal)
    with bar:
        task = bar.add_task("", total=table.count)

        def step(judged: Any) -> Any:
            bar.advance(task)
            return judged

        yield step

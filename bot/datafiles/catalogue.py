"""config/catalogue.csv -> Product values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.datafiles.findings import refuse
from bot.datafiles.tables import Row, Table, read_table
from bot.domain.catalogue import Product
from bot.domain.facts import Category, Truth
from bot.domain.terms import did_you_mean
from bot.errors import Finding

SKU, NAME, ALIASES, CATEGORY, AUTONOMOUS = "sku", "name", "aliases", "category", "autonomous"
INTERNAL, SALES = "internal description", "sales description"
COLUMNS = (SKU, NAME, ALIASES, CATEGORY, AUTONOMOUS, INTERNAL, SALES)


def load_catalogue(path: Path) -> list[Product]:
    """The products in the order of the file. Aliases are separated by semicolons. Raises BadFile with every mistake."""
    table = read_table(path, f"{path.parent.name}/{path.name}")
    refuse([*table.missing((SKU, NAME)), *table.unknown(COLUMNS)])
    refuse(_mistakes(table))
    return [_product(row) for row in table.rows]


def _product(row: Row) -> Product:
    return Product(
        sku=row.get(SKU),
        name=row.get(NAME),
        aliases=tuple(_aliases(row)),
        category=Category(row.get(CATEGORY) or Category.UNKNOWN),
        autonomous=Truth(row.get(AUTONOMOUS) or Truth.UNKNOWN),
        internal=row.get(INTERNAL),
        sales=row.get(SALES),
    )


def _aliases(row: Row) -> list[str]:
    return [alias.strip() for alias in re.split(r"[;；]", row.get(ALIASES)) if alias.strip()]


def _mistakes(table: Table) -> Iterator[Finding]:
    for row in table.rows:
        yield from (table.finding(row, name, f"{name} is empty", "fill it in") for name in (SKU, NAME) if not row.get(name))
        yield from _choice(table, row, CATEGORY, tuple(Category))
        yield from _choice(table, row, AUTONOMOUS, tuple(Truth))
    yield from _shared_names(table)


def _choice(table: Table, row: Row, column: str, known: tuple[str, ...]) -> Iterator[Finding]:
    value = row.get(column)
    if value and value not in known:
        yield table.finding(row, column, f'"{value}" is not a value of {column}', did_you_mean(value, known))


def _shared_names(table: Table) -> Iterator[Finding]:
    """Two products under one name would make every question about it a guess."""
    taken: dict[str, Row] = {}
    for row in table.rows:
        for column, name in [(SKU, row.get(SKU)), (NAME, row.get(NAME)), *((ALIASES, alias) for alias in _aliases(row))]:
            first = taken.setdefault(_plain(name), row)
            if first is not row and _plain(name):
                yield table.finding(row, column, f'"{name}" already names the product on line {first.line}', "use another name")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()

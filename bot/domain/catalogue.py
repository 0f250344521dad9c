"""The product catalogue: names, families and the two descriptions of each product."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.facts import Category, Truth


@dataclass(frozen=True, slots=True)
class Product:
    """One catalogue product; UNKNOWN where nobody has decided, never a guess."""

    sku: str
    name: str
    aliases: tuple[str, ...] = ()
    category: Category = Category.UNKNOWN
    autonomous: Truth = Truth.UNKNOWN
    internal: str = ""
    """How engineering describes it."""
    sales: str = ""
    """How sales, tenders and the web describe it."""

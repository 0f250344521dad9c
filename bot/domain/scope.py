"""From a reading to a determination: the one place where what was read meets what the rules ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.domain.determination import Asked, Described, Determination, determine
from bot.domain.facts import Category, Evidence, ProductReading, Reading, Truth
from bot.domain.market_list import MarketList, in_force
from bot.domain.rulebook import Ruleset


def is_blank(text: str) -> bool:
    """Whether there is nothing in it that anybody could read."""
    return not any(sign.isprintable() and not sign.isspace() for sign in text)


def described(product: ProductReading, ruleset: Ruleset) -> Described:
    """A product as these rules take it: the facts they ask, whether read or stated."""
    facts = {fact.name: product.value(fact.name) for fact in ruleset.facts}
    evidence = {name: words for name, words in product.evidence.items() if name in facts}
    return Described(name=product.name, facts=facts, evidence=evidence)


def leaving_day(asked_on: date, ship_date: date | None) -> date:
    """The day whose rules and market list count: the day of leaving, or the day asked where none is told or it has passed."""
    return max(asked_on, ship_date or asked_on)


def asked_for(reading: Reading, determination_id: str, by: str, at: datetime, asked_on: date,
              lists: Collection[MarketList]) -> Asked:
    """The question as it will be stored, about the day of leaving; the market list of that day is kept beside it."""
    leaves = leaving_day(asked_on, reading.ship_date)
    current = in_force(lists, leaves)
    return Asked(
        id=determination_id, asked_by=by, asked_at=at, text=reading.text, lang=reading.lang, as_of=leaves,
        destinations=reading.destinations, ship_date=reading.ship_date, list_version=current.version if current else "",
        inherited=reading.inherited)


def judge_reading(reading: Reading, asked: Asked, ruleset: Ruleset) -> Determination:
    """Decide every product of a reading; a message that names none is judged as one unknown product."""
    products = reading.products or (ProductReading(),)
    return determine(asked, [described(product, ruleset) for product in products], ruleset)


def with_fact(reading: Reading, fact: str, value: str, words: str) -> Reading:
    """The reading once a person has stated a fact with a button: it holds for every product that lacked it."""
    said = {fact: (Evidence(words, 0, 0, "button"),)}
    products = tuple(_stated(product, fact, value, said) for product in reading.products or (ProductReading(),))
    return replace(reading, products=products, doubts=tuple(doubt for doubt in reading.doubts if doubt.about != fact))


def _stated(product: ProductReading, fact: str, value: str, said: Mapping[str, tuple[Evidence, ...]]) -> ProductReading:
    if product.value(fact) != Truth.UNKNOWN:
        return product
    evidence = {**product.evidence, **said}
    if fact == "category":
        return replace(product, category=Category(value), evidence=evidence)
    if fact == "autonomous":
        return replace(product, autonomous=Truth(value), evidence=evidence)
    if fact == "export":
        return replace(product, export=Truth(value), evidence=evidence)
    return replace(product, stated={**product.stated, fact: value}, evidence=evidence)

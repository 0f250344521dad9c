"""Rules, market list or catalogue are others now: planned shipments are judged anew, and their people hear what differs, once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from bot.desk.outbox import show
from bot.desk.readers import receiver_of
from bot.desk.records import colleague, colleagues, note_audit, shipment_of
from bot.desk.shipping import POINTED_OUT, SEEN, Judge, judged, keep_shipment
from bot.domain.catalogue import Product
from bot.domain.people import first_with
from bot.domain.rulebook import digest_of
from bot.domain.shipment import Goods, Shipment, shipment_from
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies.rejudged import rejudged_reply

BATCH = 100
"""Shipments stored in one transaction: others who write wait for no more than these."""
NOTE = "judged by"
"""The note of what shipments were judged by last, and of what is found and not told yet while a pass is under way."""
BY = "rules"

Before = dict[str, str]
"""The verdict of each product of a shipment that reads differently now, as it was."""


def judge_anew(desk: Desk, now: datetime) -> int:
    """Judge planned shipments again where the grounds are others than last time; returns how many are judged otherwise.

    Cheap while nothing has changed. A pass that was interrupted goes on after the start, and is told at its end, once.
    """
    grounds, note = _grounds(desk), desk.store.get("notes", NOTE) or {}
    if note.get("grounds") == grounds:
        return 0
    judge = Judge(desk, now)
    other = [shipment.id for shipment in _planned(desk.store) if _judged_otherwise(judge, shipment)]
    for start in range(0, len(other), BATCH):
        with desk.store.transaction() as tx:
            _store(tx, judge, other[start:start + BATCH])
    with desk.store.transaction() as tx:
        _tell(tx, desk, [part for part in grounds if grounds[part] != note.get("grounds", grounds)[part]], now)
        tx.put("notes", {"id": NOTE, "grounds": grounds})
    return len(other)


def _grounds(desk: Desk) -> dict[str, str]:
    """What a shipment is judged by: the rules that decide, the newest market list, the catalogue."""
    newest = next(iter(desk.store.up_to("lists", "newest_first", "~", 1)), {"id": ""})
    return {"rules": desk.rulesets[desk.ruleset].digest, "list": newest["id"], "catalogue": _catalogue(desk.catalogue)}


@lru_cache(maxsize=4)
def _catalogue(products: tuple[Product, ...]) -> str:
    return digest_of(products)


def _planned(rows: Rows) -> Iterator[Shipment]:
    return (shipment_from(row) for row in rows.every("shipments") if row["state"] == "planned")


def _judged_otherwise(judge: Judge, shipment: Shipment) -> bool:
    return any(_differs(goods, judge.of(goods, shipment)) for goods in shipment.goods)


def _differs(was: Goods, goods: Goods) -> bool:
    return (was.verdict or "needs_review", was.basis) != (goods.verdict, goods.basis)


def _store(tx: Transaction, judge: Judge, ids: Sequence[str]) -> None:
    """Keep them as they are judged now, and note what is to be told of them."""
    note: Row = tx.get("notes", NOTE) or {"id": NOTE}
    found: dict[str, dict[str, Before]] = note.get("found", {})
    counts: dict[str, int] = note.get("counts", {})
    tx.reserve("audit", len(ids))
    for was in (shipment_of(tx, one) for one in ids):  # as they are now: they may have moved since they were looked at
        before = _rejudge(tx, judge, was) if was.state == "planned" else {}
        if before:
            counts[was.owner] = counts.get(was.owner, 0) + 1
            told = found.setdefault(was.owner, {})
            if len(told) < POINTED_OUT:
                told.setdefault(was.id, before)
    tx.put("notes", note | {"found": found, "counts": counts})


def _rejudge(tx: Transaction, judge: Judge, was: Shipment) -> Before:
    """Keep the shipment with its verdicts of now, its reminders and its filings' plan; returns the verdicts that were others."""
    anew = judged(judge, tx, was)
    known = replace(anew, goods=tuple(map(_filed_as_before, was.goods, anew.goods)))
    before = {old.product: old.verdict for old, new in zip(was.goods, known.goods, strict=True)
              if (old.verdict or "needs_review") != new.verdict}
    if known == was:
        return {}
    known = known if known.told or not known.unfiled else replace(known, told=SEEN)
    note_audit(tx, was.id, "shipment judged anew", BY, judge.now, before=_verdicts(was), after=_verdicts(known))
    keep_shipment(tx, judge.desk, was, known, BY, judge.now)
    return before


def _filed_as_before(was: Goods, anew: Goods) -> Goods:
    """What is judged as before is left to whichever filing it waits for, or to none."""
    return anew if _differs(was, anew) else was


def _verdicts(shipment: Shipment) -> str:
    return ", ".join(f"{goods.product}: {goods.verdict}" for goods in shipment.goods)


def _tell(tx: Transaction, desk: Desk, changed: Sequence[str], now: datetime) -> None:
    """One message to each owner about theirs, and one to the project manager about all of them."""
    note = tx.get("notes", NOTE) or {}
    found: dict[str, dict[str, Before]] = note.get("found", {})
    name = f"rejudged:{tx.number('rejudged message')}" if found else ""
    for reader, owners in _readers(tx, desk, found, now).items():
        first = [(shipment_of(tx, one), before) for owner in owners for one, before in found[owner].items()]
        there = [(shipment, before) for shipment, before in first if _reads_otherwise(shipment, before)]
        count = sum(note["counts"][one] for one in owners) - len(first) + len(there)
        if there:
            reply = rejudged_reply(desk.words, colleague(tx, reader).lang, there[:POINTED_OUT], count, changed)
            show(tx, f"{name}:{reader}", reader, "", reply, now, there[0][0].id)


def _reads_otherwise(shipment: Shipment, before: Before) -> bool:
    """Not where the next change, after a stop, took the first one back."""
    return any(before.get(goods.product, goods.verdict) != goods.verdict for goods in shipment.goods)


def _readers(rows: Rows, desk: Desk, owners: Iterable[str], now: datetime) -> dict[str, list[str]]:
    """Who reads, or stands in for them, with the owners whose shipments they hear of; the manager hears of everybody's."""
    readers: dict[str, list[str]] = {}
    manager = first_with(["PM"], colleagues(rows))
    for owner in owners:
        for person in dict.fromkeys([owner, *([manager.id] if manager else [])]):
            heard = readers.setdefault(receiver_of(rows, desk, person, now).id, [])
            heard += [owner] if owner not in heard else []
    return readers

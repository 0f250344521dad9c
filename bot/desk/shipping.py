"""What every change of a shipment brings with it: goods judged and covered, reminders, its filings' plan, its owner told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.desk.agenda import plan_filing_reminders, plan_shipment_reminders
from bot.desk.cataloguing import name_of, product_named
from bot.desk.left_behind import keep_offer, left_behind
from bot.desk.outbox import show
from bot.desk.records import colleague, keep, tasks_of
from bot.desk.replanning import replan_filing
from bot.domain.change import Change
from bot.domain.deciding import decide
from bot.domain.facts import Truth
from bot.domain.filing import OPEN_STATES, Filing
from bot.domain.reading import read
from bot.domain.rows import from_row
from bot.domain.shipment import Goods, Shipment, ShipmentLine, covers, order_of, plain_number, shipment_from
from bot.ports import Desk, Rows, Transaction
from bot.replies.shipments import unfiled_reply

POINTED_OUT = 12
"""Shipments in one message to an owner: more would not fit Slack's 50 blocks."""


@dataclass(frozen=True)
class Judge:
    """Decides goods as of `now`; what a name says is remembered, as a table names the same few products again and again."""

    desk: Desk
    now: datetime
    _known: dict[str, tuple[str, str]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def name(self, product: str) -> str:
        """The name under which a product is kept, however it was spelt."""
        if product not in self._names:
            self._names[product] = name_of(self.desk, product)
        return self._names[product]

    def of(self, goods: Goods, shipment: Shipment) -> Goods:
        """The goods with what the rules say of them, and on whose word on autonomy."""
        facts = self.facts(goods, shipment.destination)
        ruleset = self.desk.rulesets[self.desk.ruleset]
        decision = decide(ruleset, ruleset.only_used(facts), shipment.etd)
        basis = "said" if goods.autonomous in ("yes", "no") else "catalogue" if facts["autonomous"] != "unknown" else ""
        return replace(goods, verdict=str(decision.verdict), basis=basis)

    def facts(self, goods: Goods, destination: str) -> dict[str, str]:
        """The family from the catalogue or the words, autonomy as said or else as the catalogue has it."""
        if goods.product not in self._known:
            self._known[goods.product] = self._looked_up(goods.product)
        category, decided = self._known[goods.product]
        return {"category": category, "autonomous": goods.autonomous if goods.autonomous in ("yes", "no") else decided,
                "export": "no" if destination == "CN" else "yes"}

    def _looked_up(self, product: str) -> tuple[str, str]:
        item = product_named(self.desk, product)
        if item:
            return str(item.category), "unknown" if item.autonomous is Truth.UNKNOWN else str(item.autonomous)
        today = self.now.astimezone(ZoneInfo(self.desk.zone)).date()
        found = read(product, today, self.desk.lexicon).products
        return str(found[0].category) if found else "unknown", "unknown"


def as_kept(judge: Judge, line: ShipmentLine) -> ShipmentLine:
    """A shipment's line with its number and its products as they are stored."""
    further = tuple(replace(goods, product=judge.name(goods.product)) for goods in line.further)
    return replace(line, number=plain_number(line.number), product=judge.name(line.product), further=further)


def judged(judge: Judge, rows: Rows, shipment: Shipment) -> Shipment:
    """The shipment with what the rules say of its goods and, where one covers them already, their filings."""
    return replace(shipment, goods=tuple(_covered(rows, shipment, judge.of(goods, shipment)) for goods in shipment.goods))


def _covered(rows: Rows, shipment: Shipment, goods: Goods) -> Goods:
    return goods if goods.filing else replace(goods, filing=_covering(rows, shipment, goods.product))


def _covering(rows: Rows, shipment: Shipment, product: str) -> str:
    """The open filing that is planned in time; for a part of a split order also the order's own, which then follows."""
    order = next(iter(rows.where("shipments", "number", order_of(shipment.number))), None)
    shared = _shared(shipment_from(order), shipment, product) if order else ""
    for row in rows.where("filings", "product", product):
        if row["state"] in OPEN_STATES and (row["id"] == shared or covers(from_row(Filing, row), shipment, product)):
            return str(row["id"])
    return ""


def _shared(order: Shipment, part: Shipment, product: str) -> str:
    same = order.destination == part.destination
    return next((goods.filing for goods in order.goods if same and goods.product == product), "")


def keep_shipment(tx: Transaction, desk: Desk, was: Shipment | None, known: Shipment, by: str, now: datetime, *,
                  leader: str = "") -> list[Change]:
    """Keep a changed shipment with its reminders; returns the filings that followed, before and after.

    `leader` is a filing that it follows itself.
    """
    keep(tx, "shipments", known)
    plan_shipment_reminders(tx, desk, known, now)
    if was and was.told not in ("", SEEN):
        show_unfiled(tx, desk, was.told, was.owner, now)
    concerned = dict.fromkeys((*(was.filings if was else ()), *known.filings))
    moved = [_follow(tx, desk, one, was, known, by, now) for one in concerned if one != leader]
    for one in concerned:
        keep_offer(tx, desk, one, now)
    return [one for one in moved if one]


def _follow(tx: Transaction, desk: Desk, filing_id: str, was: Shipment | None, known: Shipment, by: str,
            now: datetime) -> Change | None:
    """A filing follows its first shipment, if it was tied to the one that changed or would be late for it."""
    row = tx.get("filings", filing_id)
    filing = from_row(Filing, row) if row and row["state"] in OPEN_STATES else None
    first = first_etd(tx, filing) if filing else None
    if filing is None or first is None:
        return None
    tied = was is not None and was.etd == filing.etd and not (
        filing_id in known.filings and (known.etd, known.state) == (was.etd, "planned"))
    if first < filing.etd or (tied and first != filing.etd):
        return replan_filing(tx, desk, filing, first, by, now)
    if {known.zone, was.zone if was else filing.zone} != {filing.zone}:  # the ETD may be a date in another zone now
        plan_filing_reminders(tx, desk, filing, tasks_of(tx, filing_id), now)
    return None


def first_etd(rows: Rows, filing: Filing) -> date | None:
    """The day the first shipment of a filing leaves, of those that have not left.

    What stayed behind when somebody moved the filing alone does not pull it back.
    """
    stayed = {one.id for one in left_behind(rows, filing)}
    there = [row for row in rows.where("shipments", "goods.filing", filing.id) if row["id"] not in stayed]
    return min((date.fromisoformat(row["etd"]) for row in there if row["state"] == "planned"), default=None)


SEEN = "answer"
"""Told in the answer to whoever brought it, or as one of many; there is no message about it to keep in step."""


def newly_unfiled(was: Shipment | None, known: Shipment) -> bool:
    """Whether its owner has to be told that goods in scope have no filing."""
    told = was is not None and bool(was.unfiled and was.told) and was.owner == known.owner
    return bool(known.unfiled) and not told


def point_out(tx: Transaction, desk: Desk, by_owner: Mapping[str, Iterable[str]], key: str, now: datetime) -> None:
    """One message to each owner about shipments (by id) in scope without a filing, the first ones each with a button."""
    for owner, ids in by_owner.items():
        name = f"unfiled:{key}:{owner}"
        for place, row in enumerate(tx.get("shipments", one) for one in ids):
            if row:
                tx.put("shipments", row | {"told": name if place < POINTED_OUT else SEEN})
        show_unfiled(tx, desk, name, owner, now)


def show_unfiled(tx: Transaction, desk: Desk, name: str, owner: str, now: datetime) -> None:
    """Want the message `name` to say how its shipments stand now: open ones with a button, the others with their filing."""
    there = [shipment_from(row) for row in tx.where("shipments", "told", name)]
    if there:
        reply = unfiled_reply(desk.words, colleague(tx, owner).lang, there, full=len(there) >= POINTED_OUT)
        show(tx, name, owner, "", reply, now, there[0].id)

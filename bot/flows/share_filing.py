"""A shipment waits for a filing that is open already, instead of a second one for the same product and market."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.desk.records import filing_of, note_audit, shipment_of
from bot.desk.shipping import keep_shipment
from bot.domain.filing import OPEN_STATES, Filing
from bot.domain.people import Colleague
from bot.domain.rows import from_row
from bot.domain.shipment import Goods, Shipment
from bot.errors import BadInput
from bot.ports import Desk, Rows


def open_for(rows: Rows, product: str, destinations: Collection[str], customer: str | None = "") -> list[Filing]:
    """The open filings for this product and all of these destinations that are for any customer, or for this one.

    None stands for whichever customer.
    """
    found = (from_row(Filing, row) for row in rows.where("filings", "product", product) if row["state"] in OPEN_STATES)
    return [one for one in found if destinations and {*destinations} <= {*one.destinations}
            and (customer is None or one.customer in ("", customer))]


def share_filing(desk: Desk, filing_id: str, shipment_id: str, by: Colleague, now: datetime) -> Shipment:
    """The shipment's goods of the filing's product wait for it; it follows, where the shipment leaves first.

    BadInput where the filing is not for these goods, this destination and this customer, or is not open any more.
    """
    with desk.store.transaction() as tx:
        filing, was = filing_of(tx, filing_id), shipment_of(tx, shipment_id)
        known = replace(was, goods=tuple(_sharing(goods, filing) for goods in was.goods))
        if filing not in open_for(tx, filing.product, [was.destination], was.customer) or filing.id not in known.filings:
            raise BadInput(desk.words.say(by.lang, "error.share", id=filing.id, number=was.number)).at("share")
        if known != was:
            note_audit(tx, was.id, "filing assigned", by.id, now, before=", ".join(was.filings), after=", ".join(known.filings))
            keep_shipment(tx, desk, was, known, by.id, now)
    return known


def _sharing(goods: Goods, filing: Filing) -> Goods:
    return replace(goods, filing=filing.id) if goods.product == filing.product and not goods.filing else goods

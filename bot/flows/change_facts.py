"""Facts of a filing have changed: what is open is planned anew, change control starts, and sign-offs that rested on them end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.plans import propose
from bot.desk.records import filing_of
from bot.desk.replanning import check_seen, take_change
from bot.domain.change import Change
from bot.domain.filing import Filing
from bot.domain.people import Colleague
from bot.errors import BadInput
from bot.ports import Desk


@dataclass(frozen=True, slots=True)
class Facts:
    """What somebody says of the goods now; `what` in words (a new firmware changes no field here)."""

    product: str
    category: str
    destinations: tuple[str, ...]
    autonomous: str
    """"yes", "no", or "" for as determined."""
    what: str


def look_at_facts(desk: Desk, filing_id: str, facts: Facts, by: Colleague, now: datetime) -> Change:
    """Before and after; nothing is stored. BadInput without a word on what has changed."""
    if not facts.what.strip():
        raise BadInput(desk.words.say(by.lang, "error.no_reason"))
    filing = filing_of(desk.store, filing_id)
    return propose(desk, desk.store, filing, changed(filing, facts), now, event="change")


def change_facts(desk: Desk, filing_id: str, facts: Facts, by: Colleague, now: datetime, *, seen: str = "") -> Change:
    """Take it; `seen` is the digest of what the person looked at: BadInput when somebody changed it meanwhile."""
    if not facts.what.strip():
        raise BadInput(desk.words.say(by.lang, "error.no_reason"))
    with desk.store.transaction() as tx:
        filing = filing_of(tx, filing_id)
        change = propose(desk, tx, filing, changed(filing, facts), now, event="change")
        check_seen(desk, change, seen, by)
        take_change(tx, desk, change, by.id, now, "facts changed", what=facts.what.strip())
    return change


def changed(filing: Filing, facts: Facts) -> Filing:
    """The filing as it would be; its ticket gets the title that goes with it."""
    return replace(filing, product=facts.product, category=facts.category, destinations=facts.destinations,
                   autonomous=facts.autonomous, changes=filing.changes + 1, ticket_due=None)

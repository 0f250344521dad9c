"""A new market list: guarded, compared, its impact shown; published once, everyone it touches hears of it once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.gatehouse import expire_signs, expiring
from bot.desk.outbox import show
from bot.desk.records import colleague, filing_of, filings, market_lists, note_audit, shipments
from bot.desk.replanning import begin_by_event
from bot.domain.determination import Determination
from bot.domain.filing import OPEN_STATES, Filing
from bot.domain.market_list import Doubt, ListDiff, MarketList, diff, guard
from bot.domain.people import Colleague, may
from bot.domain.shipment import Shipment
from bot.domain.signing import SignOff
from bot.errors import BadInput, NotAllowed
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies.lists import list_doubt, news_reply, personal_reply, recall_reply


@dataclass(frozen=True, slots=True)
class Impact:
    """What a list would change: the difference, and the ids it touches."""

    new: MarketList
    before: MarketList | None
    diff: ListDiff
    doubts: tuple[Doubt, ...]
    filings: tuple[Filing, ...]
    shipments: tuple[Shipment, ...]
    answers: tuple[Row, ...]
    """Determination rows, the latest of each message, whose destination the list now speaks of otherwise."""
    sign_offs: tuple[SignOff, ...] = ()
    """Standing sign-offs that rest on what the list no longer says."""


def impact_of(desk: Desk, new: MarketList, known_codes: Collection[str], *, confirmed: bool = False) -> Impact:
    """The dry run: nothing is written, nobody is told."""
    return _impact(desk, desk.store, new, known_codes, confirmed)


def publish_list(desk: Desk, new: MarketList, known_codes: Collection[str], by: Colleague, now: datetime, *,
                 confirmed: bool = False, compared_by: str = "") -> Impact:
    """Take the list over and tell everyone concerned, once.

    BadInput while a doubt stands; NotAllowed for other roles and for `compared_by`: a second person publishes.
    """
    if not may(by.role, "publish_list"):
        raise NotAllowed(desk.words.say(by.lang, "error.publish_role"))
    if by.id == compared_by:
        raise NotAllowed(desk.words.say(by.lang, "error.publish_second"))
    with desk.store.transaction() as tx:
        impact = _impact(desk, tx, new, known_codes, confirmed)
        if impact.doubts:
            raise BadInput("\n".join(list_doubt(desk.words, by.lang, doubt) for doubt in impact.doubts))
        tx.put("lists", new.to_row())
        note_audit(tx, new.id, "list published", by.id, now, before=impact.before.version if impact.before else "",
                   compared_by=compared_by,
                   touched=len(impact.answers) + len(impact.filings) + len(impact.shipments), sign_offs=len(impact.sign_offs))
        _expire(desk, tx, impact, by, now)
        _recall(desk, tx, impact, now)
        _tell_people(desk, tx, impact, now)
        _announce(desk, tx, impact, now)
    return impact


def _impact(desk: Desk, rows: Rows, new: MarketList, known_codes: Collection[str], confirmed: bool) -> Impact:
    before = max(market_lists(rows, new.ruleset), key=lambda entry: (entry.effective, entry.recorded_on), default=None)
    changed = _changed_for(before, new)
    doubts = tuple(dict.fromkeys([*guard(new, before, known_codes, confirmed), *_about_version(rows, new)]))
    return Impact(
        new, before, diff(before, new), doubts,
        filings=tuple(f for f in filings(rows) if f.state in OPEN_STATES and changed(f.destinations)),
        shipments=tuple(s for s in shipments(rows) if s.state == "planned" and changed([s.destination])),
        answers=tuple(row for row in _latest_answers(rows) if changed(row["destinations"])),
        sign_offs=tuple(sign for filing in filings(rows) for sign in expiring(desk, rows, filing, new)))


def _about_version(rows: Rows, new: MarketList) -> list[Doubt]:
    """A version keeps its name for ever, also where newer ones came after it."""
    return [Doubt("same_version", (new.version,))] if rows.get("lists", new.id) else []


class _changed_for:
    """Whether the two versions say something different of any of these destinations."""

    def __init__(self, before: MarketList | None, after: MarketList) -> None:
        self._before, self._after = before, after

    def __call__(self, codes: Iterable[str]) -> bool:
        return any(self._said(self._before, code) != self._said(self._after, code) for code in codes if code != "CN")

    @staticmethod
    def _said(entry: MarketList | None, code: str) -> object:
        return (entry.lists(code), entry.market(code)) if entry else None


def _latest_answers(rows: Rows) -> list[Row]:
    """Of every answered message the determination that stands."""
    return [row for row in rows.every("determinations") if not row.get("followed_by")]


def _expire(desk: Desk, tx: Transaction, impact: Impact, by: Colleague, now: datetime) -> None:
    """Sign-offs that rested on the old list end; open filings it touches begin what a new list starts."""
    for filing_id in dict.fromkeys(sign.filing for sign in impact.sign_offs):
        expire_signs(tx, desk, filing_of(tx, filing_id), by.id, now)
    for filing in impact.filings:
        begin_by_event(tx, desk, filing_of(tx, filing.id), "list", now)


def _recall(desk: Desk, tx: Transaction, impact: Impact, now: datetime) -> None:
    """Everyone whose past answers read differently now is told in the thread of the answers, once for each thread."""
    for rows in _by_thread(impact.answers):
        asked, row = [Determination.from_row(each).asked for each in rows], rows[-1]
        reply = recall_reply(desk.words, asked, impact.before, impact.new)
        show(tx, f"recall:{row['id']}:{impact.new.version}", row["channel"], row["thread"], reply, now, row["id"],
             under=row["message"])


def _by_thread(rows: Iterable[Row]) -> list[list[Row]]:
    """Answers of one thread together, oldest first; one without a thread has the thread below itself."""
    threads: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        threads.setdefault((row["channel"], row["thread"] or row["message"]), []).append(row)
    return list(threads.values())


def _tell_people(desk: Desk, tx: Transaction, impact: Impact, now: datetime) -> None:
    """One message to each owner, whatever the number of filings and shipments."""
    owners = dict.fromkeys([filing.owner for filing in impact.filings] + [shipment.owner for shipment in impact.shipments])
    for owner in owners:
        person = colleague(tx, owner)
        own_filings = [filing for filing in impact.filings if filing.owner == owner]
        own_shipments = [shipment for shipment in impact.shipments if shipment.owner == owner]
        reply = personal_reply(desk.words, person, impact.new, own_filings, own_shipments)
        show(tx, f"list:{impact.new.id}:{owner}", owner, "", reply, now, impact.new.id)


def _announce(desk: Desk, tx: Transaction, impact: Impact, now: datetime) -> None:
    if desk.watch_channel:
        reply = news_reply(desk.words, desk.lang, impact.diff, impact.new,
                           (len(impact.filings), len(impact.shipments), len(impact.answers), len(impact.sign_offs)))
        show(tx, f"list:{impact.new.id}", desk.watch_channel, "", reply, now, impact.new.id)

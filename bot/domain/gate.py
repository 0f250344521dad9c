"""May it ship? Red, amber or green, with every reason; green only on a release by a person, never by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.checklist import RELEASE, Checklist, ChecklistItem
from bot.domain.filing import Filing, FilingTask
from bot.domain.shipment import Shipment, covers
from bot.domain.signing import SignOff, latest, standing, valid_release

RED, AMBER, GREEN = "red", "amber", "green"
FRESH = timedelta(minutes=15)
"""A ticket that was not read for longer may have changed without our knowing."""
READ_EVERY = FRESH - timedelta(minutes=1)
"""Tickets have to be read so often at least, or nothing stays green: reading them takes its time, too."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a judgement; `about` fills the gaps of its sentence: item ids, dates, parts that changed."""

    kind: str
    colour: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What a gate is judged from, as it is known now."""

    filing: Filing
    tasks: tuple[FilingTask, ...]
    checklist: Checklist
    signs: tuple[SignOff, ...]
    now: datetime
    today: date
    """In the filing's zone."""
    read_at: datetime | None = None
    """When the tracker was last read in full; None for never."""
    overdue: tuple[str, ...] = ()
    """Clauses and list versions whose verification should have been renewed."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The judgement; `release` is what it rests on when it is not red."""

    colour: str
    reasons: tuple[Reason, ...]
    release: SignOff | None = None

    @property
    def releasable(self) -> bool:
        """Whether all is in place but the release itself."""
        return all(reason.kind in ("held", "asked") for reason in self.reasons if reason.colour == RED)


def release_role(checklist: Checklist) -> str:
    """The role that lifts the hold."""
    return next((item.sign_off for item in checklist.items if item.hold and item.sign_off), "HEAD")


def judge(look: Look) -> Gate:
    """Whether the goods of a filing may leave, by everything known of it."""
    release = valid_release(look.signs, release_role(look.checklist), look.filing)
    reasons = (*_hold(look, release), *_work(look), *_signs(look), *_doubts(look))
    return Gate(_worst(reasons), reasons, release)


def judge_shipment(shipment: Shipment, looks: Mapping[str, Look]) -> Gate:
    """Whether one shipment may leave: its own reasons; the colour is the worst of them and of its filings (by id)."""
    own = tuple(_own(shipment, looks))
    under = [judge(looks[one]) for one in shipment.filings if one in looks]
    return Gate(_worst((*own, *(reason for gate in under for reason in gate.reasons))), own)


def why_held(shipment: Shipment, looks: Mapping[str, Look]) -> tuple[Reason, ...]:
    """Why a shipment may not leave, or should not have left: its own red reasons, and its filings on hold in one; () for none."""
    own = tuple(reason for reason in _own(replace(shipment, state="planned"), looks) if reason.colour == RED)
    held = tuple(one for one in shipment.filings if one in looks and judge(looks[one]).colour == RED)
    return (*own, Reason("filings_held", RED, held)) if held else own


def _worst(reasons: Collection[Reason]) -> str:
    colours = {reason.colour for reason in reasons}
    return RED if RED in colours else AMBER if AMBER in colours else GREEN


def _hold(look: Look, release: SignOff | None) -> Iterator[Reason]:
    if release is None or look.filing.hold != "released":
        yield Reason("asked" if look.filing.hold == "asked" else "held", RED)


def _work(look: Look) -> Iterator[Reason]:
    """What has to be done before a release, and the evidence it has to leave."""
    before = {item.id: item for item in look.checklist.before_release()}
    there = [task for task in look.tasks if task.item in before]
    still = [task.item for task in there if not task.done]
    if still:
        yield Reason("open", RED, tuple(still))
    bare = [task.item for task in there if task.done and before[task.item].evidence_required and not task.evidence]
    if bare:
        yield Reason("no_evidence", RED, tuple(bare))
    if not there:
        yield Reason("no_plan", RED)
    started = {item.id for item in look.checklist.items if item.event == "change"}
    changes = [task.item for task in look.tasks if task.item in started and task.due and not task.done]
    if changes:
        yield Reason("change_open", RED, tuple(changes))


def _signs(look: Look) -> Iterator[Reason]:
    for item in signed_items(look.checklist, look.tasks):
        if standing(look.signs, item.id) is None:
            last = latest(look.signs, item.id)
            yield Reason("expired", RED, (item.id, *last.changed)) if last else Reason("unsigned", RED, (item.id, item.sign_off))


def signed_items(checklist: Checklist, tasks: Collection[FilingTask]) -> list[ChecklistItem]:
    """The tasks of a filing that need a sign-off before its release."""
    there = {task.item for task in tasks}
    own = (item for item in checklist.items if item.sign_off and not item.hold and item.id != RELEASE)
    return [item for item in own if item.id in there]


def _doubts(look: Look) -> Iterator[Reason]:
    """Why what is known may no longer be so: no green on old knowledge."""
    if not look.filing.ticket or look.filing.state == "parked":
        yield Reason("no_ticket", AMBER)
    if look.read_at is None or look.now - look.read_at > FRESH:
        yield Reason("stale", AMBER, (look.read_at.isoformat(),) if look.read_at else ())
    if look.overdue:
        yield Reason("unverified", AMBER, look.overdue)
    watched = {item.id for item in look.checklist.items if item.event == "list"}
    late = [task for task in look.tasks if task.item in watched and task.due and task.due < look.today and not task.done]
    yield from (Reason("not_watched", AMBER, (task.item, str(task.due))) for task in late)
    if look.filing.etd < look.today:
        yield Reason("etd_past", AMBER, (look.filing.etd.isoformat(),))


def _own(shipment: Shipment, looks: Mapping[str, Look]) -> Iterator[Reason]:
    if shipment.state != "planned":
        yield Reason(f"gone_{shipment.state}", RED)
    for goods in shipment.goods:
        look = looks.get(goods.filing)
        if look is None:
            verdict = goods.verdict or "needs_review"
            yield Reason(f"no_filing_{verdict}", AMBER if verdict == "out_of_scope" else RED, (goods.product,))
        elif not covers(look.filing, shipment, goods.product):
            yield Reason("not_covered", RED, (goods.product, look.filing.id))
    if not shipment.goods:
        yield Reason("no_filing_needs_review", RED)

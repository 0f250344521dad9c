"""How one row of the outbox is worked off: what goes wrong with it is written to it, and a person sees it.

A row says what is wanted, not what to do: "show:NAME" holds the latest words of a message, "ticket:F-12" that a filing and the
tracker shall agree. The row is marked `trying` before a call and unmarked after it. A row found `trying` (the program died, or
the answer was lost) is looked up by its key first, and what is found is adopted; only then is anything created again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import TypeVar

from bot.desk.outbox import show_filing, tell_owner
from bot.desk.records import filing_of, keep
from bot.domain.filing import OPEN_STATES, Filing
from bot.errors import FilingDeskError, Gone, OutcomeUnknown, Refused, ServiceError, StoreError, TryLater
from bot.ports import Desk, Row
from bot.replies.names import together
from bot.replies.trouble import trouble_said

T = TypeVar("T")

PATIENCE = (1, 5, 15, 60, 300, 900)
"""Seconds between tries while a service cannot be reached; the last one repeats."""
LONG_WAIT = 60
"""Seconds from which on people are told when the next try is."""


def guarded(desk: Desk, row: Row, due: str, now: datetime, work: Callable[[], None]) -> Exception | None:
    """Do it; what goes wrong with one row is written to that row, so that the others are delivered all the same."""
    try:
        work()
    except StoreError:
        raise
    except TryLater as error:
        return _later(desk, row, due, now, error)
    except OutcomeUnknown as error:
        change(desk, row, tries=row["tries"] + 1, error=str(error), **{due: after(now, desk.delivery.look_every)})
        _trouble(desk, row, now, error, looking=True)
    except FilingDeskError as error:
        _park(desk, row, due, now, error)
    except Exception as error:  # our own mistake: it must neither be lost nor hold up everybody else
        code = type(error).__name__
        change(desk, row, mistake=_place_of(error))
        _later(desk, row, due, now, TryLater(f"A mistake of our own: {code}.").named("own_mistake", kind=code))
    return None


def _place_of(error: Exception) -> str:
    """What doctor and /healthz show of it: kind and place; its words may hold what is nobody's business there."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"


def _later(desk: Desk, row: Row, due: str, now: datetime, error: TryLater) -> TryLater:
    tries = row["tries"] + 1
    wait = max(PATIENCE[min(tries, len(PATIENCE)) - 1], error.after_seconds or 0)
    change(desk, row, tries=tries, error=str(error), **{due: after(now, wait)})
    at = now + timedelta(seconds=wait)
    _trouble(desk, row, now, error, at=at if wait >= LONG_WAIT else None)
    return error


def _park(desk: Desk, row: Row, due: str, now: datetime, error: FilingDeskError) -> None:
    """A person must change something; newer words that came meanwhile get a try of their own."""
    with desk.store.transaction() as tx:
        latest = tx.get("outbox", row["id"]) or row
        renewed = latest.get("version") != row.get("version")
        kind = {"error": str(error), "kind": type(error).__name__}
        tx.put("outbox", latest | kind | ({} if renewed else {"state": "failed", due: None}))
    if "filing" in row:
        _parked(desk, row["filing"], now, error)


def change(desk: Desk, row: Row, **changes: object) -> None:
    """Change the row as it is now: a wish may have been renewed while a call was under way."""
    with desk.store.transaction() as tx:
        tx.put("outbox", (tx.get("outbox", row["id"]) or row) | changes)


def attempt(desk: Desk, row: Row, now: datetime, call: Callable[[], T], **marks: object) -> T:
    """Make a call that creates something: marked before it leaves, unmarked where the service says that nothing happened.

    An error met while *looking* for what an earlier attempt left never comes through here, so that mark stays.
    """
    change(desk, row, trying=now.isoformat(), **marks)
    try:
        return call()
    except (TryLater, Refused, Gone):
        change(desk, row, trying=None)
        raise


def after(now: datetime, seconds: float) -> str:
    """So many seconds from now, as a row keeps it."""
    return (now + timedelta(seconds=seconds)).isoformat()


def seconds_since(row: Row, now: datetime) -> float:
    """Seconds since the attempt the row is marked with."""
    return (now - datetime.fromisoformat(row["trying"])).total_seconds()


def _trouble(desk: Desk, row: Row, now: datetime, error: ServiceError, *, at: datetime | None = None,
             looking: bool = False) -> None:
    """The filing's message says what is wrong, that it is looked up, and, where that takes long, when it is tried next."""
    with desk.store.transaction() as tx:
        if "filing" not in row or tx.get("filings", row["filing"]) is None:
            return
        filing = filing_of(tx, row["filing"])
        said = [trouble_said(desk.words, filing.lang, error), _next_try(desk, filing, at),
                desk.words.say(filing.lang, "filing.looking") if looking else ""]
        known = replace(filing, trouble=together(filing.lang, *said))
        keep(tx, "filings", known)
        show_filing(tx, desk.words, known, now)


def _next_try(desk: Desk, filing: Filing, at: datetime | None) -> str:
    return desk.words.say(filing.lang, "filing.next_try", at=desk.words.moment(filing.lang, at, filing.zone)) if at else ""


def _parked(desk: Desk, filing_id: str, now: datetime, error: FilingDeskError) -> None:
    """A person is needed: the filing's message says so with what can be done, and its owner is told once."""
    fields: dict[str, str] = getattr(error, "fields", {})
    reasons = [f"{name}: {reason}" for name, reason in fields.items() if reason not in str(error)]  # else it is said already
    with desk.store.transaction() as tx:
        if tx.get("filings", filing_id) is None:
            return
        filing = filing_of(tx, filing_id)
        known = replace(filing, trouble=" · ".join([trouble_said(desk.words, filing.lang, error), *reasons]), refused=fields,
                        trouble_code=error.code,
                        state="parked" if filing.state in OPEN_STATES else filing.state)
        keep(tx, "filings", known)
        show_filing(tx, desk.words, known, now)
        tell_owner(tx, desk.words, known, now)

"""A table of shipments: looked at without storing anything, kept until somebody confirms, stored in steps that bear a stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, Protocol

from bot.desk.cataloguing import Strange
from bot.desk.records import keep, note_audit
from bot.desk.sailing import Left, left_of, tell_left, with_left
from bot.desk.shipping import POINTED_OUT, SEEN, Judge, as_kept, point_out
from bot.domain.gate import Reason
from bot.domain.people import Colleague
from bot.domain.rows import from_row, to_row
from bot.domain.shipment import Shipment, ShipmentLine, plain_number
from bot.errors import WARNING, BadInput, Finding
from bot.ports import Desk, Row, Rows, Transaction
from bot.replies.trouble import trouble_said

SAMPLES = 5
STRANGERS = 15
"""Products not in the catalogue that are named; more are looked for no further."""
KEPT = timedelta(days=7)
"""How long an offered import waits for its button."""
BATCH = 200
"""Lines stored in one transaction: others who write wait for no more than these."""


class Staged(Protocol):
    """The good lines of a table, kept on disk."""

    def lines(self, after: int = 0) -> Iterator[tuple[int, ShipmentLine]]:
        """In the order of the table, from behind this line on, each with its line number."""

    def add(self, line_number: int, line: ShipmentLine) -> int:
        """Add one line; 0, or the number of the earlier line it contradicts: then neither is good."""

    def keep(self) -> None:
        """Make what was added and refused durable."""

    def refuse(self, number: str) -> None:
        """This number is not imported."""

    def __len__(self) -> int:
        """How many good lines."""


class Refusal(NamedTuple):
    """What is wrong with what stands in a line, and in which of its fields."""

    line: int
    field: str
    what: str


@dataclass(slots=True)
class Staging:
    """What reading a table came to: how many mistakes were told, and in which column (from 0) each of our fields stands."""

    wrong: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    strange: set[str] = field(default_factory=set)
    """Products that are not in the catalogue."""

    def finding(self, shown: str, line: int, name: str, what: str) -> Finding:
        """A finding at a field of a line."""
        return Finding(shown, line, self.columns.get(name, 0) + 1, what)


@dataclass(slots=True)
class Preview:
    """What importing a table would come to: counts by outcome ("added", "updated", "unchanged"), samples of what changes."""

    counts: dict[str, int] = field(default_factory=dict)
    changes: list[tuple[Shipment, ShipmentLine]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    left: int = 0
    """Shipments that have sailed by the table and were not cleared to."""


class LineRead(Protocol):
    """One line of a table as it was read: `line` is None where `findings` say what is wrong."""

    @property
    def number(self) -> int:
        """Its number in the table."""

    @property
    def line(self) -> ShipmentLine | None:
        """What it says."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What is wrong with it."""

    @property
    def columns(self) -> Mapping[str, int]:
        """Our field to the place of its column, from 0."""


class Taken(Protocol):
    """What became of a line that was stored."""

    @property
    def shipment(self) -> Shipment:
        """As it is stored now."""

    @property
    def was(self) -> Shipment | None:
        """As it was stored before."""

    @property
    def outcome(self) -> str:
        """added, updated or unchanged."""

    @property
    def to_be_told(self) -> bool:
        """Whether its owner has to hear of it."""

    @property
    def held(self) -> tuple[Reason, ...]:
        """It has sailed by this line; why it should not have."""


Outcome = Callable[[Rows, Judge, ShipmentLine, Colleague], "Taken"]
"""What would become of a line, or BadInput."""
Take = Callable[[Transaction, Judge, ShipmentLine, Colleague], Taken]
"""Stores one line in a transaction and returns what became of it, or raises BadInput."""
Progress = Callable[[int, int], None]
"""Called with lines done and lines in all."""


def stage(staged: Staged, reads: Iterable[LineRead], shown: str, tell: Callable[[Finding], None],
          progress: Progress = lambda _done, _all: None, strange: Strange = lambda _product: None) -> Staging:
    """Keep the good lines of a table, tell every mistake with its place, and each product that is not in the catalogue once."""
    seen = Staging()
    for place, read in enumerate(reads):
        seen.columns = read.columns or seen.columns
        found = list(read.findings)
        against = staged.add(read.number, read.line) if read.line else 0
        if read.line and against:
            found.append(_contradiction(shown, read.number, read.line.number, against))
        seen.wrong += len(found)
        for finding in [*found, *(_stranger(seen, shown, read.number, read.line.product, strange) if read.line else ())]:
            tell(finding)
        if place % BATCH == 0:
            progress(place, 0)
    staged.keep()
    return seen


def _stranger(seen: Staging, shown: str, line: int, product: str, strange: Strange) -> list[Finding]:
    """The first time a name comes that is not in the catalogue; a table that has many of them has other products."""
    if product in seen.strange or len(seen.strange) >= STRANGERS:
        return []
    instead = strange(product)
    if instead is None:
        return []
    seen.strange.add(product)
    found = seen.finding(shown, line, "product", f"{product!r} is not in the catalogue; it is taken as it stands")
    return [replace(found, write=instead, severity=WARNING).named("not_in_catalogue", said=product)]


def _contradiction(shown: str, line: int, number: str, earlier: int) -> Finding:
    what = f"{number} is already on line {earlier} and says otherwise"
    return Finding(shown, line, 1, what, "keep one of the two; neither is imported").named(
        "says_otherwise", number=number, line=earlier)


def preview(desk: Desk, rows: Rows, staged: Staged, by: Colleague, outcome: Outcome, now: datetime,
            progress: Progress = lambda _done, _all: None) -> Preview:
    """The dry run: nothing is stored, and lines that cannot be are taken out of the table, so that the others can."""
    seen, whole, judge = Preview(), len(staged), Judge(desk, now)
    for place, (number, line) in enumerate(staged.lines()):
        try:
            one = outcome(rows, judge, line, by)
        except BadInput as error:
            name = "etd" if error.field == "time" else error.field or "number"  # a time stands with its date
            seen.refused.append(Refusal(number, name, trouble_said(desk.words, by.lang, error)))
            staged.refuse(line.number)
            continue
        seen.counts[one.outcome] = seen.counts.get(one.outcome, 0) + 1
        seen.left += bool(one.held)
        if one.was and one.outcome == "updated" and len(seen.changes) < SAMPLES:
            seen.changes.append((one.was, as_kept(judge, line)))
        if place % BATCH == 0:
            progress(place, whole)
    staged.keep()
    return seen


def offer(desk: Desk, key: str, by: Colleague, now: datetime, name: str = "") -> None:
    """The table waits under its key for a word of whoever sent it."""
    with desk.store.transaction() as tx:
        _forget_done(tx, now)
        tx.put("imports", {"id": key, "state": "offered", "by": by.id, "operator": to_row(by), "at": now.isoformat(),
                           "name": name, "done": 0, "counts": {}, "unfiled": {}, "refused": []})


def begin(desk: Desk, key: str, lang: str) -> Row:
    """Take the import up, once. BadInput where it runs, is done or is not known."""
    with desk.store.transaction() as tx:
        row = tx.get("imports", key)
        if row is None or row["state"] != "offered":
            raise BadInput(desk.words.say(lang, "table.running" if row and row["state"] == "running" else "table.gone"))
        tx.put("imports", row | {"state": "running"})
    return row


def interrupted(rows: Rows) -> list[str]:
    """Keys of the imports that a stop has interrupted: they go on where they were."""
    return [row["id"] for row in rows.every("imports") if row["state"] == "running"]


def carry_on(desk: Desk, key: str, staged: Staged, take: Take, now: datetime,
             progress: Progress = lambda _done, _all: None) -> Row:
    """Store what is left of the table, some lines in each transaction together with how far it is; returns the finished row."""
    row, whole, judge = desk.store.get("imports", key) or {}, len(staged), Judge(desk, now)
    by = from_row(Colleague, row["operator"])
    left = staged.lines(after=row["done"])
    while batch := list(islice(left, BATCH)):
        with desk.store.transaction() as tx:
            row = _step(tx, judge, row, batch, take, by)
        progress(sum(row["counts"].values()), whole)
    with desk.store.transaction() as tx:
        return _finish(tx, desk, row, by, now)


def _step(tx: Transaction, judge: Judge, row: Row, batch: list[tuple[int, ShipmentLine]], take: Take, by: Colleague) -> Row:
    counts, unfiled, refused = dict(row["counts"]), dict(row["unfiled"]), list(row["refused"])
    tx.reserve("shipment", sum(not tx.where("shipments", "number", plain_number(line.number)) for _, line in batch))
    tx.reserve("audit", len(batch))
    for number, line in batch:
        try:
            one = take(tx, judge, line, by)
        except BadInput as error:  # it was good when it was offered; time has passed since
            counts["refused"] = counts.get("refused", 0) + 1
            refused = [*refused, f"{number}: {trouble_said(judge.desk.words, by.lang, error)}"][:SAMPLES]
            continue
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
        row = with_left(row, Left(one.shipment, one.held)) if one.held else row
        if one.to_be_told:
            told = unfiled.setdefault(one.shipment.owner, [])
            unfiled[one.shipment.owner] = [*told, one.shipment.id][:POINTED_OUT]
            if len(told) >= POINTED_OUT:
                keep(tx, "shipments", replace(one.shipment, told=SEEN))
    known = row | {"done": batch[-1][0], "counts": counts, "unfiled": unfiled, "refused": refused}
    tx.put("imports", known)
    return known


def _finish(tx: Transaction, desk: Desk, row: Row, by: Colleague, now: datetime) -> Row:
    """Owners hear of what lacks a filing, and of what left uncleared, in one message each, however long the table is."""
    tell_left(tx, desk, left_of(tx, row), by.name, now, more=row.get("left_more"))
    if row["unfiled"]:
        point_out(tx, desk, row["unfiled"], str(tx.number("unfiled message")), now)
    note_audit(tx, row["id"], "shipments imported", by.id, now, name=row["name"],
               **{f"{name}_lines": count for name, count in row["counts"].items()})
    done = row | {"state": "done"}
    tx.put("imports", done)
    return done


def _forget_done(tx: Transaction, now: datetime) -> None:
    """What was imported or never confirmed; there are never many of these rows, so reading all of them is cheap."""
    for row in [row for row in tx.every("imports") if row["state"] != "running"
                and now - datetime.fromisoformat(row["at"]) > KEPT]:
        tx.remove("imports", row["id"])


# ── which column is which ──────────────────────────────────────────────────────────────────────────


def remember_columns(desk: Desk, signature: str, columns: Mapping[str, str], by: str, now: datetime) -> None:
    """From now on a table with these headings is read so, without asking."""
    with desk.store.transaction() as tx:
        tx.put("notes", {"id": f"columns:{signature}", "columns": dict(columns), "by": by, "at": now.isoformat()})


def remembered_columns(rows: Rows, signature: str) -> dict[str, str]:
    """Our column to heading, as somebody said of a table with these headings; empty where nobody did."""
    row = rows.get("notes", f"columns:{signature}")
    return dict(row["columns"]) if row else {}

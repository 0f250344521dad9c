"""What reminders cost and how many people get: `python benchmarks/reminders.py [year] [SIZE…]`.

`year` simulates one: 5,000 shipments and 40 filings, 100 people in four zones, through the real flows, a durable store and a
chat in memory; printed is how many messages a person got a day. A SIZE (1k, 10k, 100k, 1M without any) is a number of
future reminders: start-up, insert, move, next-due, sending and memory, each size in a process of its own. Medians and worst in
milliseconds, every write durable.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from bot.adapters.storage import open_store
from bot.app import open_desk, read_files
from bot.desk.recurring import plan_standing
from bot.domain.people import Colleague
from bot.domain.rows import to_row
from bot.domain.shipment import ShipmentLine
from bot.flows.answer_reminder import reminder_done
from bot.flows.deliver_messages import deliver_messages
from bot.flows.move_etd import move_etd
from bot.flows.open_filing import FilingWish, open_filing
from bot.flows.pass_on import pass_on_undelivered
from bot.flows.send_reminders import send_due
from bot.flows.watch_shipment import add_shipments
from bot.ports import Desk, Row
from bot.replies import Reply
from bot.settings import load_settings

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
START = datetime(2026, 1, 4, 0, tzinfo=UTC)
AHEAD = 35
"""Days before its ETD a shipment is added."""
DONE, MOVED = 0.6, 0.15
"""Shares of tasks done at their first reminder, and of shipments whose ETD moves once."""
PER_SHIPMENT, SAMPLES = 5, 200
MEMORY = Path("/dev/shm")
"""A year has tens of thousands of durable writes; what the disk takes for one is measured elsewhere."""


@dataclass
class CountingChat:
    """Takes every message and remembers to whom it went when; edits are silent."""

    now: datetime = START
    posted: list[tuple[str, datetime, str, int]] = field(default_factory=list)

    def post(self, channel: str, thread: str, reply: Reply, key: str) -> str:
        self.posted.append((channel, self.now, key, len(reply.parts)))
        return f"{len(self.posted)}.0"

    def update(self, channel: str, ts: str, reply: Reply, key: str) -> None:
        """Nobody is notified."""

    def find(self, channel: str, thread: str, key: str, since: datetime) -> str | None:
        return None

    def person(self, user: str) -> Colleague:
        raise NotImplementedError


def people(count: int) -> list[Colleague]:
    roles = ["PM", "HEAD", "REG", "SHIP", "SEC", "RD", "PROD", "LEGAL", "OPS", "DELIV"]
    return [Colleague(f"U{n:03}", f"Person {n}", f"p{n}@example.com", ZONES[n % len(ZONES)], "en",
                      roles[n] if n < len(roles) else "SALES") for n in range(count)]


def desk_in(folder: Path, known: list[Colleague]) -> Desk:
    desk = open_desk(read_files(load_settings(_env_file=None)), open_store(folder))
    with desk.store.transaction() as tx:
        for person in known:
            tx.put("people", to_row(person))
        plan_standing(tx, desk, START)
    return desk


@dataclass
class Year:
    """A year at the desk, from one due moment to the next."""

    desk: Desk
    known: list[Colleague]
    shipments: int
    filings: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    chat: CountingChat = field(default_factory=CountingChat)

    def run(self, days: int) -> None:
        coming = sorted(self._coming(days), key=lambda one: one[0])
        end = START + timedelta(days=days)
        for at, act in [*coming, (end, lambda: None)]:
            self._until(at)
            act()

    def _coming(self, days: int) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for number in range(self.shipments):
            at = START + timedelta(minutes=self.chance.randrange(days * 1440))
            yield at, lambda n=number, at=at: self._add(n, at)
            if self.chance.random() < MOVED:
                yield at + timedelta(days=10), lambda n=number, at=at: self._move(n, at)
        for number in range(self.filings):
            at = START + timedelta(days=self.chance.randrange(max(days - 200, 1)))
            yield at, lambda n=number: self._open(n)

    def _add(self, number: int, at: datetime) -> None:
        owner = self.chance.choice(self.known).id
        line = ShipmentLine(f"SO-{number:06}", "FaceGate 300", "DE", (at + timedelta(days=AHEAD)).date(), "", owner, "yes")
        add_shipments(self.desk, [line], self.known[0], at)

    def _move(self, number: int, at: datetime) -> None:
        etd = at.date() + timedelta(days=AHEAD + self.chance.choice([-7, 7, 14]))
        move_etd(self.desk, f"SO-{number:06}", etd, self.known[0], self.chat.now)

    def _open(self, number: int) -> None:
        wish = FilingWish(origin=f"bench:{number}", product="FaceGate 300", category="face_3d_terminal", destinations=("DE",),
                          etd=self.chat.now.date() + timedelta(days=180), owner=self.known[number % 10].id, customer=f"C{number}",
                          channel="C1", thread="1.0")
        open_filing(self.desk, wish, self.known[0], self.chat.now)

    def _until(self, end: datetime) -> None:
        while (due := self._next()) and due <= end:
            self.chat.now = max(self.chat.now, due)
            self._work()
        self.chat.now = max(self.chat.now, end)

    def _next(self) -> datetime | None:
        rows = [(self.desk.store.first(*place), place[1]) for place in (("reminders", "due_at"), ("outbox", "chat_due"))]
        return min((datetime.fromisoformat(row[name]) for row, name in rows if row), default=None)

    def _work(self) -> None:
        before = len(self.chat.posted)
        send_due(self.desk, self.chat.now)
        while deliver_messages(self.desk, self.chat, self.chat.now):
            pass_on_undelivered(self.desk, self.chat.now)
        for _, _, key, _ in self.chat.posted[before:]:
            self._answer(key)

    def _answer(self, message: str) -> None:
        for row in self.desk.store.where("reminders", "message", message):
            if row["task"] and row["state"] == "sent" and self.chance.random() < DONE:
                reminder_done(self.desk, row["id"], Colleague(row["owner"], row["owner"], role="PM"), self.chat.now)


def per_person_and_day(chat: CountingChat, known: list[Colleague]) -> Counter[tuple[str, date]]:
    zones = {person.id: person.zone for person in known}
    told = [(who, at) for who, at, key, _ in chat.posted if key.startswith("remind:")]
    return Counter((who, at.astimezone(ZoneInfo(zones[who])).date()) for who, at in told)


def simulate(shipments: int = 5000, filings: int = 40, persons: int = 100, days: int = 365) -> None:
    known, begun = people(persons), time.perf_counter()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        year = Year(desk_in(Path(folder) / "data", known), known, shipments, filings)
        year.run(days)
        states = Counter(row["state"] for row in year.desk.store.every("reminders"))
        year.desk.store.close()
    counts = per_person_and_day(year.chat, known)
    entries = [parts for _, _, key, parts in year.chat.posted if key.startswith("remind:")]
    print(f"\na year: {shipments:,} shipments, {filings} filings, {persons} people in {len(ZONES)} zones "
          f"({time.perf_counter() - begun:.0f} s)")
    print(f"  reminders                {sum(states.values()):>10,}  {dict(states)}")
    print(f"  messages                 {sum(counts.values()):>10,}  (and {len(entries) and max(entries)} entries at most in one)")
    print(f"  a person and day, most   {max(counts.values(), default=0):>10}")
    for number, days_so in sorted(Counter(counts.values()).items()):
        print(f"    days with {number} message{'s' if number > 1 else ' '}       {days_so:>10,}")
    print(f"    days with none         {persons * days - len(counts):>10,}")


# ── many future reminders ──────────────────────────────────────────────────────────────────────────


def waiting(number: int) -> Row:
    day = date(2027, 1, 1) + timedelta(days=number * 7919 % 2000)
    due = f"{day.isoformat()}T{number % 24:02}:00:00+00:00"
    subject = f"S-{1_000_000 + number // PER_SHIPMENT}"
    return {"id": f"{subject}:-:etd-{number % PER_SHIPMENT}:{day}", "subject": subject, "kind": f"etd-{number % PER_SHIPMENT}",
            "task": "", "anchor": day.isoformat(), "offset": -(number % PER_SHIPMENT), "owner": f"U{number % 100:03}",
            "zone": ZONES[number % 4], "state": "pending", "due_at": due, "planned_for": due, "sent_at": None,
            "message": "", "why": "", "snoozed": 0, "day": day.isoformat(), "to": "owner", "only_if": "", "words": "",
            "sent_to": "", "answered_by": "", "answered_at": None, "due_on": day.isoformat()}


def fill(desk: Desk, count: int) -> None:
    for start in range(0, count, 2000):
        with desk.store.transaction() as tx:
            for number in range(start, min(start + 2000, count)):
                tx.put("reminders", waiting(number))


def inserted(desk: Desk, known: list[Colleague]) -> Iterator[None]:
    for number in range(SAMPLES):
        etd, owner = date(2026, 6, 1) + timedelta(days=number % 90), known[number % len(known)].id
        add_shipments(desk, [ShipmentLine(f"SO-{number:06}", "FaceGate 300", "DE", etd, "", owner, "yes")], known[0], START)
        yield


def moved(desk: Desk, by: Colleague) -> Iterator[None]:
    for number in range(SAMPLES):
        move_etd(desk, f"SO-{number:06}", date(2026, 9, 1) + timedelta(days=number % 90), by, START)
        yield


def asked(desk: Desk) -> Iterator[None]:
    for _ in range(SAMPLES):
        assert desk.store.first("reminders", "due_at")
        yield


def sent(desk: Desk) -> Iterator[None]:
    for _ in range(SAMPLES):
        first = desk.store.first("reminders", "due_at")
        assert first
        send_due(desk, datetime.fromisoformat(first["due_at"]))
        yield


def timed(steps: Iterator[None], clock: Callable[[], float] = time.perf_counter) -> tuple[float, float]:
    times, before = [], clock()
    for _ in steps:
        times.append((clock() - before) * 1000)
        before = clock()
    return median(times), max(times)


def measure(count: int) -> dict[str, tuple[float, float]]:
    """Median and worst of each operation with so many reminders waiting; start-up in milliseconds, memory in MB."""
    known = people(100)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        desk = desk_in(Path(folder) / "data", known)
        fill(desk, count)
        desk.store.close()
        files = read_files(load_settings(_env_file=None))
        begun, worked = time.perf_counter(), time.process_time()
        desk = open_desk(files, open_store(Path(folder) / "data"))
        opened, busy = (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000
        found = {"start-up": (opened, opened), "start-up, processor": (busy, busy),
                 "add a shipment": timed(inserted(desk, known)),
                 "move a shipment": timed(moved(desk, known[0])), "next due": timed(asked(desk)), "send": timed(sent(desk))}
        desk.store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found | {"peak memory, MB": (memory, memory)}


def show(count: int) -> None:
    print(f"\n{count:,} future reminders        median      max")
    for name, (middle, worst) in measure(count).items():
        print(f"  {name:22} {middle:10.3f} {worst:10.2f}")


def main() -> None:
    wanted = sys.argv[1:]
    if len(wanted) == 1 and wanted[0].isdigit():
        return show(int(wanted[0]))
    if not wanted or "year" in wanted:
        simulate()
    for size in [one for one in wanted if one.isdigit()] or ([] if wanted else ["1000", "10000", "100000", "1000000"]):
        sys.stdout.flush()
        subprocess.run([sys.executable, __file__, size], check=True)
    return None


if __name__ == "__main__":
    main()

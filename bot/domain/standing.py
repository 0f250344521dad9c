"""How a filing stands on a day, and which filings somebody wants to see: mine, late, waiting, on hold, by ETD."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.checklist import COMPLETION, SUBMISSION
from bot.domain.filing import OPEN_STATES, Filing, FilingTask, next_task


@dataclass(frozen=True, slots=True)
class Standing:
    """A filing with its tasks as they stand on `today`, a date in the filing's zone."""

    filing: Filing
    tasks: tuple[FilingTask, ...]
    today: date

    @property
    def open(self) -> bool:
        """Whether there is still something to do."""
        return self.filing.state in OPEN_STATES

    @property
    def overdue(self) -> tuple[FilingTask, ...]:
        """Open tasks whose latest finish has passed, the longest overdue first."""
        late = [task for task in self.tasks if task.due and task.due < self.today and not task.done]
        return tuple(sorted(late, key=lambda task: (task.due or self.today, task.id)))

    @property
    def late(self) -> bool:
        """Open, with a task overdue or the ETD behind it."""
        return self.open and (bool(self.overdue) or self.filing.etd < self.today)

    @property
    def waiting(self) -> bool:
        """Submitted and not completed: it is the authority's turn."""
        done = {task.item for task in self.tasks if task.done}
        return self.open and SUBMISSION in done and COMPLETION not in done

    @property
    def on_hold(self) -> bool:
        """Not released to ship."""
        return self.open and self.filing.hold != "released"

    @property
    def next(self) -> FilingTask | None:
        """The one thing to do now: what is overdue longest, else what is due first."""
        return next_task(list(self.tasks))


def held_up(late: Collection[str], tasks: Sequence[FilingTask], after: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Items of the open tasks that wait, directly or through others, for one of the `late` ones; by `after` each waits for."""
    open_ones = {task.item for task in tasks if not task.done}
    held = set(late)
    while more := {item for item in open_ones - held if held & set(after.get(item, ()))}:
        held |= more
    return tuple(task.item for task in tasks if task.item in held - set(late))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which filings somebody wants to see; all of what is set must fit. `until` is the last ETD of interest."""

    mine: bool = False
    late: bool = False
    waiting: bool = False
    hold: bool = False
    closed: bool = False
    """Closed ones too; else only open ones are wanted."""
    until: date | None = None

    def fits(self, one: Standing, person: str) -> bool:
        """Whether this filing is wanted by the person with this id."""
        asked = ((self.mine, _concerns(one, person)), (self.late, one.late), (self.waiting, one.waiting),
                 (self.hold, one.on_hold), (not self.closed, one.open),
                 (self.until is not None, self.until is not None and one.filing.etd <= self.until))
        return all(true for wanted, true in asked if wanted)

    @property
    def names(self) -> tuple[str, ...]:
        """What is set, for people to be told: mine, late, waiting, hold, closed, until."""
        return tuple(name for name in ("mine", "late", "waiting", "hold", "closed", "until") if getattr(self, name))


def chosen(known: Iterable[Standing], wanted: Wanted, person: str) -> list[Standing]:
    """The wanted ones, next ETD first."""
    return sorted((one for one in known if wanted.fits(one, person)), key=lambda one: (one.filing.etd, _number(one.filing.id)))


def _concerns(one: Standing, person: str) -> bool:
    """Theirs, opened by them, or with an open task of theirs."""
    at_work = {task.owner for task in one.tasks if not task.done}
    return person in {one.filing.owner, one.filing.opened_by} | at_work


def _number(filing_id: str) -> int:
    return int(re.sub(r"\D", "", filing_id) or 0)


# ── from words ──

WORDS: Mapping[str, tuple[str, ...]] = {
    "mine": ("mine", "my", "我的"),
    "late": ("late", "overdue", "逾期", "延误", "迟"),
    "waiting": ("waiting", "authority", "submitted", "待审批", "待审", "审批中", "等审批", "等待"),
    "hold": ("hold", "held", "onhold", "暂停", "暂扣", "未放行", "待放行"),
    "closed": ("all", "closed", "done", "全部", "已完成"),
}
UNTIL = ("until", "before", "by", "截至", "截止")
FILLERS = ("on", "for", "the", "and", "etd", "with", "filings", "和", "的", "船期")
KNOWN = {word: name for name, words in WORDS.items() for word in words}
CHINESE = re.compile("|".join(sorted((word for word in [*KNOWN, *UNTIL, *FILLERS] if ord(word[0]) > 127), key=len, reverse=True)))


def wanted_from(text: str, day: Callable[[str], date | None]) -> tuple[Wanted, tuple[str, ...]]:
    """What words such as "mine late until 2027-03-05" ask for, in English or Chinese, and the words that mean nothing here.

    `day` reads a date, None where it is none.
    """
    until, flags, unknown, said = None, set[str](), list[str](), _split(text)
    while said:
        word = said.pop(0)
        if word in KNOWN:
            flags.add(KNOWN[word])
        elif word in UNTIL:
            written = _up_to_next(said)
            until = day(written)
            unknown += [] if until or written == "etd" else [f"{word} {written}".strip()]  # the list is by ETD anyway
        elif word not in FILLERS:
            unknown.append(word)
    wanted = Wanted("mine" in flags, "late" in flags, "waiting" in flags, "hold" in flags, "closed" in flags, until)
    return wanted, tuple(unknown)


def _split(text: str) -> list[str]:
    """Single words; Chinese ones stand without blanks between them."""
    apart = CHINESE.sub(lambda found: f" {found[0]} ", text.casefold().replace("on hold", "onhold"))
    return re.sub(r"[,，、;；+&]", " ", apart).split()


def _up_to_next(said: list[str]) -> str:
    """Takes the words of a date off the front: all up to the next word known here."""
    written: list[str] = []
    while said and said[0] not in KNOWN and said[0] not in UNTIL:
        written.append(said.pop(0))
    return " ".join(written)


def counts(known: Sequence[Standing]) -> dict[str, int]:
    """How many are late, on hold, waiting; one may be several of them."""
    return {"late": sum(one.late for one in known), "hold": sum(one.on_hold for one in known),
            "waiting": sum(one.waiting for one in known)}

"""A version of the market list: what is reported, what is known, how two versions differ, and when one may not be trusted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.rulebook import digest_of
from bot.domain.wording import SILENT, Wording

BY_HAND = "entered by hand"
"""The source of a list for which nobody named one."""


@dataclass(frozen=True, slots=True)
class Market:
    """One market as the list has it; `code` is ISO 3166 alpha-2."""

    code: str
    names: Wording = SILENT
    requirement: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarketList:
    """One version. `members` None means nobody has named them; then only `count_reported` is known, and it is never expanded."""

    ruleset: str
    version: str
    effective: date
    source: str
    recorded_by: str
    recorded_on: date
    url: str = ""
    published_on: date | None = None
    count_reported: int | None = None
    members: tuple[Market, ...] | None = None
    note: Wording = SILENT
    source_zh: str = ""
    """The source as it is named in Chinese; "" for as in `source`."""
    recorded_by_zh: str = ""

    @property
    def id(self) -> str:
        """The key of its row."""
        return f"{self.ruleset}@{self.version}"

    @property
    def members_known(self) -> bool:
        """Whether the list names its markets."""
        return self.members is not None

    @property
    def digest(self) -> str:
        """Over the content; how it is named in Chinese is a translation, and no other content."""
        return digest_of(replace(self, source_zh="", recorded_by_zh=""))

    def source_in(self, lang: str) -> str:
        """Where it is from, in the reader's language where it is named there."""
        return self.source_zh or self.source if lang == "zh" else self.source

    def recorded_by_in(self, lang: str) -> str:
        """Who recorded it, likewise."""
        return self.recorded_by_zh or self.recorded_by if lang == "zh" else self.recorded_by

    def lists(self, code: str) -> bool | None:
        """Whether a market is on the list; None when its members are not known."""
        if self.members is None:
            return None
        return any(market.code == code for market in self.members)

    def market(self, code: str) -> Market | None:
        """The entry of a market, or None."""
        return next((market for market in self.members or () if market.code == code), None)

    def to_row(self) -> dict[str, Any]:
        """As JSON values, with its key under "id"."""
        return {
            "id": self.id,
            "ruleset": self.ruleset,
            "version": self.version,
            "effective": self.effective.isoformat(),
            "source": self.source,
            "recorded_by": self.recorded_by,
            "recorded_on": self.recorded_on.isoformat(),
            "url": self.url,
            "published_on": self.published_on.isoformat() if self.published_on else None,
            "count_reported": self.count_reported,
            "members": None if self.members is None else [_market_row(market) for market in self.members],
            "note": [self.note.en, self.note.zh],
            "source_zh": self.source_zh,
            "recorded_by_zh": self.recorded_by_zh,
            "newest_first": f"{_days_left(self.effective)}.{_days_left(self.recorded_on)}",
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> MarketList:
        """The list a row was made from."""
        members = row["members"]
        return cls(
            ruleset=row["ruleset"],
            version=row["version"],
            effective=date.fromisoformat(row["effective"]),
            source=row["source"],
            recorded_by=row["recorded_by"],
            recorded_on=date.fromisoformat(row["recorded_on"]),
            url=row["url"],
            published_on=date.fromisoformat(row["published_on"]) if row["published_on"] else None,
            count_reported=row["count_reported"],
            members=None if members is None else tuple(_market(member) for member in members),
            note=Wording(*row["note"]),
            source_zh=row.get("source_zh", ""),
            recorded_by_zh=row.get("recorded_by_zh", ""),
        )


@dataclass(frozen=True, slots=True)
class Reworded:
    """A market on both lists whose requirement, note or name differs."""

    before: Market
    after: Market


@dataclass(frozen=True, slots=True)
class ListDiff:
    """What a new version changes. Nothing is "added" to a list whose members were never known: they are `named`."""

    added: tuple[Market, ...] = ()
    removed: tuple[Market, ...] = ()
    reworded: tuple[Reworded, ...] = ()
    named: tuple[Market, ...] = ()
    """Markets named for the first time because the version before named none."""
    unnamed: tuple[Market, ...] = ()
    """Markets the version before named and this one, naming none, no longer does: not known to be removed."""
    count_before: int | None = None
    count_after: int | None = None

    @property
    def empty(self) -> bool:
        """True when the two versions say the same."""
        listed = (self.added, self.removed, self.reworded, self.named, self.unnamed)
        return not any(listed) and self.count_before == self.count_after

    @property
    def codes(self) -> frozenset[str]:
        """Every market touched."""
        plain = (*self.added, *self.removed, *self.named, *self.unnamed)
        return frozenset([*(market.code for market in plain), *(pair.after.code for pair in self.reworded)])


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a new list cannot be taken as it stands; `kind` names it for words in both languages."""

    kind: str
    """empty, halved, earlier, same_version, unknown_code, duplicate, count_differs."""
    about: tuple[str | date, ...] = ()
    """What fills the gaps of its sentence: codes, dates, numbers."""
    confirmable: bool = False
    """True when a person may say: yes, this is really so."""

    def __str__(self) -> str:
        return _SENTENCES[self.kind].format(*self.about)


_SENTENCES = {
    "empty": "the list names no market at all; import a list with markets, or one that states only the reported count",
    "halved": "the list has {1} markets, the one before had {0}; confirm that it is really so much shorter",
    "earlier": "it takes effect on {1}, before the version it replaces ({0}); write the day it takes effect",
    "same_version": 'the version "{0}" is already there; give this one its own version',
    "unknown_code": '"{0}" is no ISO 3166 country code; write two letters such as DE',
    "duplicate": '"{0}" is on the list twice; keep one',
    "count_differs": "{0} markets are reported but {1} are named; confirm that the difference is known",
}


def diff(before: MarketList | None, after: MarketList) -> ListDiff:
    """What `after` changes against `before` (None: there was no list)."""
    counts = (before.count_reported if before else None, after.count_reported)
    old, new = (before.members if before else None), after.members
    if old is None or new is None:
        return ListDiff(named=new or (), unnamed=old or (), count_before=counts[0], count_after=counts[1])
    was, now = {m.code: m for m in old}, {m.code: m for m in new}
    return ListDiff(
        added=tuple(market for code, market in now.items() if code not in was),
        removed=tuple(market for code, market in was.items() if code not in now),
        reworded=tuple(Reworded(was[code], now[code]) for code in now if code in was and was[code] != now[code]),
        count_before=counts[0],
        count_after=counts[1],
    )


def guard(
    new: MarketList, before: MarketList | None, known_codes: Collection[str], confirmed: bool = False
) -> tuple[Doubt, ...]:
    """Why `new` may not be taken over; empty when it may. `confirmed` waves through what a person may confirm."""
    doubts = (*_about_members(new, known_codes), *(_about_succession(new, before) if before else ()))
    return tuple(doubt for doubt in doubts if not (confirmed and doubt.confirmable))


def in_force(lists: Collection[MarketList], day: date, known_at: date | None = None) -> MarketList | None:
    """The version that counts on a day, by what had been recorded on `known_at`; None when there was none."""
    known = [entry for entry in lists if entry.effective <= day and (known_at is None or entry.recorded_on <= known_at)]
    return max(known, key=lambda entry: (entry.effective, entry.recorded_on), default=None)


def taking_effect(lists: Collection[MarketList], day: date) -> tuple[MarketList, ...]:
    """The versions that take effect after a day, soonest first; of several for one day the one recorded last."""
    days = sorted({entry.effective for entry in lists if entry.effective > day})
    return tuple(entry for entry in (in_force(lists, each) for each in days) if entry)


def newest_first_up_to(day: date) -> str:
    """Rows whose "newest_first" is not above this take effect after the day."""
    return _days_left(day)


def _about_members(new: MarketList, known_codes: Collection[str]) -> Iterator[Doubt]:
    if new.members is None:
        if new.count_reported is None:
            yield Doubt("empty")
        return
    if not new.members:
        yield Doubt("empty")
    codes = [market.code for market in new.members]
    yield from (Doubt("unknown_code", (code,)) for code in dict.fromkeys(codes) if code not in known_codes)
    yield from (Doubt("duplicate", (code,)) for code in dict.fromkeys(codes) if codes.count(code) > 1)
    if new.members and new.count_reported not in (None, len(codes)):
        yield Doubt("count_differs", (str(new.count_reported), str(len(codes))), confirmable=True)


def _about_succession(new: MarketList, before: MarketList) -> Iterator[Doubt]:
    if new.version == before.version:
        yield Doubt("same_version", (new.version,))
    if new.effective < before.effective:
        yield Doubt("earlier", (before.effective, new.effective))
    size, was = _size(new), _size(before)
    if size and was and size * 2 <= was:
        yield Doubt("halved", (str(was), str(size)), confirmable=True)


def _size(entry: MarketList) -> int | None:
    """How many markets are named, else how many are reported."""
    return entry.count_reported if entry.members is None else len(entry.members)


def _days_left(day: date) -> str:
    """Sorts later days before earlier ones."""
    return f"{date.max.toordinal() - day.toordinal():07d}"


def _market_row(market: Market) -> dict[str, Any]:
    names = [market.names.en, market.names.zh]
    return {"code": market.code, "names": names, "requirement": market.requirement, "note": market.note}


def _market(row: Mapping[str, Any]) -> Market:
    return Market(row["code"], Wording(*row["names"]), row["requirement"], row["note"])

"""When something leaves: a date in a named zone, or an instant whose date in that zone it is; and which zones there are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.no_day import calendar_day
from bot.errors import BadDate, BadInput

_TIMED = re.compile(
    r"(?P<day>.+?)(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?\s*"
    r"(?P<zone>Z|UTC|[+-]\d{2}:?\d{2}|[A-Za-z]+/[A-Za-z_/+-]+)?", re.ASCII)
_BEHIND = re.compile(
    r"(?:T|[\s,]*(?:at\s+)?)(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:Z\b|UTC\b|[+-]\d{2}:?\d{2}|[A-Za-z]+/[A-Za-z_/+-]+))?)"
    r"|[\s,]+(?P<zone>(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/+-]+)", re.ASCII)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})")


@dataclass(frozen=True, slots=True)
class Departure:
    """`day` is the calendar date in `zone` (IANA); `at` the instant (UTC) where a time was said, else None."""

    day: date
    zone: str
    at: datetime | None = None


def departure(said: str, zone: str, day: Callable[[str], date | None]) -> Departure | None:
    """What a text says ("2026-12-12", "2026-12-12 18:00", "2026-12-12T10:00Z"); None where `day` reads no date in it.

    A time without a zone is local to `zone`; a date alone is never converted. BadDate for an hour that does not exist.
    """
    timed = _TIMED.fullmatch(said.strip())
    found = day(timed["day"] if timed else said)
    if found is None:
        return None
    if timed is None:
        return Departure(found, zone)
    named = timed["zone"] if timed["zone"] and "/" in timed["zone"] else ""
    zone = known_zone(named) if named else zone
    at = _instant(found, _hour(timed), "" if named else timed["zone"] or "", zone)
    return Departure(at.astimezone(ZoneInfo(zone)).date(), zone, at)


def time_behind(text: str, end: int) -> str:
    """The time or zone, or both, that stand in a sentence behind a date that ends at `end`, as they are written; "" for none."""
    found = _BEHIND.match(text, end)
    return (found["time"] or found["zone"]) if found else ""


def departing(day: date, said: str, zone: str) -> Departure:
    """A date with what is said behind it: a time, a zone, both or nothing. BadInput as `departure`, BadDate also for no time."""
    said = said.replace("：", ":")  # as a Chinese keyboard writes it
    if said and ":" not in said:
        return Departure(day, known_zone(said))
    found = departure(f"{day} {said}", zone, calendar_day)
    if found is None:
        raise _no_hour(said)
    return found


def _hour(timed: re.Match[str]) -> time:
    try:
        return time(int(timed["hour"]), int(timed["minute"]))
    except ValueError:
        raise _no_hour(f"{timed['hour']}:{timed['minute']}") from None


def _no_hour(said: str) -> BadDate:
    return BadDate(f"{said} is no time of day; write it as 18:00 or 18:00 Europe/Berlin.").named("no_hour", said=said)


def _instant(day: date, hour: time, offset: str, zone: str) -> datetime:
    """The instant (UTC); of an hour that comes twice, the first, which is the safe one."""
    if offset:
        return (datetime.combine(day, hour, UTC) - _ahead(offset))
    local = datetime.combine(day, hour, ZoneInfo(zone))
    at = local.astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise BadDate(f"{hour:%H:%M} does not exist in {zone} on {day}: the clocks go forward then; write another time.").named(
            "hour_skipped", hour=f"{hour:%H:%M}", zone=zone, day=day)
    return at


def _ahead(offset: str) -> timedelta:
    found = _OFFSET.fullmatch(offset)
    if found is None:
        return timedelta()  # Z or UTC
    ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    if ahead > timedelta(hours=14):
        raise BadDate(f"{offset} is no offset of a time zone; write +08:00 or a zone such as Asia/Shanghai.").named(
            "no_offset", said=offset)
    return -ahead if found["sign"] == "-" else ahead


def known_zone(name: str) -> str:
    """The IANA zone as it is spelt, however it was typed ("asia/shanghai", "Shanghai"). BadInput says what to write."""
    wanted = "_".join(name.split()).casefold()
    found = _zones().get(wanted) or _cities().get(wanted, "")
    if found:
        return found
    near = difflib.get_close_matches(wanted, [*_zones(), *_cities()], n=1, cutoff=0.75)
    if not near:
        raise BadInput(f"There is no time zone {name!r}; write a name such as Asia/Shanghai").named("no_zone", zone=name)
    meant = _zones().get(near[0]) or _cities()[near[0]]
    raise BadInput(f"There is no time zone {name!r}; did you mean {meant}?").named("zone_meant", zone=name, meant=meant)


@cache
def _zones() -> dict[str, str]:
    """Without Etc/GMT+8 and its like, whose signs are the other way round than people think."""
    named = (zone for zone in available_timezones() if zone == "UTC" or ("/" in zone and not zone.startswith("Etc/")))
    return {zone.casefold(): zone for zone in named}


@cache
def _cities() -> dict[str, str]:
    """Zones by their city alone, where only one of them has it."""
    found: dict[str, str] = {}
    for zone in sorted(_zones().values()):
        region, _, city = zone.partition("/")
        if region in ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific") and "/" not in city:
            found[city.casefold()] = "" if city.casefold() in found else zone
    return {city: zone for city, zone in found.items() if zone}

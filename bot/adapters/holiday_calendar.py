"""Working days of a market, from the `holidays` library, China's make-up days included."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import holidays
from babel.core import get_global


class HolidayCalendar:
    """Working days of one market (ISO alpha-2); a year without an official calendar is marked as estimated."""

    def __init__(self, market: str = "CN") -> None:
        self.market = market

    @cached_property
    def _days(self) -> holidays.HolidayBase:
        return holidays.country_holidays(self.market)

    def is_working_day(self, day: date) -> bool:
        """True for working days, make-up days included."""
        return bool(self._days.is_working_day(day))

    def is_estimated(self, day: date) -> bool:
        """True where the market publishes make-up days year by year and the library holds no notice for that year."""
        official = getattr(self._days, "special_public_holidays", None) or {}
        return bool(official) and day.year not in official


class HolidayCalendars:
    """The calendar of the market a zone belongs to (CLDR); a zone of no known market gets the fallback's."""

    def __init__(self, fallback: str = "CN") -> None:
        self._fallback = fallback
        self._known: dict[str, HolidayCalendar] = {}

    def of_zone(self, zone: str) -> HolidayCalendar:
        """The calendar of the market this IANA zone belongs to; the fallback where the library does not know it."""
        market = get_global("zone_territories").get(zone, self._fallback)
        market = market if market in holidays.list_supported_countries() else self._fallback
        return self._known.setdefault(market, HolidayCalendar(market))

"""Working days of a market, from the `holidays` library, China's make-up days included."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date

import holidays
from babel.core import get_global


class HolidayCalendar:
    """Working days of one market (ISO alpha-2); a year without an official calendar is marked as estimated."""

    def __init__(self, market: str = "CN") -> None:
        self.market = market
        self._days = holidays.country_holidays(market)
        self._lock = threading.Lock()
        self._worked: dict[date, bool] = {}  # a plan asks for the same days thousands of times

    def is_working_day(self, day: date) -> bool:
        """True for working days, make-up days included."""
        known = self._worked.get(day)
        if known is None:
            with self._lock:  # the library fills in a year at its first use, and a half-filled year answers wrongly
                known = self._worked[day] = bool(self._days.is_working_day(day))
        return known

    def is_estimated(self, day: date) -> bool:
        """True where the market publishes make-up days year by year and the library holds no notice for that year."""
        official = getattr(self._days, "special_public_holidays", None) or {}
        return _yearly(official) and day.year not in official


def _yearly(official: Mapping[int, object]) -> bool:
    """Whether notices come every year, as in China; a single extra holiday (Germany 2017) is no such habit."""
    newest = max(official, default=0)
    return all(newest - back in official for back in range(4))


class HolidayCalendars:
    """The calendar of the market a zone belongs to (CLDR); a zone of no known market gets the fallback's."""

    def __init__(self, fallback: str = "CN") -> None:
        self._fallback = fallback
        self._known: dict[str, HolidayCalendar] = {}

    def of_zone(self, zone: str) -> HolidayCalendar:
        """The calendar of the market this IANA zone belongs to; the fallback where the library does not know it."""
        current = get_global("zone_aliases").get(zone, zone)
        market = get_global("zone_territories").get(current, self._fallback)
        market = market if market in holidays.list_supported_countries() else self._fallback
        if market not in self._known:  # making one takes milliseconds, and every reminder asks
            self._known[market] = HolidayCalendar(market)
        return self._known[market]

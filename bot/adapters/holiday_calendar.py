"""Working days of a market, from the `holidays` library, China's make-up days included."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import holidays


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

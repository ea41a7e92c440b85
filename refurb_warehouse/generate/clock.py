"""The calendar of the data: days and months of the reporting time zone, growth and seasons.

Moments are whole seconds since 1970 in UTC.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from refurb_warehouse.generate.draws import Array, Draws, Shares

ZONE = ZoneInfo("Europe/Paris")
YEARLY_GROWTH = 0.20
# January to December: a peak before Christmas, a trough in summer.
MONTH_FACTORS = (0.95, 0.85, 0.90, 0.92, 0.94, 0.95, 0.92, 0.85, 1.02, 1.05, 1.45, 1.55)
# Monday to Sunday.
WEEKDAY_FACTORS = (1.05, 1.0, 0.98, 0.98, 0.95, 0.97, 1.12)
HOUR_FACTORS = (2, 1, 1, 1, 1, 1, 2, 4, 6, 7, 8, 8, 9, 8, 7, 7, 7, 8, 9, 10, 11, 10, 7, 4)


class Clock:
    """Days and months between the first and the last day of the data, both included."""

    def __init__(self, last_day: date, months: int) -> None:
        self.last_day = last_day
        self.months = [_shift_month(last_day, back) for back in range(months - 1, -1, -1)]
        self.first_day = self.months[0]
        days = (last_day - self.first_day).days + 1
        self.days = [self.first_day + timedelta(days=offset) for offset in range(days)]
        self.day_starts = np.array([local_midnight(day) for day in self.days])
        self.month_starts = np.array([local_midnight(month) for month in self.months])
        self.start = int(self.day_starts[0])
        self.end = local_midnight(last_day + timedelta(days=1)) - 1
        self._days = Shares(self._day_weights())
        self._hours = Shares(HOUR_FACTORS)

    def draw(self, draws: Draws, size: int) -> Array:
        """Moments of first orders, with growth, seasons, weekdays and hours."""
        day = draws.pick(self._days, size)
        hour = draws.pick(self._hours, size)
        moment = self.day_starts[day] + hour * 3600 + draws.whole(size, 0, 3600)
        return np.minimum(moment, self.end)

    def month_of(self, moments: Array) -> Array:
        """Position of the local month of each moment."""
        return np.searchsorted(self.month_starts, moments, side="right") - 1

    def _day_weights(self) -> Array:
        return np.array(
            [
                (1 + YEARLY_GROWTH) ** (offset / 365.25)
                * MONTH_FACTORS[day.month - 1]
                * WEEKDAY_FACTORS[day.weekday()]
                for offset, day in enumerate(self.days)
            ]
        )


def local_midnight(day: date) -> int:
    """Start of a day in the reporting time zone, in seconds since 1970."""
    return int(datetime.combine(day, time(), tzinfo=ZONE).timestamp())


def _shift_month(day: date, back: int) -> date:
    position = day.year * 12 + day.month - 1 - back
    return date(position // 12, position % 12 + 1, 1)

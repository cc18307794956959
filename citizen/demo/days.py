"""The demonstration's calendar: everything is placed from the day it is built."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from citizen import clock


@dataclass(frozen=True)
class Days:
    """Days counted from the one when the demonstration is built: -3 is three days before."""

    today: date

    def on(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, hour: int = 18, minute: int = 0) -> datetime:
        """That day, at that hour of the quarter's clock."""
        return datetime.combine(self.on(offset), time(hour, minute), clock.LOCAL)

    def at(self, offset: int, hour: int = 18, minute: int = 0) -> AbstractContextManager[None]:
        """Inside, it is that moment."""
        return clock.at(self.moment(offset, hour, minute))

    def offset(self, day: date) -> int:
        return (day - self.today).days

    def first_of_month(self, offset: int) -> date:
        """The first day of the month in which that day falls."""
        return self.on(offset).replace(day=1)
